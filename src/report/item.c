/* What a sentence is repeated for: calls, changed figures, fields filled in, responses, orders,
 * telephone reports, … newer than the base. */
#include "report/inside.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct item *
item_add(struct items *items, int64_t journal)
{
	struct item *i;

	mem_grow(&items->list, &items->room, items->n);
	i = &items->list[items->n++];
	memset(i, 0, sizeof(*i));
	i->sources[0] = journal;
	i->n_sources = journal ? 1 : 0;
	return i;
}

static void
item_put(struct item *i, const char *name, const char *text)
{
	i->fields[i->n].name = name;
	i->fields[i->n++].text = mem_dup(text);
}

static void
item_put_time(struct item *i, int64_t at)
{
	struct buf b = BUF_MAX(64);

	chinese_time(&b, at);
	i->fields[i->n].name = "time";
	i->fields[i->n++].text = buf_take(&b);
}

void
items_clear(struct items *items)
{
	for (size_t i = 0; i < items->n; i++)
		for (size_t k = 0; k < items->list[i].n; k++)
			free(items->list[i].fields[k].text);
	free(items->list);
	memset(items, 0, sizeof(*items));
}

/* --- calls ----------------------------------------------------------------------------------- */

#define HEAD_BYTES 72

/* Behind "高速交警：" or "接群众报警，"; where the matter itself begins. */
static const char *
matter_of(const char *text)
{
	size_t n = strlen(text);

	for (size_t at = 0; at < n && at < HEAD_BYTES; at = utf8_next(text, n, at)) {
		if (strncmp(text + at, "：", 3) == 0)
			return text + at + 3;
		if (text[at] == ':' && !(at && isdigit((unsigned char)text[at - 1]) &&
					   isdigit((unsigned char)text[at + 1])))
			return text + at + 1;
		if (strncmp(text + at, "，", 3) == 0 || strncmp(text + at, "。", 3) == 0)
			break;
	}
	if (strncmp(text, "接", 3) == 0 || strncmp(text, "据", 3) == 0) {
		const char *comma = strstr(text, "，");
		if (comma && comma - text < HEAD_BYTES)
			return comma + 3;
	}
	return text;
}

/* Bytes of the place the words begin with, where what follows can stand without it: "…处一辆",
 * "…有", but not "…边" or "…起火". */
static size_t
leading_place(const char *s, const char *place)
{
	static const char *const starts[] = {"一", "有", "发生"};
	size_t n = strlen(place);

	if (!n || strncmp(s, place, n) != 0)
		return 0;
	for (size_t i = 0; i < COUNT_OF(starts); i++)
		if (strncmp(s + n, starts[i], strlen(starts[i])) == 0)
			return n;
	return 0;
}

/* The caller's words as one sentence: lines joined, ends with a full stop. `place` is left out
 * where they begin with it. */
static char *
words_of(const char *text, const char *place)
{
	struct buf b = BUF_MAX(TEXT_MAX_BYTES);
	const char *s = matter_of(text);

	while (*s == ' ')
		s++;
	s += leading_place(s, place);
	for (; *s; s++) {
		if (*s == '\n')
			buf_add(&b, "；");
		else if (*s == ',' && (unsigned char)s[1] != ' ' && !isdigit((unsigned char)s[1]))
			buf_add(&b, "，");
		else if (*s == ',' && s[1] == ' ') {
			buf_add(&b, "，");
			s++;
		} else
			buf_add_char(&b, *s);
	}
	while (b.size >= 3 && (memcmp(b.data + b.size - 3, "。", 3) == 0 ||
				  memcmp(b.data + b.size - 3, "，", 3) == 0 ||
				  memcmp(b.data + b.size - 3, "；", 3) == 0)) {
		b.size -= 3;
		b.data[b.size] = '\0';
	}
	buf_add(&b, "。");
	return buf_take(&b);
}

static void
put_lead(struct item *i, const struct record *r, const struct incident_call *c, bool first)
{
	struct buf b = BUF_MAX(400);

	if (first) {
		buf_add(&b, r->full.row.confirmed ? "经核实，" : "据报，");
	} else {
		chinese_time(&b, c->at);
		buf_printf(&b, "，%s报告：",
		    c->unit[0]	   ? c->unit
		    : c->caller[0] ? c->caller
				   : c->source);
	}
	i->unproven = first && !r->full.row.confirmed;
	item_put(i, "lead", buf_str(&b));
	buf_clear(&b);
}

static void
calls(const struct record *r, struct items *out)
{
	for (size_t k = 0; k < r->n_calls; k++) {
		const struct incident_call *c = &r->calls[k];
		struct item *i;
		char *words;
		if (!record_is_new(r, c->journal, "$.calls", c->id, c->moved_from) ||
		    strcmp(c->direction, "in") != 0)
			continue;
		i = item_add(out, c->journal);
		put_lead(i, r, c, k == 0 && r->base == 0);
		words = words_of(c->text, k == 0 ? r->full.row.place : "");
		item_put(i, "words", words);
		free(words);
	}
}

/* --- figures --------------------------------------------------------------------------------- */

/* The figure of this kind that stood before change k. */
static int64_t
before(const struct record *r, size_t k)
{
	for (size_t i = k; i-- > 0;)
		if (r->changes[i].kind == r->changes[k].kind)
			return r->changes[i].value;
	return -1;
}

/* Figures that came with a call stand in that call's own words. */
static bool
is_call(const struct record *r, int64_t journal)
{
	for (size_t i = 0; i < r->n_calls; i++)
		if (r->calls[i].journal == journal)
			return true;
	return false;
}

static void
figures(const struct record *r, struct items *out)
{
	for (size_t k = 0; k < r->n_changes; k++) {
		const struct casualty_change *c = &r->changes[k];
		const char *unit = c->kind == FACT_HOUSEHOLDS ? "户" : "人";
		int64_t old = before(r, k);
		struct buf b = BUF_MAX(400);
		struct item *i;
		if (!record_is_new(r, c->journal, "$.figures", c->id, c->moved_from) ||
		    old == c->value || is_call(r, c->journal))
			continue;
		i = item_add(out, c->journal);
		item_put_time(i, c->at);
		item_put(i, "who", c->source);
		if (old < 0)
			buf_printf(&b, "%s%s%lld%s", chinese_figure(c->kind),
			    chinese_bound(c->bound), (long long)c->value, unit);
		else
			buf_printf(&b, "%s由%lld%s%s%s%lld%s", chinese_figure(c->kind),
			    (long long)old, unit, c->value > old ? "增至" : "减至",
			    chinese_bound(c->bound), (long long)c->value, unit);
		if (c->note[0])
			buf_printf(&b, "（%s）", c->note);
		item_put(i, "change", buf_str(&b));
		i->unproven = c->bound != BOUND_EXACT;
		buf_clear(&b);
	}
}

/* --- fields filled in ------------------------------------------------------------------------ */

static const struct {
	const char *argument, *label;
} fields[] = {{"cause", "事件原因"}, {"trend", "发展趋势"}, {"measures", "已采取措施"},
    {"impact", "影响范围"}, {"weather", "现场气象"}, {"leaders_on_site", "领导到场情况"},
    {"scene_chief", "现场指挥负责人"}, {"scene_phone", "现场指挥电话"}, {"needs", "请求事项和建议"},
    {"media", "舆情情况"}, {"place", "地点更正为"}, {"care", "善后工作"}};

static void
sets(const struct record *r, struct items *out)
{
	for (size_t k = 0; k < COUNT_OF(fields); k++) {
		char *path = mem_print("$.%s", fields[k].argument);
		struct sql *q =
		    sql(r->st, "SELECT id, json_extract(args, ?2) FROM journal WHERE incident = ?1 "
			       "AND verb = 'incident.set' AND id > ?3"
			       " AND json_extract(args, ?2) IS NOT NULL ORDER BY id DESC LIMIT 1");
		sql_bind(q, "iti", r->incident, path, r->base);
		if (sql_row(q)) {
			struct item *i = item_add(out, sql_int(q, 0));
			item_put(i, "label", fields[k].label);
			item_put(i, "value", sql_text(q, 1));
		}
		sql_done(q);
		free(path);
	}
}

/* --- responses ------------------------------------------------------------------------------- */

static const char *
level_name(int64_t level)
{
	static const char *const names[] = {"", "一级", "二级", "三级", "四级"};

	return level >= 1 && level <= 4 ? names[level] : "";
}

static void
responses(const struct record *r, struct items *out)
{
	struct sql *q = sql(r->st, "SELECT r.started, r.approver, p.name, ifnull((SELECT l.level "
				   "FROM response_level l WHERE l.response = r.id"
				   " ORDER BY l.journal LIMIT 1), r.level), r.journal FROM "
				   "response r JOIN plan p ON p.id = r.plan"
				   " WHERE r.incident = ?1 AND r.journal > ?2 ORDER BY r.started");

	sql_bind(q, "ii", r->incident, r->base);
	while (sql_row(q)) {
		struct item *i = item_add(out, sql_int(q, 4));
		item_put_time(i, sql_time(q, 0));
		item_put(i, "approver", sql_text(q, 1));
		item_put(i, "plan", sql_text(q, 2));
		item_put(i, "level", level_name(sql_int(q, 3)));
	}
}

/* Changes of a level; the first row of a response is its start and no change. */
static void
levels(const struct record *r, struct items *out)
{
	struct sql *q = sql(r->st, "SELECT l.at, l.approver, l.reason, l.level, l.journal, (SELECT "
				   "k.level FROM response_level k WHERE"
				   " k.response = l.response AND k.journal < l.journal ORDER BY "
				   "k.journal DESC LIMIT 1) FROM response_level l"
				   " JOIN response r ON r.id = l.response WHERE r.incident = ?1 "
				   "AND l.journal > ?2 AND l.journal > r.journal"
				   " ORDER BY l.at");
	struct buf b = BUF_MAX(200);

	sql_bind(q, "ii", r->incident, r->base);
	while (sql_row(q)) {
		struct item *i = item_add(out, sql_int(q, 4));
		item_put_time(i, sql_time(q, 0));
		item_put(i, "approver", sql_text(q, 1));
		item_put(i, "reason", sql_text(q, 2));
		buf_reset(&b);
		buf_printf(&b, "应急响应由%s调整为%s", level_name(sql_int(q, 5)),
		    level_name(sql_int(q, 3)));
		item_put(i, "change", buf_str(&b));
	}
	buf_clear(&b);
	q = sql(r->st, "SELECT r.ended, r.end_approver, r.end_reason, (SELECT max(j.id) FROM "
		       "journal j WHERE j.incident = r.incident AND"
		       " j.verb = 'response.end'), p.name FROM response r JOIN plan p ON p.id = "
		       "r.plan WHERE r.incident = ?1 AND r.state = 'ended'"
		       " AND r.ended IS NOT NULL ORDER BY r.ended");
	sql_bind(q, "i", r->incident);
	while (sql_row(q)) {
		struct item *i;
		if (sql_int(q, 3) <= r->base)
			continue;
		i = item_add(out, sql_int(q, 3));
		item_put_time(i, sql_time(q, 0));
		item_put(i, "approver", sql_text(q, 1));
		item_put(i, "reason", sql_text(q, 2));
		item_put(i, "change", "终止应急响应");
	}
}

/* --- orders ---------------------------------------------------------------------------------- */

/* A content without the full stop it may end with: the sentence goes on. */
static char *
without_stop(const char *s)
{
	size_t n = strlen(s);

	while (n >= 3 && (memcmp(s + n - 3, "。", 3) == 0 || memcmp(s + n - 3, "；", 3) == 0))
		n -= 3;
	return mem_dupn(s, n);
}

static void
put_order(struct item *i, struct sql *q)
{
	char *content = without_stop(sql_text(q, 2));

	item_put_time(i, sql_time(q, 0));
	item_put(i, "dest", sql_text(q, 1));
	item_put(i, "content", content);
	free(content);
	if (!sql_null(q, 3)) {
		struct buf b = BUF_MAX(64);
		chinese_clock(&b, sql_time(q, 3));
		item_put(i, "ack", buf_str(&b));
		buf_clear(&b);
	}
	item_put(i, "result", sql_text(q, 4));
}

/* Orders given by hand one by one; the tasks of a plan are counted in {forces}. */
static void
orders(const struct record *r, struct items *out)
{
	struct sql *q = sql(r->st, "SELECT issued, dest, content, acked, result, journal FROM "
				   "orders WHERE incident = ?1 AND journal > ?2"
				   " AND task IS NULL AND team IS NULL AND kind <> 'supply' AND "
				   "state <> 'withdrawn' ORDER BY issued, id");

	sql_bind(q, "ii", r->incident, r->base);
	while (sql_row(q))
		put_order(item_add(out, sql_int(q, 5)), q);
}

static void
done(const struct record *r, struct items *out)
{
	struct sql *q = sql(r->st, "SELECT j.at, o.dest, o.content, o.acked, o.result, j.id FROM "
				   "journal j JOIN orders o ON o.id = j.subject"
				   " WHERE j.incident = ?1 AND j.verb = 'order.done' AND j.id > ?2 "
				   "AND o.state = 'done' ORDER BY j.id");

	sql_bind(q, "ii", r->incident, r->base);
	while (sql_row(q))
		put_order(item_add(out, sql_int(q, 5)), q);
}

/* --- the rest -------------------------------------------------------------------------------- */

/* Rows of (time, unit, receiver, journal). */
static void
taken_over(const struct record *r, const char *statement, struct items *out)
{
	struct sql *q = sql(r->st, statement);

	sql_bind(q, "ii", r->incident, r->base);
	while (sql_row(q)) {
		struct item *i = item_add(out, sql_int(q, 3));
		item_put_time(i, sql_time(q, 0));
		item_put(i, "dest", sql_text(q, 1));
		item_put(i, "receiver", sql_text(q, 2));
	}
}

static void
transfers(const struct record *r, struct items *out)
{
	taken_over(r,
	    "SELECT at, dest, receiver, journal FROM transfer WHERE incident = ?1 AND journal > ?2 "
	    "ORDER BY at",
	    out);
}

static void
phones(const struct record *r, struct items *out)
{
	taken_over(r,
	    "SELECT closed, dest, receiver, closed_by FROM clock WHERE incident = ?1 AND medium = "
	    "'phone'"
	    " AND state IN ('met', 'late') AND receiver IS NOT NULL AND closed_by > ?2 ORDER BY "
	    "closed, id",
	    out);
}

static const char *
chinese_state(const char *state)
{
	static const char *const names[][2] = {{"received", "接报"}, {"verified", "核实"},
	    {"assessed", "研判"}, {"responding", "处置中"}, {"ended", "处置结束"},
	    {"closed", "归档"}, {"merged", "已并入"}, {"not_incident", "销案"}};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i][0], state) == 0)
			return names[i][1];
	return state;
}

static void
children(const struct record *r, struct items *out)
{
	struct sql *q = sql(r->st, "SELECT received, title, state, journal FROM incident WHERE "
				   "parent = ?1 AND journal > ?2 ORDER BY received");

	sql_bind(q, "ii", r->incident, r->base);
	while (sql_row(q)) {
		struct item *i = item_add(out, sql_int(q, 3));
		item_put_time(i, sql_time(q, 0));
		item_put(i, "title", sql_text(q, 1));
		item_put(i, "state", chinese_state(sql_text(q, 2)));
	}
}

void
items_of(const struct record *r, const char *each, struct items *out)
{
	static const struct {
		const char *each;
		void (*get)(const struct record *r, struct items *out);
	} kinds[] = {{"call", calls}, {"figure", figures}, {"set", sets}, {"response", responses},
	    {"level", levels}, {"order", orders}, {"done", done}, {"transfer", transfers},
	    {"phone", phones}, {"child", children}};

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].each, each) == 0)
			kinds[i].get(r, out);
}
