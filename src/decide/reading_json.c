#include "decide/reading.h"

#include "base/clock.h"

#include <jansson.h>
#include <string.h>

static const char *const bounds[] = {"exact", "about", "at_least", "at_most"};
static const char *const precisions[] = {"minute", "hour", "part", "day"};
static const char *const grades[] = {NULL, "I", "II", "III", "IV"};

static void
put_text(json_t *object, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_string(text));
}

static void
put_value(json_t *object, const struct fact *fact)
{
	char iso[48];

	if (fact_kind_is_count(fact->kind))
		json_object_set_new(object, "value", json_integer(fact->value));
	else if (fact->kind == FACT_TIME && fact->value == CLOCK_NONE) {
		if (fact->amount != 0)
			json_object_set_new(object, "value", json_sprintf("PT%gM", fact->amount));
	} else if (fact->kind == FACT_TIME)
		json_object_set_new(object, "value",
		    json_string(clock_format(iso, sizeof(iso), fact->value, CLOCK_ISO)));
	else if (fact->norm)
		json_object_set_new(object, "value", json_string(fact->norm));
	else if (fact->amount != 0)
		json_object_set_new(object, "value", json_real(fact->amount));
}

static json_t *
fact_json(const struct fact *fact)
{
	json_t *object = json_object();

	put_text(object, "kind", fact_kind_name(fact->kind));
	put_value(object, fact);
	put_text(object, "text", fact->text);
	json_object_set_new(object, "start", json_integer((json_int_t)fact->start));
	json_object_set_new(object, "end", json_integer((json_int_t)fact->end));
	if (fact->bound != BOUND_EXACT)
		put_text(object, "bound", bounds[fact->bound]);
	if (fact->kind == FACT_TIME)
		put_text(object, "precision", precisions[fact->precision]);
	if (fact->negated)
		json_object_set_new(object, "negated", json_true());
	if (fact->aside)
		json_object_set_new(object, "aside", json_true());
	if (fact->amount != 0)
		json_object_set_new(object, "amount", json_real(fact->amount));
	put_text(object, "unit", fact->unit);
	put_text(object, "name", fact->name);
	put_text(object, "cas", fact->cas);
	if (fact->un)
		json_object_set_new(object, "un", json_integer(fact->un));
	if (fact->ref)
		json_object_set_new(object, "ref", json_integer((json_int_t)fact->ref));
	if (fact->lon != 0 || fact->lat != 0) {
		json_object_set_new(object, "lon", json_real(fact->lon));
		json_object_set_new(object, "lat", json_real(fact->lat));
	}
	put_text(object, "rule", fact->rule);
	return object;
}

static json_t *
grade_json(const struct grading *g)
{
	json_t *object = json_object();

	json_object_set_new(
	    object, "grade", g->grade ? json_string(grades[g->grade]) : json_null());
	put_text(object, "rule", g->rule);
	put_text(object, "why", g->why);
	json_object_set_new(object, "near_miss", json_boolean(g->near_miss));
	put_text(object, "near_miss_why", g->near_miss_why);
	put_text(object, "if_confirmed", grades[g->if_confirmed]);
	json_object_set_new(object, "sensitive", json_boolean(g->sensitive));
	put_text(object, "sensitive_why", g->sensitive_why);
	return object;
}

char *
reading_json(const struct reading *reading, int indent)
{
	json_t *root = json_object(), *types = json_array(), *facts = json_array(),
	       *missing = json_array();
	char *text;

	for (size_t i = 0; i < reading->n_types; i++) {
		json_t *type = json_object();

		put_text(type, "code", reading->types[i].code);
		put_text(type, "name", reading->types[i].name);
		json_object_set_new(type, "score", json_real(reading->types[i].score));
		put_text(type, "why", reading->types[i].why);
		json_array_append_new(types, type);
	}
	for (size_t i = 0; i < reading->n_facts; i++)
		json_array_append_new(facts, fact_json(&reading->facts[i]));
	for (size_t i = 0; i < reading->n_gaps; i++) {
		json_t *gap = json_object();

		put_text(gap, "element", reading->gaps[i].element);
		put_text(gap, "question", reading->gaps[i].question);
		json_object_set_new(gap, "required", json_boolean(reading->gaps[i].required));
		json_array_append_new(missing, gap);
	}
	json_object_set_new(root, "types", types);
	json_object_set_new(root, "facts", facts);
	json_object_set_new(root, "grade", grade_json(&reading->grading));
	json_object_set_new(root, "missing", missing);
	put_text(root, "lead", reading->lead);
	put_text(root, "helpers", reading->helpers);
	put_text(root, "title", reading->title);
	text = json_dumps(root, (indent > 0 ? JSON_INDENT((size_t)indent) : JSON_COMPACT) |
				    JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(10));
	json_decref(root);
	return text;
}
