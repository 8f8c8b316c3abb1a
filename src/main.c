/* argv -> console or subcommand. */
#include "base/env.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "ui/ui.h"

#include <string.h>

static int
console(const struct cli_console *start)
{
	return ui_run(&(struct ui_start){start->store_path, start->person, start->key});
}

/* A command line that `zhiban authorized-keys` made names a key. */
static bool
is_forced(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--key") == 0 || strncmp(argv[i], "--key=", 6) == 0)
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	static const struct cli_faces faces = {console, ui_keys};

	env_clean(is_forced(argc, argv));
	i18n_init();
	return cli_main(argc, argv, &faces);
}
