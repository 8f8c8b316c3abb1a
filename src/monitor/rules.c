/*
 * The county's own tables of this room, data/monitor, read once a process. A row that cannot be
 * read is left out; a missing table means that there are no rules of that kind, never that
 * something that came in is lost.
 */
#include "monitor/inside.h"

#include "base/paths.h"
#include "base/tsv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 12

/* A table as text: rows of the named columns. */
struct table {
	char *(*rows)[COLUMNS_MAX]; /* owned; for the life of the process */
	size_t n, room;
	bool read;
};

static void
read_table(struct table *t, const char *file, const char *const *names, size_t n)
{
	char *path = paths_data_file(file);
	struct err err = ERR_NONE;
	struct tsv *tsv = tsv_open(path, &err);
	int columns[COLUMNS_MAX];

	t->read = true;
	for (size_t i = 0; tsv && i < n; i++)
		columns[i] = tsv_column(tsv, names[i], false, NULL);
	while (tsv && tsv_next(tsv)) {
		mem_grow(&t->rows, &t->room, t->n);
		for (size_t i = 0; i < n; i++)
			t->rows[t->n][i] = mem_dup(tsv_get(tsv, columns[i]));
		t->n++;
	}
	if (tsv && !tsv_close(tsv, &err))
		t->n = 0;
	err_clear(&err);
	free(path);
}

/* --- tickets --------------------------------------------------------------------------------- */

enum { T_SOURCE, T_WORDS, T_NOT, T_CODE, T_UNITS, T_FEEDBACK, T_URGENT };
static const char *const ticket_columns[] = {
    "source", "words", "not", "code", "units", "feedback", "urgent"};
static struct table ticket_rules;

/* One alternative: pieces that stand in this order, ".*" between them. */
static bool
alternative_matches(const char *text, const char *words, size_t n)
{
	while (n > 0) {
		size_t piece = 0;
		char *copy;

		while (piece < n && strncmp(words + piece, ".*", 2) != 0)
			piece++;
		copy = mem_dupn(words, piece);
		text = strstr(text, copy);
		free(copy);
		if (!text)
			return false;
		text += piece;
		piece += piece < n ? 2 : 0;
		words += piece;
		n -= piece;
	}
	return true;
}

static bool
words_match(const char *text, const char *words)
{
	if (strcmp(words, "*") == 0)
		return true;
	for (;;) {
		size_t n = strcspn(words, "|");

		if (n && alternative_matches(text, words, n))
			return true;
		if (!words[n])
			return false;
		words += n + 1;
	}
}

bool
ticket_rule_find(const char *source, const char *text, struct ticket_rule *out)
{
	memset(out, 0, sizeof(*out));
	if (!ticket_rules.read)
		read_table(
		    &ticket_rules, "monitor/tickets.tsv", ticket_columns, COUNT_OF(ticket_columns));
	for (size_t i = 0; i < ticket_rules.n; i++) {
		char *const *r = ticket_rules.rows[i];

		if ((strcmp(r[T_SOURCE], "*") != 0 && strcmp(r[T_SOURCE], source) != 0) ||
		    !words_match(text, r[T_WORDS]) || (*r[T_NOT] && words_match(text, r[T_NOT])))
			continue;
		out->code = r[T_CODE];
		out->units = r[T_UNITS];
		out->feedback_min = (int)strtol(r[T_FEEDBACK], NULL, 10);
		out->urgent = strcmp(r[T_URGENT], "yes") == 0;
		return true;
	}
	return false;
}

/* --- quakes ---------------------------------------------------------------------------------- */

enum { Q_MAGNITUDE, Q_WITHIN, Q_INBOX, Q_RULE, Q_ANSWER };
static const char *const quake_columns[] = {"magnitude", "within_km", "inbox", "rule", "answer"};
static struct table quake_rules;

bool
quake_rule_find(double magnitude, double distance_km, struct quake_rule *out)
{
	memset(out, 0, sizeof(*out));
	if (!quake_rules.read)
		read_table(
		    &quake_rules, "monitor/quakes.tsv", quake_columns, COUNT_OF(quake_columns));
	for (size_t i = 0; i < quake_rules.n; i++) {
		char *const *r = quake_rules.rows[i];

		if (magnitude + 1e-9 < strtod(r[Q_MAGNITUDE], NULL) ||
		    distance_km > strtod(r[Q_WITHIN], NULL))
			continue;
		out->rule = r[Q_RULE];
		out->answer = r[Q_ANSWER];
		out->inbox = strcmp(r[Q_INBOX], "no") != 0;
		out->urgent = strcmp(r[Q_INBOX], "urgent") == 0;
		return true;
	}
	return false;
}

/* --- thresholds ------------------------------------------------------------------------------ */

enum {
	H_STATION,
	H_QUANTITY,
	H_LEVEL,
	H_VALUE,
	H_HYSTERESIS,
	H_WHAT,
	H_UNIT,
	H_CODE,
	H_CONFIRM,
	H_SOURCE
};
static const char *const threshold_columns[] = {"station", "quantity", "level", "value",
    "hysteresis", "what", "unit", "code", "confirm", "source"};
static struct table threshold_rules;

static void
fill_threshold(char *const *r, struct threshold *t)
{
	memset(t, 0, sizeof(*t));
	utf8_copy(t->station, sizeof(t->station), r[H_STATION]);
	utf8_copy(t->quantity, sizeof(t->quantity), r[H_QUANTITY]);
	utf8_copy(t->what, sizeof(t->what), r[H_WHAT]);
	utf8_copy(t->unit, sizeof(t->unit), r[H_UNIT]);
	utf8_copy(t->code, sizeof(t->code), r[H_CODE]);
	utf8_copy(t->source, sizeof(t->source), r[H_SOURCE]);
	t->level = (int)strtol(r[H_LEVEL], NULL, 10);
	t->value = strtod(r[H_VALUE], NULL);
	t->hysteresis = strtod(r[H_HYSTERESIS], NULL);
	t->confirm_min = (int)strtol(r[H_CONFIRM], NULL, 10);
}

/* "三垛" is the station of that name whatever its code, and 三垛站 too. */
static bool
names_station(const char *row, const char *station, const char *name)
{
	return strcmp(row, station) == 0 || strcmp(row, name) == 0 ||
	       (strncmp(name, row, strlen(row)) == 0 &&
		   strncmp(name + strlen(row), "站", 3) == 0) ||
	       (strncmp(name, row, strlen(row)) == 0 && name[strlen(row)] == '(');
}

static size_t
rows_for(
    const char *station, const char *name, const char *quantity, struct threshold *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < threshold_rules.n && n < max; i++) {
		char *const *r = threshold_rules.rows[i];
		long level = strtol(r[H_LEVEL], NULL, 10);

		if (strcmp(r[H_QUANTITY], quantity) != 0 || level < 1 || level > 3)
			continue;
		if (station ? names_station(r[H_STATION], station, name)
			    : strcmp(r[H_STATION], "*") == 0)
			fill_threshold(r, &out[n++]);
	}
	return n;
}

static int
by_level(const void *a, const void *b)
{
	return ((const struct threshold *)a)->level - ((const struct threshold *)b)->level;
}

size_t
thresholds_of(
    const char *station, const char *name, const char *quantity, struct threshold *out, size_t max)
{
	size_t n;

	if (!threshold_rules.read)
		read_table(&threshold_rules, "monitor/thresholds.tsv", threshold_columns,
		    COUNT_OF(threshold_columns));
	n = rows_for(station, name, quantity, out, max);
	if (!n)
		n = rows_for(NULL, NULL, quantity, out, max);
	qsort(out, n, sizeof(*out), by_level);
	return n;
}

/* --- quantities ------------------------------------------------------------------------------ */

enum { U_NAME, U_ZH, U_EN, U_UNIT, U_DECIMALS };
static const char *const quantity_columns[] = {"name", "zh", "en", "unit", "decimals"};
static struct table quantities;

static char *const *
quantity_row(const char *name)
{
	if (!quantities.read)
		read_table(&quantities, "monitor/quantities.tsv", quantity_columns,
		    COUNT_OF(quantity_columns));
	for (size_t i = 0; i < quantities.n; i++)
		if (strcmp(quantities.rows[i][U_NAME], name) == 0)
			return quantities.rows[i];
	return NULL;
}

const char *
quantity_name(const char *word)
{
	quantity_row(word);
	for (size_t i = 0; i < quantities.n; i++)
		for (size_t k = U_NAME; k <= U_EN; k++)
			if (strcmp(quantities.rows[i][k], word) == 0)
				return quantities.rows[i][U_NAME];
	return NULL;
}

const char *
quantity_label(const char *quantity)
{
	char *const *row = quantity_row(quantity);

	return !row ? quantity : i18n_is_chinese() ? row[U_ZH] : row[U_EN];
}

const char *
quantity_unit(const char *quantity)
{
	char *const *row = quantity_row(quantity);

	return row ? row[U_UNIT] : "";
}

int
quantity_decimals(const char *quantity)
{
	char *const *row = quantity_row(quantity);
	long n = row ? strtol(row[U_DECIMALS], NULL, 10) : 1;

	return n < 0 ? 0 : n > 4 ? 4 : (int)n;
}
