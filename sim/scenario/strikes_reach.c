/* strikes_reach.c - how far from its reported places a strike's duds may lie, and which strikes therefore touch the
 * grid.
 *
 * Location error, carrier spread and pattern are normal: their variances add, and 5 standard deviations leave
 * exp(-12.5) = 4e-6 of a round normal outside. Sizes that are distributions count with a value that they exceed once in
 * 100,000: at most five of them, so that less than 1e-4 of the duds lie beyond. A disc and the semi-axes of bounded
 * patterns are added as lengths, and so is how far reported parts lie off the release point.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strikes_private.h"

#define REACH_SIGMAS 5.0

static double squared(double value)
{
    return value * value;
}

/* What a size does not exceed but once in 100,000. */
static double large(const uxo_quantity *size)
{
    return uxo_quantity_quantile(size, 1.0 - 1e-5);
}

double strikes_reach_m(const uxo_strikes *self, const uxo_strike *strike, const uxo_catalogue *catalogue)
{
    double location = 0.0, disc = 0.0, spread = 0.0, gaussian = 0.0, bounded = 0.0, off = 0.0;
    for (uint32_t i = 0; i < strike->site_count; i++) {
        const uxo_site *const site = &self->site[strike->first_site + i];
        const double size = large(&site->location_size_m);
        off = fmax(off, uxo_displacement_high_m(&self->displacement[site->evidence], 1e-5));
        if (site->location_kind == UXO_LOCATION_DISC) {
            disc = fmax(disc, size);
        } else {
            location = fmax(location, size / UXO_R95_PER_SIGMA);
        }
    }
    for (uint32_t i = 0; i < strike->mixture.count; i++) {
        const uxo_munition *const munition = &catalogue->item[strike->mixture.munition[i]];
        const double size = fmax(large(&munition->pattern_along_m), large(&munition->pattern_across_m));
        spread = fmax(spread, fmax(large(&munition->spread_along_m), large(&munition->spread_across_m)));
        if (munition->shape == UXO_SHAPE_GAUSSIAN) {
            gaussian = fmax(gaussian, size);
        } else {
            const double edge = munition->shape == UXO_SHAPE_RING ? 1.0 + 0.5 * large(&munition->pattern_width) : 1.0;
            bounded = fmax(bounded, edge * size);
        }
    }
    return REACH_SIGMAS * sqrt(squared(location) + squared(spread) + squared(gaussian)) + disc + bounded + off;
}

static bool touches(const uxo_grid *grid, const uxo_site *site, double reach_m)
{
    const double dx = fmax(0.0, fmax(grid->xmin_m - site->x_m, site->x_m - uxo_grid_xmax_m(grid)));
    const double dy = fmax(0.0, fmax(grid->ymin_m - site->y_m, site->y_m - uxo_grid_ymax_m(grid)));
    return squared(dx) + squared(dy) <= squared(reach_m);
}

static bool reaches(const uxo_strikes *self, const uxo_strike *strike, const uxo_grid *grid)
{
    for (uint32_t i = 0; i < strike->site_count; i++) {
        if (touches(grid, &self->site[strike->first_site + i], strike->reach_m)) {
            return true;
        }
    }
    return false;
}

/* "a, b, c, ..." of the first ids. */
static void list_ids(char *list, size_t size, const char (*id)[UXO_ID_SIZE], uint32_t count)
{
    enum { SHOWN = 5 };
    list[0] = '\0';
    for (uint32_t i = 0; i < count && i < SHOWN; i++) {
        const size_t used = strlen(list);
        snprintf(list + used, size - used, "%s%s", i > 0 ? ", " : "", id[i]);
    }
    if (count > SHOWN) {
        const size_t used = strlen(list);
        snprintf(list + used, size - used, ", ...");
    }
}

static void drop(uxo_strikes *self, const uxo_strike *strike)
{
    memcpy(self->out_of_reach[self->out_of_reach_count++], strike->id, UXO_ID_SIZE);
    for (uint32_t i = 0; i < strike->site_count; i++) {
        free(self->site[strike->first_site + i].source);
    }
}

/* Moves the strikes that stay, and their sites, to the front. */
static void compact(uxo_strikes *self, const uxo_grid *grid)
{
    uint32_t strikes = 0;
    uint32_t sites = 0;
    for (uint32_t s = 0; s < self->count; s++) {
        uxo_strike strike = self->item[s];
        if (!reaches(self, &strike, grid)) {
            drop(self, &strike);
            continue;
        }
        memmove(&self->site[sites], &self->site[strike.first_site], strike.site_count * sizeof *self->site);
        strike.first_site = sites;
        sites += strike.site_count;
        self->item[strikes++] = strike;
    }
    self->count = strikes;
    self->site_count = sites;
}

uxo_status strikes_keep_reaching(uxo_strikes *self, strikes_reader *reader)
{
    char list[512];
    const uint32_t before = self->count;
    const uxo_place place = {.file = reader->source->file};
    self->out_of_reach = calloc(before + 1, sizeof *self->out_of_reach);
    if (self->out_of_reach == NULL) {
        return uxo_fail(reader->report, UXO_ERR_MEMORY, &place, "out of memory");
    }
    for (uint32_t s = 0; s < before; s++) {
        self->item[s].reach_m = strikes_reach_m(self, &self->item[s], reader->catalogue);
    }
    compact(self, reader->grid);
    if (before > 0 && self->count == 0) {
        return uxo_fail(
            reader->report, UXO_ERR_DATA, &place,
            "none of the %u strikes reaches the grid; do the coordinates and grid.bounds_m belong together?",
            (unsigned)before);
    }
    if (self->out_of_reach_count > 0) {
        list_ids(list, sizeof list, (const char(*)[UXO_ID_SIZE])self->out_of_reach, self->out_of_reach_count);
        uxo_report_add(reader->report, UXO_WARNING, &place,
                       "%u of %u strikes lie so far from the grid that nothing of them reaches it; left out: %s",
                       (unsigned)self->out_of_reach_count, (unsigned)before, list);
    }
    return UXO_OK;
}
