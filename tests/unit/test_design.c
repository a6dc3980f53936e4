/* test_design.c - designs of sweeps: every combination once, strata hit once, a net that stays a net, parts of a Saltelli design exchanged
 * where they should be, refusals that say what is allowed. */
#include <gsl/gsl_qrng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"

#include "uxosim/design.h"

static uxo_design made(uxo_design_spec spec)
{
    uxo_design design;
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_design_init(&design, &spec, NULL, &report), UXO_OK);
    uxo_report_free(&report);
    return design;
}

/* The text of the one message, with the status that was given. */
static uxo_status refused(uxo_design_spec spec, char text[512])
{
    uxo_design design;
    uxo_report report;
    uxo_report_init(&report);
    const uxo_status status = uxo_design_init(&design, &spec, NULL, &report);
    assert_int_equal(report.count, 1);
    (void)strncpy(text, report.item[0].text, 511);
    text[511] = '\0';
    uxo_design_free(&design);
    uxo_report_free(&report);
    return status;
}

static void kinds_have_names(void **state)
{
    (void)state;
    for (int kind = 0; kind < UXO_DESIGN_KIND_COUNT; kind++) {
        assert_int_equal(uxo_design_kind_find(uxo_design_kind_name((uxo_design_kind)kind)), kind);
    }
    assert_int_equal(uxo_design_kind_find("halton"), -1);
}

static void a_grid_has_every_combination_once(void **state)
{
    const uint32_t levels[] = {3, 1, 4};
    uxo_design design = made((uxo_design_spec){.kind = UXO_DESIGN_GRID, .dimensions = 3, .levels = levels});
    (void)state;
    assert_int_equal(design.rows, 12);
    for (uint32_t row = 0; row < design.rows; row++) {
        assert_int_equal(uxo_design_level(&design, row, 0), row / 4);
        assert_int_equal(uxo_design_level(&design, row, 1), 0);
        assert_int_equal(uxo_design_level(&design, row, 2), row % 4);
        for (uint32_t j = 0; j < 3; j++) {
            const double point = uxo_design_point(&design, row, j);
            assert_true(point > 0.0 && point < 1.0);
            assert_int_equal((uint32_t)(point * levels[j]), uxo_design_level(&design, row, j));
        }
    }
    uxo_design_free(&design);
}

static void a_list_goes_through_its_values_together(void **state)
{
    const uint32_t levels[] = {5, 5};
    uxo_design design = made((uxo_design_spec){.kind = UXO_DESIGN_LIST, .dimensions = 2, .levels = levels});
    (void)state;
    assert_int_equal(design.rows, 5);
    for (uint32_t row = 0; row < 5; row++) {
        assert_int_equal(uxo_design_level(&design, row, 0), row);
        assert_int_equal(uxo_design_level(&design, row, 1), row);
    }
    uxo_design_free(&design);
}

/* Each of 97 strata of each of 30 dimensions has one row; the places within are uniform, and two dimensions have no more to do with each
 * other than chance: 435 correlations with sd 1/sqrt(96). */
static void a_hypercube_hits_every_stratum_once(void **state)
{
    enum { ROWS = 97, DIMENSIONS = 30 };
    uxo_design design = made(
        (uxo_design_spec){.kind = UXO_DESIGN_LATIN_HYPERCUBE, .seed = 5, .dimensions = DIMENSIONS, .base_rows = ROWS});
    double within[ROWS * DIMENSIONS];
    double squares = 0.0;
    (void)state;
    for (uint32_t j = 0; j < DIMENSIONS; j++) {
        bool hit[ROWS] = {false};
        for (uint32_t row = 0; row < ROWS; row++) {
            const double at = uxo_design_point(&design, row, j) * ROWS;
            assert_false(hit[(uint32_t)at]);
            hit[(uint32_t)at] = true;
            within[j * ROWS + row] = at - floor(at);
        }
        for (uint32_t k = 0; k < j; k++) {
            double product = 0.0;
            for (uint32_t row = 0; row < ROWS; row++) {
                product += (uxo_design_point(&design, row, j) - 0.5) * (uxo_design_point(&design, row, k) - 0.5);
            }
            squares += product * product / (ROWS / 144.0) * (ROWS - 1) / ROWS;
        }
    }
    assert_true(judge_uniform("places within strata", within, ROWS * DIMENSIONS));
    assert_true(judge_chi_square("correlations of dimensions", squares, DIMENSIONS * (DIMENSIONS - 1) / 2.0));
    uxo_design_free(&design);
}

/* A is the sequence as GSL gives it, with the first point, which GSL leaves out, and a shift; the exchange is in one dimension alone. */
static void saltelli_rows_are_of_one_sequence(void **state)
{
    enum { D = 20, N = 64 };
    uxo_design design = made(
        (uxo_design_spec){.kind = UXO_DESIGN_SOBOL, .seed = 11, .dimensions = D, .base_rows = N, .second_order = true});
    gsl_qrng *const sequence = gsl_qrng_alloc(gsl_qrng_sobol, 2 * D);
    const uint32_t group = uxo_design_group(D, true);
    double raw[2 * D] = {0.0};
    (void)state;
    assert_int_equal(group, 2 + 2 * D);
    assert_int_equal(design.rows, N * group);
    for (uint32_t n = 0; n < N; n++) {
        for (uint32_t at = 0; at < group; at++) {
            const uxo_design_part part = uxo_design_part_of(&design, n * group + at);
            assert_int_equal(part.base_row, n);
            for (uint32_t j = 0; j < D; j++) {
                const bool other = at >= 2 && (at - 2) % D == j;
                const bool from_b = (at == 1 || at >= 2 + D) != other;
                const uint32_t column = from_b ? D + j : j;
                const uint64_t digits = (uint64_t)(raw[column] * 0x1p52) ^ design.shift[column];
                assert_near(uxo_design_point(&design, n * group + at, j), ((double)digits + 0.5) * 0x1p-52, 0.0);
            }
        }
        gsl_qrng_get(sequence, raw);
    }
    gsl_qrng_free(sequence);
    uxo_design_free(&design);
}

/* Of 256 points each of 256 equal parts of every one of the 40 dimensions has one, and each of the 16 x 16 squares of the first two too. */
static void a_shifted_net_is_a_net(void **state)
{
    enum { D = 20, N = 256 };
    uxo_design design = made((uxo_design_spec){.kind = UXO_DESIGN_SOBOL, .seed = 3, .dimensions = D, .base_rows = N});
    const uint32_t group = uxo_design_group(D, false);
    (void)state;
    for (uint32_t column = 0; column < 2 * D; column++) {
        bool hit[N] = {false};
        for (uint32_t n = 0; n < N; n++) {
            const uint32_t part = (uint32_t)(uxo_design_point(&design, n * group + column / D, column % D) * N);
            assert_false(hit[part]);
            hit[part] = true;
        }
    }
    bool square[N] = {false};
    for (uint32_t n = 0; n < N; n++) {
        const uint32_t x = (uint32_t)(uxo_design_point(&design, n * group, 0) * 16.0);
        const uint32_t y = (uint32_t)(uxo_design_point(&design, n * group, 1) * 16.0);
        assert_false(square[x * 16 + y]);
        square[x * 16 + y] = true;
    }
    uxo_design_free(&design);
}

/* Over seeds the first point, zero but for the shift, is uniform, and dimensions are shifted apart. */
static void shifts_are_uniform(void **state)
{
    enum { SEEDS = 4000 };
    double first[SEEDS], apart[SEEDS];
    (void)state;
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        uxo_design design =
            made((uxo_design_spec){.kind = UXO_DESIGN_SOBOL, .seed = seed, .dimensions = 2, .base_rows = 1});
        first[seed] = uxo_design_point(&design, 0, 0);
        const double difference = uxo_design_point(&design, 0, 1) - first[seed];
        apart[seed] = difference < 0.0 ? difference + 1.0 : difference;
        uxo_design_free(&design);
    }
    assert_true(judge_uniform("shift of a dimension", first, SEEDS));
    assert_true(judge_uniform("difference of two shifts", apart, SEEDS));
}

/* Any row, alone and in any order; a smaller design is the beginning of a larger one. */
static void a_row_needs_no_other(void **state)
{
    uxo_design_spec spec = {.kind = UXO_DESIGN_SOBOL, .seed = 9, .dimensions = 3, .base_rows = 128};
    uxo_design large = made(spec);
    spec.base_rows = 32;
    uxo_design small = made(spec);
    (void)state;
    for (uint32_t row = small.rows; row-- > 0;) {
        for (uint32_t j = 0; j < 3; j++) {
            assert_near(uxo_design_point(&small, row, j), uxo_design_point(&large, row, j), 0.0);
        }
    }
    uxo_design_free(&large);
    uxo_design_free(&small);
}

/* Each replicate is what a design of its size is, with a shift of its own; the first has that of a design with one. */
static void replicates_are_nets_of_their_own(void **state)
{
    enum { N = 64, R = 4, D = 2, EACH = N / R };
    uxo_design_spec spec = {
        .kind = UXO_DESIGN_SOBOL, .seed = 9, .dimensions = D, .base_rows = N, .replicates = R, .second_order = true};
    uxo_design design = made(spec);
    spec.base_rows = EACH;
    spec.replicates = 1;
    uxo_design single = made(spec);
    (void)state;
    assert_int_equal(design.rows, R * single.rows);
    for (uint32_t r = 0; r < R; r++) {
        bool hit[EACH] = {false};
        for (uint32_t row = 0; row < single.rows; row++) {
            for (uint32_t j = 0; j < D; j++) {
                const double point = uxo_design_point(&design, r * single.rows + row, j);
                const uxo_design_part part = uxo_design_part_of(&design, row);
                const uint32_t column = (part.matrix == UXO_DESIGN_B || part.matrix == UXO_DESIGN_BA) !=
                                                (part.matrix >= UXO_DESIGN_AB && part.dimension == j)
                                            ? D + j
                                            : j;
                const uint64_t digits = (uint64_t)(uxo_design_point(&single, row, j) * 0x1p52) ^ single.shift[column];
                assert_near(point, ((double)(digits ^ design.shift[r * 2 * D + column]) + 0.5) * 0x1p-52, 0.0);
            }
            if (row % (2 + 2 * D) == 0) {
                const uint32_t stratum = (uint32_t)(uxo_design_point(&design, r * single.rows + row, 0) * EACH);
                assert_false(hit[stratum]);
                hit[stratum] = true;
            }
        }
        for (uint32_t other = 0; other < r; other++) {
            assert_true(design.shift[r * 2 * D] != design.shift[other * 2 * D]);
        }
    }
    assert_int_equal(design.shift[1], single.shift[1]);
    assert_int_equal(uxo_design_replicates(64), 8);
    assert_int_equal(uxo_design_replicates(1024), 8);
    assert_int_equal(uxo_design_replicates(56), 1);
    assert_int_equal(uxo_design_replicates(100), 1);
    uxo_design_free(&design);
    uxo_design_free(&single);
}

static void what_cannot_be_is_refused(void **state)
{
    const uint32_t many[] = {100000, 100000}, unequal[] = {4, 3}, none[] = {4, 0};
    const struct {
        uxo_design_spec spec;
        const char *says;
    } wrong[] = {
        {{.kind = UXO_DESIGN_SOBOL, .dimensions = 21, .base_rows = 8}, "at most 20 axes, and here are 21"},
        {{.kind = UXO_DESIGN_SOBOL, .dimensions = 2, .base_rows = (1 << 20) + 1}, "at most 1048576 rows"},
        {{.kind = UXO_DESIGN_SOBOL, .dimensions = 20, .base_rows = 1 << 20, .second_order = true},
         "more than 10000000 scenarios"},
        {{.kind = UXO_DESIGN_SOBOL, .dimensions = 2}, "at least one row"},
        {{.kind = UXO_DESIGN_SOBOL, .dimensions = 2, .base_rows = 64, .replicates = 3},
         "one replicate or from 4 to 64"},
        {{.kind = UXO_DESIGN_SOBOL, .dimensions = 2, .base_rows = 65, .replicates = 65},
         "one replicate or from 4 to 64"},
        {{.kind = UXO_DESIGN_SOBOL, .dimensions = 2, .base_rows = 60, .replicates = 8}, "take a multiple of 8"},
        {{.kind = UXO_DESIGN_LATIN_HYPERCUBE, .dimensions = 2}, "at least one row"},
        {{.kind = UXO_DESIGN_LATIN_HYPERCUBE, .dimensions = 2, .base_rows = UINT32_MAX}, "at most 1048576 rows"},
        {{.kind = UXO_DESIGN_GRID}, "at least one axis"},
        {{.kind = UXO_DESIGN_GRID, .dimensions = 2, .levels = many}, "more than 10000000 scenarios"},
        {{.kind = UXO_DESIGN_GRID, .dimensions = 2, .levels = none}, "axis 2 has no values"},
        {{.kind = UXO_DESIGN_LIST, .dimensions = 2, .levels = unequal}, "axis 2 lists 3 values and the first axis 4"},
    };
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(refused(wrong[i].spec, text), UXO_ERR_DATA);
        assert_non_null(strstr(text, wrong[i].says));
    }
    assert_int_equal(refused((uxo_design_spec){.kind = UXO_DESIGN_SOBOL, .dimensions = 2, .base_rows = 100}, text),
                     UXO_OK);
    assert_non_null(strstr(text, "100 base rows are no power of two"));
    assert_int_equal(
        refused((uxo_design_spec){.kind = UXO_DESIGN_SOBOL, .dimensions = 2, .base_rows = 96, .replicates = 8}, text),
        UXO_OK);
    assert_non_null(strstr(text, "12 base rows of each replicate are no power of two"));
}

/* GSL gives a sequence in 41 dimensions, though it has 40: the check has to be ours. */
static void gsl_does_not_refuse(void **state)
{
    (void)state;
    gsl_qrng *const sequence = gsl_qrng_alloc(gsl_qrng_sobol, UXO_DESIGN_SEQUENCE_DIMENSIONS + 1);
    assert_int_equal(gsl_qrng_sobol->max_dimension, UXO_DESIGN_SEQUENCE_DIMENSIONS);
    assert_non_null(sequence);
    gsl_qrng_free(sequence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_have_names),
        cmocka_unit_test(a_grid_has_every_combination_once),
        cmocka_unit_test(a_list_goes_through_its_values_together),
        cmocka_unit_test(a_hypercube_hits_every_stratum_once),
        cmocka_unit_test(saltelli_rows_are_of_one_sequence),
        cmocka_unit_test(a_shifted_net_is_a_net),
        cmocka_unit_test(shifts_are_uniform),
        cmocka_unit_test(a_row_needs_no_other),
        cmocka_unit_test(replicates_are_nets_of_their_own),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(gsl_does_not_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
