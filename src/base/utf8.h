/*
 * UTF-8 text: decoding, counting, and the one function that counts columns on the screen.
 * Everything inside zhiban is UTF-8; offsets are bytes unless a name says `chars` (code points) or `columns`.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_BAD 0xFFFFFFFFu

/*
 * Decode the character at s (n bytes left, n > 0). *size gets the bytes it took. An invalid byte gives
 * UTF8_BAD with *size 1. Overlong forms, surrogates and values over U+10FFFF are invalid (RFC 3629).
 */
uint32_t utf8_decode(const char *s, size_t n, size_t *size);
/* Encode c into out (4 bytes room); gives the bytes written. */
size_t utf8_encode(uint32_t c, char out[4]);
bool utf8_valid(const char *s, size_t n);
/* Characters (code points) in the n bytes at s; each invalid byte counts one. */
size_t utf8_chars(const char *s, size_t n);
/* Byte offset of the character before / behind `at`. Clamped to 0 and n. */
size_t utf8_prev(const char *s, size_t at);
size_t utf8_next(const char *s, size_t n, size_t at);

/* Copy into a field of `size` bytes, cut at a character; NULL copies "". Gives out. */
char *utf8_copy(char *out, size_t size, const char *s);
/* Take out, in place, what a precision ("%.60s") or the end of a buffer left of a character. Gives s. */
char *utf8_mend(char *s);
/* Do the characters of `word` all stand in `name`, in this order (扬州应急局 in 扬州市应急管理局)? True for "". */
bool utf8_in_order(const char *name, const char *word);

/* Columns of one character: 0, 1 or 2. Ambiguous characters count 1, as wcwidth and ncurses do. */
int utf8_char_columns(uint32_t c);
/* Columns of the n bytes at s. Line feeds and controls count 0. */
int utf8_columns_n(const char *s, size_t n);
int utf8_columns(const char *s);
/* The longest prefix of s that fits into `columns`: its bytes; *used gets its columns (may be NULL). */
size_t utf8_fit(const char *s, size_t n, int columns, int *used);

/*
 * Clean text from outside, before it is stored or shown (reliability 2.7). Control characters, C1, bidi
 * controls, zero-width and tag characters, byte-order marks and invalid bytes become a visible U+30FB
 * (two columns everywhere, unlike U+00B7). TAB becomes a space; CR LF and CR become LF; LF stays only if
 * `lines`. Gives a new string the caller frees; *changed (may be NULL) tells whether anything was replaced.
 */
char *utf8_clean(const char *s, size_t n, bool lines, bool *changed);
bool utf8_is_clean(const char *s, size_t n, bool lines);

#endif
