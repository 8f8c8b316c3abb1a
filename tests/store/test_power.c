/*
 * Power loss, simulated (reliability 4.3). A script of acts runs on a file system that logs every
 * write, truncation and sync. Then the power fails at a point of the log: what was synced before it
 * is on the disk, of the rest each write is there, is not there, or is torn in pieces of 512 bytes.
 * From such a disk the store must open by itself, whole, with every act that had been acknowledged.
 *
 * 100 acts and 50 points; ZHIBAN_SOAK=1 makes 400 and 500.
 */
#include "tests/store/room.h"
#include "tests/store/shim.h"

#include "base/mem.h"
#include "store/inside.h"
#include "store/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512
#define ACK 100 /* an op of our own: act `at` was acknowledged */

struct event {
	int op;
	enum shim_file file;
	unsigned char *data;
	int n;
	sqlite3_int64 at;
};
static struct event *event;
static size_t n_events, room_events;

struct image {
	unsigned char *data;
	size_t size, room;
};

static void
add_event(int op, enum shim_file file, const void *data, int n, sqlite3_int64 at)
{
	struct event e = {op, file, NULL, n, at};

	if (data) {
		e.data = mem_alloc((size_t)n);
		memcpy(e.data, data, (size_t)n);
	}
	mem_grow(&event, &room_events, n_events);
	event[n_events++] = e;
}

static int
log_it(enum shim_op op, enum shim_file file, const void *data, int n, sqlite3_int64 at)
{
	if (file != SHIM_OTHER)
		add_event((int)op, file, data, n, at);
	return SQLITE_OK;
}

/* --- a disk --- */

static void
image_size(struct image *image, size_t size)
{
	if (size > image->room) {
		image->room = size * 2;
		image->data = mem_resize(image->data, image->room, 1);
	}
	if (size > image->size)
		memset(image->data + image->size, 0, size - image->size);
	image->size = size;
}

static void
image_write(struct image *image, size_t at, const unsigned char *data, size_t n)
{
	if (at + n > image->size)
		image_size(image, at + n);
	memcpy(image->data + at, data, n);
}

static void
image_load(struct image *image, const char *path)
{
	struct stat sb;
	int fd = open(path, O_RDONLY);

	image->size = 0;
	if (fd < 0)
		return;
	assert_int_equal(fstat(fd, &sb), 0);
	image_size(image, (size_t)sb.st_size);
	assert_int_equal(read(fd, image->data, image->size), sb.st_size);
	close(fd);
}

static void
image_store(const struct image *image, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, image->data, image->size), image->size);
	close(fd);
}

static void
apply(struct image *image, const struct event *e)
{
	if (e->op == SHIM_WRITE)
		image_write(image, (size_t)e->at, e->data, (size_t)e->n);
	else if (e->op == SHIM_TRUNCATE)
		image_size(image, (size_t)e->at);
}

/* What happened to it without a sync: all, nothing, or some sectors. */
static void
apply_perhaps(struct image *image, const struct event *e)
{
	int fate = rand() % 3;

	if (fate == 0)
		return;
	if (fate == 1 || e->op != SHIM_WRITE) {
		apply(image, e);
		return;
	}
	for (int at = 0; at < e->n; at += SECTOR)
		if (rand() % 2)
			image_write(image, (size_t)(e->at + at), e->data + at,
			    (size_t)(e->n - at < SECTOR ? e->n - at : SECTOR));
}

/* The file as it is after the power failed in front of event `point`. */
static void
fail_power(struct image *image, enum shim_file file, size_t point, bool syncs_count)
{
	size_t safe = 0;

	for (size_t i = 0; i < point; i++)
		if (event[i].file == file && event[i].op == SHIM_SYNC && syncs_count)
			safe = i;
	for (size_t i = 0; i < point; i++)
		if (event[i].file == file && event[i].op != ACK) {
			if (i < safe)
				apply(image, &event[i]);
			else
				apply_perhaps(image, &event[i]);
		}
}

/* --- the script and the question --- */

static struct room room;
static char *base;

static void
record(int acts)
{
	struct store *st = room.st;

	for (int i = 0; i < acts; i++) {
		int64_t seq;

		if (i % 10 == 3)
			seq = room_do(st, &room.system, "journal.note",
			    json_pack("{s:o}", "text", json_sprintf("第 %d 道巡堤 无异常", i)));
		else if (i % 10 == 7)
			seq = room_do(
			    st, &room.system, "journal.undo", json_pack("{s:i}", "number", i));
		else
			seq = room_do(st, &room.system, "test.area",
			    json_pack("{s:i, s:o, s:i}", "code",
				i % 10 == 6 ? 5000 + i : 1000 + i % 5, "name",
				json_sprintf("镇%d", i), "people", i));
		add_event(ACK, SHIM_OTHER, NULL, 0, seq);
	}
}

static int64_t
acknowledged(size_t point)
{
	int64_t seq = 0;

	for (size_t i = 0; i < point; i++)
		if (event[i].op == ACK)
			seq = event[i].at;
	return seq;
}

/* Is the store of this disk whole, with all that was acknowledged? NULL, or what is wrong; the
 * caller frees. */
static char *
question(const char *path, int64_t acks)
{
	struct verify_report report;
	struct err err = ERR_NONE;
	struct store *st = store_open(path, STORE_WRITE, &err);
	char *wrong = NULL, hex[65];
	int64_t seq;

	if (!st) {
		wrong = mem_print("%s (%s)", err.message, err.detail ? err.detail : "");
		err_clear(&err);
		return wrong;
	}
	journal_head(st, &seq, hex);
	if (!store_verify(st, NULL, &report, &err))
		wrong = mem_print("%s", err.message);
	else if (report.problems[0])
		wrong = mem_print("%s", report.problems[0]);
	else if (seq < acks || seq > acks + 1)
		wrong = mem_print("the journal ends at #%lld, acknowledged was #%lld",
		    (long long)seq, (long long)acks);
	err_clear(&err);
	verify_clear(&report);
	store_close(st);
	return wrong;
}

static char *
try_point(size_t point, bool syncs_count)
{
	char *path = mem_print("%s/crash/duty.db", room.dir), *wal = mem_print("%s-wal", path),
	     *dir = mem_print("%s/crash", room.dir), *wrong;
	struct image image = {NULL, 0, 0};

	assert_int_equal(mkdir(dir, 0700), 0);
	image_load(&image, base);
	fail_power(&image, SHIM_MAIN, point, syncs_count);
	image_store(&image, path);
	image.size = 0;
	fail_power(&image, SHIM_WAL, point, syncs_count);
	image_store(&image, wal);
	wrong = question(path, acknowledged(point));
	room_remove(dir);
	free(image.data);
	free(path);
	free(wal);
	free(dir);
	return wrong;
}

static void
loses_no_act(void **state)
{
	bool soak = getenv("ZHIBAN_SOAK") != NULL;
	int points = soak ? 500 : 50, lost_without = 0;

	(void)state;
	room_make(&room);
	store_close(room.st);
	base = mem_print("%s/base.db", room.dir);
	{
		struct image image = {NULL, 0, 0};

		image_load(&image, room.path);
		image_store(&image, base);
		free(image.data);
	}
	shim_install(log_it);
	room.st = room_open(&room);
	room.st->wal_passive = 60;
	room.st->wal_truncate = 150;
	record(soak ? 400 : 100);
	store_close(room.st);
	shim_remove();
	for (int i = 0; i < points; i++) {
		size_t point = (size_t)rand() % (n_events + 1);
		char *wrong = try_point(point, true);

		if (wrong)
			fail_msg("power failed at %zu of %zu: %s", point, n_events, wrong);
	}
	/* The same disk without its syncs must show losses, or this test could not see any. */
	for (int i = 0; i < 20; i++) {
		char *wrong = try_point(n_events - (size_t)rand() % 100, false);

		lost_without += wrong != NULL;
		free(wrong);
	}
	assert_true(lost_without > 0);
	print_message(
	    "# %d points in %zu writes and syncs, nothing lost; without syncs %d of 20 lose\n",
	    points, n_events, lost_without);
	room.st = NULL;
	room_clear(&room);
	for (size_t i = 0; i < n_events; i++)
		free(event[i].data);
	free(event);
	free(base);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(loses_no_act),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
