#include "tests/incident/room.h"

#include "base/buf.h"
#include "base/mem.h"
#include "house/house.h"
#include "tests/store/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char template_dir[256];

static void
remove_template(void)
{
	room_remove(template_dir);
}

/* The demo county is loaded once; each test backs it up into a store of its own. */
static void
make_template(void)
{
	struct err err = ERR_NONE;
	char path[300];

	if (template_dir[0])
		return;
	test_folder(template_dir, sizeof(template_dir), "county");
	atexit(remove_template);
	snprintf(path, sizeof(path), "%s/duty.db", template_dir);
	if (!house_create(path, 0, true, &err))
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
}

struct actor
person(struct county *c, const char *name)
{
	struct err err = ERR_NONE;
	struct actor actor;

	if (!actor_find(c->st, name, &actor, &err))
		fail_msg("%s", err.message);
	snprintf(actor.via, sizeof(actor.via), "test");
	return actor;
}

int
county_make(void **state)
{
	struct county *c = mem_zero(1, sizeof(*c));
	struct err err = ERR_NONE;
	struct store *st;
	char path[300];

	at("2025-07-09 08:30");
	make_template();
	test_folder(c->dir, sizeof(c->dir), "incident");
	snprintf(c->path, sizeof(c->path), "%s/duty.db", c->dir);
	snprintf(path, sizeof(path), "%s/duty.db", template_dir);
	st = store_open(path, STORE_READ, &err);
	if (!st || !store_backup(st, c->path, &err))
		fail_msg("%s", err.message);
	store_close(st);
	c->st = house_open(c->path, STORE_WRITE, &err);
	if (!c->st)
		fail_msg("%s", err.message);
	c->officer = person(c, "陈涛");
	c->chief = person(c, "李敏");
	c->leader = person(c, "王建国");
	c->township = c->officer;
	snprintf(c->township.name, sizeof(c->township.name), "township");
	c->township.person = 0;
	c->township.role = ROLE_TOWNSHIP;
	c->township.area = INT64_C(321084115);
	*state = c;
	return 0;
}

int
county_clear(void **state)
{
	struct county *c = *state;

	store_close(c->st);
	room_remove(c->dir);
	free(c);
	clock_pin(CLOCK_NONE);
	return 0;
}

int64_t
at(const char *when)
{
	struct civil c = {.year = 2025, .month = 7, .day = 9};
	int64_t ms;

	assert_true(clock_parse(when, clock_from_civil(&c), &ms));
	clock_pin(ms);
	return ms;
}

int64_t
act(struct county *c, const struct actor *who, const char *verb, json_t *args, char **said)
{
	struct err err = ERR_NONE;
	struct verb_result result;
	int64_t subject;

	assert_non_null(args);
	if (!verb_run(c->st, who, verb, args, &result, &err))
		fail_msg("%s: %s (%s)", verb, err.message, err.detail ? err.detail : "");
	subject = result.subject;
	if (said)
		*said = mem_dup(result.said);
	verb_result_clear(&result);
	json_decref(args);
	return subject;
}

void
send_to(struct county *c, const char *unit, const char *channel, const char *address,
    const char *warnings)
{
	act(c, &c->chief, "destination.set",
	    json_pack("{s:s, s:s, s:s, s:s*}", "unit", unit, "channel", channel, "address", address,
		"warnings", warnings),
	    NULL);
}

void
refused(struct county *c, const struct actor *who, const char *verb, json_t *args, int code,
    const char *words)
{
	struct err err = ERR_NONE;
	struct verb_result result;

	assert_non_null(args);
	if (verb_run(c->st, who, verb, args, &result, &err))
		fail_msg("%s was not refused: %s", verb, result.said);
	if ((int)err.code != code)
		fail_msg("%s: code %d, expected %d (%s)", verb, err.code, code, err.message);
	if (words && !strstr(err.message, words))
		fail_msg("%s: \"%s\" does not say \"%s\"", verb, err.message, words);
	err_clear(&err);
	json_decref(args);
}

char *
clocks(struct county *c, int64_t incident)
{
	struct clock_filter f = {.incident = incident, .due_before = CLOCK_NONE};
	struct clock_row rows[40];
	size_t n = incident_clocks(c->st, &f, rows, 40);
	struct buf b = BUF_MAX(8000);

	for (size_t i = 0; i < n; i++) {
		char due[40];
		clock_format(due, sizeof(due), rows[i].due, CLOCK_MD_HM);
		buf_printf(&b, "%s %s %s %s\n", due, rows[i].kind, rows[i].dest, rows[i].state);
	}
	return buf_take(&b);
}

int64_t
figure(struct county *c, int64_t incident, enum fact_kind kind)
{
	struct incident_full full;
	int64_t value = -1;

	assert_true(incident_full(c->st, incident, &full));
	for (size_t i = 0; i < full.n_figures; i++)
		if (full.figures[i].kind == kind)
			value = full.figures[i].value;
	incident_full_clear(&full);
	return value;
}
