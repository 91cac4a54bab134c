/*
 * skill_window_test.c
 *	  What is packed into a window comes out as it was, and a damaged window is
 *	  never read beyond its end.
 */
#include "core/skill_window.h"

#include "core/skill_score.h"
#include "random.h"
#include "tap.h"

#define MOST_ROWS 40
#define MOST_SKILLS 300

static Property distances = {.name = "distances come out as they went in"};
static Property parameters = {.name = "neighbours of a parameter do not pack distances into less"};
static Property restored = {.name = "rows come out as they went in"};
static Property sized = {.name = "no window is larger than was said"};
static Property damaged = {.name = "a damaged window yields something or is refused"};

typedef struct Row
{
	SkillRow view;
	uint32_t term[MOST_SKILLS];
	float level[MOST_SKILLS];
	int64_t last[MOST_SKILLS];
	float stability[MOST_SKILLS];
} Row;

/* Distances of any size, the greatest and 0 among them. */
static void
check_distances(void)
{
	static const uint32_t edge[] = {0, 1, UINT32_MAX, UINT32_MAX - 1, 1U << 31, 24, 23, 25};
	uint32_t count = 1 + random_below(200);
	int64_t *distance = malloc(count * sizeof(int64_t));
	uint8_t *bytes = malloc(count * DISTANCE_BYTES + PACKING_SLACK);
	double scale = random_magnitude(1, 4e9);
	uint64_t bit = 0;
	size_t size;
	int parameter;
	bool same = true;

	for (uint32_t i = 0; i < count; i++)
		distance[i] =
			random_chance(0.02) ? edge[random_below(8)] : (int64_t) (random_unit() * scale);
	parameter = distance_parameter(distance, count);
	size = (size_t) (pack_distances(bytes, distance, count, parameter) - bytes);
	memset(bytes + size, 0xff, PACKING_SLACK);
	for (uint32_t i = 0; i < count; i++)
		same &= packed_distance(bytes, &bit, parameter) == (uint32_t) distance[i];
	check(&distances, same && packed_bytes(bit, 1) == size, "%u distances, parameter %d", count,
		  parameter);
	for (int other = parameter - 1; other <= parameter + 1; other += 2)
	{
		uint8_t *longer;

		if (other < 0 || other > DISTANCE_PARAMETER_MAX)
			continue;
		longer = malloc(count * DISTANCE_BYTES + PACKING_SLACK);
		check(&parameters,
			  (size_t) (pack_distances(longer, distance, count, other) - longer) >= size,
			  "%d is better than %d", other, parameter);
		free(longer);
	}
	free(bytes);
	free(distance);
}

static float
random_level(int kind)
{
	static const float extreme[] = {1e-38F, 3e38F, 1.4e-45F, 16777217, 0.3F, 1};

	if (kind == 0)
		return 1 + random_below(9) / 2.0F;
	if (kind == 1)
		return (float) random_magnitude(0.01, 1000);
	return kind == 2 ? 4 : extreme[random_below(6)];
}

static void
random_row(Row *row, uint32_t names, int kind, bool dated)
{
	uint64_t term = 0;

	row->view.count = 0;
	row->view.term = row->term;
	row->view.level = row->level;
	row->view.last = dated ? row->last : NULL;
	row->view.stability = dated ? row->stability : NULL;
	for (uint32_t most = random_chance(0.05) ? MOST_SKILLS : random_below(40);
		 row->view.count < most;)
	{
		uint32_t i = row->view.count;

		term += random_below(names / 20 + 2) + (i > 0);
		if (term >= names)
			break;
		row->term[i] = (uint32_t) term;
		row->level[i] = random_level(kind);
		row->last[i] = random_chance(0.3) ? SKILL_NO_TIME : (int64_t) random_below(3) * 86400000000;
		row->stability[i] = random_chance(0.5) ? 0 : random_level(1);
		row->view.count++;
	}
}

/* Whether a window has just these rows. */
static bool
is_same(const SkillWindow *window, const SkillRow *row)
{
	SkillWalk walk;
	uint64_t entry = 0;
	bool same = true;

	skill_walk_begin(&walk);
	for (uint32_t i = 0; i < window->rows; i++)
	{
		skill_walk_row(&walk);
		same &= window->row_end[i] - entry == row[i].count;
		for (uint32_t s = 0; s < row[i].count && same; s++, entry++)
		{
			float level = skill_column_float(&window->level, entry);

			same &= skill_walk_term(&walk, window) == row[i].term[s];
			same &= memcmp(&level, &row[i].level[s], sizeof(level)) == 0;
			if (window->practice)
			{
				int64_t last = row[i].last == NULL ? SKILL_NO_TIME : row[i].last[s];
				float stability = row[i].last == NULL ? 0 : row[i].stability[s];

				same &= skill_column_time(&window->last, entry) == last;
				same &= skill_column_float(&window->stability, entry) == stability;
			}
			else
				same &= row[i].last == NULL;
		}
	}
	return same;
}

/* Reads all there is; the sanitizer watches. */
static double
read_all(const uint8_t *bytes, size_t size, uint32_t rows)
{
	uint32_t row_end[MOST_ROWS];
	SkillWindow window;
	SkillWalk walk;
	double sum = 0;

	if (!skill_window_open(&window, bytes, size, rows, row_end))
		return -1;
	skill_walk_begin(&walk);
	skill_walk_row(&walk);
	for (uint64_t entry = 0; entry < window.entries; entry++)
	{
		sum += skill_walk_term(&walk, &window);
		sum += skill_column_float(&window.level, entry) > 0;
		if (window.practice)
			sum += (skill_column_time(&window.last, entry) > 0) +
				(skill_column_float(&window.stability, entry) > 0);
	}
	return sum < 0 ? 0 : sum;
}

/* Changed bytes, and missing ones, in memory that ends where the window does. */
static void
damage(const uint8_t *bytes, size_t size, uint32_t rows)
{
	for (int i = 0; i < 20; i++)
	{
		size_t left = random_chance(0.3) ? random_below((uint32_t) size + 1) : size;
		uint8_t *copy = malloc(left + PACKING_SLACK);
		double sum;

		memcpy(copy, bytes, left);
		memset(copy + left, 0, PACKING_SLACK);
		for (uint32_t changes = random_below(4); changes > 0 && left > 0; changes--)
			copy[random_below(random_chance(0.5) ? (uint32_t) left : 1 + (uint32_t) left / 8)] =
				(uint8_t) random_bits();
		sum = read_all(copy, left, rows);
		check(&damaged, sum >= -1, "%zu bytes of %u rows", left, rows);
		free(copy);
	}
}

static void
check_window(Row *rows)
{
	uint32_t count = 1 + random_below(MOST_ROWS);
	uint32_t names = (uint32_t) random_magnitude(1, 4e9);
	int kind = (int) random_below(4);
	bool dated = random_chance(0.3);
	SkillRow view[MOST_ROWS];
	uint32_t row_end[MOST_ROWS];
	SkillWindow window;
	size_t most, size;
	uint8_t *bytes;
	void *workspace;

	for (uint32_t i = 0; i < count; i++)
	{
		random_row(&rows[i], names, kind, dated && random_chance(0.7));
		view[i] = rows[i].view;
	}
	most = skill_window_size(view, count);
	bytes = malloc(most + PACKING_SLACK);
	workspace = malloc(skill_window_workspace(view, count));
	size = skill_window_pack(view, count, bytes, workspace);
	memset(bytes + size, 0xff, PACKING_SLACK);
	check(&sized, size <= most, "%zu bytes, %zu were said", size, most);
	check(&restored,
		  skill_window_open(&window, bytes, size, count, row_end) && is_same(&window, view),
		  "%u rows of %u names, levels %d", count, names, kind);
	damage(bytes, size, count);
	free(workspace);
	free(bytes);
}

int
main(void)
{
	Row *rows = malloc(MOST_ROWS * sizeof(Row));

	random_init();
	for (long i = random_rounds(3000); i > 0; i--)
		check_distances();
	for (long i = random_rounds(2000); i > 0; i--)
		check_window(rows);
	report(&distances);
	report(&parameters);
	report(&sized);
	report(&restored);
	report(&damaged);
	free(rows);
	return tap_done();
}
