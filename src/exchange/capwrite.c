#include "exchange/capwrite.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/tsv.h"
#include "base/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAP_NAMESPACE "urn:oasis:names:tc:emergency:cap:1.2"
/* What the national system calls its codes, 12 digits; townships have none in GB/T 2260. */
#define AREA_SCHEME "CPEAS Geographic Code"
/* The family the five-character codes are of; GB/T 35561 has others. */
#define EVENT_SCHEME "国家应急平台体系信息资源分类与编码规范"
#define EDXL_NAMESPACE "urn:oasis:names:tc:emergency:EDXL:DE:1.0"

/* --- words ----------------------------------------------------------------------------------- */

static const char statuses[] = "|Actual|Exercise|System|Test|Draft|";
static const char types[] = "|Alert|Update|Cancel|Ack|Error|";
static const char scopes[] = "|Public|Restricted|Private|";
static const char urgencies[] = "|Immediate|Expected|Future|Past|Unknown|";
static const char severities[] = "|Extreme|Severe|Moderate|Minor|Unknown|";
static const char certainties[] = "|Observed|Likely|Possible|Unlikely|Unknown|";
static const char responses[] =
    "|Shelter|Evacuate|Prepare|Execute|Avoid|Monitor|Assess|AllClear|None|";

static bool
listed(const char *list, const char *word)
{
	char *quoted = mem_print("|%s|", word);
	bool is = strstr(list, quoted) != NULL && !strchr(word, '|');

	free(quoted);
	return is;
}

static const char *
severity_of(const struct alert_info *info)
{
	if (info->severity && listed(severities, info->severity))
		return info->severity;
	switch (info->colour) {
	case COLOUR_RED:
		return "Extreme";
	case COLOUR_ORANGE:
		return "Severe";
	case COLOUR_YELLOW:
		return "Moderate";
	case COLOUR_BLUE:
		return "Minor";
	case COLOUR_WHITE:
	case COLOUR_NONE:
		break;
	}
	return "Unknown";
}

/* The longest beginning of the code that the table knows. Read each time: a few alerts a day. */
static void
category_of(const char *code, char out[16])
{
	char *path = paths_data_file("exchange/categories.tsv");
	struct err err = ERR_NONE;
	struct tsv *t = tsv_open(path, &err);
	int prefix = t ? tsv_column(t, "code", true, &err) : -1,
	    name = t ? tsv_column(t, "category", true, &err) : -1;
	size_t best = 0;

	snprintf(out, 16, "Other");
	while (code && t && prefix >= 0 && name >= 0 && tsv_next(t)) {
		size_t n = strlen(tsv_get(t, prefix));

		if (n > best && strncmp(code, tsv_get(t, prefix), n) == 0) {
			best = n;
			snprintf(out, 16, "%.15s", tsv_get(t, name));
		}
	}
	if (t && !tsv_close(t, &err))
		snprintf(out, 16, "Other");
	err_clear(&err);
	free(path);
}

/* --- writing --------------------------------------------------------------------------------- */

void
xml_add(struct buf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '&')
			buf_add(out, "&amp;");
		else if (c == '<')
			buf_add(out, "&lt;");
		else if (c == '>')
			buf_add(out, "&gt;");
		else if (c == '"')
			buf_add(out, "&quot;");
		else if (c >= ' ' || c == '\n' || c == '\t')
			buf_add_char(out, (char)c);
	}
}

static void
put(struct buf *out, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	buf_printf(out, "<%s>", name);
	xml_add(out, text);
	buf_printf(out, "</%s>\n", name);
}

static void
put_time(struct buf *out, const char *name, int64_t at)
{
	char text[40];

	if (at != CLOCK_NONE)
		put(out, name, clock_format(text, sizeof(text), at, CLOCK_ISO));
}

static void
put_pair(struct buf *out, const char *name, const char *value_name, size_t n, const char *value)
{
	char *scheme = mem_dupn(value_name, n);

	buf_printf(out, "<%s>", name);
	buf_add(out, "<valueName>");
	xml_add(out, scheme);
	buf_add(out, "</valueName><value>");
	xml_add(out, value);
	buf_printf(out, "</value></%s>\n", name);
	free(scheme);
}

/* As the profile writes it: with a capital. */
static void
put_colour(struct buf *out, enum colour colour)
{
	char word[16];

	utf8_copy(word, sizeof(word), colour_word(colour));
	word[0] = (char)(word[0] - 'a' + 'A');
	put_pair(out, "parameter", "ColorCode", 9, word);
}

static void
put_references(struct buf *out, const struct alert *a)
{
	char when[40];
	bool any = false;

	for (size_t i = 0; i < a->n_refs; i++) {
		const struct alert_ref *r = &a->refs[i];

		buf_add(out, any ? " " : "<references>");
		any = true;
		if (r->sender && r->sent != CLOCK_NONE) {
			xml_add(out, r->sender);
			buf_add_char(out, ',');
			xml_add(out, r->identifier);
			buf_printf(
			    out, ",%s", clock_format(when, sizeof(when), r->sent, CLOCK_ISO));
		} else
			xml_add(out, r->identifier);
	}
	if (any)
		buf_add(out, "</references>\n");
}

static void
put_shape(struct buf *out, const struct alert_area *a)
{
	if (a->n_ring) {
		buf_add(out, "<polygon>");
		for (size_t i = 0; i < a->n_ring; i++)
			buf_printf(
			    out, "%s%.15g,%.15g", i ? " " : "", a->ring[2 * i + 1], a->ring[2 * i]);
		buf_add(out, "</polygon>\n");
	}
	if (a->radius_m >= 0)
		buf_printf(out, "<circle>%.15g,%.15g %.15g</circle>\n", a->lat, a->lon,
		    a->radius_m / 1000);
}

static void
put_code(struct buf *out, const char *code)
{
	const char *is = strchr(code, '=');

	if (is)
		put_pair(out, "geocode", code, (size_t)(is - code), is + 1);
	else
		put_pair(out, "geocode", AREA_SCHEME, strlen(AREA_SCHEME), code);
}

/* One <area>: the first of a group, its description and codes, and the shapes of those behind it
 * that have none of their own. */
static size_t
put_area(struct buf *out, const struct alert_info *info, size_t first)
{
	const struct alert_area *a = &info->areas[first];
	size_t end = first + 1;

	while (
	    end < info->n_areas && !info->areas[end].description && info->areas[end].n_codes == 0)
		end++;
	buf_add(out, "<area>\n");
	put(out, "areaDesc", a->description ? a->description : "-");
	/* The schema wants all polygons before all circles. */
	for (int circles = 0; circles < 2; circles++)
		for (size_t i = first; i < end; i++) {
			struct alert_area shape = info->areas[i];

			if (circles)
				shape.n_ring = 0;
			else
				shape.radius_m = -1;
			put_shape(out, &shape);
		}
	for (size_t i = 0; i < a->n_codes; i++)
		put_code(out, a->codes[i]);
	buf_add(out, "</area>\n");
	return end;
}

/* "what address" a line. */
static void
put_resources(struct buf *out, const char *lines)
{
	while (lines && *lines) {
		size_t n = strcspn(lines, "\n");
		char *line = mem_dupn(lines, n), *blank = strrchr(line, ' ');

		if (blank && blank > line) {
			*blank = '\0';
			buf_add(out, "<resource>\n");
			put(out, "resourceDesc", line);
			put(out, "mimeType", "application/octet-stream");
			if (strcmp(blank + 1, "-") != 0)
				put(out, "uri", blank + 1);
			buf_add(out, "</resource>\n");
		}
		free(line);
		lines += n + (lines[n] == '\n');
	}
}

static const char *
or_unknown(const char *list, const char *word)
{
	return word && listed(list, word) ? word : "Unknown";
}

static bool
is_language(const char *tag)
{
	size_t n = 0;

	for (; *tag; tag++) {
		if (*tag == '-' && n > 0)
			n = 0;
		else if (isalnum((unsigned char)*tag) && ++n <= 8)
			continue;
		else
			return false;
	}
	return n > 0;
}

static void
put_info(struct buf *out, const struct alert_info *info)
{
	char category[16];

	category_of(info->event_code, category);
	buf_add(out, "<info>\n");
	if (info->language && is_language(info->language))
		put(out, "language", info->language);
	put(out, "category", category);
	put(out, "event", info->event && *info->event ? info->event : info->headline);
	if (info->response && listed(responses, info->response))
		put(out, "responseType", info->response);
	put(out, "urgency", or_unknown(urgencies, info->urgency));
	put(out, "severity", severity_of(info));
	put(out, "certainty", or_unknown(certainties, info->certainty));
	if (info->event_code && *info->event_code)
		put_pair(out, "eventCode", EVENT_SCHEME, strlen(EVENT_SCHEME), info->event_code);
	put_time(out, "effective", info->effective);
	put_time(out, "onset", info->onset);
	put_time(out, "expires", info->expires);
	put(out, "senderName", info->sender_name);
	put(out, "headline", info->headline);
	put(out, "description", info->description);
	put(out, "instruction", info->instruction);
	put(out, "web", info->web);
	put(out, "contact", info->contact);
	if (info->colour != COLOUR_NONE)
		put_colour(out, info->colour);
	put_resources(out, info->resources);
	for (size_t i = 0; i < info->n_areas;)
		i = put_area(out, info, i);
	buf_add(out, "</info>\n");
}

/* --- what CAP demands ------------------------------------------------------------------------ */

/* Identifier and sender: no blank, comma, < or & (CAP 1.2, 3.2.1). */
static bool
check_word(const char *name, const char *word, struct err *err)
{
	if (!word || !*word)
		return err_set(err, ERR_INPUT, _("the alert has no %s"), name);
	if (strpbrk(word, " ,<&\t\n"))
		return err_set(
		    err, ERR_INPUT, _("signs in %s that CAP forbids: %.80s"), name, word);
	return true;
}

static bool
check_listed(const char *name, const char *list, const char *word, struct err *err)
{
	if (!word || !*word)
		return err_set(err, ERR_INPUT, _("the alert has no %s"), name);
	if (!listed(list, word))
		return err_set(err, ERR_INPUT, _("%s is none of CAP's: %.40s"), name, word);
	return true;
}

static bool
check_info(const struct alert_info *info, struct err *err)
{
	if ((!info->event || !*info->event) && (!info->headline || !*info->headline))
		return err_set(err, ERR_INPUT, _("the alert has no %s"), "event");
	for (size_t i = 0; i < info->n_areas; i++) {
		const struct alert_area *a = &info->areas[i];

		for (size_t k = 0; k < 2 * a->n_ring; k++)
			if (!isfinite(a->ring[k]))
				return err_set(
				    err, ERR_INPUT, _("a corner of the area is no number"));
	}
	return true;
}

static bool
check(const struct alert *a, struct err *err)
{
	bool refers = a->msg_type &&
		      (strcmp(a->msg_type, "Update") == 0 || strcmp(a->msg_type, "Cancel") == 0);

	if (!check_word("identifier", a->identifier, err) || !check_word("sender", a->sender, err))
		return false;
	if (a->sent == CLOCK_NONE)
		return err_set(err, ERR_INPUT, _("the alert has no %s"), "sent");
	if (!check_listed("status", statuses, a->status, err) ||
	    !check_listed("msgType", types, a->msg_type, err) ||
	    !check_listed("scope", scopes, a->scope, err))
		return false;
	if (refers && a->n_refs == 0)
		return err_set(err, ERR_INPUT, _("an update or a cancel must say of what"));
	for (size_t i = 0; i < a->n_refs; i++)
		if (!check_word("references", a->refs[i].identifier, err) ||
		    (a->refs[i].sender && !check_word("references", a->refs[i].sender, err)))
			return false;
	for (size_t i = 0; i < a->n_infos; i++)
		if (!check_info(&a->infos[i], err))
			return false;
	return true;
}

static void
put_alert(struct buf *out, const struct alert *a)
{
	buf_add(out, "<alert xmlns=\"" CAP_NAMESPACE "\">\n");
	put(out, "identifier", a->identifier);
	put(out, "sender", a->sender);
	put_time(out, "sent", a->sent);
	put(out, "status", a->status);
	put(out, "msgType", a->msg_type);
	put(out, "source", a->source);
	put(out, "scope", a->scope);
	put(out, "note", a->note);
	put_references(out, a);
	for (size_t i = 0; i < a->n_infos; i++)
		put_info(out, &a->infos[i]);
	buf_add(out, "</alert>\n");
}

static bool
fits(const struct buf *out, struct err *err)
{
	return !out->full || err_set(err, ERR_INPUT, _("the alert is too long"));
}

bool
cap_write(struct buf *out, const struct alert *alert, struct err *err)
{
	if (!check(alert, err))
		return false;
	buf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	put_alert(out, alert);
	return fits(out, err);
}

/* --- envelope -------------------------------------------------------------------------------- */

/* EDXL-DE 1.0, 3.2.1: actor@domain-name. */
static void
put_actor(struct buf *out, const char *sender)
{
	if (!strchr(sender, '@'))
		buf_add(out, "duty@");
	xml_add(out, sender);
}

/* An envelope around one alert bears the alert's own number and time, so what the alert refers to
 * is what the envelope does. */
static void
put_envelope_references(struct buf *out, const struct alert *a)
{
	char when[40];

	for (size_t i = 0; i < a->n_refs; i++) {
		const struct alert_ref *r = &a->refs[i];

		if (!r->sender || r->sent == CLOCK_NONE)
			continue;
		buf_add(out, "<distributionReference>");
		xml_add(out, r->identifier);
		buf_add_char(out, ',');
		put_actor(out, r->sender);
		buf_printf(out, ",%s</distributionReference>\n",
		    clock_format(when, sizeof(when), r->sent, CLOCK_ISO));
	}
}

bool
edxl_write(struct buf *out, const char *id, const char *sender, int64_t at,
    const struct alert *const *alerts, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!check(alerts[i], err))
			return false;
	buf_add(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<EDXLDistribution xmlns=\"" EDXL_NAMESPACE
	    "\">\n");
	put(out, "distributionID", id);
	buf_add(out, "<senderID>");
	put_actor(out, sender);
	buf_add(out, "</senderID>\n");
	put_time(out, "dateTimeSent", at);
	/* The envelope knows no Draft. */
	put(out, "distributionStatus",
	    n && strcmp(alerts[0]->status, "Draft") != 0 ? alerts[0]->status : "Test");
	put(out, "distributionType",
	    n && strcmp(alerts[0]->msg_type, "Update") == 0   ? "Update"
	    : n && strcmp(alerts[0]->msg_type, "Cancel") == 0 ? "Cancel"
							      : "Report");
	put(out, "combinedConfidentiality", "UNCLASSIFIED AND NOT SENSITIVE");
	if (n)
		put_envelope_references(out, alerts[0]);
	for (size_t i = 0; i < n; i++) {
		buf_add(out, "<contentObject>\n<contentDescription>CAP 1.2</contentDescription>\n"
			     "<xmlContent>\n<embeddedXMLContent>\n");
		put_alert(out, alerts[i]);
		buf_add(out, "</embeddedXMLContent>\n</xmlContent>\n</contentObject>\n");
	}
	buf_add(out, "</EDXLDistribution>\n");
	return fits(out, err);
}
