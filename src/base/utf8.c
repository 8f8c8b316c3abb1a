#include "base/utf8.h"

#include "base/buf.h"
#include "base/mem.h"

#include <string.h>
#include <wchar.h>

#define REPLACEMENT "\xe3\x83\xbb" /* U+30FB */

uint32_t
utf8_decode(const char *text, size_t n, size_t *size)
{
	const unsigned char *s = (const unsigned char *)text;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t need;

	*size = 1;
	if (s[0] < 0x80)
		return s[0];
	if (s[0] >= 0xc2 && s[0] <= 0xdf) {
		need = 2;
		c = s[0] & 0x1f;
	} else if ((s[0] & 0xf0) == 0xe0) {
		need = 3;
		c = s[0] & 0x0f;
	} else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		need = 4;
		c = s[0] & 0x07;
	} else {
		return UTF8_BAD;
	}
	if (n < need)
		return UTF8_BAD;
	for (size_t i = 1; i < need; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return UTF8_BAD;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[need] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return UTF8_BAD;
	*size = need;
	return c;
}

size_t
utf8_encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

bool
utf8_valid(const char *s, size_t n)
{
	size_t size;

	for (size_t i = 0; i < n; i += size)
		if (utf8_decode(s + i, n - i, &size) == UTF8_BAD)
			return false;
	return true;
}

size_t
utf8_chars(const char *s, size_t n)
{
	size_t chars = 0, size;

	for (size_t i = 0; i < n; i += size, chars++)
		utf8_decode(s + i, n - i, &size);
	return chars;
}

size_t
utf8_prev(const char *s, size_t at)
{
	size_t i = at;

	if (i == 0)
		return 0;
	do
		i--;
	while (i > 0 && at - i < 4 && ((unsigned char)s[i] & 0xc0) == 0x80);
	return i;
}

size_t
utf8_next(const char *s, size_t n, size_t at)
{
	size_t size;

	if (at >= n)
		return n;
	utf8_decode(s + at, n - at, &size);
	return at + size;
}

bool
utf8_in_order(const char *name, const char *word)
{
	char c[8];

	while (*word) {
		size_t n = utf8_next(word, strlen(word), 0);

		if (n >= sizeof(c))
			return false;
		memcpy(c, word, n);
		c[n] = '\0';
		name = strstr(name, c);
		if (!name)
			return false;
		name += n;
		word += n;
	}
	return true;
}

char *
utf8_copy(char *out, size_t size, const char *s)
{
	size_t n = s ? strlen(s) : 0;

	if (n >= size)
		for (n = size - 1; n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80;)
			n--;
	if (n)
		memcpy(out, s, n);
	out[n] = '\0';
	return out;
}

char *
utf8_mend(char *s)
{
	size_t n = strlen(s), to = 0, size;

	for (size_t from = 0; from < n; from += size)
		if (utf8_decode(s + from, n - from, &size) != UTF8_BAD) {
			memmove(s + to, s + from, size);
			to += size;
		}
	s[to] = '\0';
	return s;
}

int
utf8_char_columns(uint32_t c)
{
	int w;

	if (c >= 0x20 && c < 0x7f)
		return 1;
	if (c == UTF8_BAD)
		return 1;
	w = wcwidth((wchar_t)c);
	return w < 0 ? 0 : w;
}

int
utf8_columns_n(const char *s, size_t n)
{
	int columns = 0;
	size_t size;

	for (size_t i = 0; i < n; i += size)
		columns += utf8_char_columns(utf8_decode(s + i, n - i, &size));
	return columns;
}

int
utf8_columns(const char *s)
{
	return utf8_columns_n(s, strlen(s));
}

size_t
utf8_fit(const char *s, size_t n, int columns, int *used)
{
	int sum = 0;
	size_t i = 0, size;

	while (i < n) {
		int w = utf8_char_columns(utf8_decode(s + i, n - i, &size));

		if (sum + w > columns)
			break;
		sum += w;
		i += size;
	}
	if (used)
		*used = sum;
	return i;
}

/* Characters that draw nothing, or that move what stands beside them. */
static bool
is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c || c == 0x180e ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	    (c >= 0xe0000 && c <= 0xe007f) || c == UTF8_BAD;
}

bool
utf8_is_clean(const char *s, size_t n, bool lines)
{
	size_t size;

	for (size_t i = 0; i < n; i += size) {
		uint32_t c = utf8_decode(s + i, n - i, &size);

		if (is_hidden(c) && !(c == '\n' && lines))
			return false;
	}
	return true;
}

char *
utf8_clean(const char *s, size_t n, bool lines, bool *changed)
{
	struct buf out = BUF_MAX(n * 3 + 1);
	bool replaced = false;
	size_t size;

	for (size_t i = 0; i < n; i += size) {
		uint32_t c = utf8_decode(s + i, n - i, &size);

		if (c == '\r') {
			if (i + 1 < n && s[i + 1] == '\n')
				continue;
			c = '\n';
		}
		if (c == '\n')
			buf_add(&out, lines ? "\n" : " ");
		else if (c == '\t')
			buf_add(&out, " ");
		else if (is_hidden(c)) {
			buf_add(&out, REPLACEMENT);
			replaced = true;
		} else
			buf_add_n(&out, s + i, size);
	}
	if (changed)
		*changed = replaced;
	return buf_take(&out);
}
