/* Spot check 抽查: an upper duty room rings and asks; the answers stand on one page. */
#include "duty/inside.h"

#include "dispatch/dispatch.h"
#include "incident/incident.h"

#include <stdlib.h>

#define ROWS_MAX 200

static void
write_crew(struct store *st, struct buf *out)
{
	struct crew crew;
	struct roster_day days[31];
	struct civil c;
	size_t n;

	roster_crew(st, clock_now(), &crew);
	buf_printf(out, "%s\n", _("On duty"));
	for (size_t i = 0; i < crew.n; i++) {
		char *phone = sql_one_text(
		    st, "SELECT phone FROM person WHERE id = ?1", "i", crew.member[i].person);

		buf_printf(out, "  %s %s  %s\n", duty_post_label(crew.member[i].post),
		    crew.member[i].name, phone ? phone : "");
		free(phone);
	}
	clock_civil(clock_now(), &c);
	n = duty_roster(st, c.year, c.month, days);
	if ((size_t)c.day <= n && days[c.day - 1].double_lead)
		buf_printf(out, _("  in town %s (double lead: %s)\n"), days[c.day - 1].town,
		    days[c.day - 1].why);
}

static void
write_responses(struct store *st, struct buf *out)
{
	struct response_row rows[32];
	size_t n = dispatch_responses(st, 0, true, rows, COUNT_OF(rows));
	char at[40];

	buf_printf(out, _("\nResponses running: %zu\n"), n);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, _("  %s %s  since %s, approved by %s\n"), rows[i].plan_name,
		    response_level_label(rows[i].level),
		    clock_format(at, sizeof(at), rows[i].started, CLOCK_MD_HM), rows[i].approver);
}

static void
write_matters(struct store *st, struct buf *out)
{
	struct incident_filter f = {.open = true};
	struct incident_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = incident_list(st, &f, rows, ROWS_MAX);
	char at[40];

	buf_printf(out, _("\nOpen matters: %zu\n"), n);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "  %03d  %s  %s  %s\n", rows[i].number,
		    clock_format(at, sizeof(at), rows[i].received, CLOCK_MD_HM), rows[i].title,
		    incident_state_label(rows[i].state));
	free(rows);
}

bool
duty_spot_text(struct store *st, struct buf *out)
{
	write_crew(st, out);
	write_responses(st, out);
	write_matters(st, out);
	/* Rain, water: from whoever observes them. */
	sections_write(st, 0, true, out, NULL);
	return !out->full;
}
