/* What an alert says, as one number; and what it is known by. */
#include "monitor/inside.h"

#include "store/digest.h"

#include <ctype.h>
#include <string.h>

/* Larger than any document. */
#define WORDS_MAX (64u << 20)

/* Every field has its end, so no two alerts run into the same bytes. */
static void
put_text(struct buf *b, const char *s)
{
	buf_add_char(b, s ? 't' : 'n');
	if (s)
		buf_add_n(b, s, strlen(s) + 1);
}

static void
put_bytes(struct buf *b, const void *data, size_t n)
{
	if (n)
		buf_add_n(b, data, n);
	buf_add_n(b, (const char *)&n, sizeof(n));
}

static void
put_time(struct buf *b, int64_t ms)
{
	put_bytes(b, &ms, sizeof(ms));
}

static void
put_area(struct buf *b, const struct alert_area *a)
{
	put_text(b, a->description);
	for (size_t i = 0; i < a->n_codes; i++)
		put_text(b, a->codes[i]);
	put_bytes(b, a->ring, a->n_ring * 2 * sizeof(*a->ring));
	if (a->radius_m >= 0) {
		put_bytes(b, &a->lon, sizeof(a->lon));
		put_bytes(b, &a->lat, sizeof(a->lat));
		put_bytes(b, &a->radius_m, sizeof(a->radius_m));
	}
}

static void
put_info(struct buf *b, const struct alert_info *i)
{
	const char *const texts[] = {i->language, i->event, i->event_code, i->headline,
	    i->description, i->instruction, i->sender_name, i->urgency, i->certainty, i->severity,
	    i->response, i->signer, i->web, i->contact, i->resources};

	for (size_t t = 0; t < COUNT_OF(texts); t++)
		put_text(b, texts[t]);
	put_time(b, i->effective);
	put_time(b, i->onset);
	put_time(b, i->expires);
	for (size_t a = 0; a < i->n_areas; a++)
		put_area(b, &i->areas[a]);
}

void
alert_digest(const struct alert *a, char hex[65])
{
	struct buf b = BUF_MAX(WORDS_MAX);

	put_text(&b, a->status);
	put_text(&b, a->msg_type);
	put_text(&b, a->scope);
	put_text(&b, a->note);
	put_text(&b, a->source);
	put_text(&b, a->methods);
	for (size_t i = 0; i < a->n_refs; i++) {
		put_text(&b, a->refs[i].sender);
		put_text(&b, a->refs[i].identifier);
		put_time(&b, a->refs[i].sent);
	}
	for (size_t i = 0; i < a->n_infos; i++)
		put_info(&b, &a->infos[i]);
	digest_hex(buf_str(&b), b.size, hex);
	buf_clear(&b);
}

/* 国突: fourteen digits of the issuer stand before the time, also where a list leaves the sender
 * out. */
static const char *
sender_in(const char *identifier, char out[16])
{
	size_t n = strspn(identifier, "0123456789");

	if (n != 14 || identifier[n] != '_' || !isdigit((unsigned char)identifier[n + 1]))
		return "";
	memcpy(out, identifier, 14);
	out[14] = '\0';
	return out;
}

void
alert_key(
    const struct alert *a, const char *digest, char *identifier, size_t size, const char **sender)
{
	static _Thread_local char found[16];

	utf8_copy(identifier, size, a->identifier && *a->identifier ? a->identifier : digest);
	*sender = a->sender && *a->sender ? a->sender : sender_in(identifier, found);
}

bool
alert_is_thin(const struct alert *a)
{
	static const char *const lists[] = {"nmc", "weathercn", "list12379", "12379"};

	for (size_t i = 0; i < COUNT_OF(lists); i++)
		if (strcmp(or_empty(a->profile), lists[i]) == 0)
			return true;
	return false;
}
