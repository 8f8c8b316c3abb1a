/* The one write transaction, under the queue's lock from before BEGIN to behind the checkpoint. */
#include "store/inside.h"

#include "base/i18n.h"
#include "store/schema.h"

#include <assert.h>
#include <unistd.h>

/*
 * A newer program may have brought the store up to date while this one had it open. What this one knows of the tables is no
 * longer the whole, so it reads on and writes no more.
 */
static bool
is_ours(struct store *st, struct err *err)
{
	int64_t version = sql_one_int(st, "PRAGMA user_version", -1, "");

	if (st->fault.code != SQLITE_OK)
		return fault_tell(st, err);
	if ((size_t)version == store_n_migrations)
		return true;
	return err_set(err, ERR_STORE,
	    _("A newer zhiban has brought the store up to date since this one was started, so this "
	      "was "
	      "not saved. Leave, and start the new one: what is being typed is kept as a draft."));
}

bool
write_begin(struct store *st, struct err *err)
{
	assert(!st->snapshots && st->pid == getpid());
	if (!queue_take(st, err))
		return false;
	/* A statement left in the middle would hold an old snapshot, from which SQLite cannot
	 * write. */
	sql_reset_all(st);
	transaction_abandon(st);
	st->fault.code = SQLITE_OK;
	if (transaction(st, TX_WRITE)) {
		st->writing = true;
		if (is_ours(st, err))
			return true;
		sql_reset_all(st);
		transaction_abandon(st);
		st->writing = false;
		st->fault.code = SQLITE_OK;
		queue_release(st);
		return false;
	}
	queue_release(st);
	return fault_tell(st, err);
}

void
write_checkpoint(struct store *st, bool truncate)
{
	int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;

	/* Readers in the middle of the WAL are not waited for: others stand in line behind us. */
	sqlite3_busy_timeout(st->db, 0);
	sqlite3_wal_checkpoint_v2(st->db, "main", mode, NULL, NULL);
	sqlite3_busy_timeout(st->db, 5000);
}

/*
 * COMMIT may fail behind the point where it was done (no memory while tidying up): to say "not
 * saved" would then make somebody do it twice. Nobody else writes while we hold the queue, so the
 * journal's last row tells.
 */
static bool
is_committed(struct store *st)
{
	struct fault first = st->fault;
	bool there;

	if (!st->appended || !sqlite3_get_autocommit(st->db))
		return false;
	st->fault.code = SQLITE_OK;
	there = sql_one_int(st, "SELECT 1 FROM journal WHERE id = ?1", 0, "i", st->appended) != 0;
	st->fault = first;
	return there;
}

/* Where a reader keeps the WAL from being emptied, trying again at each commit would only cost. */
static void
checkpoint_perhaps(struct store *st)
{
	if (st->wal_frames < st->wal_tried)
		st->wal_tried = 0;
	if (st->wal_frames <= st->wal_tried + st->wal_passive)
		return;
	st->wal_tried = st->wal_frames;
	write_checkpoint(st, st->wal_frames > st->wal_truncate);
}

bool
write_end(struct store *st, bool good, struct err *err)
{
	bool done;

	if (sqlite3_get_autocommit(st->db) && st->fault.code == SQLITE_OK)
		st->fault = st->lost;
	done =
	    good && st->fault.code == SQLITE_OK && (transaction(st, TX_COMMIT) || is_committed(st));

	if (done) {
		st->wrote = true;
		if (!st->silent)
			queue_poke(st);
		if (st->step_told)
			clock_step_told(st);
		checkpoint_perhaps(st);
	} else {
		if (good)
			fault_tell(st, err);
		/* SQLite may have rolled back by itself (full disk): then this says so, and that is
		 * well. */
		transaction_abandon(st);
	}
	st->writing = st->step_told = false;
	st->appended = 0;
	st->fault.code = SQLITE_OK;
	queue_release(st);
	return done;
}

bool
write_mark(struct store *st, struct err *err)
{
	/* A full disk makes SQLite roll the whole batch back; then nothing more may be done in it.
	 */
	if (sqlite3_get_autocommit(st->db)) {
		st->fault = st->lost;
		return fault_tell(st, err);
	}
	st->fault.code = SQLITE_OK;
	sql_reset_all(st);
	if (transaction(st, TX_MARK))
		return true;
	return fault_tell(st, err);
}

bool
write_unmark(struct store *st, bool good)
{
	if (good && transaction(st, TX_RELEASE))
		return true;
	if (sqlite3_get_autocommit(st->db)) {
		st->lost = st->fault;
		return false;
	}
	/* Of a verb that is not to stand nothing may; when even that fails the batch is lost as a
	 * whole. */
	if (transaction(st, TX_BACK) && transaction(st, TX_RELEASE)) {
		if (!good)
			st->fault.code = SQLITE_OK; /* told already, and gone with the verb */
		return !good;
	}
	st->lost = st->fault;
	transaction_abandon(st);
	return false;
}
