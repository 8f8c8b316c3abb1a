/*
 * Numbers that belong together: 一对夫妇和两个孩子, 三男两女, 双方各伤2人, 7人擦伤+1人骨折. A rule of
 * data/rules/ takes one number; what stands beside it, joined by 和 or 带 and of people only, is added
 * here.
 */
#include "decide/together.h"

#include "decide/number.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <string.h>

#define TOGETHER_MAX 100000000
#define TOGETHER_BACK 48 /* bytes a group of people takes at most, with the word that joins it */

static const char *const measures[] = {"名", "位", "个", "口", "人", "对", NULL};
static const char *const plain[] = {"男", "女", "大", "小", "老", "少", NULL};
static const char *const joins[] = {
    "以及", "还有", "带着", "和", "带", "加", "与", "跟", "及", "+", NULL};
static const char *const people[] = {"夫妇", "夫妻", "母女", "母子", "父女", "父子", "兄弟", "姐妹",
    "大人", "小孩", "孩子", "老人", "老太太", "老太", "老头", "儿童", "婴儿", "幼儿", "男子",
    "女子", "妇女", "男孩", "女孩", "男童", "女童", "男的", "女的", "娃娃", "娃", "学生", "老师",
    "教师", "工人", "民工", "司机", "驾驶员", "乘客", "行人", "路人", "村民", "居民", "群众",
    "民警", "消防员", "游客", "员工", "职工", "船员", "食客", "顾客", "病人", "护士", "医生", NULL};

/* Bytes of the word of the list that stands at `at`; 0 when none does. */
static size_t
word_at(const struct scan *scan, size_t at, const char *const *words)
{
	for (; *words; words++)
		if (scan_is(scan, at, *words))
			return strlen(*words);
	return 0;
}

/* What stands behind a number: 个孩子, 名工人, 口, and 男 alone (*bare). */
static size_t
people_behind(const struct scan *scan, size_t at, bool *bare)
{
	size_t measure = word_at(scan, at, measures), noun;

	*bare = false;
	noun = word_at(scan, at + measure, people);
	if (measure || noun)
		return measure + noun;
	*bare = true;
	return word_at(scan, at, plain);
}

/* A number of people at `at`: its value, 对 doubled, and the bytes it takes; 0 when there is none. */
static size_t
group_at(const struct scan *scan, size_t at, int64_t *value, bool *bare)
{
	struct number number;
	size_t behind;

	if (at >= scan->subject.size ||
	    !number_read(scan->subject.text + at, scan->subject.size - at, &number) ||
	    number.value > TOGETHER_MAX)
		return 0;
	behind = people_behind(scan, at + number.size, bare);
	*value = (int64_t)number.value * (scan_is(scan, at + number.size, "对") ? 2 : 1);
	return behind ? number.size + behind : 0;
}

/* Does nothing follow that could make the number another's: 死亡3人、5名工人受伤? */
static bool
clause_ends(const struct scan *scan, size_t at)
{
	static const char *const stops[] = {"，", "。", "；", ",", ";", "！", "\n", NULL};

	return at >= scan->subject.size || word_at(scan, at, stops) > 0;
}

/* The people joined behind those whose number begins at `start`. */
static int64_t
joined_behind(const struct scan *scan, size_t start)
{
	int64_t sum = 0, more, own;
	bool bare = false, next;
	size_t at = start, n = group_at(scan, at, &own, &bare);

	while (n > 0) {
		size_t join;

		at += n;
		join = word_at(scan, at, joins);
		if (!bare && join == 0)
			break;
		n = group_at(scan, at + join, &more, &next);
		if (n == 0 || (bare && join == 0 && !next) ||
		    (!bare && !clause_ends(scan, at + join + n)))
			break;
		sum += more;
		at += join;
	}
	return sum;
}

/* Where the group of people begins that is joined to the number at `start`; `start` when there is
 * none. */
static size_t
joined_before(const struct scan *scan, size_t start, int64_t *value)
{
	size_t found = start, low = start > TOGETHER_BACK ? start - TOGETHER_BACK : 0;

	for (size_t at = start; at > low;) {
		int64_t n;
		bool bare;
		size_t size, join;

		at = utf8_prev(scan->subject.text, at);
		size = group_at(scan, at, &n, &bare);
		join = size && !bare ? word_at(scan, at + size, joins) : 0;
		if (join && at + size + join == start) {
			found = at;
			*value = n;
		}
	}
	return found;
}

static bool
both_sides(const struct scan *scan, size_t start)
{
	static const char *const each[] = {"双方各", "两边各", "两家各", "两车各", "两处各"};

	for (size_t i = 0; i < COUNT_OF(each); i++)
		if (start >= strlen(each[i]) && scan_is(scan, start - strlen(each[i]), each[i]))
			return true;
	return false;
}

int64_t
together(const struct scan *scan, const struct candidate *c, int64_t value, size_t *from)
{
	size_t start = c->match.start[GROUP_N], before;
	int64_t more = 0;

	*from = start;
	if (scan_is(scan, c->match.end[GROUP_N], "对"))
		value *= 2;
	if (both_sides(scan, c->match.start[GROUP_ALL]))
		return value * 2;
	before = joined_before(scan, start, &more);
	if (before < start) {
		*from = before;
		return value + more;
	}
	return value + joined_behind(scan, start);
}

/* Is it a hurt of its own kind (骨折, 擦伤), not one of those that sum up others (受伤, 重伤)? */
static bool
is_one_hurt(const struct fact *f)
{
	static const char *const sums[] = {"受伤", "重伤", "轻伤", "负伤"};

	if (f->kind != FACT_INJURED || f->aside || f->negated ||
	    strcmp(f->rule, "injured.after") != 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(sums); i++)
		if (strstr(f->text, sums[i]))
			return false;
	return true;
}

void
together_hurts(struct scan *scan)
{
	for (size_t i = 1; i < scan->facts.count; i++) {
		struct fact *a = &scan->facts.item[i - 1], *b = &scan->facts.item[i];
		size_t at = subject_byte(&scan->subject, a->end);
		static const char *const beside[] = {"+", "，", "、", ",", "和", NULL};

		if (is_one_hurt(a) && is_one_hurt(b) && b->start == a->end + 1 &&
		    word_at(scan, at, beside))
			b->value += a->value;
	}
}
