/* stages.c - see stages.h. */
#include "stages.h"

#include "expected.h"
#include "outcome.h"
#include "taking.h"
#include "until.h"
#include "uxosim/background_strikes.h"
#include "variance_pairs.h"
#include "work_state.h"

/* One kind of work from *done on, as far as it comes. */
typedef uxo_status step(uxo_points *self, uint32_t *done, uint32_t end, uxo_report *report);

static uxo_status do_background(uxo_points *self, uint32_t *done, uint32_t end, uxo_report *report)
{
    return uxo_background_run(self->scenario, self->options, self->outcome, done, end, report);
}

static uxo_status do_blocks(uxo_points *self, uint32_t *done, uint32_t end, uxo_report *report)
{
    return uxo_expected_blocks(self->scenario, self->options, self->outcome, done, end, report);
}

static uxo_status do_pairs(uxo_points *self, uint32_t *done, uint32_t end, uxo_report *report)
{
    return uxo_variance_count(self->scenario, self->options, self->outcome, done, end, report);
}

/* Work of one kind to its end; what is known is kept where it is time, and before the run stops. wanted false: the scenario has none of it. */
static uxo_status do_all(uxo_points *self, step *work, bool wanted, uint32_t *done, uint32_t end, uxo_report *report)
{
    const uxo_engine_options *const options = self->options;
    if (!wanted) {
        *done = end;
    }
    while (*done < end) {
        if (options->store != NULL && options->store->complete) {
            return uxo_fail(report, UXO_ERR_DATA, NULL, "some realisations are in none of the parts");
        }
        self->outcome->is_kept = false;
        UXO_TRY(work(self, done, end, report));
        if (options->store != NULL && uxo_must_pause(options)) {
            UXO_TRY(uxo_work_save(self->scenario, options, self->outcome, report));
        }
        if (uxo_is_stopped(options->stop)) {
            return UXO_ERR_INTERRUPTED;
        }
    }
    return UXO_OK;
}

/* Realisations up to `end`. */
static uxo_status do_realisations(uxo_points *self, uint32_t end, uxo_report *report)
{
    const uxo_scenario *const scenario = self->scenario;
    uxo_work_done *const done = &self->outcome->done;
    UXO_TRY(do_all(self, uxo_points_run, true, &done->points, end, report));
    UXO_TRY(do_all(self, do_background, scenario->background.given, &done->background, end, report));
    return do_all(self, do_blocks, scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE, &done->blocks, end, report);
}

static void warn_of_until(const uxo_scenario *scenario, const uxo_until_errors *errors, uxo_report *report)
{
    if (scenario->until.given && !errors->reached) {
        uxo_report_add(report, UXO_WARNING, NULL,
                       "run.until: a relative error of %g was not reached with max_realisations, %u: districts %.2g, "
                       "dud density %.2g, dud probability %.2g",
                       scenario->until.relative_error, scenario->realisations, errors->district, errors->density,
                       errors->probability);
    }
}

/* All realisations at once, or twice as many each time until the errors are small enough. */
static uxo_status do_stages(uxo_points *self, uxo_report *report)
{
    const uxo_scenario *const scenario = self->scenario;
    uxo_outcome *const outcome = self->outcome;
    const uint32_t most = scenario->realisations, known = outcome->realisations;
    uint32_t next = scenario->until.given && most > UXO_UNTIL_FIRST ? UXO_UNTIL_FIRST : most;
    next = known > 0 ? known : next;
    for (;;) {
        UXO_TRY(next > outcome->realisations ? uxo_outcome_grow(outcome, scenario, next, report) : UXO_OK);
        UXO_TRY(do_realisations(self, next, report));
        if (scenario->until.given) {
            UXO_TRY(uxo_until_measure(scenario, self->options, outcome, report));
        }
        if (!scenario->until.given || outcome->until.reached || next >= most) {
            outcome->done.stages = 1;
            return UXO_OK;
        }
        next = next > most / 2 ? most : 2 * next;
    }
}

/* Campaign draws of all realisations: the maps are of all of them, whoever draws their points. */
static void draw_campaigns(const uxo_points *self)
{
    uxo_outcome *const outcome = self->outcome;
    const size_t items = self->scenario->campaign_count;
#pragma omp parallel for num_threads(self->threads) schedule(static)
    for (uint32_t r = 0; r < outcome->realisations; r++) {
        uxo_draw_campaign(self->scenario, uxo_draw_from(r), outcome->campaign + r * items);
    }
}

/* Pairs for shares of variance: of the whole run, or those of its part. */
static uxo_status do_variance(uxo_points *self, uxo_report *report)
{
    uxo_outcome *const outcome = self->outcome;
    const uxo_work_store *const store = self->options->store;
    const uint32_t pairs = uxo_variance_pairs(self->scenario, outcome);
    const uint32_t part = store != NULL ? store->part : 0, parts = store != NULL ? store->parts : 1;
    if (outcome->pairs.row == NULL) {
        UXO_TRY(uxo_variance_make_room(outcome, pairs, report));
        outcome->done.first_pair = outcome->done.pairs = uxo_work_first(pairs, part, parts);
    }
    return do_all(self, do_pairs, true, &outcome->done.pairs, uxo_work_first(pairs, part + 1, parts), report);
}

/* A part has no stages: how many there are depends on all parts. */
static uxo_status do_part(uxo_points *self, uxo_report *report)
{
    const uxo_work_store *const store = self->options->store;
    uxo_outcome *const outcome = self->outcome;
    const uint32_t all = self->scenario->realisations, first = uxo_work_first(all, store->part, store->parts);
    if (self->scenario->until.given) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL,
                        "a run with run.until cannot be done in parts: how many realisations it "
                        "takes depends on all of them; give run.realisations instead");
    }
    if (outcome->realisations == 0) {
        UXO_TRY(uxo_outcome_grow(outcome, self->scenario, all, report));
        outcome->done = (uxo_work_done){.first = first, .points = first, .background = first, .blocks = first};
    }
    outcome->done.stages = 1;
    UXO_TRY(do_realisations(self, uxo_work_first(all, store->part + 1, store->parts), report));
    UXO_TRY(do_variance(self, report));
    if (self->scenario->campaign_count > 0) {
        draw_campaigns(self);
    }
    return outcome->is_kept ? UXO_OK : uxo_work_save(self->scenario, self->options, outcome, report);
}

/* Are maps to come that are to be added to the state, chunk by chunk? */
static bool keeps_maps(const uxo_scenario *scenario, const uxo_work_store *store)
{
    double bytes, all_s, others_s;
    if (scenario->estimator != UXO_ESTIMATOR_EXPECTED_VALUE) {
        return false;
    }
    uxo_engine_cost(scenario, &bytes, &all_s);
    uxo_engine_cost_without_maps(scenario, &bytes, &others_s);
    return all_s - others_s >= store->spare_s;
}

uxo_status uxo_stages_run(uxo_points *self, uxo_report *report)
{
    const uxo_engine_options *const options = self->options;
    const uxo_work_store *const store = options->store;
    uxo_outcome *const outcome = self->outcome;
    UXO_TRY(uxo_work_load(self->scenario, options, outcome, report));
    if (store != NULL && store->is_part) {
        return do_part(self, report);
    }
    if (outcome->done.stages == 0) {
        UXO_TRY(do_stages(self, report));
    } else {
        UXO_TRY(do_realisations(self, outcome->realisations, report));
    }
    warn_of_until(self->scenario, &outcome->until, report);
    UXO_TRY(do_variance(self, report));
    return store != NULL && !store->complete && !outcome->is_kept &&
                   (keeps_maps(self->scenario, store) || uxo_must_pause(options))
               ? uxo_work_save(self->scenario, options, outcome, report)
               : UXO_OK;
}
