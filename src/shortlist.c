/*
 * shortlist.c
 *	  The module itself.
 */
#include "types/pg.h"

PG_MODULE_MAGIC;
