/* scenario_fixture.h - a folder with a small scenario, its catalogue, strikes and districts; parts of its text, to be put
 * together. */
#ifndef UXOSIM_TESTS_SCENARIO_FIXTURE_H
#define UXOSIM_TESTS_SCENARIO_FIXTURE_H

#include "uxosim/scenario.h"

#define HEAD "format: 1\nrun: {realisations: 100}\n"
#define GRID "grid: {crs: EPSG:32637, cell_size_m: 100, bounds_m: [296000, 5530000, 306000, 5545000]}\n"
#define AROUND "grid: {crs: EPSG:32637, cell_size_m: 70, around: districts, margin_m: 250}\n"
#define DISTRICTS "layers: {districts: {file: districts.geojson, name: NAME}}\n"
#define REST "munitions: munitions.yaml\n"
#define STRIKES                                                                                                   \
    "strikes: {file: strikes.csv, defaults: {munition: b, carriers: {range: [1, 3], per: campaign}, confidence: " \
    "0.5}}\n"

typedef struct scenario_fixture {
    char folder[64];
    char path[128];
    uxo_scenario scenario;
    uxo_report report;
} scenario_fixture;

/* A folder of its own below the current one, with munitions.yaml, strikes.csv and districts.geojson; and away with it. */
void scenario_fixture_init(scenario_fixture *self);
void scenario_fixture_free(scenario_fixture *self);

void scenario_fixture_write(const scenario_fixture *self, const char *name, const char *text);
void scenario_fixture_remove(const scenario_fixture *self, const char *name);

/* Reads the text as s.yaml; what was read before has to be freed. must_read fails the test with the report. */
uxo_status scenario_fixture_read(scenario_fixture *self, const char *text, const char *const *sets, size_t count);
void scenario_fixture_must_read(scenario_fixture *self, const char *text, const char *const *sets, size_t count);

/* A value of the record, which is there once; NULL: it is not. expect: it is there, like this. */
const uxo_used_value *scenario_fixture_used(const uxo_scenario *scenario, const char *path);
void scenario_fixture_expect(const uxo_scenario *scenario, const char *path, const char *value, uxo_mark mark,
                             const char *source);

/* The text of strikes.csv. */
extern const char scenario_fixture_strikes[];

#endif
