/* Whom an order goes to, and where an incident is, in the words of an order. */
#include "dispatch/inside.h"

#include <stdlib.h>
#include <string.h>

void
fit_text(char *out, size_t size, const char *s)
{
	size_t n = strlen(s);

	if (n >= size) {
		n = size - 1;
		while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)
			n--;
	}
	memcpy(out, s, n);
	out[n] = '\0';
}

void
fit_print(char *out, size_t size, const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = mem_vprint(format, ap);
	va_end(ap);
	fit_text(out, size, text);
	free(text);
}

static void
dest_of_unit(const struct unit_row *unit, struct dest *out)
{
	out->unit = unit->id;
	out->area = unit->area;
	fit_text(out->name, sizeof(out->name), unit->name);
	fit_text(out->person, sizeof(out->person), unit->lead);
	fit_text(out->phone, sizeof(out->phone), unit->phone);
}

static void
dest_of_team(const struct team_row *team, struct dest *out)
{
	out->team = team->id;
	out->area = team->area;
	fit_text(out->name, sizeof(out->name), team->name);
	fit_text(out->person, sizeof(out->person), team->leader);
	fit_text(out->phone, sizeof(out->phone), team->phone);
}

static bool
dest_of_person(struct store *st, int64_t id, struct dest *out)
{
	struct sql *q = sql(st, "SELECT p.name, coalesce(p.phone, ''), p.area, coalesce(p.unit, 0),"
				" coalesce(u.name, p.post, ''), coalesce(u.phone, '') FROM person p"
				" LEFT JOIN unit u ON u.id = p.unit WHERE p.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found) {
		const char *unit = sql_text(q, 4), *phone = sql_text(q, 1);

		out->unit = sql_int(q, 3);
		out->area = sql_int(q, 2);
		fit_text(out->person, sizeof(out->person), sql_text(q, 0));
		fit_text(out->phone, sizeof(out->phone), *phone ? phone : sql_text(q, 5));
		fit_text(out->name, sizeof(out->name), *unit ? unit : sql_text(q, 0));
	}
	sql_done(q);
	return found;
}

bool
dest_of(struct store *st, int64_t id, struct dest *out, struct err *err)
{
	struct unit_row unit;
	struct team_row team;

	memset(out, 0, sizeof(*out));
	if (resource_unit(st, id, &unit))
		dest_of_unit(&unit, out);
	else if (resource_team(st, id, &team))
		dest_of_team(&team, out);
	else if (!dest_of_person(st, id, out))
		return err_set(err, ERR_NOT_FOUND,
		    _("An order goes to a unit, a team or a person; this is none."));
	if (!out->area)
		out->area = store_area(st);
	return true;
}

bool
dest_of_depot(struct store *st, int64_t depot, struct dest *out, struct err *err)
{
	struct depot_row d;

	memset(out, 0, sizeof(*out));
	if (!resource_depot(st, depot, &d))
		return err_set(err, ERR_NOT_FOUND, _("There is no such depot."));
	fit_text(out->name, sizeof(out->name), d.name);
	fit_text(out->person, sizeof(out->person), d.keeper);
	fit_text(out->phone, sizeof(out->phone), d.phone);
	out->area = d.area ? d.area : store_area(st);
	return true;
}

void
dest_named(struct store *st, const char *name, struct dest *out)
{
	struct unit_row unit;

	memset(out, 0, sizeof(*out));
	if (resource_unit_named(st, name, &unit))
		dest_of_unit(&unit, out);
	else
		fit_text(out->name, sizeof(out->name), name);
	if (!out->area)
		out->area = store_area(st);
}

/* The road and its mark stand before the place, unless the place says the mark itself. */
char *
scene_of(const struct incident_row *incident)
{
	const char *mark = strrchr(incident->road, ' ');

	if (!*incident->place && !*incident->road)
		return mem_dup(incident->area_name);
	if (!*incident->road || strstr(incident->place, mark ? mark + 1 : incident->road))
		return mem_dup(incident->place);
	return mem_print("%s%s%s", incident->road, *incident->place ? " " : "", incident->place);
}
