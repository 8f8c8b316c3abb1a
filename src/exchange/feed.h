/*
 * What upstream says, as plain values. A reader (one file a format) turns bytes into items and hands each to a sink; nothing is
 * stored here. Readers are lenient in form and strict in danger: elements by local name, empty is absent, order does not
 * matter; DOCTYPE, depth over 64, over 512 attributes on one element, text over its maximum, bytes that are no text
 * end the document with a named reason and no item of it counts (a sink collects, and acts only when feed_read gave true).
 *
 * Encodings: valid UTF-8 wins over what is declared; else a byte-order mark, else the declaration (gb2312 and gbk are read as
 * gb18030), else gb18030 when it decodes whole. Every text is cleaned (utf8_clean) on its way out.
 *
 *	static bool keep(void *context, struct feed_item *item) { … takes the struct over … }
 *	if (!feed_read(bytes, n, &profile, keep, &list, &format, &err)) { forget the list; say err.message; }
 */
#ifndef EXCHANGE_FEED_H
#define EXCHANGE_FEED_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum feed_kind { FEED_ALERT, FEED_QUAKE, FEED_TICKET, FEED_OBSERVATION, FEED_LINK, FEED_RECEIPT, FEED_HEARTBEAT };

/* Warning colour (预警级别); a smaller number is worse. Never an event grade, never a response level. */
enum colour { COLOUR_NONE = 0, COLOUR_RED = 1, COLOUR_ORANGE = 2, COLOUR_YELLOW = 3, COLOUR_BLUE = 4, COLOUR_WHITE = 5 };

/* Findings on an item that an officer should see beside it: schema, odd dates, disagreement. Joined by line feeds in `notes`. */

struct alert_ref { char *sender, *identifier; int64_t sent; }; /* sender NULL and sent CLOCK_NONE for a bare identifier */

/* An area with several polygons or circles comes as several, one ring or circle each; codes and description stand on each one's first. */
struct alert_area {
	char *description;                     /* NULL on the second and further shapes of one area */
	char **codes; size_t n_codes;          /* as given: "321084000000", "FIPS6=…" keeps scheme=value */
	double *ring; size_t n_ring;           /* lon, lat pairs of one polygon, closed by the reader when it was open */
	bool repaired;                         /* it was open, or had too few points and was dropped */
	double lon, lat, radius_m;             /* circle; radius_m < 0 none. Metres whatever the profile wrote */
};

struct alert_info {
	char *language, *event, *event_code;   /* code: five characters where one is known, else as given */
	char *headline, *description, *instruction, *sender_name, *urgency, *certainty, *severity, *response;
	char *signer;                          /* 国突: the officer who signed (签发人), a person, never shown as the issuer */
	char *web, *contact, *resources;       /* resources: one line each, "what address" */
	enum colour colour;                    /* severity, headline, code of a Chinese source: the worst on disagreement; of others the headline */
	bool colour_disagrees, code_disagrees; /* the event name in the headline beats the code */
	int64_t effective, onset, expires;     /* CLOCK_NONE absent */
	struct alert_area *areas; size_t n_areas;
};

struct alert {
	char *identifier, *sender;             /* sender: senderCode of 国突 when there is one */
	int64_t sent;
	char *status, *msg_type, *scope, *note, *source, *profile; /* profile: cap12 cap11 cap10 guotu cma ebm nmc … */
	struct alert_ref *refs; size_t n_refs; /* self-references left out */
	struct alert_info *infos; size_t n_infos;
	char *methods;                         /* 国突: by which means which words go out, a line each: "SMS: …" */
	bool lift;                             /* 解除 in the headline, or Cancel */
	bool inner;                            /* 国突: secClassification Inner, not to be handed on outside */
	bool is_signed;                        /* carries an XML signature; not checked here */
};

struct quake {
	char *id, *place, *source;
	bool reviewed;
	int64_t at;
	double lon, lat, depth_km, magnitude;  /* depth and magnitude NAN where upstream tells none */
};

struct ticket {
	char *source;                          /* "12345", "110", "119" … */
	char *number, *caller, *phone, *title, *text, *address, *category, *urgency, *unit, *state;
	bool secret;                           /* 保密: name and phone are masked in lists and exports */
	int64_t at, deadline;
	double lon, lat;                       /* 0,0 unknown */
};

struct observation {
	char *station, *name, *quantity;       /* water_level rain_1h rain_3h rain_24h flow … */
	int64_t at;
	double value;
	char *unit, *trend;                    /* trend: falling rising steady, NULL unknown */
};

/* An index entry that points to a document; type: its media type where the index tells. A heartbeat: id, updated and title only. */
struct feed_link { char *url, *id, *title, *type; int64_t updated; };
struct receipt { char *key, *receiver, *text; int64_t at; bool accepted; };

struct feed_item {
	enum feed_kind kind;
	union {
		struct alert *alert;
		struct quake *quake;
		struct ticket *ticket;
		struct observation *observation;
		struct feed_link *link;
		struct receipt *receipt;
	};
	char *notes;                           /* owned, NULL none */
	char *raw;                             /* owned: the part (as UTF-8) this item stands in; NULL: the whole document */
};
/* Frees what the item owns, and the value behind its pointer. */
void feed_item_clear(struct feed_item *item);

/* How a source differs from the rule; a row of the table feed. */
struct feed_profile {
	const char *name;
	const char *format;                    /* "auto" or a reader's name */
	const char *columns;                   /* CSV and JSON tickets: "number=工单编号 text=诉求内容 …", NULL the built-in guess */
	int zone_minutes;                      /* of times without a zone */
	bool radius_km;                        /* circle radius in km (CAP) or metres (国突) */
};

/* Takes the item over: it copies the struct and clears it some day. False (its own maximum is reached) ends the reading with an error. */
typedef bool (*feed_sink)(void *context, struct feed_item *item);

/* The names of the readers, for profiles and help: "cap" "atom" "rss" "ebd" "edxl" "usgs" "cenc" "nmc" "weathercn" … NULL-terminated. */
const char *const *feed_formats(void);

#define FEED_MAX (24u << 20)       /* bytes of one document */
#define FEED_ITEMS_MAX 200000      /* items of one document */

/*
 * Decode, choose the reader (profile->format, or by detection), read. False with a named reason: nothing of the document
 * counts then. profile NULL: any format, China's time, circles in km. *format (may be NULL) gets the name of the reader.
 * No input crashes it, and none takes over 1 s or 100 MB beside the items themselves.
 */
bool feed_read(const char *bytes, size_t n, const struct feed_profile *profile, feed_sink sink, void *context,
    const char **format, struct err *err) __attribute__((warn_unused_result));
/* The same in a child process without files or network (seccomp, Landlock where the kernel has them), killed after
 * `limit_ms`. The items come back whole. */
bool feed_read_apart(const char *bytes, size_t n, const struct feed_profile *profile, int limit_ms, feed_sink sink,
    void *context, const char **format, struct err *err) __attribute__((warn_unused_result));

/*
 * A kind of event as the table of event names knows it (data/exchange/event_names.tsv): by its name, 暴雨, or its code, 11B03. False with
 * ERR_NOT_FOUND when it knows neither. The strings live as long as the process.
 */
bool event_find(const char *word, const char **name, const char **code, struct err *err) __attribute__((warn_unused_result));
/* By its name in English or Chinese, or by the severity that stands for it: red, Orange, 橙色, Severe …; COLOUR_NONE none of them. */
enum colour colour_of_severity(const char *severity);
/* "red" as the verbs' parameters have it, and 红色 as headlines have it, whatever the interface language; "" for none. */
const char *colour_word(enum colour colour);
const char *colour_chinese(enum colour colour);
/* red orange … in the interface language; "-" for none. */
const char *colour_label(enum colour colour);

/*
 * A sink that keeps the items, up to FEED_ITEMS_MAX: struct feed_list list = {0}; feed_read(…, feed_list_keep, &list, …);
 * feed_list_clear(&list) whether the reading succeeded or not.
 */
struct feed_list {
	struct feed_item *item; /* owned */
	size_t n, room;
};
bool feed_list_keep(void *list, struct feed_item *item);
void feed_list_clear(struct feed_list *list);

#endif
