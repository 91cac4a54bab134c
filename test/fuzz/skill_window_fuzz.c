/*
 * skill_window_fuzz.c
 *	  Any bytes as a window of skills: it is refused, or all of it can be read,
 *	  and what was read packs into a window that reads the same.
 */
#include "core/skill_window.h"

#include <stdlib.h>

#define MOST_ENTRIES 100000

extern int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

typedef struct Rows
{
	uint32_t count;
	SkillRow *row;
	uint32_t *term;
	float *level;
	int64_t *last;
	float *stability;
} Rows;

/* All that a window has; false if its terms do not ascend, as only a damaged one's do not. */
static bool
read_rows(const SkillWindow *window, Rows *rows)
{
	uint64_t entry = 0;
	bool ascending = true;
	SkillWalk walk;

	skill_walk_begin(&walk);
	for (uint32_t i = 0; i < window->rows; i++)
	{
		uint64_t first = entry;

		skill_walk_row(&walk);
		for (; entry < window->row_end[i]; entry++)
		{
			rows->term[entry] = skill_walk_term(&walk, window);
			rows->level[entry] = skill_column_float(&window->level, entry);
			rows->last[entry] = window->practice ? skill_column_time(&window->last, entry) : 0;
			rows->stability[entry] =
				window->practice ? skill_column_float(&window->stability, entry) : 0;
			ascending &= entry == first || rows->term[entry] > rows->term[entry - 1];
		}
		rows->row[i] = (SkillRow){(uint32_t) (entry - first), rows->term + first,
								  rows->level + first, window->practice ? rows->last + first : NULL,
								  window->practice ? rows->stability + first : NULL};
	}
	return ascending;
}

/* Packs, opens and reads again; stops the program if anything came out otherwise. */
static void
check_again(const SkillWindow *window, const Rows *rows)
{
	size_t most = skill_window_size(rows->row, rows->count);
	uint8_t *packed = calloc(1, most + PACKING_SLACK);
	void *workspace = malloc(skill_window_workspace(rows->row, rows->count) + 1);
	uint32_t *row_end = calloc(rows->count + 1, sizeof(uint32_t));
	size_t size = skill_window_pack(rows->row, rows->count, packed, workspace);
	SkillWindow again;
	SkillWalk walk;
	uint64_t entry = 0;

	if (size > most || !skill_window_open(&again, packed, size, rows->count, row_end) ||
		again.entries != window->entries)
		abort();
	skill_walk_begin(&walk);
	for (uint32_t i = 0; i < rows->count; i++)
	{
		if (row_end[i] != window->row_end[i])
			abort();
		skill_walk_row(&walk);
		for (; entry < row_end[i]; entry++)
		{
			float level = skill_column_float(&again.level, entry);

			if (skill_walk_term(&walk, &again) != rows->term[entry] ||
				memcmp(&level, &rows->level[entry], sizeof(level)) != 0)
				abort();
		}
	}
	free(row_end);
	free(workspace);
	free(packed);
}

/* The first byte says how many rows there are. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t *copy;
	uint32_t *row_end;
	SkillWindow window;
	Rows rows;

	if (size == 0)
		return 0;
	rows.count = bytes[0];
	row_end = calloc(rows.count + 1U, sizeof(uint32_t));
	copy = malloc(size - 1 + PACKING_SLACK);
	memcpy(copy, bytes + 1, size - 1);
	memset(copy + size - 1, 0xff, PACKING_SLACK);
	if (skill_window_open(&window, copy, size - 1, rows.count, row_end) &&
		window.entries <= MOST_ENTRIES)
	{
		rows.row = calloc(rows.count + 1U, sizeof(SkillRow));
		rows.term = malloc((window.entries + 1) * sizeof(uint32_t));
		rows.level = malloc((window.entries + 1) * sizeof(float));
		rows.last = malloc((window.entries + 1) * sizeof(int64_t));
		rows.stability = malloc((window.entries + 1) * sizeof(float));
		if (read_rows(&window, &rows))
			check_again(&window, &rows);
		free(rows.row);
		free(rows.term);
		free(rows.level);
		free(rows.last);
		free(rows.stability);
	}
	free(copy);
	free(row_end);
	return 0;
}
