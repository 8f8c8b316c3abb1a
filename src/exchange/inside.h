/*
 * What the readers share and nobody else sees: the way an item goes out, notes, lenient times and texts, the event-name table.
 */
#ifndef EXCHANGE_INSIDE_H
#define EXCHANGE_INSIDE_H

#include "base/buf.h"
#include "exchange/feed.h"

/* --- readers: one a file, listed in read.c -------------------------------------------------------- */

/* Where a reader's items go. `failed` is set once the sink or the maximum stopped it: the reader returns false. */
struct feed_out {
	feed_sink sink;
	void *context;
	const struct feed_profile *profile; /* never NULL */
	size_t count;
	bool failed;
	struct err *err;
};

struct feed_reader {
	const char *name;
	/* A cheap look: is it this format? The text is clean UTF-8 without byte-order mark; root is its XML root or "". */
	bool (*detects)(const char *text, size_t n, const char *root);
	bool (*read)(const char *text, size_t n, struct feed_out *out);
};
extern const struct feed_reader reader_cap, reader_edxl, reader_ebd, reader_atom, reader_rss,
    reader_receipt, reader_quakeml, reader_waterml, reader_usgs, reader_cenc, reader_nmc, reader_list12379,
    reader_weathercn, reader_cap_json, reader_ticket_json, reader_ticket_csv, reader_water_csv;

/* Hand an item over; false when the sink has enough. The item is the sink's, or freed, in either case. */
bool feed_emit(struct feed_out *out, struct feed_item *item);
/* An empty item of the kind with its value allocated; times are CLOCK_NONE, a circle radius is set by its reader. */
struct feed_item feed_item_new(enum feed_kind kind);

/* --- notes: findings for the officer, one a line, each said once --------------------------------- */

struct notes {
	struct buf text;
	size_t room; /* bytes that may be used so far */
	int calls;
};
#define NOTES_MAX 2000       /* bytes; as many again after notes_reopen */
#define NOTES_CALLS 1000     /* a hostile document does not make us format a million lines */
void notes_add(struct notes *notes, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room and calls anew: what is found out at the end is not drowned by what stood in the document. */
void notes_reopen(struct notes *notes);
char *notes_take(struct notes *notes); /* NULL when there are none */

/* --- texts and times -------------------------------------------------------------------------------- */

/* Trimmed and cleaned (utf8_clean); NULL when empty. `lines`: line feeds stay, else any blank run is one blank. */
char *feed_text(const char *s, size_t n, bool lines);
/* Replace *to unless it has a value already or the text is empty. */
void feed_keep(char **to, const char *s, size_t n, bool lines);
bool feed_same(const char *a, const char *b); /* both NULL or equal */

/*
 * A time as upstream writes it: ISO 8601 with T or blank, '-' or '/' between, seconds or not, fractions, Z or an offset;
 * 14 digits; RFC 822 (RSS). Without a zone it is `zone_minutes` east. Years of the Buddhist era (2443..2700) become ours.
 */
enum when_form { WHEN_BAD, WHEN_CAP, WHEN_ODD }; /* CAP: exactly a CAP dateTime; ODD: read, in another form */
enum when_form feed_when(const char *s, size_t n, int zone_minutes, int64_t *out);

/* A decimal number at *s (before end), moved on; locale does not matter. False when there is none. */
bool feed_number(const char **s, const char *end, double *out);

/* --- colours and event names (colour.c) ------------------------------------------------------------ */

/* Load data/exchange/event_names.tsv once; false when it cannot be read. */
bool event_names_load(struct err *err);
/* The five-character code of the longest event name in a Chinese text, NULL none. *name gets that name. */
const char *event_in_text(const char *text, const char **name);
/* The name of a code (11B03, or p0002), NULL unknown. */
const char *event_name_of(const char *code);
const char *event_code_of_picture(const char *picture); /* p0005… -> 11B17 */
bool event_code_valid(const char *code);                /* five characters, 11B03 */

enum colour colour_in_text(const char *headline);     /* 暴雨橙色预警, [II级/严重], "blue warning" */
/*
 * Fill colour, event, event_code and the flags of an info from severity, headline, event and code as read. `coloured`: the
 * source is Chinese, its severity words mean warning colours and headlines carry them.
 */
void alert_info_settle(struct alert_info *info, bool coloured, enum colour by_code, struct notes *notes);
/* Does the headline lift a warning (解除)? */
bool headline_lifts(const char *headline);

#endif
