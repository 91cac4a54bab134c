/*
 * skill_window.h
 *	  The skills of some rows, packed: what a window of an index holds.
 *
 * Skills are numbered (the numbers are called terms), and numbers ascend in
 * the stored order of names.  A row's terms are stored as distances, which
 * take a few bits more than the logarithm of their mean (Rice's code), and its
 * levels as places among the different levels of the window, which are few.
 * Nothing is rounded: what was packed comes out as it was.
 *
 * Layout:
 *	flags		1 byte; bit 0: skills carry when they were practised
 *	parameter	1 byte, k of Rice's code
 *	numbers		how many skills each row has
 *	levels		a column, see below
 *	last, stability		two columns, if bit 0 is set
 *	distances	from each term of a row to the one before (the first: from -1), less 1
 *
 * A number is in groups of 7 bits, low ones first, bit 7 telling that more
 * follow.  Distances are packed as packing.h says.  A column of
 * values is a byte; if that is 0, the values themselves follow; else it is
 * 1 + the bits of a code, and there follow a byte (one less than the number of
 * different values), these values, and the codes.  Bits fill bytes from the
 * low end.  Distances and columns begin at a byte.
 */
#ifndef SHORTLIST_CORE_SKILL_WINDOW_H
#define SHORTLIST_CORE_SKILL_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/packing.h"

/* A row to be packed: arrays of `count`. */
typedef struct SkillRow
{
	uint32_t count;
	const uint32_t *term; /* ascending */
	const float *level;
	const int64_t *last;	/* as in SkillView; NULL: none is dated */
	const float *stability; /* NULL like last */
} SkillRow;

/* Bytes that packing can take at most, and what it needs to work in (aligned for int64). */
extern size_t skill_window_size(const SkillRow *row, uint32_t rows);
extern size_t skill_window_workspace(const SkillRow *row, uint32_t rows);

/* Packs; returns how many bytes it took. */
extern size_t skill_window_pack(const SkillRow *row, uint32_t rows, uint8_t *bytes, void *workspace);

typedef struct SkillColumn
{
	int bits;			   /* of a code; 0 bits if all values are equal; -1: no codes */
	uint32_t table_count;  /* different values */
	const uint8_t *values; /* these, or all */
	const uint8_t *codes;
} SkillColumn;

typedef struct SkillWindow
{
	uint32_t rows;
	uint64_t entries;		 /* skills of all rows */
	const uint32_t *row_end; /* where the entries of each row end; the next one's begin there */
	int parameter;			 /* of the distances */
	const uint8_t *distances;
	uint64_t distance_bits; /* up to the end of the window */
	bool practice;			/* last and stability are there */
	SkillColumn level, last, stability;
} SkillWindow;

/*
 * Reads a window, with an array of `rows` for row_end; false if the bytes make
 * no sense.  They stay where they are, and PACKING_SLACK bytes more must be
 * readable.
 */
extern bool skill_window_open(SkillWindow *window, const uint8_t *bytes, size_t size, uint32_t rows,
							  uint32_t *row_end);

/*
 * Walks the terms of a window: row after row, and entry after entry.  A
 * damaged window can yield any terms, but nothing beyond it is read.
 */
typedef struct SkillWalk
{
	uint64_t bit;
	uint32_t term;
} SkillWalk;

static inline void
skill_walk_begin(SkillWalk *walk)
{
	walk->bit = 0;
}

static inline void
skill_walk_row(SkillWalk *walk)
{
	walk->term = UINT32_MAX; /* -1 */
}

static inline uint32_t
skill_walk_term(SkillWalk *walk, const SkillWindow *window)
{
	if (walk->bit < window->distance_bits)
		walk->term += packed_distance(window->distances, &walk->bit, window->parameter) + 1;
	return walk->term;
}

/* Where an entry's value is, among the values of a column. */
static inline uint64_t
skill_column_place(const SkillColumn *column, uint64_t entry)
{
	uint32_t code;

	if (column->bits < 0)
		return entry;
	code = packed_bits(column->codes, entry * (uint64_t) column->bits, column->bits);
	return code < column->table_count ? code : column->table_count - 1;
}

static inline float
skill_column_float(const SkillColumn *column, uint64_t entry)
{
	float value;

	memcpy(&value, column->values + skill_column_place(column, entry) * sizeof(value),
		   sizeof(value));
	return value;
}

static inline int64_t
skill_column_time(const SkillColumn *column, uint64_t entry)
{
	int64_t value;

	memcpy(&value, column->values + skill_column_place(column, entry) * sizeof(value),
		   sizeof(value));
	return value;
}

#endif /* SHORTLIST_CORE_SKILL_WINDOW_H */
