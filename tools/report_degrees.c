/* report_degrees.c - longitude and latitude on a lattice over the grid: between its points the page interpolates, to less than a metre on a
 * grid of 40 km. */
#include <math.h>

#include "geo_output.h"
#include "report.h"

enum { SIDE = 17, POINTS = SIDE * SIDE };

/* About 1 cm: the last bits of PROJ depend on the processor. */
static double rounded(double degrees)
{
    return floor(degrees * 1e7 + 0.5) / 1e7;
}

static uxo_status write_lattice(report_page *self, const geo_transform *transform)
{
    const uxo_grid *const grid = uxo_result_grid(self->result);
    double x[POINTS], y[POINTS];
    for (int i = 0; i < POINTS; i++) {
        x[i] = grid->xmin_m + grid->cell_size_m * grid->nx * (i % SIDE) / (SIDE - 1);
        y[i] = grid->ymin_m + grid->cell_size_m * grid->ny * (double)(i / SIDE) / (SIDE - 1);
    }
    if (!transform->gdal->OCTTransformEx(transform->transformation, POINTS, x, y, NULL, NULL)) {
        return geo_fail(transform->gdal, self->report, UXO_ERR_DATA, "cannot turn the grid into degrees");
    }
    for (int i = 0; i < POINTS; i++) {
        x[i] = rounded(x[i]);
        y[i] = rounded(y[i]);
    }
    json_number(&self->json, "lattice_side", SIDE);
    report_write_numbers(self, "lon_deg", x, POINTS);
    report_write_numbers(self, "lat_deg", y, POINTS);
    return UXO_OK;
}

uxo_status report_write_degrees(report_page *self)
{
    uxo_gdal gdal;
    geo_transform transform;
    UXO_TRY(geo_start(&gdal, self->report));
    UXO_TRY(geo_transform_open(&transform, &gdal, uxo_result_crs_wkt(self->result), self->report));
    const uxo_status status = write_lattice(self, &transform);
    geo_transform_close(&transform);
    return status;
}
