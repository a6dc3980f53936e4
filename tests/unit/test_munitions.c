/* test_munitions.c - catalogue entries, overrides on top, and that no number goes without a source. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "uxosim/munitions.h"

#define ENTRY(id)                                                                                                  \
    "  " id                                                                                                        \
    ":\n    name: Rocket\n    submunitions_per_carrier: 100\n    dud_rate: {uniform: [0.1, 0.2], per: campaign}\n" \
    "    pattern: {along_m: 60, across_m: 40}\n"                                                                   \
    "    sources: {submunitions_per_carrier: s1, dud_rate: s2, pattern: s3}\n"

typedef struct fixture {
    uxo_yaml yaml, override;
    uxo_catalogue catalogue;
    uxo_report report;
} fixture;

static uxo_status read(fixture *self, const char *catalogue, const char *override)
{
    memset(self, 0, sizeof *self);
    uxo_report_init(&self->report);
    assert_int_equal(uxo_yaml_read_text(&self->yaml, "dir/m.yaml", catalogue, strlen(catalogue), 1, 1, &self->report),
                     UXO_OK);
    if (override != NULL) {
        assert_int_equal(
            uxo_yaml_read_text(&self->override, "dir/s.yaml", override, strlen(override), 1, 1, &self->report), UXO_OK);
    }
    return uxo_catalogue_from_tree(&self->catalogue, self->yaml.root, self->override.root, &self->report);
}

static void clean(fixture *self)
{
    uxo_catalogue_free(&self->catalogue);
    uxo_yaml_free(&self->yaml);
    uxo_yaml_free(&self->override);
    uxo_report_free(&self->report);
}

static void entries_are_sorted_and_found(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(read(&f, "munitions:\n" ENTRY("b") ENTRY("c") ENTRY("a-1.5"), NULL), UXO_OK);
    assert_int_equal(f.catalogue.count, 3);
    assert_string_equal(f.catalogue.item[0].id, "a-1.5");
    assert_int_equal(uxo_catalogue_find(&f.catalogue, "a-1.5"), 0);
    assert_int_equal(uxo_catalogue_find(&f.catalogue, "b"), 1);
    assert_int_equal(uxo_catalogue_find(&f.catalogue, "c"), 2);
    assert_int_equal(uxo_catalogue_find(&f.catalogue, "d"), -1);
    assert_int_equal(uxo_catalogue_find(&f.catalogue, ""), -1);
    assert_string_equal(uxo_catalogue_nearest(&f.catalogue, "a-15"), "a-1.5");
    assert_null(uxo_catalogue_nearest(&f.catalogue, "something else"));
    clean(&f);
}

static void an_entry_has_its_values_defaults_and_origins(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(read(&f, "munitions:\n" ENTRY("a"), NULL), UXO_OK);
    const uxo_munition *const m = &f.catalogue.item[0];
    assert_string_equal(m->name, "Rocket");
    assert_true(m->submunitions_per_carrier.integer && m->submunitions_per_carrier.p[0] == 100.0);
    assert_int_equal(m->dud_rate.form, UXO_FORM_UNIFORM);
    assert_int_equal(m->dud_rate.per, UXO_PER_CAMPAIGN);
    assert_false(m->varies_between_strikes);
    assert_true(m->carrier_failure.form == UXO_FORM_CONSTANT && m->carrier_failure.p[0] == 0.0);
    assert_true(m->spread_along_m.p[0] == 0.0 && m->spread_across_m.p[0] == 0.0);
    assert_true(m->pattern_along_m.p[0] == 60.0 && m->pattern_across_m.p[0] == 40.0);
    assert_string_equal(m->source[UXO_SOURCE_DUD_RATE], "s2");
    assert_string_equal(m->origin[UXO_SOURCE_DUD_RATE], "m.yaml:5");
    assert_string_equal(m->text[UXO_SOURCE_DUD_RATE], "{uniform: [0.1, 0.2], per: campaign}");
    assert_string_equal(m->text[UXO_SOURCE_PATTERN], "{along_m: 60, across_m: 40}");
    assert_int_equal(m->mark[UXO_SOURCE_DUD_RATE], UXO_MARK_GIVEN);
    assert_int_equal(m->mark[UXO_SOURCE_CARRIER_FAILURE], UXO_MARK_DEFAULT);
    assert_string_equal(m->origin[UXO_SOURCE_CARRIER_FAILURE], "default");
    assert_string_equal(m->text[UXO_SOURCE_CARRIER_FAILURE], "0");
    assert_null(m->source[UXO_SOURCE_CARRIER_FAILURE]);
    assert_null(m->text[UXO_SOURCE_BETWEEN_STRIKES]);
    clean(&f);
}

static void an_override_replaces_what_it_names(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(read(&f, "munitions:\n" ENTRY("a") ENTRY("b"),
                          "a:\n  pattern: {along_m: 80}\n  dud_rate_between_strikes: {concentration: 20}\n"
                          "  sources: {pattern: new, dud_rate_between_strikes: k}\n"),
                     UXO_OK);
    const uxo_munition *const m = &f.catalogue.item[0];
    assert_true(m->pattern_along_m.p[0] == 80.0 && m->pattern_across_m.p[0] == 40.0);
    assert_true(m->varies_between_strikes && m->concentration.p[0] == 20.0);
    assert_int_equal(m->mark[UXO_SOURCE_PATTERN], UXO_MARK_OVERRIDE);
    assert_string_equal(m->source[UXO_SOURCE_PATTERN], "new");
    assert_string_equal(m->origin[UXO_SOURCE_PATTERN], "override s.yaml:2");
    assert_string_equal(m->text[UXO_SOURCE_PATTERN], "{along_m: 80, across_m: 40}");
    assert_string_equal(m->source[UXO_SOURCE_DUD_RATE], "s2");
    assert_true(f.catalogue.item[1].pattern_along_m.p[0] == 60.0);
    clean(&f);
}

static void the_command_line_is_its_own_source(void **state)
{
    (void)state;
    fixture f;
    memset(&f, 0, sizeof f);
    uxo_report_init(&f.report);
    static const char catalogue[] = "munitions:\n" ENTRY("a"), scenario[] = "title: x\n";
    assert_int_equal(uxo_yaml_read_text(&f.yaml, "m", catalogue, sizeof catalogue - 1, 1, 1, &f.report), UXO_OK);
    assert_int_equal(uxo_yaml_read_text(&f.override, "s", scenario, sizeof scenario - 1, 1, 1, &f.report), UXO_OK);
    assert_int_equal(uxo_yaml_set(&f.override, "override.a.dud_rate=0.3", &f.report), UXO_OK);
    assert_int_equal(uxo_yaml_set(&f.override, "override.a.pattern.along_m=10", &f.report), UXO_OK);
    assert_int_equal(
        uxo_catalogue_from_tree(&f.catalogue, f.yaml.root, uxo_node_get(f.override.root, "override"), &f.report),
        UXO_OK);
    const uxo_munition *const m = &f.catalogue.item[0];
    assert_true(m->dud_rate.p[0] == 0.3 && m->pattern_along_m.p[0] == 10.0);
    assert_null(m->source[UXO_SOURCE_DUD_RATE]);
    assert_string_equal(m->origin[UXO_SOURCE_DUD_RATE], "--set");
    assert_string_equal(m->origin[UXO_SOURCE_PATTERN], "--set");
    assert_int_equal(m->mark[UXO_SOURCE_PATTERN], UXO_MARK_OVERRIDE);
    clean(&f);
}

static void a_new_entry_may_come_from_the_override(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(
        read(&f, "munitions:\n" ENTRY("b"),
             "a:\n  name: New\n  submunitions_per_carrier: 3\n  dud_rate: 0.1\n  pattern: {along_m: 1, across_m: 2}\n"
             "  sources: {submunitions_per_carrier: s, dud_rate: s, pattern: s}\n"),
        UXO_OK);
    assert_int_equal(f.catalogue.count, 2);
    assert_string_equal(f.catalogue.item[0].name, "New");
    clean(&f);
}

static void wrong_catalogues_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *catalogue, *override;
        size_t errors;
    } bad[] = {
        {"munitions: {}\n", NULL, 1},
        {"munition: {}\n", NULL, 2},
        {"munitions:\n  a: {name: x}\n", NULL, 3},
        {"munitions:\n  a b: {name: x, submunitions_per_carrier: 1, dud_rate: 0, pattern: {along_m: 1, across_m: 1}}\n",
         NULL, 4},
        {"munitions:\n" ENTRY("a"), "a: {dud_rate: 0.3}\n", 1},
        {"munitions:\n" ENTRY("a"), "b: {dud_rate: 0.3, sources: {dud_rate: s}}\n", 4},
        {"munitions:\n" ENTRY("a"), "a: {carrier_spread_m: {along: 3}, sources: {carrier_spread_m: s}}\n", 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fixture f;
        assert_int_equal(read(&f, bad[i].catalogue, bad[i].override), UXO_ERR_DATA);
        if (f.report.error_count != bad[i].errors) {
            uxo_report_print(&f.report, 0, 9, stderr);
            fail_msg("case %zu: %zu errors, expected %zu", i, f.report.error_count, bad[i].errors);
        }
        clean(&f);
    }
}

#define RATES(rate, between, sources)                                                                                \
    "munitions:\n  a: {name: x, submunitions_per_carrier: 100, dud_rate: " rate ", " between                         \
    "pattern: {along_m: 60, across_m: 40}, sources: {submunitions_per_carrier: s, dud_rate: s, " sources "pattern: " \
    "s}}\n"
#define BETWEEN "dud_rate_between_strikes: {concentration: 20}, "
#define BETWEEN_SOURCE "dud_rate_between_strikes: s, "
#define PER(level) "{uniform: [0.1, 0.2], per: " level "}"

static void a_rate_per_carrier_excludes_variation_between_strikes(void **state)
{
    (void)state;
    static const char told[] = "a: dud_rate_between_strikes and a dud_rate with `per: carrier` exclude each other";
    static const struct {
        const char *catalogue, *override;
        uint32_t column; /* of the complaint; 0: none */
    } cases[] = {
        {RATES(PER("carrier"), BETWEEN, BETWEEN_SOURCE), NULL, 94},
        {RATES(PER("carrier"), "", ""), "a: {" BETWEEN "sources: {dud_rate_between_strikes: s}}\n", 5},
        {RATES("0.1", BETWEEN, BETWEEN_SOURCE), "a: {dud_rate: " PER("carrier") ", sources: {dud_rate: s}}\n", 5},
        {RATES(PER("campaign"), BETWEEN, BETWEEN_SOURCE), NULL, 0},
        {RATES(PER("strike"), BETWEEN, BETWEEN_SOURCE), NULL, 0},
        {RATES("0.1", BETWEEN, BETWEEN_SOURCE), NULL, 0},
        {RATES("{uniform: [0.1, 0.1], per: carrier}", BETWEEN, BETWEEN_SOURCE), NULL, 0},
        {RATES(PER("carrier"), "", ""), NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        const uxo_status status = read(&f, cases[i].catalogue, cases[i].override);
        if (cases[i].column == 0) {
            assert_int_equal(status, UXO_OK);
        } else {
            assert_int_equal(status, UXO_ERR_DATA);
            assert_int_equal(f.report.error_count, 1);
            assert_non_null(strstr(f.report.item[0].text, told));
            assert_int_equal(f.report.item[0].place.column, cases[i].column);
            assert_string_equal(f.report.item[0].place.file, cases[i].override != NULL ? "dir/s.yaml" : "dir/m.yaml");
        }
        clean(&f);
    }
}

static void long_names_are_cut_between_characters(void **state)
{
    (void)state;
    fixture f;
    char text[1200];
    int used = snprintf(text, sizeof text, "munitions:\n  a:\n    name: \"");
    for (int i = 0; i < 150; i++) {
        used += snprintf(text + used, sizeof text - (size_t)used, "\xC3\xA4");
    }
    snprintf(text + used, sizeof text - (size_t)used,
             "\"\n    submunitions_per_carrier: 1\n    dud_rate: 0\n    pattern: {along_m: 1, across_m: 1}\n"
             "    sources: {submunitions_per_carrier: s, dud_rate: s, pattern: s}\n");
    assert_int_equal(read(&f, text, NULL), UXO_OK);
    assert_int_equal(strlen(f.catalogue.item[0].name), 158);
    clean(&f);
}

static void the_project_catalogue_is_sound(void **state)
{
    (void)state;
    uxo_catalogue catalogue;
    uxo_report report;
    uxo_report_init(&report);
    const uxo_status status =
        uxo_catalogue_read(&catalogue, UXOSIM_SOURCE_DIR "/configs/munitions.yaml", NULL, &report);
    uxo_report_print(&report, 0, 9, stderr);
    assert_int_equal(status, UXO_OK);
    assert_true(uxo_catalogue_find(&catalogue, "lar-160-m095") >= 0);
    assert_true(uxo_catalogue_find(&catalogue, "unknown") >= 0);
    uxo_catalogue_free(&catalogue);
    uxo_catalogue_free(&catalogue); /* twice is allowed */
    uxo_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_sorted_and_found),
        cmocka_unit_test(an_entry_has_its_values_defaults_and_origins),
        cmocka_unit_test(an_override_replaces_what_it_names),
        cmocka_unit_test(the_command_line_is_its_own_source),
        cmocka_unit_test(a_new_entry_may_come_from_the_override),
        cmocka_unit_test(wrong_catalogues_are_refused),
        cmocka_unit_test(a_rate_per_carrier_excludes_variation_between_strikes),
        cmocka_unit_test(long_names_are_cut_between_characters),
        cmocka_unit_test(the_project_catalogue_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
