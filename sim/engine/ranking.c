/* ranking.c - see ranking.h. */
#include "uxosim/ranking.h"

#include <stdlib.h>
#include <string.h>

#include "uxosim/stats.h"

typedef struct ranking_text {
    const char *name, *sentence;
} ranking_text;

static const ranking_text *text_of(uxo_ranking_criterion criterion)
{
    static const ranking_text texts[] = {
#define X(id, name, sentence) {name, sentence},
        UXO_RANKINGS(X)
#undef X
    };
    return &texts[criterion];
}

const char *uxo_ranking_name(uxo_ranking_criterion criterion)
{
    return text_of(criterion)->name;
}

const char *uxo_ranking_sentence(uxo_ranking_criterion criterion)
{
    return text_of(criterion)->sentence;
}

void uxo_ranking_free(uxo_ranking *self)
{
    free(self->expected);
    free(self->low);
    free(self->high);
    free(self->before);
    memset(self, 0, sizeof *self);
}

typedef struct placed {
    double value;
    uint32_t district;
} placed;

static int compare_placed(const void *left, const void *right)
{
    const placed *const a = left;
    const placed *const b = right;
    return a->value < b->value ? 1 : a->value > b->value ? -1 : a->district < b->district ? -1 : 1;
}

/* Ranks of one realisation, ties sharing the mean of theirs. */
static void rank_one(const double *value, uint32_t districts, placed *order, double *rank)
{
    for (uint32_t i = 0; i < districts; i++) {
        order[i] = (placed){value[i], i};
    }
    qsort(order, districts, sizeof *order, compare_placed);
    for (uint32_t from = 0; from < districts;) {
        uint32_t to = from + 1;
        while (to < districts && order[to].value == order[from].value) {
            to++;
        }
        for (uint32_t i = from; i < to; i++) {
            rank[order[i].district] = 0.5 * (double)(from + 1 + to);
        }
        from = to;
    }
}

/* rank[district][realisation] for all. */
static bool rank_all(const uxo_ranking_values *values, uint32_t districts, int threads, double *rank)
{
    bool failed = false;
#pragma omp parallel num_threads(threads)
    {
        placed *const order = malloc(districts * sizeof *order);
        double *const one = malloc(districts * sizeof *one);
        const bool ready = order != NULL && one != NULL;
        if (!ready) {
#pragma omp atomic write
            failed = true;
        }
#pragma omp for schedule(static)
        for (uint32_t r = 0; r < values->realisations; r++) {
            if (ready) {
                rank_one(values->value + (size_t)r * values->stride, districts, order, one);
            }
            for (uint32_t i = 0; ready && i < districts; i++) {
                rank[(size_t)i * values->realisations + r] = one[i];
            }
        }
        free(order);
        free(one);
    }
    return !failed;
}

/* In which share of the realisations one district comes before another, whose ranks these are. */
static double share_before(const uxo_ranking_values *values, const double *rank, const double *other, double all)
{
    const double *const weight = values->weight;
    double sum = 0.0;
    for (uint32_t r = 0; r < values->realisations; r++) {
        const double here = weight != NULL ? weight[r] : 1.0;
        sum += rank[r] < other[r] ? here : rank[r] > other[r] ? 0.0 : 0.5 * here;
    }
    return sum / all;
}

static void summarise_one(uxo_ranking *self, const uxo_ranking_values *values, const double *rank, uint32_t district,
                          double all, uxo_weighted *scratch)
{
    static const double quantile[3] = {0.05, 0.5, 0.95};
    const double *const own = rank + (size_t)district * values->realisations;
    uxo_summary summary;
    uxo_stats_summarise(own, values->weight, values->realisations, quantile, scratch, &summary);
    self->expected[district] = summary.mean;
    self->low[district] = summary.quantile[0];
    self->high[district] = summary.quantile[2];
    for (uint32_t j = 0; self->before != NULL && j < self->districts; j++) {
        self->before[(size_t)district * self->districts + j] =
            share_before(values, own, rank + (size_t)j * values->realisations, all);
    }
}

static bool summarise(uxo_ranking *self, const uxo_ranking_values *values, const double *rank, int threads)
{
    double all = values->weight != NULL ? 0.0 : (double)values->realisations;
    bool failed = false;
    for (uint32_t r = 0; values->weight != NULL && r < values->realisations; r++) {
        all += values->weight[r];
    }
#pragma omp parallel num_threads(threads)
    {
        uxo_weighted *const scratch = malloc(values->realisations * sizeof *scratch);
        if (scratch == NULL) {
#pragma omp atomic write
            failed = true;
        }
#pragma omp for schedule(dynamic, 1)
        for (uint32_t i = 0; i < self->districts; i++) {
            if (scratch != NULL) {
                summarise_one(self, values, rank, i, all, scratch);
            }
        }
        free(scratch);
    }
    return !failed;
}

bool uxo_ranking_make(uxo_ranking *self, const uxo_ranking_values *values, uint32_t districts, int threads)
{
    *self = (uxo_ranking){.districts = districts};
    if (districts == 0) {
        return true;
    }
    const bool compared = districts <= UXO_MOST_COMPARED;
    double *const rank = malloc((size_t)districts * values->realisations * sizeof *rank);
    self->expected = calloc(districts, sizeof *self->expected);
    self->low = calloc(districts, sizeof *self->low);
    self->high = calloc(districts, sizeof *self->high);
    self->before = compared ? calloc((size_t)districts * districts, sizeof *self->before) : NULL;
    const bool complete = rank != NULL && self->expected != NULL && self->low != NULL && self->high != NULL &&
                          (!compared || self->before != NULL) && rank_all(values, districts, threads, rank) &&
                          summarise(self, values, rank, threads);
    free(rank);
    return complete;
}
