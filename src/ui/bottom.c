#include "ui/bottom.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

void
bottom_init(struct bottom *b)
{
	memset(b, 0, sizeof(*b));
}

void
bottom_drop(struct bottom *b)
{
	if (b->mode == BOTTOM_PROMPTING)
		editor_clear(&b->typed);
	free(b->question);
	b->question = NULL;
	b->mode = BOTTOM_IDLE;
}

void
bottom_clear(struct bottom *b)
{
	bottom_drop(b);
	free(b->message);
	b->message = NULL;
}

void
bottom_say(struct bottom *b, char *message, enum style style)
{
	free(b->message);
	b->message = message;
	b->style = style;
	b->said_at = clock_monotonic();
}

void
bottom_ask(struct bottom *b, struct screen *s, const char *question, ask_fn answer, void *data)
{
	bottom_drop(b);
	b->mode = BOTTOM_ASKING;
	b->question = mem_dup(question);
	b->ask = answer;
	b->screen = s;
	b->data = data;
}

void
bottom_prompt(struct bottom *b, struct screen *s, const char *label, const char *initial,
    prompt_fn answer, void *data)
{
	bottom_drop(b);
	b->mode = BOTTOM_PROMPTING;
	b->question = mem_dup(label);
	editor_init(&b->typed, false, 1000);
	editor_set(&b->typed, initial ? initial : "");
	b->prompt = answer;
	b->screen = s;
	b->data = data;
}

static void
answer_question(struct bottom *b, uint32_t code)
{
	ask_fn ask = b->ask;

	bottom_drop(b);
	if (code == 'y' || code == 'Y' || code == K_ENTER)
		ask(b->screen, b->data);
}

static void
answer_prompt(struct bottom *b)
{
	prompt_fn prompt = b->prompt;
	char *text = mem_dup(b->typed.text);

	bottom_drop(b);
	prompt(b->screen, text, b->data);
	free(text);
}

bool
bottom_key(struct bottom *b, const struct key *key)
{
	if (b->mode == BOTTOM_IDLE)
		return false;
	if (b->mode == BOTTOM_ASKING)
		answer_question(b, key->code);
	else if (key->code == K_ESC || key->code == CTRL_KEY('c'))
		bottom_drop(b);
	else if (key->code == K_ENTER)
		answer_prompt(b);
	else
		editor_key(&b->typed, key);
	return true;
}

/* Where "  #347" begins, by which an act is taken back; NULL without one. */
static const char *
number_of(const char *message)
{
	const char *at = strrchr(message, '#');

	return at && at - message >= 2 && at[-1] == ' ' && at[-2] == ' ' ? at - 2 : NULL;
}

void
bottom_draw_message(const struct bottom *b, int y, int columns, int most)
{
	const char *text = b->message, *number = text ? number_of(text) : NULL;
	struct text_lines lines = {0};
	int width = columns - 2;
	char *said;

	if (!text)
		return;
	if (draw_columns(text) <= width || (!number && most < 2)) {
		draw_cut(y, 1, width, text, b->style);
	} else if (number) { /* whatever is cut of the words, the number stays */
		said = mem_dupn(text, (size_t)(number - text));
		draw_cut(y, 1, width - draw_columns(number), said, b->style);
		draw_right(y, 1, width, number, b->style);
		free(said);
	} else {
		text_wrap(text, strlen(text), width, &lines);
		if (lines.n > (size_t)most)
			lines.n = (size_t)most;
		y -= (int)lines.n - 1;
		for (size_t i = 0; i < lines.n; i++, y++) {
			const char *line = text + lines.items[i].start;

			draw_fill(y, 0, columns, STYLE_NORMAL);
			if (i + 1 == lines.n)
				draw_cut(y, 1, width, line, b->style);
			else
				draw_text_n(y, 1, width, line,
				    lines.items[i].end - lines.items[i].start, b->style);
		}
		text_lines_clear(&lines);
	}
}

void
bottom_draw(struct bottom *b, int y, int columns, int most)
{
	int used;

	if (b->mode == BOTTOM_ASKING) {
		used = draw_cut(y, 1, columns - 12, b->question, STYLE_STRONG);
		draw_text(y, used + 2, 8, _("(Y/n)"), STYLE_NORMAL);
		draw_cursor(y, used + 2 + draw_columns(_("(Y/n)")) + 1);
	} else if (b->mode == BOTTOM_PROMPTING) {
		used = draw_cut(y, 1, columns / 2, b->question, STYLE_STRONG) + 2;
		editor_draw(
		    &b->typed, (struct area){y, used, 1, columns - used - 1}, NULL, 0, true);
	} else {
		bottom_draw_message(b, y, columns, most);
	}
}
