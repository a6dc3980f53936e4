/* marginal.c - see marginal.h. */
#include "uxosim/marginal.h"

#include <math.h>
#include <string.h>

#include "marginal_angles.h"
#include "uxosim/expectation.h"
#include "uxosim/kernels_field.h"
#include "uxosim/portable_math.h"

static const double PI = 3.14159265358979323846;
/* Error of the quadrature over headings that is put up with, relative to the mean where that is at least
 * LEAST_SHARE of its peak. */
static const double TOLERABLE_QUADRATURE = 0.005;
static const double LEAST_SHARE = 0.01;
/* Two points of the lattice to a standard deviation: so that a cell counts as small against a pattern. */
static const double CELLS_PER_SD = 2.0;
/* More of P(at least one) than this share may not be left out by the expansion. */
static const double TOLERABLE_REMAINDER = 0.01;

static double mean_square(const uxo_quantity *quantity)
{
    const double mean = uxo_quantity_mean(quantity);
    return mean * mean + uxo_quantity_variance(quantity);
}

/* Of two carriers of one strike: the square's mean where they share the draw, else the mean's square. */
static double pair_moment(const uxo_quantity *quantity)
{
    const double mean = uxo_quantity_mean(quantity);
    return quantity->per == UXO_PER_CARRIER ? mean * mean : mean_square(quantity);
}

static uxo_load_moments moments_of(const uxo_scenario *scenario, const uxo_strike *strike, const uxo_munition *munition)
{
    const uxo_quantity *const load = &munition->submunitions_per_carrier;
    const double exists = uxo_expected_existence(scenario, strike);
    const double carriers = uxo_quantity_mean(&strike->carriers);
    const double carrier_pairs = mean_square(&strike->carriers) - carriers;
    const double fails = uxo_quantity_mean(&munition->carrier_failure);
    const double opens = 1.0 - fails, both_open = 1.0 - 2.0 * fails + pair_moment(&munition->carrier_failure);
    const double p = uxo_quantity_mean(&munition->dud_rate);
    double p_square = mean_square(&munition->dud_rate), p_pair = pair_moment(&munition->dud_rate);
    double p_sup = uxo_quantity_high(&munition->dud_rate);
    if (munition->varies_between_strikes) {
        const double k = uxo_quantity_mean(&munition->concentration);
        p_square = (p + k * p_square) / (k + 1.0);
        p_pair = p_square;
        p_sup = (p_sup * k + 2.0) / (k + 2.0);
    }
    const double n = uxo_quantity_mean(load), n_square = mean_square(load);
    return (uxo_load_moments){
        .mean = uxo_round_digits(exists * carriers * opens * n * p, MARGINAL_DIGITS),
        .pairs = uxo_round_digits(exists * carrier_pairs * both_open * pair_moment(load) * p_pair, MARGINAL_DIGITS),
        .self = uxo_round_digits(exists * carriers * opens * n_square * p_square, MARGINAL_DIGITS),
        .self_taken = uxo_round_digits((n_square - n) / n_square, MARGINAL_DIGITS),
        .sup = uxo_quantity_high(&strike->carriers) * uxo_quantity_high(load) * p_sup};
}

typedef struct matrix {
    double xx, xy, yy;
} matrix;

static matrix turned(double along, double across, double sine, double cosine)
{
    return (matrix){along * sine * sine + across * cosine * cosine, (along - across) * sine * cosine,
                    along * cosine * cosine + across * sine * sine};
}

static matrix plus(matrix a, double factor, matrix b)
{
    return (matrix){a.xx + factor * b.xx, a.xy + factor * b.xy, a.yy + factor * b.yy};
}

static double root_determinant(matrix a)
{
    return sqrt(a.xx * a.yy - a.xy * a.xy);
}

static uxo_marginal_term term_of(matrix covariance, double amount)
{
    return (uxo_marginal_term){covariance.xx, covariance.xy, covariance.yy, amount};
}

/* The three gaussians of one munition and heading. G(x; A)^2 = G(x; A/2) / (4 pi sqrt|A|). */
static void add_terms(const uxo_scenario *scenario, const uxo_strike *strike, const uxo_munition *munition,
                      const uxo_load_moments *load, double bearing, double weight, uxo_marginal *out)
{
    const uxo_site *const site = &scenario->strikes.site[strike->first_site];
    const double h = scenario->grid.cell_size_m;
    const double along = uxo_quantity_mean(&munition->pattern_along_m);
    const double across = uxo_quantity_mean(&munition->pattern_across_m);
    const double spread_along = uxo_quantity_mean(&munition->spread_along_m);
    const double spread_across = uxo_quantity_mean(&munition->spread_across_m);
    const double location = uxo_quantity_mean(&site->location_size_m) / UXO_R95_PER_SIGMA;
    const double cell = h * h / 12.0;
    double sine, cosine;
    uxo_sincospi(bearing / PI, &sine, &cosine);
    const matrix cells = {cell, 0.0, cell}, place = {location * location, 0.0, location * location};
    const matrix pattern = plus(turned(along * along, across * across, sine, cosine), 1.0, cells);
    const matrix spread = turned(spread_along * spread_along, spread_across * spread_across, sine, cosine);
    const matrix carrier = plus(pattern, 1.0, spread); /* of any one carrier about the strike's centre */
    const double area = h * h;
    const uint32_t at = out->count++;
    out->mean[at] = term_of(plus(carrier, 1.0, place), weight * load->mean * area);
    out->pairs[at] =
        term_of(plus(place, 0.5, carrier), weight * load->pairs * area * area / (4.0 * PI * root_determinant(carrier)));
    out->self[at] = term_of(plus(plus(spread, 1.0, place), 0.5, pattern),
                            weight * load->self * area * area / (4.0 * PI * root_determinant(pattern)));
    out->self_taken[at] = load->self_taken;
}

static double term_peak(const uxo_marginal_term *term)
{
    const matrix covariance = {term->xx, term->xy, term->yy};
    return term->amount / (2.0 * PI * root_determinant(covariance));
}

static double peak_of(const uxo_marginal_term *term, uint32_t count)
{
    double peak = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        peak += term_peak(&term[i]);
    }
    return peak;
}

static double mean_at(const uxo_marginal *marginal, double x, double y)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < marginal->count; i++) {
        const uxo_marginal_term *const t = &marginal->mean[i];
        const double determinant = t->xx * t->yy - t->xy * t->xy;
        const double q = (t->yy * x * x - 2.0 * t->xy * x * y + t->xx * y * y) / determinant;
        sum += term_peak(t) * uxo_exp(-0.5 * q);
    }
    return sum;
}

static void terms_of(const uxo_scenario *scenario, const uxo_strike *strike, uint32_t munition,
                     const uxo_load_moments *load, const marginal_angles *rule, uxo_marginal *out)
{
    const uxo_munition *const item = &scenario->catalogue.item[strike->mixture.munition[munition]];
    const uxo_site *const site = &scenario->strikes.site[strike->first_site];
    const double heading = strike->heading_unknown ? 0.0 : uxo_quantity_mean(&strike->heading_deg) * PI / 180.0;
    for (int i = 0; i < rule->count; i++) {
        add_terms(scenario, strike, item, load, heading + site->north_rad + rule->angle[i],
                  rule->weight[i] * strike->mixture.weight[munition], out);
    }
}

/* How far a rule is from the next finer one at places all round: relative to the peak, and to the value. */
typedef struct quadrature_error {
    double of_peak, of_value;
} quadrature_error;

/* One munition's. */
static void compare_rules(const uxo_marginal *coarse, const uxo_marginal *fine, quadrature_error *worst)
{
    enum { DIRECTIONS = 36, RADII = 6 };
    const double unit = 0.6 * sqrt(fine->mean[0].xx + fine->mean[0].yy);
    const double peak = mean_at(fine, 0.0, 0.0);
    for (int i = 0; peak > 0.0 && i < DIRECTIONS * RADII; i++) {
        const double reach = unit * (double)(i / DIRECTIONS + 1);
        double sine, cosine;
        uxo_sincospi((double)(i % DIRECTIONS) / DIRECTIONS, &sine, &cosine);
        const double value = mean_at(fine, reach * sine, reach * cosine);
        const double difference = fabs(value - mean_at(coarse, reach * sine, reach * cosine));
        worst->of_peak = fmax(worst->of_peak, difference / peak);
        if (value >= LEAST_SHARE * peak) {
            worst->of_value = fmax(worst->of_value, difference / value);
        }
    }
}

static quadrature_error error_of_level(const uxo_scenario *scenario, const uxo_strike *strike,
                                       const uxo_load_moments *load, int level)
{
    marginal_angles rule, finer;
    quadrature_error worst = {0.0, 0.0};
    marginal_angles_of(strike, level, &rule);
    marginal_angles_of(strike, level + 1, &finer);
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        uxo_marginal coarse = {.count = 0}, fine = {.count = 0};
        terms_of(scenario, strike, j, &load[j], &rule, &coarse);
        terms_of(scenario, strike, j, &load[j], &finer, &fine);
        compare_rules(&coarse, &fine, &worst);
    }
    return worst;
}

static bool is_same(const uxo_quantity *a, const uxo_quantity *b)
{
    return memcmp(a, b, sizeof *a) == 0; /* bytes between members may differ: then it is computed once more */
}

/* Do two strikes differ by nothing but place, heading and weights? */
static bool is_alike(const uxo_scenario *scenario, const uxo_strike *a, const uxo_strike *b)
{
    const uxo_site *const sites = scenario->strikes.site;
    bool alike = a->mixture.count == b->mixture.count && a->heading_unknown == b->heading_unknown &&
                 is_same(&a->carriers, &b->carriers) && is_same(&a->confidence, &b->confidence) &&
                 (!scenario->theatre.discounts || a->status == b->status) &&
                 sites[a->first_site].location_size_m.p[0] == sites[b->first_site].location_size_m.p[0];
    for (uint32_t j = 0; alike && j < a->mixture.count; j++) {
        alike = a->mixture.munition[j] == b->mixture.munition[j];
    }
    return alike && (a->heading_unknown || a->heading_sd_deg.p[0] == b->heading_sd_deg.p[0]);
}

/* The coarsest rule that will do, or the finest there is. */
static void choose_rule(const uxo_scenario *scenario, const uxo_strike *strike, uxo_marginal_memory *memory)
{
    for (int level = 0; level < MARGINAL_LEVELS - 1; level++) {
        const quadrature_error error = error_of_level(scenario, strike, memory->load, level);
        marginal_angles rule;
        memory->of_peak = error.of_peak;
        memory->of_value = error.of_value;
        if (error.of_value <= TOLERABLE_QUADRATURE || level == MARGINAL_LEVELS - 2) {
            marginal_angles_of(strike, level, &rule);
            memory->angles = rule.count;
            memcpy(memory->angle, rule.angle, (size_t)rule.count * sizeof *rule.angle);
            memcpy(memory->weight, rule.weight, (size_t)rule.count * sizeof *rule.weight);
            return;
        }
    }
}

static void remember(const uxo_scenario *scenario, const uxo_strike *strike, uxo_marginal_memory *memory)
{
    if (memory->like != NULL && is_alike(scenario, memory->like, strike)) {
        return;
    }
    memory->like = strike;
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        memory->load[j] = moments_of(scenario, strike, &scenario->catalogue.item[strike->mixture.munition[j]]);
    }
    choose_rule(scenario, strike, memory);
}

static double smallest_sd_m(const uxo_scenario *scenario, const uxo_strike *strike)
{
    double smallest = INFINITY;
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[j]];
        smallest = fmin(smallest, fmin(uxo_quantity_mean(&munition->pattern_along_m),
                                       uxo_quantity_mean(&munition->pattern_across_m)));
    }
    return smallest;
}

/* ln E[exp(-L)] = -m + (M2 - m^2)/2 + rest, and for L >= 0, m < 1
 * |rest| <= M3/6 + m M2/2 + M2^2/8 + m^3/(3 (1 - m)). */
static double expansion_rest(const uxo_scenario *scenario, const uxo_strike *strike, const uxo_load_moments *load,
                             double mean, double square)
{
    double sup = 0.0;
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[j]];
        const double h = scenario->grid.cell_size_m;
        const double share =
            h * h /
            (2.0 * PI * uxo_quantity_mean(&munition->pattern_along_m) * uxo_quantity_mean(&munition->pattern_across_m));
        sup = fmax(sup, load[j].sup * share);
    }
    return mean < 1.0 ? sup * square / 6.0 + mean * square / 2.0 + square * square / 8.0 +
                            mean * mean * mean / (3.0 * (1.0 - mean))
                      : INFINITY;
}

static bool is_certain(const uxo_scenario *scenario, const uxo_strike *strike)
{
    const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[0]];
    const uxo_site *const site = &scenario->strikes.site[strike->first_site];
    const double variances =
        uxo_quantity_variance(&strike->carriers) + uxo_quantity_variance(&munition->submunitions_per_carrier) +
        uxo_quantity_variance(&munition->dud_rate) + uxo_quantity_mean(&munition->carrier_failure) +
        uxo_quantity_mean(&munition->spread_along_m) + uxo_quantity_mean(&munition->spread_across_m) +
        uxo_quantity_mean(&site->location_size_m) + (1.0 - uxo_expected_existence(scenario, strike));
    const bool turns = strike->heading_unknown || uxo_quantity_mean(&strike->heading_sd_deg) > 0.0;
    return strike->mixture.count == 1 && !munition->varies_between_strikes && !turns && !(variances > 0.0);
}

void uxo_marginal_of(const uxo_scenario *scenario, const uxo_strike *strike, uxo_marginal_memory *memory,
                     uxo_marginal *out)
{
    marginal_angles rule;
    memset(out, 0, sizeof *out);
    remember(scenario, strike, memory);
    rule.count = memory->angles;
    memcpy(rule.angle, memory->angle, (size_t)rule.count * sizeof *rule.angle);
    memcpy(rule.weight, memory->weight, (size_t)rule.count * sizeof *rule.weight);
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        terms_of(scenario, strike, j, &memory->load[j], &rule, out);
    }
    out->certain = is_certain(scenario, strike);
    const double per_sd = scenario->grid.cell_size_m / smallest_sd_m(scenario, strike);
    const double cells = 12.0 * per_sd * per_sd * per_sd * per_sd / 2880.0;
    const double rounding = 3e-5; /* of the recurrence, see kernels_field.h */
    out->mean_bound = UXO_FIELD_CUT_SHARE + rounding + cells + memory->of_peak;
    const double mean = peak_of(out->mean, out->count);
    const double square = peak_of(out->pairs, out->count) + peak_of(out->self, out->count);
    out->mean_peak = mean;
    out->probability_bound = mean * out->mean_bound + expansion_rest(scenario, strike, memory->load, mean, square);
}

void uxo_marginal_total(const uxo_scenario *scenario, const uxo_strike *strike, uxo_marginal_memory *memory,
                        double *square, double *high)
{
    remember(scenario, strike, memory);
    *square = 0.0;
    *high = 0.0;
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[j]];
        const double submunitions =
            uxo_quantity_high(&strike->carriers) * uxo_quantity_high(&munition->submunitions_per_carrier);
        *square += strike->mixture.weight[j] * (memory->load[j].pairs + memory->load[j].self);
        *high = fmax(*high, submunitions);
    }
}

static const char *obstacle(const uxo_scenario *scenario, const uxo_strike *strike)
{
    const uxo_site *const site = &scenario->strikes.site[strike->first_site];
    if (strike->site_count > 1) {
        return "a strike with several reported places";
    }
    if (scenario->strikes.displacement[site->evidence].given) {
        return "reports of parts that lie off the release point";
    }
    if (site->location_kind != UXO_LOCATION_R95 || site->location_size_m.form != UXO_FORM_CONSTANT) {
        return "a location error that is not normal";
    }
    if (!strike->heading_unknown &&
        (strike->heading_deg.form != UXO_FORM_CONSTANT || strike->heading_sd_deg.form != UXO_FORM_CONSTANT ||
         uxo_quantity_mean(&strike->heading_sd_deg) > 40.0)) {
        return "a heading that is neither unknown nor normal";
    }
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const uxo_munition *const m = &scenario->catalogue.item[strike->mixture.munition[j]];
        const uxo_quantity *const sizes[] = {&m->spread_along_m, &m->spread_across_m, &m->pattern_along_m,
                                             &m->pattern_across_m};
        if (m->shape != UXO_SHAPE_GAUSSIAN) {
            return "a pattern that is not gaussian";
        }
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            if (sizes[i]->form != UXO_FORM_CONSTANT) {
                return "sizes that are distributions";
            }
        }
        if (m->varies_between_strikes && m->concentration.form != UXO_FORM_CONSTANT) {
            return "a concentration that is a distribution";
        }
    }
    return smallest_sd_m(scenario, strike) < CELLS_PER_SD * scenario->grid.cell_size_m
               ? "cells that are not small against the patterns"
               : NULL;
}

bool uxo_marginal_applies(const uxo_scenario *scenario, const char **why)
{
    uxo_marginal_memory memory = {.like = NULL};
    *why = scenario->surface.given                   ? "ground classes or clearance"
           : scenario->theatre.shifts                ? "a shift of the failure rates"
           : uxo_scenario_has_shared_draws(scenario) ? "quantities that all strikes share"
                                                     : NULL;
    for (uint32_t i = 0; *why == NULL && i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        uxo_marginal marginal;
        *why = obstacle(scenario, strike);
        if (*why == NULL) {
            uxo_marginal_of(scenario, strike, &memory, &marginal);
            const double left_out = marginal.probability_bound - marginal.mean_peak * marginal.mean_bound;
            *why = memory.of_value > TOLERABLE_QUADRATURE ? "patterns that are long for headings so uncertain"
                   : left_out > TOLERABLE_REMAINDER * marginal.mean_peak ? "strikes that are too dense"
                                                                         : NULL;
        }
    }
    return *why == NULL;
}
