/* cmd_check.c - `uxosim check`: validates a scenario with all its inputs and prints what it amounts to, without
 * simulating places. */
#include <argp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "arguments.h"
#include "commands.h"
#include "text_output.h"
#include "uxosim/background_strikes.h"
#include "uxosim/distribution.h"
#include "uxosim/engine.h"
#include "uxosim/expectation.h"
#include "uxosim/stats.h"

enum {
    STRIKES_SHOWN = 100,
    MOST_TOTAL_DRAWS = 2000,
    LEAST_TOTAL_DRAWS = 50,
    STRIKE_DRAWS = 1000000,
    CARRIER_DRAWS = 5000000
};

typedef struct check_arguments {
    const char *scenario;
    set_list sets;
} check_arguments;

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    check_arguments *const arguments = state->input;
    return arguments_parse(key, value, state, "scenario", &arguments->scenario, &arguments->sets);
}

static void print_day(int32_t day, char text[UXO_DAY_SIZE])
{
    if (day == UXO_NO_DATE) {
        snprintf(text, UXO_DAY_SIZE, "undated");
        return;
    }
    uxo_day_text(day, text);
}

static void print_until(const uxo_until *until)
{
    char density[64] = "1 % of the largest density";
    if (!isnan(until->min_density_per_ha)) {
        snprintf(density, sizeof density, "%g duds per ha", until->min_density_per_ha);
    }
    printf("until          a relative standard error of %g, of cells with at least %s in the median\n",
           until->relative_error, density);
}

/* Areas of all zones of a set, and of the ground that they cover together. */
static void print_zones(const uxo_scenario *scenario)
{
    const uxo_grid *const grid = &scenario->grid;
    const double grid_ha = (double)uxo_grid_cell_count(grid) * uxo_grid_cell_ha(grid);
    for (uint32_t s = 0; s < scenario->zones.set_count; s++) {
        const uxo_zone_set *const set = &scenario->zones.set[s];
        double area_ha = 0.0;
        for (uint32_t i = 0; i < set->count; i++) {
            area_ha += set->item[i].area_ha;
        }
        printf("%-14s %s: %u, %.6g ha on the grid, %.6g ha without overlaps\n", s == 0 ? "zones" : "", set->id,
               set->count, area_ha, fmax(0.0, grid_ha - set->area_outside_ha));
    }
}

static void print_surface(const uxo_surface *surface)
{
    char effect[160];
    double cleared_ha = 0.0;
    for (uint32_t i = 0; surface->ground_count > 1 && i < surface->ground_count; i++) {
        const uxo_ground_class *const ground = &surface->ground[i];
        uxo_distribution_describe(&ground->log_odds, effect, sizeof effect);
        printf("%-14s %s: %.4g ha, %s%s\n", i == 0 ? "ground" : "", ground->name, ground->area_ha,
               i == surface->reference ? "the reference class" : "log odds of failure + ",
               i == surface->reference ? "" : effect);
    }
    for (uint32_t i = 0; i < surface->task_count; i++) {
        cleared_ha += surface->task[i].area_ha;
    }
    if (surface->task_count > 0) {
        printf("cleared        %u task%s, %.4g ha on the grid (where they overlap more than once)\n",
               surface->task_count, surface->task_count == 1 ? "" : "s", cleared_ha);
    }
}

static void print_theatre(const uxo_theatre *theatre)
{
    char text[160];
    if (theatre->shifts) {
        uxo_distribution_describe(&theatre->rate_shift, text, sizeof text);
        printf("campaign       log odds of every failure rate + %s\n", text);
    }
    for (int i = 0; theatre->discounts && i < UXO_STRIKE_STATUS_COUNT; i++) {
        uxo_distribution_describe(&theatre->reliability[i], text, sizeof text);
        printf("%-14s %s: %s\n", i == 0 ? "reliability" : "", uxo_strike_status_word((uxo_strike_status)i), text);
    }
}

static void print_head(const uxo_scenario *scenario)
{
    char day[UXO_DAY_SIZE];
    const uxo_grid *const grid = &scenario->grid;
    print_day(scenario->as_of_day, day);
    printf("%s\n\n", scenario->title);
    printf("as of          %s\n", day);
    printf("estimator      %s, %s%u realisations, seed %llu\n", uxo_estimator_word(scenario->estimator),
           scenario->until.given ? "at most " : "", scenario->realisations, (unsigned long long)scenario->seed);
    if (scenario->until.given) {
        print_until(&scenario->until);
    }
    printf("grid           %u x %u cells of %g m, x %.10g to %.10g, y %.10g to %.10g, %s\n", grid->nx, grid->ny,
           grid->cell_size_m, grid->xmin_m, uxo_grid_xmax_m(grid), grid->ymin_m, uxo_grid_ymax_m(grid),
           uxo_crs_name(scenario->crs));
    printf("districts      %u\n", scenario->districts.count);
    if (uxo_population_given(&scenario->population)) {
        printf("population     %.0f persons on the grid, %.0f outside it\n", scenario->population.on_grid,
               fmax(0.0, scenario->population.source_total - scenario->population.on_grid));
    }
    print_zones(scenario);
    printf("strikes        %u, from %u reports\n", scenario->strikes.count, scenario->strikes.site_count);
    print_theatre(&scenario->theatre);
    print_surface(&scenario->surface);
}

/* Parts of carriers lie where they fell, not where the carrier opened. */
static void warn_of_parts(const uxo_strikes *strikes, uxo_report *report)
{
    static const uxo_evidence parts[] = {UXO_EVIDENCE_MOTOR, UXO_EVIDENCE_CARGO};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < strikes->site_count; i++) {
            count += strikes->site[i].evidence == parts[k];
        }
        if (count > 0 && !strikes->displacement[parts[k]].given) {
            const char *const word = uxo_evidence_word(parts[k]);
            uxo_report_add(report, UXO_WARNING, NULL,
                           "%u report%s of evidence '%s', and the place of the part is taken for the place of the "
                           "strike; strikes.displacement.%s says how far the two are apart",
                           (unsigned)count, count == 1 ? " is" : "s are", word, word);
        }
    }
}

static void mixture_text(const uxo_scenario *scenario, const uxo_mixture *mixture, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < mixture->count && used < size; i++) {
        const char *const id = scenario->catalogue.item[mixture->munition[i]].id;
        const int written = mixture->count == 1 ? snprintf(text + used, size - used, "%s", id)
                                                : snprintf(text + used, size - used, "%s%s %.3g", i > 0 ? ", " : "", id,
                                                           mixture->weight[i]);
        used += written > 0 ? (size_t)written : 0;
    }
}

static void print_strikes(const uxo_scenario *scenario)
{
    if (scenario->strikes.count == 0) {
        return;
    }
    printf("\n%-36s %-10s %7s  %-9s %-10s %9s %6s  %s\n", "strike", "date", "reports", "status", "confidence",
           "carriers", "duds", "munition");
    for (uint32_t i = 0; i < scenario->strikes.count && i < STRIKES_SHOWN; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        char day[UXO_DAY_SIZE], mixture[256];
        print_day(strike->day, day);
        mixture_text(scenario, &strike->mixture, mixture, sizeof mixture);
        printf("%-36s %-10s %7u  %-9s %10.3g %9.3g %6.3g  %s\n", strike->id, day, strike->site_count,
               uxo_strike_status_word(strike->status), uxo_expected_existence(scenario, strike),
               uxo_quantity_mean(&strike->carriers), uxo_expected_duds(scenario, strike), mixture);
    }
    if (scenario->strikes.count > STRIKES_SHOWN) {
        printf("... and %u more\n", scenario->strikes.count - STRIKES_SHOWN);
    }
    puts("(confidence, carriers if it was a cluster strike, and expected duds with confidence included: means)");
}

/* Munitions that some strike may have used, with the failure rate they are given. */
static void print_munitions(const uxo_scenario *scenario)
{
    puts("\nmunitions in use");
    for (uint32_t m = 0; m < scenario->catalogue.count; m++) {
        const uxo_munition *const munition = &scenario->catalogue.item[m];
        if (uxo_scenario_uses_munition(scenario, m)) {
            char rate[160], load[160];
            uxo_distribution_describe(&munition->dud_rate, rate, sizeof rate);
            uxo_distribution_describe(&munition->submunitions_per_carrier, load, sizeof load);
            printf("  %s: %s\n    submunitions per carrier: %s\n    failure rate: %s", munition->id, munition->name,
                   load, rate);
            if (munition->varies_between_strikes) {
                printf("; between strikes Beta with concentration %.3g", uxo_quantity_mean(&munition->concentration));
            }
            putchar('\n');
        }
    }
}

static double expected_carriers(const uxo_scenario *scenario)
{
    double carriers = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        carriers += uxo_expected_carriers(scenario, &scenario->strikes.item[i]);
    }
    return carriers;
}

/* Realisations that the interval is taken from: enough for two digits, few enough to be waited for with 100,000 strikes, or with as many
 * carriers in each of a few. */
static uint32_t total_draws(const uxo_scenario *scenario)
{
    const double affordable =
        fmin(STRIKE_DRAWS / (scenario->strikes.count + 1.0), CARRIER_DRAWS / (expected_carriers(scenario) + 1.0));
    const uint32_t most = (uint32_t)fmax(LEAST_TOTAL_DRAWS, fmin(MOST_TOTAL_DRAWS, affordable));
    return scenario->realisations < most ? scenario->realisations : most;
}

static uxo_status summarise_totals(const uxo_scenario *scenario, bool independent, uxo_summary *summary,
                                   uxo_report *report)
{
    const uint32_t count = total_draws(scenario);
    double *const totals = malloc(count * sizeof *totals);
    uxo_weighted *const scratch = malloc(count * sizeof *scratch);
    uxo_status status = UXO_OK;
    if (totals == NULL || scratch == NULL) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else {
        status = uxo_engine_totals(scenario, count, independent, totals, report);
    }
    if (status == UXO_OK) {
        uxo_stats_summarise(totals, NULL, count, scenario->quantile, scratch, summary);
    }
    free(totals);
    free(scratch);
    return status;
}

static uxo_status print_totals(const uxo_scenario *scenario, uxo_report *report)
{
    double submunitions = 0.0;
    uxo_summary shared, independent;
    const uint32_t draws = total_draws(scenario);
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        submunitions += uxo_expected_submunitions(scenario, &scenario->strikes.item[i]);
    }
    UXO_TRY(summarise_totals(scenario, false, &shared, report));
    UXO_TRY(summarise_totals(scenario, true, &independent, report));
    printf("\nexpected carriers      %.4g\nexpected submunitions  %.4g\nexpected duds          %.4g (closed form, "
           "outside the grid "
           "included%s)\n",
           expected_carriers(scenario), submunitions, uxo_expected_total(scenario),
           uxo_expectation_is_exact(scenario) ? "" : "; before ground and clearance");
    printf("total of duds%s, 90 %% interval from the first %u realisations\n",
           uxo_expectation_is_exact(scenario) ? "" : " before ground and clearance", draws);
    printf("  as given                           %.4g to %.4g, median %.4g, mean %.4g, sd %.3g\n", shared.quantile[0],
           shared.quantile[2], shared.quantile[1], shared.mean, shared.sd);
    printf("  if every rate were independent     %.4g to %.4g, median %.4g, mean %.4g, sd %.3g\n",
           independent.quantile[0], independent.quantile[2], independent.quantile[1], independent.mean, independent.sd);
    return UXO_OK;
}

static void print_background(const uxo_scenario *scenario)
{
    const uxo_background *const background = &scenario->background;
    char density[160];
    if (!background->given) {
        return;
    }
    const uxo_grid *const grid = &scenario->grid;
    const double grid_ha = (double)uxo_grid_cell_count(grid) * uxo_grid_cell_ha(grid);
    uxo_distribution_describe(&background->density_per_km2, density, sizeof density);
    printf("\nbackground of unreported strikes, apart from all above\n  per km2: %s\n  expected on the %.4g km2 of the "
           "grid and what "
           "reaches it: %.4g strikes\n  expected duds on the grid: %.4g\n",
           density, uxo_background_area_km2(background),
           uxo_quantity_mean(&background->density_per_km2) * uxo_background_area_km2(background),
           uxo_background_density_per_ha(scenario) * grid_ha);
}

/* Casualties per 1,000 duds in the first year that were observed: Lebanon to Afghanistan (docs/sources.md). */
static const double OBSERVED_LEAST = 0.2, OBSERVED_MOST = 10.0;

static uxo_status summarise_implied(const uxo_scenario *scenario, const uxo_implied *implied, double *mean,
                                    uxo_summary *summary, uxo_report *report)
{
    double *const ratio = malloc(((size_t)implied->count + 1) * sizeof *ratio);
    uxo_weighted *const scratch = malloc(((size_t)implied->count + 1) * sizeof *scratch);
    double duds = 0.0, casualties = 0.0;
    size_t count = 0;
    for (uint32_t r = 0; ratio != NULL && r < implied->count; r++) {
        duds += implied->duds[r];
        casualties += implied->casualties[r];
        if (implied->duds[r] > 0.0) {
            ratio[count++] = 1000.0 * implied->casualties[r] / implied->duds[r];
        }
    }
    const bool complete = ratio != NULL && scratch != NULL;
    *mean = duds > 0.0 ? 1000.0 * casualties / duds : NAN;
    if (complete && count > 0) {
        uxo_stats_summarise(ratio, NULL, count, scenario->quantile, scratch, summary);
    }
    free(ratio);
    free(scratch);
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
}

/* What contact, detonation and time amount to, beside what was seen elsewhere: they can only be judged together. */
static uxo_status print_implied(const uxo_scenario *scenario, uxo_report *report)
{
    uxo_implied implied;
    uxo_summary summary;
    double mean = NAN;
    if (!scenario->people.given) {
        puts("\naccidents              not computed: there is no layers.population");
        return UXO_OK;
    }
    uxo_status status = uxo_engine_implied(scenario, total_draws(scenario), &implied, report);
    if (status == UXO_OK) {
        status = summarise_implied(scenario, &implied, &mean, &summary, report);
    }
    uxo_implied_free(&implied);
    if (status != UXO_OK || isnan(mean)) {
        return status;
    }
    char about[TEXT_NUMBER_SIZE], low[TEXT_NUMBER_SIZE], high[TEXT_NUMBER_SIZE], median[TEXT_NUMBER_SIZE];
    text_about(about, mean);
    printf(
        "\ncasualties per 1,000 duds in the first year, implied by exposure and risk: %s (90 %% "
        "interval %s to %s, median %s)\n  observed: %g to %g (Lebanon 0.2-0.5, Kosovo 3.5-7.5, Afghanistan 2.3-10)\n",
        about, text_about(low, summary.quantile[0]), text_about(high, summary.quantile[2]),
        text_about(median, summary.quantile[1]), OBSERVED_LEAST, OBSERVED_MOST);
    if (mean < OBSERVED_LEAST || mean > OBSERVED_MOST) {
        uxo_report_add(report, UXO_WARNING, NULL,
                       "exposure and risk imply %s casualties per 1,000 duds in the first year; %g to %g were observed "
                       "(Lebanon, Kosovo, Afghanistan). Ground contacted and detonation per contact can only be set "
                       "together: see docs/model.md, From density to risk",
                       about, OBSERVED_LEAST, OBSERVED_MOST);
    }
    return UXO_OK;
}

static void print_cost(const uxo_scenario *scenario)
{
    double bytes, seconds;
    uxo_engine_cost(scenario, &bytes, &seconds);
    printf("\na run takes about %.2g MB of memory and %.2g s on one thread%s (a guide: a factor of two either way)\n",
           bytes / 1e6, seconds, scenario->until.given ? ", if it needs all realisations" : "");
}

int cmd_check(int argc, char **argv)
{
    static const struct argp_option options[] = {ARGUMENTS_SET_OPTION, {NULL, 0, NULL, 0, NULL, 0}};
    static const struct argp parser = {
        options,
        parse_option,
        "SCENARIO.yaml",
        "Validates a scenario and everything it names, all errors together; prints the strikes, the expected totals "
        "with their "
        "interval (as given, and as it would be if every failure rate were independent), the casualties per 1,000 duds "
        "that "
        "exposure and risk imply beside those that were observed, memory and time.",
        NULL,
        NULL,
        NULL};
    check_arguments arguments;
    uxo_scenario scenario;
    uxo_report report;
    memset(&arguments, 0, sizeof arguments);
    argp_parse(&parser, argc, argv, 0, NULL, &arguments);
    uxo_report_init(&report);
    uxo_status status =
        uxo_scenario_read(&scenario, arguments.scenario, arguments.sets.item, arguments.sets.count, &report);
    int code = command_end(status, &report, 0);
    if (status == UXO_OK) {
        const size_t shown = report.count;
        print_head(&scenario);
        print_munitions(&scenario);
        print_strikes(&scenario);
        status = print_totals(&scenario, &report);
        print_background(&scenario);
        status = status == UXO_OK ? print_implied(&scenario, &report) : status;
        warn_of_parts(&scenario.strikes, &report);
        print_cost(&scenario);
        code = command_end(status, &report, shown);
    }
    uxo_scenario_free(&scenario);
    uxo_report_free(&report);
    return code;
}
