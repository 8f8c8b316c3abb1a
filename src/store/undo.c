/* The journal's own verbs: take an act back, write a free entry, correct one. */
#include "store/inside.h"

#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/changes.h"
#include "store/journal.h"
#include "store/search_internal.h"

#include <string.h>

/* How many later rows are read to name the one in the way. */
#define LATER_MAX 5000

static bool
mark(struct verb_call *call, const struct journal_row *row, const char *kind)
{
	struct sql *q =
	    sql(call->st, "INSERT INTO journal_mark (id, by, kind) VALUES (?1, ?2, ?3)");

	call->corrects = row->id;
	sql_bind(q, "iit", row->id, call->journal, kind);
	return sql_run(q);
}

/* A township takes back and corrects what its own people wrote, not what the room did in its area.
 */
static bool
is_own_entry(struct verb_call *call, const struct journal_row *row, struct err *err)
{
	if (!actor_is_confined(&call->actor) ||
	    sql_one_int(call->st, "SELECT area FROM person WHERE id = ?1", 0, "i", row->person) ==
		call->actor.area)
		return true;
	call->denied = true;
	return err_set(err, ERR_REFUSED,
	    _("Entry #%lld is not of your own people: ask the duty room."), (long long)row->seq);
}

/* The row by its number, within the actor's area, and not struck out yet. */
static bool
find_row(struct verb_call *call, struct journal_row *row, struct err *err)
{
	int64_t seq = call_int(call, "number"), area;
	bool good;

	if (!journal_by_seq(call->st, seq, row))
		return err_set(err, ERR_NOT_FOUND, _("There is no entry #%lld."), (long long)seq);
	area = sql_one_int(call->st, "SELECT area FROM journal WHERE id = ?1", 0, "i", row->id);
	good = call_touch_area(call, area, err) && is_own_entry(call, row, err);
	if (good && row->undone_by)
		good = err_set(err, ERR_STATE, _("Entry #%lld is struck out already, by #%lld."),
		    (long long)seq, (long long)row->undone_by);
	if (!good) {
		journal_row_clear(row);
		return false;
	}
	call_incident(call, row->incident);
	if (*row->subject_kind)
		call_subject(call, row->subject_kind, row->subject);
	return true;
}

/* --- undo ------------------------------------------------------------------------------------- */

/* Number of the first later row that changed the record in the way; 0 when not found. */
static int64_t
who_changed(struct store *st, int64_t row, const struct conflict *conflict)
{
	struct sql *q =
	    sql(st, "SELECT seq, changeset FROM journal WHERE id > ?1 AND changeset IS NOT NULL"
		    " ORDER BY id LIMIT ?2");
	int64_t found = 0;

	sql_bind(q, "ii", row, (int64_t)LATER_MAX);
	while (!found && sql_row(q)) {
		size_t size;
		const void *changeset = sql_blob(q, 1, &size);

		if (changes_touch(changeset, size, conflict->table, conflict->key))
			found = sql_int(q, 0);
	}
	sql_done(q);
	return found;
}

static bool
tell_conflict(struct verb_call *call, const struct journal_row *row,
    const struct conflict *conflict, struct err *err)
{
	int64_t later = conflict->key ? who_changed(call->st, row->id, conflict) : 0;
	struct journal_row other;

	if (later && journal_by_seq(call->st, later, &other)) {
		err_set(err, ERR_STATE,
		    _("Entry #%lld cannot be undone: #%lld (%s) built on it. Undo that one first."),
		    (long long)row->seq, (long long)later, other.text);
		journal_row_clear(&other);
		return false;
	}
	return err_set(err, ERR_STATE,
	    _("Entry #%lld cannot be undone: later entries built on it."), (long long)row->seq);
}

static bool
may_undo(struct verb_call *call, const struct journal_row *row, struct err *err)
{
	const struct verb *verb = verb_find(call->st, row->verb);

	if (verb && verb->flags & VERB_SENT)
		return err_set(err, ERR_REFUSED,
		    _("Entry #%lld (%s) has gone out and cannot be undone: send what takes it "
		      "back, an "
		      "update, a cancel or a correction."),
		    (long long)row->seq, row->text);
	if (!verb || !(verb->flags & VERB_UNDO))
		return err_set(err, ERR_REFUSED,
		    _("Entry #%lld (%s) is of a kind that cannot be undone."), (long long)row->seq,
		    row->text);
	if (call->actor.role & verb->roles)
		return true;
	call->denied = true;
	return err_set(err, ERR_REFUSED, _("Your role does not allow this."));
}

static bool
take_back(struct verb_call *call, const struct journal_row *row, struct err *err)
{
	struct sql *q = sql(call->st, "SELECT changeset FROM journal WHERE id = ?1");
	struct conflict conflict = {0};
	size_t size;
	const void *changeset;
	bool good = true;

	sql_bind(q, "i", row->id);
	if (sql_row(q) && (changeset = sql_blob(q, 0, &size)) != NULL)
		good = changes_take_back(call->st, changeset, size, &conflict);
	sql_done(q);
	return good || (conflict.found && tell_conflict(call, row, &conflict, err));
}

/* Its texts leave the search; those that an undone undo had taken out come back. */
static void
take_back_words(struct verb_call *call, const struct journal_row *row)
{
	search_undo(call->st, row->id, call->journal);
	if (strcmp(row->verb, "journal.undo") == 0)
		search_undo(call->st, id_make(call->st->area, row->corrects), 0);
}

static bool
run_undo(struct verb_call *call, struct err *err)
{
	struct journal_row row;
	bool good;

	if (!find_row(call, &row, err))
		return false;
	good =
	    may_undo(call, &row, err) && take_back(call, &row, err) && mark(call, &row, "undone");
	if (good) {
		take_back_words(call, &row);
		call_say(call, _("undone #%lld: %s"), (long long)row.seq, row.text);
	}
	journal_row_clear(&row);
	return good;
}

/* --- free entries ----------------------------------------------------------------------------- */

static bool
run_note(struct verb_call *call, struct err *err)
{
	int64_t incident = call_int(call, "incident"), area = call->actor.area;

	if (incident) {
		area = sql_one_int(
		    call->st, "SELECT area FROM incident WHERE id = ?1", 0, "i", incident);
		if (!area)
			return err_set(err, ERR_NOT_FOUND, _("There is no such incident."));
		call_subject(call, "incident", incident);
	}
	if (!call_touch_area(call, area, err))
		return false;
	call_incident(call, incident);
	call_say(call, "%s", call_text(call, "text"));
	return true;
}

/* Only what was written down: an act is undone, or set right by the act that is made for it. */
static bool
is_writing(struct store *st, const struct journal_row *row)
{
	return strcmp(row->verb, "journal.correct") == 0 ||
	       sql_one_int(
		   st, "SELECT changeset IS NULL FROM journal WHERE id = ?1", 0, "i", row->id) != 0;
}

static bool
run_correct(struct verb_call *call, struct err *err)
{
	struct journal_row row;
	bool good;

	if (!find_row(call, &row, err))
		return false;
	good =
	    is_writing(call->st, &row) ||
	    err_set(err, ERR_REFUSED,
		_("Entry #%lld is an act, not a note: it can only be undone."), (long long)row.seq);
	if (good && strncmp(row.verb, "journal.refused", 15) == 0)
		good = err_set(err, ERR_REFUSED, _("A refusal stays as it is."));
	good = good && mark(call, &row, "corrected");
	if (good)
		call_say(
		    call, _("corrects #%lld: %s"), (long long)row.seq, call_text(call, "text"));
	journal_row_clear(&row);
	return good;
}

static const struct verb_param undo_params[] = {
    {"number", N_("journal number"), ARG_INT, NULL, true, true,
	N_("the number of the entry, as #20417")},
};
static const struct verb_param note_params[] = {
    {"text", N_("text"), ARG_REST, NULL, true, true, N_("what is to be written down")},
    {"incident", N_("incident"), ARG_THING, "incident", false, false,
	N_("the incident it belongs to")},
};
static const struct verb_param correct_params[] = {
    {"number", N_("journal number"), ARG_INT, NULL, true, true,
	N_("the number of the entry, as #20417")},
    {"text", N_("text"), ARG_REST, NULL, true, true, N_("what it should say")},
};
static const struct verb_param restored_params[] = {
    {"backup", N_("backup"), ARG_WORD, NULL, true, true, N_("the file it came from")},
    {"head", N_("journal number"), ARG_INT, NULL, true, true, N_("its last entry")},
    {"aside", N_("set aside"), ARG_WORD, NULL, false, true, N_("where the damaged files are now")},
    {"complete", N_("complete"), ARG_FLAG, NULL, false, false,
	N_("all numbers given before could be read")},
    {"numbers", N_("numbers"), ARG_REST, NULL, true, true,
	N_("the numbers to go on behind, as JSON")},
};
static const struct verb journal_verbs[] = {
    {"journal.undo", "undo 撤销 撤回 cx", N_("take an act back"),
	ROLE_ROOM | ROLE_TOWNSHIP | ROLE_CLERK | ROLE_SYSTEM, VERB_UNDO, undo_params,
	COUNT_OF(undo_params), run_undo, NULL},
    {"journal.note", "note 记 记一笔 jyb", N_("write a free entry"),
	ROLE_ROOM | ROLE_TOWNSHIP | ROLE_CLERK | ROLE_SYSTEM, 0, note_params, COUNT_OF(note_params),
	run_note, NULL},
    {"journal.correct", "correct 更正 gz", N_("correct a written entry"),
	ROLE_ROOM | ROLE_TOWNSHIP | ROLE_CLERK | ROLE_SYSTEM, VERB_UNDO, correct_params,
	COUNT_OF(correct_params), run_correct, NULL},
    {"store.restored", "", N_("a backup was put in the place of the store"), ROLE_SYSTEM,
	VERB_QUIET, restored_params, COUNT_OF(restored_params), restore_run_restored, NULL},
};

void
journal_register(struct store *st)
{
	verb_register(st, journal_verbs, COUNT_OF(journal_verbs));
}
