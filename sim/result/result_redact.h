/* result_redact.h - private to sim/result: the parts of a public copy. */
#ifndef UXOSIM_RESULT_REDACT_H
#define UXOSIM_RESULT_REDACT_H

#include "result_file.h"

typedef struct redaction {
    uxo_result *source;
    h5_output *out;
    uint32_t factor; /* cells of the source along the side of a block */
    uxo_grid coarse;
} redaction;

/* Layers that can be had exactly for blocks: densities and persons as sums; all of them when the cells stay as they
 * are. The others are left out with a note. */
void redaction_write_layers(const redaction *self, result_map *map);
void redaction_write_provenance(const redaction *self);
/* What is undated and what is mostly alleged, without the strikes. rows: of the table of districts. */
void redaction_write_evidence(const redaction *self, uint32_t rows);
void redaction_write_variance(const redaction *self);

#endif
