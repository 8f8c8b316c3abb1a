/*
 * Initial isolation for a substance among an incident's facts: which row of the guidebook, which
 * way the wind blows, who lives there. What is not known is taken for the worse: large spill, low
 * wind, every direction.
 */
#include "dispatch/inside.h"

#include "map/geo.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACTS_MAX 256
#define CALLS_MAX 64
#define PLACES_MAX 400

/* What the words tell about the spill. */
struct spill {
	struct incident_row incident;
	int un;
	char name[128];
	char *words; /* owned */
	bool large;
	double tonnes; /* 0 unknown */
	enum erg_container container;
	bool container_known;
	bool night;
	double wind_ms;	   /* < 0 unknown */
	char wind_word[8]; /* "SE", "" unknown */
};

static bool
says(const struct spill *s, const char *const *words)
{
	for (; *words; words++)
		if (strstr(s->words, *words))
			return true;
	return false;
}

/* The words of Chinese callers: data of the language, as in data/rules. */
static void
find_container(struct spill *s)
{
	static const char
	    *const rail[] = {"铁路", "火车", "列车", NULL},
		   *const tank[] = {"储罐", "球罐", "贮罐", NULL},
		   *const truck[] = {"槽罐车", "槽车", "罐车", "运输车", "货车", NULL},
		   *const ton[] = {"吨瓶", NULL}, *const nurse[] = {"农用", "施肥", NULL},
		   *const small[] = {"钢瓶", "小瓶", "气瓶", "液化气瓶", NULL};

	s->container_known = true;
	if (says(s, rail))
		s->container = ERG_RAIL;
	else if (says(s, truck))
		s->container = ERG_TRUCK;
	else if (says(s, tank))
		s->container = ERG_RAIL; /* no row for a fixed tank: the largest */
	else if (says(s, ton))
		s->container = ERG_TON;
	else if (says(s, nurse))
		s->container = ERG_NURSE;
	else if (says(s, small))
		s->container = ERG_SMALL;
	else {
		s->container = ERG_TRUCK;
		s->container_known = false;
	}
}

static double
tonnes_of(const struct incident_fact *f)
{
	if (strcmp(f->unit, "t") == 0 || strcmp(f->unit, "m3") == 0)
		return f->amount;
	if (strcmp(f->unit, "kg") == 0 || strcmp(f->unit, "L") == 0)
		return f->amount / 1000;
	return 0;
}

static void
read_facts(struct store *st, struct spill *s)
{
	struct incident_fact *facts = mem_zero(FACTS_MAX, sizeof(*facts));
	size_t n = incident_facts(st, s->incident.id, facts, FACTS_MAX);

	s->wind_ms = -1;
	for (size_t i = 0; i < n; i++) {
		const struct incident_fact *f = &facts[i];

		if (f->kind == FACT_SUBSTANCE && f->un && !s->un) {
			s->un = f->un;
			fit_text(s->name, sizeof(s->name), *f->name ? f->name : f->text);
		} else if (f->kind == FACT_QUANTITY && tonnes_of(f) > s->tonnes)
			s->tonnes = tonnes_of(f);
		else if (f->kind == FACT_WIND) { /* the newest one counts */
			if (f->amount > 0)
				s->wind_ms = f->amount;
			if (*f->norm)
				fit_text(s->wind_word, sizeof(s->wind_word), f->norm);
		}
	}
	incident_facts_clear(facts, n);
	free(facts);
}

static void
read_words(struct store *st, struct spill *s)
{
	struct incident_call *calls = mem_zero(CALLS_MAX, sizeof(*calls));
	size_t n = incident_calls(st, s->incident.id, calls, CALLS_MAX);
	struct buf b = BUF_MAX(131072);

	buf_add(&b, s->incident.title);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "\n%s", calls[i].text ? calls[i].text : "");
	incident_calls_clear(calls, n);
	free(calls);
	s->words = buf_take(&b);
	find_container(s);
	/* The guidebook's small spill is a drum of 208 litres. */
	s->large = s->tonnes > 0 ? s->tonnes > 0.208 : s->container != ERG_SMALL;
}

static enum erg_wind
wind_class(double ms)
{
	if (ms < 0 || ms * 3.6 < 10)
		return ERG_LOW;
	return ms * 3.6 <= 20 ? ERG_MODERATE : ERG_HIGH;
}

/* Where "SE" wind comes from, degrees; negative when the word says nothing. */
static double
wind_degrees(const char *word)
{
	static const char *const points[] = {"N", "NE", "E", "SE", "S", "SW", "W", "NW"};

	for (size_t i = 0; i < COUNT_OF(points); i++)
		if (strcmp(points[i], word) == 0)
			return (double)i * 45;
	return -1;
}

static const char *
wind_label(const char *word)
{
	static const char *const labels[][2] = {{"N", N_("north")}, {"NE", N_("north-east")},
	    {"E", N_("east")}, {"SE", N_("south-east")}, {"S", N_("south")},
	    {"SW", N_("south-west")}, {"W", N_("west")}, {"NW", N_("north-west")}};

	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (strcmp(labels[i][0], word) == 0)
			return _(labels[i][1]);
	return "";
}

/* --- who is there ----------------------------------------------------------------------------- */

/* Places where people are; bridges, marks and locks are not. */
static bool
lived_in(const struct place_row *p)
{
	static const char *const empty[] = {
	    "post", "bridge", "dike", "lock", "sluice", "road", "water", "toll", "intake"};

	for (size_t i = 0; i < COUNT_OF(empty); i++)
		if (strcmp(p->kind, empty[i]) == 0)
			return false;
	return true;
}

static void
list_places(struct store *st, const struct spill *s, struct isolation_advice *a)
{
	struct point scene = {s->incident.lon, s->incident.lat};
	double far = a->wind_known ? a->downwind_m * sqrt(1.25) : a->downwind_m;
	struct place_row *rows = mem_alloc(PLACES_MAX * sizeof(*rows));
	size_t n, room = 0;

	far = far > a->isolate_m ? far : a->isolate_m;
	n = resource_places_near(st, scene.lon, scene.lat, far, rows, PLACES_MAX);
	for (size_t i = 0; i < n; i++) {
		struct point at = {rows[i].lon, rows[i].lat};
		double metres = geo_distance(scene, at);
		struct isolation_place *p;

		if (!lived_in(&rows[i]))
			continue;
		if (metres > a->isolate_m && a->wind_known &&
		    !geo_downwind(at, scene, a->wind_from, a->downwind_m))
			continue;
		mem_grow(&a->places, &room, a->n_places);
		p = &a->places[a->n_places++];
		*p = (struct isolation_place){.place = rows[i].id,
		    .area = rows[i].area,
		    .people = rows[i].people,
		    .metres = metres,
		    .inside_isolation = metres <= a->isolate_m};
		fit_text(p->name, sizeof(p->name), rows[i].name);
		a->people += rows[i].people;
	}
	free(rows);
}

/* --- in words --------------------------------------------------------------------------------- */

static void
say_distances(struct buf *b, const struct erg_entry *e, const struct isolation_advice *a)
{
	buf_printf(
	    b, _("%s UN%d: isolate %.0f m in all directions"), a->substance, a->un, a->isolate_m);
	if (e->downwind_known)
		buf_printf(b,
		    e->more ? _("; protect people downwind for %.1f km or more")
			    : _("; protect people downwind for %.1f km"),
		    a->downwind_m / 1000);
	else
		buf_add(b, _("; widen it downwind as needed"));
	if (e->fire_m > 0)
		buf_printf(b, _("; tank on fire: %.0f m"), e->fire_m);
	buf_add(b, _(".\n"));
}

static void
say_assumptions(struct buf *b, const struct spill *s, const struct erg_entry *e,
    const struct isolation_advice *a)
{
	static const char *const winds[] = {N_("low wind"), N_("moderate wind"), N_("high wind")};

	buf_printf(b, _("Taken: %s; %s"), e->source, a->night ? _("night") : _("day"));
	if (s->wind_ms >= 0)
		buf_printf(b, _("; %s (%.1f m/s)"), _(winds[wind_class(s->wind_ms)]), s->wind_ms);
	else
		buf_printf(b, _("; wind speed not known: as low wind"));
	if (s->tonnes > 0)
		buf_printf(b, _("; %.3g t"), s->tonnes);
	else if (s->large)
		buf_add(b, _("; amount not known: as a large spill"));
	if (!s->container_known && s->large)
		buf_add(b, _("; container not said: as a tank truck"));
	buf_add(b, _(".\n"));
	if (a->wind_known)
		buf_printf(b,
		    _("Wind from the %s: the places below lie within the circle, or downwind in a "
		      "square of that side.\n"),
		    wind_label(s->wind_word));
	else
		buf_add(b, _("Where the wind blows is not known: the places below are those of the "
			     "whole circle. Ask for the wind.\n"));
	if (a->guide)
		buf_printf(b, _("ERG guide %d.\n"), a->guide);
	buf_add(b, _("Initial advice for the first half hour, to be set by the on-scene commander "
		     "and replaced by measurement; not a legal rule."));
}

bool
dispatch_isolation(
    struct store *st, int64_t incident, struct isolation_advice *out, struct err *err)
{
	struct spill s = {.un = 0};
	struct erg_entry entry;
	struct err trouble = ERR_NONE;
	struct buf text = BUF_MAX(8192);

	memset(out, 0, sizeof(*out));
	if (!incident_get(st, incident, &s.incident))
		return err_set(err, ERR_NOT_FOUND, _("There is no such incident."));
	read_facts(st, &s);
	if (!s.un)
		return err_set(err, ERR_NOT_FOUND,
		    _("No dangerous substance is known for %03d yet: ask for its name or UN "
		      "number."),
		    s.incident.number);
	if (s.incident.lon == 0 && s.incident.lat == 0)
		return err_set(err, ERR_STATE,
		    _("%03d has no position yet: give its place, or lon= and lat= (incident.set)."),
		    s.incident.number);
	read_words(st, &s);
	s.night = sun_is_down(s.incident.lon, s.incident.lat, clock_now());
	if (!erg_find(
		s.un, s.large, s.night, s.container, wind_class(s.wind_ms), &entry, &trouble)) {
		free(s.words);
		return trouble.code ? err_move(err, &trouble)
				    : err_set(err, ERR_NOT_FOUND,
					  _("UN%d %s stands in no table here: ask the fire brigade "
					    "or the maker."),
					  s.un, s.name);
	}
	*out = (struct isolation_advice){.un = s.un,
	    .guide = entry.guide,
	    .isolate_m = entry.isolate_m,
	    .downwind_m = entry.downwind_m,
	    .night = s.night,
	    .wind_known = wind_degrees(s.wind_word) >= 0,
	    .wind_from = wind_degrees(s.wind_word)};
	fit_text(out->substance, sizeof(out->substance), *s.name ? s.name : entry.name);
	list_places(st, &s, out);
	say_distances(&text, &entry, out);
	say_assumptions(&text, &s, &entry, out);
	out->text = buf_take(&text);
	free(s.words);
	return true;
}

void
isolation_advice_clear(struct isolation_advice *a)
{
	free(a->text);
	free(a->places);
	memset(a, 0, sizeof(*a));
}
