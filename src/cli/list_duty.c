/* Lists of the duty room: roster, handovers, registers. */
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
	struct swap_row *page = NULL;
	json_t *rows = json_array();
	size_t n, max;

	LIST_WHOLE(page, n, max, q->limit, q->area ? 0 : duty_swaps(st, q->open, page, max))
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
	struct watch_row *page = NULL;
	json_t *rows = json_array();
	size_t n, max;

	LIST_WHOLE(page, n, max, q->limit, q->area ? 0 : duty_watches(st, 0, page, max))
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
	struct handover_row *page = NULL;
	json_t *rows = json_array();
	size_t n, max;

	LIST_WHOLE(page, n, max, q->limit, q->area ? 0 : duty_handovers(st, 0, page, max))
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
};
const size_t list_n_duty_kinds = COUNT_OF(list_duty_kinds);
