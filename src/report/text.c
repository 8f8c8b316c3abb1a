/*
 * The page of handbook 2.6, in columns of a terminal or printer: head, number, signer, main
 * recipients, body, copies, contact, and the head of the journal's chain, by which `zhiban verify`
 * proves later that nothing behind it was changed.
 */
#include "report/inside.h"

#include "base/paper.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS 56

static void
add_blanks(struct buf *b, int n)
{
	while (n-- > 0)
		buf_add_char(b, ' ');
}

static void
add_centred(struct buf *b, const char *s, int columns)
{
	add_blanks(b, (columns - utf8_columns(s)) / 2);
	buf_printf(b, "%s\n", s);
}

static void
add_right(struct buf *b, const char *s, int columns)
{
	add_blanks(b, columns - utf8_columns(s));
	buf_printf(b, "%s\n", s);
}

/* May the character not begin a line? Closing punctuation hangs on the line before (GB/T 15834). */
static bool
hangs(const char *s)
{
	static const char *const marks[] = {"，", "。", "、", "；", "：", "？", "！", "）", "》",
	    "”", "’", "〉", "%", ",", ".", ")"};

	for (size_t i = 0; i < COUNT_OF(marks); i++)
		if (strncmp(s, marks[i], strlen(marks[i])) == 0)
			return true;
	return false;
}

static bool
is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '.' || c == '+' || c == '-';
}

/* Bytes of the next line: what fits, with hanging punctuation, without cutting a number or Latin
 * word. */
static size_t
line_length(const char *s, size_t n, int columns)
{
	size_t fit = utf8_fit(s, n, columns, NULL), cut;

	if (fit >= n)
		return n;
	for (cut = fit; cut > 0 && is_word_byte(s[cut]) && is_word_byte(s[cut - 1]);)
		cut--;
	if (cut > fit / 2)
		fit = cut;
	while (fit < n && hangs(s + fit))
		fit = utf8_next(s, n, fit);
	return fit ? fit : utf8_next(s, n, 0);
}

static void
add_wrapped(struct buf *b, const char *s, int columns)
{
	while (*s) {
		size_t n = strcspn(s, "\n");
		for (size_t at = 0; at < n || n == 0;) {
			size_t size = line_length(s + at, n - at, columns);
			buf_add_n(b, s + at, size);
			buf_add_char(b, '\n');
			at += size;
			if (n == 0)
				break;
		}
		s += n + (s[n] == '\n');
	}
}

struct page {
	struct report_row row;
	char *body, *county, *chain, *state;
};

static bool
page_read(struct store *st, int64_t id, struct page *p, struct err *err)
{
	memset(p, 0, sizeof(*p));
	if (!report_get(st, id, &p->row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such report."));
	p->body = report_body(st, id);
	p->county = sql_one_text(st, "SELECT name FROM area WHERE id = ?1", "i", store_area(st));
	p->chain = sql_one_text(
	    st, "SELECT chain_head FROM report WHERE id = ?1 AND chain_head IS NOT NULL", "i", id);
	return true;
}

static void
page_clear(struct page *p)
{
	free(p->body);
	free(p->county);
	free(p->chain);
}

static void
add_head(struct buf *out, const struct page *p, int columns)
{
	const struct report_row *r = &p->row;
	struct buf b = BUF_MAX(400), time = BUF_MAX(64);

	buf_printf(&b, "紧急程度：%s", r->urgency);
	add_right(out, buf_str(&b), columns);
	add_centred(out, "值  班  信  息", columns);
	buf_reset(&b);
	if (r->number)
		buf_printf(&b, "第 %d 期（%d）", r->number, r->year);
	else
		buf_add(&b, "（未编号，草稿）");
	if (strcmp(r->kind, "follow") == 0) {
		buf_add(&b, " 续报");
		chinese_number(&b, r->seq);
	}
	add_centred(out, buf_str(&b), columns);
	if (r->signed_at != CLOCK_NONE)
		chinese_time_full(&time, r->signed_at);
	else
		chinese_time_full(&time, r->drafted);
	buf_reset(&b);
	buf_printf(&b, "%s应急管理局  签发：%s", p->county ? p->county : "",
	    r->signer[0] ? r->signer : "（待签发）");
	if (utf8_columns(buf_str(&b)) + 2 + utf8_columns(buf_str(&time)) <= columns) {
		int gap = columns - utf8_columns(buf_str(&b)) - utf8_columns(buf_str(&time));
		buf_add(out, buf_str(&b));
		add_blanks(out, gap);
		buf_printf(out, "%s\n", buf_str(&time));
	} else {
		buf_printf(out, "%s\n", buf_str(&b));
		add_right(out, buf_str(&time), columns);
	}
	paper_rule(out, columns);
	buf_clear(&b);
	buf_clear(&time);
}

/* A title is broken into centred lines. */
static void
add_title(struct buf *out, const char *title, int columns)
{
	size_t n = strlen(title);

	for (size_t at = 0; at < n;) {
		size_t size = line_length(title + at, n - at, columns - 8);
		char *line = mem_dupn(title + at, size);
		add_centred(out, line, columns);
		free(line);
		at += size;
	}
}

static void
add_foot(struct buf *out, const struct page *p, int columns)
{
	const struct report_row *r = &p->row;
	struct buf b = BUF_MAX(1000);
	struct civil c;

	clock_civil(r->signed_at != CLOCK_NONE ? r->signed_at : r->drafted, &c);
	buf_printf(&b, "%s应急管理局", p->county ? p->county : "");
	buf_add_char(out, '\n');
	add_right(out, buf_str(&b), columns - 4);
	buf_reset(&b);
	buf_printf(&b, "%d年%d月%d日", c.year, c.month, c.day);
	add_right(out, buf_str(&b), columns - 4);
	paper_rule(out, columns);
	buf_reset(&b);
	buf_printf(&b, "报送：%s\n", r->dest);
	if (r->cc[0])
		buf_printf(&b, "抄送：%s\n", r->cc);
	buf_printf(&b, "联系人：%s  电话：%s\n", r->contact, r->phone[0] ? r->phone : "（未掌握）");
	if (p->chain)
		buf_printf(&b, "日志校验：%s\n", p->chain);
	add_wrapped(out, buf_str(&b), columns);
	buf_clear(&b);
}

bool
report_text(struct store *st, int64_t id, int columns, struct buf *out, struct err *err)
{
	struct page p;
	struct buf b = BUF_MAX(400);

	if (!page_read(st, id, &p, err))
		return false;
	if (columns <= 0)
		columns = COLUMNS;
	add_head(out, &p, columns);
	add_title(out, p.row.title, columns);
	buf_add_char(out, '\n');
	buf_printf(&b, "%s：\n", p.row.dest);
	add_wrapped(out, buf_str(&b), columns);
	add_wrapped(out, p.body ? p.body : "", columns);
	add_foot(out, &p, columns);
	buf_clear(&b);
	page_clear(&p);
	return true;
}
