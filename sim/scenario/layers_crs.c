/* layers_crs.c - the grid's reference system: projecting, true north and scale, what is refused as a grid.
 *
 * Not here: CF attributes (layers_cf.c).
 */
#include "layers_private.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct uxo_crs {
    OGRSpatialReferenceH srs;
    OGRCoordinateTransformationH forward; /* WGS 84 longitude, latitude -> grid */
    OGRCoordinateTransformationH inverse;
    char *name;
    char *wkt2;
};

#define ALLOWED "allowed is a projected system in metres, for example EPSG:32637 (WGS 84 / UTM zone 37N)"

/* GDAL would also read a file or fetch a page of that name: a grid does not depend on those. */
static bool names_a_resource(const char *definition)
{
    return strstr(definition, "://") != NULL || strncmp(definition, "/vsi", 4) == 0 || access(definition, F_OK) == 0;
}

static bool points_west(OGRSpatialReferenceH srs)
{
    for (int axis = 0; axis < 2; axis++) {
        OGRAxisOrientation orientation = OAO_Other;
        if (OSRGetAxis(srs, NULL, axis, &orientation) != NULL && orientation == OAO_West) {
            return true;
        }
    }
    return false;
}

static const char *why_not(OGRSpatialReferenceH srs, char *text, size_t size)
{
    char *unit = NULL;
    if (OSRIsGeographic(srs)) {
        return "is geographic (degrees)";
    }
    if (OSRIsCompound(srs)) {
        return "has a vertical part";
    }
    if (!OSRIsProjected(srs)) {
        return "is not projected";
    }
    const double metres = OSRGetLinearUnits(srs, &unit);
    if (metres != 1.0) {
        snprintf(text, size, "is in units of %.9g m (%s)", metres, unit != NULL ? unit : "unnamed");
        return text;
    }
    return points_west(srs) ? "counts its axes to the west and south" : NULL;
}

static uxo_status set_up(uxo_crs *self, layers_gdal *gdal, const char *definition)
{
    static const char *const wkt_options[] = {"FORMAT=WKT2_2019", "MULTILINE=NO", NULL};
    char text[200];
    self->srs = OSRNewSpatialReference(NULL);
    if (names_a_resource(definition) || OSRSetFromUserInput(self->srs, definition) != OGRERR_NONE) {
        return uxo_fail(gdal->report, UXO_ERR_DATA, &gdal->place, "unknown reference system '%s'; " ALLOWED,
                        definition);
    }
    OSRSetAxisMappingStrategy(self->srs, OAMS_TRADITIONAL_GIS_ORDER);
    const char *const name = OSRGetName(self->srs);
    const char *const why = why_not(self->srs, text, sizeof text);
    if (why != NULL) {
        return uxo_fail(gdal->report, UXO_ERR_DATA, &gdal->place, "reference system '%s' (%s) %s; " ALLOWED, definition,
                        name != NULL ? name : "unnamed", why);
    }
    char *wkt = NULL;
    OSRExportToWktEx(self->srs, &wkt, wkt_options);
    self->wkt2 = wkt != NULL ? strdup(wkt) : NULL;
    CPLFree(wkt);
    self->name = strdup(name != NULL ? name : "unnamed");
    OGRSpatialReferenceH wgs84 = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(wgs84, 4326);
    OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
    self->forward = OCTNewCoordinateTransformation(wgs84, self->srs);
    self->inverse = OCTNewCoordinateTransformation(self->srs, wgs84);
    OSRRelease(wgs84);
    if (self->forward == NULL || self->inverse == NULL) {
        return uxo_fail(gdal->report, UXO_ERR_DATA, &gdal->place, "no transformation from WGS 84 to '%s': %s",
                        definition, gdal->failure);
    }
    return self->wkt2 != NULL && self->name != NULL ? UXO_OK : UXO_ERR_MEMORY;
}

uxo_status uxo_crs_open(uxo_crs **self, const char *definition, const uxo_place *place, uxo_report *report)
{
    layers_gdal gdal;
    *self = calloc(1, sizeof **self);
    if (*self == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, place, "out of memory");
    }
    OSRSetPROJEnableNetwork(FALSE); /* the same grids, hence the same coordinates, with and without a network */
    layers_gdal_begin(&gdal, place, report);
    const uxo_status status = set_up(*self, &gdal, definition);
    layers_gdal_end(&gdal);
    if (status != UXO_OK) {
        uxo_crs_free(*self);
        *self = NULL;
    }
    return status;
}

void uxo_crs_free(uxo_crs *self)
{
    if (self == NULL) {
        return;
    }
    if (self->forward != NULL) {
        OCTDestroyCoordinateTransformation(self->forward);
    }
    if (self->inverse != NULL) {
        OCTDestroyCoordinateTransformation(self->inverse);
    }
    if (self->srs != NULL) {
        OSRRelease(self->srs);
    }
    free(self->name);
    free(self->wkt2);
    free(self);
}

const char *uxo_crs_name(const uxo_crs *self)
{
    return self->name;
}

const char *uxo_crs_wkt2(const uxo_crs *self)
{
    return self->wkt2;
}

OGRSpatialReferenceH layers_crs_srs(const uxo_crs *self)
{
    return self->srs;
}

/* In place; false if any point fails. */
static bool transform(OGRCoordinateTransformationH transformation, int count, double *x, double *y)
{
    layers_gdal gdal;
    int success[16] = {0};
    layers_gdal_begin(&gdal, NULL, NULL);
    OCTTransformEx(transformation, count, x, y, NULL, success);
    layers_gdal_end(&gdal);
    for (int i = 0; i < count; i++) {
        if (!success[i] || !isfinite(x[i]) || !isfinite(y[i])) {
            return false;
        }
    }
    return true;
}

bool uxo_crs_project(const uxo_crs *self, double lon_deg, double lat_deg, double *x_m, double *y_m)
{
    *x_m = lon_deg;
    *y_m = lat_deg;
    if (!transform(self->forward, 1, x_m, y_m)) {
        return false;
    }
    *x_m = layers_round_m(*x_m);
    *y_m = layers_round_m(*y_m);
    return true;
}

bool uxo_crs_unproject(const uxo_crs *self, double x_m, double y_m, double *lon_deg, double *lat_deg)
{
    *lon_deg = x_m;
    *lat_deg = y_m;
    if (!transform(self->inverse, 1, lon_deg, lat_deg)) {
        return false;
    }
    *lon_deg = layers_round_deg(*lon_deg);
    *lat_deg = layers_round_deg(*lat_deg);
    return true;
}

/* Central difference of fourth order from values at -2, -1, 1, 2 steps. Abramowitz and Stegun (1964), 25.3.6. */
static double slope(const double v[4], double step)
{
    return (v[0] - 8.0 * v[1] + 8.0 * v[2] - v[3]) / (12.0 * step);
}

bool uxo_crs_true_north(const uxo_crs *self, double x_m, double y_m, double *north_rad, double *scale)
{
    /* WGS 84 ellipsoid: EPSG:7030. Steps of 0.01 degrees: the truncation error is below 1e-13, PROJ's last bits (1e-9
     * m) below 1e-12, both far below what angles are rounded to. */
    const double a_m = 6378137.0;
    const double f = 1.0 / 298.257223563;
    const double e2 = f * (2.0 - f);
    const double rad = 3.14159265358979323846 / 180.0;
    double lon = x_m;
    double lat = y_m;
    if (!transform(self->inverse, 1, &lon, &lat)) {
        return false;
    }
    const double step_deg = fmin(0.01, (90.0 - fabs(lat)) / 4.0);
    double x[8], y[8];
    static const int at[4] = {-2, -1, 1, 2};
    for (int i = 0; i < 4; i++) {
        x[i] = lon;
        y[i] = lat + at[i] * step_deg;
        x[4 + i] = lon + at[i] * step_deg;
        y[4 + i] = lat;
    }
    if (!(step_deg > 0.0) || !transform(self->forward, 8, x, y)) {
        return false;
    }
    const double sin2 = sin(lat * rad) * sin(lat * rad);
    const double w = sqrt(1.0 - e2 * sin2);
    const double meridian_m = a_m * (1.0 - e2) / (w * w * w);
    const double parallel_m = a_m / w * cos(lat * rad);
    const double east = slope(x, step_deg * rad);
    const double north = slope(y, step_deg * rad);
    const double h = hypot(east, north) / meridian_m;
    const double k = hypot(slope(x + 4, step_deg * rad), slope(y + 4, step_deg * rad)) / parallel_m;
    *north_rad = nearbyint(atan2(east, north) * 1073741824.0) / 1073741824.0;
    *scale = nearbyint((fabs(h - 1.0) > fabs(k - 1.0) ? h : k) * 1073741824.0) / 1073741824.0;
    return isfinite(*north_rad) && isfinite(*scale);
}

static bool holds(const uxo_grid *grid, double x_m, double y_m)
{
    return x_m >= grid->xmin_m && x_m <= uxo_grid_xmax_m(grid) && y_m >= grid->ymin_m && y_m <= uxo_grid_ymax_m(grid);
}

/* Point t of [0, 4) along the grid's edge, from its south-west corner. */
static void edge_point(const uxo_grid *grid, double t, double *x_m, double *y_m)
{
    const double x0 = grid->xmin_m, x1 = uxo_grid_xmax_m(grid), y0 = grid->ymin_m, y1 = uxo_grid_ymax_m(grid);
    const double part = t - floor(t);
    switch ((int)t) {
    case 0:
        *x_m = x0 + (x1 - x0) * part;
        *y_m = y0;
        break;
    case 1:
        *x_m = x1;
        *y_m = y0 + (y1 - y0) * part;
        break;
    case 2:
        *x_m = x1 - (x1 - x0) * part;
        *y_m = y1;
        break;
    default:
        *x_m = x0;
        *y_m = y1 - (y1 - y0) * part;
        break;
    }
}

static bool crosses_antimeridian(const uxo_crs *self, const uxo_grid *grid)
{
    enum { POINTS = 128 }; /* a line that enters the grid leaves it: its edge is enough */
    double before = 0.0;
    for (int i = 0; i <= POINTS; i++) {
        double x_m, y_m, lon, lat;
        edge_point(grid, fmod(4.0 * i / POINTS, 4.0), &x_m, &y_m);
        if (uxo_crs_unproject(self, x_m, y_m, &lon, &lat)) {
            if (i > 0 && fabs(lon - before) > 180.0) {
                return true;
            }
            before = lon;
        }
    }
    return false;
}

uxo_status uxo_crs_check_grid(const uxo_crs *self, const uxo_grid *grid, const uxo_place *place, uxo_report *report)
{
    double worst = 1.0;
    for (int lat = -90; lat <= 90; lat += 180) {
        double x_m, y_m;
        if (uxo_crs_project(self, 0.0, lat, &x_m, &y_m) && holds(grid, x_m, y_m)) {
            return uxo_fail(report, UXO_ERR_DATA, place,
                            "the grid holds the %s pole, where there is no heading; move it",
                            lat > 0 ? "north" : "south");
        }
    }
    for (int i = 0; i < 9; i++) {
        double x_m = 0.5 * (grid->xmin_m + uxo_grid_xmax_m(grid));
        double y_m = 0.5 * (grid->ymin_m + uxo_grid_ymax_m(grid));
        double north_rad, scale;
        if (i < 8) {
            edge_point(grid, 0.5 * i, &x_m, &y_m);
        }
        if (!uxo_crs_true_north(self, x_m, y_m, &north_rad, &scale)) {
            return uxo_fail(report, UXO_ERR_DATA, place,
                            "the point x = %.3f m, y = %.3f m of the grid has no longitude and latitude in %s; are the "
                            "bounds in that "
                            "system?",
                            x_m, y_m, self->name);
        }
        worst = fabs(scale - 1.0) > fabs(worst - 1.0) ? scale : worst;
    }
    if (crosses_antimeridian(self, grid)) {
        return uxo_fail(report, UXO_ERR_DATA, place, "the grid crosses the 180 degree meridian; split it there");
    }
    if (fabs(worst - 1.0) > 0.01) {
        return uxo_fail(report, UXO_ERR_DATA, place,
                        "a metre on the ground is %.3f m on this grid in %s: areas and distances would be wrong (by "
                        "more than 1 %%); take a "
                        "system made for the place, for example its UTM zone",
                        worst, self->name);
    }
    return UXO_OK;
}
