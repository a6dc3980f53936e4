/* test_sensitivity.c - edges of indices and rank regression: nothing varies, scenarios are missing, too few are left; the quick form against the
 * full one; coefficients of normal axes against their closed form. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"

#include "../../sim/base/sensitivity_private.h"
#include "uxosim/design.h"
#include "uxosim/rng.h"
#include "uxosim/sensitivity.h"

enum { AXES = 2, BASE_ROWS = 64, GROUP = 2 + AXES, ROWS = BASE_ROWS * GROUP };
static const uxo_sensitivity_spec SPEC = {.dimensions = AXES, .base_rows = BASE_ROWS, .seed = 4};

/* y = (x_1 + 1) (x_2 + 1/4) */
static void fill(double *y)
{
    uxo_design design;
    uxo_report report;
    uxo_report_init(&report);
    const uxo_design_spec spec = {.kind = UXO_DESIGN_SOBOL, .seed = 6, .dimensions = AXES, .base_rows = BASE_ROWS};
    assert_int_equal(uxo_design_init(&design, &spec, NULL, &report), UXO_OK);
    for (uint32_t row = 0; row < ROWS; row++) {
        y[row] = (uxo_design_point(&design, row, 0) + 1.0) * (uxo_design_point(&design, row, 1) + 0.25);
    }
    uxo_design_free(&design);
    uxo_report_free(&report);
}

static uxo_status make(uxo_sensitivity *out, const double *y, char text[256])
{
    uxo_report report;
    uxo_report_init(&report);
    const uxo_sensitivity_output output = {.value = y};
    const uxo_status status = uxo_sensitivity_make(out, &SPEC, &output, &report);
    (void)strncpy(text, report.count > 0 ? report.item[0].text : "", 255);
    text[255] = '\0';
    uxo_report_free(&report);
    return status;
}

static void without_variance_there_are_no_indices(void **state)
{
    double y[ROWS], scratch[BASE_ROWS], quick[4 * AXES];
    uxo_sensitivity s;
    char text[256];
    (void)state;
    for (uint32_t row = 0; row < ROWS; row++) {
        y[row] = 0.1 + 0.2; /* a mean of these has rounding */
    }
    assert_int_equal(make(&s, y, text), UXO_OK);
    uxo_sensitivity_quick(&SPEC, y, NULL, scratch, quick);
    for (uint32_t i = 0; i < AXES; i++) {
        assert_true(isnan(s.first[i].value) && isnan(s.first[i].low) && isnan(s.total[i].value) &&
                    isnan(s.total[i].high));
    }
    for (uint32_t k = 0; k < 4 * AXES; k++) {
        assert_true(isnan(quick[k]));
    }
    assert_near(s.variance, 0.0, 0.0);
    assert_false(s.converged);
    uxo_sensitivity_free(&s);
    uxo_sensitivity_free(&s);
}

/* Who leaves out the base rows of missing scenarios gets what is got without them. */
static void missing_scenarios_take_their_base_row_along(void **state)
{
    double y[ROWS], rest[ROWS];
    uxo_sensitivity with, without;
    uxo_report report;
    char text[256];
    (void)state;
    fill(y);
    (void)memcpy(rest, y, sizeof y);
    y[5 * GROUP + 2] = NAN;
    (void)memmove(rest + (size_t)5 * GROUP, rest + (size_t)6 * GROUP, (BASE_ROWS - 6) * GROUP * sizeof *rest);
    assert_int_equal(make(&with, y, text), UXO_OK);
    uxo_report_init(&report);
    uxo_sensitivity_spec spec = SPEC;
    spec.base_rows--;
    assert_int_equal(uxo_sensitivity_make(&without, &spec, &(uxo_sensitivity_output){.value = rest}, &report), UXO_OK);
    assert_int_equal(with.missing, 1);
    assert_int_equal(with.base_rows, BASE_ROWS - 1);
    assert_near(with.first[0].low, without.first[0].low, 0.0);
    assert_near(with.total[1].high, without.total[1].high, 0.0);
    uxo_sensitivity_free(&with);
    uxo_sensitivity_free(&without);
    uxo_report_free(&report);
}

static void too_few_rows_are_refused(void **state)
{
    double y[ROWS];
    uxo_sensitivity s;
    char text[256];
    (void)state;
    fill(y);
    for (uint32_t n = 7; n < BASE_ROWS; n++) {
        y[n * GROUP] = NAN;
    }
    assert_int_equal(make(&s, y, text), UXO_ERR_DATA);
    assert_non_null(strstr(text, "7 of 64 base rows are complete, and indices need at least 8"));
    uxo_sensitivity_free(&s);
}

/* The delta method gives the bootstrap's error to a tenth, at 64 rows and 1000 samples. */
static void the_quick_form_agrees(void **state)
{
    double y[ROWS], scratch[BASE_ROWS], quick[4 * AXES];
    uxo_sensitivity s;
    char text[256];
    (void)state;
    fill(y);
    assert_int_equal(make(&s, y, text), UXO_OK);
    uxo_sensitivity_quick(&SPEC, y, NULL, scratch, quick);
    for (uint32_t i = 0; i < AXES; i++) {
        assert_near(quick[i], s.first[i].value, 1e-12);
        assert_near(quick[2 * AXES + i], s.total[i].value, 1e-12);
        assert_near(quick[AXES + i] * 3.92 / (s.first[i].high - s.first[i].low), 1.0, 0.1);
        assert_near(quick[3 * AXES + i] * 3.92 / (s.total[i].high - s.total[i].low), 1.0, 0.1);
    }
    uxo_sensitivity_free(&s);
}

/* One first-order index by its definition, over the rows with part[n] != without. */
static double first_of(const double *y, const uint32_t *part, uint32_t without, double centre)
{
    double sum = 0.0, squares = 0.0, mean = 0.0, n = 0.0;
    for (uint32_t row = 0; row < BASE_ROWS; row++) {
        const double a = y[row * GROUP] - centre, b = y[row * GROUP + 1] - centre, ab = y[row * GROUP + 2] - centre;
        const double here = part[row] != without && !isnan(y[row * GROUP]) ? 1.0 : 0.0;
        sum += here > 0.0 ? b * (ab - a) : 0.0;
        squares += here > 0.0 ? 0.5 * (a * a + b * b) : 0.0;
        mean += here > 0.0 ? 0.5 * (a + b) : 0.0;
        n += here;
    }
    return sum / (squares - mean * mean / n);
}

/* The interval is Student's of the jackknife over replicates, written out again: in the quick form's error to a tenth (it is linear), and with
 * a replicate that has lost half of its rows, or all of them. */
static void replicates_tell_the_error(void **state)
{
    enum { R = 8, EACH = BASE_ROWS / R };
    const uint32_t lost[] = {0, EACH / 2, EACH};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        double y[ROWS], centre = 0.0, pseudo[R], weight[R], mean = 0.0, variance = 0.0;
        uint32_t part[BASE_ROWS], n = BASE_ROWS - lost[i], used = lost[i] == EACH ? R - 1 : R;
        uxo_sensitivity_spec spec = SPEC;
        uxo_sensitivity s;
        uxo_report report;
        uxo_report_init(&report);
        spec.replicates = R;
        fill(y);
        for (uint32_t row = 0; row < BASE_ROWS; row++) {
            part[row] = row / EACH;
            if (row < lost[i]) {
                y[row * GROUP] = NAN;
            } else {
                centre += (y[row * GROUP] + y[row * GROUP + 1]) / (2.0 * n);
            }
        }
        assert_int_equal(uxo_sensitivity_make(&s, &spec, &(uxo_sensitivity_output){.value = y}, &report), UXO_OK);
        assert_int_equal(s.replicates, used);
        const double whole = first_of(y, part, R, centre);
        assert_near(s.first[0].value, whole, 1e-12);
        for (uint32_t r = 0; r < R; r++) {
            const double h = (double)n / (r == 0 ? EACH - lost[i] : EACH);
            weight[r] = isfinite(h) ? 1.0 / h : 0.0;
            pseudo[r] = isfinite(h) ? h * whole - (h - 1.0) * first_of(y, part, r, centre) : 0.0;
            mean += weight[r] * pseudo[r];
        }
        for (uint32_t r = 0; r < R; r++) {
            variance += weight[r] > 0.0 ? pow(pseudo[r] - mean, 2.0) / (1.0 / weight[r] - 1.0) / used : 0.0;
        }
        assert_near((s.first[0].high - s.first[0].low) / (2.0 * gsl_cdf_tdist_Pinv(0.975, used - 1) * sqrt(variance)),
                    1.0, 1e-9);
        if (lost[i] == 0) {
            double scratch[BASE_ROWS], quick[4 * AXES];
            uxo_sensitivity_quick(&SPEC, y, part, scratch, quick);
            assert_near(quick[AXES] / sqrt(variance), 1.0, 0.1);
        }
        uxo_sensitivity_free(&s);
        uxo_report_free(&report);
    }
}

/* Fewer replicates than four that have rows: a bootstrap, and that is said. */
static void too_few_replicates_are_no_replicates(void **state)
{
    double y[ROWS];
    uxo_sensitivity s, plain;
    uxo_sensitivity_spec spec = SPEC;
    uxo_report report;
    char text[256];
    (void)state;
    fill(y);
    for (uint32_t row = 0; row < 2 * BASE_ROWS / 4; row++) {
        y[row * GROUP + 3] = NAN;
    }
    uxo_report_init(&report);
    spec.replicates = 4;
    assert_int_equal(uxo_sensitivity_make(&s, &spec, &(uxo_sensitivity_output){.value = y}, &report), UXO_OK);
    assert_int_equal(make(&plain, y, text), UXO_OK);
    assert_int_equal(s.replicates, 0);
    assert_near(s.total[1].low, plain.total[1].low, 0.0);
    uxo_sensitivity_free(&s);
    uxo_sensitivity_free(&plain);
    uxo_report_free(&report);
}

static void quantiles_are_those_of_student(void **state)
{
    (void)state;
    for (uint32_t degrees = 1; degrees < UXO_DESIGN_MOST_REPLICATES; degrees++) {
        assert_near(uxo_sensitivity_student(degrees), gsl_cdf_tdist_Pinv(0.975, degrees), 1e-9);
    }
}

/* Scale and origin of an output do not matter. */
static void units_do_not_matter(void **state)
{
    double y[ROWS];
    uxo_sensitivity one, other;
    char text[256];
    (void)state;
    fill(y);
    assert_int_equal(make(&one, y, text), UXO_OK);
    for (uint32_t row = 0; row < ROWS; row++) {
        y[row] = 1e6 + 1e3 * y[row];
    }
    assert_int_equal(make(&other, y, text), UXO_OK);
    assert_near(one.first[0].value, other.first[0].value, 1e-9);
    assert_near(one.total[1].low, other.total[1].low, 1e-9);
    uxo_sensitivity_free(&one);
    uxo_sensitivity_free(&other);
}

enum { SEEDS = 200, POINTS = 200, NORMALS = 3 };

/* Of jointly normal variables with correlation r ranks have correlation 6/pi asin(r/2) (Pearson 1907); of independent axes these are the
 * coefficients. y = (3 z_1 - 2 z_2 + z_3)^3: a cube keeps ranks. */
static void coefficients_of_normal_axes(void **state)
{
    static const double slope[NORMALS] = {3.0, -2.0, 1.0};
    double estimate[NORMALS][SEEDS], explained[SEEDS];
    uint32_t held[NORMALS] = {0};
    double sum = 0.0;
    (void)state;
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        double point[POINTS * NORMALS], y[POINTS];
        uxo_sensitivity_regression r;
        uxo_report report;
        uxo_report_init(&report);
        uxo_stream stream = uxo_stream_at(uxo_key_make(seed, UXO_LEVEL_STRIKE, "s"), 0, 0, UXO_PURPOSE_CARRIER);
        for (uint32_t n = 0; n < POINTS; n++) {
            double z[4];
            uxo_stream_normal_pair(&stream, z);
            uxo_stream_normal_pair(&stream, z + 2);
            const double line = slope[0] * z[0] + slope[1] * z[1] + slope[2] * z[2];
            (void)memcpy(point + (size_t)n * NORMALS, z, NORMALS * sizeof *z);
            y[n] = line * line * line;
        }
        assert_int_equal(uxo_sensitivity_regress(&r, POINTS, NORMALS, point, y, seed, 200, &report), UXO_OK);
        for (uint32_t j = 0; j < NORMALS; j++) {
            const double truth = 6.0 / acos(-1.0) * asin(0.5 * slope[j] / sqrt(14.0));
            estimate[j][seed] = r.coefficient[j].value;
            held[j] += r.coefficient[j].low <= truth && r.coefficient[j].high >= truth;
        }
        explained[seed] = r.determination;
        uxo_sensitivity_regression_free(&r);
        uxo_report_free(&report);
    }
    for (uint32_t j = 0; j < NORMALS; j++) {
        const double truth = 6.0 / acos(-1.0) * asin(0.5 * slope[j] / sqrt(14.0));
        const moments m = judge_moments(estimate[j], SEEDS);
        assert_true(judge_z("rank coefficient of a normal axis", m.mean, truth, hypot(m.mean_error, 0.001)));
        assert_in_range(held[j], 170, 200); /* 85 %: with 95 % false for 1e-8 */
        sum += truth * truth;
    }
    const moments m = judge_moments(explained, SEEDS);
    assert_true(judge_z("determination", m.mean, sum, hypot(m.mean_error, 0.001)));
}

/* One axis does not vary, one repeats another, rows with equal values tie; the rest is explained whole. */
static void regression_has_edges(void **state)
{
    double point[40 * 3], y[40];
    uxo_sensitivity_regression r;
    uxo_report report;
    (void)state;
    for (uint32_t n = 0; n < 40; n++) {
        point[n * 3] = 7.0;
        point[n * 3 + 1] = n / 2;
        point[n * 3 + 2] = (double)(n / 2) * 10.0;
        y[n] = n == 3 ? NAN : -(double)(n / 2);
    }
    uxo_report_init(&report);
    assert_int_equal(uxo_sensitivity_regress(&r, 40, 3, point, y, 1, 50, &report), UXO_OK);
    assert_int_equal(r.missing, 1);
    assert_true(isnan(r.coefficient[0].value) && isnan(r.coefficient[2].value));
    assert_near(r.coefficient[1].value, -1.0, 1e-9);
    assert_near(r.determination, 1.0, 1e-9);
    uxo_sensitivity_regression_free(&r);
    for (uint32_t n = 0; n < 40; n++) {
        y[n] = n % 2 == 0 ? 0.1 + 0.2 : 0.3; /* the same but for rounding */
    }
    assert_int_equal(uxo_sensitivity_regress(&r, 40, 3, point, y, 1, 50, &report), UXO_OK);
    assert_true(isnan(r.coefficient[1].value) && isnan(r.coefficient[1].low) && isnan(r.determination));
    uxo_sensitivity_regression_free(&r);
    assert_int_equal(uxo_sensitivity_regress(&r, 10, 3, point, y, 1, 50, &report), UXO_ERR_DATA);
    uxo_sensitivity_regression_free(&r);
    uxo_report_free(&report);
}

/* Outputs of a design of one axis, three scenarios a base row, without batch `omitted`. Every replicate of four base rows is the same. */
enum { NOISE_ROWS = 16, NOISE_REPLICATES = 4, NOISE_BATCHES = 5, NOISE_SCENARIOS = 3 * NOISE_ROWS };
static uxo_sensitivity_index total_without(uint32_t omitted)
{
    double value[NOISE_SCENARIOS] = {0.0}, batch[NOISE_SCENARIOS * NOISE_BATCHES];
    const uint32_t batches = omitted < NOISE_BATCHES ? NOISE_BATCHES - 1 : NOISE_BATCHES;
    const uint32_t period = NOISE_SCENARIOS / NOISE_REPLICATES;
    for (uint32_t s = 0; s < NOISE_SCENARIOS; s++) {
        const double noiseless = (double)(s % period * 37 % 23);
        for (uint32_t g = 0, to = 0; g < NOISE_BATCHES; g++) {
            const double y = noiseless + (double)((s % period * 13 + g * 29) % 7);
            if (g != omitted) {
                batch[s * batches + to++] = y;
                value[s] += y / batches;
            }
        }
    }
    uxo_sensitivity out;
    uxo_report report;
    uxo_report_init(&report);
    const uxo_sensitivity_spec spec = {.dimensions = 1, .base_rows = NOISE_ROWS, .replicates = NOISE_REPLICATES};
    const uxo_sensitivity_output output = {.value = value, .batch = batch, .batches = batches};
    assert_int_equal(uxo_sensitivity_make(&out, &spec, &output, &report), UXO_OK);
    const uxo_sensitivity_index total = out.total[0];
    uxo_sensitivity_free(&out);
    uxo_report_free(&report);
    return total;
}

/* Where replicates do not differ the interval is that of noise alone: the jackknife over five batches, Student's quantile of 4 degrees, 2.776, wide. */
static void noise_of_few_batches_makes_wide_intervals(void **state)
{
    (void)state;
    const uxo_sensitivity_index all = total_without(NOISE_BATCHES);
    double mean = 0.0, square = 0.0;
    for (uint32_t g = 0; g < NOISE_BATCHES; g++) {
        const double off = total_without(g).value - all.value;
        mean += off / NOISE_BATCHES;
        square += off * off / NOISE_BATCHES;
    }
    const double half = 2.7764451052 * sqrt((NOISE_BATCHES - 1) * (square - mean * mean));
    assert_true(half > 1e-3);
    assert_true(fabs((all.high - all.low) / 2.0 - half) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_of_few_batches_makes_wide_intervals),
        cmocka_unit_test(without_variance_there_are_no_indices),
        cmocka_unit_test(missing_scenarios_take_their_base_row_along),
        cmocka_unit_test(too_few_rows_are_refused),
        cmocka_unit_test(the_quick_form_agrees),
        cmocka_unit_test(replicates_tell_the_error),
        cmocka_unit_test(too_few_replicates_are_no_replicates),
        cmocka_unit_test(quantiles_are_those_of_student),
        cmocka_unit_test(units_do_not_matter),
        cmocka_unit_test(coefficients_of_normal_axes),
        cmocka_unit_test(regression_has_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
