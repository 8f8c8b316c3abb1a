/*
 * A number is a run of plain digits with an optional decimal part and a multiplier (3.5万), or a
 * run of Chinese numerals. Chinese numerals are summed section by section (万, 亿 close one); a run
 * without 十百千万亿 is read digit by digit, as years and house numbers are said.
 */
#include "decide/number.h"

#include "base/mem.h"

#include <math.h>
#include <string.h>

#define NUMBER_MAX 1e12

/* Value of one numeral character; `unit` marks the multipliers. */
struct numeral {
	const char *text;
	double value;
	bool unit;
};

static const struct numeral numerals[] = {
    {"〇", 0, false},
    {"零", 0, false},
    {"一", 1, false},
    {"二", 2, false},
    {"两", 2, false},
    {"俩", 2, false},
    {"三", 3, false},
    {"仨", 3, false},
    {"四", 4, false},
    {"五", 5, false},
    {"六", 6, false},
    {"七", 7, false},
    {"八", 8, false},
    {"九", 9, false},
    {"十", 10, true},
    {"百", 100, true},
    {"千", 1e3, true},
    {"万", 1e4, true},
    {"亿", 1e8, true},
};

static const struct numeral *
numeral_at(const char *s, size_t n)
{
	/* All of them are three bytes, and none of their first bytes is ASCII. */
	if (n < 3 || (s[0] & 0x80) == 0)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(numerals); i++)
		if (memcmp(s, numerals[i].text, 3) == 0)
			return &numerals[i];
	return NULL;
}

/* 万, 千, 百, 亿 behind plain digits: "3.5万", "2千", "1百万". Gives the bytes taken. */
static size_t
read_multiplier(const char *s, size_t n, double *value)
{
	size_t at = 0;
	const struct numeral *m;

	/* "20余万", "3万多" are at least that. */
	if (n > 6 && (memcmp(s, "余", 3) == 0 || memcmp(s, "多", 3) == 0) &&
	    (m = numeral_at(s + 3, n - 3)) != NULL && m->unit && m->value >= 1000)
		at = 3;
	while ((m = numeral_at(s + at, n - at)) != NULL && m->unit && m->value >= 100) {
		*value *= m->value;
		at += 3;
	}
	return at;
}

static bool
read_plain(const char *s, size_t n, struct number *out)
{
	double value = 0, place = 0.1;
	size_t at = 0;

	while (at < n && (s[at] == ',' || (s[at] >= '0' && s[at] <= '9'))) {
		if (s[at] == ',') {
			/* A group comma stands before exactly three digits. */
			if (at == 0 || at + 3 >= n || strspn(s + at + 1, "0123456789") != 3)
				break;
		} else {
			value = value * 10 + (s[at] - '0');
		}
		at++;
	}
	if (at == 0)
		return false;
	if (at + 1 < n && s[at] == '.' && s[at + 1] >= '0' && s[at + 1] <= '9')
		for (at++; at < n && s[at] >= '0' && s[at] <= '9'; at++, place /= 10)
			value += (s[at] - '0') * place;
	at += read_multiplier(s + at, n - at, &value);
	out->value = value;
	out->size = at;
	return true;
}

/* 五六, 十七八, 二三十: two digits in a row, the second one more than the first, and no third:
 * "five or six". */
static bool
begins_pair(const char *s, size_t n, size_t at)
{
	const struct numeral *first = numeral_at(s + at, n - at);
	const struct numeral *second = n - at > 3 ? numeral_at(s + at + 3, n - at - 3) : NULL;
	const struct numeral *third = n - at > 6 ? numeral_at(s + at + 6, n - at - 6) : NULL;
	const struct numeral *before = at >= 3 ? numeral_at(s + at - 3, 3) : NULL;

	return first && second && !first->unit && !second->unit && first->value > 0 &&
	       second->value - first->value == 1 && !(third && !third->unit) &&
	       !(before && !before->unit);
}

static bool
read_chinese(const char *s, size_t n, struct number *out)
{
	double total = 0, section = 0, digit = 0, spelled = 0;
	bool units = false, any_digit = false;
	size_t at = 0;
	const struct numeral *c;

	while ((c = numeral_at(s + at, n - at)) != NULL && at < 48) {
		bool pair = begins_pair(s, n, at);

		at += 3;
		if (pair) { /* 五六个: five at least */
			at += 3;
			out->bound = BOUND_ABOUT;
		}
		if (!c->unit) {
			digit = c->value;
			any_digit = true;
			spelled = spelled * 10 + c->value;
			continue;
		}
		units = true;
		if (c->value < 1e4) {
			section += (any_digit && digit > 0 ? digit : 1) * c->value;
		} else {
			section += digit;
			total = (total + (section > 0 ? section : 1)) * c->value;
			section = 0;
		}
		digit = 0;
	}
	out->value = units ? total + section + digit : spelled;
	out->size = at;
	return at > 0;
}

bool
number_read(const char *s, size_t n, struct number *out)
{
	static const char *const vague[] = {"数", "几", "上"};
	size_t lead = 0;

	out->bound = BOUND_EXACT;
	for (size_t i = 0; i < COUNT_OF(vague); i++)
		if (n > 3 && memcmp(s, vague[i], 3) == 0) {
			const struct numeral *next = numeral_at(s + 3, n - 3);

			if (!next || !next->unit)
				return false;
			lead = 3;
			out->bound = BOUND_AT_LEAST;
		}
	if (!(lead == 0 && read_plain(s, n, out)) && !read_chinese(s + lead, n - lead, out))
		return false;
	out->size += lead;
	return isfinite(out->value) && out->value <= NUMBER_MAX;
}

int
number_int(const char *s, size_t n)
{
	struct number number;

	if (n == 0 || !number_read(s, n, &number) || number.value > 1e9)
		return -1;
	return (int)number.value;
}
