/*
 * Handover 交接班 (handbook 3.2):
 *
 *	begun -> out (the outgoing side has signed) -> signed (both have) -> done (the watch is open)
 *	  |       |
 *	  +-------+--> dropped
 *
 * Items are copied for the paper when the outgoing side signs; the things themselves, their limits
 * above all, are not touched. One signature of a chief or officer is a side's; the others may add
 * theirs. Nobody signs for both sides.
 */
#include "duty/inside.h"

#include "base/paths.h"
#include "base/tsv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EARLIEST (2 * CLOCK_HOUR)
#define CHECKS_MAX 40

/* --- who hands over to whom ------------------------------------------------------------------- */

static bool
desk_shift(struct store *st, int64_t at, int64_t *person, int64_t *starts, int64_t *ends)
{
	return duty_shift_at(st, "officer", at, person, starts, ends) ||
	       duty_shift_at(st, "chief", at, person, starts, ends) ||
	       duty_shift_at(st, "leader", at, person, starts, ends);
}

static bool
same_crew(const struct crew *a, const struct crew *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (!crew_has(b, a->member[i].person))
			return false;
	return a->n == b->n;
}

/* A time in the shift that is taken over: the running one when its watch is not open yet, else the
 * next. */
static bool
incoming_time(struct verb_call *call, const struct watch_row *watch, int64_t *at, struct err *err)
{
	struct store *st = call_store(call);
	int64_t now = call_now(call), person, starts, ends;
	struct crew crew;

	*at = call_has(call, "for") ? call_time(call, "for") : now;
	if (call_has(call, "for"))
		return true;
	if (!desk_shift(st, now, &person, &starts, &ends))
		return err_set(
		    err, ERR_NOT_FOUND, _("Nobody is on the roster now: put the roster in first."));
	roster_crew(st, now, &crew);
	if (watch->id ? same_crew(&watch->crew, &crew) : ends - now <= CLOCK_HOUR)
		*at = ends;
	if (*at - now > EARLIEST) {
		char text[40];

		return err_set(err, ERR_STATE,
		    _("The next shift begins at %s: a handover begins at most two hours before."),
		    clock_format(text, sizeof(text), *at, CLOCK_MD_HM));
	}
	return true;
}

static bool
put_crew(struct store *st, int64_t handover, const char *side, const struct crew *crew)
{
	for (size_t i = 0; i < crew->n; i++) {
		struct sql *q =
		    sql(st, "INSERT INTO handover_crew (handover, side, n, post, person, "
			    "name) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

		sql_bind(q, "ititit", handover, side, (int64_t)i, crew->member[i].post,
		    crew->member[i].person, crew->member[i].name);
		if (!sql_run(q))
			return false;
	}
	return true;
}

static bool
put_checks(struct store *st, int64_t handover, struct err *err)
{
	char *path = paths_data_file("duty/handover.tsv");
	struct tsv *t = tsv_open(path, err);
	int item, n = 0;
	bool ok = true;

	free(path);
	if (!t)
		return false;
	item = tsv_column(t, "item", true, err);
	while (ok && item >= 0 && n < CHECKS_MAX && tsv_next(t)) {
		struct sql *q =
		    sql(st, "INSERT INTO handover_check (handover, n, label) VALUES (?1, ?2, ?3)");

		/* As the county's list has it; a reader of English gets the other column. */
		sql_bind(q, "iit", handover, (int64_t)++n, tsv_get(t, item));
		ok = sql_run(q);
	}
	return tsv_close(t, err) && ok && item >= 0;
}

/* The items as the record has them now, in place of those copied before. */
static bool
put_items(
    struct store *st, int64_t handover, const struct duty_items *items, size_t first, bool late)
{
	for (size_t i = 0; i < items->n; i++) {
		const struct handover_item *item = &items->list[i];
		struct sql *q =
		    sql(st, "INSERT INTO handover_item (handover, n, kind, ref, due, title, "
			    "late) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

		sql_bind(q, "iitzcti", handover, (int64_t)(first + i + 1), item->kind, item->ref,
		    item->due, item->title, (int64_t)late);
		if (!sql_run(q))
			return false;
	}
	return true;
}

static bool
remake_items(struct store *st, int64_t handover, size_t *n)
{
	struct duty_items items;
	struct sql *q = sql(st, "DELETE FROM handover_item WHERE handover = ?1");
	bool ok;

	sql_bind(q, "i", handover);
	if (!sql_run(q))
		return false;
	brief_collect(st, 0, CLOCK_NONE, &items);
	*n = items.n;
	ok = put_items(st, handover, &items, 0, false);
	brief_clear(&items);
	return ok;
}

static bool
crews(struct verb_call *call, const struct watch_row *watch, int64_t at, struct crew *out,
    struct crew *in, int64_t *starts, int64_t *ends, struct err *err)
{
	struct store *st = call_store(call);
	int64_t person;

	if (!desk_shift(st, at, &person, starts, ends))
		return err_set(err, ERR_NOT_FOUND,
		    _("Nobody is on the roster then: put the roster in first."));
	roster_crew(st, at, in);
	if (watch->id)
		*out = watch->crew;
	else
		roster_crew(st, *starts - CLOCK_MINUTE, out);
	return true;
}

bool
run_handover_begin(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct watch_row watch = {.id = 0};
	struct crew out, in;
	int64_t at, starts, ends, id;
	char from[200], to[200];
	size_t items;
	struct sql *q;

	if (sql_one_int(st,
		"SELECT count(*) FROM handover WHERE state IN ('begun', 'out', 'signed')", 0, ""))
		return err_set(err, ERR_STATE, _("A handover is under way already."));
	if (!duty_watch(st, &watch))
		watch.id = 0;
	if (!incoming_time(call, &watch, &at, err) ||
	    !crews(call, &watch, at, &out, &in, &starts, &ends, err))
		return false;
	id = store_new_id(st);
	q = sql(st,
	    "INSERT INTO handover (id, begun, out_watch, starts, ends, journal) VALUES (?1, "
	    "?2, ?3, ?4, ?5, ?6)");
	sql_bind(q, "iiziii", id, call_now(call), watch.id, starts, ends, call_journal(call));
	if (!sql_run(q) || !put_crew(st, id, "out", &out) || !put_crew(st, id, "in", &in) ||
	    !put_checks(st, id, err) || !remake_items(st, id, &items))
		return false;
	crew_names(&out, from, sizeof(from));
	crew_names(&in, to, sizeof(to));
	call_subject(call, "handover", id);
	call_say(call,
	    ngettext("handover begun: %s to %s; %zu open item",
		"handover begun: %s to %s; %zu open items", (unsigned long)items),
	    or_dash(from), to, items);
	return true;
}

/* --- notes and checks ------------------------------------------------------------------------- */

static bool
under_way(struct verb_call *call, struct handover_row *h, struct err *err)
{
	if (!duty_handover(call_store(call), h))
		return err_set(err, ERR_NOT_FOUND,
		    _("There is no handover: begin one first (handover.begin)."));
	call_subject(call, "handover", h->id);
	return true;
}

static bool
note(struct verb_call *call, const struct handover_row *h, struct err *err)
{
	const struct actor *actor = call_actor(call);
	bool leader = actor->role & ROLE_LEADER;
	struct sql *q;

	if (!leader && h->out_signed)
		return err_set(err, ERR_STATE,
		    _("The outgoing crew has signed: what is to be added goes into the log "
		      "(log.add)."));
	if (!leader && actor->person && !crew_has(&h->out, actor->person))
		return err_set(err, ERR_REFUSED, _("The note is the outgoing crew's."));
	q = leader ? sql(call_store(call), "UPDATE handover SET leader_note = coalesce(leader_note "
					   "|| char(10), '') || ?2 "
					   "WHERE id = ?1")
		   : sql(call_store(call), "UPDATE handover SET note = coalesce(note || char(10), "
					   "'') || ?2 WHERE id = ?1");
	sql_bind(q, "it", h->id, call_text(call, "text"));
	call_say(call, leader ? _("leader's note: %s") : _("handover note: %s"),
	    call_text(call, "text"));
	return sql_run(q);
}

bool
run_handover_note(struct verb_call *call, struct err *err)
{
	struct handover_row h;
	bool ok;

	if (!under_way(call, &h, err))
		return false;
	ok = note(call, &h, err);
	handover_row_clear(&h);
	return ok;
}

static bool
check(struct verb_call *call, const struct handover_row *h, struct err *err)
{
	struct store *st = call_store(call);
	int64_t item = call_int(call, "item");
	bool fault = strcmp(call_text(call, "result"), "fault") == 0;
	struct check_names names;
	char *label;
	struct sql *q;

	if (h->in_signed)
		return err_set(err, ERR_STATE, _("The incoming crew has signed already."));
	if (call_actor(call)->person && !crew_has(&h->in, call_actor(call)->person))
		return err_set(err, ERR_REFUSED, _("The list is checked by the incoming crew."));
	if (fault && !*call_text(call, "text"))
		return err_set(err, ERR_INPUT, _("Say what is wrong with it (text=)."));
	label = sql_one_text(st, "SELECT label FROM handover_check WHERE handover = ?1 AND n = ?2",
	    "ii", h->id, item);
	if (!label)
		return err_set(
		    err, ERR_NOT_FOUND, _("The list has no line %lld."), (long long)item);
	q = sql(st, "UPDATE handover_check SET result = ?3, note = ?4, who = ?5, at = ?6 WHERE "
		    "handover = ?1 AND n = ?2");
	sql_bind(q, "iittti", h->id, item, call_text(call, "result"), given(call, "text"),
	    call_actor(call)->name, call_now(call));
	check_names_read(&names);
	if (fault)
		call_say(call, _("checked: %s: not in order: %s"), check_label(&names, label),
		    call_text(call, "text"));
	else
		call_say(call, _("checked: %s: in order"), check_label(&names, label));
	check_names_clear(&names);
	free(label);
	return sql_run(q);
}

bool
run_handover_check(struct verb_call *call, struct err *err)
{
	struct handover_row h;
	bool ok;

	if (!under_way(call, &h, err))
		return false;
	ok = check(call, &h, err);
	handover_row_clear(&h);
	return ok;
}

/* --- signing ---------------------------------------------------------------------------------- */

/* For whom the actor signs: "out", "in", NULL when for nobody. */
static const char *
side_of(struct verb_call *call, const struct handover_row *h, struct err *err)
{
	int64_t person = call_actor(call)->person;
	bool out = crew_has(&h->out, person), in = crew_has(&h->in, person);
	const char *side = call_text(call, "side");

	if (!out && !in) {
		err_set(err, ERR_REFUSED,
		    _("%s stands in neither crew: a substitute needs an approved swap first "
		      "(swap.ask)."),
		    call_actor(call)->name);
		return NULL;
	}
	if (out && in && !*side) {
		err_set(err, ERR_INPUT,
		    _("You stand in both crews: say for which you sign (side=outgoing, "
		      "side=incoming)."));
		return NULL;
	}
	if (!*side)
		return out ? "out" : "in";
	if (strcmp(side, "outgoing") == 0 && out)
		return "out";
	if (strcmp(side, "incoming") == 0 && in)
		return "in";
	err_set(err, ERR_REFUSED, _("You do not belong to that crew."));
	return NULL;
}

static bool
signed_already(const struct crew *crew, int64_t person)
{
	for (size_t i = 0; i < crew->n; i++)
		if (crew->member[i].person == person && crew->member[i].signed_at != CLOCK_NONE)
			return true;
	return false;
}

static bool
may_sign(struct verb_call *call, const struct handover_row *h, const char *side, struct err *err)
{
	int64_t person = call_actor(call)->person;
	bool out = strcmp(side, "out") == 0;

	if (signed_already(out ? &h->out : &h->in, person))
		return err_set(err, ERR_STATE, _("You have signed already."));
	if (signed_already(out ? &h->in : &h->out, person))
		return err_set(err, ERR_REFUSED, _("One person does not sign for both sides."));
	if (out)
		return true;
	if (!h->out_signed && h->out.n)
		return err_set(err, ERR_REFUSED, _("The outgoing crew signs first."));
	if (h->unchecked)
		return err_set(err, ERR_REFUSED,
		    ngettext("%d line of the check list is not checked yet (handover.check).",
			"%d lines of the check list are not checked yet (handover.check).",
			(unsigned long)h->unchecked),
		    h->unchecked);
	return true;
}

static bool
put_signature(struct verb_call *call, const struct handover_row *h, const char *side)
{
	struct sql *q = sql(call_store(call), "UPDATE handover_crew SET signed = ?4 WHERE handover "
					      "= ?1 AND side = ?2 AND person = ?3");

	sql_bind(q, "itii", h->id, side, call_actor(call)->person, call_now(call));
	return sql_run(q);
}

/* What the record says in the moment of the signature is what is handed over. */
static bool
sign_out(struct verb_call *call, const struct handover_row *h)
{
	struct store *st = call_store(call);
	struct buf brief = BUF_MAX(60000);
	size_t items;
	struct sql *q;
	bool ok = remake_items(st, h->id, &items);

	/* The items stand on the paper by themselves. */
	brief_matters(st, &brief);
	brief_room(st, &brief);
	q = sql(st, "UPDATE handover SET state = 'out', brief = ?2 WHERE id = ?1");
	sql_bind(q, "it", h->id, buf_str(&brief));
	ok = ok && sql_run(q);
	buf_clear(&brief);
	call_say(call,
	    ngettext(
		"%zu open item handed over", "%zu open items handed over", (unsigned long)items),
	    items);
	return ok;
}

/* Is the thing among the items copied already? */
static bool
copied(struct store *st, int64_t handover, const struct handover_item *item)
{
	return sql_one_int(st,
		   "SELECT count(*) FROM handover_item WHERE handover = ?1 AND kind = ?2 AND ref "
		   "IS "
		   "?3",
		   0, "itz", handover, item->kind, item->ref) > 0;
}

/* When the items were copied last: at the outgoing side's signature, before it at the beginning. */
static int64_t
copied_at(struct store *st, int64_t handover)
{
	return sql_one_int(st,
	    "SELECT coalesce((SELECT min(c.signed) FROM handover_crew c WHERE c.handover = h.id "
	    "AND c.side = 'out' AND c.post IN ('chief', 'officer')), (SELECT min(c.signed) FROM "
	    "handover_crew c WHERE c.handover = h.id AND c.side = 'out'), h.begun) FROM handover h "
	    "WHERE h.id = ?1",
	    0, "i", handover);
}

/* What came in since the items were copied. */
static void
late_items(struct store *st, int64_t handover, struct duty_items *out)
{
	struct duty_items now;

	*out = (struct duty_items){NULL, 0, 0};
	brief_collect(st, 0, copied_at(st, handover), &now);
	for (size_t i = 0; i < now.n; i++)
		if (!copied(st, handover, &now.list[i]))
			duty_item_add(out, now.list[i].kind, now.list[i].ref, now.list[i].due,
			    now.list[i].title);
	brief_clear(&now);
}

static bool
sign_in(struct verb_call *call, const struct handover_row *h)
{
	struct store *st = call_store(call);
	struct duty_items late;
	char hex[65];
	int64_t seq;
	struct sql *q;
	bool ok;

	late_items(st, h->id, &late);
	ok = put_items(st, h->id, &late, h->n_items, true);
	for (size_t i = 0; i < late.n; i++) {
		char title[400];

		item_title(late.list[i].title, title, sizeof(title));
		call_say(call, _("came since: %s"), title);
	}
	brief_clear(&late);
	journal_head(st, &seq, hex);
	q = sql(st, "UPDATE handover SET state = 'signed', head_seq = ?2, head = ?3 WHERE id = ?1");
	sql_bind(q, "iit", h->id, seq, hex);
	return ok && sql_run(q);
}

/* The signature of a chief or officer is the side's; where a crew has neither, anybody's. */
static bool
binds(const struct crew *crew, int64_t person)
{
	bool desk = false, own = false;

	for (size_t i = 0; i < crew->n; i++) {
		bool post = strcmp(crew->member[i].post, "chief") == 0 ||
			    strcmp(crew->member[i].post, "officer") == 0;

		desk = desk || post;
		own = own || (post && crew->member[i].person == person);
	}
	return own || !desk;
}

static bool
sign(struct verb_call *call, const struct handover_row *h, struct err *err)
{
	const char *side = side_of(call, h, err);
	bool out = side && strcmp(side, "out") == 0;

	if (!side || !may_sign(call, h, side, err) || !put_signature(call, h, side))
		return false;
	call_say(call,
	    out ? _("signed for the outgoing crew: %s") : _("signed for the incoming crew: %s"),
	    call_actor(call)->name);
	if (!binds(out ? &h->out : &h->in, call_actor(call)->person))
		return true;
	if (out)
		return h->out_signed || sign_out(call, h);
	return h->in_signed || sign_in(call, h);
}

bool
run_handover_sign(struct verb_call *call, struct err *err)
{
	struct handover_row h;
	bool ok;

	if (!under_way(call, &h, err))
		return false;
	ok = sign(call, &h, err);
	handover_row_clear(&h);
	return ok;
}

bool
run_handover_drop(struct verb_call *call, struct err *err)
{
	struct handover_row h;
	struct sql *q;
	bool ok;

	if (!under_way(call, &h, err))
		return false;
	if (h.in_signed) {
		ok = err_set(
		    err, ERR_STATE, _("Both sides have signed: open the watch (watch.open)."));
	} else {
		q = sql(call_store(call), "UPDATE handover SET state = 'dropped' WHERE id = ?1");
		sql_bind(q, "i", h.id);
		ok = sql_run(q);
		call_say(call, _("handover dropped: %s"), call_text(call, "why"));
	}
	handover_row_clear(&h);
	return ok;
}

size_t
duty_handover_items(struct store *st, int64_t id, struct handover_item *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT n, kind, ref, due, title, late FROM handover_item WHERE handover = ?1 "
		    "ORDER BY n LIMIT ?2");
	struct duty_items late;
	struct handover_row h;
	size_t n = 0;

	sql_bind(q, "ii", id, (int64_t)max);
	while (n < max && sql_row(q)) {
		struct handover_item *item = &out[n++];

		memset(item, 0, sizeof(*item));
		item->n = (int)sql_int(q, 0);
		FIELD(item->kind, q, 1);
		item->ref = sql_int(q, 2);
		item->due = sql_time(q, 3);
		item_title(sql_text(q, 4), item->title, sizeof(item->title));
		item->late = sql_int(q, 5) != 0;
	}
	sql_done(q);
	if (!duty_handover_get(st, id, &h))
		return n;
	if (strcmp(h.state, "begun") == 0 || strcmp(h.state, "out") == 0) {
		/* Not signed for yet: whoever reads sees what came in meanwhile as well. */
		late_items(st, id, &late);
		for (size_t i = 0; i < late.n && n < max; i++) {
			out[n] = late.list[i];
			item_title(late.list[i].title, out[n].title, sizeof(out[n].title));
			out[n].n = (int)n + 1;
			out[n++].late = h.out_signed;
		}
		brief_clear(&late);
	}
	handover_row_clear(&h);
	return n;
}
