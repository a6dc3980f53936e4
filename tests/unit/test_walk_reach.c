/* test_walk_reach.c - what of a line lies out of a carrier's reach adds nothing, and costs next to nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "model_fixture.h"
#include "uxosim/walk.h"

enum { PIECES = 20000, R = 1000 };

/* A line eastwards past the strike at (0, 0), in pieces of 10 m that begin so far west. */
static uxo_segment *pieces_from(double west_m, size_t count)
{
    uxo_segment *const segment = calloc(count, sizeof *segment);
    assert_non_null(segment);
    for (size_t i = 0; i < count; i++) {
        const double x_m = west_m + 10.0 * (double)i;
        segment[i] = (uxo_segment){x_m, 3.0, x_m + 10.0, 3.0};
    }
    return segment;
}

/* Contacts of each realisation along such a line; returns seconds of processor time. */
static double walk(const model_fixture *fixture, double west_m, size_t count, double *contacts)
{
    const uxo_engine_options options = {.threads = 1};
    const uxo_lines lines = {pieces_from(west_m, count), count};
    uxo_report report;
    uxo_report_init(&report);
    const clock_t begun = clock();
    assert_int_equal(uxo_walk_contacts(&fixture->scenario, &options, &lines, 2.0, R, contacts, &report), UXO_OK);
    const clock_t ended = clock();
    uxo_report_free(&report);
    free(lines.segment);
    return (double)(ended - begun) / CLOCKS_PER_SEC;
}

static void far_pieces_add_nothing(void **state)
{
    static const uxo_shape shape[] = {UXO_SHAPE_GAUSSIAN, UXO_SHAPE_UNIFORM_ELLIPSE, UXO_SHAPE_RING};
    static double whole[R], near[R];
    static model_fixture fixture;
    (void)state;
    fixture_init(&fixture, -1000.0, -1000.0, 10.0, 200, 200, R, 1);
    fixture_strike(&fixture, "s", 0.0, 0.0);
    fixture.site[0].location_size_m = uxo_quantity_constant(100.0);
    fixture.munition[0].pattern_width = uxo_quantity_constant(0.5);
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++) {
        fixture.munition[0].shape = shape[i];
        const double long_s = walk(&fixture, -5.0 * PIECES, PIECES, whole);
        const double short_s =
            walk(&fixture, -1440.0, 288, near); /* from the 9856th piece on, 32 at a time as before */
        double sum = 0.0;
        for (int r = 0; r < R; r++) {
            assert_true(whole[r] == near[r]);
            sum += near[r];
        }
        assert_true(sum > R);
        /* 69 times as many pieces; one by one they took 50 times as long. */
        assert_true(long_s < 15.0 * short_s);
    }
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(far_pieces_add_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
