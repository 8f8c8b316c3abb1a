#include "exchange/decode.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/ucnv.h>

/* The first byte that is no UTF-8 or is NUL; n when all is text. ASCII goes by eight bytes at a
 * time. */
static size_t
first_bad(const char *s, size_t n)
{
	size_t i = 0, size;

	while (i < n) {
		uint64_t eight;

		while (n - i >= 8) {
			memcpy(&eight, s + i, 8);
			/* No high bit, and no zero byte (exact when no high bit is set). */
			if ((eight & UINT64_C(0x8080808080808080)) ||
			    ((eight - UINT64_C(0x0101010101010101)) & UINT64_C(0x8080808080808080)))
				break;
			i += 8;
		}
		if (i >= n)
			break;
		if (s[i] == '\0' || utf8_decode(s + i, n - i, &size) == UTF8_BAD)
			return i;
		i += size;
	}
	return n;
}

/* Good UTF-8 up to a character that the end of the bytes cuts in two. */
static bool
cut_utf8(const char *s, size_t n, size_t bad)
{
	unsigned char lead = (unsigned char)s[bad];
	size_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

	if (lead < 0xc2 || lead > 0xf4 || n - bad >= need)
		return false;
	for (size_t i = bad + 1; i < n; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/*
 * Of the bytes over 127, are most in good UTF-8 sequences of two bytes and more? Of the characters
 * of GB 2312 one in seven looks like such a sequence by chance.
 */
static bool
damaged_utf8(const char *s, size_t n)
{
	size_t good = 0, high = 0, size;

	for (size_t i = 0; i < n; i += size) {
		bool bad = utf8_decode(s + i, n - i, &size) == UTF8_BAD;

		if ((unsigned char)s[i] < 0x80)
			continue;
		high += size;
		good += bad ? 0 : size;
	}
	return good * 4 >= high * 3;
}

/*
 * Is it likely GB text at all? Nearly every pair of a real one lies in GB 2312, both bytes over
 * 0xa0; a lone accent of a one-byte encoding makes a pair with the ASCII letter behind it. Asked
 * only where nothing is declared.
 */
static bool
looks_gb(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t good = 0, other = 0, step;

	for (size_t i = 0; i < n; i += step) {
		bool pair = i + 1 < n && s[i] > 0xa0 && s[i + 1] > 0xa0;

		step = s[i] < 0x80 ? 1 : i + 1 < n && s[i + 1] >= '0' && s[i + 1] <= '9' ? 4 : 2;
		good += pair;
		other += s[i] >= 0x80 && !pair;
	}
	return good >= other;
}

/* --- converting ------------------------------------------------------------------------------- */

#define PIVOT 4096

/* All of it or nothing. The output grows as it comes: at most half as much again as GB text, thrice
 * one-byte text. */
static bool
convert(const char *bytes, size_t n, const char *charset, char **out, size_t *out_n, size_t *bad_at)
{
	UErrorCode status = U_ZERO_ERROR, opened = U_ZERO_ERROR;
	UConverter *from = ucnv_open(charset, &opened), *to = ucnv_open("UTF-8", &opened);
	UChar pivot[PIVOT], *pivot_from = pivot, *pivot_to = pivot;
	size_t room = n + n / 2 + 64, used = 0;
	char *data = NULL;
	const char *source = bytes;
	bool first = true;

	*bad_at = 0;
	if (U_SUCCESS(opened)) {
		ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &opened);
		ucnv_setFromUCallBack(to, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &opened);
	}
	if (U_FAILURE(opened))
		status = opened;
	while (U_SUCCESS(status)) {
		char *target;

		data = mem_resize(data, room + 1, 1);
		target = data + used;
		ucnv_convertEx(to, from, &target, data + room, &source, bytes + n, pivot,
		    &pivot_from, &pivot_to, pivot + PIVOT, (UBool)first, (UBool) true, &status);
		first = false;
		used = (size_t)(target - data);
		if (status != U_BUFFER_OVERFLOW_ERROR)
			break;
		status = U_ZERO_ERROR;
		room += room / 2;
	}
	ucnv_close(from);
	ucnv_close(to);
	if (U_FAILURE(status) || memchr(data ? data : "", 0, used)) {
		*bad_at = (size_t)(source - bytes);
		free(data);
		return false;
	}
	data[used] = '\0';
	*out = data;
	*out_n = used;
	return true;
}

/* --- what is declared ------------------------------------------------------------------------- */

/* Encodings a declaration may name: none with shift states or with ASCII bytes that mean something
 * else. */
static const struct {
	const char *declared, *charset;
} charsets[] = {
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"gb18030", "gb18030"},
    {"x-gbk", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"cp936", "gb18030"},
    {"big5", "big5"},
    {"big5-hkscs", "big5-hkscs"},
    {"iso-8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"windows-1252", "windows-1252"},
    {"iso-8859-2", "iso-8859-2"},
    {"iso-8859-15", "iso-8859-15"},
    {"windows-1250", "windows-1250"},
    {"windows-1251", "windows-1251"},
    {"euc-jp", "euc-jp"},
    {"shift_jis", "shift_jis"},
    {"euc-kr", "euc-kr"},
    {"koi8-r", "koi8-r"},
    {"us-ascii", "us-ascii"},
};

/* The charset the XML declaration asks for; "" none, NULL one we do not read. */
static const char *
declared_charset(const char *bytes, size_t n, char *name, size_t size)
{
	char head[200];
	const char *p;
	size_t length;

	n = n < sizeof(head) - 1 ? n : sizeof(head) - 1;
	memcpy(head, bytes, n);
	head[n] = '\0';
	name[0] = '\0';
	if (memcmp(head, "<?xml", n < 5 ? n : 5) != 0 || !(p = strstr(head, "encoding")))
		return "";
	p += strlen("encoding");
	p += strspn(p, " \t\r\n=");
	if (*p != '"' && *p != '\'')
		return "";
	length = strcspn(p + 1, "\"'>");
	if (length >= size)
		length = size - 1;
	memcpy(name, p + 1, length);
	name[length] = '\0';
	if (strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0)
		return "";
	for (size_t i = 0; i < COUNT_OF(charsets); i++)
		if (strcasecmp(charsets[i].declared, name) == 0)
			return charsets[i].charset;
	return NULL;
}

static bool
use(struct decoded *out, const char *text, size_t n, char *owned, const char *charset)
{
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	*out = (struct decoded){text, n, charset, owned};
	return true;
}

/*
 * GB 18030 has 24 characters (radicals, and punctuation of vertical lines) for which Unicode had no place in 2000. ICU before 74 still
 * puts them into the private area, where nobody's font has them; the edition of 2022, glibc and the browsers give the places
 * Unicode has for them since.
 */
static const struct {
	uint16_t private_place;
	uint32_t place;
} given_later[] = {
    {0xe78d, 0xfe10},
    {0xe78e, 0xfe12},
    {0xe78f, 0xfe11},
    {0xe790, 0xfe13},
    {0xe791, 0xfe14},
    {0xe792, 0xfe15},
    {0xe793, 0xfe16},
    {0xe794, 0xfe17},
    {0xe795, 0xfe18},
    {0xe796, 0xfe19},
    {0xe816, 0x20087},
    {0xe817, 0x20089},
    {0xe818, 0x200cc},
    {0xe81e, 0x9fb4},
    {0xe826, 0x9fb5},
    {0xe82b, 0x9fb6},
    {0xe82c, 0x9fb7},
    {0xe831, 0x215d7},
    {0xe832, 0x9fb8},
    {0xe83b, 0x2298f},
    {0xe843, 0x9fb9},
    {0xe854, 0x9fba},
    {0xe855, 0x241fe},
    {0xe864, 0x9fbb},
};

static uint32_t
place_of(uint32_t c)
{
	for (size_t i = 0; i < COUNT_OF(given_later); i++)
		if (given_later[i].private_place == c)
			return given_later[i].place;
	return c;
}

/* The text with those in their places; itself when there are none: 0xee begins nothing but the private area. */
static char *
out_of_private(char *text, size_t *n)
{
	struct buf out = BUF_MAX(*n + *n / 3 + 1);
	size_t size;

	if (!memchr(text, 0xee, *n))
		return text;
	for (size_t i = 0; i < *n; i += size) {
		char bytes[4];
		uint32_t c = utf8_decode(text + i, *n - i, &size);

		buf_add_n(&out, bytes, utf8_encode(place_of(c), bytes));
	}
	free(text);
	*n = out.size;
	return buf_take(&out);
}

static bool
decode_as(const char *bytes, size_t n, const char *charset, struct decoded *out, struct err *err)
{
	char *text;
	size_t text_n, bad;

	if (convert(bytes, n, charset, &text, &text_n, &bad)) {
		if (strcmp(charset, "gb18030") == 0)
			text = out_of_private(text, &text_n);
		return use(out, text, text_n, text, charset);
	}
	return err_set(err, ERR_INPUT, _("byte %zu is not %s text"), bad + 1, charset);
}

/* UTF-16 by its mark, or by a '<' in two bytes where no mark stands. */
static const char *
utf16_charset(const unsigned char *b, size_t n)
{
	if (n >= 2 && ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff)))
		return "UTF-16";
	if (n >= 4 && b[0] == '<' && !b[1] && b[2] && !b[3])
		return "UTF-16LE";
	return n >= 4 && !b[0] && b[1] == '<' && !b[2] && b[3] ? "UTF-16BE" : NULL;
}

bool
decode(const char *bytes, size_t n, struct decoded *out, struct err *err)
{
	const char *charset = utf16_charset((const unsigned char *)bytes, n);
	char name[40];
	size_t bad;

	memset(out, 0, sizeof(*out));
	if (charset)
		return decode_as(bytes, n, charset, out, err);
	bad = first_bad(bytes, n);
	if (bad == n)
		return use(out, bytes, n, NULL, "UTF-8");
	if (memchr(bytes, 0, n))
		return err_set(err, ERR_INPUT, _("there is a NUL byte in it: this is not text"));
	charset = declared_charset(bytes, n, name, sizeof(name));
	if (!charset)
		return err_set(
		    err, ERR_INPUT, _("the encoding it declares is not known here: %s"), name);
	if (*charset && strcmp(charset, "gb18030") != 0)
		return decode_as(bytes, n, charset, out, err);
	/* GB 18030 would make other characters of broken UTF-8, whatever is declared. */
	if (cut_utf8(bytes, n, bad) || damaged_utf8(bytes, n))
		return err_set(err, ERR_INPUT, _("byte %zu is not %s text"), bad + 1, "UTF-8");
	if (*charset)
		return decode_as(bytes, n, charset, out, err);
	if (looks_gb(bytes, n) && decode_as(bytes, n, "gb18030", out, err))
		return true;
	err_clear(err);
	return err_set(err, ERR_INPUT, _("byte %zu is not %s text"), bad + 1, "UTF-8");
}

void
decoded_clear(struct decoded *d)
{
	free(d->owned);
	memset(d, 0, sizeof(*d));
}
