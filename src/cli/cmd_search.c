/* search: names first, then texts. */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "incident/incident.h"
#include "store/search.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdlib.h>
#include <string.h>

#define HITS 20
#define NAMES 5 /* of each kind */

static const char *const named_kinds[] = {
    "plan", "team", "unit", "person", "place", "area", "depot", "shelter"};

static const struct out_column columns[] = {
    {"kind", N_("kind"), OUT_TEXT, 0},
    {"word", N_("word"), OUT_TEXT, 24},
    {"text", N_("text"), OUT_TEXT, 0},
    {"id", N_("id"), OUT_HIDDEN, 0},
};

static void
add_row(json_t *rows, const char *kind, int64_t id, const char *word, const char *text)
{
	json_t *o = json_object();

	member_text(o, "kind", kind);
	member_int(o, "id", id);
	member_text(o, "word", word);
	member_text(o, "text", text);
	json_array_append_new(rows, o);
}

static void
find_names(
    struct store *st, const struct actor *reader, const char *only, const char *words, json_t *rows)
{
	struct thing things[NAMES];

	for (size_t k = 0; k < COUNT_OF(named_kinds); k++) {
		const struct thing_kind *kind = thing_kind_find(st, named_kinds[k]);
		size_t n;

		if (!kind || (only && strcmp(only, named_kinds[k]) != 0))
			continue;
		n = kind->find(st, reader, words, things, NAMES);
		for (size_t i = 0; i < n; i++)
			add_row(
			    rows, named_kinds[k], things[i].id, things[i].word, things[i].label);
	}
}

/* What to type for a thing that a text belongs to. */
static void
add_hit(struct store *st, const struct search_hit *hit, json_t *rows)
{
	const struct thing_kind *kind = thing_kind_find(st, hit->kind);
	char label[192] = "";
	size_t cut;

	if (strcmp(hit->kind, "journal") == 0)
		snprintf(label, sizeof(label), "#%lld", (long long)id_sequence(hit->ref));
	else if (kind && kind->label_of && kind->label_of(st, hit->ref, label, sizeof(label))) {
		cut = strcspn(label, " ");
		label[cut] = '\0';
	}
	add_row(rows, hit->kind, hit->ref, label, hit->snippet);
}

int
cmd_search(struct cli *cli, int argc, char **argv)
{
	struct buf words = BUF_MAX(8192);
	struct search_hit *hits;
	struct err err = ERR_NONE;
	json_t *rows = json_array();
	struct actor reader;
	size_t limit, n;
	int status = CLI_DONE;

	if (!argc)
		status = cli_usage(cli, _("say what to find"));
	else if (!cli_limit(cli, HITS, &limit))
		status = CLI_USAGE;
	else if (!cli_open(cli, false) || !cli_reader(cli, &reader))
		status = CLI_REFUSED;
	for (int i = 0; i < argc; i++)
		buf_printf(&words, "%s%s", i ? " " : "", argv[i]);
	if (status == CLI_DONE) {
		hits = mem_zero(limit, sizeof(*hits));
		store_read_begin(cli->st);
		find_names(cli->st, &reader, cli->option[OPT_KIND], buf_str(&words), rows);
		n = search_find_for(
		    cli->st, &reader, cli->option[OPT_KIND], buf_str(&words), 0, hits, limit, NULL);
		for (size_t i = 0; i < n; i++) {
			incident_mask_hit(cli->st, &reader, &hits[i]);
			add_hit(cli->st, &hits[i], rows);
		}
		free(hits);
		if (!store_read_end(cli->st, &err))
			status = cli_fail(&err);
		else
			out_rows(columns, COUNT_OF(columns), json_incref(rows), cli->json);
	}
	json_decref(rows);
	buf_clear(&words);
	return status;
}
