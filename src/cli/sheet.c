#include "cli/sheet.h"

#include "cli/cell.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "exchange/apart.h"
#include "exchange/csv.h"
#include "exchange/decode.h"
#include "exchange/outfile.h"
#include "resource/resource.h"
#include "store/verb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIMIT_MS                                                                                   \
	60000 /* a file that keeps its reader for so long is refused; its processor time is bounded besides */
#define TITLES 5   /* rows that may stand above the headings */
#define COLUMNS 32 /* of a kind */

/* --- the bytes ------------------------------------------------------------------------------- */

struct bytes {
	const char *data;
	size_t n;
};

static long
line_of(const char *data, size_t at)
{
	long line = 1;

	for (const char *p = data; (p = memchr(p, '\n', at - (size_t)(p - data))) != NULL; p++)
		line++;
	return line;
}

/* Why a file is too large, by its line: one that has no end, or the last that would be taken. */
static bool
too_large(const struct bytes *b, struct err *err)
{
	const char *end = memchr(b->data, '\n', CSV_ROW);

	if (!end)
		return err_set(err, ERR_INPUT, _("line 1: longer than %u MB"), CSV_ROW >> 20);
	return err_set(err, ERR_INPUT, _("line %ld: the file is larger than %u MB; divide it"),
	    line_of(b->data, b->n), SHEET_BYTES >> 20);
}

/* Up to `room` bytes. */
static bool
fill(int fd, char *to, size_t room, size_t *n, struct err *err)
{
	for (*n = 0; *n < room;) {
		ssize_t got = read(fd, to + *n, room - *n);

		if (got == 0)
			break;
		if (got < 0 && errno != EINTR)
			return err_set(err, ERR_IO, _("it cannot be read: %s"), strerror(errno));
		*n += got > 0 ? (size_t)got : 0;
	}
	return true;
}

bool
sheet_bytes(const char *path, char **data, size_t *n, struct err *err)
{
	bool standard = strcmp(path, "-") == 0, good;
	const char *why = NULL;
	size_t size = SHEET_BYTES;
	int fd =
	    standard ? STDIN_FILENO : outfile_open_plain(AT_FDCWD, path, SIZE_MAX / 2, &size, &why);

	*data = NULL;
	if (fd < 0)
		return err_set(err, ERR_IO, "%s", why);
	if (size > SHEET_BYTES)
		size = SHEET_BYTES;
	*data = mem_alloc(size + 1);
	good = fill(fd, *data, size + 1, n, err);
	if (!standard)
		close(fd);
	return good && (*n <= SHEET_BYTES || too_large(&(struct bytes){*data, *n}, err));
}

/* --- the text -------------------------------------------------------------------------------- */

static bool
is_utf16(const struct bytes *b)
{
	return b->n >= 2 &&
	       (memcmp(b->data, "\xff\xfe", 2) == 0 || memcmp(b->data, "\xfe\xff", 2) == 0);
}

/* The line in which the text stops being text, for the message. */
static bool
bad_line(const struct bytes *b, struct err *err)
{
	struct err whole = ERR_NONE;
	long line = 0;

	err_move(&whole, err);
	for (size_t at = 0, end; at < b->n; at = end + 1) {
		const char *stop = memchr(b->data + at, '\n', b->n - at);
		struct decoded d;
		struct err why = ERR_NONE;

		end = stop ? (size_t)(stop - b->data) : b->n;
		line++;
		if (decode(b->data + at, end - at, &d, &why)) {
			decoded_clear(&d);
			continue;
		}
		err_set(err, ERR_INPUT, _("line %ld: %s"), line, why.message);
		err_clear(&why);
		err_clear(&whole);
		return false;
	}
	/* Every line is text alone: it is the file that has two encodings. */
	line = 1;
	for (size_t at = 0, n; at < b->n; at += n + 1, line++) {
		const char *stop = memchr(b->data + at, '\n', b->n - at);

		n = stop ? (size_t)(stop - b->data) - at : b->n - at;
		if (utf8_valid(b->data + at, n))
			continue;
		err_clear(&whole);
		return err_set(err, ERR_INPUT,
		    _("line %ld: another encoding than the lines before; save the file in one"),
		    line);
	}
	return err_move(err, &whole);
}

/*
 * Characters of three bytes in a line that is UTF-8 throughout; 0 when it is not. Of GB 18030 lines
 * with four of them by chance there is one in a thousand million.
 */
static int
utf8_characters(const char *line, size_t n)
{
	int wide = 0;
	size_t size;

	for (size_t i = 0; i < n; i += size) {
		if (utf8_decode(line + i, n - i, &size) == UTF8_BAD)
			return 0;
		wide += size == 3;
	}
	return wide;
}

/* GB 18030 gives a character for nearly any pair of bytes: lines of UTF-8 among the others would
 * come in as other words. */
static bool
is_one_encoding(const struct bytes *b, struct err *err)
{
	long line = 0;

	for (size_t at = 0, n; at < b->n; at += n + 1) {
		const char *stop = memchr(b->data + at, '\n', b->n - at);

		n = stop ? (size_t)(stop - b->data) - at : b->n - at;
		line++;
		if (utf8_characters(b->data + at, n) >= 4)
			return err_set(err, ERR_INPUT,
			    _("line %ld: UTF-8 among lines of GB 18030; save the file in one "
			      "encoding"),
			    line);
	}
	return true;
}

static bool
to_text(const char *data, size_t n, struct decoded *text, struct err *err)
{
	const struct bytes all = {data, n}, *b = &all;
	const char *nul = is_utf16(b) ? NULL : memchr(b->data, '\0', b->n);

	if (nul)
		return err_set(err, ERR_INPUT, _("line %ld: %s"),
		    line_of(b->data, (size_t)(nul - b->data)),
		    _("there is a NUL byte in it: this is not text"));
	if (decode(b->data, b->n, text, err)) {
		if (strcmp(text->charset, "gb18030") != 0 || is_one_encoding(b, err))
			return true;
		decoded_clear(text);
		return false;
	}
	return is_utf16(b) ? false : bad_line(b, err);
}

/* --- the columns ----------------------------------------------------------------------------- */

struct columns {
	const struct headings *h;
	const char *kind, *map;
	const struct verb_param *params;
	size_t n_params;
	int at[COLUMNS]; /* of the file, for each parameter; -1 none */
	int n;		 /* columns of the heading row */
};

/* What --map says of a column: *size bytes, NULL nothing. */
static const char *
mapped(const char *map, const char *column, size_t *size)
{
	size_t n = strlen(column);

	while (map && *map) {
		*size = strcspn(map, ",");
		if (*size > n && strncmp(map, column, n) == 0 && map[n] == '=') {
			*size -= n + 1;
			return map + n + 1;
		}
		map += *size + (map[*size] == ',');
	}
	return NULL;
}

/* Every NAME= of --map is a column. */
static bool
check_map(const struct columns *c, struct err *err)
{
	for (const char *p = c->map; p && *p;) {
		size_t part = strcspn(p, ","), n = strcspn(p, "=,");
		bool known = false;

		for (size_t i = 0; i < c->n_params; i++)
			known = known || (strlen(c->params[i].name) == n &&
					     strncmp(c->params[i].name, p, n) == 0);
		if (!known || n == part)
			return err_set(err, ERR_INPUT,
			    _("--map: \"%.*s\" is no COLUMN=HEADING of these columns"), (int)part,
			    p);
		p += part + (p[part] == ',');
	}
	return true;
}

/* The column of the file that --map names: by its heading or its place. */
static int
mapped_at(const struct csv *csv, const char *said, size_t size)
{
	if (size > 1 && *said == '#') {
		long place = strtol(said + 1, NULL, 10);

		return place >= 1 && place <= csv_count(csv) ? (int)place - 1 : -1;
	}
	for (int i = 0; i < csv_count(csv); i++)
		if (strlen(csv_get(csv, i)) == size && strncmp(csv_get(csv, i), said, size) == 0)
			return i;
	return -1;
}

static bool
is_taken(const struct columns *c, int column)
{
	for (size_t i = 0; i < c->n_params; i++)
		if (c->at[i] == column)
			return true;
	return false;
}

static int
best_heading(const struct columns *c, const struct csv *csv, const char *column)
{
	int best = -1, best_rank = 0, rank;

	for (int i = 0; i < csv_count(csv); i++) {
		const char *heading = cell_plain(csv_get(csv, i));

		if (!is_taken(c, i) && headings_mean(c->h, c->kind, column, heading, &rank) &&
		    (best < 0 || rank < best_rank)) {
			best = i;
			best_rank = rank;
		}
	}
	return best;
}

/* Is the row that csv stands at the one of the headings? It names something that a row cannot do
 * without. */
static bool
are_headings(struct columns *c, const struct csv *csv)
{
	bool any = false;
	const char *said;
	size_t size;

	for (size_t i = 0; i < COLUMNS; i++)
		c->at[i] = -1;
	for (size_t i = 0; i < c->n_params; i++)
		if ((said = mapped(c->map, c->params[i].name, &size)) != NULL)
			c->at[i] = mapped_at(csv, said, size);
	for (size_t i = 0; i < c->n_params; i++) {
		if (!mapped(c->map, c->params[i].name, &size))
			c->at[i] = best_heading(c, csv, c->params[i].name);
		any = any || (c->at[i] >= 0 && c->params[i].required);
	}
	c->n = csv_count(csv);
	return any;
}

static bool
all_mapped(const struct columns *c, struct err *err)
{
	const char *said;
	size_t size;

	for (size_t i = 0; i < c->n_params; i++)
		if (c->at[i] < 0 && (said = mapped(c->map, c->params[i].name, &size)) != NULL)
			return err_set(
			    err, ERR_INPUT, _("--map: no heading is \"%.*s\""), (int)size, said);
	return true;
}

static void
add_name(struct buf *list, const char *name)
{
	if (*name)
		buf_printf(list, "%s%s", list->size ? ", " : "", name);
}

static bool
find_headings(struct columns *c, struct csv *csv, struct sheet *s, struct err *err)
{
	struct buf seen = BUF_MAX(2000);
	int rows = 0;
	bool found = false;

	while (!found && rows++ < TITLES && csv_next(csv)) {
		found = are_headings(c, csv);
		for (int i = 0; !found && rows == 1 && i < csv_count(csv); i++)
			add_name(&seen, csv_get(csv, i));
	}
	for (int i = 0; found && i < c->n; i++)
		if (!is_taken(c, i))
			add_name(&s->left_out, csv_get(csv, i));
	if (!found)
		err_set(err, ERR_INPUT,
		    _("line 1: no column is known here: \"%s\"; --map COLUMN=HEADING says which is "
		      "which, \"zhiban help import\" how they are called"),
		    buf_str(&seen));
	buf_clear(&seen);
	return found && all_mapped(c, err);
}

/* --- the rows -------------------------------------------------------------------------------- */

/* A value behind the last heading: the cells of this row stand in other columns than they should.
 */
static bool
is_shifted(const struct columns *c, const struct csv *csv)
{
	for (int i = c->n; i < csv_count(csv); i++)
		if (*csv_get(csv, i))
			return true;
	return false;
}

static json_t *
row_of(const struct columns *c, const struct csv *csv)
{
	json_t *row = json_object();

	json_object_set_new(row, "#", json_integer(csv_line(csv)));
	if (is_shifted(c, csv))
		json_object_set_new(
		    row, "!", json_string(_("it has more cells than there are headings")));
	for (size_t i = 0; i < c->n_params; i++) {
		const char *column = c->params[i].name, *cell = cell_plain(csv_get(csv, c->at[i]));

		if (*cell)
			json_object_set_new(
			    row, column, json_string(headings_value(c->h, c->kind, column, cell)));
	}
	return row;
}

static bool
take_rows(const struct columns *c, struct csv *csv, struct sheet *s, struct err *err)
{
	while (csv_next(csv)) {
		json_t *row = row_of(c, csv);
		char *text = json_dumps(row, JSON_COMPACT);

		json_decref(row);
		buf_add(&s->rows, text ? text : "");
		buf_add_char(&s->rows, '\n');
		free(text);
		s->n++;
		if (s->rows.full)
			return err_set(err, ERR_INPUT,
			    _("line %ld: too much for one import; divide the file here"),
			    csv_line(csv));
	}
	return true;
}

/* A field of a line: no TAB, no line feed. */
static void
add_field(struct buf *out, const char *text, char end)
{
	for (; *text; text++)
		buf_add_char(out, *text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text);
	buf_add_char(out, end);
}

void
sheet_add_column(struct buf *out, const char *column, const char *heading, const char *cell)
{
	add_field(out, column, '\t');
	add_field(out, heading, '\t');
	add_field(out, cell, '\n');
}

/* The headings were found: csv stands at them, and goes on to the first row. */
static void
tell_columns(const struct columns *c, struct csv *csv, struct buf *out)
{
	char *headings[CSV_COLUMNS];
	int n = csv_count(csv);

	for (int i = 0; i < n; i++)
		headings[i] = mem_dup(csv_get(csv, i));
	csv_next(csv);
	for (size_t i = 0; i < c->n_params; i++)
		if (c->at[i] >= 0 && c->at[i] < n)
			sheet_add_column(out, c->params[i].name, headings[c->at[i]],
			    cell_plain(csv_get(csv, c->at[i])));
	for (int i = 0; i < n; i++)
		if (!is_taken(c, i))
			sheet_add_column(out, "", headings[i], cell_plain(csv_get(csv, i)));
	for (int i = 0; i < n; i++)
		free(headings[i]);
}

/* Find the headings, then tell the columns into `out`, or (NULL) take the rows. */
static bool
read_table(struct columns *c, const char *data, size_t n, struct sheet *s, struct buf *out,
    struct err *err)
{
	struct err broken = ERR_NONE;
	struct decoded text = {0};
	struct csv *csv;
	bool good;

	c->params = resource_table_columns(c->kind, &c->n_params);
	if (!check_map(c, err) || !to_text(data, n, &text, err))
		return false;
	snprintf(s->charset, sizeof(s->charset), "%s", text.charset);
	csv = csv_open_headless(text.text, text.n, err);
	good = csv && find_headings(c, csv, s, err);
	if (good && out)
		tell_columns(c, csv, out);
	else if (good)
		good = take_rows(c, csv, s, err);
	if (!csv_close(csv, &broken)) {
		err_clear(err); /* what broke there is why the rest was not found */
		good = err_move(err, &broken);
	}
	decoded_clear(&text);
	return good;
}

bool
sheet_columns(const struct headings *h, const char *data, size_t n, const char *kind,
    const char *map, struct buf *out, struct err *err)
{
	struct columns c = {.h = h, .kind = kind, .map = map};
	struct sheet left = {.left_out = BUF_MAX(4000)};
	bool good = read_table(&c, data, n, &left, out, err);

	buf_clear(&left.left_out);
	return good;
}

bool
sheet_parse(struct sheet *s, const struct headings *h, const char *data, size_t n, const char *kind,
    const char *map, struct err *err)
{
	struct columns c = {.h = h, .kind = kind, .map = map};
	bool good;

	*s = (struct sheet){.rows = BUF_MAX(IMPORT_BYTES), .left_out = BUF_MAX(4000)};
	good = read_table(&c, data, n, s, NULL, err);
	if (!good)
		sheet_clear(s);
	return good;
}

/* --- in a child ------------------------------------------------------------------------------ */

struct reading {
	const struct headings *h;
	const char *kind, *map;
	const char *data;
	size_t n;
};

/* What a file comes to: charset, number of rows and headings left out with a NUL each, the rows. */
static void
answer(const struct sheet *s, struct buf *out)
{
	buf_add_n(out, s->charset, strlen(s->charset) + 1);
	buf_printf(out, "%zu", s->n);
	buf_add_char(out, '\0');
	buf_add_n(out, buf_str(&s->left_out), s->left_out.size + 1);
	buf_add_n(out, buf_str(&s->rows), s->rows.size);
}

static bool
read_there(void *context, struct buf *out, struct err *err)
{
	const struct reading *r = context;
	struct sheet s;

	if (!sheet_parse(&s, r->h, r->data, r->n, r->kind, r->map, err))
		return false;
	answer(&s, out);
	sheet_clear(&s);
	return true;
}

static bool
take_answer(struct sheet *s, const struct buf *said, struct err *err)
{
	size_t at = 0;
	const char *charset = apart_text(said, &at), *n = charset ? apart_text(said, &at) : NULL,
		   *left_out = n ? apart_text(said, &at) : NULL;

	if (!left_out || !utf8_valid(said->data + at, said->size - at))
		return err_set(err, ERR_IO, _("the reader gave no answer"));
	snprintf(s->charset, sizeof(s->charset), "%s", charset);
	s->n = strtoul(n, NULL, 10);
	buf_add(&s->left_out, left_out);
	buf_add_n(&s->rows, said->data + at, said->size - at);
	return true;
}

bool
sheet_read(struct sheet *s, const struct headings *h, const char *path, const char *kind,
    const char *map, struct err *err)
{
	struct reading r = {.h = h, .kind = kind, .map = map};
	struct buf said = {0};
	char *data = NULL;
	bool good;

	*s = (struct sheet){.rows = BUF_MAX(IMPORT_BYTES), .left_out = BUF_MAX(4000)};
	good = sheet_bytes(path, &data, &r.n, err);
	r.data = data;
	good =
	    good && apart_run(read_there, &r, LIMIT_MS, &said, err) && take_answer(s, &said, err);
	free(data);
	buf_clear(&said);
	if (!good)
		sheet_clear(s);
	return good;
}

void
sheet_clear(struct sheet *s)
{
	buf_clear(&s->rows);
	buf_clear(&s->left_out);
}
