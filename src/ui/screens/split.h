/*
 * How a list of what comes in stands on the screen: a heading in reverse, the list, and where there
 * is room the details of the line under the mark. And what such a list says when it is empty: that
 * nothing came is only true while the links are up.
 */
#ifndef UI_SCREENS_SPLIT_H
#define UI_SCREENS_SPLIT_H

#include "ui/lines.h"
#include "ui/table.h"

struct store;

/*
 * Draw heading, list and details. `tell` fills the lines for the row under the mark; it is asked
 * only where there is room: on tall screens a third, on low ones what the list leaves free.
 */
void split_draw(struct table *t, struct lines *details, struct area a, const char *heading,
    void (*tell)(struct lines *l, const void *row));
/* A headline where its issuer stands beside it: "高邮市气象台发布暴雨橙色预警信号" -> "暴雨橙色预警信号". A part of it. */
const char *split_matter(const char *headline, const char *issuer);
/* "Nothing new. 外网 down 47 min: …" in out; called in `load`. */
void split_empty(struct store *st, const char *nothing, char *out, size_t size);

#endif
