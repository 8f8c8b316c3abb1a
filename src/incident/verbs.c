/* The table of verbs: from it come forms, the command line, help and the manual. */
#include "incident/inside.h"

#define ROOM_TOWN (ROLE_ROOM | ROLE_TOWNSHIP | ROLE_SYSTEM)
#define ROOM (ROLE_ROOM | ROLE_SYSTEM)
#define INCIDENT                                                                                   \
	{                                                                                          \
		"incident", N_("incident"), ARG_THING, "incident", true, true,                     \
		    N_("number, last digits, or words of its title")                               \
	}
#define WHY                                                                                        \
	{                                                                                          \
		"why", N_("reason"), ARG_REST, NULL, true, true, N_("why, in a few words")         \
	}
#define CALLER_PARAMS                                                                              \
	{"source", N_("source"), ARG_WORD, NULL, false, false,                                     \
	    N_("where it comes from: 110, 119, township, enterprise …; read from the words if "  \
	       "not given")},                                                                      \
	    {"caller", N_("caller"), ARG_WORD, NULL, false, false, N_("the caller's name")},       \
	    {"unit", N_("caller's unit"), ARG_WORD, NULL, false, false, N_("the caller's unit")},  \
	    {"post", N_("caller's post"), ARG_WORD, NULL, false, false, N_("the caller's post")},  \
	    {"phone", N_("telephone"), ARG_WORD, NULL, false, false, N_("number to ring back")},   \
	    {"told", N_("already told"), ARG_WORD, NULL, false, false,                             \
		N_("whom the caller has told already, and when")},                                 \
	{                                                                                          \
		"received", N_("receipt time"), ARG_TIME, NULL, false, false,                      \
		    N_("T0, when the call came in; now unless given")                              \
	}

static const struct verb_param open_params[] = {
    CALLER_PARAMS,
    {"occurred", N_("occurred"), ARG_TIME, NULL, false, false, N_("when it happened")},
    {"title", N_("title"), ARG_WORD, NULL, false, false,
	N_("short title; made from place and nature if not given")},
    {"type", N_("type"), ARG_WORD, NULL, false, false,
	N_("event code or name; read from the words if not given")},
    {"place", N_("place"), ARG_WORD, NULL, false, false, N_("where exactly")},
    {"road", N_("road"), ARG_WORD, NULL, false, false, N_("road, mark and direction")},
    {"area", N_("township"), ARG_THING, "area", false, false, N_("township it lies in")},
    {"lon", N_("longitude"), ARG_REAL, NULL, false, false, N_("degrees")},
    {"lat", N_("latitude"), ARG_REAL, NULL, false, false, N_("degrees")},
    {"nature", N_("nature"), ARG_WORD, NULL, false, false, N_("what has happened, in a few words")},
    {"sensitive", N_("sensitive"), ARG_FLAG, NULL, false, false,
	N_("sensitive people, place or time: reported whatever its grade")},
    {"why_sensitive", N_("why sensitive"), ARG_WORD, NULL, false, false,
	N_("pupils, home for the elderly, large event …")},
    {"parent", N_("parent incident"), ARG_THING, "incident", false, false,
	N_("the incident this one came out of")},
    {"inbox", N_("message"), ARG_THING, "inbox", false, false,
	N_("the message of the inbox it is opened from")},
    {"text", N_("words"), ARG_REST, NULL, true, true, N_("what the caller says, as it is said")},
};
static const struct verb_param call_params[] = {
    INCIDENT,
    CALLER_PARAMS,
    {"text", N_("words"), ARG_REST, NULL, true, true, N_("what the caller says, as it is said")},
};
static const struct verb_param set_params[] = {
    INCIDENT,
    {"title", N_("title"), ARG_WORD, NULL, false, false, N_("short title")},
    {"type", N_("type"), ARG_WORD, NULL, false, false,
	N_("event code or name; the others stay as secondary ones")},
    {"place", N_("place"), ARG_WORD, NULL, false, false, N_("where exactly")},
    {"road", N_("road"), ARG_WORD, NULL, false, false, N_("road, mark and direction")},
    {"area", N_("township"), ARG_THING, "area", false, false, N_("township it lies in")},
    {"lon", N_("longitude"), ARG_REAL, NULL, false, false, N_("degrees")},
    {"lat", N_("latitude"), ARG_REAL, NULL, false, false, N_("degrees")},
    {"occurred", N_("occurred"), ARG_TIME, NULL, false, false, N_("when it happened")},
    {"nature", N_("nature"), ARG_WORD, NULL, false, false, N_("what has happened, in a few words")},
    {"cause", N_("cause"), ARG_WORD, NULL, false, false, N_("cause, as far as known")},
    {"trend", N_("trend"), ARG_WORD, NULL, false, false, N_("how it will probably go on")},
    {"measures", N_("measures"), ARG_WORD, NULL, false, false, N_("what was done")},
    {"weather", N_("weather"), ARG_WORD, NULL, false, false, N_("wind, rain, sight")},
    {"scene_chief", N_("scene commander"), ARG_WORD, NULL, false, false, N_("name and post")},
    {"scene_phone", N_("scene telephone"), ARG_WORD, NULL, false, false,
	N_("number of the scene commander")},
    {"leaders_on_site", N_("leaders on site"), ARG_WORD, NULL, false, false,
	N_("who of the leaders is there")},
    {"needs", N_("needs"), ARG_WORD, NULL, false, false, N_("what is asked for or proposed")},
    {"impact", N_("impact"), ARG_WORD, NULL, false, false, N_("area and people it reaches")},
    {"media", N_("public opinion"), ARG_WORD, NULL, false, false, N_("what is said in public")},
    {"care", N_("after-care"), ARG_WORD, NULL, false, false,
	N_("what is done for the people afterwards")},
    {"lessons", N_("lessons"), ARG_WORD, NULL, false, false, N_("what is to be learnt from it")},
    {"loss", N_("loss"), ARG_REAL, NULL, false, false, N_("direct loss, in 10,000 yuan")},
    {"sensitive", N_("sensitive"), ARG_CHOICE, "yes|no", false, false,
	N_("sensitive people, place or time")},
    {"why_sensitive", N_("why sensitive"), ARG_WORD, NULL, false, false,
	N_("pupils, home for the elderly, large event …")},
};
#define FIGURE(name, label)                                                                        \
	{                                                                                          \
		name, label, ARG_INT, NULL, false, false, N_("persons")                            \
	}
static const struct verb_param figures_params[] = {
    INCIDENT,
    FIGURE("dead", N_("dead")),
    FIGURE("missing", N_("missing")),
    FIGURE("injured", N_("injured")),
    FIGURE("serious", N_("seriously injured")),
    FIGURE("light", N_("slightly injured")),
    FIGURE("trapped", N_("trapped")),
    FIGURE("poisoned", N_("poisoned")),
    FIGURE("ill", N_("ill")),
    FIGURE("evacuated", N_("evacuated")),
    FIGURE("threatened", N_("threatened")),
    {"households", N_("households"), ARG_INT, NULL, false, false, N_("households")},
    {"source", N_("source"), ARG_WORD, NULL, true, true, N_("who gives the figures")},
    {"at", N_("as of"), ARG_TIME, NULL, false, false, N_("time of the figures; now unless given")},
    {"note", N_("note"), ARG_REST, NULL, false, false, N_("what is to be said about them")},
};
static const struct verb_param verify_params[] = {
    INCIDENT,
    {"with", N_("with whom"), ARG_WORD, NULL, true, true, N_("who confirmed it")},
    {"text", N_("words"), ARG_REST, NULL, false, true, N_("what was confirmed")},
};
static const struct verb_param assess_params[] = {
    INCIDENT,
    {"text", N_("judgement"), ARG_REST, NULL, true, true, N_("nature, trend, what is needed")},
};
static const struct verb_param why_params[] = {INCIDENT, WHY};
static const struct verb_param one_params[] = {INCIDENT};
static const struct verb_param not_params[] = {
    INCIDENT,
    {"cause", N_("cause"), ARG_WORD, NULL, true, true, N_("what it was")},
    {"measure", N_("measure"), ARG_REST, NULL, true, true,
	N_("what was done about it, and who confirmed")},
};
static const struct verb_param merge_params[] = {
    INCIDENT,
    {"into", N_("into"), ARG_THING, "incident", true, true, N_("the incident that goes on")},
    WHY,
};
static const struct verb_param child_params[] = {
    INCIDENT,
    {"parent", N_("parent incident"), ARG_THING, "incident", true, true,
	N_("the incident this one came out of")},
};
static const struct verb_param different_params[] = {
    {"a", N_("one incident"), ARG_THING, "incident", true, true, N_("number or last digits")},
    {"b", N_("other incident"), ARG_THING, "incident", true, true, N_("number or last digits")},
};
static const struct verb_param transfer_params[] = {
    INCIDENT,
    {"to", N_("to unit"), ARG_WORD, NULL, true, true, N_("the competent unit")},
    {"receiver", N_("receiver"), ARG_WORD, NULL, true, true, N_("who took it there")},
    {"at", N_("time"), ARG_TIME, NULL, false, false, N_("when; now unless given")},
    {"text", N_("words"), ARG_REST, NULL, false, true, N_("what was asked of them")},
};
static const struct verb_param close_params[] = {
    {"clock", N_("deadline"), ARG_THING, "clock", true, true, N_("as 089-1, or words of its unit")},
    {"receiver", N_("receiver"), ARG_WORD, NULL, false, true, N_("who took the report")},
    {"at", N_("time"), ARG_TIME, NULL, false, false, N_("when; now unless given")},
    {"number", N_("number"), ARG_WORD, NULL, false, false, N_("number of the report")},
    {"signer", N_("signer"), ARG_WORD, NULL, false, false, N_("who signed")},
    {"why", N_("words"), ARG_REST, NULL, false, true, N_("what was done")},
};
static const struct verb_param void_params[] = {
    {"clock", N_("deadline"), ARG_THING, "clock", true, true, N_("as 089-1, or words of its unit")},
    WHY,
};
static const struct verb_param inbox_add_params[] = {
    {"source", N_("source"), ARG_WORD, NULL, true, true, N_("who sends it")},
    {"kind", N_("kind"), ARG_WORD, NULL, false, false, N_("ticket, alert, fax, message …")},
    {"title", N_("title"), ARG_WORD, NULL, false, false,
	N_("one line; the first of the text unless given")},
    {"at", N_("time"), ARG_TIME, NULL, false, false, N_("when it came in; now unless given")},
    {"urgent", N_("urgent"), ARG_FLAG, NULL, false, false, N_("marked urgent by the sender")},
    {"text", N_("words"), ARG_REST, NULL, true, true, N_("the whole message")},
};
static const struct verb_param inbox_take_params[] = {
    {"inbox", N_("message"), ARG_THING, "inbox", true, true, N_("number of the message")},
    INCIDENT,
    CALLER_PARAMS,
};
static const struct verb_param inbox_file_params[] = {
    {"inbox", N_("message"), ARG_THING, "inbox", true, true, N_("number of the message")},
    WHY,
};

#define P(table) table, COUNT_OF(table)
static const struct verb verbs[] = {
    {"incident.open", "open 接报 新报 jb", N_("take a call in and open an incident"), ROOM_TOWN, 0,
	P(open_params), incident_do_open, NULL},
    {"incident.call", "call 又报 续话 yb", N_("a further call about an incident"), ROOM_TOWN, 0,
	P(call_params), incident_do_call_again, NULL},
    {"incident.set", "set 补录 bl", N_("fill in or correct what is known of an incident"),
	ROOM_TOWN, 0, P(set_params), incident_do_set, NULL},
    {"incident.figures", "figures 伤亡 人员 sw",
	N_("dated figures of people: dead, missing, injured, evacuated …"), ROOM_TOWN, 0,
	P(figures_params), incident_do_figures, NULL},
    {"incident.verify", "verify 核实 hs", N_("the incident was confirmed"), ROOM, 0,
	P(verify_params), incident_do_verify, NULL},
    {"incident.assess", "assess 研判 yp", N_("what the room makes of it"), ROOM, 0,
	P(assess_params), incident_do_assess, NULL},
    {"incident.end", "end 处置结束 czjs", N_("the work on the scene is over"), ROOM, 0,
	P(why_params), incident_do_end, NULL},
    {"incident.close", "close 归档 gd", N_("file the incident"), ROOM, 0, P(one_params),
	incident_do_close, NULL},
    {"incident.reopen", "reopen 重开 ck", N_("take it up again"), ROOM, 0, P(why_params),
	incident_do_reopen, NULL},
    {"incident.not", "not 销案 xa", N_("no incident after all"), ROOM, VERB_UNDO, P(not_params),
	incident_do_not, NULL},
    {"incident.merge", "merge 并入 合并 br",
	N_("two are one and the same: join one into the other"), ROOM, VERB_UNDO, P(merge_params),
	incident_do_merge, NULL},
    {"incident.unmerge", "unmerge 拆分 cf", N_("take a joined incident out again"), ROOM, VERB_UNDO,
	P(one_params), incident_do_unmerge, NULL},
    {"incident.child", "child 次生 cs", N_("link a secondary event"), ROOM, VERB_UNDO,
	P(child_params), incident_do_child, NULL},
    {"incident.different", "different 不同事 bts", N_("two that look alike are different matters"),
	ROOM, VERB_UNDO, P(different_params), incident_do_different, NULL},
    {"incident.transfer", "transfer 转办 zb", N_("hand it to the competent unit"), ROOM, 0,
	P(transfer_params), incident_do_transfer, NULL},
    {"clock.close", "了结 销时限 lj", N_("a deadline was met"), ROOM, 0, P(close_params),
	incident_do_clock_close, NULL},
    {"clock.void", "免报 mb", N_("a deadline does not apply"), ROLE_CHIEF | ROLE_LEADER, VERB_UNDO,
	P(void_params), incident_do_clock_void, NULL},
    {"inbox.add", "收件 sj", N_("a message comes in"), ROOM, 0, P(inbox_add_params),
	incident_do_inbox_add, NULL},
    {"inbox.take", "取件 qj", N_("give a message to an incident"), ROOM, 0, P(inbox_take_params),
	incident_do_inbox_take, NULL},
    {"inbox.file", "存件 cj", N_("keep a message without acting on it"), ROOM, VERB_UNDO,
	P(inbox_file_params), incident_do_inbox_file, NULL},
};

void
incident_register(struct store *st)
{
	verb_register(st, verbs, COUNT_OF(verbs));
	incident_register_things(st);
}
