/* atomic_file.c - temporary name, sync, rename. Not here: what is written. */
#include "uxosim/atomic_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "uxosim/file_bytes.h"

#define PREFIX ".tmp-"

static void release(uxo_atomic_file *self)
{
    free(self->target);
    free(self->temporary);
    memset(self, 0, sizeof *self);
}

/* The folder part of a path with its slash, or "". Length only: the caller copies. */
static size_t folder_length(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

static char *temporary_name(const char *target, unsigned attempt)
{
    const size_t folder = folder_length(target);
    const size_t size = strlen(target) + 64;
    char *const name = malloc(size);
    if (name != NULL) {
        snprintf(name, size, "%.*s" PREFIX "%ld-%u-%s", (int)folder, target, (long)getpid(), attempt, target + folder);
    }
    return name;
}

/* Creates the file under a name that nobody else has. `replaced`: the file that it will replace, or NULL; whom that is
 * hidden from must not see the new one either, at no time. */
static bool create_temporary(uxo_atomic_file *self, const struct stat *replaced)
{
    const mode_t writable = S_IRUSR | S_IWUSR; /* by us, until it is renamed */
    const mode_t mode = replaced != NULL ? (replaced->st_mode & 0777) | writable : 0666;
    enum { ATTEMPTS = 100 };
    for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
        self->temporary = temporary_name(self->target, attempt);
        if (self->temporary == NULL) {
            return false;
        }
        const int file = open(self->temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
        if (file >= 0) {
            if (replaced != NULL) {
                /* What the umask took away. Where it fails (file systems without modes) the file is at most narrower. */
                (void)!fchmod(file, mode);
            }
            close(file);
            return true;
        }
        free(self->temporary);
        self->temporary = NULL;
        if (errno != EEXIST) {
            return false;
        }
    }
    return false;
}

/* A file of temporary_name for the same target, made by a process that is there no more. */
static bool is_left_behind(const char *name, const char *target_name)
{
    char *end;
    if (strncmp(name, PREFIX, strlen(PREFIX)) != 0) {
        return false;
    }
    const long process = strtol(name + strlen(PREFIX), &end, 10);
    if (process <= 0 || end[0] != '-' || kill((pid_t)process, 0) == 0 || errno != ESRCH) {
        return false;
    }
    const char *const rest = end + 1 + strspn(end + 1, "0123456789");
    return rest[0] == '-' && strcmp(rest + 1, target_name) == 0;
}

/* Who kills a program leaves its temporary file; nobody else would ever mention that. It is not removed: with a folder that several machines
 * share, its process may live on another one. */
static void mention_left_behind(const char *target, uxo_report *report)
{
    const size_t length = folder_length(target);
    char *const folder = length > 0 ? strndup(target, length) : strdup(".");
    DIR *const entries = folder != NULL ? opendir(folder) : NULL;
    for (const struct dirent *entry = entries != NULL ? readdir(entries) : NULL; entry != NULL;
         entry = readdir(entries)) {
        if (is_left_behind(entry->d_name, target + length)) {
            uxo_report_add(report, UXO_NOTE, NULL,
                           "'%.*s%s' was left behind by a program that was killed; unless it runs on another machine, "
                           "the file can be removed",
                           (int)length, target, entry->d_name);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
    free(folder);
}

uxo_status uxo_atomic_begin(uxo_atomic_file *self, const char *path, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    struct stat about;
    const bool there = stat(path, &about) == 0;
    if (path[0] == '\0' || path[strlen(path) - 1] == '/' || (there && !S_ISREG(about.st_mode))) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot write '%s': it is not a regular file", path);
    }
    self->target = there ? realpath(path, NULL) : strdup(path);
    if (self->target == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    if (there && access(self->target, W_OK) != 0) {
        const int reason = errno;
        release(self);
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot write '%s': %s", path, strerror(reason));
    }
    if (!create_temporary(self, there ? &about : NULL)) {
        const int reason = errno;
        release(self);
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot write '%s': %s", path, strerror(reason));
    }
    mention_left_behind(self->target, report);
    return UXO_OK;
}

static bool sync_path(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    const bool synced = uxo_file_sync(file);
    const int reason = errno;
    close(file);
    errno = reason;
    return synced;
}

uxo_status uxo_atomic_commit(uxo_atomic_file *self, uxo_report *report)
{
    if (!sync_path(self->temporary) || rename(self->temporary, self->target) != 0) {
        const int reason = errno;
        uxo_fail(report, UXO_ERR_IO, NULL, "cannot write '%s': %s", self->target, strerror(reason));
        uxo_atomic_abandon(self);
        return UXO_ERR_IO;
    }
    if (!uxo_file_sync_folder_of(self->target)) {
        uxo_report_add(report, UXO_WARNING, NULL, "'%s' is written, but its folder could not be synced: %s",
                       self->target, strerror(errno));
    }
    release(self);
    return UXO_OK;
}

void uxo_atomic_abandon(uxo_atomic_file *self)
{
    if (self->temporary != NULL) {
        unlink(self->temporary);
    }
    release(self);
}
