/*
 * What the names in a pattern mean: each is one function that writes its words and names the
 * journal rows they come from. A function that finds nothing in the record says so; nothing is ever
 * made up here.
 */
#include "report/inside.h"

#include "base/paths.h"
#include "base/tsv.h"

#include <stdlib.h>
#include <string.h>

void
value_source(struct value *v, int64_t journal)
{
	for (size_t i = 0; i < v->n_sources; i++)
		if (v->sources[i] == journal)
			return;
	if (journal && v->n_sources < SOURCES_MAX)
		v->sources[v->n_sources++] = journal;
}

/* A text field of the incident with the row that set it. */
bool
value_field(const struct record *r, const char *text, const char *argument, struct value *v)
{
	int64_t source = record_source(r, argument);

	if (!text || !*text)
		return false;
	buf_add(&v->text, text);
	value_source(v, source ? source : r->opened);
	return true;
}

bool
value_from_open(const struct record *r, const char *text, struct value *v)
{
	if (!text || !*text)
		return false;
	buf_add(&v->text, text);
	value_source(v, r->opened);
	return true;
}

/* --- who, when, where ------------------------------------------------------------------------ */

static bool
v_received(const struct record *r, struct value *v)
{
	chinese_time_full(&v->text, r->full.row.received);
	value_source(v, r->opened);
	return true;
}

/* data/report/sources.tsv; the word itself when the table has no other. */
static void
add_source_name(struct buf *b, const char *code)
{
	struct err err = ERR_NONE;
	char *path = paths_data_file("report/sources.tsv");
	struct tsv *t = tsv_open(path, &err);
	bool found = false;

	if (t) {
		int source = tsv_column(t, "source", true, &err),
		    name = tsv_column(t, "name", true, &err);
		while (!found && err.code == ERR_OK && tsv_next(t))
			if (strcmp(tsv_get(t, source), code) == 0) {
				buf_add(b, tsv_get(t, name));
				found = true;
			}
		found = tsv_close(t, &err) && found;
	}
	if (!found)
		buf_add(b, code);
	err_clear(&err);
	free(path);
}

static void
add_caller(struct buf *b, const struct incident_call *c)
{
	if (c->unit[0])
		buf_add(b, c->unit);
	else
		add_source_name(b, c->source);
	if (c->caller[0] && c->phone[0])
		buf_printf(b, "（%s%s，电话%s）", c->caller, c->post, c->phone);
	else if (c->caller[0])
		buf_printf(b, "（%s%s）", c->caller, c->post);
	else if (c->phone[0])
		buf_printf(b, "（电话%s）", c->phone);
}

static bool
v_source(const struct record *r, struct value *v)
{
	if (!r->n_calls)
		return false;
	add_caller(&v->text, &r->calls[0]);
	value_source(v, r->calls[0].journal);
	return true;
}

static bool
v_place(const struct record *r, struct value *v)
{
	int64_t source = record_source(r, "place");

	if (!r->full.row.place[0])
		return false;
	buf_add(&v->text, r->full.row.place);
	value_source(v, source ? source : r->opened);
	return true;
}

/* The title without the place it begins with: 液氨槽罐车侧翻泄漏. */
/* A type as a paper calls it: not in the language of whoever took the call in. */
static const char *
type_called(const struct record *r, const char *code, const char *stored)
{
	struct err err = ERR_NONE;
	struct reader *reader = incident_reader(r->st, &err);
	const char *name = reader ? reader_type_name_own(reader, code) : NULL;

	err_clear(&err);
	return name ? name : stored;
}

static bool
v_event(const struct record *r, struct value *v)
{
	const char *title = r->full.row.title, *place = r->full.row.place;
	size_t n = 0, size = strlen(title);

	for (size_t t = 0, p = 0; title[t] && place[p];) {
		if (place[p] == ' ') {
			p++;
			continue;
		}
		size_t next = utf8_next(title, size, t);
		if (strncmp(title + t, place + p, next - t) != 0)
			break;
		p += next - t;
		t = next;
		n = t;
	}
	buf_add(&v->text,
	    title[n] ? title + n : type_called(r, r->full.row.type, r->full.row.type_name));
	value_source(v, r->opened);
	return v->text.size > 0;
}

static bool
v_title(const struct record *r, struct value *v)
{
	return value_from_open(r, r->full.row.title, v);
}

/* As exactly as it was told: 3时12分, 3时许, 凌晨, the day. */
static bool
v_occurred(const struct record *r, struct value *v)
{
	int64_t at = r->full.row.occurred, precision, source = record_source(r, "occurred");
	struct civil c;

	if (at == CLOCK_NONE)
		return false;
	precision = sql_one_int(
	    r->st, "SELECT occurred_precision FROM incident WHERE id = ?1", 0, "i", r->incident);
	clock_civil(at, &c);
	if (precision == PRECISION_MINUTE) {
		chinese_time(&v->text, at);
	} else if (precision == PRECISION_HOUR) {
		buf_printf(&v->text, "%d月%d日%d时许", c.month, c.day, c.hour);
	} else {
		buf_printf(&v->text, "%d月%d日", c.month, c.day);
		if (precision == PRECISION_PART)
			buf_add(&v->text, c.hour < 6	? "凌晨"
					  : c.hour < 12 ? "上午"
					  : c.hour < 14 ? "中午"
					  : c.hour < 18 ? "下午"
							: "晚间");
		v->unproven = true;
	}
	value_source(v, source ? source : r->opened);
	return true;
}

/* --- what ------------------------------------------------------------------------------------ */

/* 道路交通事故（翻车）: the class, then the item. */
static bool
v_type(const struct record *r, struct value *v)
{
	const char *type, *name;
	char class[8];

	if (!r->full.row.type[0])
		return false;
	utf8_copy(class, 4, r->full.row.type);
	memcpy(class + strlen(class), "00", 3);
	type = type_called(r, r->full.row.type, r->full.row.type_name);
	name = type_called(r, class, "");
	if (!*name || strcmp(class, r->full.row.type) == 0 || strcmp(name, type) == 0)
		return value_field(r, type, "type", v);
	buf_add(&v->text, name);
	buf_add(&v->text, "（");
	if (!value_field(r, type, "type", v))
		return false;
	buf_add(&v->text, "）");
	return true;
}

/* Secondary events of another class; another reading of the same class is none. */
static bool
v_others(const struct record *r, struct value *v)
{
	for (size_t i = 1; i < r->full.n_codes && i < 3; i++) {
		if (strncmp(r->full.codes[i].code, r->full.codes[0].code, 3) == 0)
			continue;
		buf_printf(&v->text, "%s%s", v->text.size ? "、" : "",
		    type_called(r, r->full.codes[i].code, r->full.codes[i].name));
	}
	value_source(v, r->opened);
	return v->text.size > 0;
}

static bool
v_grade(const struct record *r, struct value *v)
{
	if (r->full.row.grade == GRADE_NONE)
		return false;
	buf_add(&v->text, chinese_grade(r->full.row.grade));
	for (size_t i = 0; i < r->full.n_figures; i++)
		if (r->full.figures[i].value > 0)
			value_source(v, r->full.figures[i].journal);
	value_source(v, r->opened);
	return true;
}

int64_t
value_figure(const struct record *r, enum fact_kind kind, size_t *at)
{
	for (size_t i = 0; i < r->full.n_figures; i++)
		if (r->full.figures[i].kind == kind) {
			if (at)
				*at = i;
			return r->full.figures[i].value;
		}
	return -1;
}

/* The rule of the ministry's order 21 in its own words; the reason in the store speaks the
 * officer's language. */
static bool
v_near_miss(const struct record *r, struct value *v)
{
	static const struct {
		enum fact_kind kind;
		int64_t least;
		const char *words;
	} rules[] = {{FACT_EVACUATED, 500, "紧急疏散"}, {FACT_TRAPPED, 3, "被困"},
	    {FACT_MISSING, 3, "下落不明"}, {FACT_THREATENED, 10, "涉险"}};
	size_t at = 0;

	if (!r->full.row.near_miss)
		return false;
	buf_add(&v->text, "因");
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		if (value_figure(r, rules[i].kind, &at) >= rules[i].least) {
			buf_printf(&v->text, "%s%s%lld人", v->text.size > 3 ? "、" : "",
			    rules[i].words, (long long)r->full.figures[at].value);
			value_source(v, r->full.figures[at].journal);
		}
	if (v->text.size == 3)
		buf_reset(&v->text);
	buf_add(&v->text, v->text.size ? "，按较大涉险事故报告" : "属较大涉险事故");
	value_source(v, r->opened);
	return true;
}

static bool
v_sensitive(const struct record *r, struct value *v)
{
	const char *why = r->full.sensitive_why;

	if (!r->full.row.sensitive)
		return false;
	buf_add(&v->text, "属敏感信息");
	if (*why && (unsigned char)*why >= 0x80) {
		const char *end = strchr(why, '(');
		buf_add(&v->text, "，");
		buf_add_n(&v->text, why,
		    end && end > why ? (size_t)(end - why) - (end[-1] == ' ') : strlen(why));
	}
	value_source(v, r->opened);
	return true;
}

static bool
v_cause(const struct record *r, struct value *v)
{
	return value_field(r, r->full.cause, "cause", v);
}

static bool
v_trend(const struct record *r, struct value *v)
{
	int64_t source = record_source(r, "trend"),
		judged = sql_one_int(r->st,
		    "SELECT id FROM journal WHERE incident = ?1 AND verb = 'incident.assess' ORDER "
		    "BY id DESC LIMIT 1",
		    0, "i", r->incident);

	if (!*r->full.trend)
		return false;
	buf_add(&v->text, r->full.trend);
	value_source(v, source > judged ? source : judged);
	return true;
}

static bool
v_measures(const struct record *r, struct value *v)
{
	return value_field(r, r->full.measures, "measures", v);
}

static bool
v_leaders(const struct record *r, struct value *v)
{
	return value_field(r, r->full.leaders_on_site, "leaders_on_site", v);
}

static bool
v_scene_chief(const struct record *r, struct value *v)
{
	return value_field(r, r->full.scene_chief, "scene_chief", v);
}

static bool
v_scene_phone(const struct record *r, struct value *v)
{
	return value_field(r, r->full.scene_phone, "scene_phone", v);
}

static bool
v_needs(const struct record *r, struct value *v)
{
	return value_field(r, r->full.needs, "needs", v);
}

static bool
v_media(const struct record *r, struct value *v)
{
	return value_field(r, r->full.media, "media", v);
}

static bool
v_care(const struct record *r, struct value *v)
{
	return value_field(r, r->full.care, "care", v);
}

static bool
v_lessons(const struct record *r, struct value *v)
{
	return value_field(r, r->full.lessons, "lessons", v);
}

/* --- of follow-ups --------------------------------------------------------------------------- */

static bool
v_parent(const struct record *r, struct value *v)
{
	struct sql *q = sql(r->st, "SELECT year, number, journal FROM report WHERE id = ?1");
	bool found;

	sql_bind(q, "i", r->parent);
	found = sql_row(q);
	if (found) {
		buf_printf(&v->text, "首报（%lld年第%lld期）", (long long)sql_int(q, 0),
		    (long long)sql_int(q, 1));
		value_source(v, sql_int(q, 2));
	}
	sql_done(q);
	return found;
}

static bool
value_casualties_changed(const struct record *r, struct value *v)
{
	bool changed = false;

	for (size_t i = 0; i < r->n_changes; i++)
		changed = changed || (r->changes[i].kind <= FACT_ILL &&
					 record_is_new(r, r->changes[i].journal, "$.figures",
					     r->changes[i].id, r->changes[i].moved_from));
	return changed && value_casualties(r, v);
}

static bool
v_grade_changed(const struct record *r, struct value *v)
{
	enum grade now = r->full.row.grade;
	bool graded = now != r->base_grade && now != GRADE_NONE,
	     missed = r->full.row.near_miss && !r->base_near_miss;
	struct value near_miss = {.text = BUF_MAX(TEXT_MAX_BYTES)};

	if (graded && r->base_grade != GRADE_NONE)
		buf_printf(&v->text, "事件等级由%s调整为%s。", chinese_grade(r->base_grade),
		    chinese_grade(now));
	else if (graded)
		buf_printf(&v->text, "事件初判等级为%s。", chinese_grade(now));
	if (missed && v_near_miss(r, &near_miss))
		buf_printf(&v->text, "%s。", buf_str(&near_miss.text));
	buf_clear(&near_miss.text);
	for (size_t i = 0; i < r->full.n_figures; i++)
		if (r->full.figures[i].journal > r->base)
			value_source(v, r->full.figures[i].journal);
	return graded || missed;
}

static bool
v_reports(const struct record *r, struct value *v)
{
	struct sql *q = sql(r->st, "SELECT sum(kind = 'first'), sum(kind = 'follow'), min(number), "
				   "min(year), max(journal) FROM report"
				   " WHERE incident = ?1 AND state = 'signed'");
	bool found;

	sql_bind(q, "i", r->incident);
	found = sql_row(q) && sql_int(q, 0) > 0;
	if (found) {
		buf_printf(&v->text, "先后报送首报1期、续报%lld期（%lld年第%lld期）。",
		    (long long)sql_int(q, 1), (long long)sql_int(q, 3), (long long)sql_int(q, 2));
		value_source(v, sql_int(q, 4));
	}
	sql_done(q);
	return found;
}

static bool
v_bureau(const struct record *r, struct value *v)
{
	buf_printf(&v->text, "%s应急管理局", r->county ? r->county : "");
	return true;
}

static const struct {
	const char *name;
	bool (*get)(const struct record *r, struct value *v);
} names[] = {
    {"received", v_received},
    {"source", v_source},
    {"place", v_place},
    {"event", v_event},
    {"title", v_title},
    {"occurred", v_occurred},
    {"type", v_type},
    {"others", v_others},
    {"grade", v_grade},
    {"near_miss", v_near_miss},
    {"sensitive", v_sensitive},
    {"cause", v_cause},
    {"trend", v_trend},
    {"measures", v_measures},
    {"leaders", v_leaders},
    {"scene_chief", v_scene_chief},
    {"scene_phone", v_scene_phone},
    {"needs", v_needs},
    {"media", v_media},
    {"care", v_care},
    {"lessons", v_lessons},
    {"substance", value_substance},
    {"quantity", value_quantity},
    {"plate", value_plate},
    {"unit", value_unit},
    {"water", value_water},
    {"quake", value_quake},
    {"area", value_area},
    {"weather", value_weather},
    {"impact", value_impact},
    {"loss", value_loss},
    {"casualties", value_casualties},
    {"moved", value_moved},
    {"forces", value_forces},
    {"next", value_next},
    {"ended", value_ended},
    {"parent", v_parent},
    {"casualties_changed", value_casualties_changed},
    {"grade_changed", v_grade_changed},
    {"reports", v_reports},
    {"bureau", v_bureau},
};

bool
value_of(const struct record *r, const struct item *item, const char *name, struct value *out)
{
	for (size_t i = 0; item && i < item->n; i++)
		if (strcmp(item->fields[i].name, name) == 0) {
			buf_add(&out->text, item->fields[i].text);
			return item->fields[i].text[0] != '\0';
		}
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].get(r, out);
	return false;
}
