/* cmd_run.c - `uxosim run`: reads a scenario, simulates it, writes the result, prints the table of
 * districts. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "arguments.h"
#include "commands.h"
#include "progress.h"
#include "uxosim/engine.h"
#include "uxosim/result.h"
#include "uxosim/summary.h"
#include "uxosim_build_info.h"

enum { OPTION_THREADS = 0x100, OPTION_KERNEL, MAX_PATH_TEXT = 4096, MAX_THREADS = 1024 };

typedef struct run_arguments {
    const char *scenario;
    const char *output;
    set_list sets;
    const char *kernel;
    int threads;
    bool quiet;
} run_arguments;

/* The only mutable file-scope variable of the program: a signal handler can reach nothing else. */
static volatile sig_atomic_t stop_signal;

static void on_signal(int number)
{
    stop_signal = number;
}

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    run_arguments *const arguments = state->input;
    char *end = NULL;
    switch (key) {
    case 'o':
        arguments->output = value;
        break;
    case 'q':
        arguments->quiet = true;
        break;
    case OPTION_THREADS: {
        const long threads = strtol(value, &end, 10);
        if (*value == '\0' || *end != '\0' || threads < 1 || threads > MAX_THREADS) {
            argp_error(state, "--threads takes a whole number from 1 to %d, not '%s'", MAX_THREADS, value);
        }
        arguments->threads = (int)threads;
        break;
    }
    case OPTION_KERNEL:
        arguments->kernel = value;
        break;
    default:
        return arguments_parse(key, value, state, "scenario", &arguments->scenario, &arguments->sets);
    }
    return 0;
}

/* Where the result goes if not said: the scenario's own name, or its folder's where the file is just called
 * scenario.yaml. */
static void default_output(const char *scenario, char *path, size_t size)
{
    const char *const slash = strrchr(scenario, '/');
    const char *name = slash != NULL ? slash + 1 : scenario;
    size_t length = strcspn(name, ".");
    if (strncmp(name, "scenario.", 9) == 0 && slash != NULL && slash != scenario) {
        const char *start = slash;
        while (start > scenario && start[-1] != '/') {
            start--;
        }
        if (start < slash && *start != '.') {
            name = start;
            length = (size_t)(slash - start);
        }
    }
    snprintf(path, size, "%.*s.nc", (int)length, name);
}

/* Results are replaced, nothing else is: a scenario or a strike list may be the only copy there is. */
static bool is_result(const char *path)
{
    static const char signature[] = "\211HDF\r\n\032\n";
    char start[sizeof signature - 1];
    FILE *const file = fopen(path, "rb");
    const bool read = file != NULL && fread(start, 1, sizeof start, file) == sizeof start;
    if (file != NULL) {
        fclose(file);
    }
    return read && memcmp(start, signature, sizeof start) == 0;
}

/* Said before an hour of simulation, not after it. */
static uxo_status check_output(const char *path, uxo_report *report)
{
    char folder[MAX_PATH_TEXT];
    struct stat status;
    const char *const slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path + 1) : 1, slash != NULL ? path : ".");
    if (slash != NULL && slash[1] == '\0') {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "'%s' is a folder; give the result a file name", path);
    }
    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "there is no folder '%s' for the result '%s'", folder, path);
    }
    if (access(folder, W_OK) != 0) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot write into '%s': %s", folder, strerror(errno));
    }
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "'%s' is a folder; give the result a file name", path);
    }
    if (stat(path, &status) == 0 && !is_result(path)) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                        "'%s' is there already and is not a result: it is not overwritten", path);
    }
    return UXO_OK;
}

static void note_extension(const char *path)
{
    const char *const dot = strrchr(path, '.');
    if (dot == NULL || strcmp(dot, ".nc") != 0) {
        fprintf(stderr,
                "uxosim: note: '%s' does not end in .nc: GDAL and QGIS then need NETCDF:%s:dud_density to see where it "
                "lies\n",
                path, path);
    }
}

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
static int choose_threads(const run_arguments *arguments, const uxo_scenario *scenario)
{
    const double small_s = 0.005; /* of the order of what starting a team takes on a machine that is busy: measured */
    double bytes, seconds;
    uxo_engine_cost(scenario, &bytes, &seconds);
    return arguments->threads == 0 && seconds < small_s ? 1 : arguments->threads;
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

static uxo_status simulate(const run_arguments *arguments, const uxo_scenario *scenario, const char *output,
                           uxo_outcome *outcome, uxo_district_table *table, uxo_district_table *zones,
                           uxo_report *report)
{
    progress_line progress = progress_start(arguments->quiet, scenario->estimator == UXO_ESTIMATOR_ANALOG);
    const uxo_engine_options options = {.threads = choose_threads(arguments, scenario),
                                        .kernel = arguments->kernel,
                                        .stop = &stop_signal,
                                        .progress = arguments->quiet ? NULL : progress_show,
                                        .progress_user = &progress};
    const uxo_status status = uxo_engine_run(scenario, &options, outcome, report);
    progress_end(&progress);
    UXO_TRY(status);
    UXO_TRY(uxo_district_table_init(table, scenario->districts.count, report));
    UXO_TRY(uxo_district_table_fill(table, scenario, outcome, NULL, report));
    UXO_TRY(fill_zones(scenario, outcome, table, zones, report));
    const uxo_result_run result = {.scenario = scenario,
                                   .engine = &options,
                                   .outcome = outcome,
                                   .districts = table,
                                   .version = UXOSIM_VERSION,
                                   .commit = UXOSIM_COMMIT,
                                   .gdal_version = UXOSIM_GDAL_VERSION,
                                   .zones = zones};
    const uxo_status written = uxo_result_write(output, &result, report);
    progress_end(&progress);
    UXO_TRY(written);
    if (!arguments->quiet) {
        log_run(scenario, outcome);
    }
    return UXO_OK;
}

static uxo_status run_scenario(const run_arguments *arguments, const char *output, uxo_report *report)
{
    uxo_scenario scenario;
    uxo_outcome outcome;
    uxo_district_table table, *zones = NULL;
    memset(&outcome, 0, sizeof outcome);
    memset(&table, 0, sizeof table);
    uxo_status status =
        uxo_scenario_read(&scenario, arguments->scenario, arguments->sets.item, arguments->sets.count, report);
    const uxo_input_file *const input = status == UXO_OK ? uxo_scenario_input_at(&scenario, output) : NULL;
    if (input != NULL) {
        status = uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                          "'%s' is an input of this scenario (%s: %s): it is not overwritten", output, input->role,
                          input->name);
    }
    if (status == UXO_OK) {
        if (!arguments->quiet) {
            uxo_report_print(report, 0, UXO_MESSAGES_SHOWN, stderr);
        }
        const size_t shown = report->count;
        zones = calloc((size_t)scenario.zones.set_count + 1, sizeof *zones);
        status = zones != NULL ? simulate(arguments, &scenario, output, &outcome, &table, zones, report)
                               : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
        command_end(status, report, shown);
    } else {
        command_end(status, report, 0);
    }
    for (uint32_t s = 0; zones != NULL && s < scenario.zones.set_count; s++) {
        uxo_district_table_free(&zones[s]);
    }
    free(zones);
    uxo_district_table_free(&table);
    uxo_outcome_free(&outcome);
    uxo_scenario_free(&scenario);
    return status;
}

/* The first signal asks for a clean end, the second one is obeyed at once. A signal that whoever called us has ignored (nohup) stays
 * ignored. */
static void catch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action, before;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = (int)SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(numbers[i], &action, NULL);
        }
    }
}

int cmd_run(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"output", 'o', "OUT.nc", 0, "result file (default: named after the scenario, in the current folder)", 0},
        ARGUMENTS_SET_OPTION,
        {"threads", OPTION_THREADS, "N", 0, "threads (default: all, one for a tiny run); does not change the result",
         0},
        {"quiet", 'q', NULL, 0, "errors only", 0},
        {"kernel", OPTION_KERNEL, "NAME", OPTION_HIDDEN, "portable, sse2, avx2 or avx512; does not change the result",
         0},
        {NULL, 0, NULL, 0, NULL, 0}};
    static const struct argp parser = {
        options,
        parse_option,
        "SCENARIO.yaml",
        "Simulates a scenario, writes a result file (netCDF-4) and prints the table of districts.\v"
        "Modelled, not surveyed: see docs/model.md for what the numbers mean and do not mean.",
        NULL,
        NULL,
        NULL};
    run_arguments arguments;
    char named[MAX_PATH_TEXT];
    uxo_report report;
    memset(&arguments, 0, sizeof arguments);
    argp_parse(&parser, argc, argv, 0, NULL, &arguments);
    default_output(arguments.scenario, named, sizeof named);
    const char *const output = arguments.output != NULL ? arguments.output : named;
    uxo_report_init(&report);
    uxo_status status = check_output(output, &report);
    if (status != UXO_OK) {
        const int code = command_end(status, &report, 0);
        uxo_report_free(&report);
        return code;
    }
    if (!arguments.quiet) {
        note_extension(output);
    }
    catch_signals();
    status = run_scenario(&arguments, output, &report);
    uxo_report_free(&report);
    if (status == UXO_ERR_INTERRUPTED) {
        fprintf(stderr, "uxosim: interrupted; no result was written\n");
        return 128 + (int)stop_signal;
    }
    if (status != UXO_OK) {
        return uxo_status_exit_code(status);
    }
    char command[] = "uxosim districts";
    char path[MAX_PATH_TEXT];
    snprintf(path, sizeof path, "%s", output);
    char *table_arguments[] = {command, path, NULL};
    const int code = arguments.quiet ? EX_OK : cmd_districts(2, table_arguments);
    if (!arguments.quiet) {
        printf("\nresult: %s\n", output);
    }
    return code;
}
