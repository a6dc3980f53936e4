/* surface_reading.h - ground classes and clearance as read from files, on a grid of two tiles by two in UTM zone 37 north:
 * what tests of their readers need. */
#ifndef UXOSIM_TESTS_SURFACE_READING_H
#define UXOSIM_TESTS_SURFACE_READING_H

#include "uxosim/layers.h"

#define CRS_37N "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": \"urn:ogc:def:crs:EPSG::32637\"}}"

typedef struct surface_reading {
    uxo_crs *crs;
    uxo_grid grid;
    uxo_report report;
    uxo_surface surface;
} surface_reading;

/* Set-up and tear-down of one test, whose state is the reading. */
int surface_reading_open(void **state);
int surface_reading_close(void **state);

/* Classes hard (the reference, value 1) and soft (value 2, and words of the same name); without a file of ground hard alone.
 * Without a field the ground file is a raster. Files may be NULL. */
uxo_status surface_read(surface_reading *self, const char *ground_file, const char *field, const char *cleared_file);
/* Fails the test when it cannot be read. */
void surface_must_read(surface_reading *self, const char *ground_file, const char *field, const char *cleared_file);

/* Whether a kind of surface lies in a task. */
bool surface_has_task(const surface_reading *self, uint32_t kind, uint32_t task);

/* Share of a cell that is of a class, or lies in a task (all classes); of the whole grid in hectares. */
double surface_class_share(const surface_reading *self, uint32_t class, uint32_t ix, uint32_t iy);
double surface_task_share(const surface_reading *self, uint32_t task, uint32_t ix, uint32_t iy);
double surface_class_ha(const surface_reading *self, uint32_t class);
double surface_task_ha(const surface_reading *self, uint32_t task);

#endif
