/* layers_overlap.c - what can be wrong between districts, and between districts and the grid.
 *
 * Not here: what is wrong within one polygon (layers_vector.c).
 */
#include "layers_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Above this share of the smaller one two polygons are taken for the same district drawn twice. ASSUMED. */
#define DUPLICATE_SHARE 0.9
/* Overlaps below this share of the smaller one, or below one cell, come from borders that were digitised twice.
 * ASSUMED. */
#define SLIVER_SHARE 1e-4

/* Coordinates are whole 1024ths of a metre (layers_round_m): a polygon that ends at the grid's edge may reach so far beyond it. */
static const double COORDINATE_ROUNDING_M = 0x1p-11;

typedef struct slivers {
    uint32_t count;
    double area_m2;
    double largest_m2;
} slivers;

typedef struct by_west {
    double min_x;
    uint32_t index;
} by_west;

static int compare_west(const void *left, const void *right)
{
    const by_west *const a = left;
    const by_west *const b = right;
    return a->min_x != b->min_x ? (a->min_x < b->min_x ? -1 : 1) : a->index < b->index ? -1 : a->index > b->index;
}

static double common_area(layers_vector *vector, OGRGeometryH a, OGRGeometryH b)
{
    const uxo_gdal *const api = &vector->gdal.api;
    vector->gdal.capture = true;
    OGRGeometryH common = api->OGR_G_Intersection(a, b);
    vector->gdal.capture = false;
    layers_gdal_clear(&vector->gdal);
    if (common == NULL) {
        return NAN;
    }
    OGRGeometryH polygons = layers_only_polygons(api, common); /* touching borders give points and lines */
    const double area = api->OGR_G_IsEmpty(polygons) ? 0.0 : api->OGR_G_Area(polygons);
    api->OGR_G_DestroyGeometry(polygons);
    return area;
}

static void check_pair(layers_vector *vector, const layers_polygons *polygons, const uxo_district *district,
                       const uxo_grid *grid, const uint32_t pair[2], slivers *small, uxo_report *report)
{
    char text[4096];
    const uint32_t i = pair[0] < pair[1] ? pair[0] : pair[1];
    const uint32_t j = pair[0] < pair[1] ? pair[1] : pair[0];
    const double area = common_area(vector, polygons->geometry[i], polygons->geometry[j]);
    const double smaller = 1e4 * fmin(district[i].polygon_ha, district[j].polygon_ha);
    const uxo_place place = layers_feature_place(text, sizeof text, vector->shown, polygons->fid[j]);
    if (isnan(area)) {
        uxo_report_add(report, UXO_WARNING, &place, "whether '%s' and '%s' overlap cannot be computed",
                       district[j].name, district[i].name);
    } else if (area > DUPLICATE_SHARE * smaller) {
        uxo_report_add(report, UXO_ERROR, &place,
                       "'%s' and '%s' (feature %lld) share %.2f ha, %.0f %% of the smaller one: the same ground twice; "
                       "leave one out or cut "
                       "it from the other",
                       district[j].name, district[i].name, (long long)polygons->fid[i], area / 1e4,
                       100.0 * area / smaller);
    } else if (area < SLIVER_SHARE * smaller || area < grid->cell_size_m * grid->cell_size_m) {
        small->count += area > 0.0;
        small->area_m2 += area;
        small->largest_m2 = fmax(small->largest_m2, area);
    } else {
        uxo_report_add(
            report, UXO_WARNING, &place,
            "'%s' overlaps '%s' (feature %lld) by %.2f ha; those cells count for '%s', the first in the file",
            district[j].name, district[i].name, (long long)polygons->fid[i], area / 1e4, district[i].name);
    }
}

void layers_check_overlaps(layers_vector *vector, const layers_polygons *polygons, const uxo_district *district,
                           const uxo_grid *grid, uxo_report *report)
{
    slivers small = {0};
    const uint32_t count = polygons->count;
    by_west *const order = malloc((count > 0 ? count : 1) * sizeof *order);
    for (uint32_t i = 0; order != NULL && i < count; i++) {
        order[i] = (by_west){polygons->envelope[i].MinX, i};
    }
    if (order != NULL) {
        qsort(order, count, sizeof *order, compare_west);
    }
    for (uint32_t a = 0; order != NULL && a < count; a++) {
        const OGREnvelope *const p = &polygons->envelope[order[a].index];
        for (uint32_t b = a + 1; b < count && order[b].min_x < p->MaxX; b++) {
            const OGREnvelope *const q = &polygons->envelope[order[b].index];
            if (q->MinY < p->MaxY && p->MinY < q->MaxY) {
                check_pair(vector, polygons, district, grid, (const uint32_t[2]){order[a].index, order[b].index},
                           &small, report);
            }
        }
    }
    free(order);
    if (small.count > 0) {
        uxo_report_add(report, UXO_NOTE, &vector->gdal.place,
                       "%u pair%s of districts overlap%s in slivers, %.4f ha in all, the largest %.4f ha; the first in "
                       "the file has them",
                       (unsigned)small.count, small.count == 1 ? "" : "s", small.count == 1 ? "s" : "",
                       small.area_m2 / 1e4, small.largest_m2 / 1e4);
    }
}

static OGRGeometryH grid_rectangle(const uxo_gdal *api, const uxo_grid *grid)
{
    const double x[5] = {grid->xmin_m, uxo_grid_xmax_m(grid), uxo_grid_xmax_m(grid), grid->xmin_m, grid->xmin_m};
    const double y[5] = {grid->ymin_m, grid->ymin_m, uxo_grid_ymax_m(grid), uxo_grid_ymax_m(grid), grid->ymin_m};
    OGRGeometryH ring = api->OGR_G_CreateGeometry(wkbLinearRing);
    OGRGeometryH polygon = api->OGR_G_CreateGeometry(wkbPolygon);
    for (int i = 0; i < 5; i++) {
        api->OGR_G_AddPoint_2D(ring, x[i], y[i]);
    }
    api->OGR_G_AddGeometryDirectly(polygon, ring);
    return polygon;
}

static bool inside(const OGREnvelope *e, const uxo_grid *grid)
{
    return e->MinX >= grid->xmin_m && e->MaxX <= uxo_grid_xmax_m(grid) && e->MinY >= grid->ymin_m &&
           e->MaxY <= uxo_grid_ymax_m(grid);
}

static bool apart(const OGREnvelope *e, const uxo_grid *grid)
{
    return e->MinX >= uxo_grid_xmax_m(grid) || e->MaxX <= grid->xmin_m || e->MinY >= uxo_grid_ymax_m(grid) ||
           e->MaxY <= grid->ymin_m;
}

static void list_outside(const layers_polygons *polygons, const uxo_districts *districts, const char *things,
                         const bool *outside, uint32_t count, const uxo_place *place, uxo_report *report)
{
    char list[1024] = "";
    uint32_t shown = 0;
    for (uint32_t i = 0; i < polygons->count && shown < 5; i++) {
        if (outside[i]) {
            const size_t used = strlen(list);
            snprintf(list + used, sizeof list - used, "%s'%s'", shown++ > 0 ? ", " : "", districts->item[i].name);
        }
    }
    uxo_report_add(report, UXO_WARNING, place,
                   "%u of %u %s lie wholly off the grid and stay empty in every table: %s%s", (unsigned)count,
                   (unsigned)polygons->count, things, list, count > shown ? ", ..." : "");
}

void layers_check_coverage(layers_vector *vector, const layers_polygons *polygons, const uxo_districts *districts,
                           const uxo_grid *grid, const char *empty, const uxo_place *place, uxo_report *report)
{
    uint32_t outside_count = 0;
    bool *const outside = calloc(polygons->count + 1, sizeof *outside);
    OGRGeometryH rectangle = grid_rectangle(&vector->gdal.api, grid);
    for (uint32_t i = 0; outside != NULL && i < polygons->count; i++) {
        char text[4096];
        const uxo_place at = layers_feature_place(text, sizeof text, vector->shown, polygons->fid[i]);
        const uxo_district *const district = &districts->item[i];
        const OGREnvelope *const e = &polygons->envelope[i];
        const double on_ha = inside(e, grid)  ? district->polygon_ha
                             : apart(e, grid) ? 0.0
                                              : common_area(vector, polygons->geometry[i], rectangle) / 1e4;
        outside[i] = on_ha <= 0.0;
        outside_count += outside[i];
        if (outside[i]) {
            continue;
        }
        const double off_ha = district->polygon_ha - on_ha;
        const double around_m = 2.0 * (e->MaxX - e->MinX + e->MaxY - e->MinY);
        if (off_ha > 1e-9 * district->polygon_ha + around_m * COORDINATE_ROUNDING_M / 1e4) {
            uxo_report_add(report, UXO_WARNING, &at, "%.3g %% of '%s' (%.*f ha) lies off the grid and is not counted",
                           100.0 * off_ha / district->polygon_ha, district->name, off_ha < 0.1 ? 6 : 2, off_ha);
        }
        if (district->area_ha <= 0.0) {
            uxo_report_add(report, UXO_WARNING, &at,
                           "'%s' (%.4f ha) %s; it stays empty in every table (cells are %.4f ha)", district->name,
                           district->polygon_ha, empty, uxo_grid_cell_ha(grid));
        }
    }
    vector->gdal.api.OGR_G_DestroyGeometry(rectangle);
    if (outside != NULL && outside_count == polygons->count) {
        uxo_report_add(report, UXO_ERROR, place,
                       "no %s of '%s' overlaps the grid; do its coordinates and grid.bounds_m belong together?",
                       vector->thing, vector->shown);
    } else if (outside_count > 0) {
        list_outside(polygons, districts, vector->things, outside, outside_count, place, report);
    }
    free(outside);
}
