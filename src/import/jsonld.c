/*
 * jsonld.c
 *	  The schema.org Events of a JSON-LD document, in one plain form.
 *
 * JSON-LD allows many spellings of the same thing.  What comes out has
 * plain keys (`schema:name` and `https://schema.org/name` become `name`),
 * plain values (`{"@value": "x"}` becomes `"x"`, and `&amp;` is `&`), places and offers that are texts as objects,
 * and what a node only refers to by `@id` put in its place, if the document
 * has it.  Nothing else is changed, so that jsonpath finds things where
 * schema.org says they are.
 */
#include "import/html.h"
#include "import/jsonld_node.h"
#include "ops/rows.h"

#include "utils/hsearch.h"

/* What a reference stands for; kept by @id. */
typedef struct NodeById
{
	char id[NAMEDATALEN * 4]; /* longer ones are not resolved */
	JsonbValue *node;
} NodeById;

typedef struct Document
{
	HTAB *by_id;
	RowSet *rows;
	int32 events;
	Size expanded; /* bytes of the nodes that took the place of references */
} Document;

/* How deep references are followed: to a location, and from there to its geo or address. */
#define MAX_REFERENCES 2

/* A small document can refer to a large node many times. */
#define MAX_EXPANDED (64 * 1024 * 1024)

/* Event and its subtypes: all are named so, but for these. */
static bool
is_event_type(NodeName type)
{
	static const char *const others[] = {"Festival", "Hackathon", "EventSeries", "CourseInstance"};

	for (int i = 0; i < (int) lengthof(others); i++)
		if (node_name_is(type, others[i]))
			return true;
	return type.length >= 5 && memcmp(type.bytes + type.length - 5, "Event", 5) == 0;
}

static bool
is_event(const JsonbValue *node)
{
	return node_has_type(node, is_event_type);
}

static bool
id_of(const JsonbValue *node, char id[sizeof(((NodeById *) 0)->id)])
{
	JsonbValue *value = node_member(node, "@id");

	if (value == NULL || value->type != jbvString ||
		value->val.string.len >= (int) sizeof(((NodeById *) 0)->id))
		return false;
	memset(id, 0, sizeof(((NodeById *) 0)->id));
	memcpy(id, value->val.string.val, value->val.string.len);
	return true;
}

/* Does the node say no more than its @id, and perhaps its @type? */
static bool
is_reference(const JsonbValue *node)
{
	bool has_type = node_member(node, "@type") != NULL || node_member(node, "type") != NULL;

	return JsonContainerSize(node->val.binary.data) == (has_type ? 2 : 1);
}

/* Calls visit for every object in a value, the outer before the inner. */
static void
each_object(const JsonbValue *value, void (*visit)(const JsonbValue *, Document *),
			Document *document)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue inner;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (value->type != jbvBinary)
		return;
	if (json_is_object(value))
		visit(value, document);
	iterator = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &inner, true)) != WJB_DONE)
		if (token == WJB_VALUE || token == WJB_ELEM)
			each_object(&inner, visit, document);
}

static void
remember_node(const JsonbValue *node, Document *document)
{
	char id[sizeof(((NodeById *) 0)->id)];
	NodeById *entry;
	bool found;

	if (!id_of(node, id) || is_reference(node))
		return;
	entry = hash_search(document->by_id, id, HASH_ENTER, &found);
	if (!found)
		entry->node = memcpy(palloc(sizeof(*node)), node, sizeof(*node));
}

static void push_plain(JsonbParseState **state, const JsonbValue *value, JsonbIteratorToken as,
					   const char *key, Document *document, int references);

/* A scalar; pages have texts as HTML has them, with character references. */
static void
push_scalar(JsonbParseState **state, JsonbIteratorToken as, const JsonbValue *value)
{
	JsonbValue scalar = *value;

	if (scalar.type == jbvString && memchr(scalar.val.string.val, '&', scalar.val.string.len))
	{
		scalar.val.string.val =
			html_unescape(pnstrdup(scalar.val.string.val, scalar.val.string.len));
		scalar.val.string.len = strlen(scalar.val.string.val);
	}
	pushJsonbValue(state, as, &scalar);
}

/*
 * What a text says of the thing that schema.org expects at a key; NULL if it
 * says nothing, or expects no thing.  A text among offers is a price, unless it
 * is a link to them.
 */
static const char *
text_means(const char *key, const JsonbValue *value)
{
	if (value->type != jbvString)
		return NULL;
	if (strcmp(key, "location") == 0)
		return "name";
	if (strcmp(key, "offers") == 0 &&
		memchr(value->val.string.val, '/', value->val.string.len) == NULL)
		return "price";
	return NULL;
}

/* What is at a key; a text becomes the thing of which it says something. */
static void
push_value_of(JsonbParseState **state, const JsonbValue *value, const char *key, Document *document,
			  int references)
{
	JsonbValue name;

	if (text_means(key, value) != NULL)
	{
		name.type = jbvString;
		name.val.string.val = pstrdup(text_means(key, value));
		name.val.string.len = strlen(name.val.string.val);
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		pushJsonbValue(state, WJB_KEY, &name);
		push_scalar(state, WJB_VALUE, value);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
		return;
	}
	push_plain(state, value, WJB_VALUE, key, document, references);
}

/* The object's members under their plain names. */
static JsonbValue *
push_object(JsonbParseState **state, const JsonbValue *object, Document *document, int references)
{
	JsonbIterator *iterator = JsonbIteratorInit(object->val.binary.data);
	JsonbIteratorToken token;
	JsonbValue value;

	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		NodeName name;
		JsonbValue key;
		bool other; /* foaf:name beside name */

		if (token != WJB_KEY)
			continue;
		name = node_name(&value);
		other = name.length < value.val.string.len &&
			getKeyJsonValueFromContainer(object->val.binary.data, name.bytes, name.length, NULL) !=
				NULL;
		key.type = jbvString;
		key.val.string.val = pnstrdup(name.bytes, name.length);
		key.val.string.len = name.length;
		JsonbIteratorNext(&iterator, &value, true);
		if (other)
			continue;
		pushJsonbValue(state, WJB_KEY, &key);
		push_value_of(state, &value, key.val.string.val, document, references);
	}
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* An array's elements; texts among them are things too. */
static void
push_array(JsonbParseState **state, const JsonbValue *array, const char *key, Document *document,
		   int references)
{
	JsonbIterator *iterator = JsonbIteratorInit(array->val.binary.data);
	JsonbIteratorToken token;
	JsonbValue value;

	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token != WJB_ELEM)
			continue;
		if (text_means(key, &value) != NULL)
			push_value_of(state, &value, key, document, references);
		else
			push_plain(state, &value, WJB_ELEM, key, document, references);
	}
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/* The node that an object refers to, or the object itself. */
static const JsonbValue *
resolve(const JsonbValue *object, Document *document, int *references)
{
	char id[sizeof(((NodeById *) 0)->id)];
	NodeById *entry;

	if (*references == MAX_REFERENCES || !id_of(object, id) || !is_reference(object))
		return object;
	entry = hash_search(document->by_id, id, HASH_FIND, NULL);
	if (entry == NULL || is_event(entry->node))
		return object;
	(*references)++;
	document->expanded += entry->node->val.binary.len;
	if (document->expanded > MAX_EXPANDED)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the references of the JSON-LD document expand to more than %d MB",
						MAX_EXPANDED / (1024 * 1024)),
				 errhint("Import it in parts.")));
	return entry->node;
}

/* In the place of an event within another: it is a row of its own. */
static void
push_null(JsonbParseState **state, JsonbIteratorToken as)
{
	JsonbValue null = {.type = jbvNull};

	pushJsonbValue(state, as, &null);
}

static void
push_plain(JsonbParseState **state, const JsonbValue *value, JsonbIteratorToken as, const char *key,
		   Document *document, int references)
{
	JsonbValue *plain;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (json_is_array(value))
		push_array(state, value, key, document, references);
	else if (json_is_object(value))
	{
		value = resolve(value, document, &references);
		plain = node_member(value, "@value");
		if (plain != NULL)
			push_plain(state, plain, as, key, document, references);
		else if (is_event(value))
			push_null(state, as);
		else
			push_object(state, value, document, references);
	}
	else
		push_scalar(state, as, value);
}

static void
emit_event(const JsonbValue *node, Document *document)
{
	JsonbParseState *state = NULL;
	Datum values[2];
	bool nulls[2] = {false, false};

	/* A mere reference to an event is not one more event. */
	if (!is_event(node) || (node_member(node, "@id") != NULL && is_reference(node)))
		return;
	values[0] = Int32GetDatum(++document->events);
	values[1] = JsonbPGetDatum(JsonbValueToJsonb(push_object(&state, node, document, 0)));
	add_row(document->rows, values, nulls);
}

static void
make_events(FunctionCallInfo fcinfo, RowSet *rows)
{
	Jsonb *json = PG_GETARG_JSONB_P_COPY(0);
	HASHCTL control = {.keysize = sizeof(((NodeById *) 0)->id),
					   .entrysize = sizeof(NodeById),
					   .hcxt = CurrentMemoryContext};
	Document document = {.rows = rows};
	JsonbValue root;

	json_root(json, &root);
	document.by_id = hash_create("nodes of a JSON-LD document", 64, &control,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	each_object(&root, remember_node, &document);
	each_object(&root, emit_event, &document);
}

PG_FUNCTION_INFO_V1(jsonld_events);

/* jsonld_events(document jsonb, OUT number integer, OUT event jsonb) returns setof record */
Datum
jsonld_events(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, make_events);
}
