/*
 * vocabulary.c
 *	  A vocabulary, compiled.
 */
#include "import/vocabulary.h"

#include "core/skill_hash.h"
#include "types/skill_name.h"
#include "utils/memutils.h"

/* Every spelling is kept once, and has a number. */
typedef struct Spelling
{
	const char *bytes;
	uint32 length;
} Spelling;

typedef struct SpellingEntry
{
	Spelling key;
	uint32 number;
	uint32 hash;
	char status;
} SpellingEntry;

#define SH_PREFIX spelling
#define SH_ELEMENT_TYPE SpellingEntry
#define SH_KEY_TYPE Spelling
#define SH_KEY key
#define SH_HASH_KEY(table, key) skill_hash((key).bytes, (key).length)
#define SH_EQUAL(table, a, b) \
	((a).length == (b).length && memcmp((a).bytes, (b).bytes, (a).length) == 0)
#define SH_STORE_HASH
#define SH_GET_HASH(table, entry) (entry)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* From a node, by a word with or without white space before it, to the next node. */
typedef struct EdgeEntry
{
	uint64 key; /* node, number of the word's spelling, spaced */
	uint32 node;
	char status;
} EdgeEntry;

#define SH_PREFIX edge
#define SH_ELEMENT_TYPE EdgeEntry
#define SH_KEY_TYPE uint64
#define SH_KEY key
/* Fibonacci hashing: the multiplier is 2^64 divided by the golden ratio. */
#define SH_HASH_KEY(table, key) ((uint32) (((key) *UINT64CONST(0x9E3779B97F4A7C15)) >> 32))
#define SH_EQUAL(table, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define NO_SPELLING PG_UINT32_MAX
#define NO_LABEL PG_UINT32_MAX
#define ROOT 0

typedef struct Label
{
	uint32 skill; /* spellings */
	uint32 exact; /* as the text must be written, or NO_SPELLING */
	uint32 next;  /* other label of the same node */
	bool is_short;
} Label;

struct Vocabulary
{
	MemoryContext memory;
	spelling_hash *spellings;
	Spelling *spelling; /* by number */
	Size spelling_capacity;
	edge_hash *edges;
	uint32 *node_label; /* of each node the first label that ends there */
	uint32 node_count;
	Size node_capacity;
	Label *label;
	uint32 label_count;
	Size label_capacity;
	uint32 longest_label; /* words and marks */
	uint32 longest_word;  /* bytes, folded */
};

/* More room in an array, by doubling, once `count` elements fill it. */
static void *
make_room(void *array, Size *capacity, Size count, Size size)
{
	if (count < *capacity)
		return array;
	*capacity *= 2;
	return repalloc_huge(array, *capacity * size);
}

Vocabulary *
vocabulary_new(void)
{
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "skill vocabulary", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(memory);
	Vocabulary *vocabulary = palloc0(sizeof(Vocabulary));

	vocabulary->memory = memory;
	vocabulary->spellings = spelling_create(memory, 1024, NULL);
	vocabulary->edges = edge_create(memory, 1024, NULL);
	vocabulary->spelling_capacity = vocabulary->node_capacity = vocabulary->label_capacity = 1024;
	vocabulary->spelling = palloc(vocabulary->spelling_capacity * sizeof(Spelling));
	vocabulary->node_label = palloc(vocabulary->node_capacity * sizeof(uint32));
	vocabulary->label = palloc(vocabulary->label_capacity * sizeof(Label));
	vocabulary->node_label[ROOT] = NO_LABEL;
	vocabulary->node_count = 1;
	MemoryContextSwitchTo(before);
	return vocabulary;
}

MemoryContext
vocabulary_memory(const Vocabulary *vocabulary)
{
	return vocabulary->memory;
}

/* The number of a spelling, which is copied if it is new. */
static uint32
add_spelling(Vocabulary *vocabulary, const char *bytes, uint32 length)
{
	Spelling key = {bytes, length};
	bool known;
	SpellingEntry *entry = spelling_insert(vocabulary->spellings, key, &known);
	char *copy;

	if (known)
		return entry->number;
	copy = MemoryContextAlloc(vocabulary->memory, Max(1, length));
	memcpy(copy, bytes, length);
	entry->key.bytes = copy;
	entry->number = vocabulary->spellings->members - 1;
	vocabulary->spelling = make_room(vocabulary->spelling, &vocabulary->spelling_capacity,
									 entry->number, sizeof(Spelling));
	vocabulary->spelling[entry->number] = entry->key;
	return entry->number;
}

static uint64
edge_key(uint32 node, uint32 word, bool spaced)
{
	return ((uint64) node << 32) | ((uint64) word << 1) | (spaced ? 1 : 0);
}

/* The node that the edge leads to, which is made if there is none. */
static uint32
add_edge(Vocabulary *vocabulary, uint32 node, uint32 word, bool spaced)
{
	bool known;
	EdgeEntry *entry = edge_insert(vocabulary->edges, edge_key(node, word, spaced), &known);

	if (!known)
	{
		/* the number of a spelling shares its 32 bits with `spaced` */
		if (vocabulary->node_count > PG_INT32_MAX || word > PG_INT32_MAX)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("vocabulary has too many labels"),
					 errhint("Split it into several tables.")));
		vocabulary->node_label = make_room(vocabulary->node_label, &vocabulary->node_capacity,
										   vocabulary->node_count, sizeof(uint32));
		entry->node = vocabulary->node_count++;
		vocabulary->node_label[entry->node] = NO_LABEL;
	}
	return entry->node;
}

static const char *
folded_spelling(const Word *word, uint32 *length)
{
	const char *written = word_spelling(word, length);
	int folded_length = *length;
	const char *folded;

	if (word->mark != 0)
		return written;
	folded = skill_name_fold_case(written, &folded_length);
	*length = folded_length;
	return folded;
}

static void
append_spelling(StringInfo out, const Word *word)
{
	uint32 length;
	const char *spelling = word_spelling(word, &length);

	if (word->spaced && out->len > 0)
		appendStringInfoChar(out, ' ');
	appendBinaryStringInfo(out, spelling, length);
}

static bool
is_lower_case(const StringInfo written)
{
	int length = written->len;
	const char *folded = skill_name_fold_case(written->data, &length);

	return length == written->len && memcmp(folded, written->data, length) == 0;
}

static void
add_label(Vocabulary *vocabulary, uint32 node, uint32 skill, uint32 exact, bool is_short)
{
	Label *label;

	for (uint32 i = vocabulary->node_label[node]; i != NO_LABEL; i = vocabulary->label[i].next)
	{
		CHECK_FOR_INTERRUPTS();
		if (vocabulary->label[i].skill == skill && vocabulary->label[i].exact == exact)
			return;
	}
	vocabulary->label = make_room(vocabulary->label, &vocabulary->label_capacity,
								  vocabulary->label_count, sizeof(Label));
	label = &vocabulary->label[vocabulary->label_count];
	*label = (Label){skill, exact, vocabulary->node_label[node], is_short};
	vocabulary->node_label[node] = vocabulary->label_count++;
}

bool
vocabulary_add(Vocabulary *vocabulary, const char *skill, uint32 skill_length, const char *label,
			   uint32 label_length, MatchCase match_case)
{
	WordReader reader;
	Word word;
	uint32 node = ROOT;
	uint32 words = 0;
	bool is_short = false;
	uint32 exact = NO_SPELLING;
	StringInfoData written;

	initStringInfo(&written);
	word_reader_init(&reader, label, label_length);
	while (word_reader_next(&reader, &word))
	{
		uint32 bytes;
		const char *folded = folded_spelling(&word, &bytes);

		is_short = words == 0 && word_is_short(&word);
		append_spelling(&written, &word);
		node = add_edge(vocabulary, node, add_spelling(vocabulary, folded, bytes),
						word.spaced && words > 0);
		vocabulary->longest_word = Max(vocabulary->longest_word, bytes);
		words++;
	}
	if (words == 0)
		return false;
	vocabulary->longest_label = Max(vocabulary->longest_label, words);
	if (match_case == MATCH_CASE_YES ||
		(match_case == MATCH_CASE_IF_SHORT && is_short && !is_lower_case(&written)))
		exact = add_spelling(vocabulary, written.data, written.len);
	add_label(vocabulary, node, add_spelling(vocabulary, skill, skill_length), exact, is_short);
	return true;
}

/* A word of the text, and the number of its spelling if some label has it. */
typedef struct TextWord
{
	Word word;
	uint32 spelling;
} TextWord;

/*
 * The words around the place that is searched.  They are kept in a ring, by
 * their position in the text modulo its size.
 */
typedef struct TextWindow
{
	const Vocabulary *vocabulary;
	WordReader reader;
	TextWord *ring;
	uint64 mask;
	uint64 count; /* words that were read */
	bool at_end;
	MemoryContext scratch;
} TextWindow;

/* Words before and behind a label that its boundaries are judged by. */
#define WORDS_AROUND 2

static void
window_init(TextWindow *window, const Vocabulary *vocabulary, const char *text, Size length)
{
	uint64 size = 8;

	while (size < (uint64) vocabulary->longest_label + 2 * WORDS_AROUND + 1)
		size *= 2;
	window->vocabulary = vocabulary;
	word_reader_init(&window->reader, text, length);
	window->ring = palloc_extended(size * sizeof(TextWord), MCXT_ALLOC_HUGE);
	window->mask = size - 1;
	window->count = 0;
	window->at_end = false;
	window->scratch =
		AllocSetContextCreate(CurrentMemoryContext, "folding words", ALLOCSET_SMALL_SIZES);
}

static uint32
find_spelling(TextWindow *window, const Word *word)
{
	const Vocabulary *vocabulary = window->vocabulary;
	Spelling key;
	SpellingEntry *entry;
	MemoryContext before;

	/* no letter has a lower case of less than a quarter of its bytes */
	if (word->length / 4 > vocabulary->longest_word)
		return NO_SPELLING;
	before = MemoryContextSwitchTo(window->scratch);
	key.bytes = folded_spelling(word, &key.length);
	entry = spelling_lookup(vocabulary->spellings, key);
	MemoryContextSwitchTo(before);
	/* costs next to nothing as long as nothing was folded */
	MemoryContextReset(window->scratch);
	return entry == NULL ? NO_SPELLING : entry->number;
}

/* The word at a position; NULL behind the end of the text. */
static const TextWord *
word_at(TextWindow *window, uint64 position)
{
	while (window->count <= position && !window->at_end)
	{
		TextWord *next = &window->ring[window->count & window->mask];

		CHECK_FOR_INTERRUPTS();
		if (word_reader_next(&window->reader, &next->word))
		{
			next->spelling = find_spelling(window, &next->word);
			window->count++;
		}
		else
			window->at_end = true;
	}
	return position < window->count ? &window->ring[position & window->mask] : NULL;
}

/* The mark or word that touches the one at this position from behind, if there is one; and from before. */
static const Word *
touching_after(TextWindow *window, uint64 position)
{
	const TextWord *next = word_at(window, position + 1);

	return next == NULL || next->word.spaced ? NULL : &next->word;
}

static const Word *
touching_before(TextWindow *window, uint64 position)
{
	if (position == 0 || word_at(window, position)->word.spaced)
		return NULL;
	return &word_at(window, position - 1)->word;
}

static bool
is_word(const Word *word)
{
	return word != NULL && word->mark == 0;
}

static bool
holds_any_word(char mark)
{
	return mark == '.' || mark == '@';
}

static bool
holds_short_label(char mark)
{
	return mark == '-' || mark == '&' || mark == '\'';
}

static bool
may_begin(TextWindow *window, uint64 first, bool is_short)
{
	const Word *before = touching_before(window, first);

	if (before == NULL)
		return true;
	if (!is_word(&word_at(window, first)->word))
		return !is_word(before);
	if (is_short && holds_short_label(before->mark))
		return !is_word(touching_before(window, first - 1));
	return !holds_any_word(before->mark);
}

static bool
may_end(TextWindow *window, uint64 last, bool is_short)
{
	const Word *after = touching_after(window, last);
	bool word_behind;

	if (after == NULL)
		return true;
	word_behind = is_word(touching_after(window, last + 1));
	if (after->mark == '#')
		return false;
	if (after->mark == '+')
		return word_behind;
	if ((is_word(&word_at(window, last)->word) && holds_any_word(after->mark)) ||
		(is_short && holds_short_label(after->mark)))
		return !word_behind;
	return true;
}

/* Are the words written in just this way? */
static bool
written_as(TextWindow *window, uint64 first, uint64 last, const Spelling *exact)
{
	uint32 at = 0;

	for (uint64 i = first; i <= last; i++)
	{
		const Word *word = &word_at(window, i)->word;
		uint32 length;
		const char *spelling = word_spelling(word, &length);

		/* white space is where the label has it, or the trie had not led here */
		if (i > first && word->spaced)
			at++;
		if (at + length > exact->length || memcmp(exact->bytes + at, spelling, length) != 0)
			return false;
		at += length;
	}
	return at == exact->length;
}

static bool
label_stands(TextWindow *window, uint64 first, uint64 last, const Label *label)
{
	return may_begin(window, first, label->is_short) && may_end(window, last, label->is_short) &&
		(label->exact == NO_SPELLING ||
		 written_as(window, first, last, &window->vocabulary->spelling[label->exact]));
}

/*
 * The longest label that begins at the word `first`: the node where it ends,
 * and its last word.  ROOT if there is none.
 */
static uint32
longest_label(TextWindow *window, uint64 first, uint64 *last)
{
	const Vocabulary *vocabulary = window->vocabulary;
	uint32 node = ROOT;
	uint32 best = ROOT;
	const TextWord *word;

	for (uint64 i = first; (word = word_at(window, i)) != NULL; i++)
	{
		EdgeEntry *edge;

		if (word->spelling == NO_SPELLING)
			break;
		edge = edge_lookup(vocabulary->edges,
						   edge_key(node, word->spelling, i > first && word->word.spaced));
		if (edge == NULL)
			break;
		node = edge->node;
		for (uint32 l = vocabulary->node_label[node]; l != NO_LABEL; l = vocabulary->label[l].next)
		{
			if (label_stands(window, first, i, &vocabulary->label[l]))
			{
				best = node;
				*last = i;
				break;
			}
		}
	}
	return best;
}

static int
compare_skills(const void *left, const void *right)
{
	const FoundSkill *a = left;
	const FoundSkill *b = right;

	CHECK_FOR_INTERRUPTS();
	return skill_name_compare(a->skill, a->skill_length, b->skill, b->skill_length);
}

/* All skills that go by the label which ends at this node, each once, in byte order. */
static void
report_skills(TextWindow *window, uint64 first, uint64 last, uint32 node, int64 character,
			  FoundSkillAction action, void *state)
{
	const Vocabulary *vocabulary = window->vocabulary;
	const Word *end = &word_at(window, last)->word;
	FoundSkill *found;
	uint32 count = 0;
	uint32 labels = 0;

	for (uint32 l = vocabulary->node_label[node]; l != NO_LABEL; l = vocabulary->label[l].next)
		labels++;
	found = palloc_extended(labels * sizeof(FoundSkill), MCXT_ALLOC_HUGE);
	for (uint32 l = vocabulary->node_label[node]; l != NO_LABEL; l = vocabulary->label[l].next)
	{
		const Spelling *skill = &vocabulary->spelling[vocabulary->label[l].skill];

		if (label_stands(window, first, last, &vocabulary->label[l]))
			found[count++] =
				(FoundSkill){skill->bytes, skill->length, word_at(window, first)->word.start,
							 end->start + end->length, character};
	}
	qsort(found, count, sizeof(FoundSkill), compare_skills);
	for (uint32 i = 0; i < count; i++)
	{
		/* a spelling is kept once, so the same skill has the same address */
		if (i == 0 || found[i].skill != found[i - 1].skill)
			action(&found[i], state);
	}
	pfree(found);
}

void
vocabulary_search(const Vocabulary *vocabulary, const char *text, Size length,
				  FoundSkillAction action, void *state)
{
	TextWindow window;
	uint64 first = 0;
	const char *counted = text; /* how far characters were counted */
	int64 character = 1;

	window_init(&window, vocabulary, text, length);
	while (word_at(&window, first) != NULL)
	{
		uint64 last = first;
		uint32 node = longest_label(&window, first, &last);

		if (node != ROOT)
		{
			const char *start = word_at(&window, first)->word.start;

			character += pg_mbstrlen_with_len(counted, start - counted);
			counted = start;
			report_skills(&window, first, last, node, character, action, state);
		}
		first = last + 1;
	}
	MemoryContextDelete(window.scratch);
	pfree(window.ring);
}
