/* sweep_task.h - what is kept of one scenario of a sweep: the table of districts, what paired differences need, maps that were asked for.
 *
 * As bytes that depend on the scenario alone, whoever computed them. Not here: files (sweep_store.h).
 */
#ifndef UXOSIM_SWEEP_TASK_H
#define UXOSIM_SWEEP_TASK_H

#include "uxosim/summary.h"

/* Columns besides those of the table of districts. id, name, sentence; each has a standard error behind it. */
#define UXO_SWEEP_COLUMNS(X)                                                                                 \
    X(DUD_EXPECTATION, "dud_expectation_mean",                                                               \
      "duds that all draws but the last let expect, mean over realisations (analog: duds counted)")          \
    X(ACCIDENT_EXPECTATION, "accident_expectation_mean",                                                     \
      "accidents in the first year that all draws but the last let expect, mean over realisations (analog: " \
      "that the duds drawn let expect)")

typedef enum uxo_sweep_column {
    UXO_SWEEP_OF_TABLE = UXO_COLUMN_COUNT, /* columns of the table come first */
    UXO_SWEEP_BEFORE = UXO_SWEEP_OF_TABLE - 1,
#define X(id, name, sentence) UXO_SWEEP_##id, UXO_SWEEP_##id##_SE,
    UXO_SWEEP_COLUMNS(X)
#undef X
        UXO_SWEEP_COLUMN_COUNT
} uxo_sweep_column;

/* Name, unit and sentence of a column, of the table or not. */
uxo_column_info uxo_sweep_column_info(int column);

/* Blocks of realisations for errors of paired differences, and where block b begins. */
enum { UXO_SWEEP_MOST_BLOCKS = 100 };
static inline uint32_t uxo_sweep_blocks(uint32_t realisations)
{
    return realisations < UXO_SWEEP_MOST_BLOCKS ? realisations : UXO_SWEEP_MOST_BLOCKS;
}
static inline uint32_t uxo_sweep_block_start(uint32_t realisations, uint32_t block)
{
    return (uint32_t)((uint64_t)realisations * block / uxo_sweep_blocks(realisations));
}

typedef enum uxo_sweep_paired { UXO_SWEEP_DUDS, UXO_SWEEP_ACCIDENTS, UXO_SWEEP_PAIRED_COUNT } uxo_sweep_paired;

/* Owned. */
typedef struct uxo_sweep_task {
    uint32_t rows, blocks;
    double *column[UXO_SWEEP_COLUMN_COUNT]; /* [rows]; NaN: not computed, or no meaning */
    float *paired[UXO_SWEEP_PAIRED_COUNT];  /* [blocks][rows]; NULL: not computed */
} uxo_sweep_task;

/* From a run, whose table has been filled. Free also after an error. */
UXO_MUST_USE uxo_status uxo_sweep_task_fill(uxo_sweep_task *self, const uxo_outcome *outcome,
                                            const uxo_district_table *table, uxo_report *report);
/* To bytes, the caller's, and back. UXO_ERR_DATA: they are none of this version. */
UXO_MUST_USE uxo_status uxo_sweep_task_pack(const uxo_sweep_task *self, void **bytes, size_t *size, uxo_report *report);
UXO_MUST_USE uxo_status uxo_sweep_task_unpack(uxo_sweep_task *self, const void *bytes, size_t size, uxo_report *report);
void uxo_sweep_task_free(uxo_sweep_task *self);

#endif
