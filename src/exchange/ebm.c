/*
 * 应急广播: an EBD holds one EBM (a broadcast, MsgType 1 play or 2 stop), the answer to an earlier
 * EBD, or only says that its sender lives. Times carry no zone. And the national system's
 * acknowledgement, /msg/data/rows with status 0 for taken.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/cap.h"

#include <stdlib.h>
#include <string.h>

/* The texts of an EBD by the innermost element that names them; `in` tells which of two homonyms is
 * meant. */
enum {
	EBD_ID,
	EBD_TYPE,
	EBD_TIME,
	EBD_SRC,
	EBD_RELATED,
	EBM_ID,
	EBM_RELATED,
	MSG_TYPE,
	SENDER_NAME,
	SENDER_CODE,
	SEND_TIME,
	EVENT_TYPE,
	SEVERITY,
	START_TIME,
	END_TIME,
	LANGUAGE,
	TITLE,
	DESCRIPTION,
	AREA_CODE,
	RESULT_CODE,
	RESULT_TEXT,
	N_TEXTS
};
static const struct {
	const char *name, *in;
} texts[N_TEXTS] = {
    [EBD_ID] = {"EBDID", "EBD"},
    [EBD_TYPE] = {"EBDType", NULL},
    [EBD_TIME] = {"EBDTime", NULL},
    [EBD_SRC] = {"EBRID", "SRC"},
    [EBD_RELATED] = {"EBDID", "RelatedEBD"},
    [EBM_ID] = {"EBMID", "EBM"},
    [EBM_RELATED] = {"EBMID", "RelatedInfo"},
    [MSG_TYPE] = {"MsgType", NULL},
    [SENDER_NAME] = {"SenderName", NULL},
    [SENDER_CODE] = {"SenderCode", NULL},
    [SEND_TIME] = {"SendTime", NULL},
    [EVENT_TYPE] = {"EventType", NULL},
    [SEVERITY] = {"Severity", NULL},
    [START_TIME] = {"StartTime", NULL},
    [END_TIME] = {"EndTime", NULL},
    [LANGUAGE] = {"LanguageCode", NULL},
    [TITLE] = {"MsgTitle", NULL},
    [DESCRIPTION] = {"MsgDesc", NULL},
    [AREA_CODE] = {"AreaCode", NULL},
    [RESULT_CODE] = {"ResultCode", NULL},
    [RESULT_TEXT] = {"ResultDesc", NULL},
};

#define NEST 16

struct reading {
	const char *path[NEST]; /* names of the elements that are open: those of `texts`, else "" */
	int depth;
	char *text[N_TEXTS];
	bool has_ebm, has_content;
};

static const char *const containers[] = {"EBD", "SRC", "RelatedEBD", "EBM", "RelatedInfo"};

static enum xml_want
on_open(void *context, struct xml *x, const char *name, const char *space)
{
	struct reading *r = context;
	const char *kept = "";

	(void)x;
	(void)space;
	for (int i = 0; i < N_TEXTS; i++)
		if (strcmp(texts[i].name, name) == 0)
			return XML_LEAF;
	if (strcmp(name, "Signature") == 0 || strcmp(name, "Auxiliary") == 0)
		return XML_SKIP;
	for (size_t i = 0; i < COUNT_OF(containers); i++)
		if (strcmp(containers[i], name) == 0)
			kept = containers[i];
	r->has_ebm |= strcmp(kept, "EBM") == 0;
	r->has_content |= strcmp(name, "MsgContent") == 0;
	if (r->depth < NEST)
		r->path[r->depth] = kept;
	r->depth++;
	return XML_ENTER;
}

static bool
is_leaf(const char *name)
{
	for (int i = 0; i < N_TEXTS; i++)
		if (strcmp(texts[i].name, name) == 0)
			return true;
	return false;
}

static void
on_close(void *context, struct xml *x, const char *name, const char *text, size_t n)
{
	struct reading *r = context;
	const char *in = r->depth > 0 && r->depth <= NEST ? r->path[r->depth - 1] : "";

	(void)x;
	if (!is_leaf(name)) {
		r->depth--;
		return;
	}
	for (int i = 0; i < N_TEXTS; i++)
		if (strcmp(texts[i].name, name) == 0 &&
		    (!texts[i].in || strcmp(texts[i].in, in) == 0))
			feed_keep(&r->text[i], text, n, i == DESCRIPTION);
}

static const struct xml_handler handler = {on_open, on_close};

static int64_t
when(const char *s, const struct feed_out *out, struct notes *notes)
{
	int64_t at = CLOCK_NONE;

	if (s && feed_when(s, strlen(s), out->profile->zone_minutes, &at) == WHEN_BAD)
		notes_add(notes, _("%s is not a time: %.60s"), "-", s);
	return at;
}

static char *
take(struct reading *r, int i)
{
	char *s = r->text[i];

	r->text[i] = NULL;
	return s;
}

/* Severity counts from 1, red. 0 and 15 are used for "not graded". */
static enum colour
colour_of_digit(const char *s)
{
	return s && s[0] >= '1' && s[0] <= '4' && !s[1] ? (enum colour)(s[0] - '0') : COLOUR_NONE;
}

static void
fill_info(struct reading *r, struct feed_out *out, struct alert_info *info, struct notes *notes)
{
	info->language =
	    mem_dup(r->text[LANGUAGE] && strcmp(r->text[LANGUAGE], "zho") != 0 ? r->text[LANGUAGE]
									       : "zh-CN");
	info->event_code = take(r, EVENT_TYPE);
	info->headline = take(r, TITLE);
	info->description = take(r, DESCRIPTION);
	info->sender_name = take(r, SENDER_NAME);
	info->effective = when(r->text[START_TIME], out, notes);
	info->onset = CLOCK_NONE;
	info->expires = when(r->text[END_TIME], out, notes);
	if (r->text[AREA_CODE]) {
		info->areas = mem_zero(1, sizeof(*info->areas));
		info->n_areas = 1;
		info->areas[0].radius_m = -1;
		if (!area_add_codes(
			&info->areas[0], r->text[AREA_CODE], strlen(r->text[AREA_CODE])))
			notes_add(notes, _("too many area codes in one alert"));
	}
	alert_info_settle(info, true, colour_of_digit(r->text[SEVERITY]), notes);
}

static bool
emit_broadcast(struct reading *r, struct feed_out *out)
{
	struct feed_item item = feed_item_new(FEED_ALERT);
	struct alert *a = item.alert;
	struct notes notes = {0};
	bool stop = r->text[MSG_TYPE] && strcmp(r->text[MSG_TYPE], "2") == 0;

	a->profile = mem_dup("ebm");
	a->identifier = take(r, EBM_ID);
	a->sender = take(r, SENDER_CODE);
	a->sent = when(r->text[SEND_TIME] ? r->text[SEND_TIME] : r->text[EBD_TIME], out, &notes);
	a->status = mem_dup("Actual");
	a->msg_type = mem_dup(stop ? "Cancel" : "Alert");
	a->scope = mem_dup("Public");
	if (r->text[EBM_RELATED])
		alert_add_refs(a, r->text[EBM_RELATED], strlen(r->text[EBM_RELATED]),
		    out->profile->zone_minutes, &notes);
	a->infos = mem_zero(1, sizeof(*a->infos));
	a->n_infos = 1;
	fill_info(r, out, &a->infos[0], &notes);
	a->lift = stop || headline_lifts(a->infos[0].headline);
	if (!a->identifier)
		notes_add(&notes, _("it has no %s"), "EBMID");
	item.notes = notes_take(&notes);
	return feed_emit(out, &item);
}

static bool
emit_receipt(struct reading *r, struct feed_out *out)
{
	struct feed_item item = feed_item_new(FEED_RECEIPT);
	struct notes notes = {0};

	item.receipt->key = take(r, EBD_RELATED);
	item.receipt->receiver = take(r, EBD_SRC);
	item.receipt->text = take(r, RESULT_TEXT);
	item.receipt->at = when(r->text[EBD_TIME], out, &notes);
	item.receipt->accepted = strcmp(r->text[RESULT_CODE], "1") == 0;
	item.notes = notes_take(&notes);
	return feed_emit(out, &item);
}

static bool
emit_heartbeat(struct reading *r, struct feed_out *out)
{
	struct feed_item item = feed_item_new(FEED_HEARTBEAT);
	struct notes notes = {0};

	item.link->id = take(r, EBD_SRC);
	item.link->title = take(r, EBD_ID);
	item.link->updated = when(r->text[EBD_TIME], out, &notes);
	item.notes = notes_take(&notes);
	return feed_emit(out, &item);
}

static bool
ebd_emit(struct reading *r, struct feed_out *out)
{
	const char *type = r->text[EBD_TYPE];

	if (r->has_ebm && (r->has_content || r->text[MSG_TYPE]))
		return emit_broadcast(r, out);
	if (r->text[RESULT_CODE])
		return emit_receipt(r, out);
	if (type && strcmp(type, "ConnectionCheck") == 0)
		return emit_heartbeat(r, out);
	return err_set(
	    out->err, ERR_REFUSED, _("an EBD of the kind %s is not read here"), type ? type : "-");
}

static bool
ebd_read(const char *text, size_t n, struct feed_out *out)
{
	struct reading r = {0};
	bool ok = xml_read(text, n, &handler, &r, out->err) && ebd_emit(&r, out);

	for (int i = 0; i < N_TEXTS; i++)
		free(r.text[i]);
	return ok;
}

static bool
ebd_detects(const char *text, size_t n, const char *root)
{
	(void)text;
	(void)n;
	return strcmp(root, "EBD") == 0;
}

const struct feed_reader reader_ebd = {"ebd", ebd_detects, ebd_read};

/* --- /msg/data/rows --------------------------------------------------------------------------- */

struct answer {
	struct feed_out *out;
	char *status, *error, *note, *key;
};

static enum xml_want
answer_open(void *context, struct xml *x, const char *name, const char *space)
{
	(void)context;
	(void)x;
	(void)space;
	return strcmp(name, "msg") == 0 || strcmp(name, "data") == 0 || strcmp(name, "rows") == 0 ||
		       strcmp(name, "row") == 0
		   ? XML_ENTER
		   : XML_LEAF;
}

static void
answer_row(struct answer *a, struct xml *x)
{
	struct feed_item item = feed_item_new(FEED_RECEIPT);

	item.receipt->key = a->key;
	item.receipt->accepted = a->status && strcmp(a->status, "0") == 0;
	item.receipt->text = a->error && *a->error && a->note
				 ? mem_print("%s %s", a->error, a->note)
				 : mem_dup(a->note ? a->note : a->error);
	item.receipt->receiver = mem_dup("12379");
	free(a->status);
	free(a->error);
	free(a->note);
	a->status = a->error = a->note = a->key = NULL;
	if (!feed_emit(a->out, &item))
		xml_stop(x);
}

static void
answer_close(void *context, struct xml *x, const char *name, const char *text, size_t n)
{
	struct answer *a = context;

	if (strcmp(name, "status") == 0)
		feed_keep(&a->status, text, n, false);
	else if (strcmp(name, "error_code") == 0)
		feed_keep(&a->error, text, n, false);
	else if (strcmp(name, "note") == 0)
		feed_keep(&a->note, text, n, false);
	else if (strcmp(name, "identifier") == 0)
		feed_keep(&a->key, text, n, false);
	else if ((strcmp(name, "rows") == 0 || strcmp(name, "row") == 0) && a->status)
		answer_row(a, x);
}

static bool
receipt_read(const char *text, size_t n, struct feed_out *out)
{
	static const struct xml_handler answer_handler = {answer_open, answer_close};
	struct answer a = {.out = out};
	bool ok = xml_read(text, n, &answer_handler, &a, out->err);

	free(a.status);
	free(a.error);
	free(a.note);
	free(a.key);
	if (ok && out->count == 0)
		return err_set(out->err, ERR_INPUT, _("there is no answer in it"));
	return ok;
}

static bool
receipt_detects(const char *text, size_t n, const char *root)
{
	return strcmp(root, "msg") == 0 && memmem(text, n, "<status>", 8);
}

const struct feed_reader reader_receipt = {"receipt", receipt_detects, receipt_read};
