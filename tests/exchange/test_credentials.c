/* Secrets of addresses: where they come from, when they are not given, and that no message has one.
 */
#include "tests/test.h"

#include "base/conceal.h"
#include "base/mem.h"
#include "exchange/credentials.h"
#include "exchange/url.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[200], store[240], file[260];

static int
setup(void **state)
{

	(void)state;
	unsetenv("ZHIBAN_CREDENTIALS");
	unsetenv("CREDENTIALS_DIRECTORY");
	test_folder(dir, sizeof(dir), "keys");
	snprintf(store, sizeof(store), "%s/duty.db", dir);
	snprintf(file, sizeof(file), "%s.credentials", store);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(file);
	assert_int_equal(rmdir(dir), 0);
	return 0;
}

static void
write_file(const char *path, const char *text, mode_t mode)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* The secret for an address, "" none needed, NULL refused; valid until the next call. */
static const char *
secret_for(const char *url, const char *refusal)
{
	static char secret[100];
	struct credentials c;
	struct err err = ERR_NONE;

	if (!credentials_for(store, url, &c, &err)) {
		assert_non_null(refusal);
		if (!strstr(err.message, refusal))
			fail_msg("%s", err.message);
		err_clear(&err);
		return NULL;
	}
	assert_null(strchr(c.url, '@'));
	snprintf(secret, sizeof(secret), "%s", c.secret ? c.secret : "");
	credentials_clear(&c);
	return secret;
}

static void
found(void **state)
{
	(void)state;
	write_file(file,
	    "# a comment gate no\r\n\n"
	    "other.cn gate no\n"
	    "a.cn:8443 gate of a port\n"
	    "a.cn gate  with blanks # and marks \r\n"
	    "a.cn second x\n"
	    "b.cn gate\n"
	    "[::1] gate six\n"
	    "A.Example gate last without a line feed",
	    0600);
	assert_string_equal(secret_for("https://a.cn/x", NULL), "");
	assert_string_equal(secret_for("https://gate@a.cn/x", NULL), "with blanks # and marks ");
	assert_string_equal(secret_for("https://gate@a.cn:8443/x", NULL), "of a port");
	assert_string_equal(secret_for("https://second@a.cn/x?y=z", NULL), "x");
	assert_string_equal(
	    secret_for("smtp://gate@a.example:25", NULL), "last without a line feed");
	assert_null(secret_for("https://third@a.cn/", "\"a.cn third SECRET\""));
	assert_null(secret_for("https://gate@xa.cn/", "no line"));
	assert_null(secret_for("https://gate@a.cnx/", "no line"));
	assert_null(secret_for("https://gate@b.cn/", "no line"));
	assert_null(secret_for("http://gate@a.cn/", "not encrypted"));
	assert_null(secret_for("http://gate@127.0.0.2/", "not encrypted"));
	assert_string_equal(secret_for("http://gate@[::1]/", NULL), "six");
	/* As an older version set it: it goes on. */
	assert_string_equal(secret_for("http://gate:old@far.cn/", NULL), "old");
}

static void
unsafe(void **state)
{
	char other[300];

	(void)state;
	assert_null(secret_for("https://gate@a.cn/", ".credentials: "));
	write_file(file, "a.cn gate x\n", 0640);
	assert_null(secret_for("https://gate@a.cn/", "chmod 600"));
	write_file(file, "a.cn gate x\n", 0604);
	assert_null(secret_for("https://gate@a.cn/", "chmod 600"));
	write_file(file, "a.cn gate x\n", 0400);
	assert_string_equal(secret_for("https://gate@a.cn/", NULL), "x");
	if (geteuid() == 0) {
		assert_int_equal(chown(file, 65534, 0), 0);
		assert_null(secret_for("https://gate@a.cn/", "another account"));
		assert_int_equal(chown(file, 0, 0), 0);
	}
	snprintf(other, sizeof(other), "%s/there", dir);
	assert_int_equal(rename(file, other), 0);
	assert_int_equal(symlink(other, file), 0);
	assert_null(secret_for("https://gate@a.cn/", "link"));
	setenv("ZHIBAN_CREDENTIALS", other, 1);
	assert_string_equal(secret_for("https://gate@a.cn/", NULL), "x");
	unsetenv("ZHIBAN_CREDENTIALS");
	unlink(other);
}

/* What is refused is told without the password. */
static void
not_in_an_address(void **state)
{
	static const char *const urls[] = {"https://gate:hunter2@a.cn/", "https://:hunter2@a.cn/",
	    "https://gate:hunter2@a.cn/ x", "ftp://gate:hunter2@a.cn/", "https://gate:hunter2@",
	    "gate:hunter2@a.cn"};
	struct err err = ERR_NONE;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(urls); i++) {
		assert_false(url_check(urls[i], URL_WEB, &err));
		if (strstr(err.message, "hunter2"))
			fail_msg("%s: %s", urls[i], err.message);
		err_clear(&err);
	}
	assert_true(url_check("https://gate@a.cn/", URL_WEB, &err));
	assert_true(url_has_password("smtp://u:p@h:25"));
	assert_false(url_has_password("https://h/a:b@c"));
	assert_false(url_has_password("/a/folder"));
}

static void
concealed(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
	    {"", ""},
	    {"http://u:secret@h/x", "http://u:*@h/x"},
	    {"http://u:x@h", "http://u:*@h"},
	    {"http://u:@h", "http://u:@h"},
	    {"http://u:a@b@h/x", "http://u:*@h/x"},
	    {"http://u@h:80/x:y@z", "http://u@h:80/x:y@z"},
	    {"{\"url\":\"https://u:s@h\",\"to\":\"smtp://v:t@k a@b\"} ftp://",
		"{\"url\":\"https://u:*@h\",\"to\":\"smtp://v:*@k a@b\"} ftp://"},
	};
	char text[200];

	(void)state;
	conceal_passwords(NULL);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		snprintf(text, sizeof(text), "%s", cases[i].from);
		conceal_passwords(text);
		assert_string_equal(text, cases[i].to);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(found, setup, teardown),
	    cmocka_unit_test_setup_teardown(unsafe, setup, teardown),
	    cmocka_unit_test(not_in_an_address),
	    cmocka_unit_test(concealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
