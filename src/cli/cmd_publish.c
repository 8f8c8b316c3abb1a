/*
 * publish: warnings of our own as files for a web server: those of the store, or, without one,
 * those that stand in files somebody approved.
 */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/feed.h"
#include "exchange/publish.h"
#include "monitor/monitor.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIMIT_MS 5000

/* What is over stays in the index for so long: whoever looks once a day finds the message that
 * ended it. */
#define KEPT (7 * CLOCK_DAY)

/* Of a document the warnings, of which all others are none of ours. */
static bool
keep(void *context, struct feed_item *item)
{
	if (item->kind != FEED_ALERT) {
		feed_item_clear(item);
		return true;
	}
	return feed_list_keep(context, item);
}

static bool
read_one(struct feed_list *w, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat sb;
	size_t before = w->n;
	ssize_t n = -1;
	char *bytes;
	bool good;

	if (fd < 0 || fstat(fd, &sb) != 0 || !S_ISREG(sb.st_mode) || sb.st_size > (off_t)FEED_MAX) {
		err_set(err, ERR_IO, _("%s cannot be read: %s"), path,
		    fd < 0 ? strerror(errno) : _("it is no plain file"));
		if (fd >= 0)
			close(fd);
		return false;
	}
	bytes = mem_alloc((size_t)sb.st_size + 1);
	n = pread(fd, bytes, (size_t)sb.st_size, 0);
	close(fd);
	good = n == sb.st_size ||
	       err_set(err, ERR_IO, _("%s cannot be read: %s"), path, strerror(errno));
	good = good && feed_read_apart(bytes, (size_t)n, NULL, LIMIT_MS, keep, w, NULL, err);
	free(bytes);
	return good && (w->n > before || err_set(err, ERR_INPUT, _("no warning stands in it")));
}

static const char *
author_of(const struct alert *a)
{
	const char *name = a->n_infos ? a->infos[0].sender_name : NULL;

	return name && *name ? name : a->sender ? a->sender : "-";
}

static bool
publish(const struct feed_list *w, const char *directory, const char *base, struct err *err)
{
	const struct alert **alerts = mem_zero(w->n + 1, sizeof(*alerts));
	struct publish_place place = {.directory = directory, .base = base};
	bool good;

	for (size_t i = 0; i < w->n; i++)
		alerts[i] = w->item[i].alert;
	place.title = place.author = w->n ? author_of(alerts[w->n - 1]) : _("duty room");
	good = publish_alerts(&place, alerts, w->n, err);
	free(alerts);
	return good;
}

int
cmd_publish(struct cli *cli, int argc, char **argv)
{
	struct feed_list w = {0};
	struct err err = ERR_NONE;
	int status = CLI_DONE;

	if (argc < 1)
		return cli_usage(cli, _("name the directory"));
	if (!cli->option[OPT_BASE])
		return cli_usage(
		    cli, _("say where a web server shows the directory: %s"), "--base URL");
	if (argc == 1 && !cli_open(cli, false))
		return CLI_REFUSED;
	if (argc == 1 && !monitor_alerts_ours(cli->st, clock_now() - KEPT, &w, &err))
		status = cli_fail(&err);
	for (int i = 1; status == CLI_DONE && i < argc; i++)
		if (!read_one(&w, argv[i], &err))
			status = cli_refuse_file(argv[i], err.message);
	if (status == CLI_DONE && !publish(&w, argv[0], cli->option[OPT_BASE], &err))
		status = cli_fail(&err);
	if (status == CLI_DONE && cli->json)
		out_json(json_pack("{s:I}", "published", (json_int_t)w.n));
	else if (status == CLI_DONE)
		out_line(ngettext("%zu warning published in %s", "%zu warnings published in %s",
			     (unsigned long)w.n),
		    w.n, argv[0]);
	feed_list_clear(&w);
	err_clear(&err);
	return status;
}
