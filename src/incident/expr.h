/*
 * A parsed condition, shared by the parser (expr.c, where its grammar stands) and the asking (ask.c); nobody else looks inside. A tree:
 *
 *	EXPR_OR, EXPR_AND  left and right
 *	EXPR_NOT           left
 *	EXPR_NAMED         named: the tree of an "@NAME", its definition's own
 *	EXPR_NUMBER        subject compare number: "dead >= 3"; a subject without one is "> 0"
 *	EXPR_WORDS         subject match words: "type ~ 2110", "text has 氨", "state is open"
 *
 * Made and freed by policy.h (expr_free frees all below it but what is named).
 */
#ifndef INCIDENT_EXPR_H
#define INCIDENT_EXPR_H

#include "incident/policy.h"

enum expr_op { EXPR_OR, EXPR_AND, EXPR_NOT, EXPR_NAMED, EXPR_NUMBER, EXPR_WORDS };
enum compare { GE, GT, LE, LT, EQ, NE };
enum match { BEGINS, HAS, IS };

enum subject {
	DEAD,
	MISSING,
	INJURED,
	SERIOUS,
	LIGHT,
	TRAPPED,
	POISONED,
	ILL,
	EVACUATED,
	THREATENED,
	HOUSEHOLDS,
	CASUALTIES,
	LOST,
	LOSS,
	AREA,
	MAGNITUDE,
	GRADE,
	NEAR_MISS,
	SENSITIVE,
	CHILD,
	REPORTED,
	CHANGED,
	WRITTEN,
	SUBSTANCE, /* from here on words */
	TYPE,
	TYPES,
	TEXT,
	SITE,
	STATE,
	EVENT,
	SUBJECTS
};
struct expr {
	enum expr_op op;
	enum subject subject;
	enum compare compare;
	enum match match;
	double number;
	char *words;		  /* owned */
	const struct expr *named; /* of a definition, borrowed */
	struct expr *left, *right;
};

#endif
