/* layers_split.h - splits the cells of a source raster over the cells of the grid by area. Private to
 * sim/scenario/layers*.c. */
#ifndef UXOSIM_LAYERS_SPLIT_H
#define UXOSIM_LAYERS_SPLIT_H

#include "layers_private.h"

typedef struct layers_split_source {
    const uxo_gdal *api;
    const double *frame;                  /* geotransform */
    OGRCoordinateTransformationH to_grid; /* NULL: same system */
    int first_column, end_column;
} layers_split_source;

typedef struct layers_splitter {
    const uxo_grid *grid;
    layers_split_source source;
    uxo_population *population; /* borrowed */
    bool out_of_memory;
    double on_grid;
    bool touched; /* some source cell overlaps the grid */
    int node_row; /* row of the upper line of nodes, -1: none yet */
    size_t node_count;
    double *x[2], *y[2]; /* upper and lower line of nodes in the grid's system */
    int *success;
    double *share; /* of a source cell's width in each column of the grid that it touches */
} layers_splitter;

bool layers_splitter_init(layers_splitter *self, const uxo_grid *grid, const layers_split_source *source,
                          uxo_population *population);
void layers_splitter_free(layers_splitter *self);
/* Persons of one row of the source, columns first_column to end_column. Rows come in order. */
void layers_splitter_row(layers_splitter *self, int row, const double *value);

#endif
