/* summary.h - the district table: a row per district, then "outside every district", "outside the grid", the total.
 *
 * The columns of `uxosim districts --format csv` and of /districts in the result file, each declared once.
 */
#ifndef UXOSIM_SUMMARY_H
#define UXOSIM_SUMMARY_H

#include "uxosim/engine.h"

/* id, name, unit, sentence. Order is that of the contract.
 * Columns whose model is not in this version stay NaN and are not written to the result file. */
#define UXO_DISTRICT_COLUMNS(X)                                                                                      \
    X(AREA_HA, "area_ha", "hectare", "area of the district's cells on the grid")                                     \
    X(POPULATION, "population", "1",                                                                                 \
      "persons on the district's cells; without a population raster the district file's number, for the whole "      \
      "polygon")                                                                                                     \
    X(DUDS_MEAN, "duds_mean", "1", "expected duds remaining from the listed strikes")                                \
    X(DUDS_SD, "duds_sd", "1", "standard deviation over realisations of the number of duds")                         \
    X(DUDS_P05, "duds_p05", "1", "5 % quantile over realisations of the number of duds")                             \
    X(DUDS_P50, "duds_p50", "1", "median over realisations of the number of duds")                                   \
    X(DUDS_P95, "duds_p95", "1", "95 % quantile over realisations of the number of duds")                            \
    X(DUDS_PER_HA, "duds_per_ha", "hectare-1", "expected duds per hectare of the district")                          \
    X(AFFECTED_HA_MEAN, "affected_ha_mean", "hectare",                                                               \
      "mean over realisations of the affected area: aligned blocks of 100 m that expect at least 0.05 duds")         \
    X(AFFECTED_HA_P05, "affected_ha_p05", "hectare", "5 % quantile over realisations of the affected area")          \
    X(AFFECTED_HA_P95, "affected_ha_p95", "hectare", "95 % quantile over realisations of the affected area")         \
    X(PEOPLE_AFFECTED_MEAN, "people_affected_mean", "1",                                                             \
      "mean over realisations of the number of people who live on the affected area")                                \
    X(ACCIDENTS_MEAN, "accidents_year1_mean", "1", "expected accidents in the first year")                           \
    X(ACCIDENTS_P05, "accidents_year1_p05", "1", "5 % quantile of accidents in the first year")                      \
    X(ACCIDENTS_P50, "accidents_year1_p50", "1", "median of accidents in the first year")                            \
    X(ACCIDENTS_P95, "accidents_year1_p95", "1", "95 % quantile of accidents in the first year")                     \
    X(CASUALTIES_MEAN, "casualties_year1_mean", "1", "expected casualties in the first year")                        \
    X(DEATHS_MEAN, "deaths_year1_mean", "1", "expected deaths in the first year")                                    \
    X(RANK_DUDS, "rank_duds", "1", "rank by expected duds, 1 = most; districts that tie share a rank")               \
    X(RANK_ACCIDENTS, "rank_accidents", "1", "rank by expected accidents, 1 = most")                                 \
    X(RANK_ACCIDENTS_PER_HA, "rank_accidents_per_affected_ha", "1",                                                  \
      "rank by expected accidents per expected affected hectare")                                                    \
    X(P_TOP1, "p_top1", "1",                                                                                         \
      "probability that the district expects the most accidents of all (without a population: duds); those that "    \
      "tie share the place, none has it for expecting nothing")                                                      \
    X(P_TOP3, "p_top3", "1",                                                                                         \
      "probability that the district is among the three that expect the most accidents (without a population: "      \
      "duds); those that tie share the places")                                                                      \
    X(DUDS_MEAN_SE, "duds_mean_se", "1", "Monte Carlo standard error of duds_mean")                                  \
    X(DUDS_SD_SE, "duds_sd_se", "1", "Monte Carlo standard error of duds_sd")                                        \
    X(DUDS_P05_SE, "duds_p05_se", "1", "Monte Carlo standard error of duds_p05")                                     \
    X(DUDS_P50_SE, "duds_p50_se", "1", "Monte Carlo standard error of duds_p50")                                     \
    X(DUDS_P95_SE, "duds_p95_se", "1", "Monte Carlo standard error of duds_p95")                                     \
    X(DUDS_PER_HA_SE, "duds_per_ha_se", "hectare-1", "Monte Carlo standard error of duds_per_ha")                    \
    X(AFFECTED_HA_MEAN_SE, "affected_ha_mean_se", "hectare", "Monte Carlo standard error of affected_ha_mean")       \
    X(AFFECTED_HA_P05_SE, "affected_ha_p05_se", "hectare", "Monte Carlo standard error of affected_ha_p05")          \
    X(AFFECTED_HA_P95_SE, "affected_ha_p95_se", "hectare", "Monte Carlo standard error of affected_ha_p95")          \
    X(PEOPLE_AFFECTED_MEAN_SE, "people_affected_mean_se", "1", "Monte Carlo standard error of people_affected_mean") \
    X(ACCIDENTS_MEAN_SE, "accidents_year1_mean_se", "1", "Monte Carlo standard error of accidents_year1_mean")       \
    X(ACCIDENTS_P05_SE, "accidents_year1_p05_se", "1", "Monte Carlo standard error of accidents_year1_p05")          \
    X(ACCIDENTS_P50_SE, "accidents_year1_p50_se", "1", "Monte Carlo standard error of accidents_year1_p50")          \
    X(ACCIDENTS_P95_SE, "accidents_year1_p95_se", "1", "Monte Carlo standard error of accidents_year1_p95")          \
    X(CASUALTIES_MEAN_SE, "casualties_year1_mean_se", "1", "Monte Carlo standard error of casualties_year1_mean")    \
    X(DEATHS_MEAN_SE, "deaths_year1_mean_se", "1", "Monte Carlo standard error of deaths_year1_mean")                \
    X(P_TOP1_SE, "p_top1_se", "1",                                                                                   \
      "Monte Carlo standard error of p_top1; where no realisation says otherwise, nominal")                          \
    X(P_TOP3_SE, "p_top3_se", "1", "Monte Carlo standard error of p_top3; where no realisation says otherwise, nominal")

/* Likewise of /districts in the result file, but no columns of the csv. */
#define UXO_DISTRICT_FILE_COLUMNS(X)                                                                 \
    X(INTACT_CARRIERS, "intact_carriers_mean", "1",                                                  \
      "expected carriers that did not open, by the point where they would have; not among the duds") \
    X(INTACT_SUBMUNITIONS, "intact_submunitions_mean", "1", "expected submunitions in carriers that did not open")

typedef enum uxo_district_column {
#define X(id, name, unit, sentence) UXO_COLUMN_##id,
    UXO_DISTRICT_COLUMNS(X)
#undef X
        UXO_COLUMN_CSV_COUNT,
    UXO_COLUMN_CSV_LAST = UXO_COLUMN_CSV_COUNT - 1,
#define X(id, name, unit, sentence) UXO_COLUMN_##id,
    UXO_DISTRICT_FILE_COLUMNS(X)
#undef X
        UXO_COLUMN_COUNT
} uxo_district_column;

typedef struct uxo_column_info {
    const char *name, *unit, *sentence;
} uxo_column_info;

const uxo_column_info *uxo_column(uxo_district_column column);
/* Its sentence with another word for "district", such as "zone". */
enum { UXO_SENTENCE_SIZE = 256 };
void uxo_column_sentence(uxo_district_column column, const char *noun, char *text, size_t size);
/* -1 when the csv has no such column. */
int uxo_column_find(const char *name);

typedef struct uxo_district_table {
    uint32_t rows;                   /* districts + 3 */
    char **name;                     /* [rows], owned */
    char **status;                   /* [rows], owned; "" where there is none; NULL: of districts */
    double *value[UXO_COLUMN_COUNT]; /* [rows] each, owned; NaN: not computed or no meaning for the row */
} uxo_district_table;

UXO_MUST_USE uxo_status uxo_district_table_init(uxo_district_table *self, uint32_t districts, uxo_report *report);
void uxo_district_table_free(uxo_district_table *self);
/* True when at least one row of the column holds a number. */
bool uxo_district_table_has(const uxo_district_table *self, uxo_district_column column);

/* The same of a set of zones, whose status it holds. Rows: its zones, "outside every zone", "outside the grid", the total. A cell counts by
 * the share of its area. Zones may overlap, so rows do not add up; the last two are those of the districts' table, filled before. */
UXO_MUST_USE uxo_status uxo_zone_table_fill(uxo_district_table *self, const uxo_scenario *scenario,
                                            const uxo_zone_set *set, const uxo_outcome *outcome,
                                            const uxo_district_table *districts, const double *weight,
                                            uxo_report *report);

/* Fills the table from what a run has found in each realisation. weight: one per realisation or NULL.
 *
 * duds_..., intact_...  points, with either estimator
 * affected, p_top       conditional expectations; with `analog` they stay NaN
 * people_affected_mean  NaN without a population raster
 * rank_duds             the mean of the conditional expectations; with `analog` duds_mean
 * accidents_...         drawn accidents; casualties and deaths those times what an accident does in the realisation. NaN without a population
 *                       raster, and outside the grid, where nobody is known to live; the total is that of the grid
 * rank_accidents        the mean of the conditional expectations; with `analog` of what the drawn duds let expect
 * p_top                 of accidents; of duds without a population raster
 */
UXO_MUST_USE uxo_status uxo_district_table_fill(uxo_district_table *self, const uxo_scenario *scenario,
                                                const uxo_outcome *outcome, const double *weight, uxo_report *report);

#endif
