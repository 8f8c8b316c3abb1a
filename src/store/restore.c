/*
 * Restoring, in the order of restore.h. The copy is made and proved beside the store before anything
 * there is touched, so that a backup that is no good costs nothing. The file goes aside first, its
 * log after it: in between there is no store, and nobody can open an old log over a new file.
 */
#include "store/restore.h"

#include "store/inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/journal.h"
#include "store/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ids given since the backup that nobody can read any more: leave so many out. */
#define IDS_LEFT_OUT 1000000

struct restore {
	struct store *here; /* not connected: the place, and the queue's locks */
	const char *backup;
	char *part;		       /* the copy, until it has the store's name */
	struct store *copy;	       /* open on it */
	unsigned char hash[HASH_SIZE]; /* of the backup's last row */
	bool there;		       /* something stands at the store's name */
	struct restore_report *out;
};

/* --- the copy -------------------------------------------------------------------------------- */

static bool
unusable(const struct restore *r, struct err *why, struct err *err)
{
	err_set(err, ERR_STORE, _("The backup %s cannot be used, so nothing was changed: %s"),
	    r->backup, why->message);
	err_detail(err, "%s", why->detail ? why->detail : "");
	err_clear(why);
	return false;
}

/* A store in use is no backup: what is in its log would be missing. */
static bool
check_backup(const struct restore *r, struct err *err)
{
	char *wal = mem_print("%s-wal", r->backup);
	struct stat sb, own, log;
	bool live = stat(wal, &log) == 0 && log.st_size > 0;

	free(wal);
	if (stat(r->backup, &sb) != 0)
		return err_set(
		    err, ERR_IO, _("%s cannot be opened: %s"), r->backup, strerror(errno));
	if (!S_ISREG(sb.st_mode))
		return err_set(err, ERR_IO, _("%s is not a file."), r->backup);
	if (stat(r->here->path, &own) == 0 && own.st_dev == sb.st_dev && own.st_ino == sb.st_ino)
		return err_set(err, ERR_INPUT, _("%s is the store itself."), r->backup);
	if (live)
		return err_set(err, ERR_INPUT,
		    _("%s is a store in use, with a log beside it, and no backup: \"zhiban "
		      "backup\" "
		      "makes one."),
		    r->backup);
	return place_check_header(r->backup, err);
}

static bool
copy_bytes(int from, int to)
{
	const size_t size = 1 << 20;
	char *block = mem_alloc(size);
	ssize_t n;

	posix_fadvise(from, 0, 0, POSIX_FADV_SEQUENTIAL);
	while ((n = read(from, block, size)) > 0)
		for (ssize_t done = 0, k; done < n; done += k)
			if ((k = write(to, block + done, (size_t)(n - done))) < 0) {
				free(block);
				return false;
			}
	free(block);
	return n == 0;
}

static bool
make_copy(struct restore *r, struct err *err)
{
	int from = open(r->backup, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), to = -1;
	bool good = from >= 0;

	if (!good)
		return err_set(
		    err, ERR_IO, _("%s cannot be opened: %s"), r->backup, strerror(errno));
	r->part = mem_print("%s.restore", r->here->path);
	/* Nobody else restores now: this one was left by a death. */
	unlink(r->part);
	to = open(r->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (to < 0) {
		good = err_set(err, ERR_IO, _("%s cannot be made: %s"), r->part, strerror(errno));
		free(r->part);
		r->part = NULL;
	} else if (fchmod(to, 0600) != 0 || !copy_bytes(from, to) || fsync(to) != 0) {
		good =
		    err_set(err, ERR_IO, _("%s cannot be written: %s"), r->part, strerror(errno));
	}
	close(from);
	if (to >= 0 && close(to) != 0 && good)
		good =
		    err_set(err, ERR_IO, _("%s cannot be written: %s"), r->part, strerror(errno));
	return good;
}

static bool
prove_copy(struct restore *r, struct err *err)
{
	struct err why = ERR_NONE;

	r->copy = store_open(r->part, STORE_WRITE, &why);
	if (!r->copy || !store_prove(r->copy, &why))
		return unusable(r, &why, err);
	chain_head(r->copy, &r->out->seq, &r->out->at, r->hash);
	if (r->out->seq == 0)
		r->out->at = CLOCK_NONE;
	return true;
}

/* --- what stands there ----------------------------------------------------------------------- */

static bool
look_at_damage(struct restore *r, bool over_whole, struct err *err)
{
	struct salvage *lost = &r->out->lost;

	if (!r->there) {
		lost->numbers = mem_dup("{}");
		return true;
	}
	salvage_read(r->here->path, r->copy->area, r->out->seq, r->hash, lost);
	if (lost->area && lost->area != r->copy->area)
		return err_set(err, ERR_STATE,
		    _("The store %s is of place %lld, the backup of place %lld. Nothing was "
		      "changed."),
		    r->here->path, (long long)lost->area, (long long)r->copy->area);
	if (lost->whole && !over_whole)
		return err_set(err, ERR_STATE,
		    _("The store %s is whole, so nothing was changed. To go back to the backup all "
		      "the same, and set aside what was entered since: --yes"),
		    r->here->path);
	return true;
}

static bool
make_aside(struct restore *r, struct err *err)
{
	char stamp[40];

	clock_format(stamp, sizeof(stamp), clock_now(), CLOCK_STAMP);
	for (int i = 1; i < 100; i++) {
		char *name = i == 1 ? mem_print("%s.aside-%s", r->here->path, stamp)
				    : mem_print("%s.aside-%s-%d", r->here->path, stamp, i);

		if (mkdir(name, 0700) == 0) {
			r->out->aside = name;
			return true;
		}
		if (errno != EEXIST || i == 99)
			err_set(err, ERR_IO, _("%s cannot be made: %s"), name, strerror(errno));
		free(name);
		if (err->message)
			break;
	}
	return false;
}

/* --- the row that tells, and the numbers ------------------------------------------------------ */

static bool
tell(struct restore *r, struct err *err)
{
	const struct salvage *lost = &r->out->lost;
	struct verb_result result;
	struct actor actor;
	struct err why = ERR_NONE;
	json_t *args;
	bool good;

	actor_system(&actor, "restore");
	args =
	    json_pack("{s:s, s:I, s:s, s:b}", "backup", r->backup, "head", (json_int_t)r->out->seq,
		"numbers", lost->numbers, "complete", !r->there || lost->all_numbers);
	if (r->out->aside)
		json_object_set_new(args, "aside", json_string(r->out->aside));
	good = verb_run(r->copy, &actor, "store.restored", args, &result, &why);
	json_decref(args);
	if (!good)
		return unusable(r, &why, err);
	r->out->restored = result.seq;
	verb_result_clear(&result);
	return true;
}

/* Nothing given out before is given out again. */
static bool
run_on(struct store *st, const char *name, int64_t last)
{
	struct sql *q = sql(st, "INSERT INTO sequence VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE "
				"SET last = max(last, excluded.last)");

	sql_bind(q, "ti", name, last);
	return sql_run(q);
}

static bool
go_on_behind(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	json_t *all = json_loads(call_text(call, "numbers"), 0, NULL), *last;
	const char *name;
	bool good = true;

	if (!json_is_object(all)) {
		json_decref(all);
		return err_set(
		    err, ERR_INPUT, _("\"%s\" is no list of numbers."), call_text(call, "numbers"));
	}
	json_object_foreach(all, name, last) good =
	    good && json_is_integer(last) && run_on(st, name, json_integer_value(last));
	json_decref(all);
	if (good && !call_flag(call, "complete"))
		good = run_on(st, "id",
		    sql_one_int(st, "SELECT last FROM sequence WHERE name = 'id'", 0, "") +
			IDS_LEFT_OUT);
	return good;
}

bool
restore_run_restored(struct verb_call *call, struct err *err)
{
	if (!go_on_behind(call, err))
		return false;
	call_say(call, _("the store was restored from %s, as of #%lld"), call_text(call, "backup"),
	    (long long)call_int(call, "head"));
	if (call_has(call, "aside"))
		call_say(call, _("what stood there before is in %s"), call_text(call, "aside"));
	return true;
}

/* Close it; then the file alone must be the whole of it. */
static bool
close_copy(struct restore *r, struct err *err)
{
	static const char *const suffix[] = {"-wal", "-shm", ".lock", ".poke"};
	bool good = true;

	if (!r->part)
		return true;
	store_close(r->copy);
	r->copy = NULL;
	for (size_t i = 0; i < COUNT_OF(suffix); i++) {
		char *name = mem_print("%s%s", r->part, suffix[i]);
		struct stat sb;

		if (i == 0 && stat(name, &sb) == 0 && sb.st_size > 0)
			good = err_set(err, ERR_IO,
			    _("The log of the copy %s could not be closed, so nothing was changed. "
			      "Is the disk full?"),
			    r->part);
		unlink(name);
		free(name);
	}
	return good;
}

/* --- changing places ------------------------------------------------------------------------- */

/* The first is the store: from then on nobody opens anything here. */
static const char *const remains[] = {"", "-wal", "-shm", "-journal"};

static bool
move_one(const struct restore *r, const char *suffix, struct err *err)
{
	char *from = mem_print("%s%s", r->here->path, suffix);
	char *to = mem_print("%s/%s%s", r->out->aside, strrchr(r->here->path, '/') + 1, suffix);
	bool good = rename(from, to) == 0 || errno == ENOENT;

	if (!good)
		err_set(err, ERR_IO, _("%s cannot be moved to %s: %s"), from, to, strerror(errno));
	else
		chmod(to, 0600);
	free(from);
	free(to);
	return good;
}

static bool
change_places(struct restore *r, struct err *err)
{
	char *inside = mem_print("%s/.", r->out->aside ? r->out->aside : r->here->path);
	bool good = true;

	for (size_t i = 0; good && r->out->aside && i < COUNT_OF(remains); i++)
		good = move_one(r, remains[i], err);
	if (good && r->out->aside && !place_sync_directory(inside))
		good = err_set(
		    err, ERR_IO, _("%s cannot be written: %s"), r->out->aside, strerror(errno));
	/* link() refuses a name that is taken, where rename() would overwrite it. */
	if (good && (link(r->part, r->here->path) != 0 || !place_sync_directory(r->here->path)))
		good = err_set(
		    err, ERR_IO, _("%s cannot be made: %s"), r->here->path, strerror(errno));
	free(inside);
	return good;
}

/* A log without its store is set aside as well. */
static bool
anything_there(const struct restore *r)
{
	for (size_t i = 0; i < COUNT_OF(remains); i++) {
		char *name = mem_print("%s%s", r->here->path, remains[i]);
		bool there = faccessat(AT_FDCWD, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;

		free(name);
		if (there)
			return true;
	}
	return false;
}

static bool
restore(struct restore *r, bool over_whole, struct err *err)
{
	if (!place_check_remains(r->here->path, &r->there, err) || !check_backup(r, err) ||
	    !queue_open(r->here, err) || !queue_alone(r->here, err) || !make_copy(r, err) ||
	    !prove_copy(r, err) || !look_at_damage(r, over_whole, err) ||
	    (anything_there(r) && !make_aside(r, err)))
		return false;
	if (tell(r, err) && close_copy(r, err))
		return change_places(r, err);
	/* Nothing went into it yet. */
	if (r->out->aside && rmdir(r->out->aside) == 0) {
		free(r->out->aside);
		r->out->aside = NULL;
	}
	return false;
}

bool
store_restore(const char *path, const char *backup, bool over_whole, struct restore_report *out,
    struct err *err)
{
	struct restore r = {.backup = backup, .out = out};
	struct err ignored = ERR_NONE;
	char *real;
	bool good;

	memset(out, 0, sizeof(*out));
	if (!place_make_directory(path, err) || !(real = place_resolve(path, err)))
		return false;
	r.here = handle_new(real);
	good = restore(&r, over_whole, err);
	if (!close_copy(&r, &ignored))
		err_clear(&ignored);
	if (r.part)
		unlink(r.part);
	free(r.part);
	handle_free(r.here);
	if (!good)
		restore_clear(out);
	return good;
}

void
restore_clear(struct restore_report *report)
{
	free(report->aside);
	salvage_clear(&report->lost);
	memset(report, 0, sizeof(*report));
}
