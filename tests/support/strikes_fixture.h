/* strikes_fixture.h - a grid of 20 km about Kharkiv, a catalogue of two munitions and defaults, to read strike lists
 * with. */
#ifndef UXOSIM_TESTS_STRIKES_FIXTURE_H
#define UXOSIM_TESTS_STRIKES_FIXTURE_H

#include "uxosim/strikes.h"

/* Catalogue: bomb (no carrier spread, pattern 30 m x 50 m) and rocket (spread 80 m x 60 m, pattern 60 m x 40 m).
 * Defaults: either munition, three carriers, disc of 150 m, confidence 0.9. Seed 7; today is 2023-12-31. */
typedef struct strikes_fixture {
    uxo_crs *crs;
    uxo_grid grid;
    uxo_munition munition[2];
    uxo_catalogue catalogue;
    uxo_yaml defaults, events;
    uxo_strikes_source source;
    uxo_report report; /* of the last reading */
    uxo_strikes strikes;
} strikes_fixture;

int strikes_fixture_open(void **state);
int strikes_fixture_close(void **state);

/* Replaces the defaults, strikes.events, by YAML flow style. */
void strikes_fixture_defaults(strikes_fixture *self, const char *yaml);
void strikes_fixture_events(strikes_fixture *self, const char *yaml);

/* Reads a CSV text under the name strikes.csv; a file. What was read before is freed. */
uxo_status strikes_fixture_read(strikes_fixture *self, const char *text);
uxo_status strikes_fixture_read_file(strikes_fixture *self, const char *file);

#endif
