/*
 * Texts, numbers, times and notes as upstream writes them. Numbers are read here and not by strtod,
 * which takes a comma for the point in some locales and three times as long on a polygon of 41,009
 * corners.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "exchange/inside.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* --- notes ------------------------------------------------------------------------------------ */

static bool
stands_already(const struct buf *b, const char *line, size_t n)
{
	const char *s = buf_str(b);

	while (*s) {
		size_t length = strcspn(s, "\n");

		if (length == n && memcmp(s, line, n) == 0)
			return true;
		s += length + (s[length] == '\n');
	}
	return false;
}

void
notes_add(struct notes *notes, const char *format, ...)
{
	va_list ap;
	char *line, *whole;

	if (!notes->room)
		notes->room = NOTES_MAX;
	if (++notes->calls > NOTES_CALLS)
		return;
	notes->text.max = notes->room;
	va_start(ap, format);
	whole = mem_vprint(format, ap);
	va_end(ap);
	/* A precision may have cut a character. */
	line = utf8_clean(whole, strlen(whole), false, NULL);
	free(whole);
	if (!stands_already(&notes->text, line, strlen(line)) &&
	    notes->text.size + strlen(line) + 1 < notes->room) {
		if (notes->text.size)
			buf_add_char(&notes->text, '\n');
		buf_add(&notes->text, line);
	}
	free(line);
}

void
notes_reopen(struct notes *notes)
{
	notes->room = (size_t)NOTES_MAX * 2;
	notes->calls = 0;
}

char *
notes_take(struct notes *notes)
{
	char *s = notes->text.size ? buf_take(&notes->text) : NULL;

	buf_clear(&notes->text);
	notes->room = 0;
	notes->calls = 0;
	return s;
}

/* --- texts ------------------------------------------------------------------------------------ */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
fold_blanks(char *s)
{
	char *to = s;

	for (char *from = s; *from; from++)
		if (!is_blank(*from))
			*to++ = *from;
		else if (to > s && to[-1] != ' ')
			*to++ = ' ';
	while (to > s && to[-1] == ' ')
		to--;
	*to = '\0';
}

/* Printable ASCII needs no cleaning: nine texts of ten in foreign feeds. */
static bool
is_plain(const char *s, size_t n)
{
	unsigned char odd = 0;

	for (size_t i = 0; i < n; i++)
		odd |= (unsigned char)((unsigned char)(s[i] - 0x20) >= 0x5f);
	return !odd;
}

char *
feed_text(const char *s, size_t n, bool lines)
{
	char *clean;

	while (n && is_blank(s[n - 1]))
		n--;
	while (n && is_blank(*s))
		s++, n--;
	if (n == 0)
		return NULL;
	clean = is_plain(s, n) ? mem_dupn(s, n) : utf8_clean(s, n, lines, NULL);
	if (!lines)
		fold_blanks(clean);
	return clean;
}

void
feed_keep(char **to, const char *s, size_t n, bool lines)
{
	if (!*to)
		*to = feed_text(s, n, lines);
}

bool
feed_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* --- numbers ---------------------------------------------------------------------------------- */

bool
feed_number(const char **s, const char *end, double *out)
{
	static const double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
	const char *p = *s;
	bool minus = false, any = false, point = false;
	uint64_t mantissa = 0;
	int digits = 0, scale = 0, exponent = 0;

	if (p < end && (*p == '-' || *p == '+'))
		minus = *p++ == '-';
	for (; p < end && ((*p >= '0' && *p <= '9') || (*p == '.' && !point)); p++) {
		if (*p == '.') {
			point = true;
			continue;
		}
		any = true;
		if (digits < 18) {
			mantissa = mantissa * 10 + (uint64_t)(*p - '0');
			digits += mantissa > 0;
			scale -= point;
		} else if (!point && ++scale > 300)
			return false;
	}
	if (!any)
		return false;
	if (p + 1 < end && (*p == 'e' || *p == 'E')) {
		const char *q = p + 1;
		bool down = *q == '-';

		q += *q == '-' || *q == '+';
		if (q < end && *q >= '0' && *q <= '9') {
			for (; q < end && *q >= '0' && *q <= '9'; q++)
				exponent = exponent < 400 ? exponent * 10 + (*q - '0') : exponent;
			scale += down ? -exponent : exponent;
			p = q;
		}
	}
	*out = (double)mantissa;
	for (; scale < 0 && *out != 0; scale += scale < -18 ? 18 : -scale)
		*out /= tens[scale < -18 ? 18 : -scale];
	for (; scale > 0 && *out != 0 && *out<1e300; scale -= scale> 18 ? 18 : scale)
		*out *= tens[scale > 18 ? 18 : scale];
	if (minus)
		*out = -*out;
	*s = p;
	return *out > -1e300 && *out < 1e300;
}

/* --- times ------------------------------------------------------------------------------------ */

struct cursor {
	const char *s, *end;
};

static bool
digits(struct cursor *c, int least, int most, int *value)
{
	int n = 0, v = 0;

	while (n < most && c->s < c->end && *c->s >= '0' && *c->s <= '9') {
		v = v * 10 + (*c->s++ - '0');
		n++;
	}
	*value = v;
	return n >= least;
}

static bool
one_of(struct cursor *c, const char *set)
{
	if (c->s >= c->end || !*c->s || !strchr(set, *c->s))
		return false;
	c->s++;
	return true;
}

static void
blanks(struct cursor *c)
{
	while (c->s < c->end && is_blank(*c->s))
		c->s++;
}

static bool
civil_valid(const struct civil *c)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;

	if (c->year < 1900 || c->year > 2442 || c->month < 1 || c->month > 12 || c->day < 1)
		return false;
	if (c->day > days[c->month - 1] || (c->month == 2 && c->day == 29 && !leap))
		return false;
	return c->hour <= 24 && c->minute <= 59 && c->second <= 60;
}

/* Z, +08:00, +0800, +08, GMT, UT. False when something else stands there. */
static bool
zone(struct cursor *c, int *minutes, bool *given)
{
	int h, m = 0;
	char sign;

	blanks(c);
	*given = c->s < c->end;
	if (!*given)
		return true;
	if (c->end - c->s >= 2 &&
	    (memcmp(c->s, "GMT", c->end - c->s < 3 ? 2 : 3) == 0 || memcmp(c->s, "UT", 2) == 0)) {
		*minutes = 0;
		c->s = c->end;
		return true;
	}
	if (one_of(c, "Zz")) {
		*minutes = 0;
		return c->s == c->end;
	}
	if (!one_of(c, "+-"))
		return false;
	sign = c->s[-1];
	if (!digits(c, 2, 2, &h))
		return false;
	one_of(c, ":");
	if (c->s < c->end && !digits(c, 2, 2, &m))
		return false;
	if (h > 14 || m > 59 || c->s != c->end)
		return false;
	*minutes = (sign == '-' ? -1 : 1) * (h * 60 + m);
	return true;
}

static bool
time_of_day(struct cursor *c, struct civil *t, int *milli)
{
	int dropped;

	if (!digits(c, 1, 2, &t->hour) || !one_of(c, ":") || !digits(c, 2, 2, &t->minute))
		return false;
	if (one_of(c, ":") && !digits(c, 2, 2, &t->second))
		return false;
	if (one_of(c, ".,")) {
		const char *from = c->s;

		if (!digits(c, 1, 3, milli))
			return false;
		for (long n = c->s - from; n < 3; n++)
			*milli *= 10;
		while (digits(c, 1, 9, &dropped))
			;
	}
	return true;
}

static bool
month_name(struct cursor *c, int *month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12 && c->end - c->s >= 3; i++)
		if (memcmp(names + (ptrdiff_t)3 * i, c->s, 3) == 0) {
			*month = i + 1;
			c->s += 3;
			return true;
		}
	return false;
}

/* "Tue, 30 Jun 2026 07:30:00 GMT", the day's name or not. */
static bool
rfc822(struct cursor *c, struct civil *t, int *milli)
{
	if (c->s < c->end && isalpha((unsigned char)*c->s)) {
		while (c->s < c->end && *c->s != ',' && *c->s != ' ')
			c->s++;
		one_of(c, ",");
		blanks(c);
	}
	if (!digits(c, 1, 2, &t->day))
		return false;
	blanks(c);
	if (!month_name(c, &t->month))
		return false;
	blanks(c);
	if (!digits(c, 2, 4, &t->year))
		return false;
	t->year += t->year < 100 ? 2000 : 0;
	blanks(c);
	return c->s == c->end || time_of_day(c, t, milli);
}

static bool
stamp(struct cursor *c, struct civil *t)
{
	return digits(c, 4, 4, &t->year) && digits(c, 2, 2, &t->month) &&
	       digits(c, 2, 2, &t->day) && digits(c, 2, 2, &t->hour) &&
	       digits(c, 2, 2, &t->minute) && (c->s == c->end || digits(c, 2, 2, &t->second));
}

static bool
iso(struct cursor *c, struct civil *t, int *milli)
{
	if (!digits(c, 4, 4, &t->year) || !one_of(c, "-/.") || !digits(c, 1, 2, &t->month) ||
	    !one_of(c, "-/.") || !digits(c, 1, 2, &t->day))
		return false;
	if (c->s < c->end && *c->s != '+' && *c->s != 'Z') {
		if (!one_of(c, "Tt"))
			blanks(c);
		blanks(c);
		if (c->s < c->end && !time_of_day(c, t, milli))
			return false;
	}
	return true;
}

static bool
is_cap_time(const char *s, size_t n)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddsdd:dd";

	if (n != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (form[i] == 'd'   ? s[i] < '0' || s[i] > '9'
		    : form[i] == 's' ? s[i] != '+' && s[i] != '-'
				     : s[i] != form[i])
			return false;
	return true;
}

enum when_form
feed_when(const char *s, size_t n, int zone_minutes, int64_t *out)
{
	struct civil t = {0};
	struct cursor c;
	bool given = false, ok, era = false;
	int milli = 0, east = zone_minutes;
	size_t leading = 0;

	*out = CLOCK_NONE;
	while (n && is_blank(s[n - 1]))
		n--;
	while (n && is_blank(*s))
		s++, n--;
	c = (struct cursor){s, s + n};
	while (leading < n && s[leading] >= '0' && s[leading] <= '9')
		leading++;
	if (n == 0 || n > 60)
		return WHEN_BAD;
	if (leading == 14 || leading == 12)
		ok = stamp(&c, &t);
	else if (leading == 4)
		ok = iso(&c, &t, &milli);
	else
		ok = rfc822(&c, &t, &milli);
	if (!ok || !zone(&c, &east, &given))
		return WHEN_BAD;
	if (t.year >= 2443 && t.year <= 2700) { /* 1900..2157 of ours */
		t.year -= 543;
		era = true;
	}
	if (!civil_valid(&t))
		return WHEN_BAD;
	*out = clock_from_civil(&t) + (clock_zone() - east) * CLOCK_MINUTE + milli;
	return given && !era && is_cap_time(s, n) ? WHEN_CAP : WHEN_ODD;
}
