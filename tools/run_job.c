/* run_job.c - see run_job.h. Not here: what may be in the way of the output (run_output.c). */
#include "run_job.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands.h"
#include "progress.h"
#include "run_notes.h"
#include "signals.h"
#include "uxosim_build_info.h"

/* Everything that a job owns while it is done. */
typedef struct working {
    const run_job *job;
    uxo_engine_options options;
    uxo_scenario scenario;
    uxo_outcome outcome;
    uxo_district_table table, *zones;
    uxo_checkpoint checkpoint;
    progress_line progress;
} working;

/* Places are a by-product of `expected-value`: their rate would say nothing of it. */
static void log_run(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    fprintf(stderr, "uxosim %s (%s, %s): %u realisations in %.2f s", UXOSIM_VERSION, UXOSIM_COMMIT, UXOSIM_COMPILER,
            outcome->realisations, outcome->seconds);
    if (scenario->estimator == UXO_ESTIMATOR_ANALOG) {
        fprintf(stderr, ", %.4g duds placed, %.3g million a second", (double)outcome->total_duds,
                (double)outcome->total_duds / 1e6 / (outcome->seconds > 0.0 ? outcome->seconds : 1e-9));
    } else if (outcome->closed_form) {
        fputs(", maps in closed form", stderr);
    } else {
        fprintf(stderr, ", maps sampled (%s)", outcome->why_sampled);
    }
    if (scenario->until.given) {
        fprintf(stderr, "; relative errors: districts %.2g, dud density %.2g, dud probability %.2g (%g wanted)",
                outcome->until.district, outcome->until.density, outcome->until.probability,
                scenario->until.relative_error);
    }
    fprintf(stderr, "; maps in %.2f s; %d thread%s (%s)\nself-check: %s\n", outcome->maps_seconds, outcome->threads,
            outcome->threads == 1 ? "" : "s", outcome->kernel, outcome->self_check);
}

/* How many threads: as asked for; else one for a run so small that a team, whose threads spin while they wait, costs more
 * than it saves; else all. */
static int choose_threads(const run_job *job, const uxo_scenario *scenario)
{
    const double small_s = 0.005; /* of the order of what starting a team takes on a machine that is busy: measured */
    double bytes, seconds;
    uxo_engine_cost(scenario, &bytes, &seconds);
    return job->threads == 0 && seconds < small_s ? 1 : job->threads;
}

static uxo_status fill_zones(const uxo_scenario *scenario, const uxo_outcome *outcome,
                             const uxo_district_table *districts, uxo_district_table *zones, uxo_report *report)
{
    for (uint32_t s = 0; s < scenario->zones.set_count; s++) {
        const uxo_zone_set *const set = &scenario->zones.set[s];
        UXO_TRY(uxo_district_table_init(&zones[s], set->count, report));
        UXO_TRY(uxo_zone_table_fill(&zones[s], scenario, set, outcome, districts, NULL, report));
    }
    return UXO_OK;
}

static uxo_status check_memory(bool complete, uxo_report *report)
{
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
}

static uxo_result_run result_of(working *self)
{
    return (uxo_result_run){.scenario = &self->scenario,
                            .engine = &self->options,
                            .outcome = &self->outcome,
                            .districts = &self->table,
                            .version = UXOSIM_VERSION,
                            .commit = UXOSIM_COMMIT,
                            .gdal_version = UXOSIM_GDAL_VERSION,
                            .zones = self->zones};
}

static uxo_status write_result(working *self, uxo_report *report)
{
    UXO_TRY(uxo_district_table_init(&self->table, self->scenario.districts.count, report));
    UXO_TRY(uxo_district_table_fill(&self->table, &self->scenario, &self->outcome, NULL, report));
    UXO_TRY(fill_zones(&self->scenario, &self->outcome, &self->table, self->zones, report));
    const uxo_result_run result = result_of(self);
    UXO_TRY(uxo_result_write(self->job->output, &result, report));
    if (self->job->keeps) { /* before anything else can go wrong */
        uxo_checkpoint_remove(&self->checkpoint);
    }
    return UXO_OK;
}

static uxo_status write_part(working *self, uxo_report *report)
{
    const uxo_result_run result = result_of(self);
    const bool has_chunks = self->scenario.estimator == UXO_ESTIMATOR_EXPECTED_VALUE;
    UXO_TRY(has_chunks ? uxo_result_pack_part(&result, report) : UXO_OK);
    return uxo_checkpoint_complete(&self->checkpoint, report);
}

/* Realisations, and what becomes of them. */
static uxo_status simulate(working *self, uxo_report *report)
{
    const run_job *const job = self->job;
    self->progress = progress_start(job->quiet, self->scenario.estimator == UXO_ESTIMATOR_ANALOG);
    self->options = (uxo_engine_options){.threads = choose_threads(job, &self->scenario),
                                         .kernel = job->kernel,
                                         .stop = job->stop,
                                         .progress = job->quiet ? NULL : progress_show,
                                         .progress_user = &self->progress,
                                         .store = job->merged != NULL ? &job->merged->store
                                                  : job->keeps        ? &self->checkpoint.store
                                                                      : NULL};
    uxo_status status = uxo_engine_run(&self->scenario, &self->options, &self->outcome, report);
    progress_end(&self->progress);
    if (status == UXO_OK) {
        status = job->is_part ? write_part(self, report) : write_result(self, report);
        progress_end(&self->progress);
    }
    if (status == UXO_ERR_INTERRUPTED) {
        const uxo_status kept = uxo_engine_keep(&self->scenario, &self->options, &self->outcome, report);
        status = kept != UXO_OK ? kept : status;
    }
    return status;
}

/* What an end before the end leaves. */
static uxo_status say_resumable(working *self, uxo_status status)
{
    if (!uxo_checkpoint_exists(&self->checkpoint)) {
        return status;
    }
    if (status == UXO_ERR_SELFCHECK) { /* every value follows from the scenario: the run would come to the same end */
        uxo_checkpoint_remove(&self->checkpoint);
        fprintf(
            stderr,
            "uxosim: checkpoint '%s' is removed: it holds what failed the self-check, and going on with it would end "
            "in the same way\n",
            self->checkpoint.path);
        return status;
    }
    fprintf(stderr, "uxosim: %s; what is done is in '%s': go on with the same command and --resume\n",
            status == UXO_ERR_INTERRUPTED ? "interrupted" : "ended by an error", self->checkpoint.path);
    return status == UXO_ERR_INTERRUPTED ? UXO_ERR_RESUMABLE : status;
}

static uxo_status begin_checkpoint(working *self, uxo_report *report)
{
    const run_job *const job = self->job;
    char *const path = run_notes_checkpoint(job->output);
    char *const identity = uxo_checkpoint_identity(&self->scenario, UXOSIM_VERSION, UXOSIM_COMMIT);
    char *const notes = run_notes_make(job);
    uxo_status status = check_memory(path != NULL && identity != NULL && notes != NULL, report);
    if (status == UXO_OK) {
        const uxo_checkpoint_plan plan = {.path = path,
                                          .output = job->output,
                                          .identity = identity,
                                          .notes = notes,
                                          .interval_s = job->interval_s,
                                          .resume = job->resume,
                                          .part = job->part,
                                          .parts = job->parts,
                                          .is_part = job->is_part};
        status = uxo_checkpoint_begin(&self->checkpoint, &plan, report);
    }
    if (status == UXO_OK && !job->quiet && self->checkpoint.is_complete) {
        fprintf(stderr, "uxosim: part %" PRIu32 "/%" PRIu32 " of this run is there already, complete: nothing to do\n",
                job->part + 1, job->parts);
    } else if (status == UXO_OK && !job->quiet && job->resume) {
        fprintf(stderr,
                self->checkpoint.resumed ? "uxosim: going on with '%s'\n"
                                         : "uxosim: there is nothing to go on with in '%s': the run starts anew\n",
                path);
    }
    free(path);
    free(identity);
    free(notes);
    return status;
}

/* Does the output, or what is kept on the way, lie where an input does? And is the store of this run? */
static uxo_status prepare(working *self, uxo_report *report)
{
    const run_job *const job = self->job;
    const uxo_input_file *const input = uxo_scenario_input_at(&self->scenario, job->output);
    if (input != NULL) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                        "'%s' is an input of this scenario (%s: %s): it is not overwritten", job->output, input->role,
                        input->name);
    }
    self->zones = calloc((size_t)self->scenario.zones.set_count + 1, sizeof *self->zones);
    UXO_TRY(check_memory(self->zones != NULL, report));
    if (job->merged != NULL) {
        char *const identity = uxo_checkpoint_identity(&self->scenario, UXOSIM_VERSION, UXOSIM_COMMIT);
        const uxo_status status =
            identity != NULL ? uxo_parts_check(job->merged, identity, report) : check_memory(false, report);
        free(identity);
        return status;
    }
    return job->keeps ? begin_checkpoint(self, report) : UXO_OK;
}

static void free_working(working *self)
{
    for (uint32_t s = 0; self->zones != NULL && s < self->scenario.zones.set_count; s++) {
        uxo_district_table_free(&self->zones[s]);
    }
    free(self->zones);
    uxo_district_table_free(&self->table);
    uxo_outcome_free(&self->outcome);
    uxo_scenario_free(&self->scenario);
    uxo_checkpoint_free(&self->checkpoint);
}

static void log_checkpoints(const working *self)
{
    if (!self->job->quiet) {
        fprintf(stderr, "checkpoints: %" PRIu32 ", written in %.2f s\n", self->checkpoint.states,
                self->checkpoint.all_s);
    }
}

uxo_status run_job_do(const run_job *job, uxo_report *report)
{
    working self;
    const bool had_readers = signals_outlive_readers();
    memset(&self, 0, sizeof self);
    self.job = job;
    uxo_status status = uxo_scenario_read(&self.scenario, job->scenario, job->set, job->set_count, report);
    size_t shown = 0;
    bool begun = false;
    status = status == UXO_OK ? prepare(&self, report) : status;
    if (status == UXO_OK) {
        if (!job->quiet) {
            uxo_report_print(report, 0, UXO_MESSAGES_SHOWN, stderr);
        }
        shown = report->count;
        status = self.checkpoint.is_complete ? UXO_OK : simulate(&self, report);
        begun = true;
        if (status == UXO_OK && !job->quiet && !job->is_part) {
            log_run(&self.scenario, &self.outcome);
        }
        if (status == UXO_OK && job->keeps && !job->is_part) {
            log_checkpoints(&self);
        }
    }
    command_end(status, report, shown);
    status = status != UXO_OK && begun && job->keeps ? say_resumable(&self, status) : status;
    free_working(&self);
    signals_end_with_readers(had_readers);
    return status;
}

int run_job_show(const run_job *job)
{
    char command[] = "uxosim districts";
    char *const path = strdup(job->output);
    char *arguments[] = {command, path, NULL};
    const int code = path != NULL ? cmd_districts(2, arguments) : EX_OSERR;
    free(path);
    printf("\nresult: %s\n", job->output);
    return code;
}
