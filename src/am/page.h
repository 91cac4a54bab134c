/*
 * page.h
 *	  What a shortlist index has on disk, and how its pages are read and written.
 *
 * README has the protocol.
 */
#ifndef SHORTLIST_AM_PAGE_H
#define SHORTLIST_AM_PAGE_H

#include "types/pg.h"

#include "storage/block.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
#include "storage/itemptr.h"
#include "utils/rel.h"

/* The last bytes of every page. */
typedef struct PageTag
{
	uint32 owner; /* id of the segment or tail, 0 for the metapage */
	uint16 kind;
	uint16 page_id; /* tells the pages of this access method from others */
} PageTag;

#define SHORTLIST_PAGE_ID 0xFF91

#define PAGE_FREE 0 /* never held anything */
#define PAGE_META 1
#define PAGE_SEGMENT 2
#define PAGE_TAIL 3		 /* rows */
#define PAGE_TAIL_MORE 4 /* the rest of a long value */

/* Room for content on a page; a multiple of 24, so that no row pointer and no tail entry spans pages. */
#define PAGE_ROOM ((BLCKSZ - MAXALIGN(SizeOfPageHeaderData) - MAXALIGN(sizeof(PageTag))) / 24 * 24)

/* Segments */

/* Areas of a segment.  What is in all but the first is the content's affair. */
typedef enum Area
{
	AREA_ROWS, /* ItemPointerData of every row; invalid if the row was deleted */
	AREA_1,
	AREA_2,
	AREA_3,
	AREA_4,
	AREA_5,
	AREAS
} Area;

#define CONTENT_COUNTS 3

typedef struct SegmentRecord
{
	uint32 id;
	BlockNumber first;
	uint32 rows; /* that have a value */
	uint32 null_rows;
	uint32 dead;				  /* rows whose pointer was cleared */
	uint32 count[CONTENT_COUNTS]; /* of the content */
	uint64 bytes[AREAS];
} SegmentRecord;

/* The tail: a chain of pages */

typedef struct TailRecord
{
	uint32 id; /* 0: there is none */
	BlockNumber head;
	BlockNumber last; /* page for the next row */
	uint32 pages;
	uint32 long_pages; /* of its long values, besides */
} TailRecord;

/* At the start of every page of a tail. */
typedef struct TailHeader
{
	BlockNumber next;
	uint32 reserved; /* 0 */
} TailHeader;

typedef struct TailEntry
{
	ItemPointerData tid; /* invalid if deleted */
	uint16 flags;
	uint32 bytes;	 /* of the value, which follows, padded to a multiple of 8 */
	uint32 reserved; /* 0 */
} TailEntry;

#define TAIL_NULL 0x1
#define TAIL_LONG 0x2 /* a LongValue follows instead of the value */

/* A value that is longer than a page: consecutive blocks. */
typedef struct LongValue
{
	BlockNumber first;
	uint32 owner;
} LongValue;

#define TAIL_ROOM (PAGE_ROOM - sizeof(TailHeader))

/* Free blocks: consecutive ones, which can be used again when no snapshot is as old as xid. */
typedef struct FreeExtent
{
	BlockNumber first;
	uint32 count;
	uint64 xid;
} FreeExtent;

/* Blocks that are being written and that nothing refers to yet. */
typedef struct PendingExtent
{
	BlockNumber first;
	uint32 count; /* 0: there are none */
} PendingExtent;

/* For what.  Each use has a lock, whose holder is the only one to have such blocks. */
typedef enum PendingUse
{
	PENDING_SEGMENT,	/* the writer's lock */
	PENDING_LONG_VALUE, /* the lock of long values */
	PENDING_USES
} PendingUse;

#define META_BLOCK 0
#define META_MAGIC 0x53484F52
#define META_VERSION 1
#define META_SEGMENTS 48
#define META_EXTENTS 256 /* one of them is vacant between changes */

typedef struct Meta
{
	uint32 magic;
	uint32 version;
	uint32 next_id;
	uint32 segment_count;
	uint32 extent_count;
	uint32 reserved; /* 0 */
	TailRecord open;
	TailRecord sealed;
	PendingExtent pending[PENDING_USES];
	SegmentRecord segment[META_SEGMENTS]; /* in the order in which they were made */
	FreeExtent extent[META_EXTENTS];	  /* by block */
} Meta;

StaticAssertDecl(sizeof(PageTag) == 8, "page tag is stored");
StaticAssertDecl(sizeof(SegmentRecord) == 80, "segment record is stored");
StaticAssertDecl(sizeof(ItemPointerData) == 6, "row pointer is stored");
StaticAssertDecl(sizeof(TailRecord) == 20, "tail record is stored");
StaticAssertDecl(sizeof(TailEntry) == 16, "tail entry is stored");
StaticAssertDecl(sizeof(FreeExtent) == 16, "free extent is stored");
StaticAssertDecl(sizeof(PendingExtent) == 8, "pending extent is stored");
StaticAssertDecl(offsetof(Meta, segment) == 80, "the metapage is stored");
StaticAssertDecl(sizeof(Meta) <= PAGE_ROOM, "the metapage is one page");

#define PageGetTag(page) ((PageTag *) PageGetSpecialPointer(page))
#define PageGetMeta(page) ((Meta *) PageGetContents(page))

/* Pages that so many bytes take, from the beginning of a page on. */
static inline uint32
page_count(uint64 bytes)
{
	return (uint32) ((bytes + PAGE_ROOM - 1) / PAGE_ROOM);
}

/* What a search reads of a tail. */
static inline uint64
tail_page_count(const TailRecord *tail)
{
	return (uint64) tail->pages + tail->long_pages;
}

/* An empty page, with room in use. */
extern void page_init(Page page, uint32 owner, uint16 kind, Size used);

/* Error if the page is not of that owner and kind. */
extern void page_check(Relation index, Buffer buffer, uint32 owner, uint16 kind);

/*
 * Writes a whole page.  Without WAL only while the index is built; then all is
 * logged at the end.
 */
extern void page_write(Relation index, BlockNumber block, uint32 owner, uint16 kind,
					   const void *content, Size size, bool wal);

/* The metapage */

extern void meta_init(Meta *meta);

/* A copy; what it says of the places and sizes of segments has been checked. */
extern Meta *meta_read(Relation index);

/* What cannot be in a metapage of an index with so many blocks, or NULL. */
extern const char *meta_flaw(const Meta *meta, BlockNumber blocks);

/* meta_change() locks the metapage for a change, which ends with meta_apply() or meta_cancel(). */
typedef struct MetaChange
{
	Buffer buffer;
	struct GenericXLogState *wal;
	Meta *meta;
	uint64 xid; /* the next one, read when the change frees something; 0 until then */
} MetaChange;

extern void meta_change(Relation index, MetaChange *change);
extern void meta_apply(MetaChange *change);
extern void meta_cancel(MetaChange *change);

/* An error that names the REINDEX to run, if this is not the metapage of this version. */
extern void meta_check(Relation index, const Meta *meta);

/* Whoever deletes, merges or moves the tail has the writer's lock. */
extern void writer_lock(Relation index);
extern bool writer_try_lock(Relation index);
extern void writer_unlock(Relation index);

/* Whoever inserts a long value has this one. */
extern void long_value_lock(Relation index);
extern void long_value_unlock(Relation index);

/* Options of an index */

typedef struct ShortlistOptions
{
	int32 vl_len_;
	int window_rows;
	int tail_size; /* kB; less than a page counts as one */
} ShortlistOptions;

#define WINDOW_ROWS_AUTO 0
#define WINDOW_ROWS_MIN 0
#define WINDOW_ROWS_MAX 1024
#define TAIL_SIZE_AUTO 0
#define TAIL_SIZE_MIN 0
#define TAIL_SIZE_MAX 65536

extern int option_window_rows(Relation index, int automatic);
extern int option_tail_size(Relation index, int automatic);

#endif /* SHORTLIST_AM_PAGE_H */
