/* Outlines that meet, graze, hold each other or miss by a little. */
#include "tests/test.h"

#include "base/mem.h"
#include "map/ring.h"

#include <math.h>
#include <stdlib.h>

#define RING(...)                                                                                  \
	{                                                                                          \
		(struct point[]){__VA_ARGS__},                                                     \
		    sizeof((struct point[]){__VA_ARGS__}) / sizeof(struct point), 0, 0, 0, 0       \
	}

/* A square with a square hole, and an island in the hole. */
static struct ring land[] = {RING({0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}),
    RING({4, 4}, {6, 4}, {6, 6}, {4, 6}), RING({4.9, 4.9}, {5.1, 4.9}, {5.1, 5.1}, {4.9, 5.1})};

static bool
meets(struct point a, struct point b, struct point c, struct point d)
{
	struct point points[] = {a, b, c, d};
	struct ring ring = {points, 4, 0, 0, 0, 0};
	bool one, other;

	for (size_t i = 0; i < COUNT_OF(land); i++)
		ring_measure(&land[i]);
	ring_measure(&ring);
	one = rings_meet(&ring, 1, land, COUNT_OF(land));
	other = rings_meet(land, COUNT_OF(land), &ring, 1);
	assert_int_equal(one, other);
	return one;
}

static bool
box_meets(double west, double south, double east, double north)
{
	return meets((struct point){west, south}, (struct point){east, south},
	    (struct point){east, north}, (struct point){west, north});
}

static void
meeting(void **state)
{
	(void)state;
	assert_true(box_meets(-1, -1, 11, 11));		/* around it */
	assert_true(box_meets(1, 1, 2, 2));		/* in it */
	assert_true(box_meets(9.999999, 3, 12, 4));	/* grazes by a decimetre */
	assert_true(box_meets(10, 3, 12, 4));		/* a piece of border in common */
	assert_true(box_meets(10, 10, 12, 12));		/* a corner in common */
	assert_false(box_meets(10.000001, 3, 12, 4));	/* misses by one */
	assert_false(box_meets(4.2, 4.2, 4.8, 4.8));	/* in the hole, beside the island */
	assert_true(box_meets(4.2, 4.2, 5, 5));		/* as far as the island */
	assert_true(box_meets(3.9, 4.2, 4.1, 4.8));	/* over the hole's border */
	assert_true(box_meets(4.95, 4.95, 5.05, 5.05)); /* on the island */
	/* Crosses with no corner of either in the other. */
	assert_true(box_meets(-1, 2, 11, 2.1));
	/* Its box covers the land, it does not: a triangle beside the corner. */
	assert_false(meets((struct point){10.5, -1}, (struct point){11, -1}, (struct point){11, 11},
	    (struct point){10.9, 11}));
	assert_false(meets((struct point){-1, 9.5}, (struct point){0.4, 10.9},
	    (struct point){-1, 11}, (struct point){-1, 10}));
}

static void
holding(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(land); i++)
		ring_measure(&land[i]);
	assert_true(rings_hold(land, COUNT_OF(land), (struct point){1, 1}));
	assert_false(rings_hold(land, COUNT_OF(land), (struct point){4.5, 4.5}));
	assert_true(rings_hold(land, COUNT_OF(land), (struct point){5, 5}));
	assert_false(rings_hold(land, COUNT_OF(land), (struct point){-0.1, 5}));
}

/* A circle's edge: 1 km beside the border, radius a metre less and a metre more. */
static void
near(void **state)
{
	struct ring square = RING({119, 32}, {120, 32}, {120, 33}, {119, 33});
	struct point east = geo_destination((struct point){120, 32.5}, 90, 1000);
	double d;

	(void)state;
	ring_measure(&square);
	d = geo_distance(east, (struct point){120, 32.5});
	assert_true(fabs(d - 1000) < 0.01);
	assert_false(rings_near(&square, 1, east, 998));
	assert_true(rings_near(&square, 1, east, 1002));
	assert_true(rings_near(&square, 1, (struct point){119.5, 32.5}, 0));
	/* Beside the corner the distance is to the corner, not to the lines' going on. */
	east = geo_destination((struct point){120, 33}, 45, 1000);
	assert_false(rings_near(&square, 1, east, 990));
	assert_true(rings_near(&square, 1, east, 1010));
}

/* Against a slow second opinion: a grid of points in both means that they meet. */
static void
by_chance(void **state)
{
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct point a[5], b[4];
		struct ring x = {a, 5, 0, 0, 0, 0}, y = {b, 4, 0, 0, 0, 0};
		bool met, common = false;

		for (int i = 0; i < 9; i++) {
			struct point *p = i < 5 ? &a[i] : &b[i - 5];

			seed = seed * 1103515245u + 12345u;
			p->lon = (seed >> 8) % 1000 / 100.0;
			seed = seed * 1103515245u + 12345u;
			p->lat = (seed >> 8) % 1000 / 100.0;
		}
		ring_measure(&x);
		ring_measure(&y);
		met = rings_meet(&x, 1, &y, 1);
		assert_int_equal(met, rings_meet(&y, 1, &x, 1));
		for (int i = 0; !common && i < 40; i++)
			for (int j = 0; !common && j < 40; j++) {
				struct point p = {i / 4.0 + 0.0137, j / 4.0 + 0.0071};

				common = rings_hold(&x, 1, p) && rings_hold(&y, 1, p);
			}
		if (common)
			assert_true(met);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(meeting),
	    cmocka_unit_test(holding),
	    cmocka_unit_test(near),
	    cmocka_unit_test(by_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
