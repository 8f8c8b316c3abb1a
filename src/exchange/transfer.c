/*
 * libcurl multi. One struct a transfer; a redirect starts the same transfer again with what is left
 * of its time. A callback that stops a transfer says why in `stopped`, because curl only says
 * "write error".
 */
#include "exchange/transfer.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/url.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEAD_MAX 65536
#define BODY_MAX ((size_t)24 << 20)
#define VALIDATOR_MAX 512
#define REDIRECTS 3
#define SLOW_BYTES 200L
#define FDS_MAX 32

struct transfer {
	struct transfer *next;
	struct engine *engine;
	CURL *easy;
	transfer_done *done;
	void *context;
	/* the ask, owned */
	char *url, *etag, *modified, *hosts, *pin_ca, *pin_key, *body, *from, *to, *user, *secret;
	size_t body_size, sent, most;
	struct curl_slist *headers, *receivers;
	int idle_ms;
	int64_t deadline; /* monotonic */
	int redirects;
	/* the answer so far */
	struct buf got;
	size_t head;
	char *new_etag, *new_modified;
	bool headers_over;
	bool stillborn; /* curl would not take it */
	bool is_stopped;
	enum transfer_end stopped;
	char error[CURL_ERROR_SIZE];
};

struct engine {
	CURLM *multi;
	struct transfer *first;
	int active;
};

struct engine *
engine_new(void)
{
	struct engine *e = mem_zero(1, sizeof(*e));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	e->multi = curl_multi_init();
	return e;
}

static void
transfer_free(struct transfer *t)
{
	if (t->easy) {
		curl_multi_remove_handle(t->engine->multi, t->easy);
		curl_easy_cleanup(t->easy);
	}
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->receivers);
	free(t->url);
	free(t->etag);
	free(t->modified);
	free(t->hosts);
	free(t->pin_ca);
	free(t->pin_key);
	free(t->body);
	free(t->from);
	free(t->to);
	free(t->user);
	if (t->secret)
		explicit_bzero(t->secret, strlen(t->secret));
	free(t->secret);
	free(t->new_etag);
	free(t->new_modified);
	buf_clear(&t->got);
	free(t);
}

void
engine_free(struct engine *e)
{
	if (!e)
		return;
	while (e->first) {
		struct transfer *t = e->first;

		e->first = t->next;
		transfer_free(t);
	}
	curl_multi_cleanup(e->multi);
	free(e);
}

int
engine_active(const struct engine *e)
{
	return e->active;
}

/* --- what curl calls ------------------------------------------------------------------------- */

static size_t
stop(struct transfer *t, enum transfer_end why)
{
	t->is_stopped = true;
	t->stopped = why;
	return 0;
}

static size_t
on_body(char *data, size_t one, size_t n, void *context)
{
	struct transfer *t = context;

	n *= one;
	if (n > t->most - t->got.size)
		return stop(t, TRANSFER_LARGE);
	buf_add_n(&t->got, data, n);
	return n;
}

/* The value behind "name:" when the line is that header; over-long ones are as good as none. */
static void
keep_header(const char *line, size_t n, const char *name, char **out)
{
	size_t skip = strlen(name);

	if (n <= skip || strncasecmp(line, name, skip) != 0)
		return;
	line += skip;
	n -= skip;
	while (n && (*line == ' ' || *line == '\t'))
		line++, n--;
	while (n && (line[n - 1] == '\r' || line[n - 1] == '\n' || line[n - 1] == ' '))
		n--;
	free(*out);
	*out = NULL;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < ' ' || (unsigned char)line[i] > '~')
			return;
	if (n <= VALIDATOR_MAX)
		*out = mem_dupn(line, n);
}

static size_t
on_header(char *data, size_t one, size_t n, void *context)
{
	struct transfer *t = context;

	n *= one;
	t->head += n;
	if (t->head > HEAD_MAX) {
		t->headers_over = true;
		return stop(t, TRANSFER_LARGE);
	}
	keep_header(data, n, "etag:", &t->new_etag);
	keep_header(data, n, "last-modified:", &t->new_modified);
	return n;
}

static size_t
on_read(char *out, size_t one, size_t n, void *context)
{
	struct transfer *t = context;
	size_t left = t->body_size - t->sent;

	n *= one;
	if (n > left)
		n = left;
	memcpy(out, t->body + t->sent, n);
	t->sent += n;
	return n;
}

/* Bytes on the line, before the decoder: a body of nothing but chunk overhead or of an encoding
 * that grows small. */
static int
on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
	struct transfer *t = context;

	(void)total;
	(void)up_total;
	(void)up;
	if (now <= (curl_off_t)t->most)
		return 0;
	stop(t, TRANSFER_LARGE);
	return 1;
}

/* --- setting up ------------------------------------------------------------------------------ */

static void
set_limits(struct transfer *t)
{
	int64_t left = t->deadline - clock_monotonic();
	long ms = left > 1 ? (long)left : 1, connect = ms < 5000 ? ms : 5000;

	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, ms);
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, connect);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME, (long)(t->idle_ms + 999) / 1000);
	curl_easy_setopt(t->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->most);
	/* A resolver that hangs in its thread is left behind, not waited for. */
	curl_easy_setopt(t->easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
}

static void
set_trust(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (t->pin_ca) {
		struct curl_blob pem = {t->pin_ca, strlen(t->pin_ca), CURL_BLOB_NOCOPY};

		curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL);
		curl_easy_setopt(t->easy, CURLOPT_CAINFO_BLOB, &pem);
	}
	if (t->pin_key)
		curl_easy_setopt(t->easy, CURLOPT_PINNEDPUBLICKEY, t->pin_key);
	curl_easy_setopt(t->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(t->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
}

static void
set_user(struct transfer *t)
{
	if (!t->user)
		return;
	curl_easy_setopt(t->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(t->easy, CURLOPT_USERNAME, t->user);
	curl_easy_setopt(t->easy, CURLOPT_PASSWORD, t->secret);
}

static void
set_callbacks(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(t->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(t->easy, CURLOPT_XFERINFODATA, t);
}

static void
set_mail(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	/* Mail servers of small places have no certificate; where one is pinned there is no way
	 * round it, nor where a secret is sent. */
	curl_easy_setopt(t->easy, CURLOPT_USE_SSL,
	    (long)(t->pin_ca || t->pin_key || t->user ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	curl_easy_setopt(t->easy, CURLOPT_MAIL_FROM, t->from);
	curl_easy_setopt(t->easy, CURLOPT_MAIL_RCPT, t->receivers);
	curl_easy_setopt(t->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->body_size);
}

static void
set_web(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	if (t->body) {
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body_size);
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->body);
	} else
		curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
}

static bool
go(struct transfer *t)
{
	t->easy = curl_easy_init();
	if (!t->easy)
		return false;
	t->got = (struct buf)BUF_MAX(t->most + 1);
	t->error[0] = '\0';
	set_callbacks(t);
	set_limits(t);
	set_trust(t);
	set_user(t);
	if (t->to)
		set_mail(t);
	else
		set_web(t);
	return curl_easy_setopt(t->easy, CURLOPT_URL, t->url) == CURLE_OK &&
	       curl_multi_add_handle(t->engine->multi, t->easy) == CURLM_OK;
}

static void
add_header(struct transfer *t, const char *name, const char *value)
{
	char *line = mem_print("%s: %s", name, value);

	t->headers = curl_slist_append(t->headers, line);
	free(line);
}

/* --- the end --------------------------------------------------------------------------------- */

static enum transfer_end
end_of_code(CURLcode code)
{
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		return TRANSFER_SLOW;
	case CURLE_FILESIZE_EXCEEDED:
		return TRANSFER_LARGE;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_WRITE_ERROR:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_WEIRD_SERVER_REPLY:
		return TRANSFER_CUT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_USE_SSL_FAILED:
		return TRANSFER_TLS;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		return TRANSFER_REFUSED;
	default:
		return TRANSFER_NET;
	}
}

static enum transfer_end
end_of(const struct transfer *t, CURLcode code, long status)
{
	if (t->is_stopped)
		return t->stopped;
	/* A mail server that says no ends curl with an error, but has said its number. */
	if (t->to && code != CURLE_OK && status >= 400 && code != CURLE_OPERATION_TIMEDOUT)
		return TRANSFER_STATUS;
	if (code != CURLE_OK)
		return end_of_code(code);
	if (status == 304)
		return TRANSFER_SAME;
	return status >= 200 && status < 300 ? TRANSFER_OK : TRANSFER_STATUS;
}

static char *
reason_of(enum transfer_end end, long status, size_t most)
{
	switch (end) {
	case TRANSFER_OK:
	case TRANSFER_SAME:
		return mem_dup("");
	case TRANSFER_STATUS:
		return mem_print(_("the server answers %ld"), status);
	case TRANSFER_LARGE:
		return mem_print(
		    _("over the limit of %.1f MB: reading was stopped"), (double)most / 1048576);
	case TRANSFER_SLOW:
		return mem_dup(_("the server does not answer, or too slowly"));
	case TRANSFER_CUT:
		return mem_dup(_("the connection broke off in the middle"));
	case TRANSFER_TLS:
		return mem_dup(_("the server's certificate is not the right one"));
	case TRANSFER_REFUSED:
		return mem_dup(_("the server points elsewhere: not followed"));
	case TRANSFER_NET:
		break;
	}
	return mem_dup(_("no connection"));
}

/* Go on to where the server points? False: the transfer is over, `stopped` perhaps set. */
static bool
redirected(struct transfer *t, CURLcode code, long status)
{
	char *to = NULL;

	if (code != CURLE_OK || t->body || status < 301 || status > 308 || status == 304 ||
	    curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to) != CURLE_OK || !to)
		return false;
	if (++t->redirects > REDIRECTS || !url_may_follow(t->url, to, t->hosts)) {
		stop(t, TRANSFER_REFUSED);
		return false;
	}
	to = mem_dup(to);
	if (!url_may_follow(t->url, to, NULL)) { /* another place */
		free(t->user);
		t->user = NULL;
	}
	free(t->url);
	t->url = to;
	curl_multi_remove_handle(t->engine->multi, t->easy);
	curl_easy_cleanup(t->easy);
	buf_clear(&t->got);
	return go(t);
}

static void
unlink_from(struct engine *e, struct transfer *t)
{
	struct transfer **at = &e->first;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	e->active--;
}

static void
finish(struct transfer *t, CURLcode code)
{
	struct transfer_answer a = {.etag = t->new_etag ? t->new_etag : "",
	    .modified = t->new_modified ? t->new_modified : "",
	    .type = ""};
	curl_off_t wire = 0, wait = 0;
	char *type = NULL, *reason;
	long status = 0;

	t->stillborn = false;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (redirected(t, code, status))
		return;
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
	curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &wait);
	curl_easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &type);
	a.end = end_of(t, code, status);
	a.status = (int)status;
	a.body = buf_str(&t->got);
	a.size = t->got.size;
	a.retry_after = wait > 0 && wait < 1000000 ? (int64_t)wait * 1000 : 0;
	a.wire = wire;
	if (type)
		a.type = type;
	a.reason = reason = t->headers_over ? mem_dup(_("the answer's headers do not end"))
					    : reason_of(a.end, status, t->most);
	a.detail = *t->error ? t->error : curl_easy_strerror(code);
	unlink_from(t->engine, t);
	t->done(t->context, &a);
	free(reason);
	transfer_free(t);
}

/* --- use ------------------------------------------------------------------------------------- */

static struct transfer *
transfer_new(const struct transfer_ask *ask)
{
	struct transfer *t = mem_zero(1, sizeof(*t));

	t->url = mem_dup(ask->url);
	t->hosts = mem_dup(ask->hosts);
	t->pin_ca = mem_dup(ask->pin_ca);
	t->pin_key = mem_dup(ask->pin_key);
	t->from = mem_dup(ask->from);
	t->to = mem_dup(ask->to);
	t->user = mem_dup(ask->user);
	t->secret = mem_dup(ask->secret);
	t->most = ask->most ? ask->most : BODY_MAX;
	t->idle_ms = ask->idle_ms ? ask->idle_ms : 4000;
	t->deadline = clock_monotonic() + (ask->timeout_ms ? ask->timeout_ms : 10000);
	if (ask->body) {
		t->body = mem_dupn(ask->body, ask->body_size);
		t->body_size = ask->body_size;
		t->headers = curl_slist_append(t->headers, "Expect:");
	}
	for (const char *const *h = ask->headers; h && *h; h++)
		t->headers = curl_slist_append(t->headers, *h);
	if (ask->etag && *ask->etag)
		add_header(t, "If-None-Match", ask->etag);
	if (ask->modified && *ask->modified)
		add_header(t, "If-Modified-Since", ask->modified);
	if (ask->to)
		t->receivers = curl_slist_append(NULL, ask->to);
	return t;
}

void
engine_start(struct engine *e, const struct transfer_ask *ask, transfer_done *done, void *context)
{
	struct transfer *t = transfer_new(ask);

	t->engine = e;
	t->done = done;
	t->context = context;
	t->next = e->first;
	e->first = t;
	e->active++;
	/* Told from engine_run, as any other end: the caller is in the middle of its own doing. */
	t->stillborn = !go(t);
}

static void
finish_stillborn(struct engine *e)
{
	struct transfer *t = e->first;

	while (t && !t->stillborn)
		t = t->next;
	if (!t)
		return;
	finish(t, CURLE_URL_MALFORMAT);
	finish_stillborn(e);
}

void
engine_run(struct engine *e, int wait_ms, const int *fds, size_t n)
{
	struct curl_waitfd extra[FDS_MAX];
	CURLMsg *message;
	int running, left;

	finish_stillborn(e);
	for (size_t i = 0; i < n && i < FDS_MAX; i++)
		extra[i] = (struct curl_waitfd){.fd = fds[i], .events = CURL_WAIT_POLLIN};
	curl_multi_perform(e->multi, &running);
	if (running == e->active)
		curl_multi_poll(
		    e->multi, extra, (unsigned)(n < FDS_MAX ? n : FDS_MAX), wait_ms, NULL);
	curl_multi_perform(e->multi, &running);
	while ((message = curl_multi_info_read(e->multi, &left)) != NULL) {
		CURLcode code = message->data.result;
		char *private = NULL;
		struct transfer *t;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		t = (struct transfer *)(void *)private;
		finish(t, code);
	}
}
