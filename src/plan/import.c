/* The verbs: a plan comes in, goes out of force, and what drills and real events showed of it. */
#include "plan/inside.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/digest.h"
#include "store/search.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- plan.import ------------------------------------------------------------------------------ */

/* Known, and counted in the unit the plan says? */
static bool
class_known(struct store *st, const struct plan_need *need, long line, struct err *err)
{
	char *unit;
	bool good;

	if (need->team) {
		if (sql_one_int(
			st, "SELECT count(*) FROM skill WHERE code = ?1", 0, "t", need->code))
			return true;
		return err_set(err, ERR_INPUT, _("line %ld: this store knows no skill \"%s\""),
		    line, need->code);
	}
	unit = sql_one_text(st, "SELECT unit FROM goods WHERE code = ?1", "t", need->code);
	if (!unit)
		return err_set(err, ERR_INPUT, _("line %ld: this store knows no goods \"%s\""),
		    line, need->code);
	good = strcmp(unit, need->unit) == 0 ||
	       err_set(err, ERR_INPUT, _("line %ld: %s is counted in %s here, not in %s"), line,
		   need->code, unit, need->unit);
	free(unit);
	return good;
}

/* Owners the directory does not know: no fault (a post, a unit to come), but the clerk should hear
 * of it. */
static void
say_unknown_owners(struct verb_call *call, const struct plan_doc *doc)
{
	struct buf names = BUF_MAX(600);

	for (size_t i = 0; i < doc->n_tasks; i++) {
		const char *owner = doc->tasks[i].owner;

		if (*owner == '@' || strstr(buf_str(&names), owner))
			continue;
		if (sql_one_int(call_store(call),
			"SELECT count(*) FROM unit WHERE name = ?1 OR short = ?1 OR instr('|' || "
			"aliases || '|', '|' || ?1 || '|')",
			0, "t", owner))
			continue;
		buf_printf(&names, "%s%s", names.size ? " " : "", owner);
	}
	if (names.size)
		call_say(call, _("not in the directory: %s"), buf_str(&names));
	buf_clear(&names);
}

static void
initials_of(const struct plan_doc *doc, char out[96])
{
	char name[64], brief[24];

	pinyin_initials(doc->name, name, sizeof(name));
	pinyin_initials(doc->short_name, brief, sizeof(brief));
	snprintf(out, 96, "%s %s", brief, name);
}

static bool
put_version(struct verb_call *call, int64_t version, int64_t plan, const struct plan_doc *doc,
    const char *xml, const char *hash)
{
	struct sql *q = sql(call_store(call),
	    "INSERT INTO plan_version (id, plan, version, xml, hash, imported, journal)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	sql_bind(q, "iitttii", version, plan, doc->version_text, xml, hash, call_now(call),
	    call_journal(call));
	return sql_run(q);
}

static bool
put_plan(struct verb_call *call, int64_t version, int64_t plan, const struct plan_doc *doc)
{
	struct sql *q =
	    sql(call_store(call), "INSERT INTO plan (id, code, name, short, initials, level, area, "
				  "issuer, doc_no, issued, review, version)"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
				  " ON CONFLICT (id) DO UPDATE SET name = excluded.name, short = "
				  "excluded.short, initials = excluded.initials,"
				  " level = excluded.level, area = excluded.area, issuer = "
				  "excluded.issuer, doc_no = excluded.doc_no,"
				  " issued = excluded.issued, review = excluded.review, version = "
				  "excluded.version, state = 'valid',"
				  " retired_why = NULL");
	char initials[96];

	initials_of(doc, initials);
	sql_bind(q, "itttttztttti", plan, doc->code, doc->name, doc->short_name, initials,
	    doc->level, doc->area, doc->issuer, doc->doc_no, doc->issued, doc->review, version);
	return sql_run(q);
}

/* What the search finds a plan by: all its words, without headings. */
static char *
search_text(struct store *st, const struct plan_doc *doc)
{
	struct buf b = BUF_MAX(256u << 10);

	buf_printf(&b, "%s %s %s\n", doc->name, doc->short_name, doc->doc_no);
	text_body(st, doc, &b);
	return buf_take(&b);
}

/* 0 when the plan is new. Refused when these very contents, or this version, are there. */
static bool
find_known(
    struct store *st, const struct plan_doc *doc, const char *hash, int64_t *plan, struct err *err)
{
	*plan = sql_one_int(st, "SELECT id FROM plan WHERE code = ?1", 0, "t", doc->code);
	if (!*plan)
		return true;
	if (sql_one_int(st,
		"SELECT count(*) FROM plan p JOIN plan_version v ON v.id = p.version"
		" WHERE p.id = ?1 AND v.hash = ?2 AND p.state = 'valid'",
		0, "it", *plan, hash))
		return err_set(err, ERR_STATE, _("%s, version %s, is on file already"), doc->name,
		    doc->version_text);
	if (sql_one_int(st, "SELECT count(*) FROM plan_version WHERE plan = ?1 AND version = ?2", 0,
		"it", *plan, doc->version_text))
		return err_set(err, ERR_STATE,
		    _("%s has a version %s already, and versions are frozen: give this one a new "
		      "version"),
		    doc->name, doc->version_text);
	return true;
}

static bool
store_plan(struct verb_call *call, const struct plan_doc *doc, const char *xml, struct err *err)
{
	struct store *st = call_store(call);
	int64_t plan, version;
	char hash[65], *text;
	bool known;

	digest_hex(xml, strlen(xml), hash);
	if (!call_touch_area(call, doc->area ? doc->area : store_area(st), err) ||
	    !find_known(st, doc, hash, &plan, err))
		return false;
	known = plan != 0;
	/* The code may be one of another area's plan. */
	if (known && !call_touch_area(call,
			 sql_one_int(st, "SELECT coalesce(area, ?2) FROM plan WHERE id = ?1", 0,
			     "ii", plan, store_area(st)),
			 err))
		return false;
	if (!known)
		plan = store_new_id(st);
	version = store_new_id(st);
	if (!put_version(call, version, plan, doc, xml, hash) ||
	    !put_plan(call, version, plan, doc))
		return false;
	text = search_text(st, doc);
	search_put(st, "plan", plan, text);
	free(text);
	call_subject(call, "plan", plan);
	call_say(call,
	    known
		? ngettext("%s: version %s is the present one (%zu task)",
		      "%s: version %s is the present one (%zu tasks)", (unsigned long)doc->n_tasks)
		: ngettext("%s on file, version %s (%zu task)",
		      "%s on file, version %s (%zu tasks)", (unsigned long)doc->n_tasks),
	    doc->name, doc->version_text, doc->n_tasks);
	say_unknown_owners(call, doc);
	return true;
}

static bool
run_import(struct verb_call *call, struct err *err)
{
	const char *xml = call_text(call, "xml");
	struct doc_lines lines = {0};
	struct plan_doc *doc = doc_read(xml, strlen(xml), true, &lines, err);
	bool good = doc && doc_check(doc, &lines, err);

	for (size_t i = 0; good && i < doc->n_needs; i++)
		good = class_known(call_store(call), &doc->needs[i], lines.needs[i], err);
	if (good)
		good = store_plan(call, doc, xml, err);
	doc_free(doc);
	doc_lines_clear(&lines);
	return good;
}

/* --- plan.retire, plan.finding ---------------------------------------------------------------- */

/* The plan argument, in force, and in reach of the actor. */
static bool
take_plan(struct verb_call *call, struct plan_row *row, struct err *err)
{
	if (!plan_get(call_store(call), call_int(call, "plan"), row))
		return err_set(
		    err, ERR_NOT_FOUND, _("there is no such plan, or it has no such version"));
	if (row->retired)
		return err_set(err, ERR_STATE, _("%s is out of force already"), row->name);
	if (!call_touch_area(call, row->area ? row->area : store_area(call_store(call)), err))
		return false;
	call_subject(call, "plan", row->id);
	return true;
}

static bool
run_retire(struct verb_call *call, struct err *err)
{
	struct plan_row row;
	struct sql *q;

	if (!take_plan(call, &row, err))
		return false;
	q = sql(
	    call_store(call), "UPDATE plan SET state = 'retired', retired_why = ?2 WHERE id = ?1");
	sql_bind(q, "it", row.id, call_text(call, "why"));
	call_say(call, _("%s is out of force: %s"), row.name, call_text(call, "why"));
	return sql_run(q);
}

static bool
run_finding(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct plan_row row;
	struct sql *q;

	if (!take_plan(call, &row, err))
		return false;
	call_incident(call, call_int(call, "incident"));
	q = sql(st, "INSERT INTO plan_finding (id, plan, version, incident, at, who, text, journal)"
		    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	sql_bind(q, "iiizitti", store_new_id(st), row.id, row.version, call_int(call, "incident"),
	    call_now(call), call_actor(call)->name, call_text(call, "text"), call_journal(call));
	call_say(call, _("to be mended in %s: %s"), row.name, call_text(call, "text"));
	return sql_run(q);
}

/* --- files ------------------------------------------------------------------------------------ */

/* A NUL-terminated copy of the file; NULL with err. One byte more than allowed is read, so that the
 * limit can tell. */
static char *
read_file(const char *path, struct err *err)
{
	char *text = mem_alloc(PLAN_MAX + 5);
	size_t n = 0;
	ssize_t got = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && n < PLAN_MAX + 4 && (got = read(fd, text + n, PLAN_MAX + 4 - n)) > 0)
		n += (size_t)got;
	if (fd < 0 || got < 0) {
		err_set(err, ERR_IO, _("%s cannot be read: %s"), path, strerror(errno));
		free(text);
		text = NULL;
	} else {
		text[n] = '\0';
	}
	if (fd >= 0)
		close(fd);
	if (text && memchr(text, '\0', n)) {
		err_set(err, ERR_INPUT, _("%s is no text file"), path);
		free(text);
		text = NULL;
	}
	return text;
}

static bool
import_text(
    struct store *st, const struct actor *actor, const char *xml, char **said, struct err *err)
{
	struct verb_result result = {0, 0, 0, NULL};
	json_t *args = json_pack("{s:s}", "xml", xml);
	bool good;

	if (!args) { /* jansson takes UTF-8 only; the reader names the line */
		xmlDoc *doc = xml_parse(xml, strlen(xml), false, err);

		xmlFreeDoc(doc);
		return false;
	}
	good = verb_run(st, actor, "plan.import", args, &result, err);
	json_decref(args);
	if (good && said)
		*said = mem_dup(result.said);
	verb_result_clear(&result);
	return good;
}

bool
plan_import_file(
    struct store *st, const struct actor *actor, const char *path, char **said, struct err *err)
{
	struct err why = ERR_NONE;
	char *xml = read_file(path, err);
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path, *from;
	bool good;

	if (said)
		*said = NULL;
	if (!xml)
		return false;
	from = strncmp(xml, "\xef\xbb\xbf", 3) == 0 ? xml + 3 : xml;
	good = import_text(st, actor, from, said, &why);
	free(xml);
	if (!good) {
		err_set(err, why.code, "%s: %s", name, why.message ? why.message : "");
		if (why.detail)
			err_detail(err, "%s", why.detail);
	}
	err_clear(&why);
	return good;
}

static int
is_plan_file(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return e->d_name[0] != '.' && n > 4 && strcmp(e->d_name + n - 4, ".xml") == 0;
}

bool
plan_import_directory(
    struct store *st, const struct actor *actor, const char *directory, size_t *n, struct err *err)
{
	struct dirent **list;
	int found = scandir(directory, &list, is_plan_file, alphasort);
	bool good = true;

	if (n)
		*n = 0;
	if (found < 0)
		return err_set(err, ERR_IO, _("%s cannot be read: %s"), directory, strerror(errno));
	for (int i = 0; i < found; i++) {
		char *path = mem_print("%s/%s", directory, list[i]->d_name);

		good = good && plan_import_file(st, actor, path, NULL, err);
		if (good && n)
			++*n;
		free(path);
		free(list[i]);
	}
	free(list);
	return good;
}

/* --- the table of verbs ----------------------------------------------------------------------- */

#define KEEPERS (ROLE_CLERK | ROLE_CHIEF | ROLE_SYSTEM | ROLE_TOWNSHIP)

static const struct verb_param import_params[] = {
    {"xml", N_("plan file"), ARG_REST, NULL, true, true,
	N_("the contents of a plan file, zhiban-plan(5)")},
};
static const struct verb_param retire_params[] = {
    {"plan", N_("plan"), ARG_THING, "plan", true, true, NULL},
    {"why", N_("why"), ARG_REST, NULL, true, true, NULL},
};
static const struct verb_param finding_params[] = {
    {"plan", N_("plan"), ARG_THING, "plan", true, true, NULL},
    {"incident", N_("incident"), ARG_THING, "incident", false, false, N_("where it showed")},
    {"text", N_("what showed"), ARG_REST, NULL, true, true,
	N_("what the next version must do better")},
};
static const struct verb verbs[] = {
    {"plan.import", "入库", N_("put a plan on file"), KEEPERS, VERB_UNDO | VERB_QUIET | VERB_LARGE,
	import_params, COUNT_OF(import_params), run_import, NULL},
    {"plan.retire", "废止", N_("take a plan out of force"), KEEPERS, VERB_UNDO, retire_params,
	COUNT_OF(retire_params), run_retire, NULL},
    {"plan.finding", "改进", N_("note what a drill or a real event showed of a plan"),
	KEEPERS | ROLE_ROOM, VERB_UNDO, finding_params, COUNT_OF(finding_params), run_finding,
	NULL},
};

void
plan_register(struct store *st)
{
	verb_register(st, verbs, COUNT_OF(verbs));
	library_register(st);
}
