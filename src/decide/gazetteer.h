/* Inside of the gazetteer of reading.h: every word by which a name is called, with what it stands for. */
#ifndef DECIDE_GAZETTEER_H
#define DECIDE_GAZETTEER_H

#include "decide/reading.h"

struct gazetteer_name {
	enum gazetteer_kind kind;
	char *word;       /* as called: the name or an alias; owned */
	char *name;       /* the proper name; owned */
	int64_t id, parent;
	double lon, lat;
};

size_t gazetteer_count(const struct gazetteer *g);
const struct gazetteer_name *gazetteer_at(const struct gazetteer *g, size_t i);

#endif
