/*
 * list.h
 *	  The list of a term: the windows that hold it, and its best values in each.
 *
 * Stored, byte by byte: for each field its table, a byte that tells how many
 * values (less one) and the values, uint16, ascending; for each field a code
 * for each window, which is a place in the table: a byte, or half
 * of one, the low half first, if the table has at most 16 values.  Where a
 * field has more different values than its table may have, some are rounded
 * up to others.  Then the parameter of the distances, a byte, and for each
 * window the distance to the one before, less 1 (core/packing.h).
 *
 * So a search works out what a value is worth once for each value of the
 * table, and then goes through windows and codes.
 */
#ifndef SHORTLIST_AM_LIST_H
#define SHORTLIST_AM_LIST_H

#include "types/pg.h"

#define TERM_FIELDS_MAX 3
#define LIST_TABLE_MAX 256

typedef struct TermList
{
	uint32 count;
	uint32 *window; /* ascending */
	uint16 value_count[TERM_FIELDS_MAX];
	uint16 value[TERM_FIELDS_MAX][LIST_TABLE_MAX];
	uint8 *code[TERM_FIELDS_MAX]; /* for each window */
} TermList;

/* One window's entry, before lists are encoded. */
typedef struct ListEntry
{
	uint32 window;
	uint16 field[TERM_FIELDS_MAX];
} ListEntry;

/* Encodes, with so many values in the table of each field; the result is allocated. */
extern uint8 *term_list_encode(const ListEntry *entry, uint32 count, int fields,
							   const uint16 *table_max, Size *size);

/* Decodes `count` entries, with PACKING_SLACK bytes behind them.  False if they make no sense. */
extern bool term_list_decode(const uint8 *bytes, Size size, uint32 count, uint32 windows,
							 int fields, TermList *list);
extern void term_list_free(TermList *list);

#endif /* SHORTLIST_AM_LIST_H */
