/* result_sweep_parts.h - private to sim/result: the parts of a collected sweep. */
#ifndef UXOSIM_RESULT_SWEEP_PARTS_H
#define UXOSIM_RESULT_SWEEP_PARTS_H

#include "hdf5_series.h"
#include "result_parts.h"
#include "uxosim/result_sweep.h"
#include "uxosim/sweep_task.h"

/* A file on its way. */
typedef struct sweep_output {
    h5_output *out;
    const uxo_sweep_collection *from;
    h5_dimension scenario, parameter, row, block;
    uint32_t scenarios, slab;
    h5_series column[UXO_SWEEP_COLUMN_COUNT];
    h5_series paired[UXO_SWEEP_PAIRED_COUNT];
    result_map map;
    result_sheet sheet[UXO_LAYER_COUNT];
    bool wanted[UXO_LAYER_COUNT];
} sweep_output;

/* Root attributes, what is known without any result. */
void sweep_write_design(sweep_output *self);
void sweep_write_provenance(sweep_output *self);

/* Maps, where the sweep keeps some: opened, of one scenario (block NULL: it is missing), closed. */
void sweep_open_maps(sweep_output *self);
void sweep_write_maps(sweep_output *self, uint32_t scenario, const void *block, size_t size);
void sweep_close_maps(sweep_output *self);

#endif
