/* What the files of people/ share and nobody else sees. */
#ifndef PEOPLE_INSIDE_H
#define PEOPLE_INSIDE_H

#include "people/people.h"

#define HASH_MAX 384   /* bytes of a yescrypt hash as crypt(5) writes it, with its NUL */
#define SECRET_MAX 200 /* bytes of a secret */

/* --- secret.c: no store in it ---------------------------------------------------------------------- */
/* A new yescrypt hash; false when the system gives no random salt. */
bool secret_hash(const char *secret, char *out, size_t size, struct err *err);
/* Does the secret make this hash? False also for a hash that is none. */
bool secret_matches(const char *secret, const char *hash);
/* May this be a secret of a person of that name? False with err saying what it lacks. */
bool secret_is_fit(const char *secret, const char *name, struct err *err);

/* --- key.c ------------------------------------------------------------------------------------------ */
/* "ssh-ed25519 AAAA… comment" -> its parts, checked. comment is "" when there is none. */
struct key_parts {
	char type[48], blob[4096], comment[96], print[64]; /* print: "SHA256:…" as ssh-keygen -l shows it */
};
/* False with err: of no type we let in, no whole key, too short for its type. */
bool key_read(const char *line, struct key_parts *out, struct err *err);
/* The verbs key.add and key.withdraw. */
bool key_do_add(struct verb_call *call, struct err *err);
bool key_do_withdraw(struct verb_call *call, struct err *err);
void key_register_things(struct store *st);

/* --- signon.c --------------------------------------------------------------------------------------- */
/* The verbs session.on, session.off and session.failed: what the sign-on screen tells the journal. */
bool session_do_on(struct verb_call *call, struct err *err);
bool session_do_off(struct verb_call *call, struct err *err);
bool session_do_failed(struct verb_call *call, struct err *err);

#endif
