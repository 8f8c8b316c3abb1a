/*
 * The command line: command_read over the demo county, any bytes, the cursor anywhere. It changes nothing, always says a verb or a
 * problem, and its completions replace a part of the line. The store is made once, in a directory of its own.
 */
#include "base/clock.h"
#include "base/utf8.h"
#include "house/house.h"
#include "store/command.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct store *st;
static char dir[256];

static void
make_store(void)
{
	struct err err = ERR_NONE;
	const char *tmp = getenv("TMPDIR");
	char path[300];

	clock_pin(INT64_C(1752088320000));
	snprintf(dir, sizeof(dir), "%s/zhiban-fuzz-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		exit(99);
	snprintf(path, sizeof(path), "%s/duty.db", dir);
	if (!house_create(path, 0, true, &err) || !(st = house_open(path, STORE_WRITE, &err))) {
		fprintf(stderr, "no store: %s\n", err.message);
		exit(99);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct command_reading reading;
	size_t cursor;
	char *line;

	if (!st)
		make_store();
	if (n < 1 || n > 4096)
		return 0;
	line = malloc(n);
	if (!line)
		return 0;
	memcpy(line, data + 1, n - 1);
	line[n - 1] = '\0';
	cursor = data[0] == 0xff ? SIZE_MAX : (size_t)data[0] % n;
	command_read(st, NULL, line, cursor, NULL, &reading);
	if (!reading.verb && !reading.problem)
		abort();
	for (size_t i = 0; i < reading.n_completions; i++)
		if (reading.from > reading.to || reading.to > strlen(line))
			abort();
	if (reading.said && !utf8_valid(reading.said, strlen(reading.said)))
		abort();
	command_reading_clear(&reading);
	free(line);
	return 0;
}
