/* allocate: what the incidents need, and the best way to bring it. Proposes; allocation.commit
 * does. */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "dispatch/dispatch.h"
#include "store/verb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define INCIDENTS_MAX 32

struct question {
	int64_t incident[INCIDENTS_MAX];
	size_t n;
	struct need_list needs; /* of all of them */
};

/* --- what is needed -------------------------------------------------------------------------- */

static void
append(struct need_list *to, struct need_list *from)
{
	for (size_t i = 0; i < from->n; i++) {
		mem_grow(&to->items, &to->room, to->n);
		to->items[to->n++] = from->items[i];
	}
	need_list_clear(from);
}

static bool
add_incident(struct cli *cli, struct question *q, const struct actor *reader, const char *word)
{
	struct need_list one = {.items = NULL};
	struct err err = ERR_NONE;

	if (q->n == INCIDENTS_MAX) {
		cli_refuse(_("too many incidents at once"));
		return false;
	}
	if (!cli_thing(cli, reader, "incident", word, &q->incident[q->n]))
		return false;
	if (!dispatch_needs(cli->st, q->incident[q->n++], &one, &err)) {
		cli_fail(&err);
		return false;
	}
	append(&q->needs, &one);
	return true;
}

/* CODE=AMOUNT, for the incident named last. */
static bool
change_need(struct cli *cli, struct question *q, char *word)
{
	char *equals = strchr(word, '='), *end;
	struct err err = ERR_NONE;
	long long amount;

	errno = 0;
	amount = equals[1] >= '0' && equals[1] <= '9' ? strtoll(equals + 1, &end, 10) : -1;
	if (amount < 0 || errno || *end || !q->n) {
		cli_refuse(_("\"%s\": an incident, then CODE=AMOUNT"), word);
		return false;
	}
	*equals = '\0';
	if (need_set(cli->st, &q->needs, q->incident[q->n - 1], word, amount, &err))
		return true;
	cli_fail(&err);
	return false;
}

/* --- what is proposed ------------------------------------------------------------------------ */

static json_t *
line_json(const struct allocation_line *l)
{
	json_t *o = json_object();

	member_int(o, "incident", l->incident);
	member_flag(o, "team", l->team);
	member_int(o, "source", l->source);
	member_text(o, "source_name", l->source_name);
	member_text(o, "phone", l->phone);
	member_text(o, "code", l->code);
	member_text(o, "name", l->name);
	member_text(o, "unit", l->unit);
	member_int(o, "amount", l->amount);
	member_int(o, "remains", l->remains);
	member_real(o, "arrival_min", out_tenths(l->arrival_min));
	member_text(o, "how", l->how);
	member_int(o, "rank", (int64_t)l->rank);
	member_int(o, "candidates", (int64_t)l->candidates);
	member_time(o, "confirmed", l->confirmed);
	member_text(o, "brief", l->brief);
	member_text(o, "why", l->why);
	return o;
}

static json_t *
shortage_json(const struct question *q, const struct allocation_shortage *s)
{
	const struct need *need = &q->needs.items[s->need];
	json_t *o = json_object();

	member_int(o, "incident", need->incident);
	member_text(o, "code", need->code);
	member_text(o, "name", need->name);
	member_text(o, "unit", need->unit);
	member_int(o, "amount", s->amount);
	member_text(o, "from", s->from);
	return o;
}

static json_t *
allocation_json(const struct question *q, const struct allocation *a)
{
	json_t *o = json_object(), *lines = json_array(), *shortages = json_array(),
	       *commit = json_array();

	for (size_t i = 0; i < a->n_lines; i++)
		json_array_append_new(lines, line_json(&a->lines[i]));
	for (size_t i = 0; i < a->n_shortages; i++)
		json_array_append_new(shortages, shortage_json(q, &a->shortages[i]));
	/* What allocation.commit takes as `lines`, one for each incident. */
	for (size_t i = 0; i < q->n; i++) {
		char *text = allocation_lines_text(a, q->incident[i]);
		json_t *one = json_object();

		member_int(one, "incident", q->incident[i]);
		member_text(one, "lines", text);
		json_array_append_new(commit, one);
		free(text);
	}
	member_text(o, "summary", a->summary);
	member_real(o, "worst_arrival_min", out_tenths(a->worst_arrival_min));
	json_object_set_new(o, "proven", json_boolean(a->proven));
	json_object_set_new(o, "lines", lines);
	json_object_set_new(o, "shortages", shortages);
	json_object_set_new(o, "commit", commit);
	return o;
}

/* Every line of a text, further in. */
static void
print_indented(const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		if (n)
			out_line("      %.*s", (int)n, text);
		text += n + (text[n] == '\n');
	}
}

static void
print_allocation(const struct question *q, const struct allocation *a)
{
	out_line("%s", a->summary ? a->summary : "");
	for (size_t i = 0; i < a->n_lines; i++) {
		const struct allocation_line *l = &a->lines[i];

		out_line("\n%s  %s %lld%s  %.0f %s  %s", l->source_name, l->name,
		    (long long)l->amount, l->unit, l->arrival_min, _("min"), l->phone);
		print_indented(l->why ? l->why : "");
	}
	for (size_t i = 0; i < a->n_shortages; i++) {
		const struct need *need = &q->needs.items[a->shortages[i].need];

		out_line("\n%s %s %lld%s", _("short of"), need->name,
		    (long long)a->shortages[i].amount, need->unit);
		print_indented(a->shortages[i].from ? a->shortages[i].from : "");
	}
}

static int
solve(struct cli *cli, struct question *q)
{
	struct allocation a = {.lines = NULL};
	struct err err = ERR_NONE;

	if (!dispatch_allocate(cli->st, q->needs.items, q->needs.n, NULL, 0, &a, &err))
		return cli_fail(&err);
	if (cli->json)
		out_json(allocation_json(q, &a));
	else
		print_allocation(q, &a);
	allocation_clear(&a);
	return CLI_DONE;
}

int
cmd_allocate(struct cli *cli, int argc, char **argv)
{
	struct question *q;
	struct actor reader;
	bool ok = true;
	int status;

	if (!argc)
		return cli_usage(cli, _("say for which incident"));
	if (!cli_open(cli, false) || !cli_reader(cli, &reader))
		return CLI_REFUSED;
	q = mem_zero(1, sizeof(*q));
	for (int i = 0; ok && i < argc; i++)
		ok = strchr(argv[i], '=') ? change_need(cli, q, argv[i])
					  : add_incident(cli, q, &reader, argv[i]);
	status = ok ? solve(cli, q) : CLI_REFUSED;
	need_list_clear(&q->needs);
	free(q);
	return status;
}
