/*
 * Earthquakes: USGS GeoJSON, QuakeML, and the lists of the China Earthquake Networks Center (CENC)
 * in its own form and in the mirror's. An automatic report and the reviewed one of the same quake
 * keep one id; the newer values count. Magnitude and depth are NAN where upstream tells none.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/inside.h"
#include "exchange/json.h"
#include "exchange/xml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct feed_item
new_quake(const char *source)
{
	struct feed_item item = feed_item_new(FEED_QUAKE);

	item.quake->source = mem_dup(source);
	item.quake->magnitude = item.quake->depth_km = NAN;
	item.quake->lon = item.quake->lat = NAN;
	return item;
}

/* A quake without a place on the earth is dropped: nothing can be done with it. */
static bool
emit_quake(struct feed_out *out, struct feed_item *item, struct notes *notes)
{
	struct quake *q = item->quake;

	if (!(q->lat >= -90 && q->lat <= 90 && q->lon >= -360 && q->lon <= 360)) {
		feed_item_clear(item);
		free(notes_take(notes));
		return true;
	}
	if (!(q->magnitude > -5 && q->magnitude < 12)) {
		q->magnitude = NAN;
		notes_add(notes, "%s", _("it tells no magnitude"));
	}
	item->notes = notes_take(notes);
	return feed_emit(out, item);
}

static bool
says(const char *text, size_t n, const char *word)
{
	return memmem(text, n < 4096 ? n : 4096, word, strlen(word)) != NULL;
}

/* --- USGS ------------------------------------------------------------------------------------- */

static bool
usgs_feature(const json_t *feature, struct feed_out *out)
{
	const json_t *p = json_object_get(feature, "properties");
	const json_t *at = json_object_get(json_object_get(feature, "geometry"), "coordinates");
	struct feed_item item = new_quake("USGS");
	struct quake *q = item.quake;
	struct notes notes = {0};
	char *status, *type;

	q->id = json_text(feature, "id", false);
	q->place = json_text(p, "place|title", false);
	q->at = json_time(p, "time", 0);
	json_number(p, "mag", &q->magnitude);
	if (json_is_number(json_array_get(at, 0)) && json_is_number(json_array_get(at, 1))) {
		q->lon = json_number_value(json_array_get(at, 0));
		q->lat = json_number_value(json_array_get(at, 1));
	}
	if (json_is_number(json_array_get(at, 2)))
		q->depth_km = json_number_value(json_array_get(at, 2));
	status = json_text(p, "status", false);
	type = json_text(p, "type", false);
	q->reviewed = status && strcmp(status, "reviewed") == 0;
	if (status && strcmp(status, "deleted") == 0)
		notes_add(&notes, _("upstream has withdrawn it"));
	if (type && strcmp(type, "earthquake") != 0)
		notes_add(&notes, _("not an earthquake: %s"), type);
	free(status);
	free(type);
	return emit_quake(out, &item, &notes);
}

static bool
usgs_read(const char *text, size_t n, struct feed_out *out)
{
	json_t *doc = json_document(text, n, out->err), *value;
	size_t i;
	bool ok = true;

	if (!doc)
		return false;
	if (json_is_array(json_object_get(doc, "features")))
		json_array_foreach(json_object_get(doc, "features"), i, value)
		{
			if (ok)
				ok = usgs_feature(value, out);
		}
	else
		ok = usgs_feature(doc, out);
	json_decref(doc);
	return ok;
}

/* "features": [] with nothing inside: no quakes to tell. */
static bool
says_no_features(const char *text, size_t n)
{
	const char *p = memmem(text, n < 4096 ? n : 4096, "\"features\"", 10), *end = text + n;

	if (!p)
		return false;
	for (p += 10; p < end && strchr(" \t\r\n:[", *p); p++)
		;
	return p < end && *p == ']';
}

static bool
usgs_detects(const char *text, size_t n, const char *root)
{
	return !*root && says(text, n, "\"Feature") &&
	       (says(text, n, "\"mag\"") || says_no_features(text, n));
}

const struct feed_reader reader_usgs = {"usgs", usgs_detects, usgs_read};

/* --- CENC: {shuju:[…]}, the mirror's {No1:{…},…}, and one warning (cenc_eew) ------------------ */

static bool
cenc_row(const json_t *row, struct feed_out *out)
{
	struct feed_item item;
	struct quake *q;
	struct notes notes = {0};
	char *how;

	if (!json_is_object(row))
		return true;
	item = new_quake("CENC");
	q = item.quake;
	q->id = json_text(row, "EventID|CATA_ID|id|ID", false);
	q->place = json_text(row, "LOCATION_C|location|placeName|HypoCenter", false);
	q->at = json_time(row, "O_TIME|time|OriginTime", out->profile->zone_minutes);
	json_number(row, "EPI_LAT|latitude|Latitude", &q->lat);
	json_number(row, "EPI_LON|longitude|Longitude", &q->lon);
	json_number(row, "EPI_DEPTH|depth|Depth", &q->depth_km);
	json_number(row, "M|magnitude|Magnitude|Magunitude", &q->magnitude);
	how = json_text(row, "AUTO_FLAG|type", false);
	q->reviewed = how && (strcmp(how, "M") == 0 || strcmp(how, "reviewed") == 0);
	free(how);
	return emit_quake(out, &item, &notes);
}

static bool
cenc_rows(const json_t *doc, struct feed_out *out)
{
	const json_t *list = json_object_get(doc, "shuju");
	const char *key;
	json_t *value;
	size_t i;

	if (json_object_get(doc, "OriginTime"))
		return cenc_row(doc, out);
	json_array_foreach(list, i, value) if (!cenc_row(value, out)) return false;
	if (list)
		return true;
	/* jansson keeps the order of the members. */
	json_object_foreach((json_t *)(uintptr_t)doc, key,
	    value) if (strncmp(key, "No", 2) == 0 && !cenc_row(value, out)) return false;
	return true;
}

static bool
cenc_read(const char *text, size_t n, struct feed_out *out)
{
	json_t *doc = json_document(text, n, out->err);
	bool ok;

	if (!doc)
		return false;
	ok = cenc_rows(doc, out);
	json_decref(doc);
	return ok;
}

static bool
cenc_detects(const char *text, size_t n, const char *root)
{
	return !*root && (says(text, n, "\"shuju\"") ||
			     (says(text, n, "\"No1\"") && says(text, n, "\"magnitude\"")) ||
			     (says(text, n, "\"OriginTime\"") && says(text, n, "\"HypoCenter\"")));
}

const struct feed_reader reader_cenc = {"cenc", cenc_detects, cenc_read};

/* --- QuakeML ---------------------------------------------------------------------------------- */

#define ORIGINS 64

struct origin {
	char *id;
	int64_t at;
	double lon, lat, depth_m;
	bool manual;
};
struct size {
	char *id;
	double magnitude;
};

struct reading {
	struct feed_out *out;
	struct notes notes;
	struct feed_item item; /* of the event at hand; its value NULL outside */
	struct origin origins[ORIGINS];
	struct size sizes[ORIGINS];
	int n_origins, n_sizes;
	bool in_origin, in_size;
	char of[24]; /* the quantity a <value> belongs to */
	char *preferred_origin, *preferred_size;
	char *event_type;
};

static void
forget_event(struct reading *r)
{
	for (int i = 0; i < r->n_origins; i++)
		free(r->origins[i].id);
	for (int i = 0; i < r->n_sizes; i++)
		free(r->sizes[i].id);
	r->n_origins = r->n_sizes = 0;
	/* An event may end inside its origin: what is open belongs to no later one. */
	r->in_origin = r->in_size = false;
	free(r->preferred_origin);
	free(r->preferred_size);
	free(r->event_type);
	r->preferred_origin = r->preferred_size = r->event_type = NULL;
}

static enum xml_want
quakeml_open(void *context, struct xml *x, const char *name, const char *space)
{
	static const char *const leaves[] = {"value", "text", "preferredOriginID",
	    "preferredMagnitudeID", "evaluationMode", "evaluationStatus", "type"};
	struct reading *r = context;

	(void)space;
	if (strcmp(name, "event") == 0 && !r->item.quake) {
		r->item = new_quake("QuakeML");
		r->item.quake->id = xml_attr(x, "publicID");
		return XML_ENTER;
	}
	if (!r->item.quake)
		return XML_ENTER;
	if (strcmp(name, "origin") == 0 && r->n_origins < ORIGINS) {
		r->origins[r->n_origins++] = (struct origin){.id = xml_attr(x, "publicID"),
		    .at = CLOCK_NONE,
		    .lon = NAN,
		    .lat = NAN,
		    .depth_m = NAN};
		r->in_origin = true;
		return XML_ENTER;
	}
	if (strcmp(name, "magnitude") == 0 && r->n_sizes < ORIGINS) {
		r->sizes[r->n_sizes++] =
		    (struct size){.id = xml_attr(x, "publicID"), .magnitude = NAN};
		r->in_size = true;
		return XML_ENTER;
	}
	/* Picks, arrivals and the rest have times and values of their own. */
	if (strcmp(name, "pick") == 0 || strcmp(name, "arrival") == 0 ||
	    strcmp(name, "amplitude") == 0 || strcmp(name, "stationMagnitude") == 0 ||
	    strcmp(name, "focalMechanism") == 0 || strcmp(name, "comment") == 0)
		return XML_SKIP;
	for (size_t i = 0; i < COUNT_OF(leaves); i++)
		if (strcmp(name, leaves[i]) == 0)
			return XML_LEAF;
	r->of[0] = '\0';
	if (strlen(name) < sizeof(r->of))
		memcpy(r->of, name, strlen(name) + 1);
	return XML_ENTER;
}

static void
origin_value(struct reading *r, const char *text, size_t n)
{
	struct origin *o = &r->origins[r->n_origins - 1];
	const char *end = text + n;

	while (text < end && strchr(" \t\r\n", *text))
		text++;
	if (strcmp(r->of, "time") == 0)
		feed_when(text, (size_t)(end - text), 0, &o->at);
	else if (strcmp(r->of, "latitude") == 0)
		feed_number(&text, end, &o->lat);
	else if (strcmp(r->of, "longitude") == 0)
		feed_number(&text, end, &o->lon);
	else if (strcmp(r->of, "depth") == 0)
		feed_number(&text, end, &o->depth_m);
}

static void
finish_event(struct reading *r, struct xml *x)
{
	struct quake *q = r->item.quake;
	struct feed_item item = r->item;
	int origin = 0, size = 0;
	bool found = !r->preferred_origin;

	for (int i = 0; i < r->n_origins; i++)
		if (feed_same(r->origins[i].id, r->preferred_origin)) {
			origin = i;
			found = true;
		}
	for (int i = 0; i < r->n_sizes; i++)
		if (feed_same(r->sizes[i].id, r->preferred_size))
			size = i;
	if (!found)
		notes_add(&r->notes, _("the preferred origin is not in it; the first is taken"));
	if (r->n_origins) {
		q->at = r->origins[origin].at;
		q->lon = r->origins[origin].lon;
		q->lat = r->origins[origin].lat;
		q->depth_km = r->origins[origin].depth_m / 1000;
		q->reviewed = r->origins[origin].manual;
	}
	if (r->n_sizes)
		q->magnitude = r->sizes[size].magnitude;
	if (r->event_type && strcmp(r->event_type, "earthquake") != 0)
		notes_add(&r->notes, _("not an earthquake: %s"), r->event_type);
	memset(&r->item, 0, sizeof(r->item));
	forget_event(r);
	if (!emit_quake(r->out, &item, &r->notes))
		xml_stop(x);
}

static void
quakeml_close(void *context, struct xml *x, const char *name, const char *text, size_t n)
{
	struct reading *r = context;
	const char *s = text;

	if (!r->item.quake)
		return;
	if (strcmp(name, "event") == 0)
		finish_event(r, x);
	else if (strcmp(name, "origin") == 0)
		r->in_origin = false;
	else if (strcmp(name, "magnitude") == 0)
		r->in_size = false;
	else if (strcmp(name, "value") == 0 && r->in_origin)
		origin_value(r, text, n);
	else if (strcmp(name, "value") == 0 && r->in_size && strcmp(r->of, "mag") == 0) {
		while (s < text + n && strchr(" \t\r\n", *s))
			s++;
		feed_number(&s, text + n, &r->sizes[r->n_sizes - 1].magnitude);
	} else if ((strcmp(name, "evaluationMode") == 0 || strcmp(name, "evaluationStatus") == 0) &&
		   r->in_origin)
		r->origins[r->n_origins - 1].manual |= memmem(text, n, "manual", 6) ||
						       memmem(text, n, "reviewed", 8) ||
						       memmem(text, n, "final", 5);
	else if (strcmp(name, "text") == 0 && !r->in_origin && !r->in_size)
		feed_keep(&r->item.quake->place, text, n, false);
	else if (strcmp(name, "preferredOriginID") == 0)
		feed_keep(&r->preferred_origin, text, n, false);
	else if (strcmp(name, "preferredMagnitudeID") == 0)
		feed_keep(&r->preferred_size, text, n, false);
	else if (strcmp(name, "type") == 0 && !r->in_origin && !r->in_size &&
		 memmem(text, n, "earthquake", 10) == NULL &&
		 memmem(text, n, "region", 6) == NULL && memmem(text, n, "Flinn", 5) == NULL)
		feed_keep(&r->event_type, text, n, false);
}

static bool
quakeml_read(const char *text, size_t n, struct feed_out *out)
{
	static const struct xml_handler handler = {quakeml_open, quakeml_close};
	struct reading *r = mem_zero(1, sizeof(*r));
	bool ok;

	r->out = out;
	ok = xml_read(text, n, &handler, r, out->err);
	if (r->item.quake)
		feed_item_clear(&r->item);
	forget_event(r);
	buf_clear(&r->notes.text);
	free(r);
	return ok;
}

static bool
quakeml_detects(const char *text, size_t n, const char *root)
{
	(void)text;
	(void)n;
	return strcmp(root, "quakeml") == 0;
}

const struct feed_reader reader_quakeml = {"quakeml", quakeml_detects, quakeml_read};
