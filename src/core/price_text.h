/*
 * price_text.h
 *	  Prices as people write them: `13.00`, `$1,234.50`, `12,50 EUR`, `free`.
 *
 * One amount, with at most one currency beside it, and nothing else.  Which
 * of point and comma is which:
 *
 * - both occur: the last one is the decimal mark, the other one groups digits;
 * - only points: one is the decimal mark (as schema.org has it, so that 1.000
 *   is one), several group digits;
 * - only commas: one that is followed by exactly three digits groups them, so
 *   do several; else it is the decimal mark.
 */
#ifndef SHORTLIST_CORE_PRICE_TEXT_H
#define SHORTLIST_CORE_PRICE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define PRICE_DIGITS 12	  /* before the decimal mark */
#define PRICE_DECIMALS 20 /* and after it, as arithmetic writes them */

typedef struct PriceText
{
	char amount[PRICE_DIGITS + PRICE_DECIMALS + 2]; /* digits, perhaps a point and digits */
	char currency[4]; /* ISO 4217, or empty where the text does not tell */
} PriceText;

/* The text is UTF-8 or any encoding that contains ASCII; false if it is not a price. */
extern bool price_parse(const char *text, size_t length, PriceText *price);

#endif /* SHORTLIST_CORE_PRICE_TEXT_H */
