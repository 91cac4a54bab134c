/*
 * spool.h
 *	  Bytes that are written once and read once, in order: a few in memory,
 *	  more in a temporary file.
 */
#ifndef SHORTLIST_AM_SPOOL_H
#define SHORTLIST_AM_SPOOL_H

#include "types/pg.h"

typedef struct Spool Spool;

/* In the current memory context; its file is closed by spool_end(), or when a transaction fails. */
extern Spool *spool_begin(void);
extern void spool_write(Spool *spool, const void *bytes, Size size);
extern uint64 spool_size(const Spool *spool);

/* From the first byte on. */
extern void spool_rewind(Spool *spool);
extern void spool_read(Spool *spool, void *bytes, Size size);
extern void spool_end(Spool *spool);

#endif /* SHORTLIST_AM_SPOOL_H */
