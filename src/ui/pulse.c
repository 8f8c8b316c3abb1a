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
	if (p->waiting && now - p->asked > PULSE_DOUBT_MS)
		p->answers = p->waiting =
		    false; /* somebody types there, but the terminal no longer answers */
}

void
pulse_answered(struct pulse *p, int64_t now)
{
	p->heard = now;
	p->answers = true;
	p->waiting = false;
	p->unanswered = 0;
}

bool
pulse_asks(struct pulse *p, size_t bytes, int64_t now)
{
	p->ahead += bytes;
	if (p->patience <= 0 || !p->answers || p->waiting)
		return false;
	if (p->ahead < PULSE_ASK && now - p->heard < p->patience / 2)
		return false;
	p->waiting = true;
	p->asked = now;
	p->unanswered = p->ahead;
	p->ahead = 0;
	return true;
}

bool
pulse_full(const struct pulse *p)
{
	return p->waiting && p->unanswered + p->ahead >= PULSE_WINDOW;
}

void
pulse_sent(struct pulse *p, bool moved, bool left, int64_t now)
{
	if (!left)
		p->stuck = 0;
	else if (moved || !p->stuck)
		p->stuck = now;
}

/* Since when is a sign of life, or room for a byte, waited for? 0: for nothing. */
static int64_t
waits_since(const struct pulse *p)
{
	int64_t asked = p->waiting ? p->asked > p->heard ? p->asked : p->heard : 0;

	if (asked && (!p->stuck || asked < p->stuck))
		return asked;
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
