/* The verbs of people and rights, and those of them that change a person. */
#include "people/inside.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/sql.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#define EVERYBODY (ROLE_ROOM | ROLE_TOWNSHIP | ROLE_CLERK | ROLE_AUDITOR | ROLE_SYSTEM)
#define KEEPERS (ROLE_CHIEF | ROLE_LEADER | ROLE_CLERK | ROLE_SYSTEM)

struct named {
	char name[96];
	unsigned role;
	int64_t area;
};

/* The person a verb is about, still active, within the actor's area. */
static bool
take_person(struct verb_call *call, struct named *out, struct err *err)
{
	int64_t id = call_int(call, "person");
	struct sql *q =
	    sql(call_store(call), "SELECT name, role, area, active FROM person WHERE id = ?1");
	bool active;

	sql_bind(q, "i", id);
	active = sql_row(q) && sql_int(q, 3);
	if (active) {
		utf8_copy(out->name, sizeof(out->name), sql_text(q, 0));
		out->role = (unsigned)sql_int(q, 1);
		out->area = sql_int(q, 2);
	}
	sql_done(q);
	if (!active)
		return err_set(err, ERR_STATE, _("This person is retired."));
	call_subject(call, "person", id);
	return call_touch_area(call, out->area, err);
}

static bool
is_self(struct verb_call *call)
{
	return call_actor(call)->person && call_actor(call)->person == call_int(call, "person");
}

/* --- secrets ------------------------------------------------------------------------------ */

static bool
may_set_secret(struct verb_call *call, struct err *err)
{
	return is_self(call) || (call_actor(call)->role & KEEPERS) ||
	       call_deny(call, err,
		   _("Only the duty chief, a leader or the clerk gives secrets to others."));
}

static bool
do_secret(struct verb_call *call, struct err *err)
{
	const char *hash = call_text(call, "hash");
	struct named who;
	struct sql *q;

	if (!take_person(call, &who, err) || !may_set_secret(call, err))
		return false;
	if (*hash && strncmp(hash, "$y$", 3) != 0)
		return err_set(err, ERR_INPUT, _("This is no hash of a secret."));
	q = sql(call_store(call), "UPDATE person SET secret = nullif(?2, '') WHERE id = ?1");
	sql_bind(q, "it", call_int(call, "person"), hash);
	if (!sql_run(q))
		return false;
	q = sql(call_store(call), "DELETE FROM person_try WHERE person = ?1");
	sql_bind(q, "i", call_int(call, "person"));
	call_say(call, *hash ? _("new secret: %s") : _("secret taken away: %s"), who.name);
	return sql_run(q);
}

bool
people_set_secret(struct store *st, const struct actor *actor, int64_t person, const char *secret,
    struct err *err)
{
	char hash[HASH_MAX] = "",
	     *name = sql_one_text(st, "SELECT name FROM person WHERE id = ?1", "i", person);
	struct verb_result result = {.said = NULL};
	bool good = !secret || (secret_is_fit(secret, name ? name : "\n", err) &&
				   secret_hash(secret, hash, sizeof(hash), err));
	json_t *args = json_pack("{s:I, s:s}", "person", (json_int_t)person, "hash", hash);

	good = good && verb_run(st, actor, "person.secret", args, &result, err);
	if (good)
		verb_result_clear(&result);
	json_decref(args);
	free(name);
	return good;
}

/* --- role, retirement --------------------------------------------------------------------- */

static const struct {
	const char *name; /* as in the choice */
	unsigned role;
} roles[] = {{"officer", ROLE_OFFICER}, {"chief", ROLE_CHIEF}, {"leader", ROLE_LEADER},
    {"township", ROLE_TOWNSHIP}, {"clerk", ROLE_CLERK}, {"auditor", ROLE_AUDITOR}};

static unsigned
role_of(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(roles); i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].role;
	return 0;
}

static bool
do_role(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	unsigned role = role_of(call_text(call, "role"));
	int64_t area;
	struct named who;
	struct sql *q;

	if (!take_person(call, &who, err))
		return false;
	if (is_self(call))
		return call_deny(call, err, _("Nobody changes their own role."));
	area = call_has(call, "area")  ? call_int(call, "area")
	       : role == ROLE_TOWNSHIP ? who.area
				       : store_area(st);
	if (role == ROLE_TOWNSHIP && area == store_area(st))
		return err_set(err, ERR_INPUT, _("A township officer needs the township: area=…"));
	q = sql(st, "UPDATE person SET role = ?2, area = ?3 WHERE id = ?1");
	sql_bind(q, "iii", call_int(call, "person"), (int64_t)role, area);
	call_say(call, _("%s is now: %s"), who.name, _(call_text(call, "role")));
	return sql_run(q);
}

static bool
do_retire(struct verb_call *call, struct err *err)
{
	struct named who;
	struct sql *q;

	if (!take_person(call, &who, err))
		return false;
	if (is_self(call))
		return call_deny(call, err, _("Nobody retires themselves."));
	q = sql(call_store(call), "UPDATE person SET active = 0, secret = NULL WHERE id = ?1");
	sql_bind(q, "i", call_int(call, "person"));
	if (!sql_run(q))
		return false;
	q = sql(call_store(call),
	    "UPDATE person_key SET withdrawn = ?2 WHERE person = ?1 AND withdrawn IS NULL");
	sql_bind(q, "ii", call_int(call, "person"), call_now(call));
	call_say(call, _("%s may no longer act here: %s"), who.name, call_text(call, "why"));
	return sql_run(q);
}

/* --- the table ---------------------------------------------------------------------------- */

#define PERSON                                                                                     \
	{                                                                                          \
		"person", N_("person"), ARG_THING, "person", true, true, N_("name or initials")    \
	}
#define WHY                                                                                        \
	{                                                                                          \
		"why", N_("why"), ARG_REST, NULL, true, true, NULL                                 \
	}
static const struct verb_param secret_params[] = {
    PERSON,
    {"hash", N_("hash of the secret"), ARG_WORD, NULL, false, false, NULL},
};
static const struct verb_param role_params[] = {
    PERSON,
    {"role", N_("role"), ARG_CHOICE, "officer|chief|leader|township|clerk|auditor", true, true,
	NULL},
    {"area", N_("area"), ARG_THING, "area", false, false, N_("the township of a township officer")},
};
static const struct verb_param retire_params[] = {PERSON, WHY};
static const struct verb_param key_add_params[] = {
    PERSON,
    {"key", N_("ssh key"), ARG_REST, NULL, true, true, N_("the public key: ssh-ed25519 AAAA…")},
};
static const struct verb_param key_withdraw_params[] = {
    {"key", N_("ssh key"), ARG_THING, "key", true, true, N_("its fingerprint, or whose it is")},
    WHY,
};
static const struct verb_param on_params[] = {
    {"how", N_("by what"), ARG_CHOICE, "secret|key", true, true, NULL},
};
static const struct verb_param failed_params[] = {PERSON};

#define P(table) table, COUNT_OF(table)
static const struct verb verbs[] = {
    /* VERB_LARGE: of the hash the journal keeps a digest only. */
    {"person.secret", "", N_("a new secret for a person"), EVERYBODY, VERB_QUIET | VERB_LARGE,
	P(secret_params), do_secret, NULL},
    {"person.role", "改角色 ggjs", N_("what a person may do here"), KEEPERS, VERB_UNDO,
	P(role_params), do_role, NULL},
    {"person.retire", "停用 ty", N_("a person may no longer act here"), KEEPERS, 0,
	P(retire_params), do_retire, NULL},
    {"key.add", "加钥 jy", N_("bind an ssh key to a person"), KEEPERS, 0, P(key_add_params),
	key_do_add, NULL},
    {"key.withdraw", "撤钥 cy", N_("an ssh key no longer lets in"), KEEPERS, 0,
	P(key_withdraw_params), key_do_withdraw, NULL},
    {"session.on", "", N_("somebody signed on"), EVERYBODY, VERB_QUIET, P(on_params), session_do_on,
	NULL},
    {"session.off", "", N_("somebody signed off"), EVERYBODY, VERB_QUIET, NULL, 0, session_do_off,
	NULL},
    {"session.failed", "", N_("a wrong secret was said"), ROLE_SYSTEM, VERB_QUIET, P(failed_params),
	session_do_failed, NULL},
};

void
people_register(struct store *st)
{
	verb_register(st, verbs, COUNT_OF(verbs));
	key_register_things(st);
}
