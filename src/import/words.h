/*
 * words.h
 *	  Cutting text into words and marks.
 *
 * A word is a run, as long as it can be, of letters, digits and underscores.
 * Every other character that is not white space is a mark by itself.  Thus
 * `C++ and Node.js` is C + + and Node . js.
 *
 * Of the characters beyond ASCII all are letters but known punctuation,
 * symbols and white space.  In server encodings other than UTF-8 and LATIN1
 * all are letters.
 */
#ifndef SHORTLIST_IMPORT_WORDS_H
#define SHORTLIST_IMPORT_WORDS_H

#include "types/pg.h"

typedef struct Word
{
	const char *start;
	uint32 length; /* bytes */
	char mark;	   /* 0: a word; the mark, if it is ASCII or like one that is; else 1 */
	bool spaced;   /* white space stands before it */
} Word;

typedef struct WordReader
{
	const char *at;
	const char *end;
	bool unicode; /* characters beyond ASCII are code points of Unicode */
} WordReader;

extern void word_reader_init(WordReader *reader, const char *text, Size length);

/* The next word or mark; false at the end of the text. */
extern bool word_reader_next(WordReader *reader, Word *word);

/* One or two letters, such as C, R and Go: too little to tell a name from what merely looks like it. */
extern bool word_is_short(const Word *word);

/* As written, but for marks that have several forms: their bytes. */
extern const char *word_spelling(const Word *word, uint32 *length);

#endif /* SHORTLIST_IMPORT_WORDS_H */
