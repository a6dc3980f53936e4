/* quantity_shift.c - the mean of a rate whose log odds are shifted, by quadrature over both distributions.
 *
 * tanh-sinh (Takahasi and Mori 1974, Publ. RIMS 9:721) against the density: it is right for the ends of a Beta, however
 * singular, and for a normal cut anywhere. Weights are normalised, so that densities need no constants.
 */
#include <math.h>
#include <stdlib.h>

#include "uxosim/portable_math.h"
#include "uxosim/quantity.h"

enum { MOST_NODES = 1200 };

typedef struct rule {
    uint32_t count;
    double at[MOST_NODES], weight[MOST_NODES];
} rule;

static void add(rule *self, double at, double weight)
{
    if (weight > 0.0 && self->count < MOST_NODES) {
        self->at[self->count] = at;
        self->weight[self->count++] = weight;
    }
}

/* Density of the continuous forms but beta, up to a factor. */
static double density(const uxo_quantity *self, double x)
{
    const double *const p = self->p;
    switch (self->form) {
    case UXO_FORM_TRIANGULAR:
        return x < p[1] ? (x - p[0]) / (p[1] - p[0]) : (p[2] - x) / (p[2] - p[1]);
    case UXO_FORM_NORMAL:
        return uxo_exp(-0.5 * (x - p[0]) * (x - p[0]) / (p[1] * p[1]));
    default:
        return 1.0;
    }
}

/* Nodes t = -limit .. limit; the variable is 1 / (1 + exp(-pi sinh t)), whose logarithm and that of what is left of 1 are exact. */
static void unit_node(double t, double *log_below, double *log_above, double *slope)
{
    const double pi = 3.14159265358979323846;
    const double up = uxo_exp(t), down = uxo_exp(-t);
    const double s = 0.5 * pi * (up - down);
    *log_below = s < 0.0 ? s - uxo_log1p(uxo_exp(s)) : -uxo_log1p(uxo_exp(-s));
    *log_above = s < 0.0 ? -uxo_log1p(uxo_exp(s)) : -s - uxo_log1p(uxo_exp(-s));
    *slope = up + down;
}

/* Over [low, high] of a density that is smooth inside. */
static void add_piece(rule *self, const uxo_quantity *quantity, double low, double high)
{
    enum { NODES = 56 }; /* either side, to t = 3.5: beyond, less than 1e-20 is left */
    for (int i = -NODES; high > low && i <= NODES; i++) {
        double below, above, slope;
        unit_node((double)i / 16.0, &below, &above, &slope);
        const double x = low + (high - low) * uxo_exp(below);
        add(self, x, (high - low) * uxo_exp(below + above) * slope * density(quantity, x));
    }
}

/* Of a Beta, whose mass may lie anywhere near its ends. */
static void add_beta(rule *self, double a, double b)
{
    enum { NODES = 576 }; /* either side, to t = 18: an end of 1e-6 has e^-100 of its mass beyond */
    for (int i = -NODES; i <= NODES; i++) {
        double below, above, slope;
        unit_node((double)i / 32.0, &below, &above, &slope);
        add(self, uxo_exp(below), uxo_exp(a * below + b * above) * slope);
    }
}

static void make_rule(rule *self, const uxo_quantity *quantity)
{
    const double *const p = quantity->p;
    enum { SDS = 9 };
    self->count = 0;
    switch (quantity->form) {
    case UXO_FORM_UNIFORM:
        add_piece(self, quantity, p[0], p[1]);
        break;
    case UXO_FORM_TRIANGULAR:
        add_piece(self, quantity, p[0], p[1]);
        add_piece(self, quantity, p[1], p[2]);
        break;
    case UXO_FORM_NORMAL:
        add_piece(self, quantity, fmax(quantity->lower, p[0] - SDS * p[1]), fmin(quantity->upper, p[0] + SDS * p[1]));
        break;
    case UXO_FORM_BETA:
        add_beta(self, p[0], p[1]);
        break;
    case UXO_FORM_RANGE:
        for (double x = p[0]; x <= p[1]; x += 1.0) {
            add(self, x, 1.0);
        }
        break;
    case UXO_FORM_CHOICE:
        for (uint32_t i = 0; i < quantity->choices; i++) {
            add(self, quantity->value[i], quantity->weight[i]);
        }
        break;
    default:
        add(self, p[0], 1.0);
        break;
    }
}

double uxo_quantity_shifted_mean(const uxo_quantity *rate, const uxo_quantity *shift)
{
    rule *const rules = malloc(2 * sizeof *rules);
    double sum = 0.0, mass = 0.0;
    if (rules == NULL) {
        return -1.0;
    }
    make_rule(&rules[0], rate);
    make_rule(&rules[1], shift);
    for (uint32_t j = 0; j < rules[1].count; j++) {
        for (uint32_t i = 0; i < rules[0].count; i++) {
            const double weight = rules[0].weight[i] * rules[1].weight[j];
            sum += weight * uxo_shift_log_odds(rules[0].at[i], rules[1].at[j]);
            mass += weight;
        }
    }
    free(rules);
    return sum / mass;
}
