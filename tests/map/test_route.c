/* Ways along roads: round the lake, over interchanges, and none where no road leads. */
#include "tests/test.h"

#include "base/mem.h"
#include "base/paths.h"
#include "map/route.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct route_net *
net_of(const char *text, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char path[256];
	struct route_net *net;
	FILE *f;
	int fd;

	snprintf(path, sizeof(path), "%s/zhiban-route-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	fd = mkstemp(path);
	f = fdopen(fd, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	net = route_load(path, err);
	unlink(path);
	return net;
}

/*
 *	        M (motorway, 100 km/h)
 *	A ------X------ B    country road, 60 km/h, 10 km each half
 *	        |
 *	        S            10 km south on the motorway
 *	C ------------- D    crosses the motorway at S's point's height without sharing a point
 */
static const char plan[] = "code\tname\tclass\tkmh\tpoints\n"
			   "R\tr\tcounty\t60\t119.0,33.0 119.1,33.0 119.2,33.0\n"
			   "M\tm\tmotorway\t100\t119.1,33.1 119.1,33.0 119.1,32.8\n"
			   "Q\tq\tcounty\t60\t119.0,32.9 119.2,32.9\n";

static void
follows_the_roads(void **state)
{
	struct err err = ERR_NONE;
	struct route_net *net = net_of(plan, &err);
	struct point a = {119.0, 33.0}, b = {119.2, 33.0}, scene = {119.1, 32.9},
		     off = {119.0, 32.905}, x = {119.1, 33.0};
	double metres, minutes, half = geo_distance(a, x) * 1.1;

	(void)state;
	assert_non_null(net);
	minutes = route_minutes(net, a, b, &metres);
	assert_true(fabs(metres - 2 * half) < 5);
	assert_true(fabs(minutes - metres / 1000) < 0.1); /* 60 km/h: a minute a kilometre */
	/* The same back. */
	assert_true(fabs(route_minutes(net, b, a, NULL) - minutes) < 0.001);
	/* From A to the crossing of Q with the motorway: it lies on Q too, but Q does not reach R.
	 * On the motorway's foot the scene is as near as on Q, and the first road of the table
	 * counts. */
	minutes = route_minutes(net, a, scene, &metres);
	assert_true(
	    fabs(minutes - (half / 1000 + geo_distance(x, scene) * 1.1 / 100 * 60 / 1000)) < 0.1);
	/* Q has no interchange: nobody comes from R. */
	assert_true(route_minutes(net, a, off, NULL) < 0);
	/* A place beside the motorway is not on it. */
	assert_true(route_minutes(net, a, (struct point){119.102, 32.85}, NULL) < 0);
	/* The end of an edge and the middle of the same edge. */
	minutes = route_minutes(net, a, (struct point){119.05, 33.0}, &metres);
	assert_true(fabs(metres - half / 2) < 5);
	/* Near ones need no road, far ones have none. */
	assert_true(fabs(route_minutes(net, off, (struct point){119.0, 32.915}, &metres) -
			 metres / 1000 / 25 * 60) < 0.01);
	assert_true(route_minutes(net, a, (struct point){120.0, 33.0}, NULL) < 0);
	route_free(net);
}

static void
keeps_no_stale_tree(void **state)
{
	struct err err = ERR_NONE;
	struct route_net *net = net_of(plan, &err);
	struct point a = {119.0, 33.0}, b = {119.2, 33.0}, c = {119.1, 33.0};
	double ab, cb;

	(void)state;
	assert_non_null(net);
	ab = route_minutes(net, a, b, NULL);
	cb = route_minutes(net, c, b, NULL);
	assert_true(fabs(ab - 2 * cb) < 0.1);
	assert_true(fabs(route_minutes(net, a, c, NULL) - cb) < 0.1);
	assert_true(route_minutes(net, b, (struct point){121, 33}, NULL) < 0);
	assert_true(fabs(route_minutes(net, a, b, NULL) - ab) < 0.001);
	route_free(net);
}

static void
refuses_what_is_no_road(void **state)
{
	static const char *const bad[] = {"code\tname\tclass\tkmh\n",
	    "class\tkmh\tpoints\nc\t0\t1,1 2,2\n", "class\tkmh\tpoints\nc\t50\t1,1 2;2\n",
	    "class\tkmh\tpoints\nc\t50\t1,1 200,2\n", "class\tkmh\tpoints\nc\tfast\t1,1 2,2\n"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err err = ERR_NONE;

		assert_null(net_of(bad[i], &err));
		assert_non_null(err.message);
		err_clear(&err);
	}
	struct err err = ERR_NONE;
	struct route_net *net = net_of("class\tkmh\tpoints\n", &err);

	assert_non_null(net);
	assert_true(route_minutes(net, (struct point){119, 33}, (struct point){119, 34}, NULL) < 0);
	route_free(net);
	assert_null(route_load("/nonexistent/roads.tsv", &err));
	err_clear(&err);
}

/* The demo county: the night of 03:12, and the lake between the east and the west. */
static void
knows_the_demo_county(void **state)
{
	struct err err = ERR_NONE;
	char *path = paths_data_file("demo/roads.tsv");
	struct route_net *net = route_load(path, &err);
	struct point scene = {119.565, 32.800}, fire = {119.461, 32.794},
		     songqiao = {119.305, 32.647}, linze = {119.665, 32.986};
	double metres, minutes;

	(void)state;
	free(path);
	assert_non_null(net);
	minutes = route_minutes(net, fire, scene, &metres);
	print_message("# fire brigade to K1023+500: %.0f min, %.1f km\n", minutes, metres / 1000);
	assert_true(minutes > 9 && minutes < 20);
	minutes = route_minutes(net, songqiao, scene, &metres);
	print_message(
	    "# west of the lake to K1023+500: %.0f min, %.1f km\n", minutes, metres / 1000);
	assert_true(metres > 1.15 * geo_distance(songqiao, scene));
	minutes = route_minutes(net, fire, linze, &metres);
	print_message(
	    "# fire brigade to the dike at 临泽: %.0f min, %.1f km\n", minutes, metres / 1000);
	assert_true(minutes > 25 && minutes < 60);
	route_free(net);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(follows_the_roads),
	    cmocka_unit_test(keeps_no_stale_tree),
	    cmocka_unit_test(refuses_what_is_no_road),
	    cmocka_unit_test(knows_the_demo_county),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
