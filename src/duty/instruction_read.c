/* Reading instructions, and the sheet of one. */
#include "duty/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS                                                                                    \
	"SELECT n.id, n.incident, n.owner_unit, n.area, n.year, n.number, n.kind, n.state, "       \
	"n.leader, "                                                                               \
	"n.post, n.medium, n.owner, n.helpers, coalesce(i.year || '-' || substr('00' || "          \
	"i.number, "                                                                               \
	"-3), ''), n.text, n.at, n.relay_due, n.due, n.relayed, n.reported, n.closed, "            \
	"n.closed_by, "                                                                            \
	"(SELECT count(*) FROM instruction_step s WHERE s.instruction = n.id AND s.kind IN "       \
	"('reminded', 'due_soon', 'overdue', 'relay_late')) FROM instruction n LEFT JOIN "         \
	"incident i ON "                                                                           \
	"i.id = n.incident"

/* Which limit runs: to tell the owner, then to feed back; none behind the feedback. */
static void
fill_limits(struct instruction_row *r)
{
	int64_t now = clock_now(), end = r->reported != CLOCK_NONE ? r->reported : now;

	r->runs = CLOCK_NONE;
	if (strcmp(r->state, "registered") == 0 && r->relay_due != CLOCK_NONE)
		r->runs = r->relay_due;
	else if (strcmp(r->state, "closed") != 0 && strcmp(r->state, "reported") != 0)
		r->runs = r->due;
	r->overdue = r->runs != CLOCK_NONE && now > r->runs;
	if (r->due != CLOCK_NONE && end > r->due)
		r->late_days = (int)((end - r->due + CLOCK_DAY - 1) / CLOCK_DAY);
}

static void
fill(struct sql *q, void *row)
{
	struct instruction_row *r = row;

	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->incident = sql_int(q, 1);
	r->owner_unit = sql_int(q, 2);
	r->area = sql_int(q, 3);
	r->year = (int)sql_int(q, 4);
	r->number = (int)sql_int(q, 5);
	FIELD(r->kind, q, 6);
	FIELD(r->state, q, 7);
	FIELD(r->leader, q, 8);
	FIELD(r->post, q, 9);
	FIELD(r->medium, q, 10);
	FIELD(r->owner, q, 11);
	FIELD(r->helpers, q, 12);
	FIELD(r->incident_no, q, 13);
	FIELD(r->text, q, 14);
	r->at = sql_int(q, 15);
	r->relay_due = sql_time(q, 16);
	r->due = sql_time(q, 17);
	r->relayed = sql_time(q, 18);
	r->reported = sql_time(q, 19);
	r->closed = sql_time(q, 20);
	FIELD(r->closed_by, q, 21);
	r->reminders = (int)sql_int(q, 22);
	fill_limits(r);
}

size_t
duty_instructions(
    struct store *st, const struct instruction_filter *f, struct instruction_row *out, size_t max)
{
	struct sql *q =
	    f->open ? sql(st, COLUMNS
			  " WHERE n.state <> 'closed' AND (?1 = 0 OR n.area = ?1) AND (?2 = 0 OR "
			  "n.incident = ?2) AND ?3 = 0 ORDER BY n.due IS NULL, CASE WHEN n.state "
			  "= 'registered' THEN coalesce(n.relay_due, n.due) ELSE n.due END, n.id "
			  "LIMIT ?4")
		    : sql(st, COLUMNS
			  " WHERE (?1 = 0 OR n.area = ?1) AND (?2 = 0 OR n.incident = ?2) AND (?3 "
			  "= 0 OR n.id < ?3) ORDER BY n.id DESC LIMIT ?4");

	sql_bind(q, "iiii", f->area, f->incident, f->before, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill);
}

bool
duty_instruction(struct store *st, int64_t id, struct instruction_row *out)
{
	struct sql *q = sql(st, COLUMNS " WHERE n.id = ?1");

	sql_bind(q, "i", id);
	return sql_first(q, out, fill);
}

const char *
instruction_kind_label(const char *kind)
{
	return strcmp(kind, "supervision") == 0 ? _("supervision") : _("instruction");
}

const char *
instruction_state_label(const char *state)
{
	static const char *const labels[][2] = {{"registered", N_("registered")},
	    {"relayed", N_("relayed")}, {"taken", N_("taken on")}, {"reported", N_("fed back")},
	    {"closed", N_("settled")}};

	return i18n_label(labels, COUNT_OF(labels), state);
}

const char *const *
instruction_next_verbs(const struct instruction_row *row)
{
	static const char *const registered[] = {"instruction.relay", "instruction.remind", NULL};
	static const char *const relayed[] = {"instruction.take", "instruction.report",
	    "instruction.relay", "instruction.remind", NULL};
	static const char *const taken[] = {
	    "instruction.report", "instruction.remind", "instruction.relay", NULL};
	static const char *const reported[] = {"instruction.close", "instruction.return", NULL};
	static const char *const none[] = {NULL};

	if (strcmp(row->state, "registered") == 0)
		return registered;
	if (strcmp(row->state, "relayed") == 0)
		return relayed;
	if (strcmp(row->state, "taken") == 0)
		return taken;
	return strcmp(row->state, "reported") == 0 ? reported : none;
}

/* --- the sheet -------------------------------------------------------------------------------- */

static const char *
step_label(const char *kind)
{
	static const char *const labels[][2] = {{"registered", N_("registered")},
	    {"relayed", N_("relayed")}, {"taken", N_("taken on")}, {"reported", N_("fed back")},
	    {"returned", N_("sent back")}, {"reminded", N_("reminded")},
	    {"due_soon", N_("due in half an hour")}, {"overdue", N_("LIMIT PAST")},
	    {"relay_late", N_("NOT RELAYED IN TIME")}, {"closed", N_("settled")}};

	return i18n_label(labels, COUNT_OF(labels), kind);
}

static void
write_steps(struct store *st, int64_t id, struct buf *out)
{
	struct sql *q = sql(st, "SELECT at, kind, who, dest, way, text FROM instruction_step WHERE "
				"instruction = ?1 ORDER BY at, id");
	char at[40];

	sql_bind(q, "i", id);
	while (sql_row(q)) {
		const char *way = sql_text(q, 4);

		buf_printf(out, "  %s  %s  %s",
		    clock_format(at, sizeof(at), sql_int(q, 0), CLOCK_MD_HM),
		    step_label(sql_text(q, 1)), sql_text(q, 3));
		if (*way)
			buf_printf(out, "  %s",
			    strcmp(way, "phone") == 0	  ? _("by telephone")
			    : strcmp(way, "written") == 0 ? _("in writing")
			    : strcmp(way, "sms") == 0	  ? _("by text message")
			    : strcmp(way, "face") == 0	  ? _("face to face")
							  : way);
		buf_printf(out, "  (%s)%s%s\n", sql_text(q, 2), *sql_text(q, 5) ? "  " : "",
		    sql_text(q, 5));
	}
	sql_done(q);
}

bool
duty_instruction_text(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	struct instruction_row r;
	char *text;

	if (!duty_instruction(st, id, &r))
		return err_set(err, ERR_NOT_FOUND, _("There is no such instruction."));
	add_head(out, st, instruction_kind_label(r.kind));
	buf_printf(out, _("No. %d-%03d  %s\n"), r.year, r.number, instruction_state_label(r.state));
	buf_printf(out, _("Leader: %s %s\n"), r.leader, r.post);
	add_time(out, _("given"), r.at);
	text = sql_one_text(st, "SELECT basis FROM instruction WHERE id = ?1", "i", id);
	add_field(out, _("basis"), text);
	free(text);
	text = sql_one_text(st, "SELECT text FROM instruction WHERE id = ?1", "i", id);
	buf_printf(out, "\n  %s\n\n", text ? text : "");
	free(text);
	add_field(out, _("owner"), r.owner);
	add_field(out, _("helpers"), r.helpers);
	add_field(out, _("matter"), r.incident_no);
	add_time(out, _("relay by"), r.relay_due);
	add_time(out, _("due"), r.due);
	if (r.late_days)
		buf_printf(out, _("late: %d days\n"), r.late_days);
	add_field(out, _("closed by"), r.closed_by);
	text = sql_one_text(st, "SELECT result FROM instruction WHERE id = ?1", "i", id);
	add_field(out, _("result"), text);
	free(text);
	buf_add_char(out, '\n');
	write_steps(st, id, out);
	add_chain(out, st);
	return true;
}
