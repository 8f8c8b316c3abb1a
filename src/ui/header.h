/*
 * The two lines on top of every screen: whose room it is, the time, who is on duty, what has run
 * out or waits, how old the links are; below it the tabs. What does not fit goes in order of
 * weight, the counts of overdue and unacknowledged last.
 */
#ifndef UI_HEADER_H
#define UI_HEADER_H

#include "store/verb.h"
#include "ui/bell.h"
#include "ui/draw.h"

#include <stdbool.h>
#include <stdint.h>

#define HEADER_MATTERS 700

struct header {
	char county[96], leader[64], chief[64], officer[64];
	char me[128];        /* who sits here, when none of the three: "谢丽华 高邮街道" */
	int64_t overdue;     /* report clocks, limits of orders and of instructions past */
	int64_t red;         /* messages that must be answered: red warnings */
	int64_t urgent;      /* other urgent messages nobody took yet */
	int64_t fresh;       /* all others of these */
	int64_t uncalled;    /* call-outs past their limit, units a roll call did not reach */
	int64_t unacked;     /* orders without acknowledgement */
	int64_t next_due;    /* the report clock or order limit that runs out first, CLOCK_NONE none */
	char next_no[24], next_what[64], next_who[96]; /* "089", "电话报告", "扬州市应急管理局": of what that is */
	char link[64];       /* the worst upstream link: "外网 断 12分", "" none known */
	bool link_bad;
	int64_t outbox;      /* messages waiting to go out */
	int64_t calls, drafts; /* of one's own, left half typed: calls nobody has filed yet, other texts */
	bool drill;          /* 演练 */
	bool read_only;
	bool handing_over, unopened; /* a handover is under way; the shift has changed without one */
	struct bell_matter matters[HEADER_MATTERS]; /* what may ring */
	size_t n_matters;
	char trouble[96];    /* "盘满" …: what hinders saving, "" nothing */
};

/* Read everything but `trouble`. Inside a snapshot. */
void header_load(struct header *h, struct store *st, const struct actor *actor);
void header_draw(const struct header *h, int y, int columns);

#endif
