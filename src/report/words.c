/* Words of official papers. They are Chinese whatever language the screen speaks, and so are not
 * translated. */
#include "report/inside.h"

#include <string.h>

void
chinese_clock(struct buf *b, int64_t ms)
{
	struct civil c;

	clock_civil(ms, &c);
	if (c.minute)
		buf_printf(b, "%d时%d分", c.hour, c.minute);
	else
		buf_printf(b, "%d时", c.hour);
}

void
chinese_time(struct buf *b, int64_t ms)
{
	struct civil c;

	clock_civil(ms, &c);
	buf_printf(b, "%d月%d日", c.month, c.day);
	chinese_clock(b, ms);
}

void
chinese_time_full(struct buf *b, int64_t ms)
{
	struct civil c;

	clock_civil(ms, &c);
	buf_printf(b, "%d年", c.year);
	chinese_time(b, ms);
}

void
chinese_number(struct buf *b, int n)
{
	static const char *const digits[] = {
	    "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

	if (n >= 100) {
		buf_printf(b, "%d", n);
		return;
	}
	if (n >= 20)
		buf_add(b, digits[n / 10]);
	if (n >= 10)
		buf_add(b, "十");
	if (n % 10 || n == 0)
		buf_add(b, digits[n % 10]);
}

const char *
chinese_grade(enum grade grade)
{
	static const char *const names[] = {"", "特别重大", "重大", "较大", "一般"};

	return names[grade];
}

const char *
chinese_figure(enum fact_kind kind)
{
	static const char *const names[] = {"死亡", "失踪", "受伤", "重伤", "轻伤", "被困", "中毒",
	    "发病", "转移疏散", "受威胁", "受威胁户数"};

	return kind < COUNT_OF(names) ? names[kind] : "";
}

const char *
chinese_bound(enum fact_bound bound)
{
	static const char *const names[] = {"", "约", "至少", "不足"};

	return names[bound];
}

void
chinese_title(struct buf *b, const char *title, const char *kind, int seq)
{
	buf_printf(b, "关于%s的情况报告", title);
	if (strcmp(kind, "first") == 0) {
		buf_add(b, "（首报）");
	} else if (strcmp(kind, "final") == 0) {
		buf_add(b, "（终报）");
	} else {
		buf_add(b, "（续报");
		chinese_number(b, seq);
		buf_add(b, "）");
	}
}
