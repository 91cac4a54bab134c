/*
 * price_text.c
 *	  Prices as people write them.
 */
#include "core/price_text.h"

#include <string.h>

typedef struct Span
{
	const char *text;
	size_t length;
} Span;

#define NO_BREAK_SPACE "\xc2\xa0"
#define NARROW_NO_BREAK_SPACE "\xe2\x80\xaf"

/* What stands beside an amount.  Many a sign is of several currencies, and then tells none. */
static const struct
{
	const char *sign;
	const char *currency;
} signs[] = {
	{"\xe2\x82\xac", "EUR"},
	{"euro", "EUR"},
	{"euros", "EUR"},
	{"\xc2\xa3", "GBP"},
	{"US$", "USD"},
	{"CA$", "CAD"},
	{"A$", "AUD"},
	{"NZ$", "NZD"},
	{"HK$", "HKD"},
	{"S$", "SGD"},
	{"R$", "BRL"},
	{"\xe2\x82\xb9", "INR"},
	{"\xe2\x82\xba", "TRY"},
	{"\xe2\x82\xbd", "RUB"},
	{"\xe2\x82\xa9", "KRW"},
	{"\xe2\x82\xaa", "ILS"},
	{"z\xc5\x82", "PLN"},
	{"K\xc4\x8d", "CZK"},
	{"Ft", "HUF"},
	{"$", ""},
	{"\xc2\xa5", ""},
	{"kr", ""},
	{"kr.", ""},
	{"Fr.", ""},
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The length of a space at this place, or 0. */
static size_t
space_length(const char *at, const char *end)
{
	static const char *const wide[] = {NO_BREAK_SPACE, NARROW_NO_BREAK_SPACE};

	if (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
		return 1;
	for (int i = 0; i < 2; i++)
	{
		size_t length = strlen(wide[i]);

		if ((size_t) (end - at) >= length && memcmp(at, wide[i], length) == 0)
			return length;
	}
	return 0;
}

static Span
trim(Span span)
{
	const char *end = span.text + span.length;
	size_t skip;

	while ((skip = space_length(span.text, end)) > 0)
		span.text += skip;
	while (end > span.text)
	{
		size_t last = end - span.text >= 3 && space_length(end - 3, end) == 3 ? 3
			: end - span.text >= 2 && space_length(end - 2, end) == 2		  ? 2
																	  : space_length(end - 1, end);

		if (last == 0)
			break;
		end -= last;
	}
	span.length = end - span.text;
	return span;
}

static bool
is_word(Span span, const char *lower_case)
{
	if (span.length != strlen(lower_case))
		return false;
	for (size_t i = 0; i < span.length; i++)
	{
		char c = span.text[i];

		if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != lower_case[i])
			return false;
	}
	return true;
}

/* A code of three capitals, or a sign; false if it is neither. */
static bool
read_currency(Span label, PriceText *price)
{
	bool capitals = label.length == 3;

	if (label.length == 0)
		return true;
	for (size_t i = 0; i < label.length; i++)
		capitals = capitals && label.text[i] >= 'A' && label.text[i] <= 'Z';
	if (capitals)
	{
		memcpy(price->currency, label.text, 3);
		return true;
	}
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (label.length == strlen(signs[i].sign) &&
			memcmp(label.text, signs[i].sign, label.length) == 0)
		{
			strcpy(price->currency, signs[i].currency);
			return true;
		}
	return false;
}

/*
 * Which character is the decimal mark, or 0; also how often point and comma
 * occur, and how many digits follow the last of them.
 */
static char
decimal_mark(Span number)
{
	int points = 0;
	int commas = 0;
	char last = 0;
	int after = 0;

	for (size_t i = 0; i < number.length; i++)
	{
		char c = number.text[i];

		points += c == '.';
		commas += c == ',';
		if (c == '.' || c == ',')
		{
			last = c;
			after = 0;
		}
		else if (is_digit(c))
			after++;
	}
	if (points > 0 && commas > 0)
		return last;
	if (points == 1)
		return '.';
	if (commas == 1 && after != 3)
		return ',';
	return 0;
}

/*
 * The digits without what groups them.  Groups have three digits, but the
 * first, which has one to three; there is one decimal mark, and digits follow.
 */
static bool
read_amount(Span number, char *out)
{
	const char *end = number.text + number.length;
	char mark = decimal_mark(number);
	int digits = 0;
	int group = 0;
	char separator = 0;
	char *start = out;

	for (const char *at = number.text; at < end;)
	{
		size_t space = space_length(at, end);

		if (is_digit(*at))
		{
			if (++digits > PRICE_DIGITS)
				return false;
			group++;
			*out++ = *at++;
		}
		else if (*at == mark)
		{
			if ((separator != 0 && group != 3) || digits == 0)
				return false;
			*out++ = '.';
			digits = 0;
			for (at++; at < end && is_digit(*at) && digits < PRICE_DECIMALS; digits++)
				*out++ = *at++;
			*out = '\0';
			return at == end && digits > 0;
		}
		else
		{
			char kind = space > 0 ? ' ' : *at;

			if ((separator != 0 && (kind != separator || group != 3)) || group < 1 || group > 3)
				return false;
			separator = kind;
			group = 0;
			at += space > 0 ? space : 1;
		}
	}
	*out = '\0';
	return out > start && (separator == 0 || group == 3);
}

bool
price_parse(const char *text, size_t length, PriceText *price)
{
	Span whole = trim((Span){text, length});
	const char *end = whole.text + whole.length;
	const char *first = whole.text;
	const char *last = end;
	Span before, number, after;

	memset(price, 0, sizeof(*price));
	if (is_word(whole, "free") || is_word(whole, "gratis"))
	{
		strcpy(price->amount, "0");
		return true;
	}
	while (first < end && !is_digit(*first))
		first++;
	while (last > first && !is_digit(last[-1]))
		last--;
	before = trim((Span){whole.text, first - whole.text});
	number = (Span){first, last - first};
	after = trim((Span){last, end - last});
	for (const char *at = first; at < last;)
	{
		size_t space = space_length(at, last);

		if (space == 0 && !is_digit(*at) && *at != '.' && *at != ',' && *at != '\'')
			return false;
		at += space > 0 ? space : 1;
	}
	return (before.length == 0 || after.length == 0) && read_currency(before, price) &&
		read_currency(after, price) && read_amount(number, price->amount);
}
