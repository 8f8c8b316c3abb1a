/*
 * People and their rights: secrets (口令), signing on and off, ssh keys, roles. What a role may do is checked by verb_run for every
 * verb; here is only who somebody is.
 *
 * A store in which nobody has a secret and whose setting `signon` is not `required` (the demo, a drill) is signed on to by
 * name. Else a secret is needed, or a key: sshd asks `zhiban authorized-keys`, and the forced command says which person and which
 * key it was. Whoever owns the store's file can read and write all of it; secrets keep apart those who share one terminal.
 *
 * Secrets are kept as yescrypt hashes (crypt(3)), never the secret, and no argument of a verb ever holds one. After a wrong secret the
 * next try is taken 1, 2, 4, 8 seconds later, after the fifth (setting signon_tries) ten minutes later (signon_wait); each is a row of
 * the journal. Nobody sleeps for it: a try that comes too early is refused unread.
 *
 *	person.secret    (faces only)   person hash          oneself, or chief, leader and clerk for others; empty: taken away
 *	person.role      改角色          person role [area]   not one's own
 *	person.retire    停用            person why           the person may no longer act, the keys are withdrawn
 *	key.add          加钥            person key           an OpenSSH public key; one key is one person's
 *	key.withdraw     撤钥            key why
 *	session.on       (faces only)   how                  签到: one signed on; session.off 签退
 *	session.failed   (system)       person               a wrong secret
 */
#ifndef PEOPLE_PEOPLE_H
#define PEOPLE_PEOPLE_H

#include "base/err.h"
#include "store/verb.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct buf;

/* The room's verbs and things ("key"). */
void people_register(struct store *st);

/* Must one say a secret (or come by key) to sign on here? */
bool people_secrets_in_force(struct store *st);
bool people_has_secret(struct store *st, int64_t person);

/*
 * Sign on by name and secret (NULL or "" where none is in force). `who`: name, initials or id; `via`: from where, for the journal. On
 * success *out is the person, and where secrets are in force the journal has a row. False with ERR_NOT_FOUND, or ERR_REFUSED: the
 * secret is wrong, it is too early for another try, or there is none yet.
 */
bool people_sign_on(struct store *st, const char *who, const char *secret, const char *via,
    struct actor *out, struct err *err) __attribute__((warn_unused_result));
/* By a key that sshd has checked: `who` and `key` are the ids in the forced command. */
bool people_sign_on_by_key(struct store *st, const char *who, const char *key, const char *via,
    struct actor *out, struct err *err) __attribute__((warn_unused_result));
/* Is it the person's secret? For unlocking and for signing. Wrong ones count as above. A person without one: true. */
bool people_check(struct store *st, int64_t person, const char *secret, struct err *err)
    __attribute__((warn_unused_result));
/*
 * May whoever signed on stay? Not once the person is retired, or the key (0: came without one) is withdrawn. Consoles ask whenever the
 * store has changed. Why not is in err.
 */
bool people_may_stay(struct store *st, int64_t person, int64_t key, struct err *err)
    __attribute__((warn_unused_result));
/* Nothing where no secrets are in force. */
void people_sign_off(struct store *st, const struct actor *actor);
/* Minutes without a key before the console locks, 0 never: setting idle_lock, else 10 where secrets are in force. */
int64_t people_idle_minutes(struct store *st);

/* Give a person a new secret (NULL: take it away). Refuses short ones and the name itself. */
bool people_set_secret(struct store *st, const struct actor *actor, int64_t person, const char *secret, struct err *err)
    __attribute__((warn_unused_result));

/*
 * Seconds a remote console waits for a sign of life before it ends (ui/pulse.h): setting line_patience, else 30; 0 for ever.
 */
int64_t people_line_patience(struct store *st);

/*
 * What sshd itself refuses (forwarding, subsystems, keys that are nobody's) never reaches the console: it stands in sshd's log, at
 * LogLevel VERBOSE and with the LogVerbose line of data/ssh/sshd_config.sample. Each line goes through people_log_line; what it refused
 * to `account` (the owner of the store) becomes a row journal.refused of the person whose key it was, "ssh ADDRESS". The same again
 * within a minute (of strangers ten) is counted and written as one row. `tell` (may be NULL) hears of each row.
 */
struct people_log;
struct people_log *people_log_new(struct store *st, const char *account, void (*tell)(void *context, const char *text), void *context);
void people_log_line(struct people_log *log, const char *line);
/* Writes what was counted and not yet told. */
void people_log_free(struct people_log *log);

/* All keys, oldest first; at most `max`, gives how many. */
struct person_key {
	int64_t id, person, added, withdrawn; /* withdrawn: CLOCK_NONE while it counts */
	char name[96], type[48], print[64], comment[96];
};
size_t people_keys(struct store *st, struct person_key *out, size_t max);
/*
 * Keys of many people at once, a line each: who (name, initials or id), then the public key as it stands in the .pub file. Empty lines
 * and those that begin with # are left out. Either all lines are taken or none: false with "line N: …" of the first that is wrong.
 * *n: how many.
 */
bool people_take_keys(struct store *st, const struct actor *actor, const char *text, size_t *n, struct err *err)
    __attribute__((warn_unused_result));

/*
 * The line of authorized_keys for a key, as AuthorizedKeysCommand must print it; nothing is added for an unknown or withdrawn
 * key, or a retired person. `program`: path of zhiban. False when a path cannot be quoted.
 */
bool people_authorized_key(struct store *st, const char *program, const char *type, const char *blob, struct buf *out,
    struct err *err) __attribute__((warn_unused_result));

#endif
