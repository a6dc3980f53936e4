/* layers.h - everything that PROJ and GDAL read: reference systems (PROJ); districts, population, point layers (GDAL).
 *
 * Their only user in sim/. Every reference system gets the traditional GIS axis order.
 * Rounded, because the last bits of PROJ and GEOS differ between processors:
 *
 * projected coordinates   to 2^-10 m
 * longitude and latitude  to 2^-24 degrees
 * true north and scale    to 2^-30 (rad, 1)
 */
#ifndef UXOSIM_LAYERS_H
#define UXOSIM_LAYERS_H

#include "uxosim/error.h"
#include "uxosim/grid.h"
#include "uxosim/surface.h"

/* A projected reference system in metres, ready to project into. */
typedef struct uxo_crs uxo_crs;

/* Takes "EPSG:32637", WKT, PROJJSON or a string of PROJ ("+proj=utm +zone=37"). `place`: where it was given.
 * Geographic systems, other units than metres, unknown names are errors that say what is allowed. */
UXO_MUST_USE uxo_status uxo_crs_open(uxo_crs **self, const char *definition, const uxo_place *place,
                                     uxo_report *report);
void uxo_crs_free(uxo_crs *self);
const char *uxo_crs_name(const uxo_crs *self);
const char *uxo_crs_wkt2(const uxo_crs *self); /* WKT2:2019, one line; belongs to self */

/* CF-1.8 grid mapping parameters of the system: calls visit(key, text or NULL, numbers, count, user) for each. */
typedef void uxo_crs_visit(const char *key, const char *text, const double *numbers, size_t count, void *user);
void uxo_crs_cf_parameters(const uxo_crs *self, uxo_crs_visit *visit, void *user);

/* WGS 84 longitude and latitude [degrees] to grid coordinates [m]. False when PROJ cannot. */
bool uxo_crs_project(const uxo_crs *self, double lon_deg, double lat_deg, double *x_m, double *y_m);
/* And back; for output in WGS 84. */
bool uxo_crs_unproject(const uxo_crs *self, double x_m, double y_m, double *lon_deg, double *lat_deg);

/* north_rad  direction of true north at a point, clockwise from grid north; bearing on the grid = heading + this
 * scale      point scale factor there: grid metres per true metre, largest departure of the two axes */
bool uxo_crs_true_north(const uxo_crs *self, double x_m, double y_m, double *north_rad, double *scale);

/* Refuses a grid on which the point scale departs from 1 by more than 1 % (corners, edge middles, centre) or that holds
 * a pole or the antimeridian. */
UXO_MUST_USE uxo_status uxo_crs_check_grid(const uxo_crs *self, const uxo_grid *grid, const uxo_place *place,
                                           uxo_report *report);

/* Which district each cell's centre lies in. UXO_NO_DISTRICT: none.
 * Stored tile by tile; a tile that is all one district costs two bytes. */
#define UXO_NO_DISTRICT UINT16_MAX

/* Names of the rows that every table has beside the districts or zones; none of them may bear one. */
#define UXO_ROW_OUTSIDE_EVERY "outside every "
#define UXO_ROW_OUTSIDE_DISTRICTS UXO_ROW_OUTSIDE_EVERY "district"
#define UXO_ROW_OUTSIDE_ZONES UXO_ROW_OUTSIDE_EVERY "zone"
#define UXO_ROW_OUTSIDE_GRID "outside the grid"
#define UXO_ROW_TOTAL "total"

typedef struct uxo_area_map {
    uint16_t *uniform; /* [tile] district of the whole tile where cells[tile] is NULL */
    uint16_t **cells;  /* [tile] UXO_TILE_CELLS values, or NULL */
    size_t tile_count;
} uxo_area_map;

static inline uint16_t uxo_area_map_at(const uxo_area_map *self, size_t tile, uint32_t cell)
{
    const uint16_t *const cells = self->cells[tile];
    return cells != NULL ? cells[cell] : self->uniform[tile];
}

typedef struct uxo_district {
    char *name;                  /* owned */
    char *status;                /* owned; what the file says of it, as it stands; "" where there is none */
    double population_attribute; /* persons by the vector file's field, NaN where there is none */
    double area_ha;              /* of its cells on the grid */
    double polygon_ha;           /* of its polygon, planar in the grid's system */
    double population;           /* the attribute or NaN; with a raster the persons on its cells, once counted */
    char *geometry_wkb_hex;      /* owned; the polygon in the grid's system, for geojson/gpkg output */
} uxo_district;

typedef struct uxo_districts {
    uxo_district *item;
    uint32_t count;
    uxo_area_map map;
    double population_outside; /* persons on cells without a district; 0 until they are counted */
} uxo_districts;

/* What a layer of areas says in the scenario. */
typedef struct uxo_area_source {
    const char *file; /* resolved; ends in |layername=NAME (the notation of QGIS) where it holds several layers */
    const char *name_field;
    const char *population_field; /* NULL: none */
    const char *status_field;     /* NULL: none */
    uxo_place place;              /* of the file key in the scenario */
} uxo_area_source;

/* How many characters of `file` name the file on disk: all before |layername=. */
size_t uxo_layers_path_length(const char *file);

/* Paths of files. Owned. */
typedef struct uxo_file_list {
    char **path;
    size_t count;
} uxo_file_list;

/* Every file that is read when `file` (without a layer) is opened: itself first, then those beside it and, of a VRT, its
 * sources. */
UXO_MUST_USE uxo_status uxo_layers_files(uxo_file_list *self, const char *file, const uxo_place *place,
                                         uxo_report *report);
void uxo_file_list_free(uxo_file_list *self);

/* A vector file that is kept open: as long as it is, the same thread reads it again without another look at its text,
 * which takes GDAL the longest. Zeros: none. */
typedef struct uxo_open_file {
    void *dataset;
} uxo_open_file;

void uxo_open_file_close(uxo_open_file *self);

/* Extent of a vector layer in the grid's system [m] (for grid.bounds_m: around). open: the file, for its next reader,
 * to be closed; NULL: nobody wants it. */
UXO_MUST_USE uxo_status uxo_layers_extent(const uxo_crs *crs, const uxo_area_source *source, double bounds_m[4],
                                          uxo_open_file *open, uxo_report *report);

/* Reads polygons, checks them and rasterises them by cell centre. Without districts: uxo_districts_none.
 * Reported by feature:
 *
 * - invalid rings
 * - empty and duplicate names
 * - duplicates, and overlaps with their area; the first in the file owns the cell
 * - districts without a cell centre
 * - parts off the grid; no overlap with the grid at all is an error
 */
UXO_MUST_USE uxo_status uxo_districts_read(uxo_districts *self, const uxo_crs *crs, const uxo_grid *grid,
                                           const uxo_area_source *source, uxo_report *report);
UXO_MUST_USE uxo_status uxo_districts_none(uxo_districts *self, const uxo_grid *grid);
void uxo_districts_free(uxo_districts *self);
void uxo_district_items_free(uxo_district *item, uint32_t count);

/* Persons per grid cell, stored tile by tile; a tile where nobody lives costs one pointer. */
typedef struct uxo_population {
    float **cells; /* [tile] UXO_TILE_CELLS values, or NULL: nobody there; NULL itself: no population layer */
    size_t tile_count;
    double source_total; /* sum of the source */
    double on_grid;      /* of it, on the grid; the rest lies outside and is reported */
} uxo_population;

static inline bool uxo_population_given(const uxo_population *self)
{
    return self->cells != NULL;
}

/* The population is given. */
static inline float uxo_population_at(const uxo_population *self, size_t tile, uint32_t cell)
{
    const float *const cells = self->cells[tile];
    return cells != NULL ? cells[cell] : 0.0f;
}

/* A population of nobody, and somebody more in a cell of it. False: out of memory. */
UXO_MUST_USE bool uxo_population_init(uxo_population *self, const uxo_grid *grid);
/* The cells of a tile, made where nobody lived so far. NULL: out of memory. */
float *uxo_population_cells(uxo_population *self, size_t tile);
UXO_MUST_USE bool uxo_population_add(uxo_population *self, const uxo_grid *grid, uint32_t ix, uint32_t iy,
                                     double persons);

/* Warps a raster of persons per source cell to the grid, area-weighted, sum conserved: a source cell is clipped against
 * the grid's cells, as a rectangle in the same reference system, else as quadrilaterals of at most a kilometre (their
 * edges are straight to some centimetres).
 *
 * nodata, masked, NaN  nobody
 * negative values      an error
 * no overlap           an error
 * people outside       a note
 */
UXO_MUST_USE uxo_status uxo_population_read(uxo_population *self, const uxo_crs *crs, const uxo_grid *grid,
                                            const char *file, const uxo_place *place, uxo_report *report);
void uxo_population_free(uxo_population *self);

/* Sets every district's population to the persons on its cells, population_outside to those on the others.
 * Does nothing where there is no population layer, or where the districts could not be read. */
void uxo_districts_count_people(uxo_districts *self, const uxo_grid *grid, const uxo_population *population);

/* What a ground layer says in the scenario: which values of the file are which class. */
typedef struct uxo_ground_source {
    const char *file;         /* resolved; a raster, or polygons */
    const char *field;        /* of the polygons; NULL: the file is a raster */
    const char *const *value; /* as texts */
    const uint32_t *class_of; /* [value_count] class */
    uint32_t value_count;
    uxo_place place; /* of the file key */
} uxo_ground_source;

/* What a layer of cleared ground says in the scenario. */
typedef struct uxo_cleared_source {
    const char *file; /* resolved; polygons, one task each */
    const char *date_field;
    const char *name_field;                       /* NULL: tasks are called by the number of their feature */
    const char *coverage_field, *detection_field; /* NULL: the same for all */
    const uxo_quantity *coverage, *detection;     /* where there is no field */
    int32_t as_of_day, today;                     /* a later date is an error; UXO_NO_DATE: not given */
    uxo_place place;                              /* of the file key */
} uxo_cleared_source;

/* Fills tasks, kinds and tiles, and every area_ha; classes and reference are there. Either source may be NULL.
 *
 * Each cell is judged at 255 points: right to 0.45 % of a cell that one straight edge cuts (root mean square; at most 2 %).
 * A source raster is taken by the nearest cell at each point, polygons by the even-odd rule.
 *
 * values without a class      an error that lists them
 * ground that is not covered  the reference class, with a warning that says how much
 * polygons that overlap       ground: the first in the file has the point; tasks: all of them
 * task without a date, or with one after as_of  an error
 */
UXO_MUST_USE uxo_status uxo_surface_read(uxo_surface *self, const uxo_crs *crs, const uxo_grid *grid,
                                         const uxo_ground_source *ground, const uxo_cleared_source *cleared,
                                         uxo_report *report);

/* One point feature of a vector layer, as the strike list needs it. */
typedef struct uxo_point_feature {
    double lon_deg, lat_deg; /* WGS 84, NaN if the layer's CRS could not be transformed */
    double x_m, y_m;         /* in the grid's system */
    int64_t fid;
    size_t field_count;
    const char *const *field_name;
    const char *const *field_text; /* NULL: not set */
} uxo_point_feature;

/* Calls `visit` for every feature; a geometry that is not a single point is an error by feature. */
typedef uxo_status uxo_point_visit(const uxo_point_feature *feature, void *user, uxo_report *report);
UXO_MUST_USE uxo_status uxo_layers_points(const uxo_crs *crs, const char *file, const uxo_place *place,
                                          uxo_point_visit *visit, void *user, uxo_report *report);

/* Versions at run time. GDAL's where it is loaded, else false: what was read did not need it. */
const char *uxo_layers_proj_version(void);
bool uxo_layers_gdal_version(char *text, size_t size);

#endif
