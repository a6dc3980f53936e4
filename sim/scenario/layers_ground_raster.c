/* layers_ground_raster.c - ground classes by a raster: at each point of a cell the source cell that holds it.
 *
 * Places of the source are found exactly on a mesh of MESH cells and between by straight lines: over eight cells of 100 m
 * the reference systems bend by less than 2 cm.
 */
#include "layers_surface.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/schema.h"

enum { MESH = 8, NODES = UXO_TILE / MESH + 1, UNKNOWN_KEPT = 16 };
/* Codes beside classes and LAYERS_UNSET: values without a class, and those that are too many to be listed. */
#define UNKNOWN_FIRST (UINT32_MAX - 64)
#define UNKNOWN_MORE (UNKNOWN_FIRST + UNKNOWN_KEPT)
/* Columns and rows are rounded to 2^-16: PROJ's last bits differ between processors. */
enum { STEP_BITS = 16 };
static const double STEPS = 65536.0;
static const size_t MOST_SOURCE_CELLS = (size_t)1 << 26; /* at once: half a gigabyte */

/* A coordinate of the source at the nodes of one row of the mesh: along its north, along its south. */
typedef struct mesh_line {
    double node[2][NODES];
} mesh_line;

struct layers_ground_raster {
    layers_source source;
    const uxo_ground_source *given; /* borrowed */
    double *number;                 /* given->value as numbers */
    double back[6];                 /* from the source's system to column, row */
    mesh_line column, row;
    int window[4]; /* columns [0, 2), rows [1, 3) that are in memory */
    size_t room;
    double *value;
    unsigned char *valid;
    uint32_t *code;
    double unknown[UNKNOWN_KEPT]; /* values without a class, and whether they are on the grid */
    bool unknown_used[UNKNOWN_KEPT + 1];
    uint32_t unknown_count;
};

static uxo_status read_numbers(layers_ground_raster *self)
{
    const uxo_ground_source *const given = self->given;
    self->number = calloc(given->value_count + (size_t)1, sizeof *self->number);
    if (self->number == NULL) {
        return uxo_fail(self->source.gdal.report, UXO_ERR_MEMORY, &given->place, "out of memory");
    }
    for (uint32_t i = 0; i < given->value_count; i++) {
        const char *why;
        if (!uxo_schema_number(given->value[i], &self->number[i], &why)) {
            return uxo_fail(
                self->source.gdal.report, UXO_ERR_DATA, &given->place,
                "layers.ground.classes names '%s', but the values of a raster are numbers; for polygons say "
                "which `field` holds the class",
                given->value[i]);
        }
    }
    return UXO_OK;
}

uxo_status layers_ground_raster_open(layers_ground_raster **self, const uxo_crs *crs, const uxo_ground_source *source,
                                     uxo_report *report)
{
    *self = calloc(1, sizeof **self);
    if (*self == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, &source->place, "out of memory");
    }
    layers_ground_raster *const raster = *self;
    raster->given = source;
    const uxo_status status =
        layers_source_open(&raster->source, crs, source->file, "ground class", &source->place, report);
    if (status != UXO_OK && raster->source.dataset == NULL) {
        uxo_report_add(report, UXO_NOTE, &source->place, "if '%s' holds polygons, `field` has to name their class",
                       source->file);
    }
    UXO_TRY(status);
    const uxo_gdal *const api = &raster->source.gdal.api;
    if (api->GDALDataTypeIsComplex(api->GDALGetRasterDataType(raster->source.band)) ||
        !api->GDALInvGeoTransform(raster->source.frame, raster->back)) {
        return layers_source_fail(&raster->source, "holds no classes of ground");
    }
    return read_numbers(raster);
}

void layers_ground_raster_close(layers_ground_raster *self)
{
    if (self != NULL) {
        layers_source_close(&self->source);
        free(self->number);
        free(self->value);
        free(self->valid);
        free(self->code);
    }
    free(self);
}

static double rounded(double value)
{
    return floor(value * STEPS + 0.5) / STEPS;
}

static void place_nodes(layers_ground_raster *self, const layers_ground_tile *tile, uint32_t mesh_row)
{
    const uxo_gdal *const api = &self->source.gdal.api;
    const uxo_grid *const grid = tile->grid;
    for (int line = 0; line < 2; line++) {
        const uint32_t row = tile->y * UXO_TILE + (mesh_row + (uint32_t)line) * MESH;
        for (uint32_t i = 0; i < NODES; i++) {
            double x = grid->xmin_m + ((double)tile->x * UXO_TILE + (double)i * MESH) * grid->cell_size_m;
            double y = grid->ymin_m + ((double)grid->ny - row) * grid->cell_size_m;
            int success = TRUE;
            if (self->source.from_grid != NULL) {
                api->OCTTransformEx(self->source.from_grid, 1, &x, &y, NULL, &success);
            }
            self->column.node[line][i] = success ? rounded(self->back[0] + self->back[1] * x + self->back[2] * y) : NAN;
            self->row.node[line][i] = success ? rounded(self->back[3] + self->back[4] * x + self->back[5] * y) : NAN;
        }
    }
    layers_gdal_clear(&self->source.gdal);
}

/* Source columns or rows that the mesh row needs; false: none. */
static bool find_window(const mesh_line *mesh, int size, int *first, int *end)
{
    double low = INFINITY, high = -INFINITY;
    for (int line = 0; line < 2; line++) {
        for (int i = 0; i < NODES; i++) {
            low = fmin(low, mesh->node[line][i]);
            high = fmax(high, mesh->node[line][i]);
        }
    }
    *first = (int)fmax(0.0, fmin(size, floor(low) - 1.0));
    *end = (int)fmax(0.0, fmin(size, floor(high) + 2.0));
    return *first < *end;
}

static uint32_t code_of(layers_ground_raster *self, double value)
{
    for (uint32_t i = 0; i < self->given->value_count; i++) {
        if (self->number[i] == value) {
            return self->given->class_of[i];
        }
    }
    for (uint32_t i = 0; i < self->unknown_count; i++) {
        if (self->unknown[i] == value) {
            return UNKNOWN_FIRST + i;
        }
    }
    if (self->unknown_count == UNKNOWN_KEPT) {
        return UNKNOWN_MORE;
    }
    self->unknown[self->unknown_count++] = value;
    return UNKNOWN_FIRST + self->unknown_count - 1;
}

static uxo_status make_room(layers_ground_raster *self, size_t cells)
{
    if (cells > MOST_SOURCE_CELLS) {
        return layers_source_fail(&self->source, "has cells that are too small against those of the grid; coarsen it");
    }
    if (cells <= self->room) {
        return UXO_OK;
    }
    free(self->value);
    free(self->valid);
    free(self->code);
    self->room = cells;
    self->value = malloc(cells * sizeof *self->value);
    self->valid = malloc(cells);
    self->code = malloc(cells * sizeof *self->code);
    return self->value != NULL && self->valid != NULL && self->code != NULL
               ? UXO_OK
               : uxo_fail(self->source.gdal.report, UXO_ERR_MEMORY, &self->source.gdal.place, "out of memory");
}

static uxo_status read_window(layers_ground_raster *self)
{
    const layers_source *const source = &self->source;
    const uxo_gdal *const api = &source->gdal.api;
    const int *const w = self->window;
    const int width = w[2] - w[0], height = w[3] - w[1];
    const size_t cells = (size_t)width * (size_t)height;
    UXO_TRY(make_room(self, cells));
    memset(self->valid, UINT8_MAX, cells);
    if (api->GDALRasterIO(source->band, GF_Read, w[0], w[1], width, height, self->value, width, height, GDT_Float64, 0,
                          0) != CE_None ||
        (source->mask != NULL && api->GDALRasterIO(source->mask, GF_Read, w[0], w[1], width, height, self->valid, width,
                                                   height, GDT_Byte, 0, 0) != CE_None)) {
        return uxo_fail(source->gdal.report, UXO_ERR_DATA, &source->gdal.place, "'%s' cannot be read: %s", source->file,
                        source->gdal.failure);
    }
    for (size_t i = 0; i < cells; i++) {
        const bool same = i > 0 && self->value[i] == self->value[i - 1] && self->valid[i] == self->valid[i - 1];
        self->code[i] = same ? self->code[i - 1]
                        : layers_source_is_missing(source, self->value[i], self->valid[i])
                            ? LAYERS_UNSET
                            : code_of(self, self->value[i] * source->scale + source->offset);
    }
    return UXO_OK;
}

/* What the file holds in a source cell. */
static uint32_t code_at(const layers_ground_raster *self, int64_t column, int64_t row)
{
    const int *const w = self->window;
    const bool inside = column >= w[0] && column < w[2] && row >= w[1] && row < w[3];
    return inside ? self->code[(size_t)(row - w[1]) * (size_t)(w[2] - w[0]) + (size_t)(column - w[0])] : LAYERS_UNSET;
}

/* The class of it; what has none is remembered. */
static uint32_t class_of(layers_ground_raster *self, uint32_t code)
{
    if (code >= UNKNOWN_FIRST && code != LAYERS_UNSET) {
        self->unknown_used[code - UNKNOWN_FIRST] = true;
        return LAYERS_UNSET;
    }
    return code;
}

/* Source column or row between four nodes; s, t: share of the way to the east and to the south. Outside of every source
 * where PROJ failed. The places are rounded as those of the nodes are. */
static int64_t between(const mesh_line *mesh, uint32_t i, double s, double t)
{
    const int64_t far = INT64_C(1) << 30; /* so that what is cut off is positive */
    const double *const upper = mesh->node[0], *const lower = mesh->node[1];
    const double north = upper[i] + s * (upper[i + 1] - upper[i]);
    const double south = lower[i] + s * (lower[i + 1] - lower[i]);
    const double place = north + t * (south - north);
    if (!(fabs(place) < 1e9)) {
        return -1;
    }
    return (((int64_t)(place * STEPS + 0.5 + (double)far * STEPS)) >> STEP_BITS) - far;
}

/* Is all of a cell on source cells of one value? Looked at only where these are few. */
static bool is_uniform(const layers_ground_raster *self, uint32_t node, double s, double t, uint32_t *code)
{
    enum { FEW = 4 };
    const double step = 1.0 / MESH;
    int64_t low[2] = {INT64_MAX, INT64_MAX}, high[2] = {INT64_MIN, INT64_MIN};
    for (int corner = 0; corner < 4; corner++) {
        const double at_s = s + (corner % 2) * step, at_t = t + (double)(corner / 2) * step;
        const int64_t at[2] = {between(&self->column, node, at_s, at_t), between(&self->row, node, at_s, at_t)};
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = at[axis] < low[axis] ? at[axis] : low[axis];
            high[axis] = at[axis] > high[axis] ? at[axis] : high[axis];
        }
    }
    if (high[0] - low[0] >= FEW || high[1] - low[1] >= FEW) {
        return false;
    }
    *code = code_at(self, low[0], low[1]);
    for (int64_t y = low[1]; y <= high[1]; y++) {
        for (int64_t x = low[0]; x <= high[0]; x++) {
            if (code_at(self, x, y) != *code) {
                return false;
            }
        }
    }
    return true;
}

static void lay_cell(layers_ground_raster *self, layers_ground_tile *tile, uint32_t column, uint32_t row)
{
    const uint32_t cell = row * UXO_TILE + column;
    const uint32_t node = column / MESH;
    const double s = (double)(column % MESH) / MESH, t = (double)(row % MESH) / MESH;
    uint32_t code;
    if (is_uniform(self, node, s, t, &code)) {
        tile->whole[cell] = class_of(self, code);
        return;
    }
    uint32_t *const points = layers_tile_points(tile, cell);
    for (uint32_t i = 0; points != NULL && i < LAYERS_POINTS; i++) {
        const double at_s = s + layers_point_x(i) / MESH, at_t = t + (1.0 - layers_point_y(i)) / MESH;
        points[i] = class_of(
            self, code_at(self, between(&self->column, node, at_s, at_t), between(&self->row, node, at_s, at_t)));
    }
}

uxo_status layers_ground_raster_lay(layers_ground_raster *self, layers_ground_tile *tile)
{
    for (uint32_t mesh_row = 0; mesh_row * MESH < tile->rows; mesh_row++) {
        place_nodes(self, tile, mesh_row);
        if (!find_window(&self->column, self->source.nx, &self->window[0], &self->window[2]) ||
            !find_window(&self->row, self->source.ny, &self->window[1], &self->window[3])) {
            continue;
        }
        UXO_TRY(read_window(self));
        for (uint32_t row = mesh_row * MESH; row < tile->rows && row < (mesh_row + 1) * MESH; row++) {
            for (uint32_t column = 0; column < tile->columns; column++) {
                lay_cell(self, tile, column, row);
            }
        }
    }
    return tile->out_of_memory
               ? uxo_fail(self->source.gdal.report, UXO_ERR_MEMORY, &self->source.gdal.place, "out of memory")
               : UXO_OK;
}

void layers_ground_raster_complain(layers_ground_raster *self, uxo_report *report)
{
    char list[512] = "";
    for (uint32_t i = 0; i <= UNKNOWN_KEPT; i++) {
        const size_t used = strlen(list);
        if (self->unknown_used[i] && i < UNKNOWN_KEPT) {
            snprintf(list + used, sizeof list - used, "%s%.9g", used > 0 ? ", " : "", self->unknown[i]);
        } else if (self->unknown_used[i]) {
            snprintf(list + used, sizeof list - used, ", ...");
        }
    }
    if (list[0] != '\0') {
        uxo_report_add(
            report, UXO_ERROR, &self->given->place,
            "'%s' holds %s on the grid, which layers.ground.classes does not name; give each a class, or let "
            "the file say that it means no data",
            self->given->file, list);
    }
}
