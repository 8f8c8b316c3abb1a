#include "cli/import_words.h"

#include "base/i18n.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *label, *name;
} whats[IMPORT_WHATS] = {
    [IMPORT_NEW] = {N_("adds"), "new"},
    [IMPORT_CHANGED] = {N_("changes"), "changed"},
    [IMPORT_SAME] = {N_("as it was"), "same"},
    [IMPORT_REFUSED] = {N_("refuses"), "refused"},
};

const char *
import_what_label(enum import_what what)
{
	return _(whats[what].label);
}

const char *
import_what_name(enum import_what what)
{
	return whats[what].name;
}

bool
import_agreed(void)
{
	char answer[32];

	printf("%s ", _("Take this over? y/n"));
	fflush(stdout);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	return answer[0] == 'y' || answer[0] == 'Y' || strncmp(answer, "是", strlen("是")) == 0;
}

bool
import_same_counts(
    const size_t agreed[IMPORT_WHATS], const size_t done[IMPORT_WHATS], struct err *err)
{
	if (memcmp(agreed, done, IMPORT_WHATS * sizeof(*agreed)) == 0)
		return true;
	return err_set(err, ERR_STATE, _("the store has changed meanwhile: look again"));
}
