/* sweep_idle.c - see sweep_idle.h. Scenarios are taken in pairs that differ in the value of one axis and in nothing else, and compared by the digest of what
 * the engine sees. One pair that differs is proof that the axis matters; that it does not is said only of the pairs that were compared, which are
 * spread over the sweep and over the values of the axis. */
#include "sweep_idle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST_PAIRS = 24, MOST_PAIRS = 64 };

/* A scenario to begin with, spread over the sweep by the golden ratio: the k-th of them. */
static uint32_t scenario_of(const uxo_sweep *sweep, uint32_t k)
{
    const double place = (double)k * 0.61803398874989485;
    return (uint32_t)((place - floor(place)) * (double)sweep->design.rows);
}

static bool same_value(const uxo_sweep *sweep, uint32_t axis, uint32_t one, uint32_t other)
{
    char *const a = uxo_sweep_value(sweep, one, axis), *const b = uxo_sweep_value(sweep, other, axis);
    const bool same = a == NULL || b == NULL || strcmp(a, b) == 0;
    free(a);
    free(b);
    return same;
}

/* A scenario in which the axis has another value, the one that is k values on where its values are listed; UINT32_MAX: there is none. */
static uint32_t other_of(const uxo_sweep *sweep, uint32_t axis, uint32_t scenario, uint32_t k)
{
    const uint32_t count = uxo_sweep_scenarios(sweep), levels = sweep->axis[axis].value_count;
    const uint32_t level = uxo_sweep_level(sweep, scenario, axis);
    if (levels > 1 && level < levels) {
        const uint32_t wanted = (level + 1 + k % (levels - 1)) % levels;
        for (uint32_t s = 0; s < sweep->design.rows; s++) {
            if (uxo_sweep_level(sweep, s, axis) == wanted && !same_value(sweep, axis, scenario, s)) {
                return s;
            }
        }
    }
    for (uint32_t step = 0; step < count; step++) {
        const uint32_t s = (uint32_t)(((uint64_t)scenario + k + step) % count);
        if (!same_value(sweep, axis, scenario, s)) {
            return s;
        }
    }
    return UINT32_MAX;
}

/* Is the munition that a key overrides used by some listed strike? What a sweep keeps is of these alone. Its id may stand in quotes, and hold dots then. */
static bool overrides_used(const char *key, const uxo_scenario *scenario)
{
    const char *const id = key + strlen("override.") + (key[strlen("override.")] == '"');
    for (uint32_t i = 0; i < scenario->catalogue.count; i++) {
        const size_t length = strlen(scenario->catalogue.item[i].id);
        if (strncmp(id, scenario->catalogue.item[i].id, length) == 0 && strchr("\".", id[length]) != NULL &&
            uxo_scenario_lists_munition(scenario, i)) {
            return true;
        }
    }
    return false;
}

/* Why a key changes nothing, where that is known. */
static const char *reason_of(const char *key, const uxo_scenario *scenario)
{
    if (strncmp(key, "override.", 9) == 0 && !overrides_used(key, scenario)) {
        return "no listed strike may have used this munition";
    }
    if (strncmp(key, "strikes.defaults.heading_sd_deg", 31) == 0) {
        return "every strike has its own, or its heading is not known";
    }
    if (strcmp(key, "strikes.defaults.evidence") == 0) {
        return "every strike has its own, or nothing of this kind is displaced (strikes.displacement)";
    }
    if (strcmp(key, "strikes.defaults.status") == 0) {
        return "every strike has its own, or no status is less reliable (campaign.reliability)";
    }
    if (strncmp(key, "strikes.defaults.", 17) == 0) {
        return "every strike has its own";
    }
    if ((strncmp(key, "exposure.", 9) == 0 || strncmp(key, "risk.", 5) == 0) && !scenario->people.given) {
        return "there is no population";
    }
    if (strncmp(key, "ground.", 7) == 0 && !scenario->surface.given) {
        return "there is no ground layer";
    }
    if (strncmp(key, "campaign.reliability.", 21) == 0) {
        return "no strike is of this status";
    }
    if (strncmp(key, "layers.", 7) == 0) {
        return "its values come to the same on this grid";
    }
    if (strncmp(key, "grid.", 5) == 0) {
        return "its values come to the same grid";
    }
    if (strcmp(key, "run.as_of") == 0) {
        return "it limits dates, and no draw depends on it";
    }
    return "what it says is used by nothing here";
}

/* One scenario with the value that its axis has in `other`. *found: it could be read. reason: NULL, or where to put why the axis is idle if it is. */
static uxo_status digest_of(sweep_job *job, uint32_t scenario, uint32_t axis, uint32_t other,
                            char digest[UXO_DIGEST_SIZE], const char **reason, uxo_report *report)
{
    uxo_scenario read;
    uxo_report own;
    digest[0] = '\0';
    uxo_report_init(
        &own); /* a pair need not be one of the sweep's scenarios: what is wrong with it is of no interest */
    const uxo_status status = sweep_job_read_with(job, scenario, axis, other, &read, &own);
    uxo_report_free(&own);
    bool good = true;
    if (status == UXO_OK) {
        good = uxo_scenario_digest(&read, digest);
        *reason = reason_of(job->sweep->axis[axis].key, &read);
    }
    sweep_job_leave(job, &read, status);
    return good && status != UXO_ERR_MEMORY ? UXO_OK
                                            : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a sweep");
}

static uxo_status look_at_axis(sweep_job *job, uint32_t axis, uxo_report *report)
{
    const uxo_sweep *const sweep = job->sweep;
    const uxo_sweep_axis *const of = &sweep->axis[axis];
    const uint32_t levels = of->value_count;
    const uint32_t most = levels < FEWEST_PAIRS ? FEWEST_PAIRS : levels < MOST_PAIRS ? levels : MOST_PAIRS;
    const char *reason = NULL;
    uint32_t pairs = 0;
    for (uint32_t k = 0; k < most && (k == 0 || k < sweep->design.rows); k++) {
        char one[UXO_DIGEST_SIZE], two[UXO_DIGEST_SIZE];
        const uint32_t scenario = scenario_of(sweep, k), other = other_of(sweep, axis, scenario, k);
        if (uxo_is_stopped(job->engine.stop)) {
            return uxo_fail(report, UXO_ERR_INTERRUPTED, NULL, "interrupted; nothing was planned");
        }
        if (other == UINT32_MAX) {
            return UXO_OK; /* it does not vary, which is said elsewhere */
        }
        UXO_TRY(digest_of(job, scenario, axis, scenario, one, &reason, report));
        UXO_TRY(digest_of(job, scenario, axis, other, two, &reason, report));
        if (one[0] == '\0' || two[0] == '\0' || strcmp(one, two) != 0) {
            return UXO_OK;
        }
        pairs++;
    }
    uxo_report_add(report, UXO_WARNING, &of->place,
                   "axis '%s' changes nothing that is simulated: %s (%u pair%s of scenarios compared that differ in %s "
                   "alone)",
                   of->name, reason, pairs, pairs == 1 ? "" : "s", of->key);
    return UXO_OK;
}

uxo_status sweep_idle_warn(sweep_job *job, uxo_report *report)
{
    for (uint32_t a = 0; a < job->sweep->axis_count; a++) {
        UXO_TRY(look_at_axis(job, a, report));
    }
    return UXO_OK;
}
