/* background.c - the section `background`: strikes that nobody reported. Not here: drawing them (sim/engine/background_strikes.c).
 */
#include "uxosim/background.h"

#include <math.h>
#include <stdlib.h>

#include "background_private.h"
#include "strikes_private.h"

double uxo_background_area_km2(const uxo_background *self)
{
    return self->width_m * self->height_m / 1e6;
}

/* A sound quantity of the section; a campaign quantity where nothing else is said. */
static bool read_quantity(strikes_reader *reader, const uxo_node *section, const char *key, uxo_quantity *out)
{
    char path[64];
    snprintf(path, sizeof path, "background.%s", key);
    uxo_quantity *const read =
        strikes_read_quantity(reader, uxo_node_get(section, key), uxo_schema_find(UXO_DOCUMENT_SCENARIO, path));
    if (read != NULL) {
        *out = *read;
    }
    free(read);
    return read != NULL;
}

static bool read_munition(strikes_reader *reader, const uxo_node *section, uxo_mixture *out)
{
    uxo_mixture *const read = strikes_read_mixture(reader, uxo_node_get(section, "munition"),
                                                   uxo_schema_find(UXO_DOCUMENT_SCENARIO, "background.munition"));
    if (read != NULL) {
        *out = *read;
    }
    free(read);
    return read != NULL;
}

uxo_status background_read(uxo_background *self, const uxo_node *section, const uxo_grid *grid,
                           const uxo_catalogue *catalogue, uxo_report *report)
{
    const uxo_strikes none = {.count = 0};
    strikes_reader reader = {.grid = grid, .catalogue = catalogue, .report = report};
    *self = (uxo_background){.given = true};
    const bool density = read_quantity(&reader, section, "density_per_km2", &self->density_per_km2);
    const bool carriers = read_quantity(&reader, section, "carriers", &self->strike.carriers);
    if (!read_munition(&reader, section, &self->strike.mixture) || !density || !carriers) {
        return UXO_ERR_DATA;
    }
    self->strike.day = UXO_NO_DATE;
    self->strike.heading_unknown = true;
    self->strike.heading_deg = self->strike.heading_sd_deg = uxo_quantity_constant(0.0);
    self->strike.confidence = uxo_quantity_constant(1.0);
    const double reach_m = self->strike.reach_m = strikes_reach_m(&none, &self->strike, catalogue);
    self->xmin_m = grid->xmin_m - reach_m;
    self->ymin_m = grid->ymin_m - reach_m;
    self->width_m = uxo_grid_xmax_m(grid) - grid->xmin_m + 2.0 * reach_m;
    self->height_m = uxo_grid_ymax_m(grid) - grid->ymin_m + 2.0 * reach_m;
    const double most = uxo_quantity_high(&self->density_per_km2) * uxo_background_area_km2(self);
    if (most > UXO_MAX_BACKGROUND_STRIKES) {
        return uxo_fail(
            report, UXO_ERR_DATA, &uxo_node_get(section, "density_per_km2")->place,
            "background.density_per_km2: up to %.3g strikes on %.4g km2, the grid and what reaches it; at most "
            "%.0f can be drawn in a realisation",
            most, uxo_background_area_km2(self), UXO_MAX_BACKGROUND_STRIKES);
    }
    return UXO_OK;
}
