/*
 * The parts of the command line: words (command_words.c), verbs (command_verbs.c), values
 * (command_values.c), and the reading made of them (command.c).
 */
#ifndef STORE_COMMAND_INTERNAL_H
#define STORE_COMMAND_INTERNAL_H

#include "store/command.h"

#include "base/buf.h"

#define COMMAND_WORDS_MAX 256 /* further words belong to the last one */
#define COMMAND_TYPED_MAX 256 /* bytes of a word that are looked at for names */
#define COMPLETIONS_MAX 24

/* --- words ------------------------------------------------------------------------------------------ */

struct line_word {
	size_t start, end;  /* bytes of the line, quotes included */
	size_t name_end;    /* of NAME=VALUE: where NAME ends; 0 when the word has no '=' */
	size_t value_start; /* where the value begins, its quote included; start when there is no NAME= */
	bool quoted;        /* the value is in quotes */
	char *text;         /* the value as typed, without quotes; owned */
	char *fold;         /* text with narrow forms and small letters; owned */
};

struct line {
	const char *text;
	size_t size;
	struct line_word words[COMMAND_WORDS_MAX];
	size_t n;
};

void line_split(struct line *line, const char *text);
void line_clear(struct line *line);
/* Cut words[0] in two behind `bytes` bytes: 派高邮消防 -> 派 and 高邮消防. */
void line_cut_first(struct line *line, size_t bytes);
/* The folded NAME of a NAME=VALUE word. */
void line_word_name(const struct line *line, const struct line_word *word, char *out, size_t size);
/* Could this label stand before '='? */
bool line_may_be_name(const char *label);
/* Add a word to a line under construction, in quotes when it needs them. */
void line_quote(const char *word, char *out, size_t size);
/* Copy, cut at a character. */
void text_copy(char *out, size_t size, const char *text);
/* Folded text begins with / equals the folded form of `word`? */
bool fold_begins(const char *word, const char *folded);
bool fold_equals(const char *word, const char *folded);

/* --- verbs ------------------------------------------------------------------------------------------- */

#define VERB_CANDIDATES 12

struct verb_choice {
	const struct verb *found[VERB_CANDIDATES];
	size_t n;           /* 1: clear; 0: none; more: ambiguous (may exceed the room; found holds the first) */
	bool forbidden;     /* found, but the actor has no right */
	size_t glued;       /* bytes of the word that are the verb, 0 all of it */
};
void verb_choose(struct store *st, const struct actor *actor, const char *folded, struct verb_choice *out);
/* Verbs like the unknown word, joined for the message; "" when none is near. */
void verb_suggest(struct store *st, const struct actor *actor, const char *folded, struct buf *out);
size_t verb_complete(struct store *st, const struct actor *actor, const char *folded,
    struct command_completion *out, size_t max);

/* --- values ------------------------------------------------------------------------------------------- */

enum value_state {
	VALUE_NO,        /* this word is no value of the parameter */
	VALUE_YES,
	VALUE_PROBLEM    /* it is meant for this parameter, and something is wrong: see problem */
};

struct value {
	bool set;
	bool wrong;         /* meant for it, not understood: counts as said, gives no argument */
	json_t *json;       /* owned */
	char *said;         /* owned */
};

struct value_reader {
	struct store *st;
	const struct actor *actor;
	int64_t now;
	char *problem;      /* of the last VALUE_PROBLEM or VALUE_NO that has something to say; owned */
	enum err_code code;
};

/*
 * `firm`: the word can only be meant for this parameter (NAME=VALUE, or nothing behind it takes plain text), so that part of
 * a name will do; else a thing wants its number, its letters or its whole word.
 */
enum value_state value_read(struct value_reader *r, const struct verb_param *p, const char *text,
    const char *folded, bool quoted, bool firm, struct value *out);
void value_clear(struct value *v);
/* The value of a default from the context. */
void value_default(struct value_reader *r, const struct verb_param *p, json_t *json, struct value *out);
size_t value_complete(struct value_reader *r, const struct verb_param *p, const char *typed,
    struct command_completion *out, size_t max);
bool looks_like_number(const char *folded);

/* --- the reading ------------------------------------------------------------------------ */

#define PARAMS_MAX 40
#define NOWHERE SIZE_MAX

struct reader {
	struct line line;
	const struct verb *verb;
	bool glued; /* the verb's word was cut off the first word */
	struct value values[PARAMS_MAX];
	bool used[COMMAND_WORDS_MAX];  /* NAME=VALUE words that were taken */
	size_t rest_word;	       /* the first word of the rest, NOWHERE until it begins */
	size_t rest_from;	       /* byte of the line where it begins */
	const struct verb_param *rest; /* its parameter */
	struct value_reader value;
	json_t *context;
	char *problem; /* the first one; owned */
	enum err_code code;
};

size_t reader_param_count(const struct reader *r);
/* Must stand on the line: required, without a default. */
bool reader_needs(const struct reader *r, const struct verb_param *p);
/* The parameter of a folded NAME; NOWHERE when there is none, or (a beginning only) more than one. */
size_t reader_param_named(const struct reader *r, const char *name);

/* --- completions (command_complete.c) --------------------------------------------------- */

struct completer {
	struct reader *r;
	struct command_completion *out;
	size_t n;
};

/* The word under the cursor, as far as it is typed; NULL between words. *index gets its place, or that of the next word. */
const struct line_word *reader_word_at(const struct reader *r, size_t cursor, size_t *index);
/* For a place behind the verb, when the words before it have been dealt out. */
void reader_complete(struct completer *c, const struct line_word *word, size_t cursor,
    struct command_reading *out);
/* For the verb itself. */
void reader_complete_verb(struct completer *c, size_t cursor, struct command_reading *out);

#endif
