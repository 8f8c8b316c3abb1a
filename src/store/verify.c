/*
 * What `zhiban verify` looks at: the pages (quick_check), the references between rows, and the
 * chain of the journal row by row. A row that was edited does not give its hash; a row that is gone
 * leaves a gap in the sequence; a row that was replaced together with its hash is not what the next
 * row was chained to. A tail cut off, or an older copy put in place, is whole in itself: only a
 * head that left the machine shows it.
 */
#include "store/inside.h"

#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PROBLEMS_MAX 200

struct check {
	struct store *st;
	struct verify_report *report;
	int64_t origin, seq; /* of the row before */
	unsigned char hash[HASH_SIZE];
};

void
verify_problem(struct verify_report *report, const char *format, ...)
{
	size_t n = 0;
	va_list ap;

	while (report->problems && report->problems[n])
		n++;
	if (n > PROBLEMS_MAX)
		return;
	report->problems = mem_resize(report->problems, n + 2, sizeof(*report->problems));
	va_start(ap, format);
	report->problems[n] = n < PROBLEMS_MAX ? mem_vprint(format, ap) : mem_dup(_("… and more"));
	va_end(ap);
	report->problems[n + 1] = NULL;
}

static void
check_pages(struct check *c)
{
	struct sql *q = sql(c->st, "PRAGMA quick_check(50)");

	while (sql_row(q))
		if (strcmp(sql_text(q, 0), "ok") != 0)
			verify_problem(c->report, _("damaged pages: %s"), sql_text(q, 0));
	q = sql(c->st, "PRAGMA foreign_key_check");
	while (sql_row(q))
		verify_problem(c->report,
		    _("table %s, row %lld refers to a row of %s that is not there"), sql_text(q, 0),
		    (long long)sql_int(q, 1), sql_text(q, 2));
}

/* sql_text gives "" for NULL; the chain tells the two apart. */
static const char *
text_or_null(struct sql *q, int column)
{
	return sql_null(q, column) ? NULL : sql_text(q, column);
}

static void
read_fields(struct sql *q, struct chain_fields *row)
{
	*row = (struct chain_fields){.id = sql_int(q, 0),
	    .origin = sql_int(q, 1),
	    .seq = sql_int(q, 2),
	    .at = sql_int(q, 3),
	    .person = sql_int(q, 4),
	    .actor = text_or_null(q, 5),
	    .via = text_or_null(q, 6),
	    .verb = text_or_null(q, 7),
	    .subject_kind = text_or_null(q, 8),
	    .subject = sql_int(q, 9),
	    .incident = sql_int(q, 10),
	    .area = sql_int(q, 11),
	    .args = text_or_null(q, 12),
	    .text = text_or_null(q, 13),
	    .corrects = sql_int(q, 14)};
	row->changeset = sql_blob(q, 15, &row->changeset_size);
}

static bool
same_hash(struct sql *q, int column, const unsigned char hash[HASH_SIZE])
{
	size_t size;
	const void *kept = sql_blob(q, column, &size);

	return size == HASH_SIZE && memcmp(kept, hash, HASH_SIZE) == 0;
}

static void
check_row(struct check *c, struct sql *q)
{
	unsigned char hash[HASH_SIZE], prev[HASH_SIZE] = {0};
	struct chain_fields row;
	size_t size;
	const void *kept;

	read_fields(q, &row);
	if (row.origin != c->origin) {
		c->origin = row.origin;
		c->seq = 0;
		memset(c->hash, 0, HASH_SIZE);
	}
	kept = sql_blob(q, 16, &size);
	if (size == HASH_SIZE)
		memcpy(prev, kept, HASH_SIZE);
	chain_hash(c->st->digest, prev, &row, hash);
	if (row.id != (row.origin << ID_SEQUENCE_BITS | row.seq))
		verify_problem(
		    c->report, _("journal #%lld: its number was changed"), (long long)row.seq);
	else if (row.seq == c->seq + 2)
		verify_problem(c->report, _("journal #%lld is missing"), (long long)row.seq - 1);
	else if (row.seq != c->seq + 1)
		verify_problem(c->report, _("journal #%lld to #%lld are missing"),
		    (long long)c->seq + 1, (long long)row.seq - 1);
	else if (!same_hash(q, 16, c->hash))
		verify_problem(c->report,
		    _("journal #%lld does not follow from #%lld: one of the two was replaced"),
		    (long long)row.seq, (long long)c->seq);
	if (!same_hash(q, 17, hash))
		verify_problem(c->report, _("journal #%lld was changed after it was written"),
		    (long long)row.seq);
	kept = sql_blob(q, 17, &size);
	memset(c->hash, 0, HASH_SIZE);
	if (size == HASH_SIZE)
		memcpy(c->hash, kept, HASH_SIZE);
	c->seq = row.seq;
	c->report->checked++;
}

static void
check_chain(struct check *c)
{
	struct sql *q =
	    sql(c->st, "SELECT id, origin, seq, at, person, actor, via, verb, subject_kind, "
		       "subject, incident, area, args, text,"
		       " corrects, changeset, prev, hash FROM journal NOT INDEXED ORDER BY id");

	c->origin = -1;
	while (sql_row(q))
		check_row(c, q);
	/* A line struck out must have been struck by a row that says so. */
	q = sql(c->st, "SELECT m.id FROM journal_mark m LEFT JOIN journal j ON j.id = m.by"
		       " WHERE j.corrects IS NOT m.id");
	while (sql_row(q))
		verify_problem(c->report, _("journal #%lld is struck out, but no entry did that"),
		    (long long)id_sequence(sql_int(q, 0)));
}

bool
verify_is_head(const char *text)
{
	char *colon;
	long long seq = *text >= '0' && *text <= '9' ? strtoll(text, &colon, 10) : 0;

	return seq >= 1 && seq <= ID_SEQUENCE_MAX && *colon == ':' &&
	       strlen(colon + 1) == (size_t)2 * HASH_SIZE &&
	       strspn(colon + 1, "0123456789abcdefABCDEF") == (size_t)2 * HASH_SIZE;
}

static void
check_head(struct check *c, const char *expected)
{
	struct verify_report *report = c->report;
	unsigned char hash[HASH_SIZE];
	char hex[2 * HASH_SIZE + 1], *colon;
	int64_t at;
	long long seq = strtoll(expected, &colon, 10);
	struct sql *q;

	chain_head(c->st, &report->head_seq, &at, hash);
	chain_hex(hash, sizeof(hash), hex);
	report->head = mem_dup(report->head_seq ? hex : "");
	if (!*expected)
		return;
	if (!verify_is_head(expected)) {
		verify_problem(c->report,
		    _("\"%s\" is not a head of a journal: NUMBER:64 hexadecimal digits"), expected);
		return;
	}
	if (seq > report->head_seq) {
		verify_problem(c->report,
		    _("the journal ends at #%lld, but #%lld was there once: its tail was cut off, "
		      "or an older copy put in place"),
		    (long long)report->head_seq, seq);
		return;
	}
	q = sql(c->st, "SELECT lower(hex(hash)) FROM journal WHERE id = ?1");
	sql_bind(q, "i", id_make(c->st->area, seq));
	if (sql_row(q) && strcasecmp(sql_text(q, 0), colon + 1) != 0)
		verify_problem(c->report,
		    _("journal #%lld is not the one whose head was noted: the journal was "
		      "rewritten"),
		    seq);
	sql_done(q);
}

static char *
sqlite_state(void)
{
	int v = sqlite3_libversion_number();
	bool fixed = v >= 3051003 || v == 3050007 || v == 3044006;

	return mem_print("SQLite %s, %s", sqlite3_libversion(),
	    fixed ? _("whose WAL is safe under several writers")
		  : _("whose WAL can lose commits when a checkpoint races a writer: zhiban's write "
		      "queue prevents it. "
		      "Keep other database tools off a live store"));
}

bool
store_verify(struct store *st, const char *expected, struct verify_report *out, struct err *err)
{
	struct check c = {.st = st, .report = out};
	struct err own = ERR_NONE;

	memset(out, 0, sizeof(*out));
	out->sqlite = sqlite_state();
	out->problems = mem_zero(1, sizeof(*out->problems));
	store_read_begin(st);
	check_pages(&c);
	check_chain(&c);
	check_head(&c, expected ? expected : "");
	if (store_read_end(st, &own))
		return true;
	/* What was found before the pages gave out is worth telling. */
	verify_problem(out, "%s", own.message);
	if (out->checked)
		err_clear(&own);
	else {
		err_move(err, &own);
		verify_clear(out);
		return false;
	}
	if (!out->head)
		out->head = mem_dup("");
	return true;
}

bool
store_prove(struct store *st, struct err *err)
{
	struct verify_report report;
	bool good;

	if (!store_verify(st, NULL, &report, err))
		return false;
	good = !report.problems[0] || err_set(err, ERR_STORE, "%s", report.problems[0]);
	verify_clear(&report);
	return good;
}

void
verify_clear(struct verify_report *report)
{
	for (size_t i = 0; report->problems && report->problems[i]; i++)
		free(report->problems[i]);
	free(report->problems);
	free(report->head);
	free(report->sqlite);
	memset(report, 0, sizeof(*report));
}
