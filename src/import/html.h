/*
 * html.h
 *	  The text of a fragment of HTML.
 */
#ifndef SHORTLIST_IMPORT_HTML_H
#define SHORTLIST_IMPORT_HTML_H

#include "types/pg.h"

/*
 * Tags become line ends, and the character references that adverts use become
 * their characters: &amp; &lt; &gt; &quot; &apos; &nbsp; and numbers below 128.
 * All else stays, so that plain text comes back as it was.
 */
extern char *html_to_text(const char *html);

#endif /* SHORTLIST_IMPORT_HTML_H */
