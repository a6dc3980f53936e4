/* scenario_grid.c - the grid of a scenario: bounds given, or taken around the districts. */
#include <math.h>
#include <stdlib.h>

#include "scenario_private.h"
#include "uxosim/number_text.h"

static uxo_status refuse_count(const assembly *self, const uxo_place *place, double nx, double ny)
{
    return uxo_fail(
        self->report, UXO_ERR_DATA, place,
        "grid: %.10g x %.10g cells are %.3g, at most %.3g are possible; make cell_size_m larger or the area smaller",
        nx, ny, nx * ny, (double)UXO_MAX_CELLS);
}

static uxo_status make_grid(assembly *self, const uxo_place *place, const double bounds[4], double cell)
{
    const double nx = nearbyint((bounds[2] - bounds[0]) / cell), ny = nearbyint((bounds[3] - bounds[1]) / cell);
    if (nx * ny > (double)UXO_MAX_CELLS) {
        return refuse_count(self, place, nx, ny);
    }
    if (fmax(nx, ny) > (double)UXO_MAX_SIDE_CELLS) {
        return uxo_fail(self->report, UXO_ERR_DATA, place,
                        "grid: %.0f cells from %s are too many, at most %u are possible along each side; make "
                        "cell_size_m larger or the area shorter",
                        fmax(nx, ny), nx > ny ? "west to east" : "south to north", (unsigned)UXO_MAX_SIDE_CELLS);
    }
    uxo_grid_init(&self->out->grid, bounds[0], bounds[1], cell, (uint32_t)nx, (uint32_t)ny);
    return uxo_crs_check_grid(self->out->crs, &self->out->grid, place, self->report);
}

/* Is this a whole number of cells, as far as the doubles next to the coordinates can say it? */
static bool is_whole(double low, double high, double cell)
{
    const double cells = (high - low) / cell, largest = fmax(fabs(low), fabs(high));
    const double unit_in_last_place = nextafter(largest, INFINITY) - largest;
    const double tolerance = fmin(fmax(1e-9, 4.0 * unit_in_last_place / cell), 0.25);
    return cells >= 0.5 && fabs(cells - nearbyint(cells)) <= tolerance;
}

/* The upper end of so many cells, in as few decimals as pass the check: so never an end that was just refused. */
static void propose_end(double low, double cells, double cell, char text[UXO_NUMBER_SIZE])
{
    const double end = low + cells * cell;
    for (int decimals = 0; decimals <= 12; decimals++) {
        snprintf(text, UXO_NUMBER_SIZE, "%.*f", decimals, end);
        const double high = strtod(text, NULL);
        if (is_whole(low, high, cell) && nearbyint((high - low) / cell) == cells) {
            return;
        }
    }
}

/* One direction of bounds_m: at least one cell, a whole number of them. */
static uxo_status check_side(const assembly *self, const uxo_node *node, const char *axis, double low, double high,
                             double cell)
{
    const double cells = (high - low) / cell;
    if (!(high > low)) {
        return uxo_fail(
            self->report, UXO_ERR_DATA, &node->place,
            "grid.bounds_m: %smax (%.12g) must be greater than %smin (%.12g); the order is xmin, ymin, xmax, ymax",
            axis, high, axis, low);
    }
    if (!is_whole(low, high, cell)) {
        char more[UXO_NUMBER_SIZE], fewer[UXO_NUMBER_SIZE] = "";
        propose_end(low, ceil(cells), cell, more);
        if (cells >= 1.0) {
            propose_end(low, floor(cells), cell, fewer);
        }
        return uxo_fail(
            self->report, UXO_ERR_DATA, &node->place,
            "grid.bounds_m: %.12g m from %smin to %smax are %.12g cells of %.12g m, not a whole number; use "
            "%smax = %s%s%s",
            high - low, axis, axis, cells, cell, axis, more, cells >= 1.0 ? " or " : "", fewer);
    }
    return UXO_OK;
}

static uxo_status from_bounds(assembly *self, const uxo_node *node, double cell)
{
    double bounds[4] = {0.0, 0.0, 0.0, 0.0};
    const char *why;
    size_t i = 0;
    for (const uxo_node *item = node->first; item != NULL && i < 4; item = item->next, i++) {
        (void)uxo_schema_number(item->text, &bounds[i], &why);
    }
    const uxo_status x = check_side(self, node, "x", bounds[0], bounds[2], cell);
    const uxo_status y = check_side(self, node, "y", bounds[1], bounds[3], cell);
    UXO_TRY(x);
    UXO_TRY(y);
    return make_grid(self, &node->place, bounds, cell);
}

/* The districts' extent and the margin, widened to whole multiples of the cell size, so that grids of one cell size fit
 * together. */
static uxo_status from_districts(assembly *self, const uxo_node *around, double cell)
{
    const uxo_node *const section = uxo_assembly_node(self, "layers.districts");
    const double margin = uxo_assembly_number(self, "grid.margin_m");
    if (uxo_node_at(self->root, "layers.districts") == NULL) {
        return uxo_fail(
            self->report, UXO_ERR_DATA, &around->place,
            "grid.around: there are no districts; name their file under layers.districts, or give grid.bounds_m");
    }
    char *const path = section != NULL ? uxo_assembly_input(self, "layers.districts.file", self->data_folder) : NULL;
    if (path == NULL) {
        return UXO_ERR_NOINPUT; /* reported by whoever found the section unsound or the file missing */
    }
    const uxo_area_source source = {.file = path,
                                    .name_field = uxo_assembly_text(self, "layers.districts.name"),
                                    .place = uxo_node_get(section, "file")->place};
    double bounds[4];
    const uxo_status status = uxo_layers_extent(self->out->crs, &source, bounds, &self->districts, self->report);
    free(path);
    UXO_TRY(status);
    bounds[0] = floor((bounds[0] - margin) / cell) * cell;
    bounds[1] = floor((bounds[1] - margin) / cell) * cell;
    bounds[2] = ceil((bounds[2] + margin) / cell) * cell;
    bounds[3] = ceil((bounds[3] + margin) / cell) * cell;
    return make_grid(self, &around->place, bounds, cell);
}

/* Which of bounds_m and around is meant; what is wrong with the choice. */
static uxo_status check_choice(const assembly *self)
{
    const uxo_node *const grid = uxo_node_get(self->root, "grid");
    const uxo_node *const bounds = uxo_node_get(grid, "bounds_m"), *const around = uxo_node_get(grid, "around");
    const uxo_node *const margin = uxo_node_get(grid, "margin_m");
    if (bounds != NULL && around != NULL) {
        return uxo_fail(self->report, UXO_ERR_DATA, &around->key_place,
                        "grid: both bounds_m and around are given; keep one of them");
    }
    if (bounds == NULL && around == NULL) {
        return uxo_fail(self->report, UXO_ERR_DATA, &grid->key_place,
                        "grid: say where it lies, with `bounds_m: [xmin, ymin, xmax, ymax]` or `around: districts`");
    }
    if (margin != NULL && around == NULL) {
        return uxo_fail(self->report, UXO_ERR_DATA, &margin->key_place,
                        "grid.margin_m goes with `around: districts`; leave it out");
    }
    return UXO_OK;
}

uxo_status uxo_assembly_grid(assembly *self)
{
    const uxo_node *const grid = uxo_node_get(self->root, "grid");
    if (grid == NULL || grid->kind != UXO_NODE_MAPPING) {
        return UXO_ERR_DATA; /* reported by the schema */
    }
    const double cell = uxo_assembly_number(self, "grid.cell_size_m");
    const uxo_node *const bounds = uxo_assembly_node(self, "grid.bounds_m"), *const around =
                                                                                 uxo_assembly_node(self, "grid.around");
    uxo_status status = check_choice(self);
    if (status == UXO_OK && (cell <= 0.0 || (bounds == NULL && around == NULL))) {
        return UXO_ERR_DATA; /* likewise */
    }
    if (status == UXO_OK) {
        status = bounds != NULL ? from_bounds(self, bounds, cell) : from_districts(self, around, cell);
    }
    uxo_assembly_note(self, status);
    return status;
}
