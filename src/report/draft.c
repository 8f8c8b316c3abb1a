/*
 * 拟稿 and 改稿. A draft is made from the record as it stands at one journal row (report.journal):
 * the next follow-up begins behind that row, so that what came in while a paper was being signed is
 * in the next one and in none twice.
 */
#include "report/inside.h"

#include "base/paths.h"
#include "base/tsv.h"

#include <stdlib.h>
#include <string.h>

void
lines_write(struct verb_call *call, int64_t report, const struct sentences *s)
{
	struct sql *q = sql(call_store(call), "DELETE FROM report_line WHERE report = ?1");

	sql_bind(q, "i", report);
	sql_run(q);
	for (size_t i = 0; i < s->n; i++) {
		const struct sentence *k = &s->list[i];
		struct buf sources = BUF_MAX(400);
		for (size_t n = 0; n < k->n_sources; n++)
			buf_printf(&sources, "%s%lld", n ? "," : "", (long long)k->sources[n]);
		q = sql(call_store(call), "INSERT INTO report_line (report, n, element, text, "
					  "sources, flag) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
		sql_bind(q, "iitttt", report, (int64_t)i, k->element, k->text, buf_str(&sources),
		    k->flag);
		sql_run(q);
		buf_clear(&sources);
	}
}

/* --- to whom --------------------------------------------------------------------------------- */

static void
add_once(struct buf *b, const char *name)
{
	if (!*name || strstr(buf_str(b), name))
		return;
	buf_printf(b, "%s%s", b->size ? "、" : "", name);
}

/* 主送: whoever a written clock of the incident waits for, else the city's bureau. */
static char *
main_dest(const struct record *r)
{
	struct buf b = BUF_MAX(400);
	struct sql *q = sql(r->st, "SELECT DISTINCT dest FROM clock WHERE incident = ?1 AND kind = "
				   "'written' AND state <> 'void' ORDER BY id");
	const char *city;

	sql_bind(q, "i", r->incident);
	while (sql_row(q))
		add_once(&b, sql_text(q, 0));
	if (!b.size) {
		city = store_setting(r->st, "city");
		buf_printf(&b, "%s应急管理局", city ? city : "扬州市");
	}
	return buf_take(&b);
}

static bool
any_code(const struct record *r, const char *types)
{
	for (const char *t = types; *t;) {
		size_t n = strcspn(t, "|");
		for (size_t i = 0; i < r->full.n_codes; i++)
			if (n && strncmp(r->full.codes[i].code, t, n) == 0)
				return true;
		t += n + (t[n] == '|');
	}
	return !*types;
}

static bool
has_casualties(const struct record *r)
{
	for (size_t i = 0; i < r->full.n_figures; i++)
		if (r->full.figures[i].kind <= FACT_LIGHT && r->full.figures[i].value > 0)
			return true;
	return false;
}

static void
add_cc_row(const struct record *r, struct buf *b, const char *cc)
{
	while (*cc) {
		size_t n = strcspn(cc, "|");
		struct buf one = BUF_MAX(200);
		for (size_t i = 0; i < n;)
			if (strncmp(cc + i, "{county}", 8) == 0) {
				buf_add(&one, r->county ? r->county : "");
				i += 8;
			} else {
				buf_add_char(&one, cc[i++]);
			}
		add_once(b, buf_str(&one));
		buf_clear(&one);
		cc += n + (cc[n] == '|');
	}
}

/* 抄送: rows of data/report/cc.tsv. Without the table nobody is copied; the form shows that. */
static char *
copies(const struct record *r)
{
	struct err err = ERR_NONE;
	char *path = paths_data_file("report/cc.tsv");
	struct tsv *t = tsv_open(path, &err);
	struct buf b = BUF_MAX(230);

	free(path);
	if (t) {
		int types = tsv_column(t, "types", true, &err),
		    when = tsv_column(t, "when", true, &err), cc = tsv_column(t, "cc", true, &err);
		while (err.code == ERR_OK && tsv_next(t))
			if (any_code(r, tsv_get(t, types)) &&
			    (!*tsv_get(t, when) || has_casualties(r)))
				add_cc_row(r, &b, tsv_get(t, cc));
		if (!tsv_close(t, &err))
			err_clear(&err);
	}
	err_clear(&err);
	return buf_take(&b);
}

static const char *
urgency_of(const struct record *r)
{
	const struct incident_row *i = &r->full.row;

	if (strcmp(r->kind, "final") == 0)
		return "平急";
	if (i->near_miss || i->sensitive || (i->grade != GRADE_NONE && i->grade <= GRADE_III))
		return "特急";
	return sql_one_int(r->st,
		   "SELECT 1 FROM clock WHERE incident = ?1 AND kind = 'written' AND due - starts "
		   "<= 3600000",
		   0, "i", r->incident)
		   ? "特急"
		   : "加急";
}

/* --- report.draft ---------------------------------------------------------------------------- */

/* The kind that comes next when none is named. */
static const char *
next_kind(struct store *st, int64_t incident)
{
	return sql_one_int(st,
		   "SELECT 1 FROM report WHERE incident = ?1 AND kind = 'first' AND state = "
		   "'signed'",
		   0, "i", incident)
		   ? "follow"
		   : "first";
}

static bool
check_kind(struct store *st, int64_t incident, const char *kind, struct err *err)
{
	bool first = strcmp(next_kind(st, incident), "follow") == 0;

	if (strcmp(kind, "first") == 0 && first)
		return err_set(err, ERR_STATE,
		    _("The first report is signed already: what is new goes into a follow-up."));
	if (strcmp(kind, "first") != 0 && !first)
		return err_set(err, ERR_STATE,
		    _("There is no signed first report yet: it comes before a follow-up or final "
		      "report."));
	if (sql_one_int(st,
		"SELECT 1 FROM report WHERE incident = ?1 AND kind = 'final' AND state = 'signed'",
		0, "i", incident))
		return err_set(err, ERR_STATE, _("The final report is signed already."));
	return true;
}

/* The unsigned report of this kind, if there is one; refused when somebody worked on it or it waits
 * for a signature. */
static bool
find_unsigned(struct store *st, int64_t incident, const char *kind, int64_t *id, struct err *err)
{
	struct sql *q =
	    sql(st, "SELECT id, edited, state = 'submitted' FROM report "
		    "WHERE incident = ?1 AND kind = ?2 AND state IN ('draft', 'submitted')");
	bool edited = false, submitted = false;

	*id = 0;
	sql_bind(q, "it", incident, kind);
	if (sql_row(q)) {
		*id = sql_int(q, 0);
		edited = sql_int(q, 1) != 0;
		submitted = sql_int(q, 2) != 0;
	}
	sql_done(q);
	if (submitted)
		return err_set(err, ERR_STATE,
		    _("This report waits for a signature; to draft it anew, return it first."));
	if (edited)
		return err_set(err, ERR_STATE,
		    _("There is a draft somebody has worked on: go on with it, or void it first."));
	return true;
}

static int64_t
next_seq(struct store *st, int64_t incident, const char *kind)
{
	if (strcmp(kind, "first") == 0)
		return 0;
	return 1 + sql_one_int(st,
		       "SELECT max(seq) FROM report WHERE incident = ?1 AND state = 'signed'", 0,
		       "i", incident);
}

/* The journal row up to which the last signed report looked. */
static int64_t
base_of(struct store *st, int64_t incident, const char *kind)
{
	if (strcmp(kind, "follow") != 0)
		return 0;
	return sql_one_int(st,
	    "SELECT journal FROM report WHERE incident = ?1 AND state = 'signed' ORDER BY seq DESC "
	    "LIMIT 1",
	    0, "i", incident);
}

/* The drafter's telephone is the contact's, the bureau's duty line when the drafter has none. */
static char *
contact_phone(struct verb_call *call)
{
	char *phone = sql_one_text(call_store(call),
	    "SELECT phone FROM person WHERE id = ?1 AND phone IS NOT NULL", "i",
	    call_actor(call)->person);

	if (!phone)
		phone = sql_one_text(call_store(call),
		    "SELECT phone FROM unit WHERE name LIKE '%应急管理局' AND kind = 'department' "
		    "AND area = ?1 LIMIT 1",
		    "i", store_area(call_store(call)));
	return phone ? phone : mem_dup("");
}

static int64_t
write_report(struct verb_call *call, const struct record *r, int64_t id, int64_t seq,
    const struct sentences *s)
{
	struct store *st = call_store(call);
	struct buf title = BUF_MAX(400);
	char *body = body_of(s), *dest = main_dest(r), *cc = copies(r),
	     *phone = contact_phone(call);
	struct sql *q;

	chinese_title(&title, r->full.row.title, r->kind, (int)seq);
	if (!id) {
		id = store_new_id(st);
		q = sql(st, "INSERT INTO report (id, incident, kind, seq, title, body, dest, cc, "
			    "urgency, drafted, drafter, contact, phone, grade,"
			    " near_miss, journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
			    "?11, ?12, ?13, ?14, ?15, ?16)");
	} else {
		q = sql(st, "UPDATE report SET incident = ?2, kind = ?3, seq = ?4, title = ?5, "
			    "body = ?6, dest = ?7, cc = ?8, urgency = ?9,"
			    " drafted = ?10, drafter = ?11, contact = ?12, phone = ?13, grade = "
			    "?14, near_miss = ?15, journal = ?16,"
			    " state = 'draft' WHERE id = ?1");
	}
	sql_bind(q, "iititttttitttiii", id, r->incident, r->kind, seq, buf_str(&title), body, dest,
	    cc, urgency_of(r), r->now, call_actor(call)->name, call_actor(call)->name, phone,
	    (int64_t)r->full.row.grade, (int64_t)r->full.row.near_miss, call_journal(call));
	sql_run(q);
	lines_write(call, id, s);
	search_put(st, "report", id, body);
	buf_clear(&title);
	free(body);
	free(dest);
	free(cc);
	free(phone);
	return id;
}

static void
say_draft(struct verb_call *call, int64_t id)
{
	struct report_row row;

	if (!report_get(call_store(call), id, &row))
		return;
	call_say(call,
	    ngettext("draft: %s, %d element empty, %d unproven",
		"draft: %s, %d elements empty, %d unproven", (unsigned long)row.empties),
	    row.title, row.empties, row.unproven);
}

bool
report_do_draft(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t incident = call_int(call, "incident"), id;
	const char *kind;
	struct record r;
	struct sentences s = {NULL, 0, 0};
	bool good;

	if (!incident_touch(call, incident, false, err))
		return false;
	kind = call_has(call, "kind") ? call_text(call, "kind") : next_kind(st, incident);
	if (!check_kind(st, incident, kind, err) || !find_unsigned(st, incident, kind, &id, err))
		return false;
	if (!record_read(st, incident, kind, base_of(st, incident, kind), call_now(call), &r))
		return err_set(err, ERR_NOT_FOUND, _("There is no such incident."));
	good = template_apply(&r, &s, err);
	if (good && strcmp(kind, "follow") == 0 && s.n <= 2)
		good =
		    err_set(err, ERR_STATE, _("Nothing has changed since the last signed report."));
	if (good) {
		id = write_report(call, &r, id, next_seq(st, incident, kind), &s);
		call_subject(call, "report", id);
		say_draft(call, id);
	}
	sentences_clear(&s);
	record_clear(&r);
	return good;
}

/* --- report.edit ----------------------------------------------------------------------------- */

/* Old lines of a report, to find again in the new text. */
static void
read_lines(struct store *st, int64_t report, struct sentences *out)
{
	struct report_line lines[200];
	size_t n = report_lines(st, report, lines, 200);

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		struct sentence *s;
		mem_grow(&out->list, &out->room, out->n);
		s = &out->list[out->n++];
		memset(s, 0, sizeof(*s));
		utf8_copy(s->element, sizeof(s->element), lines[i].element);
		utf8_copy(s->flag, sizeof(s->flag), lines[i].flag);
		s->text = mem_dup(lines[i].text);
		memcpy(s->sources, lines[i].sources, sizeof(s->sources));
		s->n_sources = lines[i].n_sources;
	}
	report_lines_clear(lines, n);
}

static bool
is_heading(const char *s, size_t n)
{
	static const char *const numbers[] = {"一、", "二、", "三、", "四、", "五、", "六、"};

	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		if (n > 6 && strncmp(s, numbers[i], 6) == 0)
			return memmem(s, n, "。", 3) == NULL;
	return false;
}

/* Sentences of a stretch of new text, each marked as edited with this very journal row as its
 * source. */
static void
add_edited(struct verb_call *call, const char *s, const char *end, const char *element,
    struct sentences *out)
{
	while (s < end) {
		const char *stop = memmem(s, (size_t)(end - s), "。", 3),
			   *line = memchr(s, '\n', (size_t)(end - s));
		const char *to = stop && (!line || stop < line) ? stop + 3 : line ? line : end;
		const char *from = s;
		struct sentence *k;

		while (from < to && (*from == ' ' || *from == '\n' ||
					(to - from >= 3 && strncmp(from, "　", 3) == 0)))
			from += *from == ' ' || *from == '\n' ? 1 : 3;
		s = to > s ? to : s + 1;
		if (*s == '\n' && s < end)
			s++;
		if (from >= to || is_heading(from, (size_t)(to - from)))
			continue;
		mem_grow(&out->list, &out->room, out->n);
		k = &out->list[out->n++];
		memset(k, 0, sizeof(*k));
		utf8_copy(k->element, sizeof(k->element), element);
		utf8_copy(k->flag, sizeof(k->flag), "edited");
		k->text = mem_dupn(from, (size_t)(to - from));
		k->sources[0] = call_journal(call);
		k->n_sources = 1;
	}
}

static void
add_kept(const struct sentence *old, struct sentences *out)
{
	struct sentence *k;

	mem_grow(&out->list, &out->room, out->n);
	k = &out->list[out->n++];
	*k = *old;
	k->text = mem_dup(old->text);
}

/*
 * The new text cut at the old sentences that are still there: those keep their sources, what stands
 * between them is new. An old sentence is looked for behind the one before it, so that the order of
 * the paper is the order of the lines.
 */
static void
match_lines(
    struct verb_call *call, const struct sentences *old, const char *body, struct sentences *out)
{
	const char *at = body, *end = body + strlen(body), *element = "text";

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < old->n; i++) {
		const char *found = strstr(at, old->list[i].text);
		if (!found) {
			element =
			    old->list[i]
				.element; /* it was changed: the new words speak of the same */
			continue;
		}
		add_edited(call, at, found, element, out);
		add_kept(&old->list[i], out);
		at = found + strlen(old->list[i].text);
		element = "text";
	}
	add_edited(call, at, end, element, out);
}

bool
report_do_edit(struct verb_call *call, struct err *err)
{
	struct report_row row;
	struct sentences old, now;
	struct sql *q;
	const char *body = call_text(call, "body");
	size_t edited = 0;

	if (!report_touch(call, "draft submitted", &row, err))
		return false;
	read_lines(call_store(call), row.id, &old);
	match_lines(call, &old, body, &now);
	for (size_t i = 0; i < now.n; i++)
		edited += strcmp(now.list[i].flag, "edited") == 0;
	q = sql(call_store(call), "UPDATE report SET body = ?2, edited = 1, state = 'draft', title "
				  "= ifnull(?3, title), dest = ifnull(?4, dest),"
				  " cc = ifnull(?5, cc) WHERE id = ?1");
	sql_bind(q, "itttt", row.id, body,
	    call_has(call, "title") ? call_text(call, "title") : NULL,
	    call_has(call, "dest") ? call_text(call, "dest") : NULL,
	    call_has(call, "cc") ? call_text(call, "cc") : NULL);
	sql_run(q);
	lines_write(call, row.id, &now);
	search_put(call_store(call), "report", row.id, body);
	call_say(call,
	    ngettext("edited: %zu sentence written by hand",
		"edited: %zu sentences written by hand", (unsigned long)edited),
	    edited);
	sentences_clear(&old);
	sentences_clear(&now);
	return true;
}
