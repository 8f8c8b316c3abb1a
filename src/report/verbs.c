/* The table of verbs and the thing kind "report". */
#include "report/inside.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPORT                                                                                     \
	{                                                                                          \
		"report", N_("report"), ARG_THING, "report", true, true,                           \
		    N_("number, last digits, or words of its title")                               \
	}
#define INCIDENT                                                                                   \
	{                                                                                          \
		"incident", N_("incident"), ARG_THING, "incident", true, true,                     \
		    N_("number, last digits, or words of its title")                               \
	}
#define WHY                                                                                        \
	{                                                                                          \
		"why", N_("reason"), ARG_REST, NULL, true, true, N_("why, in a few words")         \
	}
#define AT                                                                                         \
	{                                                                                          \
		"at", N_("time"), ARG_TIME, NULL, false, false, N_("when; now unless given")       \
	}

static const struct verb_param phone_params[] = {
    INCIDENT,
    {"dest", N_("unit told"), ARG_WORD, NULL, true, true, N_("the unit that was told")},
    {"receiver", N_("receiver"), ARG_WORD, NULL, true, true, N_("who took the report")},
    AT,
    {"text", N_("text read"), ARG_REST, NULL, false, true, N_("what was said")},
};
static const struct verb_param draft_params[] = {
    INCIDENT,
    {"kind", N_("kind"), ARG_CHOICE, "first|follow|final", false, true,
	N_("first, follow or final; what comes next unless given")},
};
static const struct verb_param edit_params[] = {
    REPORT,
    {"title", N_("title"), ARG_WORD, NULL, false, false, N_("another title")},
    {"dest", N_("main recipients"), ARG_WORD, NULL, false, false,
	N_("units, with 、 between them")},
    {"cc", N_("copies"), ARG_WORD, NULL, false, false, N_("units, with 、 between them")},
    {"body", N_("text"), ARG_REST, NULL, true, true, N_("the whole text as it shall be")},
};
static const struct verb_param report_params[] = {REPORT};
static const struct verb_param why_params[] = {REPORT, WHY};
static const struct verb_param sign_params[] = {
    REPORT,
    {"signer", N_("signer"), ARG_WORD, NULL, false, true,
	N_("the leader who gave word by telephone; without one the actor signs")},
    AT,
    {"urgency", N_("urgency"), ARG_CHOICE, "特急|加急|平急", false, false,
	N_("as the draft has it unless given")},
};
static const struct verb_param deliver_params[] = {
    REPORT,
    {"dest", N_("receiving unit"), ARG_WORD, NULL, true, true, N_("the unit that got it")},
    {"way", N_("way"), ARG_CHOICE, "fax|hand|system|phone", true, true,
	N_("fax, hand, system or phone")},
    {"receiver", N_("receiver"), ARG_WORD, NULL, true, true, N_("who took it there")},
    AT,
};

#define ROOM (ROLE_ROOM | ROLE_SYSTEM)
#define P(table) table, COUNT_OF(table)
static const struct verb verbs[] = {
    {"report.phone", "报 电话报告 dhbg", N_("a telephone report was made"), ROOM, 0,
	P(phone_params), report_do_phone, NULL},
    {"report.draft", "draft 拟稿 ng", N_("draft a report from the record"), ROOM, 0,
	P(draft_params), report_do_draft, NULL},
    {"report.edit", "edit 改稿 gg", N_("the text as edited"), ROOM, VERB_UNDO, P(edit_params),
	report_do_edit, NULL},
    {"report.submit", "submit 送签 sq", N_("lay it before the leader"), ROOM, 0, P(report_params),
	report_do_submit, NULL},
    {"report.return", "退稿 tg", N_("send a draft back"), ROLE_CHIEF | ROLE_LEADER, 0,
	P(why_params), report_do_return, NULL},
    {"report.sign", "sign 签发 qf", N_("sign a report: it gets its number and goes out"),
	ROLE_CHIEF | ROLE_LEADER, VERB_SENT, P(sign_params), report_do_sign, NULL},
    {"report.deliver", "deliver 送达 sd", N_("a signed report was taken over"), ROOM, 0,
	P(deliver_params), report_do_deliver, NULL},
    {"report.void", "作废 zf", N_("give a draft up"), ROOM, VERB_UNDO, P(why_params),
	report_do_void, NULL},
};

/* --- things ---------------------------------------------------------------------------------- */

/* What to type: 2025-089 of a first report, 2025-089-1 of its first follow-up, the incident's
 * number and kind of a draft. */
static void
put_word(const struct report_row *r, char *out, size_t size)
{
	static const char *const marks[][2] = {{"first", "首"}, {"follow", "续"}, {"final", "终"}};
	const char *mark = "";

	for (size_t i = 0; i < COUNT_OF(marks); i++)
		if (strcmp(marks[i][0], r->kind) == 0)
			mark = marks[i][1];
	if (!r->number)
		snprintf(out, size, "%s%s", r->incident_no, mark);
	else if (r->seq == 0)
		snprintf(out, size, "%d-%03d", r->year, r->number);
	else if (strcmp(r->kind, "final") == 0)
		snprintf(out, size, "%d-%03d-终", r->year, r->number);
	else
		snprintf(out, size, "%d-%03d-%d", r->year, r->number, r->seq);
}

/* As lists and papers write a signed one: 2025-087首, 2025-087续1, 2025-087终. */
static void
put_spoken(const struct report_row *r, char *out, size_t size)
{
	if (r->seq == 0)
		snprintf(out, size, "%d-%03d首", r->year, r->number);
	else if (strcmp(r->kind, "final") == 0)
		snprintf(out, size, "%d-%03d终", r->year, r->number);
	else
		snprintf(out, size, "%d-%03d续%d", r->year, r->number, r->seq);
}

/* A signed report by what stands in the lists, with or without the blank; 087续 means its newest.
 */
static int
matches_spoken(const struct report_row *r, const char *word)
{
	char spoken[64], bare[64];
	size_t n, m = 0;

	for (const char *p = word; *p && m + 1 < sizeof(bare); p++)
		if (*p != ' ')
			bare[m++] = *p;
	bare[m] = '\0';
	if (!r->number || (!strstr(bare, "首") && !strstr(bare, "续") && !strstr(bare, "终")))
		return 0;
	put_spoken(r, spoken, sizeof(spoken));
	n = strlen(spoken);
	if (n >= m && strcmp(spoken + n - m, bare) == 0)
		return 80;
	return strstr(spoken, bare) ? 55 : 0;
}

static int
matches(const struct report_row *r, const char *own, const char *word)
{
	size_t n = strlen(own), m = strlen(word);
	char initials[240];

	if (!m)
		return 1;
	if (strcmp(own, word) == 0)
		return 100;
	if (n > m && strcmp(own + n - m, word) == 0)
		return 80;
	/* The digits of the incident mean its newest report. */
	if (strlen(r->incident_no) >= m &&
	    strcmp(r->incident_no + strlen(r->incident_no) - m, word) == 0)
		return 60;
	if (matches_spoken(r, word))
		return matches_spoken(r, word);
	if (strstr(r->title, word))
		return 50;
	if (!isalpha((unsigned char)*word))
		return 0;
	pinyin_initials(r->title, initials, sizeof(initials));
	return 10 * pinyin_match(initials, word);
}

static int
by_score(const void *a, const void *b)
{
	return ((const struct thing *)b)->score - ((const struct thing *)a)->score;
}

#define LOOK_MAX 200

static size_t
find(struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct report_filter f = {.area = actor && actor->role == ROLE_TOWNSHIP ? actor->area : 0};
	struct report_row *rows = mem_zero(LOOK_MAX, sizeof(*rows));
	struct thing *found = mem_zero(LOOK_MAX, sizeof(*found));
	size_t n = report_list(st, &f, rows, LOOK_MAX), kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct thing *t = &found[kept];
		int score;
		put_word(&rows[i], t->word, sizeof(t->word));
		score = matches(&rows[i], t->word, word);
		if (!score || strcmp(rows[i].state, "void") == 0)
			continue;
		t->id = rows[i].id;
		/* Unsigned ones are what people work on; then the newest. */
		t->score = score * 1000 + (strcmp(rows[i].state, "signed") != 0 ? 500 : 0) +
			   (int)(LOOK_MAX - i);
		utf8_copy(t->label, sizeof(t->label), rows[i].title);
		kept++;
	}
	qsort(found, kept, sizeof(*found), by_score);
	kept = kept > max ? max : kept;
	memcpy(out, found, kept * sizeof(*out));
	free(rows);
	free(found);
	return kept;
}

static bool
label_of(struct store *st, int64_t id, char *out, size_t size)
{
	struct report_row r;
	char word[64];

	if (!report_get(st, id, &r))
		return false;
	put_word(&r, word, sizeof(word));
	snprintf(out, size, "%s %.120s", word, r.title);
	utf8_mend(out);
	return true;
}

static const struct thing_kind kinds[] = {{"report", N_("report"), find, label_of}};

void
report_register(struct store *st)
{
	verb_register(st, verbs, COUNT_OF(verbs));
	thing_register(st, kinds, COUNT_OF(kinds));
	outbox_listen(st, "report", report_hears);
}
