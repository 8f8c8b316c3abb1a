/*
 * The text is marked once, byte by byte, with what the words say of it; then each tail looks to its
 * left. Measured against patterns of the form (name characters){1,12}(tail): those need to know
 * where a name begins, and prepositions and verbs before names are too many to list; stop
 * characters and a short list of cuts decide better (place overlap F .56 before, on the half of the
 * corpus the words were drawn from) and cost less.
 */
#include "decide/scan.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <string.h>

#define NAME_CHARS_MAX 26
#define UNIT_CHARS_MAX 8
#define NONE UINT32_MAX

/* --- reading the marks ------------------------------------------------------------------------ */

static bool
is_stop(const struct scan *scan, const struct place_words *words, size_t at)
{
	size_t step;
	uint32_t c = utf8_decode(scan->subject.text + at, scan->subject.size - at, &step);

	if (c < 0x80)
		return !((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
	if (c < 0x2E80 || (c >= 0x3000 && c <= 0x303F && c != 0x3007) || c >= 0xFF00)
		return c != 0xB7 && c != 0x2022; /* a middle dot stands in foreign names */
	return c < 0x10000 && (words->stop[c >> 3] >> (c & 7) & 1);
}

static bool
is_digit(const struct scan *scan, size_t at)
{
	return scan->subject.text[at] >= '0' && scan->subject.text[at] <= '9';
}

/* Digits stand in a name only before these: 217号, 211国道, 4S店. */
static bool
digits_belong(const struct scan *scan, size_t end)
{
	static const char *const behind[] = {"号", "路", "国道", "省道", "县道", "线", "街", "S店",
	    "组", "中学", "小学", "医院", "团", "师", "栋", "幢", "室", "楼", "厂", "矿"};

	for (size_t i = 0; i < COUNT_OF(behind); i++)
		if (scan_is(scan, end, behind[i]))
			return true;
	return false;
}

/* Where the name that ends at `end` begins. */
static size_t
name_start(const struct scan *scan, const struct place_words *words, size_t end)
{
	const struct marks *m = &scan->marks;
	size_t at = end;

	for (int chars = 0; at > 0 && chars < NAME_CHARS_MAX; chars++) {
		size_t before = utf8_prev(scan->subject.text, at);

		if (m->name_from[at] != NONE) {
			at = m->name_from[at];
			continue;
		}
		/* 自 ends a name's reach, but not in 自治县. */
		if ((m->flags[at] & MARK_CUT_END) && !(m->flags[before] & MARK_KEEP))
			break;
		if (is_digit(scan, before)) {
			size_t first = before;

			while (first > 0 && is_digit(scan, first - 1))
				first--;
			if (!digits_belong(scan, at))
				break;
			at = first;
			continue;
		}
		if (!(m->flags[before] & MARK_KEEP) && is_stop(scan, words, before))
			break;
		at = before;
	}
	return at;
}

/* 217号, 57公里处, 3层 behind a place belong to it. */
static size_t
take_number(const struct scan *scan, size_t end)
{
	static const char *const units[] = {
	    "号楼", "号", "栋", "幢", "单元", "室", "公里处", "米处", "层", "组", "弄"};
	size_t at = end;

	while (at < scan->subject.size && is_digit(scan, at))
		at++;
	if (at == end)
		return end;
	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (scan_is(scan, at, units[i]))
			return at + strlen(units[i]);
	return end;
}

size_t
address_sides(const struct scan *scan, size_t end)
{
	for (int i = 0; i < 4; i++) {
		size_t next = take_number(scan, end);

		if (next == end && scan->marks.side_to[end] != 0 &&
		    !(scan->marks.flags[scan->marks.side_to[end] - 1] & MARK_NOT))
			next = scan->marks.side_to[end];
		if (next == end)
			break;
		end = next;
	}
	return end;
}

bool
address_acts(const struct scan *scan, size_t at)
{
	return (scan->marks.flags[at] & MARK_ORG) != 0;
}

bool
address_links(const struct scan *scan, size_t end, size_t start)
{
	while (end < start && scan->subject.text[end] == ' ')
		end++;
	return end >= start || scan->marks.link_to[end] == start;
}

/* --- finding ---------------------------------------------------------------------------------- */

static void
add(struct addresses *out, size_t start, size_t end, bool general, bool counted)
{
	struct address *last = out->count ? &out->item[out->count - 1] : NULL;

	/* Tails come in order: a new place that reaches back into the last one is the same, longer.
	 */
	while (last && start < last->end && (!general || last->general)) {
		if (last->start < start)
			start = last->start;
		if (last->end > end)
			end = last->end;
		general = general && last->general;
		counted = counted && last->counted;
		out->count--;
		last = out->count ? &out->item[out->count - 1] : NULL;
	}
	if (general && last && start < last->end)
		return;
	mem_grow(&out->item, &out->room, out->count);
	out->item[out->count++] = (struct address){start, end, general, counted};
}

/* 市 in 市场, 路 in 公路, 村 in 村民: not a tail of its own. */
static bool
void_tail(const struct scan *scan, size_t i)
{
	const struct mention *t = &scan->place_word[i];

	if (scan->marks.flags[t->end - 1] & MARK_NOT)
		return true;
	for (size_t k = i > 8 ? i - 8 : 0; k < scan->n_place_words && k < i + 8; k++) {
		const struct mention *o = &scan->place_word[k];

		if (k != i && o->entry == PLACE_TAIL && o->start <= t->start && o->end >= t->end &&
		    o->end - o->start > t->end - t->start)
			return true;
	}
	return false;
}

static bool
stands_before(const struct scan *scan, size_t at, const char *word)
{
	return at >= strlen(word) && scan_is(scan, at - strlen(word), word);
}

/* 记者赵晓路: a person's name, which only ends like a road. */
static bool
is_person(const struct scan *scan, size_t start, size_t end)
{
	static const char *const callings[] = {"记者", "通讯员", "书记", "县长", "市长", "镇长",
	    "乡长", "省长", "区长", "局长", "主任", "院长", "校长", "队长", "所长", "经理", "教授",
	    "医生", "民警", "司机", "嫌疑人"};

	if (utf8_chars(scan->subject.text + start, end - start) > 3)
		return false;
	for (size_t i = 0; i < COUNT_OF(callings); i++)
		if (stands_before(scan, start, callings[i]))
			return true;
	return false;
}

/* 来自山西的游客: where people are from, not where anything is. */
static bool
is_origin(const struct scan *scan, size_t start)
{
	return stands_before(scan, start, "来自") || stands_before(scan, start, "籍贯");
}

/* 8家小吃店, 一家医院: a number of them, not one with a name. Moves *start behind the measure. */
static bool
is_counted(const struct scan *scan, size_t *start, size_t tail)
{
	static const char *const measures[] = {
	    "家", "个", "条", "所", "座", "栋", "处", "排", "间", "幢", "名"};

	if (scan->marks.flags[*start] & MARK_QUANT_END)
		return true;
	if (*start == 0 || !is_digit(scan, *start - 1))
		return false;
	for (size_t i = 0; i < COUNT_OF(measures); i++)
		if (*start + 3 <= tail && scan_is(scan, *start, measures[i])) {
			*start += 3;
			return true;
		}
	return false;
}

/*
 * 大理 in 云南省大理市委宣传部, 固阳县 in 固阳县公益民铁矿派出所: the area only names the unit that
 * follows, in the same breath.
 */
static bool
names_unit(const struct scan *scan, const struct place_words *words, size_t end)
{
	static const char *const people[] = {
	    "人", "籍", "记者", "媒体", "口音", "牌照", "时间", "队", "办", "委"};
	size_t at = end;

	if (address_acts(scan, end))
		return true;

	for (int chars = 0; chars < UNIT_CHARS_MAX && at < scan->subject.size; chars++) {
		bool weak = false;

		for (size_t i = 0; i < COUNT_OF(people); i++)
			weak = weak || scan_is(scan, at, people[i]);
		if (at > end && address_acts(scan, at) &&
		    (!weak || scan_is(scan, at, "人民政府") || scan_is(scan, at, "委员会")))
			return true;
		if (is_stop(scan, words, at) ||
		    (at > end && (scan->marks.flags[at] & (MARK_CUT_END | MARK_PRED))))
			return false;
		at = utf8_next(scan->subject.text, scan->subject.size, at);
	}
	return false;
}

static void
take_tail(const struct scan *scan, const struct place_words *words, size_t i, struct addresses *out)
{
	const struct mention *t = &scan->place_word[i];
	size_t start, chars;
	bool counted;

	if (void_tail(scan, i) || names_unit(scan, words, t->end))
		return;
	start = name_start(scan, words, t->start);
	if (is_person(scan, start, t->end) || is_origin(scan, start))
		return;
	counted = is_counted(scan, &start, t->start);
	chars = utf8_chars(scan->subject.text + start, t->start - start);
	/* 安县 is a county; 大路, 小店 are nothing. */
	if (chars == 0 || (chars == 1 && t->end - t->start == 3 && !scan_is(scan, t->start, "县") &&
			      !scan_is(scan, t->start, "江")))
		return;
	add(out, start, address_sides(scan, t->end), false, counted);
}

/* The next known name of a list (营口、鞍山和盘锦), to the left or the right of name i; i when
 * there is none. */
static size_t
list_neighbour(const struct scan *scan, size_t i, bool right)
{
	static const char *const links[] = {"、", "和", "及", "以及"};
	const struct mention *w = &scan->place_word[i];

	for (size_t k = i > 4 ? i - 4 : 0; k < scan->n_place_words && k < i + 5; k++) {
		const struct mention *o = &scan->place_word[k];
		size_t from = right ? w->end : o->end, to = right ? o->start : w->start;

		if (k == i || o->entry != PLACE_NAME)
			continue;
		for (size_t l = 0; l < COUNT_OF(links); l++)
			if (to == from + strlen(links[l]) && scan_is(scan, from, links[l]))
				return k;
	}
	return i;
}

/* Is the name one of a list of names (兴化、宝应和金湖)? */
static bool
is_listed(const struct scan *scan, size_t i)
{
	return list_neighbour(scan, i, false) != i || list_neighbour(scan, i, true) != i;
}

/*
 * A known name alone may be the place or only describe something (韩国游客, 北京时间): it is taken
 * when it is followed by a side (印度北部) or a thing that happens, or when something is or goes
 * there, or when it stands in a list of such.
 */
static void
take_name(const struct scan *scan, const struct place_words *words, size_t i, struct addresses *out)
{
	size_t start = scan->place_word[i].start, end = scan->place_word[i].end;
	size_t to = address_sides(scan, end);
	uint8_t before = scan->marks.flags[start], behind = scan->marks.flags[to];

	if (names_unit(scan, words, end) || is_origin(scan, start) ||
	    (scan->marks.flags[end - 1] & MARK_NOT))
		return;
	if (to > end || (before & MARK_PREP_END) || (behind & MARK_PRED) || is_listed(scan, i) ||
	    (out->count && out->item[out->count - 1].end == start &&
		!out->item[out->count - 1].general))
		add(out, start, to, false, false);
}

void
addresses_find(const struct scan *scan, const struct place_words *words, struct addresses *out)
{
	out->count = 0;
	for (size_t i = 0; i < scan->n_place_words; i++) {
		const struct mention *w = &scan->place_word[i];

		switch ((enum place_role)w->entry) {
		case PLACE_TAIL:
			take_tail(scan, words, i, out);
			break;
		case PLACE_NAME:
			take_name(scan, words, i, out);
			break;
		case PLACE_GENERAL:
			/* 现场施救 is a manner, 赶到现场施救 a place. */
			if (!(scan->marks.flags[w->end - 1] & MARK_NOT) ||
			    (scan->marks.flags[w->start] & MARK_PREP_END))
				add(out, w->start, w->end, true, false);
			break;
		case PLACE_THERE:
			if ((scan->marks.flags[w->start] & MARK_PREP_END) &&
			    !address_acts(scan, w->end))
				add(out, w->start, w->end, true, false);
			break;
		default:
			break;
		}
	}
}
