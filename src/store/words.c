#include "store/words.h"

#include "base/utf8.h"

#include <string.h>
#include <unicode/uchar.h>

/* Inclusive ranges of what is written without blanks. U+30FB is left out: it stands for what
 * utf8_clean replaced. */
static const struct {
	uint32_t first, last;
} cjk[] = {
    {0x2e80, 0x2fdf},
    {0x3005, 0x3007},
    {0x3021, 0x3029},
    {0x3040, 0x30fa},
    {0x30fc, 0x31bf},
    {0x31f0, 0x31ff},
    {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},
    {0xac00, 0xd7af},
    {0xf900, 0xfaff},
    {0x20000, 0x3ffff},
};

static bool
is_cjk(uint32_t c)
{
	for (size_t i = 0; i < sizeof(cjk) / sizeof(cjk[0]) && c >= cjk[i].first; i++)
		if (c <= cjk[i].last)
			return true;
	return false;
}

uint32_t
words_fold_char(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0;
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
	if (c == 0x3000)
		return ' ';
	if (is_cjk(c) || c == UTF8_BAD)
		return c;
	return (uint32_t)u_tolower((UChar32)c);
}

bool
words_is_blank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x3000 || c == 0xa0 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f;
}

/* False for what stands between words. */
static bool
classify(uint32_t c, enum run_class *kind)
{
	c = words_fold_char(c);
	if (c == UTF8_BAD)
		return false;
	if (is_cjk(c))
		*kind = RUN_CJK;
	else if (c < 0x80 ? c >= '0' && c <= '9' : u_isdigit((UChar32)c))
		*kind = RUN_DIGITS;
	else if (c < 0x80 ? c >= 'a' && c <= 'z' : u_isalpha((UChar32)c))
		*kind = RUN_LETTERS;
	else
		return false;
	return true;
}

bool
words_next(const char *text, size_t n, size_t *at, struct run *run)
{
	enum run_class kind = RUN_CJK;
	size_t size = 0;

	while (*at < n && !classify(utf8_decode(text + *at, n - *at, &size), &kind))
		*at += size;
	if (*at >= n)
		return false;
	*run = (struct run){.kind = kind, .text = text + *at, .start = *at};
	do {
		run->chars++;
		*at += size;
	} while (*at < n && classify(utf8_decode(text + *at, n - *at, &size), &kind) &&
		 kind == run->kind);
	run->end = *at;
	return true;
}

size_t
words_fold(const char *text, size_t n, char *out, size_t size)
{
	size_t used = 0, step, bytes;
	char one[4];

	for (size_t i = 0; i < n; i += step) {
		uint32_t c = utf8_decode(text + i, n - i, &step);

		if (c == UTF8_BAD)
			continue;
		bytes = utf8_encode(words_fold_char(c), one);
		if (used + bytes >= size)
			break;
		memcpy(out + used, one, bytes);
		used += bytes;
	}
	if (size)
		out[used] = '\0';
	return used;
}

/* Does the folded needle stand at text? *end gets the bytes of text it took. */
static bool
stands_at(const char *text, size_t n, const char *needle, size_t *end)
{
	size_t i = 0, step;
	char one[4];

	while (*needle) {
		size_t bytes;
		uint32_t c;

		if (i >= n)
			return false;
		c = utf8_decode(text + i, n - i, &step);
		i += step;
		if (c == UTF8_BAD)
			return false;
		bytes = utf8_encode(words_fold_char(c), one);
		if (strncmp(needle, one, bytes) != 0)
			return false;
		needle += bytes;
	}
	*end = i;
	return true;
}

/* Only characters that folding leaves alone: then bytes may be compared. */
static bool
is_plain(const char *needle, size_t n)
{
	size_t step;

	for (size_t i = 0; i < n; i += step)
		if (!is_cjk(utf8_decode(needle + i, n - i, &step)))
			return false;
	return true;
}

size_t
words_find(const char *text, size_t n, const char *needle, size_t *end)
{
	size_t step, size, bytes = strlen(needle);
	uint32_t first;

	if (bytes == 0)
		return SIZE_MAX;
	if (is_plain(needle, bytes)) {
		const char *hit = memmem(text, n, needle, bytes);

		if (hit && end)
			*end = (size_t)(hit - text) + bytes;
		return hit ? (size_t)(hit - text) : SIZE_MAX;
	}
	first = utf8_decode(needle, bytes, &step);
	for (size_t i = 0; i < n; i += step) {
		if (words_fold_char(utf8_decode(text + i, n - i, &step)) != first ||
		    !stands_at(text + i, n - i, needle, &size))
			continue;
		if (end)
			*end = i + size;
		return i;
	}
	return SIZE_MAX;
}
