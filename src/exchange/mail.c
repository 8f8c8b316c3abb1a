#include "exchange/mail.h"

#include "base/buf.h"
#include "base/clock.h"
#include "store/digest.h"

#include <stdlib.h>
#include <string.h>

#define LINE 57 /* bytes in a line of base64: 76 characters */

bool
mail_address_ok(const char *text)
{
	const char *at = strchr(text, '@');

	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("<>\",;()[]\\", *c))
			return false;
	return at && at > text && at[1] && !strchr(at + 1, '@') && strlen(text) <= 254;
}

static void
add_base64(struct buf *out, const unsigned char *data, size_t n)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		unsigned long three = (unsigned long)data[i] << 16;

		if (i + 1 < n)
			three |= (unsigned long)data[i + 1] << 8;
		if (i + 2 < n)
			three |= data[i + 2];
		buf_add_char(out, digit[three >> 18]);
		buf_add_char(out, digit[three >> 12 & 63]);
		buf_add_char(out, i + 1 < n ? digit[three >> 6 & 63] : '=');
		buf_add_char(out, i + 2 < n ? digit[three & 63] : '=');
	}
}

static void
add_date(struct buf *out, int64_t at)
{
	static const char days[] = "SunMonTueWedThuFriSat",
			  months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int zone = clock_zone(), east = zone < 0 ? -zone : zone;
	struct civil c;

	clock_civil(at, &c);
	buf_printf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d %c%02d%02d\r\n",
	    days + c.weekday * 3, c.day, months + (c.month - 1) * 3, c.year, c.hour, c.minute,
	    c.second, zone < 0 ? '-' : '+', east / 60, east % 60);
}

/* Encoded words of at most 45 bytes, cut between characters (RFC 2047). */
static void
add_subject(struct buf *out, const char *subject)
{
	size_t left = strlen(subject);

	buf_add(out, "Subject:");
	while (left > 0) {
		size_t n = left < 45 ? left : 45;

		while (n < left && n > 1 && ((unsigned char)subject[n] & 0xc0) == 0x80)
			n--;
		buf_add(out, " =?UTF-8?B?");
		add_base64(out, (const unsigned char *)subject, n);
		buf_add(out, "?=\r\n");
		subject += n;
		left -= n;
	}
}

void
mail_write(struct buf *out, const char *from, const char *to, const char *subject, const char *key,
    int64_t at, const char *type, const char *body, size_t n)
{
	const char *place = strchr(from, '@');
	char hex[65], *token = mail_token(key);

	digest_hex(key, strlen(key), hex);
	add_date(out, at);
	buf_printf(out, "From: <%s>\r\nTo: <%s>\r\n", from, to);
	add_subject(out, subject);
	buf_printf(out, "Message-ID: <%.40s%s>\r\nIdempotency-Key: %s\r\n", hex,
	    place ? place : "@zhiban", token);
	buf_printf(out, "MIME-Version: 1.0\r\nContent-Type: %s; charset=utf-8\r\n", type);
	buf_add(out, "Content-Transfer-Encoding: base64\r\n\r\n");
	for (size_t i = 0; i < n; i += LINE) {
		add_base64(out, (const unsigned char *)body + i, n - i < LINE ? n - i : LINE);
		buf_add(out, "\r\n");
	}
	free(token);
}

char *
mail_token(const char *text)
{
	struct buf out = BUF_MAX(8192);

	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		    (*c >= '0' && *c <= '9') || strchr("-._~:/", *c))
			buf_add_char(&out, (char)*c);
		else
			buf_printf(&out, "%%%02X", *c);
	return buf_take(&out);
}
