/* figures_private.h - what the files of the figures share: their data, their page, their kinds. */
#ifndef UXOSIM_TOOLS_FIGURES_PRIVATE_H
#define UXOSIM_TOOLS_FIGURES_PRIVATE_H

#include "canvas.h"
#include "colours.h"
#include "figures.h"
#include "map_cells.h"
#include "uxosim/result.h"

/* Everything that is the same on all figures of a result. */
typedef struct figures_source {
    uxo_result *result; /* borrowed */
    canvas_library lib;
    bool internal;
    map_cells_source maps; /* on the result's grid, or a coarser one */
    uxo_district_table table;
    const char *title, *as_of, *program; /* borrowed of the result */
    char system[200];                    /* reference system, as one reads it */
    char origin[800];                    /* inputs */
    char run[300];                       /* version, scenario, realisations */
    bool has_north;
    double north_rad; /* of true north, clockwise from grid north, in the middle of the map */
} figures_source;

UXO_MUST_USE uxo_status figures_source_open(figures_source *self, uxo_result *result, const figures_audience *audience,
                                            uxo_report *report);
void figures_source_close(figures_source *self);

/* What the table of figures says of one. */
typedef struct figure_spec figure_spec;
typedef uxo_status figure_draw(const figure_spec *self, const figures_source *source, canvas *page, uxo_report *report);
struct figure_spec {
    const char *file;  /* without extension */
    const char *title; /* what */
    const char *unit;
    const char *of;    /* what it is of, before "up to DAY"; NULL: of the listed strikes */
    const char *layer; /* of maps */
    bool by_threshold; /* of maps: one for each threshold of the layer, whose number ends file and title */
    uint32_t plane;
    /* Of charts: what of the tables is drawn. */
    const char *quantity; /* "dud", "accident" */
    uxo_district_column mean, low, middle, high;
    double (*height)(const figure_spec *self, const figures_source *source); /* of the page; 0: no data, not drawn */
    figure_draw *draw;
};

/* Makes the folder unless it is there. */
UXO_MUST_USE uxo_status figures_make_folder(const char *folder, uxo_report *report);

/* A page: title above, what is always said below. */
enum { FIGURE_WIDTH = 595, FIGURE_MARGIN = 24, FIGURE_HEAD = 84, FIGURE_FOOT = 92 };
/* Draws both; `note`: a line of the figure's own below the title, or "". */
void figures_page(canvas *page, const figures_source *source, const figure_spec *figure, const char *note);

/* Maps. */
double figures_map_height(const figure_spec *self, const figures_source *source);
UXO_MUST_USE uxo_status figures_map_draw(const figure_spec *self, const figures_source *source, canvas *page,
                                         uxo_report *report);

/* Where a map lies on the page. */
typedef struct map_frame {
    double x, y, width, height; /* points */
    const uxo_grid *grid;
} map_frame;

double map_frame_x(const map_frame *self, double x_m);
double map_frame_y(const map_frame *self, double y_m);

/* Parts of a map: around it (coordinates, legend, scale, north), and on it (districts with names, strikes). */
void figures_map_coordinates(canvas *page, const map_frame *frame);
void figures_map_legend(canvas *page, const map_frame *frame, const figures_source *source, const figure_spec *figure,
                        const colours_scale *scale, double x);
UXO_MUST_USE uxo_status figures_map_districts(canvas *page, const map_frame *frame, const figures_source *source,
                                              uxo_report *report);
void figures_map_strikes(canvas *page, const map_frame *frame, const figures_source *source);
/* A cross in a circle of its location error [points]. */
void figures_strike_sign(canvas *page, double x, double y, double radius);

/* Charts. */
double figures_interval_height(const figure_spec *self, const figures_source *source);
UXO_MUST_USE uxo_status figures_interval_draw(const figure_spec *self, const figures_source *source, canvas *page,
                                              uxo_report *report);
double figures_exceedance_height(const figure_spec *self, const figures_source *source);
UXO_MUST_USE uxo_status figures_exceedance_draw(const figure_spec *self, const figures_source *source, canvas *page,
                                                uxo_report *report);
double figures_variance_height(const figure_spec *self, const figures_source *source);
UXO_MUST_USE uxo_status figures_variance_draw(const figure_spec *self, const figures_source *source, canvas *page,
                                              uxo_report *report);
double figures_ranking_height(const figure_spec *self, const figures_source *source);
UXO_MUST_USE uxo_status figures_ranking_draw(const figure_spec *self, const figures_source *source, canvas *page,
                                             uxo_report *report);

/* Districts by a column, largest first, NaN last; at most `most`. Returns their number; *order is to be freed. */
enum { FIGURE_MOST_ROWS = 40 };
size_t figures_order(const figures_source *source, uxo_district_column column, uxo_district_column then, size_t most,
                     uint32_t **order);

/* An axis from left to right. Logarithmic ones begin at 1, and may have a lane for 0 before it. */
typedef struct figure_axis {
    double left, right; /* points */
    double first, last; /* values */
    bool logarithmic;
    double lane; /* points from the place of 0 to that of 1; 0: begins at 1 */
} figure_axis;

figure_axis figures_axis_of_counts(double left, double right, double largest);
double figures_axis_at(const figure_axis *self, double value);
/* Lines from top to bottom with numbers below, and a name below those. */
void figures_axis_draw(canvas *page, const figure_axis *self, double top, double bottom, const char *name);

#endif
