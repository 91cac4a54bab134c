/*
 * words.c
 *	  Cutting text into words and marks.
 */
#include "import/words.h"

typedef enum CharacterKind
{
	SPACE,
	LETTER,
	MARK
} CharacterKind;

/* Code points beyond ASCII that are no letters: first and last of each range. */
static const struct
{
	pg_wchar first, last;
	CharacterKind kind;
} NotLetters[] = {
	{0x0080, 0x009F, MARK},	 /* control characters */
	{0x00A0, 0x00A0, SPACE}, /* no-break space */
	{0x00A1, 0x00A9, MARK},	 /* punctuation and symbols; then the ordinal indicator a */
	{0x00AB, 0x00B1, MARK},	 {0x00B4, 0x00B4, MARK}, /* between superscript digits and the micro sign */
	{0x00B6, 0x00B8, MARK},	 {0x00BB, 0x00BB, MARK}, /* then fractions */
	{0x00BF, 0x00BF, MARK},	 {0x00D7, 0x00D7, MARK}, /* multiplication */
	{0x00F7, 0x00F7, MARK},							 /* division */
	{0x2000, 0x200A, SPACE},						 /* spaces of all widths */
	{0x200B, 0x2027, MARK},							 /* dashes, quotation marks, bullets */
	{0x2028, 0x2029, SPACE},						 /* line and paragraph separators */
	{0x202A, 0x202E, MARK},	 {0x202F, 0x202F, SPACE},  {0x2030, 0x205E, MARK},
	{0x205F, 0x205F, SPACE}, {0x2060, 0x206F, MARK},   {0x20A0, 0x20CF, MARK}, /* currencies */
	{0x2190, 0x2BFF, MARK},							   /* arrows, mathematics, boxes, dingbats */
	{0x3000, 0x3000, SPACE},						   /* ideographic space */
	{0x3001, 0x303F, MARK},							   /* CJK punctuation */
	{0xFE10, 0xFE1F, MARK},							   /* forms of punctuation */
	{0xFE30, 0xFE6F, MARK},	 {0xFEFF, 0xFEFF, MARK},   /* byte order mark */
	{0xFF01, 0xFF0F, MARK},							   /* full-width punctuation */
	{0xFF1A, 0xFF20, MARK},	 {0x1F000, 0x1FAFF, MARK}, /* pictographs */
};

static CharacterKind
kind_beyond_ascii(pg_wchar code)
{
	for (size_t i = 0; i < lengthof(NotLetters) && code >= NotLetters[i].first; i++)
	{
		if (code <= NotLetters[i].last)
			return NotLetters[i].kind;
	}
	return LETTER;
}

static CharacterKind
kind_of_ascii(unsigned char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')
		return LETTER;
	return c == ' ' || (c >= '\t' && c <= '\r') ? SPACE : MARK;
}

/* The kind of the character that begins here, its bytes, and its code point if that is known. */
static CharacterKind
character_at(const WordReader *reader, int *length, pg_wchar *code)
{
	const char *at = reader->at;

	*code = (unsigned char) *at;
	*length = 1;
	if (!IS_HIGHBIT_SET(*at))
		return kind_of_ascii(*at);
	*length = Min(pg_mblen(at), reader->end - at);
	if (!reader->unicode)
		return LETTER;
	if (GetDatabaseEncoding() == PG_UTF8)
		*code = utf8_to_unicode((const unsigned char *) at);
	return kind_beyond_ascii(*code);
}

/* Apostrophes and hyphens are written in several ways; the rules know one of each. */
static char
mark_of(pg_wchar code)
{
	if (code < 0x80)
		return (char) code;
	if (code == 0x2019)
		return '\'';
	if (code == 0x2010 || code == 0x2011)
		return '-';
	return 1;
}

void
word_reader_init(WordReader *reader, const char *text, Size length)
{
	int encoding = GetDatabaseEncoding();

	reader->at = text;
	reader->end = text + length;
	reader->unicode = encoding == PG_UTF8 || encoding == PG_LATIN1;
}

bool
word_reader_next(WordReader *reader, Word *word)
{
	CharacterKind kind = SPACE;
	int length = 0;
	pg_wchar code = 0;
	const char *from = reader->at;

	while (reader->at < reader->end && (kind = character_at(reader, &length, &code)) == SPACE)
	{
		CHECK_FOR_INTERRUPTS();
		reader->at += length;
	}
	if (reader->at >= reader->end)
		return false;
	word->spaced = reader->at > from;
	word->start = reader->at;
	word->mark = kind == MARK ? mark_of(code) : 0;
	do
	{
		CHECK_FOR_INTERRUPTS();
		reader->at += length;
	} while (kind == LETTER && reader->at < reader->end &&
			 character_at(reader, &length, &code) == LETTER);
	word->length = reader->at - word->start;
	return true;
}

bool
word_is_short(const Word *word)
{
	int letters = 0;

	if (word->mark != 0)
		return false;
	for (const char *at = word->start; at < word->start + word->length; at += pg_mblen(at))
	{
		if ((*at >= '0' && *at <= '9') || *at == '_' || ++letters > 2)
			return false;
	}
	return true;
}

const char *
word_spelling(const Word *word, uint32 *length)
{
	if (word->mark > 1)
	{
		*length = 1;
		return &word->mark;
	}
	*length = word->length;
	return word->start;
}
