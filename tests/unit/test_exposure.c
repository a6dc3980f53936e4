/* test_exposure.c - the model of accidents against numbers worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "uxosim/exposure.h"

/* f = 0.9, 0.1 and 2 years: 0.9 * 0.1 * (1 - e^-10) + 0.1 * 2 * (1 - e^-0.5) = 0.089995914 + 0.078693868 by the year. */
static void the_decline_integrates_to_known_years(void **state)
{
    (void)state;
    assert_near(uxo_exposure_years(0.9, 0.1, 2.0, 1.0), 0.168689782, 1e-9);
    assert_near(uxo_exposure_years(0.9, 0.1, 2.0, 2.0), 0.09 + 0.2 * (1.0 - 0.36787944117), 1e-8);
    assert_near(uxo_exposure_years(0.5, 7.0, 7.0, 1e9), 7.0, 1e-12); /* both alike: the mean time */
    assert_near(uxo_exposure_years(0.3, 1e9, 1e9, 1.0), 1.0, 1e-9);  /* no decline: a year is a year */
    assert_true(uxo_exposure_years(0.9, 0.1, 2.0, 0.0) == 0.0);
}

/* Contacts 0.1288 with 0.13 of them going off, 40 % hazardous: 0.4 (1 - e^-0.016744) = 0.00664183935. */
static void a_dud_has_one_accident_at_most(void **state)
{
    (void)state;
    assert_near(uxo_exposure_accident(0.4, 0.016744), 0.006641839345, 1e-11);
    assert_near(uxo_exposure_accident(0.4, 1e3), 0.4, 1e-15); /* however many contacts */
    assert_true(uxo_exposure_accident(0.4, 0.0) == 0.0);
    /* no cancellation where contacts are rare, on both sides of the change of formula */
    assert_near(uxo_exposure_accident(1.0, 1e-12) * 1e12, 1.0, 1e-12);
    assert_near(uxo_exposure_accident(1.0, 9.999e-6) * 1e5, 0.9998950010166, 1e-11);
    assert_near(uxo_exposure_accident(1.0, 1.0001e-5) * 1e5, 1.0000949990166, 1e-11);
}

enum { NX = 40, NY = 30 };

/* Constants: return 0.5, accessible 0.5, hazardous 0.4, q = 0.1, W(1) = 0.168689782. */
static void people_init(uxo_people *people, uxo_grid *grid, uxo_population *population, double cell_m)
{
    static const double value[UXO_PEOPLE_QUANTITY_COUNT] = {0.5, 0.5, 0.9, 0.1, 2.0, 0.4, 0.1, 2.0, 0.25};
    memset(people, 0, sizeof *people);
    uxo_grid_init(grid, 1000.0, 2000.0, cell_m, NX, NY);
    assert_true(uxo_population_init(population, grid));
    people->given = true;
    people->class_count = 1;
    people->range_m = 150.0;
    for (int i = 0; i < UXO_PEOPLE_QUANTITY_COUNT; i++) {
        people->quantity[i] = uxo_quantity_constant(value[i]);
    }
    people->activity = calloc(2, sizeof *people->activity);
    people->activity_count = 2;
    for (int i = 0; i < 2; i++) {
        people->activity[i].participation = uxo_quantity_constant(i == 0 ? 1.0 : 0.2);
        people->activity[i].ground_m2_per_person_year = uxo_quantity_constant(i == 0 ? 100.0 : 1000.0);
        people->activity[i].classes = UINT64_MAX;
    }
}

static void people_end(uxo_people *people, uxo_population *population)
{
    uxo_people_free(people);
    uxo_people_free(people); /* twice is allowed */
    uxo_population_free(population);
}

/* c = 0.1 x 0.5 x 0.5 x (1 x 100 + 0.2 x 1000) = 7.5 m2; at 0.02 residents per m2 x = 0.02 x 7.5 x 0.168689782 = 0.0253034673 and
 * K = 0.4 (1 - e^-x) = 0.00999440. */
static void draws_and_table_follow_the_formula(void **state)
{
    uxo_people people;
    uxo_grid grid;
    uxo_population population;
    uxo_exposure_draw draw;
    uxo_exposure_table table;
    (void)state;
    people_init(&people, &grid, &population, 20.0);
    for (uint32_t iy = 0; iy < NY; iy++) {
        for (uint32_t ix = 0; ix < NX; ix++) {
            assert_true(uxo_population_add(&population, &grid, ix, iy, 8.0)); /* 0.02 per m2 */
        }
    }
    assert_true(uxo_people_map_init(&people.map, &grid, &population, people.range_m));
    uxo_exposure_of(&people, NULL, &draw);
    assert_near(draw.contact_m2[0], 7.5, 1e-12);
    assert_near(draw.years[0], 0.168689782, 1e-9);
    assert_near(draw.casualties * draw.deaths, 0.5, 0.0);
    assert_true(uxo_exposure_table_init(&table, &people));
    uxo_exposure_table_fill(&table, &draw);
    const uxo_density at = people.map.density[uxo_people_block_of_cell(&people.map, NX / 2, NY / 2)];
    assert_near((double)at.residents_per_m2, 0.02, 1e-8);
    assert_near(uxo_exposure_share(&table, 0, at, 0), 0.4 * (1.0 - exp(-0.0253034673)), 1.3e-4 * 0.01);
    assert_near(uxo_exposure_share(&table, 0, at, 1), 0.4 * (1.0 - exp(-0.02 * 7.5 * draw.years[1])), 1.3e-4 * 0.015);
    uxo_exposure_table_free(&table);
    people_end(&people, &population);
}

/* The stated error between knots, from next to nobody to saturation. */
static void the_table_is_right_to_what_it_states(void **state)
{
    uxo_people people;
    uxo_grid grid;
    uxo_population population;
    uxo_exposure_draw draw;
    uxo_exposure_table table;
    double worst = 0.0;
    (void)state;
    people_init(&people, &grid, &population, 20.0);
    assert_true(uxo_population_add(&population, &grid, 7, 7, 1000.0));
    assert_true(uxo_people_map_init(&people.map, &grid, &population, 50.0));
    people.map.first_knot = 0; /* of all densities */
    for (int step = 0; step < 5; step++) {
        uxo_exposure_of(&people, NULL, &draw);
        draw.contact_m2[0] = pow(10.0, step);
        assert_true(uxo_exposure_table_init(&table, &people));
        uxo_exposure_table_fill(&table, &draw);
        for (uint32_t i = 0; i < 10 * (UXO_DENSITY_KNOTS - 2); i++) {
            const double place = i / 10.0, density = exp(people.map.lowest_log + place / UXO_DENSITY_STEPS);
            const uxo_density at = {(float)density, (float)(place - floor(place)), (uint16_t)place};
            const double exact = 0.4 * (1.0 - exp(-density * draw.contact_m2[0] * draw.years[0]));
            if (exact > 1e-7) {
                worst = fmax(worst, fabs(uxo_exposure_share(&table, 0, at, 0) / exact - 1.0));
            }
        }
        uxo_exposure_table_free(&table);
    }
    printf("largest relative error between knots: %.2e\n", worst);
    assert_true(worst < 1.3e-4 && worst > 1e-5);
    people_end(&people, &population);
}

/* Two classes: the second activity only on class 1. */
static void activities_belong_to_their_classes(void **state)
{
    uxo_people people;
    uxo_grid grid;
    uxo_population population;
    uxo_exposure_draw draw;
    (void)state;
    people_init(&people, &grid, &population, 20.0);
    people.class_count = 3;
    people.by_class = true;
    people.activity[1].classes = 2;
    uxo_exposure_of(&people, NULL, &draw);
    assert_near(draw.contact_m2[0], 2.5, 1e-12);
    assert_near(draw.contact_m2[1], 7.5, 1e-12);
    assert_near(draw.contact_m2[2], 2.5, 1e-12);
    people_end(&people, &population);
}

/* Campaign quantities take their value from the vector. */
static void draws_come_from_the_campaign(void **state)
{
    uxo_people people;
    uxo_grid grid;
    uxo_population population;
    uxo_exposure_draw draw;
    const double campaign[] = {9.0, 0.8, 50.0};
    (void)state;
    people_init(&people, &grid, &population, 20.0);
    people.quantity[UXO_PEOPLE_HAZARDOUS_SHARE].campaign_index = 1;
    people.activity[0].ground_m2_per_person_year.campaign_index = 2;
    uxo_exposure_of(&people, campaign, &draw);
    assert_near(draw.hazardous, 0.8, 0.0);
    assert_near(draw.contact_m2[0], 0.1 * 0.25 * (50.0 + 200.0), 1e-12);
    people_end(&people, &population);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_decline_integrates_to_known_years), cmocka_unit_test(a_dud_has_one_accident_at_most),
        cmocka_unit_test(draws_and_table_follow_the_formula),    cmocka_unit_test(the_table_is_right_to_what_it_states),
        cmocka_unit_test(activities_belong_to_their_classes),    cmocka_unit_test(draws_come_from_the_campaign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
