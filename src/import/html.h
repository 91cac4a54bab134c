/*
 * html.h
 *	  The text of a fragment of HTML.
 */
#ifndef SHORTLIST_IMPORT_HTML_H
#define SHORTLIST_IMPORT_HTML_H

#include "types/pg.h"

/*
 * Tags become line ends, and character references become their characters:
 * numbers, the names of Latin-1's characters, and some names of marks; beyond
 * ASCII only where the database is in UTF-8.  A no-break space is a space.
 * All else stays, so that plain text comes back as it was.
 */
extern char *html_to_text(const char *html);

/* The character references alone; what looks like a tag stays. */
extern char *html_unescape(const char *text);

#endif /* SHORTLIST_IMPORT_HTML_H */
