/*
 * What a console gives up for good once it has its terminal and its store: to run any program, to make a process, to reach a network, to
 * look into or signal another process, to type into a terminal (TIOCSTI), to gain rights, to leave a core file; and, where the kernel
 * has Landlock, to change any file outside the store's directory. The program does none of it anyway: this holds for what it might be
 * talked into. A kernel without seccomp or Landlock still gets the rest.
 */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

#include <stdbool.h>

struct confine {
	bool no_new_privs, seccomp, landlock; /* what could be put up */
};

/*
 * `dir`: the only directory under which files may be made, written and removed from here on. `remote`: whoever comes over ssh; then
 * other processes of the account cannot look into this one either. Descriptors that are open stay as they are.
 */
void confine_enter(const char *dir, bool remote, struct confine *got);

#endif
