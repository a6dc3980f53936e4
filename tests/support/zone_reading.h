/* zone_reading.h - zones as read from files, on a grid of two tiles by two in UTM zone 37 north: what tests of their reader
 * need. */
#ifndef UXOSIM_TESTS_ZONE_READING_H
#define UXOSIM_TESTS_ZONE_READING_H

#include "uxosim/layers.h"
#include "uxosim/zones.h"

/* GeoJSON, piece by piece. Names and statuses with their quotes, or null; coordinates as text. */
#define IN_UTM "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::32637\"}},"
#define COLLECTION(crs, features) "{\"type\":\"FeatureCollection\"," crs "\"features\":[" features "]}"
#define FEATURE(name, status, geometry) \
    "{\"type\":\"Feature\",\"properties\":{\"NAME\":" name ",\"STATUS\":" status ",\"N\":7},\"geometry\":" geometry "}"
#define RING(points) "[" points "]"
#define POLYGON(rings) "{\"type\":\"Polygon\",\"coordinates\":[" rings "]}"
#define BOX_RING(x0, y0, x1, y1) RING("[" x0 "," y0 "],[" x1 "," y0 "],[" x1 "," y1 "],[" x0 "," y1 "],[" x0 "," y0 "]")
#define BOX(x0, y0, x1, y1) POLYGON(BOX_RING(x0, y0, x1, y1))

enum { ZONE_TEXT = 65536 };

typedef struct zone_reading {
    uxo_crs *crs;
    uxo_grid grid;
    uxo_report report;
    uxo_zones zones;
    char text[ZONE_TEXT]; /* for the test */
} zone_reading;

/* Set-up and tear-down of one test, whose state is the reading. */
int zone_reading_open(void **state);
int zone_reading_close(void **state);

/* Up to four files as sets: "tasks", then all called "villages". What was read before is freed. */
uxo_status zone_read_files(zone_reading *self, const char *const *file, uint32_t count);
/* As tasks.geojson. */
uxo_status zone_read_text(zone_reading *self, const char *text);

/* 255ths of a cell that a column has; the cell's shares must be in order. */
uint32_t zone_parts(const zone_reading *self, uint32_t ix, uint32_t iy, uint32_t column);

#endif
