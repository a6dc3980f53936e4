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

/* Adds one realisation's comparisons. */
static void compare_all(const double *rank, uint32_t districts, double weight, double *before)
{
    for (uint32_t i = 0; i < districts; i++) {
        for (uint32_t j = 0; j < districts; j++) {
            before[(size_t)i * districts + j] += rank[i] < rank[j] ? weight : rank[i] > rank[j] ? 0.0 : 0.5 * weight;
        }
    }
}

/* rank[district][realisation] for all; `before` as sums of weights. */
static bool rank_all(uxo_ranking *self, const double *value, size_t stride, uint32_t realisations, const double *weight,
                     double *rank)
{
    const uint32_t districts = self->districts;
    placed *const order = malloc(districts * sizeof *order);
    double *const one = malloc(districts * sizeof *one);
    const bool complete = order != NULL && one != NULL;
    for (uint32_t r = 0; complete && r < realisations; r++) {
        rank_one(value + (size_t)r * stride, districts, order, one);
        for (uint32_t i = 0; i < districts; i++) {
            rank[(size_t)i * realisations + r] = one[i];
        }
        if (self->before != NULL) {
            compare_all(one, districts, weight != NULL ? weight[r] : 1.0, self->before);
        }
    }
    free(order);
    free(one);
    return complete;
}

static void summarise(uxo_ranking *self, const double *rank, uint32_t realisations, const double *weight,
                      uxo_weighted *scratch)
{
    static const double quantile[3] = {0.05, 0.5, 0.95};
    double all = weight != NULL ? 0.0 : (double)realisations;
    for (uint32_t r = 0; weight != NULL && r < realisations; r++) {
        all += weight[r];
    }
    for (uint32_t i = 0; i < self->districts; i++) {
        uxo_summary summary;
        uxo_stats_summarise(rank + (size_t)i * realisations, weight, realisations, quantile, scratch, &summary);
        self->expected[i] = summary.mean;
        self->low[i] = summary.quantile[0];
        self->high[i] = summary.quantile[2];
        for (uint32_t j = 0; self->before != NULL && j < self->districts; j++) {
            self->before[(size_t)i * self->districts + j] /= all;
        }
    }
}

bool uxo_ranking_make(uxo_ranking *self, const double *value, size_t stride, uint32_t realisations, uint32_t districts,
                      const double *weight)
{
    *self = (uxo_ranking){.districts = districts};
    if (districts == 0) {
        return true;
    }
    const bool compared = districts <= UXO_MOST_COMPARED;
    double *const rank = malloc((size_t)districts * realisations * sizeof *rank);
    uxo_weighted *const scratch = malloc(realisations * sizeof *scratch);
    self->expected = calloc(districts, sizeof *self->expected);
    self->low = calloc(districts, sizeof *self->low);
    self->high = calloc(districts, sizeof *self->high);
    self->before = compared ? calloc((size_t)districts * districts, sizeof *self->before) : NULL;
    const bool complete = rank != NULL && scratch != NULL && self->expected != NULL && self->low != NULL &&
                          self->high != NULL && (!compared || self->before != NULL) &&
                          rank_all(self, value, stride, realisations, weight, rank);
    if (complete) {
        summarise(self, rank, realisations, weight, scratch);
    }
    free(rank);
    free(scratch);
    return complete;
}
