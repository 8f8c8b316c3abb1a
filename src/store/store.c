/* Making, opening and closing a store; ids, numbers, settings, snapshots. */
#include "store/inside.h"

#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/place.h"
#include "store/recorder.h"
#include "store/schema.h"
#include "store/search_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct store *
handle_new(char *path)
{
	struct store *st = mem_zero(1, sizeof(*st));

	st->path = path;
	st->pid = getpid();
	st->lock_fd = st->poke_fd = st->here_fd = st->watch_fd = -1;
	st->wal_passive = WAL_PASSIVE;
	st->wal_truncate = WAL_TRUNCATE;
	st->queue_wait_ms = QUEUE_WAIT_MS;
	st->search_behind = SEARCH_BEHIND;
	st->digest = digest_new();
	return st;
}

void
handle_free(struct store *st)
{
	while (st->n_kept) {
		struct kept *kept = &st->kept[--st->n_kept];

		kept->thing_free(kept->thing);
	}
	free(st->kept);
	recorder_free(st->recorder);
	sql_free_all(st);
	transaction_free(st);
	if (st->db)
		sqlite3_close(st->db);
	queue_close(st);
	if (st->watch_fd >= 0)
		close(st->watch_fd);
	digest_free(st->digest);
	free(st->verbs);
	free(st->kinds);
	free(st->setting);
	free(st->path);
	free(st);
}

/* --- making --- */

static bool
put_area(struct store *st, int64_t area)
{
	struct sql *q = sql(st, "INSERT INTO setting VALUES ('area', ?1)");

	sql_bind(q, "i", area);
	return sql_run(q);
}

/* The whole schema in a file nobody knows yet: rollback journal first, WAL as the last act. */
static bool
fill(struct store *st, int64_t area, struct err *err)
{
	char mark[64];
	bool good;

	snprintf(mark, sizeof(mark), "PRAGMA application_id = %d", STORE_APPLICATION_ID);
	st->permit_all = true;
	good = connect_run(st, mark);
	st->permit_all = false;
	if (!good)
		return fault_tell(st, err);
	if (!migrate(st, store_migrations, store_n_migrations, err))
		return false;
	st->permit_all = true;
	good = put_area(st, area) && connect_run(st, "PRAGMA journal_mode = WAL");
	st->permit_all = false;
	sql_free_all(st);
	return good || fault_tell(st, err);
}

void
remove_wal(const char *path)
{
	static const char *const suffix[] = {"-wal", "-shm", "-journal"};

	for (size_t i = 0; i < COUNT_OF(suffix); i++) {
		char *name = mem_print("%s%s", path, suffix[i]);

		unlink(name);
		free(name);
	}
}

static void
remove_with_wal(const char *path)
{
	unlink(path);
	remove_wal(path);
}

static bool
build(const char *path, int64_t area, struct err *err)
{
	struct store *st = handle_new(mem_dup(path));
	struct fault fault;
	bool good;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 || fchmod(fd, 0600) != 0) {
		err_set(err, ERR_STORE, _("%s cannot be made: %s"), path, strerror(errno));
		good = false;
	} else if (!connect_open(st, true, false, &fault)) {
		good = fault_explain(path, &fault, err);
	} else {
		good = fill(st, area, err);
	}
	handle_free(st);
	if (good && fsync(fd) != 0)
		good = err_set(err, ERR_STORE, _("%s cannot be made: %s"), path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return good;
}

bool
store_create(const char *path, int64_t area, struct err *err)
{
	char *real = NULL, *part = NULL;
	bool good = false;

	if (area <= 0 || area > ID_AREA_MAX)
		return err_set(
		    err, ERR_INPUT, _("The area code must have 9 digits, as 321084000."));
	if (!place_make_directory(path, err) || !(real = place_resolve(path, err)) ||
	    !place_check_directory(real, err))
		goto out;
	if (faccessat(AT_FDCWD, real, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		err_set(err, ERR_STATE,
		    _("%s exists already. A store is never overwritten: choose another name."),
		    real);
		goto out;
	}
	part = mem_print("%s.new-%ld", real, (long)getpid());
	good = build(part, area, err);
	/* link() refuses an existing name, where rename() would overwrite it. */
	if (good && link(part, real) != 0)
		good = err_set(err, ERR_STORE, _("%s cannot be made: %s"), real, strerror(errno));
	remove_with_wal(part);
	if (good && !place_sync_directory(real))
		good = err_set(err, ERR_STORE, _("%s cannot be made: %s"), real, strerror(errno));
out:
	free(part);
	free(real);
	return good;
}

/* --- opening --- */

/* Read-only media without a WAL beside the file can be read as they are, and only so. */
static bool
connect_any(struct store *st, struct err *err)
{
	struct fault fault;
	struct stat sb;
	char *wal;
	bool live;

	if (connect_open(st, !st->read_only, false, &fault))
		return true;
	wal = mem_print("%s-wal", st->path);
	live = stat(wal, &sb) == 0 && sb.st_size > 0;
	free(wal);
	if (st->read_only && !live && connect_open(st, false, true, &fault))
		return true;
	return fault_explain(st->path, &fault, err);
}

static bool
bring_up_to_date(struct store *st, struct err *err)
{
	int64_t version;
	bool good;

	if (!connect_value(st->db, "PRAGMA user_version", &version)) {
		fault_note(st, sqlite3_extended_errcode(st->db));
		return fault_tell(st, err);
	}
	if (version < 1 || (size_t)version > store_n_migrations)
		return err_set(err, ERR_STORE,
		    _("The store %s was written by a newer zhiban (version %lld of its tables, "
		      "this program knows %zu). "
		      "Install the newer program; nothing was changed."),
		    st->path, (long long)version, store_n_migrations);
	if ((size_t)version == store_n_migrations)
		return true;
	if (st->read_only)
		return err_set(err, ERR_STORE,
		    _("The store %s is of an older version. Open the console on it once to bring "
		      "it up to date: zhiban --store %s"),
		    st->path, st->path);
	if (!queue_take(st, err))
		return false;
	good = migrate(st, store_migrations, store_n_migrations, err);
	queue_release(st);
	return good;
}

static bool
check_inside(struct store *st, struct err *err)
{
	struct fault damaged = {
	    SQLITE_CORRUPT, 0, "the schema is not what the last migration left"};

	if (!schema_intact(st))
		return fault_explain(st->path, &damaged, err);
	st->area = store_setting_int(st, "area", 0);
	if (st->area > 0 && st->area <= ID_AREA_MAX)
		return true;
	snprintf(damaged.text, sizeof(damaged.text), "the setting \"area\" is missing");
	return fault_explain(st->path, &damaged, err);
}

struct store *
store_open(const char *path, enum store_mode mode, struct err *err)
{
	char *real = place_is_there(path, err) ? place_resolve(path, err) : NULL;
	struct store *st;
	bool writable = false;

	if (!real)
		return NULL;
	if (!place_check_file(real, &writable, err)) {
		free(real);
		return NULL;
	}
	st = handle_new(real);
	st->read_only = mode == STORE_READ || !writable;
	if (!st->read_only && !queue_open(st, NULL))
		st->read_only = true;
	if (!queue_enter(st, err) || !connect_any(st, err) || !bring_up_to_date(st, err) ||
	    !check_inside(st, err)) {
		handle_free(st);
		return NULL;
	}
	journal_register(st);
	return st;
}

void
store_close(struct store *st)
{
	if (!st)
		return;
	assert(!st->call && !st->batch);
	sql_free_all(st);
	/* The file alone then holds everything, unless somebody is busy with it. */
	if (!st->read_only && !st->private_copy && queue_try(st)) {
		write_checkpoint(st, true);
		queue_release(st);
	}
	handle_free(st);
}

const char *
store_path(const struct store *st)
{
	return st->path;
}

bool
store_is_read_only(const struct store *st)
{
	return st->read_only;
}

int64_t
store_area(const struct store *st)
{
	return st->area;
}

/* --- ids, numbers, settings --- */

static int64_t
next_of(struct store *st, const char *name)
{
	struct sql *q = sql(st, "INSERT INTO sequence VALUES (?1, 1) ON CONFLICT (name) DO UPDATE "
				"SET last = last + 1 RETURNING last");
	int64_t next = 1;

	assert(st->call);
	sql_bind(q, "t", name);
	if (sql_row(q))
		next = sql_int(q, 0);
	sql_done(q);
	return next;
}

int64_t
store_new_id(struct store *st)
{
	return id_make(st->area, next_of(st, "id"));
}

int
store_new_number(struct store *st, const char *series, int year)
{
	char name[96];

	snprintf(name, sizeof(name), "%s|%d", series, year);
	return (int)next_of(st, name);
}

const char *
store_setting(struct store *st, const char *name)
{
	free(st->setting);
	st->setting = sql_one_text(st, "SELECT value FROM setting WHERE name = ?1", "t", name);
	return st->setting;
}

int64_t
store_setting_int(struct store *st, const char *name, int64_t otherwise)
{
	const char *value = store_setting(st, name);
	char *end;
	long long number;

	if (!value || !*value)
		return otherwise;
	errno = 0;
	number = strtoll(value, &end, 10);
	return errno || *end ? otherwise : (int64_t)number;
}

void
store_set_setting(struct store *st, const char *name, const char *value)
{
	struct sql *q = sql(st, "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE "
				"SET value = excluded.value");

	assert(st->call);
	sql_bind(q, "tt", name, value);
	if (!sql_run(q))
		return; /* sticky: the verb fails */
}

/* --- things kept by the systems --- */

void *
store_kept(const struct store *st, const void *key)
{
	for (size_t i = 0; i < st->n_kept; i++)
		if (st->kept[i].key == key)
			return st->kept[i].thing;
	return NULL;
}

void
store_keep(struct store *st, const void *key, void *thing, void (*thing_free)(void *thing))
{
	size_t i;

	for (i = 0; i < st->n_kept && st->kept[i].key != key; i++)
		;
	if (i == st->n_kept) {
		mem_grow(&st->kept, &st->room_kept, st->n_kept);
		st->n_kept++;
	} else {
		st->kept[i].thing_free(st->kept[i].thing);
	}
	st->kept[i] = (struct kept){key, thing, thing_free};
}

/* --- snapshots --- */

void
store_read_begin(struct store *st)
{
	if (st->snapshots++ || st->writing)
		return;
	transaction_abandon(st);
	st->fault.code = SQLITE_OK;
	transaction(st, TX_READ);
}

bool
store_read_end(struct store *st, struct err *err)
{
	bool good = st->fault.code == SQLITE_OK;

	assert(st->snapshots);
	if (!good)
		fault_tell(st, err);
	if (--st->snapshots || st->writing)
		return good;
	if (!sqlite3_get_autocommit(st->db) && !transaction(st, TX_COMMIT))
		transaction_abandon(st);
	return good;
}

/* --- many verbs at once --- */

bool
store_batch_begin(struct store *st, struct err *err)
{
	assert(!st->batch && !st->call);
	if (st->read_only)
		return err_set(err, ERR_STORE,
		    _("The store is open for reading only: nothing can be saved now."));
	st->batch = write_begin(st, err);
	return st->batch;
}

bool
store_in_batch(const struct store *st)
{
	return st->batch;
}

bool
store_batch_end(struct store *st, bool good, struct err *err)
{
	assert(st->batch && !st->call);
	st->batch = false;
	return write_end(st, good, err);
}
