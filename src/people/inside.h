/* What the files of people/ share and nobody else sees. */
#ifndef PEOPLE_INSIDE_H
#define PEOPLE_INSIDE_H

#include "people/people.h"

#define HASH_MAX 384
#define SECRET_MAX 200

/* --- secret.c: no store in it ---------------------------------------------------------------------- */
/* A new yescrypt hash; false when the system gives no random salt. */
bool secret_hash(const char *secret, char *out, size_t size, struct err *err);
bool secret_matches(const char *secret, const char *hash);
/* May this be a secret of a person of that name? */
bool secret_is_fit(const char *secret, const char *name, struct err *err);

/* --- key.c ------------------------------------------------------------------------------------------ */
/* "ssh-ed25519 AAAA… comment" -> its parts, checked. comment is "" when there is none. */
struct key_parts {
	char type[48], blob[4096], comment[96], print[64]; /* print: "SHA256:…" as ssh-keygen -l shows it */
};
bool key_read(const char *line, struct key_parts *out, struct err *err);
bool key_do_add(struct verb_call *call, struct err *err);
bool key_do_withdraw(struct verb_call *call, struct err *err);
void key_register_things(struct store *st);

/* --- signon.c --------------------------------------------------------------------------------------- */
bool session_do_on(struct verb_call *call, struct err *err);
bool session_do_off(struct verb_call *call, struct err *err);
bool session_do_failed(struct verb_call *call, struct err *err);

#endif
