/*
 * event_tree.c
 *	  What core/event_tree costs in memory, without a server: see bench/event-tree.
 *
 * usage: event_tree EVENTS PREFERENCES
 *
 * EVENTS is what bench/generate-events writes, PREFERENCES what
 * bench/generate-preferences --as columns --full does.
 */
#include "core/event_order.h"
#include "core/event_tree.h"
#include "core/geo.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PAGE_ROOM 8152
#define MOST_PREFERENCES 10000
#define ROUNDS 5

static EventFacts *facts;
static size_t facts_count;
static EventPref preference[MOST_PREFERENCES];
static int preferences;

/* Of this process, so that others on the machine hardly matter. */
static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void *
resize(void *memory, size_t size)
{
	if (size == 0)
	{
		free(memory);
		return NULL;
	}
	memory = realloc(memory, size);
	if (memory == NULL)
		abort();
	return memory;
}

/* --- data -------------------------------------------------------------- */

static FILE *
open_file(const char *name)
{
	FILE *file = fopen(name, "r");

	if (file == NULL)
	{
		perror(name);
		exit(1);
	}
	return file;
}

/* Microseconds since 2000-01-01 of "2026-12-24 15:30:00+00". */
static int64_t
parse_time(const char *text)
{
	struct tm tm = {0};

	if (sscanf(text, "%d-%d-%d %d:%d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
			   &tm.tm_min, &tm.tm_sec) != 6)
		abort();
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return ((int64_t) timegm(&tm) - 946684800) * 1000000;
}

/* The fields of a line, cut at its tabs. */
static int
cut(char *line, char **field, int most)
{
	int fields = 0;

	line[strcspn(line, "\n")] = '\0';
	while (line != NULL && fields < most)
		field[fields++] = strsep(&line, "\t");
	return fields;
}

static bool
know(EventFacts *event, EventCriterion criterion, const char *field)
{
	if (strcmp(field, "\\N") == 0)
		return false;
	event->known |= EVENT_BIT(criterion);
	return true;
}

static void
read_events(const char *name)
{
	FILE *file = open_file(name);
	char line[1000];
	char *field[6];
	size_t room = 0;

	while (fgets(line, sizeof(line), file) != NULL)
	{
		EventFacts *event;

		if (facts_count == room)
			facts = resize(facts, (room = room * 2 + 1000) * sizeof(EventFacts));
		event = &facts[facts_count++];
		memset(event, 0, sizeof(*event));
		event->version = EVENT_FACTS_VERSION;
		if (cut(line, field, 6) != 6)
			abort();
		if (know(event, EVENT_LOCATION, field[1]))
		{
			event->latitude = atof(field[1]);
			event->longitude = atof(field[2]);
			geo_unit_vector(event->latitude, event->longitude, event->xyz);
		}
		if (know(event, EVENT_PRICE, field[3]))
			event->price = atof(field[3]);
		if (know(event, EVENT_ATTENDEES, field[4]))
			event->attendees = atof(field[4]);
		if (know(event, EVENT_START, field[5]))
			event->starts_at = parse_time(field[5]);
	}
	fclose(file);
}

/* As event_pref() makes it. */
static void
read_preferences(const char *name)
{
	FILE *file = open_file(name);
	char line[1000];
	char *field[12];

	while (preferences < MOST_PREFERENCES && fgets(line, sizeof(line), file) != NULL)
	{
		EventPref *pref = &preference[preferences++];
		EventWish *wish = pref->wish;

		if (cut(line, field, 12) != 12)
			abort();
		pref->version = EVENT_PREF_VERSION;
		pref->latitude = atof(field[1]);
		pref->longitude = atof(field[2]);
		for (int c = 0; c < EVENT_CRITERIA; c++)
		{
			wish[c].present = 1;
			wish[c].decay = 0.5;
			wish[c].weight = atof(field[8 + c]);
		}
		wish[EVENT_LOCATION].curve = EVENT_CURVE_EXP;
		wish[EVENT_LOCATION].scale = atof(field[3]);
		wish[EVENT_PRICE].curve = EVENT_CURVE_LINEAR;
		wish[EVENT_PRICE].side = EVENT_SIDE_ABOVE;
		wish[EVENT_PRICE].offset = wish[EVENT_PRICE].scale = atof(field[4]);
		wish[EVENT_ATTENDEES].curve = EVENT_CURVE_SATURATION;
		wish[EVENT_ATTENDEES].pivot = atof(field[5]);
		wish[EVENT_START].curve = EVENT_CURVE_GAUSS;
		wish[EVENT_START].origin = event_seconds(parse_time(field[6]));
		wish[EVENT_START].scale = atof(field[7]);
	}
	fclose(file);
}

/* --- building ---------------------------------------------------------- */

typedef struct Bytes
{
	uint8_t *bytes;
	size_t size;
	size_t room;
} Bytes;

static Bytes area[2];

static void
append(void *state, EventArea which, const void *bytes, size_t size)
{
	Bytes *to = &((Bytes *) state)[which];

	while (to->size + size > to->room)
		to->bytes = resize(to->bytes, to->room = to->room * 2 + 1000000);
	memcpy(to->bytes + to->size, bytes, size);
	to->size += size;
}

static void
read_area(void *state, EventArea which, uint64_t at, size_t size, void *out)
{
	Bytes *from = &((Bytes *) state)[which];

	if (at + size > from->size)
		abort();
	memcpy(out, from->bytes + at, size);
}

static void
build(void)
{
	size_t rows = facts_count;
	EventPoint *point = resize(NULL, rows * sizeof(EventPoint));
	size_t unit[EVENT_TREE_LEVELS];
	EventTreeWriter *writer = resize(NULL, sizeof(EventTreeWriter));
	double begin = now();
	double points;
	double order;
	double end;

	for (size_t i = 0; i < rows; i++)
		event_point_of(&facts[i], i, &point[i]);
	points = now();
	event_order(point, rows, unit, event_tree_units(rows, unit), NULL);
	order = now();
	event_tree_begin(writer, rows, PAGE_ROOM, resize, append, area);
	for (size_t i = 0; i < rows; i++)
	{
		/* rows are all over the memory: ask for them early */
		if (i + 16 < rows)
		{
			__builtin_prefetch(&facts[point[i + 16].row]);
			__builtin_prefetch(&facts[point[i + 16].row].xyz[2]);
		}
		event_tree_add(writer, &facts[point[i].row]);
	}
	event_tree_end(writer);
	end = now();
	printf("build of %zu rows: points %.3f s, order %.3f s, blocks %.3f s\n", rows, points - begin,
		   order - points, end - order);
	printf("bytes a row: blocks %.2f, nodes %.2f, row pointers 8\n", (double) area[0].size / rows,
		   (double) area[1].size / rows);
	free(point);
	free(writer);
}

/* --- searching --------------------------------------------------------- */

/* The best scores that were visited, in descending order. */
typedef struct Best
{
	int wanted;
	int count;
	double score[1000];
} Best;

static void
keep_best(void *state, uint64_t row, const EventFacts *event, double score)
{
	Best *best = state;
	int at;

	(void) row;
	(void) event;
	if (best->count == best->wanted && score <= best->score[best->count - 1])
		return;
	at = best->count < best->wanted ? best->count++ : best->count - 1;
	while (at > 0 && best->score[at - 1] < score)
	{
		best->score[at] = best->score[at - 1];
		at--;
	}
	best->score[at] = score;
}

static void
search_best(const EventTreeReader *reader, const EventPref *pref, Best *best, EventSearch *cost)
{
	EventScorer scorer;
	EventBatch batch;
	EventSearch search;

	event_scorer_init(&scorer, pref);
	event_scorer_skip_far(&scorer);
	event_batch_init(&batch, &scorer);
	best->count = 0;
	if (!event_search_begin(&search, reader, &batch, NULL, 0, resize))
		abort();
	for (;;)
	{
		double bound = event_search_peek(&search);

		if (bound < 0 || (best->count == best->wanted && best->score[best->count - 1] >= bound))
			break;
		if (!event_search_open_next(&search, keep_best, best))
			abort();
	}
	*cost = search;
	event_search_end(&search);
}

static int
compare_doubles(const void *left, const void *right)
{
	double a = *(const double *) left;
	double b = *(const double *) right;

	return (a > b) - (a < b);
}

static void
print_quantiles(const char *name, double *value)
{
	qsort(value, preferences, sizeof(double), compare_doubles);
	printf("  %-14s median %9.4f  p95 %9.4f  most %9.4f\n", name, value[preferences / 2],
		   value[preferences * 95 / 100], value[preferences - 1]);
}

static void
measure(const EventTreeReader *reader, int wanted)
{
	static double ms[MOST_PREFERENCES];
	static double nodes[MOST_PREFERENCES];
	static double blocks[MOST_PREFERENCES];
	static double scored[MOST_PREFERENCES];
	Best best = {.wanted = wanted};

	for (int i = 0; i < preferences; i++)
	{
		EventSearch cost;

		ms[i] = INFINITY;
		for (int round = 0; round < ROUNDS; round++)
		{
			double begin = now();

			search_best(reader, &preference[i], &best, &cost);
			ms[i] = fmin(ms[i], (now() - begin) * 1e3);
		}
		nodes[i] = cost.nodes_opened;
		blocks[i] = cost.blocks_opened;
		scored[i] = cost.rows_scored;
	}
	printf("best %d of %d preferences\n", wanted, preferences);
	print_quantiles("ms", ms);
	print_quantiles("nodes opened", nodes);
	print_quantiles("blocks opened", blocks);
	print_quantiles("rows scored", scored);
}

/* All rows in order, as a query without LIMIT asks for them. */
static void
measure_all(const EventTreeReader *reader)
{
	Best best = {.wanted = 1};
	EventScorer scorer;
	EventBatch batch;
	EventSearch search;
	double begin = now();

	event_scorer_init(&scorer, &preference[0]);
	event_scorer_skip_far(&scorer);
	event_batch_init(&batch, &scorer);
	if (!event_search_begin(&search, reader, &batch, NULL, 0, resize))
		abort();
	while (event_search_peek(&search) >= 0)
	{
		if (!event_search_open_next(&search, keep_best, &best))
			abort();
	}
	printf("all rows of one preference: %.3f s, %lu rows scored, %lu blocks opened\n",
		   now() - begin, (unsigned long) search.rows_scored, (unsigned long) search.blocks_opened);
	event_search_end(&search);
}

/* The best ten of some preferences, beside those of all rows. */
static void
compare(const EventTreeReader *reader)
{
	for (int i = 0; i < preferences; i += preferences / 10 + 1)
	{
		Best found = {.wanted = 10};
		Best all = {.wanted = 10};
		EventScorer scorer;
		EventSearch cost;

		search_best(reader, &preference[i], &found, &cost);
		event_scorer_init(&scorer, &preference[i]);
		for (size_t r = 0; r < facts_count; r++)
		{
			EventValues values;

			event_values(&scorer, &facts[r], &values);
			keep_best(&all, r, &facts[r], event_score(&scorer, &values, NULL));
		}
		if (memcmp(found.score, all.score, all.count * sizeof(double)) != 0)
		{
			printf("preference %d: the search differs from scoring all rows\n", i);
			exit(1);
		}
	}
	printf("the best ten are those of all rows, bit for bit\n");
}

int
main(int argc, char **argv)
{
	EventTreeReader reader = {.read = read_area, .state = area};

	if (argc != 3)
		return 2;
	read_events(argv[1]);
	read_preferences(argv[2]);
	build();
	event_tree_shape(&reader.shape, facts_count, PAGE_ROOM);
	compare(&reader);
	measure(&reader, 1);
	measure(&reader, 10);
	measure_all(&reader);
	return 0;
}
