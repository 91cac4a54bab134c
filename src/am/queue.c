/*
 * queue.c
 *	  Rows that were scored and not returned yet.
 */
#include "am/queue.h"

#include "utils/memutils.h"

#define QUEUE_START 256

void
queue_init(RowQueue *queue)
{
	queue->count = 0;
	queue->size = QUEUE_START;
	queue->row = palloc(QUEUE_START * sizeof(QueuedRow));
}

/* Equal costs come in an order of their own, which makes answers repeatable. */
static inline bool
precedes(const QueuedRow *a, const QueuedRow *b)
{
	if (a->cost != b->cost)
		return a->cost < b->cost;
	if (a->segment != b->segment)
		return a->segment > b->segment; /* new rows first */
	if (a->segment == QUEUED_TID)
		return ItemPointerCompare(unconstify(ItemPointerData *, &a->tid),
								  unconstify(ItemPointerData *, &b->tid)) < 0;
	return a->row < b->row;
}

void
queue_push(RowQueue *queue, const QueuedRow *row)
{
	QueuedRow added = *row;
	Size at = queue->count++;

	if (queue->count > queue->size)
	{
		queue->size *= 2;
		queue->row = repalloc_huge(queue->row, queue->size * sizeof(QueuedRow));
	}
	while (at > 0)
	{
		Size parent = (at - 1) / 2;

		if (!precedes(&added, &queue->row[parent]))
			break;
		queue->row[at] = queue->row[parent];
		at = parent;
	}
	queue->row[at] = added;
}

QueuedRow
queue_pop(RowQueue *queue)
{
	QueuedRow top = queue->row[0];
	QueuedRow moved = queue->row[--queue->count];
	Size at = 0;

	for (;;)
	{
		Size child = 2 * at + 1;

		if (child >= queue->count)
			break;
		if (child + 1 < queue->count && precedes(&queue->row[child + 1], &queue->row[child]))
			child++;
		if (!precedes(&queue->row[child], &moved))
			break;
		queue->row[at] = queue->row[child];
		at = child;
	}
	if (queue->count > 0)
		queue->row[at] = moved;
	return top;
}
