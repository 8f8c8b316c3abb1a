/*
 * What became of a report that went out: who took it, by a receipt or by a person's word, closes the clocks that wait for it; who sends it
 * back sets them going again, and the room is told.
 */
#include "report/inside.h"

#include <stdio.h>
#include <string.h>

static struct paper
paper_of(const struct report_row *row)
{
	return (struct paper){.medium = strcmp(row->kind, "first") == 0 ? "written" : row->kind,
	    .number = row->no,
	    .signer = row->signer,
	    .signed_at = row->signed_at};
}

void
report_delivered(struct verb_call *call, const struct report_row *row, const char *dest,
    const char *way, const char *receiver, int64_t at)
{
	struct store *st = call_store(call);
	struct paper paper = paper_of(row);
	struct sql *q = sql(st, "INSERT INTO report_delivery (id, report, dest, way, receiver, at, "
				"confirmed, journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)");

	sql_bind(
	    q, "iitttii", store_new_id(st), row->id, dest, way, receiver, at, call_journal(call));
	sql_run(q);
	incident_receipt(call, row->incident, &paper, dest, receiver, at);
}

static void
sent_back(struct verb_call *call, const struct report_row *row, const struct outbox_news *news)
{
	struct paper paper = paper_of(row);
	char title[240], why[160];
	struct inbox_message m = {.source = news->unit,
	    .kind = "report",
	    .title = title,
	    .text = title,
	    .at = call_now(call),
	    .urgent = true};

	snprintf(why, sizeof(why), _("sent back: %s"), *news->reason ? news->reason : "-");
	snprintf(title, sizeof(title),
	    _("%s sent %s back: %s. Correct it with a follow-up, or send it again."), news->unit,
	    row->no, *news->reason ? news->reason : "-");
	incident_sent_back(call, row->incident, &paper, news->unit, why);
	inbox_put(call, &m);
	call_say(call, _("%s is to be looked at"), row->no);
}

bool
report_hears(struct verb_call *call, const struct outbox_news *news, struct err *err)
{
	struct report_row row;

	(void)err;
	if (!report_get(call_store(call), news->ref, &row))
		return true; /* a message of that kind that a person queued by hand */
	call_incident(call, row.incident);
	if (news->taken)
		report_delivered(call, &row, news->unit, "system", news->receiver, news->at);
	else
		sent_back(call, &row, news);
	return true;
}
