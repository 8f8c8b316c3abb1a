#include "decide/taxonomy.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/tsv.h"

#include <stdlib.h>
#include <string.h>

/* A table being read: its file and the columns asked for. */
#define COLUMNS_MAX 8

struct table {
	struct tsv *tsv;
	int column[COLUMNS_MAX];
};

static bool
table_open(struct table *t, const char *dir, const char *file, const char *const *columns, size_t n,
    struct err *err)
{
	char *path = mem_print("%s/%s", dir, file);
	bool fine;

	t->tsv = tsv_open(path, err);
	free(path);
	fine = t->tsv != NULL;
	for (size_t i = 0; fine && i < n; i++)
		fine = (t->column[i] = tsv_column(t->tsv, columns[i], true, err)) >= 0;
	if (t->tsv && !fine)
		(void)!tsv_close(t->tsv, err);
	return fine;
}

static const char *
get(const struct table *t, int i)
{
	return tsv_get(t->tsv, t->column[i]);
}

struct adding {
	struct lexicon *lexicon;
	struct words *words;
};

static void
add_word(void *context, const char *word, size_t n)
{
	struct adding *adding = context;

	mem_grow(&adding->words->item, &adding->words->room, adding->words->count);
	adding->words->item[adding->words->count++] = lexicon_cue(adding->lexicon, word, n);
}

static void
read_words(struct lexicon *lexicon, const char *list, struct words *words)
{
	struct adding adding = {lexicon, words};

	memset(words, 0, sizeof(*words));
	lexicon_words(list, '|', add_word, &adding);
}

static bool
load_types(struct taxonomy *t, const char *dir, struct err *err)
{
	static const char *const columns[] = {"code", "name", "name_en", "depth"};
	struct table table;

	if (!table_open(&table, dir, "event_types.tsv", columns, COUNT_OF(columns), err))
		return false;
	while (tsv_next(table.tsv)) {
		mem_grow(&t->type, &t->type_room, t->n_types);
		t->type[t->n_types++] =
		    (struct type_row){mem_dup(get(&table, 0)), mem_dup(get(&table, 1)),
			mem_dup(get(&table, 2)), (int)strtol(get(&table, 3), NULL, 10)};
	}
	return tsv_close(table.tsv, err);
}

static bool
load_cues(struct taxonomy *t, struct lexicon *lexicon, const char *dir, struct err *err)
{
	static const char *const columns[] = {"code", "weight", "scope", "any", "with", "without"};
	struct table table;
	bool fine = true;

	if (!table_open(&table, dir, "cues.tsv", columns, COUNT_OF(columns), err))
		return false;
	while (fine && tsv_next(table.tsv)) {
		int type = taxonomy_type(t, get(&table, 0));
		struct cue_row *row;

		if (type < 0) {
			fine = err_set(err, ERR_INPUT, _("%s, line %ld: \"%s\" is no event type"),
			    tsv_path(table.tsv), tsv_line(table.tsv), get(&table, 0));
			break;
		}
		mem_grow(&t->cue, &t->cue_room, t->n_cues);
		row = &t->cue[t->n_cues++];
		row->type = (size_t)type;
		row->weight = strtod(get(&table, 1), NULL);
		row->scope = get(&table, 2)[0] == 'd' ? 'd' : 's';
		read_words(lexicon, get(&table, 3), &row->any);
		read_words(lexicon, get(&table, 4), &row->with);
		read_words(lexicon, get(&table, 5), &row->without);
	}
	return tsv_close(table.tsv, err) && fine;
}

static bool
load_leads(struct taxonomy *t, const char *dir, struct err *err)
{
	static const char *const columns[] = {"prefix", "lead", "helpers"};
	struct table table;

	if (!table_open(&table, dir, "lead_units.tsv", columns, COUNT_OF(columns), err))
		return false;
	while (tsv_next(table.tsv)) {
		mem_grow(&t->lead, &t->lead_room, t->n_leads);
		t->lead[t->n_leads++] = (struct lead_row){
		    mem_dup(get(&table, 0)), mem_dup(get(&table, 1)), mem_dup(get(&table, 2))};
	}
	return tsv_close(table.tsv, err);
}

static int
read_grade(const char *word)
{
	static const char *const names[] = {"near_miss", "I", "II", "III", "IV"};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], word) == 0)
			return (int)i;
	return -1;
}

static bool
load_grades(struct taxonomy *t, const char *dir, struct err *err)
{
	static const char *const columns[] = {
	    "id", "types", "metric", "at_least", "grade", "clause"};
	struct table table;
	bool fine = true;

	if (!table_open(&table, dir, "grades.tsv", columns, COUNT_OF(columns), err))
		return false;
	while (fine && tsv_next(table.tsv)) {
		int grade = read_grade(get(&table, 4));

		if (grade < 0) {
			fine = err_set(err, ERR_INPUT, _("%s, line %ld: \"%s\" is no grade"),
			    tsv_path(table.tsv), tsv_line(table.tsv), get(&table, 4));
			break;
		}
		mem_grow(&t->grade, &t->grade_room, t->n_grades);
		t->grade[t->n_grades++] = (struct grade_row){mem_dup(get(&table, 0)),
		    mem_dup(get(&table, 1)), mem_dup(get(&table, 2)), mem_dup(get(&table, 5)),
		    strtod(get(&table, 3), NULL), (enum grade)grade};
	}
	return tsv_close(table.tsv, err) && fine;
}

static bool
load_sensitive(struct taxonomy *t, struct lexicon *lexicon, const char *dir, struct err *err)
{
	static const char *const columns[] = {"flag", "types", "any", "with", "without", "why"};
	struct table table;

	if (!table_open(&table, dir, "sensitive.tsv", columns, COUNT_OF(columns), err))
		return false;
	while (tsv_next(table.tsv)) {
		struct sensitive_row *row;

		mem_grow(&t->sensitive, &t->sensitive_room, t->n_sensitive);
		row = &t->sensitive[t->n_sensitive++];
		row->near_miss = strcmp(get(&table, 0), "near_miss") == 0;
		row->types = mem_dup(get(&table, 1));
		read_words(lexicon, get(&table, 2), &row->any);
		read_words(lexicon, get(&table, 3), &row->with);
		read_words(lexicon, get(&table, 4), &row->without);
		row->why = mem_dup(get(&table, 5));
	}
	return tsv_close(table.tsv, err);
}

static bool
load_questions(struct taxonomy *t, struct lexicon *lexicon, const char *dir, struct err *err)
{
	static const char *const columns[] = {
	    "element", "types", "required", "unless", "words", "question"};
	struct table table;

	if (!table_open(&table, dir, "questions.tsv", columns, COUNT_OF(columns), err))
		return false;
	while (tsv_next(table.tsv)) {
		struct question_row *row;

		mem_grow(&t->question, &t->question_room, t->n_questions);
		row = &t->question[t->n_questions++];
		row->element = mem_dup(get(&table, 0));
		row->types = mem_dup(get(&table, 1));
		row->required = strcmp(get(&table, 2), "yes") == 0;
		row->unless = mem_dup(get(&table, 3));
		read_words(lexicon, get(&table, 4), &row->words);
		row->question = mem_dup(get(&table, 5));
	}
	return tsv_close(table.tsv, err);
}

bool
taxonomy_load(struct taxonomy *t, struct lexicon *lexicon, const char *dir, struct err *err)
{
	char *substances = mem_print("%s/substances.tsv", dir);
	char *places = mem_print("%s/place_words.tsv", dir);
	bool fine;

	memset(t, 0, sizeof(*t));
	fine = load_types(t, dir, err) && load_cues(t, lexicon, dir, err) &&
	       load_leads(t, dir, err) && load_grades(t, dir, err) &&
	       load_sensitive(t, lexicon, dir, err) && load_questions(t, lexicon, dir, err) &&
	       substances_load(&t->substances, substances, err) &&
	       place_words_load(&t->place_words, places, err);
	free(substances);
	free(places);
	if (!fine)
		taxonomy_clear(t);
	return fine;
}

void
taxonomy_clear(struct taxonomy *t)
{
	for (size_t i = 0; i < t->n_types; i++) {
		free(t->type[i].code);
		free(t->type[i].name);
		free(t->type[i].name_en);
	}
	for (size_t i = 0; i < t->n_cues; i++) {
		free(t->cue[i].any.item);
		free(t->cue[i].with.item);
		free(t->cue[i].without.item);
	}
	for (size_t i = 0; i < t->n_leads; i++) {
		free(t->lead[i].prefix);
		free(t->lead[i].lead);
		free(t->lead[i].helpers);
	}
	for (size_t i = 0; i < t->n_grades; i++) {
		free(t->grade[i].id);
		free(t->grade[i].types);
		free(t->grade[i].metric);
		free(t->grade[i].clause);
	}
	for (size_t i = 0; i < t->n_sensitive; i++) {
		free(t->sensitive[i].any.item);
		free(t->sensitive[i].with.item);
		free(t->sensitive[i].without.item);
		free(t->sensitive[i].why);
		free(t->sensitive[i].types);
	}
	for (size_t i = 0; i < t->n_questions; i++) {
		free(t->question[i].element);
		free(t->question[i].types);
		free(t->question[i].question);
		free(t->question[i].unless);
		free(t->question[i].words.item);
	}
	free(t->type);
	free(t->cue);
	free(t->lead);
	free(t->grade);
	free(t->sensitive);
	free(t->question);
	substances_clear(&t->substances);
	place_words_clear(&t->place_words);
	memset(t, 0, sizeof(*t));
}

int
taxonomy_type(const struct taxonomy *t, const char *code)
{
	for (size_t i = 0; i < t->n_types; i++)
		if (strcmp(t->type[i].code, code) == 0)
			return (int)i;
	return -1;
}

const char *
taxonomy_name(const struct type_row *row)
{
	return i18n_is_chinese() || row->name_en[0] == '\0' ? row->name : row->name_en;
}

bool
taxonomy_covers(const char *list, const char *code)
{
	if (list[0] == '\0')
		return true;
	while (*list) {
		size_t n = strcspn(list, "|");

		if (n > 0 && strncmp(list, code, n) == 0)
			return true;
		list += list[n] ? n + 1 : n;
	}
	return false;
}

const struct lead_row *
taxonomy_lead(const struct taxonomy *t, const char *code)
{
	const struct lead_row *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < t->n_leads; i++) {
		size_t n = strlen(t->lead[i].prefix);

		if (strncmp(t->lead[i].prefix, code, n) == 0 && (!best || n > longest)) {
			best = &t->lead[i];
			longest = n;
		}
	}
	return best;
}
