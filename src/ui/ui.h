/*
 * The full-screen console. Everything else in this room is private to it.
 */
#ifndef UI_UI_H
#define UI_UI_H

struct buf;

struct ui_start {
	const char *store_path;
	const char *person; /* name, initials or id; NULL: not said */
	const char *key;    /* id of the ssh key that let in; NULL: none */
};

/*
 * Run the console on the terminal at stdin and stdout. Where no secrets are in force
 * (people/people.h) it is `person`, else the officer on duty now. Where they are, the sign-on screen
 * comes first, with the name put in; with a key it is the key's person, and signing off ends the
 * program. Gives the exit status: 0 when the officer left, 1 after the reason was printed on stderr.
 *
 * A command sent along over ssh (SSH_ORIGINAL_COMMAND: sftp, scp, a shell line) is refused, and the
 * journal tells of it.
 */
int ui_run(const struct ui_start *start);

/* Every key of every screen as text, made from the key tables: for the manual page. */
void ui_keys(struct buf *out);

#endif
