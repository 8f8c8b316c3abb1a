/*
 * allocation.commit: the lines of an allocation become assignments and orders, all or none. A team
 * gets an order of its own, a depot one order for everything it is to load.
 */
#include "dispatch/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 200

struct line {
	int64_t team, depot;
	char goods[32];
	int64_t amount, order;
	double eta_min;
	char *why, *how; /* owned, may be NULL */
	bool done;
};

struct commit {
	struct verb_call *call;
	struct store *st;
	struct incident_row incident;
	char *scene;
	bool reserve, use_keep;
	struct line lines[LINES_MAX];
	size_t n;
};

static struct line *
new_line(struct commit *c, struct err *err)
{
	if (c->n == LINES_MAX) {
		err_set(err, ERR_INPUT, _("Too many lines: at most %d at once."), LINES_MAX);
		return NULL;
	}
	c->lines[c->n] = (struct line){.eta_min = -1};
	return &c->lines[c->n++];
}

/* --- lines as JSON: what allocation_lines_text writes ----------------------------------------- */

static char *
text_of(json_t *line, const char *name)
{
	const char *s = json_string_value(json_object_get(line, name));

	return s && *s ? utf8_clean(s, strlen(s), true, NULL) : NULL;
}

static bool
read_json_line(struct commit *c, json_t *json, size_t i, struct err *err)
{
	struct line *l = new_line(c, err);
	json_t *eta = json_object_get(json, "eta");
	const char *goods = json_string_value(json_object_get(json, "goods"));

	if (!l)
		return false;
	l->team = json_integer_value(json_object_get(json, "team"));
	l->depot = json_integer_value(json_object_get(json, "depot"));
	l->amount = json_integer_value(json_object_get(json, "amount"));
	l->eta_min = json_is_number(eta) ? json_number_value(eta) : -1;
	l->why = text_of(json, "why");
	l->how = text_of(json, "how");
	if (!json_is_object(json) || (l->team != 0) == (l->depot != 0))
		return err_set(
		    err, ERR_INPUT, _("Line %zu names neither one team nor one depot."), i + 1);
	if (l->depot && (!goods || !resource_goods_named(c->st, goods, l->goods, sizeof(l->goods))))
		return err_set(err, ERR_NOT_FOUND,
		    _("No class of goods is called \"%s\": give its code or name."),
		    goods ? goods : "");
	return true;
}

static bool
read_json(struct commit *c, json_t *array, struct err *err)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (!read_json_line(c, json_array_get(array, i), i, err))
			return false;
	return true;
}

/* --- lines by hand: "高邮消防; 市防汛仓库 编织袋 5000" ---------------------------------------- */

/* The one thing of a kind that a word means; 0 with the reason. */
static int64_t
thing_of(struct commit *c, const char *kind, const char *word, struct err *err)
{
	const struct thing_kind *k = thing_kind_find(c->st, kind);
	struct thing found[2];
	size_t n = k ? k->find(c->st, call_actor(c->call), word, found, 2) : 0;

	if (n == 0) {
		err_set(err, ERR_NOT_FOUND,
		    strcmp(kind, "team") == 0 ? _("No team is called \"%s\".")
					      : _("No depot is called \"%s\"."),
		    word);
		return 0;
	}
	if (n == 2 && found[0].score == found[1].score) {
		err_set(err, ERR_INPUT, _("\"%s\" may be %s or %s: write more of the name."), word,
		    found[0].word, found[1].word);
		return 0;
	}
	return found[0].id;
}

static bool
is_number(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0' && strlen(s) < 13;
}

static bool
read_hand_line(struct commit *c, char *text, struct err *err)
{
	char *words[3], *rest = text;
	size_t n = 0;
	struct line *l;

	for (char *w; n < 3 && *(w = rest + strspn(rest, " \t")); n++) {
		rest = w + strcspn(w, " \t");
		if (*rest)
			*rest++ = '\0';
		words[n] = w;
	}
	if (n == 0)
		return true;
	l = new_line(c, err);
	if (!l)
		return false;
	if (n == 1)
		return (l->team = thing_of(c, "team", words[0], err)) != 0;
	if (n != 3 || !is_number(words[2]) || *(rest + strspn(rest, " \t")))
		return err_set(err, ERR_INPUT,
		    _("\"%s\": write a team's name, or depot, goods and amount: \"depot goods "
		      "5000\"."),
		    words[0]);
	l->depot = thing_of(c, "depot", words[0], err);
	if (!l->depot)
		return false;
	if (!resource_goods_named(c->st, words[1], l->goods, sizeof(l->goods)))
		return err_set(err, ERR_NOT_FOUND,
		    _("No class of goods is called \"%s\": give its code or name."), words[1]);
	l->amount = strtoll(words[2], NULL, 10);
	return true;
}

static bool
read_by_hand(struct commit *c, const char *text, struct err *err)
{
	char *copy = mem_dup(text), *at = copy;
	bool ok = true;

	while (ok && *at) {
		static const char wide[] = "；";
		char *next = strpbrk(at, ";\n"), *next_wide = strstr(at, wide);
		size_t skip = 1;

		if (next_wide && (!next || next_wide < next)) {
			next = next_wide;
			skip = sizeof(wide) - 1;
		}
		if (!next) {
			next = at + strlen(at);
			skip = 0;
		}
		*next = '\0';
		ok = read_hand_line(c, at, err);
		at = skip ? next + skip : next;
	}
	free(copy);
	return ok;
}

static bool
read_lines(struct commit *c, struct err *err)
{
	const char *text = call_text(c->call, "lines");
	json_t *json;
	bool ok;

	if (text[strspn(text, " \n")] != '[') {
		ok = read_by_hand(c, text, err);
	} else {
		json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		ok = json_is_array(json)
			 ? read_json(c, json, err)
			 : err_set(err, ERR_INPUT, _("The lines begin like JSON but are none."));
		json_decref(json);
	}
	if (ok && c->n == 0)
		return err_set(err, ERR_INPUT,
		    _("There is no line: name a team, or depot, goods and amount."));
	return ok;
}

/* --- doing it --------------------------------------------------------------------------------- */

static bool
commit_team(struct commit *c, struct line *l, struct err *err)
{
	struct team_row team;
	struct dest dest;
	struct assignment_new a = {.incident = c->incident.id,
	    .team = l->team,
	    .how = l->how,
	    .eta_min = l->eta_min,
	    .why = l->why ? l->why : N_("called by the officer")};
	char no[16], *content;

	if (!resource_team(c->st, l->team, &team))
		return err_set(err, ERR_NOT_FOUND, _("There is no such team."));
	if (!team_may_go(c->st, &team, c->incident.id, err) || !dest_of(c->st, l->team, &dest, err))
		return false;
	if (!c->reserve) {
		content = mem_print(_("go to %s: %s; report when you leave and when you arrive"),
		    c->scene, c->incident.title);
		a.order = order_put(c->call,
		    &(struct order_new){.incident = c->incident.id,
			.kind = "rescue",
			.content = content,
			.place = c->scene,
			.dest = &dest,
			.finish_due = CLOCK_NONE},
		    no);
		free(content);
		call_say(c->call, "%s %s", no, team.name);
	} else
		call_say(c->call, _("%s reserved"), team.name);
	assignment_put(c->call, &a);
	return true;
}

/* "编织袋 5000 只, 土工布 800 平方米" of all lines of a depot. Caller frees. */
static char *
load_list(struct commit *c, int64_t depot)
{
	struct buf b = BUF_MAX(8192);
	char name[64], unit[16];

	for (size_t i = 0; i < c->n; i++) {
		if (c->lines[i].depot != depot)
			continue;
		resource_class_name(
		    c->st, false, c->lines[i].goods, name, sizeof(name), unit, sizeof(unit));
		buf_printf(&b, "%s%s %lld %s", b.size ? _(", ") : "", name,
		    (long long)c->lines[i].amount, unit);
	}
	return buf_take(&b);
}

/* All lines of the depot of line `first`, with one order. */
static bool
commit_depot(struct commit *c, size_t first, struct err *err)
{
	int64_t depot = c->lines[first].depot, order = 0;
	char *list = load_list(c, depot), *content, no[16];
	struct dest dest;
	bool ok = dest_of_depot(c->st, depot, &dest, err);

	if (ok && !c->reserve) {
		content = mem_print(_("load %s for %s (%s)"), list, c->scene, c->incident.title);
		order = order_put(c->call,
		    &(struct order_new){.incident = c->incident.id,
			.kind = "supply",
			.content = content,
			.place = c->scene,
			.dest = &dest,
			.finish_due = CLOCK_NONE},
		    no);
		free(content);
		call_say(c->call, _("%s %s: %s"), no, dest.name, list);
	} else if (ok)
		call_say(c->call, _("reserved at %s: %s"), dest.name, list);
	for (size_t i = first; ok && i < c->n; i++) {
		struct line *l = &c->lines[i];

		if (l->depot != depot)
			continue;
		ok = stock_is_there(c->st, depot, l->goods, l->amount, c->use_keep, err);
		if (ok)
			assignment_put(
			    c->call, &(struct assignment_new){.incident = c->incident.id,
					 .order = order,
					 .depot = depot,
					 .goods = l->goods,
					 .quantity = l->amount,
					 .how = l->how,
					 .eta_min = l->eta_min,
					 .why = l->why ? l->why : N_("ordered by the officer")});
		l->done = true;
	}
	free(list);
	return ok;
}

bool
verb_allocation_commit(struct verb_call *call, struct err *err)
{
	struct commit *c = mem_zero(1, sizeof(*c));
	bool ok;

	*c = (struct commit){.call = call,
	    .st = call_store(call),
	    .reserve = call_flag(call, "reserve"),
	    .use_keep = call_flag(call, "use_keep")};
	ok = incident_touch(call, call_int(call, "incident"), false, err);
	if (ok && !incident_get(c->st, call_int(call, "incident"), &c->incident))
		ok = err_set(err, ERR_NOT_FOUND, _("There is no such incident."));
	c->scene = ok ? scene_of(&c->incident) : NULL;
	ok = ok && read_lines(c, err);
	if (ok)
		call_say(call,
		    c->reserve ? ngettext("%zu line reserved for %03d",
				     "%zu lines reserved for %03d", (unsigned long)c->n)
			       : ngettext("%zu line sent to %03d", "%zu lines sent to %03d",
				     (unsigned long)c->n),
		    c->n, c->incident.number);
	for (size_t i = 0; ok && i < c->n; i++) {
		if (c->lines[i].team)
			ok = commit_team(c, &c->lines[i], err);
		else if (!c->lines[i].done)
			ok = commit_depot(c, i, err);
	}
	call_subject(call, "incident", call_int(call, "incident"));
	for (size_t i = 0; i < c->n; i++) {
		free(c->lines[i].why);
		free(c->lines[i].how);
	}
	free(c->scene);
	free(c);
	return ok;
}
