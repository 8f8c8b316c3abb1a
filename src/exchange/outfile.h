/*
 * Files for others: into a directory and nowhere else, whole or not at all, never over one that is there unless that is asked.
 * Names are ours (letters, digits, - _ .), never a text from outside; the directory itself is no link (O_NOFOLLOW).
 */
#ifndef EXCHANGE_OUTFILE_H
#define EXCHANGE_OUTFILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* An existing directory that is no symbolic link; -1 with err filled. Close it with close(). */
int outfile_dir(const char *path, struct err *err) __attribute__((warn_unused_result));
/* A directory in it, made (0700) when missing. */
int outfile_subdir(int dir, const char *name, struct err *err) __attribute__((warn_unused_result));

enum outfile_if { OUTFILE_NEW, OUTFILE_SAME_IS_FINE, OUTFILE_REPLACE };
/* Is it a name of a file in one directory, of at most 200 bytes of our alphabet, not beginning with . or -? */
bool outfile_name_ok(const char *name);
/* Who may read it: the store's account; its group too (a gate's program); everybody (a web server). */
enum outfile_for { OUTFILE_OWN = 0600, OUTFILE_GROUP = 0640, OUTFILE_ALL = 0644 };
/* Written beside, synced, and renamed to its name. */
bool outfile_write(int dir, const char *name, const char *data, size_t n, enum outfile_for whom, enum outfile_if existing,
    struct err *err)
    __attribute__((warn_unused_result));
/* Rename without ever replacing: `to`, else `to.1`, `to.2` … in the other directory. */
bool outfile_move(int from_dir, const char *from, int to_dir, const char *to, char *name, size_t size);
/*
 * Open a file of the directory to read, but only a plain one: no link is followed, and no FIFO or device waits for anybody. -1: `why`
 * tells the officer. *size gets its bytes.
 */
int outfile_open_plain(int dir, const char *name, size_t most, size_t *size, const char **why);
/* All of an open file of that size, the caller frees; NULL when it gave less or more. */
char *outfile_read(int fd, size_t size);

#endif
