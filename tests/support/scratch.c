/* scratch.c - see scratch.h. */
#include "scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[sizeof "/tmp/uxosim-test-XXXXXX"];
static int started_in = -1;

int scratch_enter(void **state)
{
    (void)state;
    memcpy(folder, "/tmp/uxosim-test-XXXXXX", sizeof folder);
    started_in = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return started_in >= 0 && mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

int scratch_clear(void)
{
    DIR *const here = opendir(folder);
    int count = here != NULL ? 0 : -1;
    for (const struct dirent *entry = here != NULL ? readdir(here) : NULL; entry != NULL; entry = readdir(here)) {
        const bool own = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        const bool removed = own || unlinkat(dirfd(here), entry->d_name, 0) == 0;
        count = count < 0 || !removed ? -1 : count + !own;
    }
    if (here != NULL) {
        closedir(here);
    }
    return count;
}

int scratch_leave(void **state)
{
    (void)state;
    bool removed = scratch_clear() >= 0;
    removed = fchdir(started_in) == 0 && rmdir(folder) == 0 && removed;
    close(started_in);
    return removed ? 0 : -1;
}
