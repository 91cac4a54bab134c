/*
 * jobspec.c
 *	  Building and reading the stored form of jobspec.
 */
#include "types/jobspec.h"

#include <math.h>

#include "core/skill_hash.h"
#include "types/damage.h"
#include "types/skillset.h"
#include "utils/memutils.h"

#define NAME_BYTES (sizeof(uint32) * 3 + sizeof(float)) /* of the arrays, for each name */

static Size
fixed_size(uint64 items, uint64 names)
{
	return sizeof(Jobspec) + items * sizeof(JobItem) + names * NAME_BYTES;
}

/* Where the arrays of a header with these counts are. */
static void
place_arrays(const Jobspec *jobspec, JobView *view)
{
	uint32 names = jobspec->name_count;

	view->item_count = jobspec->item_count;
	view->name_count = names;
	view->as_of = jobspec->flags & JOBSPEC_AS_OF ? jobspec->as_of : SKILL_NO_TIME;
	view->threshold = jobspec->threshold;
	view->item = (const JobItem *) ((const char *) jobspec + sizeof(Jobspec));
	view->hash = (const uint32 *) (view->item + jobspec->item_count);
	view->name_item = view->hash + names;
	view->credit = (const float *) (view->name_item + names);
	view->name_end = (const uint32 *) (view->credit + names);
	view->names = (const char *) (view->name_end + names);
}

/* Whatever the bytes are, nothing is read or written outside of them. */
static void
check_positions(const JobView *view, Size name_bytes)
{
	uint32 end = 0;

	for (uint32 i = 0; i < view->name_count; i++)
	{
		if (view->name_item[i] >= view->item_count || view->name_end[i] <= end)
			stored_value_damaged("jobspec", "A name is out of place.");
		end = view->name_end[i];
	}
	if (end != name_bytes)
		stored_value_damaged("jobspec", "Its names do not end where it ends.");
	for (uint32 i = 0; i < view->item_count; i++)
	{
		uint32 own = job_item_own(&view->item[i]);

		if (own >= view->name_count || view->name_item[own] != i)
			stored_value_damaged("jobspec", "An item's name is out of place.");
	}
}

void
jobspec_view(const Jobspec *jobspec, JobView *view)
{
	Size size = VARSIZE(jobspec);

	if (size < sizeof(Jobspec) || jobspec->version != JOBSPEC_VERSION ||
		(jobspec->flags & ~(JOBSPEC_AS_OF | JOBSPEC_THRESHOLD)) != 0 || jobspec->reserved != 0)
		stored_value_damaged("jobspec",
							 "Its header has a version or flags that this release does not know.");
	if (jobspec->name_count < jobspec->item_count ||
		fixed_size(jobspec->item_count, jobspec->name_count) > size)
		stored_value_damaged("jobspec", "It is shorter than its numbers of items and names.");
	place_arrays(jobspec, view);
	check_positions(view, size - fixed_size(view->item_count, view->name_count));
}

void
jobspec_builder_init(JobspecBuilder *builder, const InputPlace *place)
{
	builder->place = *place;
	builder->count = 0;
	builder->capacity = 16;
	builder->entry = palloc(builder->capacity * sizeof(JobEntry));
	builder->as_of = SKILL_NO_TIME;
	builder->threshold = 0;
	builder->has_threshold = false;
}

JobEntry *
jobspec_builder_add(JobspecBuilder *builder, SkillName name)
{
	JobEntry *entry;

	if (builder->count == builder->capacity)
	{
		builder->capacity *= 2;
		builder->entry = repalloc_huge(builder->entry, builder->capacity * sizeof(JobEntry));
	}
	entry = &builder->entry[builder->count++];
	memset(entry, 0, sizeof(*entry));
	entry->name = name;
	entry->need = 1;
	entry->weight = 1;
	return entry;
}

void
jobspec_entry_add_alternative(JobEntry *entry, SkillName name, float credit)
{
	uint32 count = entry->alternative_count;

	/* grows at powers of two */
	if (count == 0)
		entry->alternative = palloc(sizeof(JobAlternative));
	else if ((count & (count - 1)) == 0)
		entry->alternative =
			repalloc_huge(entry->alternative, 2 * (Size) count * sizeof(JobAlternative));
	entry->alternative[count].name = name;
	entry->alternative[count].credit = credit;
	entry->alternative_count++;
}

JobEntry *
jobspec_builder_add_stored(JobspecBuilder *builder, const JobView *view, uint32 item,
						   const JobAlternatives *alternatives)
{
	const JobItem *stored = &view->item[item];
	uint32 own = job_item_own(stored);
	JobEntry *entry = jobspec_builder_add(builder, jobspec_name(view, own));

	entry->need = stored->need;
	entry->from = stored->from;
	entry->weight = stored->weight;
	entry->must = job_item_must(stored);
	for (uint32 i = 0; i < alternatives[item].count; i++)
	{
		uint32 position = alternatives[item].position[i];

		jobspec_entry_add_alternative(entry, jobspec_name(view, position), view->credit[position]);
	}
	return entry;
}

static int
compare_entries(const void *left, const void *right)
{
	const JobEntry *a = left;
	const JobEntry *b = right;
	int order = skill_name_compare(a->name.bytes, a->name.length, b->name.bytes, b->name.length);

	CHECK_FOR_INTERRUPTS();
	return order != 0 ? order : (a->at > b->at) - (a->at < b->at);
}

/* A name as it will be stored. */
typedef struct StoredName
{
	SkillName name;
	uint32 item;
	float credit;
	bool own;
} StoredName;

static int
compare_names(const void *left, const void *right)
{
	const StoredName *a = left;
	const StoredName *b = right;
	int order = skill_name_stored_order(&a->name, &b->name);

	CHECK_FOR_INTERRUPTS();
	if (order != 0)
		return order;
	return a->item < b->item ? -1 : a->item > b->item;
}

static void
name_stands_twice(const JobspecBuilder *builder, const JobEntry *entry, const SkillName *name,
				  const char *rule)
{
	InputPlace place = builder->place;

	place.at = entry->at;
	ereport(ERROR,
			(errcode(place.text ? ERRCODE_INVALID_TEXT_REPRESENTATION
								: ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("skill \"%.*s\" appears twice in %s", (int) name->length, name->bytes,
					place.type),
			 errdetail_place(&place, rule),
			 errhint("Names that differ only in case or white space are one.")));
}

static void
check_entries(const JobspecBuilder *builder)
{
	for (uint32 i = 0; i < builder->count; i++)
	{
		const JobEntry *entry = &builder->entry[i];
		InputPlace place = builder->place;

		if (i > 0 && skill_name_stored_order(&entry[-1].name, &entry->name) == 0)
			name_stands_twice(builder, entry, &entry->name, "A jobspec has one item for a skill.");
		place.at = entry->at;
		if (!(entry->from < entry->need))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("item \"%.*s\" starts from a level that is not below its need in %s",
							(int) entry->name.length, entry->name.bytes, place.type),
					 errdetail_place(&place, NULL),
					 errhint("from..need counts only the way between the two.")));
	}
}

/* How many names all items have; *bytes is what they take themselves. */
static uint64
count_names(const JobspecBuilder *builder, uint64 *bytes)
{
	uint64 count = builder->count;

	*bytes = 0;
	for (uint32 i = 0; i < builder->count; i++)
	{
		const JobEntry *entry = &builder->entry[i];

		count += entry->alternative_count;
		*bytes += entry->name.length;
		for (uint32 a = 0; a < entry->alternative_count; a++)
			*bytes += entry->alternative[a].name.length;
	}
	return count;
}

/* All of them, sorted as they are stored. */
static StoredName *
collect_names(const JobspecBuilder *builder, uint32 count)
{
	StoredName *names = palloc_extended(Max(1, count) * sizeof(StoredName), MCXT_ALLOC_HUGE);
	uint32 n = 0;

	for (uint32 i = 0; i < builder->count; i++)
	{
		const JobEntry *entry = &builder->entry[i];

		names[n++] = (StoredName){entry->name, i, 1, true};
		for (uint32 a = 0; a < entry->alternative_count; a++)
			names[n++] =
				(StoredName){entry->alternative[a].name, i, entry->alternative[a].credit, false};
	}
	qsort(names, n, sizeof(StoredName), compare_names);
	for (uint32 i = 1; i < n; i++)
	{
		if (compare_names(&names[i - 1], &names[i]) == 0)
			name_stands_twice(builder, &builder->entry[names[i].item], &names[i].name,
							  "An item names a skill once, as its own or as an alternative.");
	}
	return names;
}

static void
lay_out(const JobspecBuilder *builder, const StoredName *names, Jobspec *jobspec)
{
	JobView view;
	uint32 end = 0;

	place_arrays(jobspec, &view);
	for (uint32 i = 0; i < builder->count; i++)
	{
		JobItem *item = unconstify(JobItem *, &view.item[i]);

		item->need = builder->entry[i].need;
		item->from = builder->entry[i].from;
		item->weight = builder->entry[i].weight;
		item->own = builder->entry[i].must ? JOB_ITEM_MUST : 0;
	}
	for (uint32 i = 0; i < view.name_count; i++)
	{
		if (names[i].own)
			unconstify(JobItem *, view.item)[names[i].item].own |= i;
		unconstify(uint32 *, view.hash)[i] = names[i].name.hash;
		unconstify(uint32 *, view.name_item)[i] = names[i].item;
		unconstify(float *, view.credit)[i] = names[i].credit;
		memcpy(unconstify(char *, view.names) + end, names[i].name.bytes, names[i].name.length);
		end += names[i].name.length;
		unconstify(uint32 *, view.name_end)[i] = end;
	}
}

Jobspec *
jobspec_builder_finish(JobspecBuilder *builder)
{
	uint64 name_count;
	uint64 name_bytes;
	uint64 size;
	Jobspec *jobspec;

	qsort(builder->entry, builder->count, sizeof(JobEntry), compare_entries);
	check_entries(builder);
	name_count = count_names(builder, &name_bytes);
	size = fixed_size(builder->count, name_count) + name_bytes;
	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("jobspec of %u items is too large", builder->count),
				 errdetail("It would take %llu bytes.", (unsigned long long) size),
				 errhint("A value holds at most 1 GB.")));

	jobspec = palloc0(size);
	SET_VARSIZE(jobspec, size);
	jobspec->version = JOBSPEC_VERSION;
	jobspec->item_count = builder->count;
	jobspec->name_count = (uint32) name_count;
	if (builder->as_of != SKILL_NO_TIME)
	{
		jobspec->flags |= JOBSPEC_AS_OF;
		jobspec->as_of = builder->as_of;
	}
	if (builder->threshold > 0)
	{
		jobspec->flags |= JOBSPEC_THRESHOLD;
		jobspec->threshold = builder->threshold;
	}
	lay_out(builder, collect_names(builder, (uint32) name_count), jobspec);
	return jobspec;
}

SkillName
jobspec_name(const JobView *view, uint32 position)
{
	uint32 start = name_start(view->name_end, position);
	SkillName name = {view->names + start, view->name_end[position] - start, view->hash[position]};

	return name;
}

uint32
jobspec_names_end(const JobView *job, uint32 first)
{
	SkillName name = jobspec_name(job, first);
	uint32 end;

	for (end = first + 1; end < job->name_count; end++)
	{
		SkillName next = jobspec_name(job, end);

		if (skill_name_stored_order(&name, &next) != 0)
			break;
	}
	return end;
}

JobAlternatives *
jobspec_alternatives(const JobView *view)
{
	uint32 *order = names_in_order(view->name_end, view->names, view->name_count);
	JobAlternatives *alternatives;
	uint32 *position;

	alternatives = palloc_extended(Max(1, view->item_count) * sizeof(JobAlternatives),
								   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	position = palloc_extended(Max(1, view->name_count) * sizeof(uint32), MCXT_ALLOC_HUGE);

	/* count, cut one array into lists, then fill them in order of names */
	for (uint32 i = 0; i < view->name_count; i++)
		alternatives[view->name_item[i]].count++;
	for (uint32 i = 0; i < view->item_count; i++)
	{
		alternatives[i].position = position;
		position += alternatives[i].count;
		alternatives[i].count = 0;
	}
	for (uint32 i = 0; i < view->name_count; i++)
	{
		JobAlternatives *list = &alternatives[view->name_item[order[i]]];

		if (order[i] != job_item_own(&view->item[view->name_item[order[i]]]))
			list->position[list->count++] = order[i];
	}
	return alternatives;
}

static bool
is_amount(float number)
{
	return number >= 0 && isfinite(number);
}

static const char *
items_flaw(const JobView *view)
{
	for (uint32 i = 0; i < view->item_count; i++)
	{
		const JobItem *item = &view->item[i];
		SkillName name = jobspec_name(view, job_item_own(item));
		SkillName last = name;

		if (i > 0)
			last = jobspec_name(view, job_item_own(item - 1));
		if (i > 0 && skill_name_compare(last.bytes, last.length, name.bytes, name.length) >= 0)
			return "Items are not in their order.";
		if (!is_amount(item->need) || !is_amount(item->from) || !is_amount(item->weight) ||
			!(item->from < item->need))
			return "An item's need, from or weight is out of range.";
	}
	return NULL;
}

static const char *
names_flaw(const JobView *view)
{
	for (uint32 i = 0; i < view->name_count; i++)
	{
		SkillName name = jobspec_name(view, i);
		SkillName last = i == 0 ? name : jobspec_name(view, i - 1);
		int order = i == 0 ? -1 : skill_name_stored_order(&last, &name);

		if (name.length < 1 || name.length > SKILL_NAME_MAX ||
			name.hash != skill_hash(name.bytes, name.length))
			return "A name is not the one that was stored.";
		if (order > 0 || (order == 0 && view->name_item[i - 1] >= view->name_item[i]))
			return "Names are not in their order.";
		if (!(view->credit[i] > 0 && view->credit[i] <= 1))
			return "A credit is not above 0 and at most 1.";
	}
	return NULL;
}

static const char *
contents_flaw(const JobView *view)
{
	const char *flaw = names_flaw(view);

	if (flaw == NULL)
		flaw = items_flaw(view);
	if (flaw == NULL && !(view->threshold >= 0 && view->threshold <= 1))
		flaw = "Its threshold is not from 0 to 1.";
	return flaw;
}

void
jobspec_check_contents(const JobView *view)
{
	const char *flaw = contents_flaw(view);

	if (flaw != NULL)
		stored_value_damaged("jobspec", flaw);
}

const char *
jobspec_flaw(const Jobspec *jobspec)
{
	InputPlace place = {"stored jobspec", NULL, NULL, NULL};
	JobspecBuilder builder;
	const JobAlternatives *alternatives;
	const Jobspec *again;
	const char *flaw;
	JobView view;

	jobspec_view(jobspec, &view);
	flaw = contents_flaw(&view);
	if (flaw != NULL)
		return flaw;
	jobspec_builder_init(&builder, &place);
	builder.as_of = view.as_of;
	builder.threshold = view.threshold;
	alternatives = jobspec_alternatives(&view);
	for (uint32 item = 0; item < view.item_count; item++)
		jobspec_builder_add_stored(&builder, &view, item, alternatives);
	again = jobspec_builder_finish(&builder);
	if (VARSIZE(again) != VARSIZE(jobspec) || memcmp(again, jobspec, VARSIZE(again)) != 0)
		return "It is not what its items make.";
	return NULL;
}
