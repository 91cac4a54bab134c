/*
 * html.c
 *	  The text of a fragment of HTML.
 */
#include "import/html.h"

#include <ctype.h>

/* Behind a tag that begins here, where the text's last `>` is known; NULL if none does. */
static const char *
behind_tag(const char *at, const char *last_end)
{
	if (!(isalpha((unsigned char) at[1]) || at[1] == '/' || at[1] == '!'))
		return NULL;
	return last_end == NULL || at > last_end ? NULL : strchr(at, '>') + 1;
}

/* Behind a character reference that begins here, and its character; NULL if it is none that is known. */
static const char *
behind_reference(const char *at, char *character)
{
	static const struct
	{
		const char *name;
		char character;
	} known[] = {{"&amp;", '&'},  {"&lt;", '<'},	{"&gt;", '>'},
				 {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}};

	for (size_t i = 0; i < lengthof(known); i++)
	{
		if (strncmp(at, known[i].name, strlen(known[i].name)) == 0)
		{
			*character = known[i].character;
			return at + strlen(known[i].name);
		}
	}
	if (at[1] == '#' && isdigit((unsigned char) at[2]))
	{
		char *end;
		long code = strtol(at + 2, &end, 10);

		if (*end == ';' && code >= ' ' && code < 128)
		{
			*character = (char) code;
			return end + 1;
		}
	}
	return NULL;
}

char *
html_to_text(const char *html)
{
	char *text = palloc_extended(strlen(html) + 1, MCXT_ALLOC_HUGE);
	char *to = text;
	const char *last_end = strrchr(html, '>');

	/* every byte of a character beyond ASCII is beyond ASCII, in every server encoding */
	while (*html != '\0')
	{
		const char *behind = NULL;
		char character = '\n';

		if (*html == '<')
			behind = behind_tag(html, last_end);
		else if (*html == '&')
			behind = behind_reference(html, &character);
		if (behind == NULL)
		{
			character = *html;
			behind = html + 1;
		}
		*to++ = character;
		html = behind;
	}
	*to = '\0';
	return text;
}
