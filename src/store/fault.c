/* SQLite's result codes, told as what happened to the store and what to do about it. */
#include "store/inside.h"

#include "base/i18n.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void
fault_read(sqlite3 *db, int code, struct fault *out)
{
	out->code = code;
	/* SQLite keeps errno for some failures only; the callers clear it in front of the step. */
	out->system = errno;
	if (db && sqlite3_system_errno(db))
		out->system = sqlite3_system_errno(db);
	snprintf(
	    out->text, sizeof(out->text), "%s", db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
}

void
fault_note(struct store *st, int code)
{
	if (st->fault.code != SQLITE_OK)
		return;
	fault_read(st->db, code, &st->fault);
	if (sqlite3_extended_errcode(st->db) != SQLITE_OK &&
	    (sqlite3_errcode(st->db) & 0xff) == (code & 0xff))
		st->fault.code = sqlite3_extended_errcode(st->db);
}

/* A write that failed for want of room. SQLite gives SQLITE_FULL for ENOSPC only. */
static bool
is_full(const struct fault *f)
{
	if ((f->code & 0xff) == SQLITE_FULL)
		return true;
	return (f->code & 0xff) == SQLITE_IOERR &&
	       (f->system == ENOSPC || f->system == EDQUOT || f->system == EFBIG);
}

bool
fault_explain(const char *path, const struct fault *f, struct err *err)
{
	if (is_full(f)) {
		err_set(err, ERR_STORE,
		    _("The disk is full: this was not saved. What was saved before is safe and can "
		      "be read. "
		      "Free some space, then do it again."));
		return err_detail(err, "%s: %s (%d, errno %d)", path, f->text, f->code, f->system);
	}
	switch (f->code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		err_set(err, ERR_STORE,
		    _("The store %s is damaged. Do not write to it: end all consoles, then put the "
		      "latest backup in its place (zhiban restore BACKUP). \"zhiban verify\" "
		      "tells what is wrong."),
		    path);
		break;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		err_set(
		    err, ERR_STORE, _("The store %s cannot be written: this was not saved."), path);
		break;
	case SQLITE_CANTOPEN:
		err_set(err, ERR_STORE,
		    _("The store %s cannot be opened: see that its directory and files belong to "
		      "this account."),
		    path);
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		err_set(err, ERR_STORE,
		    _("Another program holds the store %s. Close it (a database tool, perhaps), "
		      "then try again."),
		    path);
		break;
	case SQLITE_CONSTRAINT:
		err_set(err, ERR_STATE, _("This contradicts what is stored, so it was not saved."));
		break;
	case SQLITE_TOOBIG:
		err_set(err, ERR_INPUT, _("This is too big to be stored."));
		break;
	case SQLITE_NOMEM:
		err_set(err, ERR_STORE, _("There is not enough memory: this was not done."));
		break;
	default:
		err_set(err, ERR_STORE,
		    _("The store %s cannot be read or written: the disk reports an error. "
		      "Save what is on the screen elsewhere and check the disk."),
		    path);
		break;
	}
	return err_detail(err, "%s: %s (%d, errno %d)", path, f->text, f->code, f->system);
}

bool
fault_tell(struct store *st, struct err *err)
{
	return fault_explain(st->path, &st->fault, err);
}
