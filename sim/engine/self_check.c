/* self_check.c - what every run verifies of itself before its result gets its name. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "agreement.h"
#include "uxosim/expectation.h"

/* Below this the mean of totals is not near enough to normal for a z-score to mean anything. */
enum { MIN_REALISATIONS = 100 };
/* -log of half the false-alarm rate of the test of duds given the draws, 1e-9 a run. */
static const double BERNSTEIN_LEVEL = 21.416413017506358;
/* Above this the distance of the total from its closed form is worth a warning. */
static const double NOTABLE_Z = 5.0;

typedef struct sums {
    uint64_t rows;    /* over realisations and all columns */
    uint64_t on_grid; /* without "outside the grid" */
    uint64_t cells;
    uint64_t strikes;
} sums;

static sums add_up(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    sums found = {0, 0, 0, 0};
    const uint32_t outside_grid = outcome->columns - 1;
    for (size_t r = 0; r < outcome->realisations; r++) {
        for (uint32_t c = 0; c < outcome->columns; c++) {
            const uint32_t count = outcome->dud_count[r * outcome->columns + c];
            found.rows += count;
            found.on_grid += c == outside_grid ? 0 : count;
        }
    }
    for (size_t t = 0; t < outcome->tile_count; t++) {
        for (size_t c = 0; outcome->tile[t] != NULL && c < UXO_TILE_CELLS; c++) {
            found.cells += outcome->tile[t]->sum[c];
        }
    }
    for (size_t i = 0; i < (size_t)scenario->strikes.count * outcome->columns; i++) {
        found.strikes += outcome->strike_duds[i];
    }
    return found;
}

/* Counts against what was to be expected of them: a sum of independent trials, whatever the distributions above them, so that
 * Bernstein's inequality bounds it for any number of trials. Sums in the order of realisations. */
typedef struct given {
    double difference, bound, z;
} given;

static given count_given(double count, const double *means, const double *variances, uint32_t realisations)
{
    double mean = 0.0, variance = 0.0;
    for (size_t r = 0; r < realisations; r++) {
        mean += means[r];
        variance += variances[r];
    }
    given found = {.difference = fabs(count - mean)};
    /* Sums of doubles round: 1e-9 of the whole is allowed beside the inequality. */
    found.bound = uxo_bernstein_bound(BERNSTEIN_LEVEL, variance, 1.0) + 1e-9 * mean;
    found.z = variance > 0.0 ? found.difference / sqrt(variance) : 0.0;
    return found;
}

/* z of the mean total against its closed form, by the spread of the sample; NaN when that cannot be had. Rare strikes and heavy tails
 * are skewed, so a large value is a reason to look, not a defect by itself. */
static double total_z(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    const double n = (double)outcome->realisations;
    const double mean = (double)outcome->total_duds / n;
    double squares = 0.0;
    for (size_t r = 0; r < outcome->realisations; r++) {
        double total = 0.0;
        for (uint32_t c = 0; c < outcome->columns; c++) {
            total += (double)outcome->dud_count[r * outcome->columns + c];
        }
        squares += (total - mean) * (total - mean);
    }
    const double error = sqrt(squares / (n - 1.0) / n);
    const bool known = outcome->realisations >= MIN_REALISATIONS && uxo_expectation_is_exact(scenario);
    return known && error > 0.0 ? (mean - uxo_expected_total(scenario)) / error : NAN;
}

/* A line of findings. */
typedef struct finding_line {
    char *text;
    size_t used;
} finding_line;

__attribute__((format(printf, 2, 3))) static void say(finding_line *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(self->text + self->used, UXO_SELF_CHECK_SIZE - self->used, format, arguments);
    va_end(arguments);
    self->used += length > 0 ? (size_t)length : 0;
    self->used = self->used < UXO_SELF_CHECK_SIZE ? self->used : UXO_SELF_CHECK_SIZE - 1;
}

/* The first entry: points against what was integrated. */
static bool say_agreement(finding_line *line, const uxo_scenario *scenario, const uxo_outcome *outcome, double *z)
{
    const uxo_map_check *const check = &outcome->map_check;
    uxo_agreement found;
    uxo_agreement_find(scenario, outcome, &found);
    *z = found.closed_form;
    const bool good = found.rows && found.districts && found.cells && found.map;
    say(line, "the two estimators %s: districts |z| up to %.2f%s%s, ", good ? "agree" : "DISAGREE", found.district_z,
        found.districts ? "" : " OUT OF BOUNDS", found.rows ? "" : ", REALISATIONS INCOMPLETE");
    if (!outcome->mapped) {
        say(line, "no maps were computed");
    } else if (check->cells > 0) {
        say(line, "%llu cells of the map chi-square %.1f, |z| up to %.2f (bound %g)", (unsigned long long)check->cells,
            check->squares, check->largest, check->bound);
    } else {
        say(line, "no cell of the map with enough duds to compare");
    }
    if (!found.cells) {
        say(line, ", %llu CELLS OUT OF BOUNDS", (unsigned long long)check->beyond);
    }
    if (outcome->mapped) {
        say(line, ", map and districts differ by %.1e%s", found.map_share, found.map ? "" : " OUT OF BOUNDS");
    }
    if (!isnan(*z)) {
        say(line, " (|z| = %.2f)", fabs(*z));
    }
    say(line, "; ");
    return good;
}

/* Drawn accidents against the chances of their duds; those against what is expected without points. */
static bool say_accidents(finding_line *line, const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    uxo_accident_agreement found;
    uxo_agreement_of_accidents(scenario, outcome, &found);
    say(line, "; accidents drawn against the chances of the duds |z| up to %.2f%s", found.drawn_z,
        found.drawn ? "" : " IS OUT OF BOUNDS");
    if (!isnan(found.squares_z)) {
        say(line, ", those against the districts |z| up to %.2f%s", found.squares_z,
            found.squares ? "" : " IS OUT OF BOUNDS");
    }
    return found.drawn && found.squares;
}

static bool say_zones(finding_line *line, const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    uxo_zone_agreement found;
    uxo_agreement_of_zones(scenario, outcome, &found);
    say(line, found.held ? "; zones hold them all" : "; ZONES DO NOT HOLD THEM ALL");
    if (outcome->zones.conditional != NULL) {
        say(line, found.expected ? ", each near what is expected of it" : ", SOME FAR FROM WHAT IS EXPECTED OF THEM");
    }
    if (!found.accidents) {
        say(line, ", ACCIDENTS OUT OF BOUNDS");
    }
    return found.held && found.expected && found.accidents;
}

static bool say_count(finding_line *line, const char *what, const given *trials)
{
    const bool near = trials->difference <= trials->bound;
    say(line, "%s |z| = %.2f%s", what, trials->z, near ? "" : " IS OUT OF BOUNDS");
    return near;
}

/* Duds given every draw but the last; with a surface candidates first, then the duds among them, given where they lie. */
static bool say_trials(finding_line *line, const uxo_outcome *outcome)
{
    const uint32_t realisations = outcome->realisations;
    const uint64_t drawn = outcome->total_duds + outcome->removed_candidates;
    const given of_draws = count_given((double)drawn, outcome->given_mean, outcome->given_variance, realisations);
    if (outcome->kept_mean == NULL) {
        return say_count(line, "duds given the draws", &of_draws);
    }
    const given of_places =
        count_given((double)outcome->total_duds, outcome->kept_mean, outcome->kept_variance, realisations);
    const bool near = say_count(line, "candidates given the draws", &of_draws);
    say(line, ", ");
    return say_count(line, "duds given where those lie", &of_places) && near;
}

static void warn_of_spread(const uxo_scenario *scenario, const uxo_outcome *outcome, double z, double map_z,
                           uxo_report *report)
{
    static const char why[] = "where strikes are rare or tails heavy this needs more realisations";
    if (fabs(z) > NOTABLE_Z) {
        uxo_report_add(report, UXO_WARNING, NULL,
                       "the mean total of %.4g duds is %.1f standard errors from its closed form, %.4g: %s",
                       (double)outcome->total_duds / (double)outcome->realisations, fabs(z),
                       uxo_expected_total(scenario), why);
    }
    if (fabs(map_z) > NOTABLE_Z) {
        uxo_report_add(report, UXO_WARNING, NULL,
                       "the districts expect a total that is %.1f standard errors from that of the map, which is in "
                       "closed form, %.4g: %s",
                       fabs(map_z), outcome->map_total, why);
    }
}

uxo_status uxo_engine_self_check(const uxo_scenario *scenario, uxo_outcome *outcome, uxo_report *report)
{
    const bool two_estimators = outcome->conditional != NULL;
    const sums found = add_up(scenario, outcome);
    const bool exact = found.rows == outcome->total_duds && found.strikes == outcome->total_duds &&
                       (two_estimators || found.cells == found.on_grid);
    const double z = total_z(scenario, outcome);
    double map_z = NAN;
    finding_line line = {outcome->self_check, 0};
    const bool agree = !two_estimators || say_agreement(&line, scenario, outcome, &map_z);
    say(&line, "rows%s and strikes %s the %llu duds simulated; ", two_estimators ? "" : ", cells",
        exact ? "add up to" : "DO NOT ADD UP TO", (unsigned long long)outcome->total_duds);
    const bool near = say_trials(&line, outcome);
    if (!isnan(z)) {
        say(&line, "; total against closed form |z| = %.2f", fabs(z));
    }
    const bool accidents = outcome->accidents == NULL || say_accidents(&line, scenario, outcome);
    const bool zones = outcome->zones.columns == 0 || say_zones(&line, scenario, outcome);
    if (!agree || !exact || !near || !accidents || !zones) {
        return uxo_fail(report, UXO_ERR_SELFCHECK, NULL, "self-check failed: %s; nothing was written",
                        outcome->self_check);
    }
    warn_of_spread(scenario, outcome, z, map_z, report);
    return UXO_OK;
}
