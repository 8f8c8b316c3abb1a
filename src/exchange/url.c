#include "exchange/url.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The parts that decide; all owned by curl. */
struct parts {
	CURLU *u;
	char *scheme, *host, *port;
};

static void
parts_free(struct parts *p)
{
	curl_free(p->scheme);
	curl_free(p->host);
	curl_free(p->port);
	curl_url_cleanup(p->u);
}

static bool
parts_read(struct parts *p, const char *url)
{
	*p = (struct parts){.u = curl_url()};
	if (p->u && curl_url_set(p->u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(p->u, CURLUPART_SCHEME, &p->scheme, 0) == CURLUE_OK &&
	    curl_url_get(p->u, CURLUPART_HOST, &p->host, 0) == CURLUE_OK &&
	    curl_url_get(p->u, CURLUPART_PORT, &p->port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    *p->host)
		return true;
	parts_free(p);
	*p = (struct parts){.u = NULL};
	return false;
}

static bool
is_plain(const char *url)
{
	for (const unsigned char *c = (const unsigned char *)url; *c; c++)
		if (*c <= ' ' || *c == 0x7f)
			return false;
	return strlen(url) <= URL_MAX;
}

static bool
is_scheme(const struct parts *p, enum url_use use)
{
	return use == URL_WEB ? strcmp(p->scheme, "http") == 0 || strcmp(p->scheme, "https") == 0
			      : strcmp(p->scheme, "smtp") == 0 || strcmp(p->scheme, "smtps") == 0;
}

bool
url_has_password(const char *url)
{
	CURLU *u = curl_url();
	char *password = NULL;
	bool has = u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
		   curl_url_get(u, CURLUPART_PASSWORD, &password, 0) == CURLUE_OK && *password;

	curl_free(password);
	curl_url_cleanup(u);
	return has;
}

static bool
no_address(const char *url, struct err *err)
{
	const char *at = strrchr(url, '@'), *colon = strchr(url, ':');

	/* Whatever stands before the host may be meant as a password. */
	if (at && colon && colon < at)
		return err_set(err, ERR_INPUT, _("\"%.80s\" is no address"), at);
	return err_set(err, ERR_INPUT, _("\"%.80s\" is no address"), url);
}

bool
url_check(const char *url, enum url_use use, struct err *err)
{
	struct parts p;
	bool good;

	if (!is_plain(url) || !parts_read(&p, url))
		return no_address(url, err);
	good = is_scheme(&p, use);
	if (good && url_has_password(url))
		good = err_set(err, ERR_REFUSED,
		    _("the password would stand in the store for ever: write USER@%s here, and the "
		      "password into the file of credentials (zhiban-admin(8))"),
		    p.host);
	else if (!good)
		err_set(err, ERR_REFUSED,
		    use == URL_WEB ? _("%s: is not gone to: only http and https are")
				   : _("%s: is not gone to: only smtp and smtps are"),
		    p.scheme);
	parts_free(&p);
	return good;
}

char *
url_resolve(const char *base, const char *ref)
{
	CURLU *u = curl_url();
	char *got = NULL, *out = NULL;
	struct parts p;

	if (u && is_plain(ref) && curl_url_set(u, CURLUPART_URL, base, 0) == CURLUE_OK &&
	    curl_url_set(u, CURLUPART_URL, ref, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_URL, &got, 0) == CURLUE_OK && parts_read(&p, got)) {
		if (is_scheme(&p, URL_WEB) && is_plain(got))
			out = mem_dup(got);
		parts_free(&p);
	}
	curl_free(got);
	curl_url_cleanup(u);
	return out;
}

/* Is `host` one of the blank-separated names? */
static bool
listed(const char *hosts, const char *host)
{
	size_t n = strlen(host);

	while (hosts && *hosts) {
		size_t one = strcspn(hosts, " ");

		if (one == n && strncasecmp(hosts, host, n) == 0)
			return true;
		hosts += one + strspn(hosts + one, " ");
	}
	return false;
}

bool
url_may_follow(const char *base, const char *url, const char *hosts)
{
	struct parts a, b;
	bool same, upward, may;

	if (!parts_read(&a, base))
		return false;
	if (!parts_read(&b, url)) {
		parts_free(&a);
		return false;
	}
	same = strcmp(a.scheme, b.scheme) == 0;
	upward = strcmp(a.scheme, "http") == 0 && strcmp(b.scheme, "https") == 0;
	if (strcasecmp(a.host, b.host) == 0)
		may = (same && strcmp(a.port, b.port) == 0) ||
		      (upward && strcmp(a.port, "80") == 0 && strcmp(b.port, "443") == 0);
	else
		may = (same || upward) && is_scheme(&b, URL_WEB) && listed(hosts, b.host);
	parts_free(&a);
	parts_free(&b);
	return may;
}

char *
url_shown(const char *url)
{
	CURLU *u = curl_url();
	char *got = NULL, *out;

	if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK) {
		curl_url_set(u, CURLUPART_USER, NULL, 0);
		curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
		curl_url_get(u, CURLUPART_URL, &got, 0);
	}
	out = mem_dup(got ? got : "-");
	curl_free(got);
	curl_url_cleanup(u);
	return out;
}
