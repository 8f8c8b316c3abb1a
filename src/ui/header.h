/*
 * The two lines on top of every screen: whose room it is, the time, who is on duty, what has run
 * out or waits, how old the links are; below it the tabs. What does not fit goes in order of
 * weight, the counts of overdue and unacknowledged last.
 */
#ifndef UI_HEADER_H
#define UI_HEADER_H

#include "store/verb.h"
#include "ui/draw.h"

#include <stdbool.h>
#include <stdint.h>

struct header {
	char county[96], leader[64], chief[64], officer[64];
	char me[128];        /* who sits here, when none of the three: "谢丽华 高邮街道" */
	int64_t overdue;     /* report clocks and order limits past */
	int64_t urgent;      /* urgent messages nobody took yet */
	int64_t unacked;     /* orders without acknowledgement */
	int64_t next_due;    /* the report clock or order limit that runs out first, CLOCK_NONE none */
	char next_label[128]; /* "089 电话报告 扬州市应急管理局" */
	char link[64];       /* the worst upstream link: "外网 断 12分", "" none known */
	bool link_bad;
	int64_t outbox;      /* messages waiting to go out */
	bool drill;          /* 演练 */
	bool read_only;
	char trouble[96];    /* "盘满" …: what hinders saving, "" nothing */
};

/* Read everything but `trouble`. Inside a snapshot. */
void header_load(struct header *h, struct store *st, const struct actor *actor);
void header_draw(const struct header *h, int y, int columns);

#endif
