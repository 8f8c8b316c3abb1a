/* What the tests of the monitoring room share: the demo county (incident/room.h), and documents written by hand. */
#ifndef TESTS_MONITOR_SCENE_H
#define TESTS_MONITOR_SCENE_H

#include "monitor/monitor.h"
#include "tests/incident/room.h"

/* One message; NULL members are left out. Times as "2025-07-09 14:02". */
struct message {
	const char *id, *sent, *type;      /* type NULL: Alert */
	const char *refs;                  /* as written */
	const char *headline, *code, *severity, *expires, *area, *geocode, *polygon, *circle, *status, *text;
	const char *language;
	bool cap;                          /* CAP 1.2, else 国突 */
	const char *sender;                /* CAP: NULL a fixed one; 国突: its code */
};
/* The document as text; the caller frees. */
char *write_message(const struct message *m);
/* Read bytes with the feed readers and take them in as `feed`; adds to *count. */
void take_bytes(struct county *c, const char *feed, const char *bytes, size_t n, struct intake_count *count);
/* One message in; gives its count. */
struct intake_count take(struct county *c, const struct message *m);
/* The rows of the whole store that bear this identifier, oldest first. */
size_t rows_of(struct county *c, const char *identifier, struct alert_row *out, size_t max);
/* Its state when there is just one. */
const char *state_of(struct county *c, const char *identifier);
/* Inbox entries nobody has settled, of a kind (NULL any). */
size_t waiting(struct county *c, const char *kind);
/* Everything of an alert as text; the caller frees. */
char *text_of(struct county *c, const char *identifier);

#endif
