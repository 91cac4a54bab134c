/*
 * json_object.h
 *	  Reading the JSON forms of the types, and writing them.
 */
#ifndef SHORTLIST_TYPES_JSON_OBJECT_H
#define SHORTLIST_TYPES_JSON_OBJECT_H

#include "types/input_rule.h"
#include "utils/json.h"
#include "utils/jsonb.h"

typedef struct JsonField
{
	char *key;
	InputPlace place; /* names the key and its parents, for errors */
	JsonbValue value;
} JsonField;

/* The keys of an object, in jsonb's order.  Error 22023 if it is not an object. */
extern JsonField *json_fields(const JsonbValue *value, const InputPlace *place, int *count);

/* The elements of an array, each with its place. */
extern JsonField *json_elements(const JsonbValue *value, const InputPlace *place, int *count);

extern bool json_is_object(const JsonbValue *value);
extern bool json_is_array(const JsonbValue *value);

/* A whole jsonb as one value. */
extern void json_root(Jsonb *json, JsonbValue *value);

/* The value as text of a number, string or boolean; error 22023 if it is of another type. */
extern const char *json_number(const JsonField *field);
extern const char *json_string(const JsonField *field);
extern bool json_boolean(const JsonField *field);
extern bool json_is_null(const JsonField *field);
extern bool json_is_string(const JsonField *field);

NO_RETURN extern void json_type_error(const InputPlace *place, const char *expected);

/* Error 22023 that lists the keys that are known here. */
NO_RETURN extern void json_unknown_key(const JsonField *field, const char *known);

/*
 * Text to jsonb (22P02 if it is not JSON).  Where an object has a key twice,
 * jsonb would silently keep the last: here it is an error, 22P02.
 */
extern Jsonb *json_parse(const char *text, const char *type);

/* JSON text as a jsonb datum. */
extern Datum json_text_to_jsonb(const char *text);

/* Opens `"key": ` with a comma before it unless it is the first in its object. */
extern void json_append_key(StringInfo out, const char *key);

#endif /* SHORTLIST_TYPES_JSON_OBJECT_H */
