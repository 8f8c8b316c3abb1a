/* show: one thing in full; an incident with everything that hangs on it. */
#include "cli/cli.h"
#include "cli/list.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "dispatch/dispatch.h"
#include "incident/incident.h"
#include "monitor/monitor.h"
#include "store/journal.h"
#include "store/scope.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdlib.h>
#include <string.h>

#define CALLS 64
#define FACTS 256

/* --- an incident ----------------------------------------------------------------------------- */

static json_t *
calls_json(struct store *st, const struct actor *reader, int64_t incident)
{
	struct incident_call *calls = mem_zero(CALLS, sizeof(*calls));
	size_t n = incident_calls(st, incident, calls, CALLS);
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		incident_mask_call(reader, &calls[i]);
		member_int(o, "id", calls[i].id);
		member_time(o, "at", calls[i].at);
		member_text(o, "direction", calls[i].direction);
		member_text(o, "source", calls[i].source);
		member_text(o, "caller", calls[i].caller);
		member_text(o, "unit", calls[i].unit);
		member_text(o, "post", calls[i].post);
		member_text(o, "phone", calls[i].phone);
		member_text(o, "told", calls[i].told);
		member_id(o, "moved_from", calls[i].moved_from);
		member_id(o, "journal", calls[i].journal);
		member_text(o, "text", calls[i].text);
		json_array_append_new(rows, o);
	}
	incident_calls_clear(calls, n);
	free(calls);
	return rows;
}

static json_t *
facts_json(struct store *st, int64_t incident)
{
	struct incident_fact *facts = mem_zero(FACTS, sizeof(*facts));
	size_t n = incident_facts(st, incident, facts, FACTS);
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++) {
		const struct incident_fact *f = &facts[i];
		json_t *o = json_object();
		char value[40];

		member_text(o, "kind", fact_kind_name(f->kind));
		member_text(o, "label", fact_kind_label(f->kind));
		if (fact_kind_is_count(f->kind))
			member_int(o, "value", f->value);
		else if (f->kind == FACT_TIME)
			member_text(
			    o, "value", clock_format(value, sizeof(value), f->value, CLOCK_ISO));
		else
			member_text(o, "value", f->norm);
		if (f->amount != 0)
			member_real(o, "amount", f->amount);
		member_text(o, "unit", f->unit);
		member_text(o, "name", f->name);
		member_id(o, "un", f->un);
		member_text(o, "text", f->text);
		member_id(o, "call", f->call);
		member_int(o, "start", (int64_t)f->start);
		member_int(o, "end", (int64_t)f->end);
		member_flag(o, "confirmed", f->confirmed);
		json_array_append_new(rows, o);
	}
	incident_facts_clear(facts, n);
	free(facts);
	return rows;
}

static const struct out_column call_columns[] = {
    {"at", N_("time"), OUT_TIME, 0},
    {"source", N_("from"), OUT_TEXT, 12},
    {"caller", N_("caller"), OUT_TEXT, 12},
    {"phone", N_("phone"), OUT_TEXT, 0},
    {"text", N_("words"), OUT_TEXT, 0},
};
static const struct out_column fact_columns[] = {
    {"label", N_("fact"), OUT_TEXT, 0},
    {"value", N_("value"), OUT_TEXT, 40},
    {"amount", N_("amount"), OUT_NUMBER, 0},
    {"unit", N_("unit of goods"), OUT_TEXT, 0},
    {"text", N_("words"), OUT_TEXT, 0},
};
static const struct out_column figure_columns[] = {
    {"label", N_("figure"), OUT_TEXT, 0},
    {"value", N_("value"), OUT_NUMBER, 0},
    {"at", N_("time"), OUT_TIME, 0},
    {"source", N_("from"), OUT_TEXT, 0},
};

/* What hangs on an incident, in the order in which it is read. Kinds of `list`. */
static const char *const parts[] = {
    "clocks", "responses", "orders", "assignments", "reports", "journal"};

/* How far to keep away from the substance that is in it, and who lives there; NULL when nothing is
 * known. */
static json_t *
isolation_json(struct store *st, int64_t incident)
{
	struct isolation_advice a;
	struct err err = ERR_NONE;
	json_t *o, *places;

	if (!dispatch_isolation(st, incident, &a, &err)) {
		err_clear(&err);
		return NULL;
	}
	o = json_object();
	places = json_array();
	member_int(o, "un", a.un);
	member_text(o, "substance", a.substance);
	member_id(o, "guide", a.guide);
	member_real(o, "isolate_m", a.isolate_m);
	member_real(o, "downwind_m", a.downwind_m);
	member_flag(o, "night", a.night);
	member_flag(o, "wind_known", a.wind_known);
	member_text(o, "text", a.text);
	for (size_t i = 0; i < a.n_places; i++) {
		json_t *place = json_object();

		member_text(place, "name", a.places[i].name);
		member_int(place, "metres", (int64_t)(a.places[i].metres + 0.5));
		member_int(place, "people", a.places[i].people);
		member_flag(place, "inside_isolation", a.places[i].inside_isolation);
		json_array_append_new(places, place);
	}
	json_object_set_new(o, "places", places);
	isolation_advice_clear(&a);
	return o;
}

static json_t *
whole_incident(struct store *st, const struct actor *reader, json_t *o, int64_t id)
{
	json_object_set_new(o, "calls_list", calls_json(st, reader, id));
	json_object_set_new(o, "facts", facts_json(st, id));
	json_object_set_new(o, "isolation", isolation_json(st, id));
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (list_kind_find(parts[i]))
			json_object_set_new(
			    o, parts[i], list_of_incident(st, reader, parts[i], id));
	return o;
}

static void
section(const char *title, const struct out_column *columns, size_t n, json_t *rows)
{
	if (!json_array_size(rows))
		return;
	out_line("\n== %s", title);
	out_rows(columns, n, json_incref(rows), 0);
}

static const struct out_column place_columns[] = {
    {"name", N_("place"), OUT_TEXT, 0},
    {"metres", N_("metres"), OUT_NUMBER, 0},
    {"people", N_("people"), OUT_NUMBER, 0},
    {"inside_isolation", N_("in the circle"), OUT_BOOL, 0},
};

static void
show_isolation(const json_t *isolation)
{
	if (!isolation)
		return;
	out_line("\n== %s", _("keep away"));
	out_line("%s", json_string_value(json_object_get(isolation, "text")));
	if (json_array_size(json_object_get(isolation, "places")))
		out_rows(place_columns, COUNT_OF(place_columns),
		    json_incref(json_object_get(isolation, "places")), 0);
}

static void
show_whole_incident(json_t *o)
{
	section(
	    _("figures"), figure_columns, COUNT_OF(figure_columns), json_object_get(o, "figures"));
	section(_("calls"), call_columns, COUNT_OF(call_columns), json_object_get(o, "calls_list"));
	section(_("facts"), fact_columns, COUNT_OF(fact_columns), json_object_get(o, "facts"));
	show_isolation(json_object_get(o, "isolation"));
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		const struct list_kind *k = list_kind_find(parts[i]);

		if (k)
			section(
			    _(k->label), k->columns, k->n_columns, json_object_get(o, parts[i]));
	}
}

/* What hangs on other things. */
static const struct out_column entry_columns[] = {
    {"at", N_("time"), OUT_TIME, 0},
    {"kind_label", N_("kind"), OUT_TEXT, 0},
    {"who", N_("who"), OUT_TEXT, 0},
    {"text", N_("what"), OUT_TEXT, 0},
};
static const struct out_column level_columns[] = {
    {"at", N_("time"), OUT_TIME, 0},
    {"level", N_("level"), OUT_TEXT, 0},
    {"approver", N_("approved by"), OUT_TEXT, 0},
    {"reason", N_("why"), OUT_TEXT, 0},
};

static void
show_parts(json_t *o)
{
	section(_("course"), entry_columns, COUNT_OF(entry_columns), json_object_get(o, "entries"));
	section(_("levels"), level_columns, COUNT_OF(level_columns), json_object_get(o, "levels"));
}

/* --- any ------------------------------------------------------------------------------------- */

/* Journal rows are named by the number people see: 20417 or #20417. */
static bool
find_id(struct cli *cli, const struct actor *reader, const struct list_kind *kind, const char *word,
    int64_t *id)
{
	char *end;
	long long seq;

	if (strcmp(kind->thing, "journal") != 0)
		return cli_thing(cli, reader, kind->thing, word, id);
	word += *word == '#';
	seq = *word >= '0' && *word <= '9' ? strtoll(word, &end, 10) : 0;
	if (seq <= 0 || seq > ID_SEQUENCE_MAX || *end) {
		cli_refuse(_("\"%s\" is no number of a journal row"), word);
		return false;
	}
	*id = id_make(store_area(cli->st), seq);
	return true;
}

/* What was said of a caller stands in the arguments of the row too. */
static void
mask_args(const struct actor *reader, json_t *row)
{
	static const char *const names[] = {"text", "caller", "phone", "told"};
	json_t *args = json_object_get(row, "args");
	const char *caller = json_string_value(json_object_get(args, "caller"));
	char *who = mem_dup(caller ? caller : ""), *all = json_dumps(args, JSON_ENCODE_ANY);

	for (size_t i = 0; i < COUNT_OF(names) && incident_masks(reader, all ? all : "", ""); i++) {
		const char *value = json_string_value(json_object_get(args, names[i]));
		char *text = value ? mem_dup(value) : NULL;

		if (!text)
			continue;
		incident_mask_person(text, who, true);
		json_object_set_new(args, names[i], json_string(text));
		free(text);
	}
	free(who);
	free(all);
}

/* A ticket outside the duty room. */
static void
mask_ticket(const struct actor *reader, json_t *row)
{
	static const char *const names[] = {"caller", "phone", "address", "title"};

	for (size_t i = 0; i < COUNT_OF(names) && incident_masks(reader, "12345", ""); i++) {
		const char *value = json_string_value(json_object_get(row, names[i]));
		char *text = mem_dup(value ? value : "");

		if (i < 3)
			text[strlen(text) ? utf8_next(text, strlen(text), 0) : 0] = '\0';
		else
			incident_mask_person(text, NULL, true);
		json_object_set_new(
		    row, names[i], json_sprintf("%s%s", text, i < 3 && *text ? "**" : ""));
		free(text);
	}
}

static int
show_text(struct cli *cli, const struct actor *reader, const struct list_kind *kind, int64_t id)
{
	struct buf text = BUF_MAX(4 << 20);
	struct err err = ERR_NONE;
	int status = CLI_DONE;

	if (strcmp(kind->thing, "ticket") == 0
		? monitor_ticket_text(cli->st, reader, id, &text, &err)
		: kind->text(cli->st, id, &text, &err))
		out_text(buf_str(&text));
	else
		status = cli_fail(&err);
	buf_clear(&text);
	return status;
}

static int
show(struct cli *cli, const struct actor *reader, const struct list_kind *kind, int64_t id)
{
	struct err err = ERR_NONE;
	bool incident = strcmp(kind->thing, "incident") == 0;
	json_t *o;

	store_read_begin(cli->st);
	o = kind->one(cli->st, id);
	if (o && strcmp(kind->thing, "journal") == 0)
		mask_args(reader, o);
	if (o && strcmp(kind->thing, "ticket") == 0)
		mask_ticket(reader, o);
	if (o && incident)
		whole_incident(cli->st, reader, o, id);
	if (!store_read_end(cli->st, &err)) {
		json_decref(o);
		return cli_fail(&err);
	}
	if (!o)
		return cli_refuse(_("there is no such thing"));
	if (kind->text && !cli->json) {
		json_decref(o);
		return show_text(cli, reader, kind, id);
	}
	out_record(kind->detail, kind->n_detail, json_incref(o), cli->json);
	if (!cli->json) {
		if (incident)
			show_whole_incident(o);
		show_parts(o);
	}
	json_decref(o);
	return CLI_DONE;
}

int
cmd_show(struct cli *cli, int argc, char **argv)
{
	const struct list_kind *kind = argc ? list_kind_find(argv[0]) : NULL;
	struct actor reader;
	int64_t id;

	if (argc != 2)
		return cli_usage(cli, _("say the kind and which one"));
	if (!kind || !kind->one)
		return cli_usage(cli, _("things of the kind \"%s\" are not shown alone"), argv[0]);
	if (!cli_open(cli, false) || !cli_reader(cli, &reader) ||
	    !find_id(cli, &reader, kind, argv[1], &id))
		return CLI_REFUSED;
	if (!scope_sees(cli->st, &reader, kind->thing, id))
		return cli_refuse(_("there is no such thing"));
	return show(cli, &reader, kind, id);
}
