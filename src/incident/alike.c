/*
 * Likely duplicates: 48 hours of open incidents against what is being typed (or an incident that
 * exists), by place, time, type, goods and caller, each with its reason in words. Weights were set
 * by hand on the calls of the tests: place says most, the time next; one phone number says much,
 * but a line of 110 calls about everything.
 */
#include "incident/inside.h"

#include "base/id.h"
#include "map/geo.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_BACK (48 * CLOCK_HOUR)
#define CANDIDATES 200

/* What is compared. */
struct matter {
	int64_t id, received, occurred, area;
	int year, number;
	char title[160], place[160], road[64], area_name[32], substances[200], phones[256];
	char codes[8][8];
	size_t n_codes;
	struct point at;
};

/* --- reading a matter ------------------------------------------------------------------------ */

static void
matter_details(struct store *st, struct matter *m)
{
	struct sql *q = sql(st, "SELECT code FROM incident_code WHERE incident = ?1 ORDER BY rank");
	struct buf b = BUF_MAX(sizeof(m->phones) - 1);

	sql_bind(q, "i", m->id);
	while (m->n_codes < COUNT_OF(m->codes) && sql_row(q))
		utf8_copy(m->codes[m->n_codes++], sizeof(m->codes[0]), sql_text(q, 0));
	sql_done(q);
	q = sql(st, "SELECT DISTINCT phone FROM call WHERE incident = ?1 AND phone IS NOT NULL");
	sql_bind(q, "i", m->id);
	while (sql_row(q))
		buf_printf(&b, " %s ", sql_text(q, 0));
	utf8_copy(m->phones, sizeof(m->phones), buf_str(&b));
	buf_reset(&b);
	q = sql(st, "SELECT DISTINCT ifnull(name, text) FROM fact WHERE incident = ?1 AND kind = "
		    "'substance'");
	sql_bind(q, "i", m->id);
	while (sql_row(q))
		buf_printf(&b, " %s ", sql_text(q, 0));
	utf8_copy(m->substances, sizeof(m->substances), buf_str(&b));
	buf_clear(&b);
}

static void
matter_row(struct sql *q, struct matter *m)
{
	memset(m, 0, sizeof(*m));
	m->id = sql_int(q, 0);
	m->year = (int)sql_int(q, 1);
	m->number = (int)sql_int(q, 2);
	m->received = sql_time(q, 3);
	m->occurred = sql_time(q, 4);
	utf8_copy(m->title, sizeof(m->title), sql_text(q, 5));
	utf8_copy(m->place, sizeof(m->place), sql_text(q, 6));
	utf8_copy(m->road, sizeof(m->road), sql_text(q, 7));
	m->area = sql_int(q, 8);
	utf8_copy(m->area_name, sizeof(m->area_name), sql_text(q, 9));
	m->at.lon = sql_real(q, 10);
	m->at.lat = sql_real(q, 11);
}

#define MATTER                                                                                     \
	"SELECT i.id, i.year, i.number, i.received, i.occurred, i.title, i.place, i.road, i.area," \
	" (SELECT a.short FROM area a WHERE a.id = i.area), i.lon, i.lat FROM incident i"

static void
matter_of_reading(struct store *st, const struct reading *r, const char *phone, int64_t received,
    struct matter *m)
{
	const struct fact *time = reading_first(r, FACT_TIME),
			  *place = reading_first(r, FACT_PLACE),
			  *road = reading_first(r, FACT_ROAD), *said = reading_first(r, FACT_PHONE);
	char *name;

	memset(m, 0, sizeof(*m));
	m->received = received;
	m->occurred = time ? time->value : CLOCK_NONE;
	utf8_copy(m->place, sizeof(m->place), place ? place->text : "");
	utf8_copy(m->road, sizeof(m->road), road ? road->norm ? road->norm : road->text : "");
	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];
		if (f->kind == FACT_SUBSTANCE && strlen(m->substances) + 64 < sizeof(m->substances))
			snprintf(m->substances + strlen(m->substances), 64, " %s ",
			    f->name ? f->name : f->text);
		if (f->kind != FACT_PLACE && f->kind != FACT_ROAD)
			continue;
		if (!m->area)
			m->area = area_of_ref(st, f->ref);
		if (m->at.lon == 0 && f->ref > ID_AREA_MAX)
			m->at = (struct point){f->lon, f->lat};
	}
	name = sql_one_text(st, "SELECT short FROM area WHERE id = ?1", "i", m->area);
	utf8_copy(m->area_name, sizeof(m->area_name), name ? name : "");
	free(name);
	for (size_t i = 0; i < r->n_types && m->n_codes < 3; i++)
		utf8_copy(m->codes[m->n_codes++], sizeof(m->codes[0]), r->types[i].code);
	if ((phone && *phone) || said)
		snprintf(m->phones, sizeof(m->phones), " %s ",
		    phone && *phone ? phone
		    : said->norm    ? said->norm
				    : said->text);
}

/* --- comparing ------------------------------------------------------------------------------- */

static void
add_why(struct buf *why, const char *reason)
{
	if (why->size)
		buf_add(why, _("; "));
	buf_add(why, reason);
}

/* "G2 K1023+500 南行" -> 1023.5; NAN without a mark. */
static double
road_mark(const char *road)
{
	const char *k = strchr(road, 'K');
	double km = NAN;
	char *end;

	while (k && (k[1] < '0' || k[1] > '9'))
		k = strchr(k + 1, 'K');
	if (k) {
		km = strtod(k + 1, &end);
		if (*end == '+')
			km += strtod(end + 1, NULL) / 1000;
	}
	return km;
}

/* Bytes of the road's number: "G2" of "G2京沪高速 K1023"; 0 when it has none. */
static size_t
road_number(const char *road)
{
	size_t n = strspn(road, "GSXYZ");

	return n ? n + strspn(road + n, "0123456789") : 0;
}

static bool
same_road(const char *a, const char *b)
{
	size_t n = road_number(a), m = road_number(b);

	if (!n || !m) {
		n = strcspn(a, " K");
		m = strcspn(b, " K");
	}
	return n && n == m && memcmp(a, b, n) == 0;
}

static bool
opposite(const char *a, const char *b)
{
	static const char *const ways[][2] = {{"南行", "北行"}, {"东行", "西行"}, {"上行", "下行"}};

	for (size_t i = 0; i < COUNT_OF(ways); i++)
		if ((strstr(a, ways[i][0]) && strstr(b, ways[i][1])) ||
		    (strstr(a, ways[i][1]) && strstr(b, ways[i][0])))
			return true;
	return false;
}

/* -1 when the marks speak against it; 0 when the roads say nothing. */
static double
compare_roads(const struct matter *a, const struct matter *b, struct buf *why)
{
	double x = road_mark(a->road), y = road_mark(b->road), apart = fabs(x - y), score = 0.7;
	char text[80];

	/* A mark without a road (of a dike) says nothing by itself. */
	if (strcspn(a->road, " K") == 0 || strcspn(b->road, " K") == 0)
		return 0;
	if (!same_road(a->road, b->road))
		return -1;
	if (isnan(apart)) {
		snprintf(text, sizeof(text), "%s", _("same road"));
	} else {
		score = apart <= 1 ? 1 : apart <= 3 ? 0.85 : apart <= 10 ? 0.4 : -1;
		snprintf(text, sizeof(text), _("same road, %.1f km apart"), apart);
	}
	if (score > 0 && opposite(a->road, b->road))
		score *= 0.6;
	if (score > 0)
		add_why(why, text);
	return score;
}

static double
compare_positions(const struct matter *a, const struct matter *b, struct buf *why)
{
	double km;
	char text[80];

	if (a->at.lon == 0 || b->at.lon == 0)
		return 0;
	km = geo_distance(a->at, b->at) / 1000;
	if (km > 6)
		return -1;
	if (km < 0.01)
		return 0; /* one and the same name gave both: a river is no point, the names say it
			     better */
	snprintf(text, sizeof(text), _("%.1f km apart"), km);
	add_why(why, text);
	return km <= 0.3 ? 1 : km <= 1 ? 0.9 : km <= 3 ? 0.6 : 0.3;
}

/* The longest run of characters both place texts share, without the township's name. */
static size_t
common_run(const char *a, const char *b, size_t *at)
{
	size_t na = strlen(a), nb = strlen(b), best = 0;

	for (size_t i = 0; i < na; i = utf8_next(a, na, i))
		for (size_t j = 0; j < nb; j = utf8_next(b, nb, j)) {
			size_t run = 0, chars = 0;
			while (i + run < na && j + run < nb) {
				size_t next = utf8_next(a, na, i + run) - i;
				if (j + next > nb ||
				    memcmp(a + i + run, b + j + run, next - run) != 0)
					break;
				run = next;
				chars++;
			}
			if (chars > best) {
				best = chars;
				*at = i;
			}
		}
	return best;
}

static const char *
without(const char *place, const char *prefix)
{
	const char *at = *prefix ? strstr(place, prefix) : NULL;

	return at ? at + strlen(prefix) : place;
}

static double
compare_names(const struct matter *a, const struct matter *b, struct buf *why)
{
	const char *x = without(a->place, a->area_name), *y = without(b->place, b->area_name);
	size_t at = 0, run = common_run(x, y, &at), bytes = at;
	char text[160];

	if (run >= 2) {
		for (size_t i = 0; i < run; i++)
			bytes = utf8_next(x, strlen(x), bytes);
		snprintf(text, sizeof(text), _("same place \"%.*s\""), (int)(bytes - at), x + at);
		add_why(why, text);
		return run >= 4 ? 0.95 : run == 3 ? 0.85 : 0.7;
	}
	if (a->area && a->area == b->area && a->area_name[0]) {
		snprintf(text, sizeof(text), _("same township %s"), a->area_name);
		add_why(why, text);
		return 0.45;
	}
	return 0;
}

/* Best evidence for one place; negative when something speaks against it and nothing for it. */
static double
compare_places(struct store *st, const struct matter *a, const struct matter *b, struct buf *why)
{
	double road = compare_roads(a, b, why), position = road ? 0 : compare_positions(a, b, why),
	       name = 0, best;
	int64_t county = store_area(st);

	if (road < 0 || position < 0)
		return -1;
	if (road < 0.7 && position < 0.9)
		name = compare_names(a, b, why);
	best = fmax(road, fmax(position, name));
	if (best == 0 && a->area && b->area && a->area != county && b->area != county &&
	    a->area != b->area)
		return -1;
	return best;
}

static double
compare_times(const struct matter *a, const struct matter *b, struct buf *why)
{
	int64_t apart = llabs((long long)(a->received - b->received)), minutes;
	char text[80];

	if (a->occurred != CLOCK_NONE && b->occurred != CLOCK_NONE &&
	    llabs((long long)(a->occurred - b->occurred)) < apart)
		apart = llabs((long long)(a->occurred - b->occurred));
	minutes = apart / CLOCK_MINUTE;
	if (minutes < 120)
		snprintf(text, sizeof(text), _("%lld min apart"), (long long)minutes);
	else
		snprintf(text, sizeof(text), _("%lld h apart"), (long long)(minutes / 60));
	if (minutes <= 360)
		add_why(why, text);
	return minutes <= 10	 ? 1
	       : minutes <= 30	 ? 0.8
	       : minutes <= 120	 ? 0.5
	       : minutes <= 360	 ? 0.25
	       : minutes <= 1440 ? 0.1
				 : 0;
}

/* Traffic, hazmat, fire and pollution are often one and the same matter told by different people.
 */
static bool
related(const char *a, const char *b)
{
	static const char *const family = "12D 12E 12F 12G 12H 12N 12P 12Q";
	char x[4], y[4];

	utf8_copy(x, sizeof(x), a);
	utf8_copy(y, sizeof(y), b);
	return strstr(family, x) && strstr(family, y);
}

static double
compare_types(const struct matter *a, const struct matter *b, struct buf *why)
{
	const char *same = NULL;
	double best = a->n_codes && b->n_codes ? 0 : 0.3;
	char text[80];

	for (size_t i = 0; i < a->n_codes; i++)
		for (size_t j = 0; j < b->n_codes; j++) {
			double s = strcmp(a->codes[i], b->codes[j]) == 0 ? (i + j == 0 ? 1 : 0.9)
				   : strncmp(a->codes[i], b->codes[j], 3) == 0 ? 0.7
				   : related(a->codes[i], b->codes[j])	       ? 0.5
									       : 0;
			if (s > best) {
				best = s;
				same = s >= 0.9 ? a->codes[i] : NULL;
			}
		}
	if (same) {
		snprintf(text, sizeof(text), _("both %s"), same);
		add_why(why, text);
	} else if (best >= 0.5) {
		add_why(why, _("related types"));
	}
	return best;
}

/* A word of `a` (words between blanks) that occurs in `b`. */
static bool
share_word(const char *a, const char *b, char *out, size_t size)
{
	while (*a) {
		size_t n;
		a += strspn(a, " ");
		n = strcspn(a, " ");
		if (n && n < size) {
			memcpy(out, a, n);
			out[n] = '\0';
			if (strstr(b, out))
				return true;
		}
		a += n;
	}
	return false;
}

static double
compare(struct store *st, const struct matter *a, const struct matter *b, struct buf *why)
{
	double place = compare_places(st, a, b, why), time, type, score;
	char word[64], text[128];

	time = compare_times(a, b, why);
	type = compare_types(a, b, why);
	score = 0.45 * fmax(place, 0) + 0.25 * time + 0.2 * type;
	if (share_word(a->substances, b->substances, word, sizeof(word))) {
		snprintf(text, sizeof(text), _("both %s"), word);
		add_why(why, text);
		score += 0.1;
	}
	if (share_word(a->phones, b->phones, word, sizeof(word))) {
		add_why(why, _("same telephone"));
		score += 0.15;
	}
	if (place < 0)
		score *= 0.4;
	if (a->n_codes && b->n_codes && type == 0)
		score *= 0.6;
	return score > 1 ? 1 : score;
}

static int
by_score(const void *a, const void *b)
{
	const struct incident_likeness *x = a, *y = b;

	return x->score > y->score ? -1 : x->score < y->score;
}

/* Below this nobody needs to look. */
#define SHOWN_MIN 0.35

static size_t
find_alike(struct store *st, const struct matter *m, struct incident_likeness *out, size_t max)
{
	struct matter *others = mem_zero(CANDIDATES, sizeof(*others));
	struct incident_likeness found[CANDIDATES];
	struct sql *q = sql(st, MATTER " WHERE i.state NOT IN ('closed', 'merged', 'not_incident') "
				       "AND i.received > ?1 AND i.id <> ?2"
				       " AND NOT EXISTS (SELECT 1 FROM not_duplicate d WHERE d.a = "
				       "min(i.id, ?2) AND d.b = max(i.id, ?2))"
				       " ORDER BY i.received DESC LIMIT ?3");
	size_t n = 0, kept = 0;

	sql_bind(q, "iii", m->received - LOOK_BACK, m->id, (int64_t)CANDIDATES);
	while (n < CANDIDATES && sql_row(q))
		matter_row(q, &others[n++]);
	sql_done(q);
	for (size_t i = 0; i < n; i++) {
		struct buf why = BUF_MAX(400);
		struct incident_likeness *l = &found[kept];
		matter_details(st, &others[i]);
		l->score = compare(st, m, &others[i], &why);
		if (l->score >= SHOWN_MIN) {
			l->incident = others[i].id;
			put_no(l->no, sizeof(l->no), others[i].year, others[i].number);
			utf8_copy(l->title, sizeof(l->title), others[i].title);
			utf8_copy(l->why, sizeof(l->why), buf_str(&why));
			kept++;
		}
		buf_clear(&why);
	}
	free(others);
	qsort(found, kept, sizeof(found[0]), by_score);
	if (kept > max)
		kept = max;
	memcpy(out, found, kept * sizeof(*out));
	return kept;
}

size_t
incident_alike(struct store *st, const struct reading *r, const char *phone, int64_t received,
    struct incident_likeness *out, size_t max)
{
	struct matter m;

	matter_of_reading(st, r, phone, received, &m);
	return find_alike(st, &m, out, max);
}

size_t
incident_alike_to(struct store *st, int64_t incident, struct incident_likeness *out, size_t max)
{
	struct sql *q = sql(st, MATTER " WHERE i.id = ?1");
	struct matter m;
	bool found;

	sql_bind(q, "i", incident);
	found = sql_row(q);
	if (found)
		matter_row(q, &m);
	sql_done(q);
	if (!found)
		return 0;
	matter_details(st, &m);
	return find_alike(st, &m, out, max);
}
