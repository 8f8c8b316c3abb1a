/* Search over 100,000 texts: how long a query of two and of four characters takes, and how long one more text. */
#include "house/house.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "store/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define TEXTS 100000

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Words of the trade in an order that depends on i: wide enough that most pairs are rare and a few common. */
static void
compose(char *out, size_t size, unsigned i)
{
	static const char *const place[] = {"临泽镇", "三垛镇", "甘垛镇", "龙虬镇", "界首镇", "周山镇", "送桥镇", "卸甲镇", "汤庄镇", "车逻镇", "菱塘乡"};
	static const char *const what[] = {"圩堤管涌", "槽罐车侧翻", "厂房起火", "燃气泄漏", "路面积水", "学生溺水", "食物中毒", "线路停电", "桥梁受损", "秸秆焚烧", "树木倒伏", "货船碰撞"};
	static const char *const who[] = {"值班员", "村支书", "交警", "群众", "网格员", "站长"};
	static const char *const how[] = {"已派员到场", "正在核实", "暂无人员伤亡", "请求支援", "水位上涨", "交通中断", "现场可控", "继续观察"};
	unsigned r = i * 2654435761u;

	snprintf(out, size, "%s%s来电：%s第%u组%s，%s，%s，报告编号%u。", place[r % 11], who[(r >> 4) % 6], place[(r >> 8) % 11],
	    r % 97, what[(r >> 12) % 12], how[(r >> 16) % 8], how[(r >> 20) % 8], i);
}

static void
query(struct store *st, const char *words)
{
	struct search_hit hits[20];
	double best = 1e9, start;
	size_t n = 0;

	for (int i = 0; i < 20; i++) {
		start = now_ms();
		n = search_find(st, NULL, words, 0, hits, COUNT_OF(hits), NULL);
		if (now_ms() - start < best)
			best = now_ms() - start;
	}
	printf("search %-24s newest %zu of %d texts in %.2f ms\n", words, n, TEXTS, best);
}

static bool
fill(struct store *st, const struct actor *actor, struct err *err)
{
	char text[512];

	for (unsigned i = 0; i < TEXTS; i += 1000) {
		bool good = store_batch_begin(st, err);

		for (unsigned k = 0; good && k < 1000; k++) {
			struct verb_result result;
			json_t *args;

			compose(text, sizeof(text), i + k);
			args = json_pack("{s:s}", "text", text);
			good = verb_run(st, actor, "journal.note", args, &result, err);
			json_decref(args);
			if (good)
				verb_result_clear(&result);
		}
		if (!store_batch_end(st, good, err))
			return false;
	}
	return true;
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_print("%s/zhiban-bench-XXXXXX", tmp ? tmp : "/tmp"), *path;
	struct err err = ERR_NONE;
	struct store *st;
	struct actor actor;
	double start;

	i18n_init();
	if (!mkdtemp(dir))
		return 1;
	path = mem_print("%s/duty.db", dir);
	if (!house_create(path, 0, false, &err) || !(st = house_open(path, STORE_WRITE, &err))) {
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	actor_system(&actor, "bench");
	start = now_ms();
	if (!fill(st, &actor, &err)) {
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	printf("search: %d texts entered through verbs in batches of 1000: %.0f/s\n", TEXTS,
	    TEXTS / ((now_ms() - start) / 1e3));
	query(st, "管涌");
	query(st, "水位上涨");
	query(st, "报告编号99999");
	query(st, "临泽镇 食物中毒");
	query(st, "无此词语");
	store_close(st);
	free(path);
	printf("store left in %s\n", dir);
	free(dir);
	return 0;
}
