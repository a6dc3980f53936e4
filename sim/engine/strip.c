/* strip.c - see strip.h. */
#include "strip.h"

#include <math.h>

#include "uxosim/oval.h"
#include "uxosim/portable_math.h"

/* Farther from a gaussian's centre than so many standard deviations nothing is added up: exp(-24.5) of its density. */
static const double FARTHEST = 7.0;

/* Nodes and weights on [-1, 1] for polynomials of degree 7, resp. 3. A gaussian over a panel of one standard deviation is within 6e-8 of its
 * peak, over 0.15 of one with two nodes within 4e-7. */
enum { NODES = 4, FEW_NODES = 2 };
static const double NODE[NODES] = {-0.8611363115940526, -0.3399810435848563, 0.3399810435848563, 0.8611363115940526};
static const double WEIGHT[NODES] = {0.3478548451374538, 0.6521451548625461, 0.6521451548625461, 0.3478548451374538};
static const double FEW_NODE = 0.5773502691896258;

/* A vector on the grid as the pattern sees it, in standard deviations along and across. */
static void whiten(const uxo_strip_carrier *self, double dx, double dy, double out[2])
{
    out[0] = (dx * self->sine + dy * self->cosine) / self->along_m;
    out[1] = (dx * self->cosine - dy * self->sine) / self->across_m;
}

/* Integral of the pattern's density along a line beside the segment [m-1 of strip width]. `start`: its beginning, `step`: its extent,
 * whitened; the part of a unit normal on a line at distance d from its centre is exp(-d^2 / 2) / sqrt(2 pi) of one in one dimension. */
static double along_line(const uxo_strip_carrier *self, const double start[2], const double step[2], double length_m)
{
    const double root_half = 0.70710678118654752440, per_root_two_pi = 0.39894228040143267794;
    const double extent = sqrt(step[0] * step[0] + step[1] * step[1]);
    const double from = (start[0] * step[0] + start[1] * step[1]) / extent;
    const double distance = (start[0] * step[1] - start[1] * step[0]) / extent;
    const double share = 0.5 * (uxo_erf((from + extent) * root_half) - uxo_erf(from * root_half));
    const double density = per_root_two_pi * uxo_exp(-0.5 * distance * distance) * share;
    return density * length_m / (extent * self->along_m * self->across_m);
}

/* Share of a gaussian's duds on the strip along one segment. */
static double gaussian_share(const uxo_strip_carrier *self, const uxo_segment *segment, double width_m)
{
    const double dx = segment->x1_m - segment->x0_m, dy = segment->y1_m - segment->y0_m;
    const double length_m = sqrt(dx * dx + dy * dy);
    double start[2], step[2], beside[2];
    whiten(self, segment->x0_m - self->x_m, segment->y0_m - self->y_m, start);
    whiten(self, dx, dy, step);
    whiten(self, -dy / length_m * width_m, dx / length_m * width_m, beside); /* once across the strip */
    const double extent = sqrt(step[0] * step[0] + step[1] * step[1]);
    const double across = sqrt(beside[0] * beside[0] + beside[1] * beside[1]);
    const double from = (start[0] * step[0] + start[1] * step[1]) / extent;
    const double distance = fabs(start[0] * step[1] - start[1] * step[0]) / extent;
    const double farthest = FARTHEST + 0.5 * across;
    if (distance > farthest || from > farthest || from + extent < -farthest) {
        return 0.0;
    }
    const bool few = across <= 0.15;
    const int panels = few ? 1 : (int)fmin(ceil(across), 1e6), nodes = few ? FEW_NODES : NODES;
    double sum = 0.0;
    for (int panel = 0; panel < panels; panel++) {
        for (int i = 0; i < nodes; i++) {
            const double node = few ? (i == 0 ? -FEW_NODE : FEW_NODE) : NODE[i];
            const double at = ((double)panel + 0.5 + 0.5 * node) / (double)panels - 0.5; /* -1/2 .. 1/2 of the width */
            const double moved[2] = {start[0] + at * beside[0], start[1] + at * beside[1]};
            sum += 0.5 * (few ? 1.0 : WEIGHT[i]) * along_line(self, moved, step, length_m);
        }
    }
    return sum / (double)panels * width_m;
}

/* Area of the circle of radius r about the origin between two rays to a and b, counted negative where b is clockwise from a. */
static double sector(const double a[2], const double b[2], double r)
{
    return 0.5 * r * r * uxo_atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1]);
}

/* Area that the circle shares with the triangle of the origin, a and b; its sign is that of the turn from a to b. */
static double circle_and_triangle(const double a[2], const double b[2], double r)
{
    const double d[2] = {b[0] - a[0], b[1] - a[1]};
    const double dd = d[0] * d[0] + d[1] * d[1], ad = a[0] * d[0] + a[1] * d[1];
    const double inside = ad * ad - dd * (a[0] * a[0] + a[1] * a[1] - r * r);
    if (!(inside > 0.0)) {
        return sector(a, b, r);
    }
    const double root = sqrt(inside), enters = (-ad - root) / dd, leaves = (-ad + root) / dd;
    if (leaves <= 0.0 || enters >= 1.0) {
        return sector(a, b, r);
    }
    const double from = fmax(enters, 0.0), to = fmin(leaves, 1.0);
    const double p[2] = {a[0] + from * d[0], a[1] + from * d[1]}, q[2] = {a[0] + to * d[0], a[1] + to * d[1]};
    const double chord = 0.5 * (p[0] * q[1] - p[1] * q[0]);
    return (enters > 0.0 ? sector(a, p, r) : 0.0) + chord + (leaves < 1.0 ? sector(q, b, r) : 0.0);
}

/* Whether a circle about the whitened strip stays clear of the pattern: most do, and all that the sectors about their corners would leave is rounding. */
static bool is_beyond(const uxo_strip_carrier *self, const double start[2], const double step[2],
                      const double beside[2])
{
    const double x = start[0] + 0.5 * step[0], y = start[1] + 0.5 * step[1];
    const double radius =
        0.5 * sqrt(step[0] * step[0] + step[1] * step[1]) + sqrt(beside[0] * beside[0] + beside[1] * beside[1]);
    return x * x + y * y > (self->outer + radius) * (self->outer + radius);
}

/* Where the pattern is the unit circle the strip is a parallelogram: its area in common with the outer circle less that with the inner. */
static double oval_share(const uxo_strip_carrier *self, const uxo_segment *segment, double width_m)
{
    const double pi = 3.14159265358979323846;
    const double dx = segment->x1_m - segment->x0_m, dy = segment->y1_m - segment->y0_m;
    const double half = 0.5 * width_m / sqrt(dx * dx + dy * dy);
    double start[2], step[2], beside[2], corner[4][2], area = 0.0;
    whiten(self, segment->x0_m - self->x_m, segment->y0_m - self->y_m, start);
    whiten(self, dx, dy, step);
    whiten(self, -dy * half, dx * half, beside);
    if (is_beyond(self, start, step, beside)) {
        return 0.0;
    }
    for (int i = 0; i < 2; i++) {
        corner[0][i] = start[i] - beside[i];
        corner[1][i] = start[i] + step[i] - beside[i];
        corner[2][i] = start[i] + step[i] + beside[i];
        corner[3][i] = start[i] + beside[i];
    }
    for (int i = 0; i < 4; i++) {
        const double *const a = corner[i], *const b = corner[(i + 1) % 4];
        area += circle_and_triangle(a, b, self->outer);
        area -= self->inner > 0.0 ? circle_and_triangle(a, b, self->inner) : 0.0;
    }
    return fabs(area) / (pi * (self->outer * self->outer - self->inner * self->inner));
}

uxo_strip_carrier uxo_strip_carrier_of(const uxo_drawn_carrier *carrier)
{
    const uxo_carrier_draw *const draw = &carrier->draw;
    const uxo_shape shape = carrier->of_strike->munition->shape;
    uxo_strip_carrier out = {.x_m = draw->x_m,
                             .y_m = draw->y_m,
                             .sine = carrier->of_strike->bearing_sin,
                             .cosine = carrier->of_strike->bearing_cos,
                             .along_m = draw->pattern_along_m,
                             .across_m = draw->pattern_across_m,
                             .is_oval = shape != UXO_SHAPE_GAUSSIAN,
                             .inner = uxo_oval_inner(shape, draw->pattern_width),
                             .outer = uxo_oval_outer(shape, draw->pattern_width)};
    out.reach_m = (out.is_oval ? out.outer : FARTHEST) * fmax(out.along_m, out.across_m);
    return out;
}

double uxo_strip_share(const uxo_strip_carrier *self, const uxo_segment *segment, double width_m)
{
    return self->is_oval ? oval_share(self, segment, width_m) : gaussian_share(self, segment, width_m);
}
