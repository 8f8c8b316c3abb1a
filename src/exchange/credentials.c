#include "exchange/credentials.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/outfile.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX 65536
#define BLANKS " \t"

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

char *
credentials_path(const char *store_path)
{
	const char *own = variable("ZHIBAN_CREDENTIALS"), *dir = variable("CREDENTIALS_DIRECTORY");
	char *path;

	if (own)
		return mem_dup(own);
	path = dir ? mem_print("%s/zhiban", dir) : NULL;
	if (path && access(path, F_OK) == 0)
		return path;
	free(path);
	return mem_print("%s.credentials", store_path);
}

static void
wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void
credentials_clear(struct credentials *c)
{
	free(c->url);
	free(c->user);
	wipe(c->secret);
	*c = (struct credentials){NULL, NULL, NULL};
}

/* --- the file -------------------------------------------------------------------------------- */

/* systemd guards the folder it makes, and gives the file's group to an access list. */
static bool
is_of_systemd(const char *path)
{
	const char *dir = variable("CREDENTIALS_DIRECTORY");
	size_t n = dir ? strlen(dir) : 0;

	return n && strncmp(path, dir, n) == 0 && path[n] == '/';
}

static bool
is_private(int fd, const char *path, struct err *err)
{
	struct stat sb;

	if (fstat(fd, &sb) != 0)
		return err_set(err, ERR_IO, _("%s cannot be read: %s"), path, strerror(errno));
	if (sb.st_uid != geteuid() && sb.st_uid != 0)
		return err_set(
		    err, ERR_REFUSED, _("%s belongs to another account: it is not used"), path);
	if ((sb.st_mode & 077) && !is_of_systemd(path))
		return err_set(err, ERR_REFUSED,
		    _("%s can be read by others: it is not used before \"chmod 600\""), path);
	return true;
}

/* The whole file, NULL with err; the caller wipes it. */
static char *
read_file(const char *path, struct err *err)
{
	const char *why;
	size_t size;
	int fd = outfile_open_plain(AT_FDCWD, path, FILE_MAX, &size, &why);
	char *text = NULL, *whole = NULL;

	if (fd < 0) {
		err_set(err, ERR_IO, "%s: %s", path, why);
		return NULL;
	}
	if (is_private(fd, path, err) && !(text = outfile_read(fd, size)))
		err_set(err, ERR_IO, _("%s cannot be read: %s"), path, strerror(errno));
	close(fd);
	if (text) {
		whole = mem_dupn(text, size);
		explicit_bzero(text, size);
		free(text);
	}
	return whole;
}

/* --- the line -------------------------------------------------------------------------------- */

/* The next word of the line; "" at its end. */
static char *
word(char **at)
{
	char *from = *at + strspn(*at, BLANKS), *end = from + strcspn(from, BLANKS);

	*at = *end ? end + 1 : end;
	*end = '\0';
	return from;
}

static bool
is_place(const char *said, const char *host, const char *port)
{
	size_t n = strlen(host);

	if (strncasecmp(said, host, n) != 0)
		return false;
	return said[n] == '\0' || (said[n] == ':' && strcmp(said + n + 1, port) == 0);
}

/* The secret of a line that is about this user there; NULL it is about another. */
static char *
secret_of(char *line, const char *host, const char *port, const char *user)
{
	char *at = line, *place, *name;
	size_t n = strcspn(line, "\r");

	line[n] = '\0';
	if (line[strspn(line, BLANKS)] == '#')
		return NULL;
	place = word(&at);
	name = word(&at);
	at += strspn(at, BLANKS);
	return is_place(place, host, port) && strcmp(name, user) == 0 && *at ? mem_dup(at) : NULL;
}

static bool
find_secret(
    const char *path, const char *host, const char *port, struct credentials *out, struct err *err)
{
	char *text = read_file(path, err), *next;
	size_t n;

	if (!text)
		return false;
	n = strlen(text);
	for (char *line = text; line && !out->secret; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		out->secret = secret_of(line, host, port, out->user);
	}
	explicit_bzero(text, n);
	free(text);
	return out->secret || err_set(err, ERR_NOT_FOUND,
				  _("%s has no line \"%s %s SECRET\": the address needs one"), path,
				  host, out->user);
}

/* --- the address ----------------------------------------------------------------------------- */

static char *
part(CURLU *u, CURLUPart what, unsigned flags)
{
	char *got = NULL, *out;

	if (curl_url_get(u, what, &got, flags) != CURLUE_OK)
		return NULL;
	out = mem_dup(got);
	curl_free(got);
	return out;
}

/* https, smtps, smtp that turns to TLS before it signs on (transfer.c); or no line at all. */
static bool
is_safe(const char *scheme, const char *host)
{
	return strcmp(scheme, "http") != 0 || strcmp(host, "127.0.0.1") == 0 ||
	       strcmp(host, "[::1]") == 0 || strcasecmp(host, "localhost") == 0;
}

static bool
complete(CURLU *u, const char *store_path, struct credentials *out, struct err *err)
{
	char *scheme = part(u, CURLUPART_SCHEME, 0), *host = part(u, CURLUPART_HOST, 0),
	     *port = part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT),
	     *path = credentials_path(store_path);
	bool good = scheme && host && port;

	if (!good)
		err_set(err, ERR_INPUT, _("\"%.80s\" is no address"), out->url);
	else if (!is_safe(scheme, host))
		good = err_set(err, ERR_REFUSED,
		    _("%s is not encrypted: the secret of %s is not sent there"), scheme, host);
	else
		good = find_secret(path, host, port, out, err);
	free(scheme);
	free(host);
	free(port);
	free(path);
	return good;
}

bool
credentials_for(const char *store_path, const char *url, struct credentials *out, struct err *err)
{
	CURLU *u = curl_url();
	char *password;
	bool good = true;

	*out = (struct credentials){.url = mem_dup(url)};
	if (!u || curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK)
		goto out; /* whoever goes there says so */
	out->user = part(u, CURLUPART_USER, CURLU_URLDECODE);
	password = part(u, CURLUPART_PASSWORD, CURLU_URLDECODE);
	if (password && *password) {
		/* Set by an older version: the link goes on as it went, and sync tells of it. */
		out->secret = password;
	} else {
		free(password);
		good = !out->user || complete(u, store_path, out, err);
	}
	if (good && out->user) {
		free(out->url);
		curl_url_set(u, CURLUPART_USER, NULL, 0);
		curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
		out->url = part(u, CURLUPART_URL, 0);
	}
out:
	curl_url_cleanup(u);
	if (!good)
		credentials_clear(out);
	return good;
}
