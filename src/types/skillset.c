/*
 * skillset.c
 *	  Building and reading the stored form of skillset.
 */
#include "types/skillset.h"

#include <math.h>

#include "core/skill_hash.h"
#include "types/damage.h"
#include "utils/memutils.h"

/* Bytes before the names. */
static Size
fixed_size(uint64 count, bool practice)
{
	Size each = sizeof(uint32) + sizeof(float) + sizeof(uint32);

	if (practice)
		each += sizeof(int64) + sizeof(float);
	return sizeof(Skillset) + count * each;
}

void
skillset_view(const Skillset *skillset, SkillView *view)
{
	Size size = VARSIZE(skillset);
	const char *at = (const char *) skillset + sizeof(Skillset);
	bool practice;
	uint32 count;

	if (size < sizeof(Skillset) || skillset->version != SKILLSET_VERSION ||
		(skillset->flags & ~SKILLSET_PRACTICE) != 0 || skillset->reserved != 0)
		stored_value_damaged("skillset",
							 "Its header has a version or flags that this release does not know.");
	practice = (skillset->flags & SKILLSET_PRACTICE) != 0;
	count = skillset->count;
	/* No look at the names' ends: most are never needed, and they are another cache line. */
	if (fixed_size(count, practice) + skillset->name_bytes != size)
		stored_value_damaged("skillset",
							 "It is not as long as its numbers of skills and bytes of names say.");

	view->count = count;
	view->last = NULL;
	view->stability = NULL;
	if (practice)
	{
		view->last = (const int64 *) at;
		at += count * sizeof(int64);
	}
	view->hash = (const uint32 *) at;
	at += count * sizeof(uint32);
	view->level = (const float *) at;
	at += count * sizeof(float);
	if (practice)
	{
		view->stability = (const float *) at;
		at += count * sizeof(float);
	}
	view->name_end = (const uint32 *) at;
	view->names = at + count * sizeof(uint32);
	view->name_bytes = skillset->name_bytes;
}

void
skillset_builder_init(SkillsetBuilder *builder, const InputPlace *place)
{
	builder->place = *place;
	builder->keep_higher = false;
	builder->owns_names = false;
	builder->count = 0;
	builder->capacity = 16;
	builder->entry = palloc(builder->capacity * sizeof(SkillEntry));
}

void
skillset_builder_add_stored(SkillsetBuilder *builder, const SkillView *view, uint32 skill)
{
	SkillEntry *entry = skillset_builder_add(builder, skillset_name(view, skill));

	entry->level = view->level[skill];
	if (view->last != NULL)
	{
		entry->last = view->last[skill];
		entry->stability = view->stability[skill];
	}
}

void
skill_entry_check(const SkillEntry *entry, const InputPlace *place)
{
	if (entry->stability > 0 && entry->last == SKILL_NO_TIME)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("skill with a stability but no last practice in %s", place->type),
				 errdetail_place(place, NULL),
				 errhint("A stability says how fast a level fades since it was last practised.")));
}

/* Stored order; of one skill the better entry first: higher, not fading, fresher, steadier. */
static int
compare_entries(const void *left, const void *right)
{
	const SkillEntry *a = left;
	const SkillEntry *b = right;
	int order = skill_name_stored_order(&a->name, &b->name);

	CHECK_FOR_INTERRUPTS();
	if (order != 0)
		return order;
	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if ((a->last == SKILL_NO_TIME) != (b->last == SKILL_NO_TIME))
		return a->last == SKILL_NO_TIME ? -1 : 1;
	if ((a->stability == 0) != (b->stability == 0))
		return a->stability == 0 ? -1 : 1;
	if (a->last != b->last)
		return a->last > b->last ? -1 : 1;
	if (a->stability != b->stability)
		return a->stability > b->stability ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

static void
duplicate_skill(const SkillsetBuilder *builder, const SkillEntry *a, const SkillEntry *b)
{
	InputPlace place = builder->place;

	place.at = a->at > b->at ? a->at : b->at;
	ereport(ERROR,
			(errcode(place.text ? ERRCODE_INVALID_TEXT_REPRESENTATION
								: ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("skill \"%.*s\" appears twice in %s", (int) a->name.length, a->name.bytes,
					place.type),
			 errdetail_place(&place,
							 "Every skill stands once; names that differ in case or white space are one."),
			 errhint("Merge skillsets with ||, which keeps the higher level.")));
}

static void
drop_duplicates(SkillsetBuilder *builder)
{
	uint32 kept = 0;

	for (uint32 i = 0; i < builder->count; i++)
	{
		SkillEntry *entry = &builder->entry[i];

		if (kept > 0 && skill_name_stored_order(&builder->entry[kept - 1].name, &entry->name) == 0)
		{
			if (!builder->keep_higher)
				duplicate_skill(builder, &builder->entry[kept - 1], entry);
			if (builder->owns_names)
				pfree(unconstify(char *, entry->name.bytes));
			continue;
		}
		builder->entry[kept++] = *entry;
	}
	builder->count = kept;
}

static void
sort_and_merge(SkillsetBuilder *builder)
{
	qsort(builder->entry, builder->count, sizeof(SkillEntry), compare_entries);
	drop_duplicates(builder);
}

static void
too_large(uint32 count)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("skillset of %u skills is too large", count),
			 errhint("A value holds at most 1 GB.")));
}

/*
 * More room for entries.  Where duplicates are merged, they may be all that
 * fills it, so that an aggregate over many rows stays as small as its result.
 */
static void
make_room(SkillsetBuilder *builder)
{
	if (builder->keep_higher && builder->count >= 1024)
	{
		sort_and_merge(builder);
		if (builder->count <= builder->capacity / 2)
			return;
	}
	if (builder->capacity > MaxAllocSize / sizeof(SkillEntry) * 8)
		too_large(builder->count);
	builder->capacity *= 2;
	builder->entry = repalloc_huge(builder->entry, builder->capacity * sizeof(SkillEntry));
}

SkillEntry *
skillset_builder_add(SkillsetBuilder *builder, SkillName name)
{
	SkillEntry *entry;

	if (builder->count == builder->capacity)
		make_room(builder);
	entry = &builder->entry[builder->count++];
	entry->name = name;
	entry->level = 1;
	entry->stability = 0;
	entry->last = SKILL_NO_TIME;
	entry->at = NULL;
	return entry;
}

Skillset *
skillset_builder_finish(SkillsetBuilder *builder)
{
	bool practice = false;
	uint64 size;
	Skillset *skillset;
	SkillView view;
	uint32 end = 0;

	sort_and_merge(builder);
	for (uint32 i = 0; i < builder->count; i++)
		practice |= builder->entry[i].last != SKILL_NO_TIME;
	size = fixed_size(builder->count, practice);
	for (uint32 i = 0; i < builder->count; i++)
		size += builder->entry[i].name.length;
	if (size > MaxAllocSize)
		too_large(builder->count);

	skillset = palloc0(size);
	SET_VARSIZE(skillset, size);
	skillset->version = SKILLSET_VERSION;
	skillset->flags = practice ? SKILLSET_PRACTICE : 0;
	skillset->count = builder->count;

	skillset->name_bytes = size - fixed_size(builder->count, practice);
	skillset_view(skillset, &view);
	for (uint32 i = 0; i < builder->count; i++)
	{
		const SkillEntry *entry = &builder->entry[i];

		unconstify(uint32 *, view.hash)[i] = entry->name.hash;
		unconstify(float *, view.level)[i] = entry->level;
		if (practice)
		{
			unconstify(int64 *, view.last)[i] = entry->last;
			unconstify(float *, view.stability)[i] = entry->stability;
		}
		memcpy(unconstify(char *, view.names) + end, entry->name.bytes, entry->name.length);
		end += entry->name.length;
		unconstify(uint32 *, view.name_end)[i] = end;
	}
	return skillset;
}

SkillName
skillset_name(const SkillView *view, uint32 skill)
{
	uint32 start = name_start(view->name_end, skill);
	SkillName name = {view->names + start, view->name_end[skill] - start, view->hash[skill]};

	if (unlikely(start >= view->name_end[skill] || view->name_end[skill] > view->name_bytes))
		stored_value_damaged("skillset", "A name is out of place.");
	return name;
}

int64
skillset_find(const SkillView *view, const SkillName *name)
{
	uint32 low = 0;
	uint32 high = view->count;

	while (low < high)
	{
		uint32 middle = low + (high - low) / 2;
		SkillName other = skillset_name(view, middle);
		int order = skill_name_stored_order(&other, name);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

typedef struct NameOrder
{
	const uint32 *name_end;
	const char *names;
} NameOrder;

static int
compare_positions(const void *left, const void *right, void *arg)
{
	const NameOrder *order = arg;
	uint32 a = *(const uint32 *) left;
	uint32 b = *(const uint32 *) right;
	uint32 a_start = name_start(order->name_end, a);
	uint32 b_start = name_start(order->name_end, b);

	CHECK_FOR_INTERRUPTS();
	return skill_name_compare(order->names + a_start, order->name_end[a] - a_start,
							  order->names + b_start, order->name_end[b] - b_start);
}

uint32 *
names_in_order(const uint32 *name_end, const char *names, uint32 count)
{
	NameOrder order = {name_end, names};
	uint32 *position = palloc_extended(Max(1, count) * sizeof(uint32), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < count; i++)
		position[i] = i;
	qsort_arg(position, count, sizeof(uint32), compare_positions, &order);
	return position;
}

uint32 *
skillset_names_in_order(const SkillView *view)
{
	for (uint32 i = 0; i < view->count; i++)
		(void) skillset_name(view, i);
	return names_in_order(view->name_end, view->names, view->count);
}

/* A builder makes the same of what was read, byte for byte; what it would not take is looked at before. */
const char *
skillset_flaw(const Skillset *skillset)
{
	InputPlace place = {"stored skillset", NULL, NULL, NULL};
	SkillsetBuilder builder;
	const Skillset *again;
	SkillView view;
	SkillName last = {NULL, 0, 0};

	skillset_view(skillset, &view);
	skillset_builder_init(&builder, &place);
	for (uint32 i = 0; i < view.count; i++)
	{
		SkillName name = skillset_name(&view, i);

		if (name.length < 1 || name.length > SKILL_NAME_MAX ||
			name.hash != skill_hash(name.bytes, name.length))
			return "A skill's name is not the one that was stored.";
		if (i > 0 && skill_name_stored_order(&last, &name) >= 0)
			return "Skills are not in their order.";
		if (!(view.level[i] > 0 && isfinite(view.level[i])))
			return "A level is not a finite number above 0.";
		if (view.last != NULL && !(view.stability[i] >= 0 && isfinite(view.stability[i])))
			return "A stability is not a finite number of at least 0.";
		skillset_builder_add_stored(&builder, &view, i);
		last = name;
	}
	again = skillset_builder_finish(&builder);
	if (VARSIZE(again) != VARSIZE(skillset) || memcmp(again, skillset, VARSIZE(again)) != 0)
		return "It is not what its skills make.";
	return NULL;
}
