/* marginal.c - see marginal.h. */
#include "uxosim/marginal.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

#include "uxosim/kernels_field.h"
#include "uxosim/portable_math.h"

static const double PI = 3.14159265358979323846;
/* GSL and libm are behind nodes, weights and moments: rounded so that they do not depend on the processor. */
enum { MARGINAL_DIGITS = 12 };
/* Above this standard deviation of a heading, equidistant nodes over 5 of them are better than Gauss-Hermite's. */
static const double NARROW_HEADING_DEG = 20.0;
/* Two points of the lattice to a standard deviation: so that a cell counts as small against a pattern. */
static const double CELLS_PER_SD = 2.0;
/* More of P(at least one) than this share may not be left out by the expansion. */
static const double TOLERABLE_REMAINDER = 0.01;

/* Angles from the reported heading [rad] and their weights, which add up to 1. */
typedef struct angle_rule {
    int count;
    double angle[2 * UXO_MARGINAL_NODES], weight[2 * UXO_MARGINAL_NODES];
} angle_rule;

static void equidistant(angle_rule *rule, int count, double from, double step, double sd)
{
    double sum = 0.0;
    rule->count = count;
    for (int i = 0; i < count; i++) {
        rule->angle[i] = from + (double)i * step;
        rule->weight[i] = sd > 0.0 ? uxo_exp(-0.5 * rule->angle[i] * rule->angle[i] / (sd * sd)) : 1.0;
        sum += rule->weight[i];
    }
    for (int i = 0; i < count; i++) {
        rule->weight[i] /= sum;
    }
}

static void hermite(angle_rule *rule, int count, double sd)
{
    gsl_integration_fixed_workspace *const workspace =
        gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, (size_t)count, 0.0, 0.5, 0.0, 0.0);
    rule->count = count;
    for (int i = 0; i < count; i++) {
        const double node = gsl_integration_fixed_nodes(workspace)[i];
        const double weight = gsl_integration_fixed_weights(workspace)[i] / sqrt(2.0 * PI);
        rule->angle[i] = uxo_round_digits(node, MARGINAL_DIGITS) * sd;
        rule->weight[i] = uxo_round_digits(weight, MARGINAL_DIGITS);
    }
    gsl_integration_fixed_free(workspace);
}

/* Patterns and spreads look the same from behind: half a turn is all there is. `finer`: about twice the nodes. */
static void angles_of(const uxo_strike *strike, bool finer, angle_rule *rule)
{
    const int nodes = finer ? 2 * UXO_MARGINAL_NODES - 1 : UXO_MARGINAL_NODES;
    const double sd_deg = strike->heading_unknown ? 0.0 : uxo_quantity_mean(&strike->heading_sd_deg);
    const double sd = sd_deg * PI / 180.0;
    if (strike->heading_unknown) {
        equidistant(rule, nodes, 0.0, PI / (double)nodes, 0.0);
    } else if (sd_deg <= 0.0) {
        equidistant(rule, 1, 0.0, 0.0, 0.0);
    } else if (sd_deg <= NARROW_HEADING_DEG) {
        hermite(rule, finer ? 13 : 7, sd);
    } else {
        equidistant(rule, nodes, -5.0 * sd, 10.0 * sd / (double)(nodes - 1), sd);
    }
}

/* Moments over what one strike of this munition draws, places and heading apart. */
typedef struct load_moments {
    double mean;       /* E[K n p], existence and opening included */
    double pairs;      /* E[K (K - 1) n_i n_j p_i p_j] */
    double self;       /* E[K n^2 p^2] */
    double self_taken; /* E[n (n - 1) p^2] / E[n^2 p^2] */
    double sup;        /* about the largest K n p: high values, E[p^3] / E[p^2] */
} load_moments;

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

static load_moments moments_of(const uxo_strike *strike, const uxo_munition *munition)
{
    const uxo_quantity *const load = &munition->submunitions_per_carrier;
    const double exists = uxo_quantity_mean(&strike->confidence);
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
    return (load_moments){
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
                      const load_moments *load, double bearing, double weight, uxo_marginal *out)
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
    out->pairs[at] = term_of(plus(place, 0.5, carrier),
                             weight * load->pairs * area * area / (4.0 * PI * root_determinant(carrier)));
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

static void terms_of(const uxo_scenario *scenario, const uxo_strike *strike, uint32_t munition, const angle_rule *rule,
                     uxo_marginal *out)
{
    const uxo_munition *const item = &scenario->catalogue.item[strike->mixture.munition[munition]];
    const uxo_site *const site = &scenario->strikes.site[strike->first_site];
    const double heading = strike->heading_unknown ? 0.0 : uxo_quantity_mean(&strike->heading_deg) * PI / 180.0;
    const load_moments load = moments_of(strike, item);
    for (int i = 0; i < rule->count; i++) {
        add_terms(scenario, strike, item, &load, heading + site->north_rad + rule->angle[i],
                  rule->weight[i] * strike->mixture.weight[munition], out);
    }
}

/* How far the quadrature over headings is from one with about twice the nodes, at places all round, relative to the
 * peak; the munition for which it is farthest. */
static double quadrature_error(const uxo_scenario *scenario, const uxo_strike *strike)
{
    enum { DIRECTIONS = 12, RADII = 6 };
    angle_rule rule, finer_rule;
    double worst = 0.0;
    angles_of(strike, false, &rule);
    angles_of(strike, true, &finer_rule);
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        uxo_marginal coarse = {.count = 0}, fine = {.count = 0};
        terms_of(scenario, strike, j, &rule, &coarse);
        terms_of(scenario, strike, j, &finer_rule, &fine);
        const double unit = 0.6 * sqrt(coarse.mean[0].xx + coarse.mean[0].yy), peak = peak_of(coarse.mean, coarse.count);
        for (int i = 0; i < DIRECTIONS * RADII; i++) {
            const double reach = unit * (double)(i / DIRECTIONS + 1);
            double sine, cosine;
            uxo_sincospi(2.0 * (double)(i % DIRECTIONS) / DIRECTIONS, &sine, &cosine);
            const double difference =
                mean_at(&fine, reach * sine, reach * cosine) - mean_at(&coarse, reach * sine, reach * cosine);
            worst = peak > 0.0 ? fmax(worst, fabs(difference) / peak) : worst;
        }
    }
    return worst;
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
static double expansion_rest(const uxo_scenario *scenario, const uxo_strike *strike, double mean, double square)
{
    double sup = 0.0;
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[j]];
        const double h = scenario->grid.cell_size_m;
        const double share = h * h / (2.0 * PI * uxo_quantity_mean(&munition->pattern_along_m) *
                                      uxo_quantity_mean(&munition->pattern_across_m));
        sup = fmax(sup, moments_of(strike, munition).sup * share);
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
        uxo_quantity_mean(&site->location_size_m) + (1.0 - uxo_quantity_mean(&strike->confidence));
    const bool turns = strike->heading_unknown || uxo_quantity_mean(&strike->heading_sd_deg) > 0.0;
    return strike->mixture.count == 1 && !munition->varies_between_strikes && !turns && !(variances > 0.0);
}

void uxo_marginal_of(const uxo_scenario *scenario, const uxo_strike *strike, uxo_marginal *out)
{
    angle_rule rule;
    memset(out, 0, sizeof *out);
    angles_of(strike, false, &rule);
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        terms_of(scenario, strike, j, &rule, out);
    }
    out->certain = is_certain(scenario, strike);
    const double per_sd = scenario->grid.cell_size_m / smallest_sd_m(scenario, strike);
    const double cells = 12.0 * per_sd * per_sd * per_sd * per_sd / 2880.0;
    const double rounding = 3e-5; /* of the recurrence, see kernels_field.h */
    out->mean_bound = UXO_FIELD_CUT_SHARE + rounding + cells + quadrature_error(scenario, strike);
    const double mean = peak_of(out->mean, out->count);
    const double square = peak_of(out->pairs, out->count) + peak_of(out->self, out->count);
    out->mean_peak = mean;
    out->probability_bound = mean * out->mean_bound + expansion_rest(scenario, strike, mean, square);
}

void uxo_marginal_total(const uxo_scenario *scenario, const uxo_strike *strike, double *square, double *high)
{
    *square = 0.0;
    *high = 0.0;
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[j]];
        const load_moments load = moments_of(strike, munition);
        const double submunitions =
            uxo_quantity_high(&strike->carriers) * uxo_quantity_high(&munition->submunitions_per_carrier);
        *square += strike->mixture.weight[j] * (load.pairs + load.self);
        *high = fmax(*high, submunitions);
    }
}

static const char *obstacle(const uxo_scenario *scenario, const uxo_strike *strike)
{
    const uxo_site *const site = &scenario->strikes.site[strike->first_site];
    if (strike->site_count > 1) {
        return "a strike with several reported places";
    }
    if (site->location_kind != UXO_LOCATION_R95 || site->location_size_m.form != UXO_FORM_CONSTANT) {
        return "a location error that is not normal";
    }
    if (!strike->heading_unknown && (strike->heading_deg.form != UXO_FORM_CONSTANT ||
                                     strike->heading_sd_deg.form != UXO_FORM_CONSTANT ||
                                     uxo_quantity_mean(&strike->heading_sd_deg) > 40.0)) {
        return "a heading that is neither unknown nor normal";
    }
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const uxo_munition *const m = &scenario->catalogue.item[strike->mixture.munition[j]];
        const uxo_quantity *const sizes[] = {&m->spread_along_m, &m->spread_across_m, &m->pattern_along_m,
                                             &m->pattern_across_m};
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            if (sizes[i]->form != UXO_FORM_CONSTANT) {
                return "sizes that are distributions";
            }
        }
        if (m->shape != UXO_SHAPE_GAUSSIAN) {
            return "a pattern that is not gaussian";
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
    *why = scenario->campaign_count > 0 ? "quantities that all strikes share" : NULL;
    for (uint32_t i = 0; *why == NULL && i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        uxo_marginal marginal;
        *why = obstacle(scenario, strike);
        if (*why == NULL) {
            uxo_marginal_of(scenario, strike, &marginal);
            const double left_out = marginal.probability_bound - marginal.mean_peak * marginal.mean_bound;
            *why = left_out > TOLERABLE_REMAINDER * marginal.mean_peak ? "strikes that are too dense" : NULL;
        }
    }
    return *why == NULL;
}
