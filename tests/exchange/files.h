/* Whole files and folders of the corpus, for tests and benchmarks. */
#ifndef TESTS_EXCHANGE_FILES_H
#define TESTS_EXCHANGE_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct file {
	char *path; /* under the root */
	char *data;
	size_t n;
};
struct files {
	struct file *file;
	size_t n, room;
};

/* $CORPORA/feeds, NULL when it is not there. */
const char *corpus_root(void);
/* Every regular file under root, sorted by path; `with_data`: read in. */
void files_load(const char *root, bool with_data, struct files *out);
void files_clear(struct files *f);
/* The file's bytes; exits when it cannot be read. */
char *file_bytes(const char *path, size_t *n);

#endif
