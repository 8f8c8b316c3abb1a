/*
 * fill STORE INCIDENTS ROWS: a store of a busy county after years: the demo county, INCIDENTS incidents opened from calls (all
 * but the last 40 filed), and notes until the journal has ROWS rows. Everything goes through the verbs, in batches, so the
 * store is what years of use would have left, chain and search index included. Takes minutes for a million rows.
 */
#include "house/house.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 2000
#define OPEN_ONES 40

static struct store *st;
static struct actor actor;
static struct err err = ERR_NONE;
static long rows;

static void
fail(void)
{
	fprintf(stderr, "fill: %s (%s)\n", err.message, err.detail ? err.detail : "");
	exit(1);
}

static int64_t
act(const char *verb, json_t *args)
{
	struct verb_result result;
	int64_t subject;

	if (rows % BATCH == 0 && rows && (!store_batch_end(st, true, &err) || !store_batch_begin(st, &err)))
		fail();
	if (!verb_run(st, &actor, verb, args, &result, &err))
		fail();
	subject = result.subject;
	verb_result_clear(&result);
	json_decref(args);
	rows++;
	return subject;
}

static void
incident(long i, long n, int64_t received)
{
	static const char *const what[] = {"两车相撞，1人轻伤，车道受阻", "居民楼厨房起火，无人员伤亡", "路面积水约30厘米",
	    "圩堤发现渗漏，面积约2平方米", "燃气管道被挖断，有气味", "线路跳闸，约200户停电", "一名儿童走失", "秸秆焚烧，过火约3亩"};
	static const char *const where[] = {"临泽镇", "三垛镇", "甘垛镇", "龙虬镇", "界首镇", "周山镇", "送桥镇", "卸甲镇"};
	static const char *const nature[] = {"交通事故", "居民楼火灾", "道路积水", "圩堤渗漏", "燃气泄漏", "停电", "儿童走失", "秸秆焚烧"};
	json_t *args = json_pack("{s:o,s:s,s:s,s:I}", "text",
	    json_sprintf("%s东风村%ld组%s", where[i % 8], i % 30 + 1, what[i / 3 % 8]), "source", "110", "nature", nature[i / 3 % 8], "received",
	    (json_int_t)received);
	int64_t id;

	id = act("incident.open", args);
	if (i < n - OPEN_ONES)
		act("incident.not", json_pack("{s:I,s:s,s:s}", "incident", (json_int_t)id, "cause", "已由属地处置", "measure",
			"电话回访确认"));
}

int
main(int argc, char **argv)
{
	long n_incidents, n_rows;
	int64_t start;

	i18n_init();
	if (argc != 4) {
		fprintf(stderr, "usage: fill STORE INCIDENTS ROWS\n");
		return 2;
	}
	n_incidents = strtol(argv[2], NULL, 10);
	n_rows = strtol(argv[3], NULL, 10);
	if (!house_create(argv[1], 0, true, &err) || !(st = house_open(argv[1], STORE_WRITE, &err)))
		fail();
	actor_system(&actor, "fill");
	start = clock_now() - (int64_t)n_incidents * 20 * CLOCK_MINUTE;
	if (!store_batch_begin(st, &err))
		fail();
	for (long i = 0; i < n_incidents; i++)
		incident(i, n_incidents, start + i * 20 * CLOCK_MINUTE);
	for (long i = 0; rows < n_rows; i++)
		act("journal.note", json_pack("{s:o}", "text",
			json_sprintf("第%ld号记录：三垛站水位%ld.%02ld米，东门大桥交通正常", i, 1 + i % 2, i % 100)));
	if (!store_batch_end(st, true, &err))
		fail();
	store_close(st);
	return 0;
}
