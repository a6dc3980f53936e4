/* scenario_fixture.c - see scenario_fixture.h. */
#include "scenario_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char munitions[] =
    "munitions:\n"
    "  a: {name: A, submunitions_per_carrier: {range: [10, 20]}, dud_rate: {uniform: [0.1, 0.2], per: campaign},\n"
    "      pattern: {along_m: {uniform: [10, 20], per: campaign}, across_m: 5},\n"
    "      sources: {submunitions_per_carrier: s1, dud_rate: s2, pattern: s3}}\n"
    "  b: {name: B, submunitions_per_carrier: 10, dud_rate: {uniform: [0.1, 0.2], per: strike}, pattern: {along_m: 5, "
    "across_m: 5},\n"
    "      sources: {submunitions_per_carrier: s4, dud_rate: s5, pattern: s6}}\n"
    "  c: {name: C, submunitions_per_carrier: 10, dud_rate: {uniform: [0.1, 0.2], per: campaign}, pattern: {along_m: "
    "5, across_m: 5},\n"
    "      sources: {submunitions_per_carrier: s7, dud_rate: s8, pattern: s9}}\n";
const char scenario_fixture_strikes[] =
    "id,x_m,y_m,date,munition,carriers\n"
    "r1,300000,5535000,2023-01-05,a,\nr2,301000,5536000,2023-02-06,,2\nr3,302000,5537000,2022-05-01,,\n";
static const char districts[] =
    "{\"type\": \"FeatureCollection\", \"crs\": {\"type\": \"name\", \"properties\": {\"name\": "
    "\"urn:ogc:def:crs:EPSG::32637\"}},\n"
    "\"features\": [{\"type\": \"Feature\", \"properties\": {\"NAME\": \"North\"}, \"geometry\": {\"type\": "
    "\"Polygon\", \"coordinates\":\n"
    "[[[299010, 5534020], [303030, 5534020], [303030, 5538040], [299010, 5538040], [299010, 5534020]]]}}]}\n";

void scenario_fixture_write(const scenario_fixture *self, const char *name, const char *text)
{
    char path[192];
    snprintf(path, sizeof path, "%s/%s", self->folder, name);
    FILE *const file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

void scenario_fixture_remove(const scenario_fixture *self, const char *name)
{
    char path[192];
    snprintf(path, sizeof path, "%s/%s", self->folder, name);
    (void)remove(path);
}

void scenario_fixture_init(scenario_fixture *self)
{
    memset(self, 0, sizeof *self);
    strcpy(self->folder, "scenario-XXXXXX");
    assert_non_null(mkdtemp(self->folder));
    snprintf(self->path, sizeof self->path, "%s/s.yaml", self->folder);
    scenario_fixture_write(self, "munitions.yaml", munitions);
    scenario_fixture_write(self, "strikes.csv", scenario_fixture_strikes);
    scenario_fixture_write(self, "districts.geojson", districts);
    uxo_report_init(&self->report);
}

uxo_status scenario_fixture_read(scenario_fixture *self, const char *text, const char *const *sets, size_t count)
{
    scenario_fixture_write(self, "s.yaml", text);
    const uxo_status status = uxo_scenario_read(&self->scenario, self->path, sets, count, &self->report);
    return status;
}

void scenario_fixture_must_read(scenario_fixture *self, const char *text, const char *const *sets, size_t count)
{
    if (scenario_fixture_read(self, text, sets, count) != UXO_OK) {
        uxo_report_print(&self->report, 0, 20, stderr);
        fail();
    }
}

void scenario_fixture_free(scenario_fixture *self)
{
    static const char *const name[] = {
        "s.yaml", "munitions.yaml", "strikes.csv", "districts.geojson", "data/strikes.csv", "data"};
    uxo_scenario_free(&self->scenario);
    uxo_scenario_free(&self->scenario); /* twice is allowed */
    uxo_report_free(&self->report);
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        scenario_fixture_remove(self, name[i]);
    }
    assert_int_equal(rmdir(self->folder), 0);
}

const uxo_used_value *scenario_fixture_used(const uxo_scenario *scenario, const char *path)
{
    const uxo_used_value *found = NULL;
    for (uint32_t i = 0; i < scenario->used_count; i++) {
        if (strcmp(scenario->used[i].path, path) == 0) {
            assert_null(found); /* once only */
            found = &scenario->used[i];
        }
    }
    return found;
}

void scenario_fixture_expect(const uxo_scenario *scenario, const char *path, const char *value, uxo_mark mark,
                             const char *source)
{
    const uxo_used_value *const used = scenario_fixture_used(scenario, path);
    if (used == NULL) {
        fail_msg("%s is not recorded", path);
        return;
    }
    assert_string_equal(used->value, value);
    assert_int_equal(used->mark, mark);
    assert_string_equal(used->source, source);
}
