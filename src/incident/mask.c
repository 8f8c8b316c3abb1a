/*
 * Personal data of callers. 12345 tickets and callers who asked not to be named (保密) are seen in
 * full by the duty room, which has to ring back; everybody else gets the matter without the person.
 * Masking is done in place and keeps the length, so that places of facts in the words stay right.
 */
#include "incident/inside.h"

#include <ctype.h>
#include <string.h>

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
	incident_mask_text(call->text, call->caller);
	incident_mask_text(call->told, call->caller);
	incident_mask_text(call->phone, NULL);
	mask_name(call->caller, strlen(call->caller));
}

/* The caller of a ticket is only known by the words around the name. */
static void
mask_ticket_name(char *text)
{
	static const char *const before[] = {"姓名：", "姓名:", "姓名", "联系人：",
	    "联系人:", "联系人", "来电人：", "来电人:", "来电人", "反映人：", "反映人:", "市民"};

	for (size_t i = 0; i < COUNT_OF(before); i++)
		for (char *at = text; (at = strstr(at, before[i])) != NULL;) {
			size_t n = 0, size;

			at += strlen(before[i]);
			size = strlen(at);
			for (int k = 0; k < 3 && n < size && (unsigned char)at[n] >= 0xe4 &&
					(unsigned char)at[n] <= 0xe9;
			     k++)
				n = utf8_next(at, size, n);
			if (n)
				mask_name(at, n);
		}
}

void
incident_mask_inbox(const struct actor *reader, struct inbox_row *row)
{
	if (!incident_masks(reader, row->source, row->text))
		return;
	incident_mask_text(row->title, NULL);
	incident_mask_text(row->text, NULL);
	mask_ticket_name(row->title);
	mask_ticket_name(row->text);
}
