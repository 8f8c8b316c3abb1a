/*
 * 预案管理: the county's plans. A plan is an XML file (data/plans/NAME.xml, RELAX NG schema data/plans/plan.rng, format
 * zhiban-plan(5)): what it is for, who commands, what is done at each response level by whom and by when, what it needs, whom
 * to ring. Importing freezes a version; an activated response keeps the version it started with.
 *
 * Verbs (plan_register):
 *
 *	plan.import   入库      xml                 refused with line and reason when it does not validate or asks for a class of
 *	                                            team or goods the store does not know; a new version of a known code is added
 *	                                            beside the old ones and becomes the present one
 *	plan.retire   废止      plan why
 *	plan.finding  改进      plan [incident=] text    what a drill or a real event showed; open until the next version
 *
 * The thing kind "plan" finds by code, name, short name, part of a name and pinyin initials.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/err.h"
#include "decide/reading.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct actor;
struct buf;

void plan_register(struct store *st);

/* Longest plan file, bytes. */
#define PLAN_MAX (512u << 10)

/* --- the library -------------------------------------------------------------------------------------- */

struct plan_row {
	int64_t id, version;           /* present version row */
	char code[32], name[96];
	char short_name[64];           /* 危化预案 */
	char level[16];                /* 总体 专项 部门 乡镇 企业, as in the file: general special department township enterprise */
	char version_text[32], doc_no[64], issuer[96], issued[16], review[16];
	int64_t area;                  /* 0 the whole county */
	bool retired, review_due;      /* the next evaluation is past */
	int findings;                  /* open ones */
};
/*
 * Plans in order: level, then code; retired ones last. `words`: code, name, part, initials, or words of the plan's text; NULL or
 * "" all.
 */
size_t plan_list(struct store *st, const char *words, struct plan_row *out, size_t max);
bool plan_get(struct store *st, int64_t plan, struct plan_row *out);
const char *plan_level_label(const char *level);

/* The versions of a plan, newest first. */
struct plan_version {
	int64_t id, imported;
	char version_text[32], hash[65]; /* SM3 of the file */
	bool present;
};
size_t plan_versions(struct store *st, int64_t plan, struct plan_version *out, size_t max);

struct plan_finding {
	int64_t id, at, incident;      /* incident 0 none */
	char version_text[32], who[64];
	bool open;                     /* its version is still the present one */
	char *text;                    /* owned */
};
/* Newest first. */
size_t plan_findings(struct store *st, int64_t plan, struct plan_finding *out, size_t max);
void plan_findings_clear(struct plan_finding *f, size_t n);

/*
 * Read a file and run plan.import. Says with the file's name what is wrong with it. `said` (may be NULL) gets what was done,
 * owned.
 */
bool plan_import_file(struct store *st, const struct actor *actor, const char *path, char **said, struct err *err)
    __attribute__((warn_unused_result));
/* All *.xml of a directory, in order of name; *n (may be NULL) gets how many. Stops at the first that fails. */
bool plan_import_directory(struct store *st, const struct actor *actor, const char *directory, size_t *n,
    struct err *err) __attribute__((warn_unused_result));
/* Validate a file without a store: `zhiban plan check FILE`. */
bool plan_check(const char *xml, size_t n, struct err *err) __attribute__((warn_unused_result));

/* --- look-up --------------------------------------------------------------------------------------------- */

/* What is known about the matter. Everything but one of codes, text may be absent. */
struct plan_query {
	const char *const *codes;      /* event codes, most certain first */
	const double *scores;          /* of the codes, 0..1; NULL: each a little less certain than the one before it */
	size_t n_codes;
	const char *text;              /* narrative, words, or pinyin initials; NULL none */
	int64_t area;                  /* where; 0 or the county's own code: township unknown */
	const struct grade_figures *figures; /* for the triggers; NULL unknown */
	enum grade grade;              /* GRADE_NONE unknown */
	bool near_miss;                /* 较大涉险 */
	double tonnes;                 /* of substance, 0 unknown */
	double water_level, rain_mm;   /* highest said, 0 unknown */
	const char *substances;        /* names found, blank-separated; NULL none */
};
struct plan_match {
	int64_t plan;
	char code[32], name[96];
	double score;                  /* 0..1 */
	char *why;                     /* owned: "类型 12D02 危险化学品泄漏；词 液氨 槽罐车" */
	int level;                     /* response level its triggers propose, 0 none */
	char *level_why;               /* owned, may be NULL: the trigger that fired, with its clause */
	char *approver;                /* owned, may be NULL: the post that approves this level */
};
/* Ranked, best first; only plans in force, and only those with some reason. */
size_t plan_match(struct store *st, const struct plan_query *q, struct plan_match *out, size_t max);
void plan_match_clear(struct plan_match *m, size_t n);
/*
 * A query out of what was read (codes, text, figures, substances). text and figures stay the caller's, the codes' strings the
 * reading's; free the rest with plan_query_clear.
 */
void plan_query_from_reading(const struct reading *r, const char *text, struct plan_query *q,
    struct grade_figures *figures);
void plan_query_clear(struct plan_query *q);

/* --- a plan's contents --------------------------------------------------------------------------------------- */

struct plan_task {
	char id[32];
	int level;                     /* begins at this response level and worse (1 worst .. 4) */
	char phase[32];                /* 先期处置 响应 善后 */
	char owner[64];                /* unit, post or "@township" (the township of the scene), "@townships" (all of them) */
	char *text;                    /* owned */
	char kind[16];                 /* task rescue supply notice: decides the acknowledgement limit */
	int due_min;                   /* offset from the start of the response, minutes; 0 none */
	int ack_min;                   /* limit for the acknowledgement; 0: default of the kind */
	char evidence[64];             /* what proves it done, "" none */
};
struct plan_need {
	int level;                     /* the amount at this level; a worse one that does not name the class needs as much */
	bool team;                     /* code is a skill; else a goods code */
	char code[32];
	int64_t amount;
	char unit[16];
	double weight;                 /* 1 2 4 8 */
};
/* One condition of a trigger: metric op value. */
struct plan_when {
	char metric[24];               /* plan_metrics, or type substance word grade near_miss sensitive */
	char op[4];                    /* ge gt eq le lt is */
	char value[96];                /* a number, a grade (I..IV or 1..4), "yes", or names with '|' between */
};
#define PLAN_WHEN_MAX 6
struct plan_trigger {
	int level;
	char *text;                    /* owned: the clause in words */
	struct plan_when when[PLAN_WHEN_MAX]; /* all must hold; a fact nobody knows does not hold */
	size_t n_when;
	char approver[64];             /* post that approves this level */
};
struct plan_post { char role[64], holder[96]; char *duty; };        /* 总指挥 … ; holder: post or unit */
struct plan_member { char unit[96]; char *duty; };
struct plan_group { char name[64], lead[96], *members, *duty; };    /* members, duty owned; members "" none */
struct plan_contact { char unit[96], post[64], name[32], phone[32]; };
struct plan_word { char word[64]; double weight; };                 /* below 0: speaks against the plan */
struct plan_event { char code[8], name[64]; double weight; };       /* code may be a class (12D00) or a category (12000) */

/* The running text, in the order of handbook 4.3; paragraphs are separated by line feeds. */
enum plan_section {
	PLAN_BASIS, PLAN_PRINCIPLE, PLAN_WARNING, PLAN_REPORTING, PLAN_ADJUST, PLAN_END, PLAN_AFTERCARE, PLAN_SUPPORT,
	PLAN_ANNEX, PLAN_SECTIONS
};

struct plan_doc {
	int64_t plan, version;         /* 0 outside a store */
	int64_t area;                  /* 0 the whole county */
	char code[32], name[96], short_name[64], level[16], version_text[32], doc_no[64], issuer[96], issued[16], review[16];
	char *note;                    /* owned, "" none */
	char *purpose, *scope;         /* owned */
	char *grades[5];               /* owned: what makes grade 1..4, may be NULL */
	char *sections[PLAN_SECTIONS]; /* owned, "" none */
	char office[96], *office_duty; /* owned */
	struct plan_event *events; size_t n_events;
	struct plan_word *words; size_t n_words;
	struct plan_word *substances; size_t n_substances;
	struct plan_trigger *triggers; size_t n_triggers;
	struct plan_post *posts; size_t n_posts;
	struct plan_member *members; size_t n_members;
	struct plan_group *groups; size_t n_groups;
	struct plan_task *tasks; size_t n_tasks;
	struct plan_need *needs; size_t n_needs;
	struct plan_contact *contacts; size_t n_contacts;
	char *measures[5];             /* owned: measures of level 1..4 as one text (law art. 72), NULL: no such level */
	char *period[5];               /* owned: expected period of level 1..4, NULL: no such level */
	char approver[5][64];          /* post that approves level 1..4, "": no such level */
};
/* The document of a version (0: the present one of `plan`). Cached by version; valid until the store is closed. NULL with err. */
const struct plan_doc *plan_open(struct store *st, int64_t plan, int64_t version, struct err *err);
/*
 * Every class needed at a level (1..4), each once, with the amount of that level or of the nearest milder one that names it.
 * Pointers into doc; at most doc->n_needs of them.
 */
size_t plan_needs_at(const struct plan_doc *doc, int level, const struct plan_need **out);
/* The whole plan as text for the pager, in the order of handbook 4.3. */
bool plan_text(struct store *st, int64_t plan, struct buf *out, struct err *err) __attribute__((warn_unused_result));

#endif
