/*
 * Building one alert out of XML, wherever it stands: alone, in an <alerts>, in an Atom entry, an RSS item or an EDXL envelope. The
 * outer reader hands on every tag between <alert> and </alert>.
 *
 * CAP 1.0, 1.1, 1.2, with prefix, without, without namespace, and the 国突 profile (no namespace, sendTime, senderCode, eventType,
 * colours as severity, codes as a comma list, references as the first identifier). An element counts by its name, wherever it stands:
 * national services misplace expires, polygon and senderName.
 */
#ifndef EXCHANGE_CAP_H
#define EXCHANGE_CAP_H

#include "exchange/inside.h"
#include "exchange/xml.h"

struct cap_builder;

struct cap_builder *cap_builder_new(const struct feed_profile *profile);
void cap_builder_free(struct cap_builder *b);
/* A tag: "alert" begins one. */
enum xml_want cap_open(struct cap_builder *b, struct xml *x, const char *name, const char *space);
/* True when </alert> ends it: take it then. A limit passed is told by cap_over. */
bool cap_close(struct cap_builder *b, const char *name, const char *text, size_t n);
bool cap_inside(const struct cap_builder *b);
/* The alert as an item, notes included. False when there is nothing of an alert in it (no identifier and no info). */
bool cap_take(struct cap_builder *b, struct feed_item *item);
/* Which maximum was passed, NULL none. */
const char *cap_over(const struct cap_builder *b);

#define CAP_INFOS 200
#define CAP_AREAS 20000
#define CAP_CODES 100000
#define CAP_CORNERS 1000000
#define CAP_REFS 2000

/* A code list as 国突 and EBM write it, "410000000000,410000000000": each code once. False when there are too many. */
bool area_add_codes(struct alert_area *area, const char *s, size_t n);
/* One code more, unless it stands there already; takes `code` over. */
void area_add_code(struct alert_area *area, char *code);
/* 14 digits, a line, 14 digits: the identifier of the national system, in 12379 as in CMA's and the lists. */
bool identifier_is_national(const char *identifier);
/* References: triples "sender,identifier,sent" or bare identifiers between blanks; self-references are left out. */
void alert_add_refs(struct alert *alert, const char *s, size_t n, int zone_minutes, struct notes *notes);

/*
 * What the national identifier tells (14 digits of the issuer, a line, the time): the sender where there is none, and for infos
 * without any area the issuer's county, noted.
 */
void alert_from_identifier(struct alert *alert, struct notes *notes);

/* --- a whole CAP message (cap_settle.c) -------------------------------------------------------------- */

/* What was seen of the way it is written while cap.c read it. */
struct cap_marks {
	bool guotu;        /* 国突, the national platform's own elements */
	bool prefixless;   /* no CAP version is named: the unit of a radius is not said */
	bool radius_km;    /* of the profile: then it is kilometres */
	char *issuer;      /* owned by the builder: the text of <sender> */
	char *sender_code; /* the same, of 国突; cap_settle takes it over as the alert's sender */
};
/* Profile, signer, radii in metres, colour and event of each info, whether it lifts; what it lacks goes to the notes. */
void cap_settle(struct alert *alert, struct cap_marks *marks, struct notes *notes);

#endif
