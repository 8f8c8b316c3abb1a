/*
 * Finding by words and by pinyin initials. Full text: FTS5 with a tokenizer of our own that indexes overlapping
 * bigrams of CJK text and whole words of the rest (reliability 2.5), detail=none, newest first, each hit re-checked by substring.
 * No FTS syntax ever reaches the user: every query is taken as plain words that must all occur.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct actor;

/* Index (or re-index) a text. Only inside a verb. kind: "journal", "incident", "plan", "call", "report" … */
void search_put(struct store *st, const char *kind, int64_t ref, const char *text);

struct search_hit {
	char kind[16];
	int64_t ref;
	char snippet[200];     /* the first place where the words occur, cut at characters */
	bool cut;              /* it does not begin where the text does; no sign of that stands in it, for it is masked by where it is cut from */
};
/*
 * Newest `max` hits for `words` (of `kind`, NULL all kinds), older than hit `before` (rowid from the last hit's cursor, 0 =
 * newest). *cursor (may be NULL) gets where to go on. Gives the count.
 */
size_t search_find(struct store *st, const char *kind, const char *words, int64_t before,
    struct search_hit *out, size_t max, int64_t *cursor);
/*
 * The same, only what the reader may see (store/scope.h); NULL sees all. Every face that shows texts to a person asks
 * this one.
 */
size_t search_find_for(struct store *st, const struct actor *reader, const char *kind, const char *words, int64_t before,
    struct search_hit *out, size_t max, int64_t *cursor);

/*
 * Ids of the journal rows between `above` and `below` (both excluded) whose text holds all the words, whoever asks: the highest first,
 * or with `up` the lowest. At most `max`; gives the count. What lies outside is not read, however many rows answer there.
 */
size_t search_journal(struct store *st, const char *words, int64_t above, int64_t below, bool up, int64_t *id, size_t max);

/*
 * Pinyin initials of a text: 龙虬镇 -> "lqz", G2京沪高速 -> "g2jhgs". Lower case; characters without a reading
 * are left out. Readings are ICU's, corrected by data/pinyin.tsv for names (高邮 gy, 重庆 cq, 子婴河 zyh …).
 */
void pinyin_initials(const char *text, char *out, size_t size);
/* Does `typed` (letters) begin, or stand inside, the initials? 3 whole, 2 prefix, 1 inside, 0 no. */
int pinyin_match(const char *initials, const char *typed);

#endif
