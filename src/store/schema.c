/*
 * The schema. Platform tables first (setting … outbox), then a block a system. A row's `journal` column, where
 * there is one, is the id of the journal row that made it: the source line of every fact.
 *
 * Kept out on purpose: triggers (a changeset must hold exactly what the verb wrote), and generated columns
 * (SQLite's changesets do not hold them). A table WITHOUT ROWID begins with the columns of its key: else SQLite
 * 3.40's quick_check finds NULLs in it that are not there.
 */
#include "store/schema.h"

#include "store/search_internal.h"

static const char first[] =
    /* --- platform --------------------------------------------------------------------------- */
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"
    /* next: the last value given. name: 'id', or series|year ('report|2025'). */
    "CREATE TABLE sequence (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;"
    /*
     * The journal is not part of any changeset. hash = SM3(prev || canonical form), see store/chain.c.
     * changeset: what the verb changed in every other table (SQLite session format), NULL when nothing.
     */
    "CREATE TABLE journal (id INTEGER PRIMARY KEY, origin INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " at INTEGER NOT NULL, person INTEGER, actor TEXT NOT NULL, via TEXT NOT NULL, verb TEXT NOT NULL,"
    " subject_kind TEXT, subject INTEGER, incident INTEGER, area INTEGER, args TEXT NOT NULL,"
    " text TEXT NOT NULL, corrects INTEGER, changeset BLOB, prev BLOB NOT NULL, hash BLOB NOT NULL,"
    " CHECK (id = origin << 33 | seq)) STRICT;"
    "CREATE INDEX journal_incident ON journal (incident, id) WHERE incident IS NOT NULL;"
    "CREATE INDEX journal_person ON journal (person, id) WHERE person IS NOT NULL;"
    "CREATE INDEX journal_area ON journal (area, id) WHERE area IS NOT NULL;"
    /* The verb's family with its dot: "order." */
    "CREATE INDEX journal_family ON journal (substr(verb, 1, instr(verb, '.')), id);"
    /* Which rows were undone or corrected by a later one: shown struck out. */
    "CREATE TABLE journal_mark (id INTEGER PRIMARY KEY, by INTEGER NOT NULL, kind TEXT NOT NULL"
    " CHECK (kind IN ('undone', 'corrected'))) STRICT;"
    "CREATE INDEX journal_mark_by ON journal_mark (by);"
    /* Messages to go out, in order; key makes a delivery idempotent at the receiver. */
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, channel TEXT NOT NULL,"
    " dest TEXT NOT NULL, kind TEXT NOT NULL, ref INTEGER, key TEXT NOT NULL UNIQUE,"
    " payload TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued'"
    " CHECK (state IN ('queued', 'sent', 'received', 'failed', 'cancelled')),"
    " tries INTEGER NOT NULL DEFAULT 0, next_at INTEGER, last_error TEXT, done_at INTEGER,"
    " receiver TEXT, journal INTEGER) STRICT;"
    "CREATE INDEX outbox_open ON outbox (state, next_at) WHERE state = 'queued';"
    /* Upstream links: their age stands in the header. */
    "CREATE TABLE link (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
    " last_ok INTEGER, last_try INTEGER, last_error TEXT, enabled INTEGER NOT NULL DEFAULT 1) STRICT;"
    /* Full text: search_internal.h. */
    SEARCH_TABLES

    /* --- people, places, units ---------------------------------------------------------------- */
    /* id is the 9-digit code itself. kind: county | street | town | township | zone. */
    "CREATE TABLE area (id INTEGER PRIMARY KEY, name TEXT NOT NULL, short TEXT NOT NULL,"
    " initials TEXT NOT NULL, kind TEXT NOT NULL, lon REAL, lat REAL, people INTEGER, km2 REAL) STRICT;"
    "CREATE TABLE unit (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " short TEXT NOT NULL, aliases TEXT NOT NULL DEFAULT '', initials TEXT NOT NULL,"
    " kind TEXT NOT NULL, area INTEGER, lead TEXT, phone TEXT, lon REAL, lat REAL) STRICT;"
    "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, initials TEXT NOT NULL,"
    " role INTEGER NOT NULL, area INTEGER NOT NULL, unit INTEGER REFERENCES unit (id), post TEXT,"
    " phone TEXT, secret TEXT, active INTEGER NOT NULL DEFAULT 1) STRICT;"
    "CREATE INDEX person_name ON person (name);"
    /* ssh keys. type and blob as in authorized_keys; print: the fingerprint. */
    "CREATE TABLE person_key (id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person (id),"
    " type TEXT NOT NULL, blob TEXT NOT NULL, print TEXT NOT NULL, comment TEXT NOT NULL DEFAULT '',"
    " added INTEGER NOT NULL, withdrawn INTEGER, journal INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX person_key_blob ON person_key (blob) WHERE withdrawn IS NULL;"
    "CREATE INDEX person_key_person ON person_key (person);"
    /* Wrong secrets since the last right one. */
    "CREATE TABLE person_try (person INTEGER PRIMARY KEY REFERENCES person (id), failed INTEGER NOT NULL,"
    " last INTEGER NOT NULL) STRICT;"
    "CREATE TABLE place (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, code TEXT, name TEXT NOT NULL,"
    " aliases TEXT NOT NULL DEFAULT '', initials TEXT NOT NULL, area INTEGER, lon REAL, lat REAL,"
    " people INTEGER) STRICT;"
    "CREATE INDEX place_area ON place (area);"
    "CREATE TABLE line (id INTEGER PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL, unit TEXT) STRICT;"
    /* Who is on duty: post leader | chief | officer | deputy | standby. day: local midnight. */
    "CREATE TABLE shift (id INTEGER PRIMARY KEY, starts INTEGER NOT NULL, ends INTEGER NOT NULL,"
    " post TEXT NOT NULL, person INTEGER NOT NULL REFERENCES person (id)) STRICT;"
    "CREATE INDEX shift_ends ON shift (ends);"

    /* --- incident ----------------------------------------------------------------------------- */
    "CREATE TABLE incident (id INTEGER PRIMARY KEY, year INTEGER NOT NULL, number INTEGER NOT NULL,"
    " received INTEGER NOT NULL," /* T0: 接报时间 */
    " occurred INTEGER, occurred_precision INTEGER,"
    " title TEXT NOT NULL, type TEXT, type_name TEXT, nature TEXT NOT NULL DEFAULT '',"
    " place TEXT NOT NULL DEFAULT '', area INTEGER NOT NULL, lon REAL, lat REAL, road TEXT,"
    " grade INTEGER NOT NULL DEFAULT 0, grade_rule TEXT, grade_why TEXT,"
    " near_miss INTEGER NOT NULL DEFAULT 0, near_miss_why TEXT, near_miss_said TEXT,"
    " sensitive INTEGER NOT NULL DEFAULT 0,"
    " sensitive_why TEXT, source TEXT NOT NULL, lead TEXT, helpers TEXT, cause TEXT, trend TEXT,"
    " measures TEXT, weather TEXT, scene_chief TEXT, scene_phone TEXT, leaders_on_site TEXT, needs TEXT,"
    " impact TEXT, media TEXT, care TEXT, lessons TEXT, loss_wan REAL,"
    " state TEXT NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'verified', 'assessed',"
    " 'responding', 'ended', 'closed', 'merged', 'not_incident')),"
    " parent INTEGER REFERENCES incident (id), merged_into INTEGER REFERENCES incident (id),"
    " confirmed INTEGER NOT NULL DEFAULT 0, ended INTEGER, closed INTEGER,"
    /* What a merge moved and filled, as JSON: un-merge restores exactly that. */
    " before_merge TEXT, journal INTEGER NOT NULL, UNIQUE (year, number)) STRICT;"
    "CREATE INDEX incident_open ON incident (received) WHERE state NOT IN ('closed', 'merged', 'not_incident');"
    "CREATE INDEX incident_received ON incident (received);"
    "CREATE INDEX incident_area ON incident (area, received);"
    "CREATE INDEX incident_parent ON incident (parent) WHERE parent IS NOT NULL;"
    "CREATE INDEX incident_merged ON incident (merged_into) WHERE merged_into IS NOT NULL;"
    "CREATE TABLE incident_code (incident INTEGER NOT NULL REFERENCES incident (id), code TEXT NOT NULL,"
    " rank INTEGER NOT NULL, name TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY (incident, code)) STRICT, WITHOUT ROWID;"
    /* Each caller's words, whole and for ever. moved_from: the incident it came with before a merge. */
    "CREATE TABLE call (id INTEGER PRIMARY KEY, incident INTEGER REFERENCES incident (id),"
    " moved_from INTEGER, at INTEGER NOT NULL, direction TEXT NOT NULL DEFAULT 'in',"
    " source TEXT NOT NULL, caller TEXT, unit TEXT, post TEXT, phone TEXT, told TEXT, text TEXT NOT NULL,"
    " recorder INTEGER, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX call_incident ON call (incident);"
    "CREATE INDEX call_phone ON call (phone, at) WHERE phone IS NOT NULL;"
    "CREATE TABLE fact (id INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incident (id),"
    " call INTEGER REFERENCES call (id), kind TEXT NOT NULL, value INTEGER, amount REAL, unit TEXT,"
    " bound INTEGER NOT NULL DEFAULT 0, text TEXT NOT NULL, norm TEXT, name TEXT, cas TEXT, un INTEGER,"
    " start INTEGER NOT NULL, end INTEGER NOT NULL, confirmed INTEGER NOT NULL DEFAULT 0,"
    " journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX fact_incident ON fact (incident);"
    /* Casualties as dated changes: the newest row of a kind is the present figure. */
    "CREATE TABLE casualty (id INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incident (id),"
    " kind TEXT NOT NULL CHECK (kind IN ('dead', 'missing', 'injured', 'serious', 'light', 'trapped',"
    " 'poisoned', 'ill', 'evacuated', 'threatened', 'households')), at INTEGER NOT NULL, value INTEGER NOT NULL,"
    " bound INTEGER NOT NULL DEFAULT 0, source TEXT NOT NULL, note TEXT, moved_from INTEGER, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX casualty_incident ON casualty (incident, kind, at);"
    /*
     * The report clocks. rule: name of the policy row. needs: what closes it: 'receiver' (name and time), 'signed' (number and
     * signer), 'done', or 'none' (its medium alone). A rule adds a clock once an incident, dest and round, and never moves one;
     * only a repeating rule has rounds past 0; below 0 a taken-back one. void: no longer needed, `note` says why.
     */
    "CREATE TABLE clock (id INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incident (id),"
    " rule TEXT NOT NULL, kind TEXT NOT NULL, dest TEXT NOT NULL, round INTEGER NOT NULL DEFAULT 0,"
    " medium TEXT NOT NULL, needs TEXT NOT NULL CHECK (needs IN ('receiver', 'signed', 'done', 'none')),"
    " starts INTEGER NOT NULL, due INTEGER NOT NULL, source TEXT NOT NULL, why TEXT NOT NULL,"
    " state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'met', 'late', 'void')),"
    " closed INTEGER, receiver TEXT, number TEXT, signer TEXT, note TEXT, closed_by INTEGER,"
    " journal INTEGER NOT NULL, UNIQUE (incident, rule, dest, round)) STRICT;"
    "CREATE INDEX clock_open ON clock (due) WHERE state = 'open';"
    "CREATE INDEX clock_incident ON clock (incident, due);"
    /* Matters handed to the competent unit (law art. 60). */
    "CREATE TABLE transfer (id INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incident (id),"
    " dest TEXT NOT NULL, receiver TEXT NOT NULL, at INTEGER NOT NULL, note TEXT, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX transfer_incident ON transfer (incident);"
    /* Pairs an officer looked at and called different matters. */
    "CREATE TABLE not_duplicate (a INTEGER NOT NULL, b INTEGER NOT NULL, journal INTEGER NOT NULL,"
    " PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE inbox (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL,"
    " title TEXT NOT NULL, text TEXT NOT NULL, urgent INTEGER NOT NULL DEFAULT 0, incident INTEGER"
    " REFERENCES incident (id), state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'taken', 'filed')),"
    /* answer: may not be filed before it was answered (a red warning). */
    " journal INTEGER NOT NULL, answer INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE INDEX inbox_new ON inbox (at) WHERE state = 'new';"

    /* --- plan --------------------------------------------------------------------------------- */
    "CREATE TABLE plan (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, short TEXT NOT NULL,"
    " initials TEXT NOT NULL, level TEXT NOT NULL, area INTEGER, issuer TEXT NOT NULL, doc_no TEXT NOT NULL,"
    " issued TEXT NOT NULL, review TEXT NOT NULL, version INTEGER NOT NULL REFERENCES plan_version (id),"
    " state TEXT NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'retired')), retired_why TEXT) STRICT;"
    /*
     * xml: the file as imported, frozen; hash: SM3 hex of it. What leads to a plan (event codes, words) is read from
     * here and kept in memory: a second copy in tables could only come to differ.
     */
    "CREATE TABLE plan_version (id INTEGER PRIMARY KEY, plan INTEGER NOT NULL, version TEXT NOT NULL,"
    " xml TEXT NOT NULL, hash TEXT NOT NULL, imported INTEGER NOT NULL, journal INTEGER NOT NULL,"
    " UNIQUE (plan, version)) STRICT;"
    /* What drills and real events showed. Open while its version is the plan's present one. */
    "CREATE TABLE plan_finding (id INTEGER PRIMARY KEY, plan INTEGER NOT NULL REFERENCES plan (id),"
    " version INTEGER NOT NULL REFERENCES plan_version (id), incident INTEGER REFERENCES incident (id),"
    " at INTEGER NOT NULL, who TEXT NOT NULL, text TEXT NOT NULL, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX plan_finding_plan ON plan_finding (plan);"

    /* --- dispatch ----------------------------------------------------------------------------- */
    /* A response (law art. 72): matter, level, period, measures, approver. level 1..4. */
    "CREATE TABLE response (id INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incident (id),"
    " plan INTEGER NOT NULL REFERENCES plan (id), plan_version INTEGER NOT NULL REFERENCES plan_version (id),"
    " level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4), matter TEXT NOT NULL, measures TEXT NOT NULL,"
    " period TEXT NOT NULL, approver TEXT NOT NULL, started INTEGER NOT NULL,"
    " state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'ended')),"
    " ended INTEGER, end_approver TEXT, end_reason TEXT, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX response_incident ON response (incident);"
    "CREATE TABLE response_level (response INTEGER NOT NULL REFERENCES response (id), journal INTEGER NOT NULL,"
    " at INTEGER NOT NULL, level INTEGER NOT NULL, approver TEXT NOT NULL, reason TEXT NOT NULL,"
    " PRIMARY KEY (response, journal)) STRICT, WITHOUT ROWID;"
    /*
     * Orders (指令/任务单), handbook 5.3. dest: the unit's or team's name as told; unit/team: its row when known.
     * task: id of the plan task it was copied from.
     */
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, year INTEGER NOT NULL, number INTEGER NOT NULL,"
    " incident INTEGER REFERENCES incident (id), response INTEGER REFERENCES response (id), task TEXT,"
    " kind TEXT NOT NULL DEFAULT 'task' CHECK (kind IN ('task', 'rescue', 'supply', 'notice')),"
    " dest TEXT NOT NULL, unit INTEGER REFERENCES unit (id), team INTEGER, person TEXT, phone TEXT, area INTEGER,"
    " content TEXT NOT NULL, place TEXT, medium TEXT NOT NULL DEFAULT 'system', issuer TEXT NOT NULL,"
    " approver TEXT, issued INTEGER NOT NULL, ack_due INTEGER, finish_due INTEGER, acked INTEGER,"
    " acked_by TEXT, finished INTEGER, result TEXT, checked_by TEXT,"
    " state TEXT NOT NULL DEFAULT 'issued' CHECK (state IN ('issued', 'delivered', 'acked', 'running',"
    " 'reported', 'done', 'withdrawn')), journal INTEGER NOT NULL, UNIQUE (year, number)) STRICT;"
    "CREATE INDEX orders_incident ON orders (incident);"
    "CREATE INDEX orders_unacked ON orders (ack_due) WHERE acked IS NULL AND state = 'issued';"
    "CREATE INDEX orders_open ON orders (finish_due) WHERE state NOT IN ('done', 'withdrawn');"
    "CREATE INDEX orders_area ON orders (area) WHERE area IS NOT NULL;"
    "CREATE TABLE order_entry (id INTEGER PRIMARY KEY, ordr INTEGER NOT NULL REFERENCES orders (id),"
    " at INTEGER NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, text TEXT NOT NULL, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX order_entry_ordr ON order_entry (ordr);"
    /* A team or store on an incident; one row each incident, so each keeps its own state. */
    "CREATE TABLE assignment (id INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incident (id),"
    " ordr INTEGER REFERENCES orders (id), team INTEGER REFERENCES team (id), depot INTEGER REFERENCES depot (id),"
    " goods TEXT, quantity INTEGER, why TEXT NOT NULL, eta_min REAL, eta_how TEXT,"
    " state TEXT NOT NULL DEFAULT 'reserved' CHECK (state IN ('reserved', 'dispatched', 'enroute', 'onscene',"
    " 'released', 'cancelled')), at INTEGER NOT NULL, changed INTEGER NOT NULL, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX assignment_incident ON assignment (incident);"
    "CREATE INDEX assignment_team ON assignment (team) WHERE team IS NOT NULL AND state NOT IN ('released', 'cancelled');"
    "CREATE INDEX assignment_depot ON assignment (depot, goods) WHERE depot IS NOT NULL AND state NOT IN ('released', 'cancelled');"

    /* --- resource ----------------------------------------------------------------------------- */
    "CREATE TABLE skill (code TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;"
    "CREATE TABLE goods (code TEXT PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, aliases TEXT NOT NULL DEFAULT '',"
    " initials TEXT NOT NULL, gbt38565 TEXT) STRICT;"
    "CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT NOT NULL, short TEXT NOT NULL, initials TEXT NOT NULL,"
    " class TEXT NOT NULL, unit TEXT, area INTEGER, lon REAL, lat REAL, people INTEGER, leader TEXT, phone TEXT,"
    " ready_min REAL NOT NULL DEFAULT 10, gear TEXT, state TEXT NOT NULL DEFAULT 'ready'"
    " CHECK (state IN ('ready', 'off')), off_why TEXT, confirmed INTEGER) STRICT;"
    "CREATE INDEX team_area ON team (area);"
    "CREATE TABLE team_skill (team INTEGER NOT NULL REFERENCES team (id), skill TEXT NOT NULL REFERENCES skill (code),"
    " PRIMARY KEY (team, skill)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE depot (id INTEGER PRIMARY KEY, name TEXT NOT NULL, short TEXT NOT NULL, initials TEXT NOT NULL,"
    " unit TEXT, area INTEGER, lon REAL, lat REAL, keeper TEXT, phone TEXT, load_min REAL NOT NULL DEFAULT 20) STRICT;"
    "CREATE TABLE stock (id INTEGER PRIMARY KEY, depot INTEGER NOT NULL REFERENCES depot (id), goods TEXT NOT NULL"
    " REFERENCES goods (code), batch TEXT NOT NULL DEFAULT '', quantity INTEGER NOT NULL CHECK (quantity >= 0),"
    " keep INTEGER NOT NULL DEFAULT 0, expiry TEXT, confirmed INTEGER, UNIQUE (depot, goods, batch)) STRICT;"
    "CREATE INDEX stock_goods ON stock (goods);"
    "CREATE TABLE equipment (id INTEGER PRIMARY KEY, name TEXT NOT NULL, initials TEXT NOT NULL, kind TEXT NOT NULL,"
    " holder TEXT, area INTEGER, quantity INTEGER NOT NULL DEFAULT 1, phone TEXT, state TEXT NOT NULL DEFAULT 'ready', note TEXT) STRICT;"
    "CREATE TABLE expert (id INTEGER PRIMARY KEY, name TEXT NOT NULL, initials TEXT NOT NULL, field TEXT NOT NULL,"
    " title TEXT, unit TEXT, phone TEXT, place TEXT) STRICT;"
    "CREATE TABLE shelter (id INTEGER PRIMARY KEY, name TEXT NOT NULL, initials TEXT NOT NULL, area INTEGER, lon REAL, lat REAL,"
    " kind TEXT NOT NULL, capacity INTEGER NOT NULL, inside INTEGER NOT NULL DEFAULT 0, keeper TEXT, phone TEXT) STRICT;"
    "CREATE TABLE hospital (id INTEGER PRIMARY KEY, name TEXT NOT NULL, initials TEXT NOT NULL, area INTEGER, lon REAL, lat REAL,"
    " level TEXT, beds INTEGER, icu INTEGER, ambulances INTEGER, skills TEXT, phone TEXT) STRICT;"
    "CREATE TABLE enterprise (id INTEGER PRIMARY KEY, name TEXT NOT NULL, initials TEXT NOT NULL, area INTEGER, lon REAL, lat REAL,"
    " trade TEXT, hazard_level INTEGER, r_value REAL, substances TEXT, chief TEXT, phone TEXT, uscc TEXT) STRICT;"

    /* --- report ------------------------------------------------------------------------------- */
    /*
     * kind first | follow | final. seq 0 for the first, 1.. for follow-ups, which keep the parent's number; the final one counts on. body: the
     * text as edited. journal: the row of the draft, up to which the record was looked at. grade, near_miss: as they stood then.
     */
    "CREATE TABLE report (id INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incident (id),"
    " kind TEXT NOT NULL CHECK (kind IN ('first', 'follow', 'final')), seq INTEGER NOT NULL, year INTEGER, number INTEGER,"
    " title TEXT NOT NULL, body TEXT NOT NULL, dest TEXT NOT NULL, cc TEXT NOT NULL DEFAULT '', urgency TEXT NOT NULL,"
    " state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'signed', 'void')),"
    " drafted INTEGER NOT NULL, drafter TEXT NOT NULL, signer TEXT, signed INTEGER, contact TEXT, phone TEXT,"
    " chain_head TEXT, grade INTEGER NOT NULL DEFAULT 0, near_miss INTEGER NOT NULL DEFAULT 0, edited INTEGER NOT NULL DEFAULT 0,"
    " why TEXT, journal INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX report_once ON report (incident, kind, seq) WHERE state <> 'void';"
    "CREATE INDEX report_incident ON report (incident);"
    "CREATE INDEX report_number ON report (year, number);"
    "CREATE INDEX report_unsigned ON report (state) WHERE state IN ('draft', 'submitted');"
    /* Sentences of the draft: where each came from. sources: journal ids, comma-separated; flag: '' | 'empty' | 'unproven'. */
    "CREATE TABLE report_line (report INTEGER NOT NULL REFERENCES report (id), n INTEGER NOT NULL, element TEXT NOT NULL,"
    " text TEXT NOT NULL, sources TEXT NOT NULL, flag TEXT NOT NULL, PRIMARY KEY (report, n)) STRICT, WITHOUT ROWID;"
    /* Where a signed report went: way fax | hand | system | phone; receiver and confirmed once somebody took it. */
    "CREATE TABLE report_delivery (id INTEGER PRIMARY KEY, report INTEGER NOT NULL REFERENCES report (id), dest TEXT NOT NULL,"
    " way TEXT NOT NULL, receiver TEXT, at INTEGER NOT NULL, confirmed INTEGER NOT NULL DEFAULT 0, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX report_delivery_report ON report_delivery (report);"

    /* --- monitor ------------------------------------------------------------------------------ */
    /*
     * One row a message (identifier, sender, sent) and content; digest: SM3 of what it says. ordered: sent, or when it came in if that is
     * earlier or sent is lacking, so that a clock in 2099 ends nothing. how: NULL live (or run out: ends), held: a Cancel whose target
     * is not here yet. thin: a line of a list, which a full message of the same identifier replaces. `inbox`: its entry there.
     */
    "CREATE TABLE alert (id INTEGER PRIMARY KEY, identifier TEXT NOT NULL, sender TEXT NOT NULL, sent INTEGER,"
    " digest TEXT NOT NULL, profile TEXT NOT NULL, feed TEXT NOT NULL, status TEXT NOT NULL, msg_type TEXT NOT NULL,"
    " scope TEXT, source TEXT, note TEXT, methods TEXT, restricted INTEGER NOT NULL DEFAULT 0, notes TEXT,"
    " lift INTEGER NOT NULL, is_signed INTEGER NOT NULL, drill INTEGER NOT NULL, thin INTEGER NOT NULL, refs INTEGER NOT NULL,"
    " event TEXT NOT NULL, code TEXT NOT NULL, colour INTEGER NOT NULL, headline TEXT NOT NULL, area TEXT NOT NULL,"
    " ordered INTEGER NOT NULL, onset INTEGER, ends INTEGER, concerns INTEGER NOT NULL, concerns_why TEXT NOT NULL,"
    " colour_disagrees INTEGER NOT NULL, code_disagrees INTEGER NOT NULL, conflicting INTEGER NOT NULL DEFAULT 0,"
    " chain INTEGER NOT NULL, how TEXT CHECK (how IN ('superseded', 'cancelled', 'lifted', 'held')), ended_by INTEGER,"
    " taken INTEGER NOT NULL, read_at INTEGER, read_by TEXT, inbox INTEGER, journal INTEGER NOT NULL,"
    " UNIQUE (identifier, sender, sent, digest)) STRICT;"
    "CREATE INDEX alert_chain ON alert (chain);"
    "CREATE INDEX alert_issuer ON alert (sender, code, ordered);"
    "CREATE INDEX alert_ordered ON alert (concerns, drill, ordered);"
    "CREATE INDEX alert_inbox ON alert (inbox) WHERE inbox IS NOT NULL;"
    /* The bytes as they came, for ever. within: they stand with that one, which came in the same document. */
    "CREATE TABLE alert_raw (alert INTEGER PRIMARY KEY REFERENCES alert (id), bytes BLOB, within INTEGER) STRICT;"
    "CREATE TABLE alert_info (alert INTEGER NOT NULL REFERENCES alert (id), n INTEGER NOT NULL, language TEXT, event TEXT,"
    " code TEXT, headline TEXT, description TEXT, instruction TEXT, sender_name TEXT, signer TEXT, urgency TEXT, certainty TEXT,"
    " severity TEXT, response TEXT, web TEXT, contact TEXT, resources TEXT, colour INTEGER NOT NULL, effective INTEGER,"
    " onset INTEGER, expires INTEGER, PRIMARY KEY (alert, n)) STRICT, WITHOUT ROWID;"
    /* ring: pairs of 32-bit integers of this machine, millionths of a degree, longitude first. info: its number. */
    "CREATE TABLE alert_area (alert INTEGER NOT NULL REFERENCES alert (id), n INTEGER NOT NULL, info INTEGER NOT NULL,"
    " description TEXT, codes TEXT NOT NULL, ring BLOB, lon REAL, lat REAL, radius_m REAL, repaired INTEGER NOT NULL,"
    " PRIMARY KEY (alert, n)) STRICT, WITHOUT ROWID;"
    /* What it refers to; sender and sent NULL for a bare identifier. */
    "CREATE TABLE alert_ref (alert INTEGER NOT NULL REFERENCES alert (id), n INTEGER NOT NULL, identifier TEXT NOT NULL,"
    " sender TEXT, sent INTEGER, PRIMARY KEY (alert, n)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX alert_ref_identifier ON alert_ref (identifier);"
    /* Each feed it stood in: from when, until when, how often. No fact of the room, so in no changeset (as poll). */
    "CREATE TABLE alert_seen (alert INTEGER NOT NULL, feed TEXT NOT NULL, first INTEGER NOT NULL,"
    " last INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (alert, feed)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE alert_town (alert INTEGER NOT NULL REFERENCES alert (id), area INTEGER NOT NULL, PRIMARY KEY (alert, area))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE alert_plan (alert INTEGER NOT NULL REFERENCES alert (id), plan INTEGER NOT NULL REFERENCES plan (id),"
    " rank INTEGER NOT NULL, why TEXT NOT NULL, PRIMARY KEY (alert, plan)) STRICT, WITHOUT ROWID;"
    /* 预警接收处置: what was done about it. */
    "CREATE TABLE alert_entry (id INTEGER PRIMARY KEY, alert INTEGER NOT NULL REFERENCES alert (id), at INTEGER NOT NULL,"
    " who TEXT NOT NULL, text TEXT NOT NULL, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX alert_entry_alert ON alert_entry (alert);"
    /* One row an event; the messages about it, automatic and reviewed, below it. */
    "CREATE TABLE quake (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL, depth_km REAL,"
    " magnitude REAL NOT NULL, place TEXT NOT NULL, reviewed INTEGER NOT NULL, distance_km REAL NOT NULL,"
    " concerns INTEGER NOT NULL, rule TEXT NOT NULL, answer TEXT NOT NULL, taken INTEGER NOT NULL, inbox INTEGER,"
    " journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX quake_at ON quake (at);"
    "CREATE INDEX quake_inbox ON quake (inbox) WHERE inbox IS NOT NULL;"
    "CREATE TABLE quake_message (id INTEGER PRIMARY KEY, quake INTEGER NOT NULL REFERENCES quake (id), source TEXT NOT NULL,"
    " key TEXT NOT NULL, reviewed INTEGER NOT NULL, at INTEGER NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL, depth_km REAL,"
    " magnitude REAL NOT NULL, place TEXT NOT NULL, taken INTEGER NOT NULL, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX quake_message_key ON quake_message (source, key);"
    "CREATE INDEX quake_message_quake ON quake_message (quake);"
    /* Tickets of the hotline and of 110/119. state is ours; stage what the hotline calls it. feedback: when an answer is due. */
    "CREATE TABLE ticket (id INTEGER PRIMARY KEY, source TEXT NOT NULL, number TEXT NOT NULL, at INTEGER NOT NULL,"
    " taken INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, caller TEXT NOT NULL, phone TEXT NOT NULL,"
    " secret INTEGER NOT NULL, address TEXT NOT NULL, category TEXT NOT NULL, urgency TEXT NOT NULL, unit TEXT NOT NULL,"
    " stage TEXT NOT NULL, lon REAL, lat REAL, deadline INTEGER, feedback INTEGER, code TEXT NOT NULL, advice TEXT NOT NULL,"
    " state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'opened', 'joined', 'transferred', 'filed')),"
    " incident INTEGER REFERENCES incident (id), dest TEXT, receiver TEXT, transferred INTEGER, answered INTEGER, inbox INTEGER,"
    " digest TEXT NOT NULL, journal INTEGER NOT NULL, UNIQUE (source, number)) STRICT;"
    "CREATE INDEX ticket_at ON ticket (at);"
    "CREATE INDEX ticket_inbox ON ticket (inbox) WHERE inbox IS NOT NULL;"
    "CREATE TABLE ticket_entry (id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES ticket (id), at INTEGER NOT NULL,"
    " kind TEXT NOT NULL, who TEXT NOT NULL, text TEXT NOT NULL, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX ticket_entry_ticket ON ticket_entry (ticket);"
    "CREATE TABLE observation (id INTEGER PRIMARY KEY, station TEXT NOT NULL, quantity TEXT NOT NULL, at INTEGER NOT NULL,"
    " value REAL NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, trend TEXT, feed TEXT NOT NULL, journal INTEGER NOT NULL,"
    " UNIQUE (station, quantity, at)) STRICT;"
    /*
     * The alarm loop (raised, confirmed, closed). One open alarm a point: its rises and falls are entries. level: the worst reached, answered: the level that was
     * confirmed; due: until when. reset: when the value was back, NULL while it is not.
     */
    "CREATE TABLE alarm (id INTEGER PRIMARY KEY, station TEXT NOT NULL, quantity TEXT NOT NULL, name TEXT NOT NULL,"
    " level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3), present INTEGER NOT NULL, answered INTEGER NOT NULL DEFAULT 0,"
    " value REAL NOT NULL, worst REAL NOT NULL, threshold REAL NOT NULL, what TEXT NOT NULL, unit TEXT NOT NULL, code TEXT NOT NULL,"
    " raised INTEGER NOT NULL, changed INTEGER NOT NULL, due INTEGER, escalated INTEGER NOT NULL DEFAULT 0, reset INTEGER,"
    " verdict TEXT CHECK (verdict IN ('real', 'false', 'test')), confirmed INTEGER, confirmed_by TEXT,"
    " cause TEXT, measure TEXT, closed INTEGER, closed_by TEXT, incident INTEGER REFERENCES incident (id), inbox INTEGER,"
    " journal INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX alarm_open ON alarm (station, quantity) WHERE closed IS NULL;"
    "CREATE INDEX alarm_raised ON alarm (raised);"
    "CREATE INDEX alarm_inbox ON alarm (inbox) WHERE inbox IS NOT NULL;"
    "CREATE TABLE alarm_entry (id INTEGER PRIMARY KEY, alarm INTEGER NOT NULL REFERENCES alarm (id), at INTEGER NOT NULL,"
    " kind TEXT NOT NULL, value REAL, who TEXT NOT NULL, text TEXT NOT NULL, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX alarm_entry_alarm ON alarm_entry (alarm);"
    /* --- duty --------------------------------------------------------------------------------- */
    /* 双带班 days. day: local midnight; person: the government leader in town. */
    "CREATE TABLE double_lead (day INTEGER PRIMARY KEY, why TEXT NOT NULL, person INTEGER REFERENCES person (id),"
    " journal INTEGER NOT NULL) STRICT;"
    /* starts, ends: the shift asked for. shift: the row of the roster an approval wrote. */
    "CREATE TABLE swap (id INTEGER PRIMARY KEY, post TEXT NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL,"
    " person INTEGER NOT NULL REFERENCES person (id), substitute INTEGER NOT NULL REFERENCES person (id),"
    " why TEXT NOT NULL, asked INTEGER NOT NULL, asked_by INTEGER, state TEXT NOT NULL DEFAULT 'asked'"
    " CHECK (state IN ('asked', 'approved', 'refused')), approver TEXT, decided INTEGER, remark TEXT, shift INTEGER,"
    " journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX swap_starts ON swap (starts);"
    /* What was really stood. closed NULL: the present one. seal: head of the chain when the next one opened. */
    "CREATE TABLE watch (id INTEGER PRIMARY KEY, opened INTEGER NOT NULL, closed INTEGER, handover INTEGER,"
    " seal_seq INTEGER, seal TEXT, journal INTEGER NOT NULL) STRICT;"
    "CREATE TABLE watch_crew (watch INTEGER NOT NULL REFERENCES watch (id), n INTEGER NOT NULL, post TEXT NOT NULL,"
    " person INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (watch, n)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX watch_crew_person ON watch_crew (person);"
    "CREATE TABLE handover (id INTEGER PRIMARY KEY, begun INTEGER NOT NULL, out_watch INTEGER REFERENCES watch (id),"
    " starts INTEGER NOT NULL, ends INTEGER NOT NULL, note TEXT, leader_note TEXT, brief TEXT, head_seq INTEGER, head TEXT,"
    " state TEXT NOT NULL DEFAULT 'begun' CHECK (state IN ('begun', 'out', 'signed', 'done', 'dropped')),"
    " journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX handover_open ON handover (id) WHERE state IN ('begun', 'out', 'signed');"
    /* side 'out' | 'in'. */
    "CREATE TABLE handover_crew (handover INTEGER NOT NULL REFERENCES handover (id), side TEXT NOT NULL, n INTEGER NOT NULL,"
    " post TEXT NOT NULL, person INTEGER NOT NULL, name TEXT NOT NULL, signed INTEGER, PRIMARY KEY (handover, side, n))"
    " STRICT, WITHOUT ROWID;"
    /* late: came after the outgoing side had signed. due is copied for the paper; the thing's own never moves. */
    "CREATE TABLE handover_item (handover INTEGER NOT NULL REFERENCES handover (id), n INTEGER NOT NULL, kind TEXT NOT NULL,"
    " ref INTEGER, due INTEGER, title TEXT NOT NULL, late INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (handover, n))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE handover_check (handover INTEGER NOT NULL REFERENCES handover (id), n INTEGER NOT NULL, label TEXT NOT NULL,"
    " result TEXT, note TEXT, who TEXT, at INTEGER, PRIMARY KEY (handover, n)) STRICT, WITHOUT ROWID;"
    /*
     * The registers' own entries: book log | phone | paper, numbered within book and year. at: when it happened. corrects: the entry this one
     * stands for; that one's corrected_by points back. text holds the course of a call, the content of a line.
     */
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, book TEXT NOT NULL CHECK (book IN ('log', 'phone', 'paper')),"
    " year INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, direction TEXT NOT NULL DEFAULT '',"
    " source TEXT, dest TEXT, person TEXT, post TEXT, phone TEXT, line TEXT, place TEXT, title TEXT, text TEXT NOT NULL DEFAULT '',"
    " cause TEXT, measures TEXT, result TEXT, trend TEXT, told TEXT, questions TEXT, readback INTEGER NOT NULL DEFAULT 0,"
    " recording TEXT, pages INTEGER, class TEXT, urgency TEXT, signed_by TEXT, passed_to TEXT,"
    " incident INTEGER REFERENCES incident (id), handler TEXT NOT NULL, area INTEGER, watch INTEGER REFERENCES watch (id),"
    " corrects INTEGER REFERENCES entry (id), corrected_by INTEGER, why TEXT, journal INTEGER NOT NULL,"
    " UNIQUE (book, year, number)) STRICT;"
    "CREATE UNIQUE INDEX entry_journal ON entry (journal);"
    "CREATE INDEX call_journal ON call (journal);"
    "CREATE INDEX entry_incident ON entry (incident) WHERE incident IS NOT NULL;"
    "CREATE TABLE roll (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, list TEXT NOT NULL, caller TEXT NOT NULL, close_due INTEGER,"
    " closed INTEGER, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX roll_open ON roll (at) WHERE closed IS NULL;"
    "CREATE TABLE roll_unit (id INTEGER PRIMARY KEY, roll INTEGER NOT NULL REFERENCES roll (id), n INTEGER NOT NULL,"
    " unit INTEGER REFERENCES unit (id), name TEXT NOT NULL, phone TEXT, area INTEGER, state TEXT NOT NULL DEFAULT 'waiting'"
    " CHECK (state IN ('waiting', 'missed', 'present', 'late')), UNIQUE (roll, n)) STRICT;"
    "CREATE TABLE roll_try (id INTEGER PRIMARY KEY, roll_unit INTEGER NOT NULL REFERENCES roll_unit (id), at INTEGER NOT NULL,"
    " number TEXT, way TEXT NOT NULL, answered INTEGER NOT NULL, who TEXT, seconds INTEGER, off_post INTEGER NOT NULL DEFAULT 0,"
    " leader TEXT, knows TEXT, remark TEXT, caller TEXT NOT NULL, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX roll_try_unit ON roll_try (roll_unit);"
    /* Whom to call for a township (place and unit empty), a village (place) or a unit, in order of rank. */
    "CREATE TABLE contact (id INTEGER PRIMARY KEY, area INTEGER, place TEXT NOT NULL DEFAULT '', unit INTEGER REFERENCES unit (id),"
    " rank INTEGER NOT NULL, name TEXT NOT NULL, post TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL,"
    " journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX contact_area ON contact (area, place, rank);"
    /* alert: id of the alert it answers, known to another room only. */
    "CREATE TABLE callout (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, matter TEXT NOT NULL, colour TEXT NOT NULL, alert INTEGER,"
    " caller TEXT NOT NULL, closed INTEGER, close_why TEXT, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX callout_open ON callout (at) WHERE closed IS NULL;"
    /* step: the contact called now, from 1; step_due: when the next one is up. breached never goes away. */
    "CREATE TABLE call_target (id INTEGER PRIMARY KEY, callout INTEGER NOT NULL REFERENCES callout (id), list TEXT NOT NULL,"
    " name TEXT NOT NULL, area INTEGER, due INTEGER NOT NULL, breached INTEGER, step INTEGER NOT NULL, step_tries INTEGER NOT NULL,"
    " step_due INTEGER, state TEXT NOT NULL DEFAULT 'calling' CHECK (state IN ('calling', 'answered', 'exhausted')),"
    " answered INTEGER, who TEXT, words TEXT, actions TEXT) STRICT;"
    "CREATE INDEX call_target_callout ON call_target (callout);"
    "CREATE INDEX call_target_due ON call_target (due) WHERE breached IS NULL AND state <> 'answered';"
    "CREATE INDEX call_target_step ON call_target (step_due) WHERE state = 'calling';"
    "CREATE TABLE call_contact (target INTEGER NOT NULL REFERENCES call_target (id), n INTEGER NOT NULL, name TEXT NOT NULL,"
    " post TEXT NOT NULL, phone TEXT NOT NULL, since INTEGER, why TEXT, PRIMARY KEY (target, n)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE call_try (id INTEGER PRIMARY KEY, target INTEGER NOT NULL REFERENCES call_target (id), n INTEGER NOT NULL,"
    " at INTEGER NOT NULL, phone TEXT NOT NULL, answered INTEGER NOT NULL, who TEXT, words TEXT, caller TEXT NOT NULL,"
    " journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX call_try_target ON call_try (target);"
    /* text: verbatim. taken_by, reported_by: persons, 0 none, who may not close it. */
    "CREATE TABLE instruction (id INTEGER PRIMARY KEY, year INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL"
    " CHECK (kind IN ('instruction', 'supervision')), leader TEXT NOT NULL, post TEXT, medium TEXT NOT NULL, at INTEGER NOT NULL,"
    " text TEXT NOT NULL, basis TEXT, incident INTEGER REFERENCES incident (id), owner TEXT NOT NULL,"
    " owner_unit INTEGER REFERENCES unit (id), area INTEGER, helpers TEXT NOT NULL DEFAULT '', relay_due INTEGER, due INTEGER,"
    " state TEXT NOT NULL DEFAULT 'registered' CHECK (state IN ('registered', 'relayed', 'taken', 'reported', 'closed')),"
    " relayed INTEGER, taken INTEGER, taken_by INTEGER, reported INTEGER, reported_by INTEGER, closed INTEGER, closed_by TEXT,"
    " result TEXT, journal INTEGER NOT NULL, UNIQUE (year, number)) STRICT;"
    "CREATE INDEX instruction_open ON instruction (due) WHERE state <> 'closed';"
    "CREATE TABLE instruction_step (id INTEGER PRIMARY KEY, instruction INTEGER NOT NULL REFERENCES instruction (id),"
    " at INTEGER NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, dest TEXT, way TEXT, text TEXT, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX instruction_step_of ON instruction_step (instruction);";

/*
 * Exchange: what comes in from where, and how what goes out gets there. feed: the profile of a link that is fetched (url) or of a
 * folder that a one-way gate fills (link.kind 'spool', url its path). poll, poll_page: how the last try went: no fact of the room, so
 * in no changeset, and written without a verb (link_note): a poll a minute would fill the journal. Facts, a link going down or
 * up again, are verbs. destination: which way to a unit; outbox.handed: when the message was laid into a spool folder.
 */
static const char exchange[] =
    "CREATE TABLE feed (link INTEGER PRIMARY KEY REFERENCES link (id), url TEXT NOT NULL,"
    " format TEXT NOT NULL DEFAULT 'auto', columns TEXT,"
    " interval_s INTEGER NOT NULL DEFAULT 60 CHECK (interval_s BETWEEN 5 AND 86400),"
    " timeout_s INTEGER NOT NULL DEFAULT 10 CHECK (timeout_s BETWEEN 1 AND 300),"
    " max_bytes INTEGER NOT NULL DEFAULT 25165824 CHECK (max_bytes BETWEEN 1 AND 25165824),"
    " zone INTEGER NOT NULL DEFAULT 480, radius_km INTEGER NOT NULL DEFAULT 1, area INTEGER,"
    /* hosts: others than the url's own that an index may point to, blank-separated. pin_ca: PEM; pin_key: sha256//… */
    " hosts TEXT, pin_ca TEXT, pin_key TEXT) STRICT;"
    /* next_try NULL: at once. items: of the last document that held any. */
    "CREATE TABLE poll (link INTEGER PRIMARY KEY, last_ok INTEGER, last_try INTEGER, next_try INTEGER,"
    " last_error TEXT, fails INTEGER NOT NULL DEFAULT 0, etag TEXT, modified TEXT, items INTEGER,"
    " taken INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0) STRICT;"
    /* Documents an index pointed to and that were taken in. */
    "CREATE TABLE poll_page (link INTEGER NOT NULL, url TEXT NOT NULL, stamp TEXT NOT NULL, at INTEGER NOT NULL,"
    " PRIMARY KEY (link, url)) STRICT, WITHOUT ROWID;"
    /* receipt: what counts as taken over: 'key' an answer that names the key, 'status' the answer's status alone. */
    "CREATE TABLE destination (id INTEGER PRIMARY KEY, unit TEXT NOT NULL UNIQUE, channel TEXT NOT NULL"
    " CHECK (channel IN ('http', 'smtp', 'spool', 'fax', 'phone')), address TEXT NOT NULL DEFAULT '',"
    " receipt TEXT NOT NULL DEFAULT 'key' CHECK (receipt IN ('key', 'status')), sender TEXT, pin_ca TEXT,"
    " pin_key TEXT, link INTEGER NOT NULL REFERENCES link (id), journal INTEGER NOT NULL) STRICT;"
    "ALTER TABLE outbox ADD COLUMN handed INTEGER;"
    "CREATE INDEX outbox_line ON outbox (dest, id) WHERE state = 'queued';"
    "CREATE INDEX outbox_failed ON outbox (id) WHERE state = 'failed';";

/* An import asks for each of thousands of rows whether the name is there. */
static const char names[] =
    "CREATE INDEX unit_name ON unit (name);"
    "CREATE INDEX place_name ON place (name);"
    "CREATE INDEX place_code ON place (code) WHERE code IS NOT NULL;"
    "CREATE INDEX line_number ON line (number);"
    "CREATE INDEX team_name ON team (name);"
    "CREATE INDEX depot_name ON depot (name);"
    "CREATE INDEX equipment_name ON equipment (name);"
    "CREATE INDEX expert_name ON expert (name);"
    "CREATE INDEX shelter_name ON shelter (name);"
    "CREATE INDEX hospital_name ON hospital (name);"
    "CREATE INDEX enterprise_name ON enterprise (name);"
    "CREATE INDEX enterprise_uscc ON enterprise (uscc) WHERE uscc IS NOT NULL;";

/*
 * Warnings of our own, receipts with the receiver's number, alarms silenced. alert.ours: issued here (monitor/issue.c).
 * destination.warnings: in which form our warnings go to that unit, if at all. outbox.number: the number the receiver took it
 * under. silence: one point is not to ring until a time; up to `level`.
 */
static const char warning[] =
    "ALTER TABLE alert ADD COLUMN ours INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX alert_ours ON alert (ordered) WHERE ours = 1;"
    "ALTER TABLE destination ADD COLUMN warnings TEXT NOT NULL DEFAULT 'none'"
    " CHECK (warnings IN ('none', 'cap', 'edxl'));"
    "ALTER TABLE outbox ADD COLUMN number TEXT;"
    "CREATE INDEX outbox_about ON outbox (kind, ref) WHERE ref IS NOT NULL;"
    "CREATE TABLE silence (id INTEGER PRIMARY KEY, station TEXT NOT NULL, quantity TEXT NOT NULL, name TEXT NOT NULL,"
    " level INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL,"
    " ended INTEGER, journal INTEGER NOT NULL) STRICT;"
    "CREATE INDEX silence_open ON silence (station, quantity) WHERE ended IS NULL;";

/* How far the full-text index goes: search_internal.h. */
static const char late_index[] =
    "INSERT INTO sequence SELECT 'search', ifnull(max(id), 0) FROM search_doc;";

/* A clock that only the receiver's receipt closes: needs is 'signed' then, and more. */
static const char receipts[] =
    "ALTER TABLE clock ADD COLUMN receipt INTEGER NOT NULL DEFAULT 0;";

/* Outlines of areas: int32 pairs, millionths of a degree, longitude first; what is in an odd number of rings is inside. */
static const char outlines[] =
    "CREATE TABLE area_ring (area INTEGER NOT NULL REFERENCES area (id), n INTEGER NOT NULL, ring BLOB NOT NULL,"
    " PRIMARY KEY (area, n)) STRICT, WITHOUT ROWID;";

/* What a unit that was found wanting at a roll call is to put right (整改). */
static const char rectifying[] =
    "ALTER TABLE roll_try ADD COLUMN fix TEXT;";

/*
 * Who does not acknowledge is gone after (dispatch/chase.c). chase: steps taken, chase_due: when the next one is, NULL none;
 * chase_who, chase_phone: whom to ring now. What was late a day ago when this came is left alone.
 */
static const char chasing[] =
    "ALTER TABLE orders ADD COLUMN chase INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE orders ADD COLUMN chase_due INTEGER;"
    "ALTER TABLE orders ADD COLUMN chase_who TEXT;"
    "ALTER TABLE orders ADD COLUMN chase_phone TEXT;"
    "CREATE INDEX orders_chase ON orders (chase_due) WHERE chase_due IS NOT NULL;"
    "UPDATE orders SET chase_due = ack_due WHERE state IN ('issued', 'delivered')"
    " AND ack_due > (SELECT max(at) FROM journal) - 86400000;";

const char *const store_migrations[] = { first, exchange, names, warning, late_index, receipts, outlines, rectifying, chasing };
const size_t store_n_migrations = sizeof(store_migrations) / sizeof(store_migrations[0]);
