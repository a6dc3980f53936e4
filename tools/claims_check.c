/* claims_check.c - `uxosim claims --check`: reads a published claim, prints whether its numbers fit together. Not here: the laws
 * (sim/model/claim.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "text_output.h"
#include "uxosim/schema.h"

/* What a claim says, with the bounds of what makes sense. */
static const struct {
    const char *key, *meaning;
    double least, most;
    bool whole, needed;
} KEYS[] = {{"carriers", "carriers that opened: rockets, shells, bombs", 1, UXO_CLAIM_MOST_SUBMUNITIONS, true, true},
            {"submunitions", "submunitions in each carrier", 1, 100000, true, true},
            {"rate", "mean failure rate, a share: 5 % is 0.05", 1e-6, 1.0 - 1e-6, false, true},
            {"duds", "unexploded submunitions, as claimed", 0, UXO_CLAIM_MOST_SUBMUNITIONS, true, true},
            {"concentration", "of failure rates about their mean: 20 is a standard deviation of 0.22 sqrt(m (1 - m))",
             0.1, 1e6, false, false},
            {"strikes", "so many failure rates; default: each carrier has its own", 1, UXO_CLAIM_MOST_SUBMUNITIONS,
             true, false}};
enum { KEY_COUNT = sizeof KEYS / sizeof *KEYS, CARRIERS = 0, SUBMUNITIONS, RATE, DUDS, CONCENTRATION, STRIKES };

static int find_key(const char *word, uxo_report *report)
{
    const char *names[KEY_COUNT];
    for (int i = 0; i < KEY_COUNT; i++) {
        names[i] = KEYS[i].key;
        if (strcmp(word, names[i]) == 0) {
            return i;
        }
    }
    const char *const nearest = uxo_schema_nearest(word, names, KEY_COUNT);
    uxo_report_add(
        report, UXO_ERROR, NULL,
        "--check: unknown key '%s'%s%s%s; keys are carriers, submunitions, rate, duds, concentration, strikes", word,
        nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "", nearest != NULL ? "'" : "");
    return -1;
}

static void read_value(int key, const char *text, double values[KEY_COUNT], uxo_report *report)
{
    char *end = NULL;
    const double number = strtod(text, &end);
    if (!isnan(values[key])) {
        uxo_report_add(report, UXO_ERROR, NULL, "--check: %s is there twice", KEYS[key].key);
    } else if (end == text || *end != '\0' || strpbrk(text, "xXnN") != NULL) {
        uxo_report_add(report, UXO_ERROR, NULL, "--check: %s=%s: a plain number is wanted, such as 1700 or 0.05 (%s)",
                       KEYS[key].key, text, KEYS[key].meaning);
        values[key] = INFINITY; /* it is there, if wrong */
    } else if (!(number >= KEYS[key].least && number <= KEYS[key].most) ||
               (KEYS[key].whole && number != floor(number))) {
        uxo_report_add(report, UXO_ERROR, NULL, "--check: %s=%s: %s from %.7g to %.7g is wanted (%s)", KEYS[key].key,
                       text, KEYS[key].whole ? "a whole number" : "a number", KEYS[key].least, KEYS[key].most,
                       KEYS[key].meaning);
        values[key] = INFINITY;
    } else {
        values[key] = number;
    }
}

static void read_words(char *text, double values[KEY_COUNT], uxo_report *report)
{
    static const char blank[] = " \t\r\n";
    char *rest = NULL;
    for (char *word = strtok_r(text, blank, &rest); word != NULL; word = strtok_r(NULL, blank, &rest)) {
        char *const equals = strchr(word, '=');
        if (equals == NULL) {
            uxo_report_add(report, UXO_ERROR, NULL, "--check: '%s' is not of the form key=number", word);
            continue;
        }
        *equals = '\0';
        const int key = find_key(word, report);
        if (key >= 0) {
            read_value(key, equals + 1, values, report);
        }
    }
    for (int i = 0; i < KEY_COUNT; i++) {
        if (KEYS[i].needed && isnan(values[i])) {
            uxo_report_add(report, UXO_ERROR, NULL, "--check: %s is missing: %s", KEYS[i].key, KEYS[i].meaning);
        }
    }
}

/* What each value may be, but not all of them together. Values that are wrong by themselves are infinite. */
static void check_together(const double values[KEY_COUNT], uxo_report *report)
{
    const double all = values[CARRIERS] * values[SUBMUNITIONS];
    char text[TEXT_NUMBER_SIZE];
    if (isfinite(all) && all > UXO_CLAIM_MOST_SUBMUNITIONS) {
        uxo_report_add(report, UXO_ERROR, NULL, "--check: %s submunitions in all; up to 5,000,000 can be checked",
                       text_whole(text, all));
    }
    if (isfinite(all) && isfinite(values[DUDS]) && values[DUDS] > all) {
        uxo_report_add(report, UXO_ERROR, NULL, "--check: duds=%.0f: there are no more than %s submunitions",
                       values[DUDS], text_whole(text, all));
    }
    if (isfinite(values[STRIKES]) && isfinite(values[CARRIERS]) && values[STRIKES] > values[CARRIERS]) {
        uxo_report_add(report, UXO_ERROR, NULL,
                       "--check: strikes=%.0f: a strike has one carrier or more, and there are %.0f", values[STRIKES],
                       values[CARRIERS]);
    }
    if (isfinite(values[STRIKES]) && isnan(values[CONCENTRATION])) {
        uxo_report_add(report, UXO_ERROR, NULL, "--check: strikes goes with concentration: %s",
                       KEYS[CONCENTRATION].meaning);
    }
}

uxo_status claims_check_parse(const char *text, uxo_claim *claim, uxo_report *report)
{
    double values[KEY_COUNT];
    const size_t before = report->error_count;
    char *const words = strdup(text);
    if (words == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (int i = 0; i < KEY_COUNT; i++) {
        values[i] = NAN;
    }
    read_words(words, values, report);
    check_together(values, report);
    free(words);
    if (report->error_count > before) {
        return UXO_ERR_USAGE;
    }
    *claim = (uxo_claim){.carriers = (uint32_t)values[CARRIERS],
                         .submunitions = (uint32_t)values[SUBMUNITIONS],
                         .strikes = (uint32_t)(isnan(values[STRIKES]) ? values[CARRIERS] : values[STRIKES]),
                         .duds = (uint32_t)values[DUDS],
                         .rate = values[RATE],
                         .concentration = values[CONCENTRATION]};
    return UXO_OK;
}

typedef enum verdict { CONSISTENT, UNLIKELY, INCONSISTENT } verdict;
static const char *const VERDICT[] = {"consistent: within the 90 % interval", "unlikely: outside the 90 % interval",
                                      "not consistent: once in a thousand or less"};
/* ASSUMED: no standard says where "not consistent" begins. */
static const double HARDLY = 1e-3;

static verdict verdict_of(const uxo_claim_law *law, double duds)
{
    if (duds >= law->low && duds <= law->high) {
        return CONSISTENT;
    }
    return fmin(law->p_that_many, law->p_that_few) > HARDLY ? UNLIKELY : INCONSISTENT;
}

static const char *probability_text(double p, char text[TEXT_NUMBER_SIZE])
{
    if (p < 1e-290) {
        return strcpy(text, "below 1e-290");
    }
    if (p > 0.9995) {
        return strcpy(text, "above 0.999");
    }
    snprintf(text, TEXT_NUMBER_SIZE, "%.2g", p);
    return text;
}

static void add_law(text_table *table, const char *name, const uxo_claim_law *law)
{
    char text[4][TEXT_NUMBER_SIZE], interval[TEXT_INTERVAL_SIZE], many[TEXT_NUMBER_SIZE], few[TEXT_NUMBER_SIZE];
    if (law->mean < 100.0) {
        snprintf(text[0], sizeof text[0], "%.4g", law->mean);
    } else {
        text_whole(text[0], law->mean);
    }
    snprintf(interval, sizeof interval, "%s to %s", text_whole(text[1], law->low), text_whole(text[2], law->high));
    const char *const row[] = {name, text[0], interval, probability_text(law->p_that_many, many),
                               probability_text(law->p_that_few, few)};
    text_table_add(table, row);
}

static void print_claim(const uxo_claim *claim, FILE *out)
{
    const double all = (double)claim->carriers * claim->submunitions;
    char text[4][TEXT_NUMBER_SIZE];
    fprintf(out, "Claimed: %s duds of %s submunitions (%s %s of %s), %.3g %% of them, at a failure rate of %.3g %%\n\n",
            text_whole(text[0], claim->duds), text_whole(text[1], all), text_whole(text[2], claim->carriers),
            claim->carriers > 1 ? "carriers" : "carrier", text_whole(text[3], claim->submunitions),
            100.0 * claim->duds / all, 100.0 * claim->rate);
}

static void print_laws(const claims_checked *self, const char *spread_name, FILE *out)
{
    char many[TEXT_NUMBER_SIZE + 16], few[TEXT_NUMBER_SIZE + 16], duds[TEXT_NUMBER_SIZE];
    text_table table;
    text_whole(duds, self->claim.duds);
    snprintf(many, sizeof many, "P(%s or more)", duds);
    snprintf(few, sizeof few, "P(%s or fewer)", duds);
    const char *const head[] = {"If", "Mean", "90 % interval", many, few};
    text_table_init(&table, 5);
    if (!table.failed) {
        table.left[0] = true;
        text_table_add(&table, head);
        text_table_add(&table, NULL);
        add_law(&table, "the rate is fixed (binomial)", &self->fixed);
        if (!isnan(self->spread.mean)) {
            add_law(&table, spread_name, &self->spread);
        }
    }
    text_table_print(&table, out);
    text_table_free(&table);
}

void claims_check_print(const claims_checked *self, FILE *out)
{
    const bool has_spread = !isnan(self->spread.mean);
    const double duds = self->claim.duds;
    char name[160], count[TEXT_NUMBER_SIZE];
    const char *const whose = self->claim.strikes == self->claim.carriers ? "carrier" : "strike";
    snprintf(name, sizeof name, "each of %s %ss has its own (concentration %g)", text_whole(count, self->claim.strikes),
             whose, self->claim.concentration);
    print_claim(&self->claim, out);
    print_laws(self, name, out);
    fprintf(out, "\nwith a fixed rate: %s\n", VERDICT[verdict_of(&self->fixed, duds)]);
    if (has_spread) {
        fprintf(out, "with its own rate for each %s: %s\n", whose, VERDICT[verdict_of(&self->spread, duds)]);
    }
    fputc('\n', out);
    text_wrap(
        "A fixed rate takes each submunition for a coin of its own, and its interval is too narrow: what shares a "
        "carrier, a lot and a field fails together.",
        0, out);
    text_wrap(
        "Carriers, their load and the mean rate are taken as claimed; what is not known of them, and carriers that did "
        "not open, are not included. Consistent means that the numbers fit together, not that they are right.",
        0, out);
}

static void json_law(json_output *json, const char *key, const uxo_claim_law *law, double duds)
{
    static const char *const words[] = {"consistent", "unlikely", "not consistent"};
    if (isnan(law->mean)) {
        json_raw(json, key, "null");
        return;
    }
    json_open_inline(json, key, '{');
    json_number(json, "mean", law->mean);
    json_number(json, "sd", law->sd);
    json_number(json, "p05", law->low);
    json_number(json, "p95", law->high);
    json_number(json, "probability_that_many_or_more", law->p_that_many);
    json_number(json, "probability_that_many_or_fewer", law->p_that_few);
    json_text(json, "verdict", words[verdict_of(law, duds)]);
    json_close(json, '}');
}

void claims_check_json(const claims_checked *self, json_output *json)
{
    json_open(json, "check", '{');
    json_number(json, "carriers", self->claim.carriers);
    json_number(json, "submunitions", self->claim.submunitions);
    json_number(json, "rate", self->claim.rate);
    json_number(json, "concentration", self->claim.concentration);
    json_number(json, "strikes", self->claim.strikes);
    json_number(json, "duds", self->claim.duds);
    json_law(json, "fixed_rate", &self->fixed, self->claim.duds);
    json_law(json, "rate_of_its_own", &self->spread, self->claim.duds);
    json_number(json, "relative_error", UXO_CLAIM_ERROR);
    json_close(json, '}');
}
