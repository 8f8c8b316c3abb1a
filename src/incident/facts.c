/*
 * What the calls said, kept: words, facts with their spans, figures as dated changes, codes; and
 * the grading rules run over the present figures after each of them.
 */
#include "incident/inside.h"

#include <stdlib.h>
#include <string.h>

bool
figure_is_kept(enum fact_kind kind)
{
	return kind <= FACT_HOUSEHOLDS;
}

static void
fact_keep(struct verb_call *call, int64_t incident, int64_t call_id, const struct fact *f)
{
	struct sql *q = sql(call_store(call),
	    "INSERT INTO fact (id, incident, call, kind, value, amount, unit, bound, text,"
	    " norm, name, cas, un, start, end, journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
	    "?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");

	sql_bind(q, "iiitirtittttziii", store_new_id(call_store(call)), incident, call_id,
	    fact_kind_name(f->kind), f->value, f->amount, f->unit, (int64_t)f->bound, f->text,
	    f->norm, f->name, f->cas, (int64_t)f->un, (int64_t)f->start, (int64_t)f->end,
	    call_journal(call));
	sql_run(q);
}

int64_t
call_keep(struct verb_call *call, int64_t incident, const struct caller *c, const char *text,
    int64_t received, const struct reading *r)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st);
	struct sql *q = sql(st, "INSERT INTO call (id, incident, at, source, caller, unit, post, "
				"phone, told, text, recorder, journal)"
				" VALUES (?1, ?2, ?3, ?4, nullif(?5, ''), nullif(?6, ''), "
				"nullif(?7, ''), nullif(?8, ''), nullif(?9, ''), ?10, ?11, ?12)");

	sql_bind(q, "iiitttttttzi", id, incident, received, c->source, c->caller, c->unit, c->post,
	    c->phone, c->told, text, call_actor(call)->person, call_journal(call));
	sql_run(q);
	search_put(st, "call", id, text);
	for (size_t i = 0; i < r->n_facts; i++)
		fact_keep(call, incident, id, &r->facts[i]);
	return id;
}

/* --- figures --------------------------------------------------------------------------------- */

/* The present figure of a kind; -1 when nobody gave one. *bound may be NULL. */
static int64_t
figure_now(struct store *st, int64_t incident, enum fact_kind kind, int *bound)
{
	struct sql *q =
	    sql(st, "SELECT value, bound FROM casualty WHERE incident = ?1 AND kind = ?2"
		    " ORDER BY at DESC, id DESC LIMIT 1");
	int64_t value = -1;

	sql_bind(q, "it", incident, fact_kind_name(kind));
	if (sql_row(q)) {
		value = sql_int(q, 0);
		if (bound)
			*bound = (int)sql_int(q, 1);
	}
	sql_done(q);
	return value;
}

bool
figure_keep(struct verb_call *call, int64_t incident, enum fact_kind kind, int64_t value,
    enum fact_bound bound, int64_t at, const char *source, const char *note, bool always)
{
	struct store *st = call_store(call);
	int old_bound = BOUND_EXACT;
	int64_t old = figure_now(st, incident, kind, &old_bound), now;
	struct sql *q;

	if (!always && old == value && old_bound == (int)bound)
		return false;
	q = sql(st,
	    "INSERT INTO casualty (id, incident, kind, at, value, bound, source, note, journal)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, ''), ?9)");
	sql_bind(q, "iitiiitti", store_new_id(st), incident, fact_kind_name(kind), at, value,
	    (int64_t)bound, source, note, call_journal(call));
	sql_run(q);
	now = figure_now(st, incident, kind, NULL);
	if (now == old)
		return false; /* an older figure came late: it is kept, the newer one stands */
	if (old < 0)
		call_say(call, "%s %lld", fact_kind_label(kind), (long long)now);
	else
		call_say(call, _("%s %lld, was %lld"), fact_kind_label(kind), (long long)now,
		    (long long)old);
	return true;
}

void
incident_figures(struct store *st, int64_t id, struct grade_figures *out)
{
	int64_t counts[FACT_HOUSEHOLDS + 1];
	struct sql *q;

	memset(out, 0, sizeof(*out));
	for (int kind = 0; kind <= FACT_HOUSEHOLDS; kind++) {
		counts[kind] = figure_now(st, id, (enum fact_kind)kind, NULL);
		if (counts[kind] < 0)
			counts[kind] = 0;
	}
	out->dead = counts[FACT_DEAD];
	out->missing = counts[FACT_MISSING];
	out->serious = counts[FACT_SERIOUS];
	out->injured = counts[FACT_INJURED];
	out->trapped = counts[FACT_TRAPPED];
	out->evacuated = counts[FACT_EVACUATED];
	out->poisoned = counts[FACT_POISONED];
	out->ill = counts[FACT_ILL];
	out->threatened = counts[FACT_THREATENED];
	/* A figure of hurt that is split up counts at least what its parts do. */
	if (out->injured < out->serious + counts[FACT_LIGHT])
		out->injured = out->serious + counts[FACT_LIGHT];
	q = sql(st, "SELECT kind, amount FROM fact WHERE incident = ?1 AND kind IN ('loss', "
		    "'area', 'magnitude') ORDER BY id");
	sql_bind(q, "i", id);
	while (sql_row(q)) {
		double *into = sql_text(q, 0)[0] == 'l'	  ? &out->loss_wan
			       : sql_text(q, 0)[0] == 'a' ? &out->area_ha
							  : &out->magnitude;
		*into = sql_real(q, 1);
	}
	q = sql(st, "SELECT loss_wan FROM incident WHERE id = ?1 AND loss_wan IS NOT NULL");
	sql_bind(q, "i", id);
	if (sql_row(q))
		out->loss_wan = sql_real(q, 0);
	sql_done(q);
	out->sensitive =
	    sql_one_int(st, "SELECT sensitive FROM incident WHERE id = ?1", 0, "i", id) != 0;
}

/* --- codes ----------------------------------------------------------------------------------- */

/* A type that scored far below the first is a passing word, not a second event. */
#define CODE_SCORE_MIN 0.25
#define CODES_MAX 5

void
codes_keep(struct verb_call *call, int64_t incident, const struct reading *r)
{
	struct store *st = call_store(call);
	int64_t rank = sql_one_int(
	    st, "SELECT count(*) FROM incident_code WHERE incident = ?1", 0, "i", incident);

	for (size_t i = 0; i < r->n_types && rank < CODES_MAX; i++) {
		struct sql *q;
		if (i && r->types[i].score < CODE_SCORE_MIN)
			break;
		if (sql_one_int(st, "SELECT 1 FROM incident_code WHERE incident = ?1 AND code = ?2",
			0, "it", incident, r->types[i].code))
			continue;
		q = sql(st, "INSERT INTO incident_code (incident, rank, code, name, why) VALUES "
			    "(?1, ?2, ?3, ?4, ?5)");
		sql_bind(q, "iittt", incident, rank++, r->types[i].code, r->types[i].name,
		    r->types[i].why ? r->types[i].why : "");
		sql_run(q);
	}
}

/* --- grade ----------------------------------------------------------------------------------- */

static void
keep_worse(struct grading *worst, struct grading *g)
{
	if (g->grade != GRADE_NONE && (worst->grade == GRADE_NONE || g->grade < worst->grade)) {
		struct grading old = *worst;
		*worst = *g;
		*g = old;
		/* A near miss found by another code stays. */
		if (g->near_miss && !worst->near_miss) {
			worst->near_miss = true;
			worst->near_miss_why = g->near_miss_why;
			g->near_miss_why = NULL;
		}
	} else if (g->near_miss && !worst->near_miss) {
		worst->near_miss = true;
		worst->near_miss_why = g->near_miss_why;
		g->near_miss_why = NULL;
	}
	grading_clear(g);
}

/* The worst that any of its codes makes of the figures. */
static void
grade_all_codes(
    struct store *st, int64_t incident, const struct reader *reader, struct grading *out)
{
	struct grade_figures figures;
	struct sql *q;
	char codes[8][8];
	size_t n = 0;

	memset(out, 0, sizeof(*out));
	incident_figures(st, incident, &figures);
	q = sql(st, "SELECT code FROM incident_code WHERE incident = ?1 ORDER BY rank");
	sql_bind(q, "i", incident);
	while (n < COUNT_OF(codes) && sql_row(q))
		utf8_copy(codes[n++], sizeof(codes[0]), sql_text(q, 0));
	sql_done(q);
	for (size_t i = 0; i < n; i++) {
		struct grading g;
		reader_grade(reader, codes[i], &figures, &g);
		keep_worse(out, &g);
	}
}

static void
say_grade(struct verb_call *call, enum grade old, bool old_miss, const struct grading *g)
{
	if (g->grade != old && g->grade != GRADE_NONE)
		call_say(call, old == GRADE_NONE ? _("grade %s: %s") : _("grade now %s: %s"),
		    grade_label(g->grade), g->why ? g->why : "");
	else if (g->grade != old)
		call_say(call, _("no longer of any grade"));
	if (g->near_miss && !old_miss)
		call_say(call, _("near miss: %s"), g->near_miss_why ? g->near_miss_why : "");
	else if (!g->near_miss && old_miss)
		call_say(call, _("no longer a near miss; its clocks stay"));
}

bool
incident_regrade(struct verb_call *call, int64_t incident, struct reader *reader)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "SELECT grade, near_miss, near_miss_said FROM incident WHERE id = ?1");
	enum grade old = GRADE_NONE;
	bool old_miss = false, moved;
	char *said = NULL;
	struct grading g;

	sql_bind(q, "i", incident);
	if (sql_row(q)) {
		old = (enum grade)sql_int(q, 0);
		old_miss = sql_int(q, 1) != 0;
		said = sql_null(q, 2) ? NULL : mem_dup(sql_text(q, 2));
	}
	sql_done(q);
	grade_all_codes(st, incident, reader, &g);
	if (!g.near_miss && said) {
		g.near_miss = true;
		g.near_miss_why = said;
		said = NULL;
	}
	moved = g.grade != old || g.near_miss != old_miss;
	q = sql(st, "UPDATE incident SET grade = ?2, grade_rule = ?3, grade_why = ?4, near_miss = "
		    "?5, near_miss_why = ?6"
		    " WHERE id = ?1");
	sql_bind(q, "iittit", incident, (int64_t)g.grade, g.rule, g.why, (int64_t)g.near_miss,
	    g.near_miss_why);
	sql_run(q);
	say_grade(call, old, old_miss, &g);
	grading_clear(&g);
	free(said);
	return moved;
}

/* --- words ----------------------------------------------------------------------------------- */

char *
incident_words(struct store *st, int64_t incident)
{
	struct buf b = BUF_MAX(WORDS_MAX);
	struct sql *q = sql(st, "SELECT text FROM call WHERE incident = ?1 ORDER BY at, id");

	sql_bind(q, "i", incident);
	while (sql_row(q)) {
		buf_add(&b, sql_text(q, 0));
		buf_add_char(&b, '\n');
	}
	return buf_take(&b);
}

void
incident_index(struct store *st, int64_t incident)
{
	struct buf b = BUF_MAX(WORDS_MAX);
	struct sql *q = sql(st,
	    "SELECT title, place, ifnull(road, ''), ifnull(type_name, ''), nature, year, number"
	    " FROM incident WHERE id = ?1");
	char *words = incident_words(st, incident), no[24];

	sql_bind(q, "i", incident);
	if (sql_row(q)) {
		put_no(no, sizeof(no), sql_int(q, 5), sql_int(q, 6));
		buf_printf(&b, "%s\n%s\n%s\n%s\n%s\n%s\n%s", no, sql_text(q, 0), sql_text(q, 1),
		    sql_text(q, 2), sql_text(q, 3), sql_text(q, 4), words);
	}
	sql_done(q);
	search_put(st, "incident", incident, buf_str(&b));
	buf_clear(&b);
	free(words);
}
