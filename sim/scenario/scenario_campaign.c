/* scenario_campaign.c - which quantities are drawn once per realisation and shared by all strikes. Each gets a name, a
 * random stream of its own and an index, which is written into every copy of the quantity.
 */
#include <stdlib.h>
#include <string.h>

#include "scenario_private.h"

static bool is_shared(const uxo_quantity *quantity)
{
    return quantity->form != UXO_FORM_CONSTANT && quantity->per == UXO_PER_CAMPAIGN;
}

/* Adds an item; its index, or -1 when memory runs out. */
static int32_t add_item(uxo_scenario *out, const char *owner, const char *key, const uxo_quantity *quantity,
                        uxo_draw_group group, bool is_failure_rate)
{
    uxo_campaign_item *const larger = realloc(out->campaign, (out->campaign_count + (size_t)1) * sizeof *larger);
    if (larger == NULL) {
        return -1;
    }
    out->campaign = larger;
    uxo_campaign_item *const item = &larger[out->campaign_count];
    memset(item, 0, sizeof *item);
    snprintf(item->name, sizeof item->name, "%s.%s", owner, key);
    item->quantity = *quantity;
    item->quantity.campaign_index = (int32_t)out->campaign_count;
    item->key = uxo_key_make(out->seed, UXO_LEVEL_CAMPAIGN, item->name);
    item->group = group;
    item->is_failure_rate = is_failure_rate;
    return (int32_t)out->campaign_count++;
}

static bool share_munition(uxo_scenario *out, uxo_munition *munition)
{
    const struct {
        uxo_quantity *quantity;
        const char *key;
        uxo_draw_group group;
    } part[] = {{&munition->submunitions_per_carrier, "submunitions_per_carrier", UXO_GROUP_CARRIERS},
                {&munition->dud_rate, "dud_rate", UXO_GROUP_CAMPAIGN_RATES},
                {&munition->concentration, "dud_rate_between_strikes.concentration", UXO_GROUP_CAMPAIGN_RATES},
                {&munition->carrier_failure, "carrier_failure", UXO_GROUP_CARRIERS},
                {&munition->spread_along_m, "carrier_spread_m.along", UXO_GROUP_PLACES},
                {&munition->spread_across_m, "carrier_spread_m.across", UXO_GROUP_PLACES},
                {&munition->pattern_along_m, "pattern.along_m", UXO_GROUP_PLACES},
                {&munition->pattern_across_m, "pattern.across_m", UXO_GROUP_PLACES},
                {&munition->pattern_width, "pattern.width", UXO_GROUP_PLACES}};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        if (is_shared(part[i].quantity)) {
            const int32_t index = add_item(out, munition->id, part[i].key, part[i].quantity, part[i].group,
                                           part[i].quantity == &munition->dud_rate);
            part[i].quantity->campaign_index = index;
            if (index < 0) {
                return false;
            }
        }
    }
    return true;
}

/* Which munitions some strike may have used. */
static bool *find_used(const uxo_scenario *out)
{
    bool *const used = calloc(out->catalogue.count > 0 ? out->catalogue.count : 1, sizeof *used);
    for (uint32_t i = 0; used != NULL && i < out->strikes.count; i++) {
        const uxo_mixture *const mixture = &out->strikes.item[i].mixture;
        for (uint32_t k = 0; k < mixture->count; k++) {
            used[mixture->munition[k]] = true;
        }
    }
    return used;
}

/* Rows of a strike list cannot vary per campaign, so every quantity of a strike that does is the scenario's default. */
static bool share_default(uxo_scenario *out, int32_t *index, const char *key, uxo_draw_group group,
                          uxo_quantity *quantity)
{
    if (!is_shared(quantity)) {
        return true;
    }
    if (*index < 0) {
        *index = add_item(out, "defaults", key, quantity, group, false);
    }
    quantity->campaign_index = *index;
    return *index >= 0;
}

static bool share_defaults(uxo_scenario *out)
{
    int32_t carriers = -1, heading = -1, heading_sd = -1, confidence = -1, location = -1;
    bool good = true;
    for (uint32_t i = 0; i < out->strikes.count; i++) {
        good = share_default(out, &carriers, "carriers", UXO_GROUP_CARRIERS, &out->strikes.item[i].carriers) && good;
    }
    for (uint32_t i = 0; i < out->strikes.count; i++) {
        uxo_strike *const strike = &out->strikes.item[i];
        good = (strike->heading_unknown ||
                share_default(out, &heading, "heading_deg", UXO_GROUP_PLACES, &strike->heading_deg)) &&
               good;
    }
    for (uint32_t i = 0; i < out->strikes.count; i++) {
        good =
            share_default(out, &heading_sd, "heading_sd_deg", UXO_GROUP_PLACES, &out->strikes.item[i].heading_sd_deg) &&
            good;
    }
    for (uint32_t i = 0; i < out->strikes.count; i++) {
        good = share_default(out, &confidence, "confidence", UXO_GROUP_CONFIDENCE, &out->strikes.item[i].confidence) &&
               good;
    }
    for (uint32_t i = 0; i < out->strikes.site_count; i++) {
        good =
            share_default(out, &location, "location_error", UXO_GROUP_PLACES, &out->strikes.site[i].location_size_m) &&
            good;
    }
    return good;
}

static bool share_quantity(uxo_scenario *out, const char *owner, const char *key, uxo_draw_group group,
                           uxo_quantity *quantity)
{
    if (is_shared(quantity)) {
        quantity->campaign_index = add_item(out, owner, key, quantity, group, false);
    }
    return !is_shared(quantity) || quantity->campaign_index >= 0;
}

/* What ground and clearance do: each class and each task for itself. */
static bool share_part(uxo_scenario *out, const char *kind, const char *name, const char *key, uxo_draw_group group,
                       uxo_quantity *quantity)
{
    char owner[sizeof out->campaign->name];
    if (!is_shared(quantity)) {
        return true;
    }
    snprintf(owner, sizeof owner, "%s.%s", kind, name);
    quantity->campaign_index = add_item(out, owner, key, quantity, group, strcmp(kind, "ground") == 0);
    return quantity->campaign_index >= 0;
}

static bool share_surface(uxo_scenario *out)
{
    uxo_surface *const surface = &out->surface;
    bool good = true;
    for (uint32_t i = 0; good && i < surface->ground_count; i++) {
        uxo_ground_class *const ground = &surface->ground[i];
        good =
            share_part(out, "ground", "dud_rate_log_odds", ground->name, UXO_GROUP_CAMPAIGN_RATES, &ground->log_odds);
    }
    for (uint32_t i = 0; good && i < surface->task_count; i++) {
        uxo_clearance_task *const task = &surface->task[i];
        good = share_part(out, "cleared", task->name, "coverage", UXO_GROUP_CAMPAIGN_RATES, &task->coverage) &&
               share_part(out, "cleared", task->name, "detection", UXO_GROUP_CAMPAIGN_RATES, &task->detection);
    }
    return good;
}

static bool share_theatre(uxo_scenario *out)
{
    uxo_theatre *const theatre = &out->theatre;
    bool good = true;
    if (is_shared(&theatre->rate_shift)) {
        theatre->rate_shift.campaign_index =
            add_item(out, "campaign", "dud_rate_log_odds_shift", &theatre->rate_shift, UXO_GROUP_CAMPAIGN_RATES, true);
        good = theatre->rate_shift.campaign_index >= 0;
    }
    for (int i = 0; good && i < UXO_STRIKE_STATUS_COUNT; i++) {
        good = share_part(out, "campaign", "reliability", uxo_strike_status_word((uxo_strike_status)i),
                          UXO_GROUP_CONFIDENCE, &theatre->reliability[i]);
    }
    for (int i = 0; good && i < UXO_EVIDENCE_COUNT; i++) {
        uxo_displacement *const displacement = &out->strikes.displacement[i];
        const char *const word = uxo_evidence_word((uxo_evidence)i);
        good = !displacement->given ||
               (share_part(out, "displacement", word, "along_m", UXO_GROUP_PLACES, &displacement->along_m) &&
                share_part(out, "displacement", word, "across_m", UXO_GROUP_PLACES, &displacement->across_m));
    }
    return good;
}

/* What is expected of each munition's rate once the campaign has shifted it. */
static bool expect_rates(uxo_scenario *out)
{
    bool good = true;
    for (uint32_t i = 0; good && out->theatre.shifts && i < out->catalogue.count; i++) {
        uxo_munition *const munition = &out->catalogue.item[i];
        munition->shifted_rate = uxo_quantity_shifted_mean(&munition->dud_rate, &out->theatre.rate_shift);
        good = munition->shifted_rate >= 0.0;
    }
    return good;
}

/* After everything that duds depend on, so that a scenario with people draws the same duds as without. */
static bool share_people(uxo_scenario *out)
{
    static const uxo_draw_group group[] = {
#define X(id, key, group) UXO_GROUP_##group,
        UXO_PEOPLE_QUANTITIES(X)
#undef X
    };
    uxo_people *const people = &out->people;
    bool good = true;
    for (int i = 0; people->given && i < UXO_PEOPLE_QUANTITY_COUNT; i++) {
        const char *const key = uxo_people_key((uxo_people_quantity)i);
        char owner[16];
        snprintf(owner, sizeof owner, "%.*s", (int)strcspn(key, "."), key);
        good = share_quantity(out, owner, strchr(key, '.') + 1, group[i], &people->quantity[i]) && good;
    }
    for (uint32_t i = 0; i < people->activity_count; i++) {
        uxo_activity *const activity = &people->activity[i];
        char owner[UXO_ID_SIZE + 32];
        snprintf(owner, sizeof owner, "exposure.activities.%s", activity->name);
        good = share_quantity(out, owner, "participation", UXO_GROUP_EXPOSURE, &activity->participation) &&
               share_quantity(out, owner, "ground_m2_per_person_year", UXO_GROUP_EXPOSURE,
                              &activity->ground_m2_per_person_year) &&
               good;
    }
    return good;
}

/* After everything that listed strikes depend on, so that these draw the same with a background and without. `used`: by listed strikes. */
static bool share_background(uxo_scenario *out, const bool *used)
{
    uxo_background *const background = &out->background;
    const uint32_t before = out->campaign_count;
    bool good = true;
    if (!background->given) {
        return true;
    }
    for (uint32_t i = 0; i < background->strike.mixture.count; i++) {
        const uint32_t munition = background->strike.mixture.munition[i];
        good = (used[munition] || share_munition(out, &out->catalogue.item[munition])) && good;
    }
    struct {
        uxo_quantity *quantity;
        const char *key;
        uxo_draw_group group;
    } part[] = {{&background->density_per_km2, "density_per_km2", UXO_GROUP_CONFIDENCE},
                {&background->strike.carriers, "carriers", UXO_GROUP_CARRIERS}};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        if (is_shared(part[i].quantity)) {
            part[i].quantity->campaign_index =
                add_item(out, "background", part[i].key, part[i].quantity, part[i].group, false);
            good = part[i].quantity->campaign_index >= 0 && good;
        }
    }
    for (uint32_t i = before; i < out->campaign_count; i++) {
        out->campaign[i].background_only = true;
    }
    return good;
}

bool uxo_scenario_has_shared_draws(const uxo_scenario *self)
{
    for (uint32_t i = 0; i < self->campaign_count; i++) {
        const uxo_campaign_item *const item = &self->campaign[i];
        if (item->group != UXO_GROUP_EXPOSURE && item->group != UXO_GROUP_DETONATION && !item->background_only) {
            return true;
        }
    }
    return false;
}

typedef struct keyed {
    uxo_key key;
    const char *kind;
    const char *name;
} keyed;

static int compare_keyed(const void *left, const void *right)
{
    const keyed *const a = left;
    const keyed *const b = right;
    const int high = (a->key.word[0] > b->key.word[0]) - (a->key.word[0] < b->key.word[0]);
    return high != 0 ? high : (a->key.word[1] > b->key.word[1]) - (a->key.word[1] < b->key.word[1]);
}

/* Two things with one key would draw the same numbers: independence would be lost without a sign. */
static uxo_status refuse_collisions(const assembly *self)
{
    const uxo_scenario *const out = self->out;
    const size_t errors_before = self->report->error_count;
    const size_t count = (size_t)out->campaign_count + out->strikes.count;
    keyed *const all = calloc(count > 0 ? count : 1, sizeof *all);
    if (all == NULL) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (uint32_t i = 0; i < out->campaign_count; i++) {
        all[i] = (keyed){out->campaign[i].key, "the shared quantity", out->campaign[i].name};
    }
    for (uint32_t i = 0; i < out->strikes.count; i++) {
        all[out->campaign_count + i] = (keyed){out->strikes.item[i].key, "the strike", out->strikes.item[i].id};
    }
    qsort(all, count, sizeof *all, compare_keyed);
    for (size_t i = 1; i < count; i++) {
        if (compare_keyed(&all[i - 1], &all[i]) == 0) {
            const uxo_place place = {.file = self->file};
            uxo_report_add(self->report, UXO_ERROR, &place,
                           "%s '%s' and %s '%s' would draw the same random numbers (their 64-bit keys are equal); "
                           "change run.seed or one of "
                           "the names",
                           all[i - 1].kind, all[i - 1].name, all[i].kind, all[i].name);
        }
    }
    free(all);
    return uxo_report_status(self->report, errors_before);
}

uxo_status uxo_assembly_campaign(assembly *self)
{
    uxo_scenario *const out = self->out;
    bool *const used = find_used(out);
    bool good = used != NULL;
    for (uint32_t i = 0; good && i < out->catalogue.count; i++) {
        good = !used[i] || share_munition(out, &out->catalogue.item[i]);
    }
    if (!good || !share_defaults(out) || !share_surface(out) || !share_theatre(out) || !share_people(out) ||
        !share_background(out, used) || !expect_rates(out)) {
        free(used);
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    free(used);
    return refuse_collisions(self);
}
