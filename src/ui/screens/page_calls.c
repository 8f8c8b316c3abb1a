/* 来电原话: what every caller said, word for word, with who it was. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/age.h"
#include "ui/lines.h"
#include "ui/screens/page.h"
#include "ui/screens/screens.h"

#include <stdlib.h>

#define CALLS_MAX 100

struct calls {
	struct lines lines;
};

static void
calls_open(struct page *p)
{
	lines_init(&((struct calls *)p->state)->lines);
}

static void
say_call(struct lines *l, const struct incident_call *c)
{
	struct buf head = BUF_MAX(600);
	char at[32];

	buf_printf(&head, "%s  %s", age_stamp(c->at, at, sizeof(at)), c->source);
	if (*c->unit || *c->caller)
		buf_printf(&head, "  %s %s %s", c->unit, c->post, c->caller);
	if (*c->phone)
		buf_printf(&head, "  %s", c->phone);
	if (c->moved_from)
		buf_printf(&head, "  %s", _("(came with a merged incident)"));
	lines_heading(l, buf_str(&head));
	lines_add(l, "", STYLE_NORMAL, "%s", c->text);
	if (*c->told)
		lines_add(l, _("told already"), STYLE_FAINT, "%s", c->told);
	buf_clear(&head);
}

static void
calls_load(struct page *p)
{
	struct calls *c = p->state;
	struct incident_call *rows = mem_zero(CALLS_MAX, sizeof(*rows));
	size_t n = incident_calls(console_store(p->screen->ui), p->incident, rows, CALLS_MAX);

	lines_reset(&c->lines);
	for (size_t i = 0; i < n; i++) {
		incident_mask_call(console_actor(p->screen->ui), &rows[i]);
		say_call(&c->lines, &rows[i]);
	}
	incident_calls_clear(rows, n);
	free(rows);
}

static void
calls_draw(struct page *p, struct area a)
{
	lines_draw(&((struct calls *)p->state)->lines, a);
}

static enum paint
calls_key(struct page *p, const struct key *key)
{
	return lines_key(&((struct calls *)p->state)->lines, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static void
calls_close(struct page *p)
{
	lines_clear(&((struct calls *)p->state)->lines);
}

const struct page_ops page_calls = {
    .name = "calls",
    .title = N_("Calls"),
    .size = sizeof(struct calls),
    .open = calls_open,
    .load = calls_load,
    .draw = calls_draw,
    .key = calls_key,
    .close = calls_close,
};
