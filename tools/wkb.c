/* wkb.c - see wkb.h. Not here: any other geometry; GDAL reads those (geo_output.c). */
#include "wkb.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WKB_POLYGON = 3, WKB_MULTIPOLYGON = 6 };

typedef struct wkb_reader {
    const char *hex;
    size_t left; /* bytes */
    bool little;
    bool good;
} wkb_reader;

static unsigned digit(char letter)
{
    return letter >= '0' && letter <= '9'   ? (unsigned)(letter - '0')
           : letter >= 'A' && letter <= 'F' ? (unsigned)(letter - 'A') + 10
           : letter >= 'a' && letter <= 'f' ? (unsigned)(letter - 'a') + 10
                                            : 16;
}

static uint64_t read_bytes(wkb_reader *self, size_t size)
{
    uint64_t value = 0;
    if (self->left < size) {
        self->good = false;
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        const unsigned high = digit(self->hex[2 * i]);
        const unsigned low = digit(self->hex[2 * i + 1]);
        self->good = self->good && high < 16 && low < 16;
        const uint64_t byte = (uint64_t)(high << 4 | low) & 0xff;
        value = self->little ? value | byte << (8 * i) : value << 8 | byte;
    }
    self->hex += 2 * size;
    self->left -= size;
    return value;
}

static double read_double(wkb_reader *self)
{
    const uint64_t bits = read_bytes(self, 8);
    double value = 0.0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The order of bytes, then the type. */
static uint32_t read_type(wkb_reader *self)
{
    self->little = read_bytes(self, 1) == 1;
    return (uint32_t)read_bytes(self, 4);
}

static void read_ring(wkb_reader *self, wkb_shape *shape)
{
    const uint32_t count = (uint32_t)read_bytes(self, 4);
    if (!self->good || count > self->left / 16) {
        self->good = false;
        return;
    }
    wkb_ring *const larger = realloc(shape->ring, (shape->count + 1) * sizeof *larger);
    double(*const xy)[2] = malloc(((size_t)count + 1) * sizeof *xy);
    shape->ring = larger != NULL ? larger : shape->ring;
    if (larger == NULL || xy == NULL) {
        free(xy);
        self->good = false;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        xy[i][0] = read_double(self);
        xy[i][1] = read_double(self);
    }
    shape->ring[shape->count++] = (wkb_ring){count, xy};
}

static void read_polygon(wkb_reader *self, wkb_shape *shape)
{
    const uint32_t rings = (uint32_t)read_bytes(self, 4);
    for (uint32_t i = 0; i < rings && self->good; i++) {
        read_ring(self, shape);
    }
}

bool wkb_read(wkb_shape *self, const char *hex)
{
    wkb_reader reader = {.hex = hex, .left = strlen(hex) / 2, .good = true};
    memset(self, 0, sizeof *self);
    if (hex[0] == '\0') {
        return true;
    }
    const uint32_t type = read_type(&reader);
    if (type == WKB_POLYGON) {
        read_polygon(&reader, self);
    } else if (type == WKB_MULTIPOLYGON) {
        const uint32_t parts = (uint32_t)read_bytes(&reader, 4);
        for (uint32_t i = 0; i < parts && reader.good; i++) {
            reader.good = read_type(&reader) == WKB_POLYGON && reader.good;
            read_polygon(&reader, self);
        }
    } else {
        reader.good = false;
    }
    if (!reader.good) {
        wkb_free(self);
    }
    return reader.good;
}

void wkb_free(wkb_shape *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->ring[i].xy);
    }
    free(self->ring);
    memset(self, 0, sizeof *self);
}
