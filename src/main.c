/* argv -> console or subcommand. */
#include "base/i18n.h"
#include "cli/cli.h"
#include "ui/ui.h"

static int
console(const struct cli_console *start)
{
	return ui_run(start->store_path, start->person);
}

int
main(int argc, char **argv)
{
	static const struct cli_faces faces = {console, ui_keys};

	i18n_init();
	return cli_main(argc, argv, &faces);
}
