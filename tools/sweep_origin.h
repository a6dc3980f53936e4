/* sweep_origin.h - what a sweep file or a base scenario says, key by key, as lines of uxo_records_head: so that whoever refuses another one can
 * tell what differs. */
#ifndef UXOSIM_TOOLS_SWEEP_ORIGIN_H
#define UXOSIM_TOOLS_SWEEP_ORIGIN_H

#include <stdbool.h>
#include <stdio.h>

#include "uxosim/yaml.h"

/* A line "WHAT KEY.IN.FILE <tab> value" for each key that has a value, in the order of the file. Values that are long are shown by their beginning and
 * a digest; of files with very many keys so are the last ones. Order, comments and layout do not show. False: out of memory. */
bool sweep_origin_write(FILE *out, const char *what, const uxo_node *root);

/* Complains of each line about `what` that is not the same in both texts, naming `path`, and counts them. Lines about something else are passed
 * over. */
size_t sweep_origin_compare(const char *path, const char *what, const char *then, const char *now, uxo_report *report);

#endif
