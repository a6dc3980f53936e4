/* claims_text.c - the sentences about a row of the table. What was modelled "may lie"; the words for what was counted are not used here.
 * Not here: what they rest on (claims_read.c, claims_condition.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "districts.h"
#include "text_output.h"

static bool is_total(const claims *self, uint32_t row)
{
    return row + 1 == self->table.rows;
}

static double value(const claims *self, uxo_district_column column, uint32_t row)
{
    return self->table.value[column][row];
}

static void write_place(const claims *self, uint32_t row, bool line, FILE *out)
{
    if (is_total(self, row)) {
        fputs("where the listed strikes came down", out);
        return;
    }
    char *const name = line ? text_for_line(self->table.name[row]) : strdup(self->table.name[row]);
    fprintf(out, "in %s%s", self->zones != NULL ? "zone " : "", name != NULL ? name : "");
    free(name);
    if (self->table.status != NULL && self->table.status[row][0] != '\0') {
        char *const status = line ? text_for_line(self->table.status[row]) : strdup(self->table.status[row]);
        fprintf(out, " (status as given: %s)", status != NULL ? status : "");
        free(status);
    }
}

/* "about 160 (90 % interval 40 to 350)". */
static void write_estimate(double mean, double low, double high, FILE *out)
{
    char text[3][TEXT_NUMBER_SIZE];
    fprintf(out, "%s %s (90 %% interval %s to %s)", mean < 1.0 ? "on average" : "about", text_about(text[0], mean),
            text_about(text[1], low), text_about(text[2], high));
}

static void write_headline(const claims *self, uint32_t row, bool line, FILE *out)
{
    const char *const as_of = uxo_result_text(self->result, "/", "as_of");
    const double mean = value(self, UXO_COLUMN_DUDS_MEAN, row);
    char realisations[TEXT_NUMBER_SIZE];
    if (mean > 0.0) {
        fputs("Modelled, not surveyed: ", out);
        write_estimate(mean, value(self, UXO_COLUMN_DUDS_P05, row), value(self, UXO_COLUMN_DUDS_P95, row), out);
        fputs(" unexploded submunitions may lie ", out);
    } else {
        fprintf(out, "Modelled, not surveyed: none of %s draws put an unexploded submunition ",
                text_whole(realisations, uxo_result_number(self->result, "/", "realisations")));
    }
    write_place(self, row, line, out);
    fprintf(out, " as of %s%s, %s.%s", as_of != NULL ? as_of : "an unknown day",
            self->has_cleared ? ", less what the listed clearance removed" : "", self->condition,
            mean > 0.0 ? "" : " That does not say that there are none.");
    fputs(" Strikes that nobody listed and older contamination are not included.", out);
}

static char *finish(FILE *out, char **text)
{
    if (out == NULL || fclose(out) != 0) {
        free(*text);
        return NULL;
    }
    return *text;
}

static bool is_empty_list(const claims *self)
{
    return uxo_result_number(self->result, "/strikes", "count") <= 0.0;
}

char *claims_headline(const claims *self, uint32_t row, bool line)
{
    char *text = NULL;
    size_t length = 0;
    if (claims_is_alleged(self, row) || is_empty_list(self) || isnan(value(self, UXO_COLUMN_DUDS_MEAN, row))) {
        return NULL;
    }
    FILE *const out = open_memstream(&text, &length);
    if (out != NULL) {
        write_headline(self, row, line, out);
    }
    return finish(out, &text);
}

char *claims_refusal(const claims *self, uint32_t row, bool line)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL || (!claims_is_alleged(self, row) && !is_empty_list(self))) {
        (void)finish(out, &text);
        free(text);
        return NULL;
    }
    if (is_empty_list(self)) {
        fputs("No headline: no listed strike reaches this ground. That does not say that there was none.", out);
    } else {
        const double share = claims_alleged_share(self, row);
        const bool is_known = self->zones == NULL || is_total(self, row);
        fputs("No headline for what may lie ", out);
        write_place(self, row, line, out);
        fputs(": ", out);
        if (!is_known) {
            fputs("some of the listed strikes are only alleged, and of zones it is not known which strikes their duds "
                  "come from",
                  out);
        } else if (isnan(share)) {
            fputs("more than half of the modelled duds come from strikes that are only alleged", out);
        } else {
            fprintf(out, "%.0f %% of the modelled duds come from strikes that are only alleged", 100.0 * share);
        }
        fputs(". Have them confirmed, or leave them out and run again.", out);
    }
    return finish(out, &text);
}

static const char *people_source(uxo_result *result, const char *wanted)
{
    size_t count = 0, values = 0;
    const char *const *const path = uxo_result_strings(result, "/provenance/used_path", &count);
    const char *const *const text = uxo_result_strings(result, "/provenance/used_value", &values);
    for (size_t i = 0; path != NULL && text != NULL && values == count && i < count; i++) {
        if (strcmp(path[i], wanted) == 0) {
            return text[i];
        }
    }
    return NULL;
}

char *claims_people(const claims *self, uint32_t row)
{
    char number[2][TEXT_NUMBER_SIZE];
    char *text = NULL;
    size_t length = 0;
    const double people = value(self, UXO_COLUMN_POPULATION, row);
    const double affected = value(self, UXO_COLUMN_PEOPLE_AFFECTED_MEAN, row);
    const char *source = people_source(self->result, "layers.population.file");
    if (source == NULL && self->zones != NULL && !is_total(self, row)) {
        char path[160];
        snprintf(path, sizeof path, "layers.zones.%.100s.file", self->zones);
        source = people_source(self->result, path);
    } else if (source == NULL) {
        source = people_source(self->result, "layers.districts.file");
    }
    FILE *const out = isnan(people) ? NULL : open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    if (people >= 0.5) {
        fprintf(out, "About %s people live ", text_about(number[0], round(people)));
    } else {
        fputs("Nobody lives ", out);
    }
    fputs(is_total(self, row) ? "on the mapped ground" : "there", out);
    if (source != NULL) {
        fprintf(out, " by %s", source);
    }
    if (!isnan(affected) && people >= 0.5) {
        fprintf(out, "; of them, modelled, about %s on blocks of 100 m where 0.05 duds or more are to be expected",
                text_about(number[1], affected));
    }
    fputc('.', out);
    return finish(out, &text);
}

static void write_group(const claims_group *group, const char *variance, FILE *out)
{
    fprintf(out, "%s (%.0f %% of %s)", claims_group_words(group->name), 100.0 * fmin(1.0, group->share), variance);
}

/* `interval`: "The interval"; `variance`: "the variance". */
static char *origin_sentence(const claims *self, const claims_origin *origin, const char *interval,
                             const char *variance)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = origin->spread == SPREAD_NONE ? NULL : open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    if (origin->spread == SPREAD_KNOWN) {
        fprintf(out, "%s hangs most on ", interval);
        write_group(&origin->first, variance, out);
        if (origin->second.name != NULL) {
            fputs(" and, not told apart from it, on ", out);
            write_group(&origin->second, variance, out);
        }
        fputc('.', out);
    } else if (origin->spread == SPREAD_UNCLEAR) {
        fprintf(out, "%s: what it hangs on most is not clear, no group of unknowns stands out from its error.",
                interval);
    } else {
        fprintf(out, "%s: what it hangs on most %s.", interval,
                self->is_public ? "is not in this public copy" : "was not computed (output.variance_realisations)");
    }
    return finish(out, &text);
}

/* Of zones the table of shares has no rows: nothing is said, rather than that nothing was computed. */
static bool has_origin(const claims *self, uint32_t row)
{
    return self->zones == NULL || is_total(self, row);
}

char *claims_origin_sentence(const claims *self, uint32_t row)
{
    const claims_origin origin = claims_origin_of(self, row, "duds");
    return has_origin(self, row) ? origin_sentence(self, &origin, "The interval", "the variance") : NULL;
}

/* Expected accidents spread over orders of magnitude, so that the shares are those of their logarithm. */
char *claims_accident_origin_sentence(const claims *self, uint32_t row)
{
    const claims_origin origin = claims_origin_of(self, row, "log_accidents");
    const bool has_accidents = value(self, UXO_COLUMN_ACCIDENTS_MEAN, row) > 0.0;
    return has_accidents && has_origin(self, row)
               ? origin_sentence(self, &origin, "How many accidents are to be expected",
                                 "the variance of its logarithm")
               : NULL;
}

char *claims_accidents(const claims *self, uint32_t row)
{
    char *text = NULL;
    size_t length = 0;
    const double mean = value(self, UXO_COLUMN_ACCIDENTS_MEAN, row);
    FILE *const out = mean > 0.0 ? open_memstream(&text, &length) : NULL;
    if (out == NULL) {
        return NULL;
    }
    fputs("If people return and use the ground as the ledger assumes and nothing is cleared, ", out);
    write_estimate(mean, value(self, UXO_COLUMN_ACCIDENTS_P05, row), value(self, UXO_COLUMN_ACCIDENTS_P95, row), out);
    fputs(" accidents may happen in the first year", out);
    const double casualties = value(self, UXO_COLUMN_CASUALTIES_MEAN, row);
    if (!isnan(casualties)) {
        char number[TEXT_NUMBER_SIZE];
        fprintf(out, ", with %s %s casualties", casualties < 1.0 ? "on average" : "about",
                text_about(number, casualties));
    }
    fputs(" (modelled).", out);
    return finish(out, &text);
}
