/* model_fixture.h - scenarios built in memory for tests of the model and the engine: no files, no GDAL. */
#ifndef UXOSIM_TESTS_MODEL_FIXTURE_H
#define UXOSIM_TESTS_MODEL_FIXTURE_H

#include "uxosim/engine.h"

enum { FIXTURE_STRIKES = 64, FIXTURE_SITES = 128, FIXTURE_MUNITIONS = 4, FIXTURE_CAMPAIGN = 8 };

/* Memory and the scenario that points into it. Do not copy; free only outcomes. */
typedef struct model_fixture {
    uxo_scenario scenario;
    uxo_munition munition[FIXTURE_MUNITIONS];
    uxo_strike strike[FIXTURE_STRIKES];
    uxo_site site[FIXTURE_SITES];
    uxo_campaign_item campaign[FIXTURE_CAMPAIGN];
    uxo_district *district; /* freed by fixture_free */
} model_fixture;

/* A grid without districts, one munition "m" (644 submunitions, rate 0.16, gaussian 50 x 25 m, no spread), no strikes.
 */
void fixture_init(model_fixture *self, double xmin_m, double ymin_m, double cell_size_m, uint32_t nx, uint32_t ny,
                  uint32_t realisations, uint64_t seed);
void fixture_free(model_fixture *self);

/* A strike of munition 0 with one carrier at a known place, heading east (so that `along` is x), confidence 1. */
uxo_strike *fixture_strike(model_fixture *self, const char *id, double x_m, double y_m);
/* Another report of the strike that was added last. */
uxo_site *fixture_site(model_fixture *self, const char *id, double x_m, double y_m);

/* Every cell of the grid becomes a district of its own, in row-major order; at most 60000 cells. */
void fixture_cell_districts(model_fixture *self);

/* across x down districts, each a block of as many cells, row by row. */
void fixture_blocks(model_fixture *self, uint32_t across, uint32_t down);

/* The western and the eastern half of the columns become two districts. */
void fixture_halves(model_fixture *self);

/* Moves a quantity of munition 0 to the campaign level: one draw per realisation for all strikes. */
void fixture_share(model_fixture *self, uxo_quantity *quantity, const char *name, bool is_failure_rate);

/* Runs; asserts that it went well. */
void fixture_run(const model_fixture *self, int threads, uxo_outcome *outcome);

/* Duds of each realisation, all rows together; to be freed. */
double *fixture_totals(const uxo_outcome *outcome);

uxo_quantity quantity_uniform(double a, double b, uxo_per per);
uxo_quantity quantity_range(double a, double b);
uxo_quantity quantity_beta(double alpha, double beta, uxo_per per);
uxo_quantity normal_campaign(double mean, double sd); /* per campaign, unbounded */

#endif
