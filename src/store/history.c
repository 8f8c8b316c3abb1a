/*
 * Lines are appended (O_APPEND: two consoles of one person do not tear each other's) and the file is
 * cut back to the last HISTORY_KEPT lines when it has grown past SIZE_MAX_KEPT, by a new file under
 * its name; what another console appends in that instant may be lost.
 */
#include "store/history.h"

#include "store/inside.h"

#include "base/buf.h"
#include "base/conceal.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE_MAX_KEPT (128 * 1024)
#define LINE_KEPT 2000

bool
history_may_keep(const char *line)
{
	static const char *const never[] = {"secret=", "password=", "hash=", "token=", "口令"};
	char *copy;
	bool same;

	if (*line == ' ' || !*line || strlen(line) > LINE_KEPT || strpbrk(line, "\n\r"))
		return false;
	for (size_t i = 0; i < COUNT_OF(never); i++)
		if (strstr(line, never[i]))
			return false;
	copy = mem_dup(line);
	conceal_passwords(copy);
	same = strcmp(copy, line) == 0;
	free(copy);
	return same;
}

/* In the folder of drafts. */
static char *
file_name(int64_t person, const char *suffix)
{
	return mem_print("%lld.lines%s", (long long)person, suffix);
}

/* Whole, from the first line that begins in the last SIZE_MAX_KEPT bytes on. */
static char *
read_file(int dir, const char *name, off_t *size)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat sb;
	off_t from;
	char *text;
	ssize_t n;

	*size = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &sb) != 0 || !S_ISREG(sb.st_mode)) {
		close(fd);
		return NULL;
	}
	*size = sb.st_size;
	from = sb.st_size > SIZE_MAX_KEPT ? sb.st_size - SIZE_MAX_KEPT : 0;
	text = mem_alloc(SIZE_MAX_KEPT + 1);
	n = pread(fd, text, SIZE_MAX_KEPT, from);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	if (from) {
		char *end = strchr(text, '\n');

		memmove(text, end ? end + 1 : "", strlen(end ? end + 1 : "") + 1);
	}
	return text;
}

static size_t
read_lines(int dir, int64_t person, char **out, size_t max)
{
	char *name = file_name(person, ""), *text;
	off_t size;
	size_t n = 0;

	text = read_file(dir, name, &size);
	free(name);
	for (char *at = text, *end; at && (end = strchr(at, '\n')); at = end + 1) {
		*end = '\0';
		/* Another hand may have been at the file. */
		if (!utf8_is_clean(at, strlen(at), false) || !history_may_keep(at))
			continue;
		if (n == max) {
			free(out[0]);
			memmove(out, out + 1, (max - 1) * sizeof(*out));
			n--;
		}
		out[n++] = mem_dup(at);
	}
	free(text);
	return n;
}

size_t
history_read(struct store *st, int64_t person, char **out, size_t max)
{
	int dir = drafts_folder(st, false);
	size_t n;

	if (dir < 0)
		return 0;
	n = read_lines(dir, person, out, max);
	close(dir);
	return n;
}

static bool
put(int dir, const char *name, int flags, const char *bytes, size_t n)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
	bool good;

	if (fd < 0)
		return false;
	good = write(fd, bytes, n) == (ssize_t)n;
	return close(fd) == 0 && good;
}

static void
cut_back(int dir, int64_t person, const char *name)
{
	char *lines[HISTORY_KEPT], *fresh = file_name(person, "~");
	size_t n = read_lines(dir, person, lines, HISTORY_KEPT);
	struct buf all = BUF_MAX(HISTORY_KEPT * (LINE_KEPT + 1));

	for (size_t i = 0; i < n; i++) {
		buf_printf(&all, "%s\n", lines[i]);
		free(lines[i]);
	}
	if (!put(dir, fresh, O_TRUNC, buf_str(&all), all.size) ||
	    renameat(dir, fresh, dir, name) != 0)
		unlinkat(dir, fresh, 0);
	buf_clear(&all);
	free(fresh);
}

void
history_add(struct store *st, int64_t person, const char *line)
{
	char *name, *text;
	struct stat sb;
	int dir;

	if (!history_may_keep(line))
		return;
	dir = drafts_folder(st, true);
	if (dir < 0)
		return;
	name = file_name(person, "");
	text = mem_print("%s\n", line);
	if (put(dir, name, O_APPEND, text, strlen(text)) &&
	    fstatat(dir, name, &sb, AT_SYMLINK_NOFOLLOW) == 0 && sb.st_size > SIZE_MAX_KEPT)
		cut_back(dir, person, name);
	free(text);
	free(name);
	close(dir);
}
