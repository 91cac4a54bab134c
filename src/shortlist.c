/*
 * shortlist.c
 *	  The module itself.
 */
#include "types/pg.h"

#include "am/am.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	shortlist_am_init();
}
