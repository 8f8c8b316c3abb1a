/* list: which kind, what narrows it, and the table. */
#include "cli/cli.h"
#include "cli/list.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/command.h"
#include "store/scope.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdlib.h>
#include <string.h>

#define ROWS 200

static const struct {
	const struct list_kind *kinds;
	const size_t *n;
} tables[] = {
    {list_event_kinds, &list_n_event_kinds},
    {list_order_kinds, &list_n_order_kinds},
    {list_report_kinds, &list_n_report_kinds},
    {list_plan_kinds, &list_n_plan_kinds},
    {list_room_kinds, &list_n_room_kinds},
    {list_monitor_kinds, &list_n_monitor_kinds},
    {list_duty_kinds, &list_n_duty_kinds},
    {list_call_kinds, &list_n_call_kinds},
    {list_outbox_kinds, &list_n_outbox_kinds},
};

const struct list_kind *
list_kind_at(size_t i)
{
	for (size_t t = 0; t < COUNT_OF(tables); t++) {
		if (i < *tables[t].n)
			return &tables[t].kinds[i];
		i -= *tables[t].n;
	}
	return NULL;
}

json_t *
list_of_incident(struct store *st, const struct actor *reader, const char *kind, int64_t incident)
{
	const struct list_kind *k = list_kind_find(kind);
	struct list_query q = {.reader = reader,
	    .area = scope_of(reader),
	    .incident = incident,
	    .open = !incident,
	    .limit = ROWS,
	    .from = CLOCK_NONE,
	    .to = CLOCK_NONE};

	return k ? k->rows(st, &q) : json_array();
}

static bool
has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = words; (at = strstr(at, word)) != NULL; at += n)
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return n > 0;
	return false;
}

const struct list_kind *
list_kind_find(const char *word)
{
	const struct list_kind *k;

	for (size_t i = 0; (k = list_kind_at(i)) != NULL; i++)
		if (strcmp(k->name, word) == 0)
			return k;
	for (size_t i = 0; (k = list_kind_at(i)) != NULL; i++)
		if (has_word(k->words, word))
			return k;
	return NULL;
}

static int
list_the_kinds(const struct cli *cli)
{
	const struct list_kind *k;
	json_t *rows = json_array();
	static const struct out_column columns[] = {
	    {"kind", N_("kind"), OUT_TEXT, 0},
	    {"label", N_("what it is"), OUT_TEXT, 0},
	    {"words", N_("also"), OUT_TEXT, 0},
	};

	for (size_t i = 0; (k = list_kind_at(i)) != NULL; i++)
		json_array_append_new(rows, json_pack("{s:s, s:s, s:s}", "kind", k->name, "label",
						_(k->label), "words", k->words));
	out_rows(columns, COUNT_OF(columns), rows, cli->json);
	return CLI_DONE;
}

/* The value of a word NAME=VALUE, NULL when it is another. */
static const char *
value_of(const char *word, const char *name)
{
	size_t n = strlen(name);

	return strncmp(word, name, n) == 0 && word[n] == '=' ? word + n + 1 : NULL;
}

/* incident=, area=, person=: a thing. *meant tells whether the word was one of them. */
static bool
narrow_to_thing(struct cli *cli, struct list_query *q, const char *word, bool *meant)
{
	struct {
		const char *name;
		int64_t *id;
	} things[] = {
	    {"incident", &q->incident},
	    {"area", q->area ? NULL : &q->area}, /* a township stays with its own */
	    {"person", &q->person},
	};

	for (size_t i = 0; i < COUNT_OF(things); i++) {
		const char *value = value_of(word, things[i].name);

		if (!value || !things[i].id)
			continue;
		*meant = true;
		return cli_thing(cli, q->reader, things[i].name, value, things[i].id);
	}
	return true;
}

static bool
narrow_to_time(const char *value, int64_t *out)
{
	if (command_time(value, clock_now(), "past", out))
		return true;
	cli_refuse(_("\"%s\" is no time"), value);
	return false;
}

/* One word behind the kind. False after the reason was printed. */
static bool
narrow(struct cli *cli, struct list_query *q, const char *word, struct buf *words)
{
	bool meant = false, ok = narrow_to_thing(cli, q, word, &meant);

	if (meant)
		return ok;
	if (strcmp(word, "open") == 0)
		q->open = true;
	else if (strcmp(word, "unacked") == 0)
		q->unacked = true;
	else if (strcmp(word, "overdue") == 0)
		q->overdue = true;
	else if (strcmp(word, "free") == 0)
		q->free_only = true;
	else if (value_of(word, "from"))
		return narrow_to_time(value_of(word, "from"), &q->from);
	else if (value_of(word, "to"))
		return narrow_to_time(value_of(word, "to"), &q->to);
	else if (value_of(word, "verb"))
		q->verb = value_of(word, "verb");
	else
		buf_printf(words, "%s%s", words->size ? " " : "", word);
	return true;
}

bool
list_narrow(struct cli *cli, const struct actor *reader, int argc, char **argv,
    struct list_query *q, struct buf *words)
{
	q->reader = reader;
	q->area = cli_scope(reader);
	q->from = q->to = CLOCK_NONE;
	for (int i = 0; i < argc; i++)
		if (!narrow(cli, q, argv[i], words))
			return false;
	q->words = words->size ? buf_str(words) : NULL;
	return true;
}

int
cmd_list(struct cli *cli, int argc, char **argv)
{
	const struct list_kind *kind = argc ? list_kind_find(argv[0]) : NULL;
	struct buf words = BUF_MAX(4096);
	struct list_query q = {.limit = ROWS};
	struct err err = ERR_NONE;
	struct actor reader;
	json_t *rows = NULL;
	bool ok;

	if (!argc)
		return list_the_kinds(cli);
	if (!kind)
		return cli_usage(
		    cli, _("there is no kind \"%s\"; \"zhiban list\" names them"), argv[0]);
	if (!cli_limit(cli, ROWS, &q.limit))
		return CLI_USAGE;
	if (!cli_open(cli, false) || !cli_reader(cli, &reader))
		return CLI_REFUSED;
	ok = list_narrow(cli, &reader, argc - 1, argv + 1, &q, &words);
	if (ok) {
		store_read_begin(cli->st);
		rows = kind->rows(cli->st, &q);
		ok = store_read_end(cli->st, &err);
		if (!ok)
			cli_fail(&err);
	}
	if (ok) {
		out_rows(kind->columns, kind->n_columns, json_incref(rows), cli->json);
		if (json_array_size(rows) == q.limit && !cli->option[OPT_LIMIT])
			cli_refuse(
			    _("only the first %zu are shown; --limit N shows more"), q.limit);
	}
	json_decref(rows);
	buf_clear(&words);
	return ok ? CLI_DONE : CLI_REFUSED;
}
