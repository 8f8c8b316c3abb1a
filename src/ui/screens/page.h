/*
 * The pages of an incident: each a file page_*.c with static functions and one const struct
 * page_ops at its end, as screens are. A page is opened when it is first looked at and keeps its
 * place while the incident is open.
 */
#ifndef UI_SCREENS_PAGE_H
#define UI_SCREENS_PAGE_H

#include "incident/incident.h"
#include "ui/screen.h"

#include <stdint.h>

struct page {
	const struct page_ops *ops;
	struct screen *screen;
	int64_t incident;
	const struct incident_row *row; /* the incident now; the frame's, read anew at each load */
	void *state;                    /* owned, of ops->size bytes, zeroed */
};

struct page_ops {
	const char *name;               /* "clocks": what a screen is opened with */
	const char *title;              /* N_() */
	size_t size;
	struct key_table keys;
	const struct key_table *more_keys; /* of a widget, in place of `keys` in hints and help; NULL: keys */
	void (*open)(struct page *p);
	void (*load)(struct page *p);
	void (*draw)(struct page *p, struct area a);
	enum paint (*key)(struct page *p, const struct key *key);
	enum paint (*act)(struct page *p, int action);
	/* Add to the command line's defaults. NULL: nothing beside the incident. */
	void (*context)(struct page *p, json_t *context);
	int64_t (*countdown)(struct page *p);
	void (*close)(struct page *p);
};

extern const struct page_ops page_overview, page_timeline, page_casualties, page_clocks, page_orders, page_resources,
    page_responses, page_reports, page_calls;

/* {"incident": ID} to preset a form. New reference. */
json_t *page_preset(const struct page *p);

#endif
