/* sweep_task.c - see sweep_task.h. Sums in the order of realisations. */
#include "uxosim/sweep_task.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

uxo_column_info uxo_sweep_column_info(int column)
{
    static const uxo_column_info own[] = {
#define X(id, name, sentence) {name, "1", sentence}, {name "_se", "1", "Monte Carlo standard error of " name},
        UXO_SWEEP_COLUMNS(X)
#undef X
    };
    return column < UXO_SWEEP_OF_TABLE ? *uxo_column((uxo_district_column)column) : own[column - UXO_SWEEP_OF_TABLE];
}

static uxo_status allocate(uxo_sweep_task *self, uint32_t rows, uint32_t blocks, const bool *paired, uxo_report *report)
{
    bool whole = true;
    *self = (uxo_sweep_task){.rows = rows, .blocks = blocks};
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        self->column[c] = malloc(rows * sizeof **self->column);
        whole = whole && self->column[c] != NULL;
        for (uint32_t i = 0; self->column[c] != NULL && i < rows; i++) {
            self->column[c][i] = NAN;
        }
    }
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        self->paired[k] = paired[k] ? calloc((size_t)rows * blocks, sizeof **self->paired) : NULL;
        whole = whole && (self->paired[k] != NULL || !paired[k]);
    }
    return whole ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a scenario of a sweep");
}

/* What each realisation lets expect in each column; whole numbers or reals. Nothing is known of accidents outside the grid. */
typedef struct expected {
    const double *real;
    const uint32_t *count;
    uint32_t columns, realisations;
    bool on_grid_only;
} expected;

/* Of a row of the table: the last one is the total. */
static double value_at(const expected *self, uint32_t realisation, uint32_t row)
{
    const size_t first = (size_t)realisation * self->columns;
    if (row < self->columns) {
        return self->real != NULL ? self->real[first + row] : (double)self->count[first + row];
    }
    double sum = 0.0;
    for (uint32_t c = 0; c < self->columns - (self->on_grid_only ? 1 : 0); c++) {
        sum += self->real != NULL ? self->real[first + c] : (double)self->count[first + c];
    }
    return sum;
}

static void summarise(const expected *of, uint32_t row, uxo_sweep_task *self, uxo_sweep_paired which, int column)
{
    const double n = (double)of->realisations;
    double sum = 0.0, squares = 0.0;
    for (uint32_t b = 0; b < self->blocks; b++) {
        const uint32_t end = uxo_sweep_block_start(of->realisations, b + 1);
        const uint32_t begin = uxo_sweep_block_start(of->realisations, b);
        double part = 0.0;
        for (uint32_t r = begin; r < end; r++) {
            part += value_at(of, r, row);
        }
        self->paired[which][(size_t)b * self->rows + row] = (float)(part / (double)(end - begin));
        sum += part;
    }
    for (uint32_t r = 0; r < of->realisations; r++) {
        const double d = value_at(of, r, row) - sum / n;
        squares += d * d;
    }
    self->column[column][row] = sum / n;
    self->column[column + 1][row] = n > 1.0 ? sqrt(squares / (n - 1.0) / n) : NAN;
}

static void leave_out(uxo_sweep_task *self, uint32_t row, uxo_sweep_paired which)
{
    for (uint32_t b = 0; b < self->blocks; b++) {
        self->paired[which][(size_t)b * self->rows + row] = NAN;
    }
}

uxo_status uxo_sweep_task_fill(uxo_sweep_task *self, const uxo_outcome *outcome, const uxo_district_table *table,
                               uxo_report *report)
{
    const bool people = outcome->accidents != NULL;
    const bool paired[] = {true, people};
    const uint32_t outside_grid = outcome->columns - 1;
    const expected duds = {outcome->conditional, outcome->dud_count, outcome->columns, outcome->realisations, false};
    const expected accidents = {outcome->accident_expectation != NULL ? outcome->accident_expectation
                                                                      : outcome->accident_chance,
                                NULL, outcome->columns, outcome->realisations, true};
    UXO_TRY(allocate(self, table->rows, uxo_sweep_blocks(outcome->realisations), paired, report));
    for (int c = 0; c < UXO_COLUMN_COUNT; c++) {
        memcpy(self->column[c], table->value[c], table->rows * sizeof **self->column);
    }
    for (uint32_t row = 0; row < table->rows; row++) {
        summarise(&duds, row, self, UXO_SWEEP_DUDS, UXO_SWEEP_DUD_EXPECTATION);
        if (people && row != outside_grid) {
            summarise(&accidents, row, self, UXO_SWEEP_ACCIDENTS, UXO_SWEEP_ACCIDENT_EXPECTATION);
        } else if (people) {
            leave_out(self, row, UXO_SWEEP_ACCIDENTS);
        }
    }
    return UXO_OK;
}

void uxo_sweep_task_free(uxo_sweep_task *self)
{
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        free(self->column[c]);
    }
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        free(self->paired[k]);
    }
    memset(self, 0, sizeof *self);
}

/* ---- Bytes: rows, blocks, columns, a bit for each of what is paired (4 bytes each); then columns, then what is paired. Lowest byte first. */

enum { HEAD_NUMBERS = 4, NUMBER_BYTES = 4 };

static unsigned char *put(unsigned char *to, uint64_t bits, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        to[i] = (unsigned char)(bits >> (8 * i));
    }
    return to + bytes;
}

static const unsigned char *get(const unsigned char *from, uint64_t *bits, size_t bytes)
{
    *bits = 0;
    for (size_t i = bytes; i-- > 0;) {
        *bits = *bits << 8 | from[i];
    }
    return from + bytes;
}

static size_t size_of(uint64_t rows, uint64_t blocks, uint64_t paired)
{
    const uint64_t tables = (paired & 1) + (paired >> 1 & 1);
    return (size_t)(HEAD_NUMBERS * NUMBER_BYTES + rows * UXO_SWEEP_COLUMN_COUNT * sizeof(double) +
                    tables * rows * blocks * sizeof(float));
}

uxo_status uxo_sweep_task_pack(const uxo_sweep_task *self, void **bytes, size_t *size, uxo_report *report)
{
    const uint32_t paired = (self->paired[0] != NULL) | (uint32_t)(self->paired[1] != NULL) << 1;
    *size = size_of(self->rows, self->blocks, paired);
    *bytes = malloc(*size);
    if (*bytes == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a scenario of a sweep");
    }
    const uint32_t head[HEAD_NUMBERS] = {self->rows, self->blocks, UXO_SWEEP_COLUMN_COUNT, paired};
    unsigned char *at = *bytes;
    for (int i = 0; i < HEAD_NUMBERS; i++) {
        at = put(at, head[i], NUMBER_BYTES);
    }
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        for (uint32_t i = 0; i < self->rows; i++) {
            uint64_t bits;
            memcpy(&bits, &self->column[c][i], sizeof bits);
            at = put(at, isnan(self->column[c][i]) ? UINT64_C(0x7ff8000000000000) : bits, sizeof bits);
        }
    }
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        for (size_t i = 0; self->paired[k] != NULL && i < (size_t)self->rows * self->blocks; i++) {
            uint32_t bits;
            memcpy(&bits, &self->paired[k][i], sizeof bits);
            at = put(at, isnan(self->paired[k][i]) ? UINT32_C(0x7fc00000) : bits, sizeof bits);
        }
    }
    return UXO_OK;
}

uxo_status uxo_sweep_task_unpack(uxo_sweep_task *self, const void *bytes, size_t size, uxo_report *report)
{
    uint64_t head[HEAD_NUMBERS] = {0}, bits;
    const unsigned char *at = bytes;
    memset(self, 0, sizeof *self);
    for (int i = 0; size >= HEAD_NUMBERS * NUMBER_BYTES && i < HEAD_NUMBERS; i++) {
        at = get(at, &head[i], NUMBER_BYTES);
    }
    if (head[0] == 0 || head[2] != UXO_SWEEP_COLUMN_COUNT || head[3] > 3 || head[1] > UXO_SWEEP_MOST_BLOCKS ||
        size != size_of(head[0], head[1], head[3])) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "a record of a scenario is not one of this version of uxosim");
    }
    const bool paired[] = {(head[3] & 1) != 0, (head[3] & 2) != 0};
    UXO_TRY(allocate(self, (uint32_t)head[0], (uint32_t)head[1], paired, report));
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        for (uint32_t i = 0; i < self->rows; i++) {
            at = get(at, &bits, sizeof bits);
            memcpy(&self->column[c][i], &bits, sizeof bits);
        }
    }
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        for (size_t i = 0; self->paired[k] != NULL && i < (size_t)self->rows * self->blocks; i++) {
            at = get(at, &bits, sizeof(float));
            const uint32_t word = (uint32_t)bits;
            memcpy(&self->paired[k][i], &word, sizeof word);
        }
    }
    return UXO_OK;
}
