/*
 * posting_check.c
 *	  shortlist_check() of a segment of postings.
 *
 * Windows are unpacked, and what they hold is made into lists again, by the
 * functions that build; the lists that are stored must be the same, byte for
 * byte, and so must the windows, packed again.  Whoever changes how either is
 * packed gives the index a new version, or this no longer holds for old ones.
 *
 * Lists are made of as many terms at a time as maintenance_work_mem has room
 * for; then windows are read once more.  Terms and names are in memory, as they
 * are while segments are merged.
 *
 * Bounds are checked apart from all this, by asking.
 */
#include "am/posting.h"

#include <math.h>

#include "access/amapi.h"
#include "catalog/pg_amop.h"
#include "core/packing.h"
#include "core/skill_hash.h"
#include "utils/catcache.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

typedef struct PostingCheck
{
	const PostingKind *kind;
	IndexCheck *check;
	const SegmentReader *segment;
	MemoryContext scratch; /* emptied after every window, list and question */
	const TermRecord *term;
	const char *names;
	uint32 *rows; /* that have each term */

	/* what windows add to the lists of terms from first on, before end */
	uint32 first;
	uint32 end;
	ListEntry *entry;
	Size *start; /* of each of these terms in entry */
	uint32 *count;
} PostingCheck;

static uint32
term_count(const PostingCheck *c)
{
	return posting_terms(c->segment->segment);
}

static BlockNumber
term_block(const PostingCheck *c, uint32 number)
{
	return segment_block(c->segment, AREA_TERMS, (uint64) number * sizeof(TermRecord));
}

static SkillName
term_name(const PostingCheck *c, uint32 number)
{
	const TermRecord *term = &c->term[number];

	return (SkillName){c->names + term->name_offset, term->name_length, term->hash};
}

/* An area as a whole. */
static void *
read_area(const SegmentReader *segment, Area area)
{
	Size size = segment->segment->bytes[area];
	void *bytes = palloc_extended(size + 1, MCXT_ALLOC_HUGE);

	segment_read(segment, area, 0, size, bytes);
	return bytes;
}

/* Names and lists follow one another in the order of the terms, which is that of names. */
static void
check_terms(const PostingCheck *c)
{
	const SegmentRecord *segment = c->segment->segment;
	uint64 names = 0;
	uint64 lists = 0;

	for (uint32 i = 0; i < term_count(c); i++)
	{
		const TermRecord *term = &c->term[i];
		SkillName name, last;

		check_at(c->check, term_block(c, i));
		if (term->name_offset != names || term->name_length > segment->bytes[AREA_NAMES] - names ||
			term->list_offset != lists || term->list_bytes > segment->bytes[AREA_LISTS] - lists)
			check_failed(c->check, term_block(c, i), "The name or list of term %u is out of place.",
						 i);
		names += term->name_length;
		lists += term->list_bytes;
		name = term_name(c, i);
		if (name.hash != skill_hash(name.bytes, name.length))
			check_failed(c->check, segment_block(c->segment, AREA_NAMES, term->name_offset),
						 "The name of term %u does not have the hash of the term.", i);
		if (i > 0)
			last = term_name(c, i - 1);
		if (i > 0 && skill_name_stored_order(&last, &name) >= 0)
			check_failed(c->check, term_block(c, i), "Term %u is not in the order of terms.", i);
		if (term->windows < 1 || term->windows > posting_windows(segment))
			check_failed(c->check, term_block(c, i), "Term %u is in %u of %u windows.", i,
						 term->windows, posting_windows(segment));
	}
	if (names != segment->bytes[AREA_NAMES] || lists != segment->bytes[AREA_LISTS])
		check_failed(c->check, segment->first, "Names or lists take more room than terms say.");
}

/* Windows */

static BlockNumber
window_block(const PostingCheck *c, uint32 window)
{
	WindowRecord record;

	segment_read(c->segment, AREA_WINDOWS, (uint64) window * sizeof(record), sizeof(record),
				 &record);
	return segment_block(c->segment, AREA_VALUES, record.offset);
}

/* Values of windows follow one another. */
static void
check_window_records(const PostingCheck *c)
{
	const SegmentRecord *segment = c->segment->segment;
	uint64 values = 0;

	for (uint32 w = 0; w < posting_windows(segment); w++)
	{
		uint64 at = (uint64) w * sizeof(WindowRecord);
		WindowRecord record;

		check_at(c->check, segment_block(c->segment, AREA_WINDOWS, at));
		segment_read(c->segment, AREA_WINDOWS, at, sizeof(record), &record);
		if (record.offset != values || record.bytes < 1 ||
			record.bytes > segment->bytes[AREA_VALUES] - values)
			check_failed(c->check, segment_block(c->segment, AREA_WINDOWS, at),
						 "Window %u is out of place.", w);
		values += record.bytes;
	}
	if (values != segment->bytes[AREA_VALUES])
		check_failed(c->check, segment->first, "Values take more room than windows say.");
}

/* The numbers of the terms of a row that was stored as a whole value. */
typedef struct TermNumbers
{
	const PostingCheck *c;
	PostingRow *row;
	uint32 size;
} TermNumbers;

static void
add_number(void *state, uint32 hash, const char *bytes, uint32 length)
{
	TermNumbers *numbers = state;
	const PostingCheck *c = numbers->c;
	PostingRow *row = numbers->row;
	SkillName name = {bytes, length, hash};
	uint32 low = 0;
	uint32 high = term_count(c);

	while (low < high)
	{
		uint32 middle = low + (high - low) / 2;
		SkillName other = term_name(c, middle);

		if (skill_name_stored_order(&other, &name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (row->count == numbers->size)
	{
		numbers->size *= 2;
		row->term = repalloc_huge(row->term, (Size) numbers->size * sizeof(uint32));
	}
	/* if it is not there, the number is of another term, which its list will not agree with */
	row->term[row->count++] = low;
}

static void
number_terms(const PostingCheck *c, PostingRow *row)
{
	TermNumbers numbers = {c, row, 16};

	row->term = palloc(numbers.size * sizeof(uint32));
	c->kind->visit_terms((const struct varlena *) row->payload, add_number, &numbers);
}

/* The rows of a window; their terms are terms of the segment, in order. */
static PostingRow *
read_rows(const PostingCheck *c, uint32 window, const char *bytes, Size size, uint32 rows)
{
	PostingRow *row = palloc(rows * sizeof(PostingRow));

	if (!c->kind->unpack(bytes, size, row, rows))
		check_failed(c->check, window_block(c, window), "Window %u cannot be unpacked.", window);
	for (uint32 i = 0; i < rows; i++)
	{
		if (row[i].term == NULL)
		{
			const char *flaw = c->kind->content.flaw((const struct varlena *) row[i].payload);

			if (flaw != NULL)
				check_failed(c->check, window_block(c, window), "A value of window %u: %s", window,
							 flaw);
			number_terms(c, &row[i]);
		}
		for (uint32 t = 0; t < row[i].count; t++)
		{
			if (row[i].term[t] >= term_count(c) || (t > 0 && row[i].term[t] <= row[i].term[t - 1]))
				check_failed(c->check, window_block(c, window),
							 "Window %u names terms that are not there, or not in order.", window);
		}
	}
	return row;
}

static struct varlena *
restore(const PostingCheck *c, const PostingRow *row)
{
	SkillName *name = palloc_extended(((Size) row->count + 1) * sizeof(SkillName), MCXT_ALLOC_HUGE);

	for (uint32 t = 0; t < row->count; t++)
		name[t] = term_name(c, row->term[t]);
	return c->kind->restore(row, name);
}

/* Values are sound; those of rows that were not deleted are entries. */
static void
check_values(const PostingCheck *c, uint32 window, const PostingRow *row, uint32 rows)
{
	ItemPointerData *tid = palloc(rows * sizeof(ItemPointerData));
	uint32 first = window * posting_window_rows(c->segment->segment);

	segment_pointers(c->segment, first, rows, tid);
	for (uint32 i = 0; i < rows; i++)
	{
		struct varlena *value = restore(c, &row[i]);
		const char *flaw = c->kind->content.flaw(value);

		if (flaw != NULL)
			check_failed(c->check, window_block(c, window), "A value of window %u: %s", window,
						 flaw);
		for (uint32 t = 0; t < row[i].count; t++)
			c->rows[row[i].term[t]]++;
		if (ItemPointerIsValid(&tid[i]))
			check_entry(c->check,
						segment_block(c->segment, AREA_ROWS,
									  (uint64) (first + i) * sizeof(ItemPointerData)),
						&tid[i], check_fingerprint(value, VARSIZE(value)));
	}
}

/* Adds a term of a row of a window to its list, if it is one of those that are made. */
static void
add_entry(PostingCheck *c, uint32 window, uint32 term, const ListEntry *added)
{
	ListEntry *entry;
	uint32 *count;

	if (term < c->first || term >= c->end)
		return;
	count = &c->count[term - c->first];
	entry = c->entry + c->start[term - c->first];
	if (*count > 0 && entry[*count - 1].window == window)
		entry += *count - 1;
	else if (*count == c->term[term].windows)
		check_failed(c->check, window_block(c, window),
					 "Window %u holds term %u, whose list has no room for it.", window, term);
	else
	{
		entry += (*count)++;
		memset(entry, 0, sizeof(ListEntry));
		entry->window = window;
	}
	for (int f = 0; f < c->kind->fields; f++)
		entry->field[f] = Max(entry->field[f], added->field[f]);
}

static void
check_window(PostingCheck *c, uint32 window, bool first_time)
{
	uint32 rows = posting_row_count(c->segment->segment, window);
	WindowRecord record;
	Size size, packed_size;
	const char *bytes, *packed;
	const PostingRow *row;
	uint32 flags = 0;

	check_at(c->check, window_block(c, window));
	segment_read(c->segment, AREA_WINDOWS, (uint64) window * sizeof(record), sizeof(record),
				 &record);
	bytes = posting_window(c->segment, window, &size);
	row = read_rows(c, window, bytes, size, rows);
	/* first of all, for what is made of values believes them */
	if (first_time)
		check_values(c, window, row, rows);
	for (uint32 i = 0; i < rows; i++)
	{
		ListEntry *entry =
			palloc_extended(((Size) row[i].count + 1) * sizeof(ListEntry), MCXT_ALLOC_HUGE);

		flags |= c->kind->fields_of(&row[i], entry);
		for (uint32 t = 0; t < row[i].count; t++)
			add_entry(c, window, row[i].term[t], &entry[t]);
	}
	if (!first_time)
		return;
	if (flags != record.flags)
		check_failed(c->check,
					 segment_block(c->segment, AREA_WINDOWS, (uint64) window * sizeof(record)),
					 "The flags of window %u are %u, but its rows make them %u.", window,
					 record.flags, flags);
	packed = c->kind->pack(row, rows, &packed_size);
	if (packed_size != size || memcmp(packed, bytes, size) != 0)
		check_failed(c->check, window_block(c, window), "Window %u is not what its rows make.",
					 window);
}

/* Lists */

/* What is stored is what the windows made. */
static void
check_list(const PostingCheck *c, uint32 number)
{
	const TermRecord *term = &c->term[number];
	const ListEntry *entry = c->entry + c->start[number - c->first];
	BlockNumber block = segment_block(c->segment, AREA_LISTS, term->list_offset);
	TermList list;
	uint8 *made, *stored;
	Size made_size;

	check_at(c->check, block);
	posting_list(c->segment, c->kind->fields, term, &list);
	for (uint32 i = 0; i < list.count; i++)
	{
		if (i >= c->count[number - c->first] || list.window[i] < entry[i].window)
			check_failed(c->check, block,
						 "The list of term %u has window %u, which lacks the term.", number,
						 list.window[i]);
		if (list.window[i] > entry[i].window)
			check_failed(c->check, block,
						 "The list of term %u lacks window %u, which has the term.", number,
						 entry[i].window);
		for (int f = 0; f < c->kind->fields; f++)
		{
			if (list.value[f][list.code[f][i]] < entry[i].field[f])
				check_failed(c->check, block,
							 "A best value of term %u in window %u is less than that of a row.",
							 number, list.window[i]);
		}
	}
	if (term->rows != c->rows[number])
		check_failed(c->check, term_block(c, number), "%u rows have term %u, but it counts %u.",
					 c->rows[number], number, term->rows);
	made = term_list_encode(entry, term->windows, c->kind->fields, c->kind->table_max, &made_size);
	stored = palloc_extended(term->list_bytes + 1, MCXT_ALLOC_HUGE);
	segment_read(c->segment, AREA_LISTS, term->list_offset, term->list_bytes, stored);
	if (made_size != term->list_bytes || memcmp(made, stored, made_size) != 0)
		check_failed(c->check, block, "The list of term %u is not what its windows make.", number);
}

/* Room for the lists of terms from c->first on. */
static void
begin_lists(PostingCheck *c)
{
	Size room = Max(1024, (Size) maintenance_work_mem * 1024 / 2 / sizeof(ListEntry));
	Size entries = 0;

	for (c->end = c->first; c->end < term_count(c); c->end++)
	{
		if (c->end > c->first && entries + c->term[c->end].windows > room)
			break;
		entries += c->term[c->end].windows;
	}
	c->entry = palloc_extended((entries + 1) * sizeof(ListEntry), MCXT_ALLOC_HUGE);
	c->start = palloc_extended(((Size) c->end - c->first + 1) * sizeof(Size), MCXT_ALLOC_HUGE);
	c->count = palloc_extended(((Size) c->end - c->first + 1) * sizeof(uint32),
							   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	entries = 0;
	for (uint32 t = c->first; t < c->end; t++)
	{
		c->start[t - c->first] = entries;
		entries += c->term[t].windows;
	}
}

static void
check_lists(PostingCheck *c)
{
	MemoryContext caller = CurrentMemoryContext;

	do
	{
		begin_lists(c);
		for (uint32 w = 0; w < posting_windows(c->segment->segment); w++)
		{
			MemoryContextSwitchTo(c->scratch);
			check_window(c, w, c->first == 0);
			MemoryContextSwitchTo(caller);
			MemoryContextReset(c->scratch);
		}
		for (uint32 t = c->first; t < c->end; t++)
		{
			MemoryContextSwitchTo(c->scratch);
			check_list(c, t);
			MemoryContextSwitchTo(caller);
			MemoryContextReset(c->scratch);
		}
		pfree(c->entry);
		pfree(c->start);
		pfree(c->count);
		c->first = c->end;
	} while (c->first < term_count(c));
}

/* Bounds: questions are asked as a scan would, and operators answer for the rows. */

#define QUESTIONS 6
#define QUESTION_NAMES 12
#define SAMPLED_WINDOWS 512 /* of a segment, for each question and operator */

typedef struct BoundCheck
{
	PostingCheck *c;
	ScanKeyData key;
	FmgrInfo operator;
	void *search;
	double *bound;

	/* of the window that is looked at */
	uint32 first;
	uint32 rows;
	double *scored; /* by the search, or NaN */
	bool *seen;
} BoundCheck;

static void
see_value(void *state, uint32 row, const void *value)
{
	BoundCheck *b = state;

	if (row >= b->first && row - b->first < b->rows)
		b->seen[row - b->first] = true;
}

static void
see_scored(void *state, uint32 row, double cost)
{
	BoundCheck *b = state;

	see_value(state, row, NULL);
	if (row >= b->first && row - b->first < b->rows)
		b->scored[row - b->first] = cost;
}

static void
check_window_bound(BoundCheck *b, uint32 window)
{
	PostingCheck *c = b->c;
	RowSink sink = {b, see_value, see_scored};
	const PostingRow *row;
	const char *bytes;
	Size size;

	check_at(c->check, window_block(c, window));
	b->first = window * posting_window_rows(c->segment->segment);
	b->rows = posting_row_count(c->segment->segment, window);
	b->scored = palloc(b->rows * sizeof(double));
	b->seen = palloc0(b->rows * sizeof(bool));
	for (uint32 i = 0; i < b->rows; i++)
		b->scored[i] = get_float8_nan();
	bytes = posting_window(c->segment, window, &size);
	c->kind->visit_window(b->search, bytes, size, b->first, b->rows, &sink);
	row = read_rows(c, window, bytes, size, b->rows);
	for (uint32 i = 0; i < b->rows; i++)
	{
		double cost =
			DatumGetFloat8(FunctionCall2(&b->operator, PointerGetDatum(restore(c, &row[i])),
										 b->key.sk_argument));

		if (!b->seen[i] || (!isnan(b->scored[i]) && b->scored[i] != cost))
			check_failed(c->check, window_block(c, window),
						 "A search does not find row %u, or not by the operator's cost.",
						 b->first + i);
		if (!(cost >= 1 - b->bound[window]))
			check_failed(c->check, window_block(c, window),
						 "The bound of window %u says %.17g, but row %u costs %.17g.", window,
						 1 - b->bound[window], b->first + i, cost);
		c->check->bound_count++;
	}
}

/* Holds the bounds of some windows against the costs of their rows. */
static void
check_question(PostingCheck *c, StrategyNumber strategy, Oid operator, Datum question)
{
	uint32 windows = posting_windows(c->segment->segment);
	uint32 step = Max(1, windows / SAMPLED_WINDOWS);
	BoundCheck b = {.c = c};
	MemoryContext search = CurrentMemoryContext;
	MemoryContext scratch =
		AllocSetContextCreate(search, "shortlist check window", ALLOCSET_DEFAULT_SIZES);

	b.key.sk_strategy = strategy;
	b.key.sk_argument = question;
	fmgr_info(get_opcode(operator), &b.operator);
	b.search = c->kind->begin(c->kind->content.prepare(&b.key, NULL, 0), c->segment);
	b.bound =
		palloc_extended(((Size) windows + 1) * sizeof(double), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	c->kind->bound(b.search, b.bound);
	for (uint32 w = check_random(c->check, step); w < windows; w += step)
	{
		MemoryContextSwitchTo(scratch);
		check_window_bound(&b, w);
		MemoryContextSwitchTo(search);
		MemoryContextReset(scratch);
	}
}

/* Some terms of a row, and some of any, at random levels. */
static Datum
make_question(PostingCheck *c)
{
	uint32 windows = posting_windows(c->segment->segment);
	uint32 window = check_random(c->check, windows);
	uint32 rows = posting_row_count(c->segment->segment, window);
	Size size;
	const char *bytes = posting_window(c->segment, window, &size);
	const PostingRow *row = read_rows(c, window, bytes, size, rows) + check_random(c->check, rows);
	uint32 number[QUESTION_NAMES];
	SkillName name[QUESTION_NAMES];
	float level[QUESTION_NAMES];
	uint32 count = 0;

	for (uint32 i = 0; i < QUESTION_NAMES && term_count(c) > 0; i++)
	{
		uint32 term = i % 3 != 2 && row->count > 0 ? row->term[check_random(c->check, row->count)]
												   : check_random(c->check, term_count(c));
		bool known = false;

		for (uint32 k = 0; k < count; k++)
			known |= number[k] == term;
		if (known)
			continue;
		number[count] = term;
		name[count] = term_name(c, term);
		level[count++] = 0.25f * (float) (1 + check_random(c->check, 40));
	}
	return PointerGetDatum(c->kind->question(name, level, count));
}

static void
check_bounds(PostingCheck *c)
{
	CatCList *operators =
		SearchSysCacheList1(AMOPSTRATEGY, ObjectIdGetDatum(c->check->index->rd_opfamily[0]));
	MemoryContext caller = CurrentMemoryContext;

	for (int i = 0; i < QUESTIONS && posting_windows(c->segment->segment) > 0; i++)
	{
		Datum question;

		MemoryContextSwitchTo(c->scratch);
		question = make_question(c);
		for (int o = 0; o < operators->n_members; o++)
		{
			Form_pg_amop operator=(Form_pg_amop) GETSTRUCT(&operators->members[o]->tuple);

			if (operator->amoppurpose == AMOP_ORDER)
				check_question(c, operator->amopstrategy, operator->amopopr, question);
		}
		MemoryContextSwitchTo(caller);
		MemoryContextReset(c->scratch);
	}
	ReleaseCatCacheList(operators);
}

void
posting_check(const SegmentContent *content, IndexCheck *check, const SegmentReader *segment)
{
	PostingCheck c = {
		.kind = (const PostingKind *) content,
		.check = check,
		.segment = segment,
	};
	const char *flaw = posting_flaw(segment->segment);

	if (flaw != NULL)
		check_failed(check, 0, "Segment %u: %s", segment->segment->id, flaw);
	c.scratch = AllocSetContextCreate(CurrentMemoryContext, "shortlist check segment",
									  ALLOCSET_DEFAULT_SIZES);
	c.term = read_area(segment, AREA_TERMS);
	c.names = read_area(segment, AREA_NAMES);
	c.rows = palloc_extended(((Size) term_count(&c) + 1) * sizeof(uint32),
							 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	check_terms(&c);
	check_window_records(&c);
	check_lists(&c);
	check_bounds(&c);
	MemoryContextDelete(c.scratch);
}
