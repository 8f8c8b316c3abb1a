/*
 * Who approves a response. What is typed may be a name, a post, or both ("值班副市长方正平"); the
 * directory says which post the person holds, the plan which post approves the level. Posts are not
 * compared letter by letter (分管水利工作的副市长 of a plan is 分管副市长 in the directory) but by
 * their standing, as handbook 4.4 has it: levels I and II the head of government or party, III and
 * IV a deputy of theirs, of a township its own leaders. A higher standing may always approve.
 */
#include "dispatch/inside.h"

#include <stdlib.h>
#include <string.h>

enum standing { STANDING_UNKNOWN, STANDING_BELOW, STANDING_DEPUTY, STANDING_HEAD };

static bool
has_any(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

static enum standing
standing_of(const char *post)
{
	static const char *const local[] = {"镇", "乡", "街道", "园区", "管委会", "村", "社区"};
	static const char *const deputies[] = {
	    "副市长", "副县长", "副区长", "副书记", "副指挥", "副总指挥", "常委"};
	static const char *const heads[] = {"市长", "县长", "区长", "书记", "总指挥", "指挥长"};
	static const char *const others[] = {
	    "局长", "主任", "值班", "科长", "委员", "领导", "队长", "officer", "chief"};

	if (has_any(post, local, COUNT_OF(local)))
		return STANDING_BELOW;
	if (has_any(post, deputies, COUNT_OF(deputies)))
		return STANDING_DEPUTY;
	if (has_any(post, heads, COUNT_OF(heads)))
		return STANDING_HEAD;
	return has_any(post, others, COUNT_OF(others)) ? STANDING_BELOW : STANDING_UNKNOWN;
}

struct known {
	char name[48], post[64];
	bool found;
};

static void
fill_known(struct sql *q, void *row)
{
	struct known *k = row;

	fit_text(k->name, sizeof(k->name), sql_text(q, 0));
	fit_text(k->post, sizeof(k->post), sql_text(q, 1));
	k->found = true;
}

/* The person whose name stands in the text; else, when the text is a post that one person alone
 * holds, that one. */
static void
find_person(struct store *st, const char *text, struct known *out)
{
	struct sql *q = sql(st, "SELECT name, coalesce(post, '') FROM person WHERE active = 1 AND "
				"instr(?1, name) > 0 ORDER BY length(name) DESC LIMIT 1");
	struct known holders[2];
	size_t n;

	memset(out, 0, sizeof(*out));
	sql_bind(q, "t", text);
	if (sql_first(q, out, fill_known))
		return;
	q = sql(st, "SELECT name, post FROM person WHERE active = 1 AND post = ?1 LIMIT 2");
	sql_bind(q, "t", text);
	n = sql_list(q, holders, sizeof(holders[0]), COUNT_OF(holders), fill_known);
	if (n)
		*out = holders[0];
	out->found = n == 1;
}

/* What stands around the name: "市长" of "市长陈涛". */
static void
said_post(const char *text, const char *name, char *out, size_t size)
{
	const char *at = strstr(text, name);

	if (at)
		fit_print(out, size, "%.*s%s", (int)(at - text), text, at + strlen(name));
	else
		fit_text(out, size, "");
}

static bool
named(const char *approver)
{
	static const char *const nobody[] = {
	    "无", "待定", "未定", "不详", "暂无", "领导", "none", "tbd"};

	for (size_t i = 0; i < COUNT_OF(nobody); i++)
		if (strcmp(approver, nobody[i]) == 0)
			return false;
	return utf8_chars(approver, strlen(approver)) >= 2;
}

/* A post typed beside a name must not be higher than the one the person has. */
static bool
not_promoted(const char *typed, const struct known *k, struct err *err)
{
	char said[96];

	said_post(typed, k->name, said, sizeof(said));
	if (!*k->post || standing_of(said) <= standing_of(k->post))
		return true;
	return err_set(err, ERR_REFUSED,
	    _("%s is %s in the directory, not %s: name who approved it, or put the directory "
	      "right (person.set)."),
	    k->name, k->post, said);
}

/* The plan's post is higher than the approver's: only with somebody's authority, who is written
 * down. */
static bool
stands_high_enough(const struct known *k, const char *post, enum standing has,
    const char *authority, struct err *err)
{
	if (!*post || has == STANDING_UNKNOWN || has >= standing_of(post) || *authority)
		return true;
	return err_set(err, ERR_REFUSED,
	    _("Under the plan %s approves this level; %s is %s. Name who approved it "
	      "(approver=), or by whose authority it was done (authority=)."),
	    post, k->found ? k->name : _("the approver"), *k->post ? k->post : _("below that"));
}

bool
approver_take(struct verb_call *call, const char *post, char *out, size_t size, struct err *err)
{
	const char *typed = call_text(call, "approver"), *authority = call_text(call, "authority");
	enum standing has;
	struct known k;

	if (!named(typed))
		return err_set(err, ERR_REFUSED,
		    _("A response needs a named approver: write who approved it, by name or post "
		      "(approver=)."));
	find_person(call_store(call), typed, &k);
	has = standing_of(k.found && *k.post ? k.post : typed);
	if ((k.found && !not_promoted(typed, &k, err)) ||
	    !stands_high_enough(&k, post, has, authority, err))
		return false;
	if (k.found && *k.post && (strcmp(typed, k.name) == 0 || strcmp(typed, k.post) == 0))
		fit_print(out, size, "%s%s", k.post, k.name);
	else
		fit_text(out, size, typed);
	if (*authority) {
		char *both = mem_print(_("%s (authorised by %s)"), out, authority);

		fit_text(out, size, both);
		free(both);
	}
	if (has == STANDING_UNKNOWN && *post)
		call_say(call, _("under the plan %s approves this level"), post);
	return true;
}
