/* Reading handovers, and the paper that both sides sign. */
#include "duty/inside.h"

#include "base/paths.h"
#include "base/tsv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX 2000
#define CHECKS_MAX 40

#define COLUMNS                                                                                    \
	"SELECT h.id, h.begun, h.out_watch, h.starts, h.ends, h.state, h.note, h.leader_note, "    \
	"h.brief, h.head_seq, h.head,"                                                             \
	" (SELECT count(*) FROM handover_check c WHERE c.handover = h.id AND c.result IS NULL),"   \
	" (SELECT count(*) FROM handover_check c WHERE c.handover = h.id AND c.result = 'fault')," \
	" (SELECT count(*) FROM handover_item i WHERE i.handover = h.id) FROM handover h"

static void
fill(struct sql *q, struct handover_row *out, bool texts)
{
	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	out->begun = sql_int(q, 1);
	out->out_watch = sql_int(q, 2);
	out->starts = sql_int(q, 3);
	out->ends = sql_int(q, 4);
	FIELD(out->state, q, 5);
	if (texts) {
		out->note = mem_dup(sql_text(q, 6));
		out->leader_note = mem_dup(sql_text(q, 7));
		out->brief = mem_dup(sql_text(q, 8));
	}
	out->head_seq = sql_int(q, 9);
	FIELD(out->head, q, 10);
	out->unchecked = (int)sql_int(q, 11);
	out->faults = (int)sql_int(q, 12);
	out->n_items = (size_t)sql_int(q, 13);
	out->out_signed = strcmp(out->state, "begun") != 0 && strcmp(out->state, "dropped") != 0;
	out->in_signed = strcmp(out->state, "signed") == 0 || strcmp(out->state, "done") == 0;
}

static void
fill_crews(struct store *st, struct handover_row *h)
{
	struct sql *q = sql(st, "SELECT side, post, person, name, signed FROM handover_crew WHERE "
				"handover = ?1 ORDER BY side, n");

	sql_bind(q, "i", h->id);
	while (sql_row(q)) {
		struct crew *crew = strcmp(sql_text(q, 0), "out") == 0 ? &h->out : &h->in;
		struct crew_member *m;

		if (crew->n == COUNT_OF(crew->member))
			continue;
		m = &crew->member[crew->n++];
		FIELD(m->post, q, 1);
		m->person = sql_int(q, 2);
		FIELD(m->name, q, 3);
		m->signed_at = sql_time(q, 4);
	}
	sql_done(q);
}

bool
duty_handover_get(struct store *st, int64_t id, struct handover_row *out)
{
	struct sql *q = sql(st, COLUMNS " WHERE h.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill(q, out, true);
	sql_done(q);
	if (found)
		fill_crews(st, out);
	return found;
}

bool
duty_handover(struct store *st, struct handover_row *out)
{
	int64_t id = sql_one_int(st,
	    "SELECT id FROM handover WHERE state IN ('begun', 'out', "
	    "'signed') ORDER BY id DESC LIMIT 1",
	    0, "");

	return id && duty_handover_get(st, id, out);
}

void
handover_row_clear(struct handover_row *row)
{
	free(row->note);
	free(row->leader_note);
	free(row->brief);
	row->note = row->leader_note = row->brief = NULL;
}

size_t
duty_handovers(struct store *st, int64_t before, struct handover_row *out, size_t max)
{
	struct sql *q = sql(st, COLUMNS " WHERE (?1 = 0 OR h.id < ?1) ORDER BY h.id DESC LIMIT ?2");
	size_t n = 0;

	sql_bind(q, "ii", before, (int64_t)max);
	while (n < max && sql_row(q))
		fill(q, &out[n++], false);
	sql_done(q);
	for (size_t i = 0; i < n; i++)
		fill_crews(st, &out[i]);
	return n;
}

const char *
handover_state_label(const char *state)
{
	static const char *const labels[][2] = {{"begun", N_("begun")},
	    {"out", N_("outgoing side signed")}, {"signed", N_("both signed")},
	    {"done", N_("handover done")}, {"dropped", N_("dropped")}};

	return i18n_label(labels, COUNT_OF(labels), state);
}

void
check_names_read(struct check_names *out)
{
	struct err err = ERR_NONE;
	struct tsv *t;
	char *path;
	int zh, en;

	*out = (struct check_names){NULL, 0, 0};
	if (i18n_is_chinese())
		return;
	path = paths_data_file("duty/handover.tsv");
	t = tsv_open(path, &err);
	free(path);
	if (!t) {
		err_clear(&err);
		return;
	}
	zh = tsv_column(t, "item", false, NULL);
	en = tsv_column(t, "en", false, NULL);
	while (zh >= 0 && en >= 0 && tsv_next(t)) {
		if (!*tsv_get(t, en))
			continue;
		mem_grow(&out->list, &out->room, out->n);
		out->list[out->n++] =
		    (struct check_name){mem_dup(tsv_get(t, zh)), mem_dup(tsv_get(t, en))};
	}
	if (!tsv_close(t, &err))
		err_clear(&err);
}

const char *
check_label(const struct check_names *names, const char *item)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->list[i].item, item) == 0)
			return names->list[i].english;
	return item;
}

void
check_names_clear(struct check_names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		free(names->list[i].item);
		free(names->list[i].english);
	}
	free(names->list);
	*names = (struct check_names){NULL, 0, 0};
}

size_t
duty_handover_checks(struct store *st, int64_t id, struct handover_check *out, size_t max)
{
	struct sql *q = sql(st, "SELECT n, label, result, note, who, at FROM handover_check WHERE "
				"handover = ?1 ORDER BY n LIMIT ?2");
	struct check_names names;
	size_t n = 0;

	check_names_read(&names);
	sql_bind(q, "ii", id, (int64_t)max);
	while (n < max && sql_row(q)) {
		struct handover_check *c = &out[n++];

		memset(c, 0, sizeof(*c));
		c->n = (int)sql_int(q, 0);
		utf8_copy(c->label, sizeof(c->label), check_label(&names, sql_text(q, 1)));
		FIELD(c->result, q, 2);
		FIELD(c->text, q, 3);
		FIELD(c->by, q, 4);
		c->at = sql_time(q, 5);
	}
	sql_done(q);
	check_names_clear(&names);
	return n;
}

const char *const *
handover_next_verbs(const struct handover_row *row, int64_t person)
{
	static const char *const out[] = {"handover.sign", "handover.note", "handover.drop", NULL};
	static const char *const in[] = {"handover.check", "handover.sign", "handover.drop", NULL};
	static const char *const open[] = {"watch.open", NULL};
	static const char *const other[] = {"handover.drop", NULL};

	if (row->in_signed)
		return open;
	if (crew_has(&row->in, person) && (row->out_signed || !crew_has(&row->out, person)))
		return in;
	return crew_has(&row->out, person) ? out : other;
}

/* --- the paper -------------------------------------------------------------------------------- */

static void
write_crew(struct buf *out, const char *label, const struct crew *crew)
{
	struct buf names = BUF_MAX(1000);

	for (size_t i = 0; i < crew->n; i++)
		buf_printf(&names, "%s%s %s", i ? "  " : "", duty_post_label(crew->member[i].post),
		    crew->member[i].name);
	paper_field(out, label, names.size ? buf_str(&names) : "-");
	buf_clear(&names);
}

/* Who signed and when; who has not has a line to sign on. */
static void
write_signatures(struct buf *out, const char *label, const struct crew *crew)
{
	char stamp[40];

	buf_printf(out, "%s\n", label);
	for (size_t i = 0; i < crew->n; i++) {
		const struct crew_member *m = &crew->member[i];

		buf_printf(out, "  %s %s  %s\n", duty_post_label(m->post), m->name,
		    m->signed_at == CLOCK_NONE
			? "____________"
			: clock_format(stamp, sizeof(stamp), m->signed_at, CLOCK_YMD_HM));
	}
}

/* The parts of the paper in the order of handbook 3.2, and which items stand in each. */
static const struct {
	const char *label;
	const char *kinds; /* divided by blanks; NULL: whatever stands in none of the others */
} parts[] = {
    {N_("Matters under way, with their limits"), " clock incident order orders "},
    {N_("Instructions not finished"), " instruction "},
    {N_("Live warnings, alarms, responses, call-outs"), " alert alarm response callout "},
    {N_("Papers and messages not delivered or not dealt with"), " report undelivered inbox "},
    {N_("Other open items"), NULL},
};

static bool
belongs(const struct handover_item *item, size_t part)
{
	char word[24];
	bool listed = false;

	snprintf(word, sizeof(word), " %s ", item->kind);
	if (parts[part].kinds)
		return strstr(parts[part].kinds, word) != NULL;
	for (size_t i = 0; i < part; i++)
		listed = listed || strstr(parts[i].kinds, word);
	return !listed;
}

static void
write_item(const struct handover_item *item, struct buf *out)
{
	char due[40];

	buf_printf(out, "  %2d  %-11s  %s  %s%s\n", item->n,
	    item->due == CLOCK_NONE ? "-" : clock_format(due, sizeof(due), item->due, CLOCK_MD_HM),
	    handover_kind_label(item->kind), item->title,
	    item->late ? _("  (came after the signature)") : "");
}

/* Every part stands there, an empty one says so: nobody can ask later whether it was forgotten. */
static void
write_items(struct store *st, int64_t id, struct buf *out)
{
	struct handover_item *items = mem_zero(ITEMS_MAX, sizeof(*items));
	size_t n = duty_handover_items(st, id, items, ITEMS_MAX);

	buf_printf(out, _("\nOpen items: %zu\n"), n);
	for (size_t part = 0; part < COUNT_OF(parts); part++) {
		size_t written = 0;

		buf_printf(out, "\n%s\n", _(parts[part].label));
		for (size_t i = 0; i < n; i++)
			if (belongs(&items[i], part)) {
				write_item(&items[i], out);
				written++;
			}
		if (!written)
			buf_printf(out, "  %s\n", _("none"));
	}
	free(items);
}

static void
write_checks(struct store *st, int64_t id, struct buf *out)
{
	struct handover_check checks[CHECKS_MAX];
	size_t n = duty_handover_checks(st, id, checks, COUNT_OF(checks));

	buf_printf(out, "\n%s\n", _("Checked"));
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "  %2d  [%s] %s %s %s\n", checks[i].n,
		    !checks[i].result[0]		  ? " "
		    : strcmp(checks[i].result, "ok") == 0 ? "x"
							  : "!",
		    checks[i].label, checks[i].text, checks[i].by);
}

bool
duty_handover_text(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	struct handover_row h;
	char a[40], b[40];

	if (!duty_handover_get(st, id, &h))
		return err_set(err, ERR_NOT_FOUND, _("There is no such handover."));
	add_head(out, st, _("Handover"));
	buf_printf(out, _("Begun %s, shift from %s: %s\n\n"),
	    clock_format(a, sizeof(a), h.begun, CLOCK_YMD_HM),
	    clock_format(b, sizeof(b), h.starts, CLOCK_MD_HM), handover_state_label(h.state));
	write_crew(out, _("Outgoing crew"), &h.out);
	write_crew(out, _("Incoming crew"), &h.in);
	write_items(st, id, out);
	write_checks(st, id, out);
	if (h.note && *h.note)
		buf_printf(out, "\n%s\n%s\n", _("Note of the outgoing crew"), h.note);
	if (h.leader_note && *h.leader_note)
		buf_printf(out, "\n%s\n%s\n", _("Note of the leader"), h.leader_note);
	if (h.brief && *h.brief) {
		buf_add_char(out, '\n');
		paper_rule(out, PAPER_COLUMNS);
		buf_printf(out, "%s\n%s", _("From the record, at the outgoing signature"), h.brief);
	}
	buf_printf(out, "\n%s\n", _("Signatures"));
	write_signatures(out, _("Outgoing crew"), &h.out);
	write_signatures(out, _("Incoming crew"), &h.in);
	if (h.head_seq)
		buf_printf(out, _("\nHead of the journal at the incoming signature: #%lld %s\n"),
		    (long long)h.head_seq, h.head);
	add_chain(out, st);
	handover_row_clear(&h);
	return true;
}
