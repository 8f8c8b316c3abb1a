#include "ui/pulse.h"

#include <string.h>

void
pulse_start(struct pulse *p, int64_t patience, int64_t now)
{
	memset(p, 0, sizeof(*p));
	p->patience = patience;
	p->heard = now;
}

void
pulse_heard(struct pulse *p, int64_t now)
{
	p->heard = now;
	p->asked = 0;
}

void
pulse_answered(struct pulse *p, int64_t now)
{
	p->answers = true;
	pulse_heard(p, now);
}

/* Half the patience of silence goes by before it asks. */
bool
pulse_asks(struct pulse *p, int64_t now)
{
	if (p->patience <= 0 || !p->answers || p->asked || now - p->heard < p->patience / 2)
		return false;
	p->asked = now;
	return true;
}

void
pulse_sent(struct pulse *p, bool moved, bool left, int64_t now)
{
	if (!left)
		p->stuck = 0;
	else if (moved || !p->stuck)
		p->stuck = now;
}

/* Since when is an answer, or room for a byte, waited for? 0: for nothing. */
static int64_t
waits_since(const struct pulse *p)
{
	if (p->asked && (!p->stuck || p->asked < p->stuck))
		return p->asked;
	return p->stuck;
}

bool
pulse_gone(const struct pulse *p, int64_t now)
{
	int64_t since = waits_since(p);

	return p->patience > 0 && since && now - since >= p->patience;
}

int
pulse_left(const struct pulse *p, int64_t now)
{
	int64_t since = waits_since(p);

	if (p->patience <= 0 || !since)
		return -1;
	return since + p->patience > now ? (int)(since + p->patience - now) : 0;
}
