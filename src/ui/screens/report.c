/*
 * One report: its text in the built-in editor, where each sentence came from, what hinders signing.
 * Elements without a fact are red, unproven ones yellow, until the words are changed. Reading and
 * editing are the same picture; e begins to edit, Esc ends it, ^S hands the text to the record.
 * What is typed and not handed over is a draft of its own and waits.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "report/report.h"
#include "store/draft.h"
#include "store/journal.h"
#include "store/scope.h"
#include "ui/age.h"
#include "ui/editor.h"
#include "ui/lines.h"
#include "ui/saved.h"
#include "ui/screens/next.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define LINES_MAX 120
#define PROBLEMS_MAX 40
#define DELIVERIES_MAX 20

struct report_screen {
	struct report_row row;
	struct editor text;
	bool editing;
	char *stored; /* owned: the body in the record */
	struct saved saved;
	struct report_line lines[LINES_MAX];
	struct span spans[LINES_MAX];
	size_t line_of[LINES_MAX]; /* which of `lines` a span is */
	size_t n_lines, n_spans;
	uint64_t span_version;
	struct report_problem problems[PROBLEMS_MAX];
	size_t n_problems;
	struct report_delivery deliveries[DELIVERIES_MAX];
	size_t n_deliveries;
	struct lines foot;
};

static bool
is_open(const struct report_screen *r)
{
	return strcmp(r->row.state, "draft") == 0 || strcmp(r->row.state, "submitted") == 0;
}

static bool
is_changed(const struct report_screen *r)
{
	return r->stored && strcmp(r->text.text, r->stored) != 0;
}

/* --- life -------------------------------------------------------------------------------- */

static bool
report_open(struct screen *s, struct err *err)
{
	struct report_screen *r = s->state;
	char name[40];
	const char *left;

	if (!report_get(console_store(s->ui), s->subject, &r->row) ||
	    !scope_sees(console_store(s->ui), console_actor(s->ui), "report", s->subject))
		return err_set(err, ERR_NOT_FOUND, _("There is no such report here."));
	editor_init(&r->text, true, DRAFT_MAX - 64);
	lines_init(&r->foot);
	r->stored = report_body(console_store(s->ui), s->subject);
	if (!r->stored)
		r->stored = mem_dup("");
	editor_set(&r->text, r->stored);
	r->text.cursor = 0;
	cut_format(name, sizeof(name), "report.%lld", (long long)s->subject);
	left = is_open(r) ? saved_open(&r->saved, s->ui, name) : "";
	if (*left && strcmp(left, r->stored) != 0) {
		editor_set(&r->text, left);
		r->editing = true;
		console_say(s->ui, _("Changes not handed over yet are back: ^S hands them over."));
	}
	return true;
}

static void
report_close(struct screen *s)
{
	struct report_screen *r = s->state;

	report_lines_clear(r->lines, r->n_lines);
	saved_close(&r->saved);
	if (r->text.text)
		editor_clear(&r->text);
	lines_clear(&r->foot);
	free(r->stored);
}

static void
report_save(struct screen *s)
{
	struct report_screen *r = s->state;

	if (is_changed(r))
		saved_write(&r->saved, r->text.text);
	else if (r->saved.saved_at != CLOCK_NONE)
		saved_discard(&r->saved);
}

static enum style
flag_style(const char *flag)
{
	return strcmp(flag, "empty") == 0      ? STYLE_URGENT
	       : strcmp(flag, "unproven") == 0 ? STYLE_SOON
					       : STYLE_NORMAL;
}

/*
 * Where in the text each sentence of the draft stands now; changed ones are found no more and lose
 * their colour.
 */
static void
place_lines(struct report_screen *r)
{
	size_t at = 0;

	r->n_spans = 0;
	for (size_t i = 0; i < r->n_lines; i++) {
		size_t n = strlen(r->lines[i].text),
		       found = text_find(r->text.text, r->text.size, r->lines[i].text, at);

		if (n == 0 || found == r->text.size)
			continue;
		r->line_of[r->n_spans] = i;
		r->spans[r->n_spans++] =
		    (struct span){found, found + n, flag_style(r->lines[i].flag)};
		at = found + n;
	}
	r->span_version = r->text.version;
}

static void
report_load(struct screen *s)
{
	struct report_screen *r = s->state;
	struct store *st = console_store(s->ui);
	bool changed = is_changed(r);
	char *body;

	if (!report_get(st, s->subject, &r->row))
		return;
	report_lines_clear(r->lines, r->n_lines);
	r->n_lines = report_lines(st, s->subject, r->lines, LINES_MAX);
	r->n_problems = report_check(st, s->subject, r->problems, PROBLEMS_MAX);
	r->n_deliveries = report_deliveries(st, s->subject, r->deliveries, DELIVERIES_MAX);
	body = report_body(st, s->subject);
	if (body && !changed && strcmp(body, r->stored) != 0) {
		size_t cursor = r->text.cursor;

		editor_set(&r->text, body);
		r->text.cursor = cursor < r->text.size ? cursor : r->text.size;
	}
	if (body) {
		free(r->stored);
		r->stored = body;
	}
	place_lines(r);
}

/* --- drawing ----------------------------------------------------------------------------- */

/* The sentence the cursor stands in, at its first byte as well; between two it is the second. NULL none. */
static const struct report_line *
line_at_cursor(const struct report_screen *r)
{
	for (size_t i = 0; i < r->n_spans; i++)
		if (r->text.cursor >= r->spans[i].start && r->text.cursor < r->spans[i].end)
			return &r->lines[r->line_of[i]];
	return NULL;
}

/*
 * The sentence the cursor stands in: its element, what it is worth, and the journal lines it came
 * from.
 */
static void
say_source(struct report_screen *r)
{
	const struct report_line *l = line_at_cursor(r);
	struct buf sources = BUF_MAX(400);

	for (size_t k = 0; l && k < l->n_sources; k++)
		buf_printf(&sources, "  #%lld", (long long)id_sequence(l->sources[k]));
	if (!l)
		;
	else if (strcmp(l->flag, "empty") == 0)
		lines_add(
		    &r->foot, l->label, STYLE_URGENT, "%s", _("nothing is known about this yet"));
	else if (strcmp(l->flag, "unproven") == 0)
		lines_add(
		    &r->foot, l->label, STYLE_SOON, _("not verified; from%s"), buf_str(&sources));
	else
		lines_add(&r->foot, l->label, STYLE_NORMAL, _("from%s"), buf_str(&sources));
	buf_clear(&sources);
}

static void
say_problems(struct report_screen *r)
{
	struct buf must = BUF_MAX(4000), may = BUF_MAX(4000);

	for (size_t i = 0; i < r->n_problems; i++)
		buf_printf(r->problems[i].blocking ? &must : &may, "%s    ", r->problems[i].text);
	if (must.size)
		lines_add(&r->foot, _("before signing"), STYLE_URGENT, "%s", buf_str(&must));
	if (may.size)
		lines_add(&r->foot, _("look at"), STYLE_SOON, "%s", buf_str(&may));
	if (r->n_problems == 0 && is_open(r))
		lines_add(&r->foot, _("check"), STYLE_DONE, "%s", _("complete: may be signed"));
	buf_clear(&must);
	buf_clear(&may);
}

/* Who has received it. */
static void
say_deliveries(struct report_screen *r)
{
	char at[32];

	for (size_t i = 0; i < r->n_deliveries; i++) {
		const struct report_delivery *d = &r->deliveries[i];

		lines_add(&r->foot, i ? "" : _("delivered"), d->confirmed ? STYLE_DONE : STYLE_SOON,
		    "%s  %s  %s  %s", d->dest, _(d->way), d->receiver,
		    age_stamp(d->at, at, sizeof(at)));
	}
}

static void
draw_heading(struct report_screen *r, struct area a)
{
	char line[300], state[64];

	cut_format(line, sizeof(line), "%s %s  %s  %s", report_kind_label(r->row.kind), r->row.no,
	    report_state_label(r->row.state), r->row.dest);
	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 30, line, STYLE_BAR);
	if (is_changed(r))
		draw_right(a.y, a.x, a.columns - 1,
		    *saved_state(&r->saved, state, sizeof(state)) ? state : _("changed"),
		    STYLE_BAR);
	else if (r->row.signed_at != CLOCK_NONE) {
		char at[32];

		cut_format(line, sizeof(line), _("signed %s %s"), r->row.signer,
		    age_stamp(r->row.signed_at, at, sizeof(at)));
		draw_right(a.y, a.x, a.columns - 1, line, STYLE_BAR);
	}
}

static void
report_draw(struct screen *s, struct area a)
{
	struct report_screen *r = s->state;
	int foot, most = a.rows / 3 < 4 ? 4 : a.rows / 3;

	if (r->span_version != r->text.version)
		place_lines(r);
	lines_reset(&r->foot);
	say_source(r);
	say_problems(r);
	say_deliveries(r);
	foot = lines_height(&r->foot, a.columns);
	foot = foot < 2 ? 2 : foot < most ? foot : most;
	draw_heading(r, a);
	editor_draw(&r->text, (struct area){a.y + 1, a.x + 2, a.rows - foot - 2, a.columns - 4},
	    r->spans, r->n_spans, true);
	draw_bar(a.y + a.rows - foot - 1, a.x, a.columns, "");
	draw_text(a.y + a.rows - foot - 1, a.x + 1, a.columns - 2,
	    r->editing ? _("Editing") : _("Sources and checks"), STYLE_BAR);
	lines_draw(&r->foot, (struct area){a.y + a.rows - foot, a.x, foot, a.columns});
}

/* --- keys -------------------------------------------------------------------------------- */

enum {
	ACT_EDIT = 1,
	ACT_STORE,
	ACT_SIGN,
	ACT_NEXT,
	ACT_PAGE,
	ACT_PHONE,
	ACT_DELIVER,
	ACT_GO,
	ACT_SOURCE,
	ACT_END,
	ACT_EMPTY
};

static const struct key_row rows[] = {
    {{'e'}, ACT_EDIT, N_("edit text"), N_("edit the text")},
    {{CTRL_KEY('s'), K_F(10)}, ACT_STORE, N_("hand over"),
	N_("hand the changed text to the record")},
    {{K_TAB}, ACT_EMPTY, N_("next gap"), N_("go to the next empty or unproven sentence")},
    {{'s'}, ACT_SIGN, N_("sign"),
	N_("sign: the number is given, written clocks close, the text goes out")},
    {{'t'}, ACT_NEXT, N_("next step"), N_("submit, return, void …: what may follow now")},
    {{'v'}, ACT_PAGE, N_("page"), N_("the page as it goes out")},
    {{'d'}, ACT_DELIVER, N_("delivered"), N_("who received it, how and when")},
    {{'p'}, ACT_PHONE, N_("phoned"), N_("a telephone report was made: to whom, who took it")},
    {{K_ENTER}, ACT_SOURCE, NULL, N_("the journal entry the sentence came from")},
    {{'i'}, ACT_GO, NULL, N_("go to the incident")},
    {{K_ESC}, ACT_END, N_("leave"), N_("end editing; the changes wait")},
};

static bool
hand_over(struct screen *s)
{
	struct report_screen *r = s->state;

	if (!is_changed(r)) {
		r->editing = false;
		return true;
	}
	if (!console_do(s->ui, "report.edit",
		json_pack("{s:I, s:s}", "report", (json_int_t)s->subject, "body", r->text.text),
		NULL)) {
		screen_touch(s);
		return false;
	}
	free(r->stored);
	r->stored = mem_dup(r->text.text);
	s->dirty = false;
	saved_discard(&r->saved);
	r->editing = false;
	return true;
}

static void
show_page(struct screen *s)
{
	struct buf page = BUF_MAX(200000);
	struct err err = ERR_NONE;

	if (report_text(console_store(s->ui), s->subject, 0, &page, &err))
		console_show_text(s->ui, _("As it goes out"), buf_str(&page));
	else
		console_fail(s->ui, &err);
	buf_clear(&page);
}

static void
show_source(struct screen *s)
{
	const struct report_line *l = line_at_cursor(s->state);
	struct journal_row row;

	if (l && l->n_sources && journal_get(console_store(s->ui), l->sources[0], &row)) {
		console_show_text(s->ui, l->label, row.text);
		journal_row_clear(&row);
		return;
	}
	console_say(s->ui, _("This sentence comes from no entry."));
}

/* The next sentence that is red or yellow, behind the cursor, going round. */
static void
go_to_gap(struct report_screen *r)
{
	size_t best = r->n_spans;

	for (size_t i = 0; i < r->n_spans; i++) {
		if (r->spans[i].style == STYLE_NORMAL)
			continue;
		if (best == r->n_spans ||
		    (r->spans[best].start <= r->text.cursor && r->spans[i].start > r->text.cursor))
			best = i;
	}
	if (best < r->n_spans)
		r->text.cursor = r->spans[best].start;
}

static void
choose_next(struct screen *s)
{
	struct report_screen *r = s->state;

	next_choose(
	    s, report_next_verbs(&r->row), _("Nothing more is to be done with this report."));
}

static void
form_of(struct screen *s, const char *verb)
{
	console_form(s->ui, verb, json_pack("{s:I}", "report", (json_int_t)s->subject));
}

static enum paint
report_act(struct screen *s, int action)
{
	struct report_screen *r = s->state;

	switch (action) {
	case ACT_EDIT:
		if (is_open(r))
			r->editing = true;
		else
			console_say(s->ui, _("A signed report is never changed: w in the incident "
					     "drafts a follow-up."));
		break;
	case ACT_STORE:
		if (hand_over(s))
			return PAINT_LOAD;
		break;
	case ACT_END:
		if (!r->editing)
			return PAINT_PASS;
		r->editing = false;
		break;
	case ACT_SIGN:
		if (hand_over(s))
			form_of(s, "report.sign");
		break;
	case ACT_NEXT:
		if (hand_over(s))
			choose_next(s);
		break;
	case ACT_PAGE:
		show_page(s);
		break;
	case ACT_DELIVER:
		form_of(s, "report.deliver");
		break;
	case ACT_PHONE:
		console_form(s->ui, "report.phone",
		    json_pack("{s:I, s:s}", "incident", (json_int_t)r->row.incident, "dest",
			r->row.dest));
		break;
	case ACT_EMPTY:
		go_to_gap(r);
		break;
	case ACT_SOURCE:
		show_source(s);
		break;
	case ACT_GO:
		console_open(s->ui, &screen_incident, r->row.incident, NULL);
		break;
	}
	return PAINT_DRAW;
}

/* While reading the editor only moves. */
static enum paint
report_key(struct screen *s, const struct key *key)
{
	struct report_screen *r = s->state;
	uint64_t before = r->text.version;
	struct key move = *key;

	if (!r->editing) {
		move.code = key->code == 'j' ? K_DOWN : key->code == 'k' ? K_UP : key->code;
		if (move.code == CTRL_KEY('f') || move.code == ' ')
			move.code = K_PAGE_DOWN;
		if (move.code == CTRL_KEY('b'))
			move.code = K_PAGE_UP;
		if (move.code < K_UP || move.code > K_PAGE_DOWN || move.code == K_LEFT)
			return PAINT_PASS;
	}
	if (!editor_key(&r->text, &move))
		return PAINT_PASS;
	if (r->text.version != before)
		screen_touch(s);
	return PAINT_DRAW;
}

static bool
report_in_text(struct screen *s)
{
	return ((struct report_screen *)s->state)->editing;
}

static json_t *
report_context(struct screen *s)
{
	struct report_screen *r = s->state;

	return json_pack("{s:I, s:I}", "report", (json_int_t)s->subject, "incident",
	    (json_int_t)r->row.incident);
}

const struct screen_ops screen_report = {
    .name = "report",
    .title = N_("Report"),
    .size = sizeof(struct report_screen),
    .typing = true,
    .keys = KEY_TABLE(rows),
    .open = report_open,
    .load = report_load,
    .draw = report_draw,
    .act = report_act,
    .key = report_key,
    .in_text = report_in_text,
    .context = report_context,
    .save = report_save,
    .close = report_close,
};
