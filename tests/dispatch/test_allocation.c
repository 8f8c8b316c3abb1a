/*
 * Needs, the allocation over the demo county and how it explains itself, committing it, and initial
 * isolation (script rows 22, 29, 38, 39).
 */
#include "tests/dispatch/scene.h"

#include "base/i18n.h"
#include "map/geo.h"
#include "store/sql.h"

#include <math.h>
#include <stdio.h>

static char text[2048];
#define T(...) (snprintf(text, sizeof(text), __VA_ARGS__), text)

static const struct need *
need_named(const struct need_list *list, const char *code)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->items[i].code, code) == 0)
			return &list->items[i];
	return NULL;
}

static void
get_needs(struct county *c, int64_t incident, struct need_list *list)
{
	struct err err = ERR_NONE;

	if (!dispatch_needs(c->st, incident, list, &err))
		fail_msg("%s", err.message);
}

static void
solve(struct county *c, const struct need_list *list, const struct allocation_pin *pins,
    size_t n_pins, struct allocation *out)
{
	struct err err = ERR_NONE;

	if (!dispatch_allocate(c->st, list->items, list->n, pins, n_pins, out, &err))
		fail_msg("%s", err.message);
	assert_true(out->proven);
}

/* --- needs ------------------------------------------------------------------------------------ */

static void
needs_of_the_plan(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c);
	struct need_list list;
	struct err err = ERR_NONE;
	const struct need *n;
	int64_t before;

	get_needs(c, tanker, &list);
	assert_true(list.proposed && list.level == 4 && list.n >= 6);
	n = need_named(&list, "hazmat");
	assert_true(n && n->team && n->amount == 1 && n->weight == 8);
	assert_string_equal(n->name, "危化品堵漏");
	holds(n->why, "危险化学品");
	assert_non_null(need_named(&list, "medical"));
	before = (int64_t)list.n;
	/* The officer's change, by code or name. */
	assert_true(need_set(c->st, &list, tanker, "编织袋", 300, &err));
	assert_int_equal(need_named(&list, "bag")->amount, 300);
	assert_true(need_set(c->st, &list, tanker, "bag", 500, &err));
	assert_int_equal(list.n, before + 1);
	assert_true(need_set(c->st, &list, tanker, "编织袋", 0, &err));
	assert_null(need_named(&list, "bag"));
	assert_false(need_set(c->st, &list, tanker, "月饼", 1, &err));
	holds(err.message, "月饼");
	err_clear(&err);
	need_list_clear(&list);

	/* What is on its way is taken off: the fire brigade serves one need, an ambulance another.
	 */
	line(c, &c->officer, T("派 高邮消防 %s", scene_no(c, tanker)));
	line(c, &c->officer, T("派 高邮120急救 %s", scene_no(c, tanker)));
	get_needs(c, tanker, &list);
	assert_int_equal(list.n, before - 2);
	assert_null(need_named(&list, "medical"));
	need_list_clear(&list);

	/* A running response decides the level. */
	line(c, &c->chief,
	    T("启动 %s 危化 3 分管副市长 period=12小时 双向封闭", scene_no(c, tanker)));
	get_needs(c, tanker, &list);
	assert_true(!list.proposed && list.level == 3);
	need_list_clear(&list);
}

/* Goods on their way count by amount. */
static void
goods_on_their_way(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c);
	struct need_list list;
	int64_t asked;

	line(c, &c->chief, T("启动 %s 防汛 3 分管副市长 period=两天 巡堤查险", scene_no(c, dike)));
	get_needs(c, dike, &list);
	assert_non_null(need_named(&list, "bag"));
	asked = need_named(&list, "bag")->amount;
	need_list_clear(&list);
	line(c, &c->officer, T("调拨 市防汛仓库 编织袋 100 %s", scene_no(c, dike)));
	get_needs(c, dike, &list);
	assert_int_equal(need_named(&list, "bag")->amount, asked - 100);
	need_list_clear(&list);
}

/* --- allocation ------------------------------------------------------------------------------- */

/* The plan's needs for the tanker, from the demo county: every line can do what it is for, and says
 * why it is there. */
static void
tanker_is_provided_for(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c);
	struct need_list list;
	struct allocation a;
	int64_t served[64] = {0};

	get_needs(c, tanker, &list);
	assert_true(list.n <= 64);
	solve(c, &list, NULL, 0, &a);
	assert_true(a.n_lines >= 6);
	for (size_t i = 0; i < a.n_lines; i++) {
		const struct allocation_line *l = &a.lines[i];

		assert_int_equal(l->incident, tanker);
		assert_true(l->arrival_min > 0 && l->arrival_min <= a.worst_arrival_min + 1e-9);
		assert_true(*l->source_name && *l->brief && *l->why && *l->how);
		assert_true(strncmp(l->phone, "0514-5550", 9) == 0);
		assert_true(l->rank >= 1 && l->rank <= l->candidates);
		served[l->need] += l->amount;
		if (l->team) {
			assert_int_equal(l->amount, 1);
			assert_int_equal(
			    sql_one_int(c->st,
				"SELECT count(*) FROM team_skill WHERE team = ?1 AND skill = ?2", 0,
				"it", l->source, l->code),
			    1);
			for (size_t j = 0; j < i; j++)
				assert_true(!a.lines[j].team || a.lines[j].source != l->source);
		}
	}
	for (size_t i = 0; i < a.n_shortages; i++)
		served[a.shortages[i].need] += a.shortages[i].amount;
	for (size_t i = 0; i < list.n; i++)
		assert_true(served[i] == list.items[i].amount);
	allocation_clear(&a);
	need_list_clear(&list);
}

/* One skill, one team: the nearest by the road; then fixed, ruled out, off and out, each said. */
static void
explains_itself(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c), dike;
	struct need_list list = {0};
	struct err err = ERR_NONE;
	struct allocation a;
	struct allocation_pin pin = {.incident = tanker, .code = "medical"};
	char first[96], second[96];
	double first_min, second_min;

	assert_true(need_set(c->st, &list, tanker, "medical", 1, &err));
	solve(c, &list, NULL, 0, &a);
	assert_int_equal(a.n_lines, 1);
	snprintf(first, sizeof(first), "%s", a.lines[0].source_name);
	first_min = a.lines[0].arrival_min;
	pin.source = a.lines[0].source;
	holds(a.lines[0].brief, "nearest of ");
	holds(a.lines[0].brief, "(road network)");
	holds(a.lines[0].brief, " instead: +");
	assert_null(strstr(a.lines[0].brief, "nearer:"));
	holds(a.lines[0].why, "telephone 0514-5550");
	holds(a.summary, "lines: 1, teams: 1, the last there in ");
	allocation_clear(&a);

	/* Ruled out: the second comes, and the answer says that the nearer one was ruled out. */
	pin.rule = PAIR_FORBIDDEN;
	solve(c, &list, &pin, 1, &a);
	snprintf(second, sizeof(second), "%s", a.lines[0].source_name);
	second_min = a.lines[0].arrival_min;
	assert_string_not_equal(second, first);
	assert_true(second_min >= first_min);
	holds(a.lines[0].brief, "ruled out by the officer");
	pin.source = a.lines[0].source;
	allocation_clear(&a);

	/* Fixed: the second comes though the first is nearer. */
	pin.rule = PAIR_LOCKED;
	solve(c, &list, &pin, 1, &a);
	assert_string_equal(a.lines[0].source_name, second);
	assert_true(a.lines[0].locked && a.lines[0].rank >= 2);
	holds(a.lines[0].brief, "fixed by the officer");
	allocation_clear(&a);
	pin.source = thing_named(c, "team", "水文队");
	assert_false(dispatch_allocate(c->st, list.items, list.n, &pin, 1, &a, &err));
	assert_int_equal(err.code, ERR_INPUT);
	err_clear(&err);

	/* Out with another incident: excluded, and named with where it is. */
	dike = scene_dike(c);
	act(c, &c->officer, "order.issue",
	    json_pack("{s:I, s:I}", "to", (json_int_t)thing_named(c, "team", first), "incident",
		(json_int_t)dike),
	    NULL);
	solve(c, &list, NULL, 0, &a);
	assert_string_equal(a.lines[0].source_name, second);
	holds(a.lines[0].brief, "out (");
	holds(a.lines[0].brief, scene_no(c, dike));
	allocation_clear(&a);
	need_list_clear(&list);
}

/* Two needs, one team near: the line that gets the second one says where the first goes. */
static void
says_who_was_taken(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c);
	struct need_list list = {0};
	struct err err = ERR_NONE;
	struct allocation a;
	bool said = false;

	assert_true(need_set(c->st, &list, tanker, "fire", 1, &err));
	assert_true(need_set(c->st, &list, tanker, "extricate", 1, &err));
	list.items[0].weight = 8;
	solve(c, &list, NULL, 0, &a);
	assert_int_equal(a.n_lines, 2);
	for (size_t i = 0; i < 2; i++)
		if (a.lines[i].rank > 1) {
			holds(a.lines[i].brief, "nearer ");
			holds(a.lines[i].brief, " goes for: ");
			said = true;
		}
	assert_true(said);
	allocation_clear(&a);
	/* Nine ambulances asked for, fewer there: no idle one is left to come instead. */
	assert_true(need_set(c->st, &list, tanker, "fire", 0, &err));
	assert_true(need_set(c->st, &list, tanker, "extricate", 0, &err));
	assert_true(need_set(c->st, &list, tanker, "medical", 9, &err));
	solve(c, &list, NULL, 0, &a);
	assert_true(a.n_lines > 1 && a.n_shortages == 1);
	for (size_t i = 0; i < a.n_lines; i++)
		assert_null(strstr(a.lines[i].brief, " goes for: "));
	holds(a.lines[0].brief, "but it is sent elsewhere");
	allocation_clear(&a);
	need_list_clear(&list);
}

/* In Chinese it reads as a duty officer would note it down. */
static void
reads_like_a_note(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c), dike = scene_dike(c);
	struct need_list list = {0};
	struct err err = ERR_NONE;
	struct allocation a;

	at("07-10 03:25");
	assert_true(need_set(c->st, &list, tanker, "fire", 1, &err));
	line(c, &c->officer, T("派 三垛消防队 %s", scene_no(c, dike)));
	i18n_set_language("zh_CN");
	solve(c, &list, NULL, 0, &a);
	print_message("# %s: %s\n# %s\n", a.lines[0].source_name, a.lines[0].brief, a.summary);
	holds(a.lines[0].brief, "分到（路网）；");
	holds(a.lines[0].brief, "队中最近；若改派 ");
	holds(a.lines[0].brief, "更近的 三垛消防队 出动中");
	holds(a.summary, "最优已证");
	allocation_clear(&a);
	/* Without a road table it says how little it knows. */
	act(c, &c->chief, "setting.set", json_pack("{s:s, s:s}", "name", "roads", "value", "none"),
	    NULL);
	solve(c, &list, NULL, 0, &a);
	holds(a.lines[0].brief, "（直线估算±50%）");
	print_message("# %s: %s\n", a.lines[0].source_name, a.lines[0].brief);
	allocation_clear(&a);
	i18n_set_language("en");
	need_list_clear(&list);
}

/* Two depots with room: what is kept stays; what is short names where it could come from. */
static void
shortage_says_where(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c);
	struct need_list list = {0};
	struct err err = ERR_NONE;
	struct allocation a;
	struct stock_row stock[64];
	struct resource_filter f = {.code = "bag"};
	size_t n = resource_stock(c->st, &f, stock, 64);
	int64_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += stock[i].balance.available;
	assert_true(n < 64 && all > 35000);
	assert_true(need_set(c->st, &list, dike, "bag", all + 700, &err));
	solve(c, &list, NULL, 0, &a);
	assert_int_equal(a.n_shortages, 1);
	assert_int_equal(a.shortages[0].amount, 700);
	holds(a.shortages[0].from, "keeps 20000");
	holds(a.shortages[0].from, "ask ");
	holds(a.shortages[0].from, "use_keep");
	for (size_t i = 0; i < a.n_lines; i++) {
		struct stock_balance b;

		resource_balance(c->st, a.lines[i].source, "bag", &b);
		assert_int_equal(a.lines[i].amount + a.lines[i].remains, b.available);
	}
	allocation_clear(&a);
	/* Plenty: the least weighted arrival takes from the nearest first. */
	assert_true(need_set(c->st, &list, dike, "bag", 1000, &err));
	solve(c, &list, NULL, 0, &a);
	assert_int_equal(a.n_shortages, 0);
	assert_int_equal(a.lines[0].rank, 1);
	allocation_clear(&a);
	need_list_clear(&list);
}

/* Two incidents at once: no team is sent twice, and the heavier need has the better of it. */
static void
several_incidents(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), tanker = scene_tanker(c);
	struct need_list list = {0};
	struct err err = ERR_NONE;
	struct allocation a;
	size_t n[2] = {0, 0};

	assert_true(need_set(c->st, &list, dike, "hazmat", 5, &err));
	assert_true(need_set(c->st, &list, tanker, "hazmat", 5, &err));
	list.items[1].weight = 8;
	solve(c, &list, NULL, 0, &a);
	for (size_t i = 0; i < a.n_lines; i++) {
		n[a.lines[i].need]++;
		for (size_t j = 0; j < i; j++)
			assert_true(a.lines[j].source != a.lines[i].source);
	}
	assert_int_equal(n[1], 5);
	assert_true(n[0] < 5 && a.n_shortages == 1);
	holds(a.shortages[0].from, "ask ");
	allocation_clear(&a);
	need_list_clear(&list);
}

static void
needs_a_position(void **state)
{
	struct county *c = *state;
	int64_t id;
	struct need_list list = {0};
	struct err err = ERR_NONE;
	struct allocation a;
	struct isolation_advice advice;

	at("07-10 03:12");
	id = act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s, s:s, s:s}", "text", "液氨泄漏 UN1005", "place", "某处", "nature",
		"泄漏", "source", "12345"),
	    NULL);
	assert_true(need_set(c->st, &list, id, "fire", 1, &err));
	assert_false(dispatch_allocate(c->st, list.items, list.n, NULL, 0, &a, &err));
	assert_int_equal(err.code, ERR_STATE);
	holds(err.message, "lon=");
	err_clear(&err);
	assert_false(dispatch_isolation(c->st, id, &advice, &err));
	assert_int_equal(err.code, ERR_STATE);
	err_clear(&err);
	need_list_clear(&list);
}

/* --- commit ----------------------------------------------------------------------------------- */

/* Row 22 in one go: all lines or none; a depot gets one order for all it is to load. */
static void
committed_at_once(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), depot = thing_named(c, "depot", "市防汛仓库");
	struct assignment_row rows[16];
	struct order_row orders[16];
	struct order_filter f = {.incident = dike};
	struct stock_balance b;

	at("07-09 18:55");
	bad_line(c, &c->officer,
	    T("按方案派 %s 防汛抢险大队；市防汛仓库 编织袋 999999", scene_no(c, dike)), ERR_REFUSED,
	    "40000");
	assert_int_equal(dispatch_assignments(c->st, dike, 0, false, rows, 16), 0);
	assert_int_equal(dispatch_orders(c->st, &f, orders, 16), 0);
	bad_line(c, &c->officer, T("按方案派 %s 市防汛仓库 编织袋", scene_no(c, dike)), ERR_INPUT,
	    "depot, goods and amount");
	bad_line(
	    c, &c->officer, T("按方案派 %s 不存在的队", scene_no(c, dike)), ERR_NOT_FOUND, NULL);
	line(c, &c->officer,
	    T("按方案派 %s 防汛抢险大队；市防汛仓库 编织袋 5000; 市防汛仓库 土工布 800；市防汛仓库 "
	      "排涝泵 2；市防汛仓库 救援船 1",
		scene_no(c, dike)));
	assert_int_equal(dispatch_assignments(c->st, dike, 0, true, rows, 16), 5);
	assert_int_equal(dispatch_orders(c->st, &f, orders, 16), 2);
	assert_string_equal(orders[0].dest, "高邮市防汛物资仓库");
	holds(orders[0].content, "编织袋 5000 只");
	holds(orders[0].content, "救援船 1 艘");
	assert_int_equal(orders[0].ack_due - orders[0].issued, 10 * CLOCK_MINUTE);
	for (size_t i = 1; i < 5; i++)
		assert_int_equal(rows[i].order, orders[0].id);
	assignment_rows_clear(rows, 5);
	resource_balance(c->st, depot, "bag", &b);
	assert_int_equal(b.promised, 5000);
	/* The same lines again: the team is there already, so nothing at all is done. */
	bad_line(c, &c->officer,
	    T("按方案派 %s 市防汛仓库 编织袋 5000；防汛抢险大队", scene_no(c, dike)), ERR_STATE,
	    "already");
	resource_balance(c->st, depot, "bag", &b);
	assert_int_equal(b.promised, 5000);
}

/* What the allocation proposes can be committed as it is; then nothing more is needed of it. */
static void
proposal_committed(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c);
	struct need_list list;
	struct allocation a;
	char *lines;
	struct assignment_row rows[64];
	size_t n_lines, n_short, n;

	at("07-10 03:26");
	get_needs(c, tanker, &list);
	solve(c, &list, NULL, 0, &a);
	n_lines = a.n_lines;
	n_short = a.n_shortages;
	lines = allocation_lines_text(&a, tanker);
	act(c, &c->officer, "allocation.commit",
	    json_pack(
		"{s:I, s:s, s:b}", "incident", (json_int_t)tanker, "lines", lines, "reserve", 1),
	    NULL);
	assert_int_equal(
	    dispatch_orders(c->st, &(struct order_filter){.incident = tanker}, NULL, 0), 0);
	free(lines);
	n = dispatch_assignments(c->st, tanker, 0, true, rows, 64);
	assert_int_equal(n, n_lines);
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(rows[i].state, "reserved");
		holds(rows[i].why, "there in ");
		assert_true(rows[i].eta_min > 0);
	}
	assignment_rows_clear(rows, n);
	allocation_clear(&a);
	need_list_clear(&list);
	get_needs(c, tanker, &list);
	assert_true(list.n <= n_short); /* only what was short before */
	solve(c, &list, NULL, 0, &a);
	assert_int_equal(a.n_lines, 0);
	allocation_clear(&a);
	need_list_clear(&list);
	/* A reserved team that is called is sent, not assigned twice. */
	line(c, &c->officer, T("派 高邮120急救 %s", scene_no(c, tanker)));
	n = dispatch_assignments(
	    c->st, tanker, thing_named(c, "team", "高邮120急救"), true, rows, 64);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].state, "dispatched");
	assignment_rows_clear(rows, n);
	refused(c, &c->officer, "allocation.commit",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)tanker, "lines", "[{\"team\":1"),
	    ERR_INPUT, "JSON");
	refused(c, &c->officer, "allocation.commit",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)tanker, "lines", "[{}]"), ERR_INPUT,
	    "Line 1");
}

/* --- isolation -------------------------------------------------------------------------------- */

/* Row 38: night, low wind from the south-east, tank truck: 150 m, 1.8 km; the villages to the
 * north-west are listed. */
static void
ammonia_at_night(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c);
	struct isolation_advice a;
	struct incident_row row;
	struct err err = ERR_NONE;
	struct place_row near[400];
	size_t n, listed = 0;
	int64_t people = 0;

	assert_true(dispatch_isolation(c->st, tanker, &a, &err));
	assert_int_equal(a.un, 1005);
	assert_int_equal(a.guide, 125);
	assert_true(a.isolate_m == 150 && a.downwind_m == 1800);
	assert_true(a.night && a.wind_known && a.wind_from == 135);
	holds(a.text, "150 m");
	holds(a.text, "1.8 km");
	holds(a.text, "table 3, highway tank truck");
	holds(a.text, "night");
	holds(a.text, "Initial advice");
	assert_true(incident_get(c->st, tanker, &row));
	assert_true(a.n_places > 0);
	for (size_t i = 0; i < a.n_places; i++) {
		people += a.places[i].people;
		assert_true(i == 0 || a.places[i].metres >= a.places[i - 1].metres);
		assert_true(a.places[i].metres <= 1800 * 1.12);
	}
	assert_int_equal(a.people, people);
	/* Every village downwind is in the list, none upwind. */
	n = resource_places_near(c->st, row.lon, row.lat, 2100, near, 400);
	for (size_t i = 0; i < n; i++) {
		bool in = false, down = geo_downwind((struct point){near[i].lon, near[i].lat},
				     (struct point){row.lon, row.lat}, 135, 1800);

		if (strcmp(near[i].kind, "village") != 0 && strcmp(near[i].kind, "group") != 0)
			continue;
		for (size_t j = 0; j < a.n_places; j++)
			in = in || a.places[j].place == near[i].id;
		assert_true(in || !down);
		assert_true(!in || down ||
			    geo_distance((struct point){near[i].lon, near[i].lat},
				(struct point){row.lon, row.lat}) <= 150);
		listed += in;
	}
	assert_true(listed > 0);
	isolation_advice_clear(&a);

	/* By day the distance is shorter. */
	at("07-10 11:00");
	assert_true(dispatch_isolation(c->st, tanker, &a, &err));
	assert_true(!a.night && a.isolate_m == 150 && a.downwind_m == 800);
	isolation_advice_clear(&a);
	/* The sun: 高邮 on 10 July rises at 05:00 and sets at 19:12 (within the minutes an almanac
	 * gives). */
	at("07-10 04:50");
	assert_true(dispatch_isolation(c->st, tanker, &a, &err));
	assert_true(a.night);
	isolation_advice_clear(&a);
	at("07-10 05:10");
	assert_true(dispatch_isolation(c->st, tanker, &a, &err));
	assert_false(a.night);
	isolation_advice_clear(&a);
	at("07-10 19:05");
	assert_true(dispatch_isolation(c->st, tanker, &a, &err));
	assert_false(a.night);
	isolation_advice_clear(&a);
	at("07-10 19:22");
	assert_true(dispatch_isolation(c->st, tanker, &a, &err));
	assert_true(a.night);
	isolation_advice_clear(&a);
}

static int64_t
spill(struct county *c, const char *words)
{
	return act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s, s:f, s:f, s:s, s:s}", "text", words, "place", "高邮经济开发区",
		"lon", 119.49, "lat", 32.83, "nature", "泄漏", "source", "119"),
	    NULL);
}

/* Unknown wind lists the whole circle; table 1, small cylinders, guide pages; what stands nowhere
 * is said so. */
static void
other_spills(void **state)
{
	struct county *c = *state;
	struct isolation_advice a;
	struct err err = ERR_NONE;
	size_t circle;

	at("07-10 03:30");
	assert_true(dispatch_isolation(c->st, spill(c, "119报告：液氯UN1017钢瓶泄漏"), &a, &err));
	assert_true(a.un == 1017 && !a.wind_known && a.night);
	assert_true(a.isolate_m == 60 && a.downwind_m == 1500);
	holds(a.text, "small spill");
	holds(a.text, "whole circle");
	circle = a.n_places;
	isolation_advice_clear(&a);
	assert_true(dispatch_isolation(
	    c->st, spill(c, "119报告：液氯UN1017钢瓶泄漏，西北风1米/秒"), &a, &err));
	assert_true(a.wind_known && a.wind_from == 315 && a.n_places <= circle);
	isolation_advice_clear(&a);
	/* A battery warehouse (row 29): guide 147, 500 m when it burns. */
	assert_true(dispatch_isolation(
	    c->st, spill(c, "119报告：电池仓库起火，锂离子电池UN3480"), &a, &err));
	assert_true(a.guide == 147 && a.isolate_m == 25 && a.downwind_m == 0);
	holds(a.text, "500 m");
	isolation_advice_clear(&a);
	/* Petrol: guide page 128. */
	assert_true(
	    dispatch_isolation(c->st, spill(c, "119报告：油罐车泄漏汽油UN1203约10吨"), &a, &err));
	assert_true(a.guide == 128 && a.isolate_m == 50 && a.downwind_m == 300);
	isolation_advice_clear(&a);
	/* Nothing dangerous named. */
	assert_false(
	    dispatch_isolation(c->st, spill(c, "119报告：民房起火，无人员被困"), &a, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	holds(err.message, "UN number");
	err_clear(&err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, county_make, county_clear)
	    TEST(needs_of_the_plan),
	    TEST(goods_on_their_way),
	    TEST(tanker_is_provided_for),
	    TEST(explains_itself),
	    TEST(says_who_was_taken),
	    TEST(reads_like_a_note),
	    TEST(shortage_says_where),
	    TEST(several_incidents),
	    TEST(needs_a_position),
	    TEST(committed_at_once),
	    TEST(proposal_committed),
	    TEST(ammonia_at_night),
	    TEST(other_spills),
	};

	i18n_init();
	i18n_set_language("en");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
