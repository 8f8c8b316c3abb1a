/*
 * Roll call 点名: a list of units, each try with number, time and answer. A unit that did not answer
 * stays open until a second contact is logged; only then may the roll call be closed.
 *
 *	waiting -> present           answered at the first try
 *	waiting -> missed -> late    reached after at least one try without answer
 */
#include "duty/inside.h"

#include "base/paths.h"
#include "base/tsv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNITS_MAX 200

/* --- the list --------------------------------------------------------------------------------- */

struct roll_list {
	char name[48], units[512];
	int64_t minutes;
};

/* The row of data/duty/rolls.tsv that `word` means; "" the first. */
static bool
find_list(const char *word, struct roll_list *out, struct err *err)
{
	char *path = paths_data_file("duty/rolls.tsv");
	struct tsv *t = tsv_open(path, err);
	int name, en, units, minutes;
	bool found = false;

	free(path);
	if (!t)
		return false;
	name = tsv_column(t, "name", true, err);
	en = tsv_column(t, "en", false, NULL);
	units = tsv_column(t, "units", true, err);
	minutes = tsv_column(t, "minutes", true, err);
	while (!found && tsv_next(t)) {
		found = !*word || strstr(tsv_get(t, name), word) || strstr(tsv_get(t, en), word);
		if (!found)
			continue;
		utf8_copy(out->name, sizeof(out->name),
		    tsv_get(t, i18n_is_chinese() || en < 0 ? name : en));
		utf8_copy(out->units, sizeof(out->units), tsv_get(t, units));
		out->minutes = strtoll(tsv_get(t, minutes), NULL, 10);
	}
	if (!tsv_close(t, err))
		return false;
	return found ||
	       err_set(err, ERR_NOT_FOUND, _("There is no list \"%s\" in duty/rolls.tsv."), word);
}

static bool
add_unit(struct verb_call *call, int64_t roll, int64_t *n, const struct unit_row *unit)
{
	struct store *st = call_store(call);
	struct sql *q;

	if (sql_one_int(st, "SELECT count(*) FROM roll_unit WHERE roll = ?1 AND unit = ?2", 0, "ii",
		roll, unit->id))
		return true;
	q = sql(st, "INSERT INTO roll_unit (id, roll, n, unit, name, phone, area) VALUES (?1, ?2, "
		    "?3, ?4, ?5, ?6, ?7)");
	sql_bind(q, "iiiittz", store_new_id(st), roll, ++*n, unit->id, unit->name, unit->phone,
	    unit->area);
	return sql_run(q);
}

static bool
add_kind(struct verb_call *call, int64_t roll, int64_t *n, const char *kind)
{
	struct unit_row *units = mem_zero(UNITS_MAX, sizeof(*units));
	size_t count = resource_units_of_kind(call_store(call), kind, units, UNITS_MAX);
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++)
		ok = add_unit(call, roll, n, &units[i]);
	free(units);
	return ok;
}

static bool
add_units(struct verb_call *call, int64_t roll, const char *words, bool strict, int64_t *n,
    struct err *err)
{
	struct unit_row unit;
	char word[96];

	while (list_word(&words, word, sizeof(word))) {
		if (strncmp(word, "kind:", 5) == 0) {
			if (!add_kind(call, roll, n, word + 5))
				return false;
		} else if (resource_unit_named(call_store(call), word, &unit)) {
			if (!add_unit(call, roll, n, &unit))
				return false;
		} else if (strict) {
			return err_set(err, ERR_NOT_FOUND, _("No unit is called \"%s\"."), word);
		}
	}
	return true;
}

bool
run_roll_start(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st), n = 0, due;
	struct roll_list list = {.name = ""};
	bool own = call_has(call, "units");
	char at[40];
	struct sql *q;

	if (!own && !find_list(call_text(call, "list"), &list, err))
		return false;
	if (own)
		utf8_copy(list.name, sizeof(list.name),
		    call_has(call, "list") ? call_text(call, "list") : _("chosen units"));
	due = call_has(call, "close")
		  ? call_time(call, "close")
		  : call_now(call) + (list.minutes ? list.minutes : 10) * CLOCK_MINUTE;
	q = sql(st,
	    "INSERT INTO roll (id, at, list, caller, close_due, journal) VALUES (?1, ?2, ?3, "
	    "?4, ?5, ?6)");
	sql_bind(q, "iittii", id, call_now(call), list.name, call_actor(call)->name, due,
	    call_journal(call));
	if (!sql_run(q) ||
	    !add_units(call, id, own ? call_text(call, "units") : list.units, own, &n, err))
		return false;
	if (n == 0)
		return err_set(err, ERR_NOT_FOUND, _("That list names no unit of this county."));
	call_subject(call, "rollcall", id);
	call_say(call,
	    ngettext("roll call begun: %s, %lld unit, to be closed by %s",
		"roll call begun: %s, %lld units, to be closed by %s", (unsigned long)n),
	    list.name, (long long)n, clock_format(at, sizeof(at), due, CLOCK_HM));
	return true;
}

/* --- tries ------------------------------------------------------------------------------------ */

/* The unit's line in the newest roll call that is open. */
static int64_t
open_line(
    struct verb_call *call, char *name, size_t size, char *state, char *phone, struct err *err)
{
	struct sql *q = sql(call_store(call),
	    "SELECT u.id, u.name, u.state, coalesce(u.phone, ''), u.roll FROM roll_unit u JOIN "
	    "roll r "
	    "ON r.id = u.roll WHERE r.closed IS NULL AND u.unit = ?1 ORDER BY r.id DESC LIMIT 1");
	int64_t id = 0, roll = 0;

	sql_bind(q, "i", call_int(call, "unit"));
	if (sql_row(q)) {
		id = sql_int(q, 0);
		utf8_copy(name, size, sql_text(q, 1));
		utf8_copy(state, 12, sql_text(q, 2));
		utf8_copy(phone, 32, sql_text(q, 3));
		roll = sql_int(q, 4);
	}
	sql_done(q);
	if (!id)
		err_set(err, ERR_NOT_FOUND, _("No open roll call has that unit (roll.start)."));
	else
		call_subject(call, "rollcall", roll);
	return id;
}

static bool
put_try(struct verb_call *call, int64_t line, bool answered, const char *phone)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "INSERT INTO roll_try (id, roll_unit, at, number, way, answered, who, "
		    "seconds, off_post, leader, knows, remark, fix, caller, journal) VALUES (?1, "
		    "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)");

	sql_bind(q,
	    "iiittitiitttt"
	    "ti",
	    store_new_id(st), line, call_now(call),
	    call_has(call, "number") ? call_text(call, "number") : phone,
	    call_has(call, "way") ? call_text(call, "way") : "phone", (int64_t)answered,
	    given(call, "by"), call_int(call, "seconds"), (int64_t)call_flag(call, "off_post"),
	    given(call, "leader"), given(call, "knows"), given(call, "remark"), given(call, "fix"),
	    call_actor(call)->name, call_journal(call));
	return sql_run(q);
}

static bool
set_state(struct verb_call *call, int64_t line, const char *state)
{
	struct sql *q = sql(call_store(call), "UPDATE roll_unit SET state = ?2 WHERE id = ?1");

	sql_bind(q, "it", line, state);
	return sql_run(q);
}

bool
run_roll_answer(struct verb_call *call, struct err *err)
{
	char name[96], state[12], phone[32];
	int64_t line = open_line(call, name, sizeof(name), state, phone, err);
	bool missed = line && strcmp(state, "missed") == 0;

	if (!line)
		return false;
	if (!put_try(call, line, true, phone))
		return false;
	if ((missed || strcmp(state, "waiting") == 0) &&
	    !set_state(call, line, missed ? "late" : "present"))
		return false;
	if (call_int(call, "seconds") > 0)
		call_say(call, _("%s: %s answered after %lld s"), name, call_text(call, "by"),
		    (long long)call_int(call, "seconds"));
	else /* nobody counted */
		call_say(call, _("%s: %s answered"), name, call_text(call, "by"));
	if (missed)
		call_say(call, _("reached at a later try"));
	if (call_flag(call, "off_post"))
		call_say(call, _("not on post"));
	if (call_has(call, "leader"))
		call_say(call, _("leader on duty %s"), call_text(call, "leader"));
	if (call_has(call, "fix"))
		call_say(call, _("to put right: %s"), call_text(call, "fix"));
	return true;
}

bool
run_roll_miss(struct verb_call *call, struct err *err)
{
	char name[96], state[12], phone[32];
	int64_t line = open_line(call, name, sizeof(name), state, phone, err), tries;

	if (!line)
		return false;
	if (strcmp(state, "present") == 0 || strcmp(state, "late") == 0)
		return err_set(err, ERR_STATE, _("%s has answered already."), name);
	if (!put_try(call, line, false, phone) || !set_state(call, line, "missed"))
		return false;
	tries = sql_one_int(
	    call_store(call), "SELECT count(*) FROM roll_try WHERE roll_unit = ?1", 0, "i", line);
	call_say(call, _("%s: no answer, try %lld; stays open until it is reached"), name,
	    (long long)tries);
	return true;
}

/* --- closing ---------------------------------------------------------------------------------- */

static int64_t
meant_roll(struct verb_call *call, struct err *err)
{
	int64_t id = call_int(call, "roll");

	if (!id)
		id = sql_one_int(call_store(call),
		    "SELECT id FROM roll WHERE closed IS NULL ORDER BY id DESC LIMIT 1", 0, "");
	if (!id)
		err_set(err, ERR_NOT_FOUND, _("No roll call is open."));
	return id;
}

static bool
all_reached(struct verb_call *call, int64_t roll, struct err *err)
{
	struct sql *q =
	    sql(call_store(call), "SELECT name FROM roll_unit WHERE roll = ?1 AND state IN "
				  "('waiting', 'missed') ORDER BY state, n");
	struct buf names = BUF_MAX(1000);
	bool none;

	sql_bind(q, "i", roll);
	while (sql_row(q))
		buf_printf(&names, "%s%s", names.size ? " " : "", sql_text(q, 0));
	sql_done(q);
	none = names.size == 0;
	if (!none)
		err_set(err, ERR_REFUSED, _("Not reached yet: %s. Each needs a contact on record."),
		    buf_str(&names));
	buf_clear(&names);
	return none;
}

bool
run_roll_close(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = meant_roll(call, err);
	struct roll_row row;
	struct sql *q;

	if (!id || !duty_roll(st, id, &row))
		return false;
	if (row.closed != CLOCK_NONE)
		return err_set(err, ERR_STATE, _("This roll call is closed already."));
	if (!all_reached(call, id, err))
		return false;
	q = sql(st, "UPDATE roll SET closed = ?2 WHERE id = ?1");
	sql_bind(q, "ii", id, call_now(call));
	if (!sql_run(q))
		return false;
	call_subject(call, "rollcall", id);
	call_say(call,
	    ngettext("roll call closed: %s, %d unit, %d at the first try, %d later, %d off post",
		"roll call closed: %s, %d units, %d at the first try, %d later, %d off post",
		(unsigned long)row.units),
	    row.list, row.units, row.present, row.late, row.off_post);
	return true;
}
