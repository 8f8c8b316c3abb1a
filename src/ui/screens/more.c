/* What stands under "0 More", and the way from any kind of thing to its screen. */
#include "base/i18n.h"
#include "base/utf8.h"
#include "base/mem.h"
#include "store/draft.h"
#include "ui/age.h"
#include "ui/screens/next.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	MORE_JOURNAL = 1,
	MORE_ORDERS,
	MORE_FIND,
	MORE_DRAFTS,
	MORE_VERBS,
	MORE_LANGUAGE,
	MORE_SECRET,
	MORE_LOCK,
	MORE_SIGN_OFF,
	MORE_INBOX,
	MORE_ALERTS,
	MORE_ALARMS,
	MORE_LINKS
};

static const struct {
	int64_t id;
	const char *word, *label; /* N_() */
} menu[] = {
    {MORE_JOURNAL, N_("Journal"), N_("everything that was done, newest first")},
    {MORE_ORDERS, N_("Orders"), N_("open orders by their limit")},
    {MORE_INBOX, N_("Inbox"),
	N_("what came in and is nobody's yet: warnings, tickets, earthquakes, alarms")},
    {MORE_ALERTS, N_("Warnings"), N_("live and past warnings, their chains, what was done")},
    {MORE_ALARMS, N_("Alarms"), N_("values past a limit, and the points that are silenced")},
    {MORE_LINKS, N_("Links"), N_("how old the links upstream are; start, stop, try now")},
    {MORE_FIND, N_("Find"), N_("words in calls, incidents, reports, plans and the journal")},
    {MORE_DRAFTS, N_("Drafts"), N_("texts begun and not finished")},
    {MORE_VERBS, N_("Commands"), N_("every command, each with its form")},
    {MORE_LANGUAGE, N_("Language"), N_("Chinese or English")},
    {MORE_SECRET, N_("Secret"), N_("a new secret of your own")},
    {MORE_LOCK, N_("Lock"), N_("nobody but you goes on here")},
    {MORE_SIGN_OFF, N_("Sign off"), N_("the next one signs on; your drafts stay yours")},
};

size_t
screens_more_items(struct popup_item *items, size_t max)
{
	size_t n = 0;

	for (; n < COUNT_OF(menu) && n < max; n++) {
		memset(&items[n], 0, sizeof(items[n]));
		items[n].id = menu[n].id;
		utf8_copy(items[n].word, sizeof(items[n].word), _(menu[n].word));
		utf8_copy(items[n].label, sizeof(items[n].label), _(menu[n].label));
	}
	return n;
}

/* --- drafts ------------------------------------------------------------------------------ */

static void
open_form_draft(struct console *c, const char *form)
{
	json_t *preset = json_object();
	int64_t id;
	const struct verb *verb = draft_verb(console_store(c), form, &id);

	for (size_t i = 0; verb && id && i < verb->n_params; i++)
		if (verb->params[i].type == ARG_THING) {
			json_object_set_new(preset, verb->params[i].name, json_integer(id));
			break;
		}
	if (verb)
		console_form(c, verb->name, preset);
	else
		json_decref(preset);
}

static void
open_draft(struct screen *s, const struct popup_item *item, void *data)
{
	(void)data;
	if (strncmp(item->word, "form.", 5) == 0)
		open_form_draft(s->ui, item->word);
	else if (strncmp(item->word, "report.", 7) == 0)
		console_open(s->ui, &screen_report, strtoll(item->word + 7, NULL, 10), NULL);
	else if (strncmp(item->word, "call.", 5) == 0)
		console_open(s->ui, &screen_intake, strtoll(item->word + 5, NULL, 10), NULL);
	else
		console_open(s->ui, &screen_intake, 0, item->word);
}

static void
show_drafts(struct console *c)
{
	struct draft_info drafts[32];
	size_t n = draft_list(console_store(c), console_actor(c)->person, drafts, COUNT_OF(drafts));
	struct popup_item *items = mem_zero(n + 1, sizeof(*items));
	char at[32];

	for (size_t i = 0; i < n; i++) {
		utf8_copy(items[i].word, sizeof(items[i].word), drafts[i].form);
		cut_format(items[i].label, sizeof(items[i].label), "%s  %s",
		    age_stamp(drafts[i].saved_at, at, sizeof(at)),
		    draft_words(console_store(c), &drafts[i]));
	}
	if (n)
		console_choose(c, _("Drafts"), items, n, open_draft, NULL);
	else
		console_say(c, _("No draft waits."));
	free(items);
}

void
screens_offer_drafts(struct console *c)
{
	struct draft_info drafts[32];
	size_t n = draft_list(console_store(c), console_actor(c)->person, drafts, COUNT_OF(drafts));

	if (n == 1)
		console_say(c, _("A text you began waits: %s  (0 More, Drafts)"),
		    draft_words(console_store(c), &drafts[0]));
	else if (n > 1)
		console_say(c, _("%zu texts you began wait (0 More, Drafts)"), n);
}

/* --- the menu ---------------------------------------------------------------------------- */

static void
answer_find(struct screen *s, const char *words, void *data)
{
	(void)data;
	console_open(s->ui, &screen_find, 0, words);
}

void
screens_more(struct console *c, int64_t chosen)
{
	switch (chosen) {
	case MORE_JOURNAL:
		console_open(c, &screen_journal, 0, NULL);
		break;
	case MORE_ORDERS:
		console_open(c, &screen_orders, 0, NULL);
		break;
	case MORE_INBOX:
		console_open(c, &screen_inbox, 0, NULL);
		break;
	case MORE_ALERTS:
		console_open(c, &screen_alerts, 0, NULL);
		break;
	case MORE_ALARMS:
		console_open(c, &screen_alarms, 0, NULL);
		break;
	case MORE_LINKS:
		console_open(c, &screen_links, 0, NULL);
		break;
	case MORE_FIND:
		console_prompt(c, "/", NULL, answer_find, NULL);
		break;
	case MORE_DRAFTS:
		show_drafts(c);
		break;
	case MORE_VERBS:
		next_choose_any(console_top(c));
		break;
	case MORE_LANGUAGE:
		i18n_set_language(i18n_is_chinese() ? "en" : "zh_CN");
		break;
	case MORE_SECRET:
		console_open(c, &screen_secret, 0, NULL);
		break;
	case MORE_LOCK:
		console_lock(c);
		break;
	case MORE_SIGN_OFF:
		console_end(c, CONSOLE_SIGNED_OFF);
		break;
	}
}

bool
screens_open_thing(struct console *c, const char *kind, int64_t id)
{
	static const struct {
		const char *kind;
		const struct screen_ops *ops;
	} ways[] = {
	    {"incident", &screen_incident},
	    {"report", &screen_report},
	    {"plan", &screen_plan},
	};

	for (size_t i = 0; i < COUNT_OF(ways); i++)
		if (strcmp(ways[i].kind, kind) == 0)
			return console_open(c, ways[i].ops, id, NULL);
	return false;
}
