/*
 * A form made from a verb's parameter table: one field a parameter, each with its label, its help,
 * its check. A new verb has its form for free.
 *
 * Fields by type: a word, number or time is one line; the rest of the line (ARG_REST) is a small
 * editor of several lines; a choice shows its choices, Left and Right or the first letter takes
 * one; a thing is found while one types (number, name, initials) and taken with Enter; a flag is
 * switched with Space.
 *
 * Tab and Enter go to the next field, S-Tab back, both round the form; Enter in the last field or ^S anywhere finishes.
 * Nothing is checked against the store here: the verb does that, and its refusal is shown while the
 * form stays.
 */
#ifndef UI_FORM_H
#define UI_FORM_H

#include "store/verb.h"
#include "ui/draw.h"
#include "ui/editor.h"
#include "ui/key.h"
#include "ui/popup.h"

#include <jansson.h>
#include <stdbool.h>

struct form_field {
	const struct verb_param *param;
	struct editor text;
	int64_t thing;          /* of a thing: its id once taken, 0 none */
	char *problem;          /* owned: why it cannot be so, NULL */
};

#define FORM_OFFERS 8

struct form {
	struct store *st;
	const struct actor *actor;
	const struct verb *verb;
	struct form_field *fields; /* owned */
	size_t n, focus, top;
	struct popup_item offers[FORM_OFFERS];
	size_t n_offers, offer;
	uint64_t version;          /* grows with every change */
};

enum form_answer { FORM_PASS, FORM_STAYS, FORM_CHANGED, FORM_SUBMIT };

/* `preset` (borrowed, may be NULL): name -> value as a verb takes it. */
void form_open(struct form *f, struct store *st, const struct actor *actor, const struct verb *verb, json_t *preset);
void form_close(struct form *f);
enum form_answer form_key(struct form *f, const struct key *key);
void form_draw(struct form *f, struct area a);
/*
 * The arguments for verb_run (new reference). NULL when a field cannot be read: its problem is set
 * and it has the focus.
 */
json_t *form_args(struct form *f);
/*
 * What is typed, for the draft, and back, with the field that was typed in; "{}" when there is nothing. form_restore leaves fields of
 * `preset` things alone.
 */
char *form_text(const struct form *f);
void form_restore(struct form *f, const char *text);
/* Nothing was typed or chosen since form_open. */
bool form_is_empty(const struct form *f);
extern const struct key_table form_keys;

#endif
