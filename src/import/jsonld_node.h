/*
 * jsonld_node.h
 *	  Reading the nodes of JSON-LD: what is at a name, and of what type a node is.
 *
 * Names may have a prefix or be IRIs: `schema:name`, `sdo:name` and
 * `https://schema.org/name` are `name`.  No @context is read; what is behind
 * the last : / or # counts.
 */
#ifndef SHORTLIST_IMPORT_JSONLD_NODE_H
#define SHORTLIST_IMPORT_JSONLD_NODE_H

#include "types/json_object.h"

/* A name, within the JSON that it is of. */
typedef struct NodeName
{
	const char *bytes;
	int length;
} NodeName;

/* The name without its prefix; of a string. */
extern NodeName node_name(const JsonbValue *string);

extern bool node_name_is(NodeName name, const char *word);

/* The value at a name; NULL if there is none, or a null, or if the node is no object. */
extern JsonbValue *node_member(const JsonbValue *node, const char *name);

/* Has the node a type, perhaps one of several, that is wanted? */
extern bool node_has_type(const JsonbValue *node, bool (*wanted)(NodeName type));

#endif /* SHORTLIST_IMPORT_JSONLD_NODE_H */
