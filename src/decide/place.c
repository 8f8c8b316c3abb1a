/*
 * Places: address patterns (rules of kind place) joined with the county's names (gazetteer). Names
 * that touch become one place (临泽镇 子婴河 圩堤); a name inside an address gives it its id and
 * where it lies. The most exact name counts: site, village, water, road, area. A name two places
 * share is decided by the township that the text names; otherwise the place stays without an id
 * rather than with a wrong one.
 */
#include "decide/scan.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct place {
	size_t start, end;
	const char *rule;
	bool aside, counted;
	const struct gazetteer_name *name; /* most exact, may be NULL */
	bool ambiguous;
};

struct places {
	struct place *item;
	size_t count, room;
	const struct mention *callers; /* a township whose office is named: where the caller is */
};

static int
exactness(enum gazetteer_kind kind)
{
	switch (kind) {
	case GAZETTEER_SITE:
	case GAZETTEER_UNIT:
	case GAZETTEER_TEAM:
		return 5;
	case GAZETTEER_VILLAGE:
		return 4;
	case GAZETTEER_WATER:
		return 3;
	case GAZETTEER_ROAD:
		return 2;
	default:
		return 1;
	}
}

static const struct gazetteer_name *
name_of(const struct lexicon *lexicon, const struct mention *m)
{
	return gazetteer_at(lexicon->gazetteer, lexicon->entry[m->entry].index);
}

static bool
is_name(const struct lexicon *lexicon, const struct mention *m)
{
	return lexicon->entry[m->entry].kind == LEXICON_NAME;
}

/* A longer name that holds this mention swallows it. */
static bool
swallowed(const struct scan *scan, const struct lexicon *lexicon, size_t i)
{
	const struct mention *m = &scan->mention[i];

	for (size_t k = 0; k < scan->n_mentions; k++) {
		const struct mention *o = &scan->mention[k];

		if (o->start <= m->start && o->end >= m->end &&
		    o->end - o->start > m->end - m->start && is_name(lexicon, o))
			return true;
	}
	return false;
}

/* Is the area (a township) named anywhere in the text? */
static bool
area_named(const struct scan *scan, const struct lexicon *lexicon, int64_t id)
{
	for (size_t i = 0; id != 0 && i < scan->n_mentions; i++)
		if (is_name(lexicon, &scan->mention[i]) &&
		    name_of(lexicon, &scan->mention[i])->id == id)
			return true;
	return false;
}

/*
 * What the words of mention i stand for. *ambiguous: several places have the name and the text does
 * not decide. NULL for all but the first of them.
 */
static const struct gazetteer_name *
decide_name(const struct scan *scan, const struct lexicon *lexicon, size_t i, bool *ambiguous)
{
	const struct mention *m = &scan->mention[i];
	const struct gazetteer_name *best = name_of(lexicon, m);
	bool sure = area_named(scan, lexicon, best->parent);

	*ambiguous = false;
	for (size_t k = 0; k < scan->n_mentions; k++) {
		const struct mention *o = &scan->mention[k];
		const struct gazetteer_name *other;

		if (k == i || o->start != m->start || o->end != m->end || !is_name(lexicon, o))
			continue;
		if (k < i)
			return NULL;
		other = name_of(lexicon, o);
		if (other->id == best->id)
			continue;
		if (sure)
			continue;
		if (area_named(scan, lexicon, other->parent)) {
			best = other;
			sure = true;
		} else {
			*ambiguous = true;
		}
	}
	if (sure)
		*ambiguous = false;
	return best;
}

static void
add_place(struct places *places, struct place place)
{
	mem_grow(&places->item, &places->room, places->count);
	places->item[places->count++] = place;
}

static void
add_unit(struct scan *scan, const struct gazetteer_name *name, const struct mention *m)
{
	struct fact *fact =
	    fact_list_add(&scan->facts, &scan->subject, FACT_UNIT, m->start, m->end, "gazetteer");

	if (!fact)
		return;
	fact->name = mem_dup(name->name);
	fact->ref = name->id;
	fact->lon = name->lon;
	fact->lat = name->lat;
}

/* 高邮市消防救援大队 and its like act; they are where something happened only when the words say
 * so. */
static bool
acts(const struct gazetteer_name *name)
{
	return name->kind == GAZETTEER_UNIT || name->kind == GAZETTEER_TEAM;
}

/* Nine-digit codes: …000 is the county itself. */
static bool
is_township(const struct gazetteer_name *name)
{
	return name->kind == GAZETTEER_AREA && (name->parent != 0 || name->id % 1000 != 0);
}

static void
collect(struct scan *scan, const struct lexicon *lexicon, const struct place_words *words,
    struct places *places)
{
	addresses_find(scan, words, &scan->addresses);
	for (size_t i = 0; i < scan->addresses.count; i++) {
		const struct address *a = &scan->addresses.item[i];

		add_place(places, (struct place){a->start, a->end, "place.address", a->general,
				      a->counted, NULL, false});
	}
	for (size_t i = 0; i < scan->n_candidates; i++) {
		const struct candidate *c = &scan->candidate[i];
		enum group g = scan_has(c, GROUP_T) ? GROUP_T : GROUP_ALL;

		if (c->rule->kind == FACT_PLACE)
			add_place(places, (struct place){c->match.start[g], c->match.end[g],
					      c->rule->name, c->rule->aside, false, NULL, false});
	}
	for (size_t i = 0; i < scan->n_mentions; i++) {
		const struct mention *m = &scan->mention[i];
		const struct gazetteer_name *name;
		bool ambiguous;

		if (!is_name(lexicon, m) || swallowed(scan, lexicon, i))
			continue;
		name = decide_name(scan, lexicon, i, &ambiguous);
		if (!name)
			continue;
		/* 高邮市公安局 is a unit, even if nobody entered it. */
		if (name->kind == GAZETTEER_AREA && address_acts(scan, m->end)) {
			if (is_township(name) && !places->callers)
				places->callers = m;
			continue;
		}
		if (acts(name))
			add_unit(scan, name, m);
		else
			add_place(places, (struct place){m->start, address_sides(scan, m->end),
					      "gazetteer", false, false, name, ambiguous});
	}
}

static int
by_start(const void *left, const void *right)
{
	const struct place *l = left, *r = right;

	if (l->start != r->start)
		return l->start < r->start ? -1 : 1;
	return l->end > r->end ? -1 : l->end < r->end;
}

static void
join(struct place *into, const struct place *from)
{
	if (from->end > into->end)
		into->end = from->end;
	into->aside = into->aside && from->aside;
	into->counted = into->counted && from->counted;
	if (from->name &&
	    (!into->name || exactness(from->name->kind) >= exactness(into->name->kind))) {
		into->name = from->name;
		into->ambiguous = from->ambiguous;
		if (into->rule != from->rule && strcmp(into->rule, "gazetteer") == 0)
			into->rule = from->rule;
	}
}

static bool
has_any(const char *text, size_t n, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (memmem(text, n, words[i], strlen(words[i])))
			return true;
	return false;
}

/* 文游路与海潮路交叉口北侧, 三垛镇、甘垛镇交界处, 文游路与海潮路相交的…: one place where two meet.
 */
static bool
meets(const struct scan *scan, const struct place *a, const struct place *b)
{
	static const char *const crossings[] = {
	    "路口", "交叉", "交界", "交汇", "交会", "相交", "边境地区"};
	static const char *const links[] = {"与", "和", "及", "、", "同", "至", "往", "到"};
	static const char *const ways[] = {"方向", "之间", "间", "段"};
	const char *words = scan->subject.text + b->start;
	size_t n = b->end - b->start, behind = scan->subject.size - b->end;

	for (size_t i = 0; i < COUNT_OF(links); i++)
		if (b->start == a->end + strlen(links[i]) && scan_is(scan, a->end, links[i]))
			return i < 5 ? has_any(words, n + (behind < 6 ? behind : 6), crossings,
					   COUNT_OF(crossings))
				     : n >= 6 && has_any(words + n - 6, 6, ways, COUNT_OF(ways));
	return false;
}

/* May the two be one place? A word of the general kind (现场) never joins a name. */
static bool
joins(const struct scan *scan, const struct place *a, const struct place *b)
{
	if (b->start < a->end)
		return true;
	if (a->aside || b->aside)
		return false;
	return address_links(scan, a->end, b->start) || meets(scan, a, b);
}

static size_t
join_all(const struct scan *scan, struct places *places)
{
	size_t n = 0;

	if (places->count == 0)
		return 0;
	qsort(places->item, places->count, sizeof(*places->item), by_start);
	for (size_t i = 1; i < places->count; i++)
		if (joins(scan, &places->item[n], &places->item[i]))
			join(&places->item[n], &places->item[i]);
		else
			places->item[++n] = places->item[i];
	return n + 1;
}

/* Named before, in these words or with more of them. */
static bool
said_before(const struct scan *scan, const struct places *places, size_t i, size_t headline)
{
	const struct place *p = &places->item[i];
	const char *text = scan->subject.text;
	size_t n = p->end - p->start;

	for (size_t k = 0; k < i; k++) {
		const struct place *o = &places->item[k];

		if (o->start >= headline && !o->counted && o->end - o->start >= n &&
		    memmem(text + o->start, o->end - o->start, text + p->start, n))
			return true;
	}
	return false;
}

static void
report(struct scan *scan, const struct place *place)
{
	struct fact *fact = fact_list_add(
	    &scan->facts, &scan->subject, FACT_PLACE, place->start, place->end, place->rule);

	if (!fact)
		return;
	fact->aside = place->aside;
	if (!place->name)
		return;
	fact->name = mem_dup(place->name->name);
	if (place->ambiguous)
		return;
	fact->ref = place->name->id;
	fact->lon = place->name->lon;
	fact->lat = place->name->lat;
}

/* 今晨3时许 京沪高速: what a time took is no part of the place behind it. */
static void
leave_times(const struct scan *scan, struct place *place)
{
	for (size_t i = 0; i < scan->facts.count; i++) {
		const struct fact *f = &scan->facts.item[i];
		size_t start, end;

		if (f->kind != FACT_TIME || f->aside)
			continue;
		start = subject_byte(&scan->subject, f->start);
		end = subject_byte(&scan->subject, f->end);
		if (start < place->start && end > place->start && end < place->end)
			place->start = end;
	}
}

/* Does the text below the headline name a place of its own? */
static bool
body_has_place(const struct places *places, size_t n, size_t headline)
{
	for (size_t i = 0; i < n; i++)
		if (places->item[i].start >= headline && !places->item[i].aside)
			return true;
	return false;
}

/* Does the place say which township it lies in? A river flows through several. */
static bool
in_township(const struct place *place)
{
	const struct gazetteer_name *name = place->name;

	if (place->aside || !name || name->kind == GAZETTEER_WATER || name->kind == GAZETTEER_ROAD)
		return false;
	return name->kind == GAZETTEER_AREA ? is_township(name) : name->parent != 0;
}

void
places_find(struct scan *scan, const struct lexicon *lexicon, const struct place_words *words)
{
	struct places places = {NULL, 0, 0, NULL};
	bool township = false;
	size_t headline = scan_headline(scan), n;

	collect(scan, lexicon, words, &places);
	n = join_all(scan, &places);
	if (headline && !body_has_place(&places, n, headline))
		headline = 0;
	for (size_t i = 0; i < n; i++)
		leave_times(scan, &places.item[i]);
	for (size_t i = 0; i < n; i++) {
		const struct place *place = &places.item[i];

		if (place->start >= headline && !place->counted &&
		    (place->aside || !said_before(scan, &places, i, headline)) &&
		    (place->name || !scan_guarded(scan, place->start, place->end, GUARD_COUNTS))) {
			report(scan, place);
			township = township || in_township(place);
		}
	}
	/* "三垛镇政府报告：我镇一厂房失火" happened in 三垛镇, as nothing else says where. */
	if (!township && places.callers)
		report(scan,
		    &(struct place){places.callers->start, places.callers->end, "gazetteer.caller",
			false, false, name_of(lexicon, places.callers), false});
	free(places.item);
}
