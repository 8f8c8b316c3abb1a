/*
 * 发布预警, 更新预警, 解除预警: warnings of our own. One is written as CAP, read back by our own
 * reader, and what was read is what the store keeps: so what we show is what every receiver sees,
 * and a message that would not come back the same never goes out.
 */
#include "monitor/inside.h"

#include "exchange/capwrite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OURS "ours" /* in the place of a feed's name */
#define DOCUMENT_MAX ((size_t)1 << 20)
#define REFS_MAX 200

/* --- who, and under which number -------------------------------------------------------------- */

/* A leader approves in person; a chief writes down the leader who gave word. */
static bool
find_approver(struct verb_call *call, char *out, size_t size, struct err *err)
{
	const struct actor *actor = call_actor(call);
	struct actor named;

	if (!call_has(call, "signer")) {
		utf8_copy(out, size, actor->name);
		return (actor->role & ROLE_LEADER) ||
		       err_set(err, ERR_REFUSED,
			   _("Who approves it? A leader does in person, or a chief names the "
			     "leader who "
			     "gave word (signer=)."));
	}
	if (!actor_find(call_store(call), call_text(call, "signer"), &named, err))
		return false;
	utf8_copy(out, size, named.name);
	return (named.role & ROLE_LEADER) ||
	       err_set(err, ERR_REFUSED, _("%s is no leader and cannot approve a warning."),
		   named.name);
}

/* CAP: unique in the world. A drill's store may be a copy of the real one, and must not speak in
 * its name. */
static char *
sender_of(struct store *st)
{
	const char *set = store_setting(st, "alert_sender");
	char *name =
		 set && *set ? mem_dup(set) : mem_print("zhiban-%lld", (long long)store_area(st)),
	     *full;

	if (!is_drill_store(st))
		return name;
	full = mem_print("%s-drill", name);
	free(name);
	return full;
}

/* The place, the second, and the number of the year: 321084000_20260710031500_007. */
static void
give_number(struct verb_call *call, struct alert *a)
{
	struct store *st = call_store(call);
	struct civil c;
	int number;

	a->sent = call_now(call) - call_now(call) % 1000;
	clock_civil(a->sent, &c);
	number = store_new_number(st, "alert", c.year);
	free(a->sender);
	free(a->identifier);
	a->sender = sender_of(st);
	a->identifier = mem_print("%lld_%04d%02d%02d%02d%02d%02d_%03d", (long long)store_area(st),
	    c.year, c.month, c.day, c.hour, c.minute, c.second, number);
}

/* --- references ------------------------------------------------------------------------------- */

static void
drop_refs(struct alert *a)
{
	for (size_t i = 0; i < a->n_refs; i++) {
		free(a->refs[i].sender);
		free(a->refs[i].identifier);
	}
	free(a->refs);
	a->refs = NULL;
	a->n_refs = 0;
}

/* All that went out before it (CAP 1.2, 3.2.1): who missed one of them still knows what this takes
 * the place of. */
static void
refer_to_chain(struct store *st, int64_t chain, struct alert *a)
{
	struct sql *q =
	    sql(st, "SELECT sender, identifier, sent FROM alert WHERE chain = ?1 AND ours = 1 "
		    "ORDER BY ordered, id LIMIT ?2");

	drop_refs(a);
	sql_bind(q, "ii", chain, (int64_t)REFS_MAX);
	while (sql_row(q)) {
		a->refs = mem_resize(a->refs, a->n_refs + 1, sizeof(*a->refs));
		a->refs[a->n_refs++] = (struct alert_ref){
		    mem_dup(sql_text(q, 0)), mem_dup(sql_text(q, 1)), sql_time(q, 2)};
	}
	sql_done(q);
}

/* --- out -------------------------------------------------------------------------------------- */

static bool
same(const char *a, const char *b)
{
	return strcmp(or_empty(a), or_empty(b)) == 0;
}

/* What came back, against what was meant: for the words that an officer can get wrong a word of
 * advice. */
static bool
check_read(const struct alert *meant, const struct alert *got, struct err *err)
{
	const struct alert_info *m = &meant->infos[0], *g = &got->infos[0];

	if (g->colour != m->colour || g->colour_disagrees)
		return err_set(err, ERR_INPUT,
		    _("The headline tells another colour than the warning has: %s."),
		    or_empty(m->headline));
	if (!same(g->event_code, m->event_code) || g->code_disagrees)
		return err_set(err, ERR_INPUT, _("The headline tells another event than %s: %s."),
		    or_empty(m->event), or_empty(m->headline));
	if (got->lift != (strcmp(meant->msg_type, "Cancel") == 0))
		return err_set(err, ERR_INPUT, _("解除 in a headline lifts a warning: %s."),
		    or_empty(m->headline));
	return true;
}

/* Written, read, and written again: three times the same. */
static bool
read_back(const struct alert *meant, struct buf *doc, struct feed_list *list, struct err *err)
{
	struct buf again = BUF_MAX(DOCUMENT_MAX);
	bool good;

	if (!cap_write(doc, meant, err) ||
	    !feed_read(buf_str(doc), doc->size, NULL, feed_list_keep, list, NULL, err))
		return false;
	good =
	    list->n == 1 && list->item[0].kind == FEED_ALERT && list->item[0].alert->n_infos == 1;
	good = good && check_read(meant, list->item[0].alert, err) &&
	       cap_write(&again, list->item[0].alert, err) && again.size == doc->size &&
	       memcmp(buf_str(&again), buf_str(doc), doc->size) == 0;
	buf_clear(&again);
	return good || err_set(err, ERR_INPUT,
			   _("As CAP it would not come back the same: nothing was sent."));
}

/* One message for each unit that gets our warnings, in the form it takes. */
static bool
queue(struct verb_call *call, int64_t id, const struct alert *a, const char *cap, struct err *err)
{
	struct store *st = call_store(call);
	struct buf envelope = BUF_MAX(2 * DOCUMENT_MAX);
	struct sql *q;
	int n = 0;

	if (!edxl_write(&envelope, a->identifier, a->sender, a->sent, &a, 1, err)) {
		buf_clear(&envelope);
		return false;
	}
	q = sql(st, "SELECT unit, warnings FROM destination WHERE warnings <> 'none' ORDER BY id");
	sql_bind(q, "");
	for (; sql_row(q); n++) {
		char *key = mem_print("alert-%s-%s", a->identifier, sql_text(q, 0));

		call_outbox(call, "message", sql_text(q, 0), "alert", id, key,
		    strcmp(sql_text(q, 1), "edxl") == 0 ? buf_str(&envelope) : cap);
		call_say(call, _("to %s"), sql_text(q, 0));
		free(key);
	}
	sql_done(q);
	if (!n)
		call_say(call, "%s",
		    _("no unit gets our warnings yet (destination.set warnings=); it is published "
		      "by zhiban "
		      "publish"));
	buf_clear(&envelope);
	return true;
}

/* Keep what was read back, as ours, known to the room. */
static int64_t
keep(struct verb_call *call, struct feed_item *item, const struct buf *doc, const char *approver)
{
	struct store *st = call_store(call);
	struct taken_alert one = {.item = item};
	struct intake in = {
	    .feed = OURS, .raw = buf_str(doc), .raw_size = doc->size, .alerts = &one, .n = 1};
	char plans[240];
	int64_t id;
	struct sql *q;

	alert_digest(
	    item->alert, one.digest); /* of the message: a copy that comes back is the same */
	free(item->alert->infos[0].signer);
	item->alert->infos[0].signer = mem_dup(approver);
	reach_find(st, item->alert, &one.reach);
	id = alert_put(call, &in, &one, plans, sizeof(plans));
	q = sql(st, "UPDATE alert SET ours = 1, read_at = ?2, read_by = ?3 WHERE id = ?1");
	sql_bind(q, "iit", id, call_now(call), call_actor(call)->name);
	sql_run(q);
	reach_clear(&one.reach);
	if (*plans)
		call_say(call, _("plans: %s"), plans);
	return id;
}

/* `doing` stands in the journal before the headline. */
static bool
send(struct verb_call *call, struct feed_item *item, const char *doing, struct err *err)
{
	struct buf doc = BUF_MAX(DOCUMENT_MAX);
	struct feed_list list = {0};
	char approver[64];
	bool good;
	int64_t id;

	good = find_approver(call, approver, sizeof(approver), err);
	if (good)
		give_number(call, item->alert);
	good = good && read_back(item->alert, &doc, &list, err);
	if (good) {
		call_say(call, _("%s: %s (%s), approved by %s"), doing,
		    item->alert->infos[0].headline, item->alert->identifier, approver);
		id = keep(call, &list.item[0], &doc, approver);
		call_subject(call, "alert", id);
		good = queue(call, id, list.item[0].alert, buf_str(&doc), err);
	}
	feed_list_clear(&list);
	buf_clear(&doc);
	return good;
}

/* --- verbs ------------------------------------------------------------------------------------ */

bool
monitor_do_alert_issue(struct verb_call *call, struct err *err)
{
	struct feed_item item;
	bool good = ours_write(call, &item, err) && send(call, &item, _("warning issued"), err);

	feed_item_clear(&item);
	return good;
}

/* The message of its chain that counts now, and that is ours. */
static bool
find_live(struct verb_call *call, struct alert_row *row, struct err *err)
{
	struct store *st = call_store(call);
	int64_t live;

	if (!monitor_alert(st, call_int(call, "alert"), row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such warning."));
	if (!row->ours)
		return err_set(err, ERR_REFUSED,
		    _("This warning is another issuer's (%s): only who issued it updates or lifts "
		      "it."),
		    row->sender);
	live = sql_one_int(st,
	    "SELECT id FROM alert WHERE chain = ?1 AND ours = 1 AND how IS NULL ORDER BY ordered "
	    "DESC, id "
	    "DESC LIMIT 1",
	    0, "i", row->chain);
	if (live && monitor_alert(st, live, row) && row->state == ALERT_LIVE)
		return true;
	return err_set(err, ERR_STATE,
	    _("This warning is over (%s): issue a new one if it is needed."),
	    alert_state_label(row->state));
}

static bool
follow(struct verb_call *call, bool change(struct verb_call *, struct feed_item *, struct err *),
    const char *doing, struct err *err)
{
	struct feed_item item;
	struct alert_row row;
	bool good;

	if (!find_live(call, &row, err) || !ours_read(call_store(call), row.id, &item, err))
		return false;
	refer_to_chain(call_store(call), row.chain, item.alert);
	good = change(call, &item, err) && send(call, &item, doing, err);
	feed_item_clear(&item);
	return good;
}

bool
monitor_do_alert_update(struct verb_call *call, struct err *err)
{
	return follow(call, ours_update, _("warning updated"), err);
}

bool
monitor_do_alert_cancel(struct verb_call *call, struct err *err)
{
	return follow(call, ours_cancel, _("warning lifted"), err);
}

/* Who took it stands among what was done; who will not have it is news. */
bool
issue_hears(struct verb_call *call, const struct outbox_news *news, struct err *err)
{
	struct alert_row row;
	char text[240], when[40];
	struct inbox_message m = {.source = news->unit,
	    .kind = "alert",
	    .title = text,
	    .text = text,
	    .at = call_now(call),
	    .urgent = true};

	(void)err;
	if (!monitor_alert(call_store(call), news->ref, &row) || !row.ours)
		return true;
	if (news->taken)
		snprintf(text, sizeof(text), _("%s has it%s%s, %s %s"), news->unit,
		    *news->receiver ? " " : "", news->receiver,
		    clock_format(when, sizeof(when), news->at, CLOCK_HM), news->number);
	else
		snprintf(text, sizeof(text), _("%s will not have the warning %s: %s"), news->unit,
		    row.headline, *news->reason ? news->reason : "-");
	alert_entry(call, row.id, text);
	if (!news->taken)
		inbox_put(call, &m);
	return true;
}

bool
monitor_alerts_ours(struct store *st, int64_t since, struct feed_list *out, struct err *err)
{
	struct sql *q =
	    sql(st, "SELECT a.id FROM alert a WHERE a.ours = 1 AND a.restricted = 0 AND (a.ordered "
		    ">= ?1 OR EXISTS "
		    "(SELECT 1 FROM alert l WHERE l.chain = a.chain AND l.ours = 1 AND (l.ordered "
		    ">= ?1 OR (l.how IS "
		    "NULL AND (l.ends IS NULL OR l.ends >= ?1))))) ORDER BY a.ordered, a.id");
	struct feed_item item;
	bool good = true;

	sql_bind(q, "i", since);
	while (good && sql_row(q))
		good = ours_read(st, sql_int(q, 0), &item, err) &&
		       (feed_list_keep(out, &item) ||
			   err_set(err, ERR_INPUT, _("too many alerts for one index")));
	sql_done(q);
	return good;
}
