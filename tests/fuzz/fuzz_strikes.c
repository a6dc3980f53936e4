/* fuzz_strikes.c - libFuzzer target: any bytes as a strike list must be read or refused, never crash, hang or leak.
 * Everything behind the text is the real thing: projection, munitions, events, look-alikes, reach. */
#include <stdlib.h>
#include <string.h>

#include "uxosim/strikes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void set(uxo_munition *self, const char *id)
{
    snprintf(self->id, sizeof self->id, "%s", id);
    self->submunitions_per_carrier = uxo_quantity_constant(100.0);
    self->dud_rate = uxo_quantity_constant(0.1);
    self->carrier_failure = uxo_quantity_constant(0.0);
    self->spread_along_m = uxo_quantity_constant(80.0);
    self->spread_across_m = uxo_quantity_constant(60.0);
    self->pattern_along_m = uxo_quantity_constant(60.0);
    self->pattern_across_m = uxo_quantity_constant(40.0);
}

static void parse(uxo_yaml *out, const char *text)
{
    uxo_report report;
    uxo_report_init(&report);
    if (uxo_yaml_read_text(out, "scenario.yaml", text, strlen(text), 1, 1, &report) != UXO_OK) {
        abort();
    }
    uxo_report_free(&report);
}

/* Made once: opening a reference system takes 20 ms. */
typedef struct surroundings {
    uxo_crs *crs;
    uxo_grid grid;
    uxo_munition munition[2];
    uxo_yaml defaults, events;
} surroundings;

static const surroundings *get_surroundings(void)
{
    static surroundings self;
    if (self.crs == NULL) {
        uxo_report report;
        uxo_report_init(&report);
        if (uxo_crs_open(&self.crs, "EPSG:32637", NULL, &report) != UXO_OK) {
            abort();
        }
        uxo_report_free(&report);
        uxo_grid_init(&self.grid, 300000.0, 5530000.0, 20.0, 1000, 1500);
        set(&self.munition[0], "bomb");
        set(&self.munition[1], "rocket");
        parse(&self.defaults, "{munition: {bomb: 0.5, rocket: 0.5}, carriers: 3, location_error: {disc_m: 150}}");
        parse(&self.events, "{E: [a, b], F: {reports: [c], carriers: {range: [2, 6]}}}");
    }
    return &self;
}

/* A first byte of '!' means: with strikes.events. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const surroundings *const around = get_surroundings();
    surroundings copy = *around; /* the catalogue's items are not const */
    const bool with_events = size > 0 && data[0] == '!';
    const uxo_catalogue catalogue = {.item = copy.munition, .count = 2};
    const uxo_strikes_source source = {.file = "strikes.csv",
                                       .defaults = around->defaults.root,
                                       .events = with_events ? around->events.root : NULL,
                                       .as_of_day = UXO_NO_DATE,
                                       .today = 19722,
                                       .seed = 7};
    uxo_strikes strikes;
    uxo_report report;
    FILE *const nowhere = fopen("/dev/null", "w");
    const size_t length = size - with_events;
    char *const text = malloc(length > 0 ? length : 1); /* of exactly that size: reading past its end is seen */
    if (nowhere != NULL && text != NULL) {
        memcpy(text, data + with_events, length);
        uxo_report_init(&report);
        (void)!uxo_strikes_read_text(&strikes, &source, text, length, around->crs, &around->grid, &catalogue, &report);
        uxo_report_print(&report, 0, 100, nowhere);
        uxo_strikes_free(&strikes);
        uxo_report_free(&report);
    }
    free(text);
    if (nowhere != NULL) {
        fclose(nowhere);
    }
    return 0;
}
