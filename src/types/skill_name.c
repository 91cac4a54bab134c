/*
 * skill_name.c
 *	  Names of skills.
 */
#include "types/skill_name.h"

#include "catalog/pg_collation.h"
#include "core/skill_hash.h"
#include "utils/formatting.h"

bool
skill_name_is_special(char c)
{
	return c != '\0' && strchr(",:*!|~@\"", c) != NULL;
}

bool
skill_name_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Lower case is itself in every locale, so most names need no look at the collation. */
static bool
is_plain_lower(const char *raw, int length)
{
	for (int i = 0; i < length; i++)
	{
		if (IS_HIGHBIT_SET(raw[i]) || (raw[i] >= 'A' && raw[i] <= 'Z'))
			return false;
	}
	return true;
}

const char *
skill_name_fold_case(const char *raw, int *length)
{
	const char *folded;

	if (is_plain_lower(raw, *length))
		return raw;
	folded = str_tolower(raw, *length, DEFAULT_COLLATION_OID);
	*length = strlen(folded);
	return folded;
}

static int
fold_spaces(char *name, int length)
{
	int kept = 0;

	for (int i = 0; i < length; i++)
	{
		bool space = skill_name_is_space(name[i]);

		if (space && kept > 0 && name[kept - 1] == ' ')
			continue;
		name[kept++] = space ? ' ' : name[i];
	}
	name[kept] = '\0';
	return kept;
}

static void
name_too_long(const char *name, int length, const InputPlace *place)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("skill name of %d bytes is too long for %s", length, place->type),
			 errdetail_place(place,
							 psprintf("The name begins with \"%.*s\".",
									  pg_mbcliplen(name, length, 32), name)),
			 errhint("A name has 1 to 255 bytes.")));
}

/* No letter has a lower case of less than a quarter of its bytes, so what is longer need not be folded. */
#define UNFOLDED_NAME_MAX (4 * SKILL_NAME_MAX)

SkillName
skill_name_fold(const char *raw, int length, const InputPlace *place)
{
	SkillName name;
	char *copy = pnstrdup(raw, length);
	const char *folded;

	length = fold_spaces(copy, length);
	if (length > UNFOLDED_NAME_MAX)
		name_too_long(copy, length, place);
	folded = skill_name_fold_case(copy, &length);
	name.length = length;
	name.bytes = folded;
	name.hash = skill_hash(folded, length);
	if (length == 0)
		ereport(ERROR,
				(errcode(place->text ? ERRCODE_INVALID_TEXT_REPRESENTATION
									 : ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("skill name is empty in %s", place->type), errdetail_place(place, NULL),
				 errhint("A name has 1 to 255 bytes.")));
	if (length > SKILL_NAME_MAX)
		name_too_long(folded, length, place);
	return name;
}

SkillName
skill_name_from_text(const text *raw, const char *function)
{
	InputPlace place = {function, NULL, NULL, NULL};

	return skill_name_fold(VARDATA_ANY(raw), VARSIZE_ANY_EXHDR(raw), &place);
}

int
skill_name_compare(const char *a, uint32 a_length, const char *b, uint32 b_length)
{
	int order = memcmp(a, b, Min(a_length, b_length));

	if (order != 0)
		return order;
	return a_length < b_length ? -1 : a_length > b_length;
}

int
skill_name_stored_order(const SkillName *a, const SkillName *b)
{
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return skill_name_compare(a->bytes, a->length, b->bytes, b->length);
}

static bool
needs_quotes(const char *name, uint32 length)
{
	if (name[0] == ' ' || name[length - 1] == ' ')
		return true;
	for (uint32 i = 0; i < length; i++)
	{
		if (skill_name_is_special(name[i]) ||
			(name[i] == '.' && i + 1 < length && name[i + 1] == '.'))
			return true;
	}
	return false;
}

void
skill_name_append(StringInfo out, const char *name, uint32 length)
{
	if (!needs_quotes(name, length))
	{
		appendBinaryStringInfo(out, name, length);
		return;
	}
	appendStringInfoChar(out, '"');
	for (uint32 i = 0; i < length; i++)
	{
		if (name[i] == '"')
			appendStringInfoChar(out, '"');
		appendStringInfoChar(out, name[i]);
	}
	appendStringInfoChar(out, '"');
}
