/* The ledger: balances are exact at every step, and what cannot be is refused. */
#include "tests/resource/county.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static struct county c;

static int
make(void **state)
{
	(void)state;
	clock_pin(INT64_C(1752088320000));
	county_make(&c);
	return 0;
}

static int
unmake(void **state)
{
	(void)state;
	county_clear(&c);
	return 0;
}

#define A(...) (snprintf(args, sizeof(args), __VA_ARGS__), args)
static char args[400];
#define D (long long)c.depot
#define O (long long)c.other

static void
check(int64_t depot, const char *goods, int64_t hand, int64_t promised, int64_t keep,
    int64_t available)
{
	struct stock_balance b;

	resource_balance(c.st, depot, goods, &b);
	assert_int_equal(b.hand, hand);
	assert_int_equal(b.promised, promised);
	assert_int_equal(b.keep, keep);
	assert_int_equal(b.available, available);
}

static int64_t
batch(int64_t depot, const char *name)
{
	return sql_one_int(c.st,
	    "SELECT quantity FROM stock WHERE depot = ?1 AND goods = 'bag' AND batch = ?2", -1,
	    "it", depot, name);
}

static void
adds_up_batches(void **state)
{
	(void)state;
	check(c.depot, "bag", 0, 0, 0, 0);
	county_do(&c, "stock.add",
	    A("depot#%lld;goods=bag;quantity#6000;batch=2024-04;keep#2000;expiry=2026-04-30", D));
	county_do(&c, "stock.add", A("depot#%lld;goods=沙袋;quantity#4000;batch=2025-05", D));
	assert_non_null(strstr(county_said, "10000"));
	check(c.depot, "bag", 10000, 0, 2000, 8000);
	/* A further delivery of a batch keeps what it had. */
	county_do(&c, "stock.add", A("depot#%lld;goods=编织袋;quantity#500;batch=2024-04", D));
	check(c.depot, "bag", 10500, 0, 2000, 8500);
	assert_int_equal(
	    sql_one_int(c.st, "SELECT count(*) FROM stock WHERE expiry = '2026-04-30'", 0, ""), 1);
}

static void
counts_promises_until_they_end(void **state)
{
	int64_t a, b;

	(void)state;
	county_do(&c, "stock.add", A("depot#%lld;goods=bag;quantity#10000;keep#2000", D));
	a = county_assign(&c, c.depot, "bag", 5000, "reserved");
	check(c.depot, "bag", 10000, 5000, 2000, 3000);
	b = county_assign(&c, c.depot, "bag", 3000, "dispatched");
	check(c.depot, "bag", 10000, 8000, 2000, 0);
	/* The keep is never counted below nothing. */
	county_do(&c, "stock.add", A("depot#%lld;goods=pump;quantity#2;keep#4", D));
	check(c.depot, "pump", 2, 0, 4, 0);
	county_assign_state(&c, a, "onscene");
	check(c.depot, "bag", 10000, 8000, 2000, 0);
	county_assign_state(&c, a, "cancelled");
	check(c.depot, "bag", 10000, 3000, 2000, 5000);
	/* Used up: on hand goes down with the release, so that available grows by what came back
	 * only. */
	county_do(&c, "test.use_up", A("depot#%lld;goods=bag;quantity#2500", D));
	county_assign_state(&c, b, "released");
	check(c.depot, "bag", 7500, 0, 2000, 5500);
	county_refused(&c, NULL, "test.use_up", A("depot#%lld;goods=bag;quantity#7501", D),
	    ERR_REFUSED, "7500");
	check(c.depot, "bag", 7500, 0, 2000, 5500);
}

static void
takes_what_expires_first(void **state)
{
	(void)state;
	county_do(&c, "stock.add",
	    A("depot#%lld;goods=bag;quantity#100;batch=late;expiry=2028-01-01", D));
	county_do(&c, "stock.add", A("depot#%lld;goods=bag;quantity#100;batch=never", D));
	county_do(&c, "stock.add",
	    A("depot#%lld;goods=bag;quantity#100;batch=soon;expiry=2025-12-31", D));
	county_do(&c, "stock.move", A("from#%lld;to#%lld;goods=bag;quantity#150;why=调剂", D, O));
	assert_int_equal(batch(c.depot, "soon"), 0);
	assert_int_equal(batch(c.depot, "late"), 50);
	assert_int_equal(batch(c.depot, "never"), 100);
	assert_int_equal(batch(c.other, "soon"), 100);
	assert_int_equal(batch(c.other, "late"), 50);
	check(c.depot, "bag", 150, 0, 0, 150);
	check(c.other, "bag", 150, 0, 0, 150);
	assert_int_equal(
	    sql_one_int(c.st,
		"SELECT count(*) FROM stock WHERE depot = ?1 AND expiry = '2025-12-31'", 0, "i",
		c.other),
	    1);
}

static void
moves_only_what_is_free(void **state)
{
	(void)state;
	county_do(&c, "stock.add", A("depot#%lld;goods=bag;quantity#1000;keep#300", D));
	county_assign(&c, c.depot, "bag", 200, "enroute");
	county_refused(&c, NULL, "stock.move",
	    A("from#%lld;to#%lld;goods=bag;quantity#501;why=x", D, O), ERR_REFUSED, "500");
	county_refused(&c, NULL, "stock.move",
	    A("from#%lld;to#%lld;goods=bag;quantity#5;why=x", D, D), ERR_INPUT, NULL);
	county_refused(&c, NULL, "stock.move",
	    A("from#%lld;to#%lld;goods=bag;quantity#0;why=x", D, O), ERR_INPUT, NULL);
	county_refused(&c, NULL, "stock.move",
	    A("from#%lld;to#%lld;goods=船;quantity#5;why=x", D, O), ERR_NOT_FOUND, "船");
	check(c.depot, "bag", 1000, 200, 300, 500);
	check(c.other, "bag", 0, 0, 0, 0);
	county_do(&c, "stock.move", A("from#%lld;to#%lld;goods=bag;quantity#500;why=x", D, O));
	check(c.depot, "bag", 500, 200, 300, 0);
	check(c.other, "bag", 500, 0, 0, 500);
}

static void
inventory_stays_above_promises(void **state)
{
	struct stock_balance b;

	(void)state;
	county_do(&c, "stock.add",
	    A("depot#%lld;goods=bag;quantity#1000;batch=a;confirmed=2024-01-01", D));
	county_do(&c, "stock.add", A("depot#%lld;goods=bag;quantity#100;batch=b", D));
	resource_balance(c.st, c.depot, "bag", &b);
	assert_true(b.confirmed < clock_now() - 300 * CLOCK_DAY);
	county_assign(&c, c.depot, "bag", 700, "reserved");
	county_refused(&c, NULL, "stock.count",
	    A("depot#%lld;goods=bag;quantity#599;batch=a;why=盘点", D), ERR_REFUSED, "700");
	county_refused(&c, NULL, "stock.count",
	    A("depot#%lld;goods=bag;quantity#5;batch=zz;why=盘点", D), ERR_NOT_FOUND, "zz");
	county_refused(&c, NULL, "stock.count", A("depot#%lld;goods=bag;quantity#900;batch=a", D),
	    ERR_INPUT, NULL);
	county_do(&c, "stock.count", A("depot#%lld;goods=bag;quantity#600;batch=a;why=盘点", D));
	check(c.depot, "bag", 700, 700, 0, 0);
	resource_balance(c.st, c.depot, "bag", &b);
	assert_true(b.confirmed == clock_now());
	county_refused(
	    &c, NULL, "stock.add", A("depot#%lld;goods=bag;quantity#0", D), ERR_INPUT, NULL);
	county_refused(&c, NULL, "stock.add", A("depot#%lld;goods=bag;quantity#2000000000", D),
	    ERR_INPUT, NULL);
	county_refused(&c, NULL, "stock.add", A("depot#%lld;goods=bag;quantity#5;expiry=明年", D),
	    ERR_INPUT, "明年");
	check(c.depot, "bag", 700, 700, 0, 0);
}

static void
lists_stock_and_totals(void **state)
{
	struct resource_filter f = {0};
	struct stock_row rows[8];
	struct goods_row totals[8];

	(void)state;
	county_do(&c, "stock.add",
	    A("depot#%lld;goods=bag;quantity#1000;batch=a;keep#400;expiry=2027-01-01", D));
	county_do(
	    &c, "stock.add", A("depot#%lld;goods=bag;quantity#500;batch=b;expiry=2026-06-30", D));
	county_do(&c, "stock.add", A("depot#%lld;goods=bag;quantity#200;keep#300", O));
	county_do(&c, "stock.add", A("depot#%lld;goods=pump;quantity#4", D));
	county_assign(&c, c.depot, "bag", 100, "dispatched");
	assert_int_equal(resource_stock(c.st, &f, rows, 8), 3);
	f.code = "沙袋";
	assert_int_equal(resource_stock(c.st, &f, rows, 8), 2);
	for (int i = 0; i < 2; i++)
		if (rows[i].depot == c.depot) {
			assert_int_equal(rows[i].balance.hand, 1500);
			assert_int_equal(rows[i].balance.promised, 100);
			assert_int_equal(rows[i].balance.available, 1000);
			assert_int_equal(rows[i].batches, 2);
			assert_string_equal(rows[i].expiry, "2026-06-30");
			assert_string_equal(rows[i].unit, "只");
		} else
			assert_int_equal(rows[i].balance.available, 0);
	f.free_only = true;
	assert_int_equal(resource_stock(c.st, &f, rows, 8), 1);
	f = (struct resource_filter){.area = LINZE};
	assert_int_equal(resource_stock(c.st, &f, rows, 8), 1);
	f = (struct resource_filter){.words = "lzck"};
	assert_int_equal(resource_stock(c.st, &f, rows, 8), 1);
	assert_true(rows[0].depot == c.other);
	f = (struct resource_filter){0};
	assert_int_equal(resource_goods(c.st, &f, totals, 8), 2);
	assert_string_equal(totals[0].code, "bag"); /* bzd before plb */
	assert_int_equal(totals[0].depots, 2);
	assert_int_equal(totals[0].balance.hand, 1700);
	assert_int_equal(totals[0].balance.keep, 700);
	assert_int_equal(totals[0].balance.available, 1000);
	snprintf(f.page.key, sizeof(f.page.key), "%s", totals[0].key);
	assert_int_equal(resource_goods(c.st, &f, totals, 8), 1);
	assert_string_equal(totals[0].code, "pump");
}

static void
township_keeps_to_its_own(void **state)
{
	struct actor linze = room_person(c.st, "林丹", ROLE_TOWNSHIP, LINZE);

	(void)state;
	county_do(&c, "stock.add", A("depot#%lld;goods=bag;quantity#100", D));
	county_do(&c, "stock.add", A("depot#%lld;goods=bag;quantity#100", O));
	county_refused(&c, &linze, "stock.count", A("depot#%lld;goods=bag;quantity#5;why=x", D),
	    ERR_REFUSED, NULL);
	county_refused(&c, &linze, "stock.move",
	    A("from#%lld;to#%lld;goods=bag;quantity#5;why=x", D, O), ERR_REFUSED, NULL);
	county_refused(&c, &linze, "goods.add", "code=x;name=新;unit=件", ERR_REFUSED, NULL);
	room_do(c.st, &linze, "stock.count",
	    json_pack("{s:I, s:s, s:i, s:s}", "depot", (json_int_t)c.other, "goods", "bag",
		"quantity", 90, "why", "盘点"));
	check(c.other, "bag", 90, 0, 0, 90);
	check(c.depot, "bag", 100, 0, 0, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(adds_up_batches, make, unmake),
	    cmocka_unit_test_setup_teardown(counts_promises_until_they_end, make, unmake),
	    cmocka_unit_test_setup_teardown(takes_what_expires_first, make, unmake),
	    cmocka_unit_test_setup_teardown(moves_only_what_is_free, make, unmake),
	    cmocka_unit_test_setup_teardown(inventory_stays_above_promises, make, unmake),
	    cmocka_unit_test_setup_teardown(lists_stock_and_totals, make, unmake),
	    cmocka_unit_test_setup_teardown(township_keeps_to_its_own, make, unmake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
