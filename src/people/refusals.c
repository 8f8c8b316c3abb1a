/*
 * sshd's log, line after line. What is wanted of a line is found by fixed words of sshd (OpenSSH
 * 8.5 to 10, the same in all); the process it came from stands before it ("sshd[123]: ",
 * journalctl -o short) or in it ("(pid=123)", lines that LogVerbose forces), so lines of many
 * sessions may be mixed. Where neither stands (journalctl -o cat, an older line), it belongs to the
 * session spoken of last.
 *
 *	Accepted publickey for U from A port P ssh2: T SHA256:…
 *	                        a session begins: whose key it is
 *	User child is on pid N
 *	                        it goes on in that process
 *	Connection closed by A port P, Disconnected from user …
 *	                        it ends
 *	the table `asks` below
 *	                        what it asked for and did not get
 *	Failed publickey for U from A port P ssh2: T SHA256:…
 *	                        not yet a refusal: a client tries its keys one after the other
 *	… authenticating user U A port P [preauth]
 *	                        now it is one
 */
#include "people/inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SESSIONS 256
#define REPEATS 64
#define LINE_USED 2000 /* bytes of a line that are looked at */
#define KNOWN_AGAIN_MS CLOCK_MINUTE
#define STRANGER_AGAIN_MS (10 * CLOCK_MINUTE)

struct session {
	bool used, ours, in; /* in: a key was accepted */
	long pid, child;     /* 0 unknown */
	char address[64], port[8], print[64];
	uint64_t age; /* of the last line about it */
};

struct repeat {
	char text[200], via[64];
	int64_t person, at;
	long more; /* times it came again, not written yet */
};

struct people_log {
	struct store *st;
	char account[64];
	struct session sessions[SESSIONS];
	struct repeat repeats[REPEATS];
	uint64_t lines;
	void (*tell)(void *context, const char *text);
	void *context;
};

/* What a session asks for; the rest of the line is added where `rest`. */
static const struct {
	const char *words, *what;
	bool rest;
} asks[] = {
    {"refused local port forward: ", N_("port forwarding (-L, -D, -W)"), true},
    {"refused streamlocal port forward: ", N_("forwarding to a socket (-L)"), true},
    {": tcpip-forward listen ", N_("remote port forwarding (-R)"), true},
    {": streamlocal-forward listen path ", N_("remote forwarding of a socket (-R)"), true},
    {": ctype tun@openssh.com", N_("a network tunnel (-w)"), false},
    {" req auth-agent-req@openssh.com", N_("agent forwarding (-A)"), false},
    {" req x11-req", N_("X11 forwarding (-X)"), false},
    {": Ignoring env request ", N_("a variable"), true},
    {"subsystem request for ", N_("a subsystem"), true},
};

struct people_log *
people_log_new(struct store *st, const char *account, void (*tell)(void *context, const char *text),
    void *context)
{
	struct people_log *log = mem_zero(1, sizeof(*log));

	log->st = st;
	log->tell = tell;
	log->context = context;
	utf8_copy(log->account, sizeof(log->account), account);
	return log;
}

/* --- writing ------------------------------------------------------------------------------ */

static void
write_row(struct people_log *log, int64_t person, const char *via, const char *text)
{
	struct actor actor;
	struct err err = ERR_NONE;
	char id[24];

	snprintf(id, sizeof(id), "%lld", (long long)person);
	if (!person || !actor_find(log->st, id, &actor, &err))
		actor_system(&actor, via);
	err_clear(&err);
	utf8_copy(actor.via, sizeof(actor.via), via);
	verb_refused(log->st, &actor, verb_find(log->st, "session.on"), text);
	if (log->tell)
		log->tell(log->context, text);
}

static void
write_more(struct people_log *log, struct repeat *r)
{
	char text[300];

	if (r->more) {
		snprintf(text, sizeof(text),
		    ngettext("%s (%ld more time)", "%s (%ld more times)", (unsigned long)r->more),
		    r->text, r->more);
		write_row(log, r->person, r->via, text);
	}
	r->more = 0;
}

/* The same again within its time is counted, and told of as one when the time is over: a flood of
 * them is one row, not a flood. */
static bool
is_repeated(struct people_log *log, int64_t person, const char *via, const char *text)
{
	int64_t now = clock_now(), again = person ? KNOWN_AGAIN_MS : STRANGER_AGAIN_MS;
	struct repeat *oldest = &log->repeats[0];

	for (size_t i = 0; i < REPEATS; i++) {
		struct repeat *r = &log->repeats[i];

		if (r->text[0] && r->person == person && strcmp(r->text, text) == 0 &&
		    strcmp(r->via, via) == 0 && now >= r->at && now < r->at + again) {
			r->more++;
			return true;
		}
		if (r->at < oldest->at)
			oldest = r;
	}
	write_more(log, oldest);
	utf8_copy(oldest->text, sizeof(oldest->text), text);
	utf8_copy(oldest->via, sizeof(oldest->via), via);
	oldest->person = person;
	oldest->at = now;
	return false;
}

static void
refuse(struct people_log *log, int64_t person, const char *address, const char *text)
{
	char via[64], *clean = utf8_clean(text, strlen(text), false, NULL), cut[200];

	snprintf(via, sizeof(via), "ssh %s", address);
	utf8_copy(cut, sizeof(cut), clean);
	if (!is_repeated(log, person, via, cut))
		write_row(log, person, via, cut);
	free(clean);
}

/* --- sessions ----------------------------------------------------------------------------- */

static struct session *
find_session(struct people_log *log, const char *address, const char *port)
{
	for (size_t i = 0; i < SESSIONS; i++) {
		struct session *s = &log->sessions[i];

		if (s->used && strcmp(s->address, address) == 0 && strcmp(s->port, port) == 0)
			return s;
	}
	return NULL;
}

/* A free place, or that of the one nothing was heard of for longest. */
static struct session *
new_session(struct people_log *log, const char *address, const char *port)
{
	struct session *s = find_session(log, address, port), *oldest = &log->sessions[0];

	for (size_t i = 0; !s && i < SESSIONS; i++) {
		if (!log->sessions[i].used)
			s = &log->sessions[i];
		else if (log->sessions[i].age < oldest->age)
			oldest = &log->sessions[i];
	}
	if (!s)
		s = oldest;
	memset(s, 0, sizeof(*s));
	s->used = true;
	s->age = log->lines;
	utf8_copy(s->address, sizeof(s->address), address);
	utf8_copy(s->port, sizeof(s->port), port);
	return s;
}

/* Whose line it is: by process; else the one accepted or spoken of last. A process not met yet is
 * the last accepted one's child. */
static struct session *
session_of(struct people_log *log, long pid)
{
	struct session *last = NULL;

	for (size_t i = 0; i < SESSIONS; i++) {
		struct session *s = &log->sessions[i];

		if (!s->used || !s->in)
			continue;
		if (pid && (s->pid == pid || s->child == pid))
			return s;
		if (!last || s->age > last->age)
			last = s;
	}
	if (last && pid) {
		/* No line says of whom this process is: the newest session that has none yet. */
		last = NULL;
		for (size_t i = 0; i < SESSIONS; i++) {
			struct session *s = &log->sessions[i];

			if (s->used && s->in && !s->pid && !s->child &&
			    (!last || s->age > last->age))
				last = s;
		}
		if (last)
			last->child = pid;
	}
	return last;
}

static int64_t
person_of(struct people_log *log, const char *print)
{
	return sql_one_int(log->st,
	    "SELECT person FROM person_key WHERE print = ?1 ORDER BY withdrawn IS NOT NULL, id "
	    "DESC "
	    "LIMIT 1",
	    0, "t", print);
}

/* --- reading ------------------------------------------------------------------------------ */

/* "sshd[123]: " or "sshd-session[123]: " before the words; *line goes behind it. */
static long
take_prefix(const char **line)
{
	static const char *const names[] = {"sshd[", "sshd-session[", "sshd-auth["};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *at = strstr(*line, names[i]), *end;
		long pid;

		if (!at || at - *line > 100)
			continue;
		at += strlen(names[i]);
		pid = strtol(at, (char **)(uintptr_t)&end, 10);
		if (end > at && strncmp(end, "]: ", 3) == 0) {
			*line = end + 3;
			return pid;
		}
	}
	return 0;
}

static long
pid_inside(const char *line)
{
	const char *at = strstr(line, "(pid=");

	/* Only in what sshd puts before its own words: "debug1: serverloop.c:f():1 (pid=2): " */
	return at && strncmp(line, "debug", 5) == 0 && at - line < 120 ? strtol(at + 5, NULL, 10)
								       : 0;
}

/* "… from A port P …": the last such, for names may hold anything. */
static bool
take_address(const char *line, const char *before, char *address, char *port)
{
	const char *at = NULL;

	for (const char *next = strstr(line, before); next; next = strstr(next + 1, before))
		at = next;
	return at && sscanf(at + strlen(before), "%63s port %7s", address, port) == 2;
}

static bool
is_for(const struct people_log *log, const char *user)
{
	size_t n = strlen(log->account);

	return strncmp(user, log->account, n) == 0 && user[n] == ' ';
}

static const char *
behind(const char *line, const char *words)
{
	size_t n = strlen(words);

	return strncmp(line, words, n) == 0 ? line + n : NULL;
}

static const char *
print_in(const char *line)
{
	const char *at = strstr(line, "SHA256:");

	return at ? at : "";
}

static bool
read_accepted(struct people_log *log, const char *line, long pid)
{
	const char *user = behind(line, "Accepted publickey for ");
	char address[64], port[8];
	struct session *s;

	if (!user || !take_address(line, " from ", address, port))
		return false;
	s = new_session(log, address, port);
	s->in = true;
	s->pid = pid;
	s->ours = is_for(log, user);
	snprintf(s->print, sizeof(s->print), "%.*s", (int)strcspn(print_in(line), " \r\n"),
	    print_in(line));
	return true;
}

static bool
read_failed(struct people_log *log, const char *line)
{
	const char *user = behind(line, "Failed publickey for ");
	char address[64], port[8];
	struct session *s;

	if (!user || !take_address(line, " from ", address, port))
		return false;
	s = find_session(log, address, port);
	if (!s)
		s = new_session(log, address, port);
	s->ours = is_for(log, user);
	snprintf(s->print, sizeof(s->print), "%.*s", (int)strcspn(print_in(line), " \r\n"),
	    print_in(line));
	return true;
}

/* Who did not get in: a stranger, or a key that no longer counts. */
static void
refuse_stranger(struct people_log *log, const char *address, const char *print)
{
	int64_t person = *print ? person_of(log, print) : 0;
	char *name = sql_one_text(log->st, "SELECT name FROM person WHERE id = ?1", "i", person),
	     *text;

	if (!*print)
		text = mem_dup(_("came without a key"));
	else if (name)
		text = mem_print(_("a key that no longer counts, %s's: %s"), name, print);
	else
		text = mem_print(_("a key that is nobody's: %s"), print);
	refuse(log, 0, address, text);
	free(text);
	free(name);
}

/* "Connection closed by authenticating user U A port P [preauth]" and its like. */
static bool
read_left(struct people_log *log, const char *line)
{
	static const char *const ways[] = {" by authenticating user ", " from authenticating user ",
	    "maximum authentication attempts exceeded for "};
	char address[64], port[8], print[64] = "", word[80];
	const char *user = NULL;
	struct session *s;

	for (size_t i = 0; !user && i < COUNT_OF(ways); i++) {
		user = strstr(line, ways[i]);
		user = user ? user + strlen(ways[i]) : NULL;
	}
	if (!user)
		return false;
	snprintf(word, sizeof(word), "%s ", log->account);
	if (!is_for(log, user))
		return true;
	user += strlen(word);
	if (!take_address(user, "from ", address, port) &&
	    sscanf(user, "%63s port %7s", address, port) != 2)
		return true;
	s = find_session(log, address, port);
	if (s) {
		utf8_copy(print, sizeof(print), s->print);
		s->used = false;
	}
	refuse_stranger(log, address, print);
	return true;
}

static bool
read_end(struct people_log *log, const char *line)
{
	static const char *const ways[] = {"Connection closed by ", "Connection reset by ",
	    "Disconnected from user ", "Timeout, client not responding from user ",
	    "Closing connection to "};
	char address[64], port[8];

	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		const char *rest = behind(line, ways[i]);
		struct session *s;

		if (!rest)
			continue;
		if (strstr(ways[i], "user "))
			rest += strcspn(rest, " ");
		if (sscanf(rest, "%63s port %7s", address, port) == 2 &&
		    (s = find_session(log, address, port)) != NULL)
			s->used = false;
		return true;
	}
	return false;
}

/* What sshd adds about itself is left out: "X by user U failed, subsystem not found", "NAME:
 * disallowed name". */
static char *
wanted(const char *rest)
{
	static const char *const tails[] = {" by user ", ": disallowed name"};
	size_t n = strcspn(rest, "\r\n");

	for (size_t i = 0; i < COUNT_OF(tails); i++) {
		const char *at = strstr(rest, tails[i]);

		if (at && (size_t)(at - rest) < n)
			n = (size_t)(at - rest);
	}
	return mem_dupn(rest, n);
}

static void
read_ask(struct people_log *log, const char *line, struct session *s)
{
	for (size_t i = 0; i < COUNT_OF(asks); i++) {
		const char *at = strstr(line, asks[i].words);
		char *rest, *text;

		if (!at)
			continue;
		/* A subsystem that there is runs the forced command, which tells for itself. */
		if (strncmp(asks[i].words, "subsystem", 9) == 0 && !strstr(line, " failed, "))
			return;
		rest = wanted(at + strlen(asks[i].words));
		text = asks[i].rest ? mem_print(_("%s: %s"), _(asks[i].what), rest)
				    : mem_dup(_(asks[i].what));
		if (!s)
			refuse(log, 0, "", text);
		else if (s->ours)
			refuse(log, person_of(log, s->print), s->address, text);
		free(text);
		free(rest);
		return;
	}
}

void
people_log_line(struct people_log *log, const char *line)
{
	/* Who knocks chooses some of its words. */
	char *own = utf8_clean(
	    line, strcspn(line, "\n") < LINE_USED ? strcspn(line, "\n") : LINE_USED, false, NULL);
	const char *words = own, *child;
	long pid = take_prefix(&words), inside = pid_inside(words);
	struct session *s;

	log->lines++;
	pid = pid ? pid : inside;
	if (read_accepted(log, words, pid) || read_failed(log, words) || read_left(log, words) ||
	    read_end(log, words)) {
		free(own);
		return;
	}
	s = session_of(log, pid);
	child = behind(words, "User child is on pid ");
	if (s) {
		s->age = log->lines;
		if (child)
			s->child = strtol(child, NULL, 10);
	}
	read_ask(log, words, s);
	free(own);
}

void
people_log_free(struct people_log *log)
{
	if (!log)
		return;
	for (size_t i = 0; i < REPEATS; i++)
		write_more(log, &log->repeats[i]);
	free(log);
}
