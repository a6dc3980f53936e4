/* strikes_place.c - where a report is. Not here: the rest of its row (strikes_rows.c). */
#include <math.h>

#include "strikes_row.h"

static bool on_grid(const uxo_grid *grid, double x_m, double y_m)
{
    return x_m >= grid->xmin_m && x_m < uxo_grid_xmax_m(grid) && y_m >= grid->ymin_m && y_m < uxo_grid_ymax_m(grid);
}

static bool looks_swapped(const row_context *self, double lon, double lat)
{
    double x_m, y_m;
    const uxo_site *const site = &self->out->site;
    return !on_grid(self->reader->grid, site->x_m, site->y_m) && fabs(lon) <= 90.0 &&
           uxo_crs_project(self->reader->crs, lat, lon, &x_m, &y_m) && on_grid(self->reader->grid, x_m, y_m);
}

static void read_lon_lat(row_context *self)
{
    uxo_site *const site = &self->out->site;
    double lon, lat;
    const bool good = strikes_read_number(self, COLUMN_LON, -180.0, 180.0, "a longitude in degrees, -180 to 180", &lon);
    if (!strikes_read_number(self, COLUMN_LAT, -90.0, 90.0, "a latitude in degrees, -90 to 90", &lat) || !good) {
        return;
    }
    site->lon_deg = lon;
    site->lat_deg = lat;
    if (!uxo_crs_project(self->reader->crs, lon, lat, &site->x_m, &site->y_m)) {
        site->x_m = site->y_m = NAN;
        COMPLAIN(self, COLUMN_LON, "longitude %s, latitude %s cannot be projected into the grid's system%s",
                 self->row->text[COLUMN_LON], self->row->text[COLUMN_LAT],
                 looks_swapped(self, lon, lat) ? "; are the two swapped?" : "");
    } else if (looks_swapped(self, lon, lat)) {
        COMPLAIN(self, COLUMN_LON,
                 "longitude %s, latitude %s lies off the grid, the other way round it lies on it: are the two swapped?",
                 self->row->text[COLUMN_LON], self->row->text[COLUMN_LAT]);
    }
}

static void read_x_y(row_context *self)
{
    static const char allowed[] =
        "a number of metres in the grid's system"; /* 1e8 m: more than twice round the earth */
    uxo_site *const site = &self->out->site;
    double x, y;
    const bool good = strikes_read_number(self, COLUMN_X_M, -1e8, 1e8, allowed, &x);
    if (!strikes_read_number(self, COLUMN_Y_M, -1e8, 1e8, allowed, &y) || !good) {
        return;
    }
    site->x_m = nearbyint(x * 1024.0) / 1024.0;
    site->y_m = nearbyint(y * 1024.0) / 1024.0;
    if (!uxo_crs_unproject(self->reader->crs, site->x_m, site->y_m, &site->lon_deg, &site->lat_deg)) {
        site->lon_deg = site->lat_deg = NAN;
    }
}

void strikes_read_place(row_context *self)
{
    const char *const *const text = self->row->text;
    uxo_site *const site = &self->out->site;
    const bool any_geographic = text[COLUMN_LON] != NULL || text[COLUMN_LAT] != NULL;
    const bool any_grid = text[COLUMN_X_M] != NULL || text[COLUMN_Y_M] != NULL;
    site->lon_deg = site->lat_deg = site->x_m = site->y_m = NAN;
    double scale;
    if (self->row->feature != NULL) {
        site->lon_deg = self->row->feature->lon_deg;
        site->lat_deg = self->row->feature->lat_deg;
        site->x_m = self->row->feature->x_m;
        site->y_m = self->row->feature->y_m;
    } else if (any_geographic && any_grid) {
        COMPLAIN(self, text[COLUMN_X_M] != NULL ? COLUMN_X_M : COLUMN_Y_M,
                 "a place is given by lon and lat or by x_m and y_m, not by both");
        return;
    } else if (text[COLUMN_LON] != NULL && text[COLUMN_LAT] != NULL) {
        read_lon_lat(self);
    } else if (text[COLUMN_X_M] != NULL && text[COLUMN_Y_M] != NULL) {
        read_x_y(self);
    } else {
        COMPLAIN(self, COLUMN_ID, "the report has no place; %s",
                 any_geographic ? "lon and lat are both needed"
                 : any_grid     ? "x_m and y_m are both needed"
                                : "give lon and lat, or x_m and y_m");
        return;
    }
    if (isfinite(site->x_m) && !uxo_crs_true_north(self->reader->crs, site->x_m, site->y_m, &site->north_rad, &scale)) {
        COMPLAIN(self, COLUMN_ID,
                 "true north at x = %.1f m, y = %.1f m cannot be computed: too far from where the grid's system holds",
                 site->x_m, site->y_m);
    }
}
