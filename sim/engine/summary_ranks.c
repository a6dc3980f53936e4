/* summary_ranks.c - the order of the districts: ranks, and how often each is among the first. */
#include <math.h>

#include "outcome.h"
#include "summary_private.h"

enum { MOST_PLACES = 3 };
static const uint32_t PLACES[UXO_PODIUMS] = {1, MOST_PLACES};

/* A district that expects nothing has no place, even if places are left. */
static uxo_first_places places_of(const double *duds, uint32_t districts, uint32_t places)
{
    double first[MOST_PLACES] = {0.0}; /* descending */
    uint32_t above = 0, level = 0;
    for (uint32_t i = 0; i < districts; i++) {
        double duds_here = duds[i];
        for (uint32_t k = 0; k < places; k++) {
            if (duds_here > first[k]) {
                const double pushed = first[k];
                first[k] = duds_here;
                duds_here = pushed;
            }
        }
    }
    const double last = first[places - 1];
    for (uint32_t i = 0; i < districts; i++) {
        above += duds[i] > last;
        level += duds[i] == last;
    }
    return (uxo_first_places){last, last > 0.0 && level > 0 ? (double)(places - above) / (double)level : 0.0};
}

static double place_of(const uxo_first_places *first, double duds)
{
    return duds > first->last ? 1.0 : duds == first->last ? first->share : 0.0;
}

/* Means over realisations of what is expected of each district. */
static void take_means(const uxo_filling *self, const double *table, double *means)
{
#pragma omp parallel for num_threads(self->threads) schedule(dynamic, 1)
    for (uint32_t i = 0; i < self->found.areas; i++) {
        const uxo_filling mine = uxo_filling_of_thread(self);
        uxo_summary summary;
        uxo_filling_take_reals(&mine, table, i);
        uxo_filling_moments(&mine, &summary);
        means[i] = summary.mean;
    }
}

/* Places among the first of one district. */
static void fill_places_among(const uxo_filling *self, const double *table, uint32_t district)
{
    static const uxo_district_column column[UXO_PODIUMS] = {UXO_COLUMN_P_TOP1, UXO_COLUMN_P_TOP3};
    static const uxo_district_column error[UXO_PODIUMS] = {UXO_COLUMN_P_TOP1_SE, UXO_COLUMN_P_TOP3_SE};
    const uint32_t realisations = self->realisations;
    uxo_summary summary;
    for (int p = 0; p < UXO_PODIUMS; p++) {
        for (uint32_t r = 0; r < realisations; r++) {
            self->values[r] = place_of(&self->first[p][r], table[r * self->found.stride + district]);
        }
        uxo_filling_moments(self, &summary);
        const bool contested = self->found.areas > PLACES[p];
        self->table->value[column[p]][district] = summary.mean;
        self->table->value[error[p]][district] =
            contested && !(summary.sd > 0.0) ? uxo_outcome_nominal_error(self->effective) : summary.mean_se;
    }
}

/* p_top1 and p_top3 by what a table expects of the districts. */
static void fill_podiums(const uxo_filling *self, const double *table)
{
    const uint32_t districts = self->found.areas;
    for (uint32_t r = 0; r < self->realisations; r++) {
        for (int p = 0; p < UXO_PODIUMS; p++) {
            self->first[p][r] = places_of(table + r * self->found.stride, districts, PLACES[p]);
        }
    }
#pragma omp parallel for num_threads(self->threads) schedule(dynamic, 1)
    for (uint32_t i = 0; i < districts; i++) {
        const uxo_filling mine = uxo_filling_of_thread(self);
        fill_places_among(&mine, table, i);
    }
}

/* Expected accidents per expected affected hectare; where nothing is affected there is no such ratio. */
static void rank_by_area(const uxo_filling *self)
{
    const uint32_t districts = self->found.areas;
    const double *const affected_ha = self->table->value[UXO_COLUMN_AFFECTED_HA_MEAN];
    for (uint32_t i = 0; i < districts; i++) {
        self->ratio[i] = affected_ha[i] > 0.0 ? self->accidents[i] / affected_ha[i] : NAN;
    }
    uxo_stats_rank_descending(self->ratio, districts, self->table->value[UXO_COLUMN_RANK_ACCIDENTS_PER_HA]);
}

void uxo_filling_ranks(const uxo_filling *self)
{
    const uxo_findings *const found = &self->found;
    const uint32_t districts = self->found.areas;
    const bool expected = found->conditional != NULL, people = self->outcome->accidents != NULL;
    if (expected) {
        take_means(self, found->conditional, self->duds);
        fill_podiums(self, people ? found->accident_expectation : found->conditional);
    }
    uxo_stats_rank_descending(expected ? self->duds : self->table->value[UXO_COLUMN_DUDS_MEAN], districts,
                              self->table->value[UXO_COLUMN_RANK_DUDS]);
    if (people) {
        take_means(self, expected ? found->accident_expectation : found->accident_chance, self->accidents);
        uxo_stats_rank_descending(self->accidents, districts, self->table->value[UXO_COLUMN_RANK_ACCIDENTS]);
    }
    if (people && expected) {
        rank_by_area(self);
    }
}
