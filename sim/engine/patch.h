/* patch.h - part of a lattice, and what the patterns of one realisation add up to on it. It is cut into blocks of
 * UXO_STRIP columns and some rows; only those that a pattern touches take memory and time. */
#ifndef UXOSIM_ENGINE_PATCH_H
#define UXOSIM_ENGINE_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uxosim/kernels_field.h"
#include "uxosim/oval.h"

enum { UXO_PATCH_MAX_ROWS = 80 };
#define UXO_PATCH_UNTOUCHED UINT32_MAX
/* Below this share of a load in one cell, P(no dud) is taken from the value alone: 5e-5 of P(at least one). */
#define UXO_NEGLIGIBLE_SHARE 1e-4f

typedef enum uxo_placed_kind { UXO_PLACED_GAUSSIAN, UXO_PLACED_OVAL } uxo_placed_kind;

/* What a carrier leaves, with its place on the whole lattice. */
typedef struct uxo_placed_pattern {
    double x, y; /* of the centre, in columns and rows of the lattice */
    union {
        uxo_gaussian gaussian; /* its x and y are not used */
        uxo_oval oval;
    };
    uxo_gaussian_extent extent; /* of an oval without top_dx */
    float load;                 /* submunitions of the carrier */
    uint32_t points;            /* of the lattice to a cell's side; 1: the lattice is that of the patch; ovals: 1 */
    uxo_placed_kind kind;
} uxo_placed_pattern;

typedef struct uxo_patch {
    uint32_t strips, bands; /* blocks across and down */
    uint32_t block_rows;
    uint32_t *slot;    /* [bands][strips] where a block's values are, or UXO_PATCH_UNTOUCHED */
    uint32_t *touched; /* blocks in the order in which they were touched */
    uint32_t touched_count;
    uint32_t capacity; /* in blocks */
    float *value;      /* [capacity][block_rows][UXO_STRIP] */
    float *excess;     /* likewise: see kernels_field.h; NULL: not wanted */
    bool with_excess;
    bool out_of_memory; /* something was left out: the results are not to be used */
} uxo_patch;

/* columns and rows: at least so many points. */
bool uxo_patch_init(uxo_patch *self, uint32_t columns, uint32_t rows, uint32_t block_rows, bool with_excess);
void uxo_patch_free(uxo_patch *self);
/* Forgets what was added. */
void uxo_patch_clear(uxo_patch *self);

/* Points of a block. */
static inline size_t uxo_patch_block_size(const uxo_patch *self)
{
    return (size_t)self->block_rows * UXO_STRIP;
}

/* Memory of a block, cleared when it is touched first; NULL when there is none left. */
float *uxo_patch_touch(uxo_patch *self, uint32_t block);

/* Adds a pattern to the patch whose first point is (column, row) of its own lattice. One with more points than one to a
 * cell is added up point by point; column and row are then those of the cells. */
void uxo_patch_add(uxo_patch *self, const uxo_field_kernels *kernels, const uxo_placed_pattern *placed, double column,
                   double row);
/* The same for an oval (patch_oval.c). */
void uxo_patch_add_oval(uxo_patch *self, const uxo_field_kernels *kernels, const uxo_placed_pattern *placed,
                        double column, double row);

#endif
