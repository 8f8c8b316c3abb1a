/* 补录 and 伤亡: what becomes known after the first words. Every change runs the grading rules and
 * the clocks again. */
#include "incident/inside.h"

#include <stdlib.h>
#include <string.h>

/* Fields that are text: the parameter, its label, and its statements. */
static const struct {
	const char *param, *label, *read, *write;
} fields[] = {
    {"title", N_("title"), "SELECT title FROM incident WHERE id = ?1",
	"UPDATE incident SET title = ?2 WHERE id = ?1"},
    {"place", N_("place"), "SELECT place FROM incident WHERE id = ?1",
	"UPDATE incident SET place = ?2 WHERE id = ?1"},
    {"road", N_("road"), "SELECT road FROM incident WHERE id = ?1",
	"UPDATE incident SET road = ?2 WHERE id = ?1"},
    {"nature", N_("nature"), "SELECT nature FROM incident WHERE id = ?1",
	"UPDATE incident SET nature = ?2 WHERE id = ?1"},
    {"cause", N_("cause"), "SELECT cause FROM incident WHERE id = ?1",
	"UPDATE incident SET cause = ?2 WHERE id = ?1"},
    {"trend", N_("trend"), "SELECT trend FROM incident WHERE id = ?1",
	"UPDATE incident SET trend = ?2 WHERE id = ?1"},
    {"measures", N_("measures"), "SELECT measures FROM incident WHERE id = ?1",
	"UPDATE incident SET measures = ?2 WHERE id = ?1"},
    {"weather", N_("weather"), "SELECT weather FROM incident WHERE id = ?1",
	"UPDATE incident SET weather = ?2 WHERE id = ?1"},
    {"scene_chief", N_("scene commander"), "SELECT scene_chief FROM incident WHERE id = ?1",
	"UPDATE incident SET scene_chief = ?2 WHERE id = ?1"},
    {"scene_phone", N_("scene telephone"), "SELECT scene_phone FROM incident WHERE id = ?1",
	"UPDATE incident SET scene_phone = ?2 WHERE id = ?1"},
    {"leaders_on_site", N_("leaders on site"), "SELECT leaders_on_site FROM incident WHERE id = ?1",
	"UPDATE incident SET leaders_on_site = ?2 WHERE id = ?1"},
    {"needs", N_("needs"), "SELECT needs FROM incident WHERE id = ?1",
	"UPDATE incident SET needs = ?2 WHERE id = ?1"},
    {"impact", N_("impact"), "SELECT impact FROM incident WHERE id = ?1",
	"UPDATE incident SET impact = ?2 WHERE id = ?1"},
    {"media", N_("public opinion"), "SELECT media FROM incident WHERE id = ?1",
	"UPDATE incident SET media = ?2 WHERE id = ?1"},
    {"care", N_("after-care"), "SELECT care FROM incident WHERE id = ?1",
	"UPDATE incident SET care = ?2 WHERE id = ?1"},
    {"lessons", N_("lessons"), "SELECT lessons FROM incident WHERE id = ?1",
	"UPDATE incident SET lessons = ?2 WHERE id = ?1"},
};

static int
set_texts(struct verb_call *call, int64_t incident)
{
	int n = 0;

	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		const char *value = call_text(call, fields[i].param);
		char *old;
		struct sql *q;

		if (!call_has(call, fields[i].param))
			continue;
		old = sql_one_text(call_store(call), fields[i].read, "i", incident);
		q = sql(call_store(call), fields[i].write);
		sql_bind(q, "it", incident, value);
		sql_run(q);
		if (old && *old)
			call_say(call, _("%s: %s (was: %s)"), _(fields[i].label), value, old);
		else
			call_say(call, _("%s: %s"), _(fields[i].label), value);
		free(old);
		n++;
	}
	return n;
}

/* The code moves to the front; those before it stay as secondary ones. */
static bool
set_type(struct verb_call *call, int64_t incident, const struct reader *reader, struct err *err)
{
	struct store *st = call_store(call);
	const char *word = call_text(call, "type"), *code = type_of_word(reader, word),
		   *lead = NULL, *helpers = NULL;
	struct sql *q;

	if (!code)
		return err_set(err, ERR_INPUT, _("\"%s\" is no event type."), word);
	q = sql(st, "UPDATE incident_code SET rank = rank + 1 WHERE incident = ?1");
	sql_bind(q, "i", incident);
	sql_run(q);
	q = sql(st,
	    "INSERT INTO incident_code (incident, rank, code, name, why) VALUES (?1, 0, ?2, ?3, ?4)"
	    " ON CONFLICT (incident, code) DO UPDATE SET rank = 0, why = excluded.why");
	sql_bind(
	    q, "ittt", incident, code, reader_type_name(reader, code), _("chosen by the officer"));
	sql_run(q);
	if (!reader_lead(reader, code, &lead, &helpers))
		lead = helpers = NULL;
	q = sql(st,
	    "UPDATE incident SET type = ?2, type_name = ?3, lead = ?4, helpers = ?5 WHERE id = ?1");
	sql_bind(q, "itttt", incident, code, reader_type_name(reader, code), lead, helpers);
	sql_run(q);
	call_say(call, _("type: %s %s"), code, reader_type_name(reader, code));
	return true;
}

static void
set_where(struct verb_call *call, int64_t incident)
{
	struct sql *q;

	if (call_has(call, "area")) {
		q = sql(call_store(call), "UPDATE incident SET area = ?2 WHERE id = ?1");
		sql_bind(q, "ii", incident, call_int(call, "area"));
		sql_run(q);
		char *name = sql_one_text(call_store(call), "SELECT name FROM area WHERE id = ?1",
		    "i", call_int(call, "area"));
		call_say(call, _("%s: %s"), _("township"), name ? name : "");
		free(name);
	}
	if (call_has(call, "lon") && call_has(call, "lat")) {
		q = sql(call_store(call), "UPDATE incident SET lon = ?2, lat = ?3 WHERE id = ?1");
		sql_bind(q, "irr", incident, call_real(call, "lon"), call_real(call, "lat"));
		sql_run(q);
		call_say(call, _("position: %.5f, %.5f"), call_real(call, "lon"),
		    call_real(call, "lat"));
	}
}

static bool
set_occurred(struct verb_call *call, int64_t incident, struct err *err)
{
	char at[40];
	struct sql *q;

	if (!call_has(call, "occurred"))
		return true;
	if (call_time(call, "occurred") > call_now(call))
		return err_set(err, ERR_INPUT, _("It cannot have happened after it was reported."));
	q = sql(call_store(call),
	    "UPDATE incident SET occurred = ?2, occurred_precision = 0 WHERE id = ?1");
	sql_bind(q, "ii", incident, call_time(call, "occurred"));
	sql_run(q);
	call_say(call, _("%s: %s"), _("occurred"),
	    clock_format(at, sizeof(at), call_time(call, "occurred"), CLOCK_MD_HM));
	return true;
}

static void
set_loss(struct verb_call *call, int64_t incident)
{
	struct sql *q;

	if (!call_has(call, "loss"))
		return;
	q = sql(call_store(call), "UPDATE incident SET loss_wan = ?2 WHERE id = ?1");
	sql_bind(q, "ir", incident, call_real(call, "loss"));
	sql_run(q);
	call_say(call, _("loss %.0f x 10,000 yuan"), call_real(call, "loss"));
}

static void
set_sensitive(struct verb_call *call, int64_t incident)
{
	bool yes = strcmp(call_text(call, "sensitive"), "yes") == 0;
	struct sql *q;

	if (!call_has(call, "sensitive"))
		return;
	q = sql(call_store(call),
	    "UPDATE incident SET sensitive = ?2, sensitive_why = ?3 WHERE id = ?1");
	sql_bind(q, "iit", incident, (int64_t)yes,
	    !yes			      ? (const char *)NULL
	    : call_has(call, "why_sensitive") ? call_text(call, "why_sensitive")
					      : _("marked by the officer"));
	sql_run(q);
	call_say(call, yes ? _("sensitive") : _("not sensitive; its clocks stay"));
}

bool
incident_do_set(struct verb_call *call, struct err *err)
{
	int64_t incident = call_int(call, "incident");
	struct clock_event event = {"set", call_now(call), false, ""};
	struct reader *reader;

	if (!incident_touch(call, incident, false, err))
		return false;
	reader = incident_reader(call_store(call), err);
	if (!reader)
		return false;
	if (json_object_size(call_args(call)) < 2)
		return err_set(err, ERR_INPUT, _("Nothing was given to set."));
	if (call_has(call, "lon") != call_has(call, "lat"))
		return err_set(err, ERR_INPUT, _("A position needs lon and lat."));
	if (call_has(call, "area") && !call_touch_area(call, call_int(call, "area"), err))
		return false;
	if (!set_occurred(call, incident, err) ||
	    (call_has(call, "type") && !set_type(call, incident, reader, err)))
		return false;
	set_texts(call, incident);
	set_where(call, incident);
	set_loss(call, incident);
	set_sensitive(call, incident);
	event.changed = incident_regrade(call, incident, reader);
	clocks_run(call, incident, &event);
	incident_index(call_store(call), incident);
	return true;
}

bool
incident_do_figures(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t incident = call_int(call, "incident"),
		at = call_has(call, "at") ? call_time(call, "at") : call_now(call), received;
	struct clock_event event = {"figures", at, false, ""};
	struct reader *reader;
	int given = 0;

	if (!incident_touch(call, incident, false, err))
		return false;
	reader = incident_reader(st, err);
	if (!reader)
		return false;
	if (at > call_now(call))
		return err_set(err, ERR_INPUT, _("A figure cannot be of a time to come."));
	for (int kind = 0; kind <= FACT_HOUSEHOLDS; kind++) {
		const char *name = fact_kind_name((enum fact_kind)kind);
		if (!call_has(call, name))
			continue;
		given++;
		if (figure_keep(call, incident, (enum fact_kind)kind, call_int(call, name),
			BOUND_EXACT, at, call_text(call, "source"), call_text(call, "note"), true))
			event.changed = true;
		else
			call_say(call, _("%s %lld as before"),
			    fact_kind_label((enum fact_kind)kind), (long long)call_int(call, name));
	}
	if (!given)
		return err_set(err, ERR_INPUT, _("No figure was given: dead=1 injured=1 …"));
	call_say(call, _("source: %s"), call_text(call, "source"));
	if (incident_regrade(call, incident, reader))
		event.changed = true;
	received =
	    sql_one_int(st, "SELECT received FROM incident WHERE id = ?1", at, "i", incident);
	if (event.at < received)
		event.at = received;
	clocks_run(call, incident, &event);
	return true;
}
