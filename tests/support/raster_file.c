/* raster_file.c - see raster_file.h. */
#include "raster_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "reported.h"

const char RASTER_UTM_37N[] =
    "PROJCS[\"WGS 84 / UTM zone 37N\",GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],"
    "PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"
    "PARAMETER[\"latitude_of_origin\",0],PARAMETER[\"central_meridian\",39],PARAMETER[\"scale_factor\",0.9996],"
    "PARAMETER[\"false_easting\",500000],PARAMETER[\"false_northing\",0],UNIT[\"metre\",1]]";
const char RASTER_GEOGRAPHIC[] =
    "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],"
    "UNIT[\"degree\",0.0174532925199433]]";

void raster_write(const char *name, const char *system, double x0, double y0, double size, int columns, int rows,
                  double (*value)(int, int))
{
    char file[64];
    snprintf(file, sizeof file, "%s.asc", name);
    FILE *const out = fopen(file, "w");
    assert_non_null(out);
    fprintf(out, "ncols %d\nnrows %d\nxllcorner %.12f\nyllcorner %.12f\ncellsize %.15f\nNODATA_value -1\n", columns,
            rows, x0, y0, size);
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
            fprintf(out, "%.9g ", value(column, row));
        }
        fputc('\n', out);
    }
    assert_int_equal(fclose(out), 0);
    snprintf(file, sizeof file, "%s.prj", name);
    if (system != NULL) {
        write_text(file, system);
    } else {
        remove(file);
    }
}
