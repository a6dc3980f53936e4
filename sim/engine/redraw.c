/* redraw.c - see redraw.h. Carriers come drawn (drawing.c) and go into a table and patches as those of a run do (expected_table.c,
 * expected_tile.c). */
#include "uxosim/redraw.h"

#include <stdlib.h>
#include <string.h>

#include "expected_tile.h"

/* Campaign draws of realisations first .. end - 1 where a run has them, [end][campaign_count]; to be freed. */
static double *draw_campaign(const uxo_scenario *scenario, uint32_t first, uint32_t end)
{
    const size_t width = scenario->campaign_count;
    double *const campaign = calloc((size_t)end * width + 1, sizeof *campaign);
    for (uint32_t r = first; campaign != NULL && r < end; r++) {
        uxo_draw_campaign(scenario, uxo_draw_from(r), campaign + (size_t)r * width);
    }
    return campaign;
}

static const uxo_kernels *select_kernels(const uxo_engine_options *options, uxo_report *report)
{
    const uxo_kernels *const kernels = uxo_kernels_select(options->kernel);
    if (kernels == NULL) {
        uxo_report_add(report, UXO_ERROR, NULL, "this processor has no kernels '%s'", options->kernel);
    }
    return kernels;
}

/* Where the cells of the tile go to. */
typedef struct destination {
    uint32_t first;
    float *duds_per_cell;
} destination;

static void keep_cells(void *user, const uxo_patch *patch, uint32_t realisation)
{
    const destination *const to = user;
    float *const cells = to->duds_per_cell + (size_t)(realisation - to->first) * UXO_TILE_CELLS;
    for (uint32_t slot = 0; slot < patch->touched_count; slot++) {
        const uint32_t block = patch->touched[slot];
        const uint32_t row = block / patch->strips * patch->block_rows, column = block % patch->strips * UXO_STRIP;
        const float *const from = patch->value + slot * uxo_patch_block_size(patch);
        for (uint32_t i = 0; i < patch->block_rows; i++) {
            memcpy(cells + (size_t)(row + i) * UXO_TILE + column, from + (size_t)i * UXO_STRIP,
                   UXO_STRIP * sizeof *cells);
        }
    }
}

/* The carriers that reach the tile. */
static uxo_status gather(const uxo_table_order *order, const uxo_engine_options *options, destination *to,
                         uxo_report *report)
{
    uxo_carrier_table table = {.part_count = 0};
    uxo_tile_bench bench;
    uxo_tile_state state = {.any = false};
    uxo_tile_plan plan = {.scenario = order->scenario,
                          .outcome = order->outcome,
                          .kernels = uxo_field_kernels_select(options->kernel),
                          .visit = keep_cells,
                          .visit_user = to,
                          .stop = options->stop,
                          .realisations = order->end,
                          .stride = 1,
                          .unit = UXO_TILE};
    uxo_status status = uxo_carrier_table_make(&table, order, report);
    plan.moments = true; /* patches with what P(no dud) needs, as in a run: the same steps give the same bits */
    const bool benched = uxo_tile_bench_init(&bench, &plan);
    plan.moments = false;
    if (status == UXO_OK && benched) {
        uxo_tile_gather(&state, NULL, &bench, &plan, &table, order->band.from_x, order->band.from_y);
    }
    if (status == UXO_OK && (!benched || state.out_of_memory)) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a tile");
    }
    uxo_tile_bench_free(&bench);
    uxo_carrier_table_free(&table);
    return status == UXO_OK && uxo_is_stopped(options->stop) ? UXO_ERR_INTERRUPTED : status;
}

uxo_status uxo_redraw_tile(const uxo_scenario *scenario, const uxo_engine_options *options, uint32_t first,
                           uint32_t end, uint32_t tile_x, uint32_t tile_y, float *duds_per_cell, uxo_report *report)
{
    const uxo_kernels *const kernels = select_kernels(options, report);
    if (kernels == NULL || tile_x >= scenario->grid.tiles_x || tile_y >= scenario->grid.tiles_y || end < first) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL, "the grid has no tile (%u, %u)", (unsigned)tile_x,
                        (unsigned)tile_y);
    }
    memset(duds_per_cell, 0, (size_t)(end - first) * UXO_TILE_CELLS * sizeof *duds_per_cell);
    double *const campaign = draw_campaign(scenario, first, end);
    if (campaign == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a tile");
    }
    const uxo_outcome draws = {.campaign = campaign};
    destination to = {first, duds_per_cell};
    const uxo_table_order order = {.scenario = scenario,
                                   .kernels = kernels,
                                   .outcome = &draws,
                                   .first = first,
                                   .end = end,
                                   .band = {tile_x, tile_x + 1, tile_y, tile_y + 1},
                                   .strike_count = scenario->strikes.count,
                                   .stride = 1,
                                   .coarse_tiles = 1,
                                   .want_fine = true,
                                   .threads = 1,
                                   .stop = options->stop};
    const uxo_status status = end > first ? gather(&order, options, &to, report) : UXO_OK;
    free(campaign);
    return status;
}

static void add_given(void *user, const uxo_drawn_carrier *carriers, size_t count)
{
    double *const given = user;
    double sum = *given;
    for (size_t i = 0; i < count; i++) {
        if (carriers[i].draw.opened) {
            sum += (double)carriers[i].draw.load * carriers[i].most;
        }
    }
    *given = sum;
}

uxo_status uxo_redraw_given(const uxo_scenario *scenario, const uxo_engine_options *options, uint32_t first,
                            uint32_t end, double *given, double *campaign, uxo_report *report)
{
    const uxo_kernels *const kernels = select_kernels(options, report);
    if (kernels == NULL) {
        return UXO_ERR_USAGE;
    }
    uxo_drawing drawing;
    double *const draws = draw_campaign(scenario, first, end);
    const size_t width = scenario->campaign_count;
    const bool complete = uxo_drawing_init(&drawing, scenario) && draws != NULL;
    for (uint32_t r = first; complete && r < end; r++) {
        given[r - first] = 0.0;
        uxo_drawing_realise(&drawing, scenario, kernels, uxo_draw_from(r), draws + (size_t)r * width, NULL,
                            scenario->strikes.count, UXO_DRAW_NO_COUNTS, add_given, &given[r - first]);
    }
    if (complete && campaign != NULL) {
        memcpy(campaign, draws + (size_t)first * width, (size_t)(end - first) * width * sizeof *draws);
    }
    uxo_drawing_free(&drawing);
    free(draws);
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for realisations");
}
