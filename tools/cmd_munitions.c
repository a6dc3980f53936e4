/* cmd_munitions.c - `uxosim munitions [ID]`: the catalogue with the source of every number. */
#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands.h"
#include "uxosim/distribution.h"
#include "uxosim/munitions.h"
#include "uxosim_build_info.h"

enum { OPTION_CATALOGUE = 0x100, MAX_PATH_TEXT = 4096 };

typedef struct munitions_arguments {
    const char *id;
    const char *catalogue;
} munitions_arguments;

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    munitions_arguments *const arguments = state->input;
    switch (key) {
    case OPTION_CATALOGUE:
        arguments->catalogue = value;
        break;
    case ARGP_KEY_ARG:
        if (arguments->id != NULL) {
            argp_error(state, "one munition at a time; '%s' is too much", value);
        }
        arguments->id = value;
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* The catalogue that comes with the program: beside an installed program, in the source tree of a build, or in the
 * current folder. */
static bool find_catalogue(char *path, size_t size)
{
    static const char *const beside[] = {"../share/uxosim/munitions.yaml", "../../configs/munitions.yaml",
                                         "../configs/munitions.yaml"};
    char program[MAX_PATH_TEXT];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return false;
    }
    program[length] = '\0';
    char *const slash = strrchr(program, '/');
    *slash = '\0';
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        snprintf(path, size, "%s/%s", program, beside[i]);
        if (access(path, R_OK) == 0) {
            return true;
        }
    }
    snprintf(path, size, "configs/munitions.yaml");
    return access(path, R_OK) == 0;
}

static void print_source(const uxo_munition *munition, uxo_munition_source which)
{
    if (munition->source[which] != NULL) {
        printf("      source: %s\n", munition->source[which]);
    } else {
        printf("      %s\n", munition->origin[which] != NULL ? munition->origin[which] : "default");
    }
}

static void print_quantity(const char *name, const uxo_quantity *quantity)
{
    char text[200];
    uxo_distribution_describe(quantity, text, sizeof text);
    printf("  %-28s %s\n", name, text);
}

static void print_munition(const uxo_munition *munition)
{
    static const char *const shape[] = {"gaussian", "uniform-ellipse", "ring"};
    printf("%s\n  %s\n", munition->id, munition->name);
    print_quantity("submunitions_per_carrier", &munition->submunitions_per_carrier);
    print_source(munition, UXO_SOURCE_SUBMUNITIONS);
    print_quantity("dud_rate (mean of the type)", &munition->dud_rate);
    print_source(munition, UXO_SOURCE_DUD_RATE);
    if (munition->varies_between_strikes) {
        print_quantity("between strikes, k of Beta", &munition->concentration);
        print_source(munition, UXO_SOURCE_BETWEEN_STRIKES);
    }
    print_quantity("carrier_failure", &munition->carrier_failure);
    print_source(munition, UXO_SOURCE_CARRIER_FAILURE);
    print_quantity("carrier_spread_m along", &munition->spread_along_m);
    print_quantity("carrier_spread_m across", &munition->spread_across_m);
    print_source(munition, UXO_SOURCE_CARRIER_SPREAD);
    printf("  %-28s %s\n", "pattern shape", shape[munition->shape]);
    print_quantity("pattern along_m", &munition->pattern_along_m);
    print_quantity("pattern across_m", &munition->pattern_across_m);
    if (munition->shape == UXO_SHAPE_RING) {
        print_quantity("pattern width (relative)", &munition->pattern_width);
    }
    print_source(munition, UXO_SOURCE_PATTERN);
}

static uxo_status print_catalogue(const uxo_catalogue *catalogue, const char *id, uxo_report *report)
{
    if (id == NULL) {
        for (uint32_t i = 0; i < catalogue->count; i++) {
            print_munition(&catalogue->item[i]);
            putchar('\n');
        }
        return UXO_OK;
    }
    const int32_t found = uxo_catalogue_find(catalogue, id);
    if (found < 0) {
        const char *const nearest = uxo_catalogue_nearest(catalogue, id);
        return uxo_fail(report, UXO_ERR_USAGE, NULL, "there is no munition '%s' in the catalogue%s%s%s", id,
                        nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                        nearest != NULL ? "'?" : "");
    }
    print_munition(&catalogue->item[found]);
    return UXO_OK;
}

int cmd_munitions(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"catalogue", OPTION_CATALOGUE, "FILE", 0, "another catalogue than the one that comes with the program", 0},
        {NULL, 0, NULL, 0, NULL, 0}};
    static const struct argp parser = {
        options, parse_option, "[ID]", "Prints the catalogue, or one entry of it, with the source of every number.",
        NULL,    NULL,         NULL};
    munitions_arguments arguments = {NULL, NULL};
    char path[2 * MAX_PATH_TEXT];
    uxo_catalogue catalogue;
    uxo_report report;
    memset(&catalogue, 0, sizeof catalogue);
    argp_parse(&parser, argc, argv, 0, NULL, &arguments);
    uxo_report_init(&report);
    uxo_status status;
    if (arguments.catalogue == NULL && !find_catalogue(path, sizeof path)) {
        status = uxo_fail(&report, UXO_ERR_NOINPUT, NULL,
                          "the catalogue munitions.yaml is not beside the program; name it with --catalogue");
    } else {
        status =
            uxo_catalogue_read(&catalogue, arguments.catalogue != NULL ? arguments.catalogue : path, NULL, &report);
    }
    if (status == UXO_OK) {
        status = print_catalogue(&catalogue, arguments.id, &report);
    }
    const int code = command_end(status, &report, 0);
    uxo_catalogue_free(&catalogue);
    uxo_report_free(&report);
    return code;
}
