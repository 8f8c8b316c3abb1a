/* Playing a scene: command lines with the time and the person that belong to them. */
#include "house/house.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/command.h"

#include <stdlib.h>
#include <string.h>

struct scene {
	struct store *st;
	struct actor actor;
};

bool
house_turn(struct store *st, struct actor *actor, const char *words, struct err *err)
{
	char *copy = mem_dup(words), *p = copy;
	bool ok = true;

	while (ok && *(p += strspn(p, " \t")) != '\0') {
		size_t n = strcspn(p, " \t");
		bool more = p[n] != '\0';
		int64_t t;

		p[n] = '\0';
		if (command_time(p, clock_now(), "ahead", &t)) {
			clock_pin(t);
		} else {
			char via[sizeof(actor->via)];

			memcpy(via, actor->via, sizeof(via));
			ok = actor_find(st, p, actor, err);
			memcpy(actor->via, via, sizeof(via));
		}
		p += n + more;
	}
	free(copy);
	return ok;
}

static bool
play_line(
    struct scene *scene, struct house_line *line, scene_fn *tell, void *context, struct err *err)
{
	struct verb_result result = {0, 0, 0, NULL};
	struct err why = ERR_NONE;

	if (line->text[0] == '@')
		line->done = house_turn(scene->st, &scene->actor, line->text + 1, &why);
	else
		line->done = house_tick(scene->st, &why) &&
			     command_run(scene->st, &scene->actor, line->text, NULL, &result, &why);
	line->seq = line->done ? result.seq : 0;
	line->said = line->done ? result.said : why.message;
	if (tell)
		tell(context, line);
	if (!line->done)
		err_set(err, why.code, _("line %d: %s"), (int)line->number, why.message);
	verb_result_clear(&result);
	err_clear(&why);
	return line->done;
}

bool
house_play(struct store *st, const struct actor *actor, const char *text, bool keep_going,
    scene_fn *tell, void *context, struct err *err)
{
	struct scene scene = {st, *actor};
	int64_t pinned = clock_pinned();
	char *copy = mem_dup(text), *p = copy;
	struct house_line line = {0, NULL, false, 0, NULL};
	bool ok = true;

	while (*p && (ok || keep_going)) {
		size_t n = strcspn(p, "\n");
		bool more = p[n] != '\0';

		p[n] = '\0';
		if (n && p[n - 1] == '\r')
			p[n - 1] = '\0';
		line.number++;
		line.text = p + strspn(p, " \t");
		if (*line.text && *line.text != '#' &&
		    !play_line(&scene, &line, tell, context, err))
			ok = false;
		p += n + more;
	}
	clock_pin(pinned);
	free(copy);
	return ok;
}
