/*
 * What happened since one's own last watch was sealed: the journal's lines that changed something a
 * duty officer carries in the head, matter by matter, and not the hundred that only went on with
 * it.
 */
#include "duty/inside.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *label; /* N_() */
	const char *verbs; /* with a blank around each */
} groups[] = {
    {N_("New matters"), " incident.open ticket.open "},
    {N_("Ended, closed, joined"), " incident.end incident.close incident.not incident.merge "
				  "incident.unmerge incident.reopen "},
    {N_("Figures"), " incident.figures "},
    {N_("Response levels"), " response.start response.level response.end "},
    {N_("Reports signed"), " report.sign report.phone "},
    {N_("Orders done or withdrawn"), " order.done order.withdraw order.hand "},
    {N_("Instructions"),
	" instruction.add instruction.supervise instruction.report instruction.close "},
    {N_("Call-outs and roll calls"), " callout.start callout.close roll.start roll.close "},
    {N_("Spot checks"), " spot.record "},
    {N_("Handovers"), " watch.open "},
    {N_("Roster"), " swap.approve roster.double "},
};

static bool
belongs(const char *verbs, const char *verb)
{
	size_t n = strlen(verb);

	for (const char *p = verbs; (p = strstr(p, verb)) != NULL; p += n)
		if (p[-1] == ' ' && p[n] == ' ')
			return true;
	return false;
}

static void
write_lines(struct store *st, int64_t from, struct buf *texts)
{
	struct sql *q =
	    sql(st, "SELECT j.at, j.actor, j.verb, j.text FROM journal j WHERE j.id >= ?1 "
		    "AND NOT EXISTS (SELECT 1 FROM journal_mark m WHERE m.id = j.id) "
		    "ORDER BY j.id");
	char at[40];

	sql_bind(q, "i", journal_first_since(st, from));
	while (sql_row(q))
		for (size_t g = 0; g < COUNT_OF(groups); g++)
			if (belongs(groups[g].verbs, sql_text(q, 2)))
				buf_printf(&texts[g], "  %s  %s  %s\n",
				    clock_format(at, sizeof(at), sql_int(q, 0), CLOCK_MD_HM),
				    sql_text(q, 1), sql_text(q, 3));
	sql_done(q);
}

int64_t
duty_since(struct store *st, int64_t person, struct buf *out)
{
	struct buf texts[COUNT_OF(groups)];
	int64_t last = CLOCK_NONE, from;
	char at[40];
	struct sql *q =
	    sql(st, "SELECT max(w.closed) FROM watch w JOIN watch_crew c ON c.watch = w.id "
		    "WHERE c.person = ?1 AND w.closed IS NOT NULL");

	sql_bind(q, "i", person);
	if (sql_row(q))
		last = sql_time(q, 0);
	sql_done(q);
	from = last == CLOCK_NONE ? clock_now() - CLOCK_DAY : last;
	for (size_t g = 0; g < COUNT_OF(groups); g++)
		texts[g] = (struct buf)BUF_MAX(200000);
	write_lines(st, from, texts);
	buf_printf(out,
	    last == CLOCK_NONE ? _("No watch of yours before: the last 24 hours, from %s\n")
			       : _("Since your last watch was sealed at %s\n"),
	    clock_format(at, sizeof(at), from, CLOCK_YMD_HM));
	for (size_t g = 0; g < COUNT_OF(groups); g++) {
		if (texts[g].size)
			buf_printf(out, "\n%s\n%s", _(groups[g].label), buf_str(&texts[g]));
		buf_clear(&texts[g]);
	}
	return last;
}
