#include "tests/monitor/scene.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char *
iso(const char *local, bool cap, char out[40])
{
	size_t i = 0;

	for (; local[i] && i < 30; i++)
		out[i] = cap && local[i] == ' ' ? 'T' : local[i];
	snprintf(out + i, 40 - i, "%s+08:00", i <= 16 ? ":00" : "");
	return out;
}

static void
element(struct buf *b, const char *name, const char *value)
{
	if (value)
		buf_printf(b, "<%s>%s</%s>", name, value, name);
}

static void
time_element(struct buf *b, const char *name, const char *local, bool cap)
{
	char when[40];

	if (local)
		element(b, name, iso(local, cap, when));
}

char *
write_message(const struct message *m)
{
	struct buf b = BUF_MAX(1u << 20);

	buf_add(&b, m->cap ? "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">" : "<alert>");
	element(&b, "identifier", m->id);
	element(
	    &b, "sender", m->cap ? (m->sender ? m->sender : "test@example.org") : "高邮市气象台");
	if (!m->cap)
		element(&b, "senderCode", m->sender ? m->sender : "32108441600000");
	time_element(&b, m->cap ? "sent" : "sendTime", m->sent, m->cap);
	element(&b, "status", m->status ? m->status : "Actual");
	element(&b, "msgType", m->type ? m->type : "Alert");
	element(&b, "scope", "Public");
	element(&b, "references", m->refs);
	buf_add(&b, "<info>");
	element(&b, "language", m->language ? m->language : "zh-CN");
	element(&b, "category", "Met");
	element(&b, m->cap ? "event" : "eventType", m->code ? m->code : "11B03");
	element(&b, "urgency", "Immediate");
	element(&b, "severity", m->severity);
	element(&b, "certainty", "Likely");
	time_element(&b, "expires", m->expires, m->cap);
	element(&b, "headline", m->headline);
	element(
	    &b, "description", m->text ? m->text : "预计未来3小时部分镇街降雨量将达50毫米以上。");
	buf_add(&b, "<area>");
	element(&b, "areaDesc", m->area ? m->area : "区域");
	element(&b, "polygon", m->polygon);
	element(&b, "circle", m->circle);
	if (m->geocode && m->cap)
		buf_printf(&b,
		    "<geocode><valueName>CPEAS Geographic "
		    "Code</valueName><value>%s</value></geocode>",
		    m->geocode);
	else
		element(&b, "geocode", m->geocode);
	buf_add(&b, "</area></info></alert>");
	return buf_take(&b);
}

struct list {
	struct feed_item *items;
	size_t n, room;
};

static bool
keep(void *context, struct feed_item *item)
{
	struct list *l = context;

	mem_grow(&l->items, &l->room, l->n);
	l->items[l->n++] = *item;
	return true;
}

void
take_bytes(
    struct county *c, const char *feed, const char *bytes, size_t n, struct intake_count *count)
{
	struct list l = {NULL, 0, 0};
	struct actor system;
	struct err err = ERR_NONE;
	char *why = NULL;

	actor_system(&system, "test");
	if (!feed_read(bytes, n, NULL, keep, &l, NULL, &err))
		fail_msg("%s", err.message);
	if (!monitor_take(c->st, &system, feed, bytes, n, l.items, l.n, count, &why, &err))
		fail_msg("%s", err.message);
	if (why)
		print_message("refused: %s\n", why);
	free(why);
	for (size_t i = 0; i < l.n; i++)
		feed_item_clear(&l.items[i]);
	free(l.items);
}

struct intake_count
take(struct county *c, const struct message *m)
{
	struct intake_count count = {0};
	char *text = write_message(m);

	take_bytes(c, m->cap ? "cap" : "12379", text, strlen(text), &count);
	free(text);
	return count;
}

size_t
rows_of(struct county *c, const char *identifier, struct alert_row *out, size_t max)
{
	struct sql *q = sql(c->st, "SELECT id FROM alert WHERE identifier = ?1 ORDER BY id");
	int64_t ids[50];
	size_t n = 0;

	sql_bind(q, "t", identifier);
	while (n < max && n < 50 && sql_row(q))
		ids[n++] = sql_int(q, 0);
	sql_done(q);
	for (size_t i = 0; i < n; i++)
		assert_true(monitor_alert(c->st, ids[i], &out[i]));
	return n;
}

const char *
state_of(struct county *c, const char *identifier)
{
	struct alert_row rows[2];
	size_t n = rows_of(c, identifier, rows, 2);

	if (n != 1)
		fail_msg("%s: %zu rows", identifier, n);
	return alert_state_name(rows[0].state);
}

size_t
waiting(struct county *c, const char *kind)
{
	struct inbox_row rows[100];
	size_t n = incident_inbox(c->st, true, rows, 100), kept = 0;

	for (size_t i = 0; i < n; i++)
		kept += !kind || strcmp(rows[i].kind, kind) == 0;
	inbox_rows_clear(rows, n);
	return kept;
}

char *
text_of(struct county *c, const char *identifier)
{
	struct alert_row row;
	struct buf b = BUF_MAX(1u << 20);
	struct err err = ERR_NONE;

	assert_int_equal(rows_of(c, identifier, &row, 1), 1);
	assert_true(monitor_alert_text(c->st, row.id, false, &b, &err));
	return buf_take(&b);
}
