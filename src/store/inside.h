/*
 * What the files of store/ share and nobody else sees: the connection, its statements, the write queue, and
 * the one transaction a verb runs in. Life of a verb:
 *
 *	write_begin   queue_take -> reset left-over statements -> BEGIN IMMEDIATE
 *	  verb        recorder on -> run -> changeset -> journal row
 *	write_end     COMMIT or ROLLBACK -> poke -> checkpoint when the WAL is long -> queue_release
 *
 * Checkpoints are made between queue_take and queue_release and nowhere else: SQLite 3.7.0 to 3.51.2 can lose
 * commits when a checkpoint races a commit of another process (measured here with Debian's 3.40.1).
 */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#ifndef SQLITE_ENABLE_SESSION
#define SQLITE_ENABLE_SESSION 1
#endif
#ifndef SQLITE_ENABLE_PREUPDATE_HOOK
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#endif
#include <sqlite3.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Frames in the WAL that call for a checkpoint, and for one that cuts the file. A frame is 4 KiB. Pages written again and again go to
 * the store once a checkpoint: 4000 in place of 1000 gave a stream of alerts 9 % more a second.
 */
#define WAL_PASSIVE 4000
#define WAL_TRUNCATE 16000
/* The longest a writer waits for its turn before it gives up and says who holds the queue. */
#define QUEUE_WAIT_MS 20000
#define HASH_SIZE 32

/* The first failure of SQLite since the last beginning. */
struct fault {
	int code;         /* extended result code, 0 none */
	int system;       /* errno behind it, 0 unknown */
	char text[160];   /* SQLite's words, for the log */
};

struct sql {
	struct store *st;
	const char *text;      /* the literal: its address is the key */
	sqlite3_stmt *stmt;    /* NULL: could not be prepared (fault set); gives no rows */
	bool cut;              /* reset under its reader by a verb */
};

struct digest;
struct recorder;

/* A thing a system keeps with the handle. */
struct kept {
	const void *key;
	void *thing;
	void (*thing_free)(void *thing);
};

/* Prepared when the store is opened, so that a rollback needs no memory. */
enum transaction { TX_READ, TX_WRITE, TX_COMMIT, TX_ROLLBACK, TX_MARK, TX_RELEASE, TX_BACK, TX_COUNT };

struct store {
	sqlite3 *db;
	char *path;            /* real directory + "/" + name */
	pid_t pid;             /* of the process that opened it */
	bool read_only;
	bool private_copy;     /* a replay: nobody else has it */
	bool permit_all;       /* the authorizer stands aside: migrations, replay */
	int64_t area;
	struct fault fault;
	struct fault lost;     /* what made SQLite roll a batch back in the middle */
	sqlite3_stmt *tx[TX_COUNT];
	struct sql **statements; /* open addressing by address of the text */
	size_t n_statements, room_statements;
	struct sql *dead;      /* given out when a statement cannot be prepared */
	unsigned snapshots;    /* nesting of store_read_begin */

	/* writing */
	int lock_fd, poke_fd;  /* -1 when read-only */
	int here_fd;           /* FILE.lock of a reader, -1 none */
	bool writing;          /* inside the one write transaction */
	struct verb_call *call; /* the verb that runs now */
	int wal_passive, wal_truncate; /* WAL_…, lower in tests */
	int queue_wait_ms;     /* QUEUE_WAIT_MS, shorter in tests */
	int search_behind;     /* SEARCH_BEHIND, 1 in tests of the index */
	int64_t clock_distance; /* jump.c: now, as last looked at */
	int64_t clock_error;   /* tests set the clock by this */
	int64_t appended;      /* id of the last journal row of this transaction, 0 none */
	bool step_told;        /* this transaction holds the row of a clock step */
	int wal_tried;         /* wal_frames at the last checkpoint */
	bool silent;           /* this commit wakes no console (link_note) */
	bool batch;            /* between store_batch_begin and _end */
	int wal_frames;        /* in the WAL after the last commit of ours */
	struct digest *digest;
	struct recorder *recorder; /* NULL before the first verb */

	/* watching */
	int watch_fd;          /* inotify, -1 none */
	int64_t data_version;
	bool wrote;            /* this connection committed since the last drain */
	uint64_t generation;

	const struct verb **verbs;
	size_t n_verbs, room_verbs;
	const struct thing_kind **kinds;
	size_t n_kinds, room_kinds;
	struct kept *kept;
	size_t n_kept, room_kept;
	char *setting;         /* the value given out last */
};

/* --- store.c --------------------------------------------------------------------------------------- */
struct store *handle_new(char *path);  /* takes path over */
void handle_free(struct store *st);

/* --- fault.c: SQLite's failures in plain words ----------------------------------------------------- */
/* Keep the connection's present error as the fault, unless there is one. */
void fault_note(struct store *st, int code);
/* Fill err from the fault. Always false. */
bool fault_tell(struct store *st, struct err *err);
/* The same for any code, of a store at `path`. */
bool fault_explain(const char *path, const struct fault *f, struct err *err);
void fault_read(sqlite3 *db, int code, struct fault *out);

/* --- connect.c ------------------------------------------------------------------------------------- */
/* Open and harden. `immutable`: the file cannot change and there is no WAL. */
bool connect_open(struct store *st, bool writing, bool immutable, struct fault *fault);
/* A single value of a pragma or expression; false on failure. */
bool connect_value(sqlite3 *db, const char *text, int64_t *out);
bool connect_run(struct store *st, const char *text);
/* Prepare, run, drop the transaction statements. */
int transaction_prepare(struct store *st);
bool transaction(struct store *st, enum transaction what);
void transaction_free(struct store *st);
/* End what may be open, after a failure. */
void transaction_abandon(struct store *st);

/* --- migrate.c --------------------------------------------------------------------------------------- */
/* Run the steps from the store's version on, each in one transaction. The queue is taken by the caller. */
bool migrate(struct store *st, const char *const *steps, size_t n, struct err *err);
/* SM3 of the text of the schema, in hex; false on failure. */
bool schema_fingerprint(struct store *st, char hex[65]);
/* Is the schema the one the last migration left? Damage there looks like a wrong statement. */
bool schema_intact(struct store *st);

/* --- sql.c ------------------------------------------------------------------------------------------- */
void sql_reset_all(struct store *st);
void sql_free_all(struct store *st);

/* --- queue.c ----------------------------------------------------------------------------------------- */
bool queue_open(struct store *st, struct err *err);
void queue_close(struct store *st);
/*
 * Every open store shows that somebody is here, readers too where they can; queue_alone wants nobody to be, and from then on
 * keeps everybody out until queue_close. False with err: somebody is here, or keeps others out.
 */
bool queue_enter(struct store *st, struct err *err);
bool queue_alone(struct store *st, struct err *err);
bool queue_take(struct store *st, struct err *err);
bool queue_try(struct store *st);
void queue_release(struct store *st);
void queue_poke(struct store *st);

/* --- jump.c ------------------------------------------------------------------------------------------ */
/* How far the system clock was set since anybody wrote last, 0 not. The queue is taken. */
int64_t clock_step(struct store *st);
/* The journal has it: not again. */
void clock_step_told(struct store *st);

/* --- write.c ----------------------------------------------------------------------------------------- */
bool write_begin(struct store *st, struct err *err);
/* Commit (or roll back when !good), poke, checkpoint, release. False when the commit failed. */
bool write_end(struct store *st, bool good, struct err *err);
/* Inside a transaction: a point to come back to. */
bool write_mark(struct store *st, struct err *err);
bool write_unmark(struct store *st, bool good);
void write_checkpoint(struct store *st, bool truncate);

/* --- chain.c ----------------------------------------------------------------------------------------- */
struct digest *digest_new(void);
void digest_free(struct digest *digest);
struct chain_fields {
	int64_t id, origin, seq, at, person;
	const char *actor, *via, *verb, *subject_kind; /* subject_kind NULL none */
	int64_t subject, incident, area;               /* 0 none, stored as NULL */
	const char *args, *text;
	int64_t corrects;                              /* id, 0 none */
	const void *changeset;
	size_t changeset_size;
};
void chain_hash(struct digest *digest, const unsigned char prev[HASH_SIZE], const struct chain_fields *row,
    unsigned char out[HASH_SIZE]);
void chain_hex(const unsigned char *hash, size_t size, char *out);
/* SM3 of some bytes. */
void chain_digest(struct digest *digest, const void *data, size_t size, unsigned char out[HASH_SIZE]);
/* The last row of this origin. seq 0 and a hash of zeros when there is none. */
void chain_head(struct store *st, int64_t *seq, int64_t *at, unsigned char hash[HASH_SIZE]);

/* --- draft.c ------------------------------------------------------------------------------------------- */
/* FILE.drafts/, where drafts and histories stand; made (0700) when it is missing and `make`. -1 with errno set. The caller closes. */
int drafts_folder(struct store *st, bool make);

/* --- verify.c ------------------------------------------------------------------------------------------ */
void verify_problem(struct verify_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- backup.c ------------------------------------------------------------------------------------------ */
/* What SQLite keeps beside a file that nobody has open, and that is whole without. */
void remove_wal(const char *path);
/* One snapshot of the store into the (empty) file `target`. Not synced. */
bool copy_file(struct store *st, const char *target, struct err *err);

/* --- replay.c ------------------------------------------------------------------------------------------ */
typedef int (*replay_conflict)(void *data, int kind, sqlite3_changeset_iter *at);
/* A private copy of the store, foreign keys off, deleted when it is closed. */
struct store *replay_copy(struct store *st, struct err *err);
/* Take the copy back to just behind row `target`. An SQLite code; rows of the journal stay. */
int replay_rewind(struct store *copy, int64_t target, replay_conflict on_conflict, void *data);

/* --- verbs ------------------------------------------------------------------------------------------- */
struct verb_call {
	struct store *st;
	const struct verb *verb;
	struct actor actor;      /* as the store knows the person now */
	json_t *args;            /* checked and cleaned, owned */
	int64_t now, journal, seq;
	unsigned char prev[HASH_SIZE];
	char subject_kind[32];
	int64_t subject, incident, area, corrects;
	bool touched;            /* call_touch_area was asked */
	bool denied;             /* refused by right: the journal tells */
	struct buf say;
};
/* Check `given` against the verb's parameters; the clean copy goes to call->args. */
bool args_check(struct verb_call *call, json_t *given, struct err *err);
bool actor_is_confined(const struct actor *actor);
/* restore.c: the verb "store.restored". */
bool restore_run_restored(struct verb_call *call, struct err *err);
/* undo.c: the store's own verbs. */
void journal_register(struct store *st);
/* journal.c: append the row of this call. */
bool journal_append(struct verb_call *call, const char *verb, const char *args, const char *text,
    const void *changeset, size_t size);

#endif
