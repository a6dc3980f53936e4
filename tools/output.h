/* output.h - where a tool writes: standard output, or a file that appears only when it is whole. */
#ifndef UXOSIM_TOOLS_OUTPUT_H
#define UXOSIM_TOOLS_OUTPUT_H

#include <stdio.h>

#include "uxosim/atomic_file.h"

typedef struct tool_output {
    FILE *stream;
    bool is_file;
    uxo_atomic_file file;
} tool_output;

/* path NULL or "-": standard output. */
UXO_MUST_USE uxo_status tool_output_open(tool_output *self, const char *path, uxo_report *report);
/* Closes; a full disk or a closed pipe is UXO_ERR_IO, and no file is left then. */
UXO_MUST_USE uxo_status tool_output_close(tool_output *self, uxo_report *report);
/* Drops the output after an error elsewhere. */
void tool_output_abandon(tool_output *self);

/* The name of an output after another file: "folder/layer.tif" with ".qml" for its ending is "folder/layer.qml". A name without an ending, or
 * that is all ending (".tif"), keeps what it has. To be freed; NULL without memory. */
char *tool_output_name(const char *path, const char *ending);

/* Refuses an output (NULL or "-": none) that is the input itself, by whatever name. */
UXO_MUST_USE uxo_status tool_output_apart(const char *output, const char *input, uxo_report *report);

/* Refuses two outputs of one call that are one file, by whatever names, be it there or not. A link that leads to what is not there yet shows only
 * when that is written: ask again then. */
UXO_MUST_USE uxo_status tool_outputs_differ(const char *first, const char *second, uxo_report *report);

/* Refuses an output (NULL: none) that exists and does not begin with `start`: a scenario or a strike list may be the only copy there is.
 * `what` is what may be replaced. HDF5 files are ours to replace, as results are. */
UXO_MUST_USE uxo_status tool_output_replaces(const char *output, const char *start, size_t length, const char *what,
                                             uxo_report *report);
UXO_MUST_USE uxo_status tool_output_replaces_result(const char *output, uxo_report *report);

/* Prints the messages of a command to stderr and gives its exit code. Frees the report. */
int tool_finish(uxo_status status, uxo_report *report);

#endif
