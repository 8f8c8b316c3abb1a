/* serve DIR: the HTTP server of the tests, for scripts. Prints its port, and ends when its standard input does. */
#include "tests/exchange/server.h"

#include <stdio.h>

int
main(int argc, char **argv)
{
	struct server s;

	if (argc != 2)
		return 2;
	server_start(&s, SERVER_HTTP, argv[1]);
	printf("%d\n", s.port);
	fflush(stdout);
	while (getchar() != EOF)
		;
	server_stop(&s);
	return 0;
}
