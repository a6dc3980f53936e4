/* expected_containment.c - the layer dud_containment: which share of all expected duds lies in cells at least as dense as
 * this one. Known only when the whole map is. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expected_maps.h"

/* Of the 31 bits of a float that is not negative, the highest 20: 8 of the exponent, 12 of the mantissa. */
enum { MANTISSA_BITS = 23, DROPPED_BITS = 11, BINS = 1 << 20 };
/* Memory for so many threads; below so many tiles each it is not worth a thread. */
enum { MOST_COUNTS = 8, FEWEST_TILES = 16 };

static uint32_t bits_of(float mean)
{
    uint32_t bits;
    memcpy(&bits, &mean, sizeof bits);
    return bits;
}

static uint32_t bin_of(float mean)
{
    return bits_of(mean) >> DROPPED_BITS;
}

/* Means of some tiles, added up by bin in units of the last place: floats of one bin have one exponent, so the sums are
 * integers (of 4e9 cells below 2^56) and whoever adds them up gets the same. */
typedef struct bin_sums {
    uint64_t *units;      /* [BINS] */
    uint32_t lowest, end; /* bins that hold anything: the others are not even touched, which takes memory */
} bin_sums;

static void add_tile(bin_sums *self, const float *mean)
{
    const uint32_t leading = UINT32_C(1) << MANTISSA_BITS;
    for (size_t c = 0; c < UXO_TILE_CELLS; c++) {
        const uint32_t bits = bits_of(mean[c]);
        const uint32_t bin = bits >> DROPPED_BITS;
        if (mean[c] > 0.0f) {
            self->units[bin] += bits < leading ? bits : leading | (bits & (leading - 1));
            self->lowest = bin < self->lowest ? bin : self->lowest;
            self->end = bin < self->end ? self->end : bin + 1;
        }
    }
}

/* What a unit of a bin is worth: a power of two, put together from its exponent. */
static double unit_of(uint32_t bin)
{
    const uint32_t exponent = bin >> (MANTISSA_BITS - DROPPED_BITS);
    const uint64_t bits = (uint64_t)((exponent > 0 ? exponent : 1) + 1023 - 127 - MANTISSA_BITS) << 52;
    double unit;
    memcpy(&unit, &bits, sizeof unit);
    return unit;
}

/* Adds up what threads counted apart into the first of them. */
static void merge(bin_sums *sums, int count)
{
    for (int i = 1; i < count; i++) {
        for (uint32_t bin = sums[i].lowest; bin < sums[i].end; bin++) {
            sums->units[bin] += sums[i].units[bin];
        }
        sums->lowest = sums[i].lowest < sums->lowest ? sums[i].lowest : sums->lowest;
        sums->end = sums[i].end > sums->end ? sums[i].end : sums->end;
    }
}

static void find_shares(uxo_containment *self, const bin_sums *sums, double total)
{
    double inside = 0.0;
    for (uint32_t bin = sums->end; bin > sums->lowest; bin--) {
        if (sums->units[bin - 1] > 0) { /* nobody asks for the others */
            inside += (double)sums->units[bin - 1] * unit_of(bin - 1);
            self->share[bin - 1] = fmin(1.0, inside / total);
        }
    }
    self->whole = inside > 0.0 ? (float)fmin(1.0, inside / total) : NAN;
}

uxo_status uxo_containment_make(uxo_containment *self, const uxo_chunk_plan *plan, double total, int threads,
                                uxo_report *report)
{
    const size_t tiles = uxo_grid_tile_count(&plan->scenario->grid);
    const int worth = (int)fmin((double)(tiles / FEWEST_TILES + 1), MOST_COUNTS),
              count = threads < worth ? threads : worth;
    bin_sums sums[MOST_COUNTS] = {{NULL, BINS, 0}};
    bool complete = true;
    for (int i = 0; i < count; i++) {
        sums[i] = (bin_sums){calloc(BINS, sizeof *sums[i].units), BINS, 0};
        complete = complete && sums[i].units != NULL;
    }
    self->share = complete ? calloc(BINS, sizeof *self->share) : NULL;
    if (self->share != NULL) {
#pragma omp parallel for num_threads(count) schedule(static, 1)
        for (int i = 0; i < count; i++) {
            for (size_t t = (size_t)i; t < tiles; t += (size_t)count) {
                if (plan->mean[t] != NULL) {
                    add_tile(&sums[i], plan->mean[t]);
                }
            }
        }
        merge(sums, count);
        find_shares(self, sums, total);
    }
    for (int i = 0; i < count; i++) {
        free(sums[i].units);
    }
    return self->share != NULL ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for ranking cells");
}

void uxo_containment_free(uxo_containment *self)
{
    free(self->share);
    self->share = NULL;
}

float uxo_containment_of(const uxo_containment *self, float mean)
{
    return mean > 0.0f ? (float)self->share[bin_of(mean)] : self->whole;
}

typedef struct containment_loop {
    const uxo_chunk_plan *plan;
    const uxo_containment *containment;
    const volatile sig_atomic_t *stop;
    float *cells; /* [threads][UXO_CHUNK_CELLS] */
} containment_loop;

static uxo_status make_chunk(void *user, int thread, size_t index, void **result)
{
    const containment_loop *const self = user;
    const uxo_grid *const grid = &self->plan->scenario->grid;
    const uint32_t chunks_x = uxo_chunks_x(grid);
    float *const cells = self->cells + (size_t)thread * UXO_CHUNK_CELLS;
    bool any = false;
    if (uxo_is_stopped(self->stop)) {
        return UXO_ERR_INTERRUPTED;
    }
    for (uint32_t i = 0; i < UXO_CHUNK_TILES * UXO_CHUNK_TILES; i++) {
        const uint32_t x = (uint32_t)(index % chunks_x) * UXO_CHUNK_TILES + i % UXO_CHUNK_TILES;
        const uint32_t y = (uint32_t)(index / chunks_x) * UXO_CHUNK_TILES + i / UXO_CHUNK_TILES;
        const bool inside = x < grid->tiles_x && y < grid->tiles_y;
        const float *const mean = inside ? self->plan->mean[(size_t)y * grid->tiles_x + x] : NULL;
        float *const corner =
            cells + (size_t)(i / UXO_CHUNK_TILES) * UXO_TILE * UXO_CHUNK + i % UXO_CHUNK_TILES * UXO_TILE;
        any = any || mean != NULL;
        for (uint32_t cell = 0; cell < UXO_TILE_CELLS; cell++) {
            corner[cell / UXO_TILE * UXO_CHUNK + cell % UXO_TILE] =
                mean != NULL ? uxo_containment_of(self->containment, mean[cell]) : self->containment->whole;
        }
    }
    if (!any) {
        return UXO_OK;
    }
    uxo_packed *const packed = calloc(1, sizeof *packed);
    *result = packed;
    const uxo_map_sink *const sink = self->plan->sink;
    return packed != NULL && sink->pack(sink->user, UXO_LAYER_DUD_CONTAINMENT, cells, packed) ? UXO_OK : UXO_ERR_MEMORY;
}

static void discard(void *user, void *result)
{
    uxo_packed *const packed = result;
    (void)user;
    free(packed->bytes);
    free(packed);
}

static uxo_status store_chunk(void *user, size_t index, void *result)
{
    const containment_loop *const self = user;
    const uint32_t chunks_x = uxo_chunks_x(&self->plan->scenario->grid);
    uxo_status status = UXO_OK;
    if (result != NULL) {
        status = self->plan->sink->store(self->plan->sink->user, UXO_LAYER_DUD_CONTAINMENT, 0,
                                         (uint32_t)(index % chunks_x), (uint32_t)(index / chunks_x), result);
        discard(user, result);
    }
    return status;
}

uxo_status uxo_containment_maps(const uxo_chunk_plan *plan, const uxo_engine_options *options, double total,
                                uxo_report *report)
{
    const uxo_grid *const grid = &plan->scenario->grid;
    uxo_containment containment = {NULL, 0.0f};
    containment_loop self = {.plan = plan, .containment = &containment, .stop = options->stop};
    const uxo_ordered_loop loop = {&self, make_chunk, store_chunk, discard};
    uxo_status status = uxo_containment_make(&containment, plan, total, uxo_ordered_threads(options->threads), report);
    self.cells = malloc((size_t)uxo_ordered_threads(options->threads) * UXO_CHUNK_CELLS * sizeof *self.cells);
    if (status == UXO_OK && self.cells == NULL) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the maps");
    }
    if (status == UXO_OK) {
        const uxo_layer_facts facts = {containment.whole, NAN};
        status = plan->sink->open(plan->sink->user, UXO_LAYER_DUD_CONTAINMENT, &facts);
    }
    if (status == UXO_OK) {
        status = uxo_ordered_run(&loop, (size_t)uxo_chunks_x(grid) * uxo_chunks_y(grid), options->threads);
    }
    free(self.cells);
    uxo_containment_free(&containment);
    if (status == UXO_ERR_MEMORY && report->count == 0) {
        return uxo_fail(report, status, NULL, "out of memory for the maps");
    }
    return status;
}
