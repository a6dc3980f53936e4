/* layers_zones.c - sets of zones from vector files to the shares of cells. In bands of tiles, so that memory stays small for large grids.
 *
 * Not here: their polygons and names (layers_areas.c), the cover of a cell (layers_cover.c), lists of shares (zones_map.c).
 */
#include <stdlib.h>
#include <string.h>

#include "layers_cover.h"
#include "uxosim/zones.h"
#include "zones_map.h"

/* One set while it is read. */
typedef struct reading {
    const uxo_grid *grid;
    const uxo_area_source *area;
    uxo_zone_set *set;
    layers_vector vector;
    layers_polygons polygons;
    layers_outline *outline; /* [count] */
    layers_outline all;      /* of the ground in any of them, once it is needed */
    bool united;
    layers_cover_scratch cover;
    zone_covers *band;  /* [tiles_x] */
    uint8_t **together; /* [tiles_x] what zones cover together; NULL: not needed, or nothing */
    uxo_report *report;
} reading;

static uxo_status out_of_memory(const reading *self)
{
    return uxo_fail(self->report, UXO_ERR_MEMORY, &self->area->place, "out of memory for the zones of '%s'",
                    self->area->file);
}

static bool make_outlines(reading *self)
{
    self->outline = calloc(self->set->count, sizeof *self->outline);
    for (uint32_t i = 0; self->outline != NULL && i < self->set->count; i++) {
        if (!layers_outline_init(&self->outline[i], &self->vector.gdal.api, self->polygons.geometry[i], self->grid)) {
            return false;
        }
    }
    return self->outline != NULL;
}

/* Where the cover of a zone goes. */
typedef struct visitor {
    reading *self;
    uint32_t column;
} visitor;

static bool visit_zone(void *user, uint32_t tile_x, const uint8_t *weight)
{
    const visitor *const to = user;
    return zone_covers_add(&to->self->band[tile_x], to->column, weight);
}

static bool visit_union(void *user, uint32_t tile_x, const uint8_t *weight)
{
    reading *const self = user;
    uint8_t *const copy = malloc(UXO_TILE_CELLS);
    if (copy == NULL) {
        return false;
    }
    if (weight != NULL) {
        memcpy(copy, weight, UXO_TILE_CELLS);
    } else {
        memset(copy, LAYERS_WHOLE, UXO_TILE_CELLS);
    }
    self->together[tile_x] = copy;
    return true;
}

/* The ground that lies in any zone of the set. */
static uxo_status unite(reading *self)
{
    layers_gdal *const gdal = &self->vector.gdal;
    if (self->united) {
        return UXO_OK;
    }
    OGRGeometryH several = gdal->api.OGR_G_CreateGeometry(wkbMultiPolygon);
    for (uint32_t i = 0; i < self->polygons.count; i++) {
        layers_take_polygons(&gdal->api, self->polygons.geometry[i], several);
    }
    gdal->capture = true;
    layers_gdal_clear(gdal);
    OGRGeometryH one = gdal->api.OGR_G_UnionCascaded(several);
    gdal->capture = false;
    gdal->api.OGR_G_DestroyGeometry(several);
    if (one == NULL) {
        return uxo_fail(self->report, UXO_ERR_DATA, &self->area->place,
                        "what the zones of '%s' cover together cannot be computed: %s", self->area->file,
                        gdal->failure);
    }
    layers_gdal_clear(gdal);
    one = layers_only_polygons(&gdal->api, one);
    self->united = layers_outline_init(&self->all, &gdal->api, one, self->grid);
    gdal->api.OGR_G_DestroyGeometry(one);
    return self->united ? UXO_OK : out_of_memory(self);
}

/* What of the band is in no zone. */
static uxo_status cover_outside(reading *self, uint32_t tile_y)
{
    const uint32_t column = self->set->first_column + self->set->count;
    uint8_t weight[UXO_TILE_CELLS];
    bool shared = false, good = true;
    for (uint32_t x = 0; x < self->grid->tiles_x && !shared; x++) {
        shared = zone_covers_need_union(&self->band[x]);
    }
    if (shared) {
        UXO_TRY(unite(self));
        good = layers_cover_band(&self->cover, &self->all, tile_y, visit_union, self);
    }
    for (uint32_t x = 0; x < self->grid->tiles_x; x++) {
        zone_covers *const covers = &self->band[x];
        if (covers->count == 0) {
            good = good && zone_covers_add(covers, column, NULL);
        } else if (zone_covers_outside(covers, self->together[x], weight)) {
            good = good && zone_covers_add(covers, column, weight);
        }
        free(self->together[x]);
        self->together[x] = NULL;
    }
    return good ? UXO_OK : out_of_memory(self);
}

static uxo_status build_band(reading *self, zones_builder *builder, uint32_t tile_y)
{
    bool good = true;
    for (uint32_t i = 0; i < self->set->count && good; i++) {
        visitor user = {self, self->set->first_column + i};
        good = layers_cover_band(&self->cover, &self->outline[i], tile_y, visit_zone, &user);
    }
    if (!good) {
        return out_of_memory(self);
    }
    UXO_TRY(cover_outside(self, tile_y));
    for (uint32_t x = 0; x < self->grid->tiles_x; x++) {
        good = good && zones_builder_add(builder, (size_t)tile_y * self->grid->tiles_x + x, &self->band[x]);
        zone_covers_clear(&self->band[x]);
    }
    return good ? UXO_OK : out_of_memory(self);
}

static uxo_status build_map(reading *self, zones_builder *builder)
{
    const uint32_t tiles_x = self->grid->tiles_x;
    self->band = calloc(tiles_x, sizeof *self->band);
    self->together = calloc(tiles_x, sizeof *self->together);
    if (!make_outlines(self) || !layers_cover_init(&self->cover, self->grid) || self->band == NULL ||
        self->together == NULL) {
        return out_of_memory(self);
    }
    for (uint32_t tile_y = 0; tile_y < self->grid->tiles_y; tile_y++) {
        UXO_TRY(build_band(self, builder, tile_y));
    }
    return UXO_OK;
}

/* Areas on the grid, and what lies off it. */
static uxo_status measure(reading *self, const uxo_zones *zones)
{
    const double part_ha = uxo_grid_cell_ha(self->grid) / (double)UXO_ZONE_PARTS;
    const uxo_districts items = {.item = self->set->item, .count = self->set->count};
    const size_t errors = self->report->error_count;
    uint64_t *const parts = calloc(zones->column_count, sizeof *parts);
    if (parts == NULL) {
        return out_of_memory(self);
    }
    uxo_zones_measure(zones, self->grid, parts);
    for (uint32_t i = 0; i < items.count; i++) {
        items.item[i].area_ha = (double)parts[self->set->first_column + i] * part_ha;
    }
    self->set->area_outside_ha = (double)parts[self->set->first_column + items.count] * part_ha;
    free(parts);
    layers_check_coverage(&self->vector, &self->polygons, &items, self->grid, "covers less than a 510th of any cell",
                          &self->area->place, self->report);
    return uxo_report_status(self->report, errors);
}

static uxo_status read_opened(reading *self, uxo_zones *zones, zones_builder *builder)
{
    uxo_districts items = {.count = 0};
    self->vector.things = "zones";
    self->vector.thing = "zone";
    const uxo_status status = layers_read_areas(&self->vector, self->area, &items, &self->polygons, self->report);
    self->set->item = items.item;
    self->set->count = items.count;
    self->set->first_column = zones->column_count;
    zones->column_count += uxo_zone_set_columns(self->set);
    UXO_TRY(status);
    UXO_TRY(build_map(self, builder));
    return measure(self, zones);
}

static void free_reading(reading *self)
{
    for (uint32_t i = 0; self->outline != NULL && i < self->set->count; i++) {
        layers_outline_free(&self->outline[i]);
    }
    for (uint32_t x = 0; self->band != NULL && x < self->grid->tiles_x; x++) {
        zone_covers_free(&self->band[x]);
    }
    for (uint32_t x = 0; self->together != NULL && x < self->grid->tiles_x; x++) {
        free(self->together[x]);
    }
    free(self->band);
    free(self->together);
    free(self->outline);
    layers_outline_free(&self->all);
    layers_cover_free(&self->cover);
}

static uxo_status read_set(uxo_zones *zones, zones_builder *builder, const uxo_crs *crs, const uxo_grid *grid,
                           const uxo_zone_source *source, uxo_report *report)
{
    uxo_zone_set *const set = &zones->set[zones->set_count++];
    reading self = {.grid = grid, .area = &source->area, .set = set, .report = report};
    set->id = strdup(source->id);
    if (set->id == NULL) {
        return out_of_memory(&self);
    }
    uxo_status status = layers_vector_open(&self.vector, crs, source->area.file, &source->area.place, report);
    if (status == UXO_OK) {
        status = read_opened(&self, zones, builder);
    }
    free_reading(&self);
    layers_polygons_free(&self.polygons, &self.vector.gdal.api);
    layers_vector_close(&self.vector);
    return status;
}

uxo_status uxo_zones_read(uxo_zones *self, const uxo_crs *crs, const uxo_grid *grid, const uxo_zone_source *source,
                          uint32_t count, uxo_report *report)
{
    zones_builder builder;
    uxo_status status = UXO_OK;
    memset(self, 0, sizeof *self);
    if (count == 0) {
        return UXO_OK;
    }
    self->set = calloc(count, sizeof *self->set);
    if (!zones_builder_init(&builder, self, grid) || self->set == NULL) {
        status = uxo_fail(report, UXO_ERR_MEMORY, &source->area.place, "out of memory for zones");
    }
    for (uint32_t s = 0; s < count && status != UXO_ERR_MEMORY;
         s++) { /* after an error too: all are reported together */
        const uxo_status of_set = read_set(self, &builder, crs, grid, &source[s], report);
        status = of_set != UXO_OK ? of_set : status;
    }
    zones_builder_free(&builder);
    if (status != UXO_OK) {
        uxo_zones_free(self);
    }
    return status;
}
