/* test_marginal_applies.c - what has no closed form is refused, by the words for it; whose north a heading is of. The closed
 * form's values: test_marginal.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "judge.h"
#include "one_strike.h"
#include "uxosim/marginal.h"

/* A meridian that is not north on the grid turns the pattern. */
static void north_is_that_of_the_place(void **state)
{
    static model_fixture fixture;
    static uxo_marginal plain, turned;
    (void)state;
    uxo_strike *const strike = one_strike_begin(&fixture);
    strike->heading_deg = uxo_quantity_constant(50.0);
    uxo_marginal_of(&fixture.scenario, strike, &(uxo_marginal_memory){.like = NULL}, &plain);
    strike->heading_deg = uxo_quantity_constant(48.0);
    fixture.site[0].north_rad = 2.0 * M_PI / 180.0;
    uxo_marginal_of(&fixture.scenario, strike, &(uxo_marginal_memory){.like = NULL}, &turned);
    assert_near(turned.mean[0].xy, plain.mean[0].xy, 1e-9 * plain.mean[0].xx);
    assert_true(plain.mean[0].xy > 500.0); /* 50 degrees from north: to the north-east */
    fixture_free(&fixture);
}

static void assert_refused(model_fixture *fixture, const char *phrase)
{
    const char *why = NULL;
    assert_false(uxo_marginal_applies(&fixture->scenario, &why));
    assert_non_null(why);
    assert_string_equal(why, phrase);
    fixture_free(fixture);
}

static void what_has_no_closed_form_is_refused(void **state)
{
    static model_fixture fixture;
    (void)state;
    one_strike_begin(&fixture);
    fixture_share(&fixture, &fixture.munition[0].dud_rate, "m.dud_rate", true);
    assert_refused(&fixture, "quantities that all strikes share");
    one_strike_begin(&fixture);
    fixture_site(&fixture, "b", 50.0, 0.0);
    assert_refused(&fixture, "a strike with several reported places");
    one_strike_begin(&fixture);
    fixture.site[0].location_kind = UXO_LOCATION_DISC;
    fixture.site[0].location_size_m = uxo_quantity_constant(50.0);
    assert_refused(&fixture, "a location error that is not normal");
    one_strike_begin(&fixture);
    fixture.site[0].location_size_m = quantity_uniform(20.0, 50.0, UXO_PER_STRIKE);
    assert_refused(&fixture, "a location error that is not normal");
    one_strike_begin(&fixture)->heading_deg = quantity_uniform(20.0, 50.0, UXO_PER_STRIKE);
    assert_refused(&fixture, "a heading that is neither unknown nor normal");
    one_strike_begin(&fixture)->heading_sd_deg = uxo_quantity_constant(41.0);
    assert_refused(&fixture, "a heading that is neither unknown nor normal");
    one_strike_begin(&fixture);
    fixture.munition[0].pattern_across_m = quantity_uniform(20.0, 50.0, UXO_PER_STRIKE);
    assert_refused(&fixture, "sizes that are distributions");
    one_strike_begin(&fixture);
    fixture.munition[0].spread_along_m = quantity_uniform(20.0, 50.0, UXO_PER_STRIKE);
    assert_refused(&fixture, "sizes that are distributions");
    one_strike_begin(&fixture);
    fixture.munition[0].varies_between_strikes = true;
    fixture.munition[0].concentration = quantity_uniform(5.0, 50.0, UXO_PER_STRIKE);
    assert_refused(&fixture, "a concentration that is a distribution");
    one_strike_begin(&fixture);
    fixture.munition[0].pattern_across_m = uxo_quantity_constant(19.9);
    assert_refused(&fixture, "cells that are not small against the patterns");
    one_strike_begin(&fixture)->heading_unknown = true;
    fixture.munition[0].pattern_along_m = uxo_quantity_constant(3000.0);
    assert_refused(&fixture, "patterns that are long for headings so uncertain");
    one_strike_begin(&fixture)->carriers = uxo_quantity_constant(40.0);
    fixture.munition[0].dud_rate = quantity_uniform(0.05, 0.6, UXO_PER_STRIKE);
    assert_refused(&fixture, "strikes that are too dense");
}

/* The second strike counts too. */
static void one_obstacle_is_enough(void **state)
{
    static model_fixture fixture;
    (void)state;
    one_strike_begin(&fixture);
    fixture_strike(&fixture, "t", 100.0, 100.0);
    fixture.site[1].location_kind = UXO_LOCATION_DISC;
    assert_refused(&fixture, "a location error that is not normal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(north_is_that_of_the_place),
        cmocka_unit_test(what_has_no_closed_form_is_refused),
        cmocka_unit_test(one_obstacle_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
