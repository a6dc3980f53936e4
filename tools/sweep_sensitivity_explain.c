/* sweep_sensitivity_explain.c - what stands below the table of `uxosim sweep sensitivity`: how the numbers are to be read, what is missing, and where
 * there is nothing to be read. */
#include <math.h>

#include "sweep_sensitivity.h"
#include "text_output.h"

static void explain_sobol(const uxo_sweep_sensitivity *self, FILE *out)
{
    const uxo_sensitivity *const total = &self->row[self->rows - 1].index;
    char text[512];
    if (isnan(total->total[0].value)) {
        text_wrap(total->variance > 0.0 || total->noise_share > 0.0
                      ? "Noise of the outputs makes up all of the variance between scenarios: there are no indices of "
                        "the total."
                      : "The total is the same in all scenarios: there are no indices.",
                  0, out);
        return;
    }
    snprintf(text, sizeof text, "%s: the widest interval of the total is %.2f wide, with %u base rows%s.",
             total->converged ? "Converged" : "NOT CONVERGED", total->widest, total->base_rows,
             total->missing > 0 ? " that are complete" : "");
    text_wrap(text, 0, out);
    if (!total->converged && !isnan(total->rows_wanted)) {
        snprintf(text, sizeof text, "About %.0f base rows would bring it to %.2f.", total->rows_wanted,
                 UXO_SENSITIVITY_CONVERGED);
        text_wrap(text, 0, out);
    }
    if (isnan(total->noise_share)) {
        text_wrap("Noise of the outputs is not known for this column: indices are those of the outputs as simulated.",
                  0, out);
    } else {
        snprintf(text, sizeof text,
                 "Noise of the outputs was %.1f %% of the variance between scenarios, and has been taken off.",
                 100.0 * total->noise_share);
        text_wrap(text, 0, out);
    }
    if (total->replicates > 0) {
        snprintf(text, sizeof text,
                 "Intervals (95 %%) are Student's over %u replicates, independent nets of base rows.",
                 total->replicates);
        text_wrap(text, 0, out);
    } else {
        text_wrap("Intervals (95 %) are bootstrapped as if base rows were independent, which those of one net are not: "
                  "too wide for smooth outputs and many rows, perhaps too narrow for few (key design.replicates).",
                  0, out);
    }
    text_wrap("first_order: share of the variance that would vanish if the axis were known; total: with all that it "
              "does together with others. All of it is about the ranges that the sweep gives the axes.",
              0, out);
}

/* Axes whose values are not all numbers. */
static void say_order(const uxo_sweep_result *sweep, FILE *out)
{
    for (uint32_t j = 0; j < uxo_result_sweep_facts(sweep)->parameters; j++) {
        char text[420];
        uint32_t value[2];
        const uxo_sweep_axis_kind kind = uxo_sweep_axis_kind_of(sweep, j, value);
        if (kind == UXO_SWEEP_AXIS_TWO_VALUES) {
            snprintf(text, sizeof text, "%.80s: the coefficient is that of %.100s against %.100s.",
                     uxo_result_sweep_parameter(sweep, j), uxo_result_sweep_value(sweep, value[1], j),
                     uxo_result_sweep_value(sweep, value[0], j));
            text_wrap(text, 0, out);
        } else if (kind == UXO_SWEEP_AXIS_NO_ORDER) {
            snprintf(text, sizeof text,
                     "%.80s: NO COEFFICIENT, its values are not all numbers and have no order. What it does is not in "
                     "what the others explain; a grid or a sobol design tells.",
                     uxo_result_sweep_parameter(sweep, j));
            text_wrap(text, 0, out);
        }
    }
}

static void explain_ranks(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, FILE *out)
{
    const double determination = self->row[self->rows - 1].rank.determination;
    char text[320];
    if (isnan(determination)) {
        text_wrap("The total is the same in all scenarios: there are no coefficients.", 0, out);
    } else {
        snprintf(text, sizeof text, "They explain %.0f %% of the variance of the total's ranks%s.",
                 100.0 * determination,
                 determination >= UXO_SENSITIVITY_DETERMINATION
                     ? ""
                     : ": TOO LITTLE to rely on them, something is not monotonic, acts together or has no order");
        text_wrap(text, 0, out);
    }
    say_order(sweep, out);
    text_wrap("No Sobol' indices: a latin hypercube does not give them; a sobol design does.", 0, out);
}

/* Axes of a grid that have lost scenarios, in the total. */
static void say_sets(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, FILE *out)
{
    const uxo_sweep_row *const total = &self->row[self->rows - 1];
    char text[320];
    for (size_t k = 0; k < self->effects; k++) {
        const uxo_sweep_effect *const effect = &total->effect[k];
        if ((k == 0 || effect->axis != total->effect[k - 1].axis) && effect->sets < effect->sets_of) {
            snprintf(text, sizeof text,
                     "%.80s: %s %u of %u combinations of the other axes at which all of its values are there%s.",
                     uxo_result_sweep_parameter(sweep, effect->axis), effect->sets > 0 ? "from the" : "no effects,",
                     effect->sets, effect->sets_of, effect->sets > 0 ? ", and about these only" : "");
            text_wrap(text, 0, out);
        }
    }
}

static void explain_effects(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, bool differences,
                            FILE *out)
{
    if (!differences && self->design == UXO_DESIGN_LIST) {
        text_wrap(uxo_result_sweep_facts(sweep)->baseline >= 0 ? "Reference: the baseline."
                                                               : "Reference: scenario 1, because there is no baseline.",
                  0, out);
    } else if (!differences) {
        say_sets(self, sweep, out);
    }
    char text[240];
    snprintf(text, sizeof text,
             "Intervals (95 %%) are those of sampling, by common random numbers: the same differences in %u batches of "
             "realisations%s.",
             self->batches, self->batches < 20 ? ", FEW, so that intervals are uncertain themselves" : "");
    text_wrap(self->paired ? text
                           : "This column is not kept by blocks of realisations, or by fewer than 4: intervals (95 %), "
                             "where there are any, are those of independent runs and too large.",
              0, out);
}

static void say_left_out(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, FILE *out)
{
    char text[320];
    uint32_t count = 0, first = 0;
    for (uint32_t row = self->rows; row-- > 0;) {
        count += self->row[row].known ? 0 : 1;
        first = self->row[row].known ? first : row;
    }
    if (count > 0) {
        snprintf(text, sizeof text, "Not in the table, because too few scenarios have a number there: %.80s%s.",
                 uxo_result_sweep_row_name(sweep, first), count > 1 ? " and others" : "");
        text_wrap(text, 0, out);
    }
}

void sweep_sensitivity_explain(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, bool differences,
                               FILE *out)
{
    say_left_out(self, sweep, out);
    if (!self->row[self->rows - 1].known) {
        text_wrap("The column has no number for the total.", 0, out);
    } else if (!differences && self->design == UXO_DESIGN_SOBOL) {
        explain_sobol(self, out);
    } else if (!differences && self->design == UXO_DESIGN_LATIN_HYPERCUBE) {
        explain_ranks(self, sweep, out);
    } else {
        explain_effects(self, sweep, differences, out);
    }
    text_wrap(UXO_SENTENCE, 0, out);
}
