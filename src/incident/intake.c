/*
 * 接报: a call's words become an incident, or go into one that is there. What the form gives wins
 * over what was read; what neither gives is asked for only if the law needs it to start the clock:
 * place, nature, source. The time is never lacking: T0 is the receipt, and a caller on the phone
 * tells what is happening now.
 */
#include "incident/inside.h"

#include "base/id.h"

#include <stdlib.h>
#include <string.h>

#define FUTURE_SLACK (5 * CLOCK_MINUTE)

/* What a new incident will say. Texts of reading and call arguments are borrowed. */
struct intake {
	struct reader *reader;
	struct reading reading;
	const char *text;
	int64_t received, occurred;
	enum fact_precision precision;
	struct caller caller;
	struct scene scene;
	char title[160], type_name[64], nature[200];
	const char *code; /* primary; NULL unknown */
	bool sensitive;
	char sensitive_why[160];
};

static bool
read_received(struct verb_call *call, int64_t *out, struct err *err)
{
	*out = call_has(call, "received") ? call_time(call, "received") : call_now(call);
	if (*out > call_now(call) + FUTURE_SLACK)
		return err_set(err, ERR_INPUT, _("The receipt time lies in the future."));
	return true;
}

static void
read_caller(struct verb_call *call, const char *text, const struct reading *r, struct caller *c)
{
	memset(c, 0, sizeof(*c));
	utf8_copy(c->source, sizeof(c->source), call_text(call, "source"));
	utf8_copy(c->caller, sizeof(c->caller), call_text(call, "caller"));
	utf8_copy(c->unit, sizeof(c->unit), call_text(call, "unit"));
	utf8_copy(c->post, sizeof(c->post), call_text(call, "post"));
	utf8_copy(c->phone, sizeof(c->phone), call_text(call, "phone"));
	utf8_copy(c->told, sizeof(c->told), call_text(call, "told"));
	source_find(call_store(call), text, r, c);
}

const char *
type_of_word(const struct reader *reader, const char *word)
{
	const char *part = NULL;

	if (!*word)
		return NULL;
	for (size_t i = 0; reader_type_code(reader, i); i++) {
		const char *code = reader_type_code(reader, i),
			   *name = reader_type_name(reader, code);
		if (code[0] != '1')
			continue; /* the branch of risk objects is no event */
		if (strcmp(code, word) == 0 || strcmp(name, word) == 0)
			return code;
		if (!part && strstr(name, word))
			part = code;
	}
	return part;
}

static bool
take_place(struct verb_call *call, struct intake *in, struct err *err)
{
	struct store *st = call_store(call);

	scene_read(st, in->text, &in->reading, &in->scene);
	if (call_has(call, "place"))
		utf8_copy(in->scene.place, sizeof(in->scene.place), call_text(call, "place"));
	if (call_has(call, "road"))
		utf8_copy(in->scene.road, sizeof(in->scene.road), call_text(call, "road"));
	if (call_has(call, "road")) {
		scene_mark(st, &in->scene);
		if (!*in->scene.place)
			utf8_copy(in->scene.place, sizeof(in->scene.place), in->scene.road);
	}
	if (call_has(call, "area"))
		in->scene.area = call_int(call, "area");
	if (call_has(call, "lon") && call_has(call, "lat")) {
		in->scene.lon = call_real(call, "lon");
		in->scene.lat = call_real(call, "lat");
		if (in->scene.lon < 70 || in->scene.lon > 140 || in->scene.lat < 3 ||
		    in->scene.lat > 55)
			return err_set(err, ERR_INPUT,
			    _("The position lies outside China: longitude first, then latitude, in "
			      "degrees."));
	}
	if (!in->scene.area)
		in->scene.area = call_actor(call)->role == ROLE_TOWNSHIP ? call_actor(call)->area
									 : store_area(st);
	return true;
}

static bool
take_time(struct verb_call *call, struct intake *in, struct err *err)
{
	const struct fact *time = reading_first(&in->reading, FACT_TIME);

	in->occurred = CLOCK_NONE;
	if (call_has(call, "occurred")) {
		in->occurred = call_time(call, "occurred");
		in->precision = PRECISION_MINUTE;
	} else if (time) {
		in->occurred = time->value;
		in->precision = time->precision;
	}
	if (in->occurred != CLOCK_NONE && in->occurred > in->received + FUTURE_SLACK)
		return err_set(err, ERR_INPUT, _("It cannot have happened after it was reported."));
	return true;
}

static bool
take_type(struct verb_call *call, struct intake *in, struct err *err)
{
	const char *word = call_text(call, "type");

	if (*word) {
		in->code = type_of_word(in->reader, word);
		if (!in->code)
			return err_set(err, ERR_INPUT, _("\"%s\" is no event type."), word);
	} else if (in->reading.n_types) {
		in->code = in->reading.types[0].code;
	} else if (call_text(call, "nature")[0]) {
		in->code = "19000"; /* something that the list has no name for */
	}
	if (in->code)
		utf8_copy(
		    in->type_name, sizeof(in->type_name), reader_type_name(in->reader, in->code));
	utf8_copy(in->nature, sizeof(in->nature),
	    call_text(call, "nature")[0] ? call_text(call, "nature") : in->type_name);
	return true;
}

static void
take_title(struct verb_call *call, struct intake *in)
{
	if (call_has(call, "title"))
		utf8_copy(in->title, sizeof(in->title), call_text(call, "title"));
	else if (in->code)
		title_make(call_store(call), in->scene.place, in->code, in->type_name, in->nature,
		    in->text, &in->reading, in->title, sizeof(in->title));
}

static void
take_sensitive(struct verb_call *call, struct intake *in)
{
	in->sensitive = in->reading.grading.sensitive || call_flag(call, "sensitive");
	utf8_copy(in->sensitive_why, sizeof(in->sensitive_why),
	    call_text(call, "why_sensitive")[0] ? call_text(call, "why_sensitive")
	    : in->reading.grading.sensitive_why ? in->reading.grading.sensitive_why
	    : in->sensitive			? _("marked by the officer")
						: "");
}

/* The law's minimum. The message says what to ask the caller. */
static bool
check_minimum(const struct intake *in, struct err *err)
{
	struct buf b = BUF_MAX(400);
	bool complete;

	if (!in->scene.place[0])
		buf_add(&b, _("place (where exactly?)"));
	if (!in->code) {
		buf_add(&b, b.size ? _(", ") : "");
		buf_add(&b, _("nature (what has happened?)"));
	}
	if (!in->caller.source[0]) {
		buf_add(&b, b.size ? _(", ") : "");
		buf_add(&b, _("source (who reports it?)"));
	}
	complete = b.size == 0;
	if (!complete)
		err_set(err, ERR_INPUT, _("Not saved. Still to ask: %s"), buf_str(&b));
	buf_clear(&b);
	return complete;
}

static bool
take_all(struct verb_call *call, struct intake *in, struct err *err)
{
	memset(in, 0, sizeof(*in));
	in->text = call_text(call, "text");
	if (!read_received(call, &in->received, err))
		return false;
	in->reader = incident_reader(call_store(call), err);
	if (!in->reader)
		return false;
	reader_read(in->reader, in->text, strlen(in->text), in->received, &in->reading);
	read_caller(call, in->text, &in->reading, &in->caller);
	if (!take_time(call, in, err) || !take_place(call, in, err) || !take_type(call, in, err))
		return false;
	take_title(call, in);
	take_sensitive(call, in);
	return check_minimum(in, err);
}

/* --- writing --------------------------------------------------------------------------------- */

static void
put_row(struct verb_call *call, int64_t id, const struct intake *in, int64_t parent)
{
	struct store *st = call_store(call);
	struct civil day;
	int number;
	const char *lead = NULL, *helpers = NULL;
	struct sql *q;

	clock_civil(in->received, &day);
	number = store_new_number(st, "incident", day.year);
	if (!reader_lead(in->reader, in->code, &lead, &helpers))
		lead = helpers = NULL;
	q = sql(st, "INSERT INTO incident (id, year, number, received, occurred, "
		    "occurred_precision, title, type, type_name, nature, place,"
		    " area, lon, lat, road, sensitive, sensitive_why, source, lead, helpers, "
		    "near_miss_said, parent, journal)"
		    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, nullif(?13, 0.0), "
		    "nullif(?14, 0.0), nullif(?15, ''), ?16,"
		    " nullif(?17, ''), ?18, ?19, ?20, ?21, ?22, ?23)");
	sql_bind(q, "iiiccitttttirrtitttttzi", id, (int64_t)day.year, (int64_t)number, in->received,
	    in->occurred, (int64_t)in->precision, in->title, in->code, in->type_name, in->nature,
	    in->scene.place, in->scene.area, in->scene.lon, in->scene.lat, in->scene.road,
	    (int64_t)in->sensitive, in->sensitive_why, in->caller.source, lead, helpers,
	    (const char *)NULL, parent, call_journal(call));
	sql_run(q);
}

/* The primary code first: the form's choice, else the best one read. */
static void
put_codes(struct verb_call *call, int64_t id, const struct intake *in)
{
	struct sql *q = sql(call_store(call), "INSERT INTO incident_code (incident, rank, code, "
					      "name, why) VALUES (?1, 0, ?2, ?3, ?4)");
	const char *why = in->reading.n_types && strcmp(in->reading.types[0].code, in->code) == 0 &&
				  in->reading.types[0].why
			      ? in->reading.types[0].why
			      : _("chosen by the officer");

	sql_bind(q, "ittt", id, in->code, in->type_name, why);
	sql_run(q);
	codes_keep(call, id, &in->reading);
}

/* What only the words say about a near miss (drinking water polluted, a hazmat depot threatened) is
 * kept apart from the figures. */
static void
put_near_miss(struct verb_call *call, int64_t id, const struct reading *r, struct reader *reader)
{
	struct grade_figures figures;
	struct grading g;
	struct sql *q;

	if (!r->grading.near_miss || !r->n_types)
		return;
	reading_figures(r, &figures);
	reader_grade(reader, r->types[0].code, &figures, &g);
	if (!g.near_miss) {
		q = sql(call_store(call), "UPDATE incident SET near_miss_said = ?2 WHERE id = ?1");
		sql_bind(q, "it", id, r->grading.near_miss_why ? r->grading.near_miss_why : "");
		sql_run(q);
	}
	grading_clear(&g);
}

/* Figures of one call. Hurt people told as parts (重伤, 轻伤) and as a whole are all kept as said.
 */
static bool
put_figures(struct verb_call *call, int64_t incident, const struct reading *r, int64_t at,
    const struct caller *c)
{
	bool moved = false;
	const char *source = c->unit[0] ? c->unit : c->caller[0] ? c->caller : c->source;

	for (int kind = 0; kind <= FACT_HOUSEHOLDS; kind++) {
		int64_t value = reading_count(r, (enum fact_kind)kind);
		enum fact_bound bound = BOUND_EXACT;

		if (value < 0)
			continue;
		for (size_t i = 0; i < r->n_facts; i++)
			if (r->facts[i].kind == (enum fact_kind)kind && r->facts[i].value == value)
				bound = r->facts[i].bound;
		if (figure_keep(
			call, incident, (enum fact_kind)kind, value, bound, at, source, "", false))
			moved = true;
	}
	return moved;
}

static void
put_weather(struct verb_call *call, int64_t incident, const struct reading *r)
{
	const struct fact *wind = reading_first(r, FACT_WIND);
	struct sql *q;

	if (!wind)
		return;
	q = sql(
	    call_store(call), "UPDATE incident SET weather = ?2 WHERE id = ?1 AND weather IS NULL");
	sql_bind(q, "it", incident, wind->text);
	sql_run(q);
}

static int64_t
parent_of(struct verb_call *call, struct err *err)
{
	int64_t parent = call_int(call, "parent");

	if (parent && !incident_touch(call, parent, false, err))
		return -1;
	return parent;
}

bool
incident_do_open(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct intake in;
	struct clock_event event = {"open", 0, false, ""};
	int64_t parent = parent_of(call, err), id;
	char no[16];
	bool good =
	    parent >= 0 && take_all(call, &in, err) && call_touch_area(call, in.scene.area, err);

	if (!good)
		goto out;
	id = store_new_id(st);
	put_row(call, id, &in, parent);
	put_codes(call, id, &in);
	call_subject(call, "incident", id);
	call_incident(call, id);
	put_incident_no(st, id, no, sizeof(no));
	call_say(call, _("opened %s %s"), no, in.title);
	if (in.type_name[0])
		call_say(call, "%s %s", in.code, in.type_name);
	call_keep(call, id, &in.caller, in.text, in.received, &in.reading);
	put_figures(call, id, &in.reading, in.received, &in.caller);
	put_weather(call, id, &in.reading);
	put_near_miss(call, id, &in.reading, in.reader);
	incident_regrade(call, id, in.reader);
	event.at = in.received;
	clocks_run(call, id, &event);
	incident_index(st, id);
	if (call_has(call, "inbox"))
		good = inbox_give(call, call_int(call, "inbox"), id, err);
out:
	if (parent >= 0)
		reading_clear(&in.reading);
	return good;
}

/* A call for an incident that was joined into another one is a call for that other one. */
static int64_t
follow_merge(struct verb_call *call, int64_t incident)
{
	char from[16], to[16];
	int64_t into;

	while ((into = sql_one_int(call_store(call),
		    "SELECT merged_into FROM incident WHERE id = ?1 AND state = 'merged'", 0, "i",
		    incident))) {
		put_incident_no(call_store(call), incident, from, sizeof(from));
		put_incident_no(call_store(call), into, to, sizeof(to));
		call_say(call, _("%s was joined into %s: recorded there"), from, to);
		incident = into;
	}
	return incident;
}

/* Empty fields of the incident that this call fills. */
static void
fill_gaps(struct verb_call *call, int64_t incident, const char *text, const struct reading *r)
{
	struct scene scene;
	struct sql *q;
	const struct fact *time = reading_first(r, FACT_TIME);

	scene_read(call_store(call), text, r, &scene);
	q = sql(call_store(call), "UPDATE incident SET road = nullif(ifnull(road, ?2), ''), lon = "
				  "ifnull(lon, nullif(?3, 0.0)),"
				  " lat = ifnull(lat, nullif(?4, 0.0)), area = CASE WHEN area = ?5 "
				  "AND ?6 <> 0 THEN ?6 ELSE area END,"
				  " occurred = ifnull(occurred, ?7), occurred_precision = CASE "
				  "WHEN occurred IS NULL THEN ?8 ELSE"
				  " occurred_precision END WHERE id = ?1");
	sql_bind(q, "itrriici", incident, scene.road, scene.lon, scene.lat,
	    store_area(call_store(call)), scene.area, time ? time->value : CLOCK_NONE,
	    time ? (int64_t)time->precision : (int64_t)0);
	sql_run(q);
	put_weather(call, incident, r);
}

static void
take_sensitive_too(struct verb_call *call, int64_t incident, const struct reading *r)
{
	struct sql *q;

	if (!r->grading.sensitive)
		return;
	q = sql(call_store(call), "UPDATE incident SET sensitive = 1, sensitive_why = ?2 WHERE id "
				  "= ?1 AND sensitive = 0");
	sql_bind(q, "it", incident, r->grading.sensitive_why ? r->grading.sensitive_why : "");
	sql_run(q);
}

/* "驾驶员已救出": nobody is trapped any more when it was one, or when all are told to be out. The
 * reader counts people, not their way out. */
static void
freed_people(
    struct verb_call *call, int64_t incident, const char *text, int64_t at, const struct caller *c)
{
	size_t length;
	const char *source = c->unit[0] ? c->unit : c->caller[0] ? c->caller : c->source;
	int64_t trapped = sql_one_int(call_store(call),
	    "SELECT value FROM casualty WHERE incident = ?1 AND kind = 'trapped'"
	    " ORDER BY at DESC, id DESC LIMIT 1",
	    0, "i", incident);
	bool all = cue_find(text, strlen(text),
	    "被困人员全部救出|被困人员已全部救出|全部被困人员已救出|全部脱困|已全部脱困|全部获救|"
	    "被困人员均已救出|被困人员已救出",
	    &length);
	bool one = cue_find(text, strlen(text), "救出|脱困|获救|解救", &length);

	if (trapped > 0 && (all || (one && trapped == 1)))
		figure_keep(call, incident, FACT_TRAPPED, 0, BOUND_EXACT, at, source, "", false);
}

bool
call_take(struct verb_call *call, int64_t incident, const char *text, const char *source,
    int64_t received, struct err *err)
{
	struct store *st = call_store(call);
	struct reader *reader;
	struct reading r;
	struct caller caller;
	struct clock_event event = {"call", received, false, ""};
	int64_t id;

	incident = follow_merge(call, incident);
	if (!incident_touch(call, incident, false, err))
		return false;
	reader = incident_reader(st, err);
	if (!reader)
		return false;
	reader_read(reader, text, strlen(text), received, &r);
	read_caller(call, text, &r, &caller);
	if (!caller.source[0])
		utf8_copy(caller.source, sizeof(caller.source), *source ? source : "群众");
	id = call_keep(call, incident, &caller, text, received, &r);
	call_subject(call, "call", id);
	call_say(call, _("call of %s taken in"),
	    caller.unit[0]     ? caller.unit
	    : caller.caller[0] ? caller.caller
			       : caller.source);
	fill_gaps(call, incident, text, &r);
	freed_people(call, incident, text, received, &caller);
	codes_keep(call, incident, &r);
	take_sensitive_too(call, incident, &r);
	event.changed = put_figures(call, incident, &r, received, &caller);
	put_near_miss(call, incident, &r, reader);
	if (incident_regrade(call, incident, reader))
		event.changed = true;
	clocks_run(call, incident, &event);
	incident_index(st, incident);
	reading_clear(&r);
	return true;
}

bool
incident_do_call_again(struct verb_call *call, struct err *err)
{
	int64_t received;

	return read_received(call, &received, err) &&
	       call_take(
		   call, call_int(call, "incident"), call_text(call, "text"), "", received, err);
}

bool
incident_open_here(struct verb_call *call, struct err *err)
{
	return incident_do_open(call, err);
}

bool
incident_call_here(struct verb_call *call, int64_t incident, const char *text, const char *source,
    int64_t received, struct err *err)
{
	return call_take(call, incident, text, source, received, err);
}
