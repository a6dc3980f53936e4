/* layers_crs_points.c - points between WGS 84 and the grid's reference system, true north and scale, and where there are
 * none: what is refused as a grid.
 */
#include <math.h>

#include "layers_crs.h"

double layers_round_m(double value)
{
    return nearbyint(value * 1024.0) / 1024.0;
}

double layers_round_deg(double value)
{
    return nearbyint(value * 16777216.0) / 16777216.0;
}

/* In place; false if any point fails. */
static bool transform(const uxo_crs *self, PJ_DIRECTION direction, int count, double *x, double *y)
{
    for (int i = 0; i < count; i++) {
        const PJ_COORD to = proj_trans(self->from_wgs84, direction, proj_coord(x[i], y[i], 0.0, 0.0));
        x[i] = to.xy.x;
        y[i] = to.xy.y;
        if (!isfinite(x[i]) || !isfinite(y[i])) { /* HUGE_VAL: no such place there */
            return false;
        }
    }
    return true;
}

bool uxo_crs_project(const uxo_crs *self, double lon_deg, double lat_deg, double *x_m, double *y_m)
{
    *x_m = lon_deg;
    *y_m = lat_deg;
    if (!transform(self, PJ_FWD, 1, x_m, y_m)) {
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
    if (!transform(self, PJ_INV, 1, lon_deg, lat_deg)) {
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
    if (!transform(self, PJ_INV, 1, &lon, &lat)) {
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
    if (!(step_deg > 0.0) || !transform(self, PJ_FWD, 8, x, y)) {
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
