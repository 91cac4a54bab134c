/*
 * vocabulary.h
 *	  A vocabulary, compiled: the labels that skills go by, and where they stand in a text.
 *
 * Labels are kept as a trie of words and marks: from a node an edge leads on
 * for each word that continues some label.  In a text the longest label that
 * begins at a word is taken, and the search goes on behind it.
 *
 * A label stands in a text where its words and marks do, in the same order and
 * with white space (of any kind and length) at the same places; letters are
 * compared without regard to case, but for labels in which case matters.  And
 * it has to end where a word does:
 *
 *	- no letter or digit touches a label that begins with a mark (`.NET` is not
 *	  in example.net); one may follow a label that ends with a mark (`C++11`)
 *	- no + or # follows, so that C is not in C++ and C#; a single + may, if a
 *	  word follows that (`Python+SQL`)
 *	- a word is held by a `.` or `@` that touches it and, behind it, another word:
 *	  Node is not in Node.js, nor NET in .NET or ASP.NET
 *	- a label of one or two letters is also held by `-`, `&` and `'` between it
 *	  and another word: R is not in R&D, nor C in Objective-C
 */
#ifndef SHORTLIST_IMPORT_VOCABULARY_H
#define SHORTLIST_IMPORT_VOCABULARY_H

#include "import/words.h"

typedef struct Vocabulary Vocabulary;

/* Must the text be written as the label is? */
typedef enum MatchCase
{
	MATCH_CASE_NO,
	MATCH_CASE_YES,
	MATCH_CASE_IF_SHORT /* yes for one or two letters that are not all lower case */
} MatchCase;

/* An empty vocabulary, in a memory context of its own below the current one. */
extern Vocabulary *vocabulary_new(void);
extern MemoryContext vocabulary_memory(const Vocabulary *vocabulary);

/* False if there is neither a word nor a mark in the label. */
extern bool vocabulary_add(Vocabulary *vocabulary, const char *skill, uint32 skill_length,
						   const char *label, uint32 label_length, MatchCase match_case);

/* A skill where a label of it stands; a label of several skills is found once for each. */
typedef struct FoundSkill
{
	const char *skill; /* in the vocabulary's memory */
	uint32 skill_length;
	const char *start; /* in the text */
	const char *end;
	int64 character; /* where it starts, in characters from 1 */
} FoundSkill;

typedef void (*FoundSkillAction)(const FoundSkill *found, void *state);

/* Calls the action for every skill that is found, from left to right. */
extern void vocabulary_search(const Vocabulary *vocabulary, const char *text, Size length,
							  FoundSkillAction action, void *state);

#endif /* SHORTLIST_IMPORT_VOCABULARY_H */
