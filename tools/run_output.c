/* run_output.c - what may be in the way of a run's output. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"
#include "run_job.h"

enum { MAX_PATH_TEXT = 4096 };

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
    return part ? tool_output_replaces(path, UXO_RECORDS_MAGIC, 8, "part of a run", report)
                : tool_output_replaces_result(path, report);
}
