/* sweep_tasks.h - lists of tasks as people write them: "3", "1-100", "1,4,7-9". */
#ifndef UXOSIM_TOOLS_SWEEP_TASKS_H
#define UXOSIM_TOOLS_SWEEP_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "uxosim/error.h"

typedef struct task_range {
    uint32_t first, last;
} task_range;

/* Ranges of a list, to be freed, in its order; NULL: it is none, or memory runs out. */
task_range *sweep_tasks_read(const char *text, size_t *count);

/* What --task says: such a list, or @FILE, a file that holds one, since an argument has its limits; NULL: every task of `tasks`. *range: to be
 * freed; an empty file has none. UXO_ERR_USAGE: it is no list; UXO_ERR_NOINPUT: the file cannot be read. */
UXO_MUST_USE uxo_status sweep_tasks_choose(const char *option, uint32_t tasks, task_range **range, size_t *count,
                                           uxo_report *report);

/* Prints numbers, ascending, one after another, as such a list; end with 0. */
typedef struct task_printer {
    FILE *out;
    uint32_t first, last; /* of the range that is not printed yet; 0: none */
    bool any;
} task_printer;
void sweep_tasks_print(task_printer *self, uint32_t task);

#endif
