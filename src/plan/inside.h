/* What the files of plan/ share. */
#ifndef PLAN_INSIDE_H
#define PLAN_INSIDE_H

#include "base/err.h"
#include "base/utf8.h"
#include "plan/plan.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

struct store;
struct verb_call;

/* --- xml.c: bytes to a tree that fits the schema -------------------------------------------------------- */
/*
 * Parse n bytes of UTF-8. Refused, with the line: not UTF-8, over PLAN_MAX, not well-formed, a DOCTYPE (so there are no
 * entities to expand), deeper than libxml2's limit; and, when `validate`, whatever data/plans/plan.rng does not allow.
 */
xmlDoc *xml_parse(const char *xml, size_t n, bool validate, struct err *err);

/* --- doc.c: a tree to a plan_doc -------------------------------------------------------------------------- */
/* Where it stands in the file, for messages about the finished document. */
struct doc_lines {
	long *tasks, *needs, *events, *words; /* owned, parallel to the document's arrays */
	long (*whens)[PLAN_WHEN_MAX];         /* owned, of the conditions of each trigger */
	long issued, review;
};
void doc_lines_clear(struct doc_lines *lines);
/* NULL with err. `lines` may be NULL. */
struct plan_doc *doc_read(const char *xml, size_t n, bool validate, struct doc_lines *lines, struct err *err);
void doc_free(struct plan_doc *doc);

/* --- check.c: what a schema cannot say ---------------------------------------------------------------------- */
bool doc_check(const struct plan_doc *doc, const struct doc_lines *lines, struct err *err);

/* --- trigger.c ---------------------------------------------------------------------------------------------- */
/* Is this a condition that can be judged? Else *why gets the reason, translated. */
bool when_valid(const struct plan_when *w, const char **why);
/* The worst level whose trigger fires; 0 none. *why is owned. */
int trigger_level(const struct plan_doc *doc, const struct plan_query *q, char **why, const char **approver);
/* How closely an event code of a plan covers a code: 4 the same, 3 its class, 2 its category, 1 every event, 0 not. */
int code_covers(const char *pattern, const char *code);
/* Does `name` stand in the list `a|b|c`. */
bool list_has(const char *list, const char *name, size_t n);

/* --- library.c ---------------------------------------------------------------------------------------------- */
void library_register(struct store *st);
/* How well a typed word means this plan, 0 not at all, 100 it is its name. initials: blank-separated. */
int plan_word_score(const char *word, const char *code, const char *name, const char *short_name, const char *initials);

/* --- text.c --------------------------------------------------------------------------------------------------- */
/* The plan in the order of handbook 4.3, without the head. */
void text_body(struct store *st, const struct plan_doc *doc, struct buf *out);

/* --- words, in doc.c -------------------------------------------------------------------------------------------- */

#endif
