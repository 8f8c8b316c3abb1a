/*
 * Parts of an alert that every profile has, however it is written: area codes, references to
 * earlier messages, and what the national identifier tells.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/cap.h"

#include <stdlib.h>
#include <string.h>

void
area_add_code(struct alert_area *area, char *code)
{
	for (size_t i = area->n_codes; i > 0 && area->n_codes - i < 64; i--)
		if (strcmp(area->codes[i - 1], code) == 0) {
			free(code);
			return;
		}
	/* Doubling without a room member: at each power of two. */
	if ((area->n_codes & (area->n_codes - 1)) == 0)
		area->codes =
		    mem_resize(area->codes, area->n_codes ? area->n_codes * 2 : 1, sizeof(char *));
	area->codes[area->n_codes++] = code;
}

bool
area_add_codes(struct alert_area *area, const char *s, size_t n)
{
	const char *end = s + n;

	while (s < end) {
		size_t length = 0;
		char *code;

		while (s + length < end && !strchr(", ;\t\r\n", s[length]))
			length++;
		if (length && area->n_codes >= CAP_CODES)
			return false;
		if (length && (code = feed_text(s, length, false)))
			area_add_code(area, code);
		s += length + 1;
	}
	return true;
}

static bool
is_self(const struct alert *a, const struct alert_ref *r)
{
	if (!feed_same(a->identifier, r->identifier))
		return false;
	return !r->sender ||
	       (feed_same(a->sender, r->sender) && (r->sent == CLOCK_NONE || r->sent == a->sent));
}

static void
read_ref(struct alert_ref *r, const char *s, size_t n, int zone_minutes, struct notes *notes)
{
	const char *first = memchr(s, ',', n), *last = memrchr(s, ',', n);

	memset(r, 0, sizeof(*r));
	r->sent = CLOCK_NONE;
	if (!first || first == last) {
		r->identifier = feed_text(
		    first ? first + 1 : s, n - (first ? (size_t)(first + 1 - s) : 0), false);
		if (first)
			r->sender = feed_text(s, (size_t)(first - s), false);
		if (first)
			notes_add(notes,
			    _("a reference is neither a triple nor an identifier: %.*s"),
			    (int)(n < 120 ? n : 120), s);
		return;
	}
	r->sender = feed_text(s, (size_t)(first - s), false);
	r->identifier = feed_text(first + 1, (size_t)(last - first - 1), false);
	if (feed_when(last + 1, n - (size_t)(last + 1 - s), zone_minutes, &r->sent) == WHEN_BAD)
		notes_add(notes, _("the time of a reference cannot be read"));
}

void
alert_add_refs(struct alert *alert, const char *s, size_t n, int zone_minutes, struct notes *notes)
{
	const char *end = s + n;

	while (s < end) {
		size_t length = 0;
		struct alert_ref r;

		while (s + length < end && !strchr(" \t\r\n", s[length]))
			length++;
		if (length && alert->n_refs < CAP_REFS) {
			read_ref(&r, s, length, zone_minutes, notes);
			if (!r.identifier || is_self(alert, &r)) {
				free(r.sender);
				free(r.identifier);
			} else {
				if ((alert->n_refs & (alert->n_refs - 1)) == 0)
					alert->refs = mem_resize(alert->refs,
					    alert->n_refs ? alert->n_refs * 2 : 1,
					    sizeof(*alert->refs));
				alert->refs[alert->n_refs++] = r;
			}
		}
		s += length + 1;
	}
}

/* 14 digits, a line, 14 digits: the identifier of the national system, from 12379 as from CMA. */
bool
identifier_is_national(const char *s)
{
	return s && strspn(s, "0123456789") == 14 && s[14] == '_' &&
	       strspn(s + 15, "0123456789") == 14;
}

static bool
has_area(const struct alert_info *info)
{
	for (size_t i = 0; i < info->n_areas; i++)
		if (info->areas[i].n_codes || info->areas[i].n_ring || info->areas[i].radius_m >= 0)
			return true;
	return false;
}

void
alert_from_identifier(struct alert *a, struct notes *notes)
{
	if (!identifier_is_national(a->identifier))
		return;
	if (!a->sender)
		a->sender = mem_dupn(a->identifier, 14);
	for (size_t i = 0; i < a->n_infos; i++) {
		struct alert_info *info = &a->infos[i];
		struct alert_area *area;

		if (has_area(info))
			continue;
		info->areas = mem_resize(info->areas, info->n_areas + 1, sizeof(*info->areas));
		area = &info->areas[info->n_areas++];
		memset(area, 0, sizeof(*area));
		area->radius_m = -1;
		area_add_codes(area, a->identifier, 6);
		notes_add(notes, _("no area is given: the issuer's is taken"));
	}
}
