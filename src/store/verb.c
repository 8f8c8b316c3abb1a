/*
 * Running a verb. What may fail does so before the journal row is written; the row is the last
 * thing before the commit, so a verb and its row stand or fall together.
 */
#include "store/inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/changes.h"
#include "store/recorder.h"
#include "store/scope.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SAY_MAX 65536
/* Steps back smaller than this are smoothed over. */
#define CLOCK_SLEW 3000

static bool
record(struct verb_call *call)
{
	struct store *st = call->st;
	int rc;

	if (!st->recorder)
		st->recorder = recorder_new(st->db, changes_recorded);
	rc = recorder_begin(st->recorder);
	if (rc == SQLITE_OK)
		return true;
	fault_note(st, rc);
	return false;
}

static bool
denied(struct verb_call *call, struct err *err, const char *why)
{
	call->denied = true;
	return err_set(err, ERR_REFUSED, "%s", why);
}

/* The person as the store knows them now: a role taken away in the middle of a shift counts at
 * once. */
static bool
check_person(struct verb_call *call, struct err *err)
{
	struct actor *actor = &call->actor;
	struct sql *q;
	bool known;

	if (!actor->person)
		return true;
	q = sql(call->st, "SELECT role, area FROM person WHERE id = ?1 AND active = 1");
	sql_bind(q, "i", actor->person);
	known = sql_row(q);
	if (known) {
		actor->role &= (unsigned)sql_int(q, 0);
		actor->area = sql_int(q, 1);
	}
	sql_done(q);
	if (known || call->st->fault.code != SQLITE_OK)
		return true;
	return denied(call, err, _("This person may no longer act here."));
}

static bool
check_right(struct verb_call *call, struct err *err)
{
	if (!check_person(call, err))
		return false;
	if (!(call->actor.role & call->verb->roles))
		return denied(call, err, _("Your role does not allow this."));
	return true;
}

/* A township stays in its area: the verb must have said what area it touches. */
static bool
check_scope(struct verb_call *call, struct err *err)
{
	if (!actor_is_confined(&call->actor) || call->verb->allows || call->touched)
		return true;
	return denied(call, err, _("Your role does not allow this."));
}

/* The kind of a thing among those its parameter may be of; false when it is of none. */
static bool
kind_of(struct store *st, const char *of, int64_t id, char *name, size_t size)
{
	char label[192];

	for (const char *c = of;; c++) {
		size_t n = strcspn(c, "|");
		const struct thing_kind *kind;

		if (n < size) {
			memcpy(name, c, n);
			name[n] = '\0';
			kind = thing_kind_find(st, name);
			if (!kind || !kind->label_of ||
			    kind->label_of(st, id, label, sizeof(label)))
				return true;
		}
		c += n;
		if (!*c)
			return false;
	}
}

/* Whatever a confined actor names must be theirs or everybody's, before anything runs. */
static bool
check_things(struct verb_call *call, struct err *err)
{
	for (size_t i = 0; actor_is_confined(&call->actor) && i < call->verb->n_params; i++) {
		const struct verb_param *p = &call->verb->params[i];
		int64_t id = call_int(call, p->name);
		char kind[64];

		if (p->type != ARG_THING || !id)
			continue;
		if (kind_of(call->st, p->of, id, kind, sizeof(kind)) &&
		    scope_acts_on(call->st, &call->actor, kind, id))
			continue;
		return denied(
		    call, err, _("This belongs to another area. You may only act for your own."));
	}
	return true;
}

static bool
allowed_here(struct verb_call *call, struct err *err)
{
	if (!actor_is_confined(&call->actor) || !call->verb->allows ||
	    call->verb->allows(call, err))
		return true;
	return denied(call, err, _("Your role does not allow this."));
}

static void
call_fill(struct verb_call *call, struct store *st, const struct actor *actor,
    const struct verb *verb, int64_t *last_at)
{
	int64_t last;

	memset(call, 0, sizeof(*call));
	call->st = st;
	call->verb = verb;
	call->actor = *actor;
	call->say = (struct buf)BUF_MAX(SAY_MAX);
	chain_head(st, &last, last_at, call->prev);
	call->now = clock_now();
	call->seq = last + 1;
	call->journal = id_make(st->area, call->seq);
}

static bool
tell_clock(struct store *st, int64_t from, int64_t to)
{
	struct verb_call call;
	struct actor actor;
	int64_t last_at;
	char a[40], b[40];
	char *args = mem_print("{\"from\":%lld,\"to\":%lld}", (long long)from, (long long)to);
	bool good;

	actor_system(&actor, "clock");
	call_fill(&call, st, &actor, NULL, &last_at);
	call.now = to;
	clock_format(a, sizeof(a), from, CLOCK_ISO);
	clock_format(b, sizeof(b), to, CLOCK_ISO);
	if (to < from)
		call_say(&call, _("the clock was set back from %s to %s"), a, b);
	else
		call_say(&call, _("the clock was set forward from %s to %s"), a, b);
	good = journal_append(&call, "clock.changed", args, buf_str(&call.say), NULL, 0);
	buf_clear(&call.say);
	free(args);
	st->step_told = good;
	return good;
}

/*
 * Times in the journal never go down without a row that says so: order is by number, and a window
 * of time is found by halving between such rows. A second or two is the network's time service at
 * work.
 */
static bool
call_start(
    struct verb_call *call, struct store *st, const struct actor *actor, const struct verb *verb)
{
	int64_t last_at, now, step = st->step_told ? 0 : clock_step(st);

	call_fill(call, st, actor, verb, &last_at);
	now = call->now;
	if (now >= last_at - CLOCK_SLEW && !step) {
		if (now < last_at)
			call->now = last_at;
		return true;
	}
	if (!tell_clock(st, now < last_at ? last_at : now - step, now))
		return false;
	call_fill(call, st, actor, verb, &last_at);
	call->now = now;
	return true;
}

static void
call_end(struct verb_call *call)
{
	if (call->st->recorder)
		recorder_stop(call->st->recorder);
	json_decref(call->args);
	buf_clear(&call->say);
	call->st->call = NULL;
}

/* Large arguments leave their digest in the journal. */
static char *
args_text(struct verb_call *call)
{
	unsigned char hash[HASH_SIZE];
	char hex[2 * HASH_SIZE + 1];
	char *text = json_dumps(call->args, JSON_COMPACT | JSON_SORT_KEYS), *digest;

	if (!text)
		abort();
	if (!(call->verb->flags & VERB_LARGE))
		return text;
	chain_digest(call->st->digest, text, strlen(text), hash);
	chain_hex(hash, sizeof(hash), hex);
	digest = mem_print("{\"bytes\":%zu,\"sm3\":\"%s\"}", strlen(text), hex);
	free(text);
	return digest;
}

static bool
append(struct verb_call *call)
{
	const void *changeset;
	size_t size;
	char *args;
	bool good;
	int rc = recorder_end(call->st->recorder, &changeset, &size);

	if (rc != SQLITE_OK) {
		fault_note(call->st, rc);
		return false;
	}
	args = args_text(call);
	good = journal_append(call, call->verb->name, args,
	    call->say.size ? buf_str(&call->say) : _(call->verb->summary), changeset, size);
	free(args);
	return good;
}

static bool
perform(struct verb_call *call, json_t *args, struct err *err)
{
	struct store *st = call->st;
	bool good;

	st->call = call;
	good = check_right(call, err) && args_check(call, args, err) && check_things(call, err) &&
	       record(call) && allowed_here(call, err) && call->verb->run(call, err) &&
	       check_scope(call, err);
	if (good && st->fault.code == SQLITE_OK)
		good = append(call);
	if (st->fault.code != SQLITE_OK)
		return err && err->code != ERR_OK ? false : fault_tell(st, err);
	if (!good)
		err_set(err, ERR_STATE, _("This was not done."));
	return good;
}

/* A refusal for want of right is an event of its own: who tried what, and why not. */
static void
record_refusal(
    struct store *st, const struct actor *actor, const struct verb *verb, const char *why)
{
	struct verb_call call;
	json_t *args = json_pack("{s:s}", "verb", verb->name);
	char *text = args ? json_dumps(args, JSON_COMPACT) : NULL;
	bool good;

	if (!text || !(st->batch || write_begin(st, NULL)))
		goto out;
	good = call_start(&call, st, actor, verb);
	call_say(&call, _("refused: %s: %s"), verb->name, why);
	call.area = actor->area;
	good = good && journal_append(&call, "journal.refused", text, buf_str(&call.say), NULL, 0);
	call_end(&call);
	if (!st->batch && !write_end(st, good, NULL))
		goto out; /* the refusal itself stands */
out:
	free(text);
	json_decref(args);
}

void
verb_refused(struct store *st, const struct actor *actor, const struct verb *verb, const char *why)
{
	if (!st->read_only && !st->call)
		record_refusal(st, actor, verb, why);
}

static void
result_fill(const struct verb_call *call, struct verb_result *result)
{
	result->journal = call->journal;
	result->seq = call->seq;
	result->subject = call->subject;
	result->said = mem_dup(call->say.size ? buf_str(&call->say) : _(call->verb->summary));
}

bool
verb_run(struct store *st, const struct actor *actor, const char *name, json_t *args,
    struct verb_result *result, struct err *err)
{
	const struct verb *verb = verb_find(st, name);
	struct err own = ERR_NONE;
	struct verb_call call;
	bool good, refused;

	assert(!st->call);
	memset(result, 0, sizeof(*result));
	if (!verb)
		return err_set(err, ERR_NOT_FOUND, _("There is no verb \"%s\"."), name);
	if (st->read_only)
		return err_set(err, ERR_STORE,
		    _("The store is open for reading only: nothing can be saved now."));
	if (!(st->batch ? write_mark(st, err) : write_begin(st, err)))
		return false;
	good =
	    call_start(&call, st, actor, verb) ? perform(&call, args, &own) : fault_tell(st, &own);
	if (good)
		result_fill(&call, result);
	refused = call.denied;
	call_end(&call);
	if (!st->batch)
		good = write_end(st, good, &own) && good;
	else if (!write_unmark(st, good))
		good = fault_tell(st, &own);
	if (!good) {
		verb_result_clear(result);
		if (refused)
			record_refusal(st, actor, verb, own.message ? own.message : "");
		return err_move(err, &own);
	}
	err_clear(&own);
	return true;
}

void
verb_result_clear(struct verb_result *result)
{
	free(result->said);
	memset(result, 0, sizeof(*result));
}

#define DUE_AT_ONCE 50
#define TOO_LATE_MAX 3

bool
verb_run_due(struct store *st, const struct actor *actor, struct sql *q, const char *verb,
    const char *thing, struct err *err)
{
	int64_t due[DUE_AT_ONCE];
	struct err why = ERR_NONE;
	size_t n;
	int late = 0;
	bool good = true;

	sql_bind(q, "i", clock_now());
	n = sql_ids(q, due, COUNT_OF(due));
	for (size_t i = 0; good && late < TOO_LATE_MAX && i < n; i++) {
		struct verb_result result;
		json_t *args = json_pack("{s:I}", thing, (json_int_t)due[i]);

		good = verb_run(st, actor, verb, args, &result, &why);
		late = good ? 0 : late + 1;
		good = good || why.code == ERR_STATE;
		json_decref(args);
		verb_result_clear(&result);
		if (good)
			err_clear(&why);
	}
	return good || err_move(err, &why);
}
