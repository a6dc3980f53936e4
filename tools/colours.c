/* colours.c - see colours.h. Not here: drawing (figures*.c) and QGIS's files (qml.c). */
#include "colours.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Every 16th of cividis's 256 colours. */
static const uint32_t CIVIDIS[] = {0x00224e, 0x002e6a, 0x1a386f, 0x32436d, 0x434e6c, 0x535a6d,
                                   0x61656f, 0x6f7073, 0x7d7c78, 0x8b8778, 0x9a9376, 0xaaa073,
                                   0xbbad6d, 0xccba64, 0xddc858, 0xefd748, 0xfee838};
enum { CIVIDIS_LAST = sizeof CIVIDIS / sizeof *CIVIDIS - 1 };

/* Blue-greys and olives of even lightness: no red, orange or green that could be read as a hazard or as its absence. */
static const uint32_t TINTS[] = {0xc9d3e3, 0xe4dfc0, 0xb3c3cf, 0xd8d3dd, 0xcdc9a5, 0xa9b4cc, 0xdcdcdc, 0xbfbcc9};

typedef struct scale_definition {
    const char *id;
    size_t count;
    double upper[COLOURS_MAX_CLASSES];
} scale_definition;

/* Half decades, which the eye takes for equal steps of a logarithm. */
static const scale_definition DUDS_PER_HA = {"duds_per_ha", 9, {0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, INFINITY}};
static const scale_definition ACCIDENTS_PER_HA = {
    "accidents_per_ha", 9, {1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, INFINITY}};
static const scale_definition SMALL_PROBABILITY = {
    "small_probability", 9, {1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1}};
static const scale_definition PROBABILITY = {"probability", 8, {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1}};
static const scale_definition PERSONS = {"persons", 8, {0.3, 1, 3, 10, 30, 100, 300, INFINITY}};
/* The other way round: the smallest area holds the densest cells. What lies outside the last is paper, not safe. */
static const scale_definition CONTAINMENT = {"containment", 4, {0.5, 0.8, 0.95, 1}};

static uint32_t mix(uint32_t from, uint32_t to, double share)
{
    uint32_t mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        const double a = (double)(from >> shift & 0xff);
        const double b = (double)(to >> shift & 0xff);
        mixed |= (uint32_t)lround(a + (b - a) * share) << shift;
    }
    return mixed;
}

uint32_t colours_cividis(double position)
{
    const double place = fmin(fmax(position, 0.0), 1.0) * CIVIDIS_LAST;
    const int below = place >= CIVIDIS_LAST ? CIVIDIS_LAST - 1 : (int)place;
    return mix(CIVIDIS[below], CIVIDIS[below + 1], place - below);
}

/* The lightest class is mixed with paper, because full yellow would draw the eye to where there is least. */
static uint32_t class_colour(size_t index, size_t count)
{
    const double darkness = count > 1 ? (double)index / (double)(count - 1) : 1.0;
    const uint32_t colour = colours_cividis(1.0 - darkness);
    return mix(colour, COLOURS_PAPER, 0.7 * pow(1.0 - darkness, 2.0));
}

static void make_scale(const scale_definition *definition, colours_scale *scale)
{
    const bool dark_first = definition == &CONTAINMENT;
    const size_t coloured = dark_first ? definition->count - 1 : definition->count;
    memset(scale, 0, sizeof *scale);
    scale->id = definition->id;
    scale->count = definition->count;
    for (size_t i = 0; i < definition->count; i++) {
        scale->upper[i] = definition->upper[i];
        scale->rgb[i] = i < coloured ? class_colour(dark_first ? coloured - 1 - i : i, coloured) : COLOURS_PAPER;
    }
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool colours_for_layer(const char *layer, const char *unit, colours_scale *scale)
{
    const scale_definition *definition = &DUDS_PER_HA;
    if (strcmp(layer, "district") == 0 || strcmp(layer, "ground") == 0) {
        return false;
    }
    if (starts_with(layer, "accident") && strcmp(unit, "hectare-1") == 0) {
        definition = &ACCIDENTS_PER_HA;
    } else if (starts_with(layer, "dud_probability")) {
        definition = &SMALL_PROBABILITY;
    } else if (starts_with(layer, "dud_containment")) {
        definition = &CONTAINMENT;
    } else if (strstr(layer, "probability") != NULL) {
        definition = &PROBABILITY;
    } else if (starts_with(layer, "population")) {
        definition = &PERSONS;
    }
    make_scale(definition, scale);
    return true;
}

size_t colours_class(const colours_scale *self, double value)
{
    size_t index = 0;
    while (index + 1 < self->count && value > self->upper[index]) {
        index++;
    }
    return index;
}

enum { NUMBER_SIZE = 24 };

/* 0.00003, not 3e-05: people read it. */
static const char *plain_number(double value, char text[NUMBER_SIZE])
{
    snprintf(text, NUMBER_SIZE, "%g", value);
    if (strchr(text, 'e') != NULL) {
        snprintf(text, NUMBER_SIZE, "%.9f", value);
        for (size_t last = strlen(text) - 1; last > 0 && text[last] == '0'; last--) {
            text[last] = '\0';
        }
    }
    return text;
}

const char *colours_label(const colours_scale *self, size_t index, char text[COLOURS_LABEL_SIZE])
{
    const double lower = index == 0 ? 0.0 : self->upper[index - 1];
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    if (isinf(self->upper[index])) {
        snprintf(text, COLOURS_LABEL_SIZE, "more than %s", plain_number(lower, low));
    } else {
        snprintf(text, COLOURS_LABEL_SIZE, "more than %s, up to %s", plain_number(lower, low),
                 plain_number(self->upper[index], high));
    }
    return text;
}

uint32_t colours_tint(size_t index)
{
    return TINTS[index % (sizeof TINTS / sizeof *TINTS)];
}
