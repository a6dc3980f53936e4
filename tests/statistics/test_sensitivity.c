/* test_sensitivity.c - Sobol' indices against closed forms on Ishigami's, an additive and a product function, over many seeds: means without bias,
 * intervals that hold the truth as often as they say, noise taken off; and seeded defects that the same judgements catch.
 *
 * Closed forms: Ishigami and Homma 1990 (a = 7, b = 0.1); Sobol's g function, V_i = 1 / (3 (1 + a_i)^2), V_ij = V_i V_j, V = prod(1 + V_i) - 1.
 * Means may be off by one over the number of base rows, the bias of a ratio. False alarms: 7e-6 for each |z|, 1e-6 for each coverage. */
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

enum { MOST_AXES = 3, MOST_INDICES = 9 };

typedef struct function {
    const char *name;
    uint32_t axes;
    double (*value)(const double *x);
    double first[MOST_AXES], total[MOST_AXES], second[MOST_AXES]; /* of pairs (0,1), (0,2), (1,2) */
} function;

static const double PI = 3.14159265358979323846;

static double ishigami(const double *x)
{
    const double a = sin(PI * (2.0 * x[0] - 1.0)), b = sin(PI * (2.0 * x[1] - 1.0)), z = PI * (2.0 * x[2] - 1.0);
    return a + 7.0 * b * b + 0.1 * z * z * z * z * a;
}

static double additive(const double *x)
{
    return 100.0 + 3.0 * x[0] + 2.0 * x[1] + 1.0 * x[2];
}

static double product(const double *x)
{
    return fabs(4.0 * x[0] - 2.0) * (fabs(4.0 * x[1] - 2.0) + 1.0) / 2.0 * (fabs(4.0 * x[2] - 2.0) + 3.0) / 4.0;
}

/* Ishigami's as in the literature, 10 digits; the third axis acts by interaction with the first alone. */
static const function ISHIGAMI = {"Ishigami",
                                  3,
                                  ishigami,
                                  {0.3139051911, 0.4424111448, 0.0},
                                  {0.5575888552, 0.4424111448, 0.2436836641},
                                  {0.0, 0.2436836641, 0.0}};
static const function ADDITIVE = {
    "additive",     3, additive, {9.0 / 14.0, 4.0 / 14.0, 1.0 / 14.0}, {9.0 / 14.0, 4.0 / 14.0, 1.0 / 14.0},
    {0.0, 0.0, 0.0}};

static function product_function(void)
{
    const double v[3] = {1.0 / 3.0, 1.0 / 12.0, 1.0 / 48.0};
    const double all = (1.0 + v[0]) * (1.0 + v[1]) * (1.0 + v[2]) - 1.0;
    function f = {"product", 3, product, {0.0}, {0.0}, {v[0] * v[1] / all, v[0] * v[2] / all, v[1] * v[2] / all}};
    for (int i = 0; i < 3; i++) {
        f.first[i] = v[i] / all;
        f.total[i] = v[i] * (1.0 + all) / (1.0 + v[i]) / all;
    }
    return f;
}

static double truth(const function *f, uint32_t index)
{
    return index < 3 ? f->first[index] : index < 6 ? f->total[index - 3] : f->second[index - 6];
}

static const uxo_sensitivity_index *index_of(const uxo_sensitivity *s, uint32_t index)
{
    return index < 3 ? &s->first[index] : index < 6 ? &s->total[index - 3] : &s->second[index - 6];
}

/* What is done wrongly on purpose. */
typedef enum defect { NO_DEFECT, TWO_SHIFTS_OF_ONE_SEQUENCE, COLUMNS_EXCHANGED, ROWS_NOT_PAIRED } defect;

/* Points of a Saltelli design: of a Sobol' sequence, or with A and B of independent random numbers. */
static void coordinates(const uxo_design *design, uint32_t row, bool independent, defect damage, double *x)
{
    const uxo_design_part part = uxo_design_part_of(design, row);
    for (uint32_t j = 0; j < design->dimensions; j++) {
        const bool exchanged = part.matrix >= UXO_DESIGN_AB && part.dimension == j;
        const bool of_b = (part.matrix == UXO_DESIGN_B || part.matrix == UXO_DESIGN_BA) != exchanged;
        if (independent) {
            uxo_stream stream = uxo_stream_at(uxo_key_make(design->seed, UXO_LEVEL_DESIGN, "independent"),
                                              part.base_row, of_b ? 100 + j : j, UXO_PURPOSE_DESIGN_PLACE);
            x[j] = uxo_stream_uniform(&stream);
        } else {
            x[j] = uxo_design_point(design, row, j);
        }
        if (damage == TWO_SHIFTS_OF_ONE_SEQUENCE && of_b) {
            const uint64_t digits =
                (uint64_t)(uxo_design_point(design, part.base_row * design->rows / design->base_rows, j) * 0x1p52);
            x[j] = ((double)(digits ^ design->shift[3 + j]) + 0.5) * 0x1p-52;
        }
    }
}

/* What rows are, and how often intervals are claimed to hold the truth. */
typedef struct claimed {
    const char *rows;
    bool independent;    /* A and B of random numbers instead of a sequence */
    uint32_t replicates; /* 0: one net, or independent rows; a bootstrap */
    double least, most;
} claimed;

/* Indices of one seed. */
static uxo_sensitivity indices_of(const function *f, uint64_t seed, uint32_t base_rows, const claimed *claim,
                                  defect damage)
{
    uxo_design design;
    uxo_report report;
    uxo_sensitivity out;
    uxo_report_init(&report);
    const uxo_design_spec asked = {.kind = UXO_DESIGN_SOBOL,
                                   .seed = seed,
                                   .dimensions = f->axes,
                                   .base_rows = base_rows,
                                   .second_order = true,
                                   .replicates = claim->replicates};
    assert_int_equal(uxo_design_init(&design, &asked, NULL, &report), UXO_OK);
    double *const y = calloc(design.rows, sizeof *y);
    assert_non_null(y);
    const uint32_t group = design.rows / base_rows;
    for (uint32_t row = 0; row < design.rows; row++) {
        double x[MOST_AXES];
        uint32_t to = row;
        if (damage == COLUMNS_EXCHANGED && row % group >= 2 && row % group < 5) {
            to = row - row % group + 2 + (row % group - 2 + 1) % 3;
        }
        if (damage == ROWS_NOT_PAIRED && row % group == 0) {
            to = (row + group) % design.rows;
        }
        coordinates(&design, row, claim->independent, damage, x);
        y[to] = f->value(x);
    }
    const uxo_sensitivity_spec spec = {.dimensions = f->axes,
                                       .base_rows = base_rows,
                                       .second_order = true,
                                       .replicates = claim->replicates,
                                       .seed = seed,
                                       .samples = 200};
    const uxo_sensitivity_output output = {.value = y};
    assert_int_equal(uxo_sensitivity_make(&out, &spec, &output, &report), UXO_OK);
    free(y);
    uxo_design_free(&design);
    uxo_report_free(&report);
    return out;
}

/* How often do intervals hold the truth? Judged from both sides: a share from `least` to `most`. */
static bool judge_coverage(const char *name, uint32_t held, uint32_t of, double least, double most)
{
    const double low = gsl_cdf_binomial_P(held, least, of);
    const double high = held == 0 ? 1.0 : gsl_cdf_binomial_Q(held - 1, most, of);
    (void)printf("  %-58s %u of %u hold the truth, %g to %g %% expected, tail %.2g\n", name, held, of, 100.0 * least,
                 100.0 * most, fmin(low, high));
    return fmin(low, high) > 1e-6;
}

typedef struct verdict {
    bool unbiased, covered;
    double excess; /* width of the interval of the first first-order index over what its spread over seeds asks for */
} verdict;

/* Of independent rows intervals have to be right, but for what a bootstrap of 256 rows can do; so do those of replicates, but for the skewness that
 * eight of few rows have. Those of one net are too wide where it is fine: not at 64 rows, see below. */
static const claimed OF_ONE_NET = {"one net", false, 0, 0.95, 1.0},
                     OF_INDEPENDENT = {"independent rows", true, 0, 0.91, 0.97},
                     OF_REPLICATES = {"8 replicates", false, 8, 0.90, 0.97};

/* Over seeds: is the mean the truth, but for 1 / base rows, and do intervals hold it? */
enum { SEEDS = 300, BASE_ROWS = 256 };
static verdict judge(const function *f, uint32_t base_rows, const claimed *claim, defect damage)
{
    static const char *const order[] = {"first", "total", "pair"};
    double estimate[MOST_INDICES][SEEDS];
    uint32_t held[MOST_INDICES] = {0};
    double width = 0.0;
    verdict out = {true, true, 0.0};
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        uxo_sensitivity s = indices_of(f, 1000 + seed, base_rows, claim, damage);
        for (uint32_t k = 0; k < MOST_INDICES; k++) {
            const uxo_sensitivity_index *const index = index_of(&s, k);
            estimate[k][seed] = index->value;
            held[k] += truth(f, k) >= index->low && truth(f, k) <= index->high;
        }
        width += (s.first[0].high - s.first[0].low) / SEEDS;
        uxo_sensitivity_free(&s);
    }
    for (uint32_t k = 0; k < MOST_INDICES; k++) {
        const moments m = judge_moments(estimate[k], SEEDS);
        char name[80];
        (void)snprintf(name, sizeof name, "%s, %u rows, %s, %s %u", f->name, base_rows, claim->rows, order[k / 3],
                       k % 3 + 1);
        out.unbiased =
            judge_z(name, m.mean, truth(f, k), hypot(m.mean_error, 1.0 / base_rows / JUDGE_BOUND)) && out.unbiased;
        out.covered = judge_coverage(name, held[k], SEEDS, claim->least, claim->most) && out.covered;
        out.excess = k == 0 ? width / (2.0 * 1.96 * sqrt(m.variance)) : out.excess;
    }
    return out;
}

static void indices_are_those_of_the_closed_form(void **state)
{
    const function functions[] = {ISHIGAMI, ADDITIVE, product_function()};
    const claimed *const claim[] = {&OF_ONE_NET, &OF_INDEPENDENT, &OF_REPLICATES};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (size_t c = 0; c < 3; c++) {
            const verdict found = judge(&functions[i], BASE_ROWS, claim[c], NO_DEFECT);
            (void)printf("  %s, %s: intervals %.2f times as wide as the spread over seeds asks for\n",
                         functions[i].name, claim[c]->rows, found.excess);
            assert_true(found.unbiased && found.covered && found.excess > 0.85);
            /* Student's quantile of 7 degrees is 1.21 times the normal one */
            assert_true(claim[c] == &OF_ONE_NET || found.excess < 1.15 * (claim[c] == &OF_REPLICATES ? 1.21 : 1.0));
        }
    }
}

/* Few rows: replicates go on to hold the truth; what a bootstrap says of one net does not, since the net's own error is in all of its rows. */
static void replicates_are_right_with_few_rows(void **state)
{
    const claimed one = {"one net", false, 0, 0.88, 1.0}, replicates = {"8 replicates", false, 8, 0.88, 0.98};
    (void)state;
    assert_true(judge(&ISHIGAMI, 64, &replicates, NO_DEFECT).covered);
    assert_false(judge(&ISHIGAMI, 64, &one, NO_DEFECT).covered);
    assert_true(judge(&ISHIGAMI, 1024, &replicates, NO_DEFECT).covered);
}

/* Rank coefficients of a latin hypercube: a bootstrap takes its rows as independent, but they cover each axis evenly, so that the intervals are too
 * wide, by up to two and a half times; never too narrow. The truth is what 20000 rows give. */
static void intervals_of_hypercubes_are_wide_enough(void **state)
{
    enum { CUBE_ROWS = 200, MANY = 20000 };
    const function functions[] = {ISHIGAMI, ADDITIVE, product_function()};
    static double point[MANY * 3], y[MANY];
    uxo_report report;
    (void)state;
    uxo_report_init(&report);
    for (size_t i = 0; i < 3; i++) {
        double truth_of[3] = {0.0}, estimate[3][SEEDS], width[3] = {0.0};
        uint32_t held[3] = {0};
        for (uint32_t seed = 0; seed <= SEEDS; seed++) { /* the truth first */
            const uint32_t rows = seed == 0 ? MANY : CUBE_ROWS;
            uxo_design design;
            uxo_sensitivity_regression r;
            const uxo_design_spec asked = {
                .kind = UXO_DESIGN_LATIN_HYPERCUBE, .seed = seed, .dimensions = 3, .base_rows = rows};
            assert_int_equal(uxo_design_init(&design, &asked, NULL, &report), UXO_OK);
            for (uint32_t row = 0; row < rows; row++) {
                for (uint32_t j = 0; j < 3; j++) {
                    point[row * 3 + j] = uxo_design_point(&design, row, j);
                }
                y[row] = functions[i].value(point + (size_t)row * 3);
            }
            assert_int_equal(uxo_sensitivity_regress(&r, rows, 3, point, y, seed, seed == 0 ? 1 : 200, &report),
                             UXO_OK);
            for (uint32_t j = 0; j < 3 && seed > 0; j++) {
                estimate[j][seed - 1] = r.coefficient[j].value;
                width[j] += (r.coefficient[j].high - r.coefficient[j].low) / SEEDS;
                held[j] += r.coefficient[j].low <= truth_of[j] && truth_of[j] <= r.coefficient[j].high;
            }
            for (uint32_t j = 0; j < 3 && seed == 0; j++) {
                truth_of[j] = r.coefficient[j].value;
            }
            uxo_sensitivity_regression_free(&r);
            uxo_design_free(&design);
        }
        for (uint32_t j = 0; j < 3; j++) {
            char name[80];
            const double excess = width[j] / (2.0 * 1.96 * sqrt(judge_moments(estimate[j], SEEDS).variance));
            (void)snprintf(name, sizeof name, "%s, rank coefficient %u, %.2f times as wide as need be",
                           functions[i].name, j + 1, excess);
            assert_true(judge_coverage(name, held[j], SEEDS, 0.93, 1.0));
            assert_in_range((int)(100.0 * excess), 90, 250);
        }
    }
    uxo_report_free(&report);
}

/* Many more rows: what is left of the error is that of the net, far below one over the square root of 16384, 0.008. */
static void many_rows_give_the_digits_of_the_literature(void **state)
{
    uxo_sensitivity s = indices_of(&ISHIGAMI, 1, 16384, &OF_ONE_NET, NO_DEFECT);
    (void)state;
    for (uint32_t k = 0; k < MOST_INDICES; k++) {
        (void)printf("  Ishigami, 16384 rows, index %u: %.6f against %.6f\n", k, index_of(&s, k)->value,
                     truth(&ISHIGAMI, k));
        assert_near(index_of(&s, k)->value, truth(&ISHIGAMI, k), 0.002);
    }
    assert_true(s.converged && s.base_rows == 16384 && s.missing == 0);
    uxo_sensitivity_free(&s);
}

/* Of two shifts of one sequence the means are right and every single result is wrong: only coverage tells. */
static void seeded_defects_are_caught(void **state)
{
    (void)state;
    assert_false(judge(&ISHIGAMI, BASE_ROWS, &OF_ONE_NET, TWO_SHIFTS_OF_ONE_SEQUENCE).covered);
    const verdict exchanged = judge(&ISHIGAMI, BASE_ROWS, &OF_ONE_NET, COLUMNS_EXCHANGED);
    assert_false(exchanged.unbiased || exchanged.covered);
    const verdict unpaired = judge(&ISHIGAMI, BASE_ROWS, &OF_ONE_NET, ROWS_NOT_PAIRED);
    assert_false(unpaired.unbiased || unpaired.covered);
    assert_false(judge(&ISHIGAMI, BASE_ROWS, &(claimed){"independent rows", true, 0, 0.985, 1.0}, NO_DEFECT).covered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indices_are_those_of_the_closed_form),
        cmocka_unit_test(replicates_are_right_with_few_rows),
        cmocka_unit_test(intervals_of_hypercubes_are_wide_enough),
        cmocka_unit_test(many_rows_give_the_digits_of_the_literature),
        cmocka_unit_test(seeded_defects_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
