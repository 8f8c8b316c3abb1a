/*
 * Texts being typed. A draft is a file in FILE.drafts/, one for each person and form, written in place while typing: two slots
 * with sequence and checksum, the space allocated at the first key, so that neither a kill, a lost line nor a full disk
 * costs more than the last write. Drafts are not journaled: they are nobody's act until a verb takes them.
 */
#ifndef STORE_DRAFT_H
#define STORE_DRAFT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct verb;
struct draft;

#define DRAFT_MAX 65000

/*
 * Open (or make) the draft of a form: person id, form name ("intake", "report.1234"). Fails when it is open in another
 * console of the same person (ERR_STATE): the caller then takes the next free name with suffix ~2.
 */
struct draft *draft_open(struct store *st, int64_t person, const char *form, struct err *err);
/* The text left there by an earlier session, "" when none. Valid until the next save. `saved_at` may be NULL. */
const char *draft_text(const struct draft *d, int64_t *saved_at);
/* Write the text (n <= DRAFT_MAX); durable (fdatasync) when it returns true. Works on a full disk. */
bool draft_save(struct draft *d, const char *text, size_t n, struct err *err) __attribute__((warn_unused_result));
/* The verb took it: empty the draft. */
void draft_discard(struct draft *d);
void draft_close(struct draft *d);

struct draft_info {
	char form[64];
	int64_t saved_at;
	size_t size;
	char first_line[160];
};
/* Non-empty drafts of a person that no living console holds. */
size_t draft_list(struct store *st, int64_t person, struct draft_info *out, size_t max);
/* A form's draft is called "form.VERB.ID[~2]": its verb, and the thing it is about (0 none). NULL: no form's, or of no verb known here. */
const struct verb *draft_verb(struct store *st, const char *form, int64_t *id);
/* What a draft is told by: a form's by what the form is for, as its text is no prose; any other by its first line. */
const char *draft_words(struct store *st, const struct draft_info *d);

#endif
