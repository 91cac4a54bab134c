/*
 * job_posting.c
 *	  Adverts as the web publishes them: JobPosting of schema.org, in JSON-LD.
 *
 * Every object of a document whose type is JobPosting is one, wherever it
 * stands: alone, in arrays, in @graph, or as part of another object.  Types and
 * keys may have a prefix or be IRIs; what is behind the last : / or # counts.
 *
 * What an advert asks stands in `skills`, `qualifications`,
 * `experienceRequirements` and `educationRequirements`, each a text, an object
 * (a DefinedTerm, say) or an array of these.
 *
 *	- With a vocabulary all of them are searched for its skills, and so are
 *	  `responsibilities` and `description`.
 *	- Without one, `skills` is a list of names, cut at commas, semicolons, bars,
 *	  bullets and line ends, but not within parentheses.  What has more words
 *	  than a name is a sentence, in which only a vocabulary finds skills.
 *
 * Parts in which nothing was found are given back, so that nobody takes them
 * for read.
 */
#include "types/pg.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "import/html.h"
#include "import/vocabulary_table.h"
#include "ops/rows.h"
#include "types/jobspec.h"
#include "types/json_object.h"
#include "utils/array.h"
#include "utils/float.h"
#include "utils/numeric.h"

/* More words than this are a sentence. */
#define WORDS_OF_A_NAME 6

static const InputPlace Place = {"jobspec_from_jsonld()", NULL, NULL, NULL};

/* What one JobPosting says. */
typedef struct Posting
{
	const Vocabulary *vocabulary; /* or NULL */
	const char *title;			  /* these three, and months, are NULL where not known */
	const char *organization;
	const char *url;
	const double *months;
	SkillName *skill; /* that it asks, perhaps some of them twice */
	int skill_count;
	int skill_capacity;
	List *unread; /* of char *: parts in which no skill was found */
} Posting;

/* How a text is taken. */
typedef enum TextKind
{
	NAME,	  /* of one skill */
	NAMES,	  /* a list of them */
	SENTENCES /* of which only a vocabulary can make something */
} TextKind;

/* ---- reading JSON that may hold anything ---- */

static bool
is_object(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data);
}

static bool
is_array(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data);
}

static char *
string_of(const JsonbValue *value)
{
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* What is behind the prefix. */
static const char *
local_name(const char *name)
{
	const char *local = name;

	for (const char *at = name; *at != '\0'; at++)
	{
		if ((*at == ':' || *at == '/' || *at == '#') && at[1] != '\0')
			local = at + 1;
	}
	return local;
}

static const JsonField *
find_field(const JsonField *fields, int count, const char *name)
{
	for (int i = 0; i < count; i++)
	{
		if (strcmp(local_name(fields[i].key), name) == 0 && !json_is_null(&fields[i]))
			return &fields[i];
	}
	return NULL;
}

/* A text, also as `{"@value": text}`, the name of an object, or the first of an array; NULL if there is none. */
static char *
plain_string(const JsonbValue *value)
{
	int count;
	JsonField *fields;
	const JsonField *inner;

	check_stack_depth();
	if (value->type == jbvString)
		return html_to_text(string_of(value));
	if (is_array(value))
	{
		fields = json_elements(value, &Place, &count);
		return count == 0 ? NULL : plain_string(&fields[0].value);
	}
	if (!is_object(value))
		return NULL;
	fields = json_fields(value, &Place, &count);
	inner = find_field(fields, count, "@value");
	if (inner == NULL)
		inner = find_field(fields, count, "name");
	return inner == NULL ? NULL : plain_string(&inner->value);
}

/* Any value as JSON, to show what was not read. */
static char *
json_of(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvBinary:
			return JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
		case jbvString:
			return string_of(value);
		case jbvNumeric:
			return DatumGetCString(DirectFunctionCall1(numeric_out,
													   NumericGetDatum(value->val.numeric)));
		default:
			return value->type == jbvBool && value->val.boolean ? "true" : "false";
	}
}

/* ---- skills ---- */

static void
add_skill(Posting *posting, const char *name, int length)
{
	if (posting->skill_count == posting->skill_capacity)
	{
		posting->skill_capacity = Max(16, 2 * posting->skill_capacity);
		if (posting->skill == NULL)
			posting->skill = palloc(posting->skill_capacity * sizeof(SkillName));
		else
			posting->skill =
				repalloc_huge(posting->skill, posting->skill_capacity * sizeof(SkillName));
	}
	posting->skill[posting->skill_count++] = skill_name_fold(name, length, &Place);
}

static void
add_unread(Posting *posting, const char *text, int length)
{
	posting->unread = lappend(posting->unread, pnstrdup(text, length));
}

/* Does it only decorate the begin of a list's line? */
static bool
is_decoration(char c)
{
	return c == '-' || c == '*';
}

/* Without white space around it; a part of a list also without decoration and the full stop of a sentence. */
static void
trim_part(const char **start, const char **end, TextKind kind)
{
	while (*start < *end &&
		   (skill_name_is_space(**start) || (kind == NAMES && is_decoration(**start))))
		(*start)++;
	while (*start < *end && skill_name_is_space((*end)[-1]))
		(*end)--;
	if (kind == NAMES && *end - *start > 1 && (*end)[-1] == '.')
		(*end)--;
}

/* Bytes of the mark that separates the parts of a list and stands here; 0 if none does. */
static int
separator_at(const char *at)
{
	/* the last two are a bullet and a middle dot, in UTF-8 */
	static const char *const separators[] = {",",		";", "|", "\n", "\r", "\t", "\xE2\x80\xA2",
											 "\xC2\xB7"};

	for (size_t i = 0; i < lengthof(separators); i++)
	{
		if (strncmp(at, separators[i], strlen(separators[i])) == 0)
			return strlen(separators[i]);
	}
	return 0;
}

static const char *
end_of_part(const char *at)
{
	int depth = 0;

	for (; *at != '\0'; at += pg_mblen(at))
	{
		if (*at == '(')
			depth++;
		else if (*at == ')' && depth > 0)
			depth--;
		else if (depth == 0 && separator_at(at) > 0)
			break;
	}
	return at;
}

static int
count_words(const char *start, const char *end)
{
	int words = 0;

	for (const char *at = start; at < end; at++)
		words += !skill_name_is_space(*at) && (at == start || skill_name_is_space(at[-1]));
	return words;
}

/* Can it be stored as a name?  Lower case may be longer. */
static bool
fits_a_name(const char *start, const char *end)
{
	int length = end - start;

	if (length <= SKILL_NAME_MAX)
		(void) skill_name_fold_case(start, &length);
	return length <= SKILL_NAME_MAX;
}

/* A part of a list, without a vocabulary. */
static void
read_name(Posting *posting, const char *start, const char *end, TextKind kind)
{
	bool is_name = kind == NAME || (kind == NAMES && count_words(start, end) <= WORDS_OF_A_NAME);

	if (is_name && fits_a_name(start, end))
		add_skill(posting, start, end - start);
	else
		add_unread(posting, start, end - start);
}

/* Where in a text skills were found, in order. */
typedef struct TextSearch
{
	Posting *posting;
	List *start; /* of char * */
	List *end;
} TextSearch;

static void
note_found_skill(const FoundSkill *found, void *state)
{
	TextSearch *search = state;

	add_skill(search->posting, found->skill, found->skill_length);
	search->start = lappend(search->start, unconstify(char *, found->start));
	search->end = lappend(search->end, unconstify(char *, found->end));
}

/* All of a text: the skills of the vocabulary, or the names of a list; what holds neither is unread. */
static void
read_text(Posting *posting, const char *text, TextKind kind, bool must_be_read)
{
	TextSearch search = {posting, NIL, NIL};
	const char *covered = text; /* by skills that were found, up to here */
	int next = 0;				/* the next of those */

	if (posting->vocabulary != NULL)
		vocabulary_search(posting->vocabulary, text, strlen(text), note_found_skill, &search);
	for (const char *at = text; must_be_read && *at != '\0';)
	{
		const char *start = at;
		const char *end = kind == NAMES ? end_of_part(at) : at + strlen(at);

		CHECK_FOR_INTERRUPTS();
		for (; next < list_length(search.start) && (char *) list_nth(search.start, next) < end;
			 next++)
			covered = list_nth(search.end, next);
		at = end + separator_at(end);
		if (covered > start)
			continue;
		trim_part(&start, &end, kind);
		if (start == end)
			continue;
		if (posting->vocabulary != NULL)
			add_unread(posting, start, end - start);
		else
			read_name(posting, start, end, kind);
	}
}

static void read_value(Posting *posting, const JsonbValue *value, TextKind kind, bool must_be_read);

/* Months of experience, if the object tells them as a number. */
static bool
read_months(Posting *posting, const JsonField *field)
{
	bool valid = true;
	double months = 0;
	char *number;
	char *end;

	if (field == NULL || (field->value.type != jbvNumeric && field->value.type != jbvString))
		return false;
	number = json_of(&field->value);
	months = strtod(number, &end);
	valid = end != number && *end == '\0' && isfinite(months) && months >= 0;
	if (valid)
	{
		double *kept = palloc(sizeof(double));

		*kept = months;
		posting->months = kept;
	}
	return valid;
}

/* An object: its name is one skill, its description sentences, a set of terms a list. */
static void
read_object(Posting *posting, const JsonbValue *value, TextKind kind, bool must_be_read)
{
	/* in this order the first that is there is read */
	static const struct
	{
		const char *key;
		bool names;
	} inner[] = {{"@value", false},
				 {"hasDefinedTerm", true},
				 {"itemListElement", true},
				 {"item", true},
				 {"name", true},
				 {"description", false},
				 {"competencyRequired", true},
				 {"credentialCategory", true}};
	int count;
	JsonField *fields = json_fields(value, &Place, &count);
	bool known = read_months(posting, find_field(fields, count, "monthsOfExperience"));

	for (size_t i = 0; i < lengthof(inner); i++)
	{
		const JsonField *field = find_field(fields, count, inner[i].key);

		if (field == NULL)
			continue;
		read_value(posting, &field->value, inner[i].names && kind == NAMES ? NAME : kind,
				   must_be_read);
		return;
	}
	if (!known && must_be_read)
		add_unread(posting, json_of(value), strlen(json_of(value)));
}

static void
read_value(Posting *posting, const JsonbValue *value, TextKind kind, bool must_be_read)
{
	check_stack_depth();
	if (value->type == jbvNull)
		return;
	if (value->type == jbvString)
		read_text(posting, html_to_text(string_of(value)), kind, must_be_read);
	else if (is_object(value))
		read_object(posting, value, kind, must_be_read);
	else if (is_array(value))
	{
		int count;
		JsonField *elements = json_elements(value, &Place, &count);

		for (int i = 0; i < count; i++)
			read_value(posting, &elements[i].value, kind, must_be_read);
	}
	else if (must_be_read)
		add_unread(posting, json_of(value), strlen(json_of(value)));
}

/* ---- postings ---- */

static bool
is_job_posting(const JsonField *fields, int count)
{
	const JsonField *type = NULL;
	JsonField *types;
	int type_count;

	for (int i = 0; i < count && type == NULL; i++)
	{
		if (strcmp(fields[i].key, "@type") == 0 || strcmp(fields[i].key, "type") == 0)
			type = &fields[i];
	}
	if (type == NULL)
		return false;
	if (json_is_string(type))
		return strcmp(local_name(json_string(type)), "JobPosting") == 0;
	if (!is_array(&type->value))
		return false;
	types = json_elements(&type->value, &Place, &type_count);
	for (int i = 0; i < type_count; i++)
	{
		if (json_is_string(&types[i]) &&
			strcmp(local_name(json_string(&types[i])), "JobPosting") == 0)
			return true;
	}
	return false;
}

static Posting *
read_posting(const JsonField *fields, int count, const Vocabulary *vocabulary)
{
	/* must_be_read: what is not found there is told */
	static const struct
	{
		const char *key;
		TextKind kind;
		bool must_be_read;
	} parts[] = {{"skills", NAMES, true},
				 {"qualifications", SENTENCES, true},
				 {"experienceRequirements", SENTENCES, true},
				 {"educationRequirements", SENTENCES, true},
				 {"responsibilities", SENTENCES, false},
				 {"description", SENTENCES, false}};
	Posting *posting = palloc0(sizeof(Posting));
	const JsonField *field;

	posting->vocabulary = vocabulary;
	if ((field = find_field(fields, count, "title")) != NULL ||
		(field = find_field(fields, count, "name")) != NULL)
		posting->title = plain_string(&field->value);
	if ((field = find_field(fields, count, "hiringOrganization")) != NULL)
		posting->organization = plain_string(&field->value);
	if ((field = find_field(fields, count, "url")) != NULL ||
		(field = find_field(fields, count, "@id")) != NULL)
		posting->url = plain_string(&field->value);
	for (size_t i = 0; i < lengthof(parts); i++)
	{
		field = find_field(fields, count, parts[i].key);
		if (field != NULL)
			read_value(posting, &field->value, parts[i].kind, parts[i].must_be_read);
	}
	return posting;
}

/* The postings in a value, wherever they stand, in order; appended to the list. */
static List *
find_postings(const JsonbValue *value, const Vocabulary *vocabulary, List *postings)
{
	int count;
	JsonField *fields;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (is_object(value))
	{
		fields = json_fields(value, &Place, &count);
		if (is_job_posting(fields, count))
			return lappend(postings, read_posting(fields, count, vocabulary));
	}
	else if (is_array(value))
		fields = json_elements(value, &Place, &count);
	else
		return postings;
	for (int i = 0; i < count; i++)
		postings = find_postings(&fields[i].value, vocabulary, postings);
	return postings;
}

static List *
postings_of_arguments(FunctionCallInfo fcinfo)
{
	const Vocabulary *vocabulary =
		PG_ARGISNULL(1) ? NULL : vocabulary_of_table(fcinfo, PG_GETARG_OID(1));
	JsonbValue root;

	json_root(PG_GETARG_JSONB_P(0), &root);
	return find_postings(&root, vocabulary, NIL);
}

static int
compare_skill_names(const void *left, const void *right)
{
	CHECK_FOR_INTERRUPTS();
	return skill_name_stored_order(left, right);
}

/* Each skill that the posting asks once: need 1, weight 1. */
static Jobspec *
jobspec_of_posting(Posting *posting)
{
	JobspecBuilder builder;

	jobspec_builder_init(&builder, &Place);
	qsort(posting->skill, posting->skill_count, sizeof(SkillName), compare_skill_names);
	for (int i = 0; i < posting->skill_count; i++)
	{
		if (i == 0 || skill_name_stored_order(&posting->skill[i - 1], &posting->skill[i]) != 0)
			(void) jobspec_builder_add(&builder, posting->skill[i]);
	}
	return jobspec_builder_finish(&builder);
}

/* Why nothing could be made of a posting; NULL if something could. */
static const char *
why_unusable(const Posting *posting)
{
	if (posting->skill_count > 0)
		return NULL;
	if (posting->vocabulary != NULL)
		return "the JobPosting names no skill of the vocabulary";
	if (posting->unread != NIL)
		return "the JobPosting names skills in sentences only, if at all: pass a vocabulary";
	return "the JobPosting names no skills";
}

#define NO_POSTING "the document holds no JobPosting"

/* jobspec_from_jsonld(document, vocabulary) */
PG_FUNCTION_INFO_V1(jobspec_from_jsonld);
Datum
jobspec_from_jsonld(PG_FUNCTION_ARGS)
{
	List *postings;
	const char *reason;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	postings = postings_of_arguments(fcinfo);
	reason = postings == NIL ? NO_POSTING : why_unusable(linitial(postings));
	if (list_length(postings) > 1)
		reason = psprintf("the document holds %d JobPostings", list_length(postings));
	if (reason != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s", reason),
				 errhint("job_postings_from_jsonld() returns a row for each, with the reason where one cannot be used.")));
	PG_RETURN_POINTER(jobspec_of_posting(linitial(postings)));
}

static Datum
text_or_null(const char *text, bool *null)
{
	*null = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

static Datum
text_array(List *texts)
{
	Datum *elements = palloc_extended(Max(1, list_length(texts)) * sizeof(Datum), MCXT_ALLOC_HUGE);
	int count = 0;
	ListCell *cell;

	foreach(cell, texts)
		elements[count++] = CStringGetTextDatum(lfirst(cell));
	return PointerGetDatum(construct_array(elements, count, TEXTOID, -1, false, TYPALIGN_INT));
}

static void
list_postings(FunctionCallInfo fcinfo, RowSet *rows)
{
	List *postings;
	ListCell *cell;
	Datum values[7] = {0};
	bool nulls[7] = {true, true, true, true, true, false, false};

	if (PG_ARGISNULL(0))
		return;
	postings = postings_of_arguments(fcinfo);
	if (postings == NIL)
	{
		values[5] = text_array(NIL);
		values[6] = CStringGetTextDatum(NO_POSTING);
		add_row(rows, values, nulls);
	}
	foreach(cell, postings)
	{
		Posting *posting = lfirst(cell);
		const char *reason = why_unusable(posting);

		values[0] = text_or_null(posting->title, &nulls[0]);
		values[1] = text_or_null(posting->organization, &nulls[1]);
		values[2] = text_or_null(posting->url, &nulls[2]);
		nulls[3] = reason != NULL;
		values[3] = nulls[3] ? (Datum) 0 : PointerGetDatum(jobspec_of_posting(posting));
		nulls[4] = posting->months == NULL;
		values[4] = nulls[4] ? (Datum) 0 : Float8GetDatum(*posting->months);
		values[5] = text_array(posting->unread);
		values[6] = text_or_null(reason, &nulls[6]);
		add_row(rows, values, nulls);
	}
}

/* job_postings_from_jsonld(document, vocabulary) */
PG_FUNCTION_INFO_V1(job_postings_from_jsonld);
Datum
job_postings_from_jsonld(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, list_postings);
}
