/* Which plans a message concerns: what the library answers to its code and words. A link, never a
 * response. */
#include "monitor/inside.h"

#include <stdlib.h>
#include <string.h>

#define PLANS_MAX 4
/* Less sure than this, a plan is named to nobody at night. */
#define SCORE_LEAST 0.25

static void
keep_plan(struct store *st, int64_t alert, size_t rank, const struct plan_match *m)
{
	struct sql *q =
	    sql(st, "INSERT OR IGNORE INTO alert_plan (alert, plan, rank, why) VALUES (?1, "
		    "?2, ?3, ?4)");

	sql_bind(q, "iiit", alert, m->plan, (int64_t)rank, or_empty(m->why));
	sql_run(q);
}

void
plans_for(struct verb_call *call, int64_t alert, const struct plan_query *q, char *out, size_t size)
{
	struct store *st = call_store(call);
	struct plan_match found[PLANS_MAX];
	size_t n = plan_match(st, q, found, PLANS_MAX);
	struct buf b = BUF_MAX(2048);

	for (size_t i = 0; i < n; i++) {
		if (found[i].score < SCORE_LEAST)
			continue;
		buf_printf(&b, "%s%s", b.size ? _(", ") : "", found[i].name);
		if (found[i].level)
			buf_printf(&b, _(" (its triggers name level %d)"), found[i].level);
		if (alert)
			keep_plan(st, alert, i, &found[i]);
	}
	plan_match_clear(found, n);
	utf8_copy(out, size, buf_str(&b));
	buf_clear(&b);
}
