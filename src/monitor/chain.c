/*
 * Chains of messages and what each of them is worth. The state is worked out from the whole set
 * every time one joins it, never step by step: messages come late, twice and backwards, and all
 * orders must end the same. Rejected: keeping a "current message" a chain and replacing it, as most
 * readers do; a Cancel that comes first, or two Updates of one message, end wrongly there.
 */
#include "monitor/inside.h"

#include <stdlib.h>
#include <string.h>

/* A chain longer than this is an attack or an error; its newest messages count. */
#define CHAIN_MAX 300
#define LIFT_REACH (30 * CLOCK_DAY)

struct ref {
	size_t from; /* node */
	char *identifier, *sender;
	int64_t sent;
	bool bare;
};

struct node {
	int64_t id, sent, ordered, ended_by;
	char *identifier, *sender, *digest, *code;
	bool ends, lifts; /* a Cancel or a lift; 解除 rather than Cancel */
	bool silent;	  /* Ack, Error: says nothing about the weather */
	bool thin, drill;
	int refs;
	const char *how; /* new state */
	char *old_how;
	int64_t old_by;
};

struct chain {
	struct node *nodes;
	size_t n;
	struct ref *refs;
	size_t n_refs, room_refs;
	bool *follows; /* [i * n + j]: i refers to j, or stands behind it */
};

static bool
later(const struct node *a, const struct node *b)
{
	int order;

	if (a->ordered != b->ordered)
		return a->ordered > b->ordered;
	order = strcmp(a->identifier, b->identifier);
	return order ? order > 0 : strcmp(a->digest, b->digest) > 0;
}

static bool
meant(const struct ref *r, const struct node *to)
{
	return strcmp(r->identifier, to->identifier) == 0 &&
	       (!r->sender || strcmp(r->sender, to->sender) == 0) &&
	       (r->sent == CLOCK_NONE || r->sent == to->sent);
}

static bool
same_key(const struct node *a, const struct node *b)
{
	return strcmp(a->identifier, b->identifier) == 0 && strcmp(a->sender, b->sender) == 0 &&
	       a->sent == b->sent;
}

/* --- reading -------------------------------------------------------------------------------- */

static void
load_nodes(struct store *st, int64_t chain, struct chain *c)
{
	struct sql *q = sql(st,
	    "SELECT id, sent, ordered, identifier, sender, digest, code, lift, msg_type, thin, "
	    "drill, refs, how, ended_by, headline LIKE '%解除%' FROM alert WHERE chain = ?1 "
	    "ORDER BY ordered DESC, id LIMIT ?2");

	c->nodes = mem_zero(CHAIN_MAX, sizeof(*c->nodes));
	sql_bind(q, "ii", chain, (int64_t)CHAIN_MAX);
	while (c->n < CHAIN_MAX && sql_row(q)) {
		struct node *x = &c->nodes[c->n++];
		const char *type = sql_text(q, 8);

		x->id = sql_int(q, 0);
		x->sent = sql_time(q, 1);
		x->ordered = sql_int(q, 2);
		x->identifier = mem_dup(sql_text(q, 3));
		x->sender = mem_dup(sql_text(q, 4));
		x->digest = mem_dup(sql_text(q, 5));
		x->code = mem_dup(sql_text(q, 6));
		x->ends = sql_int(q, 7) != 0;
		x->silent = strcmp(type, "Ack") == 0 || strcmp(type, "Error") == 0;
		x->thin = sql_int(q, 9) != 0;
		x->drill = sql_int(q, 10) != 0;
		x->refs = (int)sql_int(q, 11);
		x->old_how = sql_null(q, 12) ? NULL : mem_dup(sql_text(q, 12));
		x->old_by = sql_int(q, 13);
		x->lifts = sql_int(q, 14) != 0;
	}
	sql_done(q);
}

static void
load_refs(struct store *st, struct chain *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct sql *q = sql(st,
		    "SELECT identifier, sender, sent FROM alert_ref WHERE alert = ?1 LIMIT 300");

		if (!c->nodes[i].refs)
			continue;
		sql_bind(q, "i", c->nodes[i].id);
		while (sql_row(q)) {
			struct ref *r;

			mem_grow(&c->refs, &c->room_refs, c->n_refs);
			r = &c->refs[c->n_refs++];
			r->from = i;
			r->identifier = mem_dup(sql_text(q, 0));
			r->sender = sql_null(q, 1) ? NULL : mem_dup(sql_text(q, 1));
			r->sent = sql_time(q, 2);
			r->bare = !r->sender && r->sent == CLOCK_NONE;
		}
		sql_done(q);
	}
}

static void
chain_clear(struct chain *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->nodes[i].identifier);
		free(c->nodes[i].sender);
		free(c->nodes[i].digest);
		free(c->nodes[i].code);
		free(c->nodes[i].old_how);
	}
	for (size_t i = 0; i < c->n_refs; i++) {
		free(c->refs[i].identifier);
		free(c->refs[i].sender);
	}
	free(c->nodes);
	free(c->refs);
	free(c->follows);
}

/* --- judging -------------------------------------------------------------------------------- */

/* Both name the same first message, as 国突 does, and it does not matter whether that one is here.
 */
static bool
siblings(const struct chain *c, size_t i, size_t j)
{
	if (strcmp(c->nodes[i].sender, c->nodes[j].sender) != 0)
		return false;
	for (size_t a = 0; a < c->n_refs; a++)
		for (size_t b = 0; b < c->n_refs; b++)
			if (c->refs[a].from == i && c->refs[b].from == j && c->refs[a].bare &&
			    c->refs[b].bare &&
			    strcmp(c->refs[a].identifier, c->refs[b].identifier) == 0)
				return true;
	return false;
}

static void
find_follows(struct chain *c)
{
	c->follows = mem_zero(c->n * c->n + 1, sizeof(*c->follows));
	for (size_t r = 0; r < c->n_refs; r++) {
		size_t i = c->refs[r].from;

		for (size_t j = 0; j < c->n; j++)
			if (i != j && c->nodes[i].drill == c->nodes[j].drill &&
			    meant(&c->refs[r], &c->nodes[j]) &&
			    !same_key(&c->nodes[i], &c->nodes[j]))
				c->follows[i * c->n + j] = true;
	}
	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->n; j++)
			if (i != j && c->nodes[i].refs && c->nodes[j].refs &&
			    c->nodes[i].drill == c->nodes[j].drill &&
			    later(&c->nodes[i], &c->nodes[j]) && siblings(c, i, j))
				c->follows[i * c->n + j] = true;
}

/* Marks all that can be reached from what is marked: forward along `follows`, or against it. */
static void
spread(const struct chain *c, bool *mark, bool against)
{
	size_t *stack = mem_zero(c->n + 1, sizeof(*stack)), depth = 0;

	for (size_t i = 0; i < c->n; i++)
		if (mark[i])
			stack[depth++] = i;
	while (depth) {
		size_t i = stack[--depth];

		for (size_t j = 0; j < c->n; j++)
			if (!mark[j] &&
			    (against ? c->follows[j * c->n + i] : c->follows[i * c->n + j])) {
				mark[j] = true;
				stack[depth++] = j;
			}
	}
	free(stack);
}

static bool
reaches(const struct chain *c, size_t from, size_t to)
{
	bool *mark = mem_zero(c->n + 1, sizeof(*mark)), found;

	mark[from] = true;
	spread(c, mark, false);
	found = mark[to];
	free(mark);
	return found;
}

/* Ended by `by`; of several the earliest, so that the order of arrival does not matter. */
static void
set_how(struct chain *c, size_t x, const char *how, size_t by)
{
	struct node *node = &c->nodes[x];

	if (node->how && node->ended_by)
		for (size_t i = 0; i < c->n; i++)
			if (c->nodes[i].id == node->ended_by && later(&c->nodes[by], &c->nodes[i]))
				return;
	node->how = how;
	node->ended_by = c->nodes[by].id;
}

static void
judge_superseded(struct chain *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->n; j++) {
			const struct node *a = &c->nodes[i], *b = &c->nodes[j];

			if (i == j || a->ends || a->silent || b->ends || b->silent)
				continue;
			if (!a->thin && b->thin && strcmp(a->identifier, b->identifier) == 0)
				set_how(c, j, "superseded", i);
			else if (c->follows[i * c->n + j] && (!reaches(c, j, i) || later(a, b)))
				set_how(c, j, "superseded", i);
		}
}

/* What a Cancel means: all before and behind what it refers to, up to its own time. */
static void
judge_end(struct chain *c, size_t t)
{
	bool *direct = mem_zero(c->n + 1, sizeof(*direct)), *up, *down, any = false;
	struct node *end = &c->nodes[t];
	const char *how = end->lifts ? "lifted" : "cancelled";

	for (size_t j = 0; j < c->n; j++)
		any = (direct[j] = c->follows[t * c->n + j] ||
				   (c->nodes[j].refs && j != t && siblings(c, t, j))) ||
		      any;
	up = mem_alloc(c->n + 1);
	down = mem_alloc(c->n + 1);
	memcpy(up, direct, c->n);
	memcpy(down, direct, c->n);
	spread(c, up, false);
	spread(c, down, true);
	for (size_t j = 0; j < c->n; j++) {
		struct node *x = &c->nodes[j];

		if (j == t || x->ends || x->silent || x->drill != end->drill || !(up[j] || down[j]))
			continue;
		if (!(later(end, x) || c->follows[t * c->n + j]))
			continue;
		if (!x->how || strcmp(x->how, "superseded") != 0)
			set_how(c, j, how, t);
	}
	end->how = any || !end->refs ? how : "held";
	free(direct);
	free(up);
	free(down);
}

/* The first lift without a reference that its issuer sent behind it. */
static int64_t
lift_behind(struct store *st, const struct node *x)
{
	return sql_one_int(st,
	    "SELECT l.id FROM alert l JOIN alert x ON x.id = ?5 WHERE l.sender = ?1 AND l.code = "
	    "?2 "
	    "AND l.ordered > ?3 AND l.ordered < ?3 + ?4 AND l.lift = 1 AND l.refs = 0 AND l.drill "
	    "= "
	    "x.drill AND (?2 <> '' OR l.event = x.event) ORDER BY l.ordered, l.id LIMIT 1",
	    0, "ttiii", x->sender, x->code, x->ordered, LIFT_REACH, x->id);
}

static void
judge(struct store *st, struct chain *c)
{
	find_follows(c);
	judge_superseded(c);
	for (size_t t = 0; t < c->n; t++) {
		if (c->nodes[t].silent)
			c->nodes[t].how = "superseded";
		else if (c->nodes[t].ends)
			judge_end(c, t);
	}
	for (size_t i = 0; i < c->n; i++) {
		struct node *x = &c->nodes[i];

		if (x->how || x->ends || !*x->sender)
			continue;
		x->ended_by = lift_behind(st, x);
		if (x->ended_by)
			x->how = "lifted";
	}
}

/* What is over leaves the inbox by itself, unless somebody still owes an answer. */
static void
write_states(struct store *st, const struct chain *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct node *x = &c->nodes[i];
		struct sql *q;

		if (strcmp(or_empty(x->how), or_empty(x->old_how)) == 0 && x->ended_by == x->old_by)
			continue;
		q = sql(st, "UPDATE alert SET how = ?2, ended_by = ?3 WHERE id = ?1");
		sql_bind(q, "itz", x->id, x->how, x->ended_by);
		sql_run(q);
		if (!x->how || x->ends || (x->thin && strcmp(x->how, "superseded") == 0))
			continue; /* a thin copy hands its entry on */
		q = sql(st,
		    "UPDATE inbox SET state = 'filed' WHERE state = 'new' AND answer = 0 AND "
		    "id = (SELECT inbox FROM alert WHERE id = ?1)");
		sql_bind(q, "i", x->id);
		sql_run(q);
	}
}

static void
judge_chain(struct store *st, int64_t chain)
{
	struct chain c;

	memset(&c, 0, sizeof(c));
	load_nodes(st, chain, &c);
	load_refs(st, &c);
	judge(st, &c);
	write_states(st, &c);
	chain_clear(&c);
}

/* --- joining -------------------------------------------------------------------------------- */

/* The chains a message touches, its own aside: what it refers to, what refers to it, what refers to
 * the same, and the same identifier. */
static size_t
neighbours(struct store *st, int64_t alert, int64_t *out, size_t max)
{
	struct sql *q = sql(st, "SELECT chain FROM alert WHERE id IN ("
				" SELECT t.id FROM alert_ref r JOIN alert t ON t.identifier = "
				"r.identifier AND (r.sender "
				"IS NULL OR r.sender = t.sender) AND (r.sent IS NULL OR r.sent = "
				"t.sent) WHERE r.alert = ?1"
				" UNION SELECT r.alert FROM alert m JOIN alert_ref r ON "
				"r.identifier = m.identifier AND "
				"(r.sender IS NULL OR r.sender = m.sender) AND (r.sent IS NULL OR "
				"r.sent = m.sent) WHERE "
				"m.id = ?1"
				" UNION SELECT o.alert FROM alert_ref r JOIN alert_ref o ON "
				"o.identifier = r.identifier "
				"AND o.sender IS r.sender AND o.sent IS r.sent WHERE r.alert = ?1"
				" UNION SELECT t.id FROM alert m JOIN alert t ON t.identifier = "
				"m.identifier AND (t.thin = "
				"1 OR m.thin = 1 OR t.sender = m.sender) WHERE m.id = ?1)"
				" GROUP BY chain ORDER BY chain LIMIT ?2");

	sql_bind(q, "ii", alert, (int64_t)max);
	return sql_ids(q, out, max);
}

/* A lift without a reference ends what its issuer said before it of that event. */
static void
lift_back(struct store *st, int64_t alert)
{
	struct sql *q =
	    sql(st, "SELECT DISTINCT x.chain FROM alert l JOIN alert x ON x.sender = "
		    "l.sender AND x.code = l.code AND x.ordered < l.ordered AND x.ordered "
		    "> l.ordered - ?2 WHERE l.id = ?1 AND x.lift = 0 AND l.sender <> ''"
		    " ORDER BY x.ordered DESC LIMIT 200");
	int64_t chains[200];
	size_t n;

	sql_bind(q, "ii", alert, LIFT_REACH);
	n = sql_ids(q, chains, COUNT_OF(chains));
	for (size_t i = 0; i < n; i++)
		judge_chain(st, chains[i]);
}

/* Nothing refers to it, it refers to nothing, and nobody lifted it: most messages are so. */
static bool
stands_alone(struct store *st, int64_t alert, size_t chains)
{
	return chains <= 1 &&
	       sql_one_int(st,
		   "SELECT refs = 0 AND lift = 0 AND msg_type NOT IN ('Ack', 'Error') AND NOT "
		   "EXISTS "
		   "(SELECT 1 FROM alert o WHERE o.chain = a.chain AND o.id <> a.id) AND NOT "
		   "EXISTS "
		   "(SELECT 1 FROM alert l WHERE l.sender = a.sender AND l.code = a.code AND "
		   "l.ordered > a.ordered AND l.lift = 1) FROM alert a WHERE a.id = ?1",
		   0, "i", alert) != 0;
}

void
chain_join(struct store *st, int64_t alert)
{
	int64_t chains[CHAIN_MAX];
	size_t n = neighbours(st, alert, chains, COUNT_OF(chains));
	int64_t chain = n ? chains[0] : alert;

	if (stands_alone(st, alert, n))
		return;
	for (size_t i = 0; i < n; i++) {
		struct sql *q =
		    sql(st, "UPDATE alert SET chain = ?2 WHERE chain = ?1 AND chain <> ?2");

		sql_bind(q, "ii", chains[i], chain);
		sql_run(q);
	}
	judge_chain(st, chain);
	if (sql_one_int(st, "SELECT lift = 1 AND refs = 0 FROM alert WHERE id = ?1", 0, "i", alert))
		lift_back(st, alert);
}
