/*
 * The built-in editor for Chinese text, of many lines or of one. It holds the text, the cursor and
 * the history of changes; it wraps as Chinese is set (text.h), moves by characters, words and
 * screen lines, and draws itself into an area.
 *
 * Keys: arrows, Home End PageUp PageDown, ^A ^E line ends, M-b M-f or ^Left ^Right words, ^D
 * Delete, ^W word before, M-d word behind, ^K to the line's end, ^U to its beginning, ^Y puts back
 * what was cut, ^_ or ^Z undoes, M-_ or M-z does again, paste. A run of typed characters is undone
 * as one.
 *
 *	struct editor e;
 *	editor_init(&e, true, DRAFT_MAX);
 *	if (editor_key(&e, key)) …changed or moved…      false: not a key of the editor
 *	editor_draw(&e, area, NULL, 0, true);
 *	editor_clear(&e);
 *
 * The text is always clean (utf8_clean) and at most `max` bytes: what does not fit is refused whole
 * and `refused` set.
 */
#ifndef UI_EDITOR_H
#define UI_EDITOR_H

#include "base/buf.h"
#include "ui/draw.h"
#include "ui/input.h"
#include "ui/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes start..end are drawn in a style of their own. Sorted by start. */
struct span {
	size_t start, end;
	enum style style;
};

struct editor_change; /* of the history */

struct editor {
	char *text;           /* owned, NUL-terminated */
	size_t size, room, max;
	size_t cursor;        /* byte offset, always between characters */
	bool lines;           /* many lines; else Enter is no key of the editor */
	bool refused;         /* the last insertion did not fit */
	uint64_t version;     /* grows with every change of the text */
	/* Of the view. */
	int goal;             /* column that up and down aim at, -1 none */
	size_t top;           /* first screen line shown */
	int columns, rows;    /* of the last drawing */
	size_t left;          /* one line: first byte shown */
	struct text_lines wrapped;
	uint64_t wrapped_version;
	int wrapped_columns;
	/* History. */
	struct editor_change *changes; /* owned */
	size_t n_changes, changes_room, undone;
	bool joining;         /* the last change may be continued by the next typed character */
	char *cut;            /* owned: what ^K ^U ^W M-d took last */
	bool cutting;         /* the last key cut too: the next one adds to it */
};

void editor_init(struct editor *e, bool lines, size_t max);
void editor_clear(struct editor *e);
/* A new text, no history, cursor at its end. */
void editor_set(struct editor *e, const char *text);
/* Insert at the cursor as one change. False when it does not fit. */
bool editor_insert(struct editor *e, const char *text, size_t n);
/* Replace bytes start..end by text, as one change; the cursor goes behind it. */
bool editor_replace(struct editor *e, size_t start, size_t end, const char *text);
bool editor_key(struct editor *e, const struct key *key);
bool editor_undo(struct editor *e);
bool editor_redo(struct editor *e);

/* Draw, scrolled so that the cursor is seen. `focused` shows the terminal's cursor there. */
void editor_draw(struct editor *e, struct area a, const struct span *spans, size_t n_spans, bool focused);
/* Screen lines the text takes in so many columns. */
size_t editor_height(struct editor *e, int columns);

#endif
