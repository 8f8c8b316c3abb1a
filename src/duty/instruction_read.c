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

/* "phone" and the others; what was typed freely as it is. */
static const char *
way_label(const char *way)
{
	static const char *const labels[][2] = {{"phone", N_("by telephone")},
	    {"written", N_("in writing")}, {"sms", N_("by text message")},
	    {"face", N_("face to face")}};

	return i18n_label(labels, COUNT_OF(labels), way);
}

static void
write_steps(struct store *st, int64_t id, struct buf *out)
{
	struct sql *q = sql(st, "SELECT at, kind, who, dest, way, text FROM instruction_step WHERE "
				"instruction = ?1 ORDER BY at, id");
	char at[40];

	sql_bind(q, "i", id);
	while (sql_row(q)) {
		buf_printf(out, "  %s  %s",
		    clock_format(at, sizeof(at), sql_int(q, 0), CLOCK_MD_HM),
		    step_label(sql_text(q, 1)));
		for (int i = 3; i <= 4; i++)
			if (*sql_text(q, i))
				buf_printf(out, "  %s",
				    i == 4 ? way_label(sql_text(q, i)) : sql_text(q, i));
		buf_printf(out, "  (%s)%s%s\n", sql_text(q, 2), *sql_text(q, 5) ? "  " : "",
		    sql_text(q, 5));
	}
	sql_done(q);
}

static bool
is_supervision(const struct instruction_row *r)
{
	return strcmp(r->kind, "supervision") == 0;
}

/* A field of the sheet; what is still to come is left to be written by hand. */
static void
write_field(struct buf *out, const char *label, const char *text)
{
	buf_printf(out, _("%s: %s\n"), label, *text ? text : "____________________");
}

/* The newest step of a kind, as the field has it: "2025-07-09 19:36 临泽镇 by telephone (陈涛)", "" none. */
static void
newest_step(struct store *st, int64_t id, const char *kind, char *out, size_t size)
{
	struct sql *q =
	    sql(st, "SELECT at, who, dest, way, text FROM instruction_step WHERE "
		    "instruction = ?1 AND kind = ?2 ORDER BY kind = 'relayed' AND at = (SELECT "
		    "relayed FROM instruction WHERE id = ?1) DESC, id DESC LIMIT 1");
	struct buf line = BUF_MAX(4096);
	char at[40];

	sql_bind(q, "it", id, kind);
	if (sql_row(q)) {
		buf_add(&line, clock_format(at, sizeof(at), sql_int(q, 0), CLOCK_YMD_HM));
		for (int i = 2; i <= 3; i++)
			if (*sql_text(q, i))
				buf_printf(&line, "  %s",
				    i == 3 ? way_label(sql_text(q, i)) : sql_text(q, i));
		buf_printf(&line, "  (%s)", sql_text(q, 1));
		if (*sql_text(q, 4))
			buf_printf(&line, "  %s", sql_text(q, 4));
	}
	sql_done(q);
	utf8_copy(out, size, buf_str(&line));
	buf_clear(&line);
}

/* How far it has come: told to the owner, fed back, settled; each with when, by and to whom. */
static void
write_way(struct store *st, const struct instruction_row *r, struct buf *out)
{
	static const char *const kinds[][2] = {{"relayed", N_("Relayed")},
	    {"taken", N_("Taken on")}, {"reported", N_("Feedback")}, {"closed", N_("Closed")}};
	char step[2000];

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		newest_step(st, r->id, kinds[i][0], step, sizeof(step));
		write_field(out,
		    i == 0 && is_supervision(r) ? _("Handed to the owner") : _(kinds[i][1]), step);
	}
}

/* The matter it is about: number and name. */
static void
write_matter(struct store *st, const struct instruction_row *r, struct buf *out)
{
	char *title =
	    sql_one_text(st, "SELECT title FROM incident WHERE id = ?1", "i", r->incident);

	if (r->incident)
		buf_printf(out, _("%s: %s %s\n"), _("matter"), r->incident_no, title ? title : "");
	free(title);
}

/* The head of the sheet down to the words themselves. */
static void
write_order(struct store *st, const struct instruction_row *r, struct buf *out)
{
	char *text = sql_one_text(st, "SELECT basis FROM instruction WHERE id = ?1", "i", r->id);

	buf_printf(
	    out, _("No. %d-%03d  %s\n"), r->year, r->number, instruction_state_label(r->state));
	paper_field(out, is_supervision(r) ? _("Ordered by") : _("Instructed by"), r->leader);
	paper_field(out, _("post"), r->post);
	if (!is_supervision(r))
		paper_field(out, _("given how"), way_label(r->medium));
	paper_time(out, is_supervision(r) ? _("ordered at") : _("given"), r->at);
	paper_field(out, _("basis"), text);
	free(text);
	write_matter(st, r, out);
	text = sql_one_text(st, "SELECT text FROM instruction WHERE id = ?1", "i", r->id);
	buf_printf(out, "\n  %s\n\n", text ? text : "");
	free(text);
}

/* Whoever registered it, the owner, the chief who checks what came of it, and the leader it is told to. */
static void
sign_sheet(struct store *st, const struct instruction_row *r, struct buf *out)
{
	char *registrar = sql_one_text(st,
	    "SELECT who FROM instruction_step WHERE instruction = ?1 AND kind = 'registered'", "i",
	    r->id);

	add_signatures(out);
	add_signature(out, _("registered by"), registrar ? registrar : "");
	add_signature(out, _("owner"), r->owner);
	add_signature(out, _("checked and closed by"), r->closed_by);
	add_signature(out, _("outcome shown to"), r->leader);
	free(registrar);
}

bool
duty_instruction_text(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	struct instruction_row r;
	char *text;

	if (!duty_instruction(st, id, &r))
		return err_set(err, ERR_NOT_FOUND, _("There is no such instruction."));
	add_head(out, st, is_supervision(&r) ? _("Supervision sheet") : _("Instruction sheet"));
	write_order(st, &r, out);
	paper_field(out, _("owner"), r.owner);
	paper_field(out, _("helpers"), r.helpers);
	paper_time(out, _("relay by"), r.relay_due);
	paper_time(out, _("feedback due"), r.due);
	if (r.late_days)
		buf_printf(out,
		    ngettext("late: %d day\n", "late: %d days\n", (unsigned long)r.late_days),
		    r.late_days);
	write_way(st, &r, out);
	text = sql_one_text(st, "SELECT result FROM instruction WHERE id = ?1", "i", id);
	write_field(out, _("result"), text ? text : "");
	free(text);
	buf_printf(out, "\n%s\n", _("All steps"));
	write_steps(st, id, out);
	sign_sheet(st, &r, out);
	add_chain(out, st);
	return true;
}
