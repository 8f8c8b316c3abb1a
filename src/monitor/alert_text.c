/* An alert as an officer reads it: what is said, for where, what came before and after it, what was
 * done. */
#include "monitor/inside.h"

#include "exchange/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHAIN_SHOWN 60
#define RAW_SHOWN (4u << 20)
#define SENT_MAX 200 /* units that one warning goes to */

void
alert_when(int64_t ms, char *out, size_t size)
{
	clock_format(out, size, ms, CLOCK_YMD_HM);
}

static void
line(struct buf *b, const char *label, const char *text)
{
	if (text && *text)
		buf_printf(b, "%s  %s\n", label, text);
}

static void
head(struct buf *b, const char *title)
{
	buf_printf(b, "\n%s\n", title);
}

/* --- head ------------------------------------------------------------------------------------ */

static void
put_state(struct store *st, const struct alert_row *r, struct buf *b)
{
	struct alert_row by;
	char when[40];

	buf_printf(b, "%s  %s", _("state"), alert_state_label(r->state));
	if (r->ended_by && monitor_alert(st, r->ended_by, &by)) {
		alert_when(by.sent, when, sizeof(when));
		buf_printf(b, _(" by \"%s\" (%s)"), by.headline, when);
	}
	buf_add_char(b, '\n');
	if (r->drill)
		line(b, _("status"), _("DRILL OR TEST, not a real warning"));
}

static void
put_times(const struct alert_row *r, struct buf *b)
{
	char when[40];
	int64_t hours = (clock_now() - (r->sent == CLOCK_NONE ? r->taken : r->sent)) / CLOCK_HOUR;

	alert_when(r->sent, when, sizeof(when));
	line(b, _("sent"), when);
	if (r->onset != CLOCK_NONE) {
		alert_when(r->onset, when, sizeof(when));
		line(b, _("in force from"), when);
	}
	if (r->no_expiry)
		buf_printf(b, _("until  no end is given; it is %lld h old\n"), (long long)hours);
	else {
		alert_when(r->expires, when, sizeof(when));
		line(b, _("until"), when);
	}
	if (r->ours)
		return;
	alert_when(r->taken, when, sizeof(when));
	line(b, _("taken in"), when);
	alert_when(r->seen, when, sizeof(when));
	buf_printf(b,
	    ngettext("last seen in a feed  %s, %d time in all\n",
		"last seen in a feed  %s, %d times in all\n", (unsigned long)r->copies),
	    when, r->copies);
}

static void
put_marks(struct store *st, const struct alert_row *r, struct buf *b)
{
	char *notes =
		 sql_one_text(st, "SELECT ifnull(notes, '') FROM alert WHERE id = ?1", "i", r->id),
	     *inner = sql_one_text(st,
		 "SELECT CASE restricted WHEN 1 THEN 'x' ELSE '' END FROM alert WHERE "
		 "id = ?1",
		 "i", r->id);

	if (r->conflicting)
		line(b, "!", _("another text stands under the same number, see the chain"));
	if (r->colour_disagrees)
		line(b, "!", _("its colours disagree: the worse one is shown"));
	if (r->code_disagrees)
		line(b, "!", _("its code and its headline disagree: the headline is shown"));
	if (inner && *inner)
		line(b, "!", _("not to be handed on outside"));
	if (!r->ours)
		line(
		    b, _("signature"), r->is_signed ? _("signed, key not checked") : _("unsigned"));
	if (notes && *notes) {
		head(b, _("Findings"));
		buf_printf(b, "%s\n", notes);
	}
	free(notes);
	free(inner);
}

/* --- parts ----------------------------------------------------------------------------------- */

static void
put_info(struct sql *q, struct buf *b)
{
	/* Chinese goes without saying. */
	const char *language = strncmp(sql_text(q, 0), "zh", 2) == 0 ? "" : sql_text(q, 0);
	int64_t expires = sql_time(q, 8);
	char when[40];

	buf_printf(b, "\n%s%s%s %s", language, *language ? " " : "",
	    colour_label((enum colour)sql_int(q, 6)), sql_text(q, 1));
	if (expires != CLOCK_NONE) {
		alert_when(expires, when, sizeof(when));
		buf_printf(b, "  %s %s%s", _("until"), when,
		    expires <= clock_now() ? _(" (expired)") : "");
	}
	buf_add_char(b, '\n');
	for (int i = 2; i <= 5; i++)
		if (*sql_text(q, i))
			buf_printf(b, "%s\n", sql_text(q, i));
	line(b, _("signed by"), sql_text(q, 9));
	line(b, _("contact"), sql_text(q, 10));
	line(b, _("page"), sql_text(q, 11));
	line(b, _("attached"), sql_text(q, 12));
}

/* The Chinese ones first. */
static void
put_infos(struct store *st, int64_t id, struct buf *b)
{
	struct sql *q =
	    sql(st, "SELECT ifnull(language, ''), ifnull(event, ''), headline, description, "
		    "instruction, sender_name, colour, onset, expires, signer, contact, web, "
		    "resources FROM alert_info WHERE alert = ?1 ORDER BY language LIKE 'zh%' "
		    "DESC, n");

	sql_bind(q, "i", id);
	while (sql_row(q))
		put_info(q, b);
	sql_done(q);
}

static void
put_area(struct sql *q, struct buf *b)
{
	size_t corners;
	const char *codes = sql_text(q, 1);

	sql_blob(q, 2, &corners);
	if (*sql_text(q, 0))
		buf_printf(b, "%s ", sql_text(q, 0));
	for (const char *at = codes; *at; at++)
		buf_add_char(b, *at == '\n' ? ' ' : *at);
	if (corners)
		buf_printf(b, _(" polygon of %zu corners"), corners / 8);
	if (!sql_null(q, 5))
		buf_printf(b, _(" circle of %.1f km around %.3f %.3f"), sql_real(q, 5) / 1000,
		    sql_real(q, 3), sql_real(q, 4));
	if (sql_int(q, 6))
		buf_add(b, _(" (repaired)"));
	buf_add_char(b, '\n');
}

static void
put_areas(struct store *st, const struct alert_row *r, struct buf *b)
{
	struct sql *q =
	    sql(st, "SELECT ifnull(description, ''), codes, ring, lon, lat, radius_m, repaired "
		    "FROM alert_area WHERE alert = ?1 ORDER BY n LIMIT 200");
	char *why = sql_one_text(st, "SELECT concerns_why FROM alert WHERE id = ?1", "i", r->id);
	int64_t towns[64];
	size_t n = monitor_alert_towns(st, r->id, towns, COUNT_OF(towns));

	head(b, _("Area"));
	sql_bind(q, "i", r->id);
	while (sql_row(q))
		put_area(q, b);
	sql_done(q);
	if (!r->concerns)
		line(b, _("county"), _("not touched"));
	else
		buf_printf(b, _("county  touched (%s): "), or_empty(why));
	for (size_t i = 0; i < n; i++) {
		char *name =
		    sql_one_text(st, "SELECT short FROM area WHERE id = ?1", "i", towns[i]);

		buf_printf(b, "%s%s", i ? " " : "", or_empty(name));
		free(name);
	}
	if (r->concerns)
		buf_add_char(b, '\n');
	free(why);
}

static void
put_chain(struct store *st, const struct alert_row *r, struct buf *b)
{
	struct alert_filter f = {.chain = r->chain};
	struct alert_row *rows = mem_zero(CHAIN_SHOWN, sizeof(*rows));
	size_t n = monitor_alerts(st, &f, rows, CHAIN_SHOWN);
	char when[40];

	head(b, _("Chain"));
	for (size_t i = 0; i < n; i++) {
		alert_when(rows[i].sent, when, sizeof(when));
		buf_printf(b, "%s %s  %s  %s  %s%s  (%s)\n", rows[i].id == r->id ? ">" : " ", when,
		    alert_type_label(rows[i].msg_type), rows[i].headline,
		    alert_state_label(rows[i].state), rows[i].conflicting ? _(" CONFLICTING") : "",
		    rows[i].identifier);
	}
	free(rows);
}

static void
put_done(struct store *st, const struct alert_row *r, struct buf *b)
{
	char *reader = sql_one_text(
	    st, "SELECT read_by FROM alert WHERE id = ?1 AND read_at IS NOT NULL", "i", r->id);

	head(b, _("What was done"));
	if (reader)
		buf_printf(b, _("read by %s\n"), reader);
	free(reader);
	alert_put_done(st, r->chain, b);
}

static void
put_plans(struct store *st, int64_t id, struct buf *b)
{
	struct alert_plan plans[8];
	size_t n = monitor_alert_plans(st, id, plans, COUNT_OF(plans));

	if (!n)
		return;
	head(b, _("Plans it concerns (no response is set by it)"));
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s  %s\n", plans[i].name, plans[i].why);
}

/* Of ours: who has it, who not yet. */
static void
put_sent(struct store *st, const struct alert_row *r, struct buf *b)
{
	struct outbox_row *rows;
	char when[40];
	size_t n;

	if (!r->ours)
		return;
	head(b, _("Sent to"));
	rows = mem_zero(SENT_MAX, sizeof(*rows));
	n = outbox_rows_about(st, "alert", r->id, rows, SENT_MAX);
	if (!n)
		buf_printf(b, "%s\n", _("no unit; it is published by zhiban publish"));
	for (size_t i = 0; i < n; i++) {
		buf_printf(b, "%s  %s", rows[i].unit, outbox_state_label(&rows[i]));
		if (rows[i].done != CLOCK_NONE)
			buf_printf(
			    b, "  %s", clock_format(when, sizeof(when), rows[i].done, CLOCK_MD_HM));
		buf_printf(
		    b, "  %s %s %s\n", rows[i].receiver, rows[i].their_number, rows[i].error);
	}
	free(rows);
}

/* --- whole ----------------------------------------------------------------------------------- */

static void
put_raw(struct store *st, int64_t id, struct buf *out)
{
	struct sql *q = sql(st, "SELECT d.bytes FROM alert_raw r JOIN alert_raw d ON d.alert = "
				"ifnull(r.within, r.alert) "
				"WHERE r.alert = ?1");
	size_t n = 0;
	const void *bytes;
	char *clean;

	sql_bind(q, "i", id);
	if (sql_row(q) && (bytes = sql_blob(q, 0, &n)) != NULL && n) {
		clean = utf8_clean(bytes, n < RAW_SHOWN ? n : RAW_SHOWN, true, NULL);
		buf_add(out, clean);
		free(clean);
	}
	sql_done(q);
}

bool
monitor_alert_text(struct store *st, int64_t id, bool raw, struct buf *out, struct err *err)
{
	struct alert_row r;

	if (!monitor_alert(st, id, &r))
		return err_set(err, ERR_NOT_FOUND, _("There is no such warning."));
	if (raw) {
		put_raw(st, id, out);
		return true;
	}
	buf_printf(out, "%s%s%s\n", r.drill ? _("[DRILL OR TEST] ") : "",
	    r.ours ? _("[OURS] ") : "", r.headline);
	put_state(st, &r, out);
	line(out, _("colour"), colour_label(r.colour));
	buf_printf(out, "%s  %s %s\n", _("event"), r.event, r.code);
	put_times(&r, out);
	line(out, _("issuer"), r.issuer);
	buf_printf(out, "%s  %s  %s  %s  %s\n", _("identifier"), r.identifier, r.sender,
	    alert_type_label(r.msg_type), r.profile);
	put_marks(st, &r, out);
	put_infos(st, id, out);
	put_areas(st, &r, out);
	put_plans(st, id, out);
	put_sent(st, &r, out);
	put_done(st, &r, out);
	put_chain(st, &r, out);
	return true;
}
