/*
 * Real servers for the tests, on 127.0.0.1 and a port of their own: HTTP, HTTPS (a certificate made on the spot) and SMTP. Each is a child
 * process; each connection another. What they do is chosen by the path, and for what is posted or mailed by the word in DIR/mood.
 *
 *	/plain             200, ETag "v1", 304 to If-None-Match "v1"       /file/NAME    DIR/NAME, ETag of its bytes
 *	/status/N          that status (429 and 503 with Retry-After: 120)  /html         a web page, 200
 *	/slow-head /slow-body /hang   a byte every 300 ms, or none
 *	/cut /cut-chunk    ends in the middle                               /endless /long  a body for ever, chunked or announced as 10 GB
 *	/bomb              gzip that grows to 2 GB                          /flood        headers for ever
 *	/to-file /to-other /to-port /to-here /to-loop   redirects           /bytes/N      N bytes
 *
 *	/secret/NAME       DIR/NAME, to "gate" with "open sesame" only, else 401; /secret/to-here, /secret/to-other lead on
 *
 * What comes with an Authorization leaves it in DIR/signed, a line each. A POST goes to DIR/received, one line a key, once each (DIR/again counts the others), and is answered with a receipt. Moods:
 * "ok", "drop" (takes it, and closes without an answer), "close" (closes at once), "500", "refuse", "422", "portal", "bare" (200, no body),
 * "other" (a receipt with another key). Mail goes to DIR/mail, moods: "ok", "451", "550", "close".
 */
#ifndef TESTS_EXCHANGE_SERVER_H
#define TESTS_EXCHANGE_SERVER_H

#include <sys/types.h>

enum server_kind { SERVER_HTTP, SERVER_HTTPS, SERVER_HTTPS_EXPIRED, SERVER_SMTP };
struct server {
	pid_t pid;
	int port;
	char *pem;        /* its certificate */
	char pin[80];     /* sha256//… of its key */
};
/* `dir` exists. */
void server_start(struct server *s, enum server_kind kind, const char *dir);
void server_stop(struct server *s);
/* "http://127.0.0.1:PORT/path", printed into a static buffer that four calls share. */
const char *server_url(const struct server *s, const char *path);
/* Write one word into DIR/NAME, all at once: mood, or pace (ms between taking a message and answering). */
void server_word(const char *dir, const char *name, const char *word);
/* Write DIR/mood. */
void server_mood(const char *dir, const char *mood);
/* Wait until every connection taken so far is over: what comes behind it meets the mood of now. */
void server_settle(const char *dir);
/* Sleep: between two looks at what another process does, never for as long as it takes. */
void server_nap(int ms);
/* Lines of DIR/name; the last one's text in `last` (may be NULL). 0 when there is no such file. */
int server_lines(const char *dir, const char *name, char *last, int size);

#endif
