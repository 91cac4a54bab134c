/*
 * price_text_test.c
 *	  Prices as people write them; and random bytes.
 */
#include "core/price_text.h"

#include <string.h>

#include "random.h"
#include "tap.h"

static void
test_known(void)
{
	static const struct
	{
		const char *text;
		const char *amount; /* NULL: not a price */
		const char *currency;
	} cases[] = {
		{"13.00", "13.00", ""},
		{"0", "0", ""},
		{"0.00", "0.00", ""},
		{"free", "0", ""},
		{" Free ", "0", ""},
		{"GRATIS", "0", ""},
		{"$13.00", "13.00", ""},
		{"US$13", "13", "USD"},
		{"USD 13", "13", "USD"},
		{"13 EUR", "13", "EUR"},
		{"12,50 \xe2\x82\xac", "12.50", "EUR"},
		{"12,50\xc2\xa0\xe2\x82\xac", "12.50", "EUR"},
		{"\xc2\xa3"
		 "5",
		 "5", "GBP"},
		{"1,234.50", "1234.50", ""},
		{"1.234,50", "1234.50", ""},
		{"1,234", "1234", ""},
		{"1.234", "1.234", ""},
		{"1.234.567", "1234567", ""},
		{"1,234,567", "1234567", ""},
		{"1,234,567.89", "1234567.89", ""},
		{"1 234,5", "1234.5", ""},
		{"1\xe2\x80\xaf"
		 "234",
		 "1234", ""},
		{"1'234.50 CHF", "1234.50", "CHF"},
		{"12,5", "12.5", ""},
		{"20 euros", "20", "EUR"},
		{"999999999999", "999999999999", ""},
		{"", NULL, ""},
		{"-5", NULL, ""},
		{"5-10", NULL, ""},
		{"from 10", NULL, ""},
		{"call us", NULL, ""},
		{"10 each", NULL, ""},
		{"USD 10 EUR", NULL, ""},
		{"1,23,456", NULL, ""},
		{"1,2345", "1.2345", ""},
		{"1.23,456", NULL, ""},
		{"12345,678.90", NULL, ""},
		{"1.2.3", NULL, ""},
		{"10.", NULL, ""},
		{".5", NULL, ""},
		{"1e5", NULL, ""},
		{"NaN", NULL, ""},
		{"Infinity", NULL, ""},
		{"9999999999999", NULL, ""},
		{"1,,000", NULL, ""},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		PriceText price;
		bool read = price_parse(cases[i].text, strlen(cases[i].text), &price);

		if (!ok(read == (cases[i].amount != NULL) &&
					(!read ||
					 (strcmp(price.amount, cases[i].amount) == 0 &&
					  strcmp(price.currency, cases[i].currency) == 0)),
				"\"%s\"", cases[i].text))
			diagnose("got %s \"%s\" \"%s\"", read ? "a price" : "none", price.amount,
					 price.currency);
	}
}

/* What is read is digits, perhaps with a point and digits; whatever the bytes were. */
static void
test_random_bytes(void)
{
	static const char bytes[] = "0123456789.,.,' $AUSD\xc2\xa0\xe2\x82\xac\xc5\x82z-";
	Property plain = {.name = "an amount is digits with at most one point within"};
	unsigned long read = 0;

	for (long i = random_rounds(300000); i > 0; i--)
	{
		size_t length = random_below(20);
		char *text = malloc(length + 1);
		PriceText price;
		size_t digits;

		for (size_t b = 0; b < length; b++)
			text[b] = bytes[random_below(random_chance(0.7) ? 12 : sizeof(bytes) - 1)];
		if (price_parse(text, length, &price))
		{
			read++;
			digits = strspn(price.amount, "0123456789");
			check(&plain,
				  digits > 0 &&
					  (price.amount[digits] == '\0' ||
					   (price.amount[digits] == '.' &&
						strspn(price.amount + digits + 1, "0123456789") > 0 &&
						price.amount[digits + 1 + strspn(price.amount + digits + 1, "0123456789")] ==
							'\0')),
				  "%.*s gave %s", (int) length, text, price.amount);
		}
		free(text);
	}
	report(&plain);
	ok(read > 1000, "some of them can be read (%lu)", read);
}

int
main(void)
{
	random_init();
	test_known();
	test_random_bytes();
	return tap_done();
}
