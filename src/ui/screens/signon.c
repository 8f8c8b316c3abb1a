/* 签到: name and secret; and the lock of a console nobody has typed at for a while. */
#include "ui/screens/signon.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "house/house.h"
#include "people/people.h"
#include "store/store.h"
#include "ui/draw.h"
#include "ui/header.h"
#include "ui/loop.h"
#include "ui/masked.h"
#include "ui/term.h"
#include "ui/text.h"

#include <string.h>

#define FOUND_MAX 6
#define WIDE 10 /* of the labels */

struct signon {
	struct store *st;
	const struct actor *locked;
	int64_t key;
	const char *via;
	struct header header; /* of it the counts alone are shown */
	int64_t minute;
	struct bell bell;
	bool stale;
	char name[64];
	struct masked secret;
	bool at_secret; /* the field typed in */
	struct thing found[FOUND_MAX];
	size_t n_found, mark;
	char message[300];
	bool dirty, over;
	enum signon_end end;
	struct actor *out;
};

static void
look_up(struct signon *s)
{
	const struct thing_kind *kind = thing_kind_find(s->st, "person");
	struct actor system;

	actor_system(&system, "signon");
	s->mark = 0;
	s->n_found =
	    kind && *s->name ? kind->find(s->st, &system, s->name, s->found, FOUND_MAX) : 0;
}

static void
finish(struct signon *s, enum signon_end end)
{
	s->end = end;
	s->over = true;
}

static bool
opens(struct signon *s, struct err *err)
{
	if (!s->locked)
		return people_sign_on(s->st, s->name, s->secret.text, s->via, s->out, err);
	if (!people_check(s->st, s->locked->person, s->secret.text, err))
		return false;
	*s->out = *s->locked;
	return true;
}

static void
try_it(struct signon *s)
{
	struct err err = ERR_NONE;

	if (opens(s, &err))
		finish(s, SIGNON_IN);
	else
		utf8_copy(s->message, sizeof(s->message), err.message ? err.message : "");
	masked_clear(&s->secret);
	err_clear(&err);
}

/* The person under the mark is meant; initials become the name. */
static void
take_name(struct signon *s)
{
	if (!s->n_found) {
		cut_format(s->message, sizeof(s->message), _("There is nobody called \"%s\" here."),
		    s->name);
		return;
	}
	utf8_copy(s->name, sizeof(s->name), s->found[s->mark].word);
	s->n_found = 0;
	if (people_secrets_in_force(s->st))
		s->at_secret = true;
	else
		try_it(s);
}

static void
key_of_name(struct signon *s, const struct key *key)
{
	if (key->code == K_ENTER || key->code == K_TAB)
		take_name(s);
	else if (key->code == K_DOWN && s->mark + 1 < s->n_found)
		s->mark++;
	else if (key->code == K_UP && s->mark > 0)
		s->mark--;
	else if (field_key(s->name, sizeof(s->name), key))
		look_up(s);
}

static void
key_of_secret(struct signon *s, const struct key *key)
{
	if (key->code == K_ENTER)
		try_it(s);
	else if (!masked_key(&s->secret, key) && !s->locked &&
		 (key->code == K_TAB || key->code == K_BACKTAB || key->code == K_UP)) {
		masked_clear(&s->secret);
		s->at_secret = false;
		look_up(s);
	}
}

static void
escape(struct signon *s)
{
	if (s->locked || !*s->name) {
		finish(s, SIGNON_LEFT);
		return;
	}
	masked_clear(&s->secret);
	s->name[0] = '\0';
	s->at_secret = false;
	look_up(s);
}

static void
on_key(void *context, const struct key *key)
{
	struct signon *s = context;

	if (key->code == K_CURSOR) {
		s->dirty |= term_cursor_report(key);
		return;
	}
	s->dirty = true;
	s->message[0] = '\0';
	if (key->code == CTRL_KEY('l'))
		term_redraw();
	else if (key->code == K_F(2))
		i18n_set_language(i18n_is_chinese() ? "en" : "zh_CN");
	else if (key->code == K_ESC)
		escape(s);
	else if (s->at_secret)
		key_of_secret(s, key);
	else
		key_of_name(s, key);
}

/* --- clocks ------------------------------------------------------------------------------- */

/* Counts of what is overdue or urgent; it rings as in the console (bell.h). */
static void
load_counts(struct signon *s)
{
	struct actor room;
	struct err err = ERR_NONE;

	bool ring;

	actor_system(&room, "signon");
	store_read_begin(s->st);
	header_load(&s->header, s->st, s->locked ? s->locked : &room);
	ring = bell_due(&s->bell, s->st, s->header.matters, s->header.n_matters, clock_now());
	if (!store_read_end(s->st, &err))
		err_clear(&err);
	if (ring)
		term_bell();
	s->stale = false;
}

static void
look_after(struct signon *s)
{
	struct err err = ERR_NONE;

	s->dirty = s->stale = true;
	if (s->locked && !people_may_stay(s->st, s->locked->person, s->key, &err))
		finish(s, SIGNON_EXPELLED);
	err_clear(&err);
}

/* --- painting ----------------------------------------------------------------------------- */

static void
draw_head(const struct signon *s, int columns)
{
	const char *county = store_setting(s->st, "county_name");
	char line[160], now[32];

	cut_format(line, sizeof(line), " %s", county ? county : "");
	draw_bar(0, 0, columns, line);
	draw_right(
	    0, 0, columns - 1, clock_format(now, sizeof(now), clock_now(), CLOCK_MD_HM), STYLE_BAR);
	if (s->locked)
		cut_format(
		    line, sizeof(line), _("Locked: %s. Nothing typed is lost."), s->locked->name);
	else
		utf8_copy(line, sizeof(line), _("Sign on"));
	draw_cut(2, 2, columns - 4, line, STYLE_STRONG);
}

/* That something waits, not what. */
static void
draw_counts(const struct signon *s, int y, int columns)
{
	int64_t urgent = s->header.red + s->header.urgent;
	char line[160];

	if (s->header.overdue + urgent + s->header.unacked == 0)
		return;
	cut_format(line, sizeof(line), _("overdue %lld   urgent %lld   not acknowledged %lld"),
	    (long long)s->header.overdue, (long long)urgent, (long long)s->header.unacked);
	draw_cut(y, 2, columns - 4, line, s->header.overdue + urgent ? STYLE_URGENT : STYLE_NORMAL);
}

static void
draw_name(const struct signon *s, int y, int columns)
{
	draw_cut(y, 2, WIDE - 1, _("your name"), s->at_secret ? STYLE_NORMAL : STYLE_STRONG);
	draw_cut(
	    y, 2 + WIDE, columns - WIDE - 4, s->locked ? s->locked->name : s->name, STYLE_NORMAL);
	if (!s->at_secret)
		draw_cursor(y, 2 + WIDE + draw_columns(s->name));
	for (size_t i = 0; !s->at_secret && i < s->n_found; i++) {
		draw_text(y + 3 + (int)i, WIDE, 2, i == s->mark ? ">" : " ", STYLE_NORMAL);
		draw_cut(y + 3 + (int)i, 2 + WIDE, 12, s->found[i].word, STYLE_NORMAL);
		draw_cut(
		    y + 3 + (int)i, 16 + WIDE, columns - WIDE - 18, s->found[i].label, STYLE_FAINT);
	}
}

static void
on_paint(void *context)
{
	struct signon *s = context;
	int rows = term_rows(), columns = term_columns();

	if (s->stale)
		load_counts(s);
	s->dirty = false;
	draw_begin();
	draw_head(s, columns);
	draw_counts(s, 3, columns);
	draw_name(s, 4, columns);
	if (s->at_secret)
		masked_draw(&s->secret, 5, 2, columns - 4, _("secret"), WIDE, true);
	draw_cut(rows - 2, 1, columns - 2, s->message, STYLE_URGENT);
	draw_cut(rows - 1, 1, columns - 2,
	    s->locked
		? _("Enter opens   Esc signs off: somebody else may sign on   F2 中文/English")
		: _("Enter goes on   Tab the other field   Esc clears, leaves   F2 中文/English"),
	    STYLE_NORMAL);
	term_paint();
}

static void
on_change(void *context)
{
	struct signon *s = context;

	if (store_watch_drain(s->st))
		look_after(s);
}

static void
on_tick(void *context)
{
	struct signon *s = context;
	struct err err = ERR_NONE;

	if (clock_now() / CLOCK_MINUTE == s->minute)
		return;
	s->minute = clock_now() / CLOCK_MINUTE;
	/* What fell due happens by itself, whoever is away. */
	if (!house_tick(s->st, &err))
		err_clear(&err);
	look_after(s);
}

static void
on_resize(void *context)
{
	((struct signon *)context)->dirty = true;
}

static int
on_timeout(void *context)
{
	(void)context;
	return (int)(CLOCK_MINUTE - (clock_now() % CLOCK_MINUTE + CLOCK_MINUTE) % CLOCK_MINUTE);
}

static bool
is_dirty(void *context)
{
	return ((struct signon *)context)->dirty;
}

static bool
is_over(void *context)
{
	return ((struct signon *)context)->over;
}

enum signon_end
signon_run(struct store *st, const char *name, const struct actor *locked, int64_t key,
    const char *via, struct actor *out)
{
	static const struct loop_ops ops = {
	    on_key, on_change, on_tick, on_resize, on_timeout, is_dirty, on_paint, is_over};
	struct signon s = {.st = st,
	    .locked = locked,
	    .key = key,
	    .via = via,
	    .out = out,
	    .dirty = true,
	    .stale = true,
	    .minute = clock_now() / CLOCK_MINUTE,
	    .end = SIGNON_GONE};

	s.at_secret = locked != NULL;
	if (name) {
		utf8_copy(s.name, sizeof(s.name), name);
		look_up(&s);
	}
	loop_run(&ops, &s, store_watch_fd(st));
	masked_clear(&s.secret);
	bell_clear(&s.bell);
	return s.end;
}
