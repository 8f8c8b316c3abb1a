/* Phones, number plates, road posts, units and persons: words with a normal form. */
#include "decide/scan.h"

#include "decide/number.h"

#include "base/buf.h"
#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Digits (and letters, made capitals) of the words; blanks and dots go, dashes as well unless wanted (long ones become short). */
static char *
squeeze(const char *s, size_t n, bool dashes)
{
	struct buf out = BUF_MAX(64);

	for (size_t i = 0; i < n; i++)
		if (n - i >= 3 && (memcmp(s + i, "—", 3) == 0 || memcmp(s + i, "–", 3) == 0)) {
			buf_add(&out, dashes ? "-" : "");
			i += 2;
		} else if ((s[i] & 0x80) != 0 || isalnum((unsigned char)s[i]) ||
			   (dashes && s[i] == '-')) {
			buf_add_char(
			    &out, (char)((s[i] & 0x80) ? s[i] : toupper((unsigned char)s[i])));
		}
	return buf_take(&out);
}

static char *
plate_norm(const struct scan *scan, const struct candidate *c)
{
	size_t n;
	const char *s = scan_group(scan, c, GROUP_ALL, &n);
	struct buf out = BUF_MAX(32);

	for (size_t i = 0; i < n; i++) {
		if (memcmp(s + i, "\xc2\xb7", 2) == 0 || memcmp(s + i, "\xe2\x80\xa2", 3) == 0 ||
		    memcmp(s + i, "\xe3\x83\xbb", 3) == 0) {
			i += s[i] == '\xc2' ? 1 : 2; /* the dot between area and number */
			continue;
		}
		if (s[i] != ' ' && s[i] != '-' && s[i] != '.')
			buf_add_char(
			    &out, (char)((s[i] & 0x80) ? s[i] : toupper((unsigned char)s[i])));
	}
	return buf_take(&out);
}

/* 上行 and 下行 stay as said; 往南, 南向, 由北向南 become 南行. */
static const char *
carriageway(const char *s, size_t n)
{
	static const struct {
		const char *word, *norm;
	} ways[] = {{"双向", "双向"}, {"上行", "上行"}, {"下行", "下行"}, {"往南", "南行"},
	    {"向南", "南行"}, {"南行", "南行"}, {"南向", "南行"}, {"由北", "南行"},
	    {"往北", "北行"}, {"向北", "北行"}, {"北行", "北行"}, {"北向", "北行"},
	    {"由南", "北行"}, {"往东", "东行"}, {"向东", "东行"}, {"东行", "东行"},
	    {"东向", "东行"}, {"由西", "东行"}, {"往西", "西行"}, {"向西", "西行"},
	    {"西行", "西行"}, {"西向", "西行"}, {"由东", "西行"}};

	for (size_t at = 0; at + 6 <= n; at++)
		for (size_t i = 0; i < COUNT_OF(ways); i++)
			if (memcmp(s + at, ways[i].word, 6) == 0)
				return ways[i].norm;
	return NULL;
}

/* "G2 K1023+500 南行": road (group u), kilometre (n), metres (mi), carriageway (rel). */
static char *
road_norm(const struct scan *scan, const struct candidate *c)
{
	size_t n, m, r, w;
	const char *road = scan_group(scan, c, GROUP_U, &n), *km = scan_group(scan, c, GROUP_N, &m);
	const char *metres = scan_group(scan, c, GROUP_MI, &r),
		   *way = scan_group(scan, c, GROUP_REL, &w);
	struct number number;
	struct buf out = BUF_MAX(160);

	if (n) {
		char *name = squeeze(road, n, false);

		buf_add(&out, name);
		free(name);
	}
	if (m && number_read(km, m, &number)) {
		int whole = (int)number.value, over = (int)((number.value - whole) * 1000 + 0.5);

		if (r)
			over = number_int(metres, r);
		buf_printf(&out, "%sK%d+%03d", out.size ? " " : "", whole, over < 0 ? 0 : over);
	}
	if (w && carriageway(way, w))
		buf_printf(&out, "%s%s", out.size ? " " : "", carriageway(way, w));
	return buf_take(&out);
}

static char *
norm_of(const struct scan *scan, const struct candidate *c)
{
	size_t n;
	const char *s = scan_group(scan, c, scan_has(c, GROUP_T) ? GROUP_T : GROUP_ALL, &n);

	switch (c->rule->kind) {
	case FACT_PHONE:
		return squeeze(s, n, s[0] != '1');
	case FACT_PLATE:
		return plate_norm(scan, c);
	case FACT_ROAD:
		return road_norm(scan, c);
	default:
		return mem_dupn(s, n);
	}
}

static bool
is_ident(int kind)
{
	return kind == FACT_PHONE || kind == FACT_PLATE || kind == FACT_ROAD ||
	       kind == FACT_PERSON || kind == FACT_UNIT;
}

void
idents_find(struct scan *scan)
{
	for (size_t i = 0; i < scan->n_candidates; i++) {
		const struct candidate *c = &scan->candidate[i];
		enum group span = scan_has(c, GROUP_T) ? GROUP_T : GROUP_ALL;
		bool taken = false;
		struct fact *fact;

		if (!is_ident(c->rule->kind))
			continue;
		for (size_t k = 0; k < i && !taken; k++) {
			const struct candidate *o = &scan->candidate[k];

			taken = o->rule->kind == c->rule->kind &&
				c->match.start[span] < o->match.end[GROUP_ALL] &&
				c->match.end[span] > o->match.start[GROUP_ALL];
		}
		if (taken)
			continue;
		fact = fact_list_add(&scan->facts, &scan->subject, (enum fact_kind)c->rule->kind,
		    c->match.start[span], c->match.end[span], c->rule->name);
		if (!fact)
			return;
		fact->norm = norm_of(scan, c);
		fact->aside = c->rule->aside;
	}
}
