/* raster_file.h - rasters made on the spot, as ESRI ASCII grids with their reference system beside them. */
#ifndef UXOSIM_TESTS_RASTER_FILE_H
#define UXOSIM_TESTS_RASTER_FILE_H

/* WKT of UTM zone 37 north and of WGS 84. */
extern const char RASTER_UTM_37N[], RASTER_GEOGRAPHIC[];

/* Writes NAME.asc and NAME.prj (none when system is NULL) into the current folder. The western and southern edge and the
 * size of cells are in units of the system; values by column and row, row 0 north; -1 is no data. */
void raster_write(const char *name, const char *system, double x0, double y0, double size, int columns, int rows,
                  double (*value)(int, int));

#endif
