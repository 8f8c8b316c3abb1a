/* argv -> console or subcommand. */
#include "base/i18n.h"
#include "cli/cli.h"

int
main(int argc, char **argv)
{
	static const struct cli_faces faces = {NULL, NULL};

	i18n_init();
	return cli_main(argc, argv, &faces);
}
