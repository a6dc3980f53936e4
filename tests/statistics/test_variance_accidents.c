/* test_variance_accidents.c - shares of groups of draws in the variance of the logarithm of accidents. Where contacts are so few that saturation does
 * not matter, accidents are a product, the logarithm of it a sum of independent parts, and each group's share is that of its own part, first-order and
 * total alike; of accidents themselves it is neither.
 *
 * Model   ln A = ln p + ln q + ln s + constants + scatter; S_g = T_g = Var(ln x_g) / sum of Var(ln x). For x uniform on (a, b) the variance of ln x is
 *         1 - a b (ln(b/a))^2 / (b - a)^2; of the logarithm of a binomial number about E[(1 - p) / (N p)]
 *
 * Seed 20261122. Each judged z fails with probability 7e-6 when nothing is wrong.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"
#include "people_fixture.h"

enum { SEED = 20261122, PAIRS = 4000 };
static const double CARRIERS = 20.0, LOAD = 644.0, RATE[2] = {0.05, 0.25}, DETONATION[2] = {0.1, 0.5},
                    ACCESSIBLE[2] = {0.2, 0.8};

static double log_variance(const double ab[2])
{
    return 1.0 - ab[0] * ab[1] * pow(log(ab[1] / ab[0]) / (ab[1] - ab[0]), 2.0);
}

static void product_of_three(model_fixture *fixture)
{
    static const double residents_per_m2 = 1e-3; /* at most 0.04 contacts of a dud */
    fixture_init(fixture, 0.0, 0.0, 20.0, 50, 50, 4, SEED);
    fixture->munition[0].dud_rate = quantity_uniform(RATE[0], RATE[1], UXO_PER_CAMPAIGN);
    fixture_share(fixture, &fixture->munition[0].dud_rate, "m.dud_rate", true);
    fixture_strike(fixture, "s", 500.0, 500.0)->carriers = uxo_quantity_constant(CARRIERS);
    people_begin(fixture, people_everywhere, &residents_per_m2);
    people_share(fixture, UXO_PEOPLE_DETONATION, quantity_uniform(DETONATION[0], DETONATION[1], UXO_PER_CAMPAIGN));
    fixture->campaign[fixture->scenario.campaign_count - 1].group = UXO_GROUP_DETONATION;
    people_share(fixture, UXO_PEOPLE_ACCESSIBLE_SHARE,
                 quantity_uniform(ACCESSIBLE[0], ACCESSIBLE[1], UXO_PER_CAMPAIGN));
    fixture->scenario.variance_realisations = PAIRS;
}

static void logarithms_share_out_a_product(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    product_of_three(&fixture);
    fixture_run(&fixture, 2, &outcome);
    const double scatter =
        (log(RATE[1] / RATE[0]) / (RATE[1] - RATE[0]) - 1.0) / (CARRIERS * LOAD); /* E[(1 - p) / p] / N */
    const struct {
        uxo_draw_group group;
        const char *name;
        double variance;
    } parts[] = {{UXO_GROUP_CAMPAIGN_RATES, "campaign rates", log_variance(RATE)},
                 {UXO_GROUP_DETONATION, "detonation", log_variance(DETONATION)},
                 {UXO_GROUP_EXPOSURE, "exposure", log_variance(ACCESSIBLE)},
                 {UXO_GROUP_SCATTER, "scatter", scatter}};
    double all = 0.0;
    for (int i = 0; i < 4; i++) {
        all += parts[i].variance;
    }
    const uint32_t rows = outcome.variance.rows;
    for (int i = 0; i < 4; i++) {
        const uxo_variance_share share = outcome.variance.log_accidents[(size_t)parts[i].group * rows + rows - 1];
        const double expected = parts[i].variance / all;
        puts(parts[i].name);
        /* saturation takes 2 % of the slope where it is most: a hundredth of a share is allowed for it */
        assert_true(judge_z("first order", share.first, expected, hypot(share.first_se, 0.01 * expected)));
        assert_true(judge_z("total", share.total, expected, hypot(share.total_se, 0.01 * expected)));
    }
    const uxo_variance_share strikes = outcome.variance.log_accidents[(size_t)UXO_GROUP_STRIKE_RATES * rows + rows - 1];
    assert_true(strikes.first == 0.0 && strikes.total == 0.0); /* rates do not differ between strikes */
    const uxo_variance_share outside = outcome.variance.log_accidents[(size_t)UXO_GROUP_EXPOSURE * rows + rows - 2];
    assert_true(isnan(outside.first) && isnan(outside.total)); /* nobody is known outside the grid */
    uxo_outcome_free(&outcome);
    people_end(&fixture);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(logarithms_share_out_a_product)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
