/* Each way of each connection is a queue of pieces with the time each may leave. The queue is short, so that who sends too much has to
 * wait, as before a modem. */
#include "tests/test.h"

#include "tests/ssh/proxy.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINES 8
#define PIECES 64
#define PIECE 512

struct piece {
	char bytes[PIECE];
	size_t n;
	int64_t leaves;
};

struct way {
	int from, to;
	struct piece queue[PIECES];
	size_t first, count;
	int64_t free_at; /* when the line has sent all before */
	bool down;
};

static struct way ways[2 * LINES];
static size_t n_ways;
static long rate;
static int delay;
static volatile uint64_t *down;

static int
listen_here(int *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static void
add_line(int client, int to_port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons((uint16_t)to_port)};
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (n_ways + 2 > 2 * LINES || connect(server, (struct sockaddr *)&a, sizeof(a)) < 0) {
		close(client);
		close(server);
		return;
	}
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	memset(&ways[n_ways], 0, 2 * sizeof(ways[0]));
	ways[n_ways].from = ways[n_ways + 1].to = client;
	ways[n_ways].to = ways[n_ways + 1].from = server;
	ways[n_ways + 1].down = true;
	n_ways += 2;
}

static void
end_line(size_t i)
{
	i -= i % 2;
	close(ways[i].from);
	close(ways[i].to);
	ways[i].from = ways[i].to = ways[i + 1].from = ways[i + 1].to = -1;
}

static void
take(size_t i)
{
	struct way *w = &ways[i];
	struct piece *p = &w->queue[(w->first + w->count) % PIECES];
	ssize_t n = read(w->from, p->bytes, PIECE);
	int64_t now = clock_monotonic();

	if (n <= 0) {
		end_line(i);
		return;
	}
	p->n = (size_t)n;
	w->free_at = (w->free_at > now ? w->free_at : now) + (rate ? n * 1000 / rate : 0);
	p->leaves = w->free_at + delay;
	w->count++;
}

static void
give(size_t i)
{
	struct way *w = &ways[i];
	struct piece *p = &w->queue[w->first];

	if (write(w->to, p->bytes, p->n) != (ssize_t)p->n) {
		end_line(i);
		return;
	}
	if (w->down)
		*down += p->n;
	w->first = (w->first + 1) % PIECES;
	w->count--;
}

static int
wait_time(void)
{
	int64_t now = clock_monotonic(), next = now + 1000;

	for (size_t i = 0; i < n_ways; i++)
		if (ways[i].from >= 0 && ways[i].count &&
		    ways[i].queue[ways[i].first].leaves < next)
			next = ways[i].queue[ways[i].first].leaves;
	return next > now ? (int)(next - now) : 0;
}

static void
serve(int fd, int to_port)
{
	for (;;) {
		struct pollfd p[1 + 2 * LINES] = {{.fd = fd, .events = POLLIN}};

		for (size_t i = 0; i < n_ways; i++) {
			p[i + 1].fd = ways[i].count < PIECES ? ways[i].from : -1;
			p[i + 1].events = POLLIN;
		}
		poll(p, 1 + n_ways, wait_time());
		for (size_t i = 0; i < n_ways; i++)
			if (ways[i].from >= 0 && p[i + 1].fd >= 0 && p[i + 1].revents)
				take(i);
		for (size_t i = 0; i < n_ways; i++)
			while (ways[i].from >= 0 && ways[i].count &&
			       ways[i].queue[ways[i].first].leaves <= clock_monotonic())
				give(i);
		if (p[0].revents)
			add_line(accept(fd, NULL, NULL), to_port);
	}
}

void
proxy_start(struct proxy *p, int to_port, long bytes_per_second, int delay_ms)
{
	int fd = listen_here(&p->port);

	p->down =
	    mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true((void *)(uintptr_t)p->down != MAP_FAILED);
	p->pid = fork();
	assert_true(p->pid >= 0);
	if (p->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGPIPE, SIG_IGN);
		rate = bytes_per_second;
		delay = delay_ms;
		down = p->down;
		serve(fd, to_port);
	}
	close(fd);
}

void
proxy_silence(struct proxy *p)
{
	kill(p->pid, SIGSTOP);
}

void
proxy_stop(struct proxy *p)
{
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	munmap((void *)(uintptr_t)p->down, sizeof(uint64_t));
}
