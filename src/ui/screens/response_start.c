#include "ui/screens/response_start.h"

#include "base/i18n.h"
#include "dispatch/dispatch.h"
#include "plan/plan.h"
#include "ui/console.h"

#include <string.h>

static void
ask(struct screen *s, int64_t incident, int64_t plan, int level, const char *approver)
{
	struct err err = ERR_NONE;
	const struct plan_doc *doc = plan_open(console_store(s->ui), plan, 0, &err);
	json_t *preset = json_pack("{s:I, s:I, s:i}", "incident", (json_int_t)incident, "plan",
	    (json_int_t)plan, "level", level);

	if (!doc) {
		json_decref(preset);
		console_fail(s->ui, &err);
		return;
	}
	if (doc->measures[level])
		json_object_set_new(preset, "measures", json_string(doc->measures[level]));
	if (doc->period[level])
		json_object_set_new(preset, "period", json_string(doc->period[level]));
	console_form(s->ui, "response.start", preset);
	if (approver && *approver)
		console_say(s->ui, _("%s is approved by: %s. Name the person."),
		    response_level_label(level), approver);
}

void
response_start_form(struct screen *s, int64_t incident, int64_t plan, int level)
{
	struct response_proposal p;
	struct err err = ERR_NONE;
	bool proposed = dispatch_propose(console_store(s->ui), incident, &p, &err);

	if (!proposed && !plan) {
		console_fail(s->ui, &err);
		return;
	}
	err_clear(&err);
	if (proposed && (!plan || plan == p.plan)) {
		plan = p.plan;
		level = level ? level : p.level;
	}
	if (plan)
		ask(s, incident, plan, level >= 1 && level <= 4 ? level : 4,
		    proposed && plan == p.plan ? p.approver : "");
	else
		console_say(
		    s->ui, _("No plan fits by itself: v shows the plans, b there starts one."));
	if (proposed)
		response_proposal_clear(&p);
}
