/*
 * Bytes to text. In this order: a UTF-16 or UTF-8 byte-order mark; valid UTF-8, whatever is declared (GB 2312 labels on UTF-8 bytes
 * are common, the other way round is not possible); the encoding of the XML declaration, gb2312 and gbk read as gb18030; else
 * gb18030 when the bytes decode whole. Bytes that are mostly good UTF-8 are damaged UTF-8 and refused, for GB 18030 would
 * make other characters of them. Valid text is never altered: what is no text is refused with the place of the first bad byte.
 */
#ifndef EXCHANGE_DECODE_H
#define EXCHANGE_DECODE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct decoded {
	const char *text; /* UTF-8 without byte-order mark, no NUL inside; into the bytes given, or into `owned` */
	size_t n;
	const char *charset; /* what it was: "UTF-8", "gb18030" … */
	char *owned;
};

/* `bytes` must outlive the result. False: not text (ERR_INPUT). */
bool decode(const char *bytes, size_t n, struct decoded *out, struct err *err) __attribute__((warn_unused_result));
void decoded_clear(struct decoded *d);

#endif
