/* maps.h - the map layers: which there are, and the way that they take from the engine to whoever stores them.
 *
 * A map is computed chunk by chunk (UXO_CHUNK x UXO_CHUNK cells, row-major from the north-west) by many threads, chunks
 * are packed as they are done, and packed chunks are stored by one thread at a time in a fixed order. So neither the
 * memory nor the bytes depend on the number of threads.
 */
#ifndef UXOSIM_MAPS_H
#define UXOSIM_MAPS_H

#include "uxosim/error.h"
#include "uxosim/grid.h"
#include "uxosim/scenario.h"

enum {
    UXO_CHUNK_TILES = 4,
    UXO_TILES_OF_CHUNK = UXO_CHUNK_TILES * UXO_CHUNK_TILES,
    UXO_CHUNK = UXO_CHUNK_TILES * UXO_TILE,
    UXO_CHUNK_CELLS = UXO_CHUNK * UXO_CHUNK
};

/* Which estimator gives a layer, and what its planes are: one, or one per entry of output.quantiles or
 * output.density_thresholds_per_ha. */
typedef enum uxo_layer_origin { UXO_FROM_BOTH, UXO_FROM_ANALOG, UXO_FROM_EXPECTED_VALUE } uxo_layer_origin;
typedef enum uxo_layer_axis { UXO_AXIS_NONE, UXO_AXIS_QUANTILE, UXO_AXIS_THRESHOLD } uxo_layer_axis;

/* id, name, unit, origin, axis, sentence */
#define UXO_LAYERS(X)                                                                                        \
    X(DUD_DENSITY, "dud_density", "hectare-1", UXO_FROM_BOTH, UXO_AXIS_NONE,                                 \
      "expected duds remaining from the listed strikes")                                                     \
    X(DUD_PROBABILITY, "dud_probability", "1", UXO_FROM_BOTH, UXO_AXIS_NONE,                                 \
      "probability of at least one dud in the cell")                                                         \
    X(DUD_DENSITY_SD, "dud_density_sd", "hectare-1", UXO_FROM_EXPECTED_VALUE, UXO_AXIS_NONE,                 \
      "standard deviation over realisations of the conditional density")                                     \
    X(DUD_COUNT_SD, "dud_count_sd", "1", UXO_FROM_ANALOG, UXO_AXIS_NONE,                                     \
      "standard deviation over realisations of the number of duds in the cell")                              \
    X(DUD_DENSITY_QUANTILE, "dud_density_quantile", "hectare-1", UXO_FROM_EXPECTED_VALUE, UXO_AXIS_QUANTILE, \
      "quantile over realisations of the conditional density")                                               \
    X(EXCEEDANCE_PROBABILITY, "exceedance_probability", "1", UXO_FROM_EXPECTED_VALUE, UXO_AXIS_THRESHOLD,    \
      "probability that the conditional density exceeds the threshold")                                      \
    X(DUD_DENSITY_SE, "dud_density_standard_error", "hectare-1", UXO_FROM_BOTH, UXO_AXIS_NONE,               \
      "Monte Carlo standard error of dud_density")                                                           \
    X(DUD_PROBABILITY_SE, "dud_probability_standard_error", "1", UXO_FROM_BOTH, UXO_AXIS_NONE,               \
      "Monte Carlo standard error of dud_probability")                                                       \
    X(ACCIDENT_DENSITY, "accident_density", "hectare-1", UXO_FROM_BOTH, UXO_AXIS_NONE,                       \
      "expected accidents in the first year after people's return")                                          \
    X(DUD_CONTAINMENT, "dud_containment", "1", UXO_FROM_BOTH, UXO_AXIS_NONE,                                 \
      "share of all expected duds inside the smallest area that contains this cell")

typedef enum uxo_layer {
#define X(id, name, unit, origin, axis, sentence) UXO_LAYER_##id,
    UXO_LAYERS(X)
#undef X
        UXO_LAYER_COUNT
} uxo_layer;

typedef struct uxo_layer_info {
    const char *name, *unit, *sentence;
    uxo_layer_origin origin;
    uxo_layer_axis axis;
} uxo_layer_info;

const uxo_layer_info *uxo_layer_describe(uxo_layer layer);
/* Planes of the layer in this scenario: 0 when its estimator does not give it, or output.layers leaves it out. */
uint32_t uxo_layer_planes(const uxo_scenario *scenario, uxo_layer layer);

/* Chunks of a grid. */
static inline uint32_t uxo_chunks_x(const uxo_grid *grid)
{
    return (grid->nx + UXO_CHUNK - 1) / UXO_CHUNK;
}

static inline uint32_t uxo_chunks_y(const uxo_grid *grid)
{
    return (grid->ny + UXO_CHUNK - 1) / UXO_CHUNK;
}

/* What is known of a layer before its first chunk. */
typedef struct uxo_layer_facts {
    float empty;                  /* what every cell of a chunk holds that is not stored */
    double numerical_error_bound; /* NaN: estimated by sampling alone */
} uxo_layer_facts;

/* One chunk of one plane, packed. Owned; freed by free(bytes). size 0: every cell is empty, nothing is stored. */
typedef struct uxo_packed {
    void *bytes;
    size_t size;
} uxo_packed;

/* Takes the maps.
 *
 * open   once per layer, before its first chunk; one thread
 * pack   values[UXO_CHUNK][UXO_CHUNK], row 0 north; cells beyond the grid's edge are there too and mean nothing. Any
 *        thread, many at a time. False: out of memory
 * store  chunks in ascending order, within a chunk layers and planes in ascending order; one thread at a time.
 *        Containment comes after all others, when the whole map is known
 *
 * A part of a run (work_store.h) only packs: `store` is not called, nor `open` for containment.
 */
typedef struct uxo_map_sink {
    void *user;
    uxo_status (*open)(void *user, uxo_layer layer, const uxo_layer_facts *facts);
    bool (*pack)(void *user, uxo_layer layer, const float *values, uxo_packed *out);
    uxo_status (*store)(void *user, uxo_layer layer, uint32_t plane, uint32_t chunk_x, uint32_t chunk_y,
                        const uxo_packed *packed);
} uxo_map_sink;

/* Runs work(user, i, &result) for i = 0 .. count - 1 on `threads` threads and commit(user, i, result) in ascending
 * order, one at a time; a result waits until it is its turn. The first failure of either ends the loop; after it,
 * results that were not committed are given to discard, but for NULL. Adds no message to any report. */
typedef struct uxo_ordered_loop {
    void *user;
    uxo_status (*work)(void *user, int thread, size_t index, void **result);
    uxo_status (*commit)(void *user, size_t index, void *result); /* takes the result over */
    void (*discard)(void *user, void *result);
} uxo_ordered_loop;

UXO_MUST_USE uxo_status uxo_ordered_run(const uxo_ordered_loop *loop, size_t count, int threads);

/* Threads that such a loop uses at most, for scratch memory by thread: `threads`, or for 0 as many as OpenMP gives. */
int uxo_ordered_threads(int threads);

#endif
