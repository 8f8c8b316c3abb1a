/*
 * A file of parts, and the narratives made of it: one line of each part, chosen by a sequence that is the same everywhere. Every eighth
 * has three rounds, every fortieth ten: a report read out over the phone, and a page of one.
 */
#include "decide/trial.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "decide/pattern.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 32
#define LINES_MAX 500
#define FILE_MAX (1u << 20)

struct trial {
	char *bytes; /* of the file, its lines ended by NUL */
	const char *line[LINES_MAX];
	size_t first[PARTS_MAX + 1]; /* of a part, in `line`; the one behind the last is the end */
	size_t n_lines, n_parts;
	char *text[TRIAL_TEXTS];
	size_t size[TRIAL_TEXTS];
};

/* --- the file --------------------------------------------------------------------------------- */

static char *
read_whole(const char *path, struct err *err)
{
	FILE *file = fopen(path, "r");
	struct buf all = BUF_MAX(FILE_MAX);
	char part[4096];
	size_t n;
	bool good = file != NULL;

	while (good && (n = fread(part, 1, sizeof(part), file)) > 0)
		buf_add_n(&all, part, n);
	good = good && !ferror(file);
	if (!good)
		err_set(err, ERR_IO, _("%s cannot be opened: %s"), path, strerror(errno));
	else if (all.full || !utf8_valid(buf_str(&all), all.size))
		good = err_set(err, ERR_INPUT, _("%s is no text, or too long"), path);
	if (file)
		fclose(file);
	if (good)
		return buf_take(&all);
	buf_clear(&all);
	return NULL;
}

/* Comments are skipped; an empty line ends a part. */
static void
cut(struct trial *t)
{
	char *next;

	for (char *at = t->bytes; *at && t->n_lines < LINES_MAX && t->n_parts < PARTS_MAX;
	     at = next) {
		size_t n = strcspn(at, "\n");

		next = at[n] ? at + n + 1 : at + n;
		at[n] = '\0';
		if (n > 0 && *at != '#')
			t->line[t->n_lines++] = at;
		else if (n == 0 && t->n_lines > t->first[t->n_parts])
			t->first[++t->n_parts] = t->n_lines;
	}
	if (t->n_lines > t->first[t->n_parts])
		t->first[++t->n_parts] = t->n_lines;
}

/* --- the narratives --------------------------------------------------------------------------- */

static char *
put_together(const struct trial *t, unsigned rounds, uint64_t *seed, size_t *size)
{
	struct buf out = BUF_MAX(PATTERN_SUBJECT_MAX);

	while (rounds-- > 0)
		for (size_t part = 0; part < t->n_parts; part++) {
			size_t lines = t->first[part + 1] - t->first[part];

			*seed =
			    *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			buf_add(&out, t->line[t->first[part] + (size_t)(*seed >> 33) % lines]);
		}
	*size = out.size;
	return buf_take(&out);
}

struct trial *
trial_new(const char *path, struct err *err)
{
	struct trial *t = mem_zero(1, sizeof(*t));
	uint64_t seed = 1;

	t->bytes = read_whole(path, err);
	if (t->bytes)
		cut(t);
	if (t->bytes && !t->n_parts)
		err_set(err, ERR_INPUT, _("%s holds no lines"), path);
	if (!t->n_parts) {
		trial_free(t);
		return NULL;
	}
	for (size_t i = 0; i < TRIAL_TEXTS; i++)
		t->text[i] = put_together(t,
		    i % 40 == 39 ? 10
		    : i % 8 == 7 ? 3
				 : 1,
		    &seed, &t->size[i]);
	return t;
}

void
trial_free(struct trial *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < TRIAL_TEXTS; i++)
		free(t->text[i]);
	free(t->bytes);
	free(t);
}

const char *
trial_text(const struct trial *t, size_t i, size_t *size)
{
	*size = t->size[i];
	return t->text[i];
}
