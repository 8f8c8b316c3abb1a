/*
 * The full-screen console. Everything else in this room is private to it.
 */
#ifndef UI_UI_H
#define UI_UI_H

struct buf;

/*
 * Run the console on the terminal at stdin and stdout, over the store at `store_path`, for `person`
 * (name, initials or id; NULL: the officer on duty now, and where nobody is, it asks). Gives the
 * exit status: 0 when the officer left, 1 after the reason was printed on stderr.
 */
int ui_run(const char *store_path, const char *person);

/* Every key of every screen as text, made from the key tables: for the manual page. */
void ui_keys(struct buf *out);

#endif
