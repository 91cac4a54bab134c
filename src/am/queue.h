/*
 * queue.h
 *	  Rows that were scored and not returned yet: a binary heap, the cheapest on top.
 */
#ifndef SHORTLIST_AM_QUEUE_H
#define SHORTLIST_AM_QUEUE_H

#include "types/pg.h"

#include "storage/itemptr.h"

typedef struct QueuedRow
{
	double cost;
	ItemPointerData tid;
} QueuedRow;

typedef struct RowQueue
{
	QueuedRow *row;
	Size count;
	Size size;
} RowQueue;

extern void queue_init(RowQueue *queue);
extern void queue_push(RowQueue *queue, double cost, const ItemPointerData *tid);
extern QueuedRow queue_pop(RowQueue *queue);

#endif /* SHORTLIST_AM_QUEUE_H */
