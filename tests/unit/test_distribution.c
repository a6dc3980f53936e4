/* test_distribution.c - every form from YAML to its parameters, every refusal, and the Beta distributions of published
 * ranges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "uxosim/distribution.h"

#define RATE "strikes.defaults.confidence"
#define COUNT "strikes.defaults.carriers"
#define LENGTH "strikes.defaults.location_error.r95_m"
#define HEADING "strikes.defaults.heading_deg"

static uxo_status read(const char *path, const char *text, uxo_quantity *out)
{
    uxo_yaml yaml;
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_yaml_read_text(&yaml, "t", text, strlen(text), 1, 1, &report), UXO_OK);
    const bool rate = strncmp(path, "munitions", 9) == 0;
    const uxo_status status = uxo_distribution_read(
        yaml.root, uxo_schema_find(rate ? UXO_DOCUMENT_CATALOGUE : UXO_DOCUMENT_SCENARIO, path), out, &report);
    assert_int_equal(status == UXO_OK, report.error_count == 0);
    uxo_report_free(&report);
    uxo_yaml_free(&yaml);
    return status;
}

/* Range as printed; a, b and mean as in the table of docs that reads ranges as 5-95 % intervals (computed there with
 * R's pbeta). */
static void published_ranges_give_the_known_betas(void **state)
{
    (void)state;
    static const struct {
        double q05, q95, a, b, mean;
    } known[] = {{0.03, 0.26, 2.46, 17.5, 0.123}, {0.05, 0.20, 5.43, 41.5, 0.116}, {0.05, 0.22, 4.76, 33.7, 0.124},
                 {0.05, 0.23, 4.50, 30.7, 0.128}, {0.10, 0.30, 7.72, 32.7, 0.191}, {0.02, 0.12, 3.59, 54.7, 0.061},
                 {0.05, 0.40, 2.45, 10.0, 0.197}, {0.15, 0.50, 5.61, 12.3, 0.313}, {0.02, 0.40, 1.41, 7.15, 0.165}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double a, b;
        assert_true(uxo_distribution_beta_from_interval(known[i].q05, known[i].q95, &a, &b));
        print_message("%.2f-%.2f: a %.10g, b %.10g, mean %.4f\n", known[i].q05, known[i].q95, a, b, a / (a + b));
        assert_true(fabs(a / known[i].a - 1.0) < 0.005);
        assert_true(fabs(b / known[i].b - 1.0) < 0.005);
        assert_true(fabs(a / (a + b) - known[i].mean) < 0.00051);
        assert_true(fabs(gsl_cdf_beta_P(known[i].q05, a, b) - 0.05) < 1e-9);
        assert_true(fabs(gsl_cdf_beta_P(known[i].q95, a, b) - 0.95) < 1e-9);
    }
}

/* Any pair of ends is solved to 1e-8 or refused; GSL never aborts. */
static void any_interval_is_solved_or_refused(void **state)
{
    (void)state;
    static const double end[] = {1e-12, 1e-6,    1e-3, 0.01, 0.049, 0.05,   0.2,
                                 0.5,   0.50001, 0.8,  0.95, 0.99,  0.9999, 1.0 - 1e-9};
    const size_t count = sizeof end / sizeof *end;
    size_t solved = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            double a, b;
            if (uxo_distribution_beta_from_interval(end[i], end[j], &a, &b)) {
                assert_true(end[i] < end[j]);
                assert_true(fabs(gsl_cdf_beta_P(end[i], a, b) - 0.05) < 1e-8 &&
                            fabs(gsl_cdf_beta_P(end[j], a, b) - 0.95) < 1e-8);
                solved++;
            }
        }
    }
    print_message("%zu of %zu ascending pairs solved\n", solved, count * (count - 1) / 2);
    assert_true(solved > 40);
}

static void solved_parameters_have_ten_digits(void **state)
{
    (void)state;
    uxo_quantity q;
    char text[40];
    assert_int_equal(read(LENGTH, "{interval90: [30, 120]}", &q), UXO_OK);
    assert_int_equal(q.form, UXO_FORM_LOGNORMAL);
    assert_true(fabs(q.p[0] - log(60.0)) < 1e-9);
    assert_true(fabs(exp(q.p[0] - 1.6448536269514722 * q.p[1]) - 30.0) < 1e-6);
    for (int i = 0; i < 2; i++) {
        snprintf(text, sizeof text, "%.9e", q.p[i]);
        double again;
        const char *why;
        assert_true(uxo_schema_number(text, &again, &why));
        assert_true(again == q.p[i]);
    }
}

static void every_form_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text;
        uxo_form form;
        double p0, p1, p2;
    } good[] = {
        {RATE, "0.25", UXO_FORM_CONSTANT, 0.25, 0, 0},
        {RATE, "0", UXO_FORM_CONSTANT, 0, 0, 0},
        {RATE, "1", UXO_FORM_CONSTANT, 1, 0, 0},
        {RATE, "{uniform: [0.1, 0.3]}", UXO_FORM_UNIFORM, 0.1, 0.3, 0},
        {RATE, "{uniform: [0.1, 0.1]}", UXO_FORM_CONSTANT, 0.1, 0, 0},
        {RATE, "{triangular: [0.1, 0.2, 0.3]}", UXO_FORM_TRIANGULAR, 0.1, 0.2, 0.3},
        {RATE, "{triangular: [0.1, 0.1, 0.3]}", UXO_FORM_TRIANGULAR, 0.1, 0.1, 0.3},
        {RATE, "{beta: {mean: 0.25, concentration: 8}}", UXO_FORM_BETA, 2, 6, 0},
        {RATE, "{interval90: [0.3, 0.3]}", UXO_FORM_CONSTANT, 0.3, 0, 0},
        {COUNT, "{range: [1, 4]}", UXO_FORM_RANGE, 1, 4, 0},
        {COUNT, "{range: [4, 4]}", UXO_FORM_CONSTANT, 4, 0, 0},
        {COUNT, "{poisson: 3.5}", UXO_FORM_POISSON, 3.5, 0, 0},
        {COUNT, "{normal: {mean: 5.5, sd: 2}}", UXO_FORM_NORMAL, 5.5, 2, 0},
        {COUNT, "{uniform: [1, 9]}", UXO_FORM_UNIFORM, 1, 9, 0},
        {HEADING, "{normal: {sd: 10, mean: 45}}", UXO_FORM_NORMAL, 45, 10, 0},
        {HEADING, "{normal: {mean: 45, sd: 0}}", UXO_FORM_CONSTANT, 45, 0, 0},
        {HEADING, "{uniform: [-10, 20]}", UXO_FORM_UNIFORM, -10, 20, 0},
        {LENGTH, "{range: [100, 200]}", UXO_FORM_RANGE, 100, 200, 0},
        {LENGTH, "0", UXO_FORM_CONSTANT, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uxo_quantity q;
        if (read(good[i].path, good[i].text, &q) != UXO_OK) {
            fail_msg("%s: %s was refused", good[i].path, good[i].text);
        }
        assert_int_equal(q.form, good[i].form);
        assert_true(q.p[0] == good[i].p0 && q.p[1] == good[i].p1 && q.p[2] == good[i].p2);
        assert_int_equal(q.per, UXO_PER_STRIKE * (good[i].text[0] == '{'));
        assert_int_equal(q.campaign_index, -1);
        assert_int_equal(q.integer, strcmp(good[i].path, COUNT) == 0);
    }
}

static void choices_are_sorted_and_normalised(void **state)
{
    (void)state;
    uxo_quantity q;
    assert_int_equal(read(COUNT, "{choice: {4: 1, 1: 3, 9: 0}, per: campaign}", &q), UXO_OK);
    assert_int_equal(q.form, UXO_FORM_CHOICE);
    assert_int_equal(q.choices, 2);
    assert_true(q.value[0] == 1.0 && q.weight[0] == 0.75 && q.value[1] == 4.0 && q.weight[1] == 0.25);
    assert_int_equal(q.per, UXO_PER_CAMPAIGN);
    assert_int_equal(read(COUNT, "{choice: {4: 2}}", &q), UXO_OK);
    assert_int_equal(q.form, UXO_FORM_CONSTANT);
    assert_true(q.p[0] == 4.0);
    assert_int_equal(read(HEADING, "{choice: {100: 1, 20: 1, 3: 1}}", &q), UXO_OK);
    assert_true(q.value[0] == 3.0 && q.value[1] == 20.0 && q.value[2] == 100.0);
}

static const struct {
    const char *path, *text;
} WRONG[] = {
    {RATE, "1.5"},
    {RATE, "-0.1"},
    {RATE, "16 %"},
    {RATE, "\"0.5\""},
    {RATE, "[0.1, 0.2]"},
    {RATE, "unknown"},
    {RATE, "{}"},
    {RATE, "{per: strike}"},
    {RATE, "{uniform: [0.3, 0.1]}"},
    {RATE, "{uniform: [0.1]}"},
    {RATE, "{uniform: [0.1, 1.1]}"},
    {RATE, "{uniform: 0.1}"},
    {RATE, "{uniform: [0.1, 0.2], beta: {mean: 1, concentration: 1}}"},
    {RATE, "{range: [0, 1]}"},
    {RATE, "{poisson: 1}"},
    {RATE, "{normal: {mean: 0.5, sd: 0.1}}"},
    {RATE, "{interval90: [0, 0.5]}"},
    {RATE, "{interval90: [0.5, 1]}"},
    {RATE, "{beta: {mean: 0, concentration: 4}}"},
    {RATE, "{beta: {mean: 1, concentration: 4}}"},
    {RATE, "{beta: {mean: 0.5, concentration: 0}}"},
    {RATE, "{beta: {mean: 0.5}}"},
    {RATE, "{beta: {mean: 0.5, concentration: 4, per: strike}}"},
    {RATE, "{choice: {2: 1}}"},
    {RATE, "{choice: {}}"},
    {RATE, "{uniform: [0.1, 0.2], per: carrier}"},
    {RATE, "{uniform: [0.1, 0.2], per: [strike]}"},
    {COUNT, "0"},
    {COUNT, "2.5"},
    {COUNT, "{uniform: [1, 2.5]}"},
    {COUNT, "{range: [0, 3]}"},
    {COUNT, "{poisson: 0}"},
    {COUNT, "{poisson: {mean: 3}}"},
    {COUNT, "{beta: {mean: 0.5, concentration: 4}}"},
    {COUNT, "{normal: {mean: 2.5, sd: 0}}"},
    {COUNT, "{normal: {mean: 0, sd: 1}}"},
    {COUNT, "{choice: {1.5: 1, 2: 1}}"},
    {COUNT, "{choice: {1: 1, 1.0: 1}}"},
    {COUNT, "{choice: {1: -1, 2: 1}}"},
    {COUNT, "{choice: {1: 0, 2: 0}}"},
    {COUNT, "{choice: [1, 2]}"},
    {COUNT, "{1: 0.5, 2: 0.5}"},
    {COUNT, "{choice: {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1, 11: 1, 12: 1, 13: 1, 14: 1, "
            "15: 1, 16: 1, 17: 1}}"},
    {HEADING, "{interval90: [10, 20]}"},
    {HEADING, "{poisson: 3}"},
    {HEADING, "{beta: {mean: 0.5, concentration: 4}}"},
    {HEADING, "1000"},
    {LENGTH, "-1"},
    {LENGTH, "{interval90: [0, 10]}"},
    {LENGTH, "{normal: {mean: 10, sd: 1e9}}"},
    {LENGTH, "{beta: {mean: 0.5, concentration: 4}}"},
    {LENGTH, "{unifrom: [1, 2]}"},
};

static void wrong_forms_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        uxo_quantity q;
        if (read(WRONG[i].path, WRONG[i].text, &q) == UXO_OK) {
            fail_msg("%s: %s was read", WRONG[i].path, WRONG[i].text);
        }
        assert_int_equal(q.form, UXO_FORM_CONSTANT);
        assert_true(q.p[0] == 0.0);
    }
}

static void failure_rates_must_say_their_level(void **state)
{
    (void)state;
    static const char *const path[] = {"munitions.*.dud_rate", "munitions.*.carrier_failure"};
    for (size_t i = 0; i < 2; i++) {
        uxo_quantity q;
        assert_int_equal(read(path[i], "{uniform: [0.1, 0.2]}", &q), UXO_ERR_DATA);
        assert_int_equal(read(path[i], "0.1", &q), UXO_OK);
        assert_int_equal(read(path[i], "{uniform: [0.1, 0.1]}", &q),
                         UXO_OK); /* a constant does not vary at any level */
        static const char *const text[] = {"{uniform: [0.1, 0.2], per: campaign}", "{uniform: [0.1, 0.2], per: strike}",
                                           "{uniform: [0.1, 0.2], per: carrier}"};
        for (int level = 0; level < 3; level++) {
            assert_int_equal(read(path[i], text[level], &q), UXO_OK);
            assert_int_equal(q.per, UXO_PER_CAMPAIGN + level);
        }
    }
}

static void bounds_go_with_the_quantity(void **state)
{
    (void)state;
    uxo_quantity q;
    assert_int_equal(read(COUNT, "{poisson: 3}", &q), UXO_OK);
    assert_true(q.lower == 1.0 && q.upper == 100000.0);
    assert_int_equal(read("munitions.*.pattern.along_m", "{poisson: 3}", &q), UXO_OK); /* greater than 0: at least 1 */
    assert_true(q.lower == 1.0);
}

static void quantities_are_described(void **state)
{
    (void)state;
    uxo_quantity q;
    char text[120];
    assert_int_equal(read("munitions.*.dud_rate", "{interval90: [0.05, 0.20], per: campaign}", &q), UXO_OK);
    uxo_distribution_describe(&q, text, sizeof text);
    assert_string_equal(text, "Beta, mean 0.116, 5-95 % 0.05-0.2, per campaign");
    assert_int_equal(read(COUNT, "{range: [1, 4]}", &q), UXO_OK);
    uxo_distribution_describe(&q, text, sizeof text);
    assert_string_equal(text, "range 1 to 4, per strike");
    assert_int_equal(read(COUNT, "7", &q), UXO_OK);
    uxo_distribution_describe(&q, text, sizeof text);
    assert_string_equal(text, "7");
}

static void mixtures_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t count; /* 0: refused */
    } mixture[] = {{"a", 1},
                   {"{a: 0.5, b: 1}", 2},
                   {"{b: 1, a: 0}", 1},
                   {"{choice: {b: 1, a: 1}}", 2},
                   {"{choice: {a: 1}, per: strike}", 1},
                   {"{choice: {a: 1}, per: campaign}", 0},
                   {"[a, b]", 0},
                   {"{a: x}", 0},
                   {"{}", 0},
                   {"{choice: a}", 0},
                   {"\"\"", 0}};
    for (size_t i = 0; i < sizeof mixture / sizeof *mixture; i++) {
        uxo_yaml yaml;
        uxo_report report;
        const char *word[UXO_MAX_CHOICES];
        double weight[UXO_MAX_CHOICES];
        uint32_t count;
        uxo_report_init(&report);
        assert_int_equal(uxo_yaml_read_text(&yaml, "t", mixture[i].text, strlen(mixture[i].text), 1, 1, &report),
                         UXO_OK);
        const bool good = uxo_distribution_read_weights(
            yaml.root, uxo_schema_find(UXO_DOCUMENT_SCENARIO, "strikes.defaults.munition"), word, weight, &count,
            &report);
        assert_int_equal(good, mixture[i].count > 0);
        if (good) {
            assert_int_equal(count, mixture[i].count);
            assert_string_equal(word[0], strstr(mixture[i].text, "{b: 1, a: 0}") == mixture[i].text ? "b" : "a");
        }
        uxo_report_free(&report);
        uxo_yaml_free(&yaml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_ranges_give_the_known_betas),
        cmocka_unit_test(any_interval_is_solved_or_refused),
        cmocka_unit_test(solved_parameters_have_ten_digits),
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(choices_are_sorted_and_normalised),
        cmocka_unit_test(wrong_forms_are_refused),
        cmocka_unit_test(failure_rates_must_say_their_level),
        cmocka_unit_test(bounds_go_with_the_quantity),
        cmocka_unit_test(quantities_are_described),
        cmocka_unit_test(mixtures_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
