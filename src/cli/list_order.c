/* Lists of what was ordered: responses, orders, assignments. */
#include "cli/list.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "dispatch/dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 128

/* --- orders ---------------------------------------------------------------------------------- */

static json_t *
order_json(const struct order_row *r)
{
	json_t *o = json_object();
	char no[24];

	snprintf(no, sizeof(no), "%d-%03d", r->year, r->number);
	member_text(o, "no", no);
	member_int(o, "id", r->id);
	member_id(o, "incident", r->incident);
	member_text(o, "incident_no", r->incident_no);
	member_id(o, "response", r->response);
	member_id(o, "unit", r->unit);
	member_id(o, "team", r->team);
	member_text(o, "kind", r->kind);
	member_text(o, "kind_label", order_kind_label(r->kind));
	member_text(o, "state", r->state);
	member_text(o, "state_label", order_state_label(r->state));
	member_text(o, "dest", r->dest);
	member_text(o, "person", r->person);
	member_text(o, "phone", r->phone);
	member_text(o, "content", r->content);
	member_time(o, "issued", r->issued);
	member_time(o, "ack_due", r->ack_due);
	member_time(o, "acked", r->acked);
	member_time(o, "finish_due", r->finish_due);
	member_time(o, "finished", r->finished);
	member_time(o, "due", r->due);
	member_flag(o, "overdue", r->overdue);
	member_int(o, "reminders", r->reminders);
	if (r->acked == CLOCK_NONE && r->chase) {
		member_int(o, "chase", r->chase);
		member_text(o, "chase_label", order_chase_label(r->chase));
		member_text(o, "chase_who", r->chase_who);
		member_text(o, "chase_phone", r->chase_phone);
		member_time(o, "chase_due", r->chase_due);
	}
	return o;
}

static json_t *
list_orders(struct store *st, const struct list_query *q)
{
	struct order_filter f = {.incident = q->incident,
	    .area = q->area,
	    .open = q->open,
	    .unacked = q->unacked,
	    .overdue = q->overdue};
	struct order_row *page = mem_zero(PAGE, sizeof(*page));
	json_t *rows = json_array();
	size_t n, want;

	while ((want = q->limit - json_array_size(rows)) > 0 &&
	       (n = dispatch_orders(st, &f, page, want < PAGE ? want : PAGE)) > 0) {
		for (size_t i = 0; i < n; i++)
			json_array_append_new(rows, order_json(&page[i]));
		f.after_due = page[n - 1].due;
		f.after = page[n - 1].id;
	}
	free(page);
	return rows;
}

static json_t *
entries_json(const struct order_full *f)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < f->n_entries; i++) {
		json_t *o = json_object();

		member_time(o, "at", f->entries[i].at);
		member_text(o, "kind", f->entries[i].kind);
		member_text(o, "kind_label", order_entry_label(f->entries[i].kind));
		member_text(o, "who", f->entries[i].who);
		member_text(o, "text", f->entries[i].text);
		json_array_append_new(rows, o);
	}
	return rows;
}

static json_t *
one_order(struct store *st, int64_t id)
{
	struct order_full f;
	json_t *o;

	if (!dispatch_order_full(st, id, &f))
		return NULL;
	o = order_json(&f.row);
	member_text(o, "content", f.content);
	member_text(o, "result", f.result);
	member_text(o, "issuer", f.issuer);
	member_text(o, "approver", f.approver);
	member_text(o, "acked_by", f.acked_by);
	member_text(o, "checked_by", f.checked_by);
	member_text(o, "task", f.task);
	member_text(o, "place", f.place);
	member_text(o, "medium", f.medium);
	member_text(o, "handed", f.handed);
	json_object_set_new(o, "entries", entries_json(&f));
	order_full_clear(&f);
	return o;
}

static const struct out_column order_columns[] = {
    {"no", N_("No."), OUT_TEXT, 0},
    {"incident_no", N_("incident"), OUT_TEXT, 0},
    {"dest", N_("to"), OUT_TEXT, 28},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"due", N_("due"), OUT_TIME, 0},
    {"overdue", N_("overdue"), OUT_BOOL, 0},
    {"content", N_("content"), OUT_TEXT, 0},
};
static const struct out_column order_detail[] = {
    {"no", N_("No."), OUT_TEXT, 0},
    {"incident_no", N_("incident"), OUT_TEXT, 0},
    {"kind_label", N_("kind"), OUT_TEXT, 0},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"dest", N_("to"), OUT_TEXT, 0},
    {"person", N_("who"), OUT_TEXT, 0},
    {"phone", N_("phone"), OUT_TEXT, 0},
    {"content", N_("content"), OUT_TEXT, 0},
    {"place", N_("place"), OUT_TEXT, 0},
    {"issuer", N_("issued by"), OUT_TEXT, 0},
    {"approver", N_("approved by"), OUT_TEXT, 0},
    {"issued", N_("issued"), OUT_TIME, 0},
    {"ack_due", N_("acknowledge by"), OUT_TIME, 0},
    {"chase_label", N_("nobody acknowledged"), OUT_TEXT, 0},
    {"chase_who", N_("to ring"), OUT_TEXT, 0},
    {"chase_phone", N_("phone"), OUT_TEXT, 0},
    {"chase_due", N_("next step"), OUT_TIME, 0},
    {"acked", N_("acknowledged"), OUT_TIME, 0},
    {"acked_by", N_("acknowledged by"), OUT_TEXT, 0},
    {"finish_due", N_("finish by"), OUT_TIME, 0},
    {"finished", N_("finished"), OUT_TIME, 0},
    {"result", N_("result"), OUT_TEXT, 0},
    {"checked_by", N_("checked by"), OUT_TEXT, 0},
    {"handed", N_("handed to"), OUT_TEXT, 0},
};

/* --- responses ------------------------------------------------------------------------------- */

static json_t *
response_json(const struct response_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_int(o, "incident", r->incident);
	member_text(o, "incident_no", r->incident_no);
	member_int(o, "plan", r->plan);
	member_text(o, "plan_name", r->plan_name);
	member_text(o, "plan_version", r->plan_version_text);
	member_int(o, "level", r->level);
	member_text(o, "level_label", response_level_label(r->level));
	member_flag(o, "active", r->active);
	member_time(o, "started", r->started);
	member_time(o, "ended", r->ended);
	member_text(o, "approver", r->approver);
	member_text(o, "period", r->period);
	member_text(o, "end_approver", r->end_approver);
	member_int(o, "orders", r->orders);
	member_int(o, "open_orders", r->open_orders);
	member_int(o, "unacked", r->unacked);
	return o;
}

static json_t *
list_responses(struct store *st, const struct list_query *q)
{
	struct response_row *rows = NULL;
	json_t *out = json_array();
	size_t n, max;

	LIST_WHOLE(rows, n, max, q->limit, dispatch_responses(st, q->incident, q->open, rows, max))
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, response_json(&rows[i]));
	free(rows);
	return out;
}

static json_t *
levels_json(struct store *st, int64_t response)
{
	struct level_change levels[64];
	size_t n = dispatch_levels(st, response, levels, COUNT_OF(levels));
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		member_time(o, "at", levels[i].at);
		member_int(o, "level", levels[i].level);
		member_text(o, "approver", levels[i].approver);
		member_text(o, "reason", levels[i].reason);
		json_array_append_new(rows, o);
	}
	return rows;
}

static json_t *
one_response(struct store *st, int64_t id)
{
	struct response_row row;
	json_t *o;

	if (!dispatch_response(st, id, &row))
		return NULL;
	o = response_json(&row);
	json_object_set_new(o, "levels", levels_json(st, id));
	return o;
}

static const struct out_column response_columns[] = {
    {"incident_no", N_("incident"), OUT_TEXT, 0},
    {"plan_name", N_("plan"), OUT_TEXT, 40},
    {"level_label", N_("level"), OUT_TEXT, 0},
    {"active", N_("active"), OUT_BOOL, 0},
    {"started", N_("started"), OUT_TIME, 0},
    {"ended", N_("ended"), OUT_TIME, 0},
    {"approver", N_("approved by"), OUT_TEXT, 16},
    {"open_orders", N_("open orders"), OUT_NUMBER, 0},
    {"unacked", N_("unacknowledged"), OUT_NUMBER, 0},
};

/* --- assignments ----------------------------------------------------------------------------- */

static json_t *
assignment_json(const struct assignment_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_int(o, "incident", r->incident);
	member_text(o, "incident_no", r->incident_no);
	member_id(o, "order", r->order);
	member_text(o, "order_no", r->order_no);
	member_id(o, "team", r->team);
	member_id(o, "depot", r->depot);
	member_text(o, "source", r->source);
	member_text(o, "goods", r->goods);
	member_text(o, "goods_name", r->goods_name);
	if (r->quantity)
		member_int(o, "quantity", r->quantity);
	member_text(o, "unit", r->unit);
	member_text(o, "state", r->state);
	member_text(o, "state_label", assignment_state_label(r->state));
	if (r->eta_min >= 0)
		member_real(o, "eta_min", out_tenths(r->eta_min));
	member_time(o, "at", r->at);
	member_time(o, "changed", r->changed);
	member_text(o, "why", r->why);
	return o;
}

static json_t *
list_assignments(struct store *st, const struct list_query *q)
{
	struct assignment_row *rows = NULL;
	json_t *out = json_array();
	size_t n, max;

	LIST_WHOLE_OF(rows, n, max, q->limit,
	    dispatch_assignments(st, q->incident, 0, q->open, rows, max),
	    assignment_rows_clear(rows, n))
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, assignment_json(&rows[i]));
	assignment_rows_clear(rows, n);
	free(rows);
	return out;
}

static const struct out_column assignment_columns[] = {
    {"incident_no", N_("incident"), OUT_TEXT, 0},
    {"source", N_("who brings it"), OUT_TEXT, 28},
    {"goods_name", N_("goods"), OUT_TEXT, 16},
    {"quantity", N_("quantity"), OUT_NUMBER, 0},
    {"unit", N_("unit of goods"), OUT_TEXT, 0},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"eta_min", N_("min"), OUT_NUMBER, 0},
    {"order_no", N_("order"), OUT_TEXT, 0},
};

const struct list_kind list_order_kinds[] = {
    {"responses", "response 响应", N_("responses"), COLUMNS(response_columns), list_responses,
	"response", one_response, NULL, COLUMNS(response_columns)},
    {"orders", "order 指令", N_("orders"), COLUMNS(order_columns), list_orders, "order", one_order,
	NULL, COLUMNS(order_detail)},
    {"assignments", "assignment 力量", N_("assignments"), COLUMNS(assignment_columns),
	list_assignments, LISTED_ONLY},
};
const size_t list_n_order_kinds = COUNT_OF(list_order_kinds);
