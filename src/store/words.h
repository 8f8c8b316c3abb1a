/*
 * Texts as the search sees them: runs of CJK characters, of letters and of digits, folded (full-width forms narrow, letters
 * small). The FTS5 tokenizer and the reading of a query stand on the same runs, so that what is indexed and
 * what is asked for can never differ.
 */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum run_class { RUN_CJK, RUN_LETTERS, RUN_DIGITS };

struct run {
	enum run_class kind;
	const char *text;    /* the words themselves, not folded */
	size_t start, end;   /* bytes of the whole text */
	size_t chars;
};

/* The next run at or behind byte *at; false at the end. Moves *at behind it. */
bool words_next(const char *text, size_t n, size_t *at, struct run *run);
/* One character as it is compared: narrow and small. */
uint32_t words_fold_char(uint32_t c);
/* The n bytes of text folded into out (always ended by NUL; cut at a character when it is full). Gives the bytes. */
size_t words_fold(const char *text, size_t n, char *out, size_t size);
/*
 * Where the folded text `needle` begins in `text`, in bytes of text; SIZE_MAX when it does not occur. *end (may be NULL) gets
 * where it ends.
 */
size_t words_find(const char *text, size_t n, const char *needle, size_t *end);
/* A blank of any width, or a line feed. */
bool words_is_blank(uint32_t c);

#endif
