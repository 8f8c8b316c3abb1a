/*
 * The store as it stood: a private copy, unlinked as soon as it is open, from which the changesets
 * behind the wanted row are taken back, newest first. They go in bundles: a changegroup adds up the
 * inverses of some hundred rows, so that a row changed often is written once a bundle.
 */
#include "store/inside.h"

#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/changes.h"
#include "store/journal.h"
#include "store/search_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUNDLE_BYTES (8 << 20)

/* Add inverses from row `id` down to above `target`, as many as a bundle holds. *id gets where to
 * go on. */
static int
gather(struct store *copy, sqlite3_changegroup *group, int64_t *id, int64_t target)
{
	struct sql *q = sql(copy, "SELECT id, changeset FROM journal WHERE id > ?1 AND id <= ?2"
				  " ORDER BY id DESC");
	size_t bytes = 0;
	int rc = SQLITE_OK;

	sql_bind(q, "ii", target, *id);
	*id = target;
	while (rc == SQLITE_OK && sql_row(q)) {
		size_t size;
		const void *changeset = sql_blob(q, 1, &size);
		void *inverse = NULL;
		int n = 0;

		if (!changeset)
			continue;
		rc = sqlite3changeset_invert((int)size, changeset, &n, &inverse);
		if (rc == SQLITE_OK)
			rc = sqlite3changegroup_add(group, n, inverse);
		sqlite3_free(inverse);
		bytes += size;
		if (bytes > BUNDLE_BYTES) {
			*id = sql_int(q, 0) - 1;
			break;
		}
	}
	sql_done(q);
	return rc;
}

static int
apply_bundle(
    struct store *copy, sqlite3_changegroup *group, replay_conflict on_conflict, void *data)
{
	void *changes = NULL;
	int n = 0, rc = sqlite3changegroup_output(group, &n, &changes);

	if (rc == SQLITE_OK && n > 0)
		rc = sqlite3changeset_apply(copy->db, n, changes, NULL, on_conflict, data);
	sqlite3_free(changes);
	return rc;
}

int
replay_rewind(struct store *copy, int64_t target, replay_conflict on_conflict, void *data)
{
	int64_t id = sql_one_int(copy, "SELECT max(id) FROM journal WHERE id <= ?1", target, "i",
	    copy->area << ID_SEQUENCE_BITS | ID_SEQUENCE_MAX);
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && id > target) {
		sqlite3_changegroup *group = NULL;

		rc = sqlite3changegroup_new(&group);
		if (rc == SQLITE_OK)
			rc = gather(copy, group, &id, target);
		if (rc == SQLITE_OK)
			rc = apply_bundle(copy, group, on_conflict, data);
		if (group)
			sqlite3changegroup_delete(group);
	}
	return rc;
}

static int
stop(void *data, int kind, sqlite3_changeset_iter *at)
{
	changes_describe(kind, at, data);
	return SQLITE_CHANGESET_ABORT;
}

static bool
rewind_to(struct store *copy, int64_t target, struct err *err)
{
	struct conflict conflict = {0};
	int rc = replay_rewind(copy, target, stop, &conflict);

	if (conflict.found)
		return err_set(err, ERR_STORE,
		    _("The past cannot be put together: table %s, row %s was changed outside the "
		      "journal."),
		    conflict.table, conflict.name);
	if (rc == SQLITE_OK && copy->fault.code == SQLITE_OK)
		return true;
	fault_note(copy, rc);
	return fault_tell(copy, err);
}

static bool
forget_later(struct store *copy, int64_t target, struct err *err)
{
	struct sql *q;
	bool good;

	search_cut(copy, id_sequence(target) ? target : 0);
	/* Behind the authorizer: this copy is nobody's record. */
	copy->permit_all = true;
	q = sql(copy, "DELETE FROM journal WHERE id > ?1 AND id <= ?2");
	sql_bind(q, "ii", target, copy->area << ID_SEQUENCE_BITS | ID_SEQUENCE_MAX);
	good = sql_run(q);
	copy->permit_all = false;
	return good || fault_tell(copy, err);
}

/* A new empty file beside the store, or where the directory is read-only among the temporary ones.
 */
static char *
temporary_file(const struct store *st, int *fd, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char *path = mem_print("%s.replay-XXXXXX", st->path);

	*fd = mkostemp(path, O_CLOEXEC);
	if (*fd < 0) {
		free(path);
		path = mem_print("%s/zhiban-replay-XXXXXX", tmp && *tmp ? tmp : "/tmp");
		*fd = mkostemp(path, O_CLOEXEC);
	}
	if (*fd >= 0)
		return path;
	err_set(err, ERR_IO, _("%s cannot be made: %s"), path, strerror(errno));
	free(path);
	return NULL;
}

/* It has no name any more once it is open: nothing is left when the program is killed. */
struct store *
replay_copy(struct store *st, struct err *err)
{
	static const char rollback_journal[2] = {1, 1};
	struct store *copy;
	struct fault fault;
	int fd;
	char *path = temporary_file(st, &fd, err);
	bool good;

	if (!path)
		return NULL;
	copy = handle_new(path);
	copy->private_copy = true;
	copy->area = st->area;
	/* Bytes 18 and 19 of the header say WAL; nobody shares this copy, so it needs none
	 * (fileformat2, 1.3.3). */
	good = copy_file(st, path, err) && pwrite(fd, rollback_journal, 2, 18) == 2;
	close(fd);
	if (good && !connect_open(copy, true, false, &fault))
		good = fault_explain(path, &fault, err);
	unlink(path);
	if (good) {
		copy->permit_all = true;
		good = connect_run(copy,
			   "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY;"
			   "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF") ||
		       fault_tell(copy, err);
		copy->permit_all = false;
	}
	if (good)
		return copy;
	err_set(err, ERR_IO, _("%s cannot be written: %s"), path, strerror(errno));
	handle_free(copy);
	return NULL;
}

static struct store *
replay(struct store *st, int64_t target, struct err *err)
{
	struct store *copy = replay_copy(st, err);
	bool good;

	if (!copy)
		return NULL;
	copy->writing = true;
	good = transaction(copy, TX_WRITE) || fault_tell(copy, err);
	good = good && rewind_to(copy, target, err) && forget_later(copy, target, err);
	good = good && (transaction(copy, TX_COMMIT) || fault_tell(copy, err));
	if (!good) {
		sql_reset_all(copy);
		handle_free(copy);
		return NULL;
	}
	copy->writing = false;
	copy->read_only = true;
	journal_register(copy);
	return copy;
}

struct store *
store_replay(struct store *st, int64_t at, struct err *err)
{
	int64_t last = journal_last_at(st, at);

	return replay(st, last ? last : st->area << ID_SEQUENCE_BITS, err);
}

struct store *
store_replay_seq(struct store *st, int64_t seq, struct err *err)
{
	struct journal_row row;

	if (seq != 0 && !journal_by_seq(st, seq, &row)) {
		err_set(err, ERR_NOT_FOUND, _("There is no entry #%lld."), (long long)seq);
		return NULL;
	}
	if (seq != 0)
		journal_row_clear(&row);
	return replay(st, st->area << ID_SEQUENCE_BITS | seq, err);
}
