/* districts_ranking.c - how sure the order of the districts is, as a table, CSV or JSON. Not here: the numbers (sim/engine/ranking). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "districts.h"
#include "json_output.h"
#include "text_output.h"
#include "uxosim/number_text.h"

/* Ranks by one criterion; numbers belong to the result. */
typedef struct criterion {
    const char *name, *words;
    const double *expected, *low, *high; /* [districts] */
    const double *before;                /* [districts][districts]; NULL: too many were there to compare */
} criterion;

typedef struct rankings {
    size_t districts;
    const char *const *name;
    size_t count;
    criterion by[UXO_RANKING_COUNT];
} rankings;

static const double *numbers_of(uxo_result *result, const char *ranked_by, const char *suffix, size_t wanted)
{
    char path[96];
    size_t count = 0;
    snprintf(path, sizeof path, "/ranking/%s_%s", ranked_by, suffix);
    const double *const values = uxo_result_numbers(result, path, &count);
    return count == wanted ? values : NULL;
}

static uxo_status read_rankings(uxo_result *result, rankings *self, uxo_report *report)
{
    *self = (rankings){0};
    self->name = uxo_result_strings(result, "/ranking/name", &self->districts);
    for (uxo_ranking_criterion i = (uxo_ranking_criterion)0; self->name != NULL && i < UXO_RANKING_COUNT; i++) {
        const char *const name = uxo_ranking_name(i);
        const criterion by = {name,
                              uxo_ranking_sentence(i),
                              numbers_of(result, name, "expected_rank", self->districts),
                              numbers_of(result, name, "rank_p05", self->districts),
                              numbers_of(result, name, "rank_p95", self->districts),
                              numbers_of(result, name, "before", self->districts * self->districts)};
        if (by.expected != NULL && by.low != NULL && by.high != NULL) {
            self->by[self->count++] = by;
        }
    }
    return self->count > 0 ? UXO_OK
                           : uxo_fail(report, UXO_ERR_DATA, NULL,
                                      "the file holds no ranks over realisations: they come with the estimator "
                                      "expected-value, for two districts or more");
}

/* By ascending expected rank. */
static size_t *order_of(const criterion *by, size_t districts)
{
    size_t *const order = calloc(districts + 1, sizeof *order);
    for (size_t i = 0; order != NULL && i < districts; i++) {
        size_t at = i;
        while (at > 0 && by->expected[order[at - 1]] > by->expected[i]) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    return order;
}

static bool is_separated(double before)
{
    return before >= UXO_SEPARATED || before <= 1.0 - UXO_SEPARATED;
}

/* Names of those that a district cannot be told apart from; to be freed. */
static char *not_separated(const rankings *self, const criterion *by, const size_t *order, size_t district,
                           const char *separator)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    const char *between = "";
    for (size_t k = 0; out != NULL && by->before != NULL && k < self->districts; k++) {
        const size_t other = order[k];
        if (other != district && !is_separated(by->before[district * self->districts + other])) {
            fprintf(out, "%s%s", between, self->name[other]);
            between = separator;
        }
    }
    if (out == NULL || fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static void print_criterion(const rankings *self, const criterion *by, const size_t *order, FILE *out)
{
    static const char *const head[] = {"District", "Expected rank", "90 % interval", "not told apart from"};
    text_table table;
    text_table_init(&table, 4);
    if (!table.failed) {
        table.left[0] = table.left[3] = true;
        text_table_add(&table, head);
        text_table_add(&table, NULL);
    }
    for (size_t k = 0; k < self->districts && !table.failed; k++) {
        const size_t i = order[k];
        char rank[32], interval[64];
        char *const others = not_separated(self, by, order, i, ", ");
        snprintf(rank, sizeof rank, "%.1f", by->expected[i]);
        snprintf(interval, sizeof interval, "%.3g to %.3g", by->low[i], by->high[i]);
        const char *const cell[] = {self->name[i], rank, interval, others != NULL && others[0] != '\0' ? others : "-"};
        text_table_add(&table, cell);
        free(others);
    }
    fprintf(out, "Ranks by %s, 1 is most\n\n", by->words);
    text_table_print(&table, out);
    text_table_free(&table);
    fputc('\n', out);
}

static void write_csv(const rankings *self, const criterion *by, const size_t *order, FILE *out)
{
    for (size_t k = 0; k < self->districts; k++) {
        const size_t i = order[k];
        const double ranks[] = {by->expected[i], by->low[i], by->high[i]};
        char *const others = not_separated(self, by, order, i, "; ");
        districts_write_csv_text(self->name[i], out);
        fprintf(out, ",%s", by->name);
        for (int c = 0; c < 3; c++) {
            char number[UXO_NUMBER_SIZE];
            fprintf(out, ",%s", uxo_number_text(number, ranks[c]));
        }
        fputc(',', out);
        districts_write_csv_text(others != NULL ? others : "", out);
        fputc('\n', out);
        free(others);
    }
}

static void write_json(json_output *json, const rankings *self, const criterion *by, const size_t *order)
{
    json_open(json, by->name, '[');
    for (size_t k = 0; k < self->districts; k++) {
        const size_t i = order[k];
        json_open(json, NULL, '{');
        json_text(json, "district", self->name[i]);
        json_number(json, "expected_rank", by->expected[i]);
        json_number(json, "rank_p05", by->low[i]);
        json_number(json, "rank_p95", by->high[i]);
        if (by->before != NULL) {
            json_open_inline(json, "before", '{');
            for (size_t j = 0; j < self->districts; j++) {
                json_number(json, self->name[j], by->before[i * self->districts + j]);
            }
            json_close(json, '}');
        }
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void begin(districts_format format, json_output *json, FILE *out)
{
    if (format == FORMAT_CSV) {
        fputs("district,ranked_by,expected_rank,rank_p05,rank_p95,not_separated_from\n", out);
    } else if (format == FORMAT_JSON) {
        json_init(json, out);
        json_open(json, NULL, '{');
        json_text(json, "note", UXO_SENTENCE);
    }
}

static void end(districts_format format, json_output *json, FILE *out)
{
    if (format == FORMAT_JSON) {
        json_close(json, '}');
        fputc('\n', out);
    } else if (format == FORMAT_TABLE) {
        text_wrap("Two districts are told apart where one comes before the other in at least 90 % of the realisations. "
                  "Ranks are by what "
                  "each realisation expects of a district; those that tie share the mean of their ranks.",
                  0, out);
        text_wrap(UXO_SENTENCE, 0, out);
    }
}

uxo_status districts_write_ranking(uxo_result *result, districts_format format, FILE *out, uxo_report *report)
{
    rankings self;
    json_output json;
    UXO_TRY(read_rankings(result, &self, report));
    begin(format, &json, out);
    for (size_t c = 0; c < self.count; c++) {
        size_t *const order = order_of(&self.by[c], self.districts);
        if (order == NULL) {
            return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
        }
        if (format == FORMAT_CSV) {
            write_csv(&self, &self.by[c], order, out);
        } else if (format == FORMAT_JSON) {
            write_json(&json, &self, &self.by[c], order);
        } else {
            print_criterion(&self, &self.by[c], order, out);
        }
        free(order);
    }
    end(format, &json, out);
    return UXO_OK;
}
