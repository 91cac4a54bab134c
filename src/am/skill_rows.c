/*
 * skill_rows.c
 *	  The rows of a window of skillsets: packed, unpacked, filtered and scored.
 *
 * A row is scored from its packed levels, by the functions of core that the
 * operators call too, fed skill by skill; so costs are the operator's, bit for
 * bit, and nothing is copied.
 */
#include "am/skill_query.h"

#include "am/skill_content.h"
#include "core/share.h"
#include "core/skill_window.h"
#include "utils/memutils.h"

/* The payload */

typedef struct PayloadHeader
{
	uint32 practice; /* 0 or 1 */
	uint32 reserved; /* 0 */
} PayloadHeader;

char *
skill_payload_make(uint32 count, const int64 *last, const float *level, const float *stability,
				   uint32 *bytes)
{
	PayloadHeader header = {.practice = last != NULL};
	Size each = sizeof(float) + (last == NULL ? 0 : sizeof(int64) + sizeof(float));
	Size size = sizeof(header) + count * each;
	char *payload = palloc_extended(size, MCXT_ALLOC_HUGE);
	char *at = payload + sizeof(header);

	memcpy(payload, &header, sizeof(header));
	if (last != NULL && count > 0)
	{
		memcpy(at, last, count * sizeof(int64));
		at += count * sizeof(int64);
		memcpy(at, stability, count * sizeof(float));
		at += count * sizeof(float);
	}
	if (count > 0)
		memcpy(at, level, count * sizeof(float));
	*bytes = (uint32) size;
	return payload;
}

void
skill_payload_read(const PostingRow *row, SkillPayload *payload)
{
	const char *at = row->payload + sizeof(PayloadHeader);

	payload->practice = ((const PayloadHeader *) row->payload)->practice != 0;
	payload->last = NULL;
	payload->stability = NULL;
	if (payload->practice)
	{
		payload->last = (const int64 *) at;
		at += row->count * sizeof(int64);
		payload->stability = (const float *) at;
		at += row->count * sizeof(float);
	}
	payload->level = (const float *) at;
}

/* Packing */

char *
skill_rows_pack(const PostingRow *row, uint32 rows, Size *size)
{
	SkillRow *packed = palloc(rows * sizeof(SkillRow));
	char *bytes;
	void *workspace;

	for (uint32 i = 0; i < rows; i++)
	{
		SkillPayload payload;

		skill_payload_read(&row[i], &payload);
		packed[i].count = row[i].count;
		packed[i].term = row[i].term;
		packed[i].level = payload.level;
		packed[i].last = payload.last;
		packed[i].stability = payload.stability;
	}
	bytes = palloc_extended(skill_window_size(packed, rows), MCXT_ALLOC_HUGE);
	workspace = palloc_extended(skill_window_workspace(packed, rows), MCXT_ALLOC_HUGE);
	*size = skill_window_pack(packed, rows, (uint8 *) bytes, workspace);
	pfree(workspace);
	return bytes;
}

static bool
open_window(SkillWindow *window, const char *bytes, Size size, uint32 rows)
{
	uint32 *row_end = palloc_extended(((Size) rows + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);

	return skill_window_open(window, (const uint8 *) bytes, size, rows, row_end);
}

/* The skills of entries from first on, as a row on its way to another segment. */
static void
unpack_row(const SkillWindow *window, SkillWalk *walk, uint64 first, PostingRow *row)
{
	Size most = (Size) row->count + 1;
	float *level = palloc_extended(most * sizeof(float), MCXT_ALLOC_HUGE);
	float *stability = palloc_extended(most * sizeof(float), MCXT_ALLOC_HUGE);
	int64 *last = palloc_extended(most * sizeof(int64), MCXT_ALLOC_HUGE);
	bool practice = false;

	row->term = palloc_extended(most * sizeof(uint32), MCXT_ALLOC_HUGE);
	skill_walk_row(walk);
	for (uint32 i = 0; i < row->count; i++)
	{
		row->term[i] = skill_walk_term(walk, window);
		level[i] = skill_column_float(&window->level, first + i);
		if (window->practice)
		{
			last[i] = skill_column_time(&window->last, first + i);
			stability[i] = skill_column_float(&window->stability, first + i);
			practice |= last[i] != SKILL_NO_TIME;
		}
	}
	row->payload =
		skill_payload_make(row->count, practice ? last : NULL, level, stability, &row->bytes);
	pfree(last);
	pfree(stability);
	pfree(level);
}

bool
skill_rows_unpack(const char *bytes, Size size, PostingRow *row, uint32 rows)
{
	SkillWindow window;
	SkillWalk walk;

	if (!open_window(&window, bytes, size, rows))
		return false;
	skill_walk_begin(&walk);
	for (uint32 i = 0; i < rows; i++)
	{
		uint32 first = i == 0 ? 0 : window.row_end[i - 1];

		row[i].count = window.row_end[i] - first;
		unpack_row(&window, &walk, first, &row[i]);
	}
	return true;
}

/* Scoring */

/* A skill of a row that the job of the order names, until the sum of squares is known. */
typedef struct Spent
{
	const AskedUse *use;
	double level;
	double before; /* sum of the squares of the skills before it */
	double after;
} Spent;

typedef struct SkillRows
{
	const SkillSearch *search;
	MemoryContext scratch; /* emptied after every window */
	uint32 term_count;	   /* terms of the segment that are asked for */
	uint32 *term;		   /* their numbers, ascending, and one that no term has */
	uint32 *first_use;	   /* of each, in the query's uses */
	uint32 *end_use;
	Spent *spent;
	uint32 spent_count;
	uint32 **met; /* by filter, group: last row that has what it wants, counted from 1 */
	uint32 *met_count;
	uint32 row; /* counted from 1 */
	bool nobody_passes;
	double nobody_cost;
} SkillRows;

SkillRows *
skill_rows_begin(const SkillSearch *search)
{
	const SkillQuery *query = search->query;
	SkillRows *rows = palloc0(sizeof(SkillRows));
	Size names = (Size) query->name_count + 1;
	uint32 use = 0;

	rows->search = search;
	rows->scratch =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist window", ALLOCSET_DEFAULT_SIZES);
	rows->term = palloc_extended(names * sizeof(uint32), MCXT_ALLOC_HUGE);
	rows->first_use = palloc_extended(names * sizeof(uint32), MCXT_ALLOC_HUGE);
	rows->end_use = palloc_extended(names * sizeof(uint32), MCXT_ALLOC_HUGE);
	rows->spent = palloc_extended(names * sizeof(Spent), MCXT_ALLOC_HUGE);
	rows->met = palloc0((query->filter_count + 1) * sizeof(uint32 *));
	rows->met_count = palloc0((query->filter_count + 1) * sizeof(uint32));
	for (uint32 f = 0; f < query->filter_count; f++)
		rows->met[f] = palloc_extended(((Size) query->filter[f].group_count + 1) * sizeof(uint32),
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint32 asked = 0; asked < query->name_count; asked++)
	{
		uint32 first = use;

		while (use < query->use_count && query->use[use].asked == asked)
			use++;
		if (!search->term[asked].found)
			continue;
		/* names in stored order have ascending numbers */
		rows->term[rows->term_count] = search->term[asked].number;
		rows->first_use[rows->term_count] = first;
		rows->end_use[rows->term_count++] = use;
	}
	rows->term[rows->term_count] = PG_UINT32_MAX;
	return rows;
}

static double
level_at(const SkillWindow *window, uint64 entry, int64 as_of)
{
	float level = skill_column_float(&window->level, entry);

	if (!window->practice || as_of == SKILL_NO_TIME)
		return level;
	return skill_level_at(level, skill_column_time(&window->last, entry),
						  skill_column_float(&window->stability, entry), as_of);
}

static void
meet_wanted(SkillRows *rows, const AskedUse *use, double level)
{
	uint32 filter = (uint32) (use->filter - rows->search->query->filter);
	uint32 *met = &rows->met[filter][use->wanted->group];

	if (level < use->wanted->level || *met == rows->row)
		return;
	*met = rows->row;
	rows->met_count[filter]++;
}

/* Tells all who asked for a skill that the row has it; `before` and `after` as in Spent. */
static void
use_skill(SkillRows *rows, const SkillWindow *window, uint64 entry, uint32 asked, double before,
		  double after)
{
	const SkillQuery *query = rows->search->query;

	for (uint32 u = rows->first_use[asked]; u < rows->end_use[asked]; u++)
	{
		const AskedUse *use = &query->use[u];
		double level;

		if (use->job == NULL)
		{
			meet_wanted(rows, use, skill_column_float(&window->level, entry));
			continue;
		}
		level = level_at(window, entry, use->job->scorer.job.as_of);
		job_meet(&use->job->scorer, use->first, use->end, level);
		if (use->job->fit)
			rows->spent[rows->spent_count++] = (Spent){use, level, before, after};
	}
}

static void
begin_row(SkillRows *rows)
{
	const SkillQuery *query = rows->search->query;

	rows->row++;
	rows->spent_count = 0;
	if (query->order != NULL)
		job_begin(&query->order->scorer);
	for (uint32 f = 0; f < query->filter_count; f++)
	{
		rows->met_count[f] = 0;
		if (query->filter[f].job != NULL)
			job_begin(&query->filter[f].job->scorer);
	}
}

static bool
passes(const SkillRows *rows)
{
	const SkillQuery *query = rows->search->query;

	for (uint32 f = 0; f < query->filter_count; f++)
	{
		const SkillFilter *filter = &query->filter[f];

		if (filter->job != NULL ? !job_qualifies(&filter->job->scorer)
								: rows->met_count[f] != filter->group_count)
			return false;
	}
	return true;
}

static double
row_cost(SkillRows *rows, double square_sum)
{
	AskedJob *order = rows->search->query->order;
	double readiness;

	if (order == NULL)
		return 0;
	readiness = job_readiness(&order->scorer);
	if (!order->fit)
		return 1 - readiness;
	for (uint32 i = 0; i < rows->spent_count; i++)
	{
		const Spent *spent = &rows->spent[i];
		double share = share_cut(spent->after, square_sum) - share_cut(spent->before, square_sum);

		job_spend(&order->scorer, spent->use->first, spent->use->end, spent->level, share);
	}
	return 1 - skill_fit(readiness, job_use_sum(&order->scorer));
}

/* Those that have nothing that is asked for are all alike. */
static void
score_nobody(SkillRows *rows)
{
	begin_row(rows);
	rows->nobody_passes = passes(rows);
	rows->nobody_cost = row_cost(rows, 1);
}

static void
visit_row(SkillRows *rows, const SkillWindow *window, SkillWalk *walk, uint64 first, uint64 end,
		  uint32 number, const RowSink *sink)
{
	const AskedJob *order = rows->search->query->order;
	bool fit = order != NULL && order->fit;
	bool any = false;
	double squares = 0;
	uint32 asked = 0;

	skill_walk_row(walk);
	for (uint64 entry = first; entry < end; entry++)
	{
		uint32 term = skill_walk_term(walk, window);
		double before = squares;

		if (fit)
		{
			double level = level_at(window, entry, order->scorer.job.as_of);

			squares += level * level;
		}
		while (rows->term[asked] < term)
			asked++;
		if (rows->term[asked] != term || asked == rows->term_count)
			continue;
		if (!any)
			begin_row(rows);
		any = true;
		use_skill(rows, window, entry, asked, before, squares);
	}
	if (any ? passes(rows) : rows->nobody_passes)
		sink->scored(sink->state, number, any ? row_cost(rows, squares) : rows->nobody_cost);
}

void
skill_rows_visit(void *state, const char *bytes, Size size, uint32 first, uint32 count,
				 const RowSink *sink)
{
	const SkillSearch *search = state;
	SkillRows *rows = search->rows;
	MemoryContext caller = MemoryContextSwitchTo(rows->scratch);
	SkillWindow window;
	SkillWalk walk;

	if (!open_window(&window, bytes, size, count))
		segment_damaged(search->segment, "A window does not make sense.");
	score_nobody(rows);
	skill_walk_begin(&walk);
	for (uint32 i = 0; i < count; i++)
		visit_row(rows, &window, &walk, i == 0 ? 0 : window.row_end[i - 1], window.row_end[i],
				  first + i, sink);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(rows->scratch);
}
