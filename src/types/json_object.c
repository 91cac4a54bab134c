/*
 * json_object.c
 *	  Reading and writing the JSON forms of the types.
 */
#include "types/json_object.h"

#include "nodes/pg_list.h"
#include "utils/numeric.h"

/* No type has an object with more keys of its own than this; where it matters, jsonb has to be read anyway. */
#define MANY_KEYS 100

void
json_type_error(const InputPlace *place, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("wrong JSON value for %s", place->type), errdetail_place(place, NULL),
			 errhint("Expected %s.", expected)));
}

void
json_unknown_key(const JsonField *field, const char *known)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown key \"%.*s\" for %s", CLIPPED(field->key), field->place.type),
			 errdetail_place(&field->place, NULL), errhint("Known keys: %s.", known)));
}

bool
json_is_object(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data);
}

bool
json_is_array(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data);
}

void
json_root(Jsonb *json, JsonbValue *value)
{
	if (JB_ROOT_IS_SCALAR(json))
	{
		(void) JsonbExtractScalar(&json->root, value);
		return;
	}
	value->type = jbvBinary;
	value->val.binary.data = &json->root;
	value->val.binary.len = VARSIZE(json) - VARHDRSZ;
}

static const char *
child_key(const InputPlace *place, const char *key)
{
	return place->key == NULL ? key : psprintf("%s%s%s", place->key, *key == '[' ? "" : ".", key);
}

JsonField *
json_fields(const JsonbValue *value, const InputPlace *place, int *count)
{
	JsonbContainer *object;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue item;
	JsonField *fields;
	int n = 0;

	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		json_type_error(place, "an object");
	object = value->val.binary.data;
	fields =
		palloc_extended(sizeof(JsonField) * Max(1, JsonContainerSize(object)), MCXT_ALLOC_HUGE);
	iterator = JsonbIteratorInit(object);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			CHECK_FOR_INTERRUPTS();
			fields[n].key = pnstrdup(item.val.string.val, item.val.string.len);
			fields[n].place = *place;
			fields[n].place.key = child_key(place, fields[n].key);
		}
		else if (token == WJB_VALUE)
			fields[n++].value = item;
	}
	*count = n;
	return fields;
}

JsonField *
json_elements(const JsonbValue *value, const InputPlace *place, int *count)
{
	JsonbContainer *array;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue item;
	JsonField *fields;
	int n = 0;

	if (value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data))
		json_type_error(place, "an array");
	array = value->val.binary.data;
	fields = palloc_extended(sizeof(JsonField) * Max(1, JsonContainerSize(array)), MCXT_ALLOC_HUGE);
	iterator = JsonbIteratorInit(array);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		if (token != WJB_ELEM)
			continue;
		CHECK_FOR_INTERRUPTS();
		fields[n].key = psprintf("[%d]", n);
		fields[n].place = *place;
		fields[n].place.key = child_key(place, fields[n].key);
		fields[n++].value = item;
	}
	*count = n;
	return fields;
}

const char *
json_number(const JsonField *field)
{
	if (field->value.type != jbvNumeric)
		json_type_error(&field->place, "a number");
	return DatumGetCString(DirectFunctionCall1(numeric_out,
											   NumericGetDatum(field->value.val.numeric)));
}

const char *
json_string(const JsonField *field)
{
	if (field->value.type != jbvString)
		json_type_error(&field->place, "a string");
	return pnstrdup(field->value.val.string.val, field->value.val.string.len);
}

bool
json_boolean(const JsonField *field)
{
	if (field->value.type != jbvBool)
		json_type_error(&field->place, "true or false");
	return field->value.val.boolean;
}

bool
json_is_null(const JsonField *field)
{
	return field->value.type == jbvNull;
}

bool
json_is_string(const JsonField *field)
{
	return field->value.type == jbvString;
}

/* The keys seen so far of every object that is still open; the last of each leads to what is read now. */
typedef struct KeyCheck
{
	const char *type;
	List *open; /* of List of char *, outermost first */
} KeyCheck;

static void
key_stands_twice(const KeyCheck *check)
{
	InputPlace place = {check->type, NULL, NULL, NULL};
	ListCell *cell;

	foreach(cell, check->open)
		place.key = child_key(&place, llast((List *) lfirst(cell)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("key \"%.*s\" appears twice in %s",
					CLIPPED((char *) llast((List *) llast(check->open))), check->type),
			 errdetail_place(&place, NULL), errhint("Write every key of an object once.")));
}

static JsonActionResult
key_check_object_start(void *state)
{
	KeyCheck *check = state;

	check->open = lappend(check->open, NIL);
	JSON_ACTION_DONE;
}

static JsonActionResult
key_check_object_end(void *state)
{
	KeyCheck *check = state;

	check->open = list_delete_last(check->open);
	JSON_ACTION_DONE;
}

static JsonActionResult
key_check_field(void *state, char *key, bool isnull)
{
	KeyCheck *check = state;
	List *seen = llast(check->open);
	ListCell *cell;
	bool known = false;

	/* With so many keys some are unknown, and jsonb's reader will say so. */
	if (list_length(seen) < MANY_KEYS)
	{
		foreach(cell, seen)
			known |= strcmp(lfirst(cell), key) == 0;
	}
	llast(check->open) = lappend(seen, key);
	if (known)
		key_stands_twice(check);
	JSON_ACTION_DONE;
}

Jsonb *
json_parse(const char *text, const char *type)
{
	Datum json = json_text_to_jsonb(text);
	KeyCheck check = {type, NIL};
	JsonSemAction actions;

	memset(&actions, 0, sizeof(actions));
	actions.semstate = &check;
	actions.object_start = key_check_object_start;
	actions.object_end = key_check_object_end;
	actions.object_field_start = key_check_field;
	(void) pg_parse_json(json_lexer_for(text, strlen(text)), &actions);
	return DatumGetJsonbP(json);
}

Datum
json_text_to_jsonb(const char *text)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
}

void
json_append_key(StringInfo out, const char *key)
{
	if (out->data[out->len - 1] != '{')
		appendStringInfoString(out, ", ");
	escape_json(out, key);
	appendStringInfoString(out, ": ");
}
