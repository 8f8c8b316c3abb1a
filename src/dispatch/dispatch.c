/* The verbs of command and dispatch: one row each. What they do stands in order.c, assign.c,
 * commit.c and response.c. */
#include "dispatch/inside.h"

#define ALL (ROLE_ROOM | ROLE_SYSTEM)
#define FIELD (ROLE_ROOM | ROLE_SYSTEM | ROLE_TOWNSHIP)
#define WAYS "phone|radio|fax|text|system|face"

#define INCIDENT                                                                                   \
	{                                                                                          \
		"incident", N_("incident"), ARG_THING, "incident", true, true, NULL                \
	}
#define ORDER                                                                                      \
	{                                                                                          \
		"order", N_("order"), ARG_THING, "order", true, true,                              \
		    N_("number, last digits, or whose order it is")                                \
	}
#define WHY                                                                                        \
	{                                                                                          \
		"why", N_("why"), ARG_REST, NULL, true, true, NULL                                 \
	}
#define APPROVER                                                                                   \
	{                                                                                          \
		"approver", N_("approved by"), ARG_WORD, NULL, true, true,                         \
		    N_("name or post of who approved it")                                          \
	}
#define AUTHORITY                                                                                  \
	{                                                                                          \
		"authority", N_("authorised by"), ARG_WORD, NULL, false, false,                    \
		    N_("whose authority, when the plan wants a higher post")                       \
	}
#define LEVEL                                                                                      \
	{                                                                                          \
		"level", N_("response level"), ARG_CHOICE, "4|3|2|1", true, true,                  \
		    N_("4 is the mildest, 1 the worst")                                            \
	}

static const struct verb_param issue_params[] = {
    {"to", N_("addressee"), ARG_THING, "unit|team|person", true, true,
	N_("a unit, a team or a person")},
    INCIDENT,
    {"kind", N_("kind"), ARG_CHOICE, "task|rescue|supply|notice", false, false,
	N_("sets the limit to acknowledge; a team's is rescue, else task")},
    {"ack", N_("minutes to acknowledge"), ARG_INT, NULL, false, false, NULL},
    {"due", N_("to be finished by"), ARG_TIME, "ahead", false, false, NULL},
    {"place", N_("place"), ARG_WORD, NULL, false, false, NULL},
    {"medium", N_("way"), ARG_CHOICE, WAYS, false, false, NULL},
    {"approver", N_("approved by"), ARG_WORD, NULL, false, false, NULL},
    {"content", N_("content"), ARG_REST, NULL, false, true,
	N_("what is to be done; a team may do without")},
};
static const struct verb_param deliver_params[] = {
    ORDER,
    {"who", N_("told to"), ARG_WORD, NULL, true, true, NULL},
    {"way", N_("way"), ARG_CHOICE, WAYS, false, false, NULL},
};
static const struct verb_param ack_params[] = {
    ORDER,
    {"by", N_("acknowledged by"), ARG_WORD, NULL, false, false, NULL},
    {"at", N_("time"), ARG_TIME, "past", false, false, NULL},
};
static const struct verb_param report_params[] = {
    ORDER,
    {"final", N_("finished"), ARG_FLAG, NULL, false, false, N_("finished, waiting for the check")},
    {"by", N_("reported by"), ARG_WORD, NULL, false, false, NULL},
    {"text", N_("what is reported"), ARG_REST, NULL, true, true, NULL},
};
static const struct verb_param done_params[] = {
    ORDER,
    {"result", N_("result"), ARG_REST, NULL, false, true,
	N_("needed when it was not reported finished")},
};
static const struct verb_param why_params[] = {ORDER, WHY};
static const struct verb_param hand_params[] = {
    ORDER,
    {"to", N_("addressee"), ARG_THING, "unit|team|person", true, true, N_("the new owner")},
    WHY,
};
static const struct verb_param remind_params[] = {
    ORDER,
    {"way", N_("way"), ARG_CHOICE, WAYS, false, false, NULL},
    {"text", N_("answer"), ARG_REST, NULL, false, true, NULL},
};
static const struct verb_param chase_params[] = {ORDER};
static const struct verb_param override_params[] = {
    ORDER,
    {"state", N_("state"), ARG_CHOICE, "issued|acked|running|reported|done", true, true,
	N_("what it is in truth")},
    WHY,
};
static const struct verb_param supply_params[] = {
    {"depot", N_("depot"), ARG_THING, "depot", true, true, NULL},
    {"goods", N_("goods"), ARG_WORD, NULL, true, true, N_("code or name")},
    {"amount", N_("amount"), ARG_INT, NULL, true, true, NULL},
    INCIDENT,
    {"reserve", N_("only reserve"), ARG_FLAG, NULL, false, false,
	N_("hold it and tell nobody yet")},
    {"use_keep", N_("use what is kept"), ARG_FLAG, NULL, false, false,
	N_("take what is kept for the depot's own area too")},
};
static const struct verb_param state_params[] = {
    {"assignment", N_("assignment"), ARG_THING, "assignment", true, true,
	N_("whose: a team, or depot and goods")},
    {"state", N_("state"), ARG_CHOICE, "dispatched|enroute|onscene|released|cancelled", true, true,
	NULL},
    {"consumed", N_("used up"), ARG_INT, NULL, false, false,
	N_("of goods that come back: how many do not")},
    {"text", N_("remark"), ARG_REST, NULL, false, true, NULL},
};
static const struct verb_param commit_params[] = {
    INCIDENT,
    {"reserve", N_("only reserve"), ARG_FLAG, NULL, false, false,
	N_("hold it and tell nobody yet")},
    {"use_keep", N_("use what is kept"), ARG_FLAG, NULL, false, false,
	N_("take what is kept for the depot's own area too")},
    {"lines", N_("lines"), ARG_REST, NULL, true, true,
	N_("teams; depot goods amount; divided by semicolons")},
};
static const struct verb_param start_params[] = {
    INCIDENT,
    {"plan", N_("plan"), ARG_THING, "plan", true, true, NULL},
    LEVEL,
    APPROVER,
    AUTHORITY,
    {"period", N_("expected period"), ARG_WORD, NULL, true, false, NULL},
    {"measures", N_("measures"), ARG_REST, NULL, true, true, NULL},
};
static const struct verb_param level_params[] = {
    {"response", N_("response"), ARG_THING, "response", true, true,
	N_("the incident's number or the plan")},
    LEVEL,
    APPROVER,
    AUTHORITY,
    {"reason", N_("reason"), ARG_REST, NULL, true, true, NULL},
};
static const struct verb_param end_params[] = {
    {"response", N_("response"), ARG_THING, "response", true, true,
	N_("the incident's number or the plan")},
    APPROVER,
    AUTHORITY,
    {"reason", N_("reason"), ARG_REST, NULL, true, true, NULL},
};

static const struct verb verbs[] = {
    {"order.issue", "派 指令 派遣 下达", N_("issue an order; a team is assigned as well"), ALL, 0,
	issue_params, COUNT_OF(issue_params), verb_order_issue, NULL},
    {"order.deliver", "告知", N_("an order was told to somebody"), ALL, VERB_UNDO, deliver_params,
	COUNT_OF(deliver_params), verb_order_deliver, NULL},
    {"order.ack", "签收", N_("an order is acknowledged"), FIELD, VERB_UNDO, ack_params,
	COUNT_OF(ack_params), verb_order_ack, NULL},
    {"order.report", "反馈", N_("report back on an order: progress, or that it is finished"), FIELD, VERB_UNDO,
	report_params, COUNT_OF(report_params), verb_order_report, NULL},
    {"order.done", "办结", N_("settle an order after checking it"), ALL, VERB_UNDO, done_params,
	COUNT_OF(done_params), verb_order_done, NULL},
    {"order.return", "退回", N_("the check failed: the order goes back to its owner"), ALL,
	VERB_UNDO, why_params, COUNT_OF(why_params), verb_order_return, NULL},
    {"order.hand", "移交", N_("another owner goes on with an order"), ALL, VERB_UNDO, hand_params,
	COUNT_OF(hand_params), verb_order_hand, NULL},
    {"order.withdraw", "收回 收回指令", N_("withdraw an order"), ALL, VERB_UNDO, why_params,
	COUNT_OF(why_params), verb_order_withdraw, NULL},
    {"order.remind", "催办", N_("remind who has not acknowledged or finished"), ALL, VERB_UNDO,
	remind_params, COUNT_OF(remind_params), verb_order_remind, NULL},
    {"order.chase", "", N_("nobody acknowledged an order in time"), ROLE_SYSTEM, VERB_QUIET,
	chase_params, COUNT_OF(chase_params), verb_order_chase, NULL},
    {"order.override", "改态", N_("set an order's state against its course, with the reason"),
	ROLE_CHIEF | ROLE_LEADER, VERB_UNDO, override_params, COUNT_OF(override_params),
	verb_order_override, NULL},
    {"assign.supply", "调拨", N_("send goods from a depot, or only reserve them"), ALL, 0,
	supply_params, COUNT_OF(supply_params), verb_assign_supply, NULL},
    {"assign.state", "动态", N_("where a team or a load is now"), FIELD, VERB_UNDO, state_params,
	COUNT_OF(state_params), verb_assign_state, NULL},
    {"allocation.commit", "按方案派", N_("send all lines of an allocation"), ALL, 0, commit_params,
	COUNT_OF(commit_params), verb_allocation_commit, NULL},
    {"response.start", "启动 启动响应", N_("start a response by a plan"), ALL, 0, start_params,
	COUNT_OF(start_params), verb_response_start, NULL},
    {"response.level", "调级", N_("raise or lower a response"), ALL, 0, level_params,
	COUNT_OF(level_params), verb_response_level, NULL},
    {"response.end", "终止 终止响应", N_("end a response"), ALL, VERB_UNDO, end_params,
	COUNT_OF(end_params), verb_response_end, NULL},
};

/* Words of choices, for the translators; shown by command_choice_label. */
static const char *const choice_words[] = {N_("radio"), N_("text"), N_("system"), N_("face"),
    N_("task"), N_("rescue"), N_("supply"), N_("notice"), N_("dispatched"), N_("enroute"),
    N_("onscene"), N_("released"), N_("cancelled"), N_("1"), N_("2"), N_("3"), N_("4")};

void
dispatch_register(struct store *st)
{
	(void)choice_words;
	verb_register(st, verbs, COUNT_OF(verbs));
	dispatch_register_things(st);
}
