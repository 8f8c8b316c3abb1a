/*
 * 并入 and 拆分. Joining moves every call, fact and figure of one incident into another and keeps
 * in the joined row (before_merge, JSON) exactly what was moved and filled, so that taking apart
 * restores exactly that, whatever was recorded in between; calls recorded after the joining stay
 * where they were recorded, and the answer says so. Clocks are never moved: those of the joined
 * incident stay its rows and show under the other one; of two for the same rule and unit the
 * earlier stands.
 *
 * Left out: undoing by the inverse changeset alone, which fails as soon as one of the rows was
 * written again.
 */
#include "incident/inside.h"

#include <stdlib.h>
#include <string.h>

/* Fields the other incident lacks are filled from the joined one. */
static const struct {
	const char *name, *fill, *restore;
} filled[] = {
    {"place", "UPDATE incident SET place = ?2 WHERE id = ?1 AND place = ''",
	"UPDATE incident SET place = '' WHERE id = ?1 AND place = ?2"},
    {"road", "UPDATE incident SET road = ?2 WHERE id = ?1 AND ifnull(road, '') = ''",
	"UPDATE incident SET road = NULL WHERE id = ?1 AND road = ?2"},
    {"cause", "UPDATE incident SET cause = ?2 WHERE id = ?1 AND ifnull(cause, '') = ''",
	"UPDATE incident SET cause = NULL WHERE id = ?1 AND cause = ?2"},
    {"weather", "UPDATE incident SET weather = ?2 WHERE id = ?1 AND ifnull(weather, '') = ''",
	"UPDATE incident SET weather = NULL WHERE id = ?1 AND weather = ?2"},
    {"measures", "UPDATE incident SET measures = ?2 WHERE id = ?1 AND ifnull(measures, '') = ''",
	"UPDATE incident SET measures = NULL WHERE id = ?1 AND measures = ?2"},
    {"scene_chief",
	"UPDATE incident SET scene_chief = ?2 WHERE id = ?1 AND ifnull(scene_chief, '') = ''",
	"UPDATE incident SET scene_chief = NULL WHERE id = ?1 AND scene_chief = ?2"},
    {"scene_phone",
	"UPDATE incident SET scene_phone = ?2 WHERE id = ?1 AND ifnull(scene_phone, '') = ''",
	"UPDATE incident SET scene_phone = NULL WHERE id = ?1 AND scene_phone = ?2"},
};

static json_t *
ids_of(struct sql *q)
{
	json_t *ids = json_array();

	while (sql_row(q))
		json_array_append_new(ids, json_integer(sql_int(q, 0)));
	return ids;
}

static char *
field_of(struct store *st, int64_t incident, const char *name)
{
	return sql_one_text(st,
	    "SELECT CASE ?2 WHEN 'place' THEN place WHEN 'road' THEN road WHEN 'cause' THEN cause "
	    "WHEN 'weather'"
	    " THEN weather WHEN 'measures' THEN measures WHEN 'scene_chief' THEN scene_chief ELSE "
	    "scene_phone END"
	    " FROM incident WHERE id = ?1",
	    "it", incident, name);
}

static json_t *
fill_fields(struct store *st, int64_t from, int64_t into)
{
	json_t *fields = json_object();

	for (size_t i = 0; i < COUNT_OF(filled); i++) {
		char *value = field_of(st, from, filled[i].name),
		     *there = field_of(st, into, filled[i].name);
		if (value && *value && !(there && *there)) {
			struct sql *q = sql(st, filled[i].fill);
			sql_bind(q, "it", into, value);
			sql_run(q);
			json_object_set_new(fields, filled[i].name, json_string(value));
		}
		free(there);
		free(value);
	}
	return fields;
}

/* Position and time are numbers: filled when the other has none, with what it was kept for the way
 * back. */
static void
fill_numbers(struct store *st, int64_t from, int64_t into, json_t *memo)
{
	struct sql *q = sql(st, "SELECT a.lon IS NULL AND b.lon IS NOT NULL, a.occurred IS NULL "
				"AND b.occurred IS NOT NULL"
				" FROM incident a, incident b WHERE a.id = ?1 AND b.id = ?2");
	bool where = false, when = false;

	sql_bind(q, "ii", into, from);
	if (sql_row(q)) {
		where = sql_int(q, 0) != 0;
		when = sql_int(q, 1) != 0;
	}
	sql_done(q);
	if (where) {
		q = sql(st, "UPDATE incident SET (lon, lat) = (SELECT lon, lat FROM incident WHERE "
			    "id = ?2) WHERE id = ?1");
		sql_bind(q, "ii", into, from);
		sql_run(q);
	}
	if (when) {
		q = sql(st, "UPDATE incident SET (occurred, occurred_precision) = (SELECT "
			    "occurred, occurred_precision FROM incident"
			    " WHERE id = ?2) WHERE id = ?1");
		sql_bind(q, "ii", into, from);
		sql_run(q);
	}
	json_object_set_new(memo, "where", json_boolean(where));
	json_object_set_new(memo, "when", json_boolean(when));
}

static json_t *
add_codes(struct store *st, int64_t from, int64_t into)
{
	json_t *codes = json_array();
	struct sql *q = sql(st, "SELECT code FROM incident_code WHERE incident = ?1 AND code NOT "
				"IN (SELECT code FROM incident_code"
				" WHERE incident = ?2) ORDER BY rank");
	size_t i;
	json_t *code;

	sql_bind(q, "ii", from, into);
	while (sql_row(q))
		json_array_append_new(codes, json_string(sql_text(q, 0)));
	json_array_foreach(codes, i, code)
	{
		q = sql(st, "INSERT INTO incident_code (incident, rank, code, name, why) SELECT "
			    "?1, (SELECT max(rank) + 1 FROM incident_code"
			    " WHERE incident = ?1), code, name, why FROM incident_code WHERE "
			    "incident = ?2 AND code = ?3");
		sql_bind(q, "iit", into, from, json_string_value(code));
		sql_run(q);
	}
	return codes;
}

/* Rows of `from` (their ids by the statement `ask`) go over to `into` by `move`. Gives the ids. */
static json_t *
move_rows(struct store *st, const char *ask, const char *move, int64_t from, int64_t into)
{
	struct sql *q = sql(st, ask);
	json_t *ids;

	sql_bind(q, "i", from);
	ids = ids_of(q);
	q = sql(st, move);
	sql_bind(q, "ii", from, into);
	sql_run(q);
	return ids;
}

static json_t *
move_calls(struct store *st, int64_t from, int64_t into)
{
	struct sql *q = sql(st, "UPDATE fact SET incident = ?2 WHERE incident = ?1");

	sql_bind(q, "ii", from, into);
	sql_run(q);
	return move_rows(st, "SELECT id FROM call WHERE incident = ?1 ORDER BY id",
	    "UPDATE call SET incident = ?2, moved_from = ifnull(moved_from, ?1) WHERE incident = "
	    "?1",
	    from, into);
}

static json_t *
move_figures(struct store *st, int64_t from, int64_t into)
{
	return move_rows(st, "SELECT id FROM casualty WHERE incident = ?1 ORDER BY id",
	    "UPDATE casualty SET incident = ?2, moved_from = ifnull(moved_from, ?1) WHERE "
	    "incident = ?1",
	    from, into);
}

static json_t *
move_children(struct store *st, int64_t from, int64_t into)
{
	return move_rows(st, "SELECT id FROM incident WHERE parent = ?1",
	    "UPDATE incident SET parent = ?2 WHERE parent = ?1", from, into);
}

/* What was joined into the joined one follows it, so that no chain arises. */
static json_t *
move_joined(struct store *st, int64_t from, int64_t into)
{
	return move_rows(st, "SELECT id FROM incident WHERE merged_into = ?1",
	    "UPDATE incident SET merged_into = ?2 WHERE merged_into = ?1", from, into);
}

/* Of two clocks for the same rule and unit, one done does for both; of two open ones the earlier
 * stands. */
static void
join_clocks(struct verb_call *call, int64_t from, int64_t into)
{
	struct store *st = call_store(call);
	struct sql *q = sql(st,
	    "SELECT a.id, a.state, a.due, b.id, b.state, b.due FROM clock a JOIN clock b ON b.rule "
	    "= a.rule AND"
	    " b.dest = a.dest AND b.round = a.round WHERE a.incident = ?1 AND b.incident = ?2"
	    " AND (a.state = 'open' OR b.state = 'open') AND a.state <> 'void' AND b.state <> "
	    "'void'");
	int64_t drop[64];
	size_t n = 0;

	sql_bind(q, "ii", into, from);
	while (n < COUNT_OF(drop) && sql_row(q)) {
		bool a_open = strcmp(sql_text(q, 1), "open") == 0,
		     b_open = strcmp(sql_text(q, 4), "open") == 0;
		bool drop_a = a_open && (!b_open || sql_time(q, 5) < sql_time(q, 2));
		drop[n++] = sql_int(q, drop_a ? 0 : 3);
	}
	sql_done(q);
	for (size_t i = 0; i < n; i++) {
		q = sql(st, "UPDATE clock SET state = 'void', closed = ?2, closed_by = ?3, note = "
			    "?4 WHERE id = ?1");
		sql_bind(q, "iiit", drop[i], call_now(call), call_journal(call),
		    _("joined: the other incident's clock counts"));
		sql_run(q);
	}
}

static bool
check_merge(struct verb_call *call, int64_t incident, int64_t into, char *state, size_t size,
    struct err *err)
{
	char *now;

	if (incident == into)
		return err_set(err, ERR_INPUT, _("An incident cannot be joined into itself."));
	if (!incident_touch(call, incident, false, err) || !incident_touch(call, into, false, err))
		return false;
	if (sql_one_int(call_store(call), "SELECT 1 FROM incident WHERE id = ?1 AND parent = ?2", 0,
		"ii", into, incident))
		return err_set(err, ERR_STATE,
		    _("The other one is its child event: join the other way round."));
	now = sql_one_text(
	    call_store(call), "SELECT state FROM incident WHERE id = ?1", "i", incident);
	utf8_copy(state, size, now ? now : "");
	free(now);
	return incident_set_state(call, incident, "merged", err);
}

static void
write_memo(struct verb_call *call, int64_t incident, int64_t into, json_t *memo)
{
	char *text = json_dumps(memo, JSON_COMPACT | JSON_SORT_KEYS);
	struct sql *q = sql(call_store(call),
	    "UPDATE incident SET merged_into = ?2, before_merge = ?3 WHERE id = ?1");

	sql_bind(q, "iit", incident, into, text ? text : "{}");
	sql_run(q);
	free(text);
}

bool
incident_do_merge(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t incident = call_int(call, "incident"), into = call_int(call, "into");
	struct clock_event event = {"call", call_now(call), false, ""};
	struct reader *reader = incident_reader(st, err);
	char state[16], no[16], other[16];
	json_t *memo;

	if (!reader || !check_merge(call, incident, into, state, sizeof(state), err))
		return false;
	memo = json_object();
	json_object_set_new(memo, "state", json_string(state));
	json_object_set_new(memo, "journal", json_integer(call_journal(call)));
	json_object_set_new(memo, "fields", fill_fields(st, incident, into));
	fill_numbers(st, incident, into, memo);
	json_object_set_new(memo, "codes", add_codes(st, incident, into));
	json_object_set_new(memo, "calls", move_calls(st, incident, into));
	json_object_set_new(memo, "figures", move_figures(st, incident, into));
	json_object_set_new(memo, "children", move_children(st, incident, into));
	json_object_set_new(memo, "joined", move_joined(st, incident, into));
	write_memo(call, incident, into, memo);
	join_clocks(call, incident, into);
	put_incident_no(st, incident, no, sizeof(no));
	put_incident_no(st, into, other, sizeof(other));
	call_say(call,
	    ngettext("%s joined into %s, %zu call with it: %s",
		"%s joined into %s, %zu calls with it: %s",
		(unsigned long)(json_array_size(json_object_get(memo, "calls")))),
	    no, other, json_array_size(json_object_get(memo, "calls")), call_text(call, "why"));
	json_decref(memo);
	event.changed = incident_regrade(call, into, reader);
	clocks_run(call, into, &event);
	incident_index(st, into);
	incident_index(st, incident);
	return true;
}

/* --- taking apart ---------------------------------------------------------------------------- */

static void
give_back_calls(struct store *st, int64_t incident, int64_t from, json_t *memo)
{
	size_t i;
	json_t *id;

	json_array_foreach(json_object_get(memo, "calls"), i, id)
	{
		struct sql *q =
		    sql(st, "UPDATE fact SET incident = ?1 WHERE call = ?3 AND incident = ?2");
		sql_bind(q, "iii", incident, from, json_integer_value(id));
		sql_run(q);
		q = sql(st, "UPDATE call SET incident = ?1, moved_from = nullif(moved_from, ?1) "
			    "WHERE id = ?3 AND incident = ?2");
		sql_bind(q, "iii", incident, from, json_integer_value(id));
		sql_run(q);
	}
	json_array_foreach(json_object_get(memo, "figures"), i, id)
	{
		struct sql *q = sql(st, "UPDATE casualty SET incident = ?1, moved_from = "
					"nullif(moved_from, ?1) WHERE id = ?3 AND incident = ?2");
		sql_bind(q, "iii", incident, from, json_integer_value(id));
		sql_run(q);
	}
}

static void
give_back_links(struct store *st, int64_t incident, int64_t from, json_t *memo)
{
	size_t i;
	json_t *id;

	json_array_foreach(json_object_get(memo, "children"), i, id)
	{
		struct sql *q =
		    sql(st, "UPDATE incident SET parent = ?1 WHERE id = ?3 AND parent = ?2");
		sql_bind(q, "iii", incident, from, json_integer_value(id));
		sql_run(q);
	}
	json_array_foreach(json_object_get(memo, "joined"), i, id)
	{
		struct sql *q = sql(st, "UPDATE incident SET merged_into = ?1 WHERE id = ?3 AND "
					"merged_into = ?2 AND state = 'merged'");
		sql_bind(q, "iii", incident, from, json_integer_value(id));
		sql_run(q);
	}
	json_array_foreach(json_object_get(memo, "codes"), i, id)
	{
		struct sql *q = sql(
		    st, "DELETE FROM incident_code WHERE incident = ?1 AND code = ?2 AND rank > 0");
		sql_bind(q, "it", from, json_string_value(id));
		sql_run(q);
	}
}

/* Only what is still as the joining filled it. */
static void
give_back_fields(struct store *st, int64_t incident, int64_t from, json_t *memo)
{
	struct sql *q;

	for (size_t i = 0; i < COUNT_OF(filled); i++) {
		json_t *value = json_object_get(json_object_get(memo, "fields"), filled[i].name);
		if (!value)
			continue;
		q = sql(st, filled[i].restore);
		sql_bind(q, "it", from, json_string_value(value));
		sql_run(q);
	}
	if (json_is_true(json_object_get(memo, "where"))) {
		q = sql(st, "UPDATE incident SET lon = NULL, lat = NULL WHERE id = ?1 AND (lon, "
			    "lat) = (SELECT lon, lat FROM incident WHERE id = ?2)");
		sql_bind(q, "ii", from, incident);
		sql_run(q);
	}
	if (json_is_true(json_object_get(memo, "when"))) {
		q = sql(st, "UPDATE incident SET occurred = NULL, occurred_precision = 0 WHERE id "
			    "= ?1 AND occurred ="
			    " (SELECT occurred FROM incident WHERE id = ?2)");
		sql_bind(q, "ii", from, incident);
		sql_run(q);
	}
}

static void
give_back_clocks(struct verb_call *call, int64_t incident, int64_t from, int64_t merge)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "UPDATE clock SET state = 'open', closed = NULL, closed_by = NULL, note = NULL"
		    " WHERE state = 'void' AND closed_by = ?1 AND incident IN (?2, ?3)");

	sql_bind(q, "iii", merge, incident, from);
	sql_run(q);
	/* What the joined facts called for belongs to them and not to the other incident. A round
	 * below 0 counts no more, so that facts of its own may call for the clock again. */
	q = sql(st, "UPDATE clock SET state = 'void', closed = ?3, closed_by = ?4, note = ?5, "
		    "round = -1 - (SELECT count(*) FROM clock k"
		    " WHERE k.incident = ?1 AND k.rule = clock.rule AND k.dest = clock.dest AND "
		    "k.round < 0)"
		    " WHERE incident = ?1 AND journal = ?2 AND state = 'open'");
	sql_bind(q, "iiiit", from, merge, call_now(call), call_journal(call),
	    _("taken apart: its facts went back"));
	sql_run(q);
}

static void
restore_row(struct store *st, int64_t incident, json_t *memo)
{
	struct sql *q = sql(st, "UPDATE incident SET state = ?2, merged_into = NULL, before_merge "
				"= NULL WHERE id = ?1");
	const char *state = json_string_value(json_object_get(memo, "state"));

	sql_bind(q, "it", incident, state ? state : "received");
	sql_run(q);
}

static void
run_again(struct verb_call *call, int64_t incident, struct reader *reader)
{
	struct clock_event event = {"call", call_now(call), false, ""};

	event.changed = incident_regrade(call, incident, reader);
	clocks_run(call, incident, &event);
	incident_index(call_store(call), incident);
}

/* The merged incident's row: which it was joined into, and the memo. */
static json_t *
read_memo(struct verb_call *call, int64_t incident, int64_t *from, struct err *err)
{
	struct sql *q = sql(call_store(call), "SELECT merged_into, before_merge, area FROM "
					      "incident WHERE id = ?1 AND state = 'merged'");
	json_t *memo = NULL;
	int64_t area = 0;

	sql_bind(q, "i", incident);
	if (sql_row(q)) {
		*from = sql_int(q, 0);
		memo = json_loads(sql_text(q, 1), 0, NULL);
		area = sql_int(q, 2);
	}
	sql_done(q);
	if (!memo)
		err_set(err, ERR_STATE, _("This incident was not joined into another."));
	else if (!call_touch_area(call, area, err) || !incident_touch(call, *from, true, err)) {
		json_decref(memo);
		memo = NULL;
	}
	return memo;
}

bool
incident_do_unmerge(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t incident = call_int(call, "incident"), from = 0, merge, stay;
	struct reader *reader = incident_reader(st, err);
	char no[16], other[16];
	json_t *memo = reader ? read_memo(call, incident, &from, err) : NULL;

	if (!memo)
		return false;
	merge = json_integer_value(json_object_get(memo, "journal"));
	give_back_calls(st, incident, from, memo);
	give_back_links(st, incident, from, memo);
	give_back_fields(st, incident, from, memo);
	give_back_clocks(call, incident, from, merge);
	restore_row(st, incident, memo);
	json_decref(memo);
	put_incident_no(st, incident, no, sizeof(no));
	put_incident_no(st, from, other, sizeof(other));
	call_say(call, _("%s taken out of %s"), no, other);
	stay = sql_one_int(st, "SELECT count(*) FROM call WHERE incident = ?1 AND journal > ?2", 0,
	    "ii", from, merge);
	if (stay)
		call_say(call,
		    ngettext("%lld call recorded after the joining stays in %s",
			"%lld calls recorded after the joining stay in %s", (unsigned long)stay),
		    (long long)stay, other);
	run_again(call, from, reader);
	run_again(call, incident, reader);
	call_subject(call, "incident", incident);
	call_incident(call, incident);
	return true;
}

/* --- links ----------------------------------------------------------------------------------- */

bool
incident_do_child(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t incident = call_int(call, "incident"), parent = call_int(call, "parent");
	char no[16], other[16];
	struct sql *q;

	if (!incident_touch(call, parent, false, err) ||
	    !incident_touch(call, incident, false, err))
		return false;
	for (int64_t up = parent; up;
	     up = sql_one_int(st, "SELECT parent FROM incident WHERE id = ?1", 0, "i", up))
		if (up == incident)
			return err_set(
			    err, ERR_INPUT, _("That would make an incident its own child."));
	q = sql(st, "UPDATE incident SET parent = ?2 WHERE id = ?1");
	sql_bind(q, "ii", incident, parent);
	sql_run(q);
	put_incident_no(st, incident, no, sizeof(no));
	put_incident_no(st, parent, other, sizeof(other));
	call_say(call, _("%s is a secondary event of %s"), no, other);
	return true;
}

bool
incident_do_different(struct verb_call *call, struct err *err)
{
	int64_t a = call_int(call, "a"), b = call_int(call, "b");
	char no[16], other[16];
	struct sql *q;

	if (a == b)
		return err_set(err, ERR_INPUT, _("That is one and the same incident."));
	if (!incident_touch(call, b, true, err) || !incident_touch(call, a, true, err))
		return false;
	q = sql(call_store(call), "INSERT OR IGNORE INTO not_duplicate VALUES (?1, ?2, ?3)");
	sql_bind(q, "iii", a < b ? a : b, a < b ? b : a, call_journal(call));
	sql_run(q);
	put_incident_no(call_store(call), a, no, sizeof(no));
	put_incident_no(call_store(call), b, other, sizeof(other));
	call_say(call, _("%s and %s are different matters"), no, other);
	return true;
}
