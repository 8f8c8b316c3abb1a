#include "ui/screens/facts.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

static const char *
bound_mark(enum fact_bound bound)
{
	switch (bound) {
	case BOUND_ABOUT:
		return _("about ");
	case BOUND_AT_LEAST:
		return _("at least ");
	case BOUND_AT_MOST:
		return _("at most ");
	case BOUND_EXACT:
		break;
	}
	return "";
}

char *
figure_say(enum fact_kind kind, int64_t value, enum fact_bound bound, char *out, size_t size)
{
	const char *mark = bound == BOUND_ABOUT && value == 1
			       ? _("perhaps ") /* nobody is about one */
			       : bound_mark(bound);

	return cut_format(out, size,
	    kind == FACT_HOUSEHOLDS
		? ngettext("%s %s%lld household", "%s %s%lld households", (unsigned long)value)
		: _("%s %s%lld"),
	    fact_kind_label(kind), mark, (long long)value);
}

static const char *
name_of(const struct fact *f)
{
	return f->name ? f->name : f->norm ? f->norm : f->text ? f->text : "";
}

char *
fact_say(const struct fact *f, char *out, size_t size)
{
	const char *label = fact_kind_label(f->kind);
	char time[32];

	if (fact_kind_is_count(f->kind))
		return f->negated ? cut_format(out, size, _("%s none"), label)
				  : figure_say(f->kind, f->value, f->bound, out, size);
	if (f->kind == FACT_TIME)
		return cut_format(out, size, "%s %s%s", label, bound_mark(f->bound),
		    clock_format(time, sizeof(time), f->value,
			f->precision == PRECISION_DAY ? CLOCK_MD : CLOCK_MD_HM));
	if (f->kind == FACT_SUBSTANCE && f->un)
		return cut_format(out, size, "%s %s UN%d", label, name_of(f), f->un);
	if (f->unit && f->amount > 0)
		return cut_format(
		    out, size, "%s %s%g%s", label, bound_mark(f->bound), f->amount, f->unit);
	if (strcmp(label, name_of(f)) == 0) /* 泄漏 is what is told and what kind it is */
		return cut_format(out, size, "%s", label);
	return cut_format(out, size, "%s %s", label, name_of(f));
}

static int
by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

size_t
fact_spans(const struct reading *r, struct span *out, size_t max)
{
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < r->n_facts && n < max; i++)
		if (r->facts[i].byte_end > r->facts[i].byte_start)
			out[n++] = (struct span){
			    r->facts[i].byte_start, r->facts[i].byte_end, STYLE_WORDS};
	qsort(out, n, sizeof(*out), by_start);
	for (size_t i = 0; i < n; i++) {
		if (kept && out[i].start < out[kept - 1].end) {
			if (out[i].end > out[kept - 1].end)
				out[kept - 1].end = out[i].end;
			continue;
		}
		out[kept++] = out[i];
	}
	return kept;
}
