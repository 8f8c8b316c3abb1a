#include "exchange/claim.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
claim_open(const char *store_path, struct err *err)
{
	char *name = mem_print("%s.sync", store_path);
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		err_set(err, ERR_STORE, _("The files beside the store %s cannot be made: %s"),
		    store_path, strerror(errno));
	free(name);
	return fd;
}

static bool
lock(int fd, int64_t link, short type)
{
	struct flock f = {.l_type = type, .l_whence = SEEK_SET, .l_start = link, .l_len = 1};

	return fcntl(fd, F_OFD_SETLK, &f) == 0;
}

bool
claim_take(int fd, int64_t link)
{
	return lock(fd, link, F_WRLCK);
}

void
claim_drop(int fd, int64_t link)
{
	lock(fd, link, F_UNLCK);
}
