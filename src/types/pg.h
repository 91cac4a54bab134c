/*
 * pg.h
 *	  PostgreSQL, as the rest of shortlist sees it.
 *
 * The only file that asks for PG_VERSION_NUM.
 */
#ifndef SHORTLIST_TYPES_PG_H
#define SHORTLIST_TYPES_PG_H

/*
 * The library is compiled with hidden symbols, since every other library of the
 * server sees what it exports.  Functions of SQL say that they are to be seen;
 * before 16 it is said here.
 */
#include "pg_config.h"
#if PG_VERSION_NUM < 160000
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif

#include "postgres.h"

#include "common/int.h"
#include "common/jsonapi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#if PG_VERSION_NUM < 140000
#error "shortlist needs PostgreSQL 14 or later"
#endif

#if PG_VERSION_NUM < 160000
#undef PG_FUNCTION_INFO_V1
#define PG_FUNCTION_INFO_V1(function)                                    \
	extern PGDLLEXPORT Datum function(PG_FUNCTION_ARGS);                 \
	extern PGDLLEXPORT const Pg_finfo_record *pg_finfo_##function(void); \
	const Pg_finfo_record *pg_finfo_##function(void)                     \
	{                                                                    \
		static const Pg_finfo_record version = {1};                      \
		return &version;                                                 \
	}                                                                    \
	extern int no_such_variable
#endif

/* Varlena macros moved out of postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* Spelled otherwise since 18. */
#if PG_VERSION_NUM >= 180000
#define NO_RETURN pg_noreturn
#else
#define NO_RETURN pg_attribute_noreturn()
#endif

/* Since 17 it no longer asks whether the count includes itself. */
#if PG_VERSION_NUM >= 170000
#define send_counted_text(out, bytes, length) pq_sendcountedtext(out, bytes, length)
#else
#define send_counted_text(out, bytes, length) pq_sendcountedtext(out, bytes, length, false)
#endif

/*
 * JSON parser: since 16 the callbacks return a code, since 17 the lexer can
 * live on the stack.
 */
#if PG_VERSION_NUM >= 160000
typedef JsonParseErrorType JsonActionResult;
#define JSON_ACTION_DONE return JSON_SUCCESS
#else
typedef void JsonActionResult;
#define JSON_ACTION_DONE return
#endif

static inline JsonLexContext *
json_lexer_for(const char *json, int length)
{
#if PG_VERSION_NUM >= 170000
	return makeJsonLexContextCstringLen(NULL, json, length, GetDatabaseEncoding(), true);
#else
	return makeJsonLexContextCstringLen(unconstify(char *, json), length, GetDatabaseEncoding(),
										true);
#endif
}

/* Sleeps if vacuum is to be gentle; serves interrupts. */
#if PG_VERSION_NUM >= 180000
#define vacuum_delay() vacuum_delay_point(false)
#else
#define vacuum_delay() vacuum_delay_point()
#endif

/* The number of the transaction within its session. */
#if PG_VERSION_NUM >= 170000
#define LOCAL_TRANSACTION(process) (process)->vxid.lxid
#else
#define LOCAL_TRANSACTION(process) (process)->lxid
#endif

/* tuplesort: 14 asks otherwise whether it is read once. */
#if PG_VERSION_NUM < 150000
#define SORT_READ_ONCE false
#else
#define SORT_READ_ONCE TUPLESORT_NONE
#endif

/* Who owns what is asked in one way since 16. */
#if PG_VERSION_NUM >= 160000
#define owns_relation(relation, user) object_ownercheck(RelationRelationId, relation, user)
#else
#define owns_relation(relation, user) pg_class_ownercheck(relation, user)
#endif

#endif /* SHORTLIST_TYPES_PG_H */
