#include "base/err.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdlib.h>

bool
err_set(struct err *err, enum err_code code, const char *message, ...)
{
	va_list ap;

	if (!err || err->code != ERR_OK)
		return false;
	err->code = code;
	va_start(ap, message);
	err->message = utf8_mend(mem_vprint(message, ap));
	va_end(ap);
	return false;
}

bool
err_detail(struct err *err, const char *detail, ...)
{
	va_list ap;

	if (!err || err->detail)
		return false;
	va_start(ap, detail);
	err->detail = mem_vprint(detail, ap);
	va_end(ap);
	return false;
}

void
err_clear(struct err *err)
{
	free(err->message);
	free(err->detail);
	*err = (struct err)ERR_NONE;
}

bool
err_move(struct err *to, struct err *from)
{
	if (!to || to->code != ERR_OK) {
		err_clear(from);
		return false;
	}
	*to = *from;
	*from = (struct err)ERR_NONE;
	return false;
}
