/* The values of a changeset (sqlite.org/session, "changeset format"). */
#include "store/pack.h"

#include <string.h>

void
pack_number(struct buf *b, char type, uint64_t bits)
{
	char bytes[9] = {type};

	for (int i = 8; i >= 1; i--, bits >>= 8)
		bytes[i] = (char)(bits & 0xff);
	buf_add_n(b, bytes, sizeof(bytes));
}

/* Seven bits a byte, highest first. */
void
pack_length(struct buf *b, uint32_t n)
{
	char bytes[5];
	size_t at = sizeof(bytes);

	bytes[--at] = (char)(n & 0x7f);
	while (n >>= 7)
		bytes[--at] = (char)((n & 0x7f) | 0x80);
	buf_add_n(b, bytes + at, sizeof(bytes) - at);
}

void
pack_bytes(struct buf *b, char type, const void *data, int n)
{
	buf_add_char(b, type);
	pack_length(b, (uint32_t)n);
	if (n)
		buf_add_n(b, data, (size_t)n);
}

int
pack_value(struct buf *b, sqlite3_value *value)
{
	int type = sqlite3_value_type(value);
	const void *data;
	uint64_t bits;
	double real;

	switch (type) {
	case SQLITE_INTEGER:
		pack_number(b, SQLITE_INTEGER, (uint64_t)sqlite3_value_int64(value));
		return SQLITE_OK;
	case SQLITE_FLOAT:
		real = sqlite3_value_double(value);
		memcpy(&bits, &real, sizeof(bits));
		pack_number(b, SQLITE_FLOAT, bits);
		return SQLITE_OK;
	case SQLITE_TEXT:
	case SQLITE_BLOB:
		data = type == SQLITE_TEXT ? (const void *)sqlite3_value_text(value)
					   : sqlite3_value_blob(value);
		if (!data && sqlite3_value_bytes(value))
			return SQLITE_NOMEM;
		pack_bytes(b, (char)type, data, sqlite3_value_bytes(value));
		return SQLITE_OK;
	default:
		buf_add_char(b, SQLITE_NULL);
		return SQLITE_OK;
	}
}

static const unsigned char *
read_length(const unsigned char *at, uint32_t *n)
{
	*n = 0;
	do
		*n = *n << 7 | (*at & 0x7f);
	while (*at++ & 0x80);
	return at;
}

static uint64_t
read_number(const unsigned char *at)
{
	uint64_t bits = 0;

	for (int i = 0; i < 8; i++)
		bits = bits << 8 | at[i];
	return bits;
}

const unsigned char *
pack_end(const unsigned char *at)
{
	uint32_t n;

	switch (*at++) {
	case SQLITE_INTEGER:
	case SQLITE_FLOAT:
		return at + 8;
	case SQLITE_TEXT:
	case SQLITE_BLOB:
		at = read_length(at, &n);
		return at + n;
	default:
		return at;
	}
}

void
pack_again(struct buf *b, const char *value)
{
	buf_add_n(b, value,
	    (size_t)(pack_end((const unsigned char *)value) - (const unsigned char *)value));
}

int
pack_bind(sqlite3_stmt *stmt, int place, const unsigned char *at)
{
	uint64_t bits;
	double real;
	uint32_t n;

	switch (*at++) {
	case SQLITE_INTEGER:
		return sqlite3_bind_int64(stmt, place, (int64_t)read_number(at));
	case SQLITE_FLOAT:
		bits = read_number(at);
		memcpy(&real, &bits, sizeof(real));
		return sqlite3_bind_double(stmt, place, real);
	case SQLITE_TEXT:
		at = read_length(at, &n);
		return sqlite3_bind_text(stmt, place, (const char *)at, (int)n, SQLITE_STATIC);
	case SQLITE_BLOB:
		at = read_length(at, &n);
		return sqlite3_bind_blob(stmt, place, at, (int)n, SQLITE_STATIC);
	default:
		return sqlite3_bind_null(stmt, place);
	}
}
