/* Signing on by secret and by key, and who may change whose rights. */
#include "tests/test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "people/people.h"
#include "store/journal.h"
#include "tests/store/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIBpVXcVmN5ZbqVqVHBlUO8m8eKkSdxyKJdUHBTVKbQsM"
#define OTHER_KEY "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
#define MORNING INT64_C(1752019200000) /* 2025-07-09 08:00 */

static struct room room;
static struct actor chief, officer, second, town;

static size_t
find_person(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	(void)st, (void)actor, (void)word, (void)out, (void)max;
	return 0;
}

static bool
label_person(struct store *st, int64_t id, char *out, size_t size)
{
	char *name = sql_one_text(st, "SELECT name FROM person WHERE id = ?1", "i", id);

	snprintf(out, size, "%s", name ? name : "");
	free(name);
	return *out != '\0';
}
static const struct thing_kind person_kind[] = {{"person", "person", find_person, label_person}};

static int
make(void **state)
{
	(void)state;
	clock_pin(MORNING);
	room_make(&room);
	people_register(room.st);
	thing_register(room.st, person_kind, 1);
	chief = room_person(room.st, "李敏", ROLE_CHIEF, AREA);
	officer = room_person(room.st, "陈涛", ROLE_OFFICER, AREA);
	second = room_person(room.st, "周雪梅", ROLE_OFFICER, AREA);
	town = room_person(room.st, "韩冬梅", ROLE_TOWNSHIP, TOWN);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	room_clear(&room);
	clock_pin(CLOCK_NONE);
	return 0;
}

static void
give(const struct actor *who, int64_t person, const char *secret)
{
	struct err err = ERR_NONE;

	if (!people_set_secret(room.st, who, person, secret, &err))
		fail_msg("%s", err.message);
}

static bool
enters(const char *who, const char *secret)
{
	struct err err = ERR_NONE;
	struct actor out;
	bool good = people_sign_on(room.st, who, secret, "console test", &out, &err);

	assert_true(good || err.code == ERR_REFUSED || err.code == ERR_NOT_FOUND);
	if (good)
		assert_string_equal(out.name, who);
	err_clear(&err);
	return good;
}

static int64_t
rows_of(const char *verb)
{
	return sql_one_int(room.st, "SELECT count(*) FROM journal WHERE verb = ?1", 0, "t", verb);
}

static json_t *
about(int64_t person)
{
	return json_pack("{s:I}", "person", (json_int_t)person);
}

/* --- secrets ------------------------------------------------------------------------------ */

static void
without_secrets_a_name_is_enough(void **state)
{
	(void)state;
	assert_false(people_secrets_in_force(room.st));
	assert_true(enters("陈涛", NULL));
	assert_false(enters("没有这个人", NULL));
	assert_int_equal(rows_of("session.on"), 0);
	assert_int_equal(people_idle_minutes(room.st), 0);
}

static void
a_secret_lets_in_and_a_wrong_one_does_not(void **state)
{
	(void)state;
	give(&officer, officer.person, "子婴河 2.31");
	assert_true(people_secrets_in_force(room.st));
	assert_true(enters("陈涛", "子婴河 2.31"));
	assert_int_equal(rows_of("session.on"), 1);
	assert_false(enters("陈涛", "子婴河"));
	assert_int_equal(rows_of("session.failed"), 1);
	assert_false(enters("周雪梅", NULL)); /* has none yet, and now one is needed */
	assert_false(enters("周雪梅", ""));
	assert_int_equal(people_idle_minutes(room.st), 10);
}

static void
weak_secrets_are_refused(void **state)
{
	static const char *const weak[] = {"", "12345", "aaaaaaaa", "中中中中中中", "我是陈涛没错"};
	struct err err = ERR_NONE;

	(void)state;
	for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
		assert_false(people_set_secret(room.st, &officer, officer.person, weak[i], &err));
		assert_int_equal(err.code, ERR_INPUT);
		err_clear(&err);
	}
	assert_false(people_secrets_in_force(room.st));
}

/* Neither the secret nor its hash stands in what the journal says, and the hash is a slow one. */
static void
the_journal_holds_no_secret(void **state)
{
	char *hash;

	(void)state;
	give(&officer, officer.person, "子婴河 2.31");
	hash =
	    sql_one_text(room.st, "SELECT secret FROM person WHERE id = ?1", "i", officer.person);
	assert_memory_equal(hash, "$y$", 3);
	assert_int_equal(sql_one_int(room.st,
			     "SELECT count(*) FROM journal WHERE instr(args || text, ?1) OR "
			     "instr(args || text, '2.31')",
			     0, "t", hash),
	    0);
	free(hash);
}

/* 1, 2, 4, 8 seconds, then ten minutes; a right one is not even looked at before its time. */
static void
wrong_ones_are_slowed_and_stopped(void **state)
{
	static const int64_t wait[] = {1000, 2000, 4000, 8000};
	int64_t now = MORNING;

	(void)state;
	give(&officer, officer.person, "子婴河 2.31");
	for (int i = 0; i < 4; i++) {
		assert_false(enters("陈涛", "错的口令"));
		clock_pin(now += wait[i] - 1);
		assert_false(enters("陈涛", "子婴河 2.31"));
		assert_int_equal(rows_of("session.failed"), i + 1);
		clock_pin(now += 1);
	}
	assert_false(enters("陈涛", "错的口令"));
	clock_pin(now += 10 * CLOCK_MINUTE - 1);
	assert_false(enters("陈涛", "子婴河 2.31"));
	clock_pin(now + 1);
	assert_true(enters("陈涛", "子婴河 2.31"));
	assert_false(enters("陈涛", "错的口令")); /* counts from nothing again */
	clock_pin(now + 1001);
	assert_true(enters("陈涛", "子婴河 2.31"));
}

static void
a_shift_changes_at_one_terminal(void **state)
{
	(void)state;
	give(&chief, officer.person, "子婴河 2.31");
	give(&chief, second.person, "三阳河 1.87");
	assert_true(enters("陈涛", "子婴河 2.31"));
	people_sign_off(room.st, &officer);
	assert_true(enters("周雪梅", "三阳河 1.87"));
	assert_int_equal(rows_of("session.off"), 1);
	assert_int_equal(rows_of("session.on"), 2);
}

static void
required_by_setting(void **state)
{
	struct err err = ERR_NONE;

	(void)state;
	assert_true(people_check(room.st, officer.person, NULL, &err));
	give(&officer, officer.person, "子婴河 2.31");
	assert_false(people_check(room.st, officer.person, "x", &err));
	err_clear(&err);
	clock_pin(MORNING + CLOCK_MINUTE);
	assert_true(people_check(room.st, officer.person, "子婴河 2.31", &err));
}

/* --- who may ------------------------------------------------------------------------------ */

static void
others_are_for_the_chief(void **state)
{
	int64_t refused;

	(void)state;
	room_refused(room.st, &officer, "person.secret", about(second.person), ERR_REFUSED, NULL);
	room_refused(room.st, &town, "person.secret", about(officer.person), ERR_REFUSED, NULL);
	room_refused(room.st, &chief, "person.role",
	    json_pack("{s:I, s:s}", "person", (json_int_t)chief.person, "role", "leader"),
	    ERR_REFUSED, NULL);
	refused = rows_of("journal.refused");
	assert_int_equal(refused, 3);
	room_do(room.st, &chief, "person.role",
	    json_pack("{s:I, s:s}", "person", (json_int_t)officer.person, "role", "auditor"));
	room_refused(
	    room.st, &officer, "journal.note", json_pack("{s:s}", "text", "x"), ERR_REFUSED, NULL);
	room_do(room.st, &chief, "journal.undo",
	    json_pack("{s:I}", "number",
		(json_int_t)sql_one_int(
		    room.st, "SELECT seq FROM journal WHERE verb = 'person.role'", 0, "")));
	officer.role = ROLE_OFFICER;
	room_do(room.st, &officer, "journal.note", json_pack("{s:s}", "text", "x"));
	room_refused(room.st, &chief, "person.role",
	    json_pack("{s:I, s:s}", "person", (json_int_t)officer.person, "role", "township"),
	    ERR_INPUT, NULL);
}

static void
who_is_retired_is_out(void **state)
{
	struct buf line = BUF_MAX(4096);
	struct err err = ERR_NONE;

	(void)state;
	give(&officer, officer.person, "子婴河 2.31");
	room_do(room.st, &chief, "key.add",
	    json_pack(
		"{s:I, s:s}", "person", (json_int_t)officer.person, "key", "ssh-ed25519 " KEY));
	room_refused(room.st, &chief, "person.retire",
	    json_pack("{s:I, s:s}", "person", (json_int_t)chief.person, "why", "x"), ERR_REFUSED,
	    NULL);
	room_do(room.st, &chief, "person.retire",
	    json_pack("{s:I, s:s}", "person", (json_int_t)officer.person, "why", "调离"));
	assert_false(enters("陈涛", "子婴河 2.31"));
	room_refused(
	    room.st, &officer, "journal.note", json_pack("{s:s}", "text", "x"), ERR_REFUSED, NULL);
	assert_true(
	    people_authorized_key(room.st, "/usr/bin/zhiban", "ssh-ed25519", KEY, &line, &err));
	assert_int_equal(line.size, 0);
	buf_clear(&line);
}

/* --- keys --------------------------------------------------------------------------------- */

static void
only_whole_keys_are_taken(void **state)
{
	static const char *const bad[] = {"x", "ssh-dss " KEY, "ssh-ed25519", "ssh-ed25519 AAAA",
	    "ssh-rsa " KEY, "ecdsa-sha2-nistp256 " KEY,
	    "ssh-ed25519 " KEY "====", "command=\"sh\" ssh-ed25519 " KEY,
	    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5\"AAAAIBpVXcVmN5ZbqVqVHBlUO8m8eKkSdxyKJdUHBTVKbQsM",
	    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDB"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		room_refused(room.st, &chief, "key.add",
		    json_pack("{s:I, s:s}", "person", (json_int_t)town.person, "key", bad[i]),
		    ERR_INPUT, NULL);
}

static void
a_key_is_one_persons(void **state)
{
	struct buf line = BUF_MAX(4096);
	struct err err = ERR_NONE;
	struct actor out;
	char expected[600], id[24], key[24];
	int64_t k;

	(void)state;
	room_do(room.st, &chief, "key.add",
	    json_pack("{s:I, s:s}", "person", (json_int_t)town.person, "key",
		"ssh-ed25519 " KEY " 界首值班 \"; sh"));
	room_refused(room.st, &chief, "key.add",
	    json_pack(
		"{s:I, s:s}", "person", (json_int_t)officer.person, "key", "ssh-ed25519 " KEY),
	    ERR_STATE, "韩冬梅");
	k = sql_one_int(room.st, "SELECT id FROM person_key", 0, "");
	assert_true(people_authorized_key(
	    room.st, "/opt/it's \"here\"/zhiban", "ssh-ed25519", KEY, &line, &err));
	snprintf(expected, sizeof(expected),
	    "restrict,pty,command=\"exec '/opt/it'\\''s \\\"here\\\"/zhiban' --store '%s' --as "
	    "%lld --key %lld\" ssh-ed25519 " KEY "\n",
	    store_path(room.st), (long long)town.person, (long long)k);
	assert_string_equal(buf_str(&line), expected);
	buf_reset(&line);
	assert_true(people_authorized_key(
	    room.st, "/usr/bin/zhiban", "ssh-ed25519", OTHER_KEY, &line, &err));
	assert_true(people_authorized_key(room.st, "/usr/bin/zhiban", "ssh-rsa", KEY, &line, &err));
	assert_int_equal(line.size, 0);
	assert_false(
	    people_authorized_key(room.st, "/usr/bin\n/zhiban", "ssh-ed25519", KEY, &line, &err));
	err_clear(&err);
	buf_clear(&line);
	snprintf(id, sizeof(id), "%lld", (long long)town.person);
	snprintf(key, sizeof(key), "%lld", (long long)k);
	assert_true(people_sign_on_by_key(room.st, id, key, "ssh 10.1.2.3", &out, &err));
	assert_int_equal(out.person, town.person);
	snprintf(id, sizeof(id), "%lld", (long long)officer.person);
	assert_false(people_sign_on_by_key(room.st, id, key, "ssh 10.1.2.3", &out, &err));
	err_clear(&err);
	room_do(room.st, &chief, "key.withdraw",
	    json_pack("{s:I, s:s}", "key", (json_int_t)k, "why", "丢失"));
	snprintf(id, sizeof(id), "%lld", (long long)town.person);
	assert_false(people_sign_on_by_key(room.st, id, key, "ssh 10.1.2.3", &out, &err));
	err_clear(&err);
	assert_true(
	    people_authorized_key(room.st, "/usr/bin/zhiban", "ssh-ed25519", KEY, &line, &err));
	assert_int_equal(line.size, 0);
	buf_clear(&line);
	/* Withdrawn, it may be bound anew. */
	room_do(room.st, &chief, "key.add",
	    json_pack(
		"{s:I, s:s}", "person", (json_int_t)officer.person, "key", "ssh-ed25519 " KEY));
}

/* --- sshd's log --------------------------------------------------------------------------- */

static char *
last_refusal(const char *who)
{
	return sql_one_text(room.st,
	    "SELECT actor || ' ' || via || ' ' || text FROM journal WHERE verb = 'journal.refused' "
	    "AND (?1 = '' OR actor = ?1) ORDER BY id DESC LIMIT 1",
	    "t", who);
}

static void
feed(struct people_log *log, const char *const *lines)
{
	for (; *lines; lines++)
		people_log_line(log, *lines);
}

static void
assert_last(const char *who, const char *words)
{
	char *text = last_refusal(who);

	if (!text || !strstr(text, words))
		fail_msg("%s: %s", words, text ? text : "no row");
	free(text);
}

static void
bind_keys(char *town_print, char *other_print)
{
	struct person_key keys[2];

	room_do(room.st, &chief, "key.add",
	    json_pack("{s:I, s:s}", "person", (json_int_t)town.person, "key", "ssh-ed25519 " KEY));
	room_do(room.st, &chief, "key.add",
	    json_pack("{s:I, s:s}", "person", (json_int_t)second.person, "key",
		"ssh-ed25519 " OTHER_KEY));
	assert_int_equal(people_keys(room.st, keys, 2), 2);
	snprintf(town_print, 64, "%s", keys[0].print);
	snprintf(other_print, 64, "%s", keys[1].print);
}

/* Two sessions whose lines are mixed, told apart by process, as journalctl -o short shows them. */
static void
mixed_sessions_are_told_apart(void **state)
{
	struct people_log *log = people_log_new(room.st, "zhiban", NULL, NULL);
	char a[64], b[64], first[200], other[200];

	(void)state;
	bind_keys(a, b);
	snprintf(first, sizeof(first),
	    "Nov 24 15:00:01 duty sshd[100]: Accepted publickey for zhiban from 10.1.2.3 port 5001 "
	    "ssh2: ED25519 %s",
	    a);
	snprintf(other, sizeof(other),
	    "Nov 24 15:00:01 duty sshd-session[200]: Accepted publickey for zhiban from "
	    "2001:db8::7 "
	    "port 5002 ssh2: ED25519 %s\n",
	    b);
	feed(log,
	    (const char *const[]){first, other,
		"Nov 24 15:00:01 duty sshd[100]: User child is on pid 101",
		"Nov 24 15:00:01 duty sshd-session[200]: User child is on pid 201",
		"Nov 24 15:00:02 duty sshd[101]: debug1: "
		"serverloop.c:server_input_global_request():789 (pid=101): tcpip-forward listen "
		"localhost port 8080",
		NULL});
	assert_last("", "韩冬梅 ssh 10.1.2.3");
	assert_last("", "localhost port 8080");
	feed(log,
	    (const char *const[]){"Nov 24 15:00:03 duty sshd-session[201]: refused local port "
				  "forward: originator 127.0.0.1 port 4, target 10.0.0.1 port 5432",
		NULL});
	assert_last("", "周雪梅 ssh 2001:db8::7");
	/* An administrator's own session is nobody's business here. */
	feed(log, (const char *const[]){
		      "Nov 24 15:00:04 duty sshd[300]: Accepted publickey for admin from "
		      "10.9.9.9 port 5003 ssh2: ED25519 SHA256:abc",
		      "Nov 24 15:00:04 duty sshd[300]: User child is on pid 301",
		      "Nov 24 15:00:05 duty sshd[301]: refused local port forward: originator "
		      "127.0.0.1 port "
		      "4, target 10.0.0.2 port 80",
		      NULL});
	assert_int_equal(rows_of("journal.refused"), 2);
	/* A session that ended is not meant any more. */
	feed(log,
	    (const char *const[]){"Nov 24 15:01:00 duty sshd[100]: Disconnected from user zhiban "
				  "10.1.2.3 port 5001",
		"Nov 24 15:01:01 duty sshd-session[201]: debug1: "
		"session.c:session_input_channel_req():2217 (pid=201): session 0 req x11-req",
		NULL});
	assert_last("", "周雪梅 ssh 2001:db8::7");
	people_log_free(log);
}

/* A client tries its keys one after the other: only who did not get in at all was refused. */
static void
a_key_tried_is_no_refusal(void **state)
{
	struct people_log *log = people_log_new(room.st, "zhiban", NULL, NULL);
	char a[64], b[64], in[200], out_key[200];

	(void)state;
	bind_keys(a, b);
	snprintf(in, sizeof(in),
	    "Accepted publickey for zhiban from 10.1.2.3 port 5001 ssh2: ED25519 %s", a);
	feed(log, (const char *const[]){
		      "Failed publickey for zhiban from 10.1.2.3 port 5001 ssh2: RSA SHA256:home",
		      in, NULL});
	assert_int_equal(rows_of("journal.refused"), 0);
	room_do(room.st, &chief, "key.withdraw",
	    json_pack("{s:I, s:s}", "key",
		(json_int_t)sql_one_int(
		    room.st, "SELECT id FROM person_key WHERE print = ?1", 0, "t", b),
		"why", "丢失"));
	snprintf(out_key, sizeof(out_key),
	    "Failed publickey for zhiban from 10.1.2.4 port 6 ssh2: ED25519 %s", b);
	feed(log, (const char *const[]){out_key,
		      "Connection closed by authenticating user zhiban 10.1.2.4 port 6 [preauth]",
		      "Failed publickey for root from 10.1.2.5 port 7 ssh2: ED25519 SHA256:x",
		      "Connection closed by authenticating user root 10.1.2.5 port 7 [preauth]",
		      "Connection closed by invalid user zhiban 10.1.2.5 port 8 [preauth]", NULL});
	assert_int_equal(rows_of("journal.refused"), 1);
	assert_last("", "周雪梅");
	assert_last("", "ssh 10.1.2.4");
	people_log_free(log);
}

/* A flood is two rows; bytes that mean harm are cleaned; lines of any kind and length do no harm.
 */
static void
a_flood_is_not_a_flood(void **state)
{
	struct people_log *log = people_log_new(room.st, "zhiban", NULL, NULL);
	char *wild =
	    mem_print("Failed publickey for zhiban from %01000d port 1 ssh2: x\033[31m", 7);

	(void)state;
	for (int i = 0; i < 5000; i++) {
		char line[200];

		snprintf(line, sizeof(line),
		    "Connection closed by authenticating user zhiban 10.1.2.4 port %d [preauth]",
		    i);
		people_log_line(log, line);
	}
	assert_int_equal(rows_of("journal.refused"), 1);
	for (size_t n = strlen(wild); n > 0; n--) {
		wild[n - 1] = '\0';
		people_log_line(log, wild);
	}
	free(wild);
	feed(
	    log, (const char *const[]){"", "\n", "sshd[", "sshd[1", "sshd[99999999999999999999]: x",
		     "(pid=", "debug1: (pid=", "Accepted publickey for zhiban from ",
		     "subsystem request for \033]0;x\a by user zhiban failed, subsystem not found",
		     NULL});
	people_log_free(log);
	assert_int_equal(rows_of("journal.refused"), 3);
	assert_int_equal(
	    sql_one_int(room.st,
		"SELECT count(*) FROM journal WHERE verb = 'journal.refused' AND instr(text, "
		"char(27))",
		0, ""),
	    0);
	assert_int_equal(
	    sql_one_int(room.st,
		"SELECT count(*) FROM journal WHERE verb = 'journal.refused' AND instr(text, "
		"'4999')",
		0, ""),
	    1);
}

/* Many keys from a file: all or none, and which line is wrong. */
static void
keys_come_by_the_file(void **state)
{
	static const char *const bad[] = {"x", "韩冬梅", "韩冬梅 ssh-dss AAAA",
	    "没有这个人 ssh-ed25519 " OTHER_KEY,
	    "韩冬梅 restrict,command=\"sh\" ssh-ed25519 " OTHER_KEY, "韩冬梅 ssh-ed25519 AAAA\xff",
	    "韩冬梅 ssh-ed25519 " KEY};
	struct err err = ERR_NONE;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		char *text =
		    mem_print("# 乡镇\n\n周雪梅\tssh-ed25519 " KEY " home\r\n%s\n", bad[i]);

		assert_false(people_take_keys(room.st, &chief, text, &n, &err));
		if (!strstr(err.message, "4"))
			fail_msg("%s: %s", bad[i], err.message);
		err_clear(&err);
		assert_int_equal(sql_one_int(room.st, "SELECT count(*) FROM person_key", 0, ""), 0);
		free(text);
	}
	if (!people_take_keys(room.st, &chief,
		"周雪梅\tssh-ed25519 " KEY " home\r\n韩冬梅 ssh-ed25519 " OTHER_KEY, &n, &err))
		fail_msg("%s", err.message);
	assert_int_equal(n, 2);
	assert_int_equal(rows_of("key.add"), 2);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(without_secrets_a_name_is_enough),
	    TEST(a_secret_lets_in_and_a_wrong_one_does_not),
	    TEST(weak_secrets_are_refused),
	    TEST(the_journal_holds_no_secret),
	    TEST(wrong_ones_are_slowed_and_stopped),
	    TEST(a_shift_changes_at_one_terminal),
	    TEST(required_by_setting),
	    TEST(others_are_for_the_chief),
	    TEST(who_is_retired_is_out),
	    TEST(only_whole_keys_are_taken),
	    TEST(a_key_is_one_persons),
	    TEST(mixed_sessions_are_told_apart),
	    TEST(a_key_tried_is_no_refusal),
	    TEST(a_flood_is_not_a_flood),
	    TEST(keys_come_by_the_file),
	};

	room_in_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
