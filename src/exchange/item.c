#include "exchange/item.h"

#include "base/clock.h"
#include "base/mem.h"
#include "exchange/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/*
 * Every struct of feed.h as rows. A list is a pointer and a count; its elements are strings,
 * doubles or a shape. Reading them back never trusts a count: each element takes at least one byte
 * of what is left.
 */
enum field_type { F_TEXT, F_INT64, F_DOUBLE, F_BOOL, F_ENUM, F_TEXTS, F_DOUBLES, F_LIST };

struct shape;
struct field {
	enum field_type type;
	size_t at, count_at;
	const struct shape *of;
};
struct shape {
	size_t size, n;
	const struct field *fields;
};

#define TEXT(type, member)                                                                         \
	{                                                                                          \
		F_TEXT, offsetof(struct type, member), 0, NULL                                     \
	}
#define INT64(type, member)                                                                        \
	{                                                                                          \
		F_INT64, offsetof(struct type, member), 0, NULL                                    \
	}
#define DOUBLE(type, member)                                                                       \
	{                                                                                          \
		F_DOUBLE, offsetof(struct type, member), 0, NULL                                   \
	}
#define BOOL(type, member)                                                                         \
	{                                                                                          \
		F_BOOL, offsetof(struct type, member), 0, NULL                                     \
	}
#define LIST(kind, type, member, count, shape)                                                     \
	{                                                                                          \
		kind, offsetof(struct type, member), offsetof(struct type, count), shape           \
	}
#define SHAPE(name, type, ...)                                                                     \
	static const struct field name##_fields[] = {__VA_ARGS__};                                 \
	static const struct shape name##_shape = {                                                 \
	    sizeof(struct type), COUNT_OF(name##_fields), name##_fields}

/* clang-format off */
SHAPE(ref, alert_ref,
	TEXT(alert_ref, sender), TEXT(alert_ref, identifier), INT64(alert_ref, sent));
SHAPE(area, alert_area,
	TEXT(alert_area, description), LIST(F_TEXTS, alert_area, codes, n_codes, NULL),
	LIST(F_DOUBLES, alert_area, ring, n_ring, NULL), BOOL(alert_area, repaired), DOUBLE(alert_area, lon),
	DOUBLE(alert_area, lat), DOUBLE(alert_area, radius_m));
SHAPE(info, alert_info,
	TEXT(alert_info, language), TEXT(alert_info, event), TEXT(alert_info, event_code), TEXT(alert_info, headline),
	TEXT(alert_info, description), TEXT(alert_info, instruction), TEXT(alert_info, sender_name),
	TEXT(alert_info, urgency), TEXT(alert_info, certainty), TEXT(alert_info, severity), TEXT(alert_info, response),
	TEXT(alert_info, signer), TEXT(alert_info, web), TEXT(alert_info, contact), TEXT(alert_info, resources),
	{ F_ENUM, offsetof(struct alert_info, colour), 0, NULL }, BOOL(alert_info, colour_disagrees),
	BOOL(alert_info, code_disagrees), INT64(alert_info, effective), INT64(alert_info, onset),
	INT64(alert_info, expires), LIST(F_LIST, alert_info, areas, n_areas, &area_shape));
SHAPE(alert, alert,
	TEXT(alert, identifier), TEXT(alert, sender), INT64(alert, sent), TEXT(alert, status), TEXT(alert, msg_type),
	TEXT(alert, scope), TEXT(alert, note), TEXT(alert, source), TEXT(alert, profile), TEXT(alert, methods),
	LIST(F_LIST, alert, refs, n_refs, &ref_shape), LIST(F_LIST, alert, infos, n_infos, &info_shape),
	BOOL(alert, lift), BOOL(alert, inner), BOOL(alert, is_signed));
SHAPE(quake, quake,
	TEXT(quake, id), TEXT(quake, place), TEXT(quake, source), BOOL(quake, reviewed), INT64(quake, at),
	DOUBLE(quake, lon), DOUBLE(quake, lat), DOUBLE(quake, depth_km), DOUBLE(quake, magnitude));
SHAPE(ticket, ticket,
	TEXT(ticket, source), TEXT(ticket, number), TEXT(ticket, caller), TEXT(ticket, phone), TEXT(ticket, title),
	TEXT(ticket, text), TEXT(ticket, address), TEXT(ticket, category), TEXT(ticket, urgency), TEXT(ticket, unit),
	TEXT(ticket, state), BOOL(ticket, secret), INT64(ticket, at), INT64(ticket, deadline), DOUBLE(ticket, lon),
	DOUBLE(ticket, lat));
SHAPE(observation, observation,
	TEXT(observation, station), TEXT(observation, name), TEXT(observation, quantity), INT64(observation, at),
	DOUBLE(observation, value), TEXT(observation, unit), TEXT(observation, trend));
SHAPE(link, feed_link,
	TEXT(feed_link, url), TEXT(feed_link, id), TEXT(feed_link, title), TEXT(feed_link, type),
	INT64(feed_link, updated));
SHAPE(receipt, receipt,
	TEXT(receipt, key), TEXT(receipt, receiver), TEXT(receipt, text), INT64(receipt, at), BOOL(receipt, accepted));
/* clang-format on */

static const struct shape *const shapes[] = {
    [FEED_ALERT] = &alert_shape,
    [FEED_QUAKE] = &quake_shape,
    [FEED_TICKET] = &ticket_shape,
    [FEED_OBSERVATION] = &observation_shape,
    [FEED_LINK] = &link_shape,
    [FEED_RECEIPT] = &receipt_shape,
    [FEED_HEARTBEAT] = &link_shape,
};

struct feed_item
feed_item_new(enum feed_kind kind)
{
	struct feed_item item = {.kind = kind};
	const struct shape *shape = shapes[kind];

	item.alert = mem_zero(1, shape->size);
	for (size_t i = 0; i < shape->n; i++)
		if (shape->fields[i].type == F_INT64)
			*(int64_t *)(void *)((char *)item.alert + shape->fields[i].at) = CLOCK_NONE;
	return item;
}

/* --- freeing ---------------------------------------------------------------------------------- */

static void
clear_value(const struct shape *shape, char *value)
{
	for (size_t i = 0; i < shape->n; i++) {
		const struct field *f = &shape->fields[i];
		void **p = (void **)(void *)(value + f->at);
		size_t count;

		if (f->type == F_TEXT || f->type >= F_TEXTS) {
			count = f->type >= F_TEXTS ? *(size_t *)(void *)(value + f->count_at) : 0;
			for (size_t k = 0; f->type == F_TEXTS && k < count; k++)
				free(((char **)*p)[k]);
			for (size_t k = 0; f->type == F_LIST && k < count; k++)
				clear_value(f->of, (char *)*p + k * f->of->size);
			free(*p);
		}
	}
}

void
feed_item_clear(struct feed_item *item)
{
	if (item->alert)
		clear_value(shapes[item->kind], (char *)item->alert);
	free(item->alert);
	free(item->notes);
	free(item->raw);
	memset(item, 0, sizeof(*item));
}

bool
feed_list_keep(void *context, struct feed_item *item)
{
	struct feed_list *list = context;

	if (list->n >= FEED_ITEMS_MAX) {
		feed_item_clear(item);
		return false;
	}
	mem_grow(&list->item, &list->room, list->n);
	list->item[list->n++] = *item;
	return true;
}

void
feed_list_clear(struct feed_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		feed_item_clear(&list->item[i]);
	free(list->item);
	*list = (struct feed_list){0};
}

/* --- the wire --------------------------------------------------------------------------------- */

#define NO_TEXT SIZE_MAX

static void
put_size(struct buf *out, size_t n)
{
	buf_add_n(out, (const char *)&n, sizeof(n));
}

static void
put_text(struct buf *out, const char *s)
{
	put_size(out, s ? strlen(s) : NO_TEXT);
	if (s)
		buf_add_n(out, s, strlen(s));
}

static void
put_value(struct buf *out, const struct shape *shape, const char *value)
{
	for (size_t i = 0; i < shape->n; i++) {
		const struct field *f = &shape->fields[i];
		const char *p = value + f->at;
		const void *list = NULL;
		size_t count;

		if (f->type == F_TEXT || f->type >= F_TEXTS)
			list = *(const void *const *)(const void *)p;
		switch (f->type) {
		case F_TEXT:
			put_text(out, list);
			break;
		case F_INT64:
		case F_DOUBLE:
			buf_add_n(out, p, 8);
			break;
		case F_BOOL:
			buf_add_n(out, p, sizeof(bool));
			break;
		case F_ENUM:
			buf_add_n(out, p, sizeof(enum colour));
			break;
		case F_TEXTS:
		case F_DOUBLES:
		case F_LIST:
			count = *(const size_t *)(const void *)(value + f->count_at);
			put_size(out, count);
			if (f->type == F_DOUBLES && count)
				buf_add_n(out, list, count * 2 * sizeof(double));
			for (size_t k = 0; f->type == F_TEXTS && k < count; k++)
				put_text(out, ((char *const *)list)[k]);
			for (size_t k = 0; f->type == F_LIST && k < count; k++)
				put_value(out, f->of, (const char *)list + k * f->of->size);
			break;
		}
	}
}

void
item_write(struct buf *out, const struct feed_item *item)
{
	buf_add_n(out, (const char *)&item->kind, sizeof(item->kind));
	put_text(out, item->notes);
	put_text(out, item->raw);
	put_value(out, shapes[item->kind], (const char *)item->alert);
}

struct wire {
	const char *data;
	size_t n, at;
};

static bool
get(struct wire *w, void *out, size_t n)
{
	if (n > w->n - w->at)
		return false;
	memcpy(out, w->data + w->at, n);
	w->at += n;
	return true;
}

static bool
get_text(struct wire *w, char **out)
{
	size_t n;

	*out = NULL;
	if (!get(w, &n, sizeof(n)))
		return false;
	if (n == NO_TEXT)
		return true;
	if (n > w->n - w->at)
		return false;
	*out = mem_dupn(w->data + w->at, n);
	w->at += n;
	return true;
}

static bool get_value(struct wire *w, const struct shape *shape, char *value);

/* The count is set element by element, so that what was read can be freed at any point. */
static bool
get_list(struct wire *w, const struct field *f, char *value)
{
	void **p = (void **)(void *)(value + f->at);
	size_t *done = (size_t *)(void *)(value + f->count_at), count, left, size;

	if (!get(w, &count, sizeof(count)))
		return false;
	left = w->n - w->at;
	size = f->type == F_TEXTS     ? sizeof(char *)
	       : f->type == F_DOUBLES ? 2 * sizeof(double)
				      : f->of->size;
	if (count > left / (f->type == F_DOUBLES ? size : sizeof(size_t)))
		return false;
	if (count == 0)
		return true;
	*p = mem_zero(count, size);
	if (f->type == F_DOUBLES) {
		*done = count;
		return get(w, *p, count * size);
	}
	for (; *done < count; ++*done) {
		bool ok = f->type == F_TEXTS ? get_text(w, (char **)*p + *done)
					     : get_value(w, f->of, (char *)*p + *done * size);

		if (!ok) {
			if (f->type == F_LIST)
				clear_value(f->of, (char *)*p + *done * size);
			return false;
		}
	}
	return true;
}

static bool
get_value(struct wire *w, const struct shape *shape, char *value)
{
	for (size_t i = 0; i < shape->n; i++) {
		const struct field *f = &shape->fields[i];
		char *p = value + f->at;
		bool ok = true;
		unsigned char flag;

		switch (f->type) {
		case F_TEXT:
			ok = get_text(w, (char **)(void *)p);
			break;
		case F_INT64:
		case F_DOUBLE:
			ok = get(w, p, 8);
			break;
		case F_BOOL:
			ok = get(w, &flag, 1) && flag <= 1;
			if (ok)
				*(bool *)(void *)p = flag;
			break;
		case F_ENUM:
			ok = get(w, p, sizeof(enum colour)) &&
			     *(unsigned *)(void *)p <= COLOUR_WHITE;
			break;
		case F_TEXTS:
		case F_DOUBLES:
		case F_LIST:
			ok = get_list(w, f, value);
			break;
		}
		if (!ok)
			return false;
	}
	return true;
}

bool
item_read(const char *data, size_t n, size_t *at, struct feed_item *item)
{
	struct wire w = {data, n, *at};
	unsigned kind;

	memset(item, 0, sizeof(*item));
	if (!get(&w, &kind, sizeof(kind)) || kind >= COUNT_OF(shapes))
		return false;
	*item = feed_item_new((enum feed_kind)kind);
	if (!get_text(&w, &item->notes) || !get_text(&w, &item->raw) ||
	    !get_value(&w, shapes[kind], (char *)item->alert)) {
		feed_item_clear(item);
		return false;
	}
	*at = w.at;
	return true;
}
