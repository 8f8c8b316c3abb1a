/*
 * What the commands print. Everything is cleaned on its way out (utf8_clean): whatever stands in a store, a file or an
 * argument, no escape sequence, bidi or zero-width character reaches the terminal (reliability 4.16).
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* Text to stdout as it is; a line with its end. */
void out_text(const char *text);
void out_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A line to stderr, "zhiban: " before it. */
void out_complain(const char *message);
/* A JSON value and a line feed; arrays of objects one object a line. Steals the value. */
void out_json(json_t *value);
/* One compact line. Steals the value. */
void out_json_line(json_t *value);

enum out_kind {
	OUT_TEXT,
	OUT_NUMBER, /* right-aligned */
	OUT_TIME,   /* an ISO time, shown as 07-10 03:12 (with its year when that is not this one) */
	OUT_BOOL,   /* the column's label where true */
	OUT_HIDDEN  /* only in JSON */
};
struct out_column {
	const char *key;    /* in the JSON object */
	const char *label;  /* N_() */
	enum out_kind kind;
	int most;           /* columns it may take; 0 as many as it needs */
};
/* An array of objects as an aligned table with a head line; as JSON with `json`. Steals rows. */
void out_rows(const struct out_column *columns, size_t n, json_t *rows, int json);
/* A member of a row as the text of a cell outside a table: whole, times in ISO; "" when absent. The caller frees. */
char *out_cell(const struct out_column *column, json_t *row);
/* One object as lines "label  value"; as JSON with `json`. Nothing is printed for what is absent. Steals it. */
void out_record(const struct out_column *columns, size_t n, json_t *record, int json);

/* --- filling JSON ------------------------------------------------------------------------------------- */

/* Absent when NULL or "". */
void member_text(json_t *object, const char *key, const char *text);
void member_int(json_t *object, const char *key, int64_t value);
/* Absent when 0. */
void member_id(json_t *object, const char *key, int64_t id);
void member_real(json_t *object, const char *key, double value);
/* Minutes are no more exact than this. */
double out_tenths(double value);
/* ISO; absent when CLOCK_NONE. */
void member_time(json_t *object, const char *key, int64_t ms);
/* Absent when false. */
void member_flag(json_t *object, const char *key, int flag);
/* "lon", "lat"; absent when unknown. */
void member_position(json_t *object, double lon, double lat);

#endif
