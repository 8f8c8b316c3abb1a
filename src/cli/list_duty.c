/* Lists of the duty room: roster, handovers, registers, roll calls, call-outs, instructions. */
#include "cli/list.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "duty/duty.h"
#include "store/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 64
#define COLUMNS(array) (array), COUNT_OF(array)

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* --- roster, watches, handovers --------------------------------------------------------------- */

/* The month that holds from=, else this one. */
static json_t *
list_roster(struct store *st, const struct list_query *q)
{
	struct roster_day days[31];
	json_t *rows = json_array();
	struct civil c;
	size_t n;

	clock_civil(q->from == CLOCK_NONE ? clock_now() : q->from, &c);
	n = duty_roster(st, c.year, c.month, days);
	for (size_t i = 0; i < smaller(n, q->limit); i++) {
		json_t *o = json_object();

		member_time(o, "day", days[i].day);
		member_time(o, "starts", days[i].starts);
		member_time(o, "ends", days[i].ends);
		for (size_t p = 0; p < DUTY_POSTS; p++)
			member_text(o, duty_posts[p], days[i].name[p]);
		member_flag(o, "double_lead", days[i].double_lead);
		member_text(o, "town", days[i].town);
		member_text(o, "why", days[i].why);
		if (days[i].asked)
			member_int(o, "swaps_asked", days[i].asked);
		json_array_append_new(rows, o);
	}
	return rows;
}

static json_t *
list_swaps(struct store *st, const struct list_query *q)
{
	struct swap_row *page = mem_zero(q->limit + 1, sizeof(*page));
	size_t n = q->area ? 0 : duty_swaps(st, q->open, page, q->limit);
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		member_int(o, "id", page[i].id);
		member_text(o, "post", duty_post_label(page[i].post));
		member_time(o, "starts", page[i].starts);
		member_time(o, "ends", page[i].ends);
		member_text(o, "name", page[i].name);
		member_text(o, "substitute", page[i].substitute_name);
		member_text(o, "why", page[i].why);
		member_text(o, "state", swap_state_label(page[i].state));
		member_text(o, "approver", page[i].approver);
		member_time(o, "decided", page[i].decided);
		member_text(o, "remark", page[i].remark);
		json_array_append_new(rows, o);
	}
	free(page);
	return rows;
}

static json_t *
crew_json(const struct crew *crew)
{
	char names[200];

	crew_names(crew, names, sizeof(names));
	return json_string(names);
}

static json_t *
list_watches(struct store *st, const struct list_query *q)
{
	struct watch_row *page = mem_zero(q->limit + 1, sizeof(*page));
	size_t n = q->area ? 0 : duty_watches(st, 0, page, q->limit);
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		member_int(o, "id", page[i].id);
		member_time(o, "opened", page[i].opened);
		member_time(o, "closed", page[i].closed);
		json_object_set_new(o, "crew", crew_json(&page[i].crew));
		member_id(o, "seal_seq", page[i].seal_seq);
		member_text(o, "seal", page[i].seal);
		json_array_append_new(rows, o);
	}
	free(page);
	return rows;
}

static json_t *
handover_json(const struct handover_row *h)
{
	json_t *o = json_object();

	member_int(o, "id", h->id);
	member_time(o, "begun", h->begun);
	member_time(o, "starts", h->starts);
	json_object_set_new(o, "out", crew_json(&h->out));
	json_object_set_new(o, "in", crew_json(&h->in));
	member_text(o, "state", h->state);
	member_text(o, "state_label", handover_state_label(h->state));
	member_int(o, "items", (int64_t)h->n_items);
	member_int(o, "unchecked", h->unchecked);
	member_int(o, "faults", h->faults);
	member_id(o, "head_seq", h->head_seq);
	member_text(o, "head", h->head);
	member_text(o, "note", h->note);
	member_text(o, "leader_note", h->leader_note);
	return o;
}

static json_t *
list_handovers(struct store *st, const struct list_query *q)
{
	struct handover_row *page = mem_zero(q->limit + 1, sizeof(*page));
	size_t n = q->area ? 0 : duty_handovers(st, 0, page, q->limit);
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows, handover_json(&page[i]));
	free(page);
	return rows;
}

static json_t *
items_json(struct store *st, int64_t handover)
{
	struct handover_item *items = mem_zero(500, sizeof(*items));
	size_t n = duty_handover_items(st, handover, items, 500);
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		member_int(o, "n", items[i].n);
		member_text(o, "kind", items[i].kind);
		member_id(o, "ref", items[i].ref);
		member_time(o, "due", items[i].due);
		member_text(o, "title", items[i].title);
		member_flag(o, "late", items[i].late);
		json_array_append_new(rows, o);
	}
	free(items);
	return rows;
}

static json_t *
one_handover(struct store *st, int64_t id)
{
	struct handover_row h;
	json_t *o;

	if (!duty_handover_get(st, id, &h))
		return NULL;
	o = handover_json(&h);
	json_object_set_new(o, "open_items", items_json(st, id));
	handover_row_clear(&h);
	return o;
}

/* --- registers -------------------------------------------------------------------------------- */

static json_t *
line_json(const struct register_row *r)
{
	json_t *o = json_object();

	member_text(o, "no", r->no);
	member_int(o, "seq", r->seq);
	member_id(o, "entry", r->entry);
	member_time(o, "at", r->at);
	member_text(o, "kind", r->kind);
	member_text(o, "direction", r->direction);
	member_text(o, "from", r->from);
	member_text(o, "to", r->to);
	member_text(o, "phone", r->phone);
	member_text(o, "incident", r->incident_no);
	member_text(o, "handler", r->handler);
	member_flag(o, "struck", r->struck);
	member_text(o, "mark", r->mark);
	member_text(o, "text", r->text);
	return o;
}

static json_t *
list_book(struct store *st, const struct list_query *q, enum register_book book)
{
	struct register_filter f = {.book = book,
	    .from = q->from,
	    .to = q->to,
	    .area = q->area,
	    .reader = q->reader,
	    .words = q->words};
	struct register_row page[PAGE];
	json_t *rows = json_array();
	size_t n;

	while (json_array_size(rows) < q->limit &&
	       (n = duty_register_rows(
		    st, &f, page, smaller(PAGE, q->limit - json_array_size(rows)))) > 0) {
		f.before = page[n - 1].id;
		for (size_t i = 0; i < n; i++)
			json_array_append_new(rows, line_json(&page[i]));
		register_rows_clear(page, n);
	}
	return rows;
}

static json_t *
list_log(struct store *st, const struct list_query *q)
{
	return list_book(st, q, BOOK_LOG);
}

static json_t *
list_phones(struct store *st, const struct list_query *q)
{
	return list_book(st, q, BOOK_PHONE);
}

static json_t *
list_papers(struct store *st, const struct list_query *q)
{
	return list_book(st, q, BOOK_PAPER);
}

/* Who a number belongs to and what came from it: list callers 55500066. */
static json_t *
list_callers(struct store *st, const struct list_query *q)
{
	struct caller_line lines[PAGE];
	size_t n =
	    q->words ? duty_caller(st, q->reader, q->words, lines, smaller(PAGE, q->limit)) : 0;
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		member_time(o, "at", lines[i].at);
		member_text(o, "kind", lines[i].kind);
		member_id(o, "incident", lines[i].incident);
		member_text(o, "text", lines[i].text);
		json_array_append_new(rows, o);
	}
	return rows;
}

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
	struct roll_row *page = mem_zero(q->limit + 1, sizeof(*page));
	size_t n = q->area ? 0 : duty_rolls(st, 0, page, q->limit);
	json_t *rows = json_array();

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
	struct callout_row *page = mem_zero(q->limit + 1, sizeof(*page));
	size_t n = q->area ? 0 : duty_callouts(st, q->open, 0, page, q->limit);
	json_t *rows = json_array();

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
	struct instruction_row *page = mem_zero(q->limit + 1, sizeof(*page));
	size_t n = duty_instructions(st, &f, page, q->limit);
	json_t *rows = json_array();

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

static const struct out_column roster_columns[] = {
    {"day", N_("day of the month"), OUT_TIME, 0},
    {"leader", N_("leader"), OUT_TEXT, 0},
    {"chief", N_("chief"), OUT_TEXT, 0},
    {"officer", N_("officer"), OUT_TEXT, 0},
    {"deputy", N_("deputy"), OUT_TEXT, 0},
    {"standby", N_("standby"), OUT_TEXT, 0},
    {"town", N_("leader in town"), OUT_TEXT, 0},
    {"why", N_("reason"), OUT_TEXT, 0},
    {"double_lead", N_("double lead"), OUT_BOOL, 0},
};
static const struct out_column swap_columns[] = {
    {"starts", N_("from"), OUT_TIME, 0},
    {"post", N_("post"), OUT_TEXT, 0},
    {"name", N_("on the roster"), OUT_TEXT, 0},
    {"substitute", N_("substitute"), OUT_TEXT, 0},
    {"state", N_("state"), OUT_TEXT, 0},
    {"approver", N_("decided by"), OUT_TEXT, 0},
    {"why", N_("reason"), OUT_TEXT, 0},
};
static const struct out_column watch_columns[] = {
    {"opened", N_("opened"), OUT_TIME, 0},
    {"closed", N_("sealed"), OUT_TIME, 0},
    {"crew", N_("crew"), OUT_TEXT, 0},
    {"seal_seq", N_("up to"), OUT_NUMBER, 0},
    {"seal", N_("chain head"), OUT_TEXT, 20},
};
static const struct out_column handover_columns[] = {
    {"starts", N_("shift from"), OUT_TIME, 0},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"out", N_("outgoing"), OUT_TEXT, 0},
    {"in", N_("incoming"), OUT_TEXT, 0},
    {"items", N_("items"), OUT_NUMBER, 0},
    {"unchecked", N_("unchecked"), OUT_NUMBER, 0},
    {"faults", N_("faults"), OUT_NUMBER, 0},
};
static const struct out_column book_columns[] = {
    {"at", N_("time"), OUT_TIME, 0},
    {"no", N_("No."), OUT_TEXT, 0},
    {"kind", N_("kind"), OUT_TEXT, 0},
    {"direction", N_("direction"), OUT_TEXT, 0},
    {"from", N_("from"), OUT_TEXT, 24},
    {"to", N_("sent to"), OUT_TEXT, 24},
    {"handler", N_("handler"), OUT_TEXT, 0},
    {"mark", N_("mark"), OUT_TEXT, 0},
    {"text", N_("what"), OUT_TEXT, 0},
};
static const struct out_column caller_columns[] = {
    {"at", N_("time"), OUT_TIME, 0},
    {"kind", N_("kind"), OUT_TEXT, 0},
    {"text", N_("what"), OUT_TEXT, 0},
};
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

const struct list_kind list_duty_kinds[] = {
    {"roster", "值班表", N_("roster of the month (of from=)"), COLUMNS(roster_columns), list_roster,
	LISTED_ONLY},
    {"swaps", "swap 换班", N_("swaps"), COLUMNS(swap_columns), list_swaps, LISTED_ONLY},
    {"watches", "watch 班次", N_("watches that were stood, with their seals"),
	COLUMNS(watch_columns), list_watches, LISTED_ONLY},
    {"handovers", "handover 交接班", N_("handovers"), COLUMNS(handover_columns), list_handovers,
	"handover", one_handover, duty_handover_text, COLUMNS(handover_columns)},
    {"log", "值班日志", N_("duty log"), COLUMNS(book_columns), list_log, LISTED_ONLY},
    {"phones", "phone 电话记录", N_("phone record"), COLUMNS(book_columns), list_phones,
	LISTED_ONLY},
    {"papers", "paper 收发文", N_("papers in and out"), COLUMNS(book_columns), list_papers,
	LISTED_ONLY},
    {"callers", "caller 来电历史", N_("who a number belongs to, what came from it"),
	COLUMNS(caller_columns), list_callers, LISTED_ONLY},
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
const size_t list_n_duty_kinds = COUNT_OF(list_duty_kinds);
