/* claims_read.c - what a result lets one say: is it dated, is it attested, what does the spread come from. Not here: the sentences
 * (claims_text.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "text_output.h"

/* Ids of strikes without a date, the first ones; to be freed. */
static char *undated_ids(uxo_result *result)
{
    enum { MOST_NAMED = 20 };
    size_t count = 0, dates = 0, found = 0;
    char *text = NULL;
    size_t length = 0;
    const char *const *const id = uxo_result_strings(result, "/strikes/id", &count);
    const char *const *const date = uxo_result_strings(result, "/strikes/date", &dates);
    FILE *const out = id != NULL && date != NULL && dates == count ? open_memstream(&text, &length) : NULL;
    for (size_t i = 0; out != NULL && i < count; i++) {
        if (date[i][0] == '\0' && found++ < MOST_NAMED) {
            fprintf(out, "%s%s", found > 1 ? ", " : "", id[i]);
        }
    }
    if (out != NULL && found > MOST_NAMED) {
        fprintf(out, " and %zu more", found - MOST_NAMED);
    }
    if (out != NULL && fclose(out) != 0) {
        free(text);
        text = NULL;
    }
    return text;
}

static uxo_status refuse_undated(const claims *self, uxo_report *report)
{
    char *const ids = undated_ids(self->result);
    const uxo_status status =
        uxo_fail(report, UXO_ERR_DATA, NULL,
                 "no claims from undated strikes: of what was cleared or found since nothing is known. %zu without a "
                 "date: %s",
                 self->evidence.undated, ids != NULL ? ids : "which ones is not in this public copy");
    free(ids);
    return status;
}

static char *left_out(uxo_result *result, bool is_zones)
{
    char *text = NULL;
    size_t length = 0;
    char number[2][TEXT_NUMBER_SIZE];
    const double carriers = uxo_result_number(result, "/", "intact_carriers_mean");
    const double load = uxo_result_number(result, "/", "intact_submunitions_mean");
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    fputs("No figure includes strikes that nobody listed, or contamination from earlier wars.", out);
    if (carriers > 0.0) {
        fprintf(
            out,
            " Carriers that did not open are not among the duds either: about %s of them, with about %s submunitions.",
            text_about(number[0], carriers), text_about(number[1], load));
    }
    fputs(is_zones ? " Zones may overlap: their rows do not add up to the total, which is that of the districts."
                   : " Rows add up to the total, intervals do not.",
          out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static bool has_key(uxo_result *result, const char *front)
{
    size_t count = 0;
    const char *const *const path = uxo_result_strings(result, "/provenance/used_path", &count);
    for (size_t i = 0; path != NULL && i < count; i++) {
        if (strncmp(path[i], front, strlen(front)) == 0) {
            return true;
        }
    }
    return false;
}

static uxo_status read_parts(claims *self, uxo_report *report)
{
    UXO_TRY(uxo_result_read_districts(self->result, &self->table, report));
    UXO_TRY(uxo_result_read_evidence(self->result, self->table.rows, &self->evidence, report));
    if (self->evidence.undated > 0) {
        return refuse_undated(self, report);
    }
    if (!self->evidence.known) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "the file does not say how its strikes are attested (dates, status): a public copy made by an "
                        "earlier version? Make it again by `uxosim redact`");
    }
    if (self->zones != NULL) {
        uxo_district_table_free(&self->table);
        UXO_TRY(uxo_result_read_zones(self->result, self->zones, &self->table, report));
    }
    self->is_public = uxo_result_text(self->result, "/", "redacted") != NULL;
    self->has_cleared = has_key(self->result, "layers.cleared.");
    self->condition = claims_condition(self->result, self->is_public);
    self->left_out = left_out(self->result, self->zones != NULL);
    return self->condition != NULL && self->left_out != NULL ? UXO_OK
                                                             : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
}

uxo_status claims_read(claims *self, uxo_result *result, const char *zones, uxo_report *report)
{
    *self = (claims){.result = result, .zones = zones};
    const uxo_status status = read_parts(self, report);
    if (status != UXO_OK) {
        claims_free(self);
    }
    return status;
}

void claims_free(claims *self)
{
    uxo_district_table_free(&self->table);
    uxo_result_evidence_free(&self->evidence);
    free(self->condition);
    free(self->left_out);
    *self = (claims){.result = NULL};
}

const char *claims_group_words(const char *name)
{
    static const char *const words[][2] = {
        {"campaign rates",
         "what share of a type's submunitions fails, which nobody knows well and all strikes have in common"},
        {"strike rates", "how much failure rates differ from one strike to the next"},
        {"carriers and types", "how many carriers each strike had, and of which munition"},
        {"place and heading", "where exactly the strikes came down, and from which direction"},
        {"confidence", "which of the reported strikes were strikes with submunitions"},
        {"exposure", "who uses the ground, how much and how soon"},
        {"detonation", "how easily a dud goes off when it is touched"},
        {"scatter", "chance: which submunitions failed, and where each came to lie"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i][0], name) == 0) {
            return words[i][1];
        }
    }
    return name;
}

/* Two standard errors: what chance makes of a share of nothing. */
static bool stands_out(const claims_group *group)
{
    return group->share > 2.0 * group->share_se;
}

static claims_origin origin_among(const char *const *name, const double *share, const double *error, size_t groups,
                                  size_t stride)
{
    claims_origin origin = {.spread = SPREAD_NONE};
    for (size_t g = 0; g < groups; g++) {
        const claims_group group = {name[g], share[g * stride], error[g * stride]};
        if (isnan(group.share)) {
            continue;
        }
        if (origin.first.name == NULL || group.share > origin.first.share) {
            origin.second = origin.first;
            origin.first = group;
        } else if (origin.second.name == NULL || group.share > origin.second.share) {
            origin.second = group;
        }
        origin.spread = stands_out(&origin.first) ? SPREAD_KNOWN : SPREAD_UNCLEAR;
    }
    const double apart = origin.first.share - origin.second.share;
    if (origin.second.name != NULL &&
        (!stands_out(&origin.second) || apart > 2.0 * hypot(origin.first.share_se, origin.second.share_se))) {
        origin.second.name = NULL;
    }
    return origin;
}

/* The row of the tables of districts that a row is; SIZE_MAX: none. */
static size_t district_row(const claims *self, uint32_t row)
{
    return self->zones == NULL ? row : row + 1 == self->table.rows ? (size_t)self->evidence.rows - 1 : SIZE_MAX;
}

bool claims_is_alleged(const claims *self, uint32_t row)
{
    const size_t district = district_row(self, row);
    return district < self->evidence.rows ? self->evidence.mostly_alleged[district] != 0 : self->evidence.any_alleged;
}

double claims_alleged_share(const claims *self, uint32_t row)
{
    const size_t district = district_row(self, row);
    return district < self->evidence.rows ? self->evidence.alleged_share[district] : NAN;
}

claims_origin claims_origin_of(const claims *self, uint32_t zone_row, const char *of)
{
    uxo_result *const result = self->result;
    const size_t row = district_row(self, zone_row);
    size_t groups = 0, rows = 0, shares = 0, errors = 0;
    char path[2][96];
    snprintf(path[0], sizeof path[0], "/variance/%s_first_order", of);
    snprintf(path[1], sizeof path[1], "/variance/%s_first_order_se", of);
    const char *const *const name = uxo_result_strings(result, "/variance/group_name", &groups);
    (void)uxo_result_strings(result, "/variance/row_name", &rows);
    const double *const share = uxo_result_numbers(result, path[0], &shares);
    const double *const error = uxo_result_numbers(result, path[1], &errors);
    if (name == NULL || share == NULL || error == NULL || shares != groups * rows || errors != shares || row >= rows) {
        return (claims_origin){.spread = SPREAD_NOT_COMPUTED};
    }
    return origin_among(name, share + row, error + row, groups, rows);
}
