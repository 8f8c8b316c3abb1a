/*
 * sync: feeds in, messages out. Documents are read in a locked-in child (feed_read_apart) and taken
 * in by the verbs of the monitor room, as ingest does; here the two are put together.
 */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/feed.h"
#include "exchange/outbox.h"
#include "exchange/quarantine.h"
#include "exchange/sync.h"
#include "house/house.h"
#include "monitor/monitor.h"
#include "store/store.h"
#include "store/verb.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

/* A hostile document is ended after this. */
#define LIMIT_MS 5000

struct service {
	struct cli *cli;
	struct actor actor;
	bool showing; /* progress stands on the terminal's line */
	bool journal; /* the output goes to systemd's journal, which takes a priority before a line
		       */
};

/* --- one document ---------------------------------------------------------------------------- */

/* Web pages and pictures beside the message are no documents of ours. */
static bool
leads_to_a_document(const struct feed_link *link)
{
	return link->url && *link->url &&
	       (!link->type || strstr(link->type, "xml") || strstr(link->type, "cap"));
}

static bool
take_receipt(
    struct service *s, const struct receipt *receipt, struct sync_taken *taken, struct err *err)
{
	struct err own = ERR_NONE;
	bool store_fails;

	if (outbox_take_receipt(s->cli->st, &s->actor, receipt, &own)) {
		taken->taken++;
		return true;
	}
	store_fails = own.code == ERR_STORE || own.code == ERR_IO;
	if (store_fails)
		return err_move(err, &own);
	taken->refused++; /* of nobody's message, or a second time */
	err_clear(&own);
	return true;
}

static bool
take_item(
    struct service *s, const struct feed_item *item, struct sync_taken *taken, struct err *err)
{
	char stamp[40];

	if (item->kind == FEED_RECEIPT)
		return take_receipt(s, item->receipt, taken, err);
	if (item->kind == FEED_LINK && leads_to_a_document(item->link))
		sync_page_add(taken, item->link->url,
		    clock_format(stamp, sizeof(stamp), item->link->updated, CLOCK_ISO));
	return true;
}

static bool
take(void *context, const struct sync_link *link, const char *url, const char *bytes, size_t n,
    struct sync_taken *taken, struct err *err)
{
	struct feed_profile profile = {.name = link->name,
	    .format = *link->format ? link->format : "auto",
	    .columns = *link->columns ? link->columns : NULL,
	    .zone_minutes = link->zone,
	    .radius_km = link->radius_km};
	struct intake_count count = {0};
	struct service *s = context;
	struct feed_list items = {0};
	bool good;

	good = feed_read_apart(bytes, n, &profile, LIMIT_MS, feed_list_keep, &items, NULL, err);
	if (!good && err->code != ERR_STORE && strcmp(link->kind, "spool") != 0)
		quarantine_keep(s->cli->st, link->id, url, bytes, n, err->message);
	good = good && monitor_take(s->cli->st, &s->actor, link->name, bytes, n, items.item, items.n,
		   &count, NULL, err);
	for (size_t i = 0; good && i < items.n; i++)
		good = take_item(s, &items.item[i], taken, err);
	taken->items = (int64_t)items.n;
	taken->taken += count.fresh;
	taken->refused += count.refused;
	feed_list_clear(&items);
	return good;
}

/* --- telling --------------------------------------------------------------------------------- */

static void
wipe(struct service *s)
{
	if (s->showing)
		fputs("\r\033[K", stderr);
	s->showing = false;
}

/* Is this descriptor the stream that systemd gave us ("device:inode" in JOURNAL_STREAM)? */
static bool
is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char here[64];
	struct stat sb;

	if (!stream || fstat(fd, &sb) != 0)
		return false;
	snprintf(here, sizeof(here), "%ju:%ju", (uintmax_t)sb.st_dev, (uintmax_t)sb.st_ino);
	return strcmp(here, stream) == 0;
}

/* priority: of syslog(3), as sd-daemon(3) puts it before a line. */
static void
say(struct service *s, int priority, const char *line)
{
	char mark[8] = "";

	wipe(s);
	if (s->journal)
		snprintf(mark, sizeof(mark), "<%d>", priority);
	if (s->cli->json)
		out_json_line(json_pack("{s:s}", "said", line));
	else
		out_line("%s%s", mark, line);
	fflush(stdout);
}

static void
tell(void *context, const char *line)
{
	say(context, LOG_INFO, line);
}

static void
progress(void *context, const struct sync_link *link, int64_t done, int64_t all)
{
	struct service *s = context;

	if (s->cli->json || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r\033[K%lld/%lld", (long long)done, (long long)all);
	(void)link; /* its name is a text from outside; the numbers are ours */
	fflush(stderr);
	s->showing = true;
}

/* What must be looked at goes to the inbox, where somebody will. */
static void
alarm_raised(void *context, const char *source, const char *text)
{
	struct service *s = context;
	struct verb_result result = {.said = NULL};
	struct err err = ERR_NONE;
	char *line = mem_print("%s: %s", source, text);
	json_t *args = json_pack(
	    "{s:s, s:s, s:b, s:s}", "source", source, "kind", "link", "urgent", 1, "text", text);

	say(s, LOG_WARNING, line);
	free(line);
	if (verb_run(s->cli->st, &s->actor, "inbox.add", args, &result, &err))
		verb_result_clear(&result);
	json_decref(args);
	err_clear(&err); /* the journal has the alarm already */
}

static bool
tick(void *context, struct err *err)
{
	struct service *s = context;

	return house_tick(s->cli->st, err);
}

static void
report_of(const struct cli *cli, const struct sync_report *r)
{
	if (cli->json) {
		out_json_line(json_pack("{s:i, s:i, s:i, s:i, s:I, s:I, s:i, s:i, s:i}", "fetched",
		    r->fetched, "unchanged", r->unchanged, "failed", r->failed, "files", r->files,
		    "taken", (json_int_t)r->taken, "refused", (json_int_t)r->refused, "sent",
		    r->sent, "unsent", r->unsent, "set_aside", r->set_aside));
		return;
	}
	out_line(
	    _("feeds: %d fetched, %d unchanged, %d failed; files: %d; taken in %lld, refused %lld"),
	    r->fetched, r->unchanged, r->failed, r->files, (long long)r->taken,
	    (long long)r->refused);
	out_line(_("messages: %d out, %d not yet, %d set aside"), r->sent, r->unsent, r->set_aside);
}

/* --- the signal that ends it ------------------------------------------------------------------ */

static volatile sig_atomic_t stopped;
static int wake[2] = {-1, -1};

static void
stop(int signal)
{
	ssize_t put;

	(void)signal;
	stopped = 1;
	put = write(wake[1], "", 1);
	(void)put;
}

static bool
catch_signals(void)
{
	struct sigaction action = {.sa_handler = stop};

	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	sigemptyset(&action.sa_mask);
	return sigaction(SIGTERM, &action, NULL) == 0 && sigaction(SIGINT, &action, NULL) == 0 &&
	       sigaction(SIGHUP, &action, NULL) == 0;
}

/* --- sync ------------------------------------------------------------------------------------ */

int
cmd_sync(struct cli *cli, int argc, char **argv)
{
	struct service service = {.cli = cli};
	struct sync_sink sink = {.context = &service,
	    .take = take,
	    .alarm = alarm_raised,
	    .progress = progress,
	    .tick = tick,
	    .tell = tell};
	struct sync_options options = {.once = cli->option[OPT_ONCE] != NULL, .stop = &stopped};
	struct err err = ERR_NONE;
	struct sync_report report;
	bool good;

	(void)argv;
	if (argc)
		return cli_usage(cli, _("too many words"));
	if (!cli_open(cli, true))
		return CLI_REFUSED;
	if (store_is_read_only(cli->st))
		return cli_refuse(_("the store cannot be written here"));
	if (!catch_signals())
		return cli_refuse(_("signals cannot be caught"));
	actor_system(&service.actor, "sync");
	service.journal = is_journal(STDOUT_FILENO);
	options.wake_fd = wake[0];
	good = sync_run(cli->st, &sink, &options, &report, &err);
	wipe(&service);
	if (!good)
		return cli_fail(&err);
	if (options.once)
		report_of(cli, &report);
	return CLI_DONE;
}
