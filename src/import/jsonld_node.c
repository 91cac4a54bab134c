/*
 * jsonld_node.c
 *	  Reading the nodes of JSON-LD.
 */
#include "import/jsonld_node.h"

NodeName
node_name(const JsonbValue *string)
{
	NodeName name = {string->val.string.val, string->val.string.len};

	for (int i = 0; i + 1 < string->val.string.len; i++)
	{
		char c = string->val.string.val[i];

		if (c == ':' || c == '/' || c == '#')
			name = (NodeName){string->val.string.val + i + 1, string->val.string.len - i - 1};
	}
	return name;
}

bool
node_name_is(NodeName name, const char *word)
{
	return name.length == (int) strlen(word) && memcmp(name.bytes, word, name.length) == 0;
}

JsonbValue *
node_member(const JsonbValue *node, const char *name)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue value;

	if (!json_is_object(node))
		return NULL;
	iterator = JsonbIteratorInit(node->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		bool found = token == WJB_KEY && node_name_is(node_name(&value), name);

		if (token != WJB_KEY)
			continue;
		JsonbIteratorNext(&iterator, &value, true);
		if (found && value.type != jbvNull)
			return memcpy(palloc(sizeof(value)), &value, sizeof(value));
	}
	return NULL;
}

bool
node_has_type(const JsonbValue *node, bool (*wanted)(NodeName type))
{
	JsonbValue *type = node_member(node, "@type");
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue element;

	if (type == NULL)
		type = node_member(node, "type"); /* what contexts usually call it too */
	if (type == NULL)
		return false;
	if (!json_is_array(type))
		return type->type == jbvString && wanted(node_name(type));
	iterator = JsonbIteratorInit(type->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &element, true)) != WJB_DONE)
		if (token == WJB_ELEM && element.type == jbvString && wanted(node_name(&element)))
			return true;
	return false;
}
