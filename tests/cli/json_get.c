/*
 * json_get PATH <FILE: the value at a path such as .facts[0].kind, for the scripts of this
 * directory. Strings as they are, objects and arrays as compact JSON, `.types#` the number of
 * members; "absent" when there is no such value. Exit status 1 when the input is no JSON.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *
step(json_t *at, const char **path)
{
	char name[64];
	size_t n;

	if (**path == '[') {
		char *end;
		unsigned long i = strtoul(*path + 1, &end, 10);

		*path = *end == ']' ? end + 1 : end;
		return json_array_get(at, i);
	}
	n = strcspn(*path + 1, ".[#");
	if (n >= sizeof(name))
		return NULL;
	memcpy(name, *path + 1, n);
	name[n] = '\0';
	*path += n + 1;
	return n ? json_object_get(at, name) : at;
}

int
main(int argc, char **argv)
{
	json_error_t error;
	json_t *root = json_loadf(stdin, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error),
	       *at = root;
	const char *path = argc > 1 ? argv[1] : "";
	char *text;

	if (!root) {
		printf("no JSON: %s\n", error.text);
		return 1;
	}
	while (at && *path && *path != '#')
		at = step(at, &path);
	if (!at)
		puts("absent");
	else if (*path == '#')
		printf("%zu\n", json_is_array(at) ? json_array_size(at) : json_object_size(at));
	else if (json_is_string(at))
		puts(json_string_value(at));
	else {
		text = json_dumps(at, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
		puts(text);
		free(text);
	}
	json_decref(root);
	return 0;
}
