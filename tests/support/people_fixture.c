/* people_fixture.c - see people_fixture.h. */
#include "people_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

double people_everywhere(uint32_t ix, uint32_t iy, const void *user)
{
    (void)ix;
    (void)iy;
    return *(const double *)user * 400.0; /* cells of 20 m */
}

void people_begin(model_fixture *fixture, people_paint *paint, const void *user)
{
    static const double value[UXO_PEOPLE_QUANTITY_COUNT] = {1.0, 1.0, 0.5, 1e12, 1e12, 0.5, 0.1, 2.0, 0.25};
    uxo_scenario *const scenario = &fixture->scenario;
    uxo_people *const people = &scenario->people;
    const uxo_grid *const grid = &scenario->grid;
    assert_true(uxo_population_init(&scenario->population, grid));
    for (uint32_t iy = 0; iy < grid->ny; iy++) {
        for (uint32_t ix = 0; ix < grid->nx; ix++) {
            const double residents = paint(ix, iy, user);
            if (residents > 0.0) {
                assert_true(uxo_population_add(&scenario->population, grid, ix, iy, residents));
            }
        }
    }
    people->given = true;
    people->class_count = 1;
    people->range_m = 50.0;
    for (int i = 0; i < UXO_PEOPLE_QUANTITY_COUNT; i++) {
        people->quantity[i] = uxo_quantity_constant(value[i]);
    }
    people->activity_count = 1;
    people->activity = calloc(4, sizeof *people->activity); /* room for tests that have more */
    assert_non_null(people->activity);
    people->activity[0].participation = uxo_quantity_constant(1.0);
    people->activity[0].ground_m2_per_person_year = uxo_quantity_constant(100.0);
    people->activity[0].classes = UINT64_MAX;
    assert_true(uxo_people_map_init(&people->map, grid, &scenario->population, people->range_m));
}

void people_end(model_fixture *fixture)
{
    uxo_people_free(&fixture->scenario.people);
    uxo_population_free(&fixture->scenario.population);
}

void people_share(model_fixture *fixture, uxo_people_quantity quantity, uxo_quantity value)
{
    uxo_quantity *const item = &fixture->scenario.people.quantity[quantity];
    const uint32_t index = fixture->scenario.campaign_count;
    *item = value;
    fixture_share(fixture, item, uxo_people_key(quantity), false);
    fixture->campaign[index].group = UXO_GROUP_EXPOSURE;
}
