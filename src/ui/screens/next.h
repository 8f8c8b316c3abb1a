/*
 * Choosing a verb: what may follow for the thing at hand, or any. The form of the chosen one opens
 * with what the screen's context gives (the incident, order, report under the mark).
 */
#ifndef UI_SCREENS_NEXT_H
#define UI_SCREENS_NEXT_H

struct screen;

/*
 * verbs: names, NULL-terminated; NULL or empty: `nothing` is said. Those the officer may not use
 * are left out.
 */
void next_choose(struct screen *s, const char *const *verbs, const char *nothing);
/* Every verb there is. */
void next_choose_any(struct screen *s);

#endif
