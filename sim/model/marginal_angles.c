/* marginal_angles.c - see marginal_angles.h. */
#include "marginal_angles.h"

#include <gsl/gsl_integration.h>
#include <math.h>

#include "uxosim/portable_math.h"

static const double PI = 3.14159265358979323846;
/* Up to this standard deviation of a heading Gauss-Hermite's nodes are the best, above it equidistant ones. */
static const double NARROW_HEADING_DEG = 20.0;

static const int HERMITE_NODES[MARGINAL_LEVELS] = {7, 15, 31, 47};
static const int TURN_NODES[MARGINAL_LEVELS] = {13, 25, 49, 97};

/* Equidistant over half a turn: patterns and spreads look the same from behind. The normal comes round several times; sd 0:
 * every heading alike. */
static void half_turn(marginal_angles *rule, int count, double sd)
{
    double sum = 0.0;
    rule->count = count;
    for (int i = 0; i < count; i++) {
        const double angle = PI * ((double)(i - count / 2) / (double)count);
        double weight = sd > 0.0 ? 0.0 : 1.0;
        for (int turn = -8; sd > 0.0 && turn <= 8; turn++) {
            const double z = (angle + PI * (double)turn) / sd;
            weight += uxo_exp(-0.5 * z * z);
        }
        rule->angle[i] = angle;
        rule->weight[i] = weight;
        sum += weight;
    }
    for (int i = 0; i < count; i++) {
        rule->weight[i] /= sum;
    }
}

static void hermite(marginal_angles *rule, int count, double sd)
{
    gsl_integration_fixed_workspace *const workspace =
        gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, (size_t)count, 0.0, 0.5, 0.0, 0.0);
    rule->count = count;
    for (int i = 0; i < count; i++) {
        const double node = gsl_integration_fixed_nodes(workspace)[i];
        const double weight = gsl_integration_fixed_weights(workspace)[i] / sqrt(2.0 * PI);
        rule->angle[i] = uxo_round_digits(node, MARGINAL_DIGITS) * sd;
        rule->weight[i] = uxo_round_digits(weight, MARGINAL_DIGITS);
    }
    gsl_integration_fixed_free(workspace);
}

void marginal_angles_of(const uxo_strike *strike, int level, marginal_angles *rule)
{
    const double sd_deg = strike->heading_unknown ? 0.0 : uxo_quantity_mean(&strike->heading_sd_deg);
    const double sd = sd_deg * PI / 180.0;
    if (!strike->heading_unknown && sd_deg <= 0.0) {
        *rule = (marginal_angles){.count = 1, .weight = {1.0}};
    } else if (!strike->heading_unknown && sd_deg <= NARROW_HEADING_DEG) {
        hermite(rule, HERMITE_NODES[level], sd);
    } else {
        half_turn(rule, TURN_NODES[level], sd);
    }
}
