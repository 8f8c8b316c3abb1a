/* All systems over one store. */
#include "house/house.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "dispatch/dispatch.h"
#include "duty/duty.h"
#include "exchange/outbox.h"
#include "incident/incident.h"
#include "monitor/monitor.h"
#include "people/people.h"
#include "plan/plan.h"
#include "report/report.h"
#include "resource/resource.h"
#include "store/sql.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEMO_AREA INT64_C(321084000)

/* --- settings --------------------------------------------------------------------------------- */

/* What may be set. A name outside this list is a slip of the pen, and so is a value outside `of`.
 */
static const struct {
	const char *name;
	const char *of; /* its values with | around, NULL any text */
} settings[] = {
    {"county_name", NULL}, {"title", NULL}, {"phone", NULL}, {"city", NULL}, {"province", NULL},
    {"policy", NULL}, {"alert_sender", NULL}, /* of our warnings; CAP's <sender> (monitor) */
    {"drill", "|0|1|"}, {"language", "|zh_CN|en|"},
    {"roads", NULL}, /* the road table, under the data directory (dispatch) */
    {"ack_rescue", NULL}, {"ack_supply", NULL}, {"ack_task", NULL},
    {"ack_notice", NULL},    /* minutes */
    {"chase_minutes", NULL}, /* between the steps when nobody acknowledges (dispatch) */
    {"callout_minutes", NULL},
    {"callout_tries", NULL}, /* until the next contact is called (duty) */
    {"signon", "|required|named|"}, {"signon_tries", NULL}, {"signon_wait", NULL},
    {"idle_lock", NULL}, {"line_patience", NULL}, /* people */
    {"zone", "|0|330|345|360|390|420|480|540|"},  /* minutes east of Greenwich */
};

static bool
allowed(const char *of, const char *value)
{
	char *quoted = mem_print("|%s|", value);
	bool found = !of || (strstr(of, quoted) && !strchr(value, '|'));

	free(quoted);
	return found;
}

static bool
run_setting(struct verb_call *call, struct err *err)
{
	const char *name = call_text(call, "name"), *value = call_text(call, "value");

	for (size_t i = 0; i < COUNT_OF(settings); i++) {
		if (strcmp(settings[i].name, name) != 0)
			continue;
		if (!allowed(settings[i].of, value))
			return err_set(err, ERR_INPUT, _("\"%s\" is no value of %s: %s"), value,
			    name, settings[i].of);
		store_set_setting(call_store(call), name, value);
		call_say(call, _("setting %s is now %s"), name, value);
		return true;
	}
	return err_set(err, ERR_INPUT, _("there is no setting \"%s\""), name);
}

/* A county that goes over from paper in July goes on with the numbers its papers had. */
static bool
run_number(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t year = call_int(call, "year"), last = call_int(call, "last"), now;
	char name[64];
	struct sql *q;

	if (year < 2000 || year > 2999 || last < 1 || last > 99999)
		return err_set(err, ERR_INPUT, _("a year has four digits, a number 1 to 99999"));
	snprintf(name, sizeof(name), "%s|%d", call_text(call, "series"), (int)year);
	now = sql_one_int(st, "SELECT last FROM sequence WHERE name = ?1", 0, "t", name);
	if (last <= now)
		return err_set(err, ERR_REFUSED,
		    _("number %d is given already: a number is given once"), (int)now);
	q = sql(st, "INSERT INTO sequence (name, last) VALUES (?1, ?2) ON CONFLICT (name) DO "
		    "UPDATE SET last = ?2");
	sql_bind(q, "ti", name, last);
	if (!sql_run(q))
		return false;
	call_say(call, _("%s: the next number of %d is %d"), call_text(call, "series"), (int)year,
	    (int)last + 1);
	return true;
}

/* Kept as what is to be added to the real time, so that the drill's clock runs. */
static bool
run_drill_clock(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t pinned = clock_pinned(), real, at = call_time(call, "at");
	char text[32], shift[32];

	if (store_setting_int(st, "drill", 0) != 1)
		return err_set(
		    err, ERR_REFUSED, _("only a drill store (drill=1) has a clock of its own"));
	clock_pin(CLOCK_NONE);
	clock_shift(0);
	real = clock_now();
	clock_pin(pinned);
	snprintf(shift, sizeof(shift), "%lld", (long long)(at - real));
	store_set_setting(st, "drill_shift", shift);
	clock_shift(at - real);
	call_say(call, _("the drill's clock goes on from %s"),
	    clock_format(text, sizeof(text), at, CLOCK_YMD_HM));
	return true;
}

static const struct verb_param clock_params[] = {
    {"at", N_("time"), ARG_TIME, NULL, true, true, NULL},
};
static const struct verb_param setting_params[] = {
    {"name", N_("name"), ARG_WORD, NULL, true, true, NULL},
    {"value", N_("value"), ARG_REST, NULL, true, true, NULL},
};
static const struct verb_param number_params[] = {
    {"series", N_("series"), ARG_CHOICE, "incident|report|order", true, true, NULL},
    {"year", N_("year"), ARG_INT, NULL, true, true, NULL},
    {"last", N_("last number given"), ARG_INT, NULL, true, true, NULL},
};
/* Words of choices of all rooms' verbs that mean something else elsewhere, or stand nowhere else; shown by command_choice_label. */
static const char *const choice_words[] = {P_("choice", "mobile"), P_("choice", "video"),
    P_("choice", "satellite"), P_("choice", "written"), P_("choice", "sms"), P_("choice", "text"),
    P_("choice", "fax"), P_("choice", "hand"), P_("choice", "ok"), P_("choice", "info"),
    P_("choice", "call_in"), P_("choice", "call_out"), P_("choice", "call"),
    P_("choice", "reported"), P_("choice", "running"), P_("choice", "first"),
    P_("choice", "follow"), P_("choice", "final"), P_("choice", "http"), P_("choice", "smtp"),
    P_("choice", "cap"), P_("choice", "edxl"), P_("choice", "shelter"), P_("choice", "status"),
    P_("choice", "outgoing"), P_("choice", "incoming")};

static const struct verb verbs[] = {
    {"drill.clock", "演练时钟", N_("the clock of a drill store goes on from a time"),
	ROLE_CHIEF | ROLE_LEADER | ROLE_CLERK | ROLE_SYSTEM, 0, clock_params,
	COUNT_OF(clock_params), run_drill_clock, NULL},
    {"number.start", "起号", N_("go on behind the last yearly number that was given on paper"),
	ROLE_CHIEF | ROLE_CLERK | ROLE_SYSTEM, 0, number_params, COUNT_OF(number_params),
	run_number, NULL},
    {"setting.set", "设置", N_("change a setting of the store"),
	ROLE_CHIEF | ROLE_CLERK | ROLE_SYSTEM, VERB_UNDO, setting_params, COUNT_OF(setting_params),
	run_setting, NULL},
};

/* --- opening ---------------------------------------------------------------------------------- */

void
house_register(struct store *st)
{
	(void)choice_words;
	verb_register(st, verbs, COUNT_OF(verbs));
	people_register(st);
	resource_register(st);
	plan_register(st);
	incident_register(st);
	dispatch_register(st);
	report_register(st);
	exchange_register(st);
	monitor_register(st);
	duty_register(st);
	house_sections_register(st);
}

void
house_follow_clock(struct store *st)
{
	clock_shift(
	    store_setting_int(st, "drill", 0) == 1 ? store_setting_int(st, "drill_shift", 0) : 0);
}

struct store *
house_open(const char *path, enum store_mode mode, struct err *err)
{
	struct store *st = store_open(path, mode, err);

	if (!st)
		return NULL;
	house_register(st);
	clock_set_zone((int)store_setting_int(st, "zone", 480));
	house_follow_clock(st);
	return st;
}

/* The drafts directory beside a store, with what is in it. */
static void
remove_drafts(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;

	while (dir && (e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(path);
}

static void
take_away(const char *path)
{
	static const char *const beside[] = {"", "-wal", "-shm", ".lock", ".poke"};
	char *name;

	for (size_t i = 0; i < COUNT_OF(beside); i++) {
		name = mem_print("%s%s", path, beside[i]);
		unlink(name);
		free(name);
	}
	name = mem_print("%s.drafts", path);
	remove_drafts(name);
	free(name);
}

bool
house_create(const char *path, int64_t area, bool demo, struct err *err)
{
	struct store *st;
	bool ok;

	if (!store_create(path, area ? area : DEMO_AREA, err))
		return false;
	st = house_open(path, STORE_WRITE, err);
	ok = st && (demo ? house_load_demo(st, err) : house_load_classes(st, err));
	store_close(st);
	if (!ok)
		take_away(path);
	return ok;
}

bool
house_on_duty(struct store *st, const char *post, int64_t at, struct actor *out)
{
	int64_t person = resource_on_duty(st, post, at, NULL);
	char id[24];

	snprintf(id, sizeof(id), "%lld", (long long)person);
	return person && actor_find(st, id, out, NULL);
}
