/* background_strikes.c - see background_strikes.h. Points are those of `analog` with either estimator; they are tallied apart. */
#include "uxosim/background_strikes.h"

#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "analog.h"
#include "taking.h"
#include "uxosim/expectation.h"
#include "uxosim/portable_math.h"

static uint32_t capacity_of(const uxo_background *background)
{
    const double mean = uxo_quantity_high(&background->density_per_km2) * uxo_background_area_km2(background);
    return (uint32_t)(mean + 8.0 * sqrt(mean) + 30.0);
}

bool uxo_background_strikes_init(uxo_background_strikes *self, const uxo_scenario *scenario)
{
    const uint32_t capacity = capacity_of(&scenario->background);
    *self = (uxo_background_strikes){.scenario = *scenario, .capacity = capacity};
    uxo_strikes *const strikes = &self->scenario.strikes;
    self->scenario.theatre.discounts = false; /* of reports: these are none */
    *strikes = (uxo_strikes){.item = calloc(capacity, sizeof *strikes->item),
                             .site = calloc(capacity, sizeof *strikes->site),
                             .newest_day = UXO_NO_DATE};
    if (strikes->item == NULL || strikes->site == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < capacity; i++) {
        uxo_strike *const strike = &strikes->item[i];
        *strike = scenario->background.strike;
        snprintf(strike->id, sizeof strike->id, "%" PRIu32, i);
        strike->key = uxo_key_make(scenario->seed, UXO_LEVEL_BACKGROUND, strike->id);
        strike->first_site = i;
        strike->site_count = 1;
        strikes->site[i] = (uxo_site){.day = UXO_NO_DATE, .location_size_m = uxo_quantity_constant(0.0)};
    }
    strikes->count = strikes->site_count = capacity;
    return true;
}

void uxo_background_strikes_free(uxo_background_strikes *self)
{
    free(self->scenario.strikes.item);
    free(self->scenario.strikes.site);
    memset(self, 0, sizeof *self);
}

void uxo_background_strikes_draw(uxo_background_strikes *self, uxo_draw_source from, const double *campaign)
{
    const uxo_background *const background = &self->scenario.background;
    const uxo_quantity *const quantity = &background->density_per_km2;
    uxo_strikes *const strikes = &self->scenario.strikes;
    const double density = quantity->campaign_index >= 0 ? campaign[quantity->campaign_index] : quantity->p[0];
    const uxo_key key = uxo_key_make(self->scenario.seed, UXO_LEVEL_CAMPAIGN, "background");
    uxo_stream stream =
        uxo_stream_at(key, uxo_draw_number(from, UXO_PURPOSE_BACKGROUND_COUNT), 0, UXO_PURPOSE_BACKGROUND_COUNT);
    const uint32_t count = uxo_stream_poisson(&stream, density * uxo_background_area_km2(background));
    strikes->count = strikes->site_count = count < self->capacity ? count : self->capacity;
    for (uint32_t i = 0; i < strikes->count; i++) {
        uxo_stream place = uxo_stream_at(strikes->item[i].key, uxo_draw_number(from, UXO_PURPOSE_BACKGROUND_PLACE), 0,
                                         UXO_PURPOSE_BACKGROUND_PLACE);
        strikes->site[i].x_m = background->xmin_m + background->width_m * uxo_stream_uniform(&place);
        strikes->site[i].y_m = background->ymin_m + background->height_m * uxo_stream_uniform(&place);
    }
}

/* One thread's share of the realisations. */
typedef struct background_worker {
    uxo_background_strikes strikes;
    uxo_worker worker;
    double *campaign;
} background_worker;

static bool worker_init(background_worker *self, const uxo_scenario *scenario)
{
    memset(self, 0, sizeof *self);
    self->campaign = calloc((size_t)scenario->campaign_count + 1, sizeof *self->campaign);
    return uxo_background_strikes_init(&self->strikes, scenario) &&
           uxo_worker_init(&self->worker, &self->strikes.scenario) && self->campaign != NULL;
}

static void worker_free(background_worker *self)
{
    uxo_worker_free(&self->worker);
    uxo_background_strikes_free(&self->strikes);
    free(self->campaign);
}

static void realise(background_worker *self, const uxo_kernels *kernels, uint32_t realisation, uxo_outcome *outcome)
{
    const uxo_draw_source from = uxo_draw_from(realisation);
    uxo_draw_campaign(&self->strikes.scenario, from, self->campaign);
    uxo_background_strikes_draw(&self->strikes, from, self->campaign);
    uxo_analog_count(&self->worker, &self->strikes.scenario, kernels, from,
                     outcome->background_count + (size_t)realisation * outcome->columns, NULL);
}

uxo_status uxo_background_run(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                              uint32_t *done, uint32_t end, uxo_report *report)
{
    const uxo_kernels *const kernels = uxo_kernels_select(options->kernel);
    bool out_of_memory = false;
    uxo_taking taking = {options, *done, *done, end};
#pragma omp parallel num_threads(uxo_ordered_threads(options->threads))
    {
        background_worker worker;
        const bool complete = worker_init(&worker, scenario);
        if (!complete) {
#pragma omp atomic write
            out_of_memory = true;
        }
        uint32_t r;
        while (complete && uxo_take(&taking, &r)) {
            realise(&worker, kernels, r, outcome);
        }
        worker_free(&worker);
    }
    if (out_of_memory) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for unreported strikes");
    }
    *done = uxo_taken(&taking);
    return UXO_OK;
}

double uxo_background_density_per_ha(const uxo_scenario *scenario)
{
    const double hectares_per_km2 = 100.0;
    uxo_scenario certain = *scenario; /* reports are discounted, these are none */
    certain.theatre.discounts = false;
    const uxo_background *const background = &scenario->background;
    return uxo_round_digits(uxo_quantity_mean(&background->density_per_km2) *
                                uxo_expected_duds(&certain, &background->strike) / hectares_per_km2,
                            12);
}
