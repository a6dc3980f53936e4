/* ledger.c - see ledger.h. */
#include "ledger.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "districts.h"
#include "json_output.h"
#include "uxosim/number_text.h"

/* Which group of draws the quantities of a path are in, where they are drawn for each strike or carrier. The longest part that fits
 * counts; `*` stands for one word. */
static const struct {
    const char *path, *group;
} GROUPS[] = {
    {"munitions.*.submunitions_per_carrier", "carriers and types"},
    {"munitions.*.dud_rate", "strike rates"},
    {"munitions.*.dud_rate_between_strikes", "strike rates"},
    {"munitions.*.carrier_failure", "carriers and types"},
    {"munitions.*.carrier_spread_m", "place and heading"},
    {"munitions.*.pattern", "place and heading"},
    {"strikes.defaults.munition", "carriers and types"},
    {"strikes.defaults.carriers", "carriers and types"},
    {"strikes.defaults.location_error", "place and heading"},
    {"strikes.defaults.heading_deg", "place and heading"},
    {"strikes.defaults.heading_sd_deg", "place and heading"},
    {"strikes.defaults.confidence", "confidence"},
    {"strikes.events.*", "carriers and types"},
    {"strikes.displacement", "place and heading"},
    {"ground.dud_rate_log_odds", "campaign rates"},
    {"campaign.dud_rate_log_odds_shift", "campaign rates"},
    {"campaign.reliability", "confidence"},
    {"layers.cleared.coverage", "campaign rates"},
    {"layers.cleared.detection", "campaign rates"},
    {"exposure", "exposure"},
    {"risk.hazardous_share", "detonation"},
    {"risk.detonation_per_contact", "detonation"},
    {"risk", "exposure"},
    {"cleared.*.coverage", "campaign rates"},
    {"cleared.*.detection", "campaign rates"},
};
enum { GROUP_COUNT = sizeof GROUPS / sizeof *GROUPS };

static bool fits(const char *path, const char *pattern)
{
    while (*pattern != '\0') {
        if (*pattern == '*') {
            path += strcspn(path, ".");
            pattern++;
        } else if (*path++ != *pattern++) {
            return false;
        }
    }
    return *path == '\0' || *path == '.';
}

static const char *group_of(const char *path)
{
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        if (fits(path, GROUPS[i].path)) {
            return GROUPS[i].group;
        }
    }
    return NULL;
}

static unsigned certainty_of(const char *source)
{
    return (strstr(source, "[V") != NULL ? LEDGER_PUBLISHED : 0u) |
           (strstr(source, "[D") != NULL ? LEDGER_DERIVED : 0u) |
           (strstr(source, "ASSUMED") != NULL ? LEDGER_ASSUMED : 0u) |
           (strstr(source, "unverified") != NULL ? LEDGER_UNVERIFIED : 0u);
}

/* Is the value a distribution (or unknown), not a number? A concentration is a spread about a mean and a probability leaves an outcome
 * open, however they are given. */
static bool is_spread(const char *path, const char *value)
{
    const bool outcome = strstr(path, ".confidence") != NULL || strstr(path, ".carrier_failure") != NULL;
    const bool mixture = strstr(path, ".munition") != NULL && value[0] == '{';
    if (mixture || (outcome && strcmp(value, "0") != 0 && strcmp(value, "1") != 0)) {
        return true;
    }
    static const char *const words[] = {"uniform", "range",  "triangular", "interval90",    "beta",  "normal",
                                        "poisson", "choice", "unknown",    "concentration", "r95_m", "disc_m"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(value, words[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Shares in the variance of one total as the file has them. */
typedef struct known_quantity {
    const double *item, *item_se;   /* [items] */
    const double *group, *group_se; /* [groups][rows], the total last */
} known_quantity;

enum { OF_DUDS, OF_ACCIDENTS, KNOWN_QUANTITIES };

typedef struct known_shares {
    size_t items, groups, rows;
    const char *const *item, *const *group;
    known_quantity of[KNOWN_QUANTITIES];
} known_shares;

static const double *numbers_of(uxo_result *result, const char *format, const char *quantity, size_t wanted)
{
    char path[96];
    size_t count = 0;
    snprintf(path, sizeof path, "/variance/%s%s%s", strncmp(format, "item", 4) == 0 ? "item_" : "", quantity,
             format + (strncmp(format, "item", 4) == 0 ? 4 : 0));
    const double *const values = uxo_result_numbers(result, path, &count);
    return count == wanted ? values : NULL;
}

static known_shares read_known(uxo_result *result)
{
    static const char *const quantity[KNOWN_QUANTITIES] = {"duds", "log_accidents"};
    known_shares known = {0};
    known.item = uxo_result_strings(result, "/variance/item_name", &known.items);
    known.group = uxo_result_strings(result, "/variance/group_name", &known.groups);
    (void)uxo_result_strings(result, "/variance/row_name", &known.rows);
    for (int q = 0; q < KNOWN_QUANTITIES; q++) {
        known.of[q] = (known_quantity){numbers_of(result, "item_share", quantity[q], known.items),
                                       numbers_of(result, "item_share_se", quantity[q], known.items),
                                       numbers_of(result, "_first_order", quantity[q], known.groups * known.rows),
                                       numbers_of(result, "_first_order_se", quantity[q], known.groups * known.rows)};
    }
    return known;
}

/* Does the quantity `name` of the campaign belong to the value at `path`? Names are paths without their first word, or whole ones; a value
 * may hold several (along, across). */
static bool is_item_of(const char *name, const char *path)
{
    const char *const rest =
        strncmp(path, "munitions.", 10) == 0 || strncmp(path, "strikes.", 8) == 0 ? strchr(path, '.') + 1 : path;
    const size_t length = strlen(rest);
    return strncmp(name, rest, length) == 0 && (name[length] == '\0' || name[length] == '.');
}

/* Shares of the campaign's quantities that belong to the row, added up; false: none does. */
static bool own_share(const ledger_row *row, const known_shares *known, const known_quantity *of, double share[2])
{
    bool any = false;
    for (size_t i = 0; i < known->items && of->item != NULL && of->item_se != NULL; i++) {
        if (is_item_of(known->item[i], row->path)) {
            share[0] = (any ? share[0] : 0.0) + of->item[i];
            share[1] = hypot(any ? share[1] : 0.0, of->item_se[i]);
            any = true;
        }
    }
    return any;
}

static void group_share(const ledger_row *row, const known_shares *known, const known_quantity *of, double share[2])
{
    for (size_t g = 0; g < known->groups && of->group != NULL && of->group_se != NULL; g++) {
        if (strcmp(known->group[g], row->group) == 0) {
            share[0] = of->group[g * known->rows + known->rows - 1];
            share[1] = of->group_se[g * known->rows + known->rows - 1];
        }
    }
}

static void find_share(ledger_row *row, const known_shares *known)
{
    double share[KNOWN_QUANTITIES][2];
    for (int q = 0; q < KNOWN_QUANTITIES; q++) {
        share[q][0] = share[q][1] = NAN;
        if (own_share(row, known, &known->of[q], share[q])) {
            row->spread = LEDGER_OWN;
        } else if (row->spread == LEDGER_GROUP) {
            group_share(row, known, &known->of[q], share[q]);
        }
    }
    row->share = share[OF_DUDS][0];
    row->share_se = share[OF_DUDS][1];
    row->accident_share = share[OF_ACCIDENTS][0];
    row->accident_share_se = share[OF_ACCIDENTS][1];
}

static void fill_row(ledger_row *row, const known_shares *known)
{
    row->certainty = certainty_of(row->source);
    row->group = group_of(row->path);
    if (strncmp(row->path, "strikes.events.", 15) == 0 && !is_spread(row->path, row->value)) {
        row->group = NULL; /* says which reports belong together */
    }
    row->spread = row->group == NULL                 ? LEDGER_NO_NUMBER
                  : is_spread(row->path, row->value) ? LEDGER_GROUP
                                                     : LEDGER_FIXED;
    find_share(row, known);
}

uxo_status ledger_read(ledger *self, uxo_result *result, uxo_report *report)
{
    enum { COLUMNS = 4 };
    static const char *const name[COLUMNS] = {"/provenance/used_path", "/provenance/used_value",
                                              "/provenance/used_mark", "/provenance/used_source"};
    const char *const *text[COLUMNS];
    size_t count[COLUMNS];
    *self = (ledger){0};
    for (int c = 0; c < COLUMNS; c++) {
        text[c] = uxo_result_strings(result, name[c], &count[c]);
        if (text[c] == NULL || count[c] != count[0]) {
            return UXO_OK; /* a file that does not say */
        }
    }
    self->row = calloc(count[0] + 1, sizeof *self->row);
    if (self->row == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    self->count = count[0];
    const known_shares known = read_known(result);
    for (size_t i = 0; i < self->count; i++) {
        self->row[i] =
            (ledger_row){text[0][i], text[1][i], text[2][i], text[3][i], 0, LEDGER_NO_NUMBER, NULL, NAN, NAN, NAN, NAN};
        fill_row(&self->row[i], &known);
    }
    return UXO_OK;
}

void ledger_free(ledger *self)
{
    free(self->row);
    *self = (ledger){0};
}

const char *ledger_certainty_text(unsigned certainty, char *text, size_t size)
{
    static const char *const words[] = {"published", "derived", "assumed", "unverified"};
    size_t used = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < 4 && used < size; i++) {
        if ((certainty >> i & 1) != 0) {
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", words[i]);
        }
    }
    return text;
}

/* "72 +- 1 %" */
static void add_share(char *text, size_t size, double share, double error, const char *words)
{
    const size_t used = strlen(text);
    if (!isnan(share)) {
        snprintf(text + used, size - used, "%s%.0f +- %.0f %% %s", used > 0 ? ", " : "", 100.0 * fmax(0.0, share),
                 fmax(1.0, 100.0 * error), words);
    }
}

const char *ledger_share_text(const ledger_row *row, char *text, size_t size)
{
    char share[128] = "";
    add_share(share, sizeof share, row->share, row->share_se, "of duds");
    add_share(share, sizeof share, row->accident_share, row->accident_share_se, "of the logarithm of accidents");
    const char *const known = share[0] != '\0' ? share : "not computed";
    switch (row->spread) {
    case LEDGER_OWN:
        snprintf(text, size, "share of the variance of the total: %s", known);
        break;
    case LEDGER_GROUP:
        snprintf(text, size, "share of the variance of the total: %s, for all of '%s' together", known, row->group);
        break;
    case LEDGER_FIXED:
        snprintf(text, size, "a fixed number: what it may be wrong by is in no interval");
        break;
    default:
        text[0] = '\0';
    }
    return text;
}

static const char *spread_word(ledger_spread spread)
{
    static const char *const words[] = {"", "fixed", "own", "group"};
    return words[spread];
}

void ledger_write_csv(const ledger *self, FILE *out)
{
    fputs("path,value,mark,source,certainty,spread,group,variance_share,variance_share_se,accident_variance_share,"
          "accident_variance_share_se\n",
          out);
    for (size_t i = 0; i < self->count; i++) {
        const ledger_row *const row = &self->row[i];
        char certainty[80], number[4][UXO_NUMBER_SIZE];
        const char *const fields[] = {row->path,
                                      row->value,
                                      row->mark,
                                      row->source,
                                      ledger_certainty_text(row->certainty, certainty, sizeof certainty),
                                      spread_word(row->spread),
                                      row->group != NULL && row->spread != LEDGER_FIXED ? row->group : ""};
        for (size_t c = 0; c < sizeof fields / sizeof *fields; c++) {
            districts_write_csv_text(fields[c], out);
            fputc(',', out);
        }
        fprintf(out, "%s,%s,%s,%s\n", uxo_number_text(number[0], row->share), uxo_number_text(number[1], row->share_se),
                uxo_number_text(number[2], row->accident_share), uxo_number_text(number[3], row->accident_share_se));
    }
}

void ledger_write_rows(const ledger *self, json_output *json)
{
    json_open(json, "assumptions", '[');
    for (size_t i = 0; i < self->count; i++) {
        const ledger_row *const row = &self->row[i];
        char certainty[80];
        json_open(json, NULL, '{');
        json_text(json, "path", row->path);
        json_text(json, "value", row->value);
        json_text(json, "mark", row->mark);
        json_text(json, "source", row->source);
        json_text(json, "certainty", ledger_certainty_text(row->certainty, certainty, sizeof certainty));
        json_text(json, "spread", spread_word(row->spread));
        json_text(json, "group", row->group != NULL && row->spread != LEDGER_FIXED ? row->group : "");
        json_number(json, "variance_share", row->share);
        json_number(json, "variance_share_se", row->share_se);
        json_number(json, "accident_variance_share", row->accident_share);
        json_number(json, "accident_variance_share_se", row->accident_share_se);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void ledger_write_json(const ledger *self, FILE *out)
{
    json_output json;
    json_init(&json, out);
    json_open(&json, NULL, '{');
    json_text(&json, "note", UXO_SENTENCE);
    ledger_write_rows(self, &json);
    json_close(&json, '}');
    fputc('\n', out);
}
