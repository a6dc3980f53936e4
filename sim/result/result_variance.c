/* result_variance.c - /variance and /ranking: where the spread of each district comes from, and how sure their order is. Not here: its
 * numbers (sim/engine/variance, ranking). */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result_parts.h"

/* A column of the table of shares. */
typedef struct share_column {
    const char *name, *sentence;
    size_t offset; /* in uxo_variance_share */
} share_column;

/* `words` in the place of the sentence's %s; to be freed. */
static char *sentence_of(const char *sentence, const char *words)
{
    const char *const gap = strstr(sentence, "%s");
    const size_t size = strlen(sentence) + strlen(words) + 1;
    char *const text = malloc(size);
    if (text != NULL && gap != NULL) {
        snprintf(text, size, "%.*s%s%s", (int)(gap - sentence), sentence, words, gap + 2);
    }
    return text;
}

/* Shares in the variance of one quantity: prefix of its datasets, and words. */
static void write_shares(h5_output *out, hid_t parent, const char *prefix, const char *words,
                         const uxo_variance_share *share, const h5_dimension axes[2])
{
    static const share_column columns[] = {
        {"first_order", "share of the variance of %s that would vanish on average if the group were known",
         offsetof(uxo_variance_share, first)},
        {"first_order_se", "Monte Carlo standard error of the first-order share of %s",
         offsetof(uxo_variance_share, first_se)},
        {"total", "share of the variance of %s that would remain if all but the group were known",
         offsetof(uxo_variance_share, total)},
        {"total_se", "Monte Carlo standard error of the total share of %s", offsetof(uxo_variance_share, total_se)},
    };
    const size_t items = (size_t)(axes[0].length * axes[1].length);
    double *const values = malloc(items * sizeof *values);
    if (values == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        char name[64];
        char *const sentence = sentence_of(columns[c].sentence, words);
        for (size_t i = 0; i < items; i++) {
            memcpy(&values[i], (const char *)&share[i] + columns[c].offset, sizeof values[i]);
        }
        snprintf(name, sizeof name, "%s_%s", prefix, columns[c].name);
        const hid_t dataset = h5_table(out, parent, name, H5T_NATIVE_DOUBLE, values, axes, 2);
        h5_number(out, dataset, "_FillValue", (double)NAN);
        h5_text(out, dataset, "long_name", sentence != NULL ? sentence : name);
        h5_word(out, dataset, "units", "1");
        h5_close_dataset(dataset);
        free(sentence);
    }
    free(values);
}

static void write_independent(h5_output *out, hid_t parent, const uxo_variance *variance, const h5_dimension *row)
{
    const struct {
        const char *name, *sentence;
        const double *values;
    } columns[] = {
        {"independent_duds_sd",
         "standard deviation of the number of duds, had every strike drawn its own mean failure rate",
         variance->independent_sd},
        {"independent_duds_p05", "5 % quantile of the number of duds, had every strike drawn its own mean failure rate",
         variance->independent_quantile[0]},
        {"independent_duds_p50", "median of the number of duds, had every strike drawn its own mean failure rate",
         variance->independent_quantile[1]},
        {"independent_duds_p95",
         "95 % quantile of the number of duds, had every strike drawn its own mean failure rate",
         variance->independent_quantile[2]},
    };
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        const hid_t dataset = h5_table(out, parent, columns[c].name, H5T_NATIVE_DOUBLE, columns[c].values, row, 1);
        h5_text(out, dataset, "long_name", columns[c].sentence);
        h5_word(out, dataset, "units", "1");
        h5_close_dataset(dataset);
    }
}

/* Shares of the quantities of /draws in the variance of one total, in their order. */
static void write_item_shares(h5_output *out, hid_t group, const char *prefix, const char *words,
                              const uxo_variance_item *item, const h5_dimension *axis)
{
    double *const values = malloc((axis->length + 1) * sizeof *values);
    if (values == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    for (int error = 0; error < 2; error++) {
        char name[64];
        char *const sentence =
            sentence_of(error ? "Monte Carlo standard error of the share in the variance of the total of %s"
                              : "share of the variance of the total of %s that would vanish on average if this "
                                "quantity, drawn once per realisation, were known",
                        words);
        for (size_t i = 0; i < axis->length; i++) {
            values[i] = error ? item[i].first_se : item[i].first;
        }
        snprintf(name, sizeof name, "item_%s_share%s", prefix, error ? "_se" : "");
        const hid_t dataset = h5_table(out, group, name, H5T_NATIVE_DOUBLE, values, axis, 1);
        h5_text(out, dataset, "long_name", sentence != NULL ? sentence : name);
        h5_close_dataset(dataset);
        free(sentence);
    }
    free(values);
}

static const char DUDS[] = "the number of duds", LOG_ACCIDENTS[] = "the logarithm of expected accidents";

static void write_items(h5_output *out, hid_t group, const uxo_scenario *scenario, const uxo_variance *variance)
{
    const size_t items = scenario->campaign_count;
    const char **const names = malloc((items + 1) * sizeof *names);
    h5_dimension axis = h5_plain_dimension(out, group, "campaign_item", items);
    if (names == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else {
        for (size_t i = 0; i < items; i++) {
            names[i] = scenario->campaign[i].name;
        }
        h5_close_dataset(h5_texts(out, group, "item_name", names, &axis));
        write_item_shares(out, group, "duds", DUDS, variance->item, &axis);
        if (variance->item_accidents != NULL) {
            write_item_shares(out, group, "log_accidents", LOG_ACCIDENTS, variance->item_accidents, &axis);
        }
    }
    h5_close_dimension(&axis);
    free(names);
}

void result_write_variance(h5_output *out, const uxo_result_run *run)
{
    static const char *const names[] = {
#define X(id, name, sentence) name,
        UXO_DRAW_GROUPS(X)
#undef X
    };
    static const char *const sentences[] = {
#define X(id, name, sentence) sentence,
        UXO_DRAW_GROUPS(X)
#undef X
    };
    const uxo_variance *const variance = &run->outcome->variance;
    if (variance->pairs == 0) {
        return;
    }
    const hid_t group = h5_group(out, "variance");
    h5_text(out, group, "long_name",
            "shares of groups of draws in the variance over realisations, by row of the district table");
    h5_integer(out, group, "pairs", (int32_t)variance->pairs);
    h5_dimension axes[2] = {h5_plain_dimension(out, group, "draw_group", UXO_GROUP_COUNT),
                            h5_plain_dimension(out, group, "variance_row", variance->rows)};
    h5_close_dataset(h5_texts(out, group, "group_name", names, &axes[0]));
    h5_close_dataset(h5_texts(out, group, "group_meaning", sentences, &axes[0]));
    h5_close_dataset(h5_texts(out, group, "row_name", (const char *const *)run->districts->name, &axes[1]));
    write_shares(out, group, "duds", DUDS, variance->duds, axes);
    if (variance->log_accidents != NULL) {
        write_shares(out, group, "log_accidents", LOG_ACCIDENTS, variance->log_accidents, axes);
        h5_number(out, group, "least_accidents", UXO_LEAST_ACCIDENTS);
    }
    write_independent(out, group, variance, &axes[1]);
    write_items(out, group, run->scenario, variance);
    h5_close_dimension(&axes[0]);
    h5_close_dimension(&axes[1]);
    h5_close_group(group);
}

static void write_rank(h5_output *out, hid_t group, const char *name, const char *sentence, const double *values,
                       const h5_dimension *axes, unsigned rank)
{
    const hid_t dataset = h5_table(out, group, name, H5T_NATIVE_DOUBLE, values, axes, rank);
    h5_text(out, dataset, "long_name", sentence);
    h5_word(out, dataset, "units", "1");
    h5_close_dataset(dataset);
}

static void write_criterion(h5_output *out, hid_t group, uxo_ranking_criterion criterion, const uxo_ranking *ranking,
                            const h5_dimension *district)
{
    const char *const by = uxo_ranking_name(criterion), *const what = uxo_ranking_sentence(criterion);
    const h5_dimension axes[2] = {*district, *district};
    const struct {
        const char *suffix, *sentence;
        const double *values;
        unsigned rank;
    } tables[] = {
        {"expected_rank", "mean rank over realisations", ranking->expected, 1},
        {"rank_p05", "5 % quantile of the rank over realisations", ranking->low, 1},
        {"rank_p95", "95 % quantile of the rank over realisations", ranking->high, 1},
        {"before", "probability that the district of the row comes before that of the column, ties half",
         ranking->before, 2},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char name[64], sentence[200];
        snprintf(name, sizeof name, "%s_%s", by, tables[i].suffix);
        snprintf(sentence, sizeof sentence, "%s, by %s; 1 is most", tables[i].sentence, what);
        if (tables[i].values != NULL) {
            write_rank(out, group, name, sentence, tables[i].values, axes, tables[i].rank);
        }
    }
}

void result_write_ranking(h5_output *out, const uxo_result_run *run)
{
    const uxo_ranking *const rankings = run->outcome->ranking;
    const uint32_t districts = run->scenario->districts.count;
    bool any = false;
    for (int i = 0; i < UXO_RANKING_COUNT; i++) {
        any = any || rankings[i].districts > 0;
    }
    if (!any) {
        return;
    }
    const hid_t group = h5_group(out, "ranking");
    h5_text(out, group, "long_name",
            "how sure the order of the districts is: ranks in each realisation by conditional expectation");
    h5_dimension district = h5_plain_dimension(out, group, "ranked_district", districts);
    h5_close_dataset(h5_texts(out, group, "name", (const char *const *)run->districts->name, &district));
    for (uxo_ranking_criterion i = (uxo_ranking_criterion)0; i < UXO_RANKING_COUNT; i++) {
        if (rankings[i].districts > 0) {
            write_criterion(out, group, i, &rankings[i], &district);
        }
    }
    h5_close_dimension(&district);
    h5_close_group(group);
}
