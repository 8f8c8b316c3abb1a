/*
 * The system's clock is set while consoles are open (reliability 4.13): an hour on, an hour back, a day on, to 1970. The consoles are real
 * ones, on a machine whose clocks are ours (jump.c). What goes by the clock that nobody sets goes on as if nothing had been; the
 * record tells of the jump, once for all of them; and what is sent is sent once.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "store/sql.h"
#include "tests/ui/jump.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BEGIN INT64_C(1752112800000) /* 2025-07-10 10:00 */

static struct room *room;
static volatile struct jump *machine;
static char *environment[4]; /* of a program on it */

static int64_t
real_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 + machine->real;
}

/* date -s */
static void
set_clock(int64_t ms)
{
	machine->real += ms - real_now();
}

static void
minutes_go_by(int n)
{
	machine->real += n * CLOCK_MINUTE;
	machine->monotonic += n * CLOCK_MINUTE;
}

static const struct {
	const char *name;
	int64_t by, to;
} jumps[] = {{"an hour on", CLOCK_HOUR, 0}, {"an hour back", -CLOCK_HOUR, 0},
    {"a day on", CLOCK_DAY, 0}, {"two days back", -2 * CLOCK_DAY, 0},
    {"to 1970", 0, 10 * CLOCK_MINUTE}, {"and back", 0, BEGIN + CLOCK_DAY}};

static void
jump(size_t i)
{
	set_clock(jumps[i].to ? jumps[i].to : real_now() + jumps[i].by);
}

static int
make(void **state)
{
	const char *build = getenv("top_builddir");
	char *path;
	int fd;

	(void)state;
	room = room_new("jump", false);
	path = mem_print("%s/machine", room->dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && ftruncate(fd, sizeof(*machine)) == 0);
	machine = mmap(NULL, sizeof(*machine), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(machine != MAP_FAILED);
	close(fd);
	set_clock(BEGIN);
	environment[0] = mem_dup("ZHIBAN_CLOCK=");
	environment[1] = mem_print("LD_PRELOAD=%s/tests/ui/jump.so", build ? build : ".");
	environment[2] = mem_print("JUMP_CLOCK=%s", path);
	free(path);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	munmap((void *)(uintptr_t)machine, sizeof(*machine));
	for (int i = 0; i < 3; i++)
		free(environment[i]);
	room_free(room);
	return 0;
}

/* --- two people --------------------------------------------------------------------------- */

struct desk {
	struct tty *t;
	int heard;
};

static struct desk
sit_down(const char *person)
{
	return (struct desk){tty_start(&(struct tty_setup){.store = room->store,
				 .person = person,
				 .rows = 24,
				 .columns = 80,
				 .environment = (const char *const *)environment}),
	    0};
}

static void
stand_up(struct desk *d)
{
	tty_type(d->t, "<Esc><Esc>q<Enter>");
	assert_int_equal(tty_end(d->t), 0);
}

static int
rang(struct desk *d)
{
	int bells, before = d->heard;

	tty_sync(d->t);
	bells = (int)tty_bells(d->t);
	d->heard = bells;
	return bells - before;
}

static void
types(struct desk *d, const char *line, const char *answer)
{
	char *keys = mem_print(":%s<Enter>", line);

	tty_type(d->t, keys);
	tty_expect(d->t, answer);
	free(keys);
}

static void
furnish(void)
{
	struct store *st = room_open(room);

	room_play(st, NULL,
	    "@2025-07-09T08:00\n"
	    "设置 county_name 高邮市应急管理局\n"
	    "加区划 321084108 三垛镇人民政府 town short=三垛镇 lon=119.67 lat=32.80\n"
	    "加单位 GY02 高邮市消防救援大队 department short=消防大队 phone=0514-55500002\n"
	    "加人员 李敏 chief\n加人员 陈涛 officer\n"
	    "响铃 inbox 20\n响铃 clock 20\n");
	store_close(st);
	clock_pin(CLOCK_NONE);
}

static int64_t
rows_of(const char *verb)
{
	struct store *st = room_open(room);
	int64_t n = sql_one_int(st, "SELECT count(*) FROM journal WHERE verb = ?1", 0, "t", verb);

	store_close(st);
	return n;
}

/* --- the bell ----------------------------------------------------------------------------- */

/* A matter that waits rings every twenty minutes of the clock that nobody sets, whatever the other one does. */
static void
bell_goes_on(void **state)
{
	struct desk officer, chief;

	(void)state;
	furnish();
	officer = sit_down("陈涛");
	chief = sit_down("李敏");
	assert_int_equal(rang(&officer), 0);
	tty_expect(officer.t, "10:00");
	types(&chief, "收件 气象局 title=雨情 今日雨情。", "收件：气象局 雨情");
	tty_wait_for(officer.t, "1 新件");
	assert_int_equal(rang(&officer), 1);
	minutes_go_by(7);
	assert_int_equal(rang(&officer), 0);
	for (size_t i = 0; i < COUNT_OF(jumps); i++) {
		int before = i ? 20 : 13, early;

		jump(i);
		early = rang(&officer);
		if (early)
			fail_msg("%s: rings %d times at once\n%s", jumps[i].name, early,
			    tty_screen(officer.t));
		minutes_go_by(before - 1);
		early = rang(&officer);
		if (early)
			fail_msg("%s: rings %d times too early", jumps[i].name, early);
		minutes_go_by(1);
		if (rang(&officer) != 1)
			fail_msg("%s: does not ring in its time", jumps[i].name);
		assert_int_equal(rang(&officer), 0);
		tty_expect(officer.t, "1 新件");
	}
	stand_up(&officer);
	stand_up(&chief);
}

/* All the clocks of an incident run out at once by a jump: that is one bell, and none for what is put right again. */
static void
no_burst(void **state)
{
	struct desk officer;
	int bells;

	(void)state;
	furnish();
	officer = sit_down("陈涛");
	types(&officer,
	    "接报 source=镇街 type=11A04 area=三垛镇 place=三垛镇三阳河 nature=管涌 "
	    "三阳河圩堤发现管涌，威胁30户。",
	    "立案 2025-001");
	tty_expect_not(officer.t, "逾期");
	assert_int_equal(rang(&officer), 0);
	set_clock(real_now() + CLOCK_DAY);
	bells = rang(&officer);
	tty_expect(officer.t, "逾期");
	print_message("# all overdue by a jump: %d bell\n", bells);
	assert_int_equal(bells, 1);
	for (int i = 0; i < 20; i++)
		assert_int_equal(rang(&officer), 0);
	set_clock(real_now() - CLOCK_DAY);
	assert_int_equal(rang(&officer), 0);
	tty_expect_not(officer.t, "逾期");
	stand_up(&officer);
}

/* --- the record --------------------------------------------------------------------------- */

/* Each jump is one row, whoever writes first behind it; the list stays in the order in which things were written. */
static void
the_record_tells(void **state)
{
	struct desk officer, chief;
	char line[80], last[64] = "", mine[64];

	(void)state;
	furnish();
	officer = sit_down("陈涛");
	chief = sit_down("李敏");
	types(&officer, "记 起初", "起初");
	assert_int_equal(rows_of("clock.changed"), 0);
	for (size_t i = 0; i < COUNT_OF(jumps); i++) {
		jump(i);
		tty_sync(officer.t);
		snprintf(mine, sizeof(mine), "跳后第%zu条", i);
		snprintf(line, sizeof(line), "记 %s", mine);
		types(&officer, line, mine);
		types(&chief, "记 隔壁也记", "隔壁也记");
		types(&officer, "记 再记一条", "再记一条");
		if (rows_of("clock.changed") != (int64_t)i + 1)
			fail_msg("%s: %lld rows tell of %zu jumps", jumps[i].name,
			    (long long)rows_of("clock.changed"), i + 1);
		tty_type(officer.t, "01"); /* the journal, newest first */
		tty_expect(officer.t, mine);
		if (*last) {
			tty_expect(officer.t, last);
			assert_true(tty_row_of(officer.t, mine) < tty_row_of(officer.t, last));
		}
		tty_type(officer.t, "<Esc>");
		snprintf(last, sizeof(last), "%s", mine);
	}
	stand_up(&officer);
	stand_up(&chief);
}

/* --- what is typed ------------------------------------------------------------------------ */

static bool
on_disk(const char *words)
{
	char *folder = mem_print("%s.drafts", room->store);
	DIR *d = opendir(folder);
	struct dirent *e;
	bool found = false;

	while (d && !found && (e = readdir(d)) != NULL) {
		char *path = mem_print("%s/%s", folder, e->d_name), *all;
		size_t size = 0;

		all = e->d_name[0] != '.' ? tty_read_file(path, &size) : NULL;
		found = size && memmem(all, size, words, strlen(words));
		free(all);
		free(path);
	}
	if (d)
		closedir(d);
	free(folder);
	return found;
}

/* The second behind the last key is one of the clock that nobody sets. */
static void
a_draft_is_saved(void **state)
{
	struct desk officer;

	(void)state;
	furnish();
	for (size_t i = 0; i < COUNT_OF(jumps); i++) {
		int64_t end = clock_monotonic() + 20000;
		char words[64];

		officer = sit_down("陈涛");
		snprintf(words, sizeof(words), "管涌%zu处；", i);
		tty_type(officer.t, "n");
		tty_type(officer.t, words);
		jump(i);
		while (!on_disk(words)) {
			if (clock_monotonic() > end)
				fail_msg("%s: %s is not saved", jumps[i].name, words);
			nanosleep(&(struct timespec){0, 20000000}, NULL);
		}
		tty_kill(officer.t, SIGKILL);
		tty_end(officer.t);
		officer = sit_down("陈涛");
		tty_expect(officer.t, "没写完的草稿");
		tty_type(officer.t, "n");
		tty_expect(officer.t, words);
		tty_type(officer.t, "<Esc><Esc>");
		tty_kill(officer.t, SIGHUP);
		tty_end(officer.t);
	}
}

/* --- what is sent ------------------------------------------------------------------------- */

static size_t
files_in(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0;

	while (d && (e = readdir(d)) != NULL) {
		size_t size = strlen(e->d_name);

		n += size > 4 && strcmp(e->d_name + size - 4, ".txt") == 0;
	}
	if (d)
		closedir(d);
	return n;
}

/* zhiban sync, which runs on: a message behind each jump goes out, and none that went goes again. */
static void
nothing_is_sent_twice(void **state)
{
	const char *build = getenv("top_builddir");
	char *program = mem_print("%s/zhiban", build ? build : "."),
	     *out = mem_print("%s/out", room->dir), *line = mem_print("投送 city spool %s", out);
	const char *const command[] = {program, "--store", room->store, "sync", NULL};
	struct desk chief;
	struct tty *sync;

	(void)state;
	furnish();
	assert_int_equal(mkdir(out, 0700), 0);
	chief = sit_down("李敏");
	types(&chief, line, "city");
	sync = tty_start_silent(&(struct tty_setup){.rows = 24,
	    .columns = 80,
	    .command = command,
	    .environment = (const char *const *)environment});
	for (size_t i = 0; i <= COUNT_OF(jumps); i++) {
		int64_t end = clock_monotonic() + 60000;
		char text[64];

		snprintf(text, sizeof(text), "发文 unit=city text=第%zu报", i);
		types(&chief, text, "city");
		/* The file is there a moment before the record of it. */
		while (files_in(out) < i + 1 || rows_of("outbox.handed") < (int64_t)i + 1) {
			if (clock_monotonic() > end)
				fail_msg("message %zu does not go out", i);
			tty_drain(sync, 50);
		}
		assert_int_equal(files_in(out), i + 1);
		assert_int_equal(rows_of("outbox.handed"), i + 1);
		if (i < COUNT_OF(jumps))
			jump(i);
	}
	tty_kill(sync, SIGTERM);
	tty_end(sync);
	assert_int_equal(files_in(out), COUNT_OF(jumps) + 1);
	assert_int_equal(rows_of("outbox.handed"), COUNT_OF(jumps) + 1);
	stand_up(&chief);
	free(line);
	free(out);
	free(program);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(bell_goes_on),
	    TEST(no_burst),
	    TEST(the_record_tells),
	    TEST(a_draft_is_saved),
	    TEST(nothing_is_sent_twice),
	};

	if (TEST_SANITIZED) {
		printf("1..0 # skipped: nothing can be loaded before the sanitizers\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
