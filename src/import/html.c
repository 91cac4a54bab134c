/*
 * html.c
 *	  The text of a fragment of HTML.
 */
#include "import/html.h"

#include <ctype.h>

#include "mb/pg_wchar.h"

/* Behind a tag that begins here, where the text's last `>` is known; NULL if none does. */
static const char *
behind_tag(const char *at, const char *last_end)
{
	if (!(isalpha((unsigned char) at[1]) || at[1] == '/' || at[1] == '!'))
		return NULL;
	return last_end == NULL || at > last_end ? NULL : strchr(at, '>') + 1;
}

/* Names of the characters U+00A0 to U+00FF, in their order. */
static const char *const latin_names[] =
	{"nbsp",   "iexcl",	 "cent",   "pound",	 "curren", "yen",	 "brvbar", "sect",	 "uml",
	 "copy",   "ordf",	 "laquo",  "not",	 "shy",	   "reg",	 "macr",   "deg",	 "plusmn",
	 "sup2",   "sup3",	 "acute",  "micro",	 "para",   "middot", "cedil",  "sup1",	 "ordm",
	 "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",	 "Atilde",
	 "Auml",   "Aring",	 "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",	 "Igrave",
	 "Iacute", "Icirc",	 "Iuml",   "ETH",	 "Ntilde", "Ograve", "Oacute", "Ocirc",	 "Otilde",
	 "Ouml",   "times",	 "Oslash", "Ugrave", "Uacute", "Ucirc",	 "Uuml",   "Yacute", "THORN",
	 "szlig",  "agrave", "aacute", "acirc",	 "atilde", "auml",	 "aring",  "aelig",	 "ccedil",
	 "egrave", "eacute", "ecirc",  "euml",	 "igrave", "iacute", "icirc",  "iuml",	 "eth",
	 "ntilde", "ograve", "oacute", "ocirc",	 "otilde", "ouml",	 "divide", "oslash", "ugrave",
	 "uacute", "ucirc",	 "uuml",   "yacute", "thorn",  "yuml"};

#define FIRST_LATIN 0xA0

/* Other names that texts use. */
static const struct
{
	const char *name;
	pg_wchar character;
} other_names[] = {{"amp", '&'},	   {"lt", '<'},		  {"gt", '>'},		 {"quot", '"'},
				   {"apos", '\''},	   {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018},
				   {"rsquo", 0x2019},  {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"bull", 0x2022},
				   {"hellip", 0x2026}, {"euro", 0x20AC},  {"trade", 0x2122}};

/* The longest of these names, or number of a character: &hellip; &#x0010FFFF; */
#define MAX_REFERENCE 16

/* The character of `eacute`, `#233` or `#xE9`; 0 if it is not known. */
static pg_wchar
referred_character(const char *name)
{
	if (name[0] == '#')
	{
		bool hex = name[1] == 'x' || name[1] == 'X';
		const char *digits = name + (hex ? 2 : 1);
		char *end;
		unsigned long code = strtoul(digits, &end, hex ? 16 : 10);

		/* strtoul would read a sign, and what is no character is none here */
		if (!isxdigit((unsigned char) *digits) || *end != '\0' || code < ' ' ||
			(code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF)
			return 0;
		return code;
	}
	for (size_t i = 0; i < lengthof(other_names); i++)
	{
		if (strcmp(name, other_names[i].name) == 0)
			return other_names[i].character;
	}
	for (size_t i = 0; i < lengthof(latin_names); i++)
	{
		if (strcmp(name, latin_names[i]) == 0)
			return FIRST_LATIN + i;
	}
	return 0;
}

/*
 * Behind a character reference that begins here; NULL if it is none that is
 * known.  Appends its character, which takes no more bytes than it does.
 * Beyond ASCII a database in UTF-8 has all characters; in another encoding
 * such references stay as they are.
 */
static const char *
behind_reference(const char *at, char **to)
{
	char name[MAX_REFERENCE + 1];
	int length = strcspn(at + 1, ";&< ");
	pg_wchar character;

	if (length > MAX_REFERENCE || at[1 + length] != ';')
		return NULL;
	memcpy(name, at + 1, length);
	name[length] = '\0';
	character = referred_character(name);
	if (character == FIRST_LATIN) /* a space */
		character = ' ';
	if (character == 0 || (character >= 128 && GetDatabaseEncoding() != PG_UTF8))
		return NULL;
	unicode_to_utf8(character, (unsigned char *) *to);
	*to += pg_utf_mblen((unsigned char *) *to);
	return at + 1 + length + 1;
}

static char *
read_html(const char *html, bool with_tags)
{
	char *text = palloc_extended(strlen(html) + 1, MCXT_ALLOC_HUGE);
	char *to = text;
	const char *last_end = with_tags ? strrchr(html, '>') : NULL;

	/* every byte of a character beyond ASCII is beyond ASCII, in every server encoding */
	while (*html != '\0')
	{
		const char *behind = NULL;

		CHECK_FOR_INTERRUPTS();
		if (*html == '<' && (behind = behind_tag(html, last_end)) != NULL)
			*to++ = '\n';
		else if (*html == '&')
			behind = behind_reference(html, &to);
		if (behind == NULL)
		{
			*to++ = *html;
			behind = html + 1;
		}
		html = behind;
	}
	*to = '\0';
	return text;
}

char *
html_to_text(const char *html)
{
	return read_html(html, true);
}

char *
html_unescape(const char *text)
{
	return read_html(text, false);
}
