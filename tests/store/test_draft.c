/* store/draft: what is typed outlives kills, torn writes, damage and a full disk. */
#include "tests/store/room.h"

#include "store/draft.h"
#include "store/history.h"

#include "base/clock.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PERSON INT64_C(4711)

static struct draft *
open_draft(struct room *room, const char *form)
{
	struct err err = ERR_NONE;
	struct draft *d = draft_open(room->st, PERSON, form, &err);

	if (!d)
		fail_msg("%s", err.message);
	return d;
}

static void
save(struct draft *d, const char *text)
{
	struct err err = ERR_NONE;

	if (!draft_save(d, text, strlen(text), &err))
		fail_msg("%s", err.message);
}

static char *
draft_path(struct room *room, const char *form)
{
	return mem_print("%s.drafts/%lld-%s.draft", room->path, (long long)PERSON, form);
}

static void
expect(struct room *room, const char *form, const char *text)
{
	struct draft *d = open_draft(room, form);

	assert_string_equal(draft_text(d, NULL), text);
	draft_close(d);
}

static int
count_files(struct room *room)
{
	char *path = mem_print("%s.drafts", room->path);
	DIR *dir = opendir(path);
	int n = -2; /* . and .. */

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	free(path);
	return n;
}

static void
comes_back(void **state)
{
	struct room room;
	struct draft *d;
	int64_t at, saved;
	struct stat sb;
	char *path, *folder;

	(void)state;
	room_make(&room);
	assert_true(clock_parse("2025-07-10T03:12", 0, &at));
	clock_pin(at);
	d = open_draft(&room, "intake");
	assert_string_equal(draft_text(d, &saved), "");
	assert_true(saved == CLOCK_NONE);
	save(d, "高速交警: G2 南行");
	save(d, "高速交警: G2 南行槽罐车侧翻\n第二行");
	assert_string_equal(draft_text(d, &saved), "高速交警: G2 南行槽罐车侧翻\n第二行");
	assert_int_equal(saved, at);
	draft_close(d);

	path = draft_path(&room, "intake");
	folder = mem_print("%s.drafts", room.path);
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_true(sb.st_blocks * 512 >= 131072); /* the space is really taken */
	assert_int_equal(stat(folder, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0700);
	expect(&room, "intake", "高速交警: G2 南行槽罐车侧翻\n第二行");
	d = open_draft(&room, "intake");
	draft_discard(d);
	assert_string_equal(draft_text(d, NULL), "");
	draft_close(d);
	assert_int_equal(count_files(&room), 0);
	expect(&room, "intake", "");
	free(path);
	free(folder);
	clock_pin(CLOCK_NONE);
	room_clear(&room);
}

static void
one_console_holds_it(void **state)
{
	struct room room;
	struct draft *d, *second;
	struct err err = ERR_NONE;
	struct draft_info info[4];

	(void)state;
	room_make(&room);
	d = open_draft(&room, "intake");
	save(d, "first");
	assert_null(draft_open(room.st, PERSON, "intake", &err));
	assert_int_equal(err.code, ERR_STATE);
	err_clear(&err);
	second = open_draft(&room, "intake~2");
	save(second, "second");
	assert_int_equal(draft_list(room.st, PERSON, info, 4), 0); /* both are held */
	draft_close(second);
	assert_int_equal(draft_list(room.st, PERSON, info, 4), 1);
	assert_string_equal(info[0].form, "intake~2");
	draft_close(d);
	expect(&room, "intake", "first");
	room_clear(&room);
}

static void
lists_what_is_left(void **state)
{
	struct room room;
	struct draft_info info[4];
	struct draft *d;
	int64_t at;

	(void)state;
	room_make(&room);
	assert_int_equal(draft_list(room.st, PERSON, info, 4), 0); /* no folder yet */
	assert_true(clock_parse("2025-07-10T03:12", 0, &at));
	clock_pin(at);
	d = open_draft(&room, "report.7");
	save(d, "older\nsecond line");
	draft_close(d);
	clock_pin(at + CLOCK_MINUTE);
	d = open_draft(&room, "a/b 表");
	save(d, "newer \033[31mred");
	draft_close(d);
	d = draft_open(room.st, 9, "intake", &(struct err)ERR_NONE);
	save(d, "somebody else's");
	draft_close(d);

	assert_int_equal(draft_list(room.st, PERSON, info, 4), 2);
	assert_string_equal(info[0].form, "a/b 表");
	assert_string_equal(info[0].first_line, "newer ・[31mred");
	assert_int_equal(info[0].saved_at, at + CLOCK_MINUTE);
	assert_string_equal(info[1].form, "report.7");
	assert_string_equal(info[1].first_line, "older");
	assert_int_equal(info[1].size, strlen("older\nsecond line"));
	assert_int_equal(draft_list(room.st, PERSON, info, 1), 1);
	clock_pin(CLOCK_NONE);
	room_clear(&room);
}

static void
has_its_limit(void **state)
{
	struct room room;
	struct draft *d;
	struct err err = ERR_NONE;
	char *text = mem_alloc(DRAFT_MAX + 2);

	(void)state;
	room_make(&room);
	memset(text, 'x', DRAFT_MAX + 1);
	text[DRAFT_MAX + 1] = '\0';
	d = open_draft(&room, "intake");
	assert_false(draft_save(d, text, DRAFT_MAX + 1, &err));
	assert_int_equal(err.code, ERR_INPUT);
	err_clear(&err);
	assert_true(draft_save(d, text, DRAFT_MAX, &err));
	draft_close(d);
	text[DRAFT_MAX] = '\0';
	expect(&room, "intake", text);
	free(text);
	room_clear(&room);
}

static char *
read_file(const char *path, size_t *size)
{
	char *data = mem_alloc(200000);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	*size = fread(data, 1, 200000, f);
	fclose(f);
	return data;
}

static void
write_file(const char *path, const char *data, size_t size)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, size, f), size);
	fclose(f);
}

/*
 * A kill stops a save after any number of its bytes: the file is the old one with a beginning of
 * the new slot in it. Every such file must give the old text or the new one.
 */
static void
survives_any_cut(void **state)
{
	struct room room;
	struct draft *d;
	size_t size, after_size, slot, end;
	char *before, *after, *path, *mixed;
	int old_text = 0, new_text = 0;

	(void)state;
	room_make(&room);
	path = draft_path(&room, "intake");
	d = open_draft(&room, "intake");
	save(d, "一, the first of all texts, a long one");
	save(d, "二 old");
	before = read_file(path, &size);
	save(d, "三 new and not as long");
	after = read_file(path, &after_size);
	draft_close(d);
	assert_int_equal(size, after_size);
	for (slot = 0; slot < size && before[slot] == after[slot]; slot++)
		;
	for (end = size; end > slot && before[end - 1] == after[end - 1]; end--)
		;
	mixed = mem_alloc(size);
	for (size_t cut = slot; cut <= end; cut++) {
		const char *text;

		memcpy(mixed, before, size);
		memcpy(mixed + slot, after + slot, cut - slot);
		write_file(path, mixed, size);
		d = open_draft(&room, "intake");
		text = draft_text(d, NULL);
		old_text += strcmp(text, "二 old") == 0;
		new_text += strcmp(text, "三 new and not as long") == 0;
		draft_close(d);
	}
	assert_int_equal(old_text + new_text, end - slot + 1);
	assert_true(old_text > 60);
	assert_true(new_text >= 1);
	free(mixed);
	free(before);
	free(after);
	free(path);
	room_clear(&room);
}

/* Any damage to one slot leaves the other; a file cut short leaves what is whole; garbage leaves
 * nothing and still opens. */
static void
survives_damage(void **state)
{
	struct room room;
	struct draft *d;
	size_t size;
	char *data, *path;

	(void)state;
	room_make(&room);
	path = draft_path(&room, "intake");
	d = open_draft(&room, "intake");
	save(d, "first");
	save(d, "second");
	draft_close(d);
	data = read_file(path, &size);
	assert_int_equal(size, 131072);
	for (size_t i = 0; i < 64 + strlen("second"); i++) {
		if (i >= 40 && i < 64)
			continue; /* checked below: the spare bytes count too */
		data[65536 + i] ^= 0x20;
		write_file(path, data, size);
		expect(&room, "intake", "first");
		data[65536 + i] ^= 0x20;
	}
	data[65536 + 50] ^= 1;
	write_file(path, data, size);
	expect(&room, "intake", "first");
	write_file(path, data, 66000);
	expect(&room, "intake", "first");
	write_file(path, data, 65540);
	expect(&room, "intake", "first");
	for (size_t i = 0; i < size; i++)
		data[i] = (char)(i * 7);
	write_file(path, data, size);
	d = open_draft(&room, "intake");
	assert_string_equal(draft_text(d, NULL), "");
	save(d, "again");
	draft_close(d);
	expect(&room, "intake", "again");
	free(data);
	free(path);
	room_clear(&room);
}

/* A process that saves without end is killed: the text is always one of those it saved, and never
 * an old one. */
static void
survives_kill(void **state)
{
	struct room room;
	int last = 0;

	(void)state;
	room_make(&room);
	for (int round = 0; round < 40; round++) {
		int pipe_fd[2], seen = 0, got = 0;
		char number[16];
		pid_t pid;
		struct draft *d;

		assert_int_equal(pipe(pipe_fd), 0);
		pid = fork();
		if (pid == 0) {
			struct err err = ERR_NONE;

			d = draft_open(room.st, PERSON, "intake", &err);
			for (int i = last + 1; d; i++) {
				int n = snprintf(number, sizeof(number), "%d", i);

				if (!draft_save(d, number, (size_t)n, &err) ||
				    write(pipe_fd[1], &i, sizeof(i)) != sizeof(i))
					break;
			}
			_exit(1);
		}
		close(pipe_fd[1]);
		for (int i = 0; i < 1 + round % 7; i++)
			assert_int_equal(read(pipe_fd[0], &seen, sizeof(seen)), sizeof(seen));
		kill(pid, SIGKILL);
		while (read(pipe_fd[0], &got, sizeof(got)) == sizeof(got))
			seen = got;
		waitpid(pid, NULL, 0);
		close(pipe_fd[0]);
		d = open_draft(&room, "intake");
		last = (int)strtol(draft_text(d, NULL), NULL, 10);
		draft_close(d);
		if (last != seen && last != seen + 1)
			fail_msg("acknowledged %d, kept %d", seen, last);
	}
	assert_true(last >= 40);
	room_clear(&room);
}

/* A file system of 2 MB in a name space of our own. False where the kernel does not let us. */
static bool
mount_small(const char *dir)
{
	if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return false;
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	return mount("none", dir, "tmpfs", 0, "size=2m") == 0;
}

/* In a child: 0 when all is well, 77 when it cannot be tried, else the step that failed. */
static int
fill_disk(const char *dir)
{
	struct err err = ERR_NONE;
	char *store = mem_print("%s/duty.db", dir), *filler = mem_print("%s/filler", dir);
	char *block = mem_zero(1, DRAFT_MAX + 1);
	struct store *st;
	struct draft *d;
	int fd;

	if (!mount_small(dir))
		return 77;
	if (chmod(dir, 0700) != 0 || !store_create(store, AREA, &err) ||
	    !(st = store_open(store, STORE_WRITE, &err)) ||
	    !(d = draft_open(st, PERSON, "intake", &err)))
		return 1;
	fd = open(filler, O_WRONLY | O_CREAT, 0600);
	for (size_t size = 32768; size > 0; size /= 2)
		while (write(fd, block, size) == (ssize_t)size)
			;
	if (errno != ENOSPC)
		return 2;
	for (int i = 0; i < 50; i++) {
		memset(block, 'a' + i % 26, DRAFT_MAX);
		if (!draft_save(d, block, DRAFT_MAX, &err))
			return 3;
	}
	if (draft_open(st, PERSON, "other", &err) || err.code != ERR_IO)
		return 4;
	err_clear(&err);
	draft_close(d);
	d = draft_open(st, PERSON, "intake", &err);
	return d && strcmp(draft_text(d, NULL), block) == 0 ? 0 : 5;
}

static void
works_on_a_full_disk(void **state)
{
	struct room room;
	int status = 0;
	pid_t pid;

	(void)state;
	room_make(&room);
	pid = fork();
	if (pid == 0)
		_exit(fill_disk(room.dir));
	waitpid(pid, &status, 0);
	room_clear(&room);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("skipped: no small file system can be mounted here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
tells_why_not(void **state)
{
	struct room room;
	struct err err = ERR_NONE;
	char *path;
	FILE *f;

	(void)state;
	room_make(&room);
	path = mem_print("%s.drafts", room.path);
	rmdir(path);
	f = fopen(path, "w"); /* a file where the folder should be */
	assert_non_null(f);
	fclose(f);
	assert_null(draft_open(room.st, PERSON, "intake", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.message, path));
	err_clear(&err);
	free(path);
	room_clear(&room);
}

/* Lines of the command line: the newest stay, in order, each person's own; secrets never reach the
 * disk; what is no draft is not offered as one; damage is passed over. */
static void
keeps_lines(void **state)
{
	static const char *const never[] = {"secret=abc", "设链路 甲 http://u:geheim@example.org/",
	    " 记 开头有空格", "记 口令是1234", "两行\n一行", ""};
	struct draft_info drafts[4];
	char *lines[HISTORY_KEPT], *path;
	struct room room;
	struct stat sb;
	size_t n;
	FILE *f;

	(void)state;
	room_make(&room);
	assert_int_equal(history_read(room.st, PERSON, lines, HISTORY_KEPT), 0);
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		assert_false(history_may_keep(never[i]));
		history_add(room.st, PERSON, never[i]);
	}
	for (int i = 0; i < 6000; i++) {
		char line[80];

		snprintf(line, sizeof(line), "记 第%d条，三垛站水位2.03米", i);
		history_add(room.st, PERSON, line);
	}
	path = mem_print("%s.drafts/%lld.lines", room.path, (long long)PERSON);
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_true(sb.st_size < 140 * 1024);
	f = fopen(path, "a");
	assert_non_null(f);
	fputs("\033[2J坏\n\xff\xfe\n半行", f);
	fclose(f);
	n = history_read(room.st, PERSON, lines, 3);
	assert_int_equal(n, 3);
	assert_string_equal(lines[2], "记 第5999条，三垛站水位2.03米");
	assert_string_equal(lines[0], "记 第5997条，三垛站水位2.03米");
	for (size_t i = 0; i < n; i++)
		free(lines[i]);
	assert_int_equal(history_read(room.st, PERSON + 1, lines, HISTORY_KEPT), 0);
	assert_int_equal(draft_list(room.st, PERSON, drafts, 4), 0);
	free(path);
	room_clear(&room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(comes_back),
	    cmocka_unit_test(one_console_holds_it),
	    cmocka_unit_test(lists_what_is_left),
	    cmocka_unit_test(has_its_limit),
	    cmocka_unit_test(survives_any_cut),
	    cmocka_unit_test(survives_damage),
	    cmocka_unit_test(survives_kill),
	    cmocka_unit_test(works_on_a_full_disk),
	    cmocka_unit_test(tells_why_not),
	    cmocka_unit_test(keeps_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
