/*
 * Teams 队伍: what they can do, whether they are ready, what they are on. An assignment is written
 * by dispatch only; here it is read.
 */
#include "resource/resource.h"
#include "resource/row.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
add_skill(struct row *r, struct err *err)
{
	const char *code = row_text(r, "code"), *name = row_text(r, "name");
	struct sql *q;

	if (!row_name_free(name,
		sql_one_int(r->st, "SELECT count(*) FROM skill WHERE code = ?1 OR name = ?2", 0,
		    "tt", code, name),
		err))
		return false;
	q = sql(r->st, "INSERT INTO skill (code, name) VALUES (?1, ?2)");
	sql_bind(q, "tt", code, name);
	return row_done(r, sql_run(q), "skill", 0, _("skill"), name);
}

bool
resource_skill_named(struct store *st, const char *word, char *code, size_t size)
{
	char *found = sql_one_text(st,
	    "SELECT code FROM skill WHERE code = ?1 OR name = ?1 ORDER BY code = ?1 DESC", "t",
	    word);

	utf8_copy(code, size, found ? found : "");
	free(found);
	return *code != '\0';
}

/* Asked before anything is written: a refused row leaves nothing behind. */
static bool
skills_known(struct row *r, const char *p, struct err *err)
{
	char word[64], code[32];

	while (text_word(&p, word, sizeof(word)))
		if (!resource_skill_named(r->st, word, code, sizeof(code)))
			return err_set(err, ERR_NOT_FOUND, _("no skill is called \"%s\""), word);
	return true;
}

static bool
put_skills(struct row *r, int64_t team, const char *p)
{
	struct sql *q = sql(r->st, "DELETE FROM team_skill WHERE team = ?1");
	char word[64], code[32];

	sql_bind(q, "i", team);
	if (!sql_run(q))
		return false;
	while (text_word(&p, word, sizeof(word))) {
		resource_skill_named(r->st, word, code, sizeof(code));
		q = sql(r->st, "INSERT OR IGNORE INTO team_skill (team, skill) VALUES (?1, ?2)");
		sql_bind(q, "it", team, code);
		if (!sql_run(q))
			return false;
	}
	return true;
}

bool
add_team(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name"), *short_name = row_text(r, "short");
	double lon, lat, ready = row_has(r, "ready_min") ? row_real(r, "ready_min") : 10;
	char initials[INITIALS];
	int64_t area, id;

	if (!row_name_free(name,
		sql_one_int(r->st, "SELECT count(*) FROM team WHERE name = ?1 AND id <> ?2", 0,
		    "ti", name, r->id),
		err) ||
	    !row_position(r, &lon, &lat, err) || !row_area(r, &area, err))
		return false;
	if (!(ready >= 0 && ready <= 1440))
		return err_set(err, ERR_INPUT, _("minutes to turn out: 0 to 1440"));
	if (!skills_known(r, row_text(r, "skills"), err))
		return false;
	row_initials(initials, name, short_name, NULL);
	id = row_id(r);
	struct sql *q = sql(r->st,
	    "INSERT INTO team (id, name, short, initials, class, unit, area, lon, lat, people, "
	    "leader,"
	    " phone, ready_min, gear, confirmed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, 0),"
	    " nullif(?9, 0), ?10, ?11, ?12, ?13, ?14, ?15)"
	    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, short = "
	    "excluded.short, initials = excluded.initials, class = excluded.class, unit "
	    "= excluded.unit, area = excluded.area, lon = excluded.lon, lat = "
	    "excluded.lat, people = excluded.people, leader = excluded.leader, phone = "
	    "excluded.phone, ready_min = excluded.ready_min, gear = excluded.gear, "
	    "confirmed = excluded.confirmed");
	sql_bind(q, "itttttzrrittrtc", id, name, *short_name ? short_name : name, initials,
	    row_text(r, "class"), row_text(r, "unit"), area, lon, lat, row_int(r, "people"),
	    row_text(r, "leader"), row_text(r, "phone"), ready, row_text(r, "gear"),
	    row_has(r, "confirmed") ? row_time(r, "confirmed") : call_now(r->call));
	return row_done(
	    r, sql_run(q) && put_skills(r, id, row_text(r, "skills")), "team", id, _("team"), name);
}

/* --- team.set --------------------------------------------------------------------------------- */

static void
say_change(struct verb_call *call, const struct team_row *team, bool off)
{
	if (!call_has(call, "state"))
		call_say(call, _("team %s: details changed"), team->name);
	else if (off)
		call_say(call, _("team %s is off: %s"), team->name, call_text(call, "why"));
	else
		call_say(call, _("team %s is ready"), team->name);
	if (off && team->on)
		call_say(call, _("it is still on %s"), team->on_text);
}

bool
run_team_set(struct verb_call *call, struct err *err)
{
	static const char *const changes[] = {
	    "state", "leader", "phone", "people", "gear", "ready_min", "confirm"};
	struct store *st = call_store(call);
	int64_t id = call_int(call, "team");
	bool off = strcmp(call_text(call, "state"), "off") == 0, any = false;
	struct team_row team;
	struct sql *q;

	if (!resource_team(st, id, &team))
		return err_set(err, ERR_NOT_FOUND, _("there is no such team"));
	for (size_t i = 0; i < COUNT_OF(changes); i++)
		any = any || call_has(call, changes[i]);
	if (!any)
		return err_set(err, ERR_INPUT,
		    _("nothing to change: state, confirm, leader, phone, people, gear or "
		      "ready_min"));
	if (off && !*call_text(call, "why"))
		return err_set(err, ERR_INPUT, _("say why the team is off (why=)"));
	if (call_has(call, "ready_min") &&
	    !(call_real(call, "ready_min") >= 0 && call_real(call, "ready_min") <= 1440))
		return err_set(err, ERR_INPUT, _("minutes to turn out: 0 to 1440"));
	if (!call_touch_area(call, team.area ? team.area : store_area(st), err))
		return false;
	/* NULL keeps what stands there. Being made ready forgets why it was off. */
	q = sql(st, "UPDATE team SET state = coalesce(?2, state), off_why = CASE ?2 WHEN 'off' "
		    "THEN ?3 WHEN 'ready' THEN NULL"
		    " ELSE off_why END, leader = coalesce(?4, leader), phone = coalesce(?5, "
		    "phone), gear = coalesce(?6, gear),"
		    " people = CASE WHEN ?7 < 0 THEN people ELSE ?7 END,"
		    " ready_min = CASE WHEN ?8 < 0 THEN ready_min ELSE ?8 END, confirmed = "
		    "coalesce(?9, confirmed) WHERE id = ?1");
#define GIVEN(name) (call_has(call, name) ? call_text(call, name) : NULL)
	sql_bind(q, "itttttirc", id, GIVEN("state"), call_text(call, "why"), GIVEN("leader"),
	    GIVEN("phone"), GIVEN("gear"),
	    call_has(call, "people") ? call_int(call, "people") : INT64_C(-1),
	    call_has(call, "ready_min") ? call_real(call, "ready_min") : -1.0,
	    call_flag(call, "confirm") ? call_now(call) : CLOCK_NONE);
#undef GIVEN
	if (!sql_run(q))
		return false;
	call_subject(call, "team", id);
	say_change(call, &team, off);
	return true;
}

/* --- reads ------------------------------------------------------------------------------------ */

#define ACTIVE "a.state NOT IN ('released', 'cancelled')"
#define TEAM_COLUMNS                                                                               \
	"SELECT t.id, t.initials, t.name, t.short, t.class, coalesce(t.unit, ''), "                \
	"coalesce(t.leader, ''),"                                                                  \
	" coalesce(t.phone, ''), coalesce(t.gear, ''), coalesce(t.area, 0), coalesce(r.short, "    \
	"''), coalesce(t.people, 0),"                                                              \
	" coalesce(t.lon, 0), coalesce(t.lat, 0), t.ready_min, t.state, coalesce(t.off_why, ''), " \
	"t.confirmed"                                                                              \
	" FROM team t LEFT JOIN area r ON r.id = t.area"
/* ?1 area, ?2 skill, ?3 free only */
#define TEAM_FILTER                                                                                \
	" WHERE (?1 = 0 OR t.area = ?1)"                                                           \
	" AND (?2 IS NULL OR EXISTS (SELECT 1 FROM team_skill k WHERE k.team = t.id AND k.skill "  \
	"= ?2))"                                                                                   \
	" AND (?3 = 0 OR (t.state = 'ready' AND NOT EXISTS (SELECT 1 FROM assignment a WHERE "     \
	"a.team = t.id AND " ACTIVE ")))"

static const char *
state_word(const char *state)
{
	if (strcmp(state, "reserved") == 0)
		return _("reserved");
	if (strcmp(state, "dispatched") == 0)
		return _("dispatched");
	if (strcmp(state, "enroute") == 0)
		return _("en route");
	return _("on scene");
}

static void
fill_more(struct store *st, struct team_row *out)
{
	struct buf on = BUF_MAX(1024), skills = BUF_MAX(1024);
	struct sql *q = sql(st,
	    "SELECT i.number, a.state FROM assignment a JOIN incident i ON i.id = a.incident"
	    " WHERE a.team = ?1 AND " ACTIVE " ORDER BY a.id DESC");

	sql_bind(q, "i", out->id);
	while (sql_row(q)) {
		buf_printf(&on, "%s%03d %s", out->on ? ", " : "", (int)sql_int(q, 0),
		    state_word(sql_text(q, 1)));
		out->on++;
	}
	sql_done(q);
	q = sql(st, "SELECT s.name FROM team_skill k JOIN skill s ON s.code = k.skill WHERE k.team "
		    "= ?1 ORDER BY s.rowid");
	sql_bind(q, "i", out->id);
	while (sql_row(q))
		buf_printf(&skills, "%s%s", skills.size ? " " : "", sql_text(q, 0));
	sql_done(q);
	utf8_copy(out->on_text, sizeof(out->on_text), buf_str(&on));
	utf8_copy(out->skills, sizeof(out->skills), buf_str(&skills));
	buf_clear(&on);
	buf_clear(&skills);
}

static void
fill_team(struct sql *q, struct team_row *out)
{
	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	utf8_copy(out->key, sizeof(out->key), sql_text(q, 1));
	utf8_copy(out->name, sizeof(out->name), sql_text(q, 2));
	utf8_copy(out->short_name, sizeof(out->short_name), sql_text(q, 3));
	utf8_copy(out->class, sizeof(out->class), sql_text(q, 4));
	utf8_copy(out->unit, sizeof(out->unit), sql_text(q, 5));
	utf8_copy(out->leader, sizeof(out->leader), sql_text(q, 6));
	utf8_copy(out->phone, sizeof(out->phone), sql_text(q, 7));
	utf8_copy(out->gear, sizeof(out->gear), sql_text(q, 8));
	out->area = sql_int(q, 9);
	utf8_copy(out->area_name, sizeof(out->area_name), sql_text(q, 10));
	out->people = (int)sql_int(q, 11);
	out->lon = sql_real(q, 12);
	out->lat = sql_real(q, 13);
	out->ready_min = sql_real(q, 14);
	out->off = strcmp(sql_text(q, 15), "off") == 0;
	utf8_copy(out->off_why, sizeof(out->off_why), sql_text(q, 16));
	out->confirmed = sql_time(q, 17);
}

static bool
wanted(const struct resource_filter *f, struct sql *q)
{
	return word_score(f->words, sql_text(q, 2), sql_text(q, 3), NULL, sql_text(q, 1),
		   sql_text(q, 7)) > 0;
}

/* The code of a skill said by code or name; what is unknown stays and matches nothing. NULL any. */
static const char *
skill_of(struct store *st, const char *said, char *code, size_t size)
{
	if (!said || !*said)
		return NULL;
	return resource_skill_named(st, said, code, size) ? code : said;
}

size_t
resource_teams(struct store *st, const struct resource_filter *f, struct team_row *out, size_t max)
{
	struct sql *q =
	    f->page.up
		? sql(st, TEAM_COLUMNS TEAM_FILTER
		      " AND (t.initials, t.id) < (?4, ?5) ORDER BY t.initials DESC, t.id DESC")
		: sql(st, TEAM_COLUMNS TEAM_FILTER
		      " AND (t.initials, t.id) > (?4, ?5) ORDER BY t.initials, t.id");
	char code[32];
	size_t n = 0;

	sql_bind(q, "ititi", f->area, skill_of(st, f->code, code, sizeof(code)),
	    (int64_t)f->free_only, page_key(&f->page), page_id(&f->page));
	while (n < max && sql_row(q))
		if (wanted(f, q))
			fill_team(q, &out[n++]);
	sql_done(q);
	page_turn(&f->page, out, n, sizeof(*out));
	for (size_t i = 0; i < n; i++)
		fill_more(st, &out[i]);
	return n;
}

bool
resource_team(struct store *st, int64_t id, struct team_row *out)
{
	struct sql *q = sql(st, TEAM_COLUMNS " WHERE t.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill_team(q, out);
	sql_done(q);
	if (found)
		fill_more(st, out);
	return found;
}

int64_t
resource_team_count(struct store *st, const struct resource_filter *f, int64_t limit)
{
	struct sql *q = sql(st, TEAM_COLUMNS TEAM_FILTER);
	char code[32];
	int64_t n = 0;

	sql_bind(
	    q, "iti", f->area, skill_of(st, f->code, code, sizeof(code)), (int64_t)f->free_only);
	while (n <= limit && sql_row(q))
		n += wanted(f, q);
	sql_done(q);
	return n;
}
