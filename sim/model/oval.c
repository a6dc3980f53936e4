/* oval.c - see oval.h. In double precision, without vector instructions of ours: an oval has few lines and rows, and all
 * that its cells take are sums of products. */
#include "uxosim/oval.h"

#include <math.h>

#include "uxosim/portable_math.h"

static const double PI = 3.14159265358979323846;
/* Of the unit circle: less than this is what rounding leaves of nothing. */
static const double LEAST_AREA = 1e-13;

uxo_oval uxo_oval_make(double xy, double yy, double product, double inner, double outer, double amount)
{
    const double half_height = sqrt(yy);
    return (uxo_oval){.half_height = (float)half_height,
                      .half_chord = (float)(product / half_height),
                      .lean = (float)(xy / product),
                      .inner = (float)inner,
                      .outer = (float)outer,
                      .amount = (float)amount};
}

/* The farthest east of the unit circle once it is sheared. */
static double widest(double lean)
{
    return sqrt(1.0 + lean * lean);
}

void uxo_oval_reach(const uxo_oval *oval, float *half_width, float *half_height)
{
    *half_width = (float)((double)oval->outer * (double)oval->half_chord * widest((double)oval->lean));
    *half_height = oval->outer * oval->half_height;
}

/* Integral of sqrt(1 - t^2) from 0 to t. */
static double integral(double t)
{
    return 0.5 * (t * sqrt((1.0 - t) * (1.0 + t)) + uxo_asin(t));
}

static double within_circle(double t)
{
    return t < -1.0 ? -1.0 : t > 1.0 ? 1.0 : t;
}

/* On the line u - lean t = +-sqrt(1 - t^2). The ellipse's lowest and highest rows end at u = lean, u = -lean. */
static uxo_oval_line line_of(double u, double lean)
{
    const double square = 1.0 + lean * lean;
    const double root = square - u * u;
    uxo_oval_line out = {.u = u, .above = u > -lean ? 2.0 : 0.0, .below = u > lean ? 2.0 : 0.0};
    if (root > 0.0) {
        out.from = within_circle((lean * u - sqrt(root)) / square);
        out.to = within_circle((lean * u + sqrt(root)) / square);
        out.area_from = integral(out.from);
        out.area_to = integral(out.to);
    } else {
        out.from = out.to = 1.0;
        out.area_from = out.area_to = 0.25 * PI;
    }
    return out;
}

static uxo_oval_edge edge_of(const uxo_oval *oval, double size, double left)
{
    const double lean = (double)oval->lean;
    const double per_column = 1.0 / ((double)oval->half_chord * size);
    uxo_oval_edge out = {.size = size, .first = 1.0, .last = -1.0, .full_first = 1.0, .full_last = -1.0};
    const double west = left * per_column, east = (left + UXO_STRIP) * per_column;
    if (west >= widest(lean) || east <= -widest(lean)) {
        return out;
    }
    for (int i = 0; i <= UXO_STRIP; i++) {
        out.line[i] = line_of((left + i) * per_column, lean);
    }
    const uxo_oval_line *const first = &out.line[0], *const last = &out.line[UXO_STRIP];
    out.first = east < -lean ? last->from : west > -lean ? first->from : -1.0;
    out.last = east < lean ? last->to : west > lean ? first->to : 1.0;
    out.full_first = fmax(first->from, last->from);
    out.full_last = fmin(first->to, last->to);
    return out;
}

static int row_of(double row)
{
    const double farthest = 1e9;
    return (int)fmax(-farthest, fmin(farthest, floor(row + 0.5)));
}

bool uxo_oval_strip_of(const uxo_oval *oval, double x, double y, double column, uxo_oval_strip *out, int *first,
                       int *last)
{
    const double left = column - 0.5 - x;
    const double inner = (double)oval->inner, outer = (double)oval->outer;
    out->outer = edge_of(oval, outer, left);
    if (out->outer.first >= out->outer.last) {
        return false;
    }
    out->y = y;
    out->half_height = (double)oval->half_height;
    out->lean = (double)oval->lean;
    out->duds = (double)oval->amount / (PI * (outer * outer - inner * inner));
    out->has_hole = inner > 0.0;
    if (out->has_hole) {
        out->inner = edge_of(oval, inner, left);
        out->has_hole = out->inner.first < out->inner.last;
    }
    *first = row_of(y + out->outer.first * outer * out->half_height);
    *last = row_of(y + out->outer.last * outer * out->half_height);
    return true;
}

/* G on each line of the strip: the area above t and west of the line. */
static void areas_above(const uxo_oval_edge *edge, double lean, double t, double area[UXO_STRIP + 1])
{
    const double within = within_circle(t), at = integral(within);
    for (int i = 0; i <= UXO_STRIP; i++) {
        const uxo_oval_line *const line = &edge->line[i];
        const bool past_from = within > line->from, past_to = within > line->to;
        const double end = past_to ? line->to : within, area_end = past_to ? line->area_to : at;
        const double over = line->above * ((past_from ? line->area_from : at) + 0.25 * PI);
        const double beside =
            (end - line->from) * (line->u - 0.5 * lean * (end + line->from)) + (area_end - line->area_from);
        const double under = line->below * (at - line->area_to);
        area[i] = over + (past_from ? beside : 0.0) + (past_to ? under : 0.0);
    }
}

/* One of the two ellipses, going down row by row. */
typedef struct descent {
    const uxo_oval_edge *edge;
    double per_row;
    double known; /* areas above this t are in `top` */
    double top[UXO_STRIP + 1];
} descent;

static double edge_at(const uxo_oval_strip *strip, const descent *self, int row)
{
    return ((double)row - 0.5 - strip->y) * self->per_row;
}

/* Adds what each cell of a row has of the ellipse, `sign` times, as area of the reference's circle. */
static void add_row(const uxo_oval_strip *strip, descent *self, int row, double sign, double area[UXO_STRIP])
{
    const uxo_oval_edge *const edge = self->edge;
    const double top = edge_at(strip, self, row), bottom = edge_at(strip, self, row + 1);
    const double factor = sign * edge->size * edge->size;
    if (top >= edge->last || bottom <= edge->first) {
        return;
    }
    if (top >= edge->full_first && bottom <= edge->full_last) {
        const double cell = factor * (edge->line[1].u - edge->line[0].u) * self->per_row;
        for (int i = 0; i < UXO_STRIP; i++) {
            area[i] += cell;
        }
        return;
    }
    double below[UXO_STRIP + 1];
    if (!(self->known == top)) {
        areas_above(edge, strip->lean, top, self->top);
    }
    areas_above(edge, strip->lean, bottom, below);
    for (int i = 0; i < UXO_STRIP; i++) {
        area[i] += factor * ((below[i + 1] - below[i]) - (self->top[i + 1] - self->top[i]));
    }
    for (int i = 0; i <= UXO_STRIP; i++) {
        self->top[i] = below[i];
    }
    self->known = bottom;
}

static descent start(const uxo_oval_strip *strip, const uxo_oval_edge *edge)
{
    return (descent){.edge = edge, .per_row = 1.0 / (strip->half_height * edge->size), .known = NAN};
}

void uxo_oval_fill(const uxo_oval_strip *strip, int row, uint32_t rows, float *values)
{
    descent outer = start(strip, &strip->outer);
    descent inner = strip->has_hole ? start(strip, &strip->inner) : outer;
    for (uint32_t r = 0; r < rows; r++) {
        double area[UXO_STRIP] = {0.0};
        add_row(strip, &outer, row + (int)r, 1.0, area);
        if (strip->has_hole) {
            add_row(strip, &inner, row + (int)r, -1.0, area);
        }
        for (int i = 0; i < UXO_STRIP; i++) {
            values[r * UXO_STRIP + (uint32_t)i] = area[i] > LEAST_AREA ? (float)(strip->duds * area[i]) : 0.0f;
        }
    }
}

bool uxo_oval_occurs(const uxo_scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_mixture *const mixture = &scenario->strikes.item[i].mixture;
        for (uint32_t j = 0; j < mixture->count; j++) {
            if (scenario->catalogue.item[mixture->munition[j]].shape != UXO_SHAPE_GAUSSIAN) {
                return true;
            }
        }
    }
    return false;
}
