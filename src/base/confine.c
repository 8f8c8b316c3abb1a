/*
 * Raw system calls, as in exchange/sandbox.c. A list of what is denied, not of what is allowed:
 * curses, SQLite and the C library are guests here, and a call they begin to use with the next
 * release must not end a night's watch. A denied call gives EPERM, and ENOSYS for clone3, so that
 * the C library falls back to clone, whose flags a filter can see.
 *
 * Under AddressSanitizer there is no filter: its leak check at the end makes a thread and traces
 * this process.
 */
#include "base/confine.h"

#include "base/confine_arch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- files -------------------------------------------------------------------------------- */

#ifdef HAVE_LANDLOCK
/* Bits of the rights in <linux/landlock.h>, by number: the header may be older than the kernel. */
#define RIGHT_EXECUTE UINT64_C(1)
#define RIGHT_WRITE_FILE UINT64_C(2)
#define RIGHTS_DIRECTORY UINT64_C(0x1ff0) /* remove and make: bits 4 to 12 */
#define RIGHT_REFER (UINT64_C(1) << 13)
#define RIGHT_TRUNCATE (UINT64_C(1) << 14)

static void
allow_under(int ruleset, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = rights};

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0u);
	close(rule.parent_fd);
}
#endif

static bool
enter_landlock(const char *dir)
{
#ifdef HAVE_LANDLOCK
	long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1u /* version */);
	uint64_t write = RIGHT_WRITE_FILE | RIGHTS_DIRECTORY | (abi >= 2 ? RIGHT_REFER : 0) |
			 (abi >= 3 ? RIGHT_TRUNCATE : 0),
		 handled = write | RIGHT_EXECUTE;
	long fd =
	    abi < 1 ? -1 : syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0u);
	bool good;

	if (fd < 0)
		return false;
	allow_under((int)fd, dir, write);
	allow_under((int)fd, "/dev/null", RIGHT_WRITE_FILE);
	good = syscall(SYS_landlock_restrict_self, (int)fd, 0u) == 0;
	close((int)fd);
	return good;
#else
	(void)dir;
	return false;
#endif
}

/* --- calls -------------------------------------------------------------------------------- */

#if defined(ARCH) && !defined(SANITIZED)
#define GIVES(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define DENY(nr) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (nr), 0, 1), GIVES(EPERM)
#define LOAD_ARG(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[n]))

static const struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#if defined(__x86_64__) /* the x32 numbers of the same calls */
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
    GIVES(EPERM),
#endif
    DENY(SYS_execve),
    DENY(SYS_execveat),
#ifdef SYS_fork
    DENY(SYS_fork),
    DENY(SYS_vfork),
#endif
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
    GIVES(ENOSYS),
    DENY(SYS_socket),
    DENY(SYS_socketpair),
    DENY(SYS_connect),
    DENY(SYS_bind),
    DENY(SYS_ptrace),
    DENY(SYS_process_vm_readv),
    DENY(SYS_process_vm_writev),
    DENY(SYS_pidfd_open),
    DENY(SYS_kill),
    DENY(SYS_tkill),
    DENY(SYS_mount),
    DENY(SYS_umount2),
    DENY(SYS_pivot_root),
    DENY(SYS_chroot),
    DENY(SYS_unshare),
    DENY(SYS_setns),
    DENY(SYS_bpf),
    DENY(SYS_perf_event_open),
    DENY(SYS_io_uring_setup),
    DENY(SYS_userfaultfd),
    DENY(SYS_add_key),
    DENY(SYS_keyctl),
    DENY(SYS_request_key),
    /* A thread is this process; anything else is a new one. */
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
    LOAD_ARG(0),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
    GIVES(EPERM),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    /* Letters put into a terminal's input as if typed there. */
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 4),
    LOAD_ARG(1),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 0, 1),
    GIVES(EPERM),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
#endif

static bool
enter_seccomp(void)
{
#if defined(ARCH) && !defined(SANITIZED)
	struct sock_filter copy[sizeof(filter) / sizeof(filter[0])];
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), copy};

	for (size_t i = 0; i < program.len; i++)
		copy[i] = filter[i];
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
#else
	return false;
#endif
}

void
confine_enter(const char *dir, bool remote, struct confine *got)
{
	static const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	if (remote)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	got->no_new_privs = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	got->landlock = enter_landlock(dir);
	got->seccomp = enter_seccomp();
}
