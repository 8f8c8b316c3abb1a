#include "tests/exchange/server.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One connection. */
struct wire {
	int fd;
	SSL *ssl;
	const char *dir;
	int port;
};

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
	abort();
}

void
server_nap(int ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&t, NULL);
}

/* --- the line -------------------------------------------------------------------------------- */

/* The other end went away: this child has nothing more to do. */
static void
put(struct wire *w, const void *data, size_t n)
{
	const char *at = data;

	while (n > 0) {
		ssize_t sent =
		    w->ssl ? SSL_write(w->ssl, at, (int)n) : send(w->fd, at, n, MSG_NOSIGNAL);

		if (sent <= 0)
			_exit(0);
		at += sent;
		n -= (size_t)sent;
	}
}

static void
say(struct wire *w, const char *text)
{
	put(w, text, strlen(text));
}

static ssize_t
hear(struct wire *w, char *data, size_t n)
{
	return w->ssl ? SSL_read(w->ssl, data, (int)n) : recv(w->fd, data, n, 0);
}

/* --- files ----------------------------------------------------------------------------------- */

static char *
path_of(const char *dir, const char *name)
{
	return mem_print("%s/%s", dir, name);
}

static char *
read_file(const char *dir, const char *name, size_t *size)
{
	char *path = path_of(dir, name), *data = mem_alloc(4 << 20);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, data, (4 << 20) - 1) : -1;

	free(path);
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		free(data);
		return NULL;
	}
	data[n] = '\0';
	if (size)
		*size = (size_t)n;
	return data;
}

static bool
is_mood(const struct wire *w, const char *mood)
{
	char *now = read_file(w->dir, "mood", NULL);
	bool is = strcmp(now ? now : "ok", mood) == 0;

	free(now);
	return is;
}

static void
append(const char *dir, const char *name, const char *line)
{
	char *path = path_of(dir, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	must(fd >= 0 && dprintf(fd, "%s\n", line) > 0, path);
	close(fd);
	free(path);
}

void
server_word(const char *dir, const char *name, const char *word)
{
	char *path = path_of(dir, name), *fresh = mem_print("%s.new", path);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, word, strlen(word)) == (ssize_t)strlen(word), fresh);
	close(fd);
	must(rename(fresh, path) == 0, path);
	free(path);
	free(fresh);
}

void
server_mood(const char *dir, const char *mood)
{
	server_word(dir, "mood", mood);
}

/* A lock that each connection shares, from before its process is made until that ends. */
static int
lock_busy(const char *dir, int how)
{
	char *path = path_of(dir, "busy");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	free(path);
	must(fd >= 0 && flock(fd, how) == 0, "busy");
	return fd;
}

void
server_settle(const char *dir)
{
	close(lock_busy(dir, LOCK_EX));
}

int
server_lines(const char *dir, const char *name, char *last, int size)
{
	char *text = read_file(dir, name, NULL), *at = text, *line;
	int n = 0;

	while (at && (line = strsep(&at, "\n")) != NULL && *line) {
		if (last)
			snprintf(last, (size_t)size, "%s", line);
		n++;
	}
	free(text);
	return n;
}

/* --- GET ------------------------------------------------------------------------------------- */

static void
answer(struct wire *w, int status, const char *headers, const char *body, size_t n)
{
	char *head =
	    mem_print("HTTP/1.1 %d x\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n", status,
		n, headers);

	say(w, head);
	put(w, body, n);
	free(head);
}

static void
slowly(struct wire *w, const char *text)
{
	for (; *text; text++) {
		put(w, text, 1);
		server_nap(300);
	}
}

static void
redirect(struct wire *w, const char *to)
{
	char *head = mem_print("Location: %s\r\n", to);

	answer(w, 302, head, "", 0);
	free(head);
}

static void
endless(struct wire *w, const char *head, const char *piece, size_t n)
{
	say(w, head);
	for (;;)
		put(w, piece, n);
}

/* Bits as deflate packs them: from the low end of each byte. */
struct bits {
	unsigned char out[65536];
	size_t n;
	unsigned held, count;
};

static void
bit(struct wire *w, struct bits *b, unsigned one)
{
	b->held |= one << b->count;
	if (++b->count < 8)
		return;
	b->out[b->n++] = (unsigned char)b->held;
	b->held = b->count = 0;
	if (b->n == sizeof(b->out)) {
		put(w, b->out, b->n);
		b->n = 0;
	}
}

/* Huffman codes go in from their high end. */
static void
code(struct wire *w, struct bits *b, unsigned value, int width)
{
	while (width-- > 0)
		bit(w, b, value >> width & 1);
}

/* RFC 1951 by hand: one zero, then "the same again, 258 times" in 13 bits, until it is 2 GB. */
static void
bomb(struct wire *w)
{
	static const unsigned char head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
	static struct bits b;

	say(w, "HTTP/1.1 200 x\r\nConnection: close\r\nContent-Encoding: gzip\r\n\r\n");
	put(w, head, sizeof(head));
	code(w, &b, 2, 3);    /* not the last block; fixed codes */
	code(w, &b, 0x30, 8); /* the byte 0 */
	for (long i = 0; i < (2L << 30) / 258; i++) {
		code(w, &b, 0xc5, 8); /* length 258 */
		code(w, &b, 0, 5);    /* distance 1 */
	}
	put(w, b.out, b.n);
}

static void
serve_file(struct wire *w, const char *name, const char *ask)
{
	unsigned long sum = 5381;
	size_t n = 0;
	char *data = strstr(name, "..") ? NULL : read_file(w->dir, name, &n), *tag, *headers;

	if (!data) {
		answer(w, 404, "", "", 0);
		return;
	}
	for (size_t i = 0; i < n; i++)
		sum = sum * 31 + (unsigned char)data[i];
	tag = mem_print("\"%08lx\"", sum);
	headers = mem_print("ETag: %s\r\n", tag);
	if (strstr(ask, tag))
		answer(w, 304, headers, "", 0);
	else
		answer(w, 200, headers, data, n);
	free(headers);
	free(tag);
	free(data);
}

static void
bytes(struct wire *w, long n)
{
	char *data = mem_zero((size_t)n + 1, 1);

	memset(data, 'x', (size_t)n);
	answer(w, 200, "", data, (size_t)n);
	free(data);
}

static void
get(struct wire *w, const char *path, const char *ask)
{
	static const char chunk[] = "10000\r\n";
	static char big[65536 + 16];
	char text[128];

	if (strcmp(path, "/plain") == 0 && strstr(ask, "If-None-Match: \"v1\""))
		answer(w, 304, "ETag: \"v1\"\r\n", "", 0);
	else if (strcmp(path, "/plain") == 0)
		answer(w, 200, "ETag: \"v1\"\r\nLast-Modified: Thu, 10 Jul 2025 03:12:00 GMT\r\n",
		    "hello", 5);
	else if (strcmp(path, "/secret/to-here") == 0)
		redirect(w, "/secret/plain");
	else if (strcmp(path, "/secret/to-other") == 0) {
		snprintf(text, sizeof(text), "http://127.0.0.2:%d/file/plain", w->port);
		redirect(w, text);
	} else if (strncmp(path, "/secret/", 8) == 0)
		serve_file(w, path + 8, ask);
	else if (strncmp(path, "/file/", 6) == 0)
		serve_file(w, path + 6, ask);
	else if (strncmp(path, "/status/", 8) == 0)
		answer(w, (int)strtol(path + 8, NULL, 10), "Retry-After: 120\r\n", "no", 2);
	else if (strncmp(path, "/bytes/", 7) == 0)
		bytes(w, strtol(path + 7, NULL, 10));
	else if (strcmp(path, "/html") == 0)
		answer(
		    w, 200, "Content-Type: text/html\r\n", "<html><body>Log in</body></html>", 32);
	else if (strcmp(path, "/slow-head") == 0)
		slowly(w, "HTTP/1.1 200 x\r\nX-Slow: "
			  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n");
	else if (strcmp(path, "/slow-body") == 0) {
		say(w, "HTTP/1.1 200 x\r\nContent-Length: 1000000\r\n\r\n");
		slowly(w, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			  "aaaaaaaaaaaa");
	} else if (strcmp(path, "/hang") == 0)
		server_nap(30000);
	else if (strcmp(path, "/cut") == 0)
		say(w, "HTTP/1.1 200 x\r\nETag: \"half\"\r\nContent-Length: "
		       "100000\r\n\r\n<alert>half");
	else if (strcmp(path, "/cut-chunk") == 0)
		say(w, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nhalf");
	else if (strcmp(path, "/endless") == 0) {
		memcpy(big, chunk, sizeof(chunk) - 1);
		memset(big + sizeof(chunk) - 1, 'x', 65536);
		memcpy(big + sizeof(chunk) - 1 + 65536, "\r\n", 2);
		endless(w, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n", big,
		    sizeof(chunk) - 1 + 65538);
	} else if (strcmp(path, "/long") == 0)
		endless(
		    w, "HTTP/1.1 200 x\r\nContent-Length: 10737418240\r\n\r\n", big, sizeof(big));
	else if (strcmp(path, "/bomb") == 0)
		bomb(w);
	else if (strcmp(path, "/flood") == 0)
		endless(w, "HTTP/1.1 200 x\r\n",
		    "X-Flood: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", 54);
	else if (strcmp(path, "/to-file") == 0)
		redirect(w, "file:///etc/passwd");
	else if (strcmp(path, "/to-here") == 0)
		redirect(w, "/plain");
	else if (strcmp(path, "/to-loop") == 0)
		redirect(w, "/to-loop");
	else if (strcmp(path, "/to-other") == 0 || strcmp(path, "/to-port") == 0) {
		snprintf(text, sizeof(text), "http://%s:%d/plain",
		    path[4] == 'o' ? "127.0.0.2" : "127.0.0.1",
		    path[4] == 'o' ? w->port : w->port + 1);
		redirect(w, text);
	} else
		answer(w, 404, "", "", 0);
}

/* --- POST ------------------------------------------------------------------------------------ */

/* A receiver that knows its keys: each message once, whatever comes how often. */
static void
receive(struct wire *w, const char *key)
{
	char *path = path_of(w->dir, "received.lock"), *there, *line = mem_print("%s\n", key);
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	must(lock >= 0 && flock(lock, LOCK_EX) == 0, path);
	there = read_file(w->dir, "received", NULL);
	if (there && strstr(there, line))
		append(w->dir, "again", key);
	else
		append(w->dir, "received", key);
	free(there);
	free(line);
	free(path);
	close(lock);
}

static void
receipt(struct wire *w, int status, const char *key, bool accepted)
{
	char *body =
	    mem_print("{\"key\":\"%s\",\"receiver\":\"\xe5\xad\x99\xe6\x9f\x90\",\"accepted\":%s,"
		      "\"number\":\"\xe6\x89\xac\xe5\xba\x94\xe6\x80\xa5\xe6\x94\xb6"
		      "2025-12\",\"text\":\"\xe7\xbc\xba\xe9\xa1\xb9\"}",
		key, accepted ? "true" : "false");

	answer(w, status, "Content-Type: application/json\r\n", body, strlen(body));
	free(body);
}

static void
pace(struct wire *w)
{
	char *ms = read_file(w->dir, "pace", NULL);

	server_nap(ms ? (int)strtol(ms, NULL, 10) : 0);
	free(ms);
}

static void
post(struct wire *w, const char *key)
{
	if (is_mood(w, "close"))
		return;
	if (is_mood(w, "500"))
		answer(w, 500, "", "", 0);
	else if (is_mood(w, "422"))
		answer(w, 422, "", "", 0);
	else if (is_mood(w, "refuse"))
		receipt(w, 200, key, false);
	else if (is_mood(w, "portal"))
		answer(w, 200, "Content-Type: text/html\r\n", "<html/>", 7);
	else if (is_mood(w, "other"))
		receipt(w, 200, "another", true);
	else {
		receive(w, key);
		pace(w);
		if (is_mood(w, "drop"))
			return;
		if (is_mood(w, "bare"))
			answer(w, 200, "", "", 0);
		else
			receipt(w, 200, key, true);
	}
}

/* The value of a header, percent-decoded. */
static void
header(const char *ask, const char *name, char *out, size_t size)
{
	const char *at = strcasestr(ask, name);
	size_t n = 0;

	for (at = at ? at + strlen(name) : ""; *at && *at != '\r' && n + 1 < size; at++) {
		unsigned code;

		if (*at == '%' && sscanf(at + 1, "%2x", &code) == 1) {
			out[n++] = (char)code;
			at += 2;
		} else
			out[n++] = *at;
	}
	out[n] = '\0';
}

static void
http(struct wire *w)
{
	static char ask[1 << 20];
	char path[256] = "", number[32], key[512];
	size_t n = 0, want = 0;
	char *body = NULL;
	ssize_t got;

	while (n + 1 < sizeof(ask) && (!body || n < (size_t)(body - ask) + want)) {
		got = hear(w, ask + n, sizeof(ask) - 1 - n);
		if (got <= 0)
			return;
		n += (size_t)got;
		ask[n] = '\0';
		if (!body && (body = strstr(ask, "\r\n\r\n")) != NULL) {
			body += 4;
			header(ask, "Content-Length: ", number, sizeof(number));
			want = strtoul(number, NULL, 10);
		}
	}
	if (sscanf(ask, "%*s %255s", path) != 1)
		return;
	header(ask, "\nAuthorization: ", key, sizeof(key));
	if (*key)
		append(w->dir, "signed", key);
	if (strncmp(path, "/secret/", 8) == 0 &&
	    strcmp(key, "Basic Z2F0ZTpvcGVuIHNlc2FtZQ==") != 0) {
		answer(w, 401, "WWW-Authenticate: Basic realm=\"x\"\r\n", "", 0);
		return;
	}
	if (strncmp(ask, "POST", 4) == 0) {
		header(ask, "Idempotency-Key: ", key, sizeof(key));
		post(w, key);
		return;
	}
	append(w->dir, "asked", path);
	get(w, path, ask);
}

/* --- mail ------------------------------------------------------------------------------------ */

static void
smtp(struct wire *w)
{
	static char text[1 << 20];
	char line[4096];
	size_t n = 0, used = 0;
	bool data = false;
	char *end;

	if (is_mood(w, "close"))
		return;
	say(w, "220 test\r\n");
	for (;;) {
		ssize_t got = hear(w, line + n, sizeof(line) - 1 - n);

		if (got <= 0)
			return;
		n += (size_t)got;
		line[n] = '\0';
		while ((end = strstr(line, "\r\n")) != NULL) {
			*end = '\0';
			if (data && strcmp(line, ".") == 0) {
				text[used] = '\0';
				append(w->dir, "mail", text);
				data = false;
				say(w, "250 taken\r\n");
			} else if (data)
				used += (size_t)snprintf(
				    text + used, sizeof(text) - used, "%s\n", line);
			else if (strncasecmp(line, "DATA", 4) == 0) {
				data = true;
				say(w, "354 go on\r\n");
			} else if (strncasecmp(line, "RCPT", 4) == 0 && is_mood(w, "550"))
				say(w, "550 no such box\r\n");
			else if (strncasecmp(line, "RCPT", 4) == 0 && is_mood(w, "451"))
				say(w, "451 later\r\n");
			else if (strncasecmp(line, "QUIT", 4) == 0) {
				say(w, "221 bye\r\n");
				return;
			} else
				say(w, "250 ok\r\n");
			n -= (size_t)(end + 2 - line);
			memmove(line, end + 2, n + 1);
		}
	}
}

/* --- certificates ---------------------------------------------------------------------------- */

static void
pin_of(EVP_PKEY *key, char *out, size_t size)
{
	unsigned char *der = NULL, hash[32], text[64];
	int n = i2d_PUBKEY(key, &der);

	must(n > 0 && EVP_Digest(der, (size_t)n, hash, NULL, EVP_sha256(), NULL) == 1, "pin");
	EVP_EncodeBlock(text, hash, sizeof(hash));
	snprintf(out, size, "sha256//%s", (char *)text);
	OPENSSL_free(der);
}

static X509 *
certificate(EVP_PKEY *key, bool expired)
{
	X509 *x = X509_new();
	X509_EXTENSION *name =
	    X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -86400L * 30);
	X509_gmtime_adj(X509_getm_notAfter(x), expired ? -86400L : 86400L);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
	    (const unsigned char *)"127.0.0.1", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_add_ext(x, name, -1);
	X509_EXTENSION_free(name);
	must(X509_sign(x, key, EVP_sha256()) > 0, "sign");
	return x;
}

static SSL_CTX *
context(struct server *s, bool expired)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = certificate(key, expired);
	BIO *bio = BIO_new(BIO_s_mem());
	char *pem;
	long n;

	must(PEM_write_bio_X509(bio, x) == 1, "pem");
	n = BIO_get_mem_data(bio, &pem);
	s->pem = mem_dupn(pem, (size_t)n);
	pin_of(key, s->pin, sizeof(s->pin));
	must(SSL_CTX_use_certificate(ctx, x) == 1 && SSL_CTX_use_PrivateKey(ctx, key) == 1,
	    "context");
	BIO_free(bio);
	X509_free(x);
	EVP_PKEY_free(key);
	return ctx;
}

/* --- life ------------------------------------------------------------------------------------ */

static void
connection(struct wire *w, SSL_CTX *ctx, enum server_kind kind)
{
	struct timeval patience = {20, 0};

	setsockopt(w->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(w->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (ctx) {
		w->ssl = SSL_new(ctx);
		SSL_set_fd(w->ssl, w->fd);
		if (SSL_accept(w->ssl) != 1)
			_exit(0);
	}
	if (kind == SERVER_SMTP)
		smtp(w);
	else
		http(w);
	if (w->ssl)
		SSL_shutdown(w->ssl);
	shutdown(w->fd, SHUT_WR);
	_exit(0);
}

static void
serve(int listener, int port, SSL_CTX *ctx, enum server_kind kind, const char *dir)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		struct wire w = {.fd = accept(listener, NULL, NULL), .dir = dir, .port = port};
		int busy;

		if (w.fd < 0)
			continue;
		busy = lock_busy(dir, LOCK_SH);
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(listener);
			connection(&w, ctx, kind);
		}
		close(busy);
		close(w.fd);
	}
}

void
server_start(struct server *s, enum server_kind kind, const char *dir)
{
	struct sockaddr_in here = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(here);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool tls = kind == SERVER_HTTPS || kind == SERVER_HTTPS_EXPIRED;
	SSL_CTX *ctx;

	memset(s, 0, sizeof(*s));
	ctx = tls ? context(s, kind == SERVER_HTTPS_EXPIRED) : NULL;
	must(bind(listener, (struct sockaddr *)&here, sizeof(here)) == 0 &&
		 listen(listener, 64) == 0 &&
		 getsockname(listener, (struct sockaddr *)&here, &size) == 0,
	    "listen");
	s->port = ntohs(here.sin_port);
	s->pid = fork();
	must(s->pid >= 0, "fork");
	if (s->pid == 0)
		serve(listener, s->port, ctx, kind, dir);
	close(listener);
	SSL_CTX_free(ctx);
}

void
server_stop(struct server *s)
{
	if (s->pid > 0) {
		kill(s->pid, SIGKILL);
		waitpid(s->pid, NULL, 0);
	}
	free(s->pem);
	memset(s, 0, sizeof(*s));
}

const char *
server_url(const struct server *s, const char *path)
{
	static char text[4][256];
	static int i;

	i = (i + 1) % 4;
	snprintf(text[i], sizeof(text[i]), "%s://127.0.0.1:%d%s", s->pem ? "https" : "http",
	    s->port, path);
	return text[i];
}
