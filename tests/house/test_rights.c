/*
 * Who may do what, as a matrix made from the verb table itself: every role by every verb; and for
 * each verb a township has, every thing it can name, once its own and once another township's. A
 * denied cell is denied by the store, changes nothing, and leaves exactly one row in the journal
 * (reliability 4.21).
 */
#include "tests/test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "dispatch/dispatch.h"
#include "house/house.h"
#include "incident/incident.h"
#include "store/command.h"
#include "store/journal.h"
#include "store/scope.h"
#include "store/search.h"
#include "store/sql.h"
#include "tests/house/county.h"
#include "tests/store/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[256], path[300];
static struct store *st;
static struct actor officer, system_actor;

/* What a town has, one of each kind. */
struct town {
	int64_t area, team, depot, depot2, shelter, shelter2, equipment, incident, order,
	    assignment, plan, inbox, note, entry, target, instruction;
	const char *name, *who, *code;
	struct actor actor;
};
static struct town own = {.area = 321084116, .name = "甲地", .who = "董秀英", .code = "testa"},
		   other = {.area = 321084115, .name = "乙地", .who = "田家旺", .code = "testb"};

/* --- the two towns ----------------------------------------------------------------------- */

static struct verb_result
must(const struct actor *who, const char *verb, json_t *args)
{
	struct verb_result result;
	struct err err = ERR_NONE;

	if (!verb_run(st, who, verb, args, &result, &err))
		fail_msg("%s: %s", verb, err.message);
	json_decref(args);
	free(result.said);
	result.said = NULL;
	return result;
}

static json_t *
named(const struct town *t, const char *what)
{
	char *name = mem_print("%s%s", t->name, what);
	json_t *args = json_pack("{s:s, s:I}", "name", name, "area", (json_int_t)t->area);

	free(name);
	return args;
}

static json_t *
with(json_t *args, const char *key, const char *value)
{
	json_object_set_new(args, key, json_string(value));
	return args;
}

static json_t *
with_number(json_t *args, const char *key, int64_t value)
{
	json_object_set_new(args, key, json_integer(value));
	return args;
}

/* The township's plan of the library, as a plan of `area` with another code and version. */
static char *
plan_text(int64_t area, const char *code, const char *version)
{
	char *file = paths_data_file("plans/songqiao.xml"), *all = mem_zero(1, 262144), line[64];
	struct buf out = BUF_MAX(262144);
	FILE *f = fopen(file, "r");

	assert_non_null(f);
	assert_in_range(fread(all, 1, 262143, f), 1000, 262142);
	fclose(f);
	free(file);
	for (char *row = all, *end; *row; row = end) {
		end = row + strcspn(row, "\n");
		end += *end == '\n';
		snprintf(line, sizeof(line), "%.*s", (int)(end - row < 60 ? end - row : 60), row);
		if (strstr(line, "<area>") && !area)
			continue;
		if (strstr(line, "<area>"))
			buf_printf(&out, "<area>%lld</area>\n", (long long)area);
		else if (strstr(line, "<plan format"))
			buf_printf(
			    &out, "<plan format=\"1\" code=\"%s\" level=\"township\">\n", code);
		else if (strstr(line, "<version>"))
			buf_printf(&out, "<version>%s</version>\n", version);
		else
			buf_add_n(&out, row, (size_t)(end - row));
	}
	free(all);
	return buf_take(&out);
}

static json_t *
plan_args(int64_t area, const char *code, const char *version)
{
	char *xml = plan_text(area, code, version);
	json_t *args = json_pack("{s:s}", "xml", xml);

	free(xml);
	return args;
}

static void
furnish(struct town *t)
{
	struct err err = ERR_NONE;
	char *words = mem_print("%s的密语：仓库起火，请求支援。", t->name), *place;

	assert_true(actor_find(st, t->who, &t->actor, &err));
	assert_int_equal(t->actor.area, t->area);
	snprintf(t->actor.via, sizeof(t->actor.via), "ssh test");
	t->team =
	    must(&system_actor, "team.add", with(named(t, "测试队"), "class", "综合")).subject;
	t->depot = must(&system_actor, "depot.add", named(t, "测试仓")).subject;
	t->depot2 = must(&system_actor, "depot.add", named(t, "备用仓")).subject;
	t->shelter = must(&system_actor, "shelter.add",
	    with_number(with(named(t, "测试所"), "kind", "室内"), "capacity", 100))
			 .subject;
	t->shelter2 = must(&system_actor, "shelter.add",
	    with_number(with(named(t, "备用所"), "kind", "室内"), "capacity", 100))
			  .subject;
	must(&system_actor, "shelter.count",
	    json_pack("{s:I, s:i}", "shelter", (json_int_t)t->shelter2, "in", 50));
	t->equipment =
	    must(&system_actor, "equipment.add", with(named(t, "测试车"), "kind", "消防车"))
		.subject;
	must(&system_actor, "stock.add",
	    json_pack("{s:I, s:s, s:i}", "depot", (json_int_t)t->depot, "goods", "编织袋",
		"quantity", 500));
	t->incident = must(&officer, "incident.open",
	    json_pack("{s:I, s:s, s:s, s:s, s:s}", "area", (json_int_t)t->area, "place", t->name,
		"source", "12345", "caller", "秦守仁", "text", words))
			  .subject;
	t->inbox =
	    must(&officer, "inbox.add", json_pack("{s:s, s:s}", "source", "12345", "text", words))
		.subject;
	t->order = must(&officer, "order.issue",
	    json_pack("{s:I, s:I, s:s}", "to", (json_int_t)t->team, "incident",
		(json_int_t)t->incident, "content", words))
		       .subject;
	t->assignment =
	    sql_one_int(st, "SELECT id FROM assignment WHERE team = ?1", 0, "i", t->team);
	assert_true(t->assignment > 0);
	t->plan = must(&system_actor, "plan.import", plan_args(t->area, t->code, "1")).subject;
	t->note = must(&t->actor, "journal.note", json_pack("{s:s}", "text", words)).seq;
	t->entry = must(
	    &t->actor, "phone.record", json_pack("{s:s, s:s}", "caller", "秦守仁", "text", words))
		       .subject;
	place = sql_one_text(st, "SELECT short FROM area WHERE id = ?1", "i", t->area);
	must(&officer, "callout.start",
	    json_pack("{s:s, s:s, s:s}", "colour", "yellow", "areas", place, "matter", words));
	free(place);
	t->target =
	    sql_one_int(st, "SELECT max(id) FROM call_target WHERE area = ?1", 0, "i", t->area);
	place = sql_one_text(
	    st, "SELECT name FROM unit WHERE kind = 'township' AND area = ?1", "i", t->area);
	t->instruction = must(&officer, "instruction.add",
	    json_pack("{s:s, s:s, s:s}", "leader", "高远航", "owner", place, "text", words))
			     .subject;
	must(&officer, "instruction.relay",
	    json_pack("{s:I, s:s}", "instruction", (json_int_t)t->instruction, "to", place));
	free(place);
	free(words);
}

static int
make(void **state)
{
	struct err err = ERR_NONE;

	(void)state;
	st = county_open(dir, path);
	actor_system(&system_actor, "test");
	assert_true(actor_find(st, "陈涛", &officer, &err));
	furnish(&own);
	furnish(&other);
	return 0;
}

static int
unmake(void **state)
{
	(void)state;
	store_close(st);
	room_remove(dir);
	return 0;
}

/* --- a cell ------------------------------------------------------------------------------ */

static int64_t
head(void)
{
	char hex[65];
	int64_t seq;

	journal_head(st, &seq, hex);
	return seq;
}

static bool
last_row_is_refusal(const char *verb, const struct actor *who)
{
	struct journal_row row;
	json_t *args;
	bool good;

	assert_true(journal_by_seq(st, head(), &row));
	args = json_loads(row.args, 0, NULL);
	good = strcmp(row.verb, "journal.refused") == 0 && row.person == who->person &&
	       strcmp(json_string_value(json_object_get(args, "verb")), verb) == 0;
	json_decref(args);
	journal_row_clear(&row);
	return good;
}

static void
denied(const struct actor *who, const char *verb, json_t *args, const char *cell)
{
	struct verb_result result;
	struct err err = ERR_NONE;
	int64_t before = head();

	if (verb_run(st, who, verb, args, &result, &err))
		fail_msg("%s by %s, %s: was done: %s", verb, who->name, cell, result.said);
	if (err.code != ERR_REFUSED || head() != before + 1 || !last_row_is_refusal(verb, who))
		fail_msg("%s by %s, %s: code %d, %lld rows: %s", verb, who->name, cell, err.code,
		    (long long)(head() - before), err.message);
	err_clear(&err);
	json_decref(args);
}

/* --- arguments --------------------------------------------------------------------------- */

static int64_t
thing_of(const struct town *t, const char *of, const char *param)
{
	const struct {
		const char *kind;
		int64_t id;
	} things[] = {{"incident", t->incident}, {"team", t->team},
	    {"depot", strcmp(param, "to") == 0 ? t->depot2 : t->depot},
	    {"shelter", strcmp(param, "from") == 0 ? t->shelter2 : t->shelter},
	    {"equipment", t->equipment}, {"order", t->order}, {"assignment", t->assignment},
	    {"plan", t->plan}, {"inbox", t->inbox}, {"area", t->area}, {"person", t->actor.person},
	    {"entry", t->entry}, {"calltarget", t->target}, {"instruction", t->instruction}};
	size_t n = strcspn(of, "|");

	for (size_t i = 0; i < COUNT_OF(things); i++)
		if (strncmp(things[i].kind, of, n) == 0 && strlen(things[i].kind) == n)
			return things[i].id;
	return 0;
}

/* A value that the verb can use. */
static json_t *
value_of(const struct verb *verb, const struct verb_param *p, const struct town *t)
{
	static int unique;
	char text[64];

	switch (p->type) {
	case ARG_THING:
		return json_integer(thing_of(t, p->of, p->name));
	case ARG_INT:
		return json_integer(strncmp(verb->name, "journal.", 8) == 0 ? t->note : 10);
	case ARG_REAL:
		return json_real(1);
	case ARG_TIME:
		return json_string("now");
	case ARG_FLAG:
		return json_true();
	case ARG_CHOICE:
		return json_stringn(p->of, strcspn(p->of, "|"));
	case ARG_WORD:
	case ARG_REST:
		break;
	}
	if (strcmp(p->name, "goods") == 0)
		return json_string("编织袋");
	if (strcmp(p->name, "xml") == 0) {
		char *xml;
		json_t *value;

		snprintf(text, sizeof(text), "%d", 100 + unique++);
		xml = plan_text(t->area, t->code, text);
		value = json_string(xml);
		free(xml);
		return value;
	}
	snprintf(text, sizeof(text), "试验%d", unique++);
	return json_string(text);
}

/* What must be said, and where it lies, all of the town's own. */
static json_t *
own_args(const struct verb *verb)
{
	json_t *args = json_object();

	for (size_t i = 0; i < verb->n_params; i++) {
		const struct verb_param *p = &verb->params[i];

		if (p->required || strcmp(p->name, "area") == 0 ||
		    (strcmp(verb->name, "shelter.count") == 0 && strcmp(p->name, "in") == 0) ||
		    (strcmp(verb->name, "team.set") == 0 && strcmp(p->name, "state") == 0) ||
		    (strcmp(verb->name, "incident.figures") == 0 &&
			strcmp(p->name, "injured") == 0))
			json_object_set_new(args, p->name, value_of(verb, p, &own));
	}
	return args;
}

static bool
is_common(const char *of)
{
	static const char *const kinds[] = {
	    "unit", "place", "goods", "skill", "hospital", "expert", "enterprise"};

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i], of) == 0)
			return true;
	return false;
}

/* --- the matrix -------------------------------------------------------------------------- */

static void
every_role_by_every_verb(void **state)
{
	static const struct {
		unsigned role;
		const char *who;
	} roles[] = {{ROLE_OFFICER, "陈涛"}, {ROLE_CHIEF, "李敏"}, {ROLE_LEADER, "王建国"},
	    {ROLE_TOWNSHIP, "董秀英"}, {ROLE_CLERK, "苏静"}, {ROLE_AUDITOR, "潘立"}};
	const struct verb *verb;
	size_t cells = 0, writes_of_auditor = 0;

	(void)state;
	for (size_t r = 0; r < COUNT_OF(roles); r++) {
		struct actor who;
		struct err err = ERR_NONE;

		assert_true(actor_find(st, roles[r].who, &who, &err));
		assert_int_equal(who.role, roles[r].role);
		for (size_t i = 0; (verb = verb_at(st, i)) != NULL; i++) {
			if (verb->roles & roles[r].role) {
				writes_of_auditor += roles[r].role == ROLE_AUDITOR;
				continue;
			}
			denied(&who, verb->name, json_object(), "role");
			cells++;
		}
	}
	print_message("# %zu cells of role and verb denied\n", cells);
	assert_true(cells > 100);
	assert_true(writes_of_auditor <= 3); /* its own sign-on and secret, nothing of the room's */
}

/* A role that somebody claims counts for nothing: the store's row does. */
static void
a_claimed_role_counts_for_nothing(void **state)
{
	struct actor liar = own.actor;

	(void)state;
	liar.role = ROLE_CHIEF | ROLE_OFFICER | ROLE_SYSTEM;
	liar.area = other.area;
	denied(&liar, "incident.close", json_pack("{s:I}", "incident", (json_int_t)own.incident),
	    "claimed role");
	liar.role = ROLE_TOWNSHIP;
	denied(&liar, "incident.figures",
	    json_pack("{s:I, s:s, s:i}", "incident", (json_int_t)other.incident, "source", "x",
		"dead", 1),
	    "claimed area");
}

static bool
has_param(const struct verb *verb, const char *name)
{
	for (size_t i = 0; i < verb->n_params; i++)
		if (strcmp(verb->params[i].name, name) == 0)
			return true;
	return false;
}

/* All cells of a verb in which one thing is the other town's. */
static size_t
foreign_cells(const struct verb *verb)
{
	size_t cells = 0;

	for (size_t i = 0; i < verb->n_params; i++) {
		const struct verb_param *p = &verb->params[i];
		json_t *args;

		if (p->type != ARG_THING || is_common(p->of))
			continue;
		args = own_args(verb);
		if (!thing_of(&other, p->of, p->name))
			fail_msg("%s: no thing of kind %s to try", verb->name, p->of);
		with_number(args, p->name, thing_of(&other, p->of, p->name));
		denied(&own.actor, verb->name, args, p->name);
		cells++;
	}
	if (strncmp(verb->name, "journal.", 8) == 0 && has_param(verb, "number")) {
		denied(&own.actor, verb->name, with_number(own_args(verb), "number", other.note),
		    "number");
		cells++;
	}
	if (strcmp(verb->name, "plan.import") == 0) {
		denied(&own.actor, verb->name, plan_args(other.area, "testc", "1"),
		    "area in the plan");
		denied(&own.actor, verb->name, plan_args(own.area, other.code, "2"),
		    "code of another's plan");
		denied(&own.actor, verb->name, plan_args(0, "testd", "1"), "the county's area");
		cells += 3;
	}
	/* Without its area a new thing would be the county's. */
	if (strstr(verb->name, ".add") && has_param(verb, "area")) {
		json_t *args = own_args(verb);

		json_object_del(args, "area");
		denied(&own.actor, verb->name, args, "no area");
		cells++;
	}
	return cells;
}

static void
a_township_touches_nothing_foreign(void **state)
{
	const struct verb *verb;
	size_t verbs = 0, cells = 0;

	(void)state;
	for (size_t i = 0; (verb = verb_at(st, i)) != NULL; i++) {
		size_t n;

		if (!(verb->roles & ROLE_TOWNSHIP))
			continue;
		n = foreign_cells(verb);
		if (!n && !strstr("session.on session.off person.secret", verb->name))
			fail_msg("%s: no cell could be made", verb->name);
		cells += n;
		verbs++;
	}
	print_message("# %zu verbs of a township, %zu foreign cells denied\n", verbs, cells);
	assert_true(verbs >= 20 && cells >= 30);
}

/* The same verbs with its own things are not a matter of right, and most are simply done. */
static void
a_township_acts_on_its_own(void **state)
{
	const struct verb *verb;
	size_t done = 0, undone = 0;

	(void)state;
	for (size_t i = 0; (verb = verb_at(st, i)) != NULL; i++) {
		struct verb_result result;
		struct err err = ERR_NONE;
		int64_t before = head();
		json_t *args;

		if (!(verb->roles & ROLE_TOWNSHIP) || strcmp(verb->name, "plan.retire") == 0 ||
		    strcmp(verb->name, "journal.undo") == 0)
			continue;
		args = own_args(verb);
		if (verb_run(st, &own.actor, verb->name, args, &result, &err)) {
			done++;
			free(result.said);
		} else {
			undone++;
			print_message("# %s: %s\n", verb->name, err.message);
			if (head() != before)
				fail_msg("%s on its own was denied: %s", verb->name, err.message);
		}
		err_clear(&err);
		json_decref(args);
	}
	print_message("# %zu done, %zu not\n", done, undone);
	assert_true(done >= 18);
}

/* What the room did in a township's area is not the township's to take back. */
static void
undo_stays_with_its_people(void **state)
{
	int64_t seq = must(&system_actor, "team.set",
		    json_pack("{s:I, s:s}", "team", (json_int_t)own.team, "leader", "某人"))
			  .seq,
		mine = must(&own.actor, "team.set",
		    json_pack("{s:I, s:s}", "team", (json_int_t)own.team, "leader", "他人"))
			   .seq;

	(void)state;
	denied(&own.actor, "journal.undo", json_pack("{s:I}", "number", (json_int_t)seq),
	    "the room's row");
	denied(&other.actor, "journal.undo", json_pack("{s:I}", "number", (json_int_t)mine),
	    "another's row");
	must(&own.actor, "journal.undo", json_pack("{s:I}", "number", (json_int_t)mine));
}

/* --- seeing ------------------------------------------------------------------------------ */

static void
every_kind_of_thing_has_its_rule(void **state)
{
	const struct verb *verb;
	struct thing *found = mem_zero(400, sizeof(*found));
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; (verb = verb_at(st, i)) != NULL; i++)
		for (size_t k = 0; k < verb->n_params; k++) {
			char kinds[128], *save = NULL;

			if (verb->params[k].type != ARG_THING)
				continue;
			snprintf(kinds, sizeof(kinds), "%s", verb->params[k].of);
			for (char *name = strtok_r(kinds, "|", &save); name;
			     name = strtok_r(NULL, "|", &save)) {
				const struct thing_kind *kind = thing_kind_find(st, name);
				size_t n;

				if (!scope_knows(name))
					fail_msg("src/store/scope.c has no row for %s (%s)", name,
					    verb->name);
				assert_non_null(kind);
				n = kind->find(st, &own.actor, "", found, 400);
				for (size_t f = 0; f < n; f++, seen++)
					if (!scope_sees(st, &own.actor, name, found[f].id))
						fail_msg(
						    "a township finds a %s that is not its own: %s",
						    name, found[f].word);
			}
		}
	assert_true(seen > 100);
	free(found);
}

static size_t
hits(const struct actor *who, const char *words)
{
	struct search_hit hit[50];

	return search_find_for(st, who, NULL, words, 0, hit, 50, NULL);
}

static void
the_search_keeps_to_the_area(void **state)
{
	(void)state;
	assert_true(hits(&officer, "乙地的密语") >= 4);
	assert_true(hits(&other.actor, "乙地的密语") >= 3);
	assert_int_equal(hits(&own.actor, "乙地的密语"), 0);
	assert_true(hits(&own.actor, "甲地的密语") >= 3);
}

static void
lists_and_figures_keep_to_the_area(void **state)
{
	struct incident_filter incidents = {.area = scope_of(&own.actor)};
	struct incident_row rows[50];
	struct order_row orders[50];
	struct order_filter of = {.area = scope_of(&own.actor)};
	struct journal_row log[50];
	struct journal_filter jf = {
	    .area = scope_of(&own.actor), .from = CLOCK_NONE, .to = CLOCK_NONE};
	struct dispatch_counts mine, all;
	size_t n = incident_list(st, &incidents, rows, 50);

	(void)state;
	assert_int_equal(scope_of(&own.actor), own.area);
	assert_int_equal(scope_of(&officer), 0);
	assert_true(n >= 1);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(rows[i].area, own.area);
	n = dispatch_orders(st, &of, orders, 50);
	assert_true(n >= 1);
	for (size_t i = 0; i < n; i++)
		assert_true(scope_sees(st, &own.actor, "order", orders[i].id));
	n = journal_page(st, &jf, 0, log, 50);
	assert_true(n >= 1);
	for (size_t i = 0; i < n; i++) {
		assert_true(scope_sees(st, &own.actor, "journal", log[i].id));
		assert_null(strstr(log[i].text, "乙地"));
		journal_row_clear(&log[i]);
	}
	dispatch_count(st, own.area, &mine);
	dispatch_count(st, 0, &all);
	assert_true(mine.unacked < all.unacked);
}

static void
an_order_shares_its_incident(void **state)
{
	(void)state;
	assert_false(scope_sees(st, &own.actor, "incident", other.incident));
	assert_false(scope_sees(st, &own.actor, "inbox", own.inbox));
	must(&officer, "order.issue",
	    json_pack("{s:I, s:I, s:s}", "to", (json_int_t)own.actor.person, "incident",
		(json_int_t)other.incident, "content", "支援"));
	assert_true(scope_sees(st, &own.actor, "incident", other.incident));
	denied(&own.actor, "incident.figures",
	    json_pack("{s:I, s:s, s:i}", "incident", (json_int_t)other.incident, "source", "x",
		"dead", 1),
	    "shared");
}

/* --- the line ---------------------------------------------------------------------------- */

static void
typed(const struct actor *who, const char *line, enum err_code code)
{
	struct verb_result result;
	struct err err = ERR_NONE;
	int64_t before = head();

	if (command_run(st, who, line, NULL, &result, &err))
		fail_msg("%s: was done: %s", line, result.said);
	if (err.code != code || head() != before + 1)
		fail_msg("%s: code %d, %lld rows: %s", line, err.code, (long long)(head() - before),
		    err.message);
	assert_null(strstr(err.message, "乙地")); /* the answer tells nothing of it */
	err_clear(&err);
}

static void
a_foreign_number_typed_is_not_there(void **state)
{
	struct order_row order;
	struct incident_row incident;
	char line[200];

	(void)state;
	assert_true(
	    dispatch_order(st, other.order, &order) && incident_get(st, other.incident, &incident));
	snprintf(line, sizeof(line), "签收 %d-%03d", order.year, order.number);
	typed(&own.actor, line, ERR_NOT_FOUND);
	snprintf(line, sizeof(line), "反馈 %d-%03d 已到场", order.year, order.number);
	typed(&own.actor, line, ERR_NOT_FOUND);
	snprintf(line, sizeof(line), "又报 %d-%03d 火势蔓延", incident.year, incident.number);
	typed(&own.actor, line, ERR_NOT_FOUND);
	snprintf(line, sizeof(line), "归档 %d-%03d", incident.year, incident.number);
	typed(&own.actor, line, ERR_REFUSED);
}

/* --- persons ----------------------------------------------------------------------------- */

static void
a_ticket_does_not_say_who_called(void **state)
{
	char text[] = "市民秦守仁（0514-55501234，13812345678）反映，2025-07-10 03:12 "
		      "起火，伤12人，单号20250710。";
	struct incident_call call = {
	    .source = "12345", .caller = "秦守仁", .phone = "13812345678", .text = text};
	struct actor clerk;
	struct err err = ERR_NONE;

	(void)state;
	assert_true(actor_find(st, "苏静", &clerk, &err));
	incident_mask_call(&officer, &call);
	assert_string_equal(call.caller, "秦守仁");
	incident_mask_call(&clerk, &call);
	assert_string_equal(call.caller, "秦某某");
	assert_string_equal(call.phone, "138****5678");
	assert_string_equal(call.text, "市民秦某某（0514-5550****，138****5678）反映，2025-07-10 "
				       "03:12 起火，伤12人，单号20250710。");
	call = (struct incident_call){
	    .source = "110", .caller = "秦守仁", .phone = "13812345678", .text = text};
	incident_mask_call(&own.actor, &call);
	assert_string_equal(call.caller, "秦守仁"); /* no ticket, and nobody asked for it */
}

static void
the_tables_say_what_the_journal_says(void **state)
{
	struct verify_report report;
	struct err err = ERR_NONE;

	(void)state;
	assert_true(
	    store_verify(st, NULL, &report, &err) && store_verify_tables(st, &report, &err));
	if (report.problems[0])
		fail_msg("%s", report.problems[0]);
	verify_clear(&report);
}

/* Forms in Chinese offer Chinese words: no choice of any verb is left a word of the code. */
static void
every_choice_has_its_chinese(void **state)
{
	const struct verb *verb;
	size_t words = 0;

	(void)state;
	i18n_init();
	i18n_set_language("zh_CN");
	for (size_t i = 0; (verb = verb_at(st, i)) != NULL; i++)
		for (size_t k = 0; k < verb->n_params; k++) {
			const char *of = verb->params[k].of;

			for (; verb->params[k].type == ARG_CHOICE && of && *of; words++) {
				char choice[64];
				const char *label;

				snprintf(choice, sizeof(choice), "%.*s", (int)strcspn(of, "|"), of);
				of += strcspn(of, "|");
				of += *of == '|';
				label = command_choice_label(choice);
				if ((unsigned char)label[0] < 0x80 && strcmp(label, choice) == 0)
					fail_msg("%s %s=%s is not said in Chinese", verb->name,
					    verb->params[k].name, choice);
			}
		}
	assert_true(words > 100);
	/* The same word in another sense keeps its own: an order's text message is no body of a text. */
	assert_string_equal(command_choice_label("text"), "短信");
	assert_string_equal(_("text"), "正文");
	i18n_set_language("en");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_role_by_every_verb),
	    cmocka_unit_test(a_claimed_role_counts_for_nothing),
	    cmocka_unit_test(a_township_touches_nothing_foreign),
	    cmocka_unit_test(undo_stays_with_its_people),
	    cmocka_unit_test(every_kind_of_thing_has_its_rule),
	    cmocka_unit_test(the_search_keeps_to_the_area),
	    cmocka_unit_test(lists_and_figures_keep_to_the_area),
	    cmocka_unit_test(a_foreign_number_typed_is_not_there),
	    cmocka_unit_test(a_ticket_does_not_say_who_called),
	    cmocka_unit_test(a_township_acts_on_its_own),
	    cmocka_unit_test(an_order_shares_its_incident),
	    cmocka_unit_test(the_tables_say_what_the_journal_says),
	    cmocka_unit_test(every_choice_has_its_chinese),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
