/*
 * Signing on. How often a wrong secret was said stands in the store (person_try), so that neither a
 * second console nor a new process starts from nothing.
 */
#include "people/inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "store/sql.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 5
#define WAIT_MINUTES 10
#define IDLE_MINUTES 10
#define LINE_PATIENCE 30 /* seconds */

bool
people_secrets_in_force(struct store *st)
{
	const char *setting = store_setting(st, "signon");

	if (setting && strcmp(setting, "required") == 0)
		return true;
	return sql_one_int(st,
		   "SELECT 1 FROM person WHERE active = 1 AND secret IS NOT NULL LIMIT 1", 0,
		   "") != 0;
}

bool
people_has_secret(struct store *st, int64_t person)
{
	return sql_one_int(
		   st, "SELECT secret IS NOT NULL FROM person WHERE id = ?1", 0, "i", person) != 0;
}

int64_t
people_idle_minutes(struct store *st)
{
	return store_setting_int(st, "idle_lock", people_secrets_in_force(st) ? IDLE_MINUTES : 0);
}

/* --- wrong secrets ------------------------------------------------------------------------ */

static int64_t
tries_of(struct store *st, int64_t person, int64_t *last)
{
	struct sql *q = sql(st, "SELECT failed, last FROM person_try WHERE person = ?1");
	int64_t failed = 0;

	sql_bind(q, "i", person);
	if (sql_row(q)) {
		failed = sql_int(q, 0);
		*last = sql_int(q, 1);
	}
	sql_done(q);
	return failed;
}

/* The time before which no further try is taken. */
static bool
is_in_time(struct store *st, int64_t person, struct err *err)
{
	int64_t last = 0, failed = tries_of(st, person, &last), now = clock_now(), wait;
	int64_t most = store_setting_int(st, "signon_tries", TRIES);
	char until[16];
	int seconds;

	if (failed == 0)
		return true;
	if (failed >= most)
		wait = store_setting_int(st, "signon_wait", WAIT_MINUTES) * CLOCK_MINUTE;
	else
		wait = INT64_C(1000) << (failed - 1 < 6 ? failed - 1 : 6);
	if (now >= last + wait || now < last) /* a clock set back locks nobody out for good */
		return true;
	if (failed >= most)
		return err_set(err, ERR_REFUSED,
		    _("Too many wrong secrets: the next try is taken at %s."),
		    clock_format(until, sizeof(until), last + wait + CLOCK_MINUTE - 1, CLOCK_HM));
	seconds = (int)((last + wait - now + 999) / 1000);
	return err_set(err, ERR_REFUSED,
	    ngettext("Wait %d second before the next try.", "Wait %d seconds before the next try.",
		(unsigned long)seconds),
	    seconds);
}

static bool
run_quietly(
    struct store *st, const struct actor *actor, const char *verb, json_t *args, struct err *err)
{
	struct verb_result result = {.said = NULL};
	bool good = verb_run(st, actor, verb, args, &result, err);

	json_decref(args);
	if (good)
		verb_result_clear(&result);
	return good;
}

static bool
count_wrong(struct store *st, int64_t person, const char *via, struct err *err)
{
	struct actor system;
	struct err own = ERR_NONE;

	actor_system(&system, via);
	if (!run_quietly(st, &system, "session.failed",
		json_pack("{s:I}", "person", (json_int_t)person), &own))
		return err_move(err, &own);
	return err_set(err, ERR_REFUSED, _("The name or the secret is wrong."));
}

/* Is it the secret? `via` for the journal. */
static bool
check(struct store *st, int64_t person, const char *secret, const char *via, struct err *err)
{
	char *hash = sql_one_text(st,
	    "SELECT secret FROM person WHERE id = ?1 AND active = 1 AND secret IS NOT NULL", "i",
	    person);
	bool good;

	if (!hash)
		return err_set(err, ERR_REFUSED,
		    _("There is no secret for this person yet: the duty chief gives one."));
	good = is_in_time(st, person, err);
	if (good && !secret_matches(secret, hash))
		good = count_wrong(st, person, via, err);
	free(hash);
	return good;
}

bool
people_check(struct store *st, int64_t person, const char *secret, struct err *err)
{
	return !people_has_secret(st, person) ||
	       check(st, person, secret ? secret : "", "check", err);
}

/* --- signing on and off ------------------------------------------------------------------- */

static bool
enter(struct store *st, struct actor *actor, const char *via, const char *how, struct err *err)
{
	utf8_copy(actor->via, sizeof(actor->via), via);
	return store_is_read_only(st) ||
	       run_quietly(st, actor, "session.on", json_pack("{s:s}", "how", how), err);
}

bool
people_sign_on(struct store *st, const char *who, const char *secret, const char *via,
    struct actor *out, struct err *err)
{
	if (!actor_find(st, who, out, err))
		return false;
	utf8_copy(out->via, sizeof(out->via), via);
	if (!people_secrets_in_force(st))
		return true;
	return check(st, out->person, secret ? secret : "", via, err) &&
	       enter(st, out, via, "secret", err);
}

bool
people_sign_on_by_key(struct store *st, const char *who, const char *key, const char *via,
    struct actor *out, struct err *err)
{
	char *end;
	int64_t id = strtoll(key, &end, 10), person;

	person = *end ? 0
		      : sql_one_int(st,
			    "SELECT person FROM person_key WHERE id = ?1 AND withdrawn IS NULL", 0,
			    "i", id);
	if (!person || !actor_find(st, who, out, err) || out->person != person) {
		err_clear(err);
		return err_set(err, ERR_REFUSED, _("This key is nobody's here."));
	}
	return enter(st, out, via, "key", err);
}

bool
people_may_stay(struct store *st, int64_t person, int64_t key, struct err *err)
{
	if (sql_one_int(st, "SELECT active FROM person WHERE id = ?1", 0, "i", person) == 0)
		return err_set(err, ERR_REFUSED, _("You may no longer act here."));
	if (key &&
	    sql_one_int(st,
		"SELECT 1 FROM person_key WHERE id = ?1 AND person = ?2 AND withdrawn IS NULL", 0,
		"ii", key, person) == 0)
		return err_set(err, ERR_REFUSED, _("Your key was withdrawn."));
	return true;
}

int64_t
people_line_patience(struct store *st)
{
	return store_setting_int(st, "line_patience", LINE_PATIENCE);
}

void
people_sign_off(struct store *st, const struct actor *actor)
{
	struct err err = ERR_NONE;

	if (!people_secrets_in_force(st) || store_is_read_only(st))
		return;
	if (!run_quietly(st, actor, "session.off", json_object(), &err))
		err_clear(&err); /* who leaves is not held back by a full disk */
}

/* --- verbs -------------------------------------------------------------------------------- */

static void
clear_tries(struct verb_call *call, int64_t person)
{
	struct sql *q = sql(call_store(call), "DELETE FROM person_try WHERE person = ?1");

	sql_bind(q, "i", person);
	if (!sql_run(q))
		return; /* sticky: the verb fails */
}

bool
session_do_on(struct verb_call *call, struct err *err)
{
	const struct actor *who = call_actor(call);

	if (!call_touch_area(call, who->area, err))
		return false;
	clear_tries(call, who->person);
	call_subject(call, "person", who->person);
	call_say(call,
	    strcmp(call_text(call, "how"), "key") == 0 ? _("signed on by key: %s")
						       : _("signed on: %s"),
	    who->name);
	return true;
}

bool
session_do_off(struct verb_call *call, struct err *err)
{
	const struct actor *who = call_actor(call);

	if (!call_touch_area(call, who->area, err))
		return false;
	call_subject(call, "person", who->person);
	call_say(call, _("signed off: %s"), who->name);
	return true;
}

bool
session_do_failed(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t person = call_int(call, "person");
	char *name = sql_one_text(st, "SELECT name FROM person WHERE id = ?1", "i", person);
	struct sql *q =
	    sql(st, "INSERT INTO person_try (person, failed, last) VALUES (?1, 1, ?2)"
		    " ON CONFLICT (person) DO UPDATE SET failed = failed + 1, last = ?2");

	(void)err;
	sql_bind(q, "ii", person, call_now(call));
	call_subject(call, "person", person);
	call_say(call, _("a wrong secret for %s"), name ? name : "");
	free(name);
	return sql_run(q);
}
