/*
 * receive.c
 *	  Reading binary input.
 */
#include "types/receive.h"

#include "libpq/pqformat.h"

void
receive_error(const InputPlace *place, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("invalid %s", place->type),
			 errdetail("%s", detail),
			 errhint("Send what the type's send function writes, or text.")));
}

void
receive_version(StringInfo in, int version, const InputPlace *place)
{
	int found = pq_getmsgbyte(in);

	if (found != version)
		receive_error(place,
					  psprintf("It is of version %d; this release reads version %d.", found,
							   version));
}

uint32
receive_count(StringInfo in, int least_bytes, const InputPlace *place)
{
	uint32 count = pq_getmsgint(in, 4);

	if (count > (uint32) (in->len - in->cursor) / least_bytes)
		receive_error(place, psprintf("It claims %u parts, more than it has bytes for.", count));
	return count;
}

SkillName
receive_name(StringInfo in, const InputPlace *place)
{
	int length = pq_getmsgint(in, 4);
	int converted;
	char *raw;

	if (length < 0 || length > in->len - in->cursor)
		receive_error(place, "A name is longer than what is left.");
	raw = pq_getmsgtext(in, length, &converted);
	return skill_name_fold(raw, converted, place);
}
