/* place.c - see place.h. */
#include "place.h"

#include <math.h>

uxo_covariance uxo_covariance_turned(double along_m, double across_m, double bearing_sin, double bearing_cos)
{
    const double along = along_m * along_m, across = across_m * across_m;
    return (uxo_covariance){along * bearing_sin * bearing_sin + across * bearing_cos * bearing_cos,
                            (along - across) * bearing_sin * bearing_cos,
                            along * bearing_cos * bearing_cos + across * bearing_sin * bearing_sin};
}

static const double LONGEST = 1000.0;

/* What has to be added to both variances so that the sum over the points does not depend on where between them the
 * gaussian lies: with a variance of half a point's share squared that sum is right to 2 exp(-2 pi^2 / 2) = 1e-4 per axis.
 * 0 for patterns that are not narrower. Nor may a pattern be more than LONGEST times as long as it is wide: single precision
 * would not hold its ridge. */
static double blur_m2(uxo_covariance widened, double share_m)
{
    const double half = 0.5 * (widened.xx - widened.yy), middle = 0.5 * (widened.xx + widened.yy);
    const double root = sqrt(half * half + widened.xy * widened.xy);
    const double narrowest = fmax((UXO_NARROWEST_SD * UXO_NARROWEST_SD + 1.0 / 12.0) * share_m * share_m,
                                  (middle + root) / (LONGEST * LONGEST));
    return middle - root < narrowest ? narrowest - (middle - root) : 0.0;
}

uxo_placed_pattern uxo_place_gaussian(const uxo_grid *grid, uxo_lattice lattice, double x_m, double y_m,
                                      uxo_covariance covariance, double amount)
{
    const double pi = 3.14159265358979323846;
    const double points = (double)lattice.points, stride = (double)lattice.stride;
    const double share_m = grid->cell_size_m / points; /* side of the square that a point stands for */
    const double step_m = grid->cell_size_m * stride / points;
    const double cell = share_m * share_m / 12.0;
    const double blur = blur_m2((uxo_covariance){covariance.xx + cell, covariance.xy, covariance.yy + cell}, share_m);
    const double widened = cell + blur;
    const double scale = 1.0 / (step_m * step_m);
    const double xx = (covariance.xx + widened) * scale, yy = (covariance.yy + widened) * scale;
    const double xy = -covariance.xy * scale; /* rows go south */
    const double share_area = share_m * share_m * scale;
    const double weight = amount * share_area / (2.0 * pi * sqrt(xx * yy - xy * xy));
    uxo_placed_pattern out = {.gaussian = uxo_gaussian_make(0.0, 0.0, xx, xy, yy, weight)};
    const double column = (x_m - grid->xmin_m) / grid->cell_size_m - 0.5;
    const double row = (uxo_grid_ymax_m(grid) - y_m) / grid->cell_size_m - 0.5;
    out.x = (column * points + 0.5 * (points - 1.0)) / stride;
    out.y = (row * points + 0.5 * (points - 1.0)) / stride;
    out.extent = uxo_gaussian_extent_of(&out.gaussian);
    out.points = lattice.points;
    return out;
}

uint32_t uxo_lattice_points(const uxo_grid *grid, double smallest_sd_m)
{
    const double most = 1024.0; /* points to a cell's side; a narrower pattern lies in one point */
    const double points = ceil(2.0 * grid->cell_size_m / smallest_sd_m);
    return points < 1.0 ? 1 : points < most ? (uint32_t)points : (uint32_t)most;
}

uxo_placed_pattern uxo_place_oval(const uxo_grid *grid, double x_m, double y_m, const uxo_oval_sizes *sizes,
                                  double amount)
{
    const double per_m = 1.0 / grid->cell_size_m, scale = per_m * per_m;
    const uxo_covariance turned =
        uxo_covariance_turned(sizes->along_m, sizes->across_m, sizes->bearing_sin, sizes->bearing_cos);
    uxo_placed_pattern out = {.kind = UXO_PLACED_OVAL, .points = 1};
    out.oval = uxo_oval_make(-turned.xy * scale, turned.yy * scale, sizes->along_m * sizes->across_m * scale,
                             sizes->inner, sizes->outer, amount);
    out.x = (x_m - grid->xmin_m) * per_m - 0.5;
    out.y = (uxo_grid_ymax_m(grid) - y_m) * per_m - 0.5;
    uxo_oval_reach(&out.oval, &out.extent.half_width, &out.extent.half_height);
    return out;
}

static uxo_placed_pattern oval_of(const uxo_grid *grid, const uxo_drawn_carrier *carrier, double amount)
{
    const uxo_carrier_draw *const draw = &carrier->draw;
    const uxo_shape shape = carrier->of_strike->munition->shape;
    const uxo_oval_sizes sizes = {draw->pattern_along_m,
                                  draw->pattern_across_m,
                                  carrier->of_strike->bearing_sin,
                                  carrier->of_strike->bearing_cos,
                                  uxo_oval_inner(shape, draw->pattern_width),
                                  uxo_oval_outer(shape, draw->pattern_width)};
    uxo_placed_pattern out = uxo_place_oval(grid, draw->x_m, draw->y_m, &sizes, amount);
    out.load = (float)draw->load;
    return out;
}

static uxo_placed_pattern gaussian_of(const uxo_grid *grid, uxo_lattice lattice, const uxo_drawn_carrier *carrier,
                                      double amount)
{
    const uxo_carrier_draw *const draw = &carrier->draw;
    const uxo_covariance covariance =
        uxo_covariance_turned(draw->pattern_along_m, draw->pattern_across_m, carrier->of_strike->bearing_sin,
                              carrier->of_strike->bearing_cos);
    uxo_placed_pattern out = uxo_place_gaussian(grid, lattice, draw->x_m, draw->y_m, covariance, amount);
    out.load = (float)draw->load;
    return out;
}

uxo_placed_pattern uxo_place_carrier(const uxo_grid *grid, const uxo_drawn_carrier *carrier, double amount)
{
    if (carrier->of_strike->munition->shape != UXO_SHAPE_GAUSSIAN) {
        return oval_of(grid, carrier, amount);
    }
    const double smallest_m = fmin(carrier->draw.pattern_along_m, carrier->draw.pattern_across_m);
    return gaussian_of(grid, (uxo_lattice){uxo_lattice_points(grid, smallest_m), 1}, carrier, amount);
}

uxo_placed_pattern uxo_place_carrier_coarse(const uxo_grid *grid, uint32_t stride, const uxo_drawn_carrier *carrier,
                                            double amount)
{
    return carrier->of_strike->munition->shape != UXO_SHAPE_GAUSSIAN
               ? oval_of(grid, carrier, amount)
               : gaussian_of(grid, (uxo_lattice){1, stride}, carrier, amount);
}
