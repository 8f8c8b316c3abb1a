/*
 * Raw system calls, for Debian's glibc has no wrappers for Landlock and libseccomp would be a
 * dependency for thirty lines: the list is what malloc, write and exit need, and the same on every
 * architecture we know.
 */
#include "exchange/sandbox.h"

#include "base/confine_arch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SANITIZED
#define CPU_MAX 60
#else
#define CPU_MAX 10 /* seconds */
#endif
#define MEMORY_MAX (512u << 20) /* of address space; the readers need a fifth of it */

static void
limit(int what, rlim_t most)
{
	struct rlimit r = {most, most};

	setrlimit(what, &r);
}

static void
set_limits(void)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_CPU, CPU_MAX);
	limit(RLIMIT_NPROC, 0);
#ifndef SANITIZED
	limit(RLIMIT_DATA, MEMORY_MAX);
#endif
}

static void
close_others(int keep_fd)
{
	if (keep_fd > 3)
		syscall(SYS_close_range, 3u, (unsigned)keep_fd - 1, 0u);
	syscall(SYS_close_range, (unsigned)keep_fd + 1, ~0u, 0u);
}

/* A ruleset that handles everything and allows nothing. */
static bool
enter_landlock(void)
{
#ifdef HAVE_LANDLOCK
	static const uint64_t all[] = {0, 0x1fff, 0x3fff, 0x7fff, 0x7fff};
	struct {
		uint64_t fs, net;
	} rules = {0, 0};
	long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1u /* version */);
	long fd;
	bool ok;

	if (abi < 1)
		return false;
	rules.fs = all[abi < 4 ? abi : 4];
	rules.net = abi >= 4 ? 3 : 0; /* bind and connect over TCP */
	fd = syscall(SYS_landlock_create_ruleset, &rules, abi >= 4 ? (size_t)16 : (size_t)8, 0u);
	if (fd < 0)
		return false;
	ok = syscall(SYS_landlock_restrict_self, (int)fd, 0u) == 0;
	close((int)fd);
	return ok;
#else
	return false;
#endif
}

#define ALLOW(nr)                                                                                  \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (nr), 0, 1),                                           \
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static bool
enter_seccomp(void)
{
#ifdef ARCH
	struct sock_filter filter[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    ALLOW(SYS_write),
	    ALLOW(SYS_exit_group),
	    ALLOW(SYS_exit),
	    ALLOW(SYS_brk),
	    ALLOW(SYS_munmap),
	    ALLOW(SYS_mremap),
	    ALLOW(SYS_madvise),
	    ALLOW(SYS_futex),
	    ALLOW(SYS_rt_sigreturn),
	    ALLOW(SYS_rt_sigprocmask),
	    ALLOW(SYS_clock_gettime),
	    ALLOW(SYS_getrandom),
	    ALLOW(SYS_getpid),
	    ALLOW(SYS_gettid),
	    ALLOW(SYS_tgkill),
	    ALLOW(SYS_sigaltstack),
	    ALLOW(SYS_sched_yield),
	    ALLOW(SYS_close),
#ifdef SANITIZED
	    ALLOW(SYS_mmap),
	    ALLOW(SYS_mprotect),
	    ALLOW(SYS_prctl),
	    ALLOW(SYS_rt_sigaction),
	    ALLOW(SYS_sched_getaffinity),
#else
	    /* mmap and mprotect as malloc uses them: never executable. */
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 4),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
#endif
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
#else
	return false;
#endif
}

void
sandbox_enter(int keep_fd, struct sandbox *got)
{
	close_others(keep_fd);
	set_limits();
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	got->landlock = enter_landlock();
	got->seccomp = enter_seccomp();
}
