/* fuzz_scenario.c - libFuzzer target: any bytes as a scenario, a catalogue or a --set argument must be read or refused,
 * never crash, hang or leak. The first byte says which. No files are touched: the parts behind the check (strikes,
 * layers) are not reached. */
#include <stdlib.h>
#include <string.h>

#include "uxosim/distribution.h"
#include "uxosim/munitions.h"
#include "uxosim/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_scenario(const char *text, size_t size, uxo_report *report)
{
    uxo_yaml yaml;
    if (uxo_yaml_read_text(&yaml, "scenario.yaml", text, size, 1, 1, report) == UXO_OK) {
        free(uxo_node_print(yaml.root));
        (void)!uxo_schema_check(UXO_DOCUMENT_SCENARIO, yaml.root, "", report);
    }
    uxo_yaml_free(&yaml);
}

static void read_catalogue(const char *text, size_t size, uxo_report *report)
{
    uxo_yaml yaml;
    uxo_catalogue catalogue = {0};
    if (uxo_yaml_read_text(&yaml, "munitions.yaml", text, size, 1, 1, report) == UXO_OK &&
        uxo_catalogue_from_tree(&catalogue, yaml.root, NULL, report) == UXO_OK) {
        char words[200];
        for (uint32_t i = 0; i < catalogue.count; i++) {
            uxo_distribution_describe(&catalogue.item[i].dud_rate, words, sizeof words);
        }
    }
    uxo_catalogue_free(&catalogue);
    uxo_yaml_free(&yaml);
}

/* Lines are --set arguments for a small scenario. */
static void apply_sets(char *text, uxo_report *report)
{
    static const char base[] = "format: 1\nrun: {realisations: 10}\nstrikes: {file: a.csv, defaults: {carriers: 3}}\n";
    uxo_yaml yaml;
    char *rest = text;
    if (uxo_yaml_read_text(&yaml, "scenario.yaml", base, sizeof base - 1, 1, 1, report) == UXO_OK) {
        for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
            (void)!uxo_yaml_set(&yaml, line, report);
        }
        (void)!uxo_schema_check(UXO_DOCUMENT_SCENARIO, yaml.root, "", report);
    }
    uxo_yaml_free(&yaml);
}

/* One cell of a strike list. */
static void read_cell(const char *text, size_t size, uxo_report *report)
{
    uxo_yaml yaml;
    uxo_quantity quantity;
    if (uxo_yaml_read_text(&yaml, "strikes.csv", text, size, 7, 20, report) == UXO_OK) {
        (void)!uxo_distribution_read(yaml.root, uxo_schema_find(UXO_DOCUMENT_SCENARIO, "strikes.defaults.carriers"),
                                     &quantity, report);
    }
    uxo_yaml_free(&yaml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uxo_report report;
    char *const text = size > 0 ? calloc(size, 1) : NULL;
    FILE *const nowhere = fopen("/dev/null", "w");
    if (text == NULL || nowhere == NULL) {
        free(text);
        if (nowhere != NULL) {
            fclose(nowhere);
        }
        return 0;
    }
    memcpy(text, data + 1, size - 1);
    uxo_report_init(&report);
    switch (data[0]) {
    case 'c':
        read_catalogue(text, size - 1, &report);
        break;
    case 's':
        apply_sets(text, &report);
        break;
    case 'd':
        read_cell(text, size - 1, &report);
        break;
    default:
        read_scenario(text, size - 1, &report);
    }
    uxo_report_print(&report, 0, 100, nowhere);
    uxo_report_free(&report);
    fclose(nowhere);
    free(text);
    return 0;
}
