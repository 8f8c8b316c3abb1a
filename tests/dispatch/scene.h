/* What the tests of this room share: the demo county (tests/incident/room.h), command lines, and the night's incidents. */
#ifndef TESTS_DISPATCH_SCENE_H
#define TESTS_DISPATCH_SCENE_H

#include "tests/incident/room.h"

#include "base/mem.h"
#include "dispatch/dispatch.h"
#include "plan/plan.h"
#include "resource/resource.h"

#include <stdlib.h>
#include <string.h>

/* Run a command line that must be done; gives what was said, valid until the next. */
const char *line(struct county *c, const struct actor *who, const char *text);
/* Run a command line that must be refused with `code`; the message must hold `words` (NULL any). */
void bad_line(struct county *c, const struct actor *who, const char *text, int code, const char *words);
/* Fails with both texts unless `text` holds `words`. */
void holds(const char *text, const char *words);

/* Row 21: the dike at 临泽镇, 18:45. Row 38: the ammonia tanker on the G2, 03:12 of the next day. Give the incident. */
int64_t scene_dike(struct county *c);
int64_t scene_tanker(struct county *c);
/* "021" of an incident. */
const char *scene_no(struct county *c, int64_t incident);
/* The newest order; it must exist. */
struct order_row newest_order(struct county *c);
int64_t thing_named(struct county *c, const char *kind, const char *word);

#endif
