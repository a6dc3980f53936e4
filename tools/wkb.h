/* wkb.h - rings of a polygon in hexadecimal well-known binary, as the result file holds districts. Two dimensions, either byte
 * order, Polygon and MultiPolygon. */
#ifndef UXOSIM_TOOLS_WKB_H
#define UXOSIM_TOOLS_WKB_H

#include <stdbool.h>
#include <stddef.h>

typedef struct wkb_ring {
    size_t count;
    double (*xy)[2]; /* owned */
} wkb_ring;

typedef struct wkb_shape {
    wkb_ring *ring; /* owned; exterior rings and holes alike */
    size_t count;
} wkb_shape;

/* False when it is not such a polygon, or memory runs out; then there is nothing to free. "" has no rings. */
bool wkb_read(wkb_shape *self, const char *hex);
void wkb_free(wkb_shape *self);

#endif
