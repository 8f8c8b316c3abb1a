/*
 * 预案: the library, or what fits. Typed words, pinyin initials or an incident rank the plans, each
 * with its reason and the response level its triggers propose.
 */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "dispatch/dispatch.h"
#include "incident/incident.h"
#include "plan/plan.h"
#include "ui/screens/response_start.h"
#include "ui/screens/screens.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLANS_MAX 300
#define MATCHES_MAX 40

/* A plan of the library, or one that was found with a reason. */
struct plan_line {
	int64_t plan;
	char code[32], name[96], kind[24], version[32], why[240], level[80];
	bool faint, review;
};

struct plans {
	struct table table;
	struct plan_line *lines;
	char words[200];
	char heading[200];
};

enum { L_NAME, L_KIND, L_LEVEL, L_WHY, L_VERSION };

static const struct column columns[] = {
    {N_("plan"), 0, 3, 0, false},
    {N_("kind"), 8, 0, 2, false},
    {N_("proposes"), 10, 0, 1, false},
    {N_("remarks"), 0, 3, 3, false},
    {N_("version"), 10, 0, 4, false},
};

static void
plan_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct plan_line *l = row;

	(void)context;
	switch (column) {
	case L_NAME:
		utf8_copy(cell->text, sizeof(cell->text), l->name);
		break;
	case L_KIND:
		utf8_copy(cell->text, sizeof(cell->text), l->kind);
		break;
	case L_LEVEL:
		utf8_copy(cell->text, sizeof(cell->text), l->level);
		cell->style = STYLE_STRONG;
		break;
	case L_WHY:
		utf8_copy(cell->text, sizeof(cell->text), l->review ? _("evaluation due") : l->why);
		break;
	case L_VERSION:
		utf8_copy(cell->text, sizeof(cell->text), l->version);
		break;
	}
}

static enum style
plan_style(void *context, const void *row)
{
	(void)context;
	return ((const struct plan_line *)row)->faint ? STYLE_FAINT : STYLE_NORMAL;
}

static int64_t
plan_id(const void *row)
{
	return ((const struct plan_line *)row)->plan;
}

static const struct table_ops ops = {
    .row_size = sizeof(struct plan_line),
    .columns = columns,
    .n_columns = COUNT_OF(columns),
    .id = plan_id,
    .cell = plan_cell,
    .style = plan_style,
};

static bool
plans_open(struct screen *s, struct err *err)
{
	struct plans *p = s->state;

	(void)err;
	table_init(&p->table, &ops, s);
	p->table.titles = true;
	p->table.empty = N_("No plan fits.");
	utf8_copy(p->words, sizeof(p->words), s->argument ? s->argument : "");
	return true;
}

static size_t
from_library(struct plans *p, struct store *st, const char *words)
{
	struct plan_row *rows = mem_zero(PLANS_MAX, sizeof(*rows));
	size_t n = plan_list(st, words, rows, PLANS_MAX);

	for (size_t i = 0; i < n; i++) {
		struct plan_line *l = &p->lines[i];

		l->plan = rows[i].id;
		utf8_copy(l->name, sizeof(l->name), rows[i].name);
		utf8_copy(l->code, sizeof(l->code), rows[i].code);
		utf8_copy(l->kind, sizeof(l->kind), plan_level_label(rows[i].level));
		utf8_copy(l->version, sizeof(l->version), rows[i].version_text);
		utf8_copy(l->why, sizeof(l->why), rows[i].issuer);
		l->faint = rows[i].retired;
		l->review = rows[i].review_due;
	}
	free(rows);
	return n;
}

static size_t
add_matches(struct plans *p, struct store *st, struct plan_match *found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct plan_line *l = &p->lines[i];
		struct plan_row row;

		l->plan = found[i].plan;
		utf8_copy(l->name, sizeof(l->name), found[i].name);
		utf8_copy(l->code, sizeof(l->code), found[i].code);
		utf8_copy(l->why, sizeof(l->why), found[i].why ? found[i].why : "");
		if (found[i].level)
			utf8_copy(l->level, sizeof(l->level), response_level_label(found[i].level));
		if (plan_get(st, found[i].plan, &row)) {
			utf8_copy(l->kind, sizeof(l->kind), plan_level_label(row.level));
			utf8_copy(l->version, sizeof(l->version), row.version_text);
		}
	}
	plan_match_clear(found, n);
	return n;
}

/* Plans for a text: the words of an incident's calls, or what was typed. */
static size_t
for_text(struct plans *p, struct store *st, const char *text, struct err *err)
{
	struct reader *reader = incident_reader(st, err);
	struct plan_match found[MATCHES_MAX];
	struct reading reading;
	struct grade_figures figures;
	struct plan_query q;
	size_t n;

	if (!reader)
		return 0;
	reader_read(reader, text, strlen(text), clock_now(), &reading);
	plan_query_from_reading(&reading, text, &q, &figures);
	n = plan_match(st, &q, found, MATCHES_MAX);
	plan_query_clear(&q);
	reading_clear(&reading);
	return add_matches(p, st, found, n);
}

/* Names of the substances among the facts, blank-separated. */
static void
add_substances(struct store *st, int64_t incident, struct buf *out)
{
	struct incident_fact facts[80];
	size_t n = incident_facts(st, incident, facts, COUNT_OF(facts));

	for (size_t i = 0; i < n; i++)
		if (facts[i].kind == FACT_SUBSTANCE)
			buf_printf(out, "%s ", *facts[i].name ? facts[i].name : facts[i].text);
	incident_facts_clear(facts, n);
}

static void
add_words(struct store *st, int64_t incident, struct buf *out)
{
	struct incident_call calls[20];
	size_t n = incident_calls(st, incident, calls, COUNT_OF(calls));

	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s\n", calls[i].text);
	incident_calls_clear(calls, n);
}

/* The incident as it stands now: its codes, its figures, every caller's words. */
static size_t
for_incident(struct plans *p, struct store *st, int64_t incident)
{
	struct plan_match found[MATCHES_MAX];
	struct incident_full full;
	struct grade_figures figures;
	const char *codes[8];
	struct buf text = BUF_MAX(60000), substances = BUF_MAX(2000);
	struct plan_query q = {.codes = codes, .figures = &figures};
	size_t n;

	if (!incident_full(st, incident, &full))
		return 0;
	for (size_t i = 0; i < full.n_codes; i++)
		codes[q.n_codes++] = full.codes[i].code;
	incident_figures(st, incident, &figures);
	add_words(st, incident, &text);
	add_substances(st, incident, &substances);
	q.text = buf_str(&text);
	q.substances = substances.size ? buf_str(&substances) : NULL;
	q.area = full.row.area;
	q.grade = full.row.grade;
	n = plan_match(st, &q, found, MATCHES_MAX);
	cut_format(p->heading, sizeof(p->heading), _("Plans for %03d %s"), full.row.number,
	    full.row.title);
	incident_full_clear(&full);
	buf_clear(&text);
	buf_clear(&substances);
	return add_matches(p, st, found, n);
}

static void
plans_load(struct screen *s)
{
	struct plans *p = s->state;
	struct plan_line *old = p->lines;
	struct store *st = console_store(s->ui);
	struct err err = ERR_NONE;
	size_t n;

	p->lines = mem_zero(PLANS_MAX, sizeof(*p->lines));
	if (*p->words) {
		cut_format(p->heading, sizeof(p->heading), _("Plans for \"%s\""), p->words);
		n = from_library(p, st, p->words);
		if (n == 0)
			n = for_text(p, st, p->words, &err);
	} else if (s->subject) {
		n = for_incident(p, st, s->subject);
	} else {
		utf8_copy(p->heading, sizeof(p->heading), _("Plan library"));
		n = from_library(p, st, NULL);
	}
	table_set(&p->table, p->lines, n);
	free(old);
	if (err.code)
		console_fail(s->ui, &err);
}

static void
plans_draw(struct screen *s, struct area a)
{
	struct plans *p = s->state;
	char count[16];

	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 8, p->heading, STYLE_BAR);
	draw_right(a.y, a.x, a.columns - 1, cut_format(count, sizeof(count), "%zu", p->table.n),
	    STYLE_BAR);
	table_draw(&p->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

enum { ACT_OPEN = 1, ACT_BEGIN, ACT_ALL };

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, N_("read"), N_("read the plan")},
    {{'b'}, ACT_BEGIN, N_("begin response"), N_("begin a response with this plan")},
    {{'a'}, ACT_ALL, N_("all"), N_("the whole library again")},
};

static void
answer_incident(struct screen *s, const struct popup_item *item, void *data)
{
	struct plans *p = s->state;
	const struct plan_line *l = table_row(&p->table);

	(void)data;
	if (l)
		response_start_form(s, item->id, l->plan, 0);
}

static enum paint
plans_act(struct screen *s, int action)
{
	struct plans *p = s->state;
	const struct plan_line *l = table_row(&p->table);
	char incident[32];

	if (action == ACT_ALL) {
		p->words[0] = '\0';
		s->subject = s->ops->digit && console_top(s->ui) == s ? 0 : s->subject;
		table_home(&p->table);
		return PAINT_LOAD;
	}
	if (!l)
		return PAINT_NONE;
	if (action == ACT_OPEN)
		console_open(s->ui, &screen_plan, l->plan,
		    cut_format(incident, sizeof(incident), "%lld", (long long)s->subject));
	else if (s->subject)
		response_start_form(s, s->subject, l->plan, 0);
	else
		console_choose_thing(
		    s->ui, _("For which incident?"), "incident", answer_incident, NULL);
	return PAINT_DRAW;
}

static enum paint
plans_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct plans *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static bool
plans_find(struct screen *s, const char *words)
{
	struct plans *p = s->state;

	utf8_copy(p->words, sizeof(p->words), words);
	table_home(&p->table);
	s->waiting = true;
	return true;
}

static json_t *
plans_context(struct screen *s)
{
	const struct plan_line *l = table_row(&((struct plans *)s->state)->table);
	json_t *context = json_object();

	if (l)
		json_object_set_new(context, "plan", json_integer(l->plan));
	if (s->subject)
		json_object_set_new(context, "incident", json_integer(s->subject));
	return context;
}

static void
plans_close(struct screen *s)
{
	free(((struct plans *)s->state)->lines);
}

const struct screen_ops screen_plans = {
    .name = "plans",
    .title = N_("Plans"),
    .digit = '3',
    .size = sizeof(struct plans),
    .keys = KEY_TABLE(rows),
    .open = plans_open,
    .load = plans_load,
    .draw = plans_draw,
    .act = plans_act,
    .key = plans_key,
    .find = plans_find,
    .context = plans_context,
    .close = plans_close,
};
