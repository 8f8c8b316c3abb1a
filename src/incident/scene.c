/*
 * Where it is: the place the caller speaks of among the places of the words, its township, road
 * mark and position.
 */
#include "incident/inside.h"

#include "base/id.h"

#include <stdlib.h>
#include <string.h>

/* The township a name of the gazetteer lies in; 0 when it says nothing more than the county. */
int64_t
area_of_ref(struct store *st, int64_t ref)
{
	int64_t area;

	if (!ref)
		return 0;
	area = sql_one_int(st,
	    "SELECT id FROM area WHERE id = ?1 UNION ALL SELECT area FROM place WHERE id = ?1 "
	    "UNION ALL"
	    " SELECT area FROM unit WHERE id = ?1 UNION ALL SELECT area FROM team WHERE id = ?1 "
	    "UNION ALL"
	    " SELECT area FROM enterprise WHERE id = ?1 UNION ALL SELECT area FROM shelter WHERE "
	    "id = ?1 UNION ALL"
	    " SELECT area FROM hospital WHERE id = ?1",
	    0, "i", ref);
	return area == store_area(st) ? 0 : area;
}

/* "两名小学" out of "两名小学生" is no place. */
static bool
begins_with_people(const char *s)
{
	static const char *const numbers[] = {
	    "一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "十", "数", "几", "多"};
	size_t n = strspn(s, "0123456789");

	for (size_t i = 0; i < COUNT_OF(numbers) && !n; i++)
		if (strncmp(s, numbers[i], strlen(numbers[i])) == 0)
			n = strlen(numbers[i]);
	return n && (strncmp(s + n, "名", 3) == 0 || strncmp(s + n, "个", 3) == 0 ||
			strncmp(s + n, "位", 3) == 0 || strncmp(s + n, "人", 3) == 0);
}

/* The place: what the caller speaks of, not where the caller sits, if both are told. */
static const struct fact *
main_place(const char *text, const struct reading *r)
{
	const struct fact *first = NULL;
	size_t from = 0, end = source_span(text, &from);

	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];
		if (f->kind != FACT_PLACE || f->aside || begins_with_people(f->text))
			continue;
		if (!end || f->byte_start >= from + end)
			return f;
		if (!first)
			first = f;
	}
	return first;
}

/* The place's words, with a road mark that follows at once, behind the township when they do not
 * name it. */
static void
write_place(struct store *st, const char *text, const struct fact *place, const struct fact *road,
    struct scene *in)
{
	struct buf b = BUF_MAX(sizeof(in->place) - 1);
	const char *whole;
	size_t length = 0;
	char *town = in->area
			 ? sql_one_text(st, "SELECT short FROM area WHERE id = ?1", "i", in->area)
			 : NULL;

	if (town && strstr(text, town) && place && !strstr(place->text, town))
		buf_add(&b, town);
	if (place)
		buf_add(&b, place->text);
	else if (road)
		buf_add(&b, road->text);
	if (place && road && road->byte_start == place->byte_end)
		buf_add(&b, road->text);
	/* A flood, a storm: the whole county is a place too. */
	if (!b.size && (whole = cue_find(text, strlen(text), "全市|全县|全区|我市|我县", &length)))
		buf_add_n(&b, whole, length);
	utf8_copy(in->place, sizeof(in->place), buf_str(&b));
	buf_clear(&b);
	free(town);
}

/* 三阳河三垛镇段: the river runs through the county, the words name the township. */
static int64_t
area_in_text(struct store *st, const char *text)
{
	return sql_one_int(st,
	    "SELECT id FROM area WHERE kind <> 'county' AND instr(?1, short) > 0 ORDER BY "
	    "instr(?1, short) LIMIT 1",
	    0, "t", text);
}

/* A kilometre mark says more than the road or the township it lies in. */
void
scene_mark(struct store *st, struct scene *in)
{
	int64_t area;

	if (mark_position(st, in->road, &in->lon, &in->lat, &area) && !in->area)
		in->area = area;
}

void
scene_read(struct store *st, const char *text, const struct reading *r, struct scene *in)
{
	const struct fact *place = main_place(text, r), *road = reading_first(r, FACT_ROAD);

	memset(in, 0, sizeof(*in));
	if (road)
		utf8_copy(in->road, sizeof(in->road), road->norm ? road->norm : road->text);
	if (place)
		in->area = area_of_ref(st, place->ref);
	if (place && place->ref > ID_AREA_MAX) {
		in->lon = place->lon;
		in->lat = place->lat;
	}
	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];
		if ((f->kind != FACT_PLACE && f->kind != FACT_ROAD) || f->aside)
			continue;
		if (!in->area)
			in->area = area_of_ref(st, f->ref);
		if (!in->area)
			in->area = area_in_text(st, f->text);
		if (in->lon == 0 && in->lat == 0 && f->ref > ID_AREA_MAX) {
			in->lon = f->lon;
			in->lat = f->lat;
		}
	}
	scene_mark(st, in);
	write_place(st, text, place, road, in);
}
