/* A CAP message that was read whole (cap.c): what it means by its profile, and what it lacks. */
#include "exchange/cap.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void
settle_profile(struct alert *a, struct cap_marks *m)
{
	const char *profile = m->guotu				      ? "guotu"
			      : identifier_is_national(a->identifier) ? "cma"
								      : NULL;

	if (profile) {
		free(a->profile);
		a->profile = mem_dup(profile);
	}
	if (m->sender_code) {
		free(a->sender);
		a->sender = m->sender_code;
		m->sender_code = NULL;
	}
	/* 国突: senderName is the officer who signed; the organisation stands in sender. */
	for (size_t i = 0; m->guotu && i < a->n_infos; i++) {
		a->infos[i].signer = a->infos[i].sender_name;
		a->infos[i].sender_name = mem_dup(m->issuer);
	}
}

static void
settle_radius(struct alert *a, const struct cap_marks *m, struct notes *notes)
{
	bool km = m->prefixless ? !m->guotu && m->radius_km : true;

	for (size_t i = 0; i < a->n_infos; i++)
		for (size_t k = 0; k < a->infos[i].n_areas; k++) {
			struct alert_area *area = &a->infos[i].areas[k];

			if (area->radius_m < 0)
				continue;
			if (km)
				area->radius_m *= 1000;
			if (m->prefixless && !m->guotu)
				notes_add(notes, km ? _("the radius is taken as kilometres, "
							"for the message names no CAP version")
						    : _("the radius is taken as metres, for "
							"the message names no CAP version"));
		}
}

/* Chinese services draw on GCJ-02 or WGS 84 and do not say which: hundreds of metres lie between them. */
static void
note_datum(const struct alert *a, struct notes *notes)
{
	for (size_t i = 0; i < a->n_infos; i++)
		for (size_t k = 0; k < a->infos[i].n_areas; k++) {
			const struct alert_area *area = &a->infos[i].areas[k];

			if (area->n_ring || area->radius_m >= 0) {
				notes_add(notes, _("its polygon or circle may be off by "
						   "hundreds of metres: the datum is not said"));
				return;
			}
		}
}

/* What the schema of CAP demands of an info, and is not there. */
static void
note_info(const struct alert_info *info, struct notes *notes)
{
	const struct {
		const char *name, *value;
	} must[] = {{"event", info->event}, {"urgency", info->urgency},
	    {"severity", info->severity}, {"certainty", info->certainty}};

	for (size_t i = 0; i < COUNT_OF(must); i++)
		if (!must[i].value)
			notes_add(notes, _("an info has no %s"), must[i].name);
}

static void
note_missing(const struct alert *a, const struct cap_marks *m, struct notes *notes)
{
	bool later = a->msg_type &&
		     (strcmp(a->msg_type, "Update") == 0 || strcmp(a->msg_type, "Cancel") == 0);

	if (!a->identifier)
		notes_add(notes, _("it has no %s"), "identifier");
	if (!a->sender)
		notes_add(notes, _("it has no %s"), "sender");
	if (a->sent == CLOCK_NONE)
		notes_add(notes, _("it has no %s"), m->guotu ? "sendTime" : "sent");
	if (!a->status)
		notes_add(notes, _("it has no %s"), "status");
	if (!a->msg_type)
		notes_add(notes, _("it has no %s"), "msgType");
	if (!a->scope && !m->guotu)
		notes_add(notes, _("it has no %s"), "scope");
	for (size_t i = 0; i < a->n_infos && !m->guotu; i++)
		note_info(&a->infos[i], notes);
	if (later && a->n_refs == 0)
		notes_add(notes, _("it is an update or a cancel, but names no earlier message"));
}

void
cap_settle(struct alert *a, struct cap_marks *m, struct notes *notes)
{
	bool ours;

	settle_profile(a, m);
	settle_radius(a, m, notes);
	alert_from_identifier(a, notes);
	ours = strcmp(a->profile, "guotu") == 0 || strcmp(a->profile, "cma") == 0;
	for (size_t i = 0; i < a->n_infos; i++) {
		alert_info_settle(&a->infos[i], ours || a->infos[i].colour != COLOUR_NONE,
		    a->infos[i].colour, notes);
		if (headline_lifts(a->infos[i].headline) && !a->lift) {
			a->lift = true;
			if (!a->msg_type || strcmp(a->msg_type, "Cancel") != 0)
				notes_add(notes, _("the headline lifts the warning, though the "
						   "message is not a Cancel"));
		}
	}
	a->lift |= a->msg_type && strcmp(a->msg_type, "Cancel") == 0;
	note_missing(a, m, notes);
	if (ours)
		note_datum(a, notes);
}
