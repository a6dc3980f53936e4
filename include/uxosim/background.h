/* background.h - strikes that nobody reported: how many there may be, and what each of them is. They lie anywhere, uniformly, and are kept
 * apart from the listed ones everywhere: an origin of their own.
 *
 * Model   their number in a realisation is Poisson(density x area), the area being the grid widened by their reach
 */
#ifndef UXOSIM_BACKGROUND_H
#define UXOSIM_BACKGROUND_H

#include "uxosim/strikes.h"

/* So many may be expected in one realisation. */
#define UXO_MAX_BACKGROUND_STRIKES 100000.0

typedef struct uxo_background {
    bool given;
    uxo_quantity density_per_km2; /* strikes; campaign level */
    uxo_strike strike; /* munition, carriers, heading unknown, certain; key, day and place are of no meaning */
    double xmin_m, ymin_m, width_m, height_m; /* where their centres lie */
} uxo_background;

double uxo_background_area_km2(const uxo_background *self);

#endif
