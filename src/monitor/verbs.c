/* The table of verbs: from it come forms, the command line, help and the manual. */
#include "monitor/inside.h"

#define ROOM (ROLE_ROOM | ROLE_SYSTEM)
#define TEXT(label, help)                                                                          \
	{                                                                                          \
		"text", label, ARG_REST, NULL, true, true, help                                    \
	}

static const struct verb_param take_params[] = {
    {"feed", N_("feed"), ARG_WORD, NULL, true, false, NULL},
    {"identifier", N_("identifier"), ARG_WORD, NULL, true, false, NULL},
    {"sender", N_("issuer"), ARG_WORD, NULL, false, false, NULL},
    {"sent", N_("sent"), ARG_TIME, NULL, false, false, NULL},
    {"digest", N_("digest"), ARG_WORD, NULL, true, false, NULL},
};
static const struct verb_param alert_params[] = {
    {"alert", N_("warning"), ARG_THING, "alert", true, true, N_("number or words of its headline")},
};
static const struct verb_param note_params[] = {
    {"alert", N_("warning"), ARG_THING, "alert", true, true, N_("number or words of its headline")},
    TEXT(N_("what was done"), N_("whom it was passed on to, when and how, what came of it")),
};

#define CHOICE(name, label, of, help)                                                              \
	{                                                                                          \
		name, label, ARG_CHOICE, of, false, false, help                                    \
	}
#define COLOURS "red|orange|yellow|blue"
/* What CAP asks of a warning beside its words. */
#define ISSUE_FIELDS                                                                               \
	{"onset", N_("in force from"), ARG_TIME, NULL, false, false, N_("at once unless told")},   \
	    CHOICE("urgency", N_("urgency"), "immediate|expected|future|unknown",                  \
		N_("how soon to act; expected unless told")),                                      \
	    CHOICE("certainty", N_("certainty"), "observed|likely|possible|unlikely|unknown",      \
		N_("likely unless told")),                                                         \
	    CHOICE("response", N_("what to do"),                                                   \
		"shelter|evacuate|prepare|execute|avoid|monitor|assess", NULL),                    \
	    {"instruction", N_("advice"), ARG_WORD, NULL, false, false,                       \
		N_("what people shall do")},                                                       \
	    {"headline", N_("headline"), ARG_WORD, NULL, false, false,                             \
		N_("made of office, event and colour unless given")},                              \
	    {"where", N_("the shape in words"), ARG_WORD, NULL, false, false,                      \
		N_("what the polygon or circle is")},                                              \
	    {"outlines", N_("outlines"), ARG_FLAG, NULL, false, false,                             \
		N_("each place's outline as well, its circle where the map has none")},            \
	    {"polygon", N_("polygon"), ARG_WORD, NULL, false, false,                               \
		N_("corners, each longitude,latitude")},                                           \
	    {"circle", N_("circle"), ARG_WORD, NULL, false, false,                                 \
		N_("longitude,latitude,kilometres")},                                              \
	    {"around", N_("around"), ARG_THING, "incident", false, false,                          \
		N_("a circle around this incident")},                                              \
	{                                                                                          \
		"radius", N_("radius"), ARG_REAL, NULL, false, false, N_("kilometres around it")   \
	}
#define SIGNER                                                                                     \
	{                                                                                          \
		"signer", N_("approved by"), ARG_WORD, NULL, false, false,                         \
		    N_("the leader who gave word; without one the actor approves")                 \
	}
static const struct verb_param issue_params[] = {
    {"event", N_("event"), ARG_WORD, NULL, true, true, N_("name or code: 暴雨, 11B03")},
    {"colour", N_("colour"), ARG_CHOICE, COLOURS, true, true, NULL},
    {"areas", N_("townships"), ARG_WORD, NULL, true, true, N_("names joined by commas, or all")},
    {"expires", N_("until"), ARG_TIME, "ahead", true, true,
	N_("when it ends by itself; 30 days at most")},
    SIGNER,
    {"exercise", N_("exercise"), ARG_FLAG, NULL, false, false, N_("a drill, marked so everywhere")},
    ISSUE_FIELDS,
    TEXT(N_("description"), N_("what is coming, where, how bad")),
};
static const struct verb_param update_params[] = {
    {"alert", N_("warning"), ARG_THING, "alert", true, true, N_("number or words of its headline")},
    CHOICE("colour", N_("colour"), COLOURS, N_("as it is unless given")),
    {"areas", N_("townships"), ARG_WORD, NULL, false, false,
	N_("names joined by commas, or all; as it is unless given")},
    {"expires", N_("until"), ARG_TIME, "ahead", false, false, N_("as it is unless given")},
    SIGNER,
    ISSUE_FIELDS,
    TEXT(N_("description"), N_("what is coming, where, how bad")),
};
static const struct verb_param cancel_params[] = {
    {"alert", N_("warning"), ARG_THING, "alert", true, true, N_("number or words of its headline")},
    SIGNER,
    TEXT(N_("description"), N_("why it is over, what still to mind")),
};

#define WORD(name, label, must, help)                                                              \
	{                                                                                          \
		name, label, ARG_WORD, NULL, must, must, help                                      \
	}
/* The fields of incident.open, read from the words where they are not given. */
#define OPEN_FIELDS                                                                                \
	WORD("source", N_("source"), false, NULL), WORD("caller", N_("caller"), false, NULL),      \
	    WORD("unit", N_("caller's unit"), false, NULL),                                        \
	    WORD("post", N_("caller's post"), false, NULL),                                        \
	    WORD("phone", N_("telephone"), false, NULL),                                           \
	    WORD("told", N_("already told"), false, NULL),                                         \
	    {"received", N_("receipt time"), ARG_TIME, NULL, false, false, NULL},                  \
	    {"occurred", N_("occurred"), ARG_TIME, NULL, false, false, NULL},                      \
	    WORD("title", N_("title"), false, NULL), WORD("type", N_("type"), false, NULL),        \
	    WORD("place", N_("place"), false, N_("where exactly")),                                \
	    WORD("road", N_("road"), false, NULL),                                                 \
	    {"area", N_("township"), ARG_THING, "area", false, false, NULL},                       \
	    {"lon", N_("longitude"), ARG_REAL, NULL, false, false, NULL},                          \
	    {"lat", N_("latitude"), ARG_REAL, NULL, false, false, NULL},                           \
	    WORD("nature", N_("nature"), false, N_("what has happened, in a few words")),          \
	    {"sensitive", N_("sensitive"), ARG_FLAG, NULL, false, false, NULL},                    \
	    WORD("why_sensitive", N_("why sensitive"), false, NULL),                               \
	{                                                                                          \
		"text", N_("words"), ARG_REST, NULL, false, true,                                  \
		    N_("instead of the words that came in")                                        \
	}

static const struct verb_param quake_params[] = {
    WORD("id", N_("identifier"), true, NULL),
    {"at", N_("time"), ARG_TIME, NULL, true, true, N_("origin time")},
    {"lon", N_("longitude"), ARG_REAL, NULL, true, true, N_("degrees")},
    {"lat", N_("latitude"), ARG_REAL, NULL, true, true, N_("degrees")},
    {"magnitude", N_("magnitude"), ARG_REAL, NULL, true, true, NULL},
    {"depth", N_("depth"), ARG_REAL, NULL, false, true, N_("km")},
    {"place", N_("place"), ARG_WORD, NULL, false, true, NULL},
    WORD("source", N_("source"), false, NULL),
    {"reviewed", N_("reviewed"), ARG_FLAG, NULL, false, false, NULL},
};
static const struct verb_param ticket_params[] = {
    WORD("source", N_("source"), true, N_("12345, 110, 119 …")),
    WORD("number", N_("ticket no."), true, NULL),
    {"at", N_("time"), ARG_TIME, NULL, false, false, N_("when it was called in; now unless given")},
    WORD("title", N_("title"), false, NULL),
    WORD("caller", N_("caller"), false, NULL),
    WORD("phone", N_("telephone"), false, NULL),
    {"secret", N_("secret"), ARG_FLAG, NULL, false, false, N_("the caller asked to stay unknown")},
    WORD("address", N_("place"), false, NULL),
    WORD("category", N_("class"), false, NULL),
    WORD("urgency", N_("urgency"), false, NULL),
    WORD("unit", N_("unit"), false, NULL),
    WORD("stage", N_("stage"), false, NULL),
    {"deadline", N_("deadline"), ARG_TIME, NULL, false, false, NULL},
    {"lon", N_("longitude"), ARG_REAL, NULL, false, false, NULL},
    {"lat", N_("latitude"), ARG_REAL, NULL, false, false, NULL},
    TEXT(N_("words"), N_("the whole text of the ticket")),
};
#define TICKET                                                                                     \
	{                                                                                          \
		"ticket", N_("ticket"), ARG_THING, "ticket", true, true,                           \
		    N_("number, last digits, or words of its title")                               \
	}
static const struct verb_param ticket_open_params[] = {TICKET, OPEN_FIELDS};
static const struct verb_param ticket_join_params[] = {
    TICKET,
    {"incident", N_("incident"), ARG_THING, "incident", true, true,
	N_("number, last digits, or words of its title")},
};
static const struct verb_param ticket_transfer_params[] = {
    TICKET,
    {"to", N_("to unit"), ARG_WORD, NULL, true, true, N_("the competent unit")},
    {"receiver", N_("receiver"), ARG_WORD, NULL, true, true, N_("who took it there")},
    {"at", N_("time"), ARG_TIME, NULL, false, false, N_("when; now unless given")},
    {"text", N_("words"), ARG_REST, NULL, false, true, N_("what was asked of them")},
};
static const struct verb_param ticket_answer_params[] = {
    TICKET,
    TEXT(N_("answer"), N_("what the hotline or the caller was told")),
};
static const struct verb_param ticket_file_params[] = {
    TICKET,
    {"why", N_("reason"), ARG_REST, NULL, true, true, N_("why, in a few words")},
};
static const struct verb_param ticket_reveal_params[] = {
    TICKET,
    {"why", N_("reason"), ARG_REST, NULL, true, true, N_("what the caller must be rung for")},
};
static const struct verb_param observation_params[] = {
    WORD("station", N_("station"), true, NULL),
    WORD("quantity", N_("quantity"), true, N_("water_level, rain_1h, gas_nh3 …")),
    {"value", N_("value"), ARG_REAL, NULL, true, true, NULL},
    {"at", N_("time"), ARG_TIME, NULL, false, false, N_("now unless given")},
    WORD("name", N_("name"), false, NULL),
    WORD("unit", N_("unit of measure"), false, NULL),
    WORD("trend", N_("trend"), false, NULL),
};
static const struct verb_param series_params[] = {
    {"feed", N_("feed"), ARG_WORD, NULL, true, false, NULL},
    {"n", N_("how many"), ARG_INT, NULL, true, false, NULL},
};
#define ALARM                                                                                      \
	{                                                                                          \
		"alarm", N_("alarm"), ARG_THING, "alarm", true, true, N_("station or words of it") \
	}
static const struct verb_param alarm_confirm_params[] = {
    ALARM,
    {"verdict", N_("verdict"), ARG_CHOICE, "real|false|test", true, true, NULL},
    {"text", N_("words"), ARG_REST, NULL, false, true, N_("who says so, what is seen there")},
};
static const struct verb_param alarm_note_params[] = {
    ALARM,
    TEXT(N_("what was done"), N_("what was done, what was measured")),
};
static const struct verb_param alarm_close_params[] = {
    ALARM,
    {"cause", N_("cause"), ARG_WORD, NULL, true, true, N_("what it was")},
    {"measure", N_("measure"), ARG_REST, NULL, true, true,
	N_("what was done about it, and who confirmed")},
};
static const struct verb_param alarm_open_params[] = {ALARM, OPEN_FIELDS};
static const struct verb_param alarm_params[] = {ALARM};
#define POINT                                                                                      \
	{                                                                                          \
		"point", N_("point"), ARG_THING, "point", true, true,                              \
		    N_("station and what is measured there")                                       \
	}
static const struct verb_param alarm_silence_params[] = {
    POINT,
    {"until", N_("until"), ARG_TIME, "ahead", true, true,
	N_("when it rings again by itself; 24 hours at most")},
    {"level", N_("up to level"), ARG_INT, NULL, false, false,
	N_("1 to 3; that at which it stands unless told: what gets worse rings")},
    {"reason", N_("reason"), ARG_REST, NULL, true, true,
	N_("why it rings for nothing, and who knows")},
};
static const struct verb_param alarm_resume_params[] = {
    POINT,
    {"reason", N_("reason"), ARG_REST, NULL, true, true, N_("why, in a few words")},
};
static const struct verb_param alarm_lapse_params[] = {
    {"silence", N_("silence"), ARG_INT, NULL, true, false, NULL},
};
static const struct verb_param link_set_params[] = {
    WORD("name", N_("name"), true, NULL),
    WORD("url", N_("address"), true, N_("of the feed, or the path of the folder")),
    {"kind", N_("kind"), ARG_CHOICE, "feed|spool", false, false, NULL},
    WORD("format", N_("format"), false, N_("of its documents; found out unless given")),
    {"every", N_("every"), ARG_INT, NULL, false, false,
	N_("seconds between two polls, 5 to 86400")},
    {"timeout", N_("time limit"), ARG_INT, NULL, false, false, N_("seconds, 1 to 300")},
    {"most", N_("largest"), ARG_INT, NULL, false, false, N_("bytes of one document")},
    WORD("columns", N_("columns"), false, N_("of CSV: number=… text=…")),
    {"zone", N_("zone"), ARG_INT, NULL, false, false, N_("minutes east, of times without a zone")},
    {"radius", N_("radius"), ARG_CHOICE, "km|m", false, false, N_("unit of circles")},
    {"area", N_("township"), ARG_THING, "area", false, false, NULL},
    WORD("hosts", N_("other hosts"), false, N_("that an index may point to")),
    WORD("pin_ca", N_("pinned CA"), false, N_("file of the only CA that is believed")),
    WORD("pin_key", N_("pinned key"), false, N_("sha256//… of the server's key")),
};
#define LINK                                                                                       \
	{                                                                                          \
		"link", N_("link"), ARG_THING, "link", true, true, N_("its name")                  \
	}
static const struct verb_param link_params[] = {LINK};
#define P(table) table, COUNT_OF(table)
static const struct verb verbs[] = {
    {"alert.take", "", N_("a warning comes in"), ROLE_SYSTEM, VERB_QUIET, P(take_params),
	monitor_do_alert_take, NULL},
    {"alert.series", "", N_("warnings of other places come in"), ROLE_SYSTEM, VERB_QUIET,
	P(series_params), monitor_do_alert_series, NULL},
    {"alert.note", "处置记录 czjl", N_("record what was done about a warning"), ROOM, 0,
	P(note_params), monitor_do_alert_note, NULL},
    {"alert.read", "已阅 yy", N_("a warning was read"), ROOM, 0, P(alert_params),
	monitor_do_alert_read, NULL},
    {"alert.issue", "发布预警 fbyj", N_("issue a warning of our own"), ROLE_CHIEF | ROLE_LEADER,
	VERB_SENT, P(issue_params), monitor_do_alert_issue, NULL},
    {"alert.update", "更新预警 gxyj", N_("update a warning of our own"), ROLE_CHIEF | ROLE_LEADER,
	VERB_SENT, P(update_params), monitor_do_alert_update, NULL},
    {"alert.cancel", "解除预警 jcyj", N_("lift a warning of our own"), ROLE_CHIEF | ROLE_LEADER,
	VERB_SENT, P(cancel_params), monitor_do_alert_cancel, NULL},
    {"quake.take", "收震 sz", N_("an earthquake message comes in"), ROOM, 0, P(quake_params),
	monitor_do_quake_take, NULL},
    {"ticket.take", "收单 shd", N_("a ticket comes in"), ROOM, VERB_LARGE, P(ticket_params),
	monitor_do_ticket_take, NULL},
    {"ticket.open", "立案 la", N_("open an incident out of a ticket"), ROOM, 0,
	P(ticket_open_params), monitor_do_ticket_open, NULL},
    {"ticket.join", "并案 ba", N_("a ticket is about an incident that is here"), ROOM, 0,
	P(ticket_join_params), monitor_do_ticket_join, NULL},
    {"ticket.transfer", "转单 zd", N_("hand a ticket to the competent unit"), ROOM, 0,
	P(ticket_transfer_params), monitor_do_ticket_transfer, NULL},
    {"ticket.answer", "回单 hd", N_("answer the hotline or the caller"), ROOM, 0,
	P(ticket_answer_params), monitor_do_ticket_answer, NULL},
    {"ticket.file", "存单 cd", N_("keep a ticket without acting on it"), ROOM, VERB_UNDO,
	P(ticket_file_params), monitor_do_ticket_file, NULL},
    {"ticket.reveal", "查来电人 cldr", N_("look up a caller who asked to stay unknown"),
	ROLE_CHIEF | ROLE_LEADER, 0, P(ticket_reveal_params), monitor_do_ticket_reveal, NULL},
    {"observation.take", "收测 sc", N_("a value of a station comes in"), ROOM, 0,
	P(observation_params), monitor_do_observation_take, NULL},
    {"observation.series", "", N_("values of stations come in"), ROLE_SYSTEM, VERB_QUIET,
	P(series_params), monitor_do_observation_series, NULL},
    {"alarm.confirm", "确认警 qrj", N_("an alarm is confirmed: real, false or a test"), ROOM, 0,
	P(alarm_confirm_params), monitor_do_alarm_confirm, NULL},
    {"alarm.note", "处警 chj", N_("record what was done about an alarm"), ROOM, 0,
	P(alarm_note_params), monitor_do_alarm_note, NULL},
    {"alarm.close", "销警 xj", N_("close an alarm with its cause and the measure taken"), ROOM, 0,
	P(alarm_close_params), monitor_do_alarm_close, NULL},
    {"alarm.open", "警转事件 jzsj", N_("open an incident out of an alarm"), ROOM, 0,
	P(alarm_open_params), monitor_do_alarm_open, NULL},
    {"alarm.silence", "屏蔽报警 pbbj", N_("keep a point from ringing until a time"), ROOM, 0,
	P(alarm_silence_params), monitor_do_alarm_silence, NULL},
    {"alarm.resume", "取消屏蔽 qxpb", N_("let a silenced point ring again"), ROOM, 0,
	P(alarm_resume_params), monitor_do_alarm_resume, NULL},
    {"alarm.lapse", "", N_("a silence is over"), ROLE_SYSTEM, VERB_QUIET, P(alarm_lapse_params),
	monitor_do_alarm_lapse, NULL},
    {"alarm.escalate", "", N_("nobody confirmed an alarm in time"), ROLE_SYSTEM, VERB_QUIET,
	P(alarm_params), monitor_do_alarm_escalate, NULL},
    {"link.set", "设链路 sll", N_("set up a link upstream"), ROLE_CHIEF | ROLE_CLERK | ROLE_SYSTEM,
	0, P(link_set_params), monitor_do_link_set, NULL},
    {"link.enable", "启用链路 qyll", N_("start a link"), ROOM | ROLE_CLERK, 0, P(link_params),
	monitor_do_link_enable, NULL},
    {"link.disable", "停用链路 tyll", N_("stop a link"), ROLE_CHIEF | ROLE_CLERK | ROLE_SYSTEM, 0,
	P(link_params), monitor_do_link_disable, NULL},
    {"link.try", "立即取 ljq", N_("try a link at once"), ROOM | ROLE_CLERK, 0, P(link_params),
	monitor_do_link_try, NULL},
};

void
monitor_register(struct store *st)
{
	verb_register(st, verbs, COUNT_OF(verbs));
	monitor_register_things(st);
	outbox_listen(st, "alert", issue_hears);
}
