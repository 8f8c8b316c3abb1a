/* The registers on paper, and the empty forms, so that the room can go on without power. */
#include "duty/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A year of a busy county is a tenth of this; what is longer says so. */
#define LINES_MAX 200000
#define PART 256

static int
by_time(const void *a, const void *b)
{
	const struct register_row *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->id < y->id ? -1 : 1;
}

static const char *
direction_word(const char *direction)
{
	if (strcmp(direction, "in") == 0)
		return _("in");
	return strcmp(direction, "out") == 0 ? _("out") : "";
}

static void
write_line(struct buf *out, const struct register_row *r)
{
	char at[40];

	/* Struck out on paper: the line bears the mark at both ends and says what stands for it. */
	buf_printf(out, "%s%s  %-9s %s %s", r->struck ? "~~ " : "",
	    clock_format(at, sizeof(at), r->at, CLOCK_MD_HM), r->no, r->kind,
	    direction_word(r->direction));
	if (*r->from)
		buf_printf(out, _("  from %s"), r->from);
	if (*r->to)
		buf_printf(out, _("  to %s"), r->to);
	if (*r->phone)
		buf_printf(out, "  %s", r->phone);
	if (*r->incident_no)
		buf_printf(out, "  [%s]", r->incident_no);
	buf_printf(out, "  (%s)\n    %s%s\n", r->handler, r->text, r->struck ? " ~~" : "");
	if (*r->mark)
		buf_printf(out, "    %s\n", r->mark);
}

/* Daily head: date, weekday, leader, chief, officers. */
static void
write_day(struct store *st, int64_t day, struct buf *out)
{
	static const char *const weekdays[] = {
	    N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat")};
	struct civil c;
	struct crew crew;
	char date[40];

	clock_civil(day, &c);
	roster_crew(st, day + 9 * CLOCK_HOUR, &crew);
	buf_printf(out, "\n%s %s", clock_format(date, sizeof(date), day, CLOCK_YMD),
	    _(weekdays[c.weekday]));
	for (size_t i = 0; i < crew.n; i++)
		buf_printf(
		    out, "  %s %s", duty_post_label(crew.member[i].post), crew.member[i].name);
	buf_add(out, "\n");
}

static void
write_form(enum register_book book, struct buf *out)
{
	static const char *const fields[3][14] = {
	    [BOOK_LOG] = {N_("No."), N_("time"), N_("kind"), N_("from"), N_("sent to"),
		N_("content"), N_("handling"), N_("result"), N_("handler"), N_("linked matter")},
	    [BOOK_PHONE] = {N_("No."), N_("time"), N_("line"), N_("incoming or outgoing"),
		N_("unit"), N_("name and post"), N_("telephone"), N_("place of the event"),
		N_("course"), N_("measures and result"), N_("effect and trend"),
		N_("already told, and when"), N_("read back, recording no."), N_("recorded by")},
	    [BOOK_PAPER] = {N_("No."), N_("time"), N_("received or sent"), N_("unit"), N_("title"),
		N_("pages"), N_("class, urgency"), N_("signed by"), N_("passed to, when"),
		N_("handler")},
	};

	for (int n = 0; n < 3; n++) {
		buf_add_char(out, '\n');
		for (size_t i = 0; i < 14 && fields[book][i]; i++)
			buf_printf(
			    out, "%s: ____________________________________\n", _(fields[book][i]));
	}
}

static void
write_lines(struct store *st, struct register_row *rows, size_t n, struct buf *out)
{
	int64_t day = CLOCK_NONE;

	qsort(rows, n, sizeof(*rows), by_time);
	for (size_t i = 0; i < n; i++) {
		if (clock_day_start(rows[i].at) != day) {
			day = clock_day_start(rows[i].at);
			write_day(st, day, out);
		}
		write_line(out, &rows[i]);
	}
}

/* All lines of the period, as written; gives how many. */
static size_t
read_lines(struct store *st, const struct register_filter *f, struct register_row **rows)
{
	size_t n = 0, room = 0, got;
	int64_t after = 0;

	*rows = NULL;
	do {
		if (n + PART > room) {
			room = room ? room * 2 : 4 * PART;
			*rows = mem_resize(*rows, room, sizeof(**rows));
		}
		got = duty_register_up(st, f, after, *rows + n, PART);
		n += got;
		if (got)
			after = (*rows)[n - 1].id;
	} while (got == PART && n < LINES_MAX);
	return n;
}

bool
duty_register_text(struct store *st, const struct register_filter *f, bool form, struct buf *out)
{
	struct register_row *rows;
	size_t n;

	add_head(out, st, register_book_label(f->book));
	if (form) {
		write_form(f->book, out);
		return !out->full;
	}
	n = read_lines(st, f, &rows);
	if (n)
		write_lines(st, rows, n, out);
	buf_printf(out, ngettext("\n%zu line\n", "\n%zu lines\n", (unsigned long)n), n);
	if (n >= LINES_MAX)
		buf_printf(
		    out, "%s\n", _("The period holds more: print it in parts (from=, to=)."));
	add_chain(out, st);
	register_rows_clear(rows, n);
	free(rows);
	return !out->full;
}
