/*
 * Numbers of people that belong together, beyond the one a rule takes (inside decide).
 */
#ifndef DECIDE_TOGETHER_H
#define DECIDE_TOGETHER_H

#include "decide/scan.h"

/*
 * What a candidate's number comes to: doubled for 一对 and 双方各, and with the people joined to it
 * (一对夫妇和两个孩子: 4). *from gets where the first of these numbers begins.
 */
int64_t together(const struct scan *scan, const struct candidate *c, int64_t value, size_t *from);

/* 7人擦伤+1人骨折: the second fact becomes the sum, for the highest figure is the one that counts. */
void together_hurts(struct scan *scan);

#endif
