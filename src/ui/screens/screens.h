/*
 * The screens there are, and the few functions that know them all. A screen is declared here, lives
 * in its own file, and is listed in tabs.c when it has a digit, in more.c when it stands under "0
 * More".
 */
#ifndef UI_SCREENS_SCREENS_H
#define UI_SCREENS_SCREENS_H

#include "ui/console.h"
#include "ui/popup.h"
#include "ui/screen.h"

#include <stddef.h>
#include <stdint.h>

extern const struct screen_ops screen_board;     /* 1 值守: the duty board */
extern const struct screen_ops screen_incidents; /* 2 事件: the list */
extern const struct screen_ops screen_plans;     /* 3 预案: the library; subject: an incident to match, or argument: words */
extern const struct screen_ops screen_resources; /* 4 资源 */
extern const struct screen_ops screen_reports;   /* 6 报送 */
extern const struct screen_ops screen_journal;   /* 日志; subject: an incident, 0 all */
extern const struct screen_ops screen_orders;    /* 指令; subject: an incident, 0 all */
extern const struct screen_ops screen_units;     /* 调度板: who is out, where, since when */
extern const struct screen_ops screen_inbox;     /* 收件箱 */
extern const struct screen_ops screen_message;   /* one message, read; subject: inbox entry; argument "join": asks at once to which */
extern const struct screen_ops screen_alerts;    /* 预警 */
extern const struct screen_ops screen_alarms;    /* 报警 */
extern const struct screen_ops screen_links;     /* 链路 */

extern const struct screen_ops screen_duty;      /* 8 值班: who has the desk, what waits there */
extern const struct screen_ops screen_handover;  /* 交接班 */
extern const struct screen_ops screen_callout;   /* 叫应 */
extern const struct screen_ops screen_rollcall;  /* 点名 */
extern const struct screen_ops screen_instructions; /* 批示督办 */
extern const struct screen_ops screen_register;  /* 值班日志 电话记录 收发文 */
extern const struct screen_ops screen_roster;    /* 值班表 */
extern const struct screen_ops screen_spot;      /* 抽查 */
extern const struct screen_ops screen_phone;     /* 电话记录, one key from anywhere */

extern const struct screen_ops screen_intake;    /* 接报; subject: the incident of a further call; argument: a draft's name */
extern const struct screen_ops screen_incident;  /* one incident with its pages */
extern const struct screen_ops screen_plan;      /* one plan; argument: id of the incident it is read for */
extern const struct screen_ops screen_report;    /* one report: read, edit, sign */
extern const struct screen_ops screen_form;      /* argument: "VERB {preset}" */
extern const struct screen_ops screen_reader;    /* argument: "TITLE\nTEXT" */
extern const struct screen_ops screen_secret;    /* one's own secret */
extern const struct screen_ops screen_find;      /* full-text search; argument: words */

/*
 * The key tables of an incident's pages, with their titles (N_()); NULL past the end. For help and
 * manual.
 */
const struct key_table *screens_page_keys(size_t i, const char **title);

/* Open whatever kind a thing is of: "incident", "report", "plan" …; false when it has no screen. */
bool screens_open_thing(struct console *c, const char *kind, int64_t id);

/* What happened since one's own last watch. */
void screens_show_since(struct console *c);

/* The menu under 0. */
size_t screens_more_items(struct popup_item *items, size_t max);
void screens_more(struct console *c, int64_t chosen);
/* Say that unfinished texts wait, when some do. */
void screens_offer_drafts(struct console *c);

#endif
