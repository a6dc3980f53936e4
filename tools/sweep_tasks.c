/* sweep_tasks.c - see sweep_tasks.h. */
#include "sweep_tasks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A number from 1 at *at, which is moved behind it. */
static bool read_number(const char **at, uint32_t *out)
{
    uint64_t value = 0;
    const char *const start = *at;
    while (**at >= '0' && **at <= '9' && value < UINT32_MAX) {
        value = 10 * value + (uint64_t)(*(*at)++ - '0');
    }
    *out = (uint32_t)value;
    return *at > start && value >= 1 && value < UINT32_MAX;
}

task_range *sweep_tasks_read(const char *text, size_t *count)
{
    task_range *range = NULL;
    *count = 0;
    for (const char *at = text;; at++) {
        task_range next;
        task_range *const larger = realloc(range, (*count + 1) * sizeof *range);
        bool good = larger != NULL && read_number(&at, &next.first);
        range = larger != NULL ? larger : range;
        next.last = next.first;
        if (good && *at == '-') {
            at++;
            good = read_number(&at, &next.last) && next.last >= next.first;
        }
        if (!good || (*at != ',' && *at != '\0')) {
            free(range);
            return NULL;
        }
        range[(*count)++] = next;
        if (*at == '\0') {
            return range;
        }
    }
}

/* Text of a file without the ends of lines at its end, to be freed; NULL where that is nothing. */
static uxo_status read_text(const char *path, char **text, uxo_report *report)
{
    size_t room = 0;
    FILE *const file = fopen(path, "re");
    *text = NULL;
    errno = file != NULL ? 0 : errno;
    ssize_t length = file != NULL ? getdelim(text, &room, '\0', file) : -1;
    const bool read = file != NULL && (length >= 0 || (feof(file) && !ferror(file)));
    const int why = errno;
    if (file != NULL) {
        fclose(file);
    }
    if (!read) {
        free(*text);
        *text = NULL;
        return uxo_fail(report, UXO_ERR_NOINPUT, NULL, "cannot read the list of tasks '%s': %s", path, strerror(why));
    }
    while (length > 0 && ((*text)[length - 1] == '\n' || (*text)[length - 1] == '\r')) {
        (*text)[--length] = '\0';
    }
    if (length <= 0) {
        free(*text);
        *text = NULL;
    }
    return UXO_OK;
}

uxo_status sweep_tasks_choose(const char *option, uint32_t tasks, task_range **range, size_t *count, uxo_report *report)
{
    char everything[32], *text = NULL;
    const bool is_file = option != NULL && option[0] == '@';
    *range = NULL;
    *count = 0;
    snprintf(everything, sizeof everything, "1-%u", tasks);
    const uxo_status status = is_file ? read_text(option + 1, &text, report) : UXO_OK;
    if (status != UXO_OK || (is_file && text == NULL)) {
        return status;
    }
    *range = sweep_tasks_read(is_file ? text : option != NULL ? option : everything, count);
    free(text);
    return *range != NULL ? UXO_OK
                          : uxo_fail(report, UXO_ERR_USAGE, NULL,
                                     "--task takes numbers from 1 and ranges, such as 3 or 1-100 or 1,4,7-9, or @FILE "
                                     "with such a list; '%.200s' is neither",
                                     option);
}

void sweep_tasks_print(task_printer *self, uint32_t task)
{
    if (self->first != 0 && task == self->last + 1) {
        self->last = task;
        return;
    }
    if (self->first != 0) {
        fprintf(self->out, self->first == self->last ? "%s%u" : "%s%u-%u", self->any ? "," : "", self->first,
                self->last);
        self->any = true;
    }
    self->first = self->last = task;
}
