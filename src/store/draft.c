/*
 * A draft file: two slots of the same size, written in turn.
 *
 *	0      64             65536  65600           131072
 *	| head | text ...     | head | text ...     |
 *	head: magic, sequence, time, bytes of text, checksum of head and text (host byte order: drafts
 *	do not travel)
 *
 * A save writes over the older slot and syncs; the other still holds the save before. Whatever a
 * kill leaves of the slot under the pen fails its checksum, and the newest sound slot is the draft.
 * The space of both is taken when the file is made, so that a full disk later refuses nothing:
 * writing a new file and renaming it would need new blocks.
 *
 * An OFD lock says that a living console holds the draft; it goes with the process, however that
 * ends. An empty draft's file is taken away when it is closed, so whoever gets the lock looks
 * whether the name still means that file.
 */
#include "store/draft.h"

#include "store/inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/verb.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOT_SIZE 65536
#define MAGIC UINT64_C(0x315446415244425a) /* "ZBDRAFT1" */
#define SUFFIX ".draft"

struct head {
	uint64_t magic, sequence;
	int64_t saved_at;
	uint64_t size;
	uint64_t checksum;
	uint64_t spare[3];
};
_Static_assert(sizeof(struct head) == 64 && sizeof(struct head) + DRAFT_MAX <= SLOT_SIZE,
    "a slot holds its head and the longest text");

struct draft {
	int dir, fd;
	char *name;	   /* in dir */
	uint64_t sequence; /* of the newest sound slot, 0 none */
	int newest;	   /* its number */
	int64_t saved_at;
	char *text; /* its text, never NULL */
};

/* --- slots ----------------------------------------------------------------------------------- */

/* FNV-1a, 64 bits: a torn slot passes once in 2^64. Nobody is kept out by it; the folder's mode
 * does that. */
static uint64_t
checksum(const struct head *head, const char *text)
{
	struct head h = *head;
	const unsigned char *parts[2] = {(const unsigned char *)&h, (const unsigned char *)text};
	size_t sizes[2] = {sizeof(h), h.size};
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	h.checksum = 0;
	for (int p = 0; p < 2; p++)
		for (size_t i = 0; i < sizes[p]; i++)
			sum = (sum ^ parts[p][i]) * UINT64_C(0x100000001b3);
	return sum;
}

static bool
read_all(int fd, void *out, size_t n, off_t at)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, (char *)out + done, n - done, at + (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

static bool
write_all(int fd, const char *data, size_t n, off_t at)
{
	size_t done = 0;

	while (done < n) {
		ssize_t put = pwrite(fd, data + done, n - done, at + (off_t)done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		done += (size_t)put;
	}
	return true;
}

/* The text of a sound slot, NULL when it is not sound. The caller frees. */
static char *
read_slot(int fd, int slot, struct head *head)
{
	char *text;

	if (!read_all(fd, head, sizeof(*head), (off_t)slot * SLOT_SIZE) || head->magic != MAGIC ||
	    head->size > DRAFT_MAX)
		return NULL;
	text = mem_alloc(head->size + 1);
	if (!read_all(fd, text, head->size, (off_t)slot * SLOT_SIZE + (off_t)sizeof(*head)) ||
	    checksum(head, text) != head->checksum) {
		free(text);
		return NULL;
	}
	text[head->size] = '\0';
	return text;
}

static void
load(struct draft *d)
{
	free(d->text);
	d->text = NULL;
	d->sequence = 0;
	for (int slot = 0; slot < 2; slot++) {
		struct head head;
		char *text = read_slot(d->fd, slot, &head);

		if (!text || head.sequence < d->sequence) {
			free(text);
			continue;
		}
		free(d->text);
		d->text = text;
		d->sequence = head.sequence;
		d->saved_at = head.saved_at;
		d->newest = slot;
	}
	if (!d->text)
		d->text = mem_dup("");
}

/* --- files ----------------------------------------------------------------------------------- */

int
drafts_folder(struct store *st, bool make)
{
	char *path = mem_print("%s.drafts", store_path(st));
	int fd;

	if (make)
		mkdir(path, 0700); /* that it exists is the usual case; open tells the others */
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	free(path);
	return fd;
}

/* "1234-report.7.draft"; bytes that a file name had better not hold become %XX. */
static char *
file_name(int64_t person, const char *form)
{
	char out[200];
	size_t used = (size_t)snprintf(out, sizeof(out), "%lld-", (long long)person);

	for (const char *p = form; *p && used + 4 < sizeof(out); p++) {
		unsigned char c = (unsigned char)*p;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || strchr("._-~", c);

		used +=
		    (size_t)snprintf(out + used, sizeof(out) - used, plain ? "%c" : "%%%02X", c);
	}
	return mem_print("%s" SUFFIX, out);
}

static bool
take_lock(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

static bool
is_locked(int fd)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/* Does the name still mean this file? */
static bool
is_named(int dir, const char *name, int fd)
{
	struct stat by_name, by_fd;

	return fstatat(dir, name, &by_name, AT_SYMLINK_NOFOLLOW) == 0 && fstat(fd, &by_fd) == 0 &&
	       by_name.st_ino == by_fd.st_ino && by_name.st_dev == by_fd.st_dev;
}

static bool
cannot_keep(struct store *st, int error, struct err *err)
{
	return err_set(err, ERR_IO, _("drafts cannot be kept in %s.drafts: %s"), store_path(st),
	    strerror(error));
}

/* Open and lock the file, with the space for both slots. */
static bool
take_file(struct store *st, struct draft *d, struct err *err)
{
	int error;

	for (;;) {
		d->fd = openat(d->dir, d->name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (d->fd < 0)
			return cannot_keep(st, errno, err);
		if (!take_lock(d->fd))
			return err_set(err, ERR_STATE, _("this draft is open in another console"));
		if (is_named(d->dir, d->name, d->fd))
			break;
		close(d->fd); /* its last holder closed it empty just now */
	}
	load(d);
	error = posix_fallocate(d->fd, 0, 2 * SLOT_SIZE);
	if (!error || d->text[0])
		return true; /* with a text in it, it has its space already */
	unlinkat(d->dir, d->name, 0);
	return cannot_keep(st, error, err);
}

static void
free_draft(struct draft *d)
{
	if (d->fd >= 0)
		close(d->fd);
	if (d->dir >= 0)
		close(d->dir);
	free(d->name);
	free(d->text);
	free(d);
}

struct draft *
draft_open(struct store *st, int64_t person, const char *form, struct err *err)
{
	struct draft *d = mem_zero(1, sizeof(*d));

	d->fd = -1;
	d->name = file_name(person, form);
	d->dir = drafts_folder(st, true);
	if (d->dir < 0)
		cannot_keep(st, errno, err);
	if (d->dir < 0 || !take_file(st, d, err)) {
		free_draft(d);
		return NULL;
	}
	return d;
}

const char *
draft_text(const struct draft *d, int64_t *saved_at)
{
	if (saved_at)
		*saved_at = d->text[0] ? d->saved_at : CLOCK_NONE;
	return d->text;
}

bool
draft_save(struct draft *d, const char *text, size_t n, struct err *err)
{
	int slot = d->sequence ? !d->newest : 0;
	struct head head = {
	    .magic = MAGIC, .sequence = d->sequence + 1, .saved_at = clock_now(), .size = n};
	char *image;
	bool ok;
	int error;

	if (n > DRAFT_MAX)
		return err_set(
		    err, ERR_INPUT, _("the text is too long: at most %d bytes"), DRAFT_MAX);
	head.checksum = checksum(&head, text);
	image = mem_alloc(sizeof(head) + n);
	memcpy(image, &head, sizeof(head));
	memcpy(image + sizeof(head), text, n);
	ok = write_all(d->fd, image, sizeof(head) + n, (off_t)slot * SLOT_SIZE) &&
	     fdatasync(d->fd) == 0;
	error = errno;
	free(image);
	if (!ok)
		return err_set(err, ERR_IO, _("the draft cannot be written: %s"), strerror(error));
	free(d->text);
	d->text = mem_dupn(text, n);
	d->sequence = head.sequence;
	d->saved_at = head.saved_at;
	d->newest = slot;
	return true;
}

void
draft_discard(struct draft *d)
{
	struct err err = ERR_NONE;

	/* Both slots: neither a kill now nor damage later brings the text back. */
	if (d->text[0] && (!draft_save(d, "", 0, &err) || !draft_save(d, "", 0, &err))) {
		free(d->text);
		d->text = mem_dup(""); /* draft_close still takes the file away */
	}
	err_clear(&err);
}

void
draft_close(struct draft *d)
{
	if (!d)
		return;
	if (!d->text[0])
		unlinkat(d->dir, d->name, 0);
	free_draft(d);
}

/* --- the list -------------------------------------------------------------------------------- */

/* The form in a file name of this person; false for every other file. */
static bool
form_of(const char *name, int64_t person, char *out, size_t size)
{
	char prefix[32];
	size_t n = (size_t)snprintf(prefix, sizeof(prefix), "%lld-", (long long)person), used = 0;
	size_t all = strlen(name), tail = sizeof(SUFFIX) - 1;
	const char *end = all > tail ? name + all - tail : name; /* a form may hold ".draft" too */

	if (strncmp(name, prefix, n) != 0 || strcmp(end, SUFFIX) != 0)
		return false;
	for (const char *p = name + n; p < end && used + 1 < size; p++) {
		char hex[3] = {p[0] == '%' ? p[1] : '\0', p[0] == '%' ? p[2] : '\0', '\0'};

		out[used++] = hex[0] ? (char)strtol(hex, NULL, 16) : *p;
		if (hex[0])
			p += 2;
	}
	out[used] = '\0';
	return true;
}

static void
fill_info(struct draft_info *info, const struct draft *d)
{
	char *clean = utf8_clean(d->text, strcspn(d->text, "\n"), false, NULL);
	size_t used = 0, n = strlen(clean);

	info->saved_at = d->saved_at;
	info->size = strlen(d->text);
	while (used < n && utf8_next(clean, n, used) < sizeof(info->first_line))
		used = utf8_next(clean, n, used);
	memcpy(info->first_line, clean, used);
	info->first_line[used] = '\0';
	free(clean);
}

static bool
look_into(int dir, const char *name, struct draft_info *info)
{
	struct draft d = {.dir = -1};
	bool found = false;

	d.fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (d.fd < 0)
		return false;
	if (!is_locked(d.fd)) {
		load(&d);
		found = d.text[0] != '\0';
		if (found)
			fill_info(info, &d);
		free(d.text);
	}
	close(d.fd);
	return found;
}

/* Newest first. */
static int
compare_infos(const void *a, const void *b)
{
	const struct draft_info *x = a, *y = b;

	if (x->saved_at != y->saved_at)
		return x->saved_at < y->saved_at ? 1 : -1;
	return strcmp(x->form, y->form);
}

size_t
draft_list(struct store *st, int64_t person, struct draft_info *out, size_t max)
{
	int dir = drafts_folder(st, false);
	DIR *list = dir < 0 ? NULL : fdopendir(dir);
	struct draft_info *all = NULL;
	const struct dirent *entry;
	size_t n = 0, room = 0;

	if (!list) {
		if (dir >= 0)
			close(dir);
		return 0;
	}
	while ((entry = readdir(list)) != NULL) {
		mem_grow(&all, &room, n);
		memset(&all[n], 0, sizeof(all[n]));
		if (form_of(entry->d_name, person, all[n].form, sizeof(all[n].form)) &&
		    look_into(dir, entry->d_name, &all[n]))
			n++;
	}
	closedir(list);
	if (n)
		qsort(all, n, sizeof(*all), compare_infos);
	if (n > max)
		n = max;
	if (n)
		memcpy(out, all, n * sizeof(*all));
	free(all);
	return n;
}

const struct verb *
draft_verb(struct store *st, const char *form, int64_t *id)
{
	static const char kind[] = "form.";
	const struct verb *verb;
	char *name, *last;

	*id = 0;
	if (strncmp(form, kind, strlen(kind)) != 0)
		return NULL;
	name = mem_dup(form + strlen(kind));
	last = strrchr(name, '.');
	if (last) {
		*id = strtoll(last + 1, NULL, 10);
		*last = '\0';
	}
	verb = verb_find(st, name);
	free(name);
	return verb;
}

const char *
draft_words(struct store *st, const struct draft_info *d)
{
	int64_t id;
	const struct verb *verb = draft_verb(st, d->form, &id);

	return verb ? _(verb->summary) : d->first_line;
}
