/*
 * The text a reader works on: the caller's words made uniform, so that rules need to know one form only.
 * Full-width letters and digits become plain, blanks of every kind a space, invalid bytes and control characters '#'. Each
 * character stays one character, so a span found here is a span of the input.
 *
 * A subject is kept and set again and again; its arrays only grow.
 */
#ifndef DECIDE_SUBJECT_H
#define DECIDE_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct subject {
	const char *source;   /* the input, not owned; valid until reader_read returns */
	char *text;           /* uniform UTF-8, NUL-terminated */
	size_t size;          /* bytes of text */
	size_t chars;
	uint32_t *char_at;    /* for each byte of text, and its end: index of the character it belongs to */
	uint32_t *source_at;  /* for each character, and the end: byte offset in the input */
	uint32_t *sentence;   /* where each sentence begins (byte of text); one more: the end */
	size_t n_sentences;
	size_t text_room, char_room, source_room, sentence_room;
};

/* Set to the n bytes of UTF-8 at s (any bytes will do). */
void subject_set(struct subject *subject, const char *s, size_t n);
void subject_clear(struct subject *subject);
/* The sentence byte `at` of the text lies in. */
size_t subject_sentence(const struct subject *subject, size_t at);
/* Where character `index` of the input begins in the text (byte). */
size_t subject_byte(const struct subject *subject, size_t index);

#endif
