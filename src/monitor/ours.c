/*
 * Warnings of our own as messages. What is public in them (headline, area names, 演练) is Chinese
 * whatever language the officer works in: the receivers are the county's people.
 */
#include "monitor/inside.h"

#include "map/ring.h"
#include "store/command.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND 1000 /* CAP knows no parts of one */
#define PI 3.14159265358979
#define BETWEEN " ,;\t\n"
#define TOWNS_MAX 400 /* with the further rings of their outlines */
#define CORNERS_MAX 500
/* The reader believes no expiry further away. */
#define LONGEST (30 * CLOCK_DAY)
#define LARGEST_KM 500.0

static void
set(char **to, const char *text)
{
	free(*to);
	*to = text && *text ? mem_dup(text) : NULL;
}

/* "likely" as CAP writes it. */
static void
set_word(char **to, struct verb_call *call, const char *param, const char *otherwise)
{
	char word[24];

	if (!call_has(call, param) && *to)
		return;
	snprintf(
	    word, sizeof(word), "%s", call_has(call, param) ? call_text(call, param) : otherwise);
	word[0] = (char)toupper((unsigned char)word[0]);
	set(to, word);
}

/* --- area ------------------------------------------------------------------------------------ */

static void
area_free(struct alert_area *a)
{
	free(a->description);
	for (size_t i = 0; i < a->n_codes; i++)
		free(a->codes[i]);
	free(a->codes);
	free(a->ring);
}

static struct alert_area *
area_add(struct alert_info *info)
{
	struct alert_area *a;

	info->areas = mem_resize(info->areas, info->n_areas + 1, sizeof(*info->areas));
	a = &info->areas[info->n_areas++];
	memset(a, 0, sizeof(*a));
	a->radius_m = -1;
	return a;
}

static void
areas_drop(struct alert_info *info)
{
	while (info->n_areas)
		area_free(&info->areas[--info->n_areas]);
}

/* The circle of a township: as large as it is, around its middle; corners of four decimals are 11
 * m. */
static void
add_circle(struct alert_area *a, double lon, double lat, double km)
{
	a->lon = round(lon * 1e4) / 1e4;
	a->lat = round(lat * 1e4) / 1e4;
	a->radius_m = round(km * 10) * 100;
}

/* A ring of the store, closed. */
static void
put_ring(struct alert_area *a, const struct ring *r)
{
	const struct point *last = &r->point[r->n - 1];
	bool closed = r->point[0].lon == last->lon && r->point[0].lat == last->lat;

	a->n_ring = r->n + !closed;
	a->ring = mem_zero(2 * a->n_ring, sizeof(*a->ring));
	memcpy(a->ring, r->point, r->n * sizeof(*r->point));
	if (!closed)
		memcpy(a->ring + 2 * r->n, r->point, sizeof(*r->point));
}

/*
 * CAP has no holes: what lies in another ring of the same place is left out, and the place is warned as a whole.
 */
static bool
is_hole(const struct alert_info *info, size_t first, struct point p)
{
	for (size_t i = first; i < info->n_areas; i++)
		if (info->areas[i].n_ring &&
		    geo_inside(p, (const struct point *)(const void *)info->areas[i].ring,
			info->areas[i].n_ring))
			return true;
	return false;
}

/* The outline of a place as the map has it, the largest ring in the place's own area; false when it has none. */
static bool
add_outline(struct store *st, struct alert_info *info, int64_t place)
{
	struct ring *rings;
	size_t n = outline_load(st, place, &rings), first = info->n_areas - 1, put = 0;

	for (size_t i = 0; i < n; i++)
		if (rings[i].n >= 3 && !is_hole(info, first, rings[i].point[0]))
			put_ring(put++ ? area_add(info) : &info->areas[first], &rings[i]);
	outline_free(rings, n);
	return put > 0;
}

/* A township, or the county: its name, its code of 12 digits; asked for, its outline, or its circle where the map has none. */
static bool
add_place(struct verb_call *call, struct alert_info *info, int64_t id, struct err *err)
{
	struct sql *q = sql(call_store(call),
	    "SELECT name, lon, lat, ifnull(km2, 0.0) FROM area WHERE id = ?1 AND id / 1000 = ?2");
	struct alert_area *a = NULL;
	double lon = 0, lat = 0, km2 = 0;

	sql_bind(q, "ii", id, store_area(call_store(call)) / 1000);
	if (sql_row(q)) {
		a = area_add(info);
		a->description = mem_dup(sql_text(q, 0));
		a->codes = mem_zero(1, sizeof(*a->codes));
		a->codes[a->n_codes++] = mem_print("%09lld000", (long long)id);
		lon = sql_real(q, 1);
		lat = sql_real(q, 2);
		km2 = sql_null(q, 1) || sql_null(q, 2) ? 0 : sql_real(q, 3);
	}
	sql_done(q);
	if (!a)
		return err_set(
		    err, ERR_INPUT, _("A warning is given for places of the county only."));
	if (call_flag(call, "outlines") && !add_outline(call_store(call), info, id) && km2 > 0)
		add_circle(a, lon, lat, sqrt(km2 / PI));
	return true;
}

static bool
is_whole(const char *word)
{
	return strcmp(word, "all") == 0 || strcmp(word, "全部") == 0 || strcmp(word, "全市") == 0;
}

/* The bytes of what stands between two names here; 0 nothing does. */
static size_t
between(const char *s)
{
	static const char *const signs[] = {" ", ",", ";", "\t", "\n", "，", "、", "；", "　"};

	for (size_t i = 0; i < COUNT_OF(signs); i++)
		if (strncmp(s, signs[i], strlen(signs[i])) == 0)
			return strlen(signs[i]);
	return 0;
}

static bool
add_places(struct verb_call *call, struct alert_info *info, struct err *err)
{
	struct store *st = call_store(call);
	const char *at = call_text(call, "areas");
	bool good = true;

	while (good && *at) {
		size_t n = between(at);
		int64_t id = store_area(st);
		char *word;

		if (n) {
			at += n;
			continue;
		}
		while (at[n] && !between(at + n))
			n++;
		word = mem_dupn(at, n);
		good = is_whole(word) || command_thing(st, NULL, "area", word, &id, NULL, err);
		if (good && info->n_areas >= TOWNS_MAX)
			good = err_set(
			    err, ERR_INPUT, _("Too many places: name the whole county (all)."));
		good = good && add_place(call, info, id, err);
		free(word);
		at += n;
	}
	return good &&
	       (info->n_areas || err_set(err, ERR_INPUT, _("Say which townships: names, or all.")));
}

/* Numbers of a text; the count, 0 when something else stands in it or they are too many. */
static size_t
numbers(const char *text, double *out, size_t max)
{
	size_t n = 0;

	while (*(text += strspn(text, BETWEEN))) {
		char *end;

		if (n == max)
			return 0;
		out[n] = strtod(text, &end);
		if (end == text || !isfinite(out[n]) || (*end && !strchr(BETWEEN, *end)))
			return 0;
		n++;
		text = end;
	}
	return n;
}

static bool
is_place(double lon, double lat)
{
	return lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90;
}

/* The shape belongs to the first area's words; it is what is drawn, the codes are what is matched.
 */
static bool
add_polygon(struct verb_call *call, struct alert_area *a, struct err *err)
{
	double x[2 * CORNERS_MAX];
	size_t n = numbers(call_text(call, "polygon"), x, COUNT_OF(x));
	bool closed, good = n >= 6 && n % 2 == 0;

	for (size_t i = 0; good && i + 1 < n; i += 2)
		good = is_place(x[i], x[i + 1]);
	closed = good && x[0] == x[n - 2] && x[1] == x[n - 1];
	if (!good || (closed && n < 8))
		return err_set(err, ERR_INPUT,
		    _("A polygon has three corners or more, each longitude and latitude: "
		      "119.40,32.70 "
		      "119.50,32.70 119.45,32.80"));
	a->ring = mem_zero(n + 2, sizeof(*a->ring));
	memcpy(a->ring, x, n * sizeof(*x));
	if (!closed) {
		a->ring[n] = x[0];
		a->ring[n + 1] = x[1];
	}
	a->n_ring = n / 2 + !closed;
	return true;
}

static bool
add_given_circle(struct verb_call *call, struct alert_area *a, struct err *err)
{
	double x[3];

	if (numbers(call_text(call, "circle"), x, 3) != 3 || !is_place(x[0], x[1]) || x[2] < 0.1 ||
	    x[2] > LARGEST_KM)
		return err_set(err, ERR_INPUT,
		    _("A circle is longitude, latitude and kilometres: 119.45,32.79,1.5"));
	add_circle(a, x[0], x[1], x[2]);
	return true;
}

/* Around an incident that has a place: what a leak or a fire wants. */
static bool
add_around(struct verb_call *call, struct alert_area *a, struct err *err)
{
	struct sql *q = sql(call_store(call), "SELECT lon, lat FROM incident WHERE id = ?1");
	double lon = 0, lat = 0, km = call_real(call, "radius");
	bool known;

	sql_bind(q, "i", call_int(call, "around"));
	known = sql_row(q) && !sql_null(q, 0) && !sql_null(q, 1);
	if (known) {
		lon = sql_real(q, 0);
		lat = sql_real(q, 1);
	}
	sql_done(q);
	if (!known)
		return err_set(err, ERR_STATE, _("That incident has no place on the map yet."));
	if (km < 0.1 || km > LARGEST_KM)
		return err_set(err, ERR_INPUT, _("How far around it? radius=KILOMETRES"));
	call_incident(call, call_int(call, "around"));
	add_circle(a, lon, lat, km);
	return true;
}

/* Each a shape of its own behind the first area. */
static bool
add_shapes(struct verb_call *call, struct alert_info *info, struct err *err)
{
	bool good = true;

	if (call_has(call, "polygon"))
		good = add_polygon(call, area_add(info), err);
	if (good && call_has(call, "circle"))
		good = add_given_circle(call, area_add(info), err);
	if (good && call_has(call, "around"))
		good = add_around(call, area_add(info), err);
	return good;
}

static void
areas_move(struct alert_info *to, struct alert_info *from, size_t first, size_t n)
{
	for (size_t i = first; i < first + n && i < from->n_areas; i++)
		*area_add(to) = from->areas[i];
}

/*
 * All of the area anew. The shapes are an area of their own when words tell what they are (where=),
 * else the first place's: then they stand behind it without words.
 */
static bool
write_area(struct verb_call *call, struct alert_info *info, struct err *err)
{
	struct alert_info places = {.areas = NULL}, shapes = {.areas = NULL};
	bool good = add_places(call, &places, err) && add_shapes(call, &shapes, err);
	size_t before = call_has(call, "where") ? places.n_areas : 1;

	if (good && shapes.n_areas && call_has(call, "where"))
		shapes.areas[0].description = mem_dup(call_text(call, "where"));
	if (good) {
		areas_drop(info);
		areas_move(info, &places, 0, before);
		areas_move(info, &shapes, 0, shapes.n_areas);
		areas_move(info, &places, before, places.n_areas);
		places.n_areas = shapes.n_areas = 0;
	}
	areas_drop(&places);
	areas_drop(&shapes);
	free(places.areas);
	free(shapes.areas);
	return good;
}

/* --- words ----------------------------------------------------------------------------------- */

static const char *
office(struct store *st)
{
	const char *name = store_setting(st, "county_name");

	return name && *name ? name : "应急管理局";
}

/* As the national platform's headlines are: who, does what, event, colour. A reader finds event and
 * colour in it again. */
static void
write_headline(struct verb_call *call, struct alert *a, const char *doing)
{
	struct alert_info *info = &a->infos[0];
	char *made = mem_print("%s%s%s%s%s预警", strcmp(a->status, "Actual") == 0 ? "" : "【演练】",
	    office(call_store(call)), doing, info->event, colour_chinese(info->colour));

	set(&info->headline, call_has(call, "headline") ? call_text(call, "headline") : made);
	free(made);
}

static bool
write_times(struct verb_call *call, struct alert_info *info, struct err *err)
{
	int64_t now = call_now(call);

	info->effective = now - now % SECOND;
	if (call_has(call, "onset"))
		info->onset = call_time(call, "onset");
	if (call_has(call, "expires"))
		info->expires = call_time(call, "expires");
	if (info->expires == CLOCK_NONE || info->expires <= now)
		return err_set(err, ERR_INPUT, _("Until when is it in force? The end lies ahead."));
	if (info->expires > now + LONGEST)
		return err_set(err, ERR_INPUT,
		    _("A warning is in force for 30 days at most; update it when it is still true "
		      "then."));
	if (info->onset != CLOCK_NONE && info->onset >= info->expires)
		return err_set(err, ERR_INPUT, _("It would end before it begins."));
	info->expires -= info->expires % SECOND;
	if (info->onset != CLOCK_NONE)
		info->onset -= info->onset % SECOND;
	return true;
}

/* A store that is a drill's warns nobody in earnest. */
static bool
is_drill(struct verb_call *call)
{
	return call_flag(call, "exercise") || is_drill_store(call_store(call));
}

static bool
write_info(struct verb_call *call, struct alert *a, const char *doing, struct err *err)
{
	struct alert_info *info = &a->infos[0];

	if (call_has(call, "colour"))
		info->colour = colour_of_severity(call_text(call, "colour"));
	set(&info->severity, NULL); /* the writer's, of the colour */
	set_word(&info->urgency, call, "urgency", "expected");
	set_word(&info->certainty, call, "certainty", "likely");
	if (call_has(call, "response"))
		set_word(&info->response, call, "response", "");
	set(&info->description, call_text(call, "text"));
	if (call_has(call, "instruction"))
		set(&info->instruction, call_text(call, "instruction"));
	set(&info->sender_name, office(call_store(call)));
	set(&info->contact, store_setting(call_store(call), "phone"));
	write_headline(call, a, doing);
	return write_times(call, info, err);
}

bool
ours_write(struct verb_call *call, struct feed_item *out, struct err *err)
{
	struct alert *a = mem_zero(1, sizeof(*a));
	struct alert_info *info = mem_zero(1, sizeof(*info));
	const char *event, *code;

	*out = (struct feed_item){.kind = FEED_ALERT, .alert = a};
	a->infos = info;
	a->n_infos = 1;
	a->sent = CLOCK_NONE;
	info->effective = info->onset = info->expires = CLOCK_NONE;
	if (!event_find(call_text(call, "event"), &event, &code, err))
		return false;
	set(&info->language, "zh-CN");
	set(&info->event, event);
	set(&info->event_code, code);
	set(&a->status, is_drill(call) ? "Exercise" : "Actual");
	set(&a->msg_type, "Alert");
	set(&a->scope, "Public");
	return write_area(call, info, err) && write_info(call, a, "发布", err);
}

/* --- what follows a message ------------------------------------------------------------------- */

bool
ours_read(struct store *st, int64_t alert, struct feed_item *out, struct err *err)
{
	struct sql *q =
	    sql(st, "SELECT r.bytes FROM alert_raw r JOIN alert a ON a.id = r.alert WHERE "
		    "r.alert = ?1 AND a.ours = 1");
	struct feed_list list = {0};
	size_t n = 0;
	const void *bytes;
	bool good = false;

	sql_bind(q, "i", alert);
	if (sql_row(q) && (bytes = sql_blob(q, 0, &n)) != NULL)
		good = feed_read(bytes, n, NULL, feed_list_keep, &list, NULL, err) && list.n == 1 &&
		       list.item[0].kind == FEED_ALERT && list.item[0].alert->n_infos == 1;
	sql_done(q);
	if (good) {
		*out = list.item[0];
		list.n = 0;
	}
	feed_list_clear(&list);
	return good || err_set(err, ERR_NOT_FOUND, _("There is no such warning."));
}

bool
ours_update(struct verb_call *call, struct feed_item *item, struct err *err)
{
	struct alert_info *info = &item->alert->infos[0];

	set(&item->alert->msg_type, "Update");
	if ((call_has(call, "polygon") || call_has(call, "circle") || call_has(call, "around")) &&
	    !call_has(call, "areas"))
		return err_set(err, ERR_INPUT, _("A new shape wants the townships named again."));
	if (call_has(call, "areas") && !write_area(call, info, err))
		return false;
	return write_info(call, item->alert, "更新", err);
}

bool
ours_cancel(struct verb_call *call, struct feed_item *item, struct err *err)
{
	struct alert *a = item->alert;
	struct alert_info *info = &a->infos[0];

	(void)err;
	set(&a->msg_type, "Cancel");
	set(&info->response, "AllClear");
	set(&info->urgency, "Past");
	set(&info->certainty, "Observed");
	set(&info->severity, NULL);
	set(&info->instruction, NULL);
	set(&info->description, call_text(call, "text"));
	info->effective = call_now(call) - call_now(call) % SECOND;
	info->onset = CLOCK_NONE;
	write_headline(call, a, "解除");
	return true;
}
