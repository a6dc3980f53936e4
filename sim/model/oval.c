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

/* Where a line meets the circle: u - lean t = +-sqrt(1 - t^2). The ellipse's lowest and highest points lie at u = lean
 * and u = -lean. */
static void set_line(uxo_oval_edge *edge, int i, double u, double lean)
{
    const double square = 1.0 + lean * lean;
    const double root = square - u * u;
    edge->u[i] = u;
    edge->above[i] = u > -lean ? 2.0 : 0.0;
    edge->below[i] = u > lean ? 2.0 : 0.0;
    edge->from[i] = edge->to[i] = 1.0;
    edge->area_from[i] = edge->area_to[i] = 0.25 * PI;
    if (root > 0.0) {
        edge->from[i] = within_circle((lean * u - sqrt(root)) / square);
        edge->to[i] = within_circle((lean * u + sqrt(root)) / square);
        edge->area_from[i] = integral(edge->from[i]);
        edge->area_to[i] = integral(edge->to[i]);
    }
}

/* False: the ellipse does not meet the strip, which begins `left` columns east of the centre. */
static bool edge_of(const uxo_oval *oval, double size, double left, uxo_oval_edge *out)
{
    enum { LAST = UXO_STRIP };
    const double lean = (double)oval->lean;
    const double per_column = 1.0 / ((double)oval->half_chord * size);
    const double west = left * per_column, east = (left + UXO_STRIP) * per_column;
    if (west >= widest(lean) || east <= -widest(lean)) {
        return false;
    }
    for (int i = 0; i <= LAST; i++) {
        set_line(out, i, (left + i) * per_column, lean);
    }
    out->first = east < -lean ? out->from[LAST] : west > -lean ? out->from[0] : -1.0;
    out->last = east < lean ? out->to[LAST] : west > lean ? out->to[0] : 1.0;
    out->full_first = fmax(out->from[0], out->from[LAST]);
    out->full_last = fmin(out->to[0], out->to[LAST]);
    out->square = size * size;
    return out->first < out->last;
}

static int row_of(double row)
{
    const double farthest = 1e9;
    return (int)fmax(-farthest, fmin(farthest, floor(row + 0.5)));
}

bool uxo_oval_strip_of(const uxo_oval *oval, double x, double y, double column, uxo_oval_strip *out)
{
    const double left = column - 0.5 - x;
    const double inner = (double)oval->inner, outer = (double)oval->outer, half_height = (double)oval->half_height;
    if (!edge_of(oval, outer, left, &out->outer)) {
        return false;
    }
    out->half_lean = 0.5 * (double)oval->lean;
    out->duds = (double)oval->amount / (PI * (outer * outer - inner * inner));
    out->cell = 1.0 / ((double)oval->half_chord * half_height);
    out->full = (float)(out->duds * out->cell);
    out->has_hole = inner > 0.0 && edge_of(oval, inner, left, &out->inner);
    out->first = row_of(y + out->outer.first * outer * half_height);
    out->last = row_of(y + out->outer.last * outer * half_height);
    return true;
}

static void rows_of_edge(double size, double half_height, double y, int row, uint32_t rows, double *t, double *area)
{
    const double per_row = 1.0 / (half_height * size);
    for (uint32_t i = 0; i <= rows; i++) {
        t[i] = within_circle(((double)(row + (int)i) - 0.5 - y) * per_row);
        area[i] = integral(t[i]);
    }
}

void uxo_oval_rows_of(const uxo_oval *oval, double y, int row, uint32_t rows, uxo_oval_rows *out)
{
    const double half_height = (double)oval->half_height;
    rows_of_edge((double)oval->outer, half_height, y, row, rows, out->outer, out->outer_area);
    if (oval->inner > 0.0f) {
        rows_of_edge((double)oval->inner, half_height, y, row, rows, out->inner, out->inner_area);
    }
}

/* A row between two lines of one ellipse, and the integral there. */
typedef struct slice {
    double top, bottom, area_top, area_bottom;
} slice;

typedef enum covered { NOTHING, PARTLY, FULLY } covered;

static covered how_covered(const uxo_oval_edge *edge, slice row)
{
    return row.top >= edge->last || row.bottom <= edge->first             ? NOTHING
           : row.top >= edge->full_first && row.bottom <= edge->full_last ? FULLY
                                                                          : PARTLY;
}

/* Adds what each cell of a row has of the ellipse, `sign` times, as area of the reference's circle: differences of what lies
 * west of each line. Along a line that is within the circle from a to b, that is the chord's western part between them, and
 * above and below it either all or nothing. */
static void add_row(const uxo_oval_edge *edge, double half_lean, slice row, double sign, double area[UXO_STRIP])
{
    const double factor = sign * edge->square;
    double west[UXO_STRIP + 1];
    for (int i = 0; i <= UXO_STRIP; i++) {
        const double from = edge->from[i], to = edge->to[i], area_from = edge->area_from[i], area_to = edge->area_to[i];
        const double late_a = from > row.bottom ? row.bottom : from, late_b = to > row.bottom ? row.bottom : to;
        const double a = late_a < row.top ? row.top : late_a, b = late_b < row.top ? row.top : late_b;
        const double past_a = from > row.bottom ? row.area_bottom : area_from;
        const double past_b = to > row.bottom ? row.area_bottom : area_to;
        const double at_a = from < row.top ? row.area_top : past_a, at_b = to < row.top ? row.area_top : past_b;
        west[i] = edge->above[i] * (at_a - row.area_top) + edge->below[i] * (row.area_bottom - at_b) +
                  ((b - a) * (edge->u[i] - half_lean * (a + b)) + (at_b - at_a));
    }
    for (int i = 0; i < UXO_STRIP; i++) {
        area[i] += factor * (west[i + 1] - west[i]);
    }
}

/* A row where an edge passes. */
static void fill_row(const uxo_oval_strip *strip, slice outer, slice inner, float *values)
{
    const covered by_inner = strip->has_hole ? how_covered(&strip->inner, inner) : NOTHING;
    double area[UXO_STRIP] = {0.0};
    if (how_covered(&strip->outer, outer) == FULLY) {
        for (int i = 0; i < UXO_STRIP; i++) {
            area[i] = strip->cell;
        }
    } else {
        add_row(&strip->outer, strip->half_lean, outer, 1.0, area);
    }
    if (by_inner == PARTLY) {
        add_row(&strip->inner, strip->half_lean, inner, -1.0, area);
    }
    for (int i = 0; i < UXO_STRIP; i++) {
        values[i] = area[i] > LEAST_AREA ? (float)(strip->duds * area[i]) : 0.0f;
    }
}

void uxo_oval_fill(const uxo_oval_strip *strip, const uxo_oval_rows *rows, uint32_t from, uint32_t count, float *values)
{
    for (uint32_t r = from; r < from + count; r++, values += UXO_STRIP) {
        const slice outer = {rows->outer[r], rows->outer[r + 1], rows->outer_area[r], rows->outer_area[r + 1]};
        slice inner = outer;
        if (strip->has_hole) {
            inner = (slice){rows->inner[r], rows->inner[r + 1], rows->inner_area[r], rows->inner_area[r + 1]};
        }
        const covered by_outer = how_covered(&strip->outer, outer);
        const covered by_inner = strip->has_hole ? how_covered(&strip->inner, inner) : NOTHING;
        if (by_outer == NOTHING || by_inner == FULLY || (by_outer == FULLY && by_inner == NOTHING)) {
            const float every = by_outer == FULLY && by_inner == NOTHING ? strip->full : 0.0f;
            for (int i = 0; i < UXO_STRIP; i++) {
                values[i] = every;
            }
        } else {
            fill_row(strip, outer, inner, values);
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
