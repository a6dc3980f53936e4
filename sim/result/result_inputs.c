/* result_inputs.c - population, districts and ground as rasters: what the engine saw. Always there when the scenario has them,
 * because the tables of /districts are about them. Not here: how a raster is stored (result_raster.c).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "result_parts.h"
#include "uxosim/background_strikes.h"

enum { POPULATION, DISTRICT, GROUND, INPUTS };
enum { NO_GROUND = UINT16_MAX }; /* beyond the grid */

typedef struct input_maps {
    h5_output *out;
    const uxo_scenario *scenario;
    const uxo_engine_options *engine;
    result_packers packers;
    result_sheet sheet[INPUTS];
    float *cells; /* [threads][UXO_CHUNK_CELLS], for either type */
} input_maps;

typedef struct packed_inputs {
    uxo_packed input[INPUTS];
} packed_inputs;

static void fill_population(const uxo_scenario *scenario, uint32_t first_x, uint32_t first_y, float *cells)
{
    const uxo_grid *const grid = &scenario->grid;
    for (uint32_t row = 0; row < UXO_CHUNK; row++) {
        for (uint32_t column = 0; column < UXO_CHUNK; column++) {
            const uint32_t x = first_x + column, y = first_y + row;
            const bool inside = x < grid->nx && y < grid->ny;
            cells[row * UXO_CHUNK + column] =
                inside ? uxo_population_at(&scenario->population, uxo_grid_tile_of(grid, x, y),
                                           uxo_grid_cell_in_tile(x, y))
                       : 0.0f;
        }
    }
}

static uint16_t word_of(const uxo_scenario *scenario, int input, size_t tile, uint32_t cell)
{
    return input == DISTRICT ? uxo_area_map_at(&scenario->districts.map, tile, cell)
                             : (uint16_t)uxo_surface_ground_at(&scenario->surface, tile, cell);
}

static void fill_words(const uxo_scenario *scenario, int input, uint32_t first_x, uint32_t first_y, uint16_t *cells)
{
    const uxo_grid *const grid = &scenario->grid;
    for (uint32_t row = 0; row < UXO_CHUNK; row++) {
        for (uint32_t column = 0; column < UXO_CHUNK; column++) {
            const uint32_t x = first_x + column, y = first_y + row;
            const bool inside = x < grid->nx && y < grid->ny;
            cells[row * UXO_CHUNK + column] =
                inside            ? word_of(scenario, input, uxo_grid_tile_of(grid, x, y), uxo_grid_cell_in_tile(x, y))
                : input == GROUND ? NO_GROUND
                                  : UXO_NO_DISTRICT;
        }
    }
}

static void discard(void *user, void *result)
{
    (void)user;
    packed_inputs *const packed = result;
    for (int i = 0; i < INPUTS; i++) {
        free(packed->input[i].bytes);
    }
    free(packed);
}

static uxo_status pack_inputs(void *user, int thread, size_t index, void **result)
{
    input_maps *const self = user;
    const uint32_t chunks_x = uxo_chunks_x(&self->scenario->grid);
    const uint32_t first_x = (uint32_t)(index % chunks_x) * UXO_CHUNK;
    const uint32_t first_y = (uint32_t)(index / chunks_x) * UXO_CHUNK;
    void *const cells = self->cells + (size_t)thread * UXO_CHUNK_CELLS;
    packed_inputs *const packed = calloc(1, sizeof *packed);
    bool good = packed != NULL;
    *result = packed;
    if (good && self->sheet[POPULATION].dataset >= 0) {
        fill_population(self->scenario, first_x, first_y, cells);
        good = result_pack(&self->packers, &self->sheet[POPULATION].form, cells, &packed->input[POPULATION]);
    }
    for (int input = DISTRICT; good && input <= GROUND; input++) {
        if (self->sheet[input].dataset >= 0) {
            fill_words(self->scenario, input, first_x, first_y, cells);
            good = result_pack(&self->packers, &self->sheet[input].form, cells, &packed->input[input]);
        }
    }
    return good ? UXO_OK : UXO_ERR_MEMORY;
}

static uxo_status store_inputs(void *user, size_t index, void *result)
{
    input_maps *const self = user;
    const uint32_t chunks_x = uxo_chunks_x(&self->scenario->grid);
    const packed_inputs *const packed = result;
    for (int i = 0; i < INPUTS; i++) {
        result_store_chunk(self->out, &self->sheet[i], 0, (uint32_t)(index % chunks_x), (uint32_t)(index / chunks_x),
                           &packed->input[i]);
    }
    discard(user, result);
    return self->out->status;
}

/* CF: what each number means. */
static void describe_classes(h5_output *out, hid_t dataset, const uxo_surface *surface)
{
    uint16_t values[UXO_MAX_GROUND_CLASSES];
    char *meanings = NULL;
    size_t length = 0;
    FILE *const text = open_memstream(&meanings, &length);
    for (uint32_t i = 0; text != NULL && i < surface->ground_count; i++) {
        values[i] = (uint16_t)i;
        fprintf(text, "%s%s", i > 0 ? " " : "", surface->ground[i].name);
    }
    if (text == NULL || fclose(text) != 0) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else {
        h5_attribute(out, dataset, "flag_values", H5T_NATIVE_UINT16, values, surface->ground_count);
        h5_word(out, dataset, "flag_meanings", meanings);
    }
    free(meanings);
}

static void open_ground(input_maps *self, const result_map *map)
{
    const result_raster ground = {.name = "ground",
                                  .unit = "1",
                                  .sentence =
                                      "class of the largest part of the cell's ground; the first is the reference",
                                  .comment = "the engine uses the shares of all classes",
                                  .whole_numbers = true,
                                  .repetitive = true,
                                  .empty = NO_GROUND,
                                  .missing = NO_GROUND};
    if (self->scenario->surface.ground_count > 1) {
        self->sheet[GROUND] = result_open_sheet(self->out, map, &ground);
        describe_classes(self->out, self->sheet[GROUND].dataset, &self->scenario->surface);
    }
}

static void open_sheets(input_maps *self, const result_map *map)
{
    const result_raster population = {.name = "population",
                                      .unit = "1",
                                      .sentence = "persons in the cell, as the engine saw them",
                                      .cell_methods = "area: sum",
                                      .repetitive = true,
                                      .missing = (double)NAN};
    const result_raster district = {
        .name = "district",
        .unit = "1",
        .sentence = "row of the tables of /districts, counted from 0, of the cell's centre; 65535: none",
        .whole_numbers = true,
        .repetitive = true,
        .empty = UXO_NO_DISTRICT,
        .missing = UXO_NO_DISTRICT};
    for (int input = 0; input < INPUTS; input++) {
        self->sheet[input].dataset = H5I_INVALID_HID;
    }
    if (uxo_population_given(&self->scenario->population)) {
        self->sheet[POPULATION] = result_open_sheet(self->out, map, &population);
    }
    if (self->scenario->has_districts) {
        self->sheet[DISTRICT] = result_open_sheet(self->out, map, &district);
    }
    open_ground(self, map);
}

static void run_loop(input_maps *self)
{
    const uxo_grid *const grid = &self->scenario->grid;
    const uxo_ordered_loop loop = {self, pack_inputs, store_inputs, discard};
    bool any = false;
    for (int input = 0; input < INPUTS; input++) {
        any = any || self->sheet[input].dataset >= 0;
    }
    const size_t chunks = any ? (size_t)uxo_chunks_x(grid) * uxo_chunks_y(grid) : 0;
    const uxo_status status = uxo_ordered_run(&loop, chunks, self->engine->threads);
    if (status != UXO_OK && self->out->status == UXO_OK) {
        self->out->status = uxo_fail(self->out->report, status, NULL, "out of memory for the rasters of inputs");
    }
}

/* The same everywhere, so that no chunk of it is stored: all cells hold what unstored ones do. */
static void write_background(input_maps *self, const result_map *map)
{
    if (!self->scenario->background.given) {
        return;
    }
    const double density = uxo_background_density_per_ha(self->scenario);
    const result_raster raster = {
        .name = "background_density",
        .unit = "hectare-1",
        .sentence = "expected duds of strikes that nobody reported; none of them are in dud_density",
        .cell_methods = "area: mean",
        .comment = self->scenario->surface.given ? "the same everywhere, by the author's judgement; on ground of the "
                                                   "reference class, before any clearance"
                                                 : "the same everywhere, by the author's judgement",
        .empty = (double)(float)density,
        .missing = (double)NAN};
    result_sheet sheet = result_open_sheet(self->out, map, &raster);
    h5_number(self->out, sheet.dataset, "numerical_error_bound", 1e-4 * density);
    result_close_sheet(&sheet);
}

void result_write_inputs(h5_output *out, const result_map *map, const uxo_result_run *run)
{
    const size_t threads = (size_t)uxo_ordered_threads(run->engine->threads);
    input_maps self = {.out = out, .scenario = run->scenario, .engine = run->engine};
    if (h5_output_stopped(out)) {
        return;
    }
    self.cells = malloc(threads * UXO_CHUNK_CELLS * sizeof *self.cells);
    if (self.cells == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory for %zu threads", threads);
        return;
    }
    open_sheets(&self, map);
    run_loop(&self);
    for (int input = 0; input < INPUTS; input++) {
        result_close_sheet(&self.sheet[input]);
    }
    write_background(&self, map);
    result_packers_free(&self.packers);
    free(self.cells);
}
