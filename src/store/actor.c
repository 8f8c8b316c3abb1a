/* Who acts. */
#include "store/inside.h"

#include "base/utf8.h"

#include "base/i18n.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
fill(struct sql *q, struct actor *out)
{
	memset(out, 0, sizeof(*out));
	out->person = sql_int(q, 0);
	utf8_copy(out->name, sizeof(out->name), sql_text(q, 1));
	out->role = (unsigned)sql_int(q, 2);
	out->area = sql_int(q, 3);
}

bool
actor_find(struct store *st, const char *who, struct actor *out, struct err *err)
{
	struct sql *q = sql(st, "SELECT id, name, role, area FROM person WHERE active = 1 AND "
				"(name = ?1 OR initials = lower(?1) OR id = ?2)"
				" ORDER BY name = ?1 DESC, id LIMIT 2");
	char *end;
	int64_t id;
	bool found, several = false;

	errno = 0;
	id = strtoll(who, &end, 10);
	if (errno || end == who || *end)
		id = 0;
	sql_bind(q, "ti", who, id);
	found = sql_row(q);
	if (found) {
		fill(q, out);
		several = sql_row(q) &&
			  (strcmp(out->name, who) != 0 || strcmp(sql_text(q, 1), who) == 0) &&
			  id == 0;
	}
	sql_done(q);
	if (several)
		return err_set(err, ERR_INPUT,
		    _("\"%s\" is more than one person: type the full name, or the id."), who);
	if (!found)
		return err_set(err, ERR_NOT_FOUND, _("There is nobody called \"%s\" here."), who);
	return true;
}

void
actor_system(struct actor *out, const char *via)
{
	memset(out, 0, sizeof(*out));
	utf8_copy(out->name, sizeof(out->name), _("system"));
	out->role = ROLE_SYSTEM;
	utf8_copy(out->via, sizeof(out->via), via);
}

bool
actor_is_confined(const struct actor *actor)
{
	return (actor->role & ~(unsigned)ROLE_TOWNSHIP) == 0;
}

bool
verb_allowed(const struct actor *actor, const struct verb *verb)
{
	return (actor->role & verb->roles) != 0;
}
