#include "ui/saved.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "store/draft.h"
#include "store/verb.h"
#include "ui/console.h"
#include "ui/text.h"

#include <string.h>

/* Of two consoles that had this form, the second one's text lies under FORM~2: it is what was left, when FORM itself is empty. */
static void
take_other(struct saved *s, const char *form)
{
	struct store *st = console_store(s->ui);
	int64_t person = console_actor(s->ui)->person;
	struct draft_info all[32];
	size_t n = draft_list(st, person, all, COUNT_OF(all)), size = strlen(form);
	struct err err = ERR_NONE;
	struct draft *other = NULL;

	for (size_t i = 0; i < n && !other; i++)
		if (strncmp(all[i].form, form, size) == 0 && all[i].form[size] == '~')
			other = draft_open(st, person, all[i].form, &err);
	err_clear(&err);
	if (!other)
		return;
	draft_close(s->draft);
	s->draft = other;
}

const char *
saved_open(struct saved *s, struct console *ui, const char *form)
{
	char name[64];
	struct err err = ERR_NONE;

	memset(s, 0, sizeof(*s));
	s->ui = ui;
	s->saved_at = CLOCK_NONE;
	for (int i = 1; i <= 9 && !s->draft; i++) {
		if (i == 1)
			utf8_copy(name, sizeof(name), form);
		else
			cut_format(name, sizeof(name), "%.60s~%d", form, i);
		err_clear(&err);
		s->draft = draft_open(console_store(ui), console_actor(ui)->person, name, &err);
		if (!s->draft && err.code != ERR_STATE)
			break;
	}
	if (!s->draft) {
		s->failed = true;
		console_fail(ui, &err);
		return "";
	}
	err_clear(&err);
	if (!*draft_text(s->draft, NULL))
		take_other(s, form);
	return draft_text(s->draft, &s->saved_at);
}

void
saved_write(struct saved *s, const char *text)
{
	struct err err = ERR_NONE;
	bool failed = s->failed;

	if (!s->draft)
		return;
	s->failed = !draft_save(s->draft, text, strlen(text), &err);
	if (s->failed && !failed)
		console_fail(s->ui, &err);
	err_clear(&err);
	if (!s->failed)
		s->saved_at = clock_now();
}

void
saved_discard(struct saved *s)
{
	if (s->draft)
		draft_discard(s->draft);
	s->saved_at = CLOCK_NONE;
}

void
saved_close(struct saved *s)
{
	if (s->draft)
		draft_close(s->draft);
	s->draft = NULL;
}

char *
saved_state(const struct saved *s, char *out, size_t size)
{
	char at[16];

	if (s->failed)
		utf8_copy(out, size, _("draft NOT saved"));
	else if (s->saved_at == CLOCK_NONE)
		out[0] = '\0';
	else
		cut_format(out, size, _("draft saved %s"),
		    clock_format(at, sizeof(at), s->saved_at, CLOCK_HM));
	return out;
}
