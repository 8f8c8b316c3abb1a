/* CSV alone, as import uses it: every row has fields, and every field ends in a NUL within the row. */
#include "exchange/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err err = ERR_NONE;
	struct csv *csv = csv_open((const char *)data, n, &err);
	size_t sum = 0, raw;
	long line = 0;

	while (csv && csv_next(csv)) {
		for (int i = 0; i < csv_count(csv); i++)
			sum += strlen(csv_get(csv, i));
		csv_raw(csv, &raw);
		if (csv_line(csv) <= line || raw > n)
			abort();
		line = csv_line(csv);
	}
	if (sum > n)
		abort();
	csv_close(csv, &err);
	err_clear(&err);
	return 0;
}
