#include "ui/age.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

char *
age_short(int64_t ms, char *out, size_t size)
{
	if (ms < CLOCK_MINUTE)
		utf8_copy(out, size, _("<1 min"));
	else if (ms < 100 * CLOCK_MINUTE)
		cut_format(out, size, _("%d min"), (int)(ms / CLOCK_MINUTE));
	else if (ms < 48 * CLOCK_HOUR)
		cut_format(out, size, _("%d h"), (int)(ms / CLOCK_HOUR));
	else
		cut_format(out, size, _("%d d"), (int)(ms / CLOCK_DAY));
	return out;
}

char *
age_left(int64_t due, char *out, size_t size)
{
	int64_t left = due == CLOCK_NONE ? 0 : due - clock_now();
	char age[32];

	if (due == CLOCK_NONE)
		cut_format(out, size, "-");
	else if (left < 0)
		cut_format(out, size, _("over %s"), age_short(-left, age, sizeof(age)));
	else if (left < 10 * CLOCK_MINUTE)
		cut_format(out, size, "%d:%02d", (int)(left / 60000), (int)(left / 1000 % 60));
	else if (left < 100 * CLOCK_MINUTE)
		cut_format(out, size, _("%d min"), (int)((left + 59999) / CLOCK_MINUTE));
	else if (left < 24 * CLOCK_HOUR)
		cut_format(out, size, _("%d h %02d"), (int)(left / CLOCK_HOUR),
		    (int)(left / CLOCK_MINUTE % 60));
	else /* a limit at midnight is the end of the day before */
		clock_format(out, size, due - 1, CLOCK_MD);
	return out;
}

char *
age_stamp(int64_t at, char *out, size_t size)
{
	struct civil now, then;

	if (at == CLOCK_NONE) {
		cut_format(out, size, "-");
		return out;
	}
	clock_civil(clock_now(), &now);
	clock_civil(at, &then);
	if (then.year != now.year)
		return clock_format(out, size, at, CLOCK_YMD);
	if (then.month != now.month || then.day != now.day)
		return clock_format(out, size, at, CLOCK_MD_HM);
	return clock_format(out, size, at, CLOCK_HM);
}

char *
age_due(int64_t due, char *out, size_t size)
{
	struct civil then;

	if (due != CLOCK_NONE) {
		clock_civil(due, &then);
		if (then.hour == 0 && then.minute == 0) {
			char day[40];

			cut_format(out, size, "%s 24:00",
			    clock_format(day, sizeof(day), due - 1, CLOCK_MD));
			return out;
		}
	}
	return age_stamp(due, out, size);
}

char *
age_remains(int64_t due, char *out, size_t size)
{
	int64_t left = due == CLOCK_NONE ? 0 : due - clock_now();

	return left >= 24 * CLOCK_HOUR ? age_short(left, out, size) : age_left(due, out, size);
}

const char *
age_number(const char *no)
{
	struct civil now;

	clock_civil(clock_now(), &now);
	return strtol(no, NULL, 10) == now.year && strlen(no) > 5 && no[4] == '-' ? no + 5 : no;
}

enum style
age_style(int64_t due, int64_t soon)
{
	int64_t left = due == CLOCK_NONE ? INT64_MAX : due - clock_now();

	return left < 0 ? STYLE_URGENT : left < soon ? STYLE_SOON : STYLE_NORMAL;
}
