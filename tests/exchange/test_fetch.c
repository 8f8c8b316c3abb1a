/*
 * Fetching from a real server that behaves badly: every case ends in bounded time with bounded
 * bytes and says why (reliability 4.14, its part of the line). The cases run side by side, as they
 * do in life.
 */
#include "tests/exchange/server.h"
#include "tests/store/room.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "exchange/backoff.h"
#include "exchange/transfer.h"
#include "exchange/url.h"

#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define SMALL 100000

static struct server http, https, expired;
static char dir[256];

/* libcurl calls this one: a resolver that does not come back for one name. */
int
getaddrinfo(
    const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	void *found = dlsym(RTLD_NEXT, "getaddrinfo");

	if (name && strcmp(name, "hang.invalid") == 0) {
		sleep(60);
		return EAI_AGAIN;
	}
	memcpy(&real, &found, sizeof(real));
	return real(name, service, hints, out);
}

static int
setup(void **state)
{

	(void)state;
	test_folder(dir, sizeof(dir), "fetch");
	server_start(&http, SERVER_HTTP, dir);
	server_start(&https, SERVER_HTTPS, dir);
	server_start(&expired, SERVER_HTTPS_EXPIRED, dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	server_stop(&http);
	server_stop(&https);
	server_stop(&expired);
	room_remove(dir);
	return 0;
}

/* --- one transfer or many -------------------------------------------------------------------- */

struct outcome {
	enum transfer_end end;
	int status, calls;
	size_t size;
	int64_t wire, retry_after, took;
	char body[64], etag[64], modified[64], reason[160], detail[256];
	int64_t started;
};

static void
keep(void *context, const struct transfer_answer *a)
{
	struct outcome *o = context;

	o->calls++;
	o->end = a->end;
	o->status = a->status;
	o->size = a->size;
	o->wire = a->wire;
	o->retry_after = a->retry_after;
	snprintf(o->body, sizeof(o->body), "%.60s", a->body);
	snprintf(o->etag, sizeof(o->etag), "%.60s", a->etag);
	snprintf(o->modified, sizeof(o->modified), "%.60s", a->modified);
	snprintf(o->reason, sizeof(o->reason), "%.150s", a->reason);
	snprintf(o->detail, sizeof(o->detail), "%.250s", a->detail);
	o->took = clock_monotonic() - o->started;
}

static void
finish_all(struct engine *e)
{
	int64_t until = clock_monotonic() + 20000;

	while (engine_active(e) && clock_monotonic() < until)
		engine_run(e, 200, NULL, 0);
	assert_int_equal(engine_active(e), 0);
}

static struct outcome
fetch(const struct transfer_ask *ask)
{
	struct engine *e = engine_new();
	struct outcome o = {.started = clock_monotonic()};

	engine_start(e, ask, keep, &o);
	finish_all(e);
	engine_free(e);
	assert_int_equal(o.calls, 1);
	return o;
}

static struct outcome
fetch_url(const char *url)
{
	struct transfer_ask ask = {.url = url, .timeout_ms = 4000, .idle_ms = 1000, .most = SMALL};

	return fetch(&ask);
}

/* --- what goes well -------------------------------------------------------------------------- */

static void
asks_only_for_what_changed(void **state)
{
	struct transfer_ask ask = {.url = server_url(&http, "/plain")};
	struct outcome o = fetch(&ask);

	(void)state;
	assert_int_equal(o.end, TRANSFER_OK);
	assert_string_equal(o.body, "hello");
	assert_string_equal(o.etag, "\"v1\"");
	assert_string_equal(o.modified, "Thu, 10 Jul 2025 03:12:00 GMT");
	assert_string_equal(o.reason, "");
	ask.etag = o.etag;
	ask.modified = o.modified;
	o = fetch(&ask);
	assert_int_equal(o.end, TRANSFER_SAME);
	assert_int_equal(o.status, 304);
	assert_int_equal(o.size, 0);
}

static void
follows_on_the_same_host(void **state)
{
	struct outcome o = fetch_url(server_url(&http, "/to-here"));

	(void)state;
	assert_int_equal(o.end, TRANSFER_OK);
	assert_string_equal(o.body, "hello");
}

static void
tells_how_long_to_wait(void **state)
{
	struct outcome o = fetch_url(server_url(&http, "/status/429"));

	(void)state;
	assert_int_equal(o.end, TRANSFER_STATUS);
	assert_int_equal(o.status, 429);
	assert_int_equal(o.retry_after, 120000);
	o = fetch_url(server_url(&http, "/status/500"));
	assert_int_equal(o.end, TRANSFER_STATUS);
	assert_non_null(strstr(o.reason, "500"));
	/* The last byte that may come, and the first that may not. */
	assert_int_equal(fetch_url(server_url(&http, "/bytes/100000")).end, TRANSFER_OK);
	assert_int_equal(fetch_url(server_url(&http, "/bytes/100001")).end, TRANSFER_LARGE);
}

/* --- what does not --------------------------------------------------------------------------- */

static const struct {
	const char *path;
	enum transfer_end end;
} hostile[] = {
    {"/slow-head", TRANSFER_SLOW},
    {"/slow-body", TRANSFER_SLOW},
    {"/hang", TRANSFER_SLOW},
    {"/cut", TRANSFER_CUT},
    {"/cut-chunk", TRANSFER_CUT},
    {"/endless", TRANSFER_LARGE},
    {"/long", TRANSFER_LARGE},
    {"/bomb", TRANSFER_LARGE},
    {"/flood", TRANSFER_LARGE},
    {"/to-file", TRANSFER_REFUSED},
    {"/to-other", TRANSFER_REFUSED},
    {"/to-port", TRANSFER_REFUSED},
    {"/to-loop", TRANSFER_REFUSED},
    {"http://hang.invalid/", TRANSFER_SLOW},
    {"file:///etc/passwd", TRANSFER_REFUSED},
    {"gopher://127.0.0.1/", TRANSFER_REFUSED},
    {"http://127.0.0.1:1/", TRANSFER_NET},
};

/* With the limits of every day: none over 10 s and 64 MB, all at once. */
static void
bounds_the_hostile(void **state)
{
	struct outcome o[COUNT_OF(hostile)];
	struct engine *e = engine_new();
	struct rusage before, after;

	(void)state;
	memset(o, 0, sizeof(o));
	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < COUNT_OF(hostile); i++) {
		struct transfer_ask ask = {.url = *hostile[i].path == '/'
						      ? server_url(&http, hostile[i].path)
						      : hostile[i].path};

		o[i].started = clock_monotonic();
		engine_start(e, &ask, keep, &o[i]);
	}
	finish_all(e);
	engine_free(e);
	getrusage(RUSAGE_SELF, &after);
	for (size_t i = 0; i < COUNT_OF(hostile); i++) {
		if (o[i].end != hostile[i].end || o[i].calls != 1)
			fail_msg("%s: end %d, %d calls, status %d (%s)", hostile[i].path, o[i].end,
			    o[i].calls, o[i].status, o[i].detail);
		if (o[i].took > 10500)
			fail_msg("%s took %d ms", hostile[i].path, (int)o[i].took);
		assert_true(o[i].size <= 24u << 20);
		assert_true(o[i].wire <= (24 << 20) + 65536);
		assert_true(strlen(o[i].reason) > 0);
		if (strcmp(hostile[i].path, "/flood") == 0)
			assert_non_null(strstr(o[i].reason, "headers"));
	}
#if !TEST_SANITIZED
	/* /endless and /bomb fill 24 MiB each at the same time; one alone is measured below. */
	assert_true(after.ru_maxrss - before.ru_maxrss < 160 * 1024);
#endif
}

/* One after the other, as one feed would: memory stays under 64 MB each, and little comes over the
 * line. */
static void
counts_what_the_decoder_gives(void **state)
{
	struct outcome o = fetch_url(server_url(&http, "/bomb"));

	(void)state;
	assert_int_equal(o.end, TRANSFER_LARGE);
	assert_true(o.size <= SMALL);
	assert_true(o.wire < SMALL);
	o = fetch_url(server_url(&http, "/long"));
	assert_int_equal(o.end, TRANSFER_LARGE);
	assert_int_equal(o.size, 0); /* its own word was enough */
	o = fetch_url(server_url(&http, "/endless"));
	assert_int_equal(o.end, TRANSFER_LARGE);
	assert_true(o.size <= SMALL);
	/* And the next good one is taken as if nothing had been. */
	assert_int_equal(fetch_url(server_url(&http, "/plain")).end, TRANSFER_OK);
}

static void
goes_nowhere_else(void **state)
{
	char log[64];
	int before = server_lines(dir, "asked", NULL, 0);

	(void)state;
	fetch_url(server_url(&http, "/to-other"));
	assert_int_equal(server_lines(dir, "asked", log, sizeof(log)), before + 1);
	assert_string_equal(log, "/to-other");
	fetch_url(server_url(&http, "/to-loop"));
	assert_int_equal(server_lines(dir, "asked", NULL, 0),
	    before + 1 + 4); /* and three more, no endless round */
}

/* --- TLS ------------------------------------------------------------------------------------- */

static void
believes_only_the_pinned(void **state)
{
	struct transfer_ask ask = {.url = server_url(&https, "/plain"), .timeout_ms = 5000};
	char wrong[] = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	(void)state;
	assert_int_equal(fetch(&ask).end, TRANSFER_TLS); /* signed by itself */
	ask.pin_key = https.pin;
	assert_int_equal(fetch(&ask).end, TRANSFER_TLS); /* a key without a chain is not enough */
	ask.pin_ca = https.pem;
	assert_int_equal(fetch(&ask).end, TRANSFER_OK);
	ask.pin_key = wrong;
	assert_int_equal(fetch(&ask).end, TRANSFER_TLS);
	ask.pin_key = NULL;
	ask.pin_ca = expired.pem;
	assert_int_equal(fetch(&ask).end, TRANSFER_TLS); /* another's authority */
	ask.url = server_url(&expired, "/plain");
	assert_int_equal(fetch(&ask).end, TRANSFER_TLS); /* out of date, pinned or not */
	ask.url = "https://localhost/";
	/* A certificate for another name. */
	char *other = mem_print("https://localhost:%d/plain", https.port);
	ask.url = other;
	ask.pin_ca = https.pem;
	assert_int_equal(fetch(&ask).end, TRANSFER_TLS);
	free(other);
	/* Plain HTTP where TLS is spoken, and the other way round. */
	other = mem_print("http://127.0.0.1:%d/plain", https.port);
	assert_int_not_equal(fetch_url(other).end, TRANSFER_OK);
	free(other);
	other = mem_print("https://127.0.0.1:%d/plain", http.port);
	assert_int_not_equal(fetch_url(other).end, TRANSFER_OK);
	free(other);
}

/* --- addresses and waiting ------------------------------------------------------------------- */

static void
knows_good_addresses(void **state)
{
	static const char *const bad[] = {"", "file:///etc/passwd", "ftp://a/", "http://",
	    "http://a b/", "http://a/\r\nX: y", "javascript:alert(1)", "//a/b", "data:,x",
	    "smtp://a/"};
	char longest[3000];
	struct err err = ERR_NONE;

	(void)state;
	assert_true(url_check("https://a.example/x?y=1", URL_WEB, &err));
	assert_true(url_check("smtp://mail.example:25", URL_MAIL, &err));
	assert_false(url_check("http://a.example/", URL_MAIL, &err));
	err_clear(&err);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		if (url_check(bad[i], URL_WEB, &err))
			fail_msg("\"%s\" was taken", bad[i]);
		assert_non_null(err.message);
		err_clear(&err);
	}
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "http://", 7);
	longest[sizeof(longest) - 1] = '\0';
	assert_false(url_check(longest, URL_WEB, &err));
	err_clear(&err);
}

static void
knows_where_one_may_go(void **state)
{
	char *url;

	(void)state;
	assert_true(url_may_follow("http://a/x", "http://a/y", NULL));
	assert_true(url_may_follow("http://a/x", "http://A:80/y", NULL));
	assert_true(url_may_follow("http://a/x", "https://a/y", NULL));
	assert_false(url_may_follow("https://a/x", "http://a/y", NULL));
	assert_false(url_may_follow("http://a/x", "http://a:81/y", NULL));
	assert_false(url_may_follow("http://a/x", "http://b/y", NULL));
	assert_false(url_may_follow("http://a/x", "http://a@b/y", NULL));
	assert_true(url_may_follow("http://a/x", "http://b/y", "c b"));
	assert_false(url_may_follow("http://a/x", "http://bb/y", "c b"));
	assert_false(url_may_follow("https://a/x", "http://b/y", "c b"));
	assert_false(url_may_follow("http://a/x", "file:///b", "b"));
	url = url_resolve("http://a/x/index.xml", "../y.xml");
	assert_string_equal(url, "http://a/y.xml");
	free(url);
	assert_null(url_resolve("http://a/x", "file:///etc/passwd"));
	assert_null(url_resolve("http://a/x", "y\r\nz"));
	url = url_shown("https://user:secret@a/x");
	assert_string_equal(url, "https://a/x");
	free(url);
}

static void
waits_longer_each_time(void **state)
{
	int64_t first[8], most = 0;

	(void)state;
	random_pin(7);
	for (int i = 0; i < 8; i++)
		first[i] = backoff_ms(i + 1, 10000, 900000, 0);
	random_pin(7);
	for (int i = 0; i < 8; i++) {
		int64_t full = INT64_C(10000) << i, cap = full < 900000 ? full : 900000;

		assert_int_equal(backoff_ms(i + 1, 10000, 900000, 0), first[i]);
		assert_in_range(first[i], cap * 3 / 4 - 1, cap);
	}
	random_pin(0);
	for (int i = 0; i < 1000; i++) {
		int64_t wait = backoff_ms(400000, 10000, 900000, 0);

		most = wait > most ? wait : most;
		assert_in_range(wait, 675000, 900000);
	}
	assert_true(most > 850000);
	assert_int_equal(backoff_ms(1, 10000, 900000, 120000), 120000);
	assert_int_equal(backoff_ms(1, 10000, 900000, INT64_C(999999999)), CLOCK_HOUR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(asks_only_for_what_changed),
	    cmocka_unit_test(follows_on_the_same_host),
	    cmocka_unit_test(tells_how_long_to_wait),
	    cmocka_unit_test(counts_what_the_decoder_gives),
	    cmocka_unit_test(bounds_the_hostile),
	    cmocka_unit_test(goes_nowhere_else),
	    cmocka_unit_test(believes_only_the_pinned),
	    cmocka_unit_test(knows_good_addresses),
	    cmocka_unit_test(knows_where_one_may_go),
	    cmocka_unit_test(waits_longer_each_time),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
