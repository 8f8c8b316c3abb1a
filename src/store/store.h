/*
 * One store: one SQLite file in WAL mode that many consoles and one sync process share. Readers see a
 * snapshot; writers are verbs (store/verb.h) and nothing else.
 *
 * Beside FILE stand FILE-wal and FILE-shm (SQLite's), FILE.lock (the write queue: one blocking OFD lock taken
 * before BEGIN IMMEDIATE and held through every checkpoint; reliability 0.1, 0.2), FILE.poke (touched after
 * each commit, watched by inotify) and FILE.drafts/ (texts being typed, store/draft.h). All are 0600 / 0700.
 *
 * A handle belongs to one process: whoever forks opens the store afterwards, in each of the two, or closes it before
 * (SQLite's locks are not inherited, so a handle carried over a fork destroys the shared index).
 *
 * Connections are hardened: defensive mode, trusted_schema off, foreign keys, synchronous=FULL, cell size check,
 * cache 2 MB, no mmap, wal_autocheckpoint=0, statement limits, an authorizer that refuses UPDATE and DELETE on
 * the journal, ATTACH, and PRAGMAs that weaken any of this.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum store_mode {
	STORE_READ,   /* never writes; works on a read-only file or directory (then without a live WAL) */
	STORE_WRITE   /* an existing store */
};

/*
 * Make a new store. Refuses an existing file. `area` is the 9-digit code of the issuing place (the origin of
 * all its ids). The missing last directory of `path` is made (0700); a directory others may write is refused.
 */
bool store_create(const char *path, int64_t area, struct err *err) __attribute__((warn_unused_result));

/*
 * Open. Runs pending migrations (STORE_WRITE). Fails with a message that says what to do for: no file, not a zhiban store,
 * newer version, damage, wrong owner, no permission. `read_only` in the store tells when a STORE_WRITE open fell back
 * because the file or directory cannot be written (the console then shows it in its header).
 */
struct store *store_open(const char *path, enum store_mode mode, struct err *err)
    __attribute__((warn_unused_result));
void store_close(struct store *st);

const char *store_path(const struct store *st);
bool store_is_read_only(const struct store *st);
/* The origin: 9-digit area code of this store. */
int64_t store_area(const struct store *st);
/* The next id of this origin: area << 33 | sequence. Only inside a verb. */
int64_t store_new_id(struct store *st);
/* The next yearly number of a series ("incident", "order", "report"), from 1. Only inside a verb. */
int store_new_number(struct store *st, const char *series, int year);

/* Settings (table setting). store_setting gives NULL when unset; valid until the next call. */
const char *store_setting(struct store *st, const char *name);
int64_t store_setting_int(struct store *st, const char *name, int64_t otherwise);
/* Only inside a verb. */
void store_set_setting(struct store *st, const char *name, const char *value);

/*
 * What a system keeps for the life of this handle: a reader, a parsed plan. `key` is the address of something static. A new thing takes the
 * place of the old one, which is freed; store_close frees what is left.
 */
void store_keep(struct store *st, const void *key, void *thing, void (*thing_free)(void *thing));
void *store_kept(const struct store *st, const void *key);

/*
 * Many verbs in one transaction: the demo county, an import. Each verb still stands or falls alone, but all become durable and
 * visible together at the end, and nothing at all when `good` is false or the commit fails. The write queue is held the
 * whole time, so others wait: keep a batch under a second. About ten times as fast as verbs one by one.
 */
bool store_batch_begin(struct store *st, struct err *err) __attribute__((warn_unused_result));
bool store_batch_end(struct store *st, bool good, struct err *err) __attribute__((warn_unused_result));
/* Between the two? */
bool store_in_batch(const struct store *st);

/*
 * A snapshot over several reads (a screen's worth). Nests. Keep it short: a long snapshot holds back the checkpoint.
 * End gives false when any read since failed (I/O, damage); err says what.
 */
void store_read_begin(struct store *st);
bool store_read_end(struct store *st, struct err *err);

/*
 * Change watch. store_watch_fd becomes readable when something was committed (by anyone); call store_watch_drain
 * then: true when the store really changed (data_version moved, or this connection wrote) since the last drain.
 * Not inside a snapshot or a loop over rows: it ends every statement left in the middle, which would show the old state.
 */
int store_watch_fd(struct store *st);
bool store_watch_drain(struct store *st);
/* A number that grows with every change seen; screens compare it to know that they are stale. */
uint64_t store_generation(const struct store *st);

/* An online copy (backup API, then fsync), safe while others write. Refuses an existing target. 0600. */
bool store_backup(struct store *st, const char *target, struct err *err) __attribute__((warn_unused_result));
/*
 * A backup into a folder, NAME-2025-07-10T031200.db of the store NAME.db by the time on the wall; then all copies named so but the newest
 * `keep` (1 or more) are removed. dir NULL: FILE.backups beside the store, made (0700) when it is missing. The copy's pages and chain are
 * proven first: one that does not prove whole is not kept, and nothing is removed. *out is cleared by kept_backup_clear.
 */
struct kept_backup {
	char *made;  /* owned: the path of the copy */
	int removed;
};
bool store_backup_keep(struct store *st, const char *dir, int keep, struct kept_backup *out, struct err *err)
    __attribute__((warn_unused_result));
void kept_backup_clear(struct kept_backup *b);

/*
 * The store as it stood at `at`: a private copy (temporary file, deleted on close), taken back by inverse
 * changesets from the head of the journal to the last row at or before `at`. Read-only.
 */
struct store *store_replay(struct store *st, int64_t at, struct err *err) __attribute__((warn_unused_result));
/* The same, as it stood just after journal row `seq` of this origin. */
struct store *store_replay_seq(struct store *st, int64_t seq, struct err *err) __attribute__((warn_unused_result));

/* What `zhiban verify` finds. Each problem is one line; checked counts journal rows. */
struct verify_report {
	int64_t checked;
	char *head;       /* hex SM3 of the last row of this origin, "" when empty; owned */
	int64_t head_seq;
	char **problems;  /* owned; NULL-terminated; empty when all is well */
	char *sqlite;     /* version and whether its WAL can lose commits without our lock; owned */
};
/*
 * quick_check, foreign keys, then the hash chain of every origin row by row. `expected` (may be NULL) is
 * "SEQ:HEX", a head exported earlier (handover paper, report footer): proves that no tail was cut and no older copy put in place.
 * False only when the store cannot be read at all.
 */
bool store_verify(struct store *st, const char *expected, struct verify_report *out, struct err *err)
    __attribute__((warn_unused_result));
/* The same of a store that has no reader: false with the first problem in err. */
bool store_prove(struct store *st, struct err *err) __attribute__((warn_unused_result));
/*
 * Then, whether the tables say what the journal says: a private copy is taken back row by row to its beginning. Whatever was changed
 * there behind the journal's back stands in the way on the way, or is left over at the end; each is a problem added to the
 * report of store_verify. Takes some 0.1 ms a journal row, and the room of a copy.
 */
bool store_verify_tables(struct store *st, struct verify_report *report, struct err *err)
    __attribute__((warn_unused_result));
void verify_clear(struct verify_report *report);
/* Could `text` be such a head: "SEQ:HEX", 64 hexadecimal digits? To be asked before a long walk. */
bool verify_is_head(const char *text);

#endif
