/* Lists of whom the room calls and what it is told to do: roll calls, call-outs, instructions. */
#include "cli/list.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "duty/duty.h"
#include "store/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- roll calls and call-outs ----------------------------------------------------------------- */

static json_t *
roll_json(const struct roll_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_time(o, "at", r->at);
	member_text(o, "list", r->list);
	member_text(o, "caller", r->caller);
	member_time(o, "close_due", r->close_due);
	member_time(o, "closed", r->closed);
	member_int(o, "units", r->units);
	member_int(o, "waiting", r->waiting);
	member_int(o, "missed", r->missed);
	member_int(o, "present", r->present);
	member_int(o, "late", r->late);
	member_int(o, "off_post", r->off_post);
	return o;
}

static json_t *
list_rolls(struct store *st, const struct list_query *q)
{
	struct roll_row *page = NULL;
	json_t *rows = json_array();
	size_t n, max;

	LIST_WHOLE(page, n, max, q->limit, q->area ? 0 : duty_rolls(st, 0, page, max))
	for (size_t i = 0; i < n; i++)
		if (!q->open || page[i].closed == CLOCK_NONE)
			json_array_append_new(rows, roll_json(&page[i]));
	free(page);
	return rows;
}

static json_t *
one_roll(struct store *st, int64_t id)
{
	struct roll_unit *units;
	struct roll_row row;
	json_t *o, *rows = json_array();
	size_t n;

	if (!duty_roll(st, id, &row)) {
		json_decref(rows);
		return NULL;
	}
	o = roll_json(&row);
	units = mem_zero(500, sizeof(*units));
	n = duty_roll_units(st, id, 0, units, 500);
	for (size_t i = 0; i < n; i++) {
		json_t *u = json_object();

		member_text(u, "unit", units[i].name);
		member_text(u, "phone", units[i].phone);
		member_text(u, "state", units[i].state);
		member_int(u, "tries", units[i].tries);
		member_time(u, "first", units[i].first);
		member_time(u, "answered", units[i].answered);
		member_text(u, "number", units[i].number);
		member_text(u, "by", units[i].by);
		member_int(u, "seconds", units[i].seconds);
		member_text(u, "leader", units[i].leader);
		member_flag(u, "off_post", units[i].off_post);
		member_text(u, "way", units[i].way);
		member_text(u, "knows", units[i].knows);
		member_text(u, "fix", units[i].fix);
		member_text(u, "remark", units[i].remark);
		json_array_append_new(rows, u);
	}
	json_object_set_new(o, "lines", rows);
	free(units);
	return o;
}

static json_t *
callout_json(const struct callout_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_time(o, "at", r->at);
	member_text(o, "matter", r->matter);
	member_text(o, "colour", r->colour);
	member_id(o, "alert", r->alert);
	member_text(o, "caller", r->caller);
	member_int(o, "targets", r->targets);
	member_int(o, "answered", r->answered);
	member_int(o, "breached", r->breached);
	member_time(o, "next_due", r->next_due);
	member_time(o, "closed", r->closed);
	member_text(o, "why", r->close_why);
	return o;
}

static json_t *
list_callouts(struct store *st, const struct list_query *q)
{
	struct callout_row *page = NULL;
	json_t *rows = json_array();
	size_t n, max;

	LIST_WHOLE(page, n, max, q->limit, q->area ? 0 : duty_callouts(st, q->open, 0, page, max))
	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows, callout_json(&page[i]));
	free(page);
	return rows;
}

static json_t *
target_json(const struct call_target *t)
{
	json_t *o = json_object();

	member_int(o, "id", t->id);
	member_text(o, "list", t->list);
	member_text(o, "name", t->name);
	member_text(o, "state", t->state);
	member_text(o, "state_label", target_state_label(t->state));
	member_time(o, "due", t->due);
	member_time(o, "breached", t->breached);
	member_int(o, "contact", t->contact);
	member_int(o, "contacts", t->contacts);
	member_int(o, "tries", t->all_tries);
	member_text(o, "person", t->person);
	member_text(o, "post", t->post);
	member_text(o, "phone", t->phone);
	member_time(o, "step_due", t->step_due);
	member_time(o, "answered", t->answered);
	member_text(o, "by", t->by);
	member_text(o, "words", t->words);
	member_text(o, "actions", t->actions);
	return o;
}

static json_t *
targets_json(struct store *st, int64_t callout, int64_t area, size_t limit, bool waiting)
{
	struct call_target *page = mem_zero(limit + 1, sizeof(*page));
	size_t n = duty_targets(st, callout, area, page, limit);
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++)
		if (!waiting || strcmp(page[i].state, "answered") != 0)
			json_array_append_new(rows, target_json(&page[i]));
	free(page);
	return rows;
}

/* Of the open call-outs. */
static json_t *
list_targets(struct store *st, const struct list_query *q)
{
	return targets_json(st, 0, q->area, q->limit, q->open);
}

static json_t *
one_callout(struct store *st, int64_t id)
{
	struct callout_row row;
	json_t *o;

	if (!duty_callout(st, id, &row))
		return NULL;
	o = callout_json(&row);
	json_object_set_new(o, "calls", targets_json(st, id, 0, 2000, false));
	return o;
}

/* --- instructions ----------------------------------------------------------------------------- */

static json_t *
instruction_json(const struct instruction_row *r)
{
	char no[16];
	json_t *o = json_object();

	snprintf(no, sizeof(no), "%04d-%03d", r->year % 10000, r->number % 1000);
	member_int(o, "id", r->id);
	member_text(o, "no", no);
	member_text(o, "kind", r->kind);
	member_text(o, "kind_label", instruction_kind_label(r->kind));
	member_text(o, "leader", r->leader);
	member_text(o, "post", r->post);
	member_time(o, "at", r->at);
	member_text(o, "text", r->text);
	member_text(o, "owner", r->owner);
	member_text(o, "helpers", r->helpers);
	member_text(o, "incident_no", r->incident_no);
	member_time(o, "relay_due", r->relay_due);
	member_time(o, "due", r->due);
	member_text(o, "state", r->state);
	member_text(o, "state_label", instruction_state_label(r->state));
	member_time(o, "relayed", r->relayed);
	member_time(o, "reported", r->reported);
	member_time(o, "closed", r->closed);
	member_text(o, "closed_by", r->closed_by);
	member_int(o, "reminders", r->reminders);
	member_int(o, "late_days", r->late_days);
	member_flag(o, "overdue", r->overdue);
	return o;
}

static json_t *
list_instructions(struct store *st, const struct list_query *q)
{
	struct instruction_filter f = {.open = q->open, .area = q->area, .incident = q->incident};
	struct instruction_row *page = NULL;
	json_t *rows = json_array();
	size_t n, max;

	LIST_WHOLE(page, n, max, q->limit, duty_instructions(st, &f, page, max))
	for (size_t i = 0; i < n; i++)
		if (!q->overdue || page[i].overdue)
			json_array_append_new(rows, instruction_json(&page[i]));
	free(page);
	return rows;
}

static json_t *
one_instruction(struct store *st, int64_t id)
{
	struct instruction_row row;

	return duty_instruction(st, id, &row) ? instruction_json(&row) : NULL;
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct out_column roll_columns[] = {
    {"at", N_("time"), OUT_TIME, 0},
    {"list", N_("list"), OUT_TEXT, 0},
    {"units", N_("units"), OUT_NUMBER, 0},
    {"present", N_("on post"), OUT_NUMBER, 0},
    {"late", N_("reached later"), OUT_NUMBER, 0},
    {"missed", N_("no answer"), OUT_NUMBER, 0},
    {"waiting", N_("to be called"), OUT_NUMBER, 0},
    {"closed", N_("ended at"), OUT_TIME, 0},
};
static const struct out_column callout_columns[] = {
    {"at", N_("time"), OUT_TIME, 0},
    {"matter", N_("matter"), OUT_TEXT, 40},
    {"targets", N_("called"), OUT_NUMBER, 0},
    {"answered", N_("answered"), OUT_NUMBER, 0},
    {"breached", N_("past the limit"), OUT_NUMBER, 0},
    {"next_due", N_("limit"), OUT_TIME, 0},
    {"closed", N_("ended at"), OUT_TIME, 0},
};
static const struct out_column target_columns[] = {
    {"list", N_("list"), OUT_TEXT, 0},
    {"name", N_("whom"), OUT_TEXT, 0},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"due", N_("limit"), OUT_TIME, 0},
    {"breached", N_("breached"), OUT_TIME, 0},
    {"post", N_("post"), OUT_TEXT, 0},
    {"person", N_("who"), OUT_TEXT, 0},
    {"phone", N_("telephone"), OUT_TEXT, 0},
    {"tries", N_("tries"), OUT_NUMBER, 0},
    {"step_due", N_("next contact"), OUT_TIME, 0},
};
static const struct out_column instruction_columns[] = {
    {"no", N_("No."), OUT_TEXT, 0},
    {"kind_label", N_("kind"), OUT_TEXT, 0},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"leader", N_("leader"), OUT_TEXT, 0},
    {"owner", N_("owner"), OUT_TEXT, 24},
    {"due", N_("due"), OUT_TIME, 0},
    {"reminders", N_("reminders"), OUT_NUMBER, 0},
    {"overdue", N_("overdue"), OUT_BOOL, 0},
    {"text", N_("text"), OUT_TEXT, 0},
};

const struct list_kind list_call_kinds[] = {
    {"rolls", "rollcall roll 点名", N_("roll calls"), COLUMNS(roll_columns), list_rolls, "rollcall",
	one_roll, duty_roll_text, COLUMNS(roll_columns)},
    {"callouts", "callout 叫应", N_("call-outs"), COLUMNS(callout_columns), list_callouts,
	"callout", one_callout, duty_callout_text, COLUMNS(callout_columns)},
    {"targets", "target 叫应对象", N_("who is being called"), COLUMNS(target_columns), list_targets,
	LISTED_ONLY},
    {"instructions", "instruction 批示 督办", N_("instructions and supervision"),
	COLUMNS(instruction_columns), list_instructions, "instruction", one_instruction,
	duty_instruction_text, COLUMNS(instruction_columns)},
};
const size_t list_n_call_kinds = COUNT_OF(list_call_kinds);
