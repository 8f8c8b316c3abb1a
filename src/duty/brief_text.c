/* The brief of a handover as a paper: the open matters, what is open of them (brief.c), and the state of the room. */
#include "duty/inside.h"

#include "incident/incident.h"
#include "store/draft.h"
#include "store/link.h"

#include <stdlib.h>

#define ROWS_MAX 400

static void
write_matters(struct store *st, struct buf *out)
{
	struct incident_filter f = {.open = true};
	struct incident_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = incident_list(st, &f, rows, ROWS_MAX);
	char due[40];

	buf_printf(out, _("Open matters: %zu\n"), n);
	for (size_t i = n; i-- > 0;)
		buf_printf(out, "  %d-%03d %s  %s  %s %s\n", rows[i].year, rows[i].number,
		    rows[i].title, incident_state_label(rows[i].state),
		    rows[i].next_due == CLOCK_NONE
			? ""
			: clock_format(due, sizeof(due), rows[i].next_due, CLOCK_MD_HM),
		    rows[i].next_due == CLOCK_NONE ? _("no limit runs") : rows[i].next_label);
	free(rows);
}

static void
write_items(const struct duty_items *items, struct buf *out)
{
	char due[40], title[400];

	buf_printf(out, _("\nOpen items: %zu\n"), items->n);
	for (size_t i = 0; i < items->n; i++) {
		item_title(items->list[i].title, title, sizeof(title));
		buf_printf(out, "  %2d  %-11s  %s  %s\n", items->list[i].n,
		    items->list[i].due == CLOCK_NONE
			? "-"
			: clock_format(due, sizeof(due), items->list[i].due, CLOCK_MD_HM),
		    handover_kind_label(items->list[i].kind), title);
	}
}

/* Texts the outgoing crew began and did not finish. */
static void
write_drafts(struct store *st, struct buf *out)
{
	struct watch_row watch;
	struct crew crew;
	struct draft_info drafts[16];
	char at[40];

	if (duty_watch(st, &watch))
		crew = watch.crew;
	else
		roster_crew(st, clock_now(), &crew);
	for (size_t i = 0; i < crew.n; i++) {
		size_t n = draft_list(st, crew.member[i].person, drafts, COUNT_OF(drafts));

		for (size_t d = 0; d < n; d++)
			buf_printf(out, "  %s  %s  %s\n", crew.member[i].name,
			    clock_format(at, sizeof(at), drafts[d].saved_at, CLOCK_MD_HM),
			    draft_words(st, &drafts[d]));
	}
}

static void
write_links(struct store *st, struct buf *out)
{
	struct link_row links[32];
	size_t n = link_list(st, links, COUNT_OF(links));
	char at[40];

	for (size_t i = 0; i < n; i++)
		if (links[i].enabled)
			buf_printf(out, "  %s  %s %s  %s\n", links[i].name, _("last data"),
			    clock_format(at, sizeof(at), links[i].last_ok, CLOCK_MD_HM),
			    links[i].last_error);
}

static void
write_part(struct buf *out, const char *label, struct store *st,
    void (*write)(struct store *st, struct buf *out))
{
	struct buf part = BUF_MAX(65536);

	write(st, &part);
	if (part.size)
		buf_printf(out, "\n%s\n%s", label, buf_str(&part));
	buf_clear(&part);
}

/* The state of the room, without the open items. */
void
brief_room(struct store *st, struct buf *out)
{
	char hex[65];
	int64_t seq;

	sections_write(st, 0, false, out, NULL);
	write_part(out, _("Unfinished texts"), st, write_drafts);
	write_part(out, _("Links"), st, write_links);
	buf_printf(out, _("\nMessages waiting to go out: %lld\n"), (long long)outbox_waiting(st));
	journal_head(st, &seq, hex);
	buf_printf(out, _("Head of the journal: #%lld %s\n"), (long long)seq, hex);
}

void
brief_matters(struct store *st, struct buf *out)
{
	write_matters(st, out);
}

bool
duty_brief(struct store *st, struct buf *out)
{
	struct duty_items items;

	brief_collect(st, 0, CLOCK_NONE, &items);
	write_matters(st, out);
	write_items(&items, out);
	brief_clear(&items);
	brief_room(st, out);
	return !out->full;
}
