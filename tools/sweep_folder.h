/* sweep_folder.h - a sweep's folder: plan.json, which says what the plan was made of, and whether that is still so. */
#ifndef UXOSIM_TOOLS_SWEEP_FOLDER_H
#define UXOSIM_TOOLS_SWEEP_FOLDER_H

#include "uxosim/digest.h"
#include "uxosim/scenario.h"
#include "uxosim/sweep.h"

/* What all tasks together are expected to take. */
typedef struct sweep_estimate {
    double seconds; /* on one thread, of all tasks ... */
    double largest_s, largest_mib, disk_mb;
    bool probed; /* measured on this machine */
} sweep_estimate;

/* Owned. */
typedef struct sweep_folder {
    char *path;
    char *sweep_path; /* from the current folder */
    char sweep_sha256[UXO_DIGEST_SIZE];
    uint32_t tasks;
    uxo_input_file *input; /* of any scenario; paths from the current folder */
    uint32_t input_count;
    char *
        identity; /* lines of uxo_records_head: the program, its libraries, what the sweep file and the base scenario say, digests of all */
    char digest[UXO_DIGEST_SIZE];
    sweep_estimate estimate;
} sweep_folder;

/* Of a new plan: takes what it needs from the sweep and its scenarios. */
UXO_MUST_USE uxo_status sweep_folder_init(sweep_folder *self, const char *path, const uxo_sweep *sweep,
                                          uxo_report *report);
/* Inputs that are not there yet. */
UXO_MUST_USE uxo_status sweep_folder_add_inputs(sweep_folder *self, const uxo_scenario *scenario, uxo_report *report);
/* Identity and digest, when all inputs are there. */
UXO_MUST_USE uxo_status sweep_folder_identify(sweep_folder *self, const uxo_sweep *sweep, uxo_report *report);
/* Names of its lines with digests. */
#define SWEEP_TEXT_LINE "text of the sweep file"
void sweep_folder_input_line(const sweep_folder *self, uint32_t input, char *name, size_t size);
UXO_MUST_USE uxo_status sweep_folder_write(const sweep_folder *self, const uxo_sweep *sweep, uxo_report *report);

/* Reads plan.json. sweep_path: where the sweep file is now, and its inputs about it; NULL: where it was. UXO_ERR_NOINPUT: there is none;
 * UXO_ERR_DATA. */
UXO_MUST_USE uxo_status sweep_folder_open(sweep_folder *self, const char *path, const char *sweep_path,
                                          uxo_report *report);
/* Is everything that the plan was made of where and as it was? Names what is not, and which keys differ. Reads the sweep. UXO_ERR_NOINPUT: something
 * is not there; UXO_ERR_DATA: something has changed. */
UXO_MUST_USE uxo_status sweep_folder_verify(const sweep_folder *self, uxo_sweep *sweep, uxo_report *report);
/* Is every input of a scenario, which has just been read, one of the plan's (UXO_ERR_DATA)? Are the libraries (UXO_ERR_CANTCREATE)? */
UXO_MUST_USE uxo_status sweep_folder_knows(const sweep_folder *self, const uxo_scenario *scenario, uxo_report *report);
void sweep_folder_free(sweep_folder *self);

/* FOLDER/NAME, to be freed; NULL: out of memory. A FOLDER of "" is the current one. */
char *sweep_folder_join(const char *folder, const char *name);

#endif
