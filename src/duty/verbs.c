/* The table of verbs, and what the header of every screen counts. */
#include "duty/inside.h"

#include <string.h>

#define MUST(name, label, type, of, help)                                                          \
	{                                                                                          \
		name, label, type, of, true, true, help                                            \
	}
#define MAY(name, label, type, of, help)                                                           \
	{                                                                                          \
		name, label, type, of, false, true, help                                           \
	}
#define NAMED(name, label, type, of, help)                                                         \
	{                                                                                          \
		name, label, type, of, false, false, help                                          \
	}
#define NEEDED(name, label, type, of, help)                                                        \
	{                                                                                          \
		name, label, type, of, true, false, help                                           \
	}

#define TEXT MUST("text", N_("text"), ARG_REST, NULL, NULL)
#define WHY MUST("why", N_("reason"), ARG_REST, NULL, N_("why, in a few words"))
#define AT NAMED("at", N_("time"), ARG_TIME, "past", N_("when it was; now unless given"))
#define INCIDENT                                                                                   \
	NAMED("incident", N_("incident"), ARG_THING, "incident", N_("the matter it belongs to"))
#define POSTS "leader|chief|officer|deputy|standby"
#define WAYS "phone|written|sms|face"
#define INSTRUCTION                                                                                \
	MUST("instruction", N_("instruction"), ARG_THING, "instruction",                           \
	    N_("number, last digits, or words of it"))
#define BY_WAY NAMED("by_way", N_("way"), ARG_CHOICE, WAYS, N_("how; by telephone unless given"))

static const struct verb_param double_params[] = {
    MUST("from", N_("first day"), ARG_TIME, NULL, NULL),
    NAMED("to", N_("last day"), ARG_TIME, NULL, N_("the same day unless given")),
    NAMED("person", N_("leader in town"), ARG_THING, "person", NULL),
    MUST("why", N_("reason"), ARG_REST, NULL, N_("holiday, flood season, meeting")),
};
static const struct verb_param ask_params[] = {
    MUST("post", N_("post"), ARG_CHOICE, POSTS, NULL),
    MUST("substitute", N_("substitute"), ARG_THING, "person", N_("who takes the shift")),
    NAMED("day", N_("day of the month"), ARG_TIME, NULL,
	N_("the day the shift begins; the running one unless given")),
    WHY,
};
static const struct verb_param approve_params[] = {
    MUST("swap", N_("swap"), ARG_THING, "swap", N_("by the substitute's name")),
    MAY("text", N_("remark"), ARG_REST, NULL, NULL),
};
static const struct verb_param refuse_params[] = {
    MUST("swap", N_("swap"), ARG_THING, "swap", N_("by the substitute's name")),
    WHY,
};

static const struct verb_param begin_params[] = {
    NAMED("for", N_("shift"), ARG_TIME, NULL,
	N_("a time in the shift taken over; the next one unless given")),
};
static const struct verb_param text_params[] = {TEXT};
static const struct verb_param why_params[] = {WHY};
static const struct verb_param check_params[] = {
    MUST("item", N_("line"), ARG_INT, NULL, N_("number of the line on the check list")),
    MUST("result", N_("result"), ARG_CHOICE, "ok|fault", NULL),
    MAY("text", N_("what is wrong"), ARG_REST, NULL, NULL),
};
static const struct verb_param sign_params[] = {
    /* words of their own: "out" and "in" are the ways of a telephone call */
    MAY("side", N_("side"), ARG_CHOICE, "outgoing|incoming",
	N_("for which crew; one's own unless given")),
};

static const struct verb_param log_params[] = {
    NAMED("kind", N_("kind"), ARG_CHOICE, "info|call_in|call_out|alert|order|other", NULL),
    NAMED("from", N_("from"), ARG_WORD, NULL, NULL),
    NAMED("to", N_("sent to"), ARG_WORD, NULL, NULL),
    NAMED("result", N_("result"), ARG_WORD, NULL, N_("what came of it")),
    AT,
    INCIDENT,
    TEXT,
};
static const struct verb_param phone_params[] = {
    NAMED("direction", N_("direction"), ARG_CHOICE, "in|out", N_("in unless given")),
    NAMED("phone", N_("telephone"), ARG_WORD, NULL, NULL),
    NAMED("unit", N_("unit"), ARG_WORD, NULL, N_("of the person on the line")),
    NAMED("caller", N_("person's name"), ARG_WORD, NULL, N_("who was on the line")),
    NAMED("post", N_("post"), ARG_WORD, NULL, NULL),
    NAMED("line", N_("line"), ARG_WORD, NULL, N_("which of our telephones")),
    NAMED("place", N_("place"), ARG_WORD, NULL, N_("where it happened")),
    NAMED("cause", N_("cause"), ARG_WORD, NULL, NULL),
    NAMED("measures", N_("measures"), ARG_WORD, NULL, NULL),
    NAMED("result", N_("result"), ARG_WORD, NULL, NULL),
    NAMED("trend", N_("effect and trend"), ARG_WORD, NULL, NULL),
    NAMED("told", N_("already told"), ARG_WORD, NULL, N_("which leaders and units, and when")),
    NAMED("readback", N_("read back"), ARG_FLAG, NULL, N_("the words were read back")),
    NAMED("recording", N_("recording no."), ARG_WORD, NULL, NULL),
    AT,
    INCIDENT,
    TEXT,
};
#define PAPER                                                                                      \
	NAMED("pages", N_("pages"), ARG_INT, NULL, NULL),                                          \
	    NAMED("class", N_("secrecy class"), ARG_WORD, NULL, N_("secrecy")),                    \
	    NAMED("urgency", N_("urgency"), ARG_WORD, NULL, NULL),                                 \
	    NAMED("signed_by", N_("signed by"), ARG_WORD, NULL, NULL),                             \
	    NAMED("passed_to", N_("passed to"), ARG_WORD, NULL, N_("who has it now")), AT,         \
	    INCIDENT,                                                                              \
	    MAY("text", N_("text"), ARG_REST, NULL, N_("what it says, what was done with it"))
static const struct verb_param paper_in_params[] = {
    MUST("title", N_("title"), ARG_WORD, NULL, NULL),
    MUST("from", N_("from"), ARG_WORD, NULL, NULL),
    PAPER,
};
static const struct verb_param paper_out_params[] = {
    MUST("title", N_("title"), ARG_WORD, NULL, NULL),
    MUST("to", N_("sent to"), ARG_WORD, NULL, NULL),
    PAPER,
};
static const struct verb_param correct_params[] = {
    MUST("entry", N_("register entry"), ARG_THING, "entry", N_("log-12, phone-7, paper-3")),
    NEEDED("why", N_("reason"), ARG_WORD, NULL, N_("why it is corrected")),
    MUST("text", N_("text"), ARG_REST, NULL, N_("how it is right")),
};
static const struct verb_param spot_params[] = {
    MUST("unit", N_("unit"), ARG_WORD, NULL, N_("who checks")),
    NAMED("caller", N_("person's name"), ARG_WORD, NULL, NULL),
    NAMED("post", N_("post"), ARG_WORD, NULL, NULL),
    NAMED("phone", N_("telephone"), ARG_WORD, NULL, NULL),
    NAMED("questions", N_("questions"), ARG_WORD, NULL, N_("what was asked")),
    AT,
    MUST("text", N_("answers"), ARG_REST, NULL, N_("what was answered")),
};

static const struct verb_param roll_start_params[] = {
    MAY("list", N_("list"), ARG_WORD, NULL, N_("of data/duty/rolls.tsv; the first unless given")),
    NAMED("close", N_("to be closed by"), ARG_TIME, "ahead", NULL),
    NAMED("units", N_("units"), ARG_WORD, NULL, N_("these units instead of a list")),
};
#define UNIT MUST("unit", N_("unit"), ARG_THING, "unit", NULL)
#define NUMBER                                                                                     \
	NAMED("number", N_("number dialled"), ARG_WORD, NULL, N_("its duty telephone unless given"))
#define ROLL_WAY                                                                                   \
	NAMED("way", N_("way"), ARG_CHOICE, "phone|mobile|video|radio|satellite",                  \
	    N_("by telephone unless given"))
static const struct verb_param answer_params[] = {
    UNIT,
    MUST("by", N_("answered by"), ARG_WORD, NULL, NULL),
    MAY("seconds", N_("seconds"), ARG_INT, NULL, N_("until it was answered")),
    NUMBER,
    ROLL_WAY,
    NAMED("off_post", N_("not on post"), ARG_FLAG, NULL, NULL),
    NAMED("leader", N_("leader on duty"), ARG_WORD, NULL, NULL),
    NAMED("knows", N_("what it knows"), ARG_WORD, NULL, NULL),
    NAMED("fix", N_("to put right"), ARG_WORD, NULL, N_("what the unit was told to mend")),
    MAY("remark", N_("remark"), ARG_REST, NULL, NULL),
};
static const struct verb_param miss_params[] = {UNIT, NUMBER, ROLL_WAY};
static const struct verb_param roll_close_params[] = {
    MAY("roll", N_("roll call"), ARG_THING, "rollcall", N_("the open one unless given")),
};
static const struct verb_param callout_params[] = {
    MUST("colour", N_("colour"), ARG_CHOICE, "red|orange|yellow|blue", NULL),
    MUST("areas", N_("townships"), ARG_WORD, NULL, N_("names joined by commas, or all")),
    NAMED("event", N_("event"), ARG_WORD, NULL, N_("a word of data/duty/callout.tsv")),
    NAMED("alert", N_("warning"), ARG_THING, "alert", N_("the warning it answers")),
    MUST("matter", N_("matter"), ARG_REST, NULL, N_("what is called out for")),
};
#define TARGET MUST("target", N_("whom"), ARG_THING, "calltarget", N_("by the name on the list"))
static const struct verb_param call_answer_params[] = {
    TARGET,
    MUST("by", N_("answered by"), ARG_WORD, NULL, NULL),
    NAMED("actions", N_("will do"), ARG_WORD, NULL, N_("what was promised")),
    NUMBER,
    MUST("words", N_("read back"), ARG_REST, NULL, N_("the words they read back")),
};
static const struct verb_param call_miss_params[] = {TARGET, NUMBER};
static const struct verb_param call_close_params[] = {
    MUST("callout", N_("call-out"), ARG_THING, "callout", N_("words of its matter")),
    MAY("why", N_("reason"), ARG_REST, NULL, N_("demanded while somebody has not answered")),
};

static const struct verb_param instruction_params[] = {
    MUST("leader", N_("instructing leader"), ARG_WORD, NULL, N_("who gave it")),
    MUST("owner", N_("owner"), ARG_WORD, NULL, N_("the unit that is to do it")),
    NAMED("post", N_("post"), ARG_WORD, NULL, NULL),
    NAMED("medium", N_("way"), ARG_CHOICE, WAYS, N_("how it was given")),
    AT,
    NAMED("helpers", N_("helpers"), ARG_WORD, NULL, N_("units, joined by commas")),
    NAMED("due", N_("due"), ARG_TIME, "ahead", N_("when the feedback is due")),
    NAMED("relay_due", N_("relay by"), ARG_TIME, "ahead", N_("when the owner must have been told")),
    INCIDENT,
    MUST("text", N_("text"), ARG_REST, NULL, N_("word by word")),
};
static const struct verb_param supervise_params[] = {
    MUST("owner", N_("owner"), ARG_WORD, NULL, N_("the unit that is to do it")),
    NEEDED("due", N_("due"), ARG_TIME, "ahead", N_("when the feedback is due")),
    NEEDED("basis", N_("basis"), ARG_WORD, NULL, N_("on whose word")),
    NAMED("relay_due", N_("relay by"), ARG_TIME, "ahead", N_("when the owner must have been told")),
    NAMED("helpers", N_("helpers"), ARG_WORD, NULL, N_("units, joined by commas")),
    INCIDENT,
    MUST("text", N_("matter"), ARG_REST, NULL, NULL),
};
static const struct verb_param relay_params[] = {
    INSTRUCTION,
    MAY("to", N_("sent to"), ARG_WORD, NULL, N_("the owner unless given")),
    BY_WAY,
    MAY("text", N_("remark"), ARG_REST, NULL, NULL),
};
static const struct verb_param take_params[] = {
    INSTRUCTION,
    MAY("by", N_("person's name"), ARG_WORD, NULL, N_("who takes it on")),
};
static const struct verb_param feedback_params[] = {
    INSTRUCTION,
    NAMED("accepted_by", N_("accepted by"), ARG_WORD, NULL,
	N_("who took the feedback for the leader")),
    TEXT,
};
static const struct verb_param return_params[] = {INSTRUCTION, WHY};
static const struct verb_param remind_params[] = {
    INSTRUCTION,
    BY_WAY,
    MAY("answer", N_("answer"), ARG_REST, NULL, NULL),
};
static const struct verb_param close_params[] = {
    INSTRUCTION,
    MAY("result", N_("result"), ARG_REST, NULL, NULL),
};
static const struct verb_param bell_params[] = {
    MUST("kind", N_("kind"), ARG_CHOICE, "red|clock|urgent|call|order|instruction|inbox",
	N_("what rings")),
    MUST("repeat", N_("minutes"), ARG_INT, NULL,
	N_("until it rings again while the matter stands; 0: once")),
    MAY("quiet", N_("quiet hours"), ARG_WORD, NULL, N_("22:00-06:00: only the mark; -: none")),
};

#define ROOM (ROLE_ROOM | ROLE_SYSTEM)
#define DECIDE (ROLE_CHIEF | ROLE_LEADER | ROLE_SYSTEM)
#define PARAMS(array) array, COUNT_OF(array)
static const struct verb verbs[] = {
    {"roster.double", "双带班", N_("days on which a second leader stands by in town"),
	DECIDE | ROLE_CLERK, VERB_UNDO, PARAMS(double_params), run_double, NULL},
    {"swap.ask", "换班", N_("ask that another takes a shift"), ROOM | ROLE_CLERK, VERB_UNDO,
	PARAMS(ask_params), run_swap_ask, NULL},
    {"swap.approve", "准换", N_("approve a swap: the roster changes"), DECIDE, 0,
	PARAMS(approve_params), run_swap_approve, NULL},
    {"swap.refuse", "不准换", N_("refuse a swap"), DECIDE, 0, PARAMS(refuse_params),
	run_swap_refuse, NULL},
    {"handover.begin", "交班", N_("begin the handover: open items from the record"), ROOM, 0,
	PARAMS(begin_params), run_handover_begin, NULL},
    {"handover.note", "交班说明", N_("what the outgoing crew, or the leader, adds in words"), ROOM,
	0, PARAMS(text_params), run_handover_note, NULL},
    {"handover.check", "清点", N_("check a line of the handover list"), ROOM, 0,
	PARAMS(check_params), run_handover_check, NULL},
    {"handover.sign", "交接签字", N_("sign the handover for one's own crew"), ROOM, 0,
	PARAMS(sign_params), run_handover_sign, NULL},
    {"handover.drop", "交班作废", N_("drop a handover begun by mistake"), ROOM, 0,
	PARAMS(why_params), run_handover_drop, NULL},
    {"watch.open", "接班", N_("open the watch; seals the one before"), ROOM, 0, NULL, 0,
	run_watch_open, NULL},
    {"log.add", "日志", N_("write a line into the duty log"), ROOM | ROLE_TOWNSHIP, VERB_UNDO,
	PARAMS(log_params), run_log, NULL},
    {"phone.record", "电话", N_("record a telephone call"), ROOM | ROLE_TOWNSHIP, VERB_UNDO,
	PARAMS(phone_params), run_phone, NULL},
    {"paper.in", "收文 收文登记", N_("a paper or fax was received"), ROOM | ROLE_TOWNSHIP,
	VERB_UNDO, PARAMS(paper_in_params), run_paper_in, NULL},
    {"paper.out", "发文登记", N_("a paper or fax was sent"), ROOM | ROLE_TOWNSHIP, VERB_UNDO,
	PARAMS(paper_out_params), run_paper_out, NULL},
    {"entry.correct", "订正", N_("correct a register entry; the old one stays, struck out"),
	ROOM | ROLE_TOWNSHIP, 0, PARAMS(correct_params), run_correct, NULL},
    {"spot.record", "抽查", N_("an upper duty room checked ours"), ROOM, VERB_UNDO,
	PARAMS(spot_params), run_spot, NULL},
    {"roll.start", "点名", N_("begin a roll call"), ROOM, VERB_UNDO, PARAMS(roll_start_params),
	run_roll_start, NULL},
    {"roll.answer", "到岗", N_("a unit answered the roll call"), ROOM, VERB_UNDO,
	PARAMS(answer_params), run_roll_answer, NULL},
    {"roll.miss", "未接", N_("a unit did not answer the roll call"), ROOM, VERB_UNDO,
	PARAMS(miss_params), run_roll_miss, NULL},
    {"roll.close", "点名结束", N_("close the roll call"), ROOM, VERB_UNDO,
	PARAMS(roll_close_params), run_roll_close, NULL},
    {"callout.start", "叫应", N_("call out: whoever is on the lists must answer"), ROOM, 0,
	PARAMS(callout_params), run_callout_start, NULL},
    {"callout.answer", "叫通", N_("somebody answered the call-out and read it back"),
	ROOM | ROLE_TOWNSHIP, VERB_UNDO, PARAMS(call_answer_params), run_callout_answer, NULL},
    {"callout.miss", "叫不通", N_("no answer to the call-out"), ROOM, VERB_UNDO,
	PARAMS(call_miss_params), run_callout_miss, NULL},
    {"callout.close", "叫应结束", N_("close the call-out"), ROOM, VERB_UNDO,
	PARAMS(call_close_params), run_callout_close, NULL},
    {"instruction.add", "批示", N_("register a leader's instruction, word by word"), ROOM,
	VERB_UNDO, PARAMS(instruction_params), run_instruction_add, NULL},
    {"instruction.supervise", "督办", N_("put a matter under supervision"), DECIDE, VERB_UNDO,
	PARAMS(supervise_params), run_supervise, NULL},
    {"instruction.relay", "传达", N_("tell the owner or a helper of an instruction"), ROOM,
	VERB_UNDO, PARAMS(relay_params), run_relay, NULL},
    {"instruction.take", "承办", N_("the owner takes an instruction on"), ROOM | ROLE_TOWNSHIP,
	VERB_UNDO, PARAMS(take_params), run_take, NULL},
    {"instruction.report", "批示反馈", N_("the owner reports what was done"), ROOM | ROLE_TOWNSHIP,
	VERB_UNDO, PARAMS(feedback_params), run_feedback, NULL},
    {"instruction.return", "批示退回", N_("the feedback does not do: the owner goes on"), DECIDE,
	VERB_UNDO, PARAMS(return_params), run_send_back, NULL},
    {"instruction.remind", "批示催办", N_("remind the owner of an instruction"), ROOM, VERB_UNDO,
	PARAMS(remind_params), run_remind, NULL},
    {"instruction.close", "批示办结", N_("close an instruction; never by its owner"), DECIDE,
	VERB_UNDO, PARAMS(close_params), run_instruction_close, NULL},
    {"bell.set", "响铃", N_("when the bell of the consoles rings, and its quiet hours"),
	DECIDE | ROLE_CLERK, VERB_UNDO, PARAMS(bell_params), run_bell, NULL},
    {"duty.tick", "到时", N_("let happen what has fallen due"), ROLE_SYSTEM, VERB_QUIET, NULL, 0,
	run_tick, NULL},
};

void
duty_register(struct store *st)
{
	verb_register(st, verbs, COUNT_OF(verbs));
	duty_things_register(st);
}

/* --- counts ----------------------------------------------------------------------------------- */

/* Has the roster moved on, while the watch that is open is still the one before? */
static bool
is_unopened(struct store *st, int64_t now)
{
	int64_t person, starts, ends;
	struct watch_row watch;

	if (!duty_watch(st, &watch))
		return false;
	if (!duty_shift_at(st, "officer", now, &person, &starts, &ends))
		return false;
	return watch.opened < starts && !crew_has(&watch.crew, person);
}

void
duty_count(struct store *st, int64_t area, struct duty_counts *out)
{
	int64_t now = clock_now();
	struct sql *q =
	    sql(st, "SELECT count(*), count(t.breached), min(coalesce(t.step_due, t.due)) FROM "
		    "call_target t JOIN callout c ON c.id = t.callout WHERE c.closed IS NULL AND "
		    "t.state <> 'answered' AND (?1 = 0 OR t.area = ?1)");

	memset(out, 0, sizeof(*out));
	out->next_due = CLOCK_NONE;
	sql_bind(q, "i", area);
	if (sql_row(q)) {
		out->calling = sql_int(q, 0);
		out->breached = sql_int(q, 1);
		out->next_due = sql_time(q, 2);
	}
	sql_done(q);
	out->missed = sql_one_int(st,
	    "SELECT count(*) FROM roll_unit u JOIN roll r ON r.id = u.roll WHERE "
	    "r.closed IS NULL AND u.state = 'missed' AND (?1 = 0 OR u.area = ?1)",
	    0, "i", area);
	q = sql(st,
	    "SELECT count(*), sum(CASE WHEN n.state <> 'reported' AND (n.due < ?2 OR n.state = "
	    "'registered' AND n.relay_due < ?2) THEN 1 ELSE 0 END), min(CASE WHEN n.state = "
	    "'registered' THEN coalesce(n.relay_due, n.due) WHEN n.state <> 'reported' THEN n.due "
	    "END) FROM instruction n WHERE n.state <> 'closed' AND (?1 = 0 OR n.area = ?1)");
	sql_bind(q, "ii", area, now);
	if (sql_row(q)) {
		out->instructions = sql_int(q, 0);
		out->overdue = sql_int(q, 1);
		if (!sql_null(q, 2) &&
		    (out->next_due == CLOCK_NONE || sql_int(q, 2) < out->next_due))
			out->next_due = sql_int(q, 2);
	}
	sql_done(q);
	if (area)
		return;
	out->swaps = sql_one_int(
	    st, "SELECT count(*) FROM swap WHERE state = 'asked' AND ends > ?1", 0, "i", now);
	out->handing_over =
	    sql_one_int(st,
		"SELECT count(*) FROM handover WHERE state IN ('begun', 'out', 'signed')", 0,
		"") > 0;
	out->unopened = is_unopened(st, now);
}
