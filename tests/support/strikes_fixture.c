/* strikes_fixture.c - see strikes_fixture.h. */
#include "strikes_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void set(uxo_munition *self, const char *id, double spread_m[2], double pattern_m[2])
{
    snprintf(self->id, sizeof self->id, "%s", id);
    self->submunitions_per_carrier = uxo_quantity_constant(100.0);
    self->dud_rate = uxo_quantity_constant(0.1);
    self->carrier_failure = uxo_quantity_constant(0.0);
    self->spread_along_m = uxo_quantity_constant(spread_m[0]);
    self->spread_across_m = uxo_quantity_constant(spread_m[1]);
    self->pattern_along_m = uxo_quantity_constant(pattern_m[0]);
    self->pattern_across_m = uxo_quantity_constant(pattern_m[1]);
}

static void parse(uxo_yaml *out, const char *yaml)
{
    uxo_report report;
    uxo_report_init(&report);
    uxo_yaml_free(out);
    assert_int_equal(uxo_yaml_read_text(out, "scenario.yaml", yaml, strlen(yaml), 30, 5, &report), UXO_OK);
    uxo_report_free(&report);
}

void strikes_fixture_defaults(strikes_fixture *self, const char *yaml)
{
    parse(&self->defaults, yaml);
    self->source.defaults = self->defaults.root;
}

void strikes_fixture_events(strikes_fixture *self, const char *yaml)
{
    parse(&self->events, yaml);
    self->source.events = self->events.root;
}

int strikes_fixture_open(void **state)
{
    strikes_fixture *const self = calloc(1, sizeof *self);
    assert_non_null(self);
    uxo_report_init(&self->report);
    assert_int_equal(uxo_crs_open(&self->crs, "EPSG:32637", NULL, &self->report), UXO_OK);
    uxo_grid_init(&self->grid, 300000.0, 5530000.0, 20.0, 1000, 1500);
    set(&self->munition[0], "bomb", (double[2]){0.0, 0.0}, (double[2]){30.0, 50.0});
    set(&self->munition[1], "rocket", (double[2]){80.0, 60.0}, (double[2]){60.0, 40.0});
    self->catalogue = (uxo_catalogue){.item = self->munition, .count = 2};
    self->source = (uxo_strikes_source){.file = "strikes.csv",
                                        .place = {.file = "scenario.yaml", .line = 20},
                                        .as_of_day = UXO_NO_DATE,
                                        .today = 19722,
                                        .seed = 7};
    strikes_fixture_defaults(
        self, "{munition: {bomb: 0.5, rocket: 0.5}, carriers: 3, location_error: {disc_m: 150}, confidence: 0.9}");
    *state = self;
    return 0;
}

int strikes_fixture_close(void **state)
{
    strikes_fixture *const self = *state;
    uxo_strikes_free(&self->strikes);
    uxo_strikes_free(&self->strikes);
    uxo_report_free(&self->report);
    uxo_yaml_free(&self->defaults);
    uxo_yaml_free(&self->events);
    uxo_crs_free(self->crs);
    free(self);
    return 0;
}

uxo_status strikes_fixture_read(strikes_fixture *self, const char *text)
{
    uxo_strikes_free(&self->strikes);
    uxo_report_free(&self->report);
    self->source.file = "strikes.csv";
    return uxo_strikes_read_text(&self->strikes, &self->source, text, strlen(text), self->crs, &self->grid,
                                 &self->catalogue, &self->report);
}

uxo_status strikes_fixture_read_file(strikes_fixture *self, const char *file)
{
    uxo_strikes_free(&self->strikes);
    uxo_report_free(&self->report);
    self->source.file = file;
    return uxo_strikes_read(&self->strikes, &self->source, self->crs, &self->grid, &self->catalogue, &self->report);
}
