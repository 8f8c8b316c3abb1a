/*
 * A tree to a plan_doc. The tree fits the schema (or did when it was imported), so elements stand
 * where they should; what is checked here is only what fixed members can hold.
 *
 *	<plan> -> head match general organisation warning reporting response aftercare support [annex] contacts
 */
#include "plan/inside.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (64u << 10)

struct work {
	struct plan_doc *doc;
	struct doc_lines *lines;
	size_t room_events, room_words, room_substances, room_triggers, room_posts, room_members,
	    room_groups, room_tasks, room_needs, room_contacts;
	struct err *err;
	bool good;
};

/* --- words ------------------------------------------------------------------------------------ */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/*
 * Lines are broken anywhere in a Chinese text: white space between two characters one of which is
 * not ASCII is the editor's, elsewhere it is one blank.
 */
static char *
flow(const char *s)
{
	struct buf b = BUF_MAX(TEXT_MAX);

	while (is_blank(*s))
		s++;
	while (*s) {
		const char *blank = s;

		if (!is_blank(*s)) {
			buf_add_char(&b, *s++);
			continue;
		}
		while (is_blank(*s))
			s++;
		if (*s && ((blank[-1] & 0x80) || (*s & 0x80)) &&
		    memchr(blank, '\n', (size_t)(s - blank)))
			continue;
		if (*s)
			buf_add_char(&b, ' ');
	}
	return buf_take(&b);
}

static char *
text_of(const xmlNode *node)
{
	xmlChar *raw = xmlNodeGetContent(node);
	char *text = flow(raw ? (const char *)raw : "");

	xmlFree(raw);
	return text;
}

static char *
attr(xmlNode *node, const char *name)
{
	xmlChar *raw = xmlGetNoNsProp(node, (const xmlChar *)name);
	char *text = flow(raw ? (const char *)raw : "");

	xmlFree(raw);
	return text;
}

static bool
is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

/* Take over `text` into a member of fixed size; too long is the author's to mend. */
static void
put(struct work *w, const xmlNode *node, char *out, size_t size, char *text)
{
	if (w->good && strlen(text) >= size) {
		w->good = false;
		err_set(w->err, ERR_INPUT,
		    _("line %ld: \"%s\" is too long: at most %zu bytes, %zu Chinese characters"),
		    xmlGetLineNo(node), text, size - 1, (size - 1) / 3);
	}
	utf8_copy(out, size, text);
	free(text);
}
#define PUT(w, node, member, text) put(w, node, member, sizeof(member), text)

static double
number(const char *s, double otherwise)
{
	char *end;
	double x;

	if (!*s)
		return otherwise;
	errno = 0;
	x = strtod(s, &end);
	return errno || *end ? otherwise : x;
}

static double
number_attr(xmlNode *node, const char *name, double otherwise)
{
	char *s = attr(node, name);
	double x = number(s, otherwise);

	free(s);
	return x;
}

static void
keep_line(struct work *w, long **list, size_t n, const xmlNode *node)
{
	if (!w->lines)
		return;
	*list = mem_resize(*list, n, sizeof(**list));
	(*list)[n - 1] = xmlGetLineNo(node);
}

/* The <p> of a section, or every child called `name`, one a line. */
static char *
paragraphs(const xmlNode *parent, const char *name)
{
	struct buf b = BUF_MAX(TEXT_MAX);

	for (const xmlNode *p = parent->children; p; p = p->next)
		if (is(p, name)) {
			char *text = text_of(p);

			if (b.size)
				buf_add_char(&b, '\n');
			buf_add(&b, text);
			free(text);
		}
	return buf_take(&b);
}

/* --- head, match, general --------------------------------------------------------------------- */

static void
read_head(struct work *w, xmlNode *head)
{
	struct plan_doc *d = w->doc;
	char area[16] = "";

	for (xmlNode *c = head->children; c; c = c->next) {
		if (is(c, "name"))
			PUT(w, c, d->name, text_of(c));
		else if (is(c, "short"))
			PUT(w, c, d->short_name, text_of(c));
		else if (is(c, "version"))
			PUT(w, c, d->version_text, text_of(c));
		else if (is(c, "number"))
			PUT(w, c, d->doc_no, text_of(c));
		else if (is(c, "issuer"))
			PUT(w, c, d->issuer, text_of(c));
		else if (is(c, "issued"))
			PUT(w, c, d->issued, text_of(c));
		else if (is(c, "review"))
			PUT(w, c, d->review, text_of(c));
		else if (is(c, "area"))
			PUT(w, c, area, text_of(c));
		else if (is(c, "note")) {
			free(d->note);
			d->note = text_of(c);
		}
		if (w->lines && is(c, "issued"))
			w->lines->issued = xmlGetLineNo(c);
		if (w->lines && is(c, "review"))
			w->lines->review = xmlGetLineNo(c);
	}
	d->area = strtoll(area, NULL, 10);
}

static void
read_match(struct work *w, xmlNode *match)
{
	struct plan_doc *d = w->doc;

	for (xmlNode *c = match->children; c; c = c->next) {
		if (is(c, "event")) {
			mem_grow(&d->events, &w->room_events, d->n_events);
			struct plan_event *e = &d->events[d->n_events++];

			PUT(w, c, e->code, attr(c, "code"));
			PUT(w, c, e->name, attr(c, "name"));
			e->weight = number_attr(c, "weight", 1);
			keep_line(w, w->lines ? &w->lines->events : NULL, d->n_events, c);
		} else if (is(c, "word")) {
			mem_grow(&d->words, &w->room_words, d->n_words);
			struct plan_word *word = &d->words[d->n_words++];

			PUT(w, c, word->word, text_of(c));
			word->weight = number_attr(c, "weight", 1);
			keep_line(w, w->lines ? &w->lines->words : NULL, d->n_words, c);
		} else if (is(c, "substance")) {
			mem_grow(&d->substances, &w->room_substances, d->n_substances);
			struct plan_word *word = &d->substances[d->n_substances++];

			PUT(w, c, word->word, text_of(c));
			word->weight = 1;
		}
	}
}

static int
level_of(xmlNode *node)
{
	int n = (int)number_attr(node, "n", 4);

	return n >= 1 && n <= 4 ? n : 4;
}

static void
read_general(struct work *w, xmlNode *general)
{
	struct plan_doc *d = w->doc;

	d->sections[PLAN_BASIS] = paragraphs(general, "basis");
	d->sections[PLAN_PRINCIPLE] = paragraphs(general, "principle");
	d->purpose = paragraphs(general, "purpose");
	d->scope = paragraphs(general, "scope");
	for (xmlNode *c = general->children; c; c = c->next)
		if (is(c, "grade")) {
			char **grade = &d->grades[level_of(c)];

			free(*grade);
			*grade = text_of(c);
		}
}

/* --- organisation, contacts ------------------------------------------------------------------- */

static void
read_organisation(struct work *w, xmlNode *organisation)
{
	struct plan_doc *d = w->doc;

	for (xmlNode *c = organisation->children; c; c = c->next) {
		if (is(c, "post")) {
			mem_grow(&d->posts, &w->room_posts, d->n_posts);
			struct plan_post *p = &d->posts[d->n_posts++];

			PUT(w, c, p->role, attr(c, "role"));
			PUT(w, c, p->holder, attr(c, "holder"));
			p->duty = text_of(c);
		} else if (is(c, "office")) {
			PUT(w, c, d->office, attr(c, "unit"));
			free(d->office_duty);
			d->office_duty = text_of(c);
		} else if (is(c, "member")) {
			mem_grow(&d->members, &w->room_members, d->n_members);
			struct plan_member *m = &d->members[d->n_members++];

			PUT(w, c, m->unit, attr(c, "unit"));
			m->duty = text_of(c);
		} else if (is(c, "group")) {
			mem_grow(&d->groups, &w->room_groups, d->n_groups);
			struct plan_group *g = &d->groups[d->n_groups++];

			PUT(w, c, g->name, attr(c, "name"));
			PUT(w, c, g->lead, attr(c, "lead"));
			g->members = attr(c, "members");
			g->duty = text_of(c);
		}
	}
}

static void
read_contacts(struct work *w, xmlNode *contacts)
{
	struct plan_doc *d = w->doc;

	for (xmlNode *c = contacts->children; c; c = c->next) {
		if (!is(c, "contact"))
			continue;
		mem_grow(&d->contacts, &w->room_contacts, d->n_contacts);
		struct plan_contact *k = &d->contacts[d->n_contacts++];

		PUT(w, c, k->unit, attr(c, "unit"));
		PUT(w, c, k->post, attr(c, "post"));
		PUT(w, c, k->name, attr(c, "name"));
		PUT(w, c, k->phone, attr(c, "phone"));
	}
}

/* --- response --------------------------------------------------------------------------------- */

static void
read_when(struct work *w, xmlNode *node, struct plan_trigger *t)
{
	struct plan_when *when;

	if (t->n_when == PLAN_WHEN_MAX) {
		w->good = false;
		err_set(w->err, ERR_INPUT, _("line %ld: a trigger has at most %d conditions"),
		    xmlGetLineNo(node), PLAN_WHEN_MAX);
		return;
	}
	if (w->lines)
		w->lines->whens[w->doc->n_triggers - 1][t->n_when] = xmlGetLineNo(node);
	when = &t->when[t->n_when++];
	PUT(w, node, when->metric, attr(node, "metric"));
	PUT(w, node, when->op, attr(node, "op"));
	PUT(w, node, when->value, attr(node, "value"));
}

static void
read_trigger(struct work *w, xmlNode *node, int level)
{
	struct plan_doc *d = w->doc;
	struct plan_trigger *t;

	mem_grow(&d->triggers, &w->room_triggers, d->n_triggers);
	t = &d->triggers[d->n_triggers++];
	*t = (struct plan_trigger){.level = level, .text = paragraphs(node, "clause")};
	utf8_copy(t->approver, sizeof(t->approver), d->approver[level]);
	if (w->lines)
		w->lines->whens =
		    mem_resize(w->lines->whens, d->n_triggers, sizeof(*w->lines->whens));
	for (xmlNode *c = node->children; c; c = c->next)
		if (is(c, "when"))
			read_when(w, c, t);
}

static void
or_else(char *out, size_t size, const char *otherwise)
{
	if (!*out)
		utf8_copy(out, size, otherwise);
}

static void
read_task(struct work *w, xmlNode *node, int level)
{
	struct plan_doc *d = w->doc;
	struct plan_task *t;

	mem_grow(&d->tasks, &w->room_tasks, d->n_tasks);
	t = &d->tasks[d->n_tasks++];
	*t = (struct plan_task){.level = level, .text = text_of(node)};
	PUT(w, node, t->id, attr(node, "id"));
	PUT(w, node, t->owner, attr(node, "owner"));
	PUT(w, node, t->kind, attr(node, "kind"));
	PUT(w, node, t->phase, attr(node, "phase"));
	PUT(w, node, t->evidence, attr(node, "evidence"));
	or_else(t->kind, sizeof(t->kind), "task");
	or_else(t->phase, sizeof(t->phase), "响应");
	t->due_min = (int)number_attr(node, "due", 0);
	t->ack_min = (int)number_attr(node, "ack", 0);
	keep_line(w, w->lines ? &w->lines->tasks : NULL, d->n_tasks, node);
}

static void
read_need(struct work *w, xmlNode *node, int level)
{
	struct plan_doc *d = w->doc;
	struct plan_need *need;

	mem_grow(&d->needs, &w->room_needs, d->n_needs);
	need = &d->needs[d->n_needs++];
	*need = (struct plan_need){
	    .level = level, .team = xmlHasProp(node, (const xmlChar *)"skill") != NULL};
	PUT(w, node, need->code, attr(node, need->team ? "skill" : "goods"));
	PUT(w, node, need->unit, attr(node, "unit"));
	need->amount = (int64_t)number_attr(node, "amount", 1);
	need->weight = number_attr(node, "weight", 1);
	keep_line(w, w->lines ? &w->lines->needs : NULL, d->n_needs, node);
}

static void
read_level(struct work *w, xmlNode *node)
{
	struct plan_doc *d = w->doc;
	int level = level_of(node);

	if (d->period[level]) {
		w->good = false;
		err_set(w->err, ERR_INPUT, _("line %ld: level %d stands here twice"),
		    xmlGetLineNo(node), level);
		return;
	}
	d->period[level] = attr(node, "period");
	d->measures[level] = paragraphs(node, "measure");
	PUT(w, node, d->approver[level], attr(node, "approver"));
	for (xmlNode *c = node->children; c; c = c->next) {
		if (is(c, "trigger"))
			read_trigger(w, c, level);
		else if (is(c, "task"))
			read_task(w, c, level);
		else if (is(c, "need"))
			read_need(w, c, level);
	}
}

static void
read_response(struct work *w, xmlNode *response)
{
	for (xmlNode *c = response->children; c; c = c->next) {
		if (is(c, "level"))
			read_level(w, c);
		else if (is(c, "adjust"))
			w->doc->sections[PLAN_ADJUST] = paragraphs(c, "p");
		else if (is(c, "end"))
			w->doc->sections[PLAN_END] = paragraphs(c, "p");
	}
}

/* --- the whole -------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*read)(struct work *w, xmlNode *node);
} parts[] = {
    {"head", read_head},
    {"match", read_match},
    {"general", read_general},
    {"organisation", read_organisation},
    {"response", read_response},
    {"contacts", read_contacts},
};
static const struct {
	const char *name;
	enum plan_section section;
} texts[] = {
    {"warning", PLAN_WARNING},
    {"reporting", PLAN_REPORTING},
    {"aftercare", PLAN_AFTERCARE},
    {"support", PLAN_SUPPORT},
    {"annex", PLAN_ANNEX},
};

static void
read_plan(struct work *w, xmlNode *root)
{
	struct plan_doc *d = w->doc;

	PUT(w, root, d->code, attr(root, "code"));
	PUT(w, root, d->level, attr(root, "level"));
	for (xmlNode *c = root->children; c; c = c->next) {
		for (size_t i = 0; i < COUNT_OF(parts); i++)
			if (is(c, parts[i].name))
				parts[i].read(w, c);
		for (size_t i = 0; i < COUNT_OF(texts); i++)
			if (is(c, texts[i].name))
				d->sections[texts[i].section] = paragraphs(c, "p");
	}
	for (size_t i = 0; i < PLAN_SECTIONS; i++)
		if (!d->sections[i])
			d->sections[i] = mem_dup("");
	if (!d->note)
		d->note = mem_dup("");
	if (!d->office_duty)
		d->office_duty = mem_dup("");
}

struct plan_doc *
doc_read(const char *xml, size_t n, bool validate, struct doc_lines *lines, struct err *err)
{
	xmlDoc *tree = xml_parse(xml, n, validate, err);
	struct work w = {.lines = lines, .err = err, .good = true};

	if (!tree)
		return NULL;
	w.doc = mem_zero(1, sizeof(*w.doc));
	read_plan(&w, xmlDocGetRootElement(tree));
	xmlFreeDoc(tree);
	if (!w.good) {
		doc_free(w.doc);
		return NULL;
	}
	return w.doc;
}

static void
free_lists(struct plan_doc *d)
{
	for (size_t i = 0; i < d->n_triggers; i++)
		free(d->triggers[i].text);
	for (size_t i = 0; i < d->n_posts; i++)
		free(d->posts[i].duty);
	for (size_t i = 0; i < d->n_members; i++)
		free(d->members[i].duty);
	for (size_t i = 0; i < d->n_groups; i++) {
		free(d->groups[i].members);
		free(d->groups[i].duty);
	}
	for (size_t i = 0; i < d->n_tasks; i++)
		free(d->tasks[i].text);
	free(d->events);
	free(d->words);
	free(d->substances);
	free(d->triggers);
	free(d->posts);
	free(d->members);
	free(d->groups);
	free(d->tasks);
	free(d->needs);
	free(d->contacts);
}

void
doc_free(struct plan_doc *d)
{
	if (!d)
		return;
	free_lists(d);
	for (size_t i = 0; i < COUNT_OF(d->measures); i++) {
		free(d->measures[i]);
		free(d->period[i]);
		free(d->grades[i]);
	}
	for (size_t i = 0; i < PLAN_SECTIONS; i++)
		free(d->sections[i]);
	free(d->note);
	free(d->purpose);
	free(d->scope);
	free(d->office_duty);
	free(d);
}

void
doc_lines_clear(struct doc_lines *lines)
{
	free(lines->tasks);
	free(lines->needs);
	free(lines->whens);
	free(lines->events);
	free(lines->words);
	*lines = (struct doc_lines){0};
}

size_t
plan_needs_at(const struct plan_doc *doc, int level, const struct plan_need **out)
{
	size_t n = 0, k;

	for (size_t i = 0; i < doc->n_needs; i++) {
		const struct plan_need *need = &doc->needs[i];

		if (need->level < level)
			continue;
		for (k = 0;
		     k < n && (out[k]->team != need->team || strcmp(out[k]->code, need->code) != 0);
		     k++)
			;
		if (k == n)
			out[n++] = need;
		else if (need->level < out[k]->level)
			out[k] = need;
	}
	return n;
}
