/*
 * Reading and appending the journal. Ids grow with the sequence, so "newest first" is the primary
 * key backwards and a page costs what it shows. Each filter has the index that keeps that true:
 * incident, person, area, and the verb's family (the part before and with the dot).
 */
#include "store/inside.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/journal.h"
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

static const char *
or_null(const char *text)
{
	return *text ? text : NULL;
}

bool
journal_append(struct verb_call *call, const char *verb, const char *args, const char *text,
    const void *changeset, size_t size)
{
	struct store *st = call->st;
	struct chain_fields row = {.id = call->journal,
	    .origin = st->area,
	    .seq = call->seq,
	    .at = call->now,
	    .person = call->actor.person,
	    .actor = call->actor.name,
	    .via = call->actor.via,
	    .verb = verb,
	    .subject_kind = or_null(call->subject_kind),
	    .subject = call->subject,
	    .incident = call->incident,
	    .area = call->area,
	    .args = args,
	    .text = text,
	    .corrects = call->corrects,
	    .changeset = size ? changeset : NULL,
	    .changeset_size = size};
	unsigned char hash[HASH_SIZE];
	struct sql *q;

	chain_hash(st->digest, call->prev, &row, hash);
	q = sql(st, "INSERT INTO journal (id, origin, seq, at, person, actor, via, verb, "
		    "subject_kind, subject,"
		    " incident, area, args, text, corrects, changeset, prev, hash)"
		    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
		    "?16, ?17, ?18)");
	sql_bind(q, "iiiizttttzzzttzbbb", row.id, row.origin, row.seq, row.at, row.person,
	    row.actor, row.via, row.verb, row.subject_kind, row.subject, row.incident, row.area,
	    row.args, row.text, row.corrects, row.changeset, row.changeset_size, call->prev,
	    (size_t)HASH_SIZE, hash, (size_t)HASH_SIZE);
	if (!sql_run(q))
		return false;
	search_put(st, "journal", call->journal, text);
	return st->fault.code == SQLITE_OK;
}

/* --- reading
 * ------------------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
	"j.id, j.origin, j.seq, j.at, j.person, j.actor, j.via, j.verb, j.subject_kind, "          \
	"j.subject, j.incident,"                                                                   \
	" j.args, j.text, j.corrects, m.by"
#define FROM " FROM journal j LEFT JOIN journal_mark m ON m.id = j.id WHERE "

static void
fill(struct sql *q, struct journal_row *row)
{
	*row = (struct journal_row){.id = sql_int(q, 0),
	    .origin = sql_int(q, 1),
	    .seq = sql_int(q, 2),
	    .at = sql_int(q, 3),
	    .person = sql_int(q, 4),
	    .actor = mem_dup(sql_text(q, 5)),
	    .via = mem_dup(sql_text(q, 6)),
	    .verb = mem_dup(sql_text(q, 7)),
	    .subject_kind = mem_dup(sql_text(q, 8)),
	    .subject = sql_int(q, 9),
	    .incident = sql_int(q, 10),
	    .args = mem_dup(sql_text(q, 11)),
	    .text = mem_dup(sql_text(q, 12)),
	    .corrects = id_sequence(sql_int(q, 13)),
	    .undone_by = id_sequence(sql_int(q, 14))};
}

bool
journal_get(struct store *st, int64_t id, struct journal_row *out)
{
	struct sql *q = sql(st, "SELECT " COLUMNS FROM "j.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill(q, out);
	sql_done(q);
	return found;
}

bool
journal_by_seq(struct store *st, int64_t seq, struct journal_row *out)
{
	return seq > 0 && seq <= ID_SEQUENCE_MAX && journal_get(st, id_make(st->area, seq), out);
}

void
journal_row_clear(struct journal_row *row)
{
	free(row->actor);
	free(row->via);
	free(row->verb);
	free(row->subject_kind);
	free(row->args);
	free(row->text);
	memset(row, 0, sizeof(*row));
}

void
journal_head(struct store *st, int64_t *seq, char hex[65])
{
	unsigned char hash[HASH_SIZE];
	int64_t at;

	chain_head(st, seq, &at, hash);
	chain_hex(hash, sizeof(hash), hex);
}
