#include "tests/test.h"

#include "tests/ssh/server.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "house/house.h"
#include "store/sql.h"
#include "store/verb.h"
#include "tests/store/room.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int server_alive = 1;
const char *server_address;

#define SSHD "/usr/sbin/sshd"
#define KEYGEN "/usr/bin/ssh-keygen"

static void
pause_ms(int ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

bool
server_wait(bool (*cond)(void *data), void *data, int ms)
{
	int64_t end = clock_monotonic() + ms;

	while (!cond(data)) {
		if (clock_monotonic() > end)
			return false;
		pause_ms(20);
	}
	return true;
}

const char *
server_missing(void)
{
	if (access(SSHD, X_OK) != 0)
		return "no " SSHD " (Debian: openssh-server)";
	if (access("/usr/bin/ssh", X_OK) != 0 || access(KEYGEN, X_OK) != 0)
		return "no ssh client (Debian: openssh-client)";
	return NULL;
}

/* --- store and keys ----------------------------------------------------------------------- */

struct store *
server_store(struct server *s)
{
	struct err err = ERR_NONE;
	struct store *st = house_open(s->store, STORE_WRITE, &err);

	if (!st)
		fail_msg("%s", err.message);
	return st;
}

int64_t
server_rows(struct server *s, const char *verb)
{
	struct store *st = server_store(s);
	int64_t n = sql_one_int(st, "SELECT count(*) FROM journal WHERE verb = ?1", 0, "t", verb);

	store_close(st);
	return n;
}

static char *
read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = mem_zero(1, 65536);

	if (!f)
		fail_msg("%s is missing", path);
	text[fread(text, 1, 65535, f)] = '\0';
	fclose(f);
	return text;
}

static void
write_file(const char *path, const char *text, const char *mode)
{
	FILE *f = fopen(path, mode);

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	chmod(path, 0600);
}

static void
make_key(struct server *s, const char *name)
{
	char *path = mem_print("%s/%s", s->dir, name), out[2000];
	const char *argv[] = {
	    KEYGEN, "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path, NULL};

	if (server_run(argv, false, 20000, out, sizeof(out)) != 0)
		fail_msg("%s", out);
	free(path);
}

void
server_strange_key(struct server *s, const char *name)
{
	make_key(s, name);
}

/* What sshd would have been told, into the file it reads instead. */
static void
write_authorized(struct server *s, const char *key)
{
	char *program = mem_print("%s/zhiban", getenv("top_builddir")),
	     *file = mem_print("%s/authorized_keys", s->dir), *word = mem_dup(key), *save = NULL,
	     out[8192];
	const char *type = strtok_r(word, " ", &save), *blob = strtok_r(NULL, " \n", &save);
	const char *argv[] = {
	    program, "--store", s->store, "authorized-keys", s->user, type, blob, NULL};

	assert_int_equal(server_run(argv, false, 10000, out, sizeof(out)), 0);
	assert_non_null(strstr(out, "restrict,pty,command=\"exec '"));
	write_file(file, out, "a");
	free(word);
	free(file);
	free(program);
}

void
server_key(struct server *s, const char *person)
{
	struct verb_result result;
	struct err err = ERR_NONE;
	struct actor system, who;
	struct store *st = server_store(s);
	char *path = mem_print("%s/%s.pub", s->dir, person), *key;
	json_t *args;

	make_key(s, person);
	key = read_file(path);
	actor_system(&system, "test");
	assert_true(actor_find(st, person, &who, &err));
	args = json_pack("{s:I, s:s}", "person", (json_int_t)who.person, "key", key);
	if (!verb_run(st, &system, "key.add", args, &result, &err))
		fail_msg("%s", err.message);
	verb_result_clear(&result);
	json_decref(args);
	store_close(st);
	if (!s->by_command)
		write_authorized(s, key);
	free(key);
	free(path);
}

/* --- sshd ---------------------------------------------------------------------------------- */

static int
free_port(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	close(fd);
	return ntohs(a.sin_port);
}

static bool
answers(void *data)
{
	struct server *s = data;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons((uint16_t)s->port)};
	bool good = connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0;

	close(fd);
	return good;
}

/* sshd only runs a command that is root's, in directories that are root's. */
static bool
command_is_safe(const char *program)
{
	char *path = mem_dup(program);
	struct stat sb;
	bool safe = geteuid() == 0;

	for (char *end = path + strlen(path); safe && end > path; end = strrchr(path, '/')) {
		*end = '\0';
		safe = stat(*path ? path : "/", &sb) == 0 && sb.st_uid == 0 && !(sb.st_mode & 022);
	}
	free(path);
	return safe;
}

/* The lines of the sample that the test keeps, and its own around them. */
static void
write_config(struct server *s)
{
	char *file = mem_print("%s/data/ssh/sshd_config.sample", getenv("top_srcdir")),
	     *sample = read_file(file), *path = mem_print("%s/sshd_config", s->dir),
	     *program = mem_print("%s/zhiban", getenv("top_builddir")), *save = NULL;
	struct buf out = BUF_MAX(65536);

	s->by_command = command_is_safe(program);
	buf_printf(&out,
	    "Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\nPidFile none\nUsePAM "
	    "no\nStrictModes no\nLogLevel VERBOSE\n"
	    "PermitRootLogin prohibit-password\nSubsystem sftp "
	    "/usr/lib/openssh/sftp-server\nMaxStartups 100\n",
	    s->port, s->dir);
	if (server_address)
		buf_printf(&out, "ListenAddress %s\n", server_address);
	for (char *line = strtok_r(sample, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *word = line + strspn(line, " \t");

		if (*word == '#' || !*word)
			continue;
		if (strncmp(word, "Match User", 10) == 0)
			buf_printf(&out, "Match User %s\n", s->user);
		else if (strncmp(word, "AuthorizedKeysCommandUser", 25) == 0)
			buf_printf(&out, "%sAuthorizedKeysCommandUser %s\n",
			    s->by_command ? "" : "#", s->user);
		else if (strncmp(word, "AuthorizedKeysCommand", 21) == 0 && s->by_command)
			buf_printf(&out,
			    "AuthorizedKeysCommand %s --store %s authorized-keys %%u %%t %%k\n",
			    program, s->store);
		else if (strncmp(word, "AuthorizedKeysCommand", 21) == 0 ||
			 strncmp(word, "AuthorizedKeysFile", 18) == 0)
			buf_printf(&out, "AuthorizedKeysFile %s\n",
			    s->by_command ? "none" : "%D/authorized_keys");
		else if (strncmp(word, "ClientAliveInterval", 19) == 0)
			buf_printf(&out, "ClientAliveInterval %d\n", server_alive);
		else
			buf_printf(&out, "%s\n", word);
	}
	write_file(path, buf_str(&out), "w");
	buf_clear(&out);
	free(program);
	free(path);
	free(sample);
	free(file);
}

/* %D above: sshd knows no such token. */
static void
put_directory(struct server *s)
{
	char *path = mem_print("%s/sshd_config", s->dir), *text = read_file(path),
	     *at = strstr(text, "%D"), *out;

	if (at) {
		out = mem_print("%.*s%s%s", (int)(at - text), text, s->dir, at + 2);
		write_file(path, out, "w");
		free(out);
	}
	free(text);
	free(path);
}

static void
run_sshd(struct server *s)
{
	char *config = mem_print("%s/sshd_config", s->dir), *log = mem_print("%s/sshd.log", s->dir);

	if (geteuid() == 0)
		mkdir("/run/sshd",
		    0755); /* sshd wants it when root runs it; Debian makes it at boot */
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0) {
		execl(SSHD, SSHD, "-D", "-f", config, "-E", log, (char *)NULL);
		_exit(127);
	}
	if (!server_wait(answers, s, 10000)) {
		char *text = read_file(log);

		fail_msg("sshd: %s", text);
	}
	free(log);
	free(config);
}

void
server_start(struct server *s)
{
	struct err err = ERR_NONE;
	const struct passwd *pw = getpwuid(geteuid());

	memset(s, 0, sizeof(*s));
	assert_non_null(pw);
	snprintf(s->user, sizeof(s->user), "%s", pw->pw_name);
	test_folder(s->dir, sizeof(s->dir), "ssh");
	snprintf(s->store, sizeof(s->store), "%s/duty.db", s->dir);
	if (!house_create(s->store, 0, true, &err))
		fail_msg("%s", err.message);
	make_key(s, "host");
	s->port = free_port();
	write_config(s);
	put_directory(s);
	run_sshd(s);
}

void
server_stop(struct server *s)
{
	if (s->pid > 0) {
		kill(s->pid, SIGTERM);
		waitpid(s->pid, NULL, 0);
	}
	if (getenv("ZHIBAN_KEEP"))
		return;
	room_remove(s->dir);
}

/* --- clients -------------------------------------------------------------------------------- */

size_t
server_words(
    struct server *s, const char *program, const char *person, const char **argv, size_t max)
{
	static char text[8][300];
	static const char *const quiet[] = {"-F", "/dev/null", "-o", "StrictHostKeyChecking=no",
	    "-o", "UserKnownHostsFile=/dev/null", "-o", "IdentitiesOnly=yes", "-o",
	    "LogLevel=ERROR", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"};
	size_t n = 0;

	assert_true(max > 24);
	snprintf(text[0], sizeof(text[0]), "/usr/bin/%s", program);
	snprintf(text[1], sizeof(text[1]), "%s/%s", s->dir, person);
	snprintf(text[2], sizeof(text[2]), "Port=%d", s->through ? s->through : s->port);
	argv[n++] = text[0];
	for (size_t i = 0; i < COUNT_OF(quiet); i++)
		argv[n++] = quiet[i];
	argv[n++] = "-i";
	argv[n++] = text[1];
	argv[n++] = "-o";
	argv[n++] = text[2];
	argv[n] = NULL;
	return n;
}

struct tty *
server_console(struct server *s, const char *person, const char *term, const char *const *more)
{
	const char *argv[48];
	char *host = mem_print("%s@127.0.0.1", s->user);
	size_t n = server_words(s, "ssh", person, argv, 40);
	struct tty *t;

	argv[n++] = "-tt";
	argv[n++] = "-e";
	argv[n++] = "none";
	for (; more && *more; more++)
		argv[n++] = *more;
	argv[n++] = host;
	argv[n] = NULL;
	t = tty_start(&(struct tty_setup){
	    .store = s->store, .rows = 24, .columns = 80, .term = term, .command = argv});
	free(host);
	return t;
}

static void
exec_quietly(const char *const *argv, int fd, bool tty)
{
	if (!tty) {
		int null = open("/dev/null", O_RDONLY);

		setsid();
		dup2(null, 0);
		dup2(fd, 1);
		dup2(fd, 2);
	}
	signal(SIGHUP, SIG_DFL);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

int
server_run(const char *const *argv, bool tty, int ms, char *out, size_t size)
{
	int fd[2] = {-1, -1}, status = 0;
	int64_t end = clock_monotonic() + ms;
	size_t used = 0;
	pid_t pid;
	bool killed = false;

	if (tty) {
		pid = forkpty(&fd[0], NULL, NULL, &(struct winsize){24, 80, 0, 0});
	} else {
		assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
		pid = fork();
	}
	assert_true(pid >= 0);
	if (pid == 0)
		exec_quietly(argv, fd[1], tty);
	if (!tty)
		close(fd[1]);
	for (;;) {
		struct pollfd p = {.fd = fd[0], .events = POLLIN};
		int64_t left = end - clock_monotonic();
		char part[4096];
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			break;
		n = read(fd[0], part, sizeof(part));
		if (n <= 0)
			break;
		if ((size_t)n > size - 1 - used)
			n = (ssize_t)(size - 1 - used);
		memcpy(out + used, part, (size_t)n);
		used += (size_t)n;
	}
	out[used] = '\0';
	if (clock_monotonic() >= end) {
		kill(pid, SIGKILL);
		killed = true;
	}
	close(fd[0]);
	waitpid(pid, &status, 0);
	return killed || !WIFEXITED(status) ? -1 : WEXITSTATUS(status);
}

/* --- processes ------------------------------------------------------------------------------ */

static bool
is_console_of(const char *pid, const char *store, const char *person)
{
	char path[300], words[4096];
	bool store_named = false, person_named = false;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd >= 0 ? read(fd, words, sizeof(words) - 1) : -1;
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	words[n] = '\0';
	if (!strstr(words, "zhiban")) /* argv[0] */
		return false;
	for (char *w = words; w < words + n; w += strlen(w) + 1) {
		store_named |= strcmp(w, store) == 0;
		person_named |= strcmp(w, person) == 0;
	}
	return store_named && person_named;
}

pid_t
server_process(struct server *s, int64_t person)
{
	struct dirent *e;
	DIR *proc = opendir("/proc");
	char id[24];
	pid_t found = 0;

	snprintf(id, sizeof(id), "%lld", (long long)person);
	while (proc && !found && (e = readdir(proc)) != NULL)
		if (isdigit((unsigned char)e->d_name[0]) && is_console_of(e->d_name, s->store, id))
			found = (pid_t)strtol(e->d_name, NULL, 10);
	closedir(proc);
	return found;
}
