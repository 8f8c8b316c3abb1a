/* The verbs of alerts: a message is taken in, comes again, is read, and what was done about it is
 * recorded. */
#include "monitor/inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An expiry further away than this is no expiry: a year of another era, a field filled with nines.
 */
#define BELIEVED (60 * CLOCK_DAY)
#define CLOCK_SLACK CLOCK_HOUR

/* The row of an alert, worked out of the message. Texts of the message are borrowed. */
struct summary {
	char identifier[256];
	const char *sender;
	char event[64], code[8], headline[240], area[160];
	enum colour colour;
	int64_t ordered, onset, ends;
	bool thin, drill, colour_disagrees, code_disagrees;
	char *notes; /* owned */
};

static bool
is_chinese(const struct alert_info *i)
{
	return i->language && strncasecmp(i->language, "zh", 2) == 0;
}

int
alert_main_info(const struct alert *a)
{
	for (size_t i = 0; i < a->n_infos; i++)
		if (is_chinese(&a->infos[i]))
			return (int)i;
	return a->n_infos ? 0 : -1;
}

/* An info in the language of the one that counts. */
static bool
speaks(const struct alert *a, size_t i, int main)
{
	return is_chinese(&a->infos[i]) == is_chinese(&a->infos[main]);
}

static void
add_note(struct buf *b, const char *text)
{
	if (b->size)
		buf_add_char(b, '\n');
	buf_add(b, text);
}

static int64_t
believed_end(const struct alert_info *i, int64_t from, struct buf *notes)
{
	char when[40], line[160];

	if (i->expires == CLOCK_NONE)
		return CLOCK_NONE;
	if (i->expires >= from && i->expires <= from + BELIEVED)
		return i->expires;
	snprintf(line, sizeof(line), _("expiry %s is not believed: live until it is ended"),
	    clock_format(when, sizeof(when), i->expires, CLOCK_YMD_HM));
	add_note(notes, line);
	return CLOCK_NONE;
}

static void
join_areas(const struct alert_info *info, char *out, size_t size)
{
	struct buf b = BUF_MAX(2048);

	for (size_t j = 0; j < info->n_areas && b.size < size; j++)
		if (info->areas[j].description)
			buf_printf(&b, "%s%s", b.size ? "; " : "", info->areas[j].description);
	utf8_copy(out, size, buf_str(&b));
	buf_clear(&b);
}

/* Colour: the worst of the infos in that language. End: the last, and none as soon as one has none.
 */
static void
sum_infos(const struct alert *a, struct summary *s, struct buf *notes)
{
	int main = alert_main_info(a);
	bool endless = main < 0;

	s->onset = s->ends = CLOCK_NONE;
	for (size_t i = 0; main >= 0 && i < a->n_infos; i++) {
		const struct alert_info *info = &a->infos[i];
		int64_t end;

		s->colour_disagrees = s->colour_disagrees || info->colour_disagrees;
		s->code_disagrees = s->code_disagrees || info->code_disagrees;
		if (!speaks(a, i, main))
			continue;
		if (info->colour != COLOUR_NONE &&
		    (s->colour == COLOUR_NONE || info->colour < s->colour))
			s->colour = info->colour;
		end = believed_end(info, s->ordered, notes);
		endless = endless || end == CLOCK_NONE;
		if (end != CLOCK_NONE && end > s->ends)
			s->ends = end;
		if (s->onset == CLOCK_NONE)
			s->onset = info->onset != CLOCK_NONE ? info->onset : info->effective;
	}
	if (endless)
		s->ends = CLOCK_NONE;
	if (main < 0)
		return;
	utf8_copy(s->event, sizeof(s->event), a->infos[main].event);
	utf8_copy(s->code, sizeof(s->code), a->infos[main].event_code);
	utf8_copy(s->headline, sizeof(s->headline),
	    a->infos[main].headline && *a->infos[main].headline ? a->infos[main].headline
								: a->infos[main].event);
	join_areas(&a->infos[main], s->area, sizeof(s->area));
}

static void
summarize(const struct taken_alert *one, int64_t now, struct summary *s)
{
	const struct alert *a = one->item->alert;
	struct buf notes = BUF_MAX(8192);

	memset(s, 0, sizeof(*s));
	alert_key(a, one->digest, s->identifier, sizeof(s->identifier), &s->sender);
	if (one->item->notes)
		buf_add(&notes, one->item->notes);
	s->ordered = a->sent == CLOCK_NONE || a->sent > now ? now : a->sent;
	if (a->sent != CLOCK_NONE && a->sent > now + CLOCK_SLACK)
		add_note(&notes, _("sent in the future: taken as sent when it came in"));
	if (!a->identifier || !*a->identifier)
		add_note(&notes, _("without identifier: known by its content only"));
	if (a->n_refs == 0 && a->msg_type && strcmp(a->msg_type, "Update") == 0)
		add_note(&notes, _("an update that does not say of what"));
	s->thin = alert_is_thin(a);
	s->drill = a->status && *a->status && strcmp(a->status, "Actual") != 0;
	sum_infos(a, s, &notes);
	if (!*s->headline)
		utf8_copy(s->headline, sizeof(s->headline), or_empty(a->note));
	s->notes = notes.size ? buf_take(&notes) : NULL;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void
put_alert(struct verb_call *call, int64_t id, const char *feed, const struct taken_alert *one,
    const struct summary *s)
{
	const struct alert *a = one->item->alert;
	struct sql *q = sql(call_store(call),
	    "INSERT INTO alert (id, identifier, sender, sent, digest, profile, feed, status, "
	    "msg_type, "
	    "scope, source, note, notes, lift, is_signed, drill, thin, refs, event, code, colour, "
	    "headline, area, ordered, onset, ends, concerns, concerns_why, colour_disagrees, "
	    "code_disagrees, chain, taken, journal, methods, restricted) VALUES (?1, ?2, ?3, ?4, "
	    "?5, ?6, ?7, ?8, ?9, ?10, "
	    "?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, "
	    "?28, "
	    "?29, ?30, ?1, ?31, ?32, ?33, ?34)");

	sql_bind(q,
	    "ittcttttttttt"
	    "iiiii"
	    "ttitticc"
	    "itiiiiti",
	    id, s->identifier, s->sender, a->sent, one->digest, or_empty(a->profile), feed,
	    or_empty(a->status), or_empty(a->msg_type), a->scope, a->source, a->note, s->notes,
	    (int64_t)a->lift, (int64_t)a->is_signed, (int64_t)s->drill, (int64_t)s->thin,
	    (int64_t)a->n_refs, s->event, s->code, (int64_t)s->colour, s->headline, s->area,
	    s->ordered, s->onset, s->ends, (int64_t)one->reach.concerns, one->reach.why,
	    (int64_t)s->colour_disagrees, (int64_t)s->code_disagrees, call_now(call),
	    call_journal(call), a->methods, (int64_t)a->inner);
	sql_run(q);
}

/* A list without parts is kept once, by the first that came out of it. */
static void
put_raw(struct store *st, int64_t id, struct intake *in, const struct feed_item *item)
{
	bool part = item->raw != NULL, kept = !part && in->document;
	struct sql *q = kept ? sql(st, "INSERT INTO alert_raw (alert, within) VALUES (?1, ?2)")
			     : sql(st, "INSERT INTO alert_raw (alert, bytes) VALUES (?1, ?2)");

	if (kept)
		sql_bind(q, "ii", id, in->document);
	else if (part)
		sql_bind(q, "ib", id, item->raw, strlen(item->raw));
	else
		sql_bind(q, "ib", id, or_empty(in->raw), in->raw_size);
	sql_run(q);
	if (!part && in->several && !in->document)
		in->document = id;
}

static void
put_info(struct store *st, int64_t id, size_t n, const struct alert_info *i)
{
	struct sql *q = sql(st,
	    "INSERT INTO alert_info (alert, n, language, event, code, headline, description, "
	    "instruction, sender_name, urgency, certainty, severity, response, colour, effective, "
	    "onset, expires, signer, web, contact, resources) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
	    "?8, "
	    "?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)");

	sql_bind(q, "iittttttttttticcctttt", id, (int64_t)n, i->language, i->event, i->event_code,
	    i->headline, i->description, i->instruction, i->sender_name, i->urgency, i->certainty,
	    i->severity, i->response, (int64_t)i->colour, i->effective, i->onset, i->expires,
	    i->signer, i->web, i->contact, i->resources);
	sql_run(q);
}

/* A ring of 41,009 corners takes 328 kB so, 656 kB as doubles. */
static int32_t *
pack_ring(const struct alert_area *a)
{
	int32_t *out = mem_zero(2 * a->n_ring + 1, sizeof(*out));

	for (size_t i = 0; i < 2 * a->n_ring; i++)
		out[i] = (int32_t)lround(fmax(-2000.0, fmin(2000.0, a->ring[i])) * 1e6);
	return out;
}

static void
put_area(struct store *st, int64_t id, size_t n, size_t info, const struct alert_area *a)
{
	struct sql *q =
	    sql(st, "INSERT INTO alert_area (alert, n, info, description, codes, ring, lon, "
		    "lat, radius_m, repaired) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
		    "?10)");
	struct buf codes = BUF_MAX(1u << 20);
	int32_t *ring = a->n_ring ? pack_ring(a) : NULL;
	bool circle = a->radius_m >= 0;

	for (size_t i = 0; i < a->n_codes; i++)
		buf_printf(&codes, "%s%s", i ? "\n" : "", a->codes[i]);
	if (ring && circle)
		sql_bind(q, "iiittbrrri", id, (int64_t)n, (int64_t)info, a->description,
		    buf_str(&codes), ring, 8 * a->n_ring, a->lon, a->lat, a->radius_m,
		    (int64_t)a->repaired);
	else if (ring)
		sql_bind(q, "iiittbnnni", id, (int64_t)n, (int64_t)info, a->description,
		    buf_str(&codes), ring, 8 * a->n_ring, (int64_t)a->repaired);
	else if (circle)
		sql_bind(q, "iiittnrrri", id, (int64_t)n, (int64_t)info, a->description,
		    buf_str(&codes), a->lon, a->lat, a->radius_m, (int64_t)a->repaired);
	else
		sql_bind(q, "iiittnnnni", id, (int64_t)n, (int64_t)info, a->description,
		    buf_str(&codes), (int64_t)a->repaired);
	sql_run(q);
	free(ring);
	buf_clear(&codes);
}

static void
put_parts(struct store *st, int64_t id, const struct alert *a, const struct reach *reach)
{
	struct sql *q;
	size_t areas = 0;

	for (size_t i = 0; i < a->n_infos; i++) {
		put_info(st, id, i, &a->infos[i]);
		for (size_t j = 0; j < a->infos[i].n_areas; j++)
			put_area(st, id, areas++, i, &a->infos[i].areas[j]);
	}
	for (size_t i = 0; i < a->n_refs; i++) {
		q = sql(st,
		    "INSERT INTO alert_ref (alert, n, identifier, sender, sent) VALUES (?1, ?2, "
		    "?3, ?4, ?5)");
		sql_bind(q, "iittc", id, (int64_t)i, or_empty(a->refs[i].identifier),
		    a->refs[i].sender, a->refs[i].sent);
		sql_run(q);
	}
	for (size_t i = 0; i < reach->n_towns; i++) {
		q = sql(st, "INSERT OR IGNORE INTO alert_town (alert, area) VALUES (?1, ?2)");
		sql_bind(q, "ii", id, reach->towns[i]);
		sql_run(q);
	}
}

void
alert_seen(struct store *st, int64_t alert, const char *feed, int64_t at)
{
	struct sql *q =
	    sql(st, "INSERT INTO alert_seen (alert, feed, first, last, n) VALUES (?1, ?2, "
		    "?3, ?3, 1) ON CONFLICT (alert, feed) DO UPDATE SET last = max(last, "
		    "?3), n = n + 1");

	sql_bind(q, "iti", alert, feed, at);
	sql_run(q);
}

/* Both copies are kept; the mark stands on both. */
static bool
mark_conflict(struct store *st, int64_t id)
{
	static const char others[] = "SELECT count(*) FROM alert m JOIN alert o ON o.identifier = "
				     "m.identifier AND o.sender = "
				     "m.sender AND o.sent IS m.sent AND o.thin = m.thin AND "
				     "(m.thin = 0 OR o.feed = m.feed) AND "
				     "o.id <> m.id WHERE m.id = ?1";
	struct sql *q;

	if (!sql_one_int(st, others, 0, "i", id))
		return false;
	q = sql(st,
	    "UPDATE alert SET conflicting = 1 WHERE conflicting = 0 AND id IN (SELECT o.id "
	    "FROM alert m JOIN alert o ON o.identifier = m.identifier AND o.sender = m.sender "
	    "AND o.sent IS m.sent AND o.thin = m.thin WHERE m.id = ?1)");
	sql_bind(q, "i", id);
	sql_run(q);
	return true;
}

/* --- what concerns the county ----------------------------------------------------------------- */

static void
put_plans(struct verb_call *call, int64_t id, const struct summary *s, char *out, size_t size)
{
	const char *codes[] = {s->code};
	struct plan_query q = {
	    .codes = codes, .n_codes = *s->code ? 1 : 0, .text = *s->headline ? s->headline : NULL};

	out[0] = '\0';
	if (q.n_codes || q.text)
		plans_for(call, id, &q, out, size);
}

/* The text of the entry is what a duty officer must know without opening anything. */
static char *
message_text(const struct alert *a, const struct summary *s, const char *plans)
{
	int main = alert_main_info(a);
	const struct alert_info *info = main >= 0 ? &a->infos[main] : NULL;
	struct buf b = BUF_MAX(60000);
	char area[160];

	buf_printf(&b, "%s\n", s->headline);
	if (info && info->description)
		buf_printf(&b, "%s\n", info->description);
	if (info && info->instruction)
		buf_printf(&b, "%s\n", info->instruction);
	alert_area_words(s->area, area, sizeof(area));
	if (*area)
		buf_printf(&b, _("Area: %s\n"), area);
	if (*plans)
		buf_printf(&b, _("Plans: %s\n"), plans);
	buf_printf(&b, _("No. %s"), s->identifier);
	return buf_take(&b);
}

/* The entry of the thin copies whose place it takes; when they said another colour, theirs is
 * settled and it gets its own. */
static int64_t
inherited_inbox(struct verb_call *call, int64_t id, enum colour colour)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "SELECT t.inbox, t.colour FROM alert m JOIN alert t ON t.identifier = "
		    "m.identifier AND t.thin = 1 AND m.thin = 0 AND t.inbox IS NOT NULL WHERE "
		    "m.id = ?1 LIMIT 1");
	int64_t inbox = 0, other = COLOUR_NONE;

	sql_bind(q, "i", id);
	if (sql_row(q)) {
		inbox = sql_int(q, 0);
		other = sql_int(q, 1);
	}
	sql_done(q);
	if (!inbox || other == (int64_t)colour)
		return inbox;
	inbox_settle(call, inbox, 0);
	return 0;
}

static void
put_inbox(struct verb_call *call, int64_t id, const struct alert *a, const struct summary *s,
    const char *feed)
{
	struct store *st = call_store(call);
	int main = alert_main_info(a);
	char *how = sql_one_text(st, "SELECT ifnull(how, '') FROM alert WHERE id = ?1", "i", id);
	bool live = how && !*how && (s->ends == CLOCK_NONE || s->ends > call_now(call));
	char plans[240], title[280], issuer[96];
	struct inbox_message m = {.kind = "alert", .title = title, .at = call_now(call)};
	int64_t inbox;
	char *text;
	struct sql *q;

	if (!how || strcmp(how, "superseded") == 0) {
		free(how); /* its successor is here already */
		return;
	}
	put_plans(call, id, s, plans, sizeof(plans));
	alert_issuer(main >= 0 ? a->infos[main].sender_name : NULL, s->headline, s->sender, issuer,
	    sizeof(issuer));
	m.source = *issuer ? issuer : feed;
	m.urgent = live && !s->drill;
	m.answer = m.urgent && s->colour == COLOUR_RED;
	snprintf(title, sizeof(title), "%s%s", s->drill ? _("[DRILL OR TEST] ") : "", s->headline);
	text = message_text(a, s, plans);
	m.text = text;
	inbox = inherited_inbox(call, id, s->colour);
	if (!inbox)
		inbox = inbox_put(call, &m);
	q = sql(st, "UPDATE alert SET inbox = ?2 WHERE id = ?1");
	sql_bind(q, "ii", id, inbox);
	sql_run(q);
	if (*plans)
		call_say(call, _("plans: %s"), plans);
	free(text);
	free(how);
}

/* --- verbs ------------------------------------------------------------------------------------ */

static int64_t
put_whole(
    struct verb_call *call, struct intake *in, const struct taken_alert *one, struct summary *s)
{
	struct store *st = call_store(call);
	const struct alert *a = one->item->alert;
	int64_t id = store_new_id(st);

	summarize(one, call_now(call), s);
	put_alert(call, id, in->feed, one, s);
	put_raw(st, id, in, one->item);
	put_parts(st, id, a, &one->reach);
	alert_seen(st, id, in->feed, call_now(call));
	in->conflicting += mark_conflict(st, id);
	chain_join(st, id);
	return id;
}

int64_t
alert_put(struct verb_call *call, struct intake *in, const struct taken_alert *one, char *plans,
    size_t size)
{
	struct summary s;
	int64_t id = put_whole(call, in, one, &s);

	if (plans)
		put_plans(call, id, &s, plans, size);
	free(s.notes);
	return id;
}

static struct intake *
in_hand(struct verb_call *call, struct err *err)
{
	struct intake *in = intake_of(call_store(call));

	if (in && in->alerts)
		return in;
	err_set(err, ERR_REFUSED, _("Warnings come in by feed or by zhiban ingest."));
	return NULL;
}

bool
monitor_do_alert_take(struct verb_call *call, struct err *err)
{
	struct intake *in = in_hand(call, err);
	struct summary s;
	int64_t id;

	if (!in)
		return false;
	id = put_whole(call, in, &in->alerts[0], &s);
	call_subject(call, "alert", id);
	call_say(call, _("warning %s%s: %s"), s.drill ? _("[DRILL OR TEST] ") : "",
	    colour_label(s.colour), s.headline);
	if (in->conflicting)
		call_say(call, _("another text came under the same number: both are kept"));
	put_inbox(call, id, in->alerts[0].item->alert, &s, in->feed);
	free(s.notes);
	return true;
}

/* A list may hold the same message twice: the second finds the first. */
bool
monitor_do_alert_series(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct intake *in = in_hand(call, err);
	struct summary s;

	if (!in)
		return false;
	for (size_t i = 0; i < in->n; i++) {
		const struct taken_alert *one = &in->alerts[i];

		if (i && alert_known(st, one->item->alert, in->feed, one->digest)) {
			in->again++;
			continue;
		}
		put_whole(call, in, one, &s);
		free(s.notes);
	}
	call_say(call,
	    ngettext("%s: %zu warning of another place", "%s: %zu warnings of other places",
		(unsigned long)(in->n - (size_t)in->again)),
	    in->feed, in->n - (size_t)in->again);
	if (in->conflicting)
		call_say(call, _("another text came under the same number: both are kept"));
	return true;
}

static void
mark_read(struct verb_call *call, int64_t id)
{
	struct sql *q =
	    sql(call_store(call), "UPDATE alert SET read_at = ?2, read_by = ?3 WHERE id = "
				  "?1 AND read_at IS NULL");

	sql_bind(q, "iit", id, call_now(call), call_actor(call)->name);
	sql_run(q);
}

static void
tell(struct verb_call *call, struct alert_row *row, int64_t id)
{
	call_subject(call, "alert", id);
	if (!monitor_alert(call_store(call), id, row))
		memset(row, 0, sizeof(*row));
}

void
alert_entry(struct verb_call *call, int64_t alert, const char *text)
{
	struct sql *q = sql(call_store(call), "INSERT INTO alert_entry (id, alert, at, who, text, "
					      "journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

	sql_bind(q, "iiitti", store_new_id(call_store(call)), alert, call_now(call),
	    call_actor(call)->name, text, call_journal(call));
	sql_run(q);
}

bool
monitor_do_alert_note(struct verb_call *call, struct err *err)
{
	int64_t id = call_int(call, "alert");
	struct alert_row row;

	(void)err;
	alert_entry(call, id, call_text(call, "text"));
	tell(call, &row, id);
	mark_read(call, id);
	if (row.inbox) {
		inbox_answered(call, row.inbox);
		inbox_settle(call, row.inbox, 0);
	}
	call_say(call, "%s: %s", row.headline, call_text(call, "text"));
	return true;
}

bool
monitor_do_alert_read(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = call_int(call, "alert");
	struct alert_row row;
	bool owed;

	(void)err;
	tell(call, &row, id);
	mark_read(call, id);
	call_say(call, _("read: %s"), row.headline);
	owed = sql_one_int(st, "SELECT answer FROM inbox WHERE id = ?1 AND state = 'new'", 0, "i",
		   row.inbox) != 0;
	if (owed)
		call_say(call, "%s", _("it still wants an answer: what was done about it"));
	else if (row.inbox)
		inbox_settle(call, row.inbox, 0);
	return true;
}
