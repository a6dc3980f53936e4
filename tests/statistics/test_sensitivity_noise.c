/* test_sensitivity_noise.c - indices of outputs that are estimates themselves: what noise adds to them is taken off without bias, whether each
 * scenario has its own or all have it in common, and intervals then hold it. Seeded defect: the same without knowledge of batches.
 *
 * Closed form: y = 3 x_1 + 2 x_2 + x_3 with noise of mean 0 has V_i = 9/12, 4/12, 1/12. False alarms: 7e-6 for each |z|, 1e-6 for each coverage. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "judge.h"

#include "uxosim/design.h"
#include "uxosim/rng.h"
#include "uxosim/sensitivity.h"

enum {
    AXES = 3,
    BASE_ROWS = 128,
    GROUP = 2 + AXES,
    ROWS = BASE_ROWS * GROUP,
    BATCHES = 20,
    SEEDS = 300,
    REPLICATES = 8
};
static const double V[AXES] = {9.0 / 12.0, 4.0 / 12.0, 1.0 / 12.0};

typedef struct outputs {
    double value[ROWS], batch[ROWS * BATCHES], weight[BATCHES];
} outputs;

static double normal_at(uint64_t seed, uint32_t row, uint32_t batch)
{
    uxo_stream stream = uxo_stream_at(uxo_key_make(seed, UXO_LEVEL_STRIKE, "noise"), row, batch, UXO_PURPOSE_CARRIER);
    double z[2];
    uxo_stream_normal_pair(&stream, z);
    return z[0];
}

/* Noise of the mean: `own` of each scenario, `common` on the slope of the third axis. Batches differ in weight, and so in noise. */
static void simulate(uint64_t seed, double own, double common, uint32_t replicates, outputs *out)
{
    uxo_design design;
    uxo_report report;
    uxo_report_init(&report);
    const uxo_design_spec spec = {
        .kind = UXO_DESIGN_SOBOL, .seed = seed, .dimensions = AXES, .base_rows = BASE_ROWS, .replicates = replicates};
    assert_int_equal(uxo_design_init(&design, &spec, NULL, &report), UXO_OK);
    double whole = 0.0;
    for (uint32_t g = 0; g < BATCHES; g++) {
        out->weight[g] = g < BATCHES / 2 ? 90.0 : 110.0;
        whole += out->weight[g];
    }
    for (uint32_t row = 0; row < ROWS; row++) {
        double x[AXES], sum = 0.0;
        for (uint32_t j = 0; j < AXES; j++) {
            x[j] = uxo_design_point(&design, row, j);
        }
        for (uint32_t g = 0; g < BATCHES; g++) {
            const double scale = sqrt(whole / out->weight[g]);
            const double alone = own > 0.0 ? own * scale * normal_at(seed, row + 1, g) : 0.0;
            const double shared = common > 0.0 ? common * scale * normal_at(seed, 0, g) : 0.0;
            const double y = 3.0 * x[0] + 2.0 * x[1] + x[2] + alone + shared * x[2];
            out->batch[row * BATCHES + g] = y;
            sum += out->weight[g] / whole * y;
        }
        out->value[row] = sum;
    }
    uxo_design_free(&design);
    uxo_report_free(&report);
}

static uxo_sensitivity indices_of(const outputs *y, uint64_t seed, uint32_t replicates, bool with_batches)
{
    uxo_sensitivity out;
    uxo_report report;
    uxo_report_init(&report);
    const uxo_sensitivity_spec spec = {
        .dimensions = AXES, .base_rows = BASE_ROWS, .replicates = replicates, .seed = seed, .samples = 100};
    const uxo_sensitivity_output output = {
        .value = y->value, .batch = with_batches ? y->batch : NULL, .batch_weight = y->weight, .batches = BATCHES};
    assert_int_equal(uxo_sensitivity_make(&out, &spec, &output, &report), UXO_OK);
    uxo_report_free(&report);
    return out;
}

/* Parts of the variance, first order and total, over seeds: sums of products have no bias, to the last bit of chance. */
static bool unbiased(const char *name, double own, double common, bool with_batches)
{
    static double part[2 * AXES + 1][SEEDS];
    outputs *const y = malloc(sizeof *y);
    bool right = true;
    assert_non_null(y);
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        simulate(seed, own, common, 0, y);
        uxo_sensitivity s = indices_of(y, seed, 0, with_batches);
        for (uint32_t i = 0; i < AXES; i++) {
            part[i][seed] = s.first[i].value * s.variance;
            part[AXES + i][seed] = s.total[i].value * s.variance;
        }
        part[2 * AXES][seed] = s.variance;
        uxo_sensitivity_free(&s);
    }
    for (uint32_t k = 0; k <= 2 * AXES; k++) {
        const moments m = judge_moments(part[k], SEEDS);
        char text[80];
        (void)snprintf(text, sizeof text, "%s%s, %s %u", name, with_batches ? "" : " unknown",
                       k < AXES       ? "first"
                       : k < 2 * AXES ? "total"
                                      : "variance",
                       k % AXES + 1);
        right = judge_z(text, m.mean, k < 2 * AXES ? V[k % AXES] : 14.0 / 12.0, hypot(m.mean_error, 1e-5)) && right;
    }
    free(y);
    return right;
}

static void noise_is_taken_off(void **state)
{
    (void)state;
    assert_true(unbiased("own noise", 0.6, 0.0, true));
    assert_true(unbiased("common noise", 0.0, 1.0, true));
    assert_true(unbiased("both", 0.4, 0.5, true));
}

static void without_batches_it_stays(void **state)
{
    (void)state;
    assert_false(unbiased("own noise", 0.6, 0.0, false));
    assert_false(unbiased("common noise", 0.0, 1.0, false));
}

/* How often the interval of the third first-order index, 1/14, holds it. */
static uint32_t held(double common, bool with_batches)
{
    outputs *const y = malloc(sizeof *y);
    uint32_t count = 0;
    assert_non_null(y);
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        simulate(seed, 0.0, common, 0, y);
        uxo_sensitivity s = indices_of(y, seed, 0, with_batches);
        count += s.first[2].low <= 1.0 / 14.0 && s.first[2].high >= 1.0 / 14.0;
        uxo_sensitivity_free(&s);
    }
    free(y);
    return count;
}

/* Noise of half of the slope itself: at least 85 %, since a square of it is skewed and twenty batches are few; rows alone show nothing of noise
 * that all of them share. */
static void intervals_hold_common_noise(void **state)
{
    (void)state;
    const uint32_t with = held(0.5, true), without = held(0.5, false);
    (void)printf("  with batches %u of %u intervals hold the truth, without %u\n", with, SEEDS, without);
    assert_true(gsl_cdf_binomial_P(with, 0.85, SEEDS) > 1e-6);
    assert_true(gsl_cdf_binomial_P(without, 0.85, SEEDS) < 1e-6);
}

/* Replicates and noise together: does every interval hold its index at least as often as `least` says? */
static bool covered(double own, double common, double least, bool with_batches)
{
    outputs *const y = malloc(sizeof *y);
    uint32_t count[2 * AXES] = {0};
    bool right = true;
    assert_non_null(y);
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        simulate(seed, own, common, REPLICATES, y);
        uxo_sensitivity s = indices_of(y, seed, REPLICATES, with_batches);
        assert_int_equal(s.replicates, REPLICATES);
        for (uint32_t k = 0; k < 2 * AXES; k++) {
            const uxo_sensitivity_index *const index = k < AXES ? &s.first[k] : &s.total[k - AXES];
            const double truth = V[k % AXES] / (14.0 / 12.0);
            count[k] += index->low <= truth && truth <= index->high;
        }
        uxo_sensitivity_free(&s);
    }
    free(y);
    (void)printf("  replicates, own noise %.2f, common %.2f%s:", own, common, with_batches ? "" : ", unknown");
    for (uint32_t k = 0; k < 2 * AXES; k++) {
        (void)printf(" %.1f %%", 100.0 * count[k] / SEEDS);
        right = right && gsl_cdf_binomial_P(count[k], least, SEEDS) > 1e-6;
    }
    (void)printf(" hold the truth, %g %% expected\n", 100.0 * least);
    return right;
}

/* Noise that each scenario has for itself shows in the replicates, too, and counts twice; noise in common, of a quarter and a half of a slope, has a
 * square that is skewed. */
static void intervals_of_replicates_hold_noise(void **state)
{
    (void)state;
    assert_true(covered(0.4, 0.0, 0.95, true));
    assert_true(covered(0.0, 0.25, 0.92, true));
    assert_true(covered(0.0, 0.5, 0.86, true));
    assert_true(covered(0.4, 0.5, 0.92, true));
    assert_false(covered(0.0, 0.5, 0.86, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_taken_off),
        cmocka_unit_test(without_batches_it_stays),
        cmocka_unit_test(intervals_hold_common_noise),
        cmocka_unit_test(intervals_of_replicates_hold_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
