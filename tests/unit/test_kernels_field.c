/* test_kernels_field.c - the kernels of fields against direct evaluation in double precision. Those of every instruction set
 * against the portable ones: test_kernels_field_bits.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "field_cases.h"
#include "judge.h"

static double q_at(const field_case *self, double x, double y)
{
    const double dx = x - self->x, dy = y - self->y;
    return (self->yy * dx * dx - 2.0 * self->xy * dx * dy + self->xx * dy * dy) / self->determinant;
}

/* Largest deviations from the direct evaluation: relative inside the cut, and relative to the peak. */
typedef struct deviations {
    double relative, of_peak;
    size_t inside, beyond;
} deviations;

/* q itself is rounded: near the cut, and there only, either answer is right. */
static void compare(const field_case *self, const float *values, deviations *found)
{
    const double rounding = 1e-5 * self->ratio * self->ratio;
    for (uint32_t i = 0; i < self->rows * UXO_STRIP; i++) {
        const double q = q_at(self, (double)self->column + i % UXO_STRIP, (double)self->row + i / UXO_STRIP);
        const double expected = self->weight * exp(-0.5 * q), value = (double)values[i];
        if (q > UXO_FIELD_CUT * (1.0 + rounding)) {
            assert_true(value == 0.0);
            found->beyond++;
        } else if (q < UXO_FIELD_CUT * (1.0 - rounding)) {
            found->relative = fmax(found->relative, fabs(value / expected - 1.0));
            found->of_peak = fmax(found->of_peak, fabs(value - expected) / self->weight);
            found->inside++;
        }
    }
}

static deviations deviations_of(uint32_t stream_number, uint32_t count, double narrowest, double widest,
                                double most_ratio)
{
    deviations found = {0.0, 0.0, 0, 0};
    uxo_stream stream = field_stream(stream_number);
    for (uint32_t i = 0; i < count; i++) {
        float values[STRIP_POINTS] = {0};
        const field_case one = field_random(&stream, narrowest, widest, most_ratio);
        const uxo_gaussian gaussian = field_gaussian(&one);
        uxo_field_kernels_select(NULL)->add(&gaussian, one.column, one.row, one.rows, values, UXO_STRIP);
        compare(&one, values, &found);
    }
    printf("  sd %g to %g, up to %g times as long: relative error %.2g, of the peak %.2g; %zu points in, %zu out\n",
           narrowest, widest, most_ratio, found.relative, found.of_peak, found.inside, found.beyond);
    assert_true(found.inside > 20000 && found.beyond > 1000);
    return found;
}

/* As the maps use them: two points to a standard deviation at least; squares of districts have less. */
static void added_gaussians_have_their_values(void **state)
{
    (void)state;
    const deviations usual = deviations_of(1, 4000, 2.0, 60.0, 3.0);
    assert_true(usual.relative < 5e-5 && usual.of_peak < 2e-5);
    const deviations narrow = deviations_of(2, 8000, 0.29, 3.0, 3.0);
    assert_true(narrow.relative < 5e-5 && narrow.of_peak < 2e-5);
    const deviations oblique = deviations_of(3, 8000, 0.29, 20.0, 30.0);
    assert_true(oblique.relative < 2e-3 && oblique.of_peak < 5e-5);
}

/* What was there stays there. */
static void adding_adds(void **state)
{
    float values[4 * 24] = {0}, alone[4 * 24] = {0};
    const uxo_gaussian gaussian = uxo_gaussian_make(5.0, 2.0, 9.0, 2.0, 6.0, 3.0);
    (void)state;
    for (int i = 0; i < 4 * 24; i++) {
        values[i] = (float)i;
    }
    uxo_field_kernels_select(NULL)->add(&gaussian, 0.0f, 0.0f, 4, values, 24);
    uxo_field_kernels_select(NULL)->add(&gaussian, 0.0f, 0.0f, 4, alone, 24);
    for (int i = 0; i < 4 * 24; i++) {
        assert_true(values[i] == (float)i + alone[i]);
        assert_true((alone[i] > 0.0f) == (i % 24 < UXO_STRIP));
    }
}

/* Values as by add; excesses as -n ln(1 - value / n) - value, by series below 0.01 of the load, exactly at any share. */
static void losses_are_logarithms(void **state)
{
    const uxo_field_kernels *const kernels = uxo_field_kernels_select(NULL);
    uxo_stream stream = field_stream(4);
    double worst_series = 0.0, worst_exact = 0.0;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        float values[STRIP_POINTS] = {0}, alone[STRIP_POINTS] = {0}, loss[STRIP_POINTS] = {0}, exact[STRIP_POINTS];
        const field_case one = field_random(&stream, 1.0, 40.0, 3.0);
        const uxo_gaussian gaussian = field_gaussian(&one);
        const float load = (float)(one.weight * exp(field_between(&stream, 4.61, 9.0))); /* above 100 times the peak */
        const float small_load = (float)(one.weight * exp(field_between(&stream, 1e-6, 4.0)));
        const size_t points = (size_t)one.rows * UXO_STRIP;
        kernels->add(&gaussian, one.column, one.row, one.rows, alone, UXO_STRIP);
        kernels->add_excess(&gaussian, load, one.column, one.row, one.rows, values, loss, UXO_STRIP);
        assert_memory_equal(values, alone, sizeof values);
        for (size_t p = 0; p < points; p++) {
            exact[p] = 1.0f;
        }
        kernels->add_excess_of(alone, small_load, exact, points);
        for (size_t p = 0; p < points; p++) {
            const double value = (double)alone[p];
            const double series = -(double)load * log1p(-value / (double)load);
            const double full = 1.0 - (double)small_load * log1p(-value / (double)small_load);
            assert_true(value > 0.0 || loss[p] == 0.0f);
            worst_series =
                value > 0.0 ? fmax(worst_series, fabs((value + (double)loss[p]) / series - 1.0)) : worst_series;
            worst_exact = fmax(worst_exact, fabs((value + (double)exact[p]) / full - 1.0) *
                                                (1.0 - value / (double)small_load)); /* 1 - x is rounded */
        }
    }
    printf("  ln P(no dud): by series %.2g, exactly %.2g\n", worst_series, worst_exact);
    assert_true(worst_series < 1e-6 && worst_exact < 5e-7);
}

/* A cell that holds all of a load leaves no chance of nothing, but no infinity either. */
static void certain_duds_are_finite(void **state)
{
    float values[UXO_STRIP], loss[UXO_STRIP] = {0};
    (void)state;
    for (int i = 0; i < UXO_STRIP; i++) {
        values[i] = 10.0f * (float)(i + 1) / 8.0f;
    }
    uxo_field_kernels_select(NULL)->add_excess_of(values, 10.0f, loss, UXO_STRIP);
    for (int i = 7; i < UXO_STRIP; i++) {
        assert_near((double)(values[i] + loss[i]), 10.0 * 24.0 * M_LN2, 1e-3);
    }
}

static void what_remains_is_that_of_doubles(void **state)
{
    static remain_memory memory;
    double worst = 0.0, worst_loss = 0.0;
    size_t exactly = 0;
    (void)state;
    remain_fill(&memory, 31);
    remain_over(uxo_field_kernels_select(NULL), &memory);
    for (size_t i = 0; i < STRIP_POINTS; i++) {
        double share = 0.0;
        for (int k = 0; k < KINDS; k++) {
            share += (double)memory.weight[(size_t)k * STRIP_POINTS + i] * (double)memory.share[k];
        }
        const double value = (double)memory.own[i] * share, load = REMAIN_LOAD;
        const double loss = -load * log1p(-value / load) - value;
        exactly += value > 0.01 * load;
        worst = fmax(worst, fabs((double)memory.values[i] - 0.25 - value) / (0.25 + value));
        worst_loss = fmax(worst_loss, fabs((double)memory.loss[i] - 0.5 - loss) / (0.5 + value + loss));
        assert_true(memory.values[i] == memory.values_alone[i]);
    }
    printf("  what remains: %.2g, ln P(no dud): %.2g, %zu points exactly\n", worst, worst_loss, exactly);
    assert_true(worst < 5e-7 && worst_loss < 1e-6 && exactly > 100);
}

static void sums_are_those_of_doubles(void **state)
{
    enum { TIMES = 32 };
    static sums_memory memory;
    static double sum[4][STRIP_POINTS];
    double worst = 0.0, worst_q = 0.0;
    (void)state;
    memset(sum, 0, sizeof sum);
    sums_fill(&memory, 5);
    for (int t = 0; t < TIMES; t++) {
        for (size_t i = 0; i < STRIP_POINTS; i++) {
            memory.loss[i] *= t % 2 == 0 ? 1.25f : 0.8f;
            memory.values[i] *= t % 2 == 0 ? 1.5f : 1.0f / 1.5f;
            const double d = (double)memory.values[i] - (double)memory.shift[i],
                         loss = (double)(memory.values[i] + memory.loss[i]), q = -expm1(-loss);
            sum[0][i] += fabs(d);
            sum[1][i] += d * d;
            sum[2][i] += q;
            sum[3][i] += q * q;
        }
        sums_accumulate(uxo_field_kernels_select(NULL), &memory);
    }
    for (size_t i = 0; i < STRIP_POINTS; i++) {
        worst = sum[1][i] > 0.0 ? fmax(worst, fabs((double)memory.dd[i] / sum[1][i] - 1.0)) : worst;
        worst_q = sum[2][i] > 0.0 ? fmax(worst_q, fabs((double)memory.q[i] / sum[2][i] - 1.0)) : worst_q;
        worst_q = sum[3][i] > 0.0 ? fmax(worst_q, fabs((double)memory.qq[i] / sum[3][i] - 1.0)) : worst_q;
        assert_true(sum[2][i] > 0.0 || (memory.q[i] == 0.0f && memory.qq[i] == 0.0f));
        assert_true(fabs((double)memory.d[i]) <= sum[0][i] * (1.0 + TIMES * 0x1p-23));
    }
    printf("  sums of 32: squares %.2g, chances %.2g\n", worst, worst_q);
    assert_true(worst < 32.0 * 0x1p-23 && worst_q < 32.0 * 0x1p-23);
}

/* Sums of differences have their sign, and values equal to the shift add nothing. */
static void differences_have_their_sign(void **state)
{
    static sums_memory memory;
    (void)state;
    sums_fill(&memory, 6);
    memcpy(memory.shift, memory.values, sizeof memory.shift / 2);
    sums_accumulate(uxo_field_kernels_select(NULL), &memory);
    for (size_t i = 0; i < STRIP_POINTS; i++) {
        assert_true(memory.d[i] == memory.values[i] - memory.shift[i]);
        assert_true(memory.dd[i] == memory.d[i] * memory.d[i]);
    }
    assert_true(memory.dd[0] == 0.0f && memory.dd[STRIP_POINTS - 1] > 0.0f);
}

static int ascending(const void *left, const void *right)
{
    const float a = *(const float *)left, b = *(const float *)right;
    return a < b ? -1 : a > b;
}

static void order_statistics_are_those_of_sorting(void **state)
{
    static const uint32_t together[3] = {1, 3, RANKS};
    (void)state;
    for (uint32_t k = 0; k < FIELD_COUNTS_TRIED; k++) {
        const uint32_t count = FIELD_COUNTS[k];
        float *const values = field_columns(count, 100 + k), *const sorted = calloc(count, sizeof *sorted);
        for (int t = 0; t < 3; t++) {
            const uint32_t ranks = together[t];
            uint32_t rank[RANKS];
            float found[RANKS * UXO_STRIP];
            field_ranks(count, rank);
            uxo_field_kernels_select(NULL)->select(values, count, SELECT_STRIDE, rank, ranks, found);
            for (uint32_t column = 0; column < UXO_STRIP; column++) {
                for (size_t i = 0; i < count; i++) {
                    sorted[i] = values[i * SELECT_STRIDE + column];
                }
                qsort(sorted, count, sizeof *sorted, ascending);
                for (uint32_t r = 0; r < ranks; r++) {
                    assert_true(found[r * UXO_STRIP + column] == sorted[rank[r] - 1]);
                }
            }
        }
        free(sorted);
        free(values);
    }
}

/* No row within the cut is left out, and not many are in vain. */
static void rows_within_the_cut_are_found(void **state)
{
    uxo_stream stream = field_stream(7);
    size_t needed = 0, given = 0;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        const field_case one = field_random(&stream, 0.29, 40.0, i % 2 == 0 ? 3.0 : 30.0);
        const uxo_gaussian gaussian = field_gaussian(&one);
        const uxo_gaussian_extent extent = uxo_gaussian_extent_of(&gaussian);
        int first = 0, last = -1, top = INT32_MAX, bottom = INT32_MIN;
        const bool any = uxo_gaussian_rows(&gaussian, &extent, one.column, &first, &last);
        const int reach = (int)(6.0 * sqrt(one.yy)) + 2, centre = (int)one.y;
        const double margin = 1.0 - 1e-6 * one.ratio * one.ratio;
        for (int row = centre - reach; row <= centre + reach; row++) {
            for (int lane = 0; lane < UXO_STRIP; lane++) {
                if (q_at(&one, (double)one.column + lane, row) < UXO_FIELD_CUT * margin) {
                    top = row < top ? row : top;
                    bottom = row > bottom ? row : bottom;
                }
            }
        }
        if (top <= bottom) {
            assert_true(any && first <= top && last >= bottom);
            needed += (size_t)(bottom - top + 1);
            given += (size_t)(last - first + 1);
        }
    }
    printf("  %zu rows needed, %zu given\n", needed, given);
    assert_true(needed > 20000 && (double)given < 1.1 * (double)needed);
}

static void selection_knows_names(void **state)
{
    (void)state;
    assert_non_null(uxo_field_kernels_select(NULL));
    assert_null(uxo_field_kernels_select("abacus"));
    assert_string_equal(uxo_field_kernels_select("portable")->name, "portable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(added_gaussians_have_their_values),
        cmocka_unit_test(adding_adds),
        cmocka_unit_test(losses_are_logarithms),
        cmocka_unit_test(certain_duds_are_finite),
        cmocka_unit_test(what_remains_is_that_of_doubles),
        cmocka_unit_test(sums_are_those_of_doubles),
        cmocka_unit_test(differences_have_their_sign),
        cmocka_unit_test(order_statistics_are_those_of_sorting),
        cmocka_unit_test(rows_within_the_cut_are_found),
        cmocka_unit_test(selection_knows_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
