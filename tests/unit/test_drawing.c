/* test_drawing.c - carriers drawn by the lane are those that are drawn one by one, bit by bit, whatever was asked for. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../sim/engine/drawing.h"
#include "model_fixture.h"

enum { STRIKES = 40, REALISATIONS = 50 };

/* Strikes with carriers that are alike and such that are not: own loads, failures to open, several sites, sizes of their own. */
static void many_kinds(model_fixture *fixture)
{
    fixture_init(fixture, 0.0, 0.0, 10.0, 100, 100, REALISATIONS, 7);
    fixture->scenario.catalogue.count = FIXTURE_MUNITIONS;
    fixture->munition[0].dud_rate = quantity_beta(12.0, 88.0, UXO_PER_STRIKE);
    fixture->munition[0].submunitions_per_carrier = uxo_quantity_constant(100.0);
    fixture->munition[0].spread_along_m = uxo_quantity_constant(50.0);
    fixture->munition[1].submunitions_per_carrier = quantity_range(20.0, 90.0);
    fixture->munition[1].submunitions_per_carrier.per = UXO_PER_CARRIER;
    fixture->munition[1].carrier_failure = uxo_quantity_constant(0.3);
    fixture->munition[2].spread_across_m = quantity_uniform(10.0, 50.0, UXO_PER_CARRIER);
    fixture->munition[2].dud_rate = quantity_uniform(0.7, 0.9, UXO_PER_CARRIER);
    fixture->munition[3].submunitions_per_carrier = uxo_quantity_constant(3.0);
    for (int i = 0; i < STRIKES; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%02d", i);
        uxo_strike *const strike = fixture_strike(fixture, id, 25.0 * i, 1000.0 - 25.0 * i);
        strike->mixture.munition[0] = (uint32_t)i % FIXTURE_MUNITIONS;
        strike->carriers = i % 5 == 0 ? uxo_quantity_constant(150.0) : quantity_range(1.0, 9.0);
        strike->confidence = uxo_quantity_constant(i % 3 == 0 ? 0.5 : 1.0);
        strike->heading_sd_deg = uxo_quantity_constant(10.0);
        if (i % 7 == 0) {
            snprintf(id, sizeof id, "s%02db", i);
            fixture_site(fixture, id, 500.0, 500.0);
        }
    }
}

/* What the visitor compares with. */
typedef struct expectation {
    const model_fixture *fixture;
    uint32_t realisation;
    unsigned flags;
    const uint32_t *strikes;
    uint32_t strike_count;
    uint32_t at, carrier; /* the next that has to come */
    uint16_t site_order[FIXTURE_SITES];
    uxo_strike_draw draw;
    size_t visited, with_place;
} expectation;

/* Moves on to the next carrier of the list. */
static bool advance(expectation *self)
{
    while (self->at < self->strike_count) {
        const uxo_strike *const strike = &self->fixture->strike[self->strikes[self->at]];
        if (self->carrier == 0) {
            uxo_draw_strike(&self->fixture->scenario, strike, uxo_draw_from(self->realisation), NULL, self->site_order,
                            &self->draw);
        }
        if (self->draw.exists && self->carrier < self->draw.carriers) {
            return true;
        }
        self->at++;
        self->carrier = 0;
    }
    return false;
}

static void assert_same_place(const expectation *self, const uxo_strike *strike, const uxo_drawn_carrier *found)
{
    uxo_carrier_draw expected;
    const uxo_block block = uxo_block_at(strike->key, self->realisation, self->carrier, UXO_PURPOSE_CARRIER, 0);
    uxo_draw_carrier_place(&self->fixture->scenario, strike, &self->draw, uxo_draw_from(self->realisation), NULL,
                           self->carrier, block.z, &expected);
    assert_memory_equal(&found->draw.x_m, &expected.x_m, sizeof(double));
    assert_memory_equal(&found->draw.y_m, &expected.y_m, sizeof(double));
    assert_memory_equal(&found->draw.pattern_along_m, &expected.pattern_along_m, sizeof(double));
    assert_memory_equal(&found->draw.pattern_across_m, &expected.pattern_across_m, sizeof(double));
    assert_memory_equal(&found->of_strike->bearing_sin, &self->draw.bearing_sin, sizeof(double));
    assert_memory_equal(&found->of_strike->bearing_cos, &self->draw.bearing_cos, sizeof(double));
}

static void compare(void *user, const uxo_drawn_carrier *carriers, size_t count)
{
    expectation *const self = user;
    for (size_t i = 0; i < count; i++, self->carrier++) {
        uxo_carrier_draw expected;
        assert_true(advance(self));
        const uxo_strike *const strike = &self->fixture->strike[self->strikes[self->at]];
        uxo_draw_carrier_count(strike, &self->draw, uxo_draw_from(self->realisation), self->carrier, &expected);
        assert_int_equal(carriers[i].strike, self->strikes[self->at]);
        assert_int_equal(carriers[i].index, self->carrier);
        assert_int_equal(carriers[i].draw.opened, expected.opened);
        assert_int_equal(carriers[i].draw.load, expected.load);
        assert_int_equal(carriers[i].draw.duds, (self->flags & UXO_DRAW_NO_COUNTS) != 0 ? 0 : expected.duds);
        assert_true(isnan(self->draw.rate) || carriers[i].rate == self->draw.rate);
        const bool all = (self->flags & UXO_DRAW_PLACES_OF_ALL) != 0;
        if (carriers[i].draw.duds > 0 || (all && expected.opened)) {
            assert_same_place(self, strike, &carriers[i]);
            self->with_place++;
        }
        self->visited++;
    }
}

static void compare_all(const uint32_t *strikes, uint32_t strike_count, unsigned flags, bool by_null)
{
    static model_fixture fixture;
    uxo_drawing drawing;
    size_t visited = 0, with_place = 0;
    many_kinds(&fixture);
    assert_true(uxo_drawing_init(&drawing, &fixture.scenario));
    for (uint32_t r = 0; r < REALISATIONS; r++) {
        expectation next = {
            .fixture = &fixture, .realisation = r, .flags = flags, .strikes = strikes, .strike_count = strike_count};
        uxo_drawing_realise(&drawing, &fixture.scenario, uxo_kernels_select(NULL), uxo_draw_from(r), NULL,
                            by_null ? NULL : strikes, strike_count, flags, compare, &next);
        assert_false(advance(&next));
        visited += next.visited;
        with_place += next.with_place;
    }
    assert_true(visited > (size_t)strike_count * REALISATIONS && with_place > visited / 2);
    uxo_drawing_free(&drawing);
    fixture_free(&fixture);
}

static void all_strikes_are_drawn(void **state)
{
    uint32_t all[STRIKES];
    (void)state;
    for (uint32_t i = 0; i < STRIKES; i++) {
        all[i] = i;
    }
    compare_all(all, STRIKES, 0, true);
    compare_all(all, STRIKES, UXO_DRAW_PLACES_OF_ALL, true);
    compare_all(all, STRIKES, UXO_DRAW_PLACES_OF_ALL | UXO_DRAW_NO_COUNTS, true);
}

static void some_strikes_are_drawn(void **state)
{
    static const uint32_t some[] = {3, 5, 6, 7, 20, 21, 35, 39};
    (void)state;
    compare_all(some, sizeof some / sizeof some[0], UXO_DRAW_PLACES_OF_ALL, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_strikes_are_drawn),
        cmocka_unit_test(some_strikes_are_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
