#include "ui/form.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/command.h"
#include "store/words.h"
#include "ui/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 200
#define TEXT_MAX 60000
#define LABEL_MAX 18
#define PLACE "" /* in a draft, beside the fields: the one that was typed in */

enum { FORM_NEXT = 1, FORM_BACK, FORM_FINISH };

static const struct key_row rows[] = {
    {{K_TAB, K_DOWN}, FORM_NEXT, N_("next field"), N_("the next field")},
    {{K_BACKTAB, K_UP}, FORM_BACK, NULL, N_("the field before")},
    {{CTRL_KEY('s'), K_F(10)}, FORM_FINISH, N_("do it"), N_("finish: do what the form says")},
};
const struct key_table form_keys = KEY_TABLE(rows);

static struct form_field *
focused(struct form *f)
{
	return &f->fields[f->focus];
}

/* --- things ------------------------------------------------------------------------------ */

/* Things a word may mean, over all kinds the parameter takes. */
static size_t
find_things(const struct form *f, const struct form_field *field, const char *word,
    struct popup_item *out, size_t max)
{
	char name[64];
	size_t n = 0;

	for (const char *c = field->param->of; c && *c && n < max;) {
		size_t size = strcspn(c, "|");
		const struct thing_kind *kind;
		struct thing found[FORM_OFFERS];
		size_t count;

		cut_format(name, sizeof(name), "%.*s", (int)size, c);
		c += size + (c[size] == '|');
		kind = thing_kind_find(f->st, name);
		count = kind ? kind->find(f->st, f->actor, word, found, FORM_OFFERS) : 0;
		for (size_t i = 0; i < count && n < max; i++, n++) {
			out[n].id = found[i].id;
			memcpy(out[n].word, found[i].word, sizeof(out[n].word));
			memcpy(out[n].label, found[i].label, sizeof(out[n].label));
		}
	}
	return n;
}

static bool
label_of(const struct form *f, const struct verb_param *param, int64_t id, char *out, size_t size)
{
	char name[64];

	for (const char *c = param->of; c && *c;) {
		size_t n = strcspn(c, "|");
		const struct thing_kind *kind;

		cut_format(name, sizeof(name), "%.*s", (int)n, c);
		c += n + (c[n] == '|');
		kind = thing_kind_find(f->st, name);
		if (kind && kind->label_of && kind->label_of(f->st, id, out, size))
			return true;
	}
	return false;
}

/* The list under a field of a thing, while it is not settled. */
static void
offer(struct form *f)
{
	struct form_field *field = focused(f);

	f->n_offers = f->offer = 0;
	if (field->param->type == ARG_THING && !field->thing)
		f->n_offers = find_things(f, field, field->text.text, f->offers, FORM_OFFERS);
}

static void
take(struct form *f, const struct popup_item *item)
{
	struct form_field *field = focused(f);
	char label[192];

	field->thing = item->id;
	editor_set(&field->text,
	    label_of(f, field->param, item->id, label, sizeof(label)) ? label : item->word);
	f->n_offers = 0;
	f->version++;
}

/* --- opening ----------------------------------------------------------------------------- */

/* A day is shown without the hour it begins at. */
static char *
time_text(int64_t at, char *out, size_t size)
{
	struct civil when;

	clock_civil(at, &when);
	return clock_format(out, size, at,
	    when.hour == 0 && when.minute == 0 && when.second == 0 ? CLOCK_YMD : CLOCK_YMD_HM);
}

static void
preset_field(struct form *f, struct form_field *field, json_t *value)
{
	char text[256];

	if (!value)
		return;
	if (field->param->type == ARG_THING) {
		if (json_is_string(value)) { /* of a draft: typed, not yet taken */
			editor_set(&field->text, json_string_value(value));
		} else if (label_of(
			       f, field->param, json_integer_value(value), text, sizeof(text))) {
			field->thing = json_integer_value(value);
			editor_set(&field->text, text);
		}
	} else if (field->param->type == ARG_TIME && json_is_integer(value)) {
		editor_set(&field->text, time_text(json_integer_value(value), text, sizeof(text)));
	} else if (field->param->type == ARG_FLAG) {
		editor_set(&field->text, json_is_true(value) || json_is_string(value) ? "1" : "");
	} else if (json_is_string(value)) {
		editor_set(&field->text, json_string_value(value));
	} else if (json_is_integer(value)) {
		cut_format(text, sizeof(text), "%lld", (long long)json_integer_value(value));
		editor_set(&field->text, text);
	} else if (json_is_real(value)) {
		cut_format(text, sizeof(text), "%g", json_real_value(value));
		editor_set(&field->text, text);
	}
}

/*
 * Where one begins to type: the first field that must be filled or takes a figure, else the first empty one. What may be left out is reached by
 * S-Tab: an officer who types at once must not type into a mark or a minor field.
 */
static size_t
first_to_fill(const struct form *f)
{
	size_t empty = f->n;

	for (size_t i = 0; i < f->n; i++) {
		if (f->fields[i].text.size > 0)
			continue;
		if (f->fields[i].param->required || f->fields[i].param->type == ARG_INT)
			return i;
		if (empty == f->n)
			empty = i;
	}
	return empty < f->n ? empty : f->n - 1;
}

void
form_open(struct form *f, struct store *st, const struct actor *actor, const struct verb *verb,
    json_t *preset)
{
	memset(f, 0, sizeof(*f));
	f->st = st;
	f->actor = actor;
	f->verb = verb;
	f->n = verb->n_params;
	f->fields = mem_zero(f->n + 1, sizeof(*f->fields));
	for (size_t i = 0; i < f->n; i++) {
		struct form_field *field = &f->fields[i];
		bool lines = verb->params[i].type == ARG_REST;

		field->param = &verb->params[i];
		editor_init(&field->text, lines, lines ? TEXT_MAX : WORD_MAX);
		preset_field(f, field, preset ? json_object_get(preset, field->param->name) : NULL);
	}
	if (f->n) {
		f->focus = first_to_fill(f);
		offer(f);
	}
}

void
form_close(struct form *f)
{
	for (size_t i = 0; i < f->n; i++) {
		editor_clear(&f->fields[i].text);
		free(f->fields[i].problem);
	}
	free(f->fields);
	memset(f, 0, sizeof(*f));
}

bool
form_is_empty(const struct form *f)
{
	return f->version == 0;
}

/* --- keys -------------------------------------------------------------------------------- */

static void
go_to(struct form *f, size_t i)
{
	f->focus = i;
	offer(f);
}

/* Choices: the next one round, or the one a letter begins. */
static bool
choose(struct form_field *field, uint32_t code)
{
	const char *choices[32];
	size_t sizes[32], n = 0, now = 32;
	char text[64];

	for (const char *c = field->param->of; c && *c && n < 32; n++) {
		choices[n] = c;
		sizes[n] = strcspn(c, "|");
		if (sizes[n] == field->text.size && memcmp(c, field->text.text, sizes[n]) == 0)
			now = n;
		c += sizes[n] + (c[sizes[n]] == '|');
	}
	if (code == K_RIGHT || code == ' ')
		now = now == 32 ? 0 : (now + 1) % n;
	else if (code == K_LEFT)
		now = now == 32 ? n - 1 : (now + n - 1) % n;
	else if (code == K_BACKSPACE || code == K_DELETE)
		now = 32;
	else {
		size_t i, from = now == 32 ? 0 : now + 1;

		for (i = 0; i < n && (uint32_t)choices[(from + i) % n][0] != code; i++)
			;
		if (i == n)
			return false;
		now = (from + i) % n;
	}
	cut_format(
	    text, sizeof(text), "%.*s", now < n ? (int)sizes[now] : 0, now < n ? choices[now] : "");
	editor_replace(&field->text, 0, field->text.size, text);
	return true;
}

static bool
edit(struct form *f, struct form_field *field, const struct key *key)
{
	uint64_t before = field->text.version;
	bool taken;

	switch (field->param->type) {
	case ARG_CHOICE:
		return choose(field, key->code);
	case ARG_FLAG:
		if (key->code != ' ')
			return false;
		editor_replace(&field->text, 0, field->text.size, field->text.size ? "" : "1");
		return true;
	default:
		break;
	}
	taken = editor_key(&field->text, key);
	if (field->text.version != before && field->param->type == ARG_THING) {
		if (field->thing)
			editor_set(&field->text, "");
		field->thing = 0;
		offer(f);
	}
	return taken;
}

/* Up and Down inside an editor of several lines, until its first or last line. */
static bool
moves_inside(struct form_field *field, uint32_t code)
{
	struct editor *e = &field->text;
	size_t line;

	if (field->param->type != ARG_REST || (code != K_UP && code != K_DOWN) || !e->wrapped.n)
		return false;
	line = text_line_of(&e->wrapped, e->cursor);
	return code == K_UP ? line > 0 : line + 1 < e->wrapped.n;
}

static enum form_answer
key_of_offers(struct form *f, uint32_t code)
{
	if (f->n_offers == 0)
		return FORM_PASS;
	if (code == K_DOWN) {
		f->offer += f->offer + 1 < f->n_offers;
		return FORM_STAYS;
	}
	if (code == K_UP && f->offer > 0) {
		f->offer--;
		return FORM_STAYS;
	}
	if (code == K_ENTER || (code == K_TAB && focused(f)->text.size > 0)) {
		take(f, &f->offers[f->offer]);
		if (f->focus + 1 < f->n)
			go_to(f, f->focus + 1);
		return FORM_CHANGED;
	}
	return FORM_PASS;
}

enum form_answer
form_key(struct form *f, const struct key *key)
{
	struct form_field *field = focused(f);
	uint64_t before = field->text.version;
	enum form_answer answer = key_of_offers(f, key->code);
	int action = key_action(&form_keys, key->code);

	if (answer != FORM_PASS)
		return answer;
	if (action == FORM_FINISH)
		return FORM_SUBMIT;
	if (key->code == K_ENTER && field->param->type != ARG_REST) {
		if (f->focus + 1 == f->n)
			return FORM_SUBMIT;
		action = FORM_NEXT;
	}
	if (action && !moves_inside(field, key->code)) {
		/* Tab goes round: the first fields may lie before the one where one began to type. */
		if (action == FORM_NEXT && (key->code == K_TAB || f->focus + 1 < f->n))
			go_to(f, (f->focus + 1) % f->n);
		if (action == FORM_BACK && (key->code == K_BACKTAB || f->focus > 0))
			go_to(f, (f->focus + f->n - 1) % f->n);
		return FORM_STAYS;
	}
	if (!edit(f, field, key))
		return FORM_PASS;
	if (field->text.version == before)
		return FORM_STAYS; /* moved only */
	free(field->problem);
	field->problem = NULL;
	f->version++;
	return FORM_CHANGED;
}

/* --- reading ----------------------------------------------------------------------------- */

static bool
bad(struct form *f, struct form_field *field, const char *problem)
{
	free(field->problem);
	field->problem = mem_dup(problem);
	f->focus = (size_t)(field - f->fields);
	offer(f);
	return false;
}

static bool
read_number(struct form *f, struct form_field *field, json_t **out)
{
	char typed[WORD_MAX + 1], *end;

	words_fold(field->text.text, field->text.size, typed, sizeof(typed));
	errno = 0;
	if (field->param->type == ARG_INT)
		*out = json_integer(strtoll(typed, &end, 10));
	else
		*out = json_real(strtod(typed, &end));
	if (errno || *end || end == typed) {
		json_decref(*out);
		*out = NULL;
		return bad(f, field, _("a number is expected"));
	}
	return true;
}

/* As on the `:` line: 0010 at ten to midnight is the coming night's where the field looks ahead. */
static bool
read_time(struct form *f, struct form_field *field, json_t **out)
{
	int64_t at;

	if (!command_time(field->text.text, clock_now(), field->param->of, &at))
		return bad(f, field, _("a time is expected, as 03:12 or 2025-07-10 03:12"));
	*out = json_integer(at);
	return true;
}

static bool
read_field(struct form *f, struct form_field *field, json_t **out)
{
	struct popup_item found[2];

	*out = NULL;
	if (field->text.size == 0)
		return field->param->required ? bad(f, field, _("this is needed")) : true;
	switch (field->param->type) {
	case ARG_INT:
	case ARG_REAL:
		return read_number(f, field, out);
	case ARG_TIME:
		return read_time(f, field, out);
	case ARG_FLAG:
		*out = json_true();
		return true;
	case ARG_THING:
		if (!field->thing && find_things(f, field, field->text.text, found, 2) != 1)
			return bad(f, field, _("which one? choose below"));
		*out = json_integer(field->thing ? field->thing : found[0].id);
		return true;
	default:
		*out = json_string(field->text.text);
		return true;
	}
}

json_t *
form_args(struct form *f)
{
	json_t *args = json_object();

	for (size_t i = 0; i < f->n; i++) {
		json_t *value;

		if (!read_field(f, &f->fields[i], &value)) {
			json_decref(args);
			return NULL;
		}
		if (value)
			json_object_set_new(args, f->fields[i].param->name, value);
	}
	return args;
}

char *
form_text(const struct form *f)
{
	json_t *all = json_object();
	char *text;

	for (size_t i = 0; i < f->n; i++) {
		const struct form_field *field = &f->fields[i];

		if (field->thing)
			json_object_set_new(all, field->param->name, json_integer(field->thing));
		else if (field->text.size)
			json_object_set_new(all, field->param->name, json_string(field->text.text));
	}
	if (json_object_size(all) && f->n)
		json_object_set_new(all, PLACE, json_string(f->fields[f->focus].param->name));
	text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return text;
}

void
form_restore(struct form *f, const char *text)
{
	json_t *all = json_loads(text, 0, NULL);
	const char *place = json_string_value(json_object_get(all, PLACE));

	for (size_t i = 0; i < f->n && all; i++) {
		struct form_field *field = &f->fields[i];
		json_t *value = json_object_get(all, field->param->name);

		if (value && !(field->thing && field->param->type == ARG_THING))
			preset_field(f, field, value);
		if (place && strcmp(place, field->param->name) == 0)
			f->focus = i;
	}
	json_decref(all);
	offer(f);
}

/* --- drawing ----------------------------------------------------------------------------- */

static void
draw_choices(const struct form_field *field, int y, int x, int columns)
{
	char text[64];

	for (const char *c = field->param->of; c && *c;) {
		size_t n = strcspn(c, "|");
		bool chosen = n == field->text.size && memcmp(c, field->text.text, n) == 0;
		const char *word;
		int used;

		cut_format(text, sizeof(text), "%.*s", (int)n, c);
		word = command_choice_label(text);
		used = draw_columns(word);
		if (used + 4 > columns)
			return;
		draw_text(y, x, 1, chosen ? "[" : " ", STYLE_STRONG);
		draw_text(y, x + 1, used, word, chosen ? STYLE_STRONG : STYLE_FAINT);
		draw_text(y, x + 1 + used, 1, chosen ? "]" : " ", STYLE_STRONG);
		x += used + 3;
		columns -= used + 3;
		c += n + (c[n] == '|');
	}
}

static int
height_of(struct form_field *field, int columns, int most)
{
	int lines;

	if (field->param->type != ARG_REST)
		return 1;
	lines = (int)editor_height(&field->text, columns - 1) + 1;
	return lines < 3 ? 3 : lines < most ? lines : most < 3 ? 3 : most;
}

static void
draw_field(struct form *f, size_t i, struct area a, int label)
{
	struct form_field *field = &f->fields[i];
	struct area value = {a.y, a.x + label + 5, a.rows, a.columns - label - 6};
	bool focus = i == f->focus;

	if (focus)
		draw_text(a.y, a.x + 1, 1, ">", STYLE_STRONG);
	draw_cut(a.y, a.x + 3, label, _(field->param->label), focus ? STYLE_STRONG : STYLE_NORMAL);
	if (field->param->required)
		draw_text(a.y, a.x + 3 + label, 1, "*", STYLE_SOON);
	if (field->param->type == ARG_CHOICE) {
		draw_choices(field, value.y, value.x, value.columns);
		if (focus)
			draw_cursor(value.y, value.x);
	} else if (field->param->type == ARG_FLAG) {
		draw_text(value.y, value.x, 3, field->text.size ? "[x]" : "[ ]", STYLE_NORMAL);
		if (focus)
			draw_cursor(value.y, value.x + 1);
	} else {
		editor_draw(&field->text, value, NULL, 0, focus);
	}
}

/* Under the fields: what is wrong, the help, the things to choose from. */
static void
draw_foot(struct form *f, struct area a, int label)
{
	struct form_field *field = focused(f);

	if (field->problem)
		draw_cut(a.y, a.x + label + 5, a.columns - label - 6, field->problem, STYLE_URGENT);
	else if (field->param->help)
		draw_cut(a.y, a.x + label + 5, a.columns - label - 6, _(field->param->help),
		    STYLE_FAINT);
	a.y++;
	a.rows--;
	if (a.rows > (int)f->n_offers)
		a.rows = (int)f->n_offers;
	a.x += label + 2;
	a.columns -= label + 2;
	if (a.rows > 0)
		popup_draw_items(a, f->offers, f->n_offers, 0, f->offer, false);
}

void
form_draw(struct form *f, struct area a)
{
	int label = 4, foot = f->n_offers ? (int)f->n_offers + 2 : 2, y = a.y, room;

	for (size_t i = 0; i < f->n; i++) {
		int wide = draw_columns(_(f->fields[i].param->label));

		label = wide > label ? wide : label;
	}
	label = label > LABEL_MAX ? LABEL_MAX : label;
	if (foot > a.rows / 2)
		foot = a.rows / 2;
	room = a.rows - foot;
	if (f->top > f->focus)
		f->top = f->focus;
	if (f->focus >= f->top + (size_t)room)
		f->top = f->focus - (size_t)room + 1;
	for (size_t i = f->top; i < f->n && y < a.y + room; i++) {
		int rest = (int)(f->n - i - 1), free_rows = a.y + room - y;
		int rows_of = height_of(&f->fields[i], a.columns - label - 6,
		    free_rows - rest > 3 ? free_rows - rest : 3);
		struct area place = {y, a.x, rows_of < free_rows ? rows_of : free_rows, a.columns};

		draw_field(f, i, place, label);
		y += place.rows;
	}
	draw_foot(f,
	    (struct area){y + 1 < a.y + a.rows ? y + 1 : y, a.x, a.y + a.rows - y - 1, a.columns},
	    label);
}
