/* Orders and responses as forms, in the order of handbook 5.3 and of law art. 72: what lies on the
 * desk when the screens are dark. */
#include "dispatch/inside.h"

#include "base/paper.h"

#include <stdlib.h>
#include <string.h>

#define ORDERS_MAX 400

static void
head(struct buf *out, struct store *st, const char *title)
{
	const char *county = store_setting(st, "county_name");

	buf_printf(out, "%s%s%s\n", county ? county : "", county ? "  " : "", title);
	paper_rule(out, PAPER_COLUMNS);
}

/* A time with who stands for it: "2025-07-09 16:13 谢丽华". */
static void
when_by(struct buf *out, const char *label, int64_t at, const char *who)
{
	char stamp[40];

	if (at == CLOCK_NONE)
		buf_printf(out, _("%s: %s\n"), label, "____________________");
	else
		buf_printf(out, _("%s: %s %s\n"), label,
		    clock_format(stamp, sizeof(stamp), at, CLOCK_YMD_HM), who);
}

static void
write_entries(const struct order_full *o, struct buf *out)
{
	char at[40];

	buf_printf(out, "\n%s\n", _("Course"));
	for (size_t i = 0; i < o->n_entries; i++) {
		const struct order_entry *e = &o->entries[i];

		/* The first repeats the content. */
		buf_printf(out, "  %s  %s  %s  %s\n",
		    clock_format(at, sizeof(at), e->at, CLOCK_MD_HM), order_entry_label(e->kind),
		    e->who, strcmp(e->kind, "issued") == 0 ? "" : e->text);
	}
}

bool
dispatch_order_text(struct store *st, int64_t id, struct buf *out)
{
	struct order_full o;
	char title[64], no[16], person[80];
	struct incident_row incident;

	if (!dispatch_order_full(st, id, &o))
		return false;
	order_no(&o.row, no);
	fit_print(title, sizeof(title), _("Order %s"), no);
	head(out, st, title);
	paper_field(out, _("State"), order_state_label(o.row.state));
	if (o.row.incident && incident_get(st, o.row.incident, &incident))
		buf_printf(out, _("%s: %d-%03d %s\n"), _("Event"), incident.year, incident.number,
		    incident.title);
	paper_field(out, _("Issued by"), o.issuer);
	paper_field(out, _("Approved by"), o.approver);
	paper_time(out, _("Issued"), o.row.issued);
	paper_field(out, _("Way"), way_label(o.medium));
	fit_print(person, sizeof(person), "%s %s", o.row.person, o.row.phone);
	buf_printf(out, _("%s: %s %s\n"), _("To"), o.row.dest, person);
	paper_field(out, _("Kind"), order_kind_label(o.row.kind));
	paper_field(out, _("Place"), o.place);
	paper_field(out, _("Content"), o.content);
	paper_time(out, _("Acknowledge by"), o.row.ack_due);
	when_by(out, _("Acknowledged"), o.row.acked, o.acked_by);
	paper_time(out, _("Finish by"), o.row.finish_due);
	write_entries(&o, out);
	buf_add_char(out, '\n');
	paper_field(out, _("Result"), o.result);
	when_by(out, _("Finished, checked by"), o.row.finished, o.checked_by);
	order_full_clear(&o);
	return true;
}

static void
write_levels(struct store *st, const struct response_row *r, struct buf *out)
{
	struct level_change changes[60];
	size_t n = dispatch_levels(st, r->id, changes, COUNT_OF(changes));
	char at[40];

	buf_printf(out, "\n%s\n", _("History of levels"));
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "  %s  %s  %s  %s\n",
		    clock_format(at, sizeof(at), changes[i].at, CLOCK_YMD_HM),
		    response_level_label(changes[i].level), changes[i].approver, changes[i].reason);
	if (!r->active) {
		char *reason = sql_one_text(
		    st, "SELECT coalesce(end_reason, '') FROM response WHERE id = ?1", "i", r->id);

		buf_printf(out, "  %s  %s  %s  %s\n",
		    clock_format(at, sizeof(at), r->ended, CLOCK_YMD_HM), _("response ended"),
		    r->end_approver, reason ? reason : "");
		free(reason);
	}
}

static void
write_orders(struct store *st, const struct response_row *r, struct buf *out)
{
	struct order_filter f = {.response = r->id};
	struct order_row *rows = mem_zero(ORDERS_MAX, sizeof(*rows));
	size_t n = dispatch_orders(st, &f, rows, ORDERS_MAX);
	char no[16];

	buf_printf(out, _("\nTasks: %lld, open %lld, not acknowledged %lld\n"),
	    (long long)r->orders, (long long)r->open_orders, (long long)r->unacked);
	for (size_t i = n; i-- > 0;) {
		order_no(&rows[i], no);
		buf_printf(out, "  %s  %s  %s  %s\n", no, order_state_label(rows[i].state),
		    rows[i].dest, rows[i].content);
	}
	free(rows);
}

/* The plan says when a response may end: who ends it must have it before their eyes. */
static void
write_end(struct store *st, const struct response_row *r, struct buf *out)
{
	struct err err = ERR_NONE;
	const struct plan_doc *doc = plan_open(st, r->plan, r->plan_version, &err);

	if (doc && *doc->sections[PLAN_END])
		buf_printf(out, "\n%s\n  %s\n", _("Conditions to end it"), doc->sections[PLAN_END]);
	err_clear(&err);
}

bool
dispatch_response_text(struct store *st, int64_t id, struct buf *out)
{
	struct response_row r;
	char *matter, *measures;

	if (!dispatch_response(st, id, &r))
		return false;
	matter = sql_one_text(st, "SELECT matter FROM response WHERE id = ?1", "i", id);
	measures = sql_one_text(st, "SELECT measures FROM response WHERE id = ?1", "i", id);
	head(out, st, _("Response"));
	buf_printf(out, _("%s: %s %s\n"), _("Matter"), r.incident_no, matter ? matter : "");
	buf_printf(out, _("%s: %s (version %s)\n"), _("Plan"), r.plan_name, r.plan_version_text);
	paper_field(out, _("Level"), response_level_label(r.level));
	paper_field(out, _("State"), r.active ? _("response runs") : _("response ended"));
	paper_time(out, _("Started"), r.started);
	paper_field(out, _("Period"), r.period);
	paper_field(out, _("Measures"), measures);
	paper_field(out, _("Approved by"), r.approver);
	write_levels(st, &r, out);
	write_end(st, &r, out);
	write_orders(st, &r, out);
	free(matter);
	free(measures);
	return true;
}
