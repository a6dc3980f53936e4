/* compare_ranks.c - how ranks of districts change from one result to another, and how sure that is: both orders again from bootstrap samples of
 * blocks of realisations, the same blocks for both where the two are paired. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_private.h"
#include "uxosim/ranking.h"
#include "uxosim/rng.h"
#include "uxosim/stats.h"

enum { BLOCKS = 100, SAMPLES = 500, TABLES = 2 };

static const struct {
    uxo_district_column rank;
    const char *table[TABLES], *counted; /* value, or value over value; of analog runs the first is counted instead */
} CRITERION[UXO_RANKING_COUNT] = {
    [UXO_RANKED_BY_DUDS] = {UXO_COLUMN_RANK_DUDS, {"dud_expectation", NULL}, "dud_count"},
    [UXO_RANKED_BY_ACCIDENTS] = {UXO_COLUMN_RANK_ACCIDENTS, {"accident_expectation", NULL}, NULL},
    [UXO_RANKED_BY_ACCIDENTS_PER_HA] = {UXO_COLUMN_RANK_ACCIDENTS_PER_HA,
                                        {"accident_expectation", "affected_ha"},
                                        NULL},
};

/* Sums over blocks of realisations of one side. */
typedef struct block_sums {
    double weight[BLOCKS];
    double *sum[TABLES]; /* [BLOCKS][districts]; the second NULL: no ratio */
} block_sums;

static bool sum_blocks(const compare_side *side, uint32_t districts, int criterion, block_sums *out)
{
    const uint32_t n = side->realisations;
    for (uint32_t r = 0; r < n; r++) {
        out->weight[(uint64_t)r * BLOCKS / n] += compare_weight(side, r);
    }
    for (int t = 0; t < TABLES && CRITERION[criterion].table[t] != NULL; t++) {
        compare_table table = compare_table_of(side, CRITERION[criterion].table[t]);
        if (table.value == NULL && t == 0 && CRITERION[criterion].counted != NULL) {
            table = compare_table_of(side, CRITERION[criterion].counted);
        }
        out->sum[t] = table.value != NULL ? calloc((size_t)BLOCKS * districts, sizeof *out->sum[t]) : NULL;
        if (out->sum[t] == NULL) {
            return false;
        }
        for (uint32_t r = 0; r < n; r++) {
            double *const sum = out->sum[t] + (uint64_t)r * BLOCKS / n * districts;
            for (uint32_t i = 0; i < districts; i++) {
                sum[i] += compare_weight(side, r) * compare_value_at(side, &table, r, side->row[i]);
            }
        }
    }
    return true;
}

static void draw_blocks(const char *stream_name, uint32_t sample, uint32_t count[BLOCKS])
{
    uxo_stream stream = uxo_stream_at(uxo_key_make(0, UXO_LEVEL_DESIGN, stream_name), sample, 0, UXO_PURPOSE_RESAMPLE);
    memset(count, 0, BLOCKS * sizeof *count);
    for (int b = 0; b < BLOCKS; b++) {
        count[uxo_stream_below(&stream, BLOCKS)]++;
    }
}

/* Ranks of one side in a sample. scratch: [districts]. */
static void rank_sample(const block_sums *side, const uint32_t count[BLOCKS], uint32_t districts, double *scratch,
                        double *rank)
{
    double weight = 0.0;
    for (int b = 0; b < BLOCKS; b++) {
        weight += count[b] * side->weight[b];
    }
    for (uint32_t i = 0; i < districts; i++) {
        double sum[TABLES] = {0.0, 0.0};
        for (int t = 0; t < TABLES && side->sum[t] != NULL; t++) {
            for (int b = 0; b < BLOCKS; b++) {
                sum[t] += count[b] * side->sum[t][(size_t)b * districts + i];
            }
        }
        scratch[i] = side->sum[1] == NULL ? sum[0] / weight : sum[1] > 0.0 ? sum[0] / sum[1] : NAN;
    }
    uxo_stats_rank_descending(scratch, districts, rank);
}

static int compare_numbers(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static int sign_of(double x)
{
    return (x > 0.0) - (x < 0.0);
}

/* Quantiles of the changes of one district, and how often they have the sign of the one that was found. */
static void judge(uxo_compare_ranks *out, uint32_t district, double *change)
{
    const double found = out->second[district] - out->first[district];
    uint32_t known = 0, same = 0;
    for (uint32_t s = 0; s < SAMPLES; s++) {
        if (!isnan(change[s])) {
            same += sign_of(change[s]) == sign_of(found);
            change[known++] = change[s];
        }
    }
    if (known == SAMPLES && !isnan(found)) {
        qsort(change, known, sizeof *change, compare_numbers);
        out->low[district] = uxo_stats_quantile_sorted(change, known, 0.05);
        out->high[district] = uxo_stats_quantile_sorted(change, known, 0.95);
        out->confidence[district] = (double)same / SAMPLES;
    }
}

static bool resample(uxo_compare_ranks *out, bool paired, const block_sums side[2], uint32_t districts)
{
    double *const change = calloc(((size_t)SAMPLES + 3) * districts, sizeof *change); /* [districts][SAMPLES] */
    if (change == NULL) {
        return false;
    }
    double *const scratch = change + (size_t)SAMPLES * districts, *const rank[2] = {scratch + districts,
                                                                                    scratch + 2 * districts};
    for (uint32_t s = 0; s < SAMPLES; s++) {
        uint32_t count[2][BLOCKS];
        draw_blocks("ranks", s, count[0]);
        draw_blocks(paired ? "ranks" : "ranks of the second", s, count[1]);
        rank_sample(&side[0], count[0], districts, scratch, rank[0]);
        rank_sample(&side[1], count[1], districts, scratch, rank[1]);
        for (uint32_t i = 0; i < districts; i++) {
            change[(size_t)i * SAMPLES + s] = rank[1][i] - rank[0][i];
        }
    }
    for (uint32_t i = 0; i < districts; i++) {
        judge(out, i, change + (size_t)i * SAMPLES);
    }
    free(change);
    return true;
}

static bool allocate(uxo_compare_ranks *out, int criterion, uint32_t districts)
{
    double *const block = calloc(5 * (size_t)districts + 1, sizeof *block);
    *out = (uxo_compare_ranks){.name = uxo_ranking_name((uxo_ranking_criterion)criterion),
                               .sentence = uxo_ranking_sentence((uxo_ranking_criterion)criterion),
                               .first = block};
    if (block != NULL) {
        out->second = block + districts;
        out->low = block + 2 * (size_t)districts;
        out->high = block + 3 * (size_t)districts;
        out->confidence = block + 4 * (size_t)districts;
    }
    return block != NULL;
}

static uxo_status compare_ranking(uxo_compare *self, const compare_side side[2], int criterion, uxo_report *report)
{
    const uint32_t districts = self->rows - 3;
    uxo_compare_ranks *const out = &self->ranking[self->rankings];
    block_sums sums[2];
    memset(sums, 0, sizeof sums);
    if (!allocate(out, criterion, districts)) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for ranks");
    }
    self->rankings++;
    for (uint32_t i = 0; i < districts; i++) {
        out->first[i] = side[0].table.value[CRITERION[criterion].rank][side[0].row[i]];
        out->second[i] = side[1].table.value[CRITERION[criterion].rank][side[1].row[i]];
        out->low[i] = out->high[i] = out->confidence[i] = NAN;
    }
    bool good = true;
    if (side[0].realisations >= BLOCKS && side[1].realisations >= BLOCKS &&
        sum_blocks(&side[0], districts, criterion, &sums[0]) && sum_blocks(&side[1], districts, criterion, &sums[1])) {
        good = resample(out, self->paired, sums, districts);
    }
    for (int s = 0; s < 2; s++) {
        for (int t = 0; t < TABLES; t++) {
            free(sums[s].sum[t]);
        }
    }
    return good ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for ranks");
}

uxo_status compare_rankings(uxo_compare *self, const compare_side side[2], uxo_report *report)
{
    for (int k = 0; self->rows > 3 && k < UXO_RANKING_COUNT; k++) {
        if (uxo_district_table_has(&side[0].table, CRITERION[k].rank) &&
            uxo_district_table_has(&side[1].table, CRITERION[k].rank)) {
            UXO_TRY(compare_ranking(self, side, k, report));
        }
    }
    return UXO_OK;
}
