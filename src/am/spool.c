/*
 * spool.c
 *	  Bytes that are written once and read once, in order.
 */
#include "am/spool.h"

#include "storage/buffile.h"

#define SPOOL_MEMORY (64 * 1024)

struct Spool
{
	uint64 size;
	uint64 at;	   /* the next byte to read */
	BufFile *file; /* NULL while all is in memory */
	MemoryContext context;
	char memory[SPOOL_MEMORY];
};

Spool *
spool_begin(void)
{
	Spool *spool = palloc(sizeof(Spool));

	spool->size = spool->at = 0;
	spool->file = NULL;
	spool->context = CurrentMemoryContext;
	return spool;
}

static void
write_file(Spool *spool, const void *bytes, Size size)
{
	/* the prototype forgot const until version 16 */
	BufFileWrite(spool->file, unconstify(void *, bytes), size);
}

void
spool_write(Spool *spool, const void *bytes, Size size)
{
	if (spool->file == NULL && spool->size + size > SPOOL_MEMORY)
	{
		MemoryContext caller = MemoryContextSwitchTo(spool->context);

		spool->file = BufFileCreateTemp(false);
		write_file(spool, spool->memory, spool->size);
		MemoryContextSwitchTo(caller);
	}
	if (spool->file != NULL)
		write_file(spool, bytes, size);
	else if (size > 0)
		memcpy(spool->memory + spool->size, bytes, size);
	spool->size += size;
}

uint64
spool_size(const Spool *spool)
{
	return spool->size;
}

void
spool_rewind(Spool *spool)
{
	spool->at = 0;
	if (spool->file != NULL && BufFileSeek(spool->file, 0, 0, SEEK_SET) != 0)
		elog(ERROR, "could not rewind a temporary file");
}

void
spool_read(Spool *spool, void *bytes, Size size)
{
	if (size > spool->size - spool->at)
		elog(ERROR, "a spool ends early");
	if (spool->file == NULL)
		memcpy(bytes, spool->memory + spool->at, size);
	else if (BufFileRead(spool->file, bytes, size) != size)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read a temporary file of an index: %m")));
	spool->at += size;
}

void
spool_end(Spool *spool)
{
	if (spool->file != NULL)
		BufFileClose(spool->file);
	pfree(spool);
}
