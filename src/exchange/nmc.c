/*
 * The Chinese lists: nmc.cn, 12379 and weather.com.cn. One alert stands in all three under the
 * national identifier (senderCode_YYYYMMDDHHMMSS), so sender is its first 14 digits in each; its
 * first six are the area where nothing better is known. nmc.cn counts colours from red (picture
 * p0005001), weather.com.cn from blue (level code 01).
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/cap.h"
#include "exchange/json.h"

#include <stdlib.h>
#include <string.h>

static struct feed_item
new_alert(const char *profile)
{
	struct feed_item item = feed_item_new(FEED_ALERT);
	struct alert *a = item.alert;

	a->profile = mem_dup(profile);
	a->status = mem_dup("Actual");
	a->scope = mem_dup("Public");
	a->infos = mem_zero(1, sizeof(*a->infos));
	a->n_infos = 1;
	a->infos[0].language = mem_dup("zh-CN");
	a->infos[0].effective = a->infos[0].onset = a->infos[0].expires = CLOCK_NONE;
	return item;
}

static bool
finish(struct feed_item *item, enum colour by_code, struct notes *notes, struct feed_out *out)
{
	struct alert *a = item->alert;

	if (!a->msg_type)
		a->msg_type = mem_dup("Alert");
	alert_from_identifier(a, notes);
	alert_info_settle(&a->infos[0], true, by_code, notes);
	a->lift = headline_lifts(a->infos[0].headline) || strcmp(a->msg_type, "Cancel") == 0;
	item->notes = notes_take(notes);
	return feed_emit(out, item);
}

/* --- nmc.cn ----------------------------------------------------------------------------------- */

/* "…/p0005002.png": type 0005, colour 002. */
static enum colour
picture(const char *pic, char code[6])
{
	const char *p = pic ? strrchr(pic, '/') : NULL;

	code[0] = '\0';
	p = p ? p + 1 : pic;
	if (!p || p[0] != 'p' || strspn(p + 1, "0123456789") < 7)
		return COLOUR_NONE;
	memcpy(code, p, 5);
	code[5] = '\0';
	return p[7] >= '1' && p[7] <= '4' ? (enum colour)(p[7] - '0') : COLOUR_NONE;
}

static bool
nmc_row(const json_t *row, struct feed_out *out)
{
	struct feed_item item;
	struct alert_info *info;
	struct notes notes = {0};
	char code[6], *pic, *url;
	const char *known;
	enum colour colour;

	if (!json_member(row, "alertid|id") || !json_member(row, "title"))
		return true;
	item = new_alert("nmc");
	info = &item.alert->infos[0];
	item.alert->identifier = json_text(row, "alertid|id", false);
	item.alert->sent = json_time(row, "issuetime|effective", out->profile->zone_minutes);
	info->effective = json_time(row, "effective", out->profile->zone_minutes);
	info->headline = json_text(row, "title", false);
	info->event = json_text(row, "signaltype", false);
	info->event_code = json_text(row, "eventType", false);
	info->severity = json_text(row, "severity|signallevel", false);
	info->description = json_text(row, "issuecontent|content|description", true);
	url = json_text(row, "url", false);
	info->web = url && *url == '/' ? mem_print("https://www.nmc.cn%s", url) : mem_dup(url);
	free(url);
	pic = json_text(row, "pic|type", false);
	colour = picture(pic, code);
	if (!info->event_code && (known = event_code_of_picture(code)))
		info->event_code = mem_dup(known);
	free(pic);
	return finish(&item, colour, &notes, out);
}

static bool
rows(const json_t *list, bool (*row)(const json_t *, struct feed_out *), struct feed_out *out)
{
	size_t i;
	json_t *value;

	json_array_foreach(list, i, value) if (!row(value, out)) return false;
	return true;
}

static bool
nmc_read(const char *text, size_t n, struct feed_out *out)
{
	json_t *doc = json_document(text, n, out->err), *list;
	bool ok = false;

	if (!doc)
		return false;
	list = json_object_get(json_object_get(json_object_get(doc, "data"), "page"), "list");
	if (json_is_array(list))
		ok = rows(list, nmc_row, out);
	else if (json_is_array(doc))
		ok = rows(doc, nmc_row, out);
	else
		ok = nmc_row(json_is_object(json_object_get(doc, "data"))
				 ? json_object_get(doc, "data")
				 : doc,
			 out) &&
		     (out->count || err_set(out->err, ERR_INPUT, _("there is no alert in it")));
	json_decref(doc);
	return ok;
}

#define LOOK 4096

static bool
says(const char *text, size_t n, const char *word)
{
	return memmem(text, n < LOOK ? n : LOOK, word, strlen(word)) != NULL;
}

static bool
nmc_detects(const char *text, size_t n, const char *root)
{
	return !*root && ((says(text, n, "\"alertid\"") && says(text, n, "\"title\"")) ||
			     (says(text, n, "\"signaltype\"") && says(text, n, "\"signallevel\"")));
}

const struct feed_reader reader_nmc = {"nmc", nmc_detects, nmc_read};

/* --- 12379 ------------------------------------------------------------------------------------ */

static bool
national_row(const json_t *row, struct feed_out *out)
{
	struct feed_item item;
	struct notes notes = {0};

	if (!json_member(row, "identifier"))
		return true;
	item = new_alert("list12379");
	item.alert->identifier = json_text(row, "identifier", false);
	item.alert->sent = json_time(row, "sendTime", out->profile->zone_minutes);
	item.alert->infos[0].headline = json_text(row, "headline", false);
	item.alert->infos[0].description = json_text(row, "description", true);
	return finish(&item, COLOUR_NONE, &notes, out);
}

static bool
list12379_read(const char *text, size_t n, struct feed_out *out)
{
	json_t *doc = json_document(text, n, out->err);
	bool ok;

	if (!doc)
		return false;
	ok = rows(json_object_get(doc, "alertData"), national_row, out);
	json_decref(doc);
	return ok;
}

static bool
list12379_detects(const char *text, size_t n, const char *root)
{
	return !*root && says(text, n, "\"alertData\"");
}

const struct feed_reader reader_list12379 = {"list12379", list12379_detects, list12379_read};

/* --- weather.com.cn --------------------------------------------------------------------------- */

/* 01 is blue, 04 red: the other way round than everywhere else. */
static enum colour
colour_of_level(const char *level)
{
	return level && level[0] == '0' && level[1] >= '1' && level[1] <= '4' && !level[2]
		   ? (enum colour)('5' - level[1])
		   : COLOUR_NONE;
}

static bool
weathercn_alert(const json_t *doc, struct feed_out *out)
{
	struct feed_item item = new_alert("weathercn");
	struct alert *a = item.alert;
	struct alert_info *info = &a->infos[0];
	struct notes notes = {0};
	char *refs, *level;
	enum colour colour;

	a->identifier = json_text(doc, "identifier|ALERTID", false);
	a->sent = json_time(doc, "ISSUETIME", out->profile->zone_minutes);
	a->msg_type = json_text(doc, "msgType", false);
	info->headline = json_text(doc, "head", false);
	info->event = json_text(doc, "SIGNALTYPE", false);
	info->severity = json_text(doc, "SIGNALLEVEL", false);
	info->description = json_text(doc, "ISSUECONTENT", true);
	info->expires = json_time(doc, "RELIEVETIME", out->profile->zone_minutes);
	info->signer = json_text(doc, "UNDERWRITER", false);
	if ((refs = json_text(doc, "references", false)))
		alert_add_refs(a, refs, strlen(refs), out->profile->zone_minutes, &notes);
	free(refs);
	level = json_text(doc, "LEVELCODE", false);
	colour = colour_of_level(level);
	free(level);
	return finish(&item, colour, &notes, out);
}

/* ["县名", "101131007-20261006212927-0902.html", …]: a link to the detail. */
static bool
weathercn_row(const json_t *row, struct feed_out *out)
{
	struct feed_item item;
	const char *name = json_string_value(json_array_get(row, 0)),
		   *file = json_string_value(json_array_get(row, 1));
	const char *stamp;

	if (!name || !file || strspn(file, "0123456789") < 6)
		return true;
	item = feed_item_new(FEED_LINK);
	item.link->title = feed_text(name, strlen(name), false);
	item.link->url = feed_text(file, strlen(file), false);
	item.link->id = feed_text(file, strcspn(file, "."), false);
	if ((stamp = strchr(file, '-')) && strspn(stamp + 1, "0123456789") == 14)
		feed_when(stamp + 1, 14, out->profile->zone_minutes, &item.link->updated);
	return feed_emit(out, &item);
}

static bool
weathercn_read(const char *text, size_t n, struct feed_out *out)
{
	json_t *doc = json_document(text, n, out->err);
	bool ok;

	if (!doc)
		return false;
	if (json_member(doc, "head") || json_member(doc, "ISSUECONTENT"))
		ok = weathercn_alert(doc, out);
	else
		ok = rows(json_object_get(doc, "data"), weathercn_row, out);
	json_decref(doc);
	return ok;
}

static bool
weathercn_detects(const char *text, size_t n, const char *root)
{
	return !*root && (says(text, n, "var alarminfo") || says(text, n, "\"ISSUECONTENT\""));
}

const struct feed_reader reader_weathercn = {"weathercn", weathercn_detects, weathercn_read};
