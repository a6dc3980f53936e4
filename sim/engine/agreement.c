/* agreement.c - see agreement.h. Sums in the order of realisations and columns. */
#include "agreement.h"

#include <math.h>

#include "expected_order.h"
#include "expected_squares.h"
#include "outcome.h"
#include "uxosim/marginal.h"

/* Of any sum: single precision, what is cut off. */
static const double ROUNDING = 1e-4;
/* Of a sum of very many carriers at one place, one by one: half a last digit each. */
static const double PER_CARRIER = 0x1p-25;
/* Fewer realisations than this say nothing of their spread. */
enum { MIN_REALISATIONS = 100 };

double uxo_bernstein_bound(double level, double variance, double largest)
{
    const double third = level * largest / 3.0;
    return variance > 0.0 ? third + sqrt(third * third + 2.0 * level * variance) : 0.0;
}

static bool edges_fit(const uxo_grid *grid, double side_m)
{
    const double edges[] = {grid->xmin_m, grid->ymin_m, uxo_grid_xmax_m(grid), uxo_grid_ymax_m(grid)};
    for (int i = 0; i < 4; i++) {
        if (fabs(edges[i] / side_m - floor(edges[i] / side_m + 0.5)) > 1e-6) {
            return false;
        }
    }
    return true;
}

/* Patterns that are narrow against a square are widened, from s to w sides (expected_table.h). */
static double widened(double s2)
{
    return fmax(s2, UXO_NARROWEST_SD * UXO_NARROWEST_SD);
}

/* A gaussian's sum over all squares: 4 exp(-2 pi^2 (w^2 + 1/12)), as it is widened by the square too (Poisson's formula). */
static double sum_of_squares(double s2)
{
    const double pi = 3.14159265358979323846;
    return ROUNDING + 4.0 * exp(-2.0 * pi * pi * (widened(s2) + 1.0 / 12.0));
}

/* Error on one side of a border, t standard deviations away: by the widening t exp(-t^2 / 2) / sqrt(2 pi) ln(w / s), at most
 * 0.242 ln(w / s); since a gaussian at the centre of a square stands for its mean, |t^3 - 3 t| exp(-t^2 / 2) / sqrt(2 pi)
 * / (2880 w^4), at most 0.55 / (2880 w^4). A district has two sides. */
static double border_of(double s2)
{
    const double w2 = widened(s2);
    return fmin(1.0, 2.0 * (0.5 * 0.242 * log(w2 / s2) + 0.55 / (2880.0 * w2 * w2)));
}

/* On average over the sizes that a munition's patterns may have; the narrower side counts. Ovals have their exact share in
 * every square. */
static uxo_squares_error error_of(const uxo_munition *munition, double side_m)
{
    enum { SIZES = 50 };
    if (munition->shape != UXO_SHAPE_GAUSSIAN) {
        return (uxo_squares_error){ROUNDING, ROUNDING, 0.0, true};
    }
    uxo_squares_error error = {0.0, sum_of_squares(0.0), 0.0, true};
    for (int i = 0; i < SIZES; i++) {
        const double q = ((double)i + 0.5) / SIZES;
        const double sides = fmin(uxo_quantity_quantile(&munition->pattern_along_m, q),
                                  uxo_quantity_quantile(&munition->pattern_across_m, q)) /
                             side_m;
        error.sum += sum_of_squares(sides * sides) / SIZES;
        error.border += border_of(sides * sides) / SIZES;
    }
    return error;
}

static bool is_used(const uxo_strikes *strikes, uint32_t munition)
{
    for (uint32_t i = 0; i < strikes->count; i++) {
        const uxo_mixture *const mixture = &strikes->item[i].mixture;
        for (uint32_t j = 0; j < mixture->count; j++) {
            if (mixture->munition[j] == munition) {
                return true;
            }
        }
    }
    return false;
}

uxo_squares_error uxo_squares_error_of(const uxo_scenario *scenario)
{
    const double side_m = uxo_squares_side_m(uxo_smallest_sd_m(scenario));
    uxo_squares_error worst = {0.0, 0.0, 0.0, edges_fit(&scenario->grid, side_m)};
    for (uint32_t i = 0; i < scenario->catalogue.count; i++) {
        if (is_used(&scenario->strikes, i)) {
            const uxo_squares_error error = error_of(&scenario->catalogue.item[i], side_m);
            worst.sum = fmax(worst.sum, error.sum);
            worst.row = fmax(worst.row, error.row);
            worst.border = fmax(worst.border, error.border);
        }
    }
    double carriers = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        carriers = fmax(carriers, uxo_quantity_high(&scenario->strikes.item[i].carriers));
    }
    worst.sum += PER_CARRIER * carriers;
    worst.row += PER_CARRIER * carriers;
    return worst;
}

/* What the draws but the last of a realisation make certain has to be in its row, somewhere. */
static bool rows_agree(const uxo_outcome *outcome, double error)
{
    for (size_t r = 0; r < outcome->realisations; r++) {
        double sum = 0.0;
        if (outcome->kept_mean != NULL) { /* of the whole of it only that much can be said */
            if (!(fabs(outcome->accounted[r] - 1.0) <= error)) {
                return false;
            }
            continue;
        }
        for (uint32_t c = 0; c < outcome->columns; c++) {
            sum += outcome->conditional[r * outcome->columns + c];
        }
        if (!(fabs(sum - outcome->given_mean[r]) <= error * outcome->given_mean[r])) {
            return false;
        }
    }
    return true;
}

/* Points of one column over all realisations against what was expected of it. */
typedef struct column_sums {
    double points, expected;
} column_sums;

static column_sums add_column(const uxo_outcome *outcome, uint32_t column)
{
    column_sums sums = {0.0, 0.0};
    for (size_t r = 0; r < outcome->realisations; r++) {
        sums.points += (double)outcome->dud_count[r * outcome->columns + column];
        sums.expected += outcome->conditional[r * outcome->columns + column];
    }
    return sums;
}

static double sum_of(const double *values, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum;
}

/* What is common to all columns. */
typedef struct whole_run {
    uxo_squares_error error;
    double all, mixed, outside; /* expected: everywhere, on squares that columns share, outside the grid */
} whole_run;

/* How far points may be off beside chance. A square that several columns share is split by area, as if what lies on it were
 * spread evenly: all of it may lie in any of them. */
typedef struct allowance {
    double less, more;
} allowance;

static allowance allowance_of(const whole_run *run, double expected, double mixed, double between_kinds)
{
    const double base = run->error.sum * expected + between_kinds, border = run->error.border * run->all;
    const double beyond = run->error.edges_fit ? 0.0 : run->outside; /* its part of squares on the edge */
    return (allowance){base + fmin(border, expected) + mixed, base + border + (run->mixed - mixed) + beyond};
}

/* Outside the grid is what is left: it has the errors of all, and its part of squares on the edge is not known. */
static allowance allowance_outside(const whole_run *run)
{
    const double base = run->error.sum * run->all, border = run->error.border * run->all;
    return run->error.edges_fit ? (allowance){base + fmin(border, run->outside), base + border}
                                : (allowance){base + run->outside, base + border + run->mixed};
}

static void compare_districts(const whole_run *run, const uxo_outcome *outcome, uxo_agreement *out)
{
    const double level = UXO_AGREEMENT_LEVEL + log((double)outcome->columns);
    out->districts = true;
    out->district_z = 0.0;
    for (uint32_t c = 0; c < outcome->columns; c++) {
        const column_sums sums = add_column(outcome, c);
        const allowance allowed = c + 1 < outcome->columns
                                      ? allowance_of(run, sums.expected, outcome->mixed[c], outcome->between_kinds[c])
                                      : allowance_outside(run);
        const double difference = sums.points - sums.expected;
        /* The variance of the points is at most their mean, which is at most that. */
        const double bound = uxo_bernstein_bound(level, sums.expected + allowed.more, 1.0);
        const bool within = difference <= bound + allowed.more && -difference <= bound + allowed.less;
        out->districts = out->districts && within;
        if (sums.expected > 0.0 && c + 1 < outcome->columns) {
            out->district_z = fmax(out->district_z, fabs(difference) / sqrt(sums.expected));
        }
    }
}

/* Points against the map by district: cell by cell the kinds of surface are known, on squares only how much of each there
 * is. */
static void compare_map_columns(const uxo_outcome *outcome, uxo_agreement *out)
{
    const double tolerance = 2e-3; /* of what is expected: cells and lattices */
    const double level = UXO_AGREEMENT_LEVEL + log((double)outcome->columns);
    out->district_z = 0.0;
    for (uint32_t c = 0; c + 1 < outcome->columns; c++) {
        const double points = add_column(outcome, c).points;
        const double expected = (double)outcome->realisations * outcome->map_column[c];
        const double allowed = tolerance * expected, difference = fabs(points - expected);
        out->districts = out->districts && difference <= uxo_bernstein_bound(level, expected + allowed, 1.0) + allowed;
        if (expected > 0.0) {
            out->district_z = fmax(out->district_z, difference / sqrt(expected));
        }
    }
}

/* Mean and standard error over realisations of what is expected on the grid. */
typedef struct on_grid {
    double mean, error;
} on_grid;

static on_grid expected_on_grid(const uxo_outcome *outcome)
{
    const double n = (double)outcome->realisations;
    const uint32_t columns = outcome->columns;
    double sum = 0.0, squares = 0.0;
    for (size_t r = 0; r < outcome->realisations; r++) {
        sum += sum_of(outcome->conditional + r * columns, columns - 1);
    }
    for (size_t r = 0; r < outcome->realisations; r++) {
        const double d = sum_of(outcome->conditional + r * columns, columns - 1) - sum / n;
        squares += d * d;
    }
    return (on_grid){sum / n, n > 1.0 ? sqrt(squares / (n - 1.0) / n) : NAN};
}

/* A map in closed form is an average over all draws, the districts one over those of this run. Strikes are independent
 * then, and what each leaves has a known mean square and a largest value. */
static double closed_form_bound(const uxo_scenario *scenario, double realisations)
{
    uxo_marginal_memory memory = {.like = NULL};
    double variance = 0.0, largest = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        double square, high;
        uxo_marginal_total(scenario, &scenario->strikes.item[i], &memory, &square, &high);
        variance += square;
        largest = fmax(largest, high);
    }
    return uxo_bernstein_bound(UXO_AGREEMENT_LEVEL, realisations * variance, largest) / realisations;
}

static void compare_totals(const whole_run *run, const uxo_scenario *scenario, const uxo_outcome *outcome,
                           uxo_agreement *out)
{
    const double n = (double)outcome->realisations;
    const on_grid given = expected_on_grid(outcome);
    const double edges = (run->error.edges_fit ? 0.0 : run->mixed + run->outside) / n;
    const double between_kinds = sum_of(outcome->between_kinds, outcome->columns) / n;
    const double difference = fabs(outcome->map_total - given.mean);
    double bound = run->error.sum * fmax(outcome->map_total, given.mean) + edges + between_kinds +
                   fmin(run->error.border * run->all, run->outside) / n;
    if (outcome->closed_form) {
        bound += closed_form_bound(scenario, n);
        if (outcome->realisations >= MIN_REALISATIONS && given.error > ROUNDING * given.mean) {
            out->closed_form = (given.mean - outcome->map_total) / given.error;
        }
    }
    out->map = difference <= bound;
    out->map_share = given.mean > 0.0 ? difference / given.mean : 0.0;
}

void uxo_agreement_find(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_agreement *out)
{
    double all = 0.0;
    for (uint32_t r = 0; r < outcome->realisations; r++) {
        all += uxo_outcome_given(outcome, r);
    }
    const whole_run run = {.error = uxo_squares_error_of(scenario),
                           .all = all,
                           .mixed = sum_of(outcome->mixed, outcome->columns),
                           .outside = add_column(outcome, outcome->columns - 1).expected};
    out->rows = rows_agree(outcome, run.error.row);
    compare_districts(&run, outcome, out);
    if (scenario->surface.given && outcome->mapped) {
        compare_map_columns(outcome, out);
    }
    out->closed_form = NAN;
    out->map = true;
    out->map_share = 0.0;
    if (outcome->mapped) {
        compare_totals(&run, scenario, outcome, out);
    }
    out->cells = outcome->map_check.beyond == 0;
}
