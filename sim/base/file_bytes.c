/* file_bytes.c - see file_bytes.h. */
#include "uxosim/file_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool uxo_file_write_at(int file, const void *bytes, size_t size, uint64_t place)
{
    const char *from = bytes;
    while (size > 0) {
        const ssize_t count = pwrite(file, from, size, (off_t)place);
        if (count <= 0 && errno != EINTR) {
            return false;
        }
        if (count > 0) {
            from += count;
            size -= (size_t)count;
            place += (uint64_t)count;
        }
    }
    return true;
}

bool uxo_file_read_at(int file, void *bytes, size_t size, uint64_t place)
{
    char *to = bytes;
    while (size > 0) {
        const ssize_t count = pread(file, to, size, (off_t)place);
        if (count == 0) {
            errno = 0;
            return false;
        }
        if (count < 0 && errno != EINTR) {
            return false;
        }
        if (count > 0) {
            to += count;
            size -= (size_t)count;
            place += (uint64_t)count;
        }
    }
    return true;
}

bool uxo_file_sync(int file)
{
    int failed = fsync(file);
    while (failed != 0 && errno == EINTR) {
        failed = fsync(file);
    }
    return failed == 0 || errno == EINVAL; /* some file systems cannot sync a folder */
}

bool uxo_file_sync_folder_of(const char *path)
{
    const char *const slash = strrchr(path, '/');
    char *const folder = slash != NULL ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    const int file = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int reason = folder != NULL ? errno : ENOMEM;
    free(folder);
    if (file < 0) {
        errno = reason;
        return false;
    }
    const bool synced = uxo_file_sync(file);
    reason = errno;
    close(file);
    errno = reason;
    return synced;
}
