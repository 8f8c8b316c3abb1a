/*
 * The trial of a rule before it is taken: 2,000 narratives, put together of the lines of data/rules/trial.txt, always the same. A rule that
 * takes more than a millisecond of them on the average would be felt at every key while a call is typed.
 *
 * The rules that came with the program were tried when it was made (tests/decide/test_trial); rules_load tries the others. `zhiban rules`
 * tells of all what they take.
 */
#ifndef DECIDE_TRIAL_H
#define DECIDE_TRIAL_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define TRIAL_TEXTS 2000
#define TRIAL_MEAN_MS 1.0

struct trial;
/* False with err when there is no such file, or nothing to put together in it. */
struct trial *trial_new(const char *path, struct err *err) __attribute__((warn_unused_result));
void trial_free(struct trial *t);
/* The i-th narrative, below TRIAL_TEXTS; valid until the trial is freed. */
const char *trial_text(const struct trial *t, size_t i, size_t *size);

#endif
