/*
 * Starting a response: the form with what the plan says filled in (measures and period of the
 * level), the approver left to be named: no response starts without one.
 */
#ifndef UI_SCREENS_RESPONSE_START_H
#define UI_SCREENS_RESPONSE_START_H

#include <stdint.h>

struct screen;

/* plan 0: what the plans propose for the incident now. level 0: the proposed one, else 4. */
void response_start_form(struct screen *s, int64_t incident, int64_t plan, int level);

#endif
