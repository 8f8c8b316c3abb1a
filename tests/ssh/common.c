#include "tests/test.h"

#include "tests/ssh/common.h"

#include "base/mem.h"
#include "store/sql.h"
#include "store/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct server s;

/* --- what the room has -------------------------------------------------------------------- */

int64_t
act(const char *who, const char *verb, json_t *args)
{
	struct store *st = server_store(&s);
	struct verb_result result;
	struct err err = ERR_NONE;
	struct actor actor;
	int64_t subject;

	assert_true(actor_find(st, who, &actor, &err));
	if (!verb_run(st, &actor, verb, args, &result, &err))
		fail_msg("%s: %s", verb, err.message);
	subject = result.subject;
	verb_result_clear(&result);
	json_decref(args);
	store_close(st);
	return subject;
}

int64_t
person(const char *name)
{
	struct store *st = server_store(&s);
	struct err err = ERR_NONE;
	struct actor actor;

	assert_true(actor_find(st, name, &actor, &err));
	store_close(st);
	return actor.person;
}

/* An order to a township's officer, with an incident there. */
int64_t
order_to(const char *who, int64_t area)
{
	int64_t incident = act(OFFICER, "incident.open",
	    json_pack("{s:I, s:s, s:s, s:s, s:s}", "area", (json_int_t)area, "source", "110",
		"place", "圩堤", "nature", "内涝", "text",
		"圩堤低洼处积水，有群众被困，请求支援。"));

	return act(OFFICER, "order.issue",
	    json_pack("{s:I, s:I, s:s}", "to", (json_int_t)person(who), "incident",
		(json_int_t)incident, "content", "转移低洼处群众"));
}

int
make(void **state)
{
	static const char *const people[] = {OFFICER, CHIEF, TOWN, OTHER};

	(void)state;
	server_start(&s);
	for (size_t i = 0; i < COUNT_OF(people); i++)
		server_key(&s, people[i]);
	print_message("# keys come %s\n",
	    s.by_command ? "by AuthorizedKeysCommand"
			 : "from a file: this place is no fit one for AuthorizedKeysCommand");
	return 0;
}

int
clear(void **state)
{
	(void)state;
	server_stop(&s);
	return 0;
}

static bool
is_gone(void *data)
{
	return server_process(&s, *(int64_t *)data) == 0;
}

void
no_process_left(const char *who)
{
	int64_t id = person(who);

	if (!server_wait(is_gone, &id, 60000))
		fail_msg("a console of %s lives on: %d", who, (int)server_process(&s, id));
}

/* --- ssh ---------------------------------------------------------------------------------- */

char out[65536];

/* ssh with more options before the host and words behind it. Gives its exit status. */
int
ssh_runs(const char *who, bool tty, const char *const *options, const char *const *words, int ms)
{
	const char *argv[64];
	char *host = mem_print("%s@127.0.0.1", s.user);
	size_t n = server_words(&s, "ssh", who, argv, 40);
	int status;

	for (; options && *options; options++)
		argv[n++] = *options;
	argv[n++] = host;
	for (; words && *words; words++)
		argv[n++] = *words;
	argv[n] = NULL;
	status = server_run(argv, tty, ms, out, sizeof(out));
	free(host);
	return status;
}
