/*
 * Sequences are read by their grammar (ECMA-48: CSI parameters final; SS3 final), so that every
 * terminal's arrow keys work whatever TERM says. Anything well-formed and unknown is dropped whole
 * and never turns into typed text.
 */
#include "ui/input.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum got { GOT_KEY, GOT_NOTHING, GOT_MORE };

static const uint32_t letter_keys[26] = {
    ['A' - 'A'] = K_UP,
    ['B' - 'A'] = K_DOWN,
    ['C' - 'A'] = K_RIGHT,
    ['D' - 'A'] = K_LEFT,
    ['F' - 'A'] = K_END,
    ['H' - 'A'] = K_HOME,
    ['M' - 'A'] = K_ENTER,
    ['P' - 'A'] = K_F(1),
    ['Q' - 'A'] = K_F(2),
    ['R' - 'A'] = K_F(3),
    ['S' - 'A'] = K_F(4),
    ['Z' - 'A'] = K_BACKTAB,
};

static const uint32_t number_keys[] = {
    [1] = K_HOME,
    [2] = K_INSERT,
    [3] = K_DELETE,
    [4] = K_END,
    [5] = K_PAGE_UP,
    [6] = K_PAGE_DOWN,
    [7] = K_HOME,
    [8] = K_END,
    [11] = K_F(1),
    [12] = K_F(2),
    [13] = K_F(3),
    [14] = K_F(4),
    [15] = K_F(5),
    [17] = K_F(6),
    [18] = K_F(7),
    [19] = K_F(8),
    [20] = K_F(9),
    [21] = K_F(10),
    [23] = K_F(11),
    [24] = K_F(12),
};

void
input_init(struct input *in)
{
	memset(in, 0, sizeof(*in));
	in->paste.max = INPUT_PASTE_MAX;
}

void
input_clear(struct input *in)
{
	buf_clear(&in->paste);
	free(in->pasted);
	in->pasted = NULL;
}

size_t
input_room(struct input *in)
{
	if (in->start) {
		memmove(in->bytes, in->bytes + in->start, in->end - in->start);
		in->end -= in->start;
		in->start = 0;
	}
	return INPUT_ROOM - in->end;
}

void
input_feed(struct input *in, const void *bytes, size_t n)
{
	if (n > input_room(in))
		n = input_room(in);
	memcpy(in->bytes + in->end, bytes, n);
	in->end += n;
	in->expired = false;
}

bool
input_pending(const struct input *in)
{
	return in->start < in->end || in->pasting;
}

void
input_expire(struct input *in)
{
	in->expired = true;
}

static enum got
give(struct key *key, uint32_t code)
{
	memset(key, 0, sizeof(*key));
	key->code = code;
	return code ? GOT_KEY : GOT_NOTHING;
}

/* xterm's modifier parameter: 1 + shift 1, alt 2, ctrl 4. */
static uint32_t
modifiers(int parameter)
{
	int bits = parameter > 1 ? parameter - 1 : 0;

	return (bits & 2 ? K_ALT : 0u) | (bits & 4 ? K_CTRL : 0u);
}

static enum got
finish_csi(struct input *in, struct key *key, unsigned char final, const int *p, int n)
{
	if (final == 'R' && n == 2 && p[0] > 0 && p[1] > 0 &&
	    (p[0] != 1 || p[1] == 1 || !in->reported)) {
		in->reported = true;
		give(key, K_CURSOR);
		key->row = p[0];
		key->column = p[1];
		return GOT_KEY;
	}
	if (final == 'n')
		return give(key, p[0] == 5 ? K_SYNC : p[0] == 0 && n == 1 ? K_ALIVE : 0);
	if (final == '~' && p[0] == 200) {
		in->pasting = true;
		buf_reset(&in->paste);
		return GOT_NOTHING;
	}
	if (final == '~' && p[0] > 0 && (size_t)p[0] < COUNT_OF(number_keys) && number_keys[p[0]])
		return give(key, number_keys[p[0]] | modifiers(p[1]));
	if (final >= 'A' && final <= 'Z' && letter_keys[final - 'A'])
		return give(key, letter_keys[final - 'A'] | modifiers(p[1]));
	return GOT_NOTHING;
}

/* CSI: parameters 0x30-0x3f, intermediates 0x20-0x2f, one final byte 0x40-0x7e. */
static enum got
read_csi(struct input *in, struct key *key, const unsigned char *s, size_t n, size_t *used)
{
	int p[4] = {0, 0, 0, 0}, count = 0;
	bool private = false;
	size_t i = 2;

	if (n > 3 && s[2] == '[') { /* the Linux console's F1 … F5 */
		*used = 4;
		return give(key, s[3] >= 'A' && s[3] <= 'E' ? K_F(1) + s[3] - 'A' : 0);
	}
	if (n == 3 && s[2] == '[' && !in->expired)
		return GOT_MORE;
	for (; i < n && s[i] >= 0x20 && s[i] <= 0x3f && i < 64; i++) {
		if (s[i] >= '0' && s[i] <= '9') {
			if (count < 4 && p[count] < 10000)
				p[count] = p[count] * 10 + s[i] - '0';
		} else if (s[i] == ';') {
			count++;
		} else {
			private = true;
		}
	}
	if (i >= n && !in->expired)
		return GOT_MORE;
	*used = i < n ? i + 1 : n;
	if (i >= n || s[i] < 0x40 || private)
		return GOT_NOTHING;
	return finish_csi(in, key, s[i], p, count + 1);
}

static enum got
read_escape(struct input *in, struct key *key, const unsigned char *s, size_t n, size_t *used)
{
	enum got got;

	*used = 1;
	if (n == 1)
		return in->expired ? give(key, K_ESC) : GOT_MORE;
	if (s[1] == K_ESC)
		return give(key, K_ESC);
	if (s[1] == '[' && (n > 2 || !in->expired))
		return n > 2 ? read_csi(in, key, s, n, used) : GOT_MORE;
	if (s[1] == 'O' && (n > 2 || !in->expired)) {
		if (n == 2)
			return GOT_MORE;
		*used = 3;
		return give(key, s[2] >= 'A' && s[2] <= 'Z' ? letter_keys[s[2] - 'A'] : 0);
	}
	if (s[1] >= 0x80)
		return give(key, K_ESC);
	*used = 2;
	got = give(key, s[1] == 8 ? K_BACKSPACE : s[1]);
	key->code |= K_ALT;
	return got;
}

static enum got
read_plain(struct input *in, struct key *key, const unsigned char *s, size_t n, size_t *used)
{
	uint32_t c = utf8_decode((const char *)s, n, used);

	if (c == UTF8_BAD && n < 4 && s[0] >= 0xc2 && s[0] <= 0xf4 && !in->expired) {
		size_t i = 1;

		while (i < n && (s[i] & 0xc0) == 0x80)
			i++;
		if (i == n)
			return GOT_MORE;
	}
	if (c == UTF8_BAD || c == 0)
		return GOT_NOTHING;
	if (c == '\n')
		c = K_ENTER;
	return give(key, c == 8 ? K_BACKSPACE : c);
}

/* Take bytes of a paste up to its end mark, a piece at a time. */
static enum got
read_paste(struct input *in, struct key *key, const unsigned char *s, size_t n, size_t *used)
{
	static const char mark[] = "\033[201~";
	size_t i = 0;

	while (i < n && s[i] != K_ESC)
		i++;
	if (i > 0) {
		buf_add_n(&in->paste, (const char *)s, i);
		*used = i;
		return GOT_NOTHING;
	}
	*used = 0;
	if (n >= 4 &&
	    memcmp(s, "\033[0n", 4) == 0) { /* the terminal's answer, between two pieces of it */
		*used = 4;
		return give(key, K_ALIVE);
	}
	if (n > 0 && n < 6 && memcmp(s, mark, n) == 0 && !in->expired)
		return GOT_MORE;
	if (n == 0 && !in->expired)
		return GOT_MORE;
	if (n > 0 && (n < 6 || memcmp(s, mark, 6) != 0)) {
		*used = 1; /* a raw Escape inside a paste: dropped */
		return GOT_NOTHING;
	}
	*used = n ? 6 : 0;
	in->pasting = false;
	free(in->pasted);
	in->pasted = utf8_clean(buf_str(&in->paste), in->paste.size, true, NULL);
	buf_clear(&in->paste);
	give(key, K_PASTE);
	key->text = in->pasted;
	key->size = strlen(in->pasted);
	return GOT_KEY;
}

bool
input_next(struct input *in, struct key *key)
{
	while (in->start < in->end || (in->pasting && in->expired)) {
		const unsigned char *s = in->bytes + in->start;
		size_t n = in->end - in->start, used = 0;
		enum got got;

		if (in->pasting)
			got = read_paste(in, key, s, n, &used);
		else if (s[0] == K_ESC)
			got = read_escape(in, key, s, n, &used);
		else
			got = read_plain(in, key, s, n, &used);
		if (got == GOT_MORE)
			return false;
		in->start += used;
		if (got == GOT_KEY)
			return true;
	}
	return false;
}
