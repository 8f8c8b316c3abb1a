/*
 * What a narrative says. reader_read() turns the words of a caller (Chinese free text) into facts, each with
 * the span of text it came from, ranked event types with their reasons, a grade with the rule that fired, and
 * the elements a first report still lacks. Pure functions: no store, no screen, no clock but the receipt time
 * that is passed in.
 *
 * Life cycle: gazetteer_new + gazetteer_add… (places, units, teams, plans of the county) -> reader_new (loads
 * data/rules/ and data/taxonomy/) -> reader_read as often as wanted -> reading_clear each -> reader_free.
 * A reader may be kept for the life of the process; reading a page takes well under a millisecond.
 */
#ifndef DECIDE_READING_H
#define DECIDE_READING_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fact_kind {
	FACT_DEAD, FACT_MISSING, FACT_INJURED, FACT_SERIOUS, FACT_LIGHT, FACT_TRAPPED, FACT_POISONED,
	FACT_ILL, FACT_EVACUATED, FACT_THREATENED, FACT_HOUSEHOLDS,
	FACT_TIME, FACT_PLACE, FACT_ROAD, FACT_SUBSTANCE, FACT_QUANTITY, FACT_PHONE, FACT_PLATE,
	FACT_WIND, FACT_MAGNITUDE, FACT_UNIT, FACT_LOSS, FACT_AREA, FACT_WATER_LEVEL, FACT_RAIN,
	FACT_LEAK, FACT_PERSON,
	FACT_KINDS
};

/* How a number was said. 余/多 and 至少/超过 give AT_LEAST, 近/不到 AT_MOST, 约/左右/许 ABOUT. */
enum fact_bound { BOUND_EXACT, BOUND_ABOUT, BOUND_AT_LEAST, BOUND_AT_MOST };

/* How exact a time is: to the minute, hour, part of the day (凌晨), or day. */
enum fact_precision { PRECISION_MINUTE, PRECISION_HOUR, PRECISION_PART, PRECISION_DAY };

struct fact {
	enum fact_kind kind;
	/* Counts: persons, households. Time: ms UTC, CLOCK_NONE for a mere duration (aside, amount
	 * in minutes) and for a time that cannot be told (去年, aside, amount 0). */
	int64_t value;
	double amount;              /* quantity, loss (万元), area (公顷), magnitude, wind (m/s), level (m), rain (mm) */
	const char *unit;           /* of amount: "t", "m3", "kg", "L" …; a literal, NULL when there is none */
	enum fact_bound bound;
	enum fact_precision precision; /* of a time */
	bool negated;               /* 无人员伤亡: a count of 0 that was said, not merely absent */
	/* Said in passing: 目前, 医院, a figure that another fact of the same words already gives. The form shows it
	 * where it stands, but it does not fill a field. */
	bool aside;
	char *text;                 /* the words, owned */
	char *norm;                 /* normal form, owned, may be NULL: "G2 K1023+500 南行", "苏K12345", "UN1005" */
	char *name;                 /* substance or place: its name in the gazetteer or list; owned, may be NULL */
	char *cas;                  /* substance; owned, may be NULL */
	int un;                     /* substance: UN number, 0 unknown */
	int64_t ref;                /* place or unit: the id the gazetteer was given, 0 none */
	double lon, lat;            /* place: where it lies (WGS-84), 0,0 when unknown */
	size_t start, end;          /* characters of the input, end exclusive */
	size_t byte_start, byte_end;
	const char *rule;           /* name of the rule that found it; lives as long as the reader */
};

struct reading_type {
	const char *code;  /* five characters, data/taxonomy/event_types.tsv */
	const char *name;
	double score;      /* 0..1, best first */
	char *why;         /* the words that led to it, owned */
};

/* 事件等级; a smaller number is worse. GRADE_NONE: no rule says anything yet. */
enum grade { GRADE_NONE = 0, GRADE_I = 1, GRADE_II = 2, GRADE_III = 3, GRADE_IV = 4 };

struct grading {
	enum grade grade;
	char *rule;        /* id of the rule row that fired, owned, may be NULL */
	char *why;         /* "死亡 3 人 ≥ 3 (493号令第三条)", owned, may be NULL */
	bool near_miss;    /* 较大涉险事故 */
	char *near_miss_why;
	enum grade if_confirmed; /* the grade if trapped and missing turn out dead; GRADE_NONE when no worse */
	bool sensitive;    /* pupils, elderly homes, … (handbook 1.2) */
	char *sensitive_why;
};

/* An element of a first report (handbook 2.4) that the text does not give, with the question to ask. */
struct reading_gap {
	const char *element; /* "place", "time", "source", "casualty", "substance", "wind", … */
	const char *question; /* Chinese, as asked on the phone: "具体桩号?" */
	bool required;       /* the law needs it to start the clock (time, place, nature, source) */
};

struct reading {
	struct fact *facts;
	size_t n_facts;
	struct reading_type *types;
	size_t n_types;
	struct grading grading;
	struct reading_gap *gaps;
	size_t n_gaps;
	char *lead;        /* lead unit for the first type (data/taxonomy/lead_units.tsv), owned, may be NULL */
	char *helpers;     /* the main helpers, blank-separated, owned, may be NULL */
	char *title;       /* a short title: 京沪高速高邮段液氨槽罐车侧翻泄漏; owned, may be NULL */
};

/* Names the reader should know. Payload kinds decide what a hit becomes. */
enum gazetteer_kind { GAZETTEER_AREA, GAZETTEER_VILLAGE, GAZETTEER_ROAD, GAZETTEER_WATER, GAZETTEER_UNIT,
	GAZETTEER_SITE, GAZETTEER_TEAM };

struct gazetteer;
struct gazetteer *gazetteer_new(void);
void gazetteer_free(struct gazetteer *g);
/* Add one name. `parent` is the id of the township a village lies in (0 none). Areas have their nine-digit code as id;
 * one that ends in 000 is the county. Names shorter than two
 * characters are left out. */
void gazetteer_add(struct gazetteer *g, enum gazetteer_kind kind, const char *name, int64_t id,
    int64_t parent, double lon, double lat);
/* Read data/gazetteer-form TSV (kind, name, code, parent, lon, lat, aliases separated by '|'). */
bool gazetteer_load(struct gazetteer *g, const char *path, struct err *err)
    __attribute__((warn_unused_result));

struct reader;
/*
 * rules_dir: data/rules, all *.tsv of it; taxonomy_dir: data/taxonomy. The gazetteer is taken over (freed with the reader);
 * NULL means none. A rule that does not compile, or takes too long on the trial texts, is left out
 * and named in reader_warning(); only a missing directory or table fails.
 */
struct reader *reader_new(const char *rules_dir, const char *taxonomy_dir, struct gazetteer *g,
    struct err *err) __attribute__((warn_unused_result));
void reader_free(struct reader *r);
/* Warnings about rules left out: at load, and later when a rule hit its match limit three times. NULL past the end. */
const char *reader_warning(const struct reader *r, size_t i);

/*
 * Read `n` bytes of UTF-8 (more than READER_MAX bytes are cut at a character). `received`: receipt time, ms
 * UTC; relative times are resolved against it and never lie behind it. Always fills *out; no text makes it
 * fail or hang.
 */
#define READER_MAX 65536
void reader_read(struct reader *r, const char *text, size_t n, int64_t received, struct reading *out);
void reading_clear(struct reading *reading);

/*
 * The figure of a kind, or -1 when the text gives none: the highest that was said (a toll only grows). Injured is at
 * least serious and light together.
 */
int64_t reading_count(const struct reading *reading, enum fact_kind kind);
/* The fact of a kind that fills the form's field: the first that is not aside; NULL when there is none. */
const struct fact *reading_first(const struct reading *reading, enum fact_kind kind);
/*
 * The reading as JSON (what `zhiban read --json` prints): types, facts, grade, missing, lead, helpers, title. start and
 * end count characters; value is an integer for counts, ISO 8601 for times. `indent` 0 gives one line. The
 * caller frees.
 */
char *reading_json(const struct reading *reading, int indent) __attribute__((warn_unused_result));
/* The figures of a reading, ready for reader_grade(). */
struct grade_figures;
void reading_figures(const struct reading *reading, struct grade_figures *out);

/* "dead", "trapped", "place" …: the name in JSON, in the store and in rules. -1 for an unknown name. */
const char *fact_kind_name(enum fact_kind kind);
int fact_kind_from_name(const char *name);
/* The label for people, in the interface language (死亡, 被困, 地点). */
const char *fact_kind_label(enum fact_kind kind);
bool fact_kind_is_count(enum fact_kind kind);

/* The grading rules alone, for an incident whose figures change (handbook 1.4). */
struct grade_figures {
	int64_t dead, missing, serious, injured, trapped, evacuated, poisoned, ill, threatened;
	double loss_wan;      /* 万元 */
	double area_ha;
	double magnitude;
	bool sensitive;
};
void reader_grade(const struct reader *r, const char *type_code, const struct grade_figures *f,
    struct grading *out);
void grading_clear(struct grading *g);
/* 特别重大 重大 较大 一般 in the interface language; "-" for GRADE_NONE. */
const char *grade_label(enum grade grade);

/* The taxonomy. NULL for an unknown code. */
const char *reader_type_name(const struct reader *r, const char *code);
/* As the classification itself calls it, whatever the interface speaks: for papers that go out. */
const char *reader_type_name_own(const struct reader *r, const char *code);
/* Lead unit and helpers of a type; false when the table has none. */
bool reader_lead(const struct reader *r, const char *code, const char **lead, const char **helpers);
/* All types, in order of code, for choosers: NULL past the end. */
const char *reader_type_code(const struct reader *r, size_t i);

#endif
