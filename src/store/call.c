/* What a verb's function asks and says while it runs. */
#include "store/inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct store *
call_store(struct verb_call *call)
{
	return call->st;
}

const struct actor *
call_actor(struct verb_call *call)
{
	return &call->actor;
}

int64_t
call_now(struct verb_call *call)
{
	return call->now;
}

int64_t
call_journal(struct verb_call *call)
{
	return call->journal;
}

json_t *
call_args(struct verb_call *call)
{
	return call->args;
}

bool
call_has(struct verb_call *call, const char *param)
{
	return json_object_get(call->args, param) != NULL;
}

const char *
call_text(struct verb_call *call, const char *param)
{
	const char *text = json_string_value(json_object_get(call->args, param));

	return text ? text : "";
}

int64_t
call_int(struct verb_call *call, const char *param)
{
	return json_integer_value(json_object_get(call->args, param));
}

double
call_real(struct verb_call *call, const char *param)
{
	return json_number_value(json_object_get(call->args, param));
}

int64_t
call_time(struct verb_call *call, const char *param)
{
	return call_has(call, param) ? call_int(call, param) : CLOCK_NONE;
}

bool
call_flag(struct verb_call *call, const char *param)
{
	return json_is_true(json_object_get(call->args, param));
}

void
call_subject(struct verb_call *call, const char *kind, int64_t id)
{
	snprintf(call->subject_kind, sizeof(call->subject_kind), "%s", kind);
	call->subject = id;
}

void
call_incident(struct verb_call *call, int64_t incident)
{
	call->incident = incident;
}

bool
call_touch_area(struct verb_call *call, int64_t area, struct err *err)
{
	call->touched = true;
	if (!call->area)
		call->area = area;
	if (!actor_is_confined(&call->actor) || area == call->actor.area)
		return true;
	call->denied = true;
	return err_set(
	    err, ERR_REFUSED, _("This belongs to another area. You may only act for your own."));
}

bool
call_deny(struct verb_call *call, struct err *err, const char *why)
{
	call->denied = true;
	return err_set(err, ERR_REFUSED, "%s", why);
}

void
call_corrects(struct verb_call *call, int64_t journal)
{
	struct sql *q =
	    sql(call->st, "INSERT INTO journal_mark (id, by, kind) VALUES (?1, ?2, 'corrected')");

	call->corrects = journal;
	sql_bind(q, "ii", journal, call->journal);
	if (!sql_run(q))
		return; /* sticky: the verb fails */
}

void
call_say(struct verb_call *call, const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = utf8_mend(mem_vprint(format, ap));
	va_end(ap);
	if (call->say.size)
		buf_add(&call->say, _("; "));
	buf_add(&call->say, text);
	free(text);
}

void
call_outbox(struct verb_call *call, const char *channel, const char *to, const char *kind,
    int64_t ref, const char *key, const char *payload)
{
	struct sql *q = sql(call->st,
	    "INSERT INTO outbox (id, at, channel, dest, kind, ref, key, payload, next_at, journal)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?2, ?9)");
	int64_t id = store_new_id(call->st);

	sql_bind(
	    q, "iitttztti", id, call->now, channel, to, kind, ref, key, payload, call->journal);
	if (!sql_run(q))
		return; /* sticky: the verb fails */
}

/* --- what became of it --- */

#define LISTENERS_MAX 8

struct listeners {
	size_t n;
	struct {
		const char *kind;
		outbox_hear hear;
	} of[LISTENERS_MAX];
};
static const char listeners_key;

void
outbox_listen(struct store *st, const char *kind, outbox_hear hear)
{
	struct listeners *l = store_kept(st, &listeners_key);

	if (!l) {
		l = mem_zero(1, sizeof(*l));
		store_keep(st, &listeners_key, l, free);
	}
	assert(l->n < LISTENERS_MAX);
	l->of[l->n].kind = kind;
	l->of[l->n++].hear = hear;
}

bool
call_outbox_news(
    struct verb_call *call, const char *kind, const struct outbox_news *news, struct err *err)
{
	const struct listeners *l = store_kept(call->st, &listeners_key);

	for (size_t i = 0; l && i < l->n; i++)
		if (strcmp(l->of[i].kind, kind) == 0)
			return l->of[i].hear(call, news, err);
	return true;
}
