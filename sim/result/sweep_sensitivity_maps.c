/* sweep_sensitivity_maps.c - indices cell by cell of a layer that a sweep kept. Not here: effects and differences (sweep_sensitivity_contrasts.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_file.h"
#include "sweep_sensitivity_private.h"
#include "uxosim/map_file.h"

enum { PARTS = 4, NAME_SIZE = 160, SENTENCE_SIZE = 256 };

typedef struct index_maps {
    uxo_sweep_result *sweep;
    const char *layer;
    uxo_sensitivity_spec spec; /* of the base rows that are complete */
    uint32_t *scenario;        /* [base_rows][group] which ones those are */
    uint32_t *replicate;       /* [base_rows] of which net */
    uint32_t group;            /* scenarios of a base row */
    uint32_t rows, columns;    /* of cells at once */
    float *cells;              /* [scenarios used][rows][columns] */
    double *value, *scratch, *out;
} index_maps;

/* Base rows of which no scenario is missing. */
static bool find_complete(index_maps *self)
{
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(self->sweep);
    const uint8_t *const missing = uxo_result_sweep_missing(self->sweep);
    self->group = uxo_design_group(facts->parameters, facts->second_order);
    self->scenario = malloc((facts->design_scenarios + (size_t)1) * sizeof *self->scenario);
    self->replicate = malloc((facts->design_rows + (size_t)1) * sizeof *self->replicate);
    for (uint32_t n = 0; self->scenario != NULL && self->replicate != NULL && n < facts->design_rows; n++) {
        bool complete = true;
        for (uint32_t k = 0; k < self->group; k++) {
            self->scenario[self->spec.base_rows * self->group + k] = n * self->group + k;
            complete = complete && missing[n * self->group + k] == 0;
        }
        self->replicate[self->spec.base_rows] = n / (facts->design_rows / facts->replicates);
        self->spec.base_rows += complete ? 1 : 0;
    }
    return self->scenario != NULL && self->replicate != NULL;
}

static uint32_t at_least_one(size_t count, uint32_t most)
{
    return count >= most ? most : count > 1 ? (uint32_t)count : 1;
}

/* A window of cells of all scenarios. Each chunk that it touches is inflated whole: so it is as many chunks side by side as fit into 256 MiB, or part
 * of the rows of one chunk in 1 GiB, which whole rows of the grid would be far fewer of. */
static bool allocate(index_maps *self)
{
    static const size_t chunks_side_by_side = (size_t)1 << 28, part_of_chunk = (size_t)1 << 30;
    const uint32_t nx = uxo_result_sweep_grid(self->sweep)->nx, narrow = nx < UXO_CHUNK ? nx : UXO_CHUNK;
    const size_t used = (size_t)self->spec.base_rows * self->group, column = used * UXO_CHUNK * sizeof *self->cells;
    const uint32_t across =
        at_least_one(chunks_side_by_side / (column * narrow), uxo_chunks_x(uxo_result_sweep_grid(self->sweep)));
    self->columns = across > 1 ? across * UXO_CHUNK : narrow;
    self->rows =
        across > 1 ? UXO_CHUNK : at_least_one(part_of_chunk / (used * narrow * sizeof *self->cells), UXO_CHUNK);
    self->cells = malloc(used * self->rows * self->columns * sizeof *self->cells);
    self->value = malloc(used * sizeof *self->value);
    self->scratch = malloc(self->spec.base_rows * sizeof *self->scratch);
    self->out = malloc((size_t)PARTS * self->spec.dimensions * sizeof *self->out);
    return self->cells != NULL && self->value != NULL && self->scratch != NULL && self->out != NULL;
}

/* The cells of a window in all scenarios, then cell by cell; `cells`: [planes][rows][nx] from row `top` of the grid on. */
static uxo_status fill_window(index_maps *self, const result_window *window, uint32_t top, uint32_t rows, float *cells,
                              uxo_report *report)
{
    const size_t nx = uxo_result_sweep_grid(self->sweep)->nx, count = (size_t)window->rows * window->columns;
    const uint32_t used = self->spec.base_rows * self->group, planes = PARTS * self->spec.dimensions;
    for (uint32_t k = 0; k < used; k++) {
        UXO_TRY(result_read_cells(uxo_result_sweep_file(self->sweep), self->layer, self->scenario[k], window,
                                  self->cells + k * count, report));
    }
    for (size_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < used; k++) {
            self->value[k] = (double)self->cells[k * count + i];
        }
        uxo_sensitivity_quick(&self->spec, self->value, self->replicate, self->scratch, self->out);
        const size_t row = window->first_row - top + i / window->columns;
        const size_t column = window->first_column + i % window->columns;
        for (uint32_t p = 0; p < planes; p++) {
            cells[((size_t)p * rows + row) * nx + column] = (float)self->out[p];
        }
    }
    return UXO_OK;
}

static uxo_status fill(void *user, uint32_t first_row, uint32_t rows, float *cells, uxo_report *report)
{
    index_maps *const self = user;
    const uint32_t nx = uxo_result_sweep_grid(self->sweep)->nx;
    for (uint32_t row = 0; row < rows; row += self->rows) {
        for (uint32_t column = 0; column < nx; column += self->columns) {
            const result_window window = {.first_row = first_row + row,
                                          .rows = rows - row < self->rows ? rows - row : self->rows,
                                          .first_column = column,
                                          .columns = nx - column < self->columns ? nx - column : self->columns};
            UXO_TRY(fill_window(self, &window, first_row, rows, cells, report));
        }
    }
    return UXO_OK;
}

/* In the order of uxo_sensitivity_quick: first order of all axes, its errors, total, its errors. */
static void describe(const index_maps *self, uxo_map_layer *layer, char (*name)[NAME_SIZE],
                     char (*sentence)[SENTENCE_SIZE])
{
    static const char *const part[PARTS] = {"first_order", "first_order", "total", "total"};
    static const char *const words[PARTS] = {"first-order Sobol' index", "standard error of the first-order index",
                                             "total Sobol' index", "standard error of the total index"};
    const uint32_t d = self->spec.dimensions;
    for (uint32_t p = 0; p < PARTS; p++) {
        for (uint32_t j = 0; j < d; j++) {
            const uint32_t k = p * d + j;
            const char *const axis = uxo_result_sweep_parameter(self->sweep, j);
            snprintf(name[k], NAME_SIZE, "%s_%.80s%s", part[p], axis, p % 2 == 1 ? "_standard_error" : "");
            snprintf(sentence[k], SENTENCE_SIZE, "%s of the axis %.60s in %.60s", words[p], axis, self->layer);
            layer[k] = (uxo_map_layer){.name = name[k], .unit = "1", .sentence = sentence[k]};
            layer[k].ancillary = p % 2 == 0 ? name[k + d] : NULL;
        }
    }
}

static uxo_status write_maps(index_maps *self, const char *path, const char *version, uxo_report *report)
{
    const size_t planes = (size_t)PARTS * self->spec.dimensions;
    const char *const title = uxo_result_sweep_facts(self->sweep)->title;
    uxo_map_layer *const layer = calloc(planes, sizeof *layer);
    char(*const name)[NAME_SIZE] = calloc(planes, sizeof *name);
    char(*const sentence)[SENTENCE_SIZE] = calloc(planes, sizeof *sentence);
    char text[512];
    snprintf(text, sizeof text, "What %.60s hangs on: %.400s", self->layer, title);
    const uxo_map_text texts[] = {{"title", text}, {"layer", self->layer}};
    uxo_status status = UXO_ERR_MEMORY;
    if (layer != NULL && name != NULL && sentence != NULL) {
        describe(self, layer, name, sentence);
        const uxo_map_file file = {.kind = "sensitivity",
                                   .version = version,
                                   .text = texts,
                                   .texts = sizeof texts / sizeof *texts,
                                   .like = uxo_result_sweep_file(self->sweep),
                                   .layer = layer,
                                   .layers = planes,
                                   .fill = fill,
                                   .user = self};
        status = uxo_map_file_write(path, &file, report);
    } else {
        (void)uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    free(layer);
    free(name);
    free(sentence);
    return status;
}

static uxo_status check_layer(uxo_sweep_result *sweep, const char *layer, uxo_report *report)
{
    char names[512] = "";
    for (size_t i = 0; i < uxo_result_sweep_layer_count(sweep); i++) {
        const char *const name = uxo_result_sweep_layer_name(sweep, i);
        if (strcmp(name, layer) == 0) {
            return UXO_OK;
        }
        const size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "", name);
    }
    return uxo_fail(report, UXO_ERR_USAGE, NULL, "the file has no layer '%s'; %s%s", layer,
                    names[0] != '\0' ? "it has " : "the sweep file asked for none", names);
}

static uxo_status write_indices(uxo_sweep_result *sweep, const char *layer, const char *path, const char *version,
                                uxo_report *report)
{
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(sweep);
    index_maps self = {.sweep = sweep, .layer = layer};
    self.spec = (uxo_sensitivity_spec){.dimensions = facts->parameters, .second_order = facts->second_order};
    uxo_status status = UXO_OK;
    if (!find_complete(&self)) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else if (self.spec.base_rows < UXO_SENSITIVITY_LEAST_ROWS) {
        status = uxo_fail(report, UXO_ERR_DATA, NULL, "%u of %u base rows are complete, and indices need at least %d",
                          self.spec.base_rows, facts->design_rows, UXO_SENSITIVITY_LEAST_ROWS);
    } else if (!allocate(&self)) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a chunk of cells of %u scenarios",
                          facts->design_scenarios);
    } else {
        status = write_maps(&self, path, version, report);
    }
    free(self.scenario);
    free(self.replicate);
    free(self.cells);
    free(self.value);
    free(self.scratch);
    free(self.out);
    return status;
}

uxo_status uxo_sweep_sensitivity_maps(uxo_sweep_result *sweep, const char *layer, bool differences, const char *path,
                                      const char *version, uxo_report *report)
{
    uxo_design_kind kind;
    UXO_TRY(sweep_check_design(sweep, &kind, report));
    UXO_TRY(check_layer(sweep, layer, report));
    if (differences && uxo_result_sweep_facts(sweep)->baseline < 0) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL, "the sweep has no baseline to differ from");
    }
    if (differences || kind == UXO_DESIGN_GRID || kind == UXO_DESIGN_LIST) {
        return sweep_contrast_maps(sweep, layer, differences, path, version, report);
    }
    return kind == UXO_DESIGN_SOBOL
               ? write_indices(sweep, layer, path, version, report)
               : uxo_fail(
                     report, UXO_ERR_USAGE, NULL,
                     "a latin hypercube gives no maps: cells that many scenarios leave empty tie in their ranks, and "
                     "what coefficients leave out cannot be said cell by cell; a sobol design gives maps of "
                     "indices, --differences those of differences from a baseline");
}
