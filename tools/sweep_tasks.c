/* sweep_tasks.c - see sweep_tasks.h. */
#include "sweep_tasks.h"

#include <stdlib.h>

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
