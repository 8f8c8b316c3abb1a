/*
 * 报警: alarms that stand, worst first, whoever has to confirm them on top, then those that are
 * silenced, then points that are silenced and stand at nothing; each with its value, its limit and
 * what was done. From here a point is silenced and let ring again, an alarm confirmed, closed and
 * made an incident of.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "incident/incident.h"
#include "monitor/monitor.h"
#include "ui/age.h"
#include "ui/screens/screens.h"
#include "ui/screens/split.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define ALARMS_MAX 400
#define SILENCES_MAX 100
#define SOON (5 * CLOCK_MINUTE)

/* An alarm, or a silence of a point that stands at nothing (alarm.id 0). */
struct alarm_line {
	int64_t id;
	struct alarm_row alarm;
	struct silence_row silence; /* of its point, at any level; id 0 none */
	int64_t point;		    /* a value of it, 0 none: what alarm.silence takes */
	char incident[16];	    /* "089" */
};

struct alarms {
	struct table table;
	struct alarm_line *rows; /* owned */
	size_t n, standing, waiting, silenced;
	int64_t next_due;
	bool all; /* closed ones too */
	char empty[200];
	struct lines details;
};

static bool
waits(const struct alarm_line *r)
{
	return r->alarm.waits && r->alarm.closed == CLOCK_NONE && r->alarm.silenced == CLOCK_NONE;
}

/* Does the silence hold at the level the alarm has now? One that does not ring without an alarm is silent too. */
static bool
silent(const struct alarm_line *r)
{
	return r->silence.id && r->alarm.closed == CLOCK_NONE &&
	       (!r->alarm.id || r->alarm.silenced != CLOCK_NONE);
}

/* --- the list -------------------------------------------------------------------------------- */

enum { C_MARK, C_LEVEL, C_POINT, C_VALUE, C_LIMIT, C_STATE, C_RAISED };
static const struct column columns[] = {
    {"", 2, 0, 0, false},
    {N_("level"), 5, 0, 0, false},
    {N_("point"), 16, 2, 0, false},
    {N_("value"), 10, 0, 0, true},
    {N_("threshold"), 12, 1, 2, false},
    {N_("state"), 16, 0, 0, false},
    {N_("raised"), 11, 0, 1, false},
};

static void
put_point(const struct alarm_line *r, char *out, size_t size)
{
	cut_format(out, size, "%s %s", r->alarm.id ? r->alarm.name : r->silence.name,
	    quantity_label(r->alarm.id ? r->alarm.quantity : r->silence.quantity));
}

/* What is to be known of it first: closed, silent, to be confirmed, an incident, over, what it was found to be. */
static void
put_state(const struct alarm_line *r, char *out, size_t size)
{
	const struct alarm_row *a = &r->alarm;
	char at[32];

	if (a->id && a->closed != CLOCK_NONE)
		utf8_copy(out, size, _("alarm closed"));
	else if (silent(r))
		/* Within a day: the hour says which. */
		cut_format(out, size, _("silent to %s"),
		    clock_format(at, sizeof(at), r->silence.until, CLOCK_HM));
	else if (waits(r) && a->due < clock_now())
		age_left(a->due, out, size);
	else if (waits(r))
		cut_format(out, size, _("confirm %s"), age_left(a->due, at, sizeof(at)));
	else if (*r->incident)
		cut_format(out, size, _("incident %s"), r->incident);
	else
		utf8_copy(out, size,
		    a->reset != CLOCK_NONE ? _("value is back") : alarm_verdict_label(a->verdict));
}

static void
cell(void *context, const void *row, size_t column, struct cell *out)
{
	const struct alarm_line *r = row;
	const struct alarm_row *a = &r->alarm;

	(void)context;
	switch (column) {
	case C_MARK:
		utf8_copy(out->text, sizeof(out->text), silent(r) ? "--" : waits(r) ? "!!" : "");
		break;
	case C_LEVEL:
		cut_format(out->text, sizeof(out->text), "%d", a->id ? a->level : r->silence.level);
		break;
	case C_POINT:
		put_point(r, out->text, sizeof(out->text));
		break;
	case C_VALUE:
		if (a->id)
			cut_format(out->text, sizeof(out->text), "%.*f %s",
			    quantity_decimals(a->quantity), a->value, a->unit);
		break;
	case C_LIMIT:
		utf8_copy(out->text, sizeof(out->text), a->what);
		break;
	case C_STATE:
		put_state(r, out->text, sizeof(out->text));
		break;
	case C_RAISED:
		if (a->id)
			age_stamp(a->raised, out->text, sizeof(out->text));
		break;
	}
}

static enum style
style(void *context, const void *row)
{
	const struct alarm_line *r = row;

	(void)context;
	if (silent(r) || r->alarm.closed != CLOCK_NONE)
		return STYLE_FAINT;
	if (waits(r))
		return r->alarm.level >= 3 ? STYLE_URGENT : age_style(r->alarm.due, SOON);
	return r->alarm.reset != CLOCK_NONE ? STYLE_DONE : STYLE_NORMAL;
}

static const struct table_ops ops = {TABLE_ROWS(struct alarm_line, columns, cell, style)};

static int
rank(const struct alarm_line *r)
{
	if (!r->alarm.id)
		return 3;
	return r->alarm.closed != CLOCK_NONE ? 4 : silent(r) ? 2 : waits(r) ? 0 : 1;
}

static int
by_rank(const void *a, const void *b)
{
	const struct alarm_line *x = a, *y = b;

	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	if (rank(x) < 4 && x->alarm.level != y->alarm.level)
		return y->alarm.level - x->alarm.level;
	if (rank(x) == 0 && x->alarm.due != y->alarm.due)
		return x->alarm.due < y->alarm.due ? -1 : 1;
	return (x->id < y->id) - (x->id > y->id);
}

/* --- the screen ------------------------------------------------------------------------------ */

static bool
alarms_open(struct screen *s, struct err *err)
{
	struct alarms *v = s->state;

	if (console_scope(s->ui))
		return err_set(err, ERR_REFUSED, _("This is the duty room's own."));
	table_init(&v->table, &ops, s);
	v->table.titles = true;
	v->table.empty = v->empty;
	lines_init(&v->details);
	return true;
}

static void
fill_alarm(struct store *st, const struct alarm_row *a, struct alarm_line *out)
{
	struct incident_row incident;

	*out = (struct alarm_line){.id = a->id, .alarm = *a};
	out->point = monitor_point(st, a->station, a->quantity);
	if (a->closed != CLOCK_NONE ||
	    !monitor_silence_of(st, a->station, a->quantity, &out->silence))
		out->silence.id = 0;
	if (a->incident && incident_get(st, a->incident, &incident))
		cut_format(out->incident, sizeof(out->incident), "%03d", incident.number);
}

/* Is the silence of an alarm that stands in the list? */
static bool
has_silence(const struct alarms *v, int64_t silence)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->rows[i].silence.id == silence)
			return true;
	return false;
}

static void
add_silences(struct store *st, struct alarms *v)
{
	struct silence_row *all = mem_zero(SILENCES_MAX, sizeof(*all));
	size_t n = monitor_silences(st, all, SILENCES_MAX);

	for (size_t i = 0; i < n; i++) {
		struct alarm_line *r = &v->rows[v->n];

		if (has_silence(v, all[i].id))
			continue;
		*r = (struct alarm_line){.id = all[i].id, .silence = all[i]};
		r->alarm.closed = r->alarm.silenced = r->alarm.reset = CLOCK_NONE;
		r->point = monitor_point(st, all[i].station, all[i].quantity);
		v->n++;
	}
	free(all);
}

static void
count(struct alarms *v)
{
	v->standing = v->waiting = v->silenced = 0;
	v->next_due = CLOCK_NONE;
	for (size_t i = 0; i < v->n; i++) {
		const struct alarm_line *r = &v->rows[i];

		v->standing += r->alarm.id && r->alarm.closed == CLOCK_NONE;
		v->silenced += silent(r);
		v->waiting += waits(r);
		if (waits(r) && (v->next_due == CLOCK_NONE || r->alarm.due < v->next_due))
			v->next_due = r->alarm.due;
	}
}

static void
alarms_load(struct screen *s)
{
	struct alarms *v = s->state;
	struct store *st = console_store(s->ui);
	struct alarm_line *old = v->rows;
	struct alarm_row *all = mem_zero(ALARMS_MAX, sizeof(*all));
	size_t n = monitor_alarms(st, !v->all, all, ALARMS_MAX);

	v->rows = mem_zero(ALARMS_MAX + SILENCES_MAX, sizeof(*v->rows));
	for (v->n = 0; v->n < n; v->n++)
		fill_alarm(st, &all[v->n], &v->rows[v->n]);
	add_silences(st, v);
	if (v->n)
		qsort(v->rows, v->n, sizeof(*v->rows), by_rank);
	table_set(&v->table, v->rows, v->n);
	count(v);
	split_empty(
	    st, _("No alarm stands, and no point is silenced."), v->empty, sizeof(v->empty));
	free(all);
	free(old);
}

/* --- drawing --------------------------------------------------------------------------------- */

static void
tell_alarm(struct lines *l, const struct alarm_row *a, const char *incident)
{
	int d = quantity_decimals(a->quantity);
	char at[32];

	lines_add(l, _("value"), STYLE_STRONG, _("%.*f %s, worst %.*f"), d, a->value, a->unit, d,
	    a->worst);
	lines_add(l, _("threshold"), STYLE_NORMAL, _("level %d: %s %.*f %s"), a->level, a->what, d,
	    a->threshold, a->unit);
	lines_add(l, _("raised"), STYLE_NORMAL, "%s", age_stamp(a->raised, at, sizeof(at)));
	lines_add(l, _("state"), STYLE_NORMAL, "%s%s%s", alarm_verdict_label(a->verdict),
	    a->escalated == 0	? ""
	    : a->escalated == 1 ? _(", told to the chief")
				: _(", told to the chief and the leader"),
	    a->reset != CLOCK_NONE ? _(", the value is back") : "");
	if (*incident)
		lines_add(l, _("incident"), STYLE_NORMAL, "%s", incident);
}

static void
tell(struct lines *l, const void *row)
{
	const struct alarm_line *r = row;
	const struct silence_row *q = &r->silence;
	char point[200], since[32], until[32];

	put_point(r, point, sizeof(point));
	lines_add(l, _("point"), STYLE_STRONG, "%s\t%s", point,
	    r->alarm.id ? r->alarm.station : q->station);
	if (r->alarm.id)
		tell_alarm(l, &r->alarm, r->incident);
	if (!q->id)
		return;
	lines_add(l, _("silenced"), STYLE_SOON, _("up to level %d, from %s until %s, by %s: %s"),
	    q->level, age_stamp(q->since, since, sizeof(since)),
	    age_stamp(q->until, until, sizeof(until)), q->who, q->reason);
	if (!silent(r))
		lines_add(l, "!", STYLE_URGENT, "%s",
		    _("it stands above the level of its silence: it rings"));
}

static void
alarms_draw(struct screen *s, struct area a)
{
	struct alarms *v = s->state;
	char line[160];

	cut_format(line, sizeof(line),
	    v->all ? _("All alarms: %zu stand, %zu to confirm, %zu silent")
		   : _("Alarms: %zu stand, %zu to confirm, %zu silent"),
	    v->standing, v->waiting, v->silenced);
	split_draw(&v->table, &v->details, a, line, tell);
}

/* --- keys ------------------------------------------------------------------------------------ */

enum {
	ACT_READ = 1,
	ACT_CONFIRM,
	ACT_NOTE,
	ACT_CLOSE,
	ACT_SILENCE,
	ACT_RESUME,
	ACT_INCIDENT,
	ACT_GO,
	ACT_WHICH
};

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_READ, N_("read"), N_("the alarm with all that was done")},
    {{'a'}, ACT_CONFIRM, N_("confirm"), N_("confirm it: real, false or a test")},
    {{'s'}, ACT_SILENCE, N_("silence"),
	N_("keep its point from ringing: until when, up to which level, and why")},
    {{'u'}, ACT_RESUME, N_("let ring"), N_("let a silenced point ring again, and why")},
    {{'o'}, ACT_INCIDENT, N_("make incident"), N_("open an incident out of the alarm")},
    {{'c'}, ACT_CLOSE, N_("close alarm"), N_("close it with its cause and the measure taken")},
    {{'e'}, ACT_NOTE, N_("note what was done"), N_("what was done, what was measured")},
    {{'v'}, ACT_WHICH, N_("standing/all"), N_("show only what stands, or closed ones too")},
    {{'i'}, ACT_GO, NULL, N_("go to its incident")},
};

static const char *
alarms_verb_of(int action)
{
	static const char *const verbs[] = {[ACT_CONFIRM] = "alarm.confirm",
	    [ACT_NOTE] = "alarm.note",
	    [ACT_CLOSE] = "alarm.close",
	    [ACT_SILENCE] = "alarm.silence",
	    [ACT_RESUME] = "alarm.resume",
	    [ACT_INCIDENT] = "alarm.open",
	    [ACT_WHICH] = NULL};

	return verbs[action];
}

static enum paint
alarms_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct alarms *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static void
show(struct screen *s, const struct alarm_line *r)
{
	struct buf text = BUF_MAX(1 << 20);
	struct err err = ERR_NONE;
	char point[200];

	put_point(r, point, sizeof(point));
	if (monitor_alarm_text(console_store(s->ui), r->alarm.id, &text, &err))
		console_show_text(s->ui, point, buf_str(&text));
	else
		console_fail(s->ui, &err);
	buf_clear(&text);
}

/* What is done to the point: silenced, or let ring, as it is not or is. */
static void
act_on_point(struct screen *s, const struct alarm_line *r, int action)
{
	if (action == ACT_RESUME && !r->silence.id)
		console_say(s->ui, "%s", _("This point is not silenced."));
	else if (!r->point)
		console_say(s->ui, "%s", _("No value of this point is kept any more."));
	else
		console_form(s->ui, alarms_verb_of(action),
		    json_pack("{s:I}", "point", (json_int_t)r->point));
}

static enum paint
alarms_act(struct screen *s, int action)
{
	struct alarms *v = s->state;
	const struct alarm_line *r = table_row(&v->table);

	if (action == ACT_WHICH) {
		v->all = !v->all;
		return PAINT_LOAD;
	}
	if (!r)
		return PAINT_NONE;
	if (action == ACT_SILENCE || action == ACT_RESUME)
		act_on_point(s, r, action);
	else if (!r->alarm.id)
		console_say(s->ui, "%s", _("This point is only silenced: it stands at nothing."));
	else if (action == ACT_READ)
		show(s, r);
	else if (action == ACT_GO && r->alarm.incident)
		console_open(s->ui, &screen_incident, r->alarm.incident, NULL);
	else if (action == ACT_INCIDENT && r->alarm.incident)
		console_say(s->ui, "%s", _("It is an incident already: i goes there."));
	else if (action == ACT_GO)
		console_say(s->ui, "%s", _("It is no incident. o makes one of it."));
	else
		console_form(s->ui, alarms_verb_of(action),
		    json_pack("{s:I}", "alarm", (json_int_t)r->alarm.id));
	return PAINT_DRAW;
}

static json_t *
alarms_context(struct screen *s)
{
	const struct alarm_line *r = table_row(&((struct alarms *)s->state)->table);
	json_t *context = r ? json_object() : NULL;

	if (r && r->alarm.id)
		json_object_set_new(context, "alarm", json_integer(r->alarm.id));
	if (r && r->point)
		json_object_set_new(context, "point", json_integer(r->point));
	return context;
}

static int64_t
alarms_countdown(struct screen *s)
{
	return ((struct alarms *)s->state)->next_due;
}

static void
alarms_close(struct screen *s)
{
	struct alarms *v = s->state;

	free(v->rows);
	lines_clear(&v->details);
}

const struct screen_ops screen_alarms = {
    .name = "alarms",
    .title = N_("Alarms"),
    .size = sizeof(struct alarms),
    .keys = KEY_TABLE(rows),
    .verb_of = alarms_verb_of,
    .open = alarms_open,
    .load = alarms_load,
    .draw = alarms_draw,
    .act = alarms_act,
    .key = alarms_key,
    .context = alarms_context,
    .countdown = alarms_countdown,
    .close = alarms_close,
};
