/*
 * Feed items as shapes: one table of fields a struct, from which freeing and the wire form between the parsing child and its
 * parent are made. A field added to feed.h is a row in item.c, else it neither travels nor is freed.
 */
#ifndef EXCHANGE_ITEM_H
#define EXCHANGE_ITEM_H

#include "base/buf.h"
#include "exchange/feed.h"

/* Append the item in wire form: this machine's own numbers, never stored. */
void item_write(struct buf *out, const struct feed_item *item);
/* Read one at *at, moved on. False when the bytes are not a whole item; nothing is left to free then. */
bool item_read(const char *data, size_t n, size_t *at, struct feed_item *item);

#endif
