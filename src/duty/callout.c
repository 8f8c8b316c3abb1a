/*
 * Call-and-answer 叫应 (handbook 3.3): a warning is not received until somebody has answered. Which
 * lists a colour calls, and how long each may take, is data/duty/callout.tsv; all lists of a colour
 * run at once. Within a list every target has its own ladder of contacts and climbs it by itself.
 */
#include "duty/inside.h"

#include "base/paths.h"
#include "base/tsv.h"
#include "store/command.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AREAS_MAX 200
#define VILLAGES_MAX 2000

struct start {
	struct verb_call *call;
	int64_t callout;
	int64_t areas[AREAS_MAX];
	size_t n_areas;
	char list[48];
	int64_t due;
	int targets;
};

int64_t
callout_step_ms(struct store *st)
{
	return store_setting_int(st, "callout_minutes", 5) * CLOCK_MINUTE;
}

/* --- the areas -------------------------------------------------------------------------------- */

static void
all_townships(struct start *s)
{
	struct sql *q = sql(call_store(s->call),
	    "SELECT id FROM area WHERE id <> ?1 AND kind <> 'county' ORDER BY id");

	sql_bind(q, "i", store_area(call_store(s->call)));
	while (s->n_areas < AREAS_MAX && sql_row(q))
		s->areas[s->n_areas++] = sql_int(q, 0);
	sql_done(q);
}

static bool
read_areas(struct start *s, const char *words, struct err *err)
{
	char word[64];
	int64_t id;

	while (list_word(&words, word, sizeof(word))) {
		if (strcmp(word, "all") == 0 || strcmp(word, "全部") == 0 ||
		    strcmp(word, "全市") == 0) {
			s->n_areas = 0;
			all_townships(s);
			return true;
		}
		if (!command_thing(call_store(s->call), NULL, "area", word, &id, NULL, err))
			return false;
		if (s->n_areas < AREAS_MAX)
			s->areas[s->n_areas++] = id;
	}
	return s->n_areas > 0 || err_set(err, ERR_INPUT, _("Say which townships: names, or all."));
}

/* --- targets ---------------------------------------------------------------------------------- */

static bool
put_contacts(struct start *s, int64_t target, const struct ladder *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct sql *q =
		    sql(call_store(s->call), "INSERT INTO call_contact (target, n, name, post, "
					     "phone, since) VALUES (?1, ?2, ?3, "
					     "?4, ?5, ?6)");

		sql_bind(q, "iitttc", target, (int64_t)(i + 1), l->rung[i].name, l->rung[i].post,
		    l->rung[i].phone, i == 0 ? call_now(s->call) : CLOCK_NONE);
		if (!sql_run(q))
			return false;
	}
	return true;
}

/* Somebody nobody has a number of is called by other means; it stands on the list all the same. */
static bool
put_target(struct start *s, const char *name, int64_t area, const struct ladder *l)
{
	struct store *st = call_store(s->call);
	int64_t id, now = call_now(s->call);
	struct sql *q;

	if (sql_one_int(st,
		"SELECT count(*) FROM call_target WHERE callout = ?1 AND list = ?2 AND name "
		"= ?3 AND area IS ?4",
		0, "ittz", s->callout, s->list, name, area))
		return true;
	id = store_new_id(st);
	q = sql(st,
	    "INSERT INTO call_target (id, callout, list, name, area, due, step, step_tries, "
	    "step_due, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9)");
	sql_bind(q, "iittziict", id, s->callout, s->list, name, area, s->due, (int64_t)(l->n > 0),
	    l->n ? now + callout_step_ms(st) : CLOCK_NONE, l->n ? "calling" : "exhausted");
	s->targets++;
	return sql_run(q) && put_contacts(s, id, l);
}

static bool
add_townships(struct start *s)
{
	char name[64];
	struct ladder l;

	for (size_t i = 0; i < s->n_areas; i++) {
		resource_area_name(call_store(s->call), s->areas[i], name, sizeof(name));
		resource_ladder_area(call_store(s->call), s->areas[i], &l);
		if (!put_target(s, name, s->areas[i], &l))
			return false;
	}
	return true;
}

struct village {
	char name[96];
	int64_t area;
};

static bool
add_villages(struct start *s)
{
	struct village *list = mem_zero(VILLAGES_MAX, sizeof(*list));
	size_t n = 0;
	bool ok = true;

	for (size_t i = 0; i < s->n_areas; i++) {
		struct sql *q =
		    sql(call_store(s->call), "SELECT name FROM place WHERE area = ?1 AND kind "
					     "IN ('village', 'community') ORDER BY id");

		sql_bind(q, "i", s->areas[i]);
		while (n < VILLAGES_MAX && sql_row(q)) {
			FIELD(list[n].name, q, 0);
			list[n++].area = s->areas[i];
		}
		sql_done(q);
	}
	for (size_t i = 0; ok && i < n; i++) {
		struct ladder l;

		resource_ladder_place(call_store(s->call), list[i].name, list[i].area, &l);
		ok = put_target(s, list[i].name, list[i].area, &l);
	}
	free(list);
	return ok;
}

static bool
add_person(struct start *s, int64_t person)
{
	char name[48];
	struct ladder l;

	if (!person)
		return true;
	person_name(call_store(s->call), person, name, sizeof(name));
	resource_ladder_person(call_store(s->call), person, &l);
	return put_target(s, name, 0, &l);
}

static bool
add_unit(struct start *s, const char *code)
{
	struct unit_row unit;
	struct ladder l;

	if (!resource_unit_named(call_store(s->call), code, &unit))
		return true;
	resource_ladder_unit(call_store(s->call), unit.id, &l);
	return put_target(s, unit.name, 0, &l);
}

/* One word of the column `who`. */
static bool
add_who(struct start *s, const char *word)
{
	struct store *st = call_store(s->call);

	if (strcmp(word, "townships") == 0)
		return add_townships(s);
	if (strcmp(word, "villages") == 0)
		return add_villages(s);
	if (strncmp(word, "duty:", 5) == 0)
		return add_person(s, resource_on_duty(st, word + 5, call_now(s->call), NULL));
	if (strncmp(word, "post:", 5) == 0)
		return add_person(
		    s, sql_one_int(st, "SELECT id FROM person WHERE post = ?1 AND active = 1", 0,
			   "t", word + 5));
	if (strncmp(word, "unit:", 5) == 0)
		return add_unit(s, word + 5);
	return true;
}

/* --- starting --------------------------------------------------------------------------------- */

struct columns {
	int event, colour, list, en, who, minutes;
};

static bool
run_list(struct start *s, struct tsv *t, const struct columns *c, struct buf *said)
{
	const char *who = tsv_get(t, c->who);
	int before = s->targets;
	char word[64], at[40];

	utf8_copy(
	    s->list, sizeof(s->list), tsv_get(t, i18n_is_chinese() || c->en < 0 ? c->list : c->en));
	s->due = call_now(s->call) + strtoll(tsv_get(t, c->minutes), NULL, 10) * CLOCK_MINUTE;
	while (list_word(&who, word, sizeof(word)))
		if (!add_who(s, word))
			return false;
	if (s->targets > before)
		buf_printf(said, _("; %s %d by %s"), s->list, s->targets - before,
		    clock_format(at, sizeof(at), s->due, CLOCK_HM));
	return true;
}

/* The lists of one event's rows; an event without rows goes by those of "*". */
static bool
run_lists(struct start *s, const char *event, const char *colour, struct buf *said, struct err *err)
{
	char *path = paths_data_file("duty/callout.tsv");
	struct tsv *t = tsv_open(path, err);
	struct columns c;
	bool ok = t != NULL;

	free(path);
	if (!t)
		return false;
	c.event = tsv_column(t, "event", true, err);
	c.colour = tsv_column(t, "colour", true, err);
	c.list = tsv_column(t, "list", true, err);
	c.en = tsv_column(t, "en", false, NULL);
	c.who = tsv_column(t, "who", true, err);
	c.minutes = tsv_column(t, "minutes", true, err);
	while (ok && tsv_next(t))
		if (strcmp(tsv_get(t, c.event), event) == 0 &&
		    strcmp(tsv_get(t, c.colour), colour) == 0)
			ok = run_list(s, t, &c, said);
	return tsv_close(t, err) && ok;
}

static bool
put_callout(struct start *s)
{
	struct verb_call *call = s->call;
	struct sql *q = sql(call_store(call), "INSERT INTO callout (id, at, matter, colour, alert, "
					      "caller, journal) VALUES (?1, ?2, ?3, "
					      "?4, ?5, ?6, ?7)");

	sql_bind(q, "iittzti", s->callout, call_now(call), call_text(call, "matter"),
	    call_text(call, "colour"), call_int(call, "alert"), call_actor(call)->name,
	    call_journal(call));
	return sql_run(q);
}

bool
run_callout_start(struct verb_call *call, struct err *err)
{
	struct start s = {.call = call, .callout = store_new_id(call_store(call))};
	const char *event = call_has(call, "event") ? call_text(call, "event") : "*",
		   *colour = call_text(call, "colour");
	struct buf said = BUF_MAX(1000);
	bool ok;

	if (!read_areas(&s, call_text(call, "areas"), err) || !put_callout(&s))
		return false;
	ok = run_lists(&s, event, colour, &said, err);
	if (ok && s.targets == 0 && strcmp(event, "*") != 0)
		ok = run_lists(&s, "*", colour, &said, err);
	if (ok && s.targets == 0)
		ok = err_set(
		    err, ERR_NOT_FOUND, _("duty/callout.tsv calls nobody for that colour."));
	if (ok) {
		call_subject(call, "callout", s.callout);
		call_say(call, _("call-out: %s%s"), call_text(call, "matter"), buf_str(&said));
	}
	buf_clear(&said);
	return ok;
}
