#include "decide/fact.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *label;
	bool count;
} kinds[FACT_KINDS] = {
    [FACT_DEAD] = {"dead", N_("Dead"), true},
    [FACT_MISSING] = {"missing", N_("People missing"), true},
    [FACT_INJURED] = {"injured", N_("Injured"), true},
    [FACT_SERIOUS] = {"serious", N_("Seriously injured"), true},
    [FACT_LIGHT] = {"light", N_("Slightly injured"), true},
    [FACT_TRAPPED] = {"trapped", N_("Trapped"), true},
    [FACT_POISONED] = {"poisoned", N_("Poisoned"), true},
    [FACT_ILL] = {"ill", N_("Ill"), true},
    [FACT_EVACUATED] = {"evacuated", N_("Evacuated"), true},
    [FACT_THREATENED] = {"threatened", N_("Threatened"), true},
    [FACT_HOUSEHOLDS] = {"households", N_("Households"), true},
    [FACT_TIME] = {"time", N_("Time of event"), false},
    [FACT_PLACE] = {"place", N_("Place of event"), false},
    [FACT_ROAD] = {"road", N_("Road post"), false},
    [FACT_SUBSTANCE] = {"substance", N_("Substance"), false},
    [FACT_QUANTITY] = {"quantity", N_("Quantity"), false},
    [FACT_PHONE] = {"phone", N_("Phone"), false},
    [FACT_PLATE] = {"plate", N_("Number plate"), false},
    [FACT_WIND] = {"wind", N_("Wind"), false},
    [FACT_MAGNITUDE] = {"magnitude", N_("Magnitude"), false},
    [FACT_UNIT] = {"unit", N_("Unit named"), false},
    [FACT_LOSS] = {"loss", N_("Loss"), false},
    [FACT_AREA] = {"area", N_("Burnt or hit area"), false},
    [FACT_WATER_LEVEL] = {"water_level", N_("Water level"), false},
    [FACT_RAIN] = {"rain", N_("Rain"), false},
    [FACT_LEAK] = {"leak", N_("Leak"), false},
    [FACT_PERSON] = {"person", N_("Person"), false},
};

const char *
fact_kind_name(enum fact_kind kind)
{
	assert(kind < FACT_KINDS);
	return kinds[kind].name;
}

int
fact_kind_from_name(const char *name)
{
	for (int i = 0; i < FACT_KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return i;
	return -1;
}

const char *
fact_kind_label(enum fact_kind kind)
{
	assert(kind < FACT_KINDS);
	return _(kinds[kind].label);
}

bool
fact_kind_is_count(enum fact_kind kind)
{
	assert(kind < FACT_KINDS);
	return kinds[kind].count;
}

struct fact *
fact_list_add(struct fact_list *list, const struct subject *subject, enum fact_kind kind,
    size_t start, size_t end, const char *rule)
{
	struct fact *fact;

	if (list->count >= FACTS_MAX)
		return NULL;
	mem_grow(&list->item, &list->room, list->count);
	fact = &list->item[list->count++];
	memset(fact, 0, sizeof(*fact));
	fact->kind = kind;
	fact->rule = rule;
	fact->start = subject->char_at[start];
	fact->byte_start = subject->source_at[fact->start];
	fact_set_end(fact, subject, end);
	return fact;
}

void
fact_set_end(struct fact *fact, const struct subject *subject, size_t end)
{
	free(fact->text);
	fact->end = subject->char_at[end];
	fact->byte_end = subject->source_at[fact->end];
	fact->text =
	    mem_dupn(subject->source + fact->byte_start, fact->byte_end - fact->byte_start);
}

static int
by_place(const void *left, const void *right)
{
	const struct fact *l = left, *r = right;

	if (l->start != r->start)
		return l->start < r->start ? -1 : 1;
	if (l->end != r->end)
		return l->end > r->end ? -1 : 1;
	return (int)l->kind - (int)r->kind;
}

void
fact_list_sort(struct fact_list *list)
{
	if (list->count > 1)
		qsort(list->item, list->count, sizeof(*list->item), by_place);
}

void
fact_clear(struct fact *fact)
{
	free(fact->text);
	free(fact->norm);
	free(fact->name);
	free(fact->cas);
}
