/* house_create that fails on the way: it says where, and leaves nothing behind. */
#include "tests/test.h"

#include "house/house.h"
#include "tests/store/room.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[256];

static void
put(const char *name, const char *text)
{
	char path[320];
	FILE *f;

	snprintf(path, sizeof(path), "%s/data/demo/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
make(void **state)
{
	char path[320];

	(void)state;
	test_folder(dir, sizeof(dir), "failure");
	snprintf(path, sizeof(path), "%s/data", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	setenv("ZHIBAN_DATA", path, 1);
	snprintf(path, sizeof(path), "%s/data/demo", dir);
	return mkdir(path, 0700);
}

static int
unmake(void **state)
{
	(void)state;
	room_remove(dir);
	return 0;
}

/* Nothing but the data directory stands in `dir`. */
static void
nothing_left(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.' && strcmp(e->d_name, "data") != 0)
			fail_msg("%s was left behind", e->d_name);
	closedir(d);
}

static void
create_fails(const char *words)
{
	struct err err = ERR_NONE;
	char path[320];

	snprintf(path, sizeof(path), "%s/duty.db", dir);
	assert_false(house_create(path, 0, true, &err));
	assert_non_null(err.message);
	if (!strstr(err.message, words))
		fail_msg("\"%s\" does not say \"%s\"", err.message, words);
	err_clear(&err);
	nothing_left();
}

static void
says_where_it_failed(void **state)
{
	(void)state;
	create_fails("skills.tsv");
	put("skills.tsv", "code\tname\nfire\t灭火\nhazmat\n");
	create_fails("skills.tsv: line 3: ");
	put("skills.tsv", "code\tname\nfire\t灭火\nfire\t救火\n");
	create_fails("line 3: 救火");
	put("skills.tsv", "code\tname\nfire\t灭火\n");
	put("goods.tsv", "code\tname\tunit\tgbt38565\n# a comment\nbag\t编织袋\t只\t123\n");
	create_fails("goods.tsv: line 3: ");
	put("goods.tsv", "code\tname\tunit\nbag\t编织袋\t只\n");
	create_fails("areas.tsv");
	put("areas.tsv", "code\tname\tkind\tlon\tlat\n321084000\t高邮市\tcounty\t32.78\t119.45\n");
	create_fails("areas.tsv: line 2: 32.7800, 119.4500");
	put("areas.tsv", "code\tname\tkind\tlon\n321084000\t高邮市\tcounty\t119.45\n");
	create_fails("areas.tsv: line 2: ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_where_it_failed),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
