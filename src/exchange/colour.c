/*
 * Warning colours and event names. Severity words mean a colour only where the source is Chinese:
 * "Severe" of a foreign service is not our orange. NMC's picture digit counts from red (1),
 * weather.com.cn's level code from blue (01): neither reader compares digits, each maps its own.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/tsv.h"
#include "exchange/inside.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* By enum colour. */
static const char *const colour_names[][2] = {{"", ""}, {N_("red"), "红色"}, {N_("orange"), "橙色"},
    {N_("yellow"), "黄色"}, {N_("blue"), "蓝色"}, {N_("white"), "白色"}};

const char *
colour_word(enum colour colour)
{
	return colour_names[colour][0];
}

const char *
colour_chinese(enum colour colour)
{
	return colour_names[colour][1];
}

const char *
colour_label(enum colour colour)
{
	return colour == COLOUR_NONE ? "-" : _(colour_names[colour][0]);
}

enum colour
colour_of_severity(const char *severity)
{
	static const struct {
		const char *word;
		enum colour colour;
	} words[] = {
	    {"extreme", COLOUR_RED},
	    {"severe", COLOUR_ORANGE},
	    {"moderate", COLOUR_YELLOW},
	    {"minor", COLOUR_BLUE},
	    {"红", COLOUR_RED},
	    {"橙", COLOUR_ORANGE},
	    {"黄", COLOUR_YELLOW},
	    {"蓝", COLOUR_BLUE},
	};

	if (!severity)
		return COLOUR_NONE;
	for (size_t i = COLOUR_RED; i < COUNT_OF(colour_names); i++)
		if (strcasecmp(severity, colour_names[i][0]) == 0 ||
		    strcmp(severity, colour_names[i][1]) == 0)
			return (enum colour)i;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcasecmp(severity, words[i].word) == 0)
			return words[i].colour;
	return COLOUR_NONE;
}

/* Words in a headline that tell the colour; the first row that occurs counts. 特别重大 stands
 * before 重大. */
static const struct {
	const char *word;
	enum colour colour;
} headline_words[] = {
    {"红色预警", COLOUR_RED},
    {"橙色预警", COLOUR_ORANGE},
    {"黄色预警", COLOUR_YELLOW},
    {"蓝色预警", COLOUR_BLUE},
    {"白色预警", COLOUR_WHITE},
    {"红色", COLOUR_RED},
    {"橙色", COLOUR_ORANGE},
    {"黄色", COLOUR_YELLOW},
    {"蓝色", COLOUR_BLUE},
    {"白色", COLOUR_WHITE},
    {"[I级", COLOUR_RED},
    {"[Ⅰ级", COLOUR_RED},
    {"[II级", COLOUR_ORANGE},
    {"[Ⅱ级", COLOUR_ORANGE},
    {"[III级", COLOUR_YELLOW},
    {"[Ⅲ级", COLOUR_YELLOW},
    {"[IV级", COLOUR_BLUE},
    {"[Ⅳ级", COLOUR_BLUE},
    {"特别重大", COLOUR_RED},
    {"特别严重", COLOUR_RED},
    {"/重大", COLOUR_ORANGE},
    {"/严重", COLOUR_ORANGE},
    {"/较大", COLOUR_YELLOW},
    {"/较重", COLOUR_YELLOW},
    {"/一般", COLOUR_BLUE},
    {"red warning", COLOUR_RED},
    {"orange warning", COLOUR_ORANGE},
    {"yellow warning", COLOUR_YELLOW},
    {"blue warning", COLOUR_BLUE},
};

/* 红色预警信号降级为橙色: what counts is said behind the last 为 that has a colour behind it. */
static const char *
changed_to(const char *headline)
{
	static const char *const colours[] = {"为红色", "为橙色", "为黄色", "为蓝色"};
	const char *last = headline;

	for (size_t i = 0; i < COUNT_OF(colours); i++)
		for (const char *at = headline; (at = strstr(at, colours[i])) != NULL; at++)
			if (at > last)
				last = at;
	return last;
}

enum colour
colour_in_text(const char *headline)
{
	if (headline)
		headline = changed_to(headline);
	for (size_t i = 0; headline && i < COUNT_OF(headline_words); i++)
		if (strcasestr(headline, headline_words[i].word))
			return headline_words[i].colour;
	return COLOUR_NONE;
}

bool
headline_lifts(const char *headline)
{
	return headline && strstr(headline, "解除") != NULL;
}

/* --- the table of event names ----------------------------------------------------------------- */

struct event_name {
	char *name, *code, *picture;
	size_t length;
};
static struct event_name *names; /* longest first; of one length in the order of the file */
static size_t n_names, names_room;
static struct event_name *by_file; /* in the order of the file, the same strings */

static int
longer_first(const void *a, const void *b)
{
	const struct event_name *x = a, *y = b;

	if (x->length != y->length)
		return x->length < y->length ? 1 : -1;
	return strcmp(x->name, y->name);
}

bool
event_names_load(struct err *err)
{
	char *path;
	struct tsv *t;
	int name, code, picture;

	if (n_names)
		return true;
	path = paths_data_file("exchange/event_names.tsv");
	t = tsv_open(path, err);
	free(path);
	if (!t)
		return false;
	name = tsv_column(t, "name", true, err);
	code = tsv_column(t, "code", true, err);
	picture = tsv_column(t, "picture", true, err);
	while (name >= 0 && code >= 0 && picture >= 0 && tsv_next(t)) {
		const char *word = tsv_get(t, name);

		if (!*word)
			continue;
		mem_grow(&names, &names_room, n_names);
		names[n_names++] = (struct event_name){mem_dup(word), mem_dup(tsv_get(t, code)),
		    mem_dup(tsv_get(t, picture)), strlen(word)};
	}
	by_file = mem_zero(n_names + 1, sizeof(*by_file));
	if (n_names)
		memcpy(by_file, names, n_names * sizeof(*by_file));
	qsort(names, n_names, sizeof(*names), longer_first);
	return tsv_close(t, err) &&
	       (n_names || err_set(err, ERR_IO, _("the table of event names is empty")));
}

bool
event_code_valid(const char *code)
{
	return code && strlen(code) == 5 && isdigit((unsigned char)code[0]) &&
	       isdigit((unsigned char)code[1]) && isupper((unsigned char)code[2]) &&
	       isdigit((unsigned char)code[3]) && isdigit((unsigned char)code[4]);
}

static const char *
find_name(const char *text, size_t n, const char **name)
{
	for (size_t i = 0; i < n_names; i++)
		if (names[i].length <= n && memmem(text, n, names[i].name, names[i].length)) {
			*name = names[i].name;
			return *names[i].code ? names[i].code : NULL;
		}
	return NULL;
}

/* Where the event stands in a headline: behind the last 发布, 解除 … before 预警, so that an
 * organisation's name does not count. */
static const char *
event_part(const char *text, size_t *n)
{
	static const char *const doing[] = {
	    "发布", "解除", "变更", "更新", "升级", "降级", "维持", "取消"};
	const char *end = strstr(text, "预警"), *from = text;

	*n = end ? (size_t)(end - text) : strlen(text);
	for (size_t i = 0; i < COUNT_OF(doing); i++)
		for (const char *p = text; (p = strstr(p, doing[i])) && p < text + *n;
		     p += strlen(doing[i]))
			if (p + strlen(doing[i]) > from)
				from = p + strlen(doing[i]);
	*n -= (size_t)(from - text);
	return from;
}

const char *
event_in_text(const char *text, const char **name)
{
	const char *part, *code;
	size_t n;

	*name = NULL;
	if (!text || !n_names)
		return NULL;
	part = event_part(text, &n);
	code = find_name(part, n, name);
	return *name ? code : find_name(text, strlen(text), name);
}

static const char *
code_of_name(const char *name)
{
	for (size_t i = 0; i < n_names; i++)
		if (strcmp(by_file[i].name, name) == 0 && *by_file[i].code)
			return by_file[i].code;
	return NULL;
}

const char *
event_name_of(const char *code)
{
	for (size_t i = 0; code && *code && i < n_names; i++)
		if (strcmp(by_file[i].code, code) == 0)
			return by_file[i].name;
	return NULL;
}

bool
event_find(const char *word, const char **name, const char **code, struct err *err)
{
	if (!event_names_load(err))
		return false;
	*code = event_code_valid(word) ? word : code_of_name(word);
	*name = *code == word ? event_name_of(word) : word;
	for (size_t i = 0; *name && *code && i < n_names; i++)
		if (strcmp(by_file[i].name, *name) == 0 && *by_file[i].code) {
			*name = by_file[i].name;
			*code = by_file[i].code;
			return true;
		}
	return err_set(err, ERR_NOT_FOUND,
	    _("%.60s is no event that warnings are given for: name it (暴雨) or give its code "
	      "(11B03)."),
	    word);
}

const char *
event_code_of_picture(const char *picture)
{
	for (size_t i = 0; picture && i < n_names; i++)
		if (*by_file[i].picture && strncmp(by_file[i].picture, picture, 5) == 0)
			return *by_file[i].code ? by_file[i].code : NULL;
	return NULL;
}

/* --- the two together ------------------------------------------------------------------------- */

static void
settle_colour(struct alert_info *info, enum colour by_code, struct notes *notes)
{
	enum colour said[3];
	enum colour worst = COLOUR_NONE;

	said[0] = colour_of_severity(info->severity);
	said[1] = colour_in_text(info->headline);
	said[2] = by_code;
	for (int i = 0; i < 3; i++) {
		if (said[i] == COLOUR_NONE)
			continue;
		info->colour_disagrees |= worst != COLOUR_NONE && worst != said[i];
		if (worst == COLOUR_NONE || said[i] < worst)
			worst = said[i];
	}
	info->colour = worst;
	if (info->colour_disagrees)
		notes_add(notes, _("the colours disagree; the more severe is taken: %s"),
		    colour_label(worst));
}

static void
settle_event(struct alert_info *info, struct notes *notes)
{
	const char *name, *said = event_in_text(info->headline, &name);
	const char *known;

	if (!name && info->event && !(said = code_of_name(info->event)))
		said = event_in_text(info->event, &name);
	if (!info->event_code && said)
		info->event_code = mem_dup(said);
	if (said && event_code_valid(info->event_code) && strcmp(said, info->event_code) != 0) {
		known = event_name_of(info->event_code);
		notes_add(notes,
		    _("the headline says %s (%s), the code %s (%s); the headline counts"),
		    name ? name : info->event, said, info->event_code, known ? known : "-");
		free(info->event_code);
		info->event_code = mem_dup(said);
		info->code_disagrees = true;
		if (name) {
			free(info->event);
			info->event = mem_dup(name);
		}
	}
	if (!info->event)
		info->event = mem_dup(name ? name : event_name_of(info->event_code));
}

void
alert_info_settle(struct alert_info *info, bool coloured, enum colour by_code, struct notes *notes)
{
	if (coloured)
		settle_colour(info, by_code, notes);
	else if (info->headline && strstr(info->headline, "色预警"))
		info->colour = colour_in_text(info->headline);
	if (coloured || (info->headline && strstr(info->headline, "预警")))
		settle_event(info, notes);
}
