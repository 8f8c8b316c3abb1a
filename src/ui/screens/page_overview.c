/*
 * 概况: everything known about the incident, each line with where it came from; what is proposed,
 * and what to beware of.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "dispatch/dispatch.h"
#include "ui/age.h"
#include "ui/lines.h"
#include "ui/screens/facts.h"
#include "ui/screens/page.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

struct overview {
	struct lines lines;
};

static void
overview_open(struct page *p)
{
	lines_init(&((struct overview *)p->state)->lines);
}

static void
add(struct lines *l, const char *label, const char *text)
{
	if (text && *text)
		lines_add(l, label, STYLE_NORMAL, "%s", text);
}

static void
say_where(struct lines *l, const struct incident_row *i)
{
	char at[40], occurred[40];

	lines_add(l, _("received"), STYLE_NORMAL, "%s\t%s",
	    clock_format(at, sizeof(at), i->received, CLOCK_YMD_HM), i->source);
	if (i->occurred != CLOCK_NONE)
		lines_add(l, _("happened"), STYLE_NORMAL, "%s",
		    clock_format(occurred, sizeof(occurred), i->occurred, CLOCK_YMD_HM));
	lines_add(l, _("place"), STYLE_NORMAL, "%s%s%s%s%s", i->area_name,
	    *i->area_name ? "   " : "", i->place, *i->road ? "   " : "", i->road);
	if (i->lon != 0 || i->lat != 0)
		lines_add(l, "", STYLE_FAINT, "%.4f, %.4f", i->lon, i->lat);
}

static void
say_kind(struct lines *l, const struct incident_full *full)
{
	for (size_t i = 0; i < full->n_codes; i++)
		lines_add(l, i ? "" : _("type"), i ? STYLE_NORMAL : STYLE_STRONG, "%s %s\t%s",
		    full->codes[i].code, full->codes[i].name,
		    full->codes[i].why ? full->codes[i].why : "");
	lines_add(l, _("grade"), STYLE_NORMAL, "%s\t%s", grade_label(full->row.grade),
	    full->grade_why ? full->grade_why : "");
	if (full->row.near_miss)
		lines_add(l, "", STYLE_SOON, _("near miss to be reported: %s"),
		    full->near_miss_why ? full->near_miss_why : "");
	if (full->row.sensitive)
		lines_add(l, "", STYLE_SOON, _("sensitive: %s"),
		    full->sensitive_why ? full->sensitive_why : "");
}

/* The present figures; as a note the newest of them with its source. */
static void
say_figures(struct lines *l, const struct incident_full *full)
{
	struct buf all = BUF_MAX(2000);
	size_t newest = 0;
	char figure[64], at[32];

	for (size_t i = 0; i < full->n_figures; i++) {
		buf_printf(&all, "%s%s", i ? "   " : "",
		    figure_say(full->figures[i].kind, full->figures[i].value,
			full->figures[i].bound, figure, sizeof(figure)));
		if (full->figures[i].at > full->figures[newest].at)
			newest = i;
	}
	if (all.size)
		lines_add(l, _("casualties"), STYLE_STRONG, "%s\t%s %s", buf_str(&all),
		    age_stamp(full->figures[newest].at, at, sizeof(at)),
		    full->figures[newest].source);
	else
		lines_add(l, _("casualties"), STYLE_NORMAL, "%s", _("none reported yet"));
	buf_clear(&all);
}

static void
say_rest(struct lines *l, const struct incident_full *full)
{
	add(l, _("nature"), full->nature);
	if (full->lead && *full->lead)
		lines_add(l, _("lead"), STYLE_NORMAL, _("%s\twith %s"), full->lead,
		    full->helpers ? full->helpers : "-");
	add(l, _("cause"), full->cause);
	add(l, _("trend"), full->trend);
	add(l, _("measures"), full->measures);
	add(l, _("weather"), full->weather);
	if (full->scene_chief && *full->scene_chief)
		lines_add(l, _("scene chief"), STYLE_NORMAL, "%s %s", full->scene_chief,
		    full->scene_phone ? full->scene_phone : "");
	add(l, _("leaders there"), full->leaders_on_site);
	add(l, _("needs"), full->needs);
}

static void
say_facts(struct lines *l, struct store *st, int64_t incident)
{
	struct incident_fact facts[80];
	size_t n = incident_facts(st, incident, facts, COUNT_OF(facts));
	struct buf all = BUF_MAX(4000);
	char fact[200];

	for (size_t i = 0; i < n; i++) {
		if (fact_kind_is_count(facts[i].kind) || facts[i].kind == FACT_TIME)
			continue;
		cut_format(fact, sizeof(fact), "%s %s%s", fact_kind_label(facts[i].kind),
		    *facts[i].name   ? facts[i].name
		    : *facts[i].norm ? facts[i].norm
				     : facts[i].text,
		    facts[i].confirmed ? "" : "?");
		if (!strstr(buf_str(&all), fact))
			buf_printf(&all, "%s%s", all.size ? "    " : "", fact);
	}
	if (all.size)
		lines_add(l, _("facts"), STYLE_NORMAL, "%s", buf_str(&all));
	buf_clear(&all);
	incident_facts_clear(facts, n);
}

static void
say_relatives(struct lines *l, struct store *st, const struct incident_row *i)
{
	struct incident_likeness alike[4];
	struct incident_row *others = mem_zero(8, sizeof(*others));
	size_t n = incident_children(st, i->id, others, 8);

	for (size_t k = 0; k < n; k++)
		lines_add(l, _("child event"), STYLE_NORMAL, "%03d  %s", others[k].number,
		    others[k].title);
	if (i->parent && incident_get(st, i->parent, &others[0]))
		lines_add(
		    l, _("child of"), STYLE_NORMAL, "%03d  %s", others[0].number, others[0].title);
	if (i->merged_into && incident_get(st, i->merged_into, &others[0]))
		lines_add(
		    l, _("merged into"), STYLE_SOON, "%03d  %s", others[0].number, others[0].title);
	free(others);
	n = i->merged_into ? 0 : incident_alike_to(st, i->id, alike, COUNT_OF(alike));
	for (size_t k = 0; k < n; k++)
		if (alike[k].score >= 0.5)
			lines_add(l, _("same as?"), STYLE_SOON, "%s  %s\t%s", alike[k].no,
			    alike[k].title, alike[k].why);
}

/* What the plans propose, and how far to keep away; both say so themselves when they know nothing.
 */
static void
say_advice(struct lines *l, struct store *st, int64_t incident)
{
	struct response_proposal p;
	struct isolation_advice a;
	struct err err = ERR_NONE;

	if (dispatch_propose(st, incident, &p, &err)) {
		if (p.running)
			lines_add(l, _("response"), STYLE_STRONG, _("%s runs: %s"), p.plan_name,
			    response_level_label(p.running_level));
		if (p.level && (!p.running || p.level < p.running_level))
			lines_add(l, _("proposed"), STYLE_SOON, _("%s: %s, approved by %s\t%s"),
			    p.plan_name, response_level_label(p.level), p.approver,
			    p.why ? p.why : "");
		response_proposal_clear(&p);
	}
	err_clear(&err);
	if (dispatch_isolation(st, incident, &a, &err)) {
		lines_add(l, _("keep away"), STYLE_STRONG, "%s", a.text);
		for (size_t i = 0; i < a.n_places && i < 12; i++)
			lines_add(l, "", a.places[i].inside_isolation ? STYLE_URGENT : STYLE_NORMAL,
			    _("%s   %.1f km   %lld people"), a.places[i].name,
			    a.places[i].metres / 1000, (long long)a.places[i].people);
		isolation_advice_clear(&a);
	}
	err_clear(&err);
}

static void
overview_load(struct page *p)
{
	struct lines *l = &((struct overview *)p->state)->lines;
	struct store *st = console_store(p->screen->ui);
	struct incident_full full;

	if (!incident_full(st, p->incident, &full))
		return;
	lines_reset(l);
	say_where(l, &full.row);
	say_kind(l, &full);
	say_figures(l, &full);
	say_facts(l, st, p->incident);
	say_rest(l, &full);
	say_relatives(l, st, &full.row);
	say_advice(l, st, p->incident);
	incident_full_clear(&full);
}

static void
overview_draw(struct page *p, struct area a)
{
	lines_draw(&((struct overview *)p->state)->lines,
	    (struct area){a.y + 1, a.x + 1, a.rows - 1, a.columns - 2});
}

static enum paint
overview_key(struct page *p, const struct key *key)
{
	return lines_key(&((struct overview *)p->state)->lines, key->code) ? PAINT_DRAW
									   : PAINT_PASS;
}

static void
overview_close(struct page *p)
{
	lines_clear(&((struct overview *)p->state)->lines);
}

const struct page_ops page_overview = {
    .name = "overview",
    .title = N_("Overview"),
    .size = sizeof(struct overview),
    .open = overview_open,
    .load = overview_load,
    .draw = overview_draw,
    .key = overview_key,
    .close = overview_close,
};
