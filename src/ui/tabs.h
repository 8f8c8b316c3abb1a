/*
 * The tab line: the screens that have a digit, the present one in reverse, and at the right the
 * clock that runs out first.
 */
#ifndef UI_TABS_H
#define UI_TABS_H

#include "ui/header.h"
#include "ui/screen.h"

/* In order of their digits; NULL past the end. */
const struct screen_ops *tabs_at(size_t i);
const struct screen_ops *tabs_by_digit(uint32_t digit);
void tabs_draw(int y, int columns, const struct screen_ops *present, const struct header *h);

#endif
