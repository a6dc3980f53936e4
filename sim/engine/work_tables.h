/* work_tables.h - everything of an outcome that realisations fill, as lists: tables with a row for each, and sums over them, which are integers.
 * What is found later (variances, ranks, maps, containment) follows from these. */
#ifndef UXOSIM_ENGINE_WORK_TABLES_H
#define UXOSIM_ENGINE_WORK_TABLES_H

#include "uxosim/engine.h"

/* Rows first .. end - 1 of a table are known. rows NULL: the scenario has no such table. */
typedef struct uxo_work_table {
    void *rows; /* of all realisations, or pairs of them */
    size_t row_bytes;
    uint32_t first, end;
} uxo_work_table;

typedef struct uxo_work_sum {
    uint64_t *sum; /* NULL: the scenario has none */
    size_t count;
} uxo_work_sum;

enum { UXO_WORK_TABLES = 24, UXO_WORK_SUMS_COUNT = 12 };

/* The place in a list is the number of the unit: never reorder. Unused places are zero. */
void uxo_work_tables_of(const uxo_scenario *scenario, const uxo_outcome *outcome, const uxo_work_done *done,
                        uxo_work_table out[UXO_WORK_TABLES]);
void uxo_work_sums_of(const uxo_scenario *scenario, uxo_outcome *outcome, uxo_work_sum out[UXO_WORK_SUMS_COUNT]);

/* Whole numbers, most of them small, in few bytes: seven bits each, the lowest first, the eighth says that there are more. *bytes is the
 * caller's; NULL: out of memory. */
void *uxo_work_pack(const uint64_t *number, size_t count, size_t *size);
/* Adds `count` of them to others. False: these are not so many. */
UXO_MUST_USE bool uxo_work_unpack(const void *bytes, size_t size, uint64_t *to, size_t count);

#endif
