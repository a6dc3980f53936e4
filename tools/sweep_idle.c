/* sweep_idle.c - see sweep_idle.h. Scenarios that differ in the value of one axis and in nothing else are compared by the digest of what the engine sees:
 * first one scenario with every value that is listed, then pairs that are spread over the sweep. Two that differ are proof that the axis matters; that
 * it does not is said only of those that were compared. */
#include "sweep_idle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST_PAIRS = 24, MOST_PAIRS = 64, TWIN_PAIRS = 8 };

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

/* A scenario in which the axis has another value, from the k-th behind this one on; UINT32_MAX: there is none. */
static uint32_t other_of(const uxo_sweep *sweep, uint32_t axis, uint32_t scenario, uint32_t k)
{
    const uint32_t count = uxo_sweep_scenarios(sweep);
    for (uint32_t step = 0; step < count; step++) {
        const uint32_t s = (uint32_t)(((uint64_t)scenario + k + step) % count);
        if (!same_value(sweep, axis, scenario, s)) {
            return s;
        }
    }
    return UINT32_MAX;
}

/* A scenario of the design in which the axis has this value of its list; UINT32_MAX: there is none. */
static uint32_t scenario_at(const uxo_sweep *sweep, uint32_t axis, uint32_t level)
{
    for (uint32_t s = 0; s < sweep->design.rows; s++) {
        if (uxo_sweep_level(sweep, s, axis) == level) {
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
    if (strncmp(key, "strikes.", 8) == 0 && scenario->strikes.count == 0) {
        return "there are no strikes";
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
        return "every strike has its own, or its values come to the same";
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
    return "its values come to the same, or nothing here uses them";
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

/* What was found of an axis. */
typedef struct axis_look {
    const char *reason;
    uint32_t pairs; /* compared, without a difference */
    bool matters;
} axis_look;

static uxo_status compare_pair(sweep_job *job, uint32_t axis, uint32_t scenario, uint32_t other, axis_look *look,
                               uxo_report *report)
{
    char one[UXO_DIGEST_SIZE], two[UXO_DIGEST_SIZE];
    UXO_TRY(digest_of(job, scenario, axis, scenario, one, &look->reason, report));
    UXO_TRY(digest_of(job, scenario, axis, other, two, &look->reason, report));
    look->matters = one[0] == '\0' || two[0] == '\0' || strcmp(one, two) != 0;
    look->pairs += !look->matters;
    return UXO_OK;
}

/* Do two scenarios' values of an axis come to the same in others of the sweep, too? */
static uxo_status are_twins(sweep_job *job, uint32_t axis, const uint32_t pair[2], bool *twins, uxo_report *report)
{
    const char *reason;
    *twins = true;
    for (uint32_t k = 1; k < TWIN_PAIRS && k < job->sweep->design.rows && *twins; k++) {
        const uint32_t base = scenario_of(job->sweep, k);
        char one[UXO_DIGEST_SIZE], two[UXO_DIGEST_SIZE];
        UXO_TRY(digest_of(job, base, axis, pair[0], one, &reason, report));
        UXO_TRY(digest_of(job, base, axis, pair[1], two, &reason, report));
        *twins = strcmp(one, two) == 0;
    }
    return UXO_OK;
}

/* Values of the list that come to the same, though written otherwise, where others do not. */
static uxo_status warn_of_twins(sweep_job *job, uint32_t axis, char (*digest)[UXO_DIGEST_SIZE],
                                const uint32_t *scenario, uint32_t levels, uxo_report *report)
{
    const uxo_sweep *const sweep = job->sweep;
    for (uint32_t j = 1; j < levels; j++) {
        bool twins = false;
        for (uint32_t i = 0; i < j && digest[j][0] != '\0' && !twins; i++) {
            if (strcmp(digest[i], digest[j]) != 0 || same_value(sweep, axis, scenario[i], scenario[j])) {
                continue;
            }
            UXO_TRY(are_twins(job, axis, (const uint32_t[2]){scenario[i], scenario[j]}, &twins, report));
            if (twins) {
                uxo_report_add(report, UXO_WARNING, &sweep->axis[axis].place,
                               "axis '%s': its values %u and %u come to the same simulation, which counts twice then",
                               sweep->axis[axis].name, i + 1, j + 1);
            }
        }
    }
    return UXO_OK;
}

/* One scenario with each of the listed values. */
static uxo_status look_at_values(sweep_job *job, uint32_t axis, axis_look *look, uxo_report *report)
{
    const uxo_sweep *const sweep = job->sweep;
    const uint32_t count = sweep->axis[axis].value_count, levels = count < MOST_PAIRS ? count : MOST_PAIRS;
    const uint32_t base = 0;
    char digest[MOST_PAIRS][UXO_DIGEST_SIZE];
    uint32_t scenario[MOST_PAIRS];
    uint32_t different = 0, same = 0;
    for (uint32_t level = 0; level < levels; level++) {
        digest[level][0] = '\0';
        scenario[level] = scenario_at(sweep, axis, level);
        if (uxo_is_stopped(job->engine.stop)) {
            return uxo_fail(report, UXO_ERR_INTERRUPTED, NULL, "interrupted; nothing was planned");
        }
        if (scenario[level] != UINT32_MAX) {
            UXO_TRY(digest_of(job, base, axis, scenario[level], digest[level], &look->reason, report));
            different += digest[level][0] == '\0' || strcmp(digest[level], digest[0]) != 0;
            same += level > 0 && strcmp(digest[level], digest[0]) == 0 &&
                    !same_value(sweep, axis, scenario[0], scenario[level]);
        }
    }
    look->matters = different > 0;
    look->pairs = same;
    return look->matters ? warn_of_twins(job, axis, digest, scenario, levels, report) : UXO_OK;
}

static uxo_status look_at_axis(sweep_job *job, uint32_t axis, uxo_report *report)
{
    const uxo_sweep *const sweep = job->sweep;
    const uxo_sweep_axis *const of = &sweep->axis[axis];
    axis_look look = {.pairs = 0};
    if (of->value_count > 1) {
        UXO_TRY(look_at_values(job, axis, &look, report));
    }
    for (uint32_t k = 0; k < FEWEST_PAIRS && (k == 0 || k < sweep->design.rows) && !look.matters; k++) {
        const uint32_t scenario = scenario_of(sweep, k), other = other_of(sweep, axis, scenario, k);
        if (uxo_is_stopped(job->engine.stop)) {
            return uxo_fail(report, UXO_ERR_INTERRUPTED, NULL, "interrupted; nothing was planned");
        }
        if (other == UINT32_MAX) {
            return UXO_OK; /* it does not vary, which is said elsewhere */
        }
        UXO_TRY(compare_pair(job, axis, scenario, other, &look, report));
    }
    if (!look.matters) {
        uxo_report_add(report, UXO_WARNING, &of->place,
                       "axis '%s' changes nothing that is simulated: %s (%u pair%s of scenarios compared that differ "
                       "in %s alone)",
                       of->name, look.reason, look.pairs, look.pairs == 1 ? "" : "s", of->key);
    }
    return UXO_OK;
}

uxo_status sweep_idle_warn(sweep_job *job, uxo_report *report)
{
    for (uint32_t a = 0; a < job->sweep->axis_count; a++) {
        UXO_TRY(look_at_axis(job, a, report));
    }
    return UXO_OK;
}
