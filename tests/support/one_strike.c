/* one_strike.c - see one_strike.h. */
#include "one_strike.h"

#include <gsl/gsl_integration.h>
#include <math.h>

enum { MOST_NODES = 400, NORMAL_NODES = 24, RATE_NODES = 12, HEADINGS = 181, CELL_NODES = 3 };

/* Values and weights that add up to 1. */
typedef struct rule {
    int count;
    double at[MOST_NODES], weight[MOST_NODES];
} rule;

static rule single(double at)
{
    rule out = {.count = 1};
    out.at[0] = at;
    out.weight[0] = 1.0;
    return out;
}

static rule fixed_rule(const gsl_integration_fixed_type *type, size_t count, double a, double b, double alpha,
                       double beta)
{
    rule out = {.count = (int)count};
    double sum = 0.0;
    gsl_integration_fixed_workspace *const workspace = gsl_integration_fixed_alloc(type, count, a, b, alpha, beta);
    for (size_t i = 0; i < count; i++) {
        out.at[i] = gsl_integration_fixed_nodes(workspace)[i];
        out.weight[i] = gsl_integration_fixed_weights(workspace)[i];
        sum += out.weight[i];
    }
    gsl_integration_fixed_free(workspace);
    for (size_t i = 0; i < count; i++) {
        out.weight[i] /= sum;
    }
    return out;
}

/* A normal of standard deviation sd. */
static rule normal_rule(double sd)
{
    rule out = sd > 0.0 ? fixed_rule(gsl_integration_fixed_hermite, NORMAL_NODES, 0.0, 0.5, 0.0, 0.0) : single(0.0);
    for (int i = 0; i < out.count; i++) {
        out.at[i] *= sd;
    }
    return out;
}

static rule beta_rule(double alpha, double beta)
{
    return fixed_rule(gsl_integration_fixed_jacobi, RATE_NODES, 0.0, 1.0, beta - 1.0, alpha - 1.0);
}

/* Constants, ranges and Betas. */
static rule quantity_rule(const uxo_quantity *quantity)
{
    if (quantity->form == UXO_FORM_BETA) {
        return beta_rule(quantity->p[0], quantity->p[1]);
    }
    rule out = {.count = 1 + (quantity->form == UXO_FORM_RANGE ? (int)(quantity->p[1] - quantity->p[0]) : 0)};
    for (int i = 0; i < out.count; i++) {
        out.at[i] = quantity->p[0] + i;
        out.weight[i] = 1.0 / out.count;
    }
    return out;
}

static double moment(const rule *self, int power)
{
    double sum = 0.0;
    for (int i = 0; i < self->count; i++) {
        sum += self->weight[i] * pow(self->at[i], power);
    }
    return sum;
}

/* Bearings [rad]. */
static rule heading_rule(const uxo_strike *strike)
{
    const double reported = uxo_quantity_mean(&strike->heading_deg) * M_PI / 180.0;
    const double sd = uxo_quantity_mean(&strike->heading_sd_deg) * M_PI / 180.0;
    rule out = {.count = HEADINGS};
    double sum = 0.0;
    if (!strike->heading_unknown && !(sd > 0.0)) {
        return single(reported);
    }
    for (int i = 0; i < HEADINGS; i++) {
        const double t = strike->heading_unknown ? 0.0 : 7.0 * (2.0 * i / (HEADINGS - 1.0) - 1.0);
        out.at[i] = strike->heading_unknown ? 2.0 * M_PI * i / HEADINGS : reported + t * sd;
        out.weight[i] = exp(-0.5 * t * t);
        sum += out.weight[i];
    }
    for (int i = 0; i < HEADINGS; i++) {
        out.weight[i] /= sum;
    }
    return out;
}

/* One munition with everything that it and its strike leave open. */
typedef struct situation {
    const uxo_munition *munition;
    double cell_m, location_sd_m, exists, fails;
    rule carriers, load, rate;
    bool rate_per_carrier, load_per_carrier;
    rule place, spread_along, spread_across, cell;
} situation;

static situation situation_of(const model_fixture *fixture, const uxo_strike *strike, uint32_t which)
{
    const uxo_munition *const m = &fixture->munition[strike->mixture.munition[which]];
    situation out = {.munition = m, .cell_m = fixture->scenario.grid.cell_size_m};
    const uxo_site *const site = &fixture->site[strike->first_site];
    out.location_sd_m = uxo_quantity_mean(&site->location_size_m) / UXO_R95_PER_SIGMA;
    out.exists = uxo_quantity_mean(&strike->confidence);
    out.fails = uxo_quantity_mean(&m->carrier_failure);
    out.carriers = quantity_rule(&strike->carriers);
    out.load = quantity_rule(&m->submunitions_per_carrier);
    out.rate = quantity_rule(&m->dud_rate);
    if (m->varies_between_strikes) {
        const double mean = uxo_quantity_mean(&m->dud_rate), k = uxo_quantity_mean(&m->concentration);
        out.rate = beta_rule(mean * k, (1.0 - mean) * k);
    }
    out.rate_per_carrier = m->dud_rate.per == UXO_PER_CARRIER && !m->varies_between_strikes;
    out.load_per_carrier = m->submunitions_per_carrier.per == UXO_PER_CARRIER;
    out.place = normal_rule(out.location_sd_m);
    out.spread_along = normal_rule(uxo_quantity_mean(&m->spread_along_m));
    out.spread_across = normal_rule(uxo_quantity_mean(&m->spread_across_m));
    out.cell = fixed_rule(gsl_integration_fixed_legendre, CELL_NODES, -0.5, 0.5, 0.0, 0.0);
    return out;
}

/* Share of a pattern in the cell whose centre lies (x, y) from the pattern's [m]. */
static double share(const situation *self, double bearing, double x, double y)
{
    const double along_m = uxo_quantity_mean(&self->munition->pattern_along_m);
    const double across_m = uxo_quantity_mean(&self->munition->pattern_across_m);
    const double s = sin(bearing), c = cos(bearing), h = self->cell_m;
    double sum = 0.0;
    for (int i = 0; i < CELL_NODES * CELL_NODES; i++) {
        const int column = i % CELL_NODES, row = i / CELL_NODES;
        const double u = x + self->cell.at[column] * h, v = y + self->cell.at[row] * h;
        const double along = (u * s + v * c) / along_m, across = (u * c - v * s) / across_m;
        sum += self->cell.weight[column] * self->cell.weight[row] * exp(-0.5 * (along * along + across * across));
    }
    return sum * h * h / (2.0 * M_PI * along_m * across_m);
}

/* Mean over the spread of carriers of F, F^2 and, for each rate, of the chance that a carrier leaves nothing. */
typedef struct carrier_means {
    double f, ff;
    double none[RATE_NODES]; /* loads per carrier averaged */
} carrier_means;

static carrier_means over_spread(const situation *self, double bearing, double x, double y)
{
    carrier_means out = {0.0, 0.0, {0.0}};
    const double s = sin(bearing), c = cos(bearing);
    for (int i = 0; i < self->spread_along.count; i++) {
        for (int j = 0; j < self->spread_across.count; j++) {
            const double along = self->spread_along.at[i], across = self->spread_across.at[j];
            const double weight = self->spread_along.weight[i] * self->spread_across.weight[j];
            const double f = share(self, bearing, x - along * s - across * c, y - along * c + across * s);
            out.f += weight * f;
            out.ff += weight * f * f;
            for (int r = 0; r < self->rate.count; r++) {
                for (int n = 0; n < self->load.count; n++) {
                    out.none[r] += weight * self->load.weight[n] * pow(1.0 - self->rate.at[r] * f, self->load.at[n]);
                }
            }
        }
    }
    return out;
}

/* E[product over carriers of the chance of nothing]. */
static double none_of(const situation *self, const carrier_means *carrier)
{
    double none = 0.0, averaged = 0.0;
    for (int r = 0; r < self->rate.count; r++) {
        averaged += self->rate.weight[r] * carrier->none[r];
    }
    for (int k = 0; k < self->carriers.count; k++) {
        for (int r = 0; r < self->rate.count; r++) {
            const double one =
                self->fails + (1.0 - self->fails) * (self->rate_per_carrier ? averaged : carrier->none[r]);
            none += self->carriers.weight[k] * self->rate.weight[r] * pow(one, self->carriers.at[k]);
        }
    }
    return none;
}

strike_moments one_strike_by_quadrature(const model_fixture *fixture, const uxo_strike *strike, double x, double y)
{
    strike_moments out = {0.0, 0.0, 0.0};
    const rule headings = heading_rule(strike);
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const situation at = situation_of(fixture, strike, j);
        const double n = moment(&at.load, 1), p = moment(&at.rate, 1), k = moment(&at.carriers, 1);
        const double opens = 1.0 - at.fails;
        const double pairs = (moment(&at.carriers, 2) - k) * opens * opens *
                             (at.load_per_carrier ? n * n : moment(&at.load, 2)) *
                             (at.rate_per_carrier ? p * p : moment(&at.rate, 2));
        const double self = k * opens * moment(&at.load, 2) * moment(&at.rate, 2);
        for (int i = 0; i < headings.count; i++) {
            for (int c = 0; c < at.place.count * at.place.count; c++) {
                const double weight = strike->mixture.weight[j] * headings.weight[i] *
                                      at.place.weight[c % at.place.count] * at.place.weight[c / at.place.count];
                const carrier_means carrier = over_spread(&at, headings.at[i], x - at.place.at[c % at.place.count],
                                                          y - at.place.at[c / at.place.count]);
                out.mean += weight * at.exists * k * opens * n * p * carrier.f;
                out.square += weight * at.exists * (pairs * carrier.f * carrier.f + self * carrier.ff);
                out.none += weight * (1.0 - at.exists + at.exists * none_of(&at, &carrier));
            }
        }
    }
    return out;
}

uxo_strike *one_strike_begin(model_fixture *fixture)
{
    fixture_init(fixture, -640.0, -640.0, 10.0, 128, 128, 1, 1);
    fixture->munition[0].submunitions_per_carrier = uxo_quantity_constant(50.0);
    fixture->munition[0].dud_rate = uxo_quantity_constant(0.1);
    fixture->munition[0].pattern_along_m = uxo_quantity_constant(60.0);
    fixture->munition[0].pattern_across_m = uxo_quantity_constant(35.0);
    return fixture_strike(fixture, "s", 0.0, 0.0);
}
