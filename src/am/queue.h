/*
 * queue.h
 *	  Rows that were scored and not returned yet: a binary heap, the cheapest on top.
 */
#ifndef SHORTLIST_AM_QUEUE_H
#define SHORTLIST_AM_QUEUE_H

#include "types/pg.h"

#include "storage/itemptr.h"

/* A row of a segment is known by its number; its pointer is read when it is returned. */
#define QUEUED_TID UINT16_MAX

typedef struct QueuedRow
{
	double cost;
	ItemPointerData tid; /* if segment is QUEUED_TID */
	uint16 segment;
	uint32 row;
} QueuedRow;

typedef struct RowQueue
{
	QueuedRow *row;
	Size count;
	Size size;
} RowQueue;

extern void queue_init(RowQueue *queue);
extern void queue_push(RowQueue *queue, const QueuedRow *row);
extern QueuedRow queue_pop(RowQueue *queue);

#endif /* SHORTLIST_AM_QUEUE_H */
