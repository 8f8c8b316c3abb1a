/*
 * Putting a backup in the place of a damaged store: what `zhiban restore` does.
 *
 *	1  nobody has the store open, and nobody can open it until this is over (queue_alone)
 *	2  the backup is copied beside the store, opened, brought up to date, and its pages and chain are verified there
 *	3  what the damaged journal still tells of the time since is read, row by row
 *	4  a row "store.restored" goes into the copy: from what, as of which row; ids and yearly numbers go on behind the damaged store's
 *	5  the damaged file, its -wal and its -shm are moved into a new directory beside the store; the copy takes their place
 *
 * A failure before 5 leaves everything as it was; a death in 5 leaves the damaged files in the directory and no store, and the
 * same command again finishes. Nothing is ever overwritten or removed but the copy of its own. Drafts, credentials, lock and
 * poke stay where they are.
 */
#ifndef STORE_RESTORE_H
#define STORE_RESTORE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal_row;

/* What a damaged journal still tells of the rows behind `from`. Reads, and changes no byte of the file or its log. */
struct salvage {
	bool whole;            /* the store opens, and its pages and chain verify */
	int64_t area;          /* whose store it is, 0 unreadable */
	int64_t last;          /* number of the last row it is known to have had, 0 unknown */
	struct journal_row *row; /* owned: the rows that can be read, oldest first, at most SALVAGE_MAX */
	size_t n, room;
	int64_t unreadable;    /* rows among and behind them that were there and cannot be read */
	bool more;             /* than SALVAGE_MAX */
	bool other;            /* row `from` can be read, and is not the one with this hash: another history */
	char *numbers;         /* JSON, owned: the table `sequence`, as far as it can be read */
	bool all_numbers;      /* to its end */
};
#define SALVAGE_MAX 100000
void salvage_read(const char *path, int64_t area, int64_t from, const unsigned char *hash, struct salvage *out);
void salvage_clear(struct salvage *s);

struct restore_report {
	int64_t seq;           /* last row of the backup, 0 none */
	int64_t at;            /* and when it was written, CLOCK_NONE */
	int64_t restored;      /* number of the row that tells of this */
	char *aside;           /* owned: the directory that now holds what stood there; NULL when nothing did */
	struct salvage lost;   /* what stood there had these behind `seq` */
};
/*
 * Put `backup` in the place of the store at `path`. A store that is whole is refused unless `over_whole`; so are one that is
 * open anywhere, one of another account, a backup that is damaged, of another place, or of a newer program.
 */
bool store_restore(const char *path, const char *backup, bool over_whole, struct restore_report *out, struct err *err)
    __attribute__((warn_unused_result));
void restore_clear(struct restore_report *report);

#endif
