/* test_kernels_field.c - the kernels of fields against direct evaluation in double precision, and those of every
 * instruction set against the portable ones, bit by bit. Gaussians at random from seed 20261124. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "uxosim/kernels_field.h"
#include "uxosim/rng.h"

enum { SEED = 20261124, MOST_ROWS = 64, STRIP_POINTS = MOST_ROWS * UXO_STRIP };

static uxo_stream new_stream(uint32_t number)
{
    return uxo_stream_at(uxo_key_make(SEED, UXO_LEVEL_STRIKE, "fields"), number, 0, UXO_PURPOSE_CAMPAIGN_VALUE);
}

static double between(uxo_stream *stream, double low, double high)
{
    return low + (high - low) * uxo_stream_uniform(stream);
}

/* A gaussian and part of a strip near it, at most that far away, as a multiple of its larger standard deviation. */
typedef struct field_case {
    double xx, xy, yy, x, y, weight; /* [lattice units] */
    double determinant, ratio;
    float column, row;
    uint32_t rows;
} field_case;

static field_case random_case(uxo_stream *stream, double narrowest, double widest, double most_ratio)
{
    const double minor = narrowest * exp(between(stream, 0.0, log(widest / narrowest)));
    const double ratio = exp(between(stream, 0.0, log(most_ratio)));
    const double major = minor * ratio, turn = between(stream, 0.0, M_PI);
    const double s = sin(turn), c = cos(turn);
    field_case out = {.xx = major * major * c * c + minor * minor * s * s,
                      .xy = (major * major - minor * minor) * s * c,
                      .yy = major * major * s * s + minor * minor * c * c,
                      .weight = exp(between(stream, -9.0, 2.0)),
                      .ratio = ratio};
    out.determinant = major * major * minor * minor;
    const double along = major * between(stream, -5.5, 5.5), across = minor * between(stream, -5.5, 5.5);
    /* In the first columns and rows places have more digits than differences of them keep. */
    const bool near = uxo_stream_uniform(stream) < 0.5;
    out.column = near ? 0.0f : (float)(UXO_STRIP * (int)between(stream, 0.0, 40.0));
    out.row = near ? 0.0f : (float)(int)between(stream, 0.0, 300.0);
    out.rows = 1 + (uint32_t)between(stream, 0.0, 63.99);
    out.x = (double)(float)((double)out.column + 7.5 + along * c - across * s);
    out.y = (double)(float)((double)out.row + 0.5 * out.rows + along * s + across * c);
    return out;
}

static uxo_gaussian gaussian_of(const field_case *self)
{
    return uxo_gaussian_make(self->x, self->y, self->xx, self->xy, self->yy, self->weight);
}

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
    uxo_stream stream = new_stream(stream_number);
    for (uint32_t i = 0; i < count; i++) {
        float values[STRIP_POINTS] = {0};
        const field_case one = random_case(&stream, narrowest, widest, most_ratio);
        const uxo_gaussian gaussian = gaussian_of(&one);
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
    uxo_stream stream = new_stream(4);
    double worst_series = 0.0, worst_exact = 0.0;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        float values[STRIP_POINTS] = {0}, alone[STRIP_POINTS] = {0}, loss[STRIP_POINTS] = {0}, exact[STRIP_POINTS];
        const field_case one = random_case(&stream, 1.0, 40.0, 3.0);
        const uxo_gaussian gaussian = gaussian_of(&one);
        const float load = (float)(one.weight * exp(between(&stream, 4.61, 9.0))); /* above 100 times the peak */
        const float small_load = (float)(one.weight * exp(between(&stream, 1e-6, 4.0)));
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

/* Amounts of a carrier with a load of 40, from nearly nothing to a third of it in one point, on three kinds. */
enum { KINDS = 3, REMAIN_LOAD = 40 };
typedef struct remain_memory {
    float own[STRIP_POINTS], weight[KINDS * STRIP_POINTS], share[KINDS];
    float values[STRIP_POINTS], loss[STRIP_POINTS], values_alone[STRIP_POINTS];
} remain_memory;

static void fill_remain(remain_memory *self, uint32_t number)
{
    uxo_stream stream = new_stream(number);
    memset(self, 0, sizeof *self);
    for (size_t i = 0; i < STRIP_POINTS; i++) {
        const double first = between(&stream, 0.0, 1.0), second = between(&stream, 0.0, 1.0 - first);
        self->own[i] = i % 13 == 0 ? 0.0f : (float)exp(between(&stream, -16.0, 2.5));
        self->weight[i] = (float)first;
        self->weight[STRIP_POINTS + i] = (float)second;
        self->weight[2 * STRIP_POINTS + i] = (float)(1.0 - first - second);
        self->values[i] = self->values_alone[i] = 0.25f;
        self->loss[i] = 0.5f;
    }
    for (int k = 0; k < KINDS; k++) {
        self->share[k] = (float)between(&stream, 0.0, 1.6);
    }
}

static void remain_over(const uxo_field_kernels *kernels, remain_memory *self)
{
    kernels->remain(self->own, self->weight, self->share, KINDS, (float)REMAIN_LOAD, self->values, self->loss,
                    STRIP_POINTS);
    kernels->remain(self->own, self->weight, self->share, KINDS, 1.0f, self->values_alone, NULL, STRIP_POINTS);
}

static void what_remains_is_that_of_doubles(void **state)
{
    static remain_memory memory;
    double worst = 0.0, worst_loss = 0.0;
    size_t exactly = 0;
    (void)state;
    fill_remain(&memory, 31);
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

typedef struct sums_memory {
    float values[STRIP_POINTS], loss[STRIP_POINTS], shift[STRIP_POINTS];
    float d[STRIP_POINTS], dd[STRIP_POINTS], q[STRIP_POINTS], qq[STRIP_POINTS];
} sums_memory;

/* Losses from 1e-9 to 40, some 0. */
static void fill_sums(sums_memory *self, uint32_t number)
{
    uxo_stream stream = new_stream(number);
    memset(self, 0, sizeof *self);
    for (size_t i = 0; i < STRIP_POINTS; i++) {
        self->values[i] = (float)exp(between(&stream, -20.0, 3.0));
        self->shift[i] = self->values[i] * (float)between(&stream, 0.5, 1.5);
        self->loss[i] = i % 11 == 0 ? 0.0f : (float)exp(between(&stream, -20.0, 3.7));
    }
}

static void accumulate_over(const uxo_field_kernels *kernels, sums_memory *self)
{
    const uxo_strip_sums sums = {self->d, self->dd, self->q, self->qq};
    kernels->accumulate(self->values, self->loss, self->shift, &sums, STRIP_POINTS);
}

static void sums_are_those_of_doubles(void **state)
{
    enum { TIMES = 32 };
    static sums_memory memory;
    static double sum[4][STRIP_POINTS];
    double worst = 0.0, worst_q = 0.0;
    (void)state;
    memset(sum, 0, sizeof sum);
    fill_sums(&memory, 5);
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
        accumulate_over(uxo_field_kernels_select(NULL), &memory);
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
    fill_sums(&memory, 6);
    memcpy(memory.shift, memory.values, sizeof memory.shift / 2);
    accumulate_over(uxo_field_kernels_select(NULL), &memory);
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

/* Values of one column: at random over many magnitudes, with ties, with zeros, all equal, two far apart, denormal. */
static float some_value(uxo_stream *stream, uint32_t kind)
{
    const double u = uxo_stream_uniform(stream);
    switch (kind) {
    case 0:
        return (float)exp(-40.0 * u);
    case 1:
        return (float)floor(5.0 * u);
    case 2:
        return u < 0.7 ? 0.0f : (float)u;
    case 3:
        return 0.125f;
    case 4:
        return u < 0.5 ? 1e-38f : 1e38f;
    default:
        return (float)u * 1e-41f;
    }
}

enum { SELECT_STRIDE = UXO_STRIP + 5 };

static float *new_columns(uint32_t count, uint32_t number)
{
    uxo_stream stream = new_stream(number);
    float *const values = calloc((size_t)count * SELECT_STRIDE, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        for (uint32_t column = 0; column < SELECT_STRIDE; column++) {
            values[i * SELECT_STRIDE + column] = some_value(&stream, column % 6);
        }
    }
    return values;
}

/* Seven ranks with both ends, some the same. */
enum { RANKS = 7 };
static void choose_ranks(uint32_t count, uint32_t rank[RANKS])
{
    const double share[RANKS] = {0.0, 0.05, 0.25, 0.5, 0.5, 0.95, 1.0};
    for (int r = 0; r < RANKS; r++) {
        rank[r] = 1 + (uint32_t)(share[r] * (count - 1));
    }
}

static const uint32_t COUNTS[] = {1, 2, 3, 7, 64, 500, 4096, 40000};
enum { COUNTS_TRIED = sizeof COUNTS / sizeof COUNTS[0] };

static void order_statistics_are_those_of_sorting(void **state)
{
    static const uint32_t together[3] = {1, 3, RANKS};
    (void)state;
    for (uint32_t k = 0; k < COUNTS_TRIED; k++) {
        const uint32_t count = COUNTS[k];
        float *const values = new_columns(count, 100 + k), *const sorted = calloc(count, sizeof *sorted);
        for (int t = 0; t < 3; t++) {
            const uint32_t ranks = together[t];
            uint32_t rank[RANKS];
            float found[RANKS * UXO_STRIP];
            choose_ranks(count, rank);
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
    uxo_stream stream = new_stream(7);
    size_t needed = 0, given = 0;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        const field_case one = random_case(&stream, 0.29, 40.0, i % 2 == 0 ? 3.0 : 30.0);
        const uxo_gaussian gaussian = gaussian_of(&one);
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

/* The kernels that a test is about, by the name in its state; a processor that has none of them skips the test. */
static const uxo_field_kernels *kernels_of(void *const *state)
{
    const uxo_field_kernels *const kernels = uxo_field_kernels_select(*state);
    if (kernels == NULL) {
        print_message("this processor has no %s\n", (const char *)*state);
        skip();
    }
    return kernels;
}

static void added_gaussians_have_the_same_bits(void **state)
{
    const uxo_field_kernels *const kernels = kernels_of(state), *const portable = uxo_field_kernels_select("portable");
    static float expected[3][STRIP_POINTS], found[3][STRIP_POINTS];
    uxo_stream stream = new_stream(8);
    for (int i = 0; i < 3000; i++) {
        memset(expected, 0, sizeof expected); /* nothing there that a last bit could vanish in */
        memset(found, 0, sizeof found);
        const field_case one = random_case(&stream, 0.29, 40.0, i % 2 == 0 ? 3.0 : 40.0);
        const uxo_gaussian gaussian = gaussian_of(&one);
        const float load = (float)(100.0 * one.weight);
        portable->add(&gaussian, one.column, one.row, one.rows, expected[0], UXO_STRIP);
        kernels->add(&gaussian, one.column, one.row, one.rows, found[0], UXO_STRIP);
        portable->add_excess(&gaussian, load, one.column, one.row, one.rows, expected[1], expected[2], UXO_STRIP);
        kernels->add_excess(&gaussian, load, one.column, one.row, one.rows, found[1], found[2], UXO_STRIP);
        portable->add_excess_of(expected[0], 3.0f * load, expected[2], STRIP_POINTS);
        kernels->add_excess_of(found[0], 3.0f * load, found[2], STRIP_POINTS);
        assert_memory_equal(found, expected, sizeof found);
    }
}

static void what_remains_has_the_same_bits(void **state)
{
    static remain_memory expected, found;
    fill_remain(&expected, 32);
    fill_remain(&found, 32);
    remain_over(uxo_field_kernels_select("portable"), &expected);
    remain_over(kernels_of(state), &found);
    assert_memory_equal(&found, &expected, sizeof found);
}

static void sums_have_the_same_bits(void **state)
{
    static sums_memory expected, found;
    const uxo_field_kernels *const kernels = kernels_of(state);
    fill_sums(&expected, 9);
    fill_sums(&found, 9);
    for (int t = 0; t < 50; t++) {
        accumulate_over(uxo_field_kernels_select("portable"), &expected);
        accumulate_over(kernels, &found);
    }
    assert_memory_equal(&found, &expected, sizeof found);
}

static void order_statistics_have_the_same_bits(void **state)
{
    const uxo_field_kernels *const kernels = kernels_of(state);
    for (uint32_t k = 0; k < COUNTS_TRIED; k++) {
        float *const values = new_columns(COUNTS[k], 200 + k);
        uint32_t rank[RANKS];
        float expected[RANKS * UXO_STRIP], found[RANKS * UXO_STRIP];
        choose_ranks(COUNTS[k], rank);
        uxo_field_kernels_select("portable")->select(values, COUNTS[k], SELECT_STRIDE, rank, RANKS, expected);
        kernels->select(values, COUNTS[k], SELECT_STRIDE, rank, RANKS, found);
        assert_memory_equal(found, expected, sizeof found);
        free(values);
    }
}

static void selection_knows_names(void **state)
{
    (void)state;
    assert_non_null(uxo_field_kernels_select(NULL));
    assert_null(uxo_field_kernels_select("abacus"));
    assert_string_equal(uxo_field_kernels_select("portable")->name, "portable");
}

/* One test for each instruction set, so that what this processor cannot show counts as skipped. */
#define OF(test, set)                              \
    {                                              \
#test " (" #set ")", test, NULL, NULL, set \
    }
#define OF_EACH_SET(test) OF(test, sse2), OF(test, avx2), OF(test, avx512)

int main(void)
{
    static char sse2[] = "sse2", avx2[] = "avx2", avx512[] = "avx512";
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
        OF_EACH_SET(added_gaussians_have_the_same_bits),
        OF_EACH_SET(what_remains_has_the_same_bits),
        OF_EACH_SET(sums_have_the_same_bits),
        OF_EACH_SET(order_statistics_have_the_same_bits),
        cmocka_unit_test(selection_knows_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
