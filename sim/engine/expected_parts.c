/* expected_parts.c - see expected_parts.h. */
#include "expected_parts.h"

#include <math.h>
#include <stdlib.h>

#include "expected_table.h"
#include "uxosim/expectation.h"

/* In thousandths, beside what the carriers take. ASSUMED from measurements with the usual layers: planes of a chunk with anything on it are
 * packed and its cells worked through whatever lies there; an empty chunk is only looked at. They do not affect results. */
enum { PER_TILE = 1000, OF_ANY = 4000, OF_NONE = 1 };

/* Carriers of a strike come down in a bell about its site; this is one by a polynomial, whose standard deviation is 0.27 of the strike's reach. */
static double share_below(double at_m, double centre_m, double reach_m)
{
    const double half_m = 0.6 * reach_m;
    const double u = fmin(1.0, fmax(0.0, (at_m - centre_m) / (2.0 * half_m) + 0.5));
    return u * u * (3.0 - 2.0 * u);
}

/* Chunks along one axis from `low` to `high` in metres from its beginning. */
typedef struct chunk_range {
    uint32_t first, end;
} chunk_range;

static chunk_range range_of(double low_m, double high_m, double side_m, uint32_t chunks)
{
    const double from = floor(low_m / side_m), to = floor(high_m / side_m);
    if (to < 0.0 || from >= (double)chunks) {
        return (chunk_range){0, 0};
    }
    return (chunk_range){from > 0.0 ? (uint32_t)from : 0, to < (double)chunks ? (uint32_t)to + 1 : chunks};
}

/* weight: of the strike, on all chunks together. */
static void add_site(const uxo_grid *grid, const uxo_site *site, double reach_m, double weight, double *sum)
{
    const double side_m = UXO_CHUNK * grid->cell_size_m, beyond_m = 0.6 * reach_m;
    const double x_m = site->x_m - grid->xmin_m, y_m = uxo_grid_ymax_m(grid) - site->y_m;
    const chunk_range across = range_of(x_m - beyond_m, x_m + beyond_m, side_m, uxo_chunks_x(grid));
    const chunk_range down = range_of(y_m - beyond_m, y_m + beyond_m, side_m, uxo_chunks_y(grid));
    for (uint32_t y = down.first; y < down.end; y++) {
        const double of_row =
            share_below((double)(y + 1) * side_m, y_m, reach_m) - share_below((double)y * side_m, y_m, reach_m);
        for (uint32_t x = across.first; x < across.end; x++) {
            const double of_column =
                share_below((double)(x + 1) * side_m, x_m, reach_m) - share_below((double)x * side_m, x_m, reach_m);
            sum[(size_t)y * uxo_chunks_x(grid) + x] += weight * of_row * of_column;
        }
    }
}

uint64_t *uxo_chunk_weights(const uxo_scenario *scenario)
{
    const uxo_grid *const grid = &scenario->grid;
    const size_t chunks = (size_t)uxo_chunks_x(grid) * uxo_chunks_y(grid);
    double *const sum = calloc(chunks + 1, sizeof *sum);
    uint64_t *const weight = calloc(chunks + 1, sizeof *weight);
    if (sum == NULL || weight == NULL) {
        free(sum);
        free(weight);
        return NULL;
    }
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        const double tiles = 2.0 * uxo_carrier_half_length_m(scenario, strike) / (UXO_TILE * grid->cell_size_m) + 1.0;
        const double all = uxo_expected_carriers(scenario, strike) * fmin(tiles * tiles, UXO_TILES_OF_CHUNK);
        for (uint32_t s = 0; s < strike->site_count; s++) {
            const uxo_site *const site = &scenario->strikes.site[strike->first_site + s];
            add_site(grid, site, strike->reach_m, all / (double)strike->site_count, sum);
        }
    }
    for (size_t c = 0; c < chunks; c++) {
        const double most = 1e12; /* so that their sum can be counted */
        weight[c] = sum[c] > 0.0 ? OF_ANY + (uint64_t)fmin(PER_TILE * sum[c], most) : OF_NONE;
    }
    free(sum);
    return weight;
}

/* Parts that are needed if none may weigh more than `most`, at which the first of them end: of parts before `part`, [first, end) is that one. */
static size_t parts_needed(const uint64_t *weight, size_t chunks, uint64_t most, uint32_t part, size_t *first,
                           size_t *end)
{
    size_t parts = 0, c = 0;
    *first = chunks;
    *end = chunks;
    while (c < chunks) {
        const size_t begin = c;
        uint64_t load = 0;
        while (c < chunks && (c == begin || load + weight[c] <= most)) {
            load += weight[c++];
        }
        if (parts++ == part) {
            *first = begin;
            *end = c;
        }
    }
    return parts;
}

void uxo_chunk_share(const uint64_t *weight, size_t chunks, uint32_t part, uint32_t parts, size_t *first, size_t *end)
{
    uint64_t low = 0, high = 0; /* with `low` too many parts would be needed, with `high` there are enough */
    for (size_t c = 0; c < chunks; c++) {
        high += weight[c];
    }
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (parts_needed(weight, chunks, middle, part, first, end) > parts) {
            low = middle;
        } else {
            high = middle;
        }
    }
    parts_needed(weight, chunks, high, part, first, end);
}
