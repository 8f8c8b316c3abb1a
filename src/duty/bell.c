/*
 * What rings in the room, how often, and when it is quiet. A rule stands in the setting bell_KIND
 * as "MINUTES FROM-TO" ("0 22:00-06:00": once, at night only the mark; "10 -": every ten minutes,
 * at any hour). Without one the default below holds; of it, what must wake a sleeping duty officer
 * (a red warning, a report clock that ran out, an urgent message, a call nobody answers) rings at
 * night too, and what keeps until morning does not.
 */
#include "duty/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MINUTES 1440
/* A red warning and an overdue clock of the law ring again at least as often as this. */
#define ALWAYS_MINUTES 30

static const struct bell_rule rules[BELL_KINDS] = {
    [BELL_RED] = {"red", N_("red warning unanswered"), true, 3, -1, -1},
    [BELL_CLOCK] = {"clock", N_("report clock overdue"), true, 10, -1, -1},
    [BELL_URGENT] = {"urgent", N_("urgent message"), false, 5, -1, -1},
    [BELL_CALL] = {"call", N_("call-out or roll call not answered"), false, 5, -1, -1},
    [BELL_ORDER] = {"order", N_("order past its limit"), false, 10, -1, -1},
    [BELL_INSTRUCTION] = {"instruction", N_("instruction past its limit"), false, 30, 22 * 60,
	6 * 60},
    [BELL_INBOX] = {"inbox", N_("new message"), false, 0, 22 * 60, 6 * 60},
};

static bool
clock_minutes(const char **p, int *out)
{
	char *end;
	long hours = strtol(*p, &end, 10), minutes;

	if (end == *p || *end != ':')
		return false;
	*p = end + 1;
	minutes = strtol(*p, &end, 10);
	if (end != *p + 2 || hours < 0 || hours > 24 || minutes < 0 || minutes > 59)
		return false;
	*out = (int)(hours * 60 + minutes) % DAY_MINUTES;
	*p = end;
	return true;
}

/* "22:00-06:00"; "-" and "no" (in Chinese too): no quiet hours. */
static bool
read_quiet(const char *text, struct bell_rule *rule)
{
	rule->quiet_from = rule->quiet_to = -1;
	if (strcmp(text, "-") == 0 || strcmp(text, "none") == 0 || strcmp(text, "无") == 0)
		return true;
	return clock_minutes(&text, &rule->quiet_from) && *text++ == '-' &&
	       clock_minutes(&text, &rule->quiet_to) && !*text &&
	       rule->quiet_from != rule->quiet_to;
}

void
duty_bell_rule(struct store *st, enum bell_kind kind, struct bell_rule *out)
{
	char name[32];
	const char *value;
	char *end;
	struct bell_rule set = rules[kind];

	*out = rules[kind];
	snprintf(name, sizeof(name), "bell_%s", out->kind);
	value = store_setting(st, name);
	if (!value)
		return;
	set.repeat = (int)strtol(value, &end, 10);
	/* What somebody wrote past the verb does not silence anything. */
	if (end == value || *end != ' ' || !read_quiet(end + 1, &set) || set.repeat < 0)
		return;
	if (set.always && (set.quiet_from >= 0 || set.repeat < 1 || set.repeat > ALWAYS_MINUTES))
		return;
	*out = set;
}

bool
bell_rule_is_quiet(const struct bell_rule *rule, int64_t at)
{
	struct civil now;
	int minute;

	if (rule->always || rule->quiet_from < 0)
		return false;
	clock_civil(at, &now);
	minute = now.hour * 60 + now.minute;
	if (rule->quiet_from < rule->quiet_to)
		return minute >= rule->quiet_from && minute < rule->quiet_to;
	return minute >= rule->quiet_from || minute < rule->quiet_to;
}

static const struct bell_rule *
rule_named(const char *kind)
{
	for (size_t i = 0; i < BELL_KINDS; i++)
		if (strcmp(rules[i].kind, kind) == 0)
			return &rules[i];
	return NULL;
}

bool
run_bell(struct verb_call *call, struct err *err)
{
	const struct bell_rule *rule = rule_named(call_text(call, "kind"));
	const char *quiet = call_has(call, "quiet") ? call_text(call, "quiet") : "-";
	int64_t repeat = call_int(call, "repeat");
	struct bell_rule set = *rule;
	char name[32], value[48];

	if (repeat < 0 || repeat >= DAY_MINUTES)
		return err_set(err, ERR_INPUT, _("minutes until it rings again: 0 (once) to 1439"));
	if (!read_quiet(quiet, &set))
		return err_set(
		    err, ERR_INPUT, _("quiet hours are written 22:00-06:00, or - for none"));
	if (set.always && (set.quiet_from >= 0 || repeat < 1 || repeat > ALWAYS_MINUTES))
		return err_set(err, ERR_REFUSED,
		    _("%s: rings at any hour, and again after %d minutes at the latest"),
		    _(set.label), ALWAYS_MINUTES);
	snprintf(name, sizeof(name), "bell_%s", set.kind);
	snprintf(value, sizeof(value), "%d %s", (int)repeat, set.quiet_from < 0 ? "-" : quiet);
	store_set_setting(call_store(call), name, value);
	if (repeat)
		call_say(call,
		    ngettext("bell, %s: again after %d minute", "bell, %s: again after %d minutes",
			(unsigned long)repeat),
		    _(set.label), (int)repeat);
	else
		call_say(call, _("bell, %s: rings once"), _(set.label));
	if (set.quiet_from >= 0)
		call_say(call, _("quiet %s"), quiet);
	return true;
}

/* --- what the room itself has that rings ------------------------------------------------------ */

size_t
duty_unanswered(struct store *st, int64_t area, int64_t *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT t.id FROM call_target t JOIN callout c ON c.id = t.callout WHERE "
		    "c.closed IS NULL AND t.state <> 'answered' AND t.breached IS NOT NULL AND "
		    "(?1 = 0 OR t.area = ?1) UNION ALL SELECT u.id FROM roll_unit u JOIN roll r ON "
		    "r.id = u.roll WHERE r.closed IS NULL AND u.state = 'missed' AND (?1 = 0 OR "
		    "u.area = ?1) LIMIT ?2");

	sql_bind(q, "ii", area, (int64_t)max);
	return sql_ids(q, out, max);
}

size_t
duty_instructions_late(struct store *st, int64_t area, int64_t *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT id FROM instruction WHERE state NOT IN ('closed', 'reported') AND (due "
		    "< ?2 OR state = 'registered' AND relay_due < ?2) AND (?1 = 0 OR area = ?1) "
		    "LIMIT ?3");

	sql_bind(q, "iii", area, clock_now(), (int64_t)max);
	return sql_ids(q, out, max);
}
