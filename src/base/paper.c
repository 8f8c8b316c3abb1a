#include "base/paper.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"

void
paper_field(struct buf *out, const char *label, const char *text)
{
	if (text && *text)
		buf_printf(out, _("%s: %s\n"), label, text);
}

void
paper_time(struct buf *out, const char *label, int64_t at)
{
	char stamp[40];

	if (at != CLOCK_NONE)
		paper_field(out, label, clock_format(stamp, sizeof(stamp), at, CLOCK_YMD_HM));
}

void
paper_rule(struct buf *out, int columns)
{
	for (int i = 0; i < columns; i++)
		buf_add_char(out, '-');
	buf_add_char(out, '\n');
}
