/* read_json RULES TAXONOMY [GAZETTEER|-] [TIME]: a text on standard input, its reading as JSON on
 * standard output. */
#include "base/clock.h"
#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "decide/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
fail(const struct err *err)
{
	fprintf(stderr, "read_json: %s\n", err->message ? err->message : "?");
	return 1;
}

int
main(int argc, char **argv)
{
	struct err err = ERR_NONE;
	struct gazetteer *g = gazetteer_new();
	struct reader *reader;
	struct reading reading;
	char *text = mem_alloc(READER_MAX + 1), *json;
	int64_t received = clock_now();
	size_t n;

	if (argc < 3)
		return 2;
	i18n_init();
	if (argc > 3 && strcmp(argv[3], "-") != 0 && !gazetteer_load(g, argv[3], &err))
		return fail(&err);
	if (argc > 4 && !clock_parse(argv[4], received, &received))
		return 2;
	if (argc > 4 && strlen(argv[4]) == 10)
		received += CLOCK_DAY - 1; /* a date alone: its end */
	reader = reader_new(argv[1], argv[2], g, &err);
	if (!reader)
		return fail(&err);
	for (size_t i = 0; reader_warning(reader, i); i++)
		fprintf(stderr, "%s\n", reader_warning(reader, i));
	n = fread(text, 1, READER_MAX, stdin);
	reader_read(reader, text, n, received, &reading);
	json = reading_json(&reading, 1);
	puts(json);
	free(json);
	free(text);
	reading_clear(&reading);
	reader_free(reader);
	return 0;
}
