/* claims_condition.c - what every figure of a result hangs on, from its strikes and its ledger: how many strikes, how sure they are, which
 * failure rates. Not here: the figures (claims_text.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "ledger.h"
#include "text_output.h"

/* "each of them one with submunitions with a probability of 0.9". */
static void write_confidence(uxo_result *result, FILE *out)
{
    size_t count = 0;
    const char *const *const text = uxo_result_strings(result, "/strikes/confidence", &count);
    double low = INFINITY, high = -INFINITY;
    bool numbers = text != NULL && count > 0;
    for (size_t i = 0; numbers && i < count; i++) {
        char *end = NULL;
        const double value = strtod(text[i], &end);
        numbers = end != text[i] && *end == '\0';
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (!numbers) {
        fputs(", each with submunitions with a probability that is itself uncertain", out);
    } else if (low < high) {
        fprintf(out, ", each with submunitions with a probability from %g to %g", low, high);
    } else if (low < 1.0) {
        fprintf(out, ", each with submunitions with a probability of %g", low);
    } else {
        fputs(", each with submunitions for certain", out);
    }
}

static void write_strikes(uxo_result *result, bool is_public, FILE *out)
{
    char text[3][TEXT_NUMBER_SIZE];
    size_t count = 0;
    double carriers = 0.0;
    const double strikes = uxo_result_number(result, "/strikes", "count");
    const double *const expected = uxo_result_numbers(result, "/strikes/expected_carriers", &count);
    if (is_public || isnan(strikes) || expected == NULL) {
        fputs("if the strikes behind this public copy, whose list is not in it, took place as they were reported", out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        carriers += expected[i];
    }
    const double reports = uxo_result_number(result, "/strikes", "report_count");
    fprintf(out, "if the %s listed %s (%s %s) took place as reported", text_whole(text[0], strikes),
            strikes > 1.0 ? "strikes" : "strike", text_whole(text[1], fmax(reports, strikes)),
            fmax(reports, strikes) > 1.0 ? "reports" : "report");
    write_confidence(result, out);
    fprintf(out, " and with about %s carriers (rockets, shells or bombs) in all", text_about(text[2], carriers));
}

/* "5 to 40 %" of a rate as the ledger has it; the value itself where it is of another form. */
static void write_rate(const char *value, FILE *out)
{
    double a = NAN, b = NAN, c = NAN;
    char *end = NULL;
    const double fixed = strtod(value, &end);
    if (end != value && *end == '\0') {
        fprintf(out, "%.3g %%, a fixed number,", 100.0 * fixed);
        return;
    }
    if (sscanf(value, "{interval90: [%lf, %lf]", &a, &b) == 2) {
        fprintf(out, "%.3g to %.3g %% (90 %% interval", 100.0 * a, 100.0 * b);
    } else if (sscanf(value, "{uniform: [%lf, %lf]", &a, &b) == 2) {
        fprintf(out, "%.3g to %.3g %% (all equally likely", 100.0 * a, 100.0 * b);
    } else if (sscanf(value, "{triangular: [%lf, %lf, %lf]", &a, &c, &b) == 3) {
        fprintf(out, "%.3g to %.3g %% (most likely %.3g %%", 100.0 * a, 100.0 * b, 100.0 * c);
    } else if (sscanf(value, "{beta: {mean: %lf, concentration: %lf}", &a, &b) == 2) {
        fprintf(out, "%.3g %% on average (a Beta of concentration %g", 100.0 * a, b);
    } else {
        fprintf(out, "%s", value);
        return;
    }
    fprintf(out, "%s)",
            strstr(value, "per: campaign") != NULL  ? ", the same for all strikes"
            : strstr(value, "per: strike") != NULL  ? ", its own for each strike"
            : strstr(value, "per: carrier") != NULL ? ", its own for each carrier"
                                                    : "");
}

/* The type's name in "munitions.NAME.dud_rate"; length 0: another path. */
static size_t type_of(const char *path, const char **name)
{
    static const char front[] = "munitions.", back[] = ".dud_rate";
    const size_t length = strlen(path);
    if (strncmp(path, front, sizeof front - 1) != 0 || length <= (sizeof front - 1) + (sizeof back - 1) ||
        strcmp(path + length - (sizeof back - 1), back) != 0) {
        return 0;
    }
    *name = path + sizeof front - 1;
    return length - (sizeof front - 1) - (sizeof back - 1);
}

/* Types with one and the same rate are named together. */
static void write_types(const ledger *values, size_t first, FILE *out)
{
    const char *between = "";
    for (size_t i = first; i < values->count; i++) {
        const char *name = NULL;
        const size_t length = type_of(values->row[i].path, &name);
        if (length > 0 && strcmp(values->row[i].value, values->row[first].value) == 0) {
            fprintf(out, "%s%.*s", between, (int)length, name);
            between = ", ";
        }
    }
}

static bool was_named(const ledger *values, size_t row)
{
    const char *name = NULL;
    for (size_t i = 0; i < row; i++) {
        if (type_of(values->row[i].path, &name) > 0 && strcmp(values->row[i].value, values->row[row].value) == 0) {
            return true;
        }
    }
    return false;
}

static void write_rates(const ledger *values, FILE *out)
{
    const char *front = ", and if the share of submunitions that failed was ";
    for (size_t i = 0; i < values->count; i++) {
        const char *name = NULL;
        if (type_of(values->row[i].path, &name) > 0 && !was_named(values, i)) {
            fputs(front, out);
            write_rate(values->row[i].value, out);
            fputs(" for ", out);
            write_types(values, i, out);
            front = "; ";
        }
    }
}

/* What changes confidences and rates for all strikes alike. */
static void write_campaign(const ledger *values, FILE *out)
{
    static const char reliability[] = "campaign.reliability.", ground[] = "ground.dud_rate_log_odds.";
    bool has_ground = false;
    for (size_t i = 0; i < values->count; i++) {
        const ledger_row *const row = &values->row[i];
        if (strcmp(row->path, "campaign.dud_rate_log_odds_shift") == 0 && strcmp(row->value, "0") != 0) {
            fprintf(out, ", their log odds shifted by %s for all types", row->value);
        } else if (strncmp(row->path, reliability, sizeof reliability - 1) == 0 && strcmp(row->value, "1") != 0) {
            fprintf(out, ", and if of %s reports a share of %s was reliable", row->path + sizeof reliability - 1,
                    row->value);
        }
        has_ground = has_ground || strncmp(row->path, ground, sizeof ground - 1) == 0;
    }
    fputs(has_ground ? ", more or fewer of them by kind of ground" : "", out);
}

char *claims_condition(uxo_result *result, bool is_public)
{
    char *text = NULL;
    size_t length = 0;
    ledger values;
    uxo_report unread;
    uxo_report_init(&unread);
    const bool has_ledger = ledger_read(&values, result, &unread) == UXO_OK;
    FILE *const out = has_ledger ? open_memstream(&text, &length) : NULL;
    if (out != NULL) {
        write_strikes(result, is_public, out);
        write_rates(&values, out);
        write_campaign(&values, out);
        if (fclose(out) != 0) {
            free(text);
            text = NULL;
        }
    }
    ledger_free(&values);
    uxo_report_free(&unread);
    return text;
}
