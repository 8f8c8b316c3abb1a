/*
 * Where a store may stand: a plain file of this account, not a link, in a directory that nobody else can write,
 * with no foreign file beside it (reliability 4.22).
 */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include "base/err.h"

#include <stdbool.h>

/* Directory of `path` made real, + "/" + its last part; NULL with err when the directory is missing. Caller frees. */
char *place_resolve(const char *path, struct err *err);
/* False, with what to do about it in err, when nothing stands at `path`. */
bool place_is_there(const char *path, struct err *err);
/* May a store be made or kept in the directory of `path`? */
bool place_check_directory(const char *path, struct err *err);
/* Is `path` a store's file this account may open? *writable: file and directory can be written. */
bool place_check_file(const char *path, bool *writable, struct err *err);
/*
 * May what stands at `path` be set aside, whatever is in it: a plain file of this account or nothing, in such a directory, with
 * nothing foreign beside it? *there: a file does stand there.
 */
bool place_check_remains(const char *path, bool *there, struct err *err);
/* Does the file begin as a store does? False, with what it is instead, when not. */
bool place_check_header(const char *path, struct err *err);
/* Make the directory of `path`, and those above it that are missing (0700). */
bool place_make_directory(const char *path, struct err *err);
/* fsync the directory of `path`. */
bool place_sync_directory(const char *path);
/* "the account NAME", for messages; caller frees. */
char *place_owner(unsigned uid);

#endif
