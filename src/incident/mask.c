/*
 * Personal data of callers. 12345 tickets and callers who asked not to be named (保密) are seen in
 * full by the duty room, which has to ring back; everybody else gets the matter without the person.
 * Masking is done in place and keeps the length, so that places of facts in the words stay right.
 */
#include "incident/inside.h"

#include "base/conceal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "保密"
#define SOMEBODY "某" /* as many bytes as the character it stands for */

static bool
is_confidential(const char *source, const char *text)
{
	return strstr(source, "12345") || strstr(text, "12345") || strstr(text, "保密") ||
	       strstr(text, "匿名") || strstr(text, "不愿透露");
}

bool
incident_masks(const struct actor *reader, const char *source, const char *text)
{
	return reader && !(reader->role & (ROLE_ROOM | ROLE_SYSTEM)) &&
	       is_confidential(source, text);
}

/* 张三丰 -> 张某某; other letters become stars. */
static void
mask_name(char *name, size_t n)
{
	size_t at = utf8_next(name, n, 0), next;

	for (; at < n; at = next) {
		next = utf8_next(name, n, at);
		if (next - at == strlen(SOMEBODY))
			memcpy(name + at, SOMEBODY, next - at);
		else
			memset(name + at, '*', next - at);
	}
}

static void
mask_name_in(char *text, const char *name)
{
	size_t n = strlen(name);

	if (n < 4) /* one character says nobody, and stands in many words */
		return;
	for (char *at = text; (at = strstr(at, name)) != NULL; at += n)
		mask_name(at, n);
}

/* Is a run of so many digits, beginning so, a telephone number? Mobile, with the area code, or a
 * number of this town. */
static bool
is_phone(const char *digits, size_t n)
{
	if (digits[0] == '1')
		return n == 11 && digits[1] >= '3';
	if (digits[0] == '0')
		return n >= 10 && n <= 12;
	return (n == 7 || n == 8) && digits[0] >= '3';
}

/* Digits of the run that starts at `at`, with single hyphens or blanks in it; gives its end. */
static size_t
digit_run(const char *text, size_t at, char *digits, size_t max, size_t *n)
{
	size_t end = at;

	*n = 0;
	for (size_t i = at; text[i]; i++) {
		if (isdigit((unsigned char)text[i])) {
			if (*n < max)
				digits[*n] = text[i];
			++*n;
			end = i + 1;
		} else if ((text[i] != '-' && text[i] != ' ') || i != end) {
			break;
		}
	}
	return end;
}

/* The last four but those of a mobile number's middle: 138****1234 tells enough to compare,
 * 0514-5550**** too. */
static void
hide_digits(char *text, size_t from, size_t end, size_t n)
{
	size_t first = n == 11 && text[from] == '1' ? 3 : n - 4, k = 0;

	for (size_t i = from; i < end; i++)
		if (isdigit((unsigned char)text[i])) {
			if (k >= first && k < first + 4)
				text[i] = '*';
			k++;
		}
}

void
incident_mask_text(char *text, const char *name)
{
	char digits[16];
	size_t n;

	if (name && *name)
		mask_name_in(text, name);
	for (size_t i = 0; text[i];) {
		size_t end;

		if (!isdigit((unsigned char)text[i])) {
			i++;
			continue;
		}
		end = digit_run(text, i, digits, sizeof(digits), &n);
		if (n <= sizeof(digits) && is_phone(digits, n))
			hide_digits(text, i, end, n);
		i = end;
	}
}

void
incident_mask_call(const struct actor *reader, struct incident_call *call)
{
	if (!incident_masks(reader, call->source, call->text))
		return;
	incident_mask_person(call->text, call->caller, false);
	incident_mask_person(call->told, call->caller, false);
	incident_mask_text(call->phone, NULL);
	mask_name(call->caller, strlen(call->caller));
}

/* Words that go on after "市民" or "来电人" when no name does. */
static bool
goes_on(const char *text)
{
	static const char *const verbs[] = {"反映", "反应", "来电", "称", "说", "表示", "要求",
	    "报", "举报", "投诉", "咨询", "求助", "不愿", "希望", "认为", "在", "们", "的", "为",
	    "是"};

	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strncmp(text, verbs[i], strlen(verbs[i])) == 0)
			return true;
	return false;
}

static bool
is_cjk_at(const char *text)
{
	return (unsigned char)*text >= 0xe4 && (unsigned char)*text <= 0xe9;
}

/* Bytes of the name that begins here: up to three characters, ended by a verb. */
static size_t
name_length(const char *text)
{
	size_t n = 0, size = strlen(text);

	for (int k = 0; k < 3 && n < size && is_cjk_at(text + n) && !goes_on(text + n); k++)
		n = utf8_next(text, size, n);
	return n;
}

/* The caller of a ticket is only known by the words around the name. */
static void
mask_ticket_name(char *text)
{
	static const char *const before[] = {"姓名：", "姓名:", "姓名", "联系人：",
	    "联系人:", "联系人", "来电人：", "来电人:", "来电人", "反映人：", "反映人:", "诉求人：",
	    "诉求人:", "市民"};
	size_t n;

	for (size_t i = 0; i < COUNT_OF(before); i++)
		for (char *at = text; (at = strstr(at, before[i])) != NULL;) {
			at += strlen(before[i]);
			n = name_length(at);
			if (n)
				mask_name(at, n);
		}
}

/* Up to the next stop: Chinese characters become 某, all others stars. */
static void
mask_clause(char *text)
{
	static const char *const stops[] = {"，", "。", "；", "、", "！", "？", "（", "）"};
	size_t size = strlen(text), next;

	for (size_t at = 0; at < size; at = next) {
		next = utf8_next(text, size, at);
		if (strchr(",;.\n", text[at]))
			return;
		for (size_t i = 0; i < COUNT_OF(stops); i++)
			if (strncmp(text + at, stops[i], strlen(stops[i])) == 0)
				return;
		if (next - at == strlen(SOMEBODY))
			memcpy(text + at, SOMEBODY, next - at);
		else if (text[at] != ' ')
			memset(text + at, '*', next - at);
	}
}

static void
mask_behind(char *text, const char *const *before, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (char *at = text; (at = strstr(at, before[i])) != NULL;) {
			at += strlen(before[i]);
			mask_clause(at);
		}
}

void
incident_mask_person(char *text, const char *name, bool places)
{
	static const char *const homes[] = {
	    "家住", "其住", "居住在", "住在", "住址：", "住址:", "住址", "家庭地址：", "家庭地址"};
	static const char *const matters[] = {
	    "地址：", "地址:", "地点：", "地点:", "Place: ", "Address: "};

	incident_mask_text(text, name);
	mask_ticket_name(text);
	mask_behind(text, homes, COUNT_OF(homes));
	if (places)
		mask_behind(text, matters, COUNT_OF(matters));
}

void
incident_mask_inbox(const struct actor *reader, struct inbox_row *row)
{
	if (!incident_masks(reader, row->source, row->text))
		return;
	incident_mask_person(row->title, NULL, false);
	incident_mask_person(row->text, NULL, true);
}

/* --- what a search found ---------------------------------------------------------------------- */

static int64_t
incident_of_hit(struct store *st, const struct search_hit *hit)
{
	static const struct {
		const char *kind, *statement;
	} ways[] = {
	    {"incident", "SELECT ?1"},
	    {"call", "SELECT incident FROM call WHERE id = ?1"},
	    {"journal", "SELECT incident FROM journal WHERE id = ?1"},
	    {"report", "SELECT incident FROM report WHERE id = ?1"},
	    {"inbox", "SELECT incident FROM inbox WHERE id = ?1"},
	};

	for (size_t i = 0; i < COUNT_OF(ways); i++)
		if (strcmp(ways[i].kind, hit->kind) == 0)
			return sql_one_int(st, ways[i].statement, 0, "i", hit->ref);
	return 0;
}

/* Whoever called about what was found; the words behind it say whether they must not be known. */
static const char callers[] =
    "SELECT caller, source, text FROM call WHERE incident = ?1 UNION ALL SELECT caller, "
    "CASE WHEN secret THEN '" SECRET
    "' ELSE source END, '' FROM ticket WHERE incident = ?1 OR (?2 = "
    "'inbox' AND inbox = ?3) OR (?2 = 'journal' AND id = (SELECT subject FROM journal WHERE id = "
    "?3 AND subject_kind = 'ticket'))";

/* The whole text a snippet was cut from, in one line; NULL when it is not there. */
static char *
text_of_hit(struct store *st, const struct search_hit *hit)
{
	char *text =
	    strcmp(hit->kind, "journal") == 0
		? sql_one_text(st, "SELECT text FROM journal WHERE id = ?1", "i", hit->ref)
		: sql_one_text(st,
		      "SELECT text FROM search_doc WHERE kind <> 'journal' AND kind = ?1 AND ref = "
		      "?2 AND undone IS NULL ORDER BY id DESC LIMIT 1",
		      "ti", hit->kind, hit->ref);

	conceal_passwords(text); /* as the snippet was made */
	for (char *c = text; c && *c; c++)
		if (*c == '\n')
			*c = ' ';
	return text;
}

/* Everybody in a text who must not be known. */
static void
mask_callers(struct store *st, const struct search_hit *hit, char *text)
{
	bool confidential = is_confidential("", text);
	struct sql *q = sql(st, callers);

	sql_bind(q, "iti", incident_of_hit(st, hit), hit->kind, hit->ref);
	while (sql_row(q))
		if (is_confidential(sql_text(q, 1), sql_text(q, 2)) ||
		    strcmp(sql_text(q, 1), SECRET) == 0) {
			confidential = true;
			mask_name_in(text, sql_text(q, 0));
		}
	sql_done(q);
	if (confidential)
		incident_mask_person(text, NULL, true);
	else
		incident_mask_text(text, NULL);
}

/*
 * The whole is masked, and the snippet cut out of it anew at the same place: a snippet alone may
 * begin in the midst of a name, and behind the word that says what it is.
 */
void
incident_mask_hit(struct store *st, const struct actor *reader, struct search_hit *hit)
{
	char *text, *found;
	size_t at = 0;

	if (!incident_masks(reader, "12345", ""))
		return;
	text = text_of_hit(st, hit);
	found = text ? strstr(text, hit->snippet) : NULL;
	if (found) {
		at = (size_t)(found - text);
		mask_callers(st, hit, text);
		memcpy(hit->snippet, text + at, strlen(hit->snippet));
	} else {
		mask_clause(hit->snippet);
	}
	free(text);
}
