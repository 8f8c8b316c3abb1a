/*
 * The environment the program works in. Everything but a short list of names is dropped at the start of main, before any library has
 * read it, so that no variable that a person across the line can set names a file, a program or a library: TERMINFO, TERMCAP,
 * LESSOPEN, PAGER, EDITOR, LD_*, IFS and whatever comes after them.
 */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include <stdbool.h>

/* `forced`: started by an ssh forced command; then nothing of ours (ZHIBAN_*, XDG_*, proxies) is taken from outside either. */
void env_clean(bool forced);
/* Is it the name of a terminal, and of nothing else? Letters, digits and . _ + - only; no path. */
bool env_is_terminal_name(const char *name);

#endif
