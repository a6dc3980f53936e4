/* compare_maps.c - differences of the maps of two results, and the file that holds them with the tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_private.h"
#include "result_file.h"
#include "uxosim/map_file.h"

static bool same(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance;
}

uxo_status uxo_compare_grids(const uxo_result *first, const uxo_result *second, uxo_report *report)
{
    const uxo_grid *const a = uxo_result_grid(first), *const b = uxo_result_grid(second);
    const size_t before = report->error_count;
    const double small = 1e-6 * a->cell_size_m;
    if (!same(a->cell_size_m, b->cell_size_m, 1e-9 * a->cell_size_m)) {
        (void)uxo_fail(report, UXO_ERR_DATA, NULL, "the maps differ in the size of their cells: %g m and %g m",
                       a->cell_size_m, b->cell_size_m);
    }
    if (a->nx != b->nx || a->ny != b->ny) {
        (void)uxo_fail(report, UXO_ERR_DATA, NULL, "the maps differ in their extent: %u x %u and %u x %u cells", a->nx,
                       a->ny, b->nx, b->ny);
    }
    if (!same(a->xmin_m, b->xmin_m, small) || !same(a->ymin_m, b->ymin_m, small)) {
        (void)uxo_fail(report, UXO_ERR_DATA, NULL,
                       "the maps differ in their place: lower left corner %.3f, %.3f and %.3f, %.3f m", a->xmin_m,
                       a->ymin_m, b->xmin_m, b->ymin_m);
    }
    if (strcmp(uxo_result_crs_wkt(first), uxo_result_crs_wkt(second)) != 0) {
        (void)uxo_fail(report, UXO_ERR_DATA, NULL, "the maps differ in their reference system: %.60s ... and %.60s ...",
                       uxo_result_crs_wkt(first), uxo_result_crs_wkt(second));
    }
    return uxo_report_status(report, before);
}

enum { MOST_LAYERS = 64, NAME_SIZE = RESULT_NAME_SIZE + 32, SENTENCE_SIZE = 320 };

/* A map of differences, or of their errors. */
typedef struct difference_layer {
    char source[RESULT_NAME_SIZE]; /* layer of both results */
    bool error;
    char name[NAME_SIZE], ancillary[NAME_SIZE], sentence[SENTENCE_SIZE];
    const char *unit;
} difference_layer;

typedef struct difference_maps {
    uxo_result *result[2];
    difference_layer layer[MOST_LAYERS];
    size_t count;
    float *other; /* rows of the second */
} difference_maps;

static uxo_status fill(void *user, uint32_t first_row, uint32_t rows, float *cells, uxo_report *report)
{
    const difference_maps *const self = user;
    const size_t count = (size_t)rows * uxo_result_grid(self->result[0])->nx;
    for (size_t index = 0; index < self->count; index++) {
        const difference_layer *const layer = &self->layer[index];
        float *const out = cells + index * count;
        UXO_TRY(uxo_result_read_rows(self->result[0], layer->source, 0, first_row, rows, out, report));
        UXO_TRY(uxo_result_read_rows(self->result[1], layer->source, 0, first_row, rows, self->other, report));
        for (size_t i = 0; i < count; i++) {
            const double a = (double)out[i], b = (double)self->other[i];
            out[i] = (float)(layer->error ? sqrt(a * a + b * b) : b - a);
        }
    }
    return UXO_OK;
}

static bool both_have(const difference_maps *self, const char *name)
{
    return uxo_result_layer_planes(self->result[0], name) == 1 && uxo_result_layer_planes(self->result[1], name) == 1;
}

/* Inputs, classes and errors have no difference of their own; containment is no quantity of the ground alone. */
static bool is_compared(const difference_maps *self, const char *name)
{
    static const char *const not [] = {"population", "district", "ground", "dud_containment"};
    bool compared = strstr(name, "_standard_error") == NULL && both_have(self, name);
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++) {
        compared = compared && strcmp(name, not [i]) != 0;
    }
    return compared && self->count + 2 <= MOST_LAYERS;
}

static void add_layer(difference_maps *self, const char *name)
{
    difference_layer difference = {.unit = uxo_result_layer_unit(self->result[0], name)};
    difference_layer errors = {.error = true, .unit = difference.unit};
    snprintf(difference.source, sizeof difference.source, "%s", name);
    snprintf(difference.name, sizeof difference.name, "%s_difference", name);
    snprintf(difference.sentence, sizeof difference.sentence, "second less first: %s",
             uxo_result_layer_sentence(self->result[0], name));
    snprintf(errors.source, sizeof errors.source, "%.*s_standard_error", RESULT_NAME_SIZE - 16, name);
    snprintf(errors.name, sizeof errors.name, "%s_difference_standard_error", name);
    snprintf(errors.sentence, sizeof errors.sentence,
             "Monte Carlo standard error of %s_difference, as of independent runs", name);
    const bool known = both_have(self, errors.source);
    if (known) {
        snprintf(difference.ancillary, sizeof difference.ancillary, "%s_difference_standard_error", name);
    }
    self->layer[self->count++] = difference;
    if (known) {
        self->layer[self->count++] = errors;
    }
}

static void describe_layers(const difference_maps *self, const uxo_compare *compared, uxo_map_layer *layer)
{
    for (size_t i = 0; i < self->count; i++) {
        const difference_layer *const from = &self->layer[i];
        layer[i] = (uxo_map_layer){.name = from->name, .unit = from->unit, .sentence = from->sentence};
        layer[i].ancillary = from->ancillary[0] != '\0' ? from->ancillary : NULL;
        layer[i].comment =
            from->error && compared->paired
                ? "the runs have random numbers in common, so that the error of the difference is smaller as a rule"
                : NULL;
    }
}

/* Five columns of each quantity, in one block with their names. */
typedef struct table_columns {
    uxo_map_column *column;
    char (*name)[96];
    size_t count;
} table_columns;

static bool fill_columns(const uxo_compare *self, table_columns *out)
{
    static const char *const suffix[] = {"first", "second", "difference", "difference_se"};
    static const char *const sentence[] = {"first run", "second run", "second less first",
                                           "standard error of the difference"};
    enum { SUFFIXES = sizeof suffix / sizeof *suffix };
    out->column = calloc(self->columns * SUFFIXES + 1, sizeof *out->column);
    out->name = calloc(self->columns * SUFFIXES + 1, sizeof *out->name);
    for (size_t k = 0; out->column != NULL && out->name != NULL && k < self->columns; k++) {
        const uxo_compare_column *const from = &self->column[k];
        const double *const value[SUFFIXES] = {from->first, from->second, from->difference, from->error};
        for (size_t i = 0; i < SUFFIXES; i++) {
            snprintf(out->name[out->count], sizeof *out->name, "%s_%s", from->name, suffix[i]);
            out->column[out->count] = (uxo_map_column){out->name[out->count], from->unit, sentence[i], value[i]};
            out->count++;
        }
    }
    return out->column != NULL && out->name != NULL;
}

static uxo_status write_file(const uxo_compare *self, difference_maps *maps, const char *path, const char *version,
                             uxo_report *report)
{
    const char *const title[2] = {uxo_result_text(maps->result[0], "/", "title"),
                                  uxo_result_text(maps->result[1], "/", "title")};
    char text[1024];
    uxo_map_layer layer[MOST_LAYERS];
    table_columns table = {NULL, NULL, 0};
    snprintf(text, sizeof text, "Difference: %.400s less %.400s", title[1] != NULL ? title[1] : "",
             title[0] != NULL ? title[0] : "");
    const uxo_map_text texts[] = {{"title", text},
                                  {"first_title", title[0] != NULL ? title[0] : ""},
                                  {"second_title", title[1] != NULL ? title[1] : ""},
                                  {"pairing", self->pairing}};
    describe_layers(maps, self, layer);
    uxo_map_file file = {.kind = "difference",
                         .version = version,
                         .text = texts,
                         .texts = sizeof texts / sizeof *texts,
                         .like = maps->result[0],
                         .layer = layer,
                         .layers = maps->count,
                         .fill = fill,
                         .user = maps,
                         .row_name = self->name,
                         .rows = self->rows};
    uxo_status status = UXO_ERR_MEMORY;
    if (fill_columns(self, &table)) {
        file.column = table.column;
        file.columns = table.count;
        status = uxo_map_file_write(path, &file, report);
    } else {
        (void)uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    free(table.column);
    free(table.name);
    return status;
}

uxo_status uxo_compare_write(const uxo_compare *self, uxo_result *first, uxo_result *second, const char *path,
                             const char *version, uxo_report *report)
{
    UXO_TRY(uxo_compare_grids(first, second, report));
    difference_maps *const maps = calloc(1, sizeof *maps);
    float *const other = malloc((size_t)UXO_CHUNK * uxo_result_grid(first)->nx * sizeof *other);
    if (maps == NULL || other == NULL) {
        free(maps);
        free(other);
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    maps->result[0] = first;
    maps->result[1] = second;
    maps->other = other;
    for (size_t i = 0; i < uxo_result_layer_count(first); i++) {
        const char *const name = uxo_result_layer_name(first, i);
        if (is_compared(maps, name)) {
            add_layer(maps, name);
        }
    }
    const uxo_status status = write_file(self, maps, path, version, report);
    free(maps);
    free(other);
    return status;
}
