/*
 * What was done about an alert: its own entries, the call-outs that answer it, and what the
 * incidents that took it brought: responses, orders, handings-over. All of the chain, so that an
 * update does not hide what was done about the message before it.
 */
#include "monitor/inside.h"

#include <stdlib.h>
#include <string.h>

/* at, who, what kind, and up to four words that make its line. */
#define CHAIN "(SELECT id FROM alert WHERE chain = ?1)"
#define INCIDENTS                                                                                  \
	"(SELECT x.incident FROM alert m JOIN inbox x ON x.id = m.inbox WHERE m.chain = ?1 AND "   \
	"x.incident IS NOT NULL)"

static const char deeds[] =
    "SELECT e.at, e.who, 'note', e.text, '', '', '' FROM alert_entry e WHERE e.alert IN " CHAIN
    " UNION ALL SELECT c.at, c.caller, 'callout', c.matter, (SELECT count(*) FROM call_target t "
    "WHERE t.callout = c.id AND t.state = 'answered'), (SELECT count(*) FROM call_target t WHERE "
    "t.callout = c.id), (SELECT count(*) FROM call_target t WHERE t.callout = c.id AND t.breached "
    "IS NOT NULL) FROM callout c WHERE c.alert IN " CHAIN
    " UNION ALL SELECT c.closed, c.caller, 'closed', c.matter, coalesce(c.close_why, ''), '', '' "
    "FROM callout c WHERE c.closed IS NOT NULL AND c.alert IN " CHAIN
    " UNION ALL SELECT i.received, '', 'incident', printf('%d-%03d', i.year, i.number), i.title, "
    "'', '' FROM incident i WHERE i.id IN " INCIDENTS
    " UNION ALL SELECT r.started, r.approver, 'response', p.name, r.level, r.state, '' FROM "
    "response r JOIN plan p ON p.id = r.plan WHERE r.incident IN " INCIDENTS
    " UNION ALL SELECT o.issued, o.issuer, 'order', printf('%d-%03d', o.year, o.number), o.dest, "
    "o.content, CASE WHEN o.finished IS NOT NULL THEN 'done' WHEN o.acked IS NOT NULL THEN 'acked' "
    "ELSE o.state END FROM orders o WHERE o.incident IN " INCIDENTS
    " UNION ALL SELECT t.at, '', 'transfer', t.dest, t.receiver, coalesce(t.note, ''), '' FROM "
    "transfer t WHERE t.incident IN " INCIDENTS " ORDER BY 1";

static const char *
order_end(const char *state)
{
	return strcmp(state, "done") == 0	 ? _("finished")
	       : strcmp(state, "withdrawn") == 0 ? _("withdrawn")
	       : strcmp(state, "acked") == 0	 ? _("acknowledged")
						 : _("not acknowledged");
}

static void
put_deed(struct sql *q, struct buf *b)
{
	const char *kind = sql_text(q, 2), *one = sql_text(q, 3), *two = sql_text(q, 4),
		   *three = sql_text(q, 5);

	if (strcmp(kind, "note") == 0)
		buf_add(b, one);
	else if (strcmp(kind, "callout") == 0)
		buf_printf(b, _("call-out, %d of %d answered, %d late: %s"), (int)sql_int(q, 4),
		    (int)sql_int(q, 5), (int)sql_int(q, 6), one);
	else if (strcmp(kind, "closed") == 0)
		buf_printf(b, _("call-out closed: %s  %s"), one, two);
	else if (strcmp(kind, "incident") == 0)
		buf_printf(b, _("incident %s %s"), one, two);
	else if (strcmp(kind, "response") == 0)
		buf_printf(b, _("response %s, level %d%s"), one, (int)sql_int(q, 4),
		    strcmp(three, "active") == 0 ? "" : _(", ended"));
	else if (strcmp(kind, "order") == 0)
		buf_printf(
		    b, _("order %s to %s: %s (%s)"), one, two, three, order_end(sql_text(q, 6)));
	else
		buf_printf(b, _("handed over to %s, taken by %s %s"), one, two, three);
}

void
alert_put_done(struct store *st, int64_t chain, struct buf *out)
{
	struct sql *q = sql(st, deeds);
	char when[40];
	bool any = false;

	sql_bind(q, "i", chain);
	while (sql_row(q)) {
		any = true;
		clock_format(when, sizeof(when), sql_int(q, 0), CLOCK_MD_HM);
		buf_printf(out, "%s  %s%s", when, sql_text(q, 1), *sql_text(q, 1) ? "  " : "");
		put_deed(q, out);
		buf_add_char(out, '\n');
	}
	sql_done(q);
	if (!any)
		buf_printf(out, "%s\n", _("nothing on record"));
}

/* One look at the call-outs for all rows: there are few of them, and no index by alert. */
void
alert_put_calls(struct store *st, struct alert_row *rows, size_t n)
{
	struct sql *q;

	if (!n)
		return;
	q = sql(st, "SELECT m.chain, count(*), count(*) FILTER (WHERE t.state = 'answered') FROM "
		    "callout c JOIN alert m ON m.id = c.alert JOIN call_target t ON t.callout = "
		    "c.id WHERE c.alert IS NOT NULL GROUP BY m.chain");
	sql_bind(q, "");
	while (sql_row(q))
		for (size_t i = 0; i < n; i++)
			if (rows[i].chain == sql_int(q, 0)) {
				rows[i].called = (int)sql_int(q, 1);
				rows[i].answered = (int)sql_int(q, 2);
			}
	sql_done(q);
}
