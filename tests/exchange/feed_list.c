/*
 * feed_list [-v] FILE…: what feed_read makes of each file, a line each: path, format, items or the
 * reason of the refusal. The table tests/exchange/corpus.tsv is its output, looked through by hand;
 * -v shows the items.
 */
#include "base/clock.h"
#include "exchange/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list {
	size_t count, kinds[8];
	bool verbose;
};

static const char *
or_dash(const char *s)
{
	return s ? s : "-";
}

static void
print_alert(const struct alert *a)
{
	char t[40];

	printf("\talert %s | %s | %s | %s %s %s | refs %zu%s%s\n", or_dash(a->identifier),
	    or_dash(a->sender), clock_format(t, sizeof(t), a->sent, CLOCK_ISO), or_dash(a->profile),
	    or_dash(a->status), or_dash(a->msg_type), a->n_refs, a->lift ? " lift" : "",
	    a->is_signed ? " signed" : "");
	for (size_t i = 0; i < a->n_infos; i++) {
		const struct alert_info *f = &a->infos[i];
		size_t corners = 0, codes = 0, circles = 0;

		for (size_t k = 0; k < f->n_areas; k++) {
			corners += f->areas[k].n_ring;
			codes += f->areas[k].n_codes;
			circles += f->areas[k].radius_m >= 0;
		}
		printf("\t\t[%s] %s %s %s%s%s | %s | %zu areas %zu corners %zu codes %zu circles\n",
		    or_dash(f->language), or_dash(f->event_code), or_dash(f->event),
		    colour_label(f->colour), f->colour_disagrees ? "!" : "",
		    f->code_disagrees ? " code!" : "", or_dash(f->headline), f->n_areas, corners,
		    codes, circles);
	}
}

static void
print_item(const struct feed_item *item)
{
	char t[40];

	switch (item->kind) {
	case FEED_ALERT:
		print_alert(item->alert);
		break;
	case FEED_QUAKE:
		printf("\tquake %s | %s | %s | %.3f %.3f %.1fkm M%.1f%s\n",
		    or_dash(item->quake->id), or_dash(item->quake->place),
		    clock_format(t, sizeof(t), item->quake->at, CLOCK_ISO), item->quake->lon,
		    item->quake->lat, item->quake->depth_km, item->quake->magnitude,
		    item->quake->reviewed ? " reviewed" : "");
		break;
	case FEED_TICKET:
		printf("\tticket %s %s | %s | %s\n", or_dash(item->ticket->source),
		    or_dash(item->ticket->number),
		    clock_format(t, sizeof(t), item->ticket->at, CLOCK_ISO),
		    or_dash(item->ticket->text));
		break;
	case FEED_OBSERVATION:
		printf("\tobservation %s %s %s %g %s %s\n", or_dash(item->observation->station),
		    or_dash(item->observation->quantity),
		    clock_format(t, sizeof(t), item->observation->at, CLOCK_ISO),
		    item->observation->value, or_dash(item->observation->unit),
		    or_dash(item->observation->trend));
		break;
	case FEED_RECEIPT:
		printf("\treceipt %s %s %d %s\n", or_dash(item->receipt->key),
		    or_dash(item->receipt->receiver), item->receipt->accepted,
		    or_dash(item->receipt->text));
		break;
	case FEED_LINK:
	case FEED_HEARTBEAT:
		printf("\t%s %s | %s | %s | %s | %s\n",
		    item->kind == FEED_LINK ? "link" : "heartbeat", or_dash(item->link->url),
		    or_dash(item->link->id), or_dash(item->link->title), or_dash(item->link->type),
		    clock_format(t, sizeof(t), item->link->updated, CLOCK_ISO));
		break;
	}
	if (item->notes)
		printf("\t\tnotes: %s\n", item->notes);
}

static bool
keep(void *context, struct feed_item *item)
{
	struct list *list = context;

	list->count++;
	list->kinds[item->kind]++;
	if (list->verbose)
		print_item(item);
	feed_item_clear(item);
	return true;
}

static void
list_file(const char *path, bool verbose, bool apart)
{
	struct list list = {.verbose = verbose};
	struct err err = ERR_NONE;
	const char *format = "";
	FILE *f = fopen(path, "rb");
	char *data = malloc(FEED_MAX + 2);
	size_t n;
	bool ok;

	if (!f || !data)
		exit(1);
	n = fread(data, 1, FEED_MAX + 1, f);
	fclose(f);
	ok = apart ? feed_read_apart(data, n, NULL, 5000, keep, &list, &format, &err)
		   : feed_read(data, n, NULL, keep, &list, &format, &err);
	if (ok)
		printf("%s\t%s\t%zu\n", path, format, list.count);
	else
		printf("%s\t%s\trefused: %s%s%s\n", path, format, err.message ? err.message : "?",
		    err.detail ? " | " : "", err.detail ? err.detail : "");
	err_clear(&err);
	free(data);
}

int
main(int argc, char **argv)
{
	bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;

	for (int i = 1 + verbose; i < argc; i++)
		list_file(argv[i], verbose, false);
	return 0;
}
