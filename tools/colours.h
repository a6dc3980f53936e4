/* colours.h - the colours of every map, in one place: figures and QGIS styles take them from here; tools/report/src/colours.json has
 * the same numbers for the page, and tests/cli/test_qml.py compares.
 *
 * Sequential, readable with any kind of colour vision and in grey: cividis (Nunez, Anderton and Renslow 2018,
 * doi:10.1371/journal.pone.0199239), light for little, dark for much. Classes are logarithmic and the same for every
 * result, so that two maps can be compared. Zero has no colour: it is paper, and never drawn as safe. No red and no
 * orange: those mean surveyed areas.
 */
#ifndef UXOSIM_TOOLS_COLOURS_H
#define UXOSIM_TOOLS_COLOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COLOURS_MAX_CLASSES = 12 };

/* What stands for "no number" and for "zero", in legends and styles. */
#define COLOURS_PAPER UINT32_C(0xffffff)
#define COLOURS_NO_DATA UINT32_C(0xb4b4b4) /* of the hatching, or flat where there is none */
#define COLOURS_INK UINT32_C(0x1c2833)
#define COLOURS_QUIET UINT32_C(0x5a6570)
#define COLOURS_ZERO_NOTE "0: no dud expected from listed strikes is not the same as safe"

/* A set of classes. Class i holds values above the upper end of class i - 1 (above 0 for the first) and up to its own. */
typedef struct colours_scale {
    const char *id;
    size_t count;
    double upper[COLOURS_MAX_CLASSES]; /* inclusive; the last may be infinite */
    uint32_t rgb[COLOURS_MAX_CLASSES]; /* 0xRRGGBB */
} colours_scale;

/* cividis: 0 dark blue ... 1 yellow, as 0xRRGGBB. */
uint32_t colours_cividis(double position);

/* Classes for a layer of a result. False for layers of classes ("district", "ground"), which have names and no order. */
bool colours_for_layer(const char *layer, const char *unit, colours_scale *scale);

/* Class of a value above 0. */
size_t colours_class(const colours_scale *self, double value);

/* "more than 0.01, up to 0.03"; every class has one. */
enum { COLOURS_LABEL_SIZE = 64 };
const char *colours_label(const colours_scale *self, size_t index, char text[COLOURS_LABEL_SIZE]);

/* A quiet tint for the i-th of several areas or kinds, which do not stand for more or less. */
uint32_t colours_tint(size_t index);

#endif
