/*
 * ssh public keys. What sshd hands over is compared as text, type and base64; what is taken in is
 * decoded once, so that only a whole key of a known type is ever kept, and a line can be made of it
 * that holds no other character than base64.
 */
#include "people/blob.h"
#include "people/inside.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/scope.h"
#include "store/sql.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* DSA and RSA by SHA-1 are left out on purpose; an RSA key itself says nothing about its hash. */
static const char *const types[] = {"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521", "ssh-rsa", "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com"};

/* --- reading ------------------------------------------------------------------------------ */

static bool
is_known_type(const char *type)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

/* The next word into a field; false when it does not fit. */
static bool
take_word(const char **at, char *out, size_t size)
{
	size_t n;

	*at += strspn(*at, " \t");
	n = strcspn(*at, " \t\n");
	if (n >= size)
		return false;
	memcpy(out, *at, n);
	out[n] = '\0';
	*at += n;
	return true;
}

bool
key_read(const char *line, struct key_parts *out, struct err *err)
{
	memset(out, 0, sizeof(*out));
	if (!take_word(&line, out->type, sizeof(out->type)) || !is_known_type(out->type))
		return err_set(err, ERR_INPUT,
		    _("This is no OpenSSH public key of a kind that is taken: ssh-ed25519 AAAA… "
		      "(the file that ends in .pub)"));
	if (!take_word(&line, out->blob, sizeof(out->blob)) ||
	    !blob_read(out->type, out->blob, out->print, sizeof(out->print)))
		return err_set(err, ERR_INPUT, _("The key is not whole, or too short."));
	line += strspn(line, " \t");
	utf8_copy(out->comment, sizeof(out->comment), line);
	out->comment[strcspn(out->comment, "\n")] = '\0';
	return true;
}

/* --- verbs -------------------------------------------------------------------------------- */

static bool
is_free(struct store *st, const struct key_parts *k, struct err *err)
{
	char *whose = sql_one_text(st,
	    "SELECT p.name FROM person_key k JOIN person p ON p.id = k.person WHERE k.blob = ?1 "
	    "AND k.withdrawn IS NULL",
	    "t", k->blob);
	bool good = whose == NULL;

	if (!good)
		err_set(err, ERR_STATE,
		    _("This key is bound to %s already: one key is one person's."), whose);
	free(whose);
	return good;
}

bool
key_do_add(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t person = call_int(call, "person"), id;
	struct key_parts *k = mem_zero(1, sizeof(*k));
	char *name =
	    sql_one_text(st, "SELECT name FROM person WHERE id = ?1 AND active = 1", "i", person);
	bool good = name || err_set(err, ERR_NOT_FOUND, _("This person is retired."));
	struct sql *q;

	if (good && key_read(call_text(call, "key"), k, err) && is_free(st, k, err)) {
		id = store_new_id(st);
		q = sql(st, "INSERT INTO person_key (id, person, type, blob, print, comment, "
			    "added, journal)"
			    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
		sql_bind(q, "iittttii", id, person, k->type, k->blob, k->print, k->comment,
		    call_now(call), call_journal(call));
		good = sql_run(q);
		call_subject(call, "key", id);
		call_say(call, _("key of %s added: %s"), name, k->print);
	} else {
		good = false;
	}
	free(name);
	free(k);
	return good;
}

bool
key_do_withdraw(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = call_int(call, "key");
	struct sql *q = sql(st, "SELECT p.name, k.print, k.withdrawn FROM person_key k JOIN person "
				"p ON p.id = k.person WHERE k.id = ?1");
	char name[96], print[64];

	sql_bind(q, "i", id);
	if (!sql_row(q) || !sql_null(q, 2)) {
		sql_done(q);
		return err_set(err, ERR_STATE, _("This key is withdrawn already."));
	}
	utf8_copy(name, sizeof(name), sql_text(q, 0));
	utf8_copy(print, sizeof(print), sql_text(q, 1));
	sql_done(q);
	q = sql(st, "UPDATE person_key SET withdrawn = ?2 WHERE id = ?1");
	sql_bind(q, "ii", id, call_now(call));
	if (!sql_run(q))
		return false;
	call_subject(call, "key", id);
	call_say(call, _("key of %s withdrawn: %s (%s)"), name, print, call_text(call, "why"));
	return true;
}

/* --- as things ---------------------------------------------------------------------------- */

static size_t
key_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT k.id, k.print, p.name, k.comment, p.initials FROM person_key k"
		    " JOIN person p ON p.id = k.person WHERE k.withdrawn IS NULL ORDER BY "
		    "p.initials, k.id");
	size_t n = 0;

	sql_bind(q, "");
	while (n < max && sql_row(q)) {
		const char *print = sql_text(q, 1), *name = sql_text(q, 2),
			   *comment = sql_text(q, 3);
		struct thing *t = &out[n];

		if (!scope_sees(st, actor, "key", sql_int(q, 0)))
			continue;
		if (*word && !strstr(print, word) && !strstr(name, word) &&
		    !strstr(comment, word) && strcmp(sql_text(q, 4), word) != 0)
			continue;
		memset(t, 0, sizeof(*t));
		t->id = sql_int(q, 0);
		t->score = strcmp(print, word) == 0 ? 100 : 50;
		utf8_copy(t->word, sizeof(t->word), print);
		snprintf(t->label, sizeof(t->label), "%.90s %.90s", name, comment);
		utf8_mend(t->label);
		n++;
	}
	sql_done(q);
	return n;
}

static bool
key_label(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(st,
	    "SELECT p.name || ' ' || k.print FROM person_key k JOIN person p ON p.id = k.person "
	    "WHERE k.id = ?1",
	    id, out, size);
}

void
key_register_things(struct store *st)
{
	static const struct thing_kind kinds[] = {{"key", N_("ssh key"), key_find, key_label}};

	thing_register(st, kinds, COUNT_OF(kinds));
}

/* --- for sshd ----------------------------------------------------------------------------- */

/* One word for the shell, within the double quotes of authorized_keys. */
static bool
quote(struct buf *out, const char *text)
{
	buf_add_char(out, '\'');
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 127)
			return false;
		if (*c == '\'')
			buf_add(out, "'\\''");
		else if (*c == '"')
			buf_add(out, "\\\"");
		else
			buf_add_char(out, *c);
	}
	buf_add_char(out, '\'');
	return true;
}

bool
people_authorized_key(struct store *st, const char *program, const char *type, const char *blob,
    struct buf *out, struct err *err)
{
	struct sql *q = sql(st,
	    "SELECT k.id, p.id FROM person_key k JOIN person p ON p.id = k.person"
	    " WHERE k.type = ?1 AND k.blob = ?2 AND k.withdrawn IS NULL AND p.active = 1 LIMIT 1");
	int64_t key = 0, person = 0;
	bool good;

	sql_bind(q, "tt", type, blob);
	if (sql_row(q)) {
		key = sql_int(q, 0);
		person = sql_int(q, 1);
	}
	sql_done(q);
	if (!key)
		return true;
	/* A backslash before a quote would be taken for sshd's own: sshd knows no other escape than
	 * \". */
	good = !strchr(program, '\\') && !strchr(store_path(st), '\\');
	buf_add(out, "restrict,pty,command=\"exec ");
	good = good && quote(out, program);
	buf_add(out, " --store ");
	good = good && quote(out, store_path(st));
	if (!good) {
		buf_clear(out);
		return err_set(err, ERR_INPUT,
		    _("A path with a control character or a backslash cannot stand in a forced "
		      "command."));
	}
	buf_printf(
	    out, " --as %lld --key %lld\" %s %s\n", (long long)person, (long long)key, type, blob);
	return true;
}

/* --- many at once ------------------------------------------------------------------------- */

size_t
people_keys(struct store *st, struct person_key *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT k.id, k.person, k.added, k.withdrawn, p.name, k.type, k.print, "
		    "k.comment FROM person_key k JOIN person p ON p.id = k.person ORDER BY "
		    "k.added, k.id");
	size_t n = 0;

	sql_bind(q, "");
	for (; n < max && sql_row(q); n++) {
		struct person_key *r = &out[n];

		r->id = sql_int(q, 0);
		r->person = sql_int(q, 1);
		r->added = sql_int(q, 2);
		r->withdrawn = sql_null(q, 3) ? CLOCK_NONE : sql_int(q, 3);
		utf8_copy(r->name, sizeof(r->name), sql_text(q, 4));
		utf8_copy(r->type, sizeof(r->type), sql_text(q, 5));
		utf8_copy(r->print, sizeof(r->print), sql_text(q, 6));
		utf8_copy(r->comment, sizeof(r->comment), sql_text(q, 7));
	}
	sql_done(q);
	return n;
}

/* One line "WHO TYPE BLOB COMMENT" through key.add. */
static bool
take_line(struct store *st, const struct actor *actor, const char *line, struct err *err)
{
	struct verb_result result = {.said = NULL};
	char who[96];
	struct actor person;
	json_t *args;
	bool good;

	if (!take_word(&line, who, sizeof(who)))
		return err_set(err, ERR_INPUT, _("who the key belongs to is missing"));
	if (!actor_find(st, who, &person, err))
		return false;
	line += strspn(line, " \t");
	args = json_pack("{s:I, s:s}", "person", (json_int_t)person.person, "key", line);
	if (!args) /* no UTF-8 */
		return err_set(err, ERR_INPUT, _("The key is not whole, or too short."));
	good = verb_run(st, actor, "key.add", args, &result, err);
	json_decref(args);
	if (good)
		verb_result_clear(&result);
	return good;
}

static bool
take_lines(
    struct store *st, const struct actor *actor, const char *text, size_t *n, struct err *err)
{
	long number = 0;

	*n = 0;
	while (*text) {
		size_t size = strcspn(text, "\n");
		char *line = mem_dupn(text, size), *start = line + strspn(line, " \t\r");
		struct err own = ERR_NONE;
		bool good = true;

		number++;
		start[strcspn(start, "\r")] = '\0';
		if (*start && *start != '#') {
			good = take_line(st, actor, start, &own);
			*n += good;
		}
		free(line);
		if (!good) {
			err_set(err, own.code, _("line %ld: %s"), number,
			    own.message ? own.message : "");
			err_clear(&own);
			return false;
		}
		text += size + (text[size] == '\n');
	}
	return true;
}

bool
people_take_keys(
    struct store *st, const struct actor *actor, const char *text, size_t *n, struct err *err)
{
	bool good;

	if (!store_batch_begin(st, err))
		return false;
	good = take_lines(st, actor, text, n, err);
	return store_batch_end(st, good, good ? err : NULL) && good;
}
