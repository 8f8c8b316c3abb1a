/*
 * A text being typed and its draft on disk (store/draft.h), kept together for a screen: opened with
 * what an earlier session left, written by the screen's `save`, emptied when the verb took it.
 * Where no draft can be opened (a full disk, a read-only store) typing goes on and the header says
 * that nothing is saved.
 */
#ifndef UI_SAVED_H
#define UI_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct console;
struct draft;

struct saved {
	struct console *ui;
	struct draft *draft;  /* NULL: could not be opened */
	int64_t saved_at;     /* CLOCK_NONE: not yet */
	bool failed;          /* the last save failed */
};

/*
 * Open the draft `form`, or form~2 … ~9 when other consoles of this person hold it. Gives the text
 * left there ("" none).
 */
const char *saved_open(struct saved *s, struct console *ui, const char *form);
/* Durable when it returns, or `failed` is set and the header says so. */
void saved_write(struct saved *s, const char *text);
/* The verb took it. */
void saved_discard(struct saved *s);
void saved_close(struct saved *s);
/* "saved 03:12", "not saved" for a heading, "" before the first save. Gives out. */
char *saved_state(const struct saved *s, char *out, size_t size);

#endif
