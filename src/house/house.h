/*
 * The house: all systems over one store. Whoever opens a store for people or scripts opens it here, so that every
 * verb and every kind of thing is known wherever a command line is read.
 */
#ifndef HOUSE_HOUSE_H
#define HOUSE_HOUSE_H

#include "base/err.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * store_open, then every system's verbs and thing kinds; the zone is the store's, and the clock of a drill store runs where its
 * setting says (drill.clock), for the whole process. Close with store_close.
 */
struct store *house_open(const char *path, enum store_mode mode, struct err *err)
    __attribute__((warn_unused_result));
/* The drill's clock was set by somebody else: go on where it stands now. Open consoles call it at every change. */
void house_follow_clock(struct store *st);
/* Every system's verbs and thing kinds, for a store opened otherwise (store_replay, tests). Once each handle. */
void house_register(struct store *st);

/*
 * Verbs of the house itself:
 *
 *	setting.set    设置    name value          county_name title phone city province policy alert_sender drill …
 *	drill.clock    演练时钟 at                 the clock of a drill store (drill=1) goes on from there, on open consoles too
 *	number.start   起号    series year last    incident|report|order: go on behind the last number given on paper
 */

/*
 * A new store at `path` for the place `area` (9 digits; 0: the demo county, 321084000), with the demo county in it when
 * `demo`. What was half made by a failure is taken away again.
 */
bool house_create(const char *path, int64_t area, bool demo, struct err *err)
    __attribute__((warn_unused_result));
/* The classes every county begins with (skills, goods); house_create does it for any new store. */
bool house_load_classes(struct store *st, struct err *err) __attribute__((warn_unused_result));
/* The demo county's data, classes too, through the verbs (demo.c): people, units, places, teams, stock, plans. */
bool house_load_demo(struct store *st, struct err *err) __attribute__((warn_unused_result));

/*
 * Play a scene: what `zhiban do -` reads. One command line a line; empty lines and those that begin with # are left out; a line
 *
 *	@2025-07-09T18:45 陈涛
 *
 * says what time it is from here on (forms of command_time) and who acts; either may be missing. The clock is pinned by these lines
 * and stands again as it was at the end. Without `keep_going` the first refused line ends it. `tell` (may be NULL) hears of each line.
 * False with the first refusal in err, its line number in front.
 */
struct house_line {
	long number;           /* from 1 */
	const char *text;
	bool done;
	int64_t seq;           /* journal number people see; 0 for @ lines and refused ones */
	const char *said;      /* what was done, or why not; may be NULL */
};
typedef void scene_fn(void *context, const struct house_line *line);
bool house_play(struct store *st, const struct actor *actor, const char *text, bool keep_going, scene_fn *tell, void *context,
    struct err *err) __attribute__((warn_unused_result));
/*
 * What stands behind the @ of such a line: pins the clock, changes the actor (its via stays). A bare time is the next such
 * (store/command.h), so a scene goes forward through midnight.
 */
bool house_turn(struct store *st, struct actor *actor, const char *words, struct err *err)
    __attribute__((warn_unused_result));

/*
 * Who is on duty at `at` in a post (leader chief officer deputy standby), as the shift table says. False when nobody is.
 */
bool house_on_duty(struct store *st, const char *post, int64_t at, struct actor *out);

/*
 * Let happen in every system what has fallen due (duty_tick, dispatch_tick, monitor_tick), each with the time when it was due. Cheap when nothing is.
 * Whoever keeps a store open for people calls it each minute and before a command line. False only when the store fails.
 */
bool house_tick(struct store *st, struct err *err) __attribute__((warn_unused_result));
/* What other systems add to the brief of a handover and to a spot check (duty_section_register); house_register does it. */
void house_sections_register(struct store *st);

#endif
