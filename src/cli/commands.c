/*
 * The tables of commands and options: a new subcommand is one row here and one function. The usage
 * line, `zhiban help`, --help and the manual page are made of them.
 */
#include "cli/commands.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option_row cli_options[OPT_COUNT] = {
    [OPT_STORE] = {"store", "FILE",
	N_("the store; else ZHIBAN_STORE, else the one in the home directory")},
    [OPT_AS] = {"as", "PERSON",
	N_("who acts: name, initials or id; else ZHIBAN_PERSON, else the duty officer of this "
	   "shift")},
    [OPT_KEY] = {"key", "ID",
	N_("the ssh key that let in: only in the forced command that authorized-keys writes")},
    [OPT_JSON] = {"json", NULL, N_("print JSON")},
    [OPT_LANG] = {"lang", "zh|en", N_("language of the interface")},
    [OPT_HELP] = {"help", NULL, N_("show help and do nothing")},
    [OPT_VERSION] = {"version", NULL, N_("show the version and do nothing")},
    [OPT_DEMO] = {"demo", NULL, N_("with the demo county Gaoyou in it, for training")},
    [OPT_AREA] = {"area", "CODE",
	N_("9-digit code of the place (GB/T 2260 and township digits); 321084000 unless told")},
    [OPT_KEEP_GOING] = {"keep-going", NULL, N_("go on behind a refused line")},
    [OPT_LIMIT] = {"limit", "N", N_("at most N rows")},
    [OPT_AT] = {"at", "TIME",
	N_("the moment: 03:12, 2025-07-10T03:12, or #SEQ just behind a journal row")},
    [OPT_HEAD] = {"head", "SEQ:HEX",
	N_("a chain head written down earlier: shows that no row is missing since")},
    [OPT_RECEIVED] = {"received", "TIME", N_("when the text was received; now unless told")},
    [OPT_XML] = {"xml", NULL, N_("as XML")},
    [OPT_OUT] = {"out", "FILE", N_("write to a new file instead of standard output")},
    [OPT_MDOC] = {"mdoc", NULL, N_("as source of a manual page")},
    [OPT_BASE] = {"base", "URL", N_("where a web server shows the directory")},
    [OPT_ONCE] = {"once", NULL, N_("what is due now, then end")},
    [OPT_KIND] = {"kind", "KIND", N_("only things of this kind")},
    [OPT_MAP] = {"map", "COLUMN=HEADING,...",
	N_("what the columns are called in this file; #3 is the third one")},
    [OPT_DRY_RUN] = {"dry-run", NULL, N_("show what would change, line by line, and do nothing")},
    [OPT_SKIP_REFUSED] = {"skip-refused", NULL,
	N_("leave out the lines that are refused, take the others")},
    [OPT_YES] = {"yes", NULL, N_("do not ask")},
    [OPT_KEEP] = {"keep", "N", N_("into a folder, by the time, of which the newest N stay")},
    [OPT_COLUMNS] = {"columns", NULL,
	N_("show which heading is taken for what, and do nothing; also of tickets")},
};

#define BIT(option) (1u << (option))

static const struct command commands[] = {
    {"init", "[STORE]", N_("make a store"),
	N_("Makes a new, empty store with the classes every county begins with, or one with the "
	   "demo county. An existing file is "
	   "never touched.\n"
	   "  zhiban init --demo /srv/zhiban/drill.db"),
	BIT(OPT_DEMO) | BIT(OPT_AREA), false, cmd_init},
    {"do", "[LINE | -]", N_("run command lines, as the console would"),
	N_("Reads one command line from the words, or line after line from standard input, and "
	   "runs each through its verb. For each "
	   "it prints the number of its journal row and what was done. The first refused line ends "
	   "the run with exit status 1.\n"
	   "In a script # begins a comment line, and a line @TIME PERSON says who acts from there "
	   "on and moves the clock of a drill store "
	   "(@03:30 the next such time, @+10 ten minutes on); either may be missing.\n"
	   "  zhiban do 派 高邮消防 089 封闭双向车道\n"
	   "  zhiban do - --as 陈涛 < night.script"),
	BIT(OPT_KEEP_GOING), false, cmd_do},
    {"read", "[FILE | -]", N_("read a narrative: facts, type, grade, what is missing"),
	N_("Reads a caller's words and shows what stands in them, each fact with the place it came "
	   "from, the event types with their "
	   "reasons, the grade with its rule, and what is still to be asked. Changes nothing. "
	   "Where --store or ZHIBAN_STORE names a "
	   "store, the places and units of that store are known.\n"
	   "  echo '今晨3时许，G2京沪高速南行一辆液氨槽罐车侧翻，1人被困' | zhiban read --json"),
	BIT(OPT_RECEIVED), false, cmd_read},
    {"rules", "[DIRECTORY]", N_("try the reading rules"),
	N_("Tries every reading rule on two thousand narratives and tells how long it takes of "
	   "one, for whoever adds rules of the county's own (zhiban-rules(5)). Rules that are "
	   "wrong or too slow are named with the reason and left out wherever texts are read; then "
	   "the exit status is 1.\n"
	   "  zhiban rules"),
	0, false, cmd_rules},
    {"list", "KIND [WORD | NAME=VALUE]...", N_("list things"),
	N_("Lists things of a kind, those that the words find. Without a kind it names the kinds. "
	   "incident=089, area= and person= keep to one; open, unacked, overdue, free (of teams) "
	   "narrow "
	   "further; of the journal also from=TIME, to=TIME, verb=BEGINNING.\n"
	   "  zhiban list orders incident=089 open\n"
	   "  zhiban list journal 液氨 --limit 20 --json"),
	BIT(OPT_LIMIT), true, cmd_list},
    {"show", "KIND ID", N_("show one thing"),
	N_("Shows one thing in full: an incident with its calls, facts, clocks, orders and "
	   "journal; a plan, report, order, response, "
	   "team, depot or journal row.\n"
	   "  zhiban show incident 089\n"
	   "  zhiban show journal 20417"),
	0, true, cmd_show},
    {"plan", "match [TEXT | - | INCIDENT] | show PLAN | import FILE... | check FILE...",
	N_("the library of plans"),
	N_("match: the plans for a text or an incident, best first, each with its reason and the "
	   "response level it proposes. show: a plan "
	   "as text. import: takes plan files into the store. check: validates files, without a "
	   "store.\n"
	   "  zhiban plan match 089\n"
	   "  zhiban plan check data/plans/*.xml"),
	BIT(OPT_LIMIT), true, cmd_plan},
    {"allocate", "INCIDENT... [CODE=AMOUNT]...", N_("the best teams and stores, with reasons"),
	N_("Proposes who goes and what is sent, for what the plan asks of each incident at its "
	   "response level, changed by CODE=AMOUNT (code "
	   "or name of a skill or class of goods). Every line says how the arrival was computed, "
	   "what remains, and why not another. "
	   "Nothing is committed; allocation.commit does that.\n"
	   "  zhiban allocate 089 编织袋=5000"),
	0, true, cmd_allocate},
    {"report", "draft INCIDENT | check REPORT | export REPORT", N_("reports: draft, check, export"),
	N_("draft: drafts the next report of an incident from the record, and prints its id. "
	   "check: what hinders signing; exit status 1 when "
	   "something does. export: the page as text, or XML.\n"
	   "  zhiban report export 2025-089 --xml --out report.xml"),
	BIT(OPT_XML) | BIT(OPT_OUT), true, cmd_report},
    {"duty",
	"brief | since | spot | roster [from=DAY] | log | phone | paper [from=TIME] [to=TIME] [form] | "
	"export roll|callout ID",
	N_("the papers of the duty room"),
	N_("brief: what a handover would take over this moment. since: what happened since the person's last watch. spot: "
	   "the answers to a spot check on one page. roster: the month. log, phone, paper: a register as a paper, of the "
	   "present watch unless told, or its empty form. export: the result of a roll call or call-out, comma-separated.\n"
	   "  zhiban duty log from=2025-07-09 | lpr\n"
	   "  zhiban duty export callout 暴雨红色 > jiaoying.csv"),
	0, true, cmd_duty},
    {"search", "WORD...", N_("find words in all that was recorded"),
	N_("Finds texts that hold all the words, newest first, and before them the people, units, "
	   "places, teams, depots and plans whose "
	   "name or pinyin initials they are.\n"
	   "  zhiban search 液氨 侧翻\n"
	   "  zhiban search lqz"),
	BIT(OPT_KIND) | BIT(OPT_LIMIT), true, cmd_search},
    {"import", "KIND FILE", N_("take in a spreadsheet of the county's own data"),
	N_("Reads a CSV file of units, persons, phones, contacts, teams, stock, enterprises, shelters, "
	   "hospitals, experts, "
	   "equipment, places or depots. UTF-8 or GB 18030 (GBK), comma, TAB or semicolon are "
	   "found out; headings may "
	   "be Chinese or English (data/exchange/import_columns.tsv lists them), a title may stand "
	   "above them. "
	   "At a terminal it shows what is new, what changes from what to what, and what is "
	   "refused, and asks; "
	   "--dry-run shows it and does nothing. One refused line, and nothing is taken in, unless "
	   "--skip-refused.\n"
	   "A row is about a thing that is there already when it has the same code (units, "
	   "places), unified credit code "
	   "(enterprises), name and telephone or name and unit (persons, experts), number "
	   "(phones), township, village, unit and name (contacts: whom a call-out rings, in order of "
	   "rank), depot, goods and batch "
	   "(stock), name and holder (equipment), else the same name. Then it sets the columns it "
	   "tells: an empty "
	   "cell leaves what is there. Of stock the quantity is what is there, not a delivery. "
	   "Roles and areas of persons "
	   "are rights, which no import changes. The same file once more changes nothing.\n"
	   "The whole file is one entry of the journal, and one undo takes it back.\n"
	   "--columns shows which heading is taken for what, with the first row's cells; with KIND tickets of a "
	   "feed's file, --map being the columns= of link.set.\n"
	   "areas takes the outlines of the county and its townships out of a map layer (GeoJSON), by "
	   "their codes or names; warnings with a polygon or circle are matched by them.\n"
	   "  zhiban import teams 队伍.csv --dry-run --as 苏静\n"
	   "  zhiban import persons - --as 苏静 --map name=姓名,phone=#4 < list.csv"),
	BIT(OPT_MAP) | BIT(OPT_DRY_RUN) | BIT(OPT_SKIP_REFUSED) | BIT(OPT_YES) |
	    BIT(OPT_COLUMNS),
	false, cmd_import},
    {"export", "KIND [WORD | NAME=VALUE]...", N_("write a list to a file: CSV or JSON"),
	N_("Writes any kind of list, narrowed as in list, as CSV that spreadsheets open (UTF-8 "
	   "with its mark), or JSON. Kinds "
	   "that import knows come with all columns, and back in unchanged. A cell that a "
	   "spreadsheet would calculate "
	   "with gets an apostrophe in front; import takes it off. Who does not have to ring "
	   "people sees no "
	   "names and numbers of them. The file must not be there yet.\n"
	   "  zhiban export teams --out 队伍.csv\n"
	   "  zhiban export journal from=2025-07-10 --json"),
	BIT(OPT_OUT) | BIT(OPT_LIMIT), true, cmd_export},
    {"ingest", "FILE...", N_("take feed files in, offline"),
	N_("Reads warnings, earthquakes, tickets and observations out of files in any format that "
	   "sync knows, and takes "
	   "them in by the same verbs: what is here already is counted only. For each file it says "
	   "how many were new. A "
	   "file that is refused leaves nothing behind; exit status is then 1.\n"
	   "  zhiban ingest 32108441600000_20250709103600.xml\n"
	   "  zhiban ingest --json /srv/spool/*.xml"),
	0, false, cmd_ingest},
    {"publish", "DIRECTORY [FILE...] --base URL", N_("our own warnings as CAP files with an index"),
	N_("Writes the warnings issued here (alert.issue), each as a CAP 1.2 document of its own, into the directory, and "
	   "beside them index.atom, newest first, for any web server to serve. What is over stays in the index for seven "
	   "days, so that whoever looks seldom finds the message that ended it. With files: the warnings that stand in "
	   "them instead, all that shall stand in the index. A document that was published is never changed, and the old "
	   "index stands until all is written.\n"
	   "  zhiban publish /var/www/alerts --base https://example/alerts/"),
	BIT(OPT_BASE), false, cmd_publish},
    {"sync", "[--once]", N_("fetch the feeds, send what waits"),
	N_("Fetches every feed and spool folder when it is due (verb link.set), takes in what they say, and sends the "
	   "messages of the outbox to their units (verb destination.set), in order, until each is received. It runs until "
	   "it is ended by a signal; with --once it does what is due and ends. Several may run on one store: none does "
	   "what another does. A systemd service and a timer come with the program.\n"
	   "  zhiban sync --once\n"
	   "  systemctl --user enable --now zhiban-sync.service"),
	BIT(OPT_ONCE), false, cmd_sync},
    {"replay", "--at TIME [COMMAND WORD...]", N_("the room as it stood"),
	N_("Takes a private copy of the store back to a moment and runs a reading command on it "
	   "(list, show, plan, allocate, report, "
	   "search); without one it shows the open incidents, clocks and orders of that moment.\n"
	   "  zhiban replay --at 2025-07-10T04:00 show incident 089"),
	BIT(OPT_AT) | BIT(OPT_LIMIT) | BIT(OPT_KIND) | BIT(OPT_XML) | BIT(OPT_OUT), false,
	cmd_replay},
    {"verify", "", N_("prove that the store is whole and untampered"),
	N_("Checks the file, then the hash chain of the journal row by row. Exit status 1 when "
	   "something is wrong. Prints the chain's head: "
	   "kept elsewhere (on the handover paper) and given back with --head it proves that no "
	   "row was cut off since.\n"
	   "  zhiban verify --head 20417:9f2c..."),
	BIT(OPT_HEAD), false, cmd_verify},
    {"backup", "TARGET | --keep N [DIRECTORY]", N_("copy the store while it is in use"),
	N_("Makes a whole, consistent copy in a new file. Never copy a live store with cp. With --keep the copy goes into the "
	   "directory (without one: FILE.backups beside the store) under a name with the time; its pages and chain are proven, "
	   "and then all but the newest N are removed. A timer for every hour comes with the program.\n"
	   "  zhiban backup /backup/duty-$(date +%F).db\n"
	   "  zhiban backup --keep 72 /backup"),
	BIT(OPT_KEEP), false, cmd_backup},
    {"restore", "BACKUP", N_("put a backup in the place of a damaged store"),
	N_("Sets the damaged file and its log aside in a directory beside the store, puts a copy of the backup there, proves its "
	   "chain, and lists what was entered since the backup, as far as the damaged journal can still be read. Refused while a "
	   "console or zhiban sync has the store open, and by a store that is whole; --yes goes back to the backup all the same.\n"
	   "  zhiban restore /backup/duty-2025-07-10-03.db"),
	BIT(OPT_YES), false, cmd_restore},
    {"secret", "PERSON", N_("give a person a secret to sign on with"),
	N_("Asks for the new secret twice, or reads it from standard input when that is no terminal. With --as it is that "
	   "person who gives it, else the program itself: this is how the first one is given. An empty one takes the secret "
	   "away. As soon as one person has a secret, nobody signs on without.\n"
	   "  zhiban secret 李敏"),
	0, false, cmd_secret},
    {"authorized-keys", "USER KEYTYPE KEY", N_("who an ssh key belongs to, for sshd"),
	N_("For AuthorizedKeysCommand of sshd_config(5), with the tokens %u %t %k: prints the line of authorized_keys that binds "
	   "a known key to the console of its person, and nothing for any other key or user. zhiban-ssh(7) shows the whole.\n"
	   "  zhiban --store /srv/zhiban/duty.db authorized-keys zhiban ssh-ed25519 AAAA..."),
	0, false, cmd_authorized_keys},
    {"ssh-keys", "[FILE | -]", N_("the ssh keys, or many of them at once"),
	N_("Lists the ssh keys: whose, kind, fingerprint (compare it over the telephone with what ssh-keygen -l says there), since "
	   "when, and when withdrawn. With a file: binds a key from each line, first who it belongs to, then the key as it stands "
	   "in the .pub file. One wrong line, and none is taken; its number is told.\n"
	   "  zhiban ssh-keys\n"
	   "  zhiban ssh-keys townships.keys"),
	0, false, cmd_keys},
    {"ssh-refusals", "", N_("what sshd refused, into the journal"),
	N_("Reads sshd's log from standard input until it ends and writes what was refused to the account of the store into the "
	   "journal, as journal.refused of whose key it was: forwarding, tunnels, subsystems, variables, keys that are nobody's. "
	   "zhiban-ssh(7) tells how sshd is made to log them; the unit zhiban-ssh-refusals.service runs it for good.\n"
	   "  journalctl -o short -t sshd | zhiban ssh-refusals"),
	0, false, cmd_ssh_refusals},
    {"verbs", "[WORD]", N_("the verbs of the command line"),
	N_("Lists every verb with the words that call it and its parameters; with a word, the "
	   "verbs it calls."),
	BIT(OPT_MDOC), false, cmd_verbs},
    {"help", "[COMMAND | console]", N_("this help"),
	N_("Shows the help of a command, or the keys of every screen of the console."),
	BIT(OPT_MDOC), false, cmd_help},
};

const struct command *
command_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

const struct command *
command_at(size_t i)
{
	return i < COUNT_OF(commands) ? &commands[i] : NULL;
}

void
command_usage(const struct command *c, struct buf *out)
{
	buf_printf(out, "zhiban %s", c->name);
	if (*c->args)
		buf_printf(out, " %s", c->args);
	for (int i = OPT_GLOBAL; i < OPT_COUNT; i++) {
		char mark[40];
		const struct option_row *o = &cli_options[i];

		snprintf(mark, sizeof(mark), "--%s ", o->name);
		if (!(c->options & BIT(i)) || strncmp(c->args, mark, strlen(mark)) == 0)
			continue;
		buf_printf(out, o->value ? " [--%s %s]" : " [--%s]", o->name, o->value);
	}
}

/* --- help ------------------------------------------------------------------------------------ */

#define WIDTH 78

/* A line broken at blanks, and inside Chinese anywhere, into lines of WIDTH columns. */
static void
wrap(struct buf *out, const char *text, size_t n)
{
	while (n > 0) {
		size_t fit = utf8_fit(text, n, WIDTH, NULL), cut = fit;

		if (fit < n && text[fit] != ' ' && isascii((unsigned char)text[fit])) {
			while (cut > 0 && text[cut - 1] != ' ' &&
			       isascii((unsigned char)text[cut - 1]))
				cut--;
			if (cut == 0)
				cut = fit;
		}
		buf_add_n(out, text, cut > 0 && text[cut - 1] == ' ' ? cut - 1 : cut);
		buf_add_char(out, '\n');
		while (cut < n && text[cut] == ' ')
			cut++;
		text += cut;
		n -= cut;
	}
}

static void
add_options(struct buf *out, uint32_t options)
{
	for (int i = 0; i < OPT_COUNT; i++) {
		const struct option_row *o = &cli_options[i];
		char name[48];

		if (!(options & BIT(i)))
			continue;
		snprintf(name, sizeof(name), "--%s%s%s", o->name, o->value ? " " : "",
		    o->value ? o->value : "");
		buf_printf(out, "  %-18s %s\n", name, _(o->help));
	}
}

static void
program_help(struct buf *out)
{
	const char *about =
	    _("Without a command the console opens. The commands are for scripts, cron, training "
	      "and tests; they end "
	      "with 0 when it was done, 1 when it was refused or not found, 2 for wrong usage.");

	buf_printf(out, "%szhiban [--store FILE] [--as PERSON]\n", _("usage: "));
	buf_printf(out, "%*szhiban COMMAND ...\n\n", utf8_columns(_("usage: ")), "");
	wrap(out, about, strlen(about));
	buf_add_char(out, '\n');
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		buf_printf(out, "  %-16s %s\n", commands[i].name, _(commands[i].summary));
	buf_printf(out, "\n%s\n", _("Options of all commands:"));
	add_options(out, BIT(OPT_GLOBAL) - 1);
	buf_printf(out, "\n%s\n", _("\"zhiban help COMMAND\" says more."));
}

void
command_help(const struct command *c, struct buf *out)
{
	if (!c) {
		program_help(out);
		return;
	}
	buf_add(out, _("usage: "));
	command_usage(c, out);
	buf_add(out, "\n\n");
	for (const char *line = _(c->help); *line;) {
		size_t n = strcspn(line, "\n");

		if (*line == ' ') {
			buf_add_n(out, line, n);
			buf_add_char(out, '\n');
		} else
			wrap(out, line, n);
		line += n + (line[n] == '\n');
	}
	if (c->options)
		buf_add_char(out, '\n');
	add_options(out, c->options);
}

/* --- the manual page ------------------------------------------------------------------------- */

/* A full stop with a blank behind it ends the line too: mdoc sources have one sentence a line. */
void
mdoc_escape(struct buf *out, const char *text)
{
	bool head = true;

	for (; *text; text++) {
		if (head && (*text == '.' || *text == '\''))
			buf_add(out, "\\&");
		head = *text == '\n';
		if (*text == '\\')
			buf_add(out, "\\e");
		else
			buf_add_char(out, *text);
		if (*text == '.' && text[1] == ' ' && isalpha((unsigned char)text[2])) {
			buf_add_char(out, '\n');
			text++;
			head = true;
		}
	}
}

/* One word of a usage line as mdoc macros. */
static void
mdoc_word(struct buf *out, char *word)
{
	size_t n = strlen(word), open = strspn(word, "["), close = 0;
	bool dots = n > 3 && strcmp(word + n - 3, "...") == 0;

	if (dots)
		word[n -= 3] = '\0';
	while (n > 0 && word[n - 1] == ']') {
		word[--n] = '\0';
		close++;
	}
	for (size_t i = 0; i < open; i++)
		buf_add(out, " Oo");
	word += open;
	if (strcmp(word, "|") == 0)
		buf_add(out, " \\*(Ba");
	else if (strncmp(word, "--", 2) == 0)
		buf_printf(out, " Fl -%s", word + 2);
	else if (strcmp(word, "-") == 0)
		buf_add(out, " Fl");
	else if (isupper((unsigned char)*word))
		buf_printf(out, " Ar %s", word);
	else if (*word)
		buf_printf(out, " Cm %s", word);
	for (size_t i = 0; i < close; i++)
		buf_add(out, " Oc");
	if (dots)
		buf_add(out, " No ...");
}

static void
mdoc_usage(const struct command *c, struct buf *out)
{
	struct buf usage = BUF_MAX(4096);
	char *text, *at, *word;

	command_usage(c, &usage);
	text = at = buf_take(&usage);
	at += strlen("zhiban ");
	buf_add(out, ".It");
	while ((word = strsep(&at, " ")) != NULL)
		mdoc_word(out, word);
	buf_add_char(out, '\n');
	free(text);
}

static void
mdoc_help(const char *help, struct buf *out)
{
	bool example = false;

	for (const char *line = help; *line;) {
		size_t n = strcspn(line, "\n");
		char *text = mem_dupn(line, n);

		if ((*text == ' ') != example)
			buf_add(out, example ? ".Ed\n" : ".Bd -literal -offset indent -compact\n");
		else if (!example && line != help)
			buf_add(out, ".Pp\n");
		example = *text == ' ';
		mdoc_escape(out, text + strspn(text, " "));
		buf_add_char(out, '\n');
		free(text);
		line += n + (line[n] == '\n');
	}
	if (example)
		buf_add(out, ".Ed\n");
}

void
commands_mdoc(struct buf *out)
{
	buf_add(out, ".Bl -tag -width indent\n");
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		const struct command *c = &commands[i];

		mdoc_usage(c, out);
		mdoc_help(_(c->help), out);
		if (!c->options)
			continue;
		buf_add(out, ".Bl -tag -width indent -compact\n");
		for (int o = OPT_GLOBAL; o < OPT_COUNT; o++) {
			if (!(c->options & BIT(o)))
				continue;
			buf_printf(out, ".It Fl -%s", cli_options[o].name);
			if (cli_options[o].value)
				buf_printf(out, " Ar %s", cli_options[o].value);
			buf_add_char(out, '\n');
			mdoc_escape(out, _(cli_options[o].help));
			buf_add_char(out, '\n');
		}
		buf_add(out, ".El\n");
	}
	buf_add(out, ".El\n");
}
