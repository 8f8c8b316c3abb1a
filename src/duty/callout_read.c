/* Reading call-outs: what is still to be dialled, what was done, paper and export. */
#include "duty/inside.h"

#include "store/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TARGETS_MAX 2000

#define COLUMNS                                                                                    \
	"SELECT c.id, c.at, c.alert, c.closed, c.matter, c.colour, c.caller, "                     \
	"coalesce(c.close_why, "                                                                   \
	"''), (SELECT count(*) FROM call_target t WHERE t.callout = c.id), (SELECT count(*) FROM " \
	"call_target t WHERE t.callout = c.id AND t.state = 'answered'), (SELECT count(*) FROM "   \
	"call_target t WHERE t.callout = c.id AND t.breached IS NOT NULL), (SELECT "               \
	"min(min(coalesce(t.step_due, t.due), CASE WHEN t.breached IS NULL THEN t.due ELSE "       \
	"coalesce(t.step_due, t.due) END)) FROM call_target t WHERE t.callout = c.id AND t.state " \
	"<> "                                                                                      \
	"'answered' AND c.closed IS NULL) FROM callout c"

static void
fill(struct sql *q, void *row)
{
	struct callout_row *out = row;

	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	out->at = sql_int(q, 1);
	out->alert = sql_int(q, 2);
	out->closed = sql_time(q, 3);
	FIELD(out->matter, q, 4);
	FIELD(out->colour, q, 5);
	FIELD(out->caller, q, 6);
	FIELD(out->close_why, q, 7);
	out->targets = (int)sql_int(q, 8);
	out->answered = (int)sql_int(q, 9);
	out->breached = (int)sql_int(q, 10);
	out->next_due = sql_time(q, 11);
}

size_t
duty_callouts(struct store *st, bool open, int64_t before, struct callout_row *out, size_t max)
{
	struct sql *q =
	    sql(st, COLUMNS " WHERE (?1 = 0 OR c.closed IS NULL) AND (?2 = 0 OR c.id < ?2) "
			    "ORDER BY c.id DESC LIMIT ?3");

	sql_bind(q, "iii", (int64_t)open, before, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill);
}

bool
duty_callout(struct store *st, int64_t id, struct callout_row *out)
{
	struct sql *q = sql(st, COLUMNS " WHERE c.id = ?1");

	sql_bind(q, "i", id);
	return sql_first(q, out, fill);
}

/* --- targets ---------------------------------------------------------------------------------- */

#define TARGET_COLUMNS                                                                             \
	"SELECT t.id, t.callout, t.area, t.list, t.name, t.state, t.due, t.breached, t.step,"      \
	" (SELECT count(*) FROM call_contact c WHERE c.target = t.id), t.step_tries, (SELECT "     \
	"count(*) FROM call_try r WHERE r.target = t.id), c.name, c.post, c.phone, t.step_due,"    \
	" t.answered, t.who, t.words, t.actions FROM call_target t LEFT JOIN call_contact c ON "   \
	"c.target = t.id AND c.n = t.step"

static void
fill_target(struct sql *q, void *row)
{
	struct call_target *t = row;

	memset(t, 0, sizeof(*t));
	t->id = sql_int(q, 0);
	t->callout = sql_int(q, 1);
	t->area = sql_int(q, 2);
	FIELD(t->list, q, 3);
	FIELD(t->name, q, 4);
	FIELD(t->state, q, 5);
	t->due = sql_int(q, 6);
	t->breached = sql_time(q, 7);
	t->contact = (int)sql_int(q, 8);
	t->contacts = (int)sql_int(q, 9);
	t->tries = (int)sql_int(q, 10);
	t->all_tries = (int)sql_int(q, 11);
	FIELD(t->person, q, 12);
	FIELD(t->post, q, 13);
	FIELD(t->phone, q, 14);
	t->step_due = sql_time(q, 15);
	t->answered = sql_time(q, 16);
	FIELD(t->by, q, 17);
	FIELD(t->words, q, 18);
	FIELD(t->actions, q, 19);
}

size_t
duty_targets(struct store *st, int64_t callout, int64_t area, struct call_target *out, size_t max)
{
	struct sql *q = sql(st, TARGET_COLUMNS
	    " WHERE (?1 <> 0 AND t.callout = ?1 OR ?1 = 0 AND EXISTS (SELECT 1 FROM callout "
	    "o WHERE o.id = t.callout AND o.closed IS NULL)) AND (?2 = 0 OR t.area = ?2) "
	    "ORDER BY t.state = 'answered', t.due, t.id LIMIT ?3");

	sql_bind(q, "iii", callout, area, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill_target);
}

bool
duty_target(struct store *st, int64_t id, struct call_target *out)
{
	struct sql *q = sql(st, TARGET_COLUMNS " WHERE t.id = ?1");

	sql_bind(q, "i", id);
	return sql_first(q, out, fill_target);
}

const char *
target_state_label(const char *state)
{
	if (strcmp(state, "calling") == 0)
		return _("calling");
	return strcmp(state, "answered") == 0 ? _("answered") : _("nobody left");
}

/* --- papers ----------------------------------------------------------------------------------- */

/* Why the contact before was left. */
static const char *
step_reason(const char *why)
{
	if (strcmp(why, "tries") == 0)
		return _(" (no answer twice)");
	if (strcmp(why, "undialled") == 0)
		return _(" (the one before was not dialled in time)");
	return strcmp(why, "minutes") == 0 ? _(" (time run out)") : "";
}

static void
write_contacts(struct store *st, int64_t target, struct buf *out)
{
	struct sql *q =
	    sql(st, "SELECT n, name, post, phone, since, why FROM call_contact WHERE target = "
		    "?1 ORDER BY n");
	char at[40];

	sql_bind(q, "i", target);
	while (sql_row(q)) {
		buf_printf(out, "  %d  %s %s %s", (int)sql_int(q, 0), sql_text(q, 2),
		    sql_text(q, 1), sql_text(q, 3));
		if (!sql_null(q, 4))
			buf_printf(out, _("  from %s%s"),
			    clock_format(at, sizeof(at), sql_int(q, 4), CLOCK_HMS),
			    step_reason(sql_text(q, 5)));
		buf_add_char(out, '\n');
	}
	sql_done(q);
}

static void
write_tries(struct store *st, int64_t target, struct buf *out)
{
	struct sql *q =
	    sql(st, "SELECT at, phone, answered, who, words, caller FROM call_try WHERE "
		    "target = ?1 ORDER BY id");
	char at[40];

	sql_bind(q, "i", target);
	while (sql_row(q))
		buf_printf(out, "    %s  %s  %s  %s  %s  (%s)\n",
		    clock_format(at, sizeof(at), sql_int(q, 0), CLOCK_HMS), sql_text(q, 1),
		    sql_int(q, 2) ? _("answered") : _("no answer"), sql_text(q, 3), sql_text(q, 4),
		    sql_text(q, 5));
	sql_done(q);
}

/* The township a target lies in, unless its name says it. */
static void
write_area(struct store *st, const struct call_target *t, struct buf *out)
{
	char area[64] = "";

	if (t->area)
		resource_area_name(st, t->area, area, sizeof(area));
	if (strcmp(area, t->name) != 0)
		paper_field(out, _("  area"), area);
}

bool
duty_target_text(struct store *st, int64_t id, struct buf *out)
{
	struct call_target t;
	char at[40];

	if (!duty_target(st, id, &t))
		return false;
	buf_printf(out, _("%s  %s  %s, limit %s\n"), t.list, t.name, target_state_label(t.state),
	    clock_format(at, sizeof(at), t.due, CLOCK_MD_HM));
	write_area(st, &t, out);
	if (t.breached != CLOCK_NONE)
		buf_printf(out, _("  LIMIT BREACHED at %s\n"),
		    clock_format(at, sizeof(at), t.breached, CLOCK_HMS));
	if (t.answered != CLOCK_NONE)
		buf_printf(out, _("  answered %s by %s; read back: %s\n"),
		    clock_format(at, sizeof(at), t.answered, CLOCK_HMS), t.by, t.words);
	paper_field(out, _("  will"), t.actions);
	write_contacts(st, id, out);
	write_tries(st, id, out);
	return true;
}

/* The identifier of the warning it answers, NULL none; the caller frees. */
static char *
warning_of(struct store *st, const struct callout_row *row)
{
	return sql_one_text(st, "SELECT identifier FROM alert WHERE id = ?1", "i", row->alert);
}

bool
duty_callout_text(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	struct callout_row row;
	struct call_target *targets;
	char at[40], *warning;
	size_t n;

	if (!duty_callout(st, id, &row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such call-out."));
	add_head(out, st, _("Call-out"));
	buf_printf(out, _("%s  begun %s by %s: %d of %d answered, %d past the limit\n"), row.matter,
	    clock_format(at, sizeof(at), row.at, CLOCK_YMD_HM), row.caller, row.answered,
	    row.targets, row.breached);
	paper_field(out, _("level"), command_choice_label(row.colour));
	warning = warning_of(st, &row);
	paper_field(out, _("warning"), warning);
	free(warning);
	paper_time(out, _("ended at"), row.closed);
	paper_field(out, _("why closed"), row.close_why);
	targets = mem_zero(TARGETS_MAX, sizeof(*targets));
	n = duty_targets(st, id, 0, targets, TARGETS_MAX);
	for (size_t i = 0; i < n; i++) {
		buf_add_char(out, '\n');
		duty_target_text(st, targets[i].id, out);
	}
	free(targets);
	add_signatures(out);
	add_signature(out, _("called by"), row.caller);
	add_signature(out, duty_post_label("chief"), "");
	add_signature(out, duty_post_label("leader"), "");
	add_chain(out, st);
	return true;
}

/* The contacts it was passed on to, in order. */
static void
csv_passed_on(struct buf *out, struct store *st, int64_t target)
{
	struct sql *q =
	    sql(st, "SELECT name FROM call_contact WHERE target = ?1 AND n > 1 AND since "
		    "IS NOT NULL ORDER BY n");
	struct buf names = BUF_MAX(1000);

	sql_bind(q, "i", target);
	while (sql_row(q))
		buf_printf(&names, "%s%s", names.size ? " " : "", sql_text(q, 0));
	sql_done(q);
	csv_field(out, buf_str(&names), false);
	buf_clear(&names);
}

/* Where it lies, whom, which number was dialled last and by whom, to whom it was passed on, on which warning of which level. */
static void
csv_more(struct buf *out, struct store *st, const struct call_target *t,
    const struct callout_row *row, const char *warning)
{
	struct sql *q = sql(
	    st, "SELECT phone, caller FROM call_try WHERE target = ?1 ORDER BY id DESC LIMIT 1");
	char area[64] = "";
	bool dialled;

	if (t->area)
		resource_area_name(st, t->area, area, sizeof(area));
	csv_field(out, area, false);
	csv_field(out, t->post, false);
	sql_bind(q, "i", t->id);
	dialled = sql_row(q);
	csv_field(out, dialled ? sql_text(q, 0) : "", false);
	csv_field(out, dialled ? sql_text(q, 1) : "", false);
	sql_done(q);
	csv_passed_on(out, st, t->id);
	csv_field(out, warning ? warning : "", false);
	csv_field(out, command_choice_label(row->colour), true);
}

static void
csv_time(struct buf *out, int64_t at, bool last)
{
	char text[40];

	csv_field(
	    out, at == CLOCK_NONE ? "" : clock_format(text, sizeof(text), at, CLOCK_YMD_HM), last);
}

bool
duty_callout_csv(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	static const char *const heads[] = {N_("list"), N_("whom"), N_("state"), N_("limit"),
	    N_("breached"), N_("tries"), N_("answered"), N_("answered by"), N_("read back"),
	    N_("will do"), N_("Area"), N_("post"), N_("number dialled"), N_("called by"),
	    N_("passed on to"), N_("warning"), N_("level")};
	struct callout_row row;
	struct call_target *targets;
	char *warning;
	size_t n;

	if (!duty_callout(st, id, &row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such call-out."));
	for (size_t i = 0; i < COUNT_OF(heads); i++)
		csv_field(out, _(heads[i]), i + 1 == COUNT_OF(heads));
	warning = warning_of(st, &row);
	targets = mem_zero(TARGETS_MAX, sizeof(*targets));
	n = duty_targets(st, id, 0, targets, TARGETS_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct call_target *t = &targets[i];
		char tries[16];

		snprintf(tries, sizeof(tries), "%d", t->all_tries);
		csv_field(out, t->list, false);
		csv_field(out, t->name, false);
		csv_field(out, target_state_label(t->state), false);
		csv_time(out, t->due, false);
		csv_time(out, t->breached, false);
		csv_field(out, tries, false);
		csv_time(out, t->answered, false);
		csv_field(out, t->by, false);
		csv_field(out, t->words, false);
		csv_field(out, t->actions, false);
		csv_more(out, st, t, &row, warning);
	}
	free(targets);
	free(warning);
	return !out->full;
}
