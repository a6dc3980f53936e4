/* design.c - the points of a sweep's design. The Sobol' sequence is GSL's; its direction numbers are taken from it once, so that any row
 * can be made without those before. */
#include "uxosim/design.h"

#include <gsl/gsl_qrng.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/rng.h"

enum { BITS = 30 }; /* of a coordinate of GSL's sequence */

const char *uxo_design_kind_name(uxo_design_kind kind)
{
    static const char *const name[UXO_DESIGN_KIND_COUNT] = {
#define X(id, text, sentence) text,
        UXO_DESIGN_KINDS(X)
#undef X
    };
    return name[kind];
}

int uxo_design_kind_find(const char *name)
{
    for (int kind = 0; kind < UXO_DESIGN_KIND_COUNT; kind++) {
        if (strcmp(name, uxo_design_kind_name((uxo_design_kind)kind)) == 0) {
            return kind;
        }
    }
    return -1;
}

uint32_t uxo_design_group(uint32_t dimensions, bool second_order)
{
    return 2 + (second_order ? 2 : 1) * dimensions;
}

/* ---- What is allowed */

static uxo_status too_many(uint64_t rows, const uxo_place *place, uxo_report *report)
{
    return rows <= UXO_DESIGN_MOST_ROWS
               ? UXO_OK
               : uxo_fail(report, UXO_ERR_DATA, place,
                          "the design has more than %d scenarios; take fewer values or rows", UXO_DESIGN_MOST_ROWS);
}

static uxo_status count_grid(uxo_design *self, const uxo_place *place, uxo_report *report)
{
    uint64_t rows = 1;
    for (uint32_t j = 0; j < self->dimensions; j++) {
        rows *= self->levels[j];
        UXO_TRY(too_many(rows, place, report));
    }
    self->rows = (uint32_t)rows;
    return UXO_OK;
}

static uxo_status count_list(uxo_design *self, const uxo_place *place, uxo_report *report)
{
    for (uint32_t j = 1; j < self->dimensions; j++) {
        if (self->levels[j] != self->levels[0]) {
            return uxo_fail(report, UXO_ERR_DATA, place,
                            "axis %u lists %u values and the first axis %u; in a list all axes have the same number",
                            j + 1, self->levels[j], self->levels[0]);
        }
    }
    UXO_TRY(too_many(self->levels[0], place, report));
    self->rows = self->levels[0];
    return UXO_OK;
}

static uxo_status copy_levels(uxo_design *self, const uxo_design_spec *spec, const uxo_place *place, uxo_report *report)
{
    self->levels = calloc(self->dimensions, sizeof *self->levels);
    if (self->levels == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the axes of a design");
    }
    for (uint32_t j = 0; j < self->dimensions; j++) {
        if (spec->levels[j] == 0) {
            return uxo_fail(report, UXO_ERR_DATA, place, "axis %u has no values", j + 1);
        }
        self->levels[j] = spec->levels[j];
    }
    return UXO_OK;
}

uint32_t uxo_design_replicates(uint32_t base_rows)
{
    return base_rows % UXO_DESIGN_REPLICATES == 0 && base_rows / UXO_DESIGN_REPLICATES >= UXO_DESIGN_REPLICATE_ROWS
               ? UXO_DESIGN_REPLICATES
               : 1;
}

static uxo_status check_replicates(const uxo_design *self, const uxo_place *place, uxo_report *report)
{
    if (self->replicates > 1 &&
        (self->replicates < UXO_DESIGN_LEAST_REPLICATES || self->replicates > UXO_DESIGN_MOST_REPLICATES)) {
        return uxo_fail(report, UXO_ERR_DATA, place,
                        "a sobol design has one replicate or from %d to %d, and here are %u: fewer tell too little "
                        "of the error",
                        UXO_DESIGN_LEAST_REPLICATES, UXO_DESIGN_MOST_REPLICATES, self->replicates);
    }
    return self->base_rows % self->replicates == 0
               ? UXO_OK
               : uxo_fail(report, UXO_ERR_DATA, place,
                          "%u base rows are not to be shared out evenly among %u replicates; take a multiple of %u",
                          self->base_rows, self->replicates, self->replicates);
}

static uxo_status count_sobol(uxo_design *self, const uxo_place *place, uxo_report *report)
{
    if (self->dimensions > UXO_DESIGN_SOBOL_AXES) {
        return uxo_fail(report, UXO_ERR_DATA, place,
                        "a sobol design has at most %d axes, and here are %u: it takes two dimensions of the sequence "
                        "for each, which "
                        "has %d; a latin_hypercube takes any number",
                        UXO_DESIGN_SOBOL_AXES, self->dimensions, UXO_DESIGN_SEQUENCE_DIMENSIONS);
    }
    const uint64_t rows = (uint64_t)self->base_rows * uxo_design_group(self->dimensions, self->second_order);
    UXO_TRY(too_many(rows, place, report));
    self->rows = (uint32_t)rows;
    UXO_TRY(check_replicates(self, place, report));
    const uint32_t each = self->base_rows / self->replicates;
    if ((each & (each - 1)) != 0) {
        uxo_report_add(report, UXO_WARNING, place,
                       "%u base rows%s are no power of two, which a Sobol' sequence needs to cover all axes evenly",
                       each, self->replicates > 1 ? " of each replicate" : "");
    }
    return UXO_OK;
}

/* ---- Latin hypercube: a permutation of the strata for every dimension */

static uxo_stream stream_of(const uxo_design *self, uint32_t row, uint32_t dimension, uxo_purpose purpose)
{
    return uxo_stream_at(uxo_key_make(self->seed, UXO_LEVEL_DESIGN, uxo_design_kind_name(self->kind)), row, dimension,
                         purpose);
}

/* Fisher and Yates. */
static void shuffle(uxo_stream *stream, uint32_t *order, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
    }
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t other = uxo_stream_below(stream, i);
        const uint32_t kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

static uxo_status prepare_hypercube(uxo_design *self, uxo_report *report)
{
    self->rows = self->base_rows;
    self->table = calloc((size_t)self->rows * self->dimensions, sizeof *self->table);
    if (self->table == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a latin hypercube of %u rows in %u dimensions",
                        self->rows, self->dimensions);
    }
    for (uint32_t j = 0; j < self->dimensions; j++) {
        uxo_stream stream = stream_of(self, 0, j, UXO_PURPOSE_DESIGN_ORDER);
        shuffle(&stream, self->table + (size_t)j * self->rows, self->rows);
    }
    return UXO_OK;
}

/* ---- Sobol' */

/* From one point of the sequence to the next one direction number is added (modulo two), that of the lowest zero bit of the index: so
 * number b appears at index 2^b - 1 for the first time. Only as many as the rows need. */
static void take_directions(uxo_design *self, gsl_qrng *sequence)
{
    const uint32_t columns = 2 * self->dimensions;
    double point[UXO_DESIGN_SEQUENCE_DIMENSIONS];
    uint32_t last[UXO_DESIGN_SEQUENCE_DIMENSIONS] = {0};
    for (uint32_t index = 0; index < self->base_rows / self->replicates; index++) {
        gsl_qrng_get(sequence, point);
        uint32_t bit = 0;
        while ((index >> bit & 1) != 0) {
            bit++;
        }
        for (uint32_t j = 0; j < columns; j++) {
            const uint32_t now = (uint32_t)(point[j] * 0x1p30);
            self->table[j * BITS + bit] = now ^ last[j];
            last[j] = now;
        }
    }
}

static uxo_status prepare_sobol(uxo_design *self, const uxo_place *place, uxo_report *report)
{
    UXO_TRY(count_sobol(self, place, report));
    const uint32_t columns = 2 * self->dimensions;
    gsl_qrng *const sequence = gsl_qrng_alloc(gsl_qrng_sobol, columns);
    self->table = calloc((size_t)columns * BITS, sizeof *self->table);
    self->shift = calloc((size_t)self->replicates * columns, sizeof *self->shift);
    const bool complete = sequence != NULL && self->table != NULL && self->shift != NULL;
    if (complete) {
        take_directions(self, sequence);
    }
    if (sequence != NULL) {
        gsl_qrng_free(sequence);
    }
    for (uint32_t k = 0; complete && k < self->replicates * columns; k++) {
        uxo_stream stream = stream_of(self, k / columns, k % columns, UXO_PURPOSE_DESIGN_SHIFT);
        const uint64_t high = uxo_stream_word(&stream);
        self->shift[k] = (high << 32 | uxo_stream_word(&stream)) >> 12;
    }
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a Sobol' sequence");
}

uxo_status uxo_design_init(uxo_design *self, const uxo_design_spec *spec, const uxo_place *place, uxo_report *report)
{
    *self = (uxo_design){.kind = spec->kind,
                         .seed = spec->seed,
                         .dimensions = spec->dimensions,
                         .base_rows = spec->base_rows,
                         .second_order = spec->kind == UXO_DESIGN_SOBOL && spec->second_order,
                         .replicates = spec->kind == UXO_DESIGN_SOBOL && spec->replicates > 1 ? spec->replicates : 1};
    if (spec->dimensions == 0) {
        return uxo_fail(report, UXO_ERR_DATA, place, "a design needs at least one axis");
    }
    const bool listed = spec->kind == UXO_DESIGN_GRID || spec->kind == UXO_DESIGN_LIST;
    if (!listed && spec->base_rows == 0) {
        return uxo_fail(report, UXO_ERR_DATA, place, "a %s design needs at least one row",
                        uxo_design_kind_name(spec->kind));
    }
    if (!listed && spec->base_rows > UXO_DESIGN_MOST_BASE_ROWS) {
        return uxo_fail(report, UXO_ERR_DATA, place, "a %s design has at most %d rows, and here are %u",
                        uxo_design_kind_name(spec->kind), UXO_DESIGN_MOST_BASE_ROWS, spec->base_rows);
    }
    if (!listed) {
        return spec->kind == UXO_DESIGN_SOBOL ? prepare_sobol(self, place, report) : prepare_hypercube(self, report);
    }
    UXO_TRY(copy_levels(self, spec, place, report));
    UXO_TRY(spec->kind == UXO_DESIGN_GRID ? count_grid(self, place, report) : count_list(self, place, report));
    self->base_rows = self->rows;
    return UXO_OK;
}

void uxo_design_free(uxo_design *self)
{
    free(self->levels);
    free(self->table);
    free(self->shift);
    *self = (uxo_design){0};
}

uxo_design_part uxo_design_part_of(const uxo_design *self, uint32_t row)
{
    const uint32_t group = uxo_design_group(self->dimensions, self->second_order);
    const uint32_t at = row % group;
    uxo_design_part part = {row / group, at == 0 ? UXO_DESIGN_A : UXO_DESIGN_B, 0};
    if (at >= 2) {
        part.matrix = at - 2 < self->dimensions ? UXO_DESIGN_AB : UXO_DESIGN_BA;
        part.dimension = (at - 2) % self->dimensions;
    }
    return part;
}

uint32_t uxo_design_level(const uxo_design *self, uint32_t row, uint32_t dimension)
{
    if (self->kind == UXO_DESIGN_LIST) {
        return row;
    }
    for (uint32_t j = self->dimensions - 1; j > dimension; j--) {
        row /= self->levels[j];
    }
    return row % self->levels[dimension];
}

/* The middle of one of 2^52 equal parts, so never 0. Points are numbered by Gray's code, as the sequence gives them. */
static double sobol_point(const uxo_design *self, uint32_t row, uint32_t dimension)
{
    const uxo_design_part part = uxo_design_part_of(self, row);
    const bool exchanged = part.matrix >= UXO_DESIGN_AB && part.dimension == dimension;
    const bool of_b = (part.matrix == UXO_DESIGN_B || part.matrix == UXO_DESIGN_BA) != exchanged;
    const uint32_t column = of_b ? self->dimensions + dimension : dimension;
    const uint32_t each = self->base_rows / self->replicates, index = part.base_row % each;
    const uint64_t *const shift = self->shift + (size_t)(part.base_row / each) * 2 * self->dimensions;
    uint64_t digits = 0;
    uint32_t bit = 0;
    for (uint32_t gray = index ^ index >> 1; gray != 0; gray >>= 1, bit++) {
        digits ^= (gray & 1) != 0 ? self->table[column * BITS + bit] : 0;
    }
    return ((double)(digits << (52 - BITS) ^ shift[column]) + 0.5) * 0x1p-52;
}

double uxo_design_point(const uxo_design *self, uint32_t row, uint32_t dimension)
{
    if (self->kind == UXO_DESIGN_SOBOL) {
        return sobol_point(self, row, dimension);
    }
    if (self->kind != UXO_DESIGN_LATIN_HYPERCUBE) {
        return ((double)uxo_design_level(self, row, dimension) + 0.5) / (double)self->levels[dimension];
    }
    uxo_stream stream = stream_of(self, row, dimension, UXO_PURPOSE_DESIGN_PLACE);
    const double within = uxo_stream_uniform(&stream);
    const uint32_t stratum = self->table[(size_t)dimension * self->rows + row];
    const double point = ((double)stratum + within) / (double)self->rows;
    return point < 1.0 ? point : 1.0 - 0x1p-53; /* rounding may reach the end of the last stratum */
}
