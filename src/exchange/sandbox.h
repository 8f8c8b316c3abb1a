/*
 * The cell in which a document from outside is parsed: no files, no network, no other program, bounded memory and time. What the kernel
 * has is used (Landlock from 5.13, seccomp), and the limits always; a kernel without either still gets the limits.
 */
#ifndef EXCHANGE_SANDBOX_H
#define EXCHANGE_SANDBOX_H

#include <stdbool.h>

/* What could be put up. */
struct sandbox {
	bool seccomp, landlock;
};
/*
 * Lock this process in for good; only for a child that ends soon. keep_fd stays open, every other descriptor above 2 is closed.
 * Under seccomp a call that is not listed gives EPERM.
 */
void sandbox_enter(int keep_fd, struct sandbox *got);

#endif
