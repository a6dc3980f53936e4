/* layers_private.h - what the files of the layers module share: GDAL's errors, opening of files, geometry of features.
 *
 * Private to sim/scenario/layers*.c. The contract is include/uxosim/layers.h.
 */
#ifndef UXOSIM_LAYERS_PRIVATE_H
#define UXOSIM_LAYERS_PRIVATE_H

#include "layers_crs.h"
#include "uxosim/gdal_library.h"

/* While one of these is open GDAL and PROJ write nothing to stderr: warnings become messages of the report (each text
 * once), the last failure is kept for whoever has to say what failed. */
enum { LAYERS_FAILURE_SIZE = 512, LAYERS_WARNINGS = 8 };
typedef struct layers_gdal {
    uxo_gdal api;
    bool open;
    uxo_report *report; /* NULL: swallow */
    uxo_place place;
    bool capture; /* warnings count as failures: their text is wanted (validity of rings) */
    unsigned failures;
    char failure[LAYERS_FAILURE_SIZE];
    unsigned warnings;
    char warning[LAYERS_WARNINGS][LAYERS_FAILURE_SIZE];
} layers_gdal;

UXO_MUST_USE uxo_status layers_gdal_begin(layers_gdal *self, const uxo_place *place, uxo_report *report);
void layers_gdal_end(layers_gdal *self);
void layers_gdal_clear(layers_gdal *self);

/* Opens a local file read-only with the drivers of `flags` (GDAL_OF_VECTOR or GDAL_OF_RASTER). shown: what messages
 * call it. */
UXO_MUST_USE uxo_status layers_open(GDALDatasetH *dataset, layers_gdal *gdal, const char *path, const char *shown,
                                    unsigned flags);

/* The same without a word: one that is open already is handed out again, to be closed as often. NULL: not one of these. */
GDALDatasetH layers_open_shared(const uxo_gdal *api, const char *path, unsigned flags);

/* The grid's system as GDAL has it; to be released. NULL after a failure. */
OGRSpatialReferenceH layers_grid_srs(layers_gdal *gdal, const uxo_crs *crs);

/* One layer of a vector file, `path` or `path|layername=NAME` (the notation of QGIS), with its transformation to the
 * grid. */
typedef struct layers_vector {
    layers_gdal gdal;
    const char *shown;  /* borrowed: the name as given */
    const char *things; /* what its features are, for messages: "districts" unless the reader says otherwise */
    const char *thing;  /* one of them: "district" */
    char *path;
    GDALDatasetH dataset;
    OGRLayerH layer;
    OGRSpatialReferenceH srs; /* borrowed from the layer */
    OGRCoordinateTransformationH to_grid;
} layers_vector;

UXO_MUST_USE uxo_status layers_vector_open(layers_vector *self, const uxo_crs *crs, const char *file,
                                           const uxo_place *place, uxo_report *report);
void layers_vector_close(layers_vector *self);
/* Index of a field; -1 after an error that lists the fields and the nearest. `key`: the scenario's key that names it.
 */
int layers_vector_field(layers_vector *self, const char *name, const char *key, uxo_report *report);
/* Place of a feature: "file: feature N"; text is the caller's memory. */
uxo_place layers_feature_place(char *text, size_t size, const char *shown, int64_t fid);

/* The polygons of a feature in the grid's system, two-dimensional, rounded; NULL after an error. `name` is for
 * messages. */
OGRGeometryH layers_polygon(layers_vector *self, OGRFeatureH feature, const char *name, const uxo_place *place,
                            uxo_report *report);

/* Adds copies of the polygons of a geometry to a multipolygon. */
void layers_take_polygons(const uxo_gdal *api, OGRGeometryH from, OGRGeometryH to);
/* The polygons of a geometry as a multipolygon; takes the geometry over. */
OGRGeometryH layers_only_polygons(const uxo_gdal *api, OGRGeometryH geometry);

/* The name of an area without blanks about it, to be freed; NULL after an error that says what is wrong with it. thing:
 * what bears it, "district". */
char *layers_read_name(const char *text, const char *thing, const uxo_place *place, uxo_report *report);
/* Names that are there twice: errors. */
void layers_check_names(const layers_vector *vector, const char *const *name, const int64_t *fid, uint32_t count,
                        uxo_report *report);
/* A field as text, to be freed: dates as 2022-02-25. NULL: not set, or out of memory. */
char *layers_field_text(const uxo_gdal *api, OGRFeatureH feature, int field);
bool layers_is_utf8(const char *text);

/* What the parts of the reader of areas hand each other: polygon i belongs to area i. */
typedef struct layers_polygons {
    uint32_t count;
    OGRGeometryH *geometry;
    OGREnvelope *envelope;
    int64_t *fid;
} layers_polygons;

/* Reads the areas of a layer: items and polygons, without cells. All that is wrong with any is reported. */
UXO_MUST_USE uxo_status layers_read_areas(layers_vector *vector, const uxo_area_source *source, uxo_districts *self,
                                          layers_polygons *polygons, uxo_report *report);
void layers_polygons_free(layers_polygons *polygons, const uxo_gdal *api);

/* Duplicates (errors) and overlaps (warnings). */
void layers_check_overlaps(layers_vector *vector, const layers_polygons *polygons, const uxo_district *district,
                           const uxo_grid *grid, uxo_report *report);
/* Fills the area map and every area_ha. */
UXO_MUST_USE uxo_status layers_rasterise(uxo_districts *self, const layers_polygons *polygons, const uxo_grid *grid,
                                         layers_gdal *gdal);
/* Parts off the grid, areas without a cell (`empty`: how such a one is described); an error when nothing overlaps. */
void layers_check_coverage(layers_vector *vector, const layers_polygons *polygons, const uxo_districts *districts,
                           const uxo_grid *grid, const char *empty, const uxo_place *place, uxo_report *report);
/* An area map in which every cell is UXO_NO_DISTRICT. */
UXO_MUST_USE uxo_status layers_area_map_init(uxo_area_map *self, const uxo_grid *grid);

#endif
