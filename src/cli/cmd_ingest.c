/* ingest: feed files, offline; the same readers and the same verbs as sync. */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/feed.h"
#include "monitor/monitor.h"
#include "store/store.h"
#include "store/verb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A hostile file is ended after this. */
#define LIMIT_MS 5000

static bool
read_bytes(int fd, const char *name, char *out, size_t room, size_t *size, struct err *err)
{
	for (*size = 0; *size < room;) {
		ssize_t got = read(fd, out + *size, room - *size);

		if (got == 0)
			return true;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(
			    err, ERR_IO, _("%s cannot be read: %s"), name, strerror(errno));
		*size += (size_t)got;
	}
	return err_set(err, ERR_INPUT, _("%s is larger than %u MB"), name, FEED_MAX >> 20);
}

/* The bytes of a file as they are, "-" for standard input; the caller frees. */
static char *
read_file(const char *name, size_t *size, struct err *err)
{
	bool standard = strcmp(name, "-") == 0, good;
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat info;
	size_t room = FEED_MAX + 1;
	char *out;

	if (fd < 0) {
		err_set(err, ERR_IO, _("%s cannot be opened: %s"), name, strerror(errno));
		return NULL;
	}
	if (!standard && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
	    (size_t)info.st_size < FEED_MAX)
		room = (size_t)info.st_size + 1;
	out = mem_alloc(room);
	good = read_bytes(fd, name, out, room, size, err);
	if (!standard)
		close(fd);
	if (good)
		return out;
	free(out);
	return NULL;
}

static void
tell(const struct cli *cli, const char *name, const char *format, const struct intake_count *c)
{
	if (cli->json) {
		out_json_line(
		    json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:i}", "file", name, "format",
			format, "new", c->fresh, "again", c->again, "conflicting", c->conflicting,
			"refused", c->refused, "touching", c->touching, "other", c->other));
		return;
	}
	out_line(_("%s  %s: %d new, %d again, %d refused; %d touch the county"), name, format,
	    c->fresh, c->again, c->refused, c->touching);
	if (c->conflicting)
		out_line(
		    _("  %d under a number that stands here with another text"), c->conflicting);
	if (c->other)
		out_line(ngettext("  %d entry that is no message: link, receipt",
			     "  %d entries that are no message: links, receipts",
			     (unsigned long)c->other),
		    c->other);
}

static bool
ingest(struct cli *cli, const struct actor *actor, const char *name, struct err *err)
{
	struct intake_count count = {0};
	struct feed_list items = {0};
	const char *format = "";
	size_t size;
	char *bytes = read_file(name, &size, err), *why = NULL;
	bool good;

	if (!bytes)
		return false;
	good = feed_read_apart(bytes, size, NULL, LIMIT_MS, feed_list_keep, &items, &format, err) &&
	       monitor_take(
		   cli->st, actor, format, bytes, size, items.item, items.n, &count, &why, err);
	if (good)
		tell(cli, name, format, &count);
	if (good && count.refused)
		cli_refuse("%s: %s", name, why ? why : "");
	feed_list_clear(&items);
	free(bytes);
	free(why);
	return good && !count.refused;
}

int
cmd_ingest(struct cli *cli, int argc, char **argv)
{
	struct err err = ERR_NONE;
	struct actor actor;
	int status = CLI_DONE;

	if (!argc)
		return cli_usage(cli, _("name the files, or - for standard input"));
	if (!cli_open(cli, true))
		return CLI_REFUSED;
	actor_system(&actor, "ingest");
	for (int i = 0; i < argc; i++)
		if (!ingest(cli, &actor, argv[i], &err)) {
			status = CLI_REFUSED;
			if (!err.message)
				continue;
			cli_refuse_file(argv[i], err.message);
			err_clear(&err);
		}
	if (!monitor_tick(cli->st, &actor, &err))
		return cli_fail(&err);
	return status;
}
