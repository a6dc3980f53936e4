/* run_output.c - what may be in the way of a run's output. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run_job.h"

enum { MAX_PATH_TEXT = 4096 };

/* Does the file begin as results do, or as parts of runs? */
static bool is_ours(const char *path, bool part)
{
    const char *const signature = part ? UXO_RECORDS_MAGIC : "\211HDF\r\n\032\n";
    char start[8];
    FILE *const file = fopen(path, "rb");
    const bool read = file != NULL && fread(start, 1, sizeof start, file) == sizeof start;
    if (file != NULL) {
        fclose(file);
    }
    return read && memcmp(start, signature, sizeof start) == 0;
}

uxo_status run_job_check_output(const run_job *job, uxo_report *report)
{
    const char *const path = job->output;
    const bool part = job->is_part;
    char folder[MAX_PATH_TEXT];
    struct stat status;
    const char *const slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path + 1) : 1, slash != NULL ? path : ".");
    if (slash != NULL && slash[1] == '\0') {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "'%s' is a folder; give the result a file name", path);
    }
    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "there is no folder '%s' for the result '%s'", folder, path);
    }
    if (access(folder, W_OK) != 0) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot write into '%s': %s", folder, strerror(errno));
    }
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "'%s' is a folder; give the result a file name", path);
    }
    if (stat(path, &status) == 0 && !is_ours(path, part)) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                        "'%s' is there already and is not a %s: it is not overwritten", path,
                        part ? "part of a run" : "result");
    }
    return UXO_OK;
}
