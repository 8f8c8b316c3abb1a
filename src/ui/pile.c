/*
 * Each tab keeps its own pile of screens:
 *
 *	piles[0]  board > incident > form        piles[1]  incidents ...
 *
 * Only the top screen of the present tab is loaded and drawn; the others are marked and load when
 * they come up again.
 */
#include "ui/console_inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/tabs.h"

#include <stdlib.h>
#include <string.h>

struct pile *
pile_of(struct console *c)
{
	return &c->piles[c->present];
}

struct screen *
console_top(struct console *c)
{
	struct pile *p = pile_of(c);

	return p->n ? p->screens[p->n - 1] : NULL;
}

static void
screen_free(struct screen *s)
{
	screen_save(s);
	if (s->ops->close)
		s->ops->close(s);
	free(s->state);
	free(s->argument);
	free(s);
}

static struct screen *
screen_new(struct console *c, const struct screen_ops *ops, int64_t subject, const char *argument,
    struct err *err)
{
	struct screen *s = mem_zero(1, sizeof(*s));

	s->ops = ops;
	s->ui = c;
	s->subject = subject;
	s->argument = mem_dup(argument);
	s->state = mem_zero(1, ops->size ? ops->size : 1);
	s->waiting = true;
	if (ops->open && !ops->open(s, err)) {
		if (ops->close)
			ops->close(s);
		free(s->state);
		free(s->argument);
		free(s);
		return NULL;
	}
	return s;
}

bool
console_open(struct console *c, const struct screen_ops *ops, int64_t subject, const char *argument)
{
	struct err err = ERR_NONE;
	struct screen *s;

	if (pile_of(c)->n == PILE_MAX) {
		console_say(c, _("Too many screens one over the other: Esc leaves them."));
		return false;
	}
	console_calm(c); /* it was about the screen below */
	s = screen_new(c, ops, subject, argument, &err);
	if (!s) {
		console_fail(c, &err);
		return false;
	}
	pile_of(c)->screens[pile_of(c)->n++] = s;
	c->dirty = true;
	return true;
}

void
console_mark(struct console *c, int64_t incident)
{
	c->marked = incident;
}

int64_t
console_marked(struct console *c)
{
	int64_t incident = c->marked;

	c->marked = 0;
	return incident;
}

void
console_switch(struct console *c, const struct screen_ops *ops)
{
	for (size_t i = 0; tabs_at(i); i++)
		if (tabs_at(i) == ops) {
			/* The digit of the tab one is on goes down to its own screen. */
			for (size_t j = 1; c->present == i && j < pile_of(c)->n; j++)
				screen_done(pile_of(c)->screens[j]);
			c->present = i;
			if (pile_of(c)->n == 0)
				console_open(c, ops, 0, NULL);
			else
				console_top(c)->waiting = true;
			console_quiet(c);
			c->dirty = true;
		}
}

void
screen_done(struct screen *s)
{
	s->done = true;
}

void
screen_touch(struct screen *s)
{
	s->dirty = true;
	if (!s->ui->save_at)
		s->ui->save_at = clock_monotonic() + SAVE_AFTER_MS;
}

void
screen_save(struct screen *s)
{
	if (s->dirty && s->ops->save)
		s->ops->save(s);
	s->dirty = false;
}

/* Close what asked to be closed; the one below comes up and loads. */
void
pile_close_done(struct console *c)
{
	struct pile *p = pile_of(c);
	bool closed = false;

	for (size_t i = p->n; i-- > 0;) {
		struct screen *s = p->screens[i];

		if (!s->done || p->n == 1)
			continue;
		if (c->bottom.screen == s)
			bottom_drop(&c->bottom);
		memmove(&p->screens[i], &p->screens[i + 1], (p->n - i - 1) * sizeof(p->screens[0]));
		p->n--;
		screen_free(s);
		closed = true;
	}
	if (!closed)
		return;
	console_top(c)->waiting = true;
	c->stale = c->dirty = true; /* what was left half typed is counted in the header */
}

void
pile_save(struct console *c)
{
	for (size_t i = 0; i < PILES; i++)
		for (size_t k = 0; k < c->piles[i].n; k++) {
			c->dirty |= c->piles[i].screens[k]->dirty; /* its heading says so */
			screen_save(c->piles[i].screens[k]);
		}
	c->save_at = 0;
}

void
pile_free(struct console *c)
{
	for (size_t i = 0; i < PILES; i++)
		while (c->piles[i].n > 0)
			screen_free(c->piles[i].screens[--c->piles[i].n]);
}
