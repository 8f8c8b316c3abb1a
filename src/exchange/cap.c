#include "exchange/cap.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/shape.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 65536

struct cap_builder {
	const struct feed_profile *profile;
	struct alert *alert; /* NULL outside */
	struct notes notes;
	struct cap_marks marks;
	size_t infos_room, areas_room, refs_room;
	size_t areas, codes, corners; /* of the whole alert, for the limits */
	bool area_open;		      /* an <area> of the last info is open */
	size_t area_first;	      /* the first of the areas it became */
	char *value_name, *value;     /* of the pair at hand */
	char *resource_what, *resource_where;
	char *method;
	struct buf methods, resources; /* lines so far; resources of the info at hand */
	const char *over;
};

/* --- the elements that are kept as text ------------------------------------------------------- */

enum keep_where { IN_ALERT, IN_INFO };
enum keep_what { KEEP_LINE, KEEP_LINES, KEEP_TIME, KEEP_CALL };

struct element {
	const char *name;
	enum keep_where where;
	enum keep_what what;
	size_t at;
	void (*call)(struct cap_builder *b, const char *text, size_t n); /* KEEP_CALL */
};

static void keep_issuer(struct cap_builder *b, const char *text, size_t n);
static void keep_sender_code(struct cap_builder *b, const char *text, size_t n);
static void keep_send_time(struct cap_builder *b, const char *text, size_t n);
static void keep_references(struct cap_builder *b, const char *text, size_t n);
static void keep_class(struct cap_builder *b, const char *text, size_t n);
static void keep_event_type(struct cap_builder *b, const char *text, size_t n);
static void keep_area_name(struct cap_builder *b, const char *text, size_t n);
static void keep_polygon(struct cap_builder *b, const char *text, size_t n);
static void keep_circle(struct cap_builder *b, const char *text, size_t n);
static void keep_value_name(struct cap_builder *b, const char *text, size_t n);
static void keep_value(struct cap_builder *b, const char *text, size_t n);
static void keep_resource_what(struct cap_builder *b, const char *text, size_t n);
static void keep_resource_where(struct cap_builder *b, const char *text, size_t n);
static void keep_method_name(struct cap_builder *b, const char *text, size_t n);
static void keep_method_words(struct cap_builder *b, const char *text, size_t n);

#define A(element, what, member)                                                                   \
	{                                                                                          \
		element, IN_ALERT, what, offsetof(struct alert, member), NULL                      \
	}
#define I(element, what, member)                                                                   \
	{                                                                                          \
		element, IN_INFO, what, offsetof(struct alert_info, member), NULL                  \
	}
#define C(element, call)                                                                           \
	{                                                                                          \
		element, IN_ALERT, KEEP_CALL, 0, call                                              \
	}
/* clang-format off */
static const struct element elements[] = {
	A("identifier", KEEP_LINE, identifier), C("sender", keep_issuer), C("senderCode", keep_sender_code),
	A("sent", KEEP_TIME, sent), C("sendTime", keep_send_time), A("status", KEEP_LINE, status),
	A("msgType", KEEP_LINE, msg_type), A("scope", KEEP_LINE, scope), A("note", KEEP_LINES, note),
	A("source", KEEP_LINE, source), C("references", keep_references), C("secClassification", keep_class),
	C("methodName", keep_method_name), C("message", keep_method_words),
	I("language", KEEP_LINE, language), I("event", KEEP_LINE, event), C("eventType", keep_event_type),
	I("urgency", KEEP_LINE, urgency), I("severity", KEEP_LINE, severity), I("certainty", KEEP_LINE, certainty),
	I("responseType", KEEP_LINE, response), I("effective", KEEP_TIME, effective), I("onset", KEEP_TIME, onset),
	I("expires", KEEP_TIME, expires), I("senderName", KEEP_LINE, sender_name), I("headline", KEEP_LINE, headline),
	I("description", KEEP_LINES, description), I("instruction", KEEP_LINES, instruction),
	I("web", KEEP_LINE, web), I("contact", KEEP_LINE, contact),
	C("areaDesc", keep_area_name), C("polygon", keep_polygon), C("circle", keep_circle),
	C("valueName", keep_value_name), C("value", keep_value), C("resourceDesc", keep_resource_what),
	C("uri", keep_resource_where),
};
/* clang-format on */

static const struct element *
find_element(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(elements); i++)
		if (elements[i].name[0] == name[0] && strcmp(elements[i].name, name) == 0)
			return &elements[i];
	return NULL;
}

/* --- infos and areas -------------------------------------------------------------------------- */

static void end_info(struct cap_builder *b);

static struct alert_info *
new_info(struct cap_builder *b)
{
	struct alert *a = b->alert;
	struct alert_info *info;

	end_info(b);
	if (a->n_infos >= CAP_INFOS) {
		b->over = _("too many infos in one alert");
		return &a->infos[a->n_infos - 1];
	}
	mem_grow(&a->infos, &b->infos_room, a->n_infos);
	info = &a->infos[a->n_infos++];
	memset(info, 0, sizeof(*info));
	info->effective = info->onset = info->expires = CLOCK_NONE;
	b->areas_room = 0;
	b->area_open = false;
	return info;
}

/* The info at hand; what stands outside of any makes one. */
static struct alert_info *
info_of(struct cap_builder *b)
{
	return b->alert->n_infos ? &b->alert->infos[b->alert->n_infos - 1] : new_info(b);
}

static struct alert_area *
new_area(struct cap_builder *b)
{
	struct alert_info *info = info_of(b);
	struct alert_area *area;

	if (b->areas >= CAP_AREAS) {
		b->over = _("too many areas in one alert");
		if (info->n_areas) {
			b->area_open = true;
			b->area_first = info->n_areas - 1;
			return &info->areas[info->n_areas - 1];
		}
	}
	b->areas++;
	mem_grow(&info->areas, &b->areas_room, info->n_areas);
	area = &info->areas[info->n_areas++];
	memset(area, 0, sizeof(*area));
	area->radius_m = -1;
	if (!b->area_open)
		b->area_first = info->n_areas - 1;
	b->area_open = true;
	return area;
}

static struct alert_area *
area_of(struct cap_builder *b)
{
	struct alert_info *info = info_of(b);

	return b->area_open && info->n_areas ? &info->areas[info->n_areas - 1] : new_area(b);
}

/* Where the next shape goes: a further polygon or circle of one area gets an area of its own. */
static struct alert_area *
area_for_shape(struct cap_builder *b)
{
	struct alert_area *area = area_of(b);

	return area->n_ring || area->radius_m >= 0 ? new_area(b) : area;
}

/* Codes and the description go to the first of the areas that one <area> became. */
static struct alert_area *
area_for_words(struct cap_builder *b)
{
	area_of(b);
	return &info_of(b)->areas[b->area_first];
}

static void
keep_polygon(struct cap_builder *b, const char *text, size_t n)
{
	struct cap_ring ring;
	struct alert_area *area;

	if (!ring_read(text, n, CAP_CORNERS - b->corners, &ring)) /* an empty element */
		return;
	if (ring.over)
		b->over = _("too many corners in one alert");
	area = area_for_shape(b);
	area->repaired |= ring.was_open || !ring.corners;
	area->ring = ring.corners;
	area->n_ring = ring.n;
	b->corners += ring.n;
	if (!ring.corners)
		notes_add(&b->notes, _("a polygon cannot be read and is left out"));
	else if (ring.was_open)
		notes_add(&b->notes, _("a polygon was open and is closed here"));
	if (ring.swapped)
		notes_add(&b->notes, _("a polygon has longitude first"));
}

static void
keep_circle(struct cap_builder *b, const char *text, size_t n)
{
	double lon, lat, radius;
	struct alert_area *area;

	if (shape_is_empty(text, n))
		return;
	if (!circle_read(text, n, &lon, &lat, &radius)) {
		notes_add(&b->notes, _("a circle cannot be read and is left out"));
		return;
	}
	area = area_for_shape(b);
	area->lon = lon;
	area->lat = lat;
	/* In the unit written; settled at the end, when the profile is known. */
	area->radius_m = radius;
}

/* --- elements with a rule of their own -------------------------------------------------------- */

static void
keep_issuer(struct cap_builder *b, const char *text, size_t n)
{
	feed_keep(&b->marks.issuer, text, n, false);
}

static void
keep_sender_code(struct cap_builder *b, const char *text, size_t n)
{
	feed_keep(&b->marks.sender_code, text, n, false);
	b->marks.guotu |= b->marks.prefixless;
}

static void
keep_time(struct cap_builder *b, int64_t *to, const char *name, const char *text, size_t n)
{
	int64_t at;
	enum when_form form;
	char *clean;

	if (*to != CLOCK_NONE || !(clean = feed_text(text, n, false)))
		return;
	form = feed_when(clean, strlen(clean), b->profile->zone_minutes, &at);
	if (form == WHEN_BAD)
		notes_add(&b->notes, _("%s is not a time: %.60s"), name, clean);
	else if (form == WHEN_ODD && !b->marks.guotu && !b->marks.prefixless)
		notes_add(&b->notes, _("%s is not written as CAP demands: %.60s"), name, clean);
	*to = at;
	free(clean);
}

static void
keep_send_time(struct cap_builder *b, const char *text, size_t n)
{
	b->marks.guotu |= b->marks.prefixless;
	keep_time(b, &b->alert->sent, "sendTime", text, n);
}

static void
keep_class(struct cap_builder *b, const char *text, size_t n)
{
	b->alert->inner = n >= 5 && memmem(text, n, "Inner", 5);
}

static void
keep_event_type(struct cap_builder *b, const char *text, size_t n)
{
	b->marks.guotu |= b->marks.prefixless;
	feed_keep(&info_of(b)->event_code, text, n, false);
}

static void
keep_area_name(struct cap_builder *b, const char *text, size_t n)
{
	feed_keep(&area_for_words(b)->description, text, n, false);
}

static void
keep_value_name(struct cap_builder *b, const char *text, size_t n)
{
	feed_keep(&b->value_name, text, n, false);
}

static void
keep_value(struct cap_builder *b, const char *text, size_t n)
{
	feed_keep(&b->value, text, n, false);
}

static void
keep_resource_what(struct cap_builder *b, const char *text, size_t n)
{
	feed_keep(&b->resource_what, text, n, false);
}

static void
keep_resource_where(struct cap_builder *b, const char *text, size_t n)
{
	feed_keep(&b->resource_where, text, n, false);
}

static void
keep_method_name(struct cap_builder *b, const char *text, size_t n)
{
	feed_keep(&b->method, text, n, false);
}

/* What does not fit is left out, and said. */
static void
add_line(struct cap_builder *b, struct buf *to, const char *what, const char *words)
{
	if (to->size + strlen(what) + strlen(words) + 2 > LINES_MAX) {
		notes_add(&b->notes, _("a list in it is too long and is cut"));
		return;
	}
	to->max = LINES_MAX;
	if (to->size)
		buf_add_char(to, '\n');
	buf_add(to, what);
	buf_add(to, words);
}

static void
keep_method_words(struct cap_builder *b, const char *text, size_t n)
{
	char *words = feed_text(text, n, false), *what;

	if (words) {
		what = mem_print("%s: ", b->method ? b->method : "-");
		add_line(b, &b->methods, what, words);
		free(what);
	}
	free(words);
}

/* --- references ------------------------------------------------------------------------------- */

/* Read at once: a self-reference needs identifier and sender, which stand before it in every order
 * CAP allows. */
static void
keep_references(struct cap_builder *b, const char *text, size_t n)
{
	alert_add_refs(b->alert, text, n, b->profile->zone_minutes, &b->notes);
	if (b->alert->n_refs >= CAP_REFS)
		b->over = _("too many references in one alert");
}

/* --- pairs ------------------------------------------------------------------------------------ */

static void
drop_pair(struct cap_builder *b)
{
	free(b->value_name);
	free(b->value);
	b->value_name = b->value = NULL;
}

/* CPEAS, GB/T 2260 and nameless codes are Chinese area codes as they are; FIPS6 and the rest keep
 * their scheme. */
static bool
scheme_is_ours(const char *scheme)
{
	return !scheme || strstr(scheme, "CPEAS") || strstr(scheme, "2260") ||
	       strstr(scheme, "行政区划");
}

static void
close_geocode(struct cap_builder *b, const char *text, size_t n)
{
	struct alert_area *area = area_for_words(b);
	size_t before = area->n_codes;
	bool whole = true;
	char *code;

	if (b->value && scheme_is_ours(b->value_name)) {
		whole = area_add_codes(area, b->value, strlen(b->value));
	} else if (b->value) {
		code = mem_print("%s=%s", b->value_name, b->value);
		area_add_code(area, code);
	} else if (!b->value_name) {
		whole = area_add_codes(area, text, n);
	}
	b->codes += area->n_codes - before;
	if (!whole || b->codes > CAP_CODES)
		b->over = _("too many area codes in one alert");
	drop_pair(b);
}

static void
close_event_code(struct cap_builder *b)
{
	struct alert_info *info = info_of(b);

	/* Of several codes the one of five characters counts. */
	if (b->value && (!info->event_code ||
			    (!event_code_valid(info->event_code) && event_code_valid(b->value)))) {
		free(info->event_code);
		info->event_code = b->value;
		b->value = NULL;
	}
	drop_pair(b);
}

/* The colour said outright, as our own alerts say it (capwrite.c): then severity words are colours
 * too. */
static void
close_parameter(struct cap_builder *b)
{
	if (b->value_name && b->value && strcmp(b->value_name, "ColorCode") == 0)
		info_of(b)->colour = colour_of_severity(b->value);
	drop_pair(b);
}

static void
close_resource(struct cap_builder *b)
{
	char *what;

	info_of(b);
	if (b->resource_what || b->resource_where) {
		what = mem_print("%s ", b->resource_what ? b->resource_what : "-");
		add_line(b, &b->resources, what, b->resource_where ? b->resource_where : "-");
		free(what);
	}
	free(b->resource_what);
	free(b->resource_where);
	b->resource_what = b->resource_where = NULL;
}

/* The resources gathered go to the info that ends. */
static void
end_info(struct cap_builder *b)
{
	struct alert *a = b->alert;

	if (b->resources.size && a->n_infos && !a->infos[a->n_infos - 1].resources)
		a->infos[a->n_infos - 1].resources = buf_take(&b->resources);
	buf_reset(&b->resources);
}

/* --- tags ------------------------------------------------------------------------------------- */

static void
begin(struct cap_builder *b, const char *space)
{
	struct feed_item item = feed_item_new(FEED_ALERT);

	b->alert = item.alert;
	b->marks.prefixless = !strstr(space, "cap");
	b->marks.guotu = false;
	b->infos_room = b->areas_room = b->areas = b->codes = b->corners = 0;
	b->area_open = false;
	b->over = NULL;
	b->alert->profile = mem_dup(strstr(space, "cap:1.2")				   ? "cap12"
				    : strstr(space, "cap:1.1")				   ? "cap11"
				    : strstr(space, "cap:1.0") || strstr(space, "cap/1.0") ? "cap10"
											   : "cap");
}

enum xml_want
cap_open(struct cap_builder *b, struct xml *x, const char *name, const char *space)
{
	(void)x;
	if (!b->alert) {
		if (strcmp(name, "alert") == 0)
			begin(b, space);
		return XML_ENTER;
	}
	if (find_element(name))
		return XML_LEAF;
	if (strcmp(name, "info") == 0)
		new_info(b);
	else if (strcmp(name, "area") == 0) {
		b->area_open = false;
		new_area(b);
	} else if (strcmp(name, "geocode") == 0)
		return XML_BOTH;
	else if (strcmp(name, "Signature") == 0) {
		b->alert->is_signed = true;
		return XML_SKIP;
	} else if (strcmp(name, "derefUri") == 0)
		return XML_SKIP;
	return XML_ENTER;
}

static void
keep_element(struct cap_builder *b, const struct element *e, const char *text, size_t n)
{
	char *to;

	if (e->what == KEEP_CALL) {
		e->call(b, text, n);
		return;
	}
	to = (e->where == IN_ALERT ? (char *)b->alert : (char *)info_of(b)) + e->at;
	if (e->what == KEEP_TIME)
		keep_time(b, (int64_t *)(void *)to, e->name, text, n);
	else
		feed_keep((char **)(void *)to, text, n, e->what == KEEP_LINES);
}

bool
cap_close(struct cap_builder *b, const char *name, const char *text, size_t n)
{
	const struct element *e;

	if (!b->alert)
		return false;
	if ((e = find_element(name))) {
		keep_element(b, e, text, n);
		/* References look for themselves by sender. */
		if (b->marks.issuer && !b->alert->sender)
			b->alert->sender = mem_dup(b->marks.issuer);
	} else if (strcmp(name, "area") == 0)
		b->area_open = false;
	else if (strcmp(name, "geocode") == 0)
		close_geocode(b, text, n);
	else if (strcmp(name, "eventCode") == 0)
		close_event_code(b);
	else if (strcmp(name, "parameter") == 0)
		close_parameter(b);
	else if (strcmp(name, "resource") == 0)
		close_resource(b);
	else if (strcmp(name, "method") == 0) {
		free(b->method);
		b->method = NULL;
	}
	return strcmp(name, "alert") == 0;
}

bool
cap_inside(const struct cap_builder *b)
{
	return b->alert != NULL;
}

const char *
cap_over(const struct cap_builder *b)
{
	return b->over;
}

/* --- when it is whole ------------------------------------------------------------------------- */

static void
forget(struct cap_builder *b)
{
	free(b->marks.issuer);
	free(b->marks.sender_code);
	free(b->method);
	free(b->resource_what);
	free(b->resource_where);
	b->marks.issuer = b->marks.sender_code = b->method = b->resource_what = b->resource_where =
	    NULL;
	drop_pair(b);
	buf_reset(&b->methods);
	buf_reset(&b->resources);
	b->alert = NULL;
}

bool
cap_take(struct cap_builder *b, struct feed_item *item)
{
	bool any = b->alert->identifier || b->alert->n_infos;

	notes_reopen(&b->notes);
	end_info(b);
	if (b->methods.size)
		b->alert->methods = buf_take(&b->methods);
	cap_settle(b->alert, &b->marks, &b->notes);
	*item = (struct feed_item){.kind = FEED_ALERT};
	item->alert = b->alert;
	item->notes = notes_take(&b->notes);
	forget(b);
	if (!any)
		feed_item_clear(item);
	return any;
}

struct cap_builder *
cap_builder_new(const struct feed_profile *profile)
{
	struct cap_builder *b = mem_zero(1, sizeof(*b));

	b->profile = profile;
	b->marks.radius_km = profile->radius_km;
	return b;
}

void
cap_builder_free(struct cap_builder *b)
{
	if (!b)
		return;
	if (b->alert) {
		struct feed_item item = {.kind = FEED_ALERT};

		item.alert = b->alert;
		feed_item_clear(&item);
	}
	forget(b);
	buf_clear(&b->notes.text);
	buf_clear(&b->methods);
	buf_clear(&b->resources);
	free(b);
}
