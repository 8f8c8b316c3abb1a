/* Lists of incidents: the matters themselves, their clocks, the inbox. */
#include "cli/list.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "incident/incident.h"
#include "store/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 128

/* --- incidents ------------------------------------------------------------------------------- */

static void
member_grade(json_t *o, enum grade grade)
{
	if (grade == GRADE_NONE)
		return;
	member_int(o, "grade", grade);
	member_text(o, "grade_label", grade_label(grade));
}

static json_t *
incident_json(const struct incident_row *r)
{
	json_t *o = json_object();
	char no[16];

	snprintf(no, sizeof(no), "%d-%03d", r->year, r->number);
	member_text(o, "no", no);
	member_text(o, "short", no + 5);
	member_int(o, "id", r->id);
	member_time(o, "received", r->received);
	member_time(o, "occurred", r->occurred);
	member_text(o, "title", r->title);
	member_text(o, "type", r->type);
	member_text(o, "type_name", r->type_name);
	member_text(o, "place", r->place);
	member_text(o, "road", r->road);
	member_text(o, "area", r->area_name);
	member_position(o, r->lon, r->lat);
	member_grade(o, r->grade);
	member_flag(o, "near_miss", r->near_miss);
	member_flag(o, "sensitive", r->sensitive);
	member_text(o, "source", r->source);
	member_text(o, "state", r->state);
	member_text(o, "state_label", incident_state_label(r->state));
	member_id(o, "parent", r->parent);
	member_id(o, "merged_into", r->merged_into);
	member_int(o, "calls", r->calls);
	member_int(o, "children", r->children);
	member_time(o, "next_due", r->next_due);
	member_text(o, "next", r->next_label);
	member_int(o, "open_orders", r->open_orders);
	member_int(o, "unacked", r->unacked);
	return o;
}

static json_t *
list_incidents(struct store *st, const struct list_query *q)
{
	struct incident_filter f = {.open = q->open, .area = q->area, .words = q->words};
	struct incident_row *page = mem_zero(PAGE, sizeof(*page));
	json_t *rows = json_array();
	size_t n, want;

	while ((want = q->limit - json_array_size(rows)) > 0 &&
	       (n = incident_list(st, &f, page, want < PAGE ? want : PAGE)) > 0) {
		for (size_t i = 0; i < n; i++)
			json_array_append_new(rows, incident_json(&page[i]));
		f.before = page[n - 1].id;
	}
	free(page);
	return rows;
}

static json_t *
figures_json(const struct incident_full *f)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < f->n_figures; i++) {
		json_t *o = json_object();

		member_text(o, "kind", fact_kind_name(f->figures[i].kind));
		member_text(o, "label", fact_kind_label(f->figures[i].kind));
		member_int(o, "value", f->figures[i].value);
		member_time(o, "at", f->figures[i].at);
		member_text(o, "source", f->figures[i].source);
		member_id(o, "journal", f->figures[i].journal);
		json_array_append_new(rows, o);
	}
	return rows;
}

static json_t *
codes_json(const struct incident_full *f)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < f->n_codes; i++) {
		json_t *o = json_object();

		member_text(o, "code", f->codes[i].code);
		member_text(o, "name", f->codes[i].name);
		member_text(o, "why", f->codes[i].why);
		json_array_append_new(rows, o);
	}
	return rows;
}

static json_t *
one_incident(struct store *st, int64_t id)
{
	struct incident_full f;
	json_t *o;

	if (!incident_full(st, id, &f))
		return NULL;
	o = incident_json(&f.row);
	member_text(o, "nature", f.nature);
	member_text(o, "grade_rule", f.grade_rule);
	member_text(o, "grade_why", f.grade_why);
	member_text(o, "near_miss_why", f.near_miss_why);
	member_text(o, "sensitive_why", f.sensitive_why);
	member_text(o, "lead", f.lead);
	member_text(o, "helpers", f.helpers);
	member_text(o, "cause", f.cause);
	member_text(o, "trend", f.trend);
	member_text(o, "measures", f.measures);
	member_text(o, "weather", f.weather);
	member_text(o, "scene_chief", f.scene_chief);
	member_text(o, "scene_phone", f.scene_phone);
	member_text(o, "leaders_on_site", f.leaders_on_site);
	member_text(o, "needs", f.needs);
	json_object_set_new(o, "codes", codes_json(&f));
	json_object_set_new(o, "figures", figures_json(&f));
	incident_full_clear(&f);
	return o;
}

static const struct out_column incident_columns[] = {
    {"no", N_("No."), OUT_TEXT, 0},
    {"received", N_("received"), OUT_TIME, 0},
    {"type_name", N_("type"), OUT_TEXT, 16},
    {"title", N_("matter"), OUT_TEXT, 40},
    {"grade_label", N_("grade"), OUT_TEXT, 0},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"next_due", N_("due"), OUT_TIME, 0},
    {"next", N_("next"), OUT_TEXT, 0},
};
static const struct out_column incident_detail[] = {
    {"no", N_("No."), OUT_TEXT, 0},
    {"title", N_("matter"), OUT_TEXT, 0},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"received", N_("received"), OUT_TIME, 0},
    {"occurred", N_("occurred"), OUT_TIME, 0},
    {"type", N_("code"), OUT_TEXT, 0},
    {"type_name", N_("type"), OUT_TEXT, 0},
    {"place", N_("place"), OUT_TEXT, 0},
    {"road", N_("road"), OUT_TEXT, 0},
    {"area", N_("area"), OUT_TEXT, 0},
    {"nature", N_("nature"), OUT_TEXT, 0},
    {"grade_label", N_("grade"), OUT_TEXT, 0},
    {"grade_why", N_("why this grade"), OUT_TEXT, 0},
    {"near_miss", N_("major near miss"), OUT_BOOL, 0},
    {"near_miss_why", N_("why a near miss"), OUT_TEXT, 0},
    {"sensitive", N_("sensitive"), OUT_BOOL, 0},
    {"sensitive_why", N_("why sensitive"), OUT_TEXT, 0},
    {"lead", N_("lead unit"), OUT_TEXT, 0},
    {"helpers", N_("helpers"), OUT_TEXT, 0},
    {"cause", N_("cause"), OUT_TEXT, 0},
    {"measures", N_("measures"), OUT_TEXT, 0},
    {"trend", N_("trend"), OUT_TEXT, 0},
    {"weather", N_("weather"), OUT_TEXT, 0},
    {"scene_chief", N_("scene commander"), OUT_TEXT, 0},
    {"scene_phone", N_("phone of the scene"), OUT_TEXT, 0},
    {"leaders_on_site", N_("leaders on site"), OUT_TEXT, 0},
    {"needs", N_("needs"), OUT_TEXT, 0},
};

/* --- clocks ---------------------------------------------------------------------------------- */

static const char *
clock_state_label(const char *state)
{
	static const struct {
		const char *state, *label;
	} labels[] = {
	    {"open", N_("running")},
	    {"met", N_("met")},
	    {"late", N_("late")},
	    {"void", N_("void")},
	};

	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (strcmp(labels[i].state, state) == 0)
			return _(labels[i].label);
	return state;
}

static json_t *
clock_json(const struct clock_row *r)
{
	json_t *o = json_object();
	char label[160];

	clock_label(r, label, sizeof(label));
	member_int(o, "id", r->id);
	member_int(o, "incident", r->incident);
	member_text(o, "incident_no", r->incident_no);
	member_text(o, "label", label);
	member_text(o, "kind", r->kind);
	member_text(o, "dest", r->dest);
	member_text(o, "medium", r->medium);
	member_text(o, "needs", r->needs);
	member_text(o, "state", r->state);
	member_text(o, "state_label", clock_state_label(r->state));
	member_time(o, "starts", r->starts);
	member_time(o, "due", r->due);
	member_flag(o, "overdue", strcmp(r->state, "open") == 0 && r->due < clock_now());
	member_time(o, "closed", r->closed);
	member_text(o, "receiver", r->receiver);
	member_text(o, "number", r->number);
	member_text(o, "signer", r->signer);
	member_text(o, "rule", r->rule);
	member_text(o, "source", r->source);
	member_text(o, "why", r->why);
	return o;
}

/* Clocks are few: those of the open incidents, or of one. */
static json_t *
list_clocks(struct store *st, const struct list_query *q)
{
	struct clock_filter f = {.incident = q->incident,
	    .open = q->open || q->overdue,
	    .area = q->area,
	    .due_before = q->overdue ? clock_now() : CLOCK_NONE};
	struct clock_row *rows = NULL;
	json_t *out = json_array();
	size_t n, max;

	LIST_WHOLE(rows, n, max, q->limit, incident_clocks(st, &f, rows, max))
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, clock_json(&rows[i]));
	free(rows);
	return out;
}

static const struct out_column clock_columns[] = {
    {"incident_no", N_("incident"), OUT_TEXT, 0},
    {"due", N_("due"), OUT_TIME, 0},
    {"overdue", N_("overdue"), OUT_BOOL, 0},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"label", N_("clock"), OUT_TEXT, 40},
    {"closed", N_("closed"), OUT_TIME, 0},
    {"receiver", N_("receiver"), OUT_TEXT, 16},
    {"source", N_("by rule"), OUT_TEXT, 0},
};

/* --- inbox ----------------------------------------------------------------------------------- */

static json_t *
list_inbox(struct store *st, const struct list_query *q)
{
	struct inbox_row *rows = NULL;
	json_t *out = json_array();
	size_t n, max;

	LIST_WHOLE_OF(rows, n, max, q->limit, q->area ? 0 : incident_inbox(st, q->open, rows, max),
	    inbox_rows_clear(rows, n))
	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		incident_mask_inbox(q->reader, &rows[i]);
		member_int(o, "id", rows[i].id);
		member_time(o, "at", rows[i].at);
		member_text(o, "source", rows[i].source);
		member_text(o, "kind", rows[i].kind);
		member_text(o, "title", rows[i].title);
		member_text(o, "text", rows[i].text);
		member_flag(o, "urgent", rows[i].urgent);
		member_text(o, "state", rows[i].state);
		member_id(o, "incident", rows[i].incident);
		json_array_append_new(out, o);
	}
	inbox_rows_clear(rows, n);
	free(rows);
	return out;
}

static const struct out_column inbox_columns[] = {
    {"at", N_("time"), OUT_TIME, 0},
    {"source", N_("from"), OUT_TEXT, 16},
    {"urgent", N_("urgent"), OUT_BOOL, 0},
    {"title", N_("title"), OUT_TEXT, 0},
    {"state", N_("state"), OUT_TEXT, 0},
};

const struct list_kind list_event_kinds[] = {
    {"incidents", "incident events 事件", N_("incidents"), COLUMNS(incident_columns),
	list_incidents, "incident", one_incident, NULL, COLUMNS(incident_detail)},
    {"clocks", "clock 时限", N_("report clocks"), COLUMNS(clock_columns), list_clocks, LISTED_ONLY},
    {"inbox", "收件箱", N_("inbox"), COLUMNS(inbox_columns), list_inbox, LISTED_ONLY},
};
const size_t list_n_event_kinds = COUNT_OF(list_event_kinds);
