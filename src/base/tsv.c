#include "base/tsv.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TSV_COLUMNS 64
#define TSV_LINE (1 << 20)

struct tsv {
	FILE *file;
	char *path;
	char *head;             /* the first line, cut at its tabs */
	char *names[TSV_COLUMNS];
	int n_names;
	char *row;              /* the current line, cut at its tabs */
	size_t row_room;
	char *fields[TSV_COLUMNS];
	int n_fields;
	long line;
	struct err err;
};

static int
cut(char *line, char **fields)
{
	int n = 0;

	while (n < TSV_COLUMNS) {
		fields[n++] = line;
		line = strchr(line, '\t');
		if (!line)
			break;
		*line++ = '\0';
	}
	return n;
}

/* Read the next line that is neither empty nor a comment into t->row. */
static bool
read_line(struct tsv *t)
{
	ssize_t n;

	while ((n = getline(&t->row, &t->row_room, t->file)) >= 0) {
		t->line++;
		if (n > TSV_LINE)
			return err_set(&t->err, ERR_INPUT, _("%s, line %ld: the line is too long"),
			    t->path, t->line);
		while (n > 0 && (t->row[n - 1] == '\n' || t->row[n - 1] == '\r'))
			t->row[--n] = '\0';
		if (t->row[0] == '#' || n == 0)
			continue;
		if (!utf8_valid(t->row, (size_t)n))
			return err_set(&t->err, ERR_INPUT, _("%s, line %ld: this is not UTF-8 text"),
			    t->path, t->line);
		return true;
	}
	if (ferror(t->file))
		err_set(&t->err, ERR_IO, _("%s cannot be read: %s"), t->path, strerror(errno));
	return false;
}

static void
tsv_free(struct tsv *t)
{
	if (t->file)
		fclose(t->file);
	free(t->path);
	free(t->head);
	free(t->row);
	err_clear(&t->err);
	free(t);
}

struct tsv *
tsv_open(const char *path, struct err *err)
{
	struct tsv *t = mem_zero(1, sizeof(*t));

	t->path = mem_dup(path);
	t->file = fopen(path, "re");
	if (!t->file)
		err_set(err, ERR_IO, _("%s cannot be opened: %s"), path, strerror(errno));
	else if (!read_line(t)) {
		if (t->err.code == ERR_OK)
			err_set(err, ERR_INPUT, _("%s is empty: its first line must name the columns"), path);
		else
			err_move(err, &t->err);
	} else {
		char *start = t->row;

		if (strncmp(start, "\xef\xbb\xbf", 3) == 0)
			start += 3;
		t->head = mem_dup(start);
		t->n_names = cut(t->head, t->names);
		return t;
	}
	tsv_free(t);
	return NULL;
}

int
tsv_column(const struct tsv *t, const char *name, bool required, struct err *err)
{
	for (int i = 0; i < t->n_names; i++)
		if (strcmp(t->names[i], name) == 0)
			return i;
	if (required)
		err_set(err, ERR_INPUT, _("%s has no column \"%s\""), t->path, name);
	return -1;
}

bool
tsv_next(struct tsv *t)
{
	if (t->err.code != ERR_OK || !read_line(t))
		return false;
	t->n_fields = cut(t->row, t->fields);
	return true;
}

const char *
tsv_get(const struct tsv *t, int column)
{
	return column >= 0 && column < t->n_fields ? t->fields[column] : "";
}

long
tsv_line(const struct tsv *t)
{
	return t->line;
}

const char *
tsv_path(const struct tsv *t)
{
	return t->path;
}

bool
tsv_close(struct tsv *t, struct err *err)
{
	bool ok = t->err.code == ERR_OK;

	if (!ok)
		err_move(err, &t->err);
	tsv_free(t);
	return ok;
}
