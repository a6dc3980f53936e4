/* output.c - standard output or an atomic file. Not here: what is written. */
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "uxosim/path.h"

uxo_status tool_output_open(tool_output *self, const char *path, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    if (path == NULL || strcmp(path, "-") == 0) {
        self->stream = stdout;
        return UXO_OK;
    }
    UXO_TRY(uxo_atomic_begin(&self->file, path, report));
    self->is_file = true;
    self->stream = fopen(self->file.temporary, "wb");
    if (self->stream == NULL) {
        const int reason = errno;
        uxo_atomic_abandon(&self->file);
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot write '%s': %s", path, strerror(reason));
    }
    return UXO_OK;
}

uxo_status tool_output_close(tool_output *self, uxo_report *report)
{
    errno = 0;
    bool good = ferror(self->stream) == 0 && fflush(self->stream) == 0;
    int reason = errno;
    if (self->is_file && fclose(self->stream) != 0 && good) {
        good = false;
        reason = errno;
    }
    if (good) {
        return self->is_file ? uxo_atomic_commit(&self->file, report) : UXO_OK;
    }
    const char *const target = self->is_file ? self->file.target : "standard output";
    const uxo_status status = uxo_fail(report, UXO_ERR_IO, NULL, "cannot write '%s': %s", target,
                                       reason != 0 ? strerror(reason) : "a write failed; is the disk full?");
    uxo_atomic_abandon(&self->file);
    return status;
}

void tool_output_abandon(tool_output *self)
{
    if (self->is_file) {
        fclose(self->stream);
        uxo_atomic_abandon(&self->file);
    }
}

char *tool_output_name(const char *path, const char *ending)
{
    const char *const name = uxo_path_name(path);
    const char *const dot = strrchr(name, '.');
    const size_t length = dot != NULL && dot > name ? (size_t)(dot - path) : strlen(path);
    char *const out = malloc(length + strlen(ending) + 1);
    if (out != NULL) {
        memcpy(out, path, length);
        strcpy(out + length, ending);
    }
    return out;
}

uxo_status tool_output_apart(const char *output, const char *input, uxo_report *report)
{
    struct stat from, to;
    if (output != NULL && stat(input, &from) == 0 && stat(output, &to) == 0 && from.st_dev == to.st_dev &&
        from.st_ino == to.st_ino) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL, "the output would replace '%s' itself", input);
    }
    return UXO_OK;
}

/* Where a path leads, its last part not being there yet; to be freed. NULL: the folder is not there either, or memory ran out. */
static char *resolve_new(const char *path)
{
    const char *const slash = strrchr(path, '/'), *const name = slash != NULL ? slash + 1 : path;
    char *const folder = slash == path   ? strdup("/")
                         : slash != NULL ? strndup(path, (size_t)(slash - path))
                                         : strdup(".");
    char *const real = folder != NULL ? realpath(folder, NULL) : NULL;
    const size_t size = real != NULL ? strlen(real) + strlen(name) + 2 : 0;
    char *const whole = real != NULL ? malloc(size) : NULL;
    if (whole != NULL) {
        snprintf(whole, size, "%s/%s", real, name);
    }
    free(folder);
    free(real);
    return whole;
}

uxo_status tool_outputs_differ(const char *first, const char *second, uxo_report *report)
{
    struct stat one, other;
    const bool there = stat(first, &one) == 0, too = stat(second, &other) == 0;
    bool same = there && too && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
    if (!there && !too) {
        char *const a = resolve_new(first), *const b = resolve_new(second);
        same = a != NULL && b != NULL && strcmp(a, b) == 0;
        free(a);
        free(b);
    }
    return same ? uxo_fail(report, UXO_ERR_USAGE, NULL, "two outputs name one file: '%s' and '%s'", first, second)
                : UXO_OK;
}

int tool_finish(uxo_status status, uxo_report *report)
{
    const int code = command_end(status, report, 0);
    uxo_report_free(report);
    return code;
}

uxo_status tool_output_replaces(const char *output, const char *start, size_t length, const char *what,
                                uxo_report *report)
{
    char found[16];
    if (output == NULL || access(output, F_OK) != 0) {
        return UXO_OK;
    }
    FILE *const file = fopen(output, "rb");
    const size_t wanted = length < sizeof found ? length : sizeof found;
    const bool same = file != NULL && fread(found, 1, wanted, file) == wanted && memcmp(found, start, wanted) == 0;
    if (file != NULL) {
        fclose(file);
    }
    return same ? UXO_OK
                : uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                           "'%s' is there already and is not a %s: it is not overwritten", output, what);
}

uxo_status tool_output_replaces_result(const char *output, uxo_report *report)
{
    return tool_output_replaces(output, "\211HDF\r\n\032\n", 8, "result", report);
}
