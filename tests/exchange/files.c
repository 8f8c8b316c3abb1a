#include "tests/exchange/files.h"

#include "base/mem.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct files *into;
static size_t root_length;

const char *
corpus_root(void)
{
	static char path[4096];
	const char *corpora = getenv("CORPORA");
	struct stat st;

	snprintf(path, sizeof(path), "%s/feeds", corpora ? corpora : "");
	return corpora && stat(path, &st) == 0 ? path : NULL;
}

char *
file_bytes(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *data;
	long size;

	if (!f || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0) {
		fprintf(stderr, "%s cannot be read\n", path);
		exit(99);
	}
	rewind(f);
	data = mem_alloc((size_t)size + 1);
	*n = fread(data, 1, (size_t)size, f);
	data[*n] = '\0';
	fclose(f);
	return data;
}

static int
visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type != FTW_F || !S_ISREG(st->st_mode))
		return 0;
	mem_grow(&into->file, &into->room, into->n);
	into->file[into->n++] = (struct file){mem_dup(path + root_length + 1), NULL, 0};
	return 0;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

void
files_load(const char *root, bool with_data, struct files *out)
{
	memset(out, 0, sizeof(*out));
	into = out;
	root_length = strlen(root);
	nftw(root, visit, 16, FTW_PHYS);
	if (out->n)
		qsort(out->file, out->n, sizeof(*out->file), by_path);
	for (size_t i = 0; with_data && i < out->n; i++) {
		char *path = mem_print("%s/%s", root, out->file[i].path);

		out->file[i].data = file_bytes(path, &out->file[i].n);
		free(path);
	}
}

void
files_clear(struct files *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->file[i].path);
		free(f->file[i].data);
	}
	free(f->file);
	memset(f, 0, sizeof(*f));
}
