/*
 * 接报: what the caller says is typed as it comes; below it stands what the console makes of it:
 * type and grade with the rule, the facts (their words are underlined in the text), what is still
 * to be asked, which open incident it may be, the plans, and the clocks that will run. One key
 * saves, one joins it to an incident that is there. The moment the screen was opened is the receipt
 * time, and stays it however long the call takes and whatever happens to the line.
 *
 * Opened for an incident (subject), it takes a further call about it: the same reading, and saving
 * joins.
 *
 * The draft is the text and, as its last line, "@" and the receipt time.
 */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "incident/incident.h"
#include "store/command.h"
#include "store/draft.h"
#include "ui/age.h"
#include "ui/editor.h"
#include "ui/lines.h"
#include "ui/saved.h"
#include "ui/screens/facts.h"
#include "ui/screens/reading_lines.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define SPANS_MAX 200

struct intake {
	struct editor text;
	struct saved saved;
	int64_t received;
	uint64_t read_version; /* of the text that `reading` is about */
	struct reading reading;
	struct span spans[SPANS_MAX];
	size_t n_spans;
	struct incident_likeness alike[LIKELY_MAX];
	size_t n_alike;
	struct lines lines;
	struct incident_row about; /* the incident a further call is about; id 0: a new matter */
};

/* --- draft ------------------------------------------------------------------------------- */

static void
restore(struct intake *in, const char *draft)
{
	const char *mark = strrchr(draft, '@');
	char *text;

	if (mark && (mark == draft || mark[-1] == '\n') &&
	    clock_parse(mark + 1, clock_now(), &in->received)) {
		text = mem_dupn(draft, mark == draft ? 0 : (size_t)(mark - draft) - 1);
		editor_set(&in->text, text);
		free(text);
	} else {
		editor_set(&in->text, draft);
	}
}

static void
intake_save(struct screen *s)
{
	struct intake *in = s->state;
	char at[40], *draft;

	if (in->text.size == 0 && in->saved.saved_at == CLOCK_NONE)
		return;
	draft = mem_print(
	    "%s\n@%s", in->text.text, clock_format(at, sizeof(at), in->received, CLOCK_ISO));
	saved_write(&in->saved, in->text.size ? draft : "");
	free(draft);
}

static bool
intake_open(struct screen *s, struct err *err)
{
	struct intake *in = s->state;
	const char *left;
	char name[40], at[32];

	in->received = clock_now();
	editor_init(&in->text, true, DRAFT_MAX - 64);
	lines_init(&in->lines);
	if (s->subject && !incident_get(console_store(s->ui), s->subject, &in->about))
		return err_set(err, ERR_NOT_FOUND, _("There is no such incident here."));
	cut_format(name, sizeof(name), "call.%lld", (long long)s->subject);
	left = saved_open(&in->saved, s->ui,
	    s->subject	  ? name
	    : s->argument ? s->argument
			  : "intake");
	if (*left) {
		restore(in, left);
		console_say(s->ui,
		    _("The call begun at %s is back. ^X puts it away and begins a new one."),
		    age_stamp(in->received, at, sizeof(at)));
	}
	return true;
}

static void
intake_close(struct screen *s)
{
	struct intake *in = s->state;

	saved_close(&in->saved);
	editor_clear(&in->text);
	lines_clear(&in->lines);
	reading_clear(&in->reading);
}

/* --- reading ----------------------------------------------------------------------------- */

/*
 * Read the text again; the questions to the store are part of it, so this stands in load and not in
 * draw.
 */
static void
intake_load(struct screen *s)
{
	struct intake *in = s->state;
	struct err err = ERR_NONE;
	struct store *st = console_store(s->ui);
	struct reader *reader = incident_reader(st, &err);
	const struct fact *phone;

	if (!reader) {
		console_fail(s->ui, &err);
		return;
	}
	reading_clear(&in->reading);
	reader_read(reader, in->text.text, in->text.size, in->received, &in->reading);
	in->n_spans = fact_spans(&in->reading, in->spans, SPANS_MAX);
	phone = reading_first(&in->reading, FACT_PHONE);
	in->n_alike = in->about.id
			  ? 0
			  : reading_likely(in->alike,
				incident_alike(st, &in->reading, phone ? phone->text : NULL,
				    in->received, in->alike, LIKELY_MAX));
	lines_reset(&in->lines);
	reading_lines(&in->lines, st,
	    &(struct told){
		&in->reading, in->text.text, in->text.size, in->received, in->alike, in->n_alike});
	in->read_version = in->text.version;
}

/* --- drawing ----------------------------------------------------------------------------- */

static void
intake_draw(struct screen *s, struct area a)
{
	struct intake *in = s->state;
	int height = (int)editor_height(&in->text, a.columns - 5) + 1, most = a.rows / 2 - 1;
	char state[64], at[32], title[300];

	if (height < 5)
		height = 5;
	if (height > most)
		height = most;
	draw_bar(a.y, a.x, a.columns, "");
	age_stamp(in->received, at, sizeof(at));
	if (in->about.id)
		cut_format(title, sizeof(title), _("Further call about %03d %s, received %s"),
		    in->about.number, in->about.title, at);
	else
		cut_format(title, sizeof(title), _("Call received %s"), at);
	draw_cut(a.y, a.x + 1, a.columns - 20, title, STYLE_BAR);
	draw_right(
	    a.y, a.x, a.columns - 1, saved_state(&in->saved, state, sizeof(state)), STYLE_BAR);
	editor_draw(&in->text, (struct area){a.y + 1, a.x + 2, height, a.columns - 4}, in->spans,
	    in->read_version == in->text.version ? in->n_spans : 0, true);
	if (in->text.size == 0)
		draw_text(a.y + 1, a.x + 3, a.columns - 4,
		    _("Type what the caller says: time, place, what happened, who calls."),
		    STYLE_FAINT);
	cut_format(title, sizeof(title), "%s  %s", _("Read from it"),
	    in->reading.title ? in->reading.title : "");
	draw_bar(a.y + 1 + height, a.x, a.columns, "");
	draw_cut(a.y + 1 + height, a.x + 1, a.columns - 2, title, STYLE_BAR);
	lines_draw(
	    &in->lines, (struct area){a.y + 2 + height, a.x, a.rows - height - 2, a.columns});
}

/* --- keys -------------------------------------------------------------------------------- */

enum { ACT_SAVE = 1, ACT_JOIN, ACT_TIME, ACT_AWAY, ACT_DOWN, ACT_UP, ACT_LEAVE };

static const struct key_row rows[] = {
    {{CTRL_KEY('s'), K_F(10)}, ACT_SAVE, N_("save"),
	N_("save: the incident is opened and its clocks run")},
    {{CTRL_KEY('g')}, ACT_JOIN, N_("same incident"),
	N_("it is the same matter: join the call to the open incident")},
    {{CTRL_KEY('t')}, ACT_TIME, N_("receipt time"), N_("correct the time the call was received")},
    {{CTRL_KEY('x')}, ACT_AWAY, NULL, N_("put this text away as a draft and begin another")},
    {{K_ALT | 'j', K_DOWN | K_CTRL}, ACT_DOWN, NULL, N_("scroll what was read (M-k: up)")},
    {{K_ALT | 'k', K_UP | K_CTRL}, ACT_UP, NULL, N_("scroll what was read up")},
    {{K_ESC}, ACT_LEAVE, N_("leave, kept"), N_("leave; what is typed stays as a draft")},
};

/* The verb took it. */
static void
taken(struct screen *s, int64_t incident)
{
	struct intake *in = s->state;

	s->dirty = false;
	saved_discard(&in->saved);
	screen_done(s);
	console_mark(s->ui, incident);
	if (!in->about.id)
		console_open(s->ui, &screen_incident, incident, NULL);
}

static void
join_to(struct screen *s, int64_t incident)
{
	struct intake *in = s->state;
	json_t *args = json_pack("{s:I, s:s, s:I}", "incident", (json_int_t)incident, "text",
	    in->text.text, "received", (json_int_t)in->received);

	if (console_do(s->ui, "incident.call", args, NULL))
		taken(s, incident);
	else
		screen_touch(s);
}

static void
save_new(struct screen *s)
{
	struct intake *in = s->state;
	int64_t incident = 0;
	json_t *args;

	if (in->text.size == 0) {
		console_say(s->ui, _("Nothing is typed yet."));
		return;
	}
	if (in->about.id) {
		join_to(s, in->about.id);
		return;
	}
	args = json_pack("{s:s, s:I}", "text", in->text.text, "received", (json_int_t)in->received);
	if (console_do(s->ui, "incident.open", args, &incident))
		taken(s, incident);
	else
		screen_touch(s);
}

static void
answer_join(struct screen *s, const struct popup_item *item, void *data)
{
	(void)data;
	join_to(s, item->id);
}

/* One likely incident: joined at once. Several: choose. None: any open one. */
static void
join(struct screen *s)
{
	struct intake *in = s->state;
	struct popup_item items[LIKELY_MAX];

	if (in->text.size == 0) {
		console_say(s->ui, _("Nothing is typed yet."));
		return;
	}
	if (in->n_alike == 1) {
		join_to(s, in->alike[0].incident);
		return;
	}
	if (in->n_alike == 0) {
		console_choose_thing(
		    s->ui, _("Join this call to which incident?"), "incident", answer_join, NULL);
		return;
	}
	memset(items, 0, sizeof(items));
	for (size_t i = 0; i < in->n_alike; i++) {
		items[i].id = in->alike[i].incident;
		utf8_copy(items[i].word, sizeof(items[i].word), in->alike[i].no);
		cut_format(items[i].label, sizeof(items[i].label), "%s  %s", in->alike[i].title,
		    in->alike[i].why);
	}
	console_choose(
	    s->ui, _("Join this call to which incident?"), items, in->n_alike, answer_join, NULL);
}

static void
answer_time(struct screen *s, const char *text, void *data)
{
	struct intake *in = s->state;
	int64_t at;

	(void)data;
	/* Asked again, with what was typed: the next key shall not fall into the text. */
	if (!command_time(text, clock_now(), NULL, &at) || at > clock_now()) {
		console_prompt(
		    s->ui, _("A past time (03:12, 07-10 03:12):"), text, answer_time, NULL);
		return;
	}
	in->received = at;
	s->waiting = true;
	screen_touch(s);
}

static void
put_away(struct screen *s)
{
	struct intake *in = s->state;

	intake_save(s);
	s->dirty = false;
	saved_close(&in->saved);
	s->subject = in->about.id = 0;
	editor_set(&in->text, "");
	in->received = clock_now();
	saved_open(&in->saved, s->ui, "intake");
	for (int i = 2; i <= 9 && in->saved.draft && *draft_text(in->saved.draft, NULL); i++) {
		char name[16];

		saved_close(&in->saved);
		saved_open(&in->saved, s->ui, cut_format(name, sizeof(name), "intake~%d", i));
	}
	s->waiting = true;
}

static enum paint
intake_act(struct screen *s, int action)
{
	struct intake *in = s->state;
	char at[32];

	switch (action) {
	case ACT_SAVE:
		save_new(s);
		break;
	case ACT_JOIN:
		join(s);
		break;
	case ACT_TIME:
		console_prompt(s->ui, _("Received at"),
		    clock_format(at, sizeof(at), in->received, CLOCK_MD_HM), answer_time, NULL);
		break;
	case ACT_AWAY:
		put_away(s);
		break;
	case ACT_DOWN:
		lines_key(&in->lines, 'j');
		break;
	case ACT_UP:
		lines_key(&in->lines, 'k');
		break;
	default:
		return PAINT_PASS;
	}
	return PAINT_DRAW;
}

static enum paint
intake_key(struct screen *s, const struct key *key)
{
	struct intake *in = s->state;
	uint64_t before = in->text.version;

	if (!editor_key(&in->text, key))
		return PAINT_PASS;
	if (in->text.refused)
		console_say(
		    s->ui, _("The text is full: save it, and take the rest as a further call."));
	if (in->text.version == before)
		return PAINT_DRAW;
	if (!in->text.refused)
		console_calm(s->ui);
	screen_touch(s);
	return PAINT_LOAD;
}

const struct screen_ops screen_intake = {
    .name = "intake",
    .title = N_("Take a call"),
    .size = sizeof(struct intake),
    .typing = true,
    .keys = KEY_TABLE(rows),
    .open = intake_open,
    .load = intake_load,
    .draw = intake_draw,
    .act = intake_act,
    .key = intake_key,
    .save = intake_save,
    .close = intake_close,
};
