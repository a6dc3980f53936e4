/* result_strikes.c - /strikes: the list as it was resolved, with the expected and the simulated duds of each strike. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_parts.h"
#include "uxosim/expectation.h"
#include "uxosim/number_text.h"

typedef struct strike_writer {
    h5_output *out;
    const uxo_result_run *run;
    const uxo_strikes *strikes;
    hid_t group;
    h5_dimension strike, site;
} strike_writer;

/* Columns are made one at a time: a function gives the text or number of each item. */
typedef void text_of(const strike_writer *self, uint32_t index, char *text, size_t size);
typedef double number_of(const strike_writer *self, uint32_t index);

static void out_of_memory(h5_output *out)
{
    out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
}

static void write_texts(const strike_writer *self, const h5_dimension *dimension, const char *name,
                        const char *sentence, text_of *text)
{
    enum { SIZE = RESULT_QUANTITY_SIZE };
    const size_t count = dimension->length;
    char **const texts = calloc(count + 1, sizeof *texts);
    char scratch[SIZE];
    bool good = texts != NULL;
    for (size_t i = 0; good && i < count; i++) {
        text(self, (uint32_t)i, scratch, SIZE);
        texts[i] = strdup(scratch);
        good = texts[i] != NULL;
    }
    if (good) {
        const hid_t dataset = h5_texts(self->out, self->group, name, (const char *const *)texts, dimension);
        h5_text(self->out, dataset, "long_name", sentence);
        h5_close_dataset(dataset);
    } else {
        out_of_memory(self->out);
    }
    for (size_t i = 0; texts != NULL && i < count; i++) {
        free(texts[i]);
    }
    free(texts);
}

static void write_numbers(const strike_writer *self, const h5_dimension *dimension, const char *name, const char *unit,
                          const char *sentence, number_of *number)
{
    const size_t count = dimension->length;
    double *const numbers = calloc(count + 1, sizeof *numbers);
    if (numbers == NULL) {
        out_of_memory(self->out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        numbers[i] = number(self, (uint32_t)i);
    }
    const hid_t dataset = h5_table(self->out, self->group, name, H5T_NATIVE_DOUBLE, numbers, dimension, 1);
    h5_number(self->out, dataset, "_FillValue", (double)NAN);
    h5_word(self->out, dataset, "units", unit);
    h5_text(self->out, dataset, "long_name", sentence);
    h5_close_dataset(dataset);
    free(numbers);
}

static void strike_id(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    snprintf(text, size, "%s", self->strikes->item[i].id);
}

/* A strike that is not an event has the id of its only report. */
static void strike_event(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    const uxo_strike *const strike = &self->strikes->item[i];
    const char *const report = self->strikes->site[strike->first_site].id;
    const bool is_event = strike->site_count != 1 || strcmp(strike->id, report) != 0;
    snprintf(text, size, "%s", is_event ? strike->id : "");
}

static void strike_date(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    (void)size;
    uxo_day_text(self->strikes->item[i].day, text);
}

static void strike_status(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    snprintf(text, size, "%s", uxo_strike_status_word(self->strikes->item[i].status));
}

static void strike_munition(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    const uxo_mixture *const mixture = &self->strikes->item[i].mixture;
    size_t length = 0;
    text[0] = '\0';
    for (uint32_t k = 0; k < mixture->count && length < size; k++) {
        char weight[UXO_NUMBER_SIZE];
        length += (size_t)snprintf(text + length, size - length, "%s%s: %s", k == 0 ? "{" : ", ",
                                   self->run->scenario->catalogue.item[mixture->munition[k]].id,
                                   uxo_number_text(weight, mixture->weight[k]));
    }
    if (length < size) {
        snprintf(text + length, size - length, "}");
    }
}

static void strike_carriers(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    (void)size;
    result_quantity_text(&self->strikes->item[i].carriers, text);
}

static void strike_confidence(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    (void)size;
    result_quantity_text(&self->strikes->item[i].confidence, text);
}

static void strike_heading(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    const uxo_strike *const strike = &self->strikes->item[i];
    if (strike->heading_unknown) {
        snprintf(text, size, "unknown");
    } else {
        result_quantity_text(&strike->heading_deg, text);
    }
}

static void strike_heading_sd(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    (void)size;
    text[0] = '\0';
    if (!self->strikes->item[i].heading_unknown) {
        result_quantity_text(&self->strikes->item[i].heading_sd_deg, text);
    }
}

/* Mean over a strike's sites. */
static double over_sites(const strike_writer *self, uint32_t i, number_of *number)
{
    const uxo_strike *const strike = &self->strikes->item[i];
    double sum = 0.0;
    for (uint32_t k = 0; k < strike->site_count; k++) {
        sum += number(self, strike->first_site + k);
    }
    return sum / strike->site_count;
}

static double site_x(const strike_writer *self, uint32_t i)
{
    return self->strikes->site[i].x_m;
}

static double site_y(const strike_writer *self, uint32_t i)
{
    return self->strikes->site[i].y_m;
}

static double site_lon(const strike_writer *self, uint32_t i)
{
    return self->strikes->site[i].lon_deg;
}

static double site_lat(const strike_writer *self, uint32_t i)
{
    return self->strikes->site[i].lat_deg;
}

static double strike_x(const strike_writer *self, uint32_t i)
{
    return over_sites(self, i, site_x);
}

static double strike_y(const strike_writer *self, uint32_t i)
{
    return over_sites(self, i, site_y);
}

static double strike_lon(const strike_writer *self, uint32_t i)
{
    return over_sites(self, i, site_lon);
}

static double strike_lat(const strike_writer *self, uint32_t i)
{
    return over_sites(self, i, site_lat);
}

static double strike_sites(const strike_writer *self, uint32_t i)
{
    return self->strikes->item[i].site_count;
}

static double strike_reach(const strike_writer *self, uint32_t i)
{
    return self->strikes->item[i].reach_m;
}

static double strike_expected_duds(const strike_writer *self, uint32_t i)
{
    return uxo_expected_duds(self->run->scenario, &self->strikes->item[i]);
}

static double strike_expected_carriers(const strike_writer *self, uint32_t i)
{
    return uxo_expected_carriers(self->run->scenario, &self->strikes->item[i]);
}

static double strike_carriers_mean(const strike_writer *self, uint32_t i)
{
    return (double)self->run->outcome->strike_carriers[i] / self->run->outcome->realisations;
}

static void site_id(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    snprintf(text, size, "%s", self->strikes->site[i].id);
}

static void site_date(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    (void)size;
    uxo_day_text(self->strikes->site[i].day, text);
}

static void site_evidence(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    snprintf(text, size, "%s", uxo_evidence_word(self->strikes->site[i].evidence));
}

static void site_status(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    snprintf(text, size, "%s", uxo_strike_status_word(self->strikes->site[i].status));
}

static void site_location(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    const uxo_site *const site = &self->strikes->site[i];
    char quantity[RESULT_QUANTITY_SIZE];
    result_quantity_text(&site->location_size_m, quantity);
    const size_t length = strlen(quantity);
    if (length + 16 <= size) {
        snprintf(text, size, "{%s: ", site->location_kind == UXO_LOCATION_DISC ? "disc_m" : "r95_m");
        strcat(text, quantity);
        strcat(text, "}");
    }
}

static double site_row(const strike_writer *self, uint32_t i)
{
    return self->strikes->site[i].row;
}

static void write_owners(const strike_writer *self)
{
    uint32_t *const owner = calloc(self->site.length + 1, sizeof *owner);
    if (owner == NULL) {
        out_of_memory(self->out);
        return;
    }
    for (uint32_t i = 0; i < self->strikes->count; i++) {
        const uxo_strike *const strike = &self->strikes->item[i];
        for (uint32_t k = 0; k < strike->site_count; k++) {
            owner[strike->first_site + k] = i;
        }
    }
    const hid_t dataset = h5_table(self->out, self->group, "site_strike", H5T_NATIVE_UINT32, owner, &self->site, 1);
    h5_word(self->out, dataset, "units", "1");
    h5_text(self->out, dataset, "long_name", "row of the strike it belongs to, counted from 0");
    h5_close_dataset(dataset);
    free(owner);
}

/* Texts of any length, so not by way of a scratch text. */
static void write_sources(const strike_writer *self)
{
    const char **const source = calloc(self->site.length + 1, sizeof *source);
    if (source == NULL) {
        out_of_memory(self->out);
        return;
    }
    for (size_t i = 0; i < self->site.length; i++) {
        source[i] = self->strikes->site[i].source;
    }
    const hid_t dataset = h5_texts(self->out, self->group, "site_source", source, &self->site);
    h5_text(self->out, dataset, "long_name", "who reports it");
    h5_close_dataset(dataset);
    free(source);
}

static void write_sites(const strike_writer *self)
{
    const h5_dimension *const site = &self->site;
    write_texts(self, site, "site_id", "id of the report", site_id);
    write_owners(self);
    write_numbers(self, site, "site_x", "m", "reported place, easting in the system of /crs", site_x);
    write_numbers(self, site, "site_y", "m", "reported place, northing in the system of /crs", site_y);
    write_numbers(self, site, "site_lon", "degrees_east", "reported place, WGS 84", site_lon);
    write_numbers(self, site, "site_lat", "degrees_north", "reported place, WGS 84", site_lat);
    write_texts(self, site, "site_date", "day of the report, ISO 8601; empty: not given", site_date);
    write_texts(self, site, "site_evidence", "what was seen", site_evidence);
    write_texts(self, site, "site_status", "how sure the report is", site_status);
    write_texts(self, site, "site_location_error", "error of the reported place", site_location);
    write_sources(self);
    write_numbers(self, site, "site_row", "1", "line of the file, or number of the feature", site_row);
}

static void write_columns(const strike_writer *self)
{
    const h5_dimension *const strike = &self->strike;
    write_texts(self, strike, "id", "id of the strike", strike_id);
    write_texts(self, strike, "event", "event that its reports share; empty: one report", strike_event);
    write_numbers(self, strike, "x", "m", "easting in the system of /crs, mean of its reports", strike_x);
    write_numbers(self, strike, "y", "m", "northing in the system of /crs, mean of its reports", strike_y);
    write_numbers(self, strike, "lon", "degrees_east", "longitude, WGS 84, mean of its reports", strike_lon);
    write_numbers(self, strike, "lat", "degrees_north", "latitude, WGS 84, mean of its reports", strike_lat);
    write_numbers(self, strike, "sites", "1", "number of reported places", strike_sites);
    write_texts(self, strike, "date", "day, ISO 8601; empty: undated", strike_date);
    write_texts(self, strike, "status", "how sure the reports are", strike_status);
    write_texts(self, strike, "munition", "munition or mixture with weights", strike_munition);
    write_texts(self, strike, "carriers", "number of carriers", strike_carriers);
    write_texts(self, strike, "confidence", "probability that it was a cluster strike", strike_confidence);
    write_texts(self, strike, "heading_deg", "degrees true", strike_heading);
    write_texts(self, strike, "heading_sd_deg", "error of the heading", strike_heading_sd);
    write_numbers(self, strike, "reach", "m", "distance beyond which less than 1e-4 of its duds lie", strike_reach);
    write_numbers(self, strike, "expected_duds", "1", "expected duds, closed form", strike_expected_duds);
    write_numbers(self, strike, "expected_carriers", "1", "expected carriers, closed form", strike_expected_carriers);
    write_numbers(self, strike, "carriers_mean", "1", "mean of the simulated carriers", strike_carriers_mean);
}

/* duds_mean[strike][districts + 2]. */
static void write_duds(const strike_writer *self)
{
    const uxo_outcome *const outcome = self->run->outcome;
    const size_t count = (size_t)self->strikes->count * outcome->columns;
    double *const mean = calloc(count + 1, sizeof *mean);
    if (mean == NULL) {
        out_of_memory(self->out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        mean[i] = (double)outcome->strike_duds[i] / outcome->realisations;
    }
    h5_dimension dimensions[2] = {self->strike,
                                  h5_plain_dimension(self->out, self->group, "duds_column", outcome->columns)};
    const hid_t dataset = h5_table(self->out, self->group, "duds_mean", H5T_NATIVE_DOUBLE, mean, dimensions, 2);
    h5_word(self->out, dataset, "units", "1");
    h5_text(self->out, dataset, "long_name",
            "mean of the simulated duds; columns as the rows of /districts, without the total");
    h5_close_dataset(dataset);
    h5_close_dimension(&dimensions[1]);
    free(mean);
}

static void out_of_reach_id(const strike_writer *self, uint32_t i, char *text, size_t size)
{
    snprintf(text, size, "%s", self->strikes->out_of_reach[i]);
}

void result_write_strikes(h5_output *out, const uxo_result_run *run)
{
    const uxo_strikes *const strikes = &run->scenario->strikes;
    strike_writer self = {.out = out, .run = run, .strikes = strikes, .group = h5_group(out, "strikes")};
    h5_integer(out, self.group, "count", (int32_t)strikes->count);
    h5_integer(out, self.group, "report_count", (int32_t)strikes->site_count);
    h5_integer(out, self.group, "out_of_reach_count", (int32_t)strikes->out_of_reach_count);
    self.strike = h5_plain_dimension(out, self.group, "strike", strikes->count);
    self.site = h5_plain_dimension(out, self.group, "site", strikes->site_count);
    if (strikes->count > 0 && out->status == UXO_OK) {
        write_columns(&self);
        write_duds(&self);
        write_sites(&self);
    }
    if (strikes->out_of_reach_count > 0) {
        h5_dimension left_out = h5_plain_dimension(out, self.group, "left_out", strikes->out_of_reach_count);
        write_texts(&self, &left_out, "out_of_reach", "strikes that were left out: their reach does not touch the grid",
                    out_of_reach_id);
        h5_close_dimension(&left_out);
    }
    h5_close_dimension(&self.strike);
    h5_close_dimension(&self.site);
    h5_close_group(self.group);
}
