/* surface.h - what the ground of a cell does to the submunitions that fall on it: ground classes, which change how many of them fail, and
 * clearance, which takes away some of those that did.
 *
 * A *kind* of surface is one ground class together with the clearance tasks that cover it. A cell is made of one kind or of several, by
 * area. Of a strike's submunitions with failure rate p, there remains unexploded on kind k in one realisation the share
 *
 *   logistic(logit p + beta_g) x product over tasks j of k that are dated after the strike of (1 - coverage_j D_j)
 *
 * Model   docs/model.md, "Ground and clearance"
 * Source  no multiplicative coefficient was found published: every beta is ASSUMED, with a wide prior
 *
 * Beyond the grid nothing is known: the reference class, and no clearance.
 */
#ifndef UXOSIM_SURFACE_H
#define UXOSIM_SURFACE_H

#include "uxosim/calendar.h"
#include "uxosim/grid.h"
#include "uxosim/quantity.h"

enum { UXO_MAX_GROUND_CLASSES = 200 };

typedef struct uxo_ground_class {
    char *name;            /* owned */
    uxo_quantity log_odds; /* beta_g; the constant 0 for the reference class. Campaign level */
    double area_ha;        /* on the grid */
} uxo_ground_class;

/* One clearance task: one feature of the layer. */
typedef struct uxo_clearance_task {
    char *name; /* owned */
    int32_t day;
    uxo_quantity coverage; /* share of the polygon's ground that was searched, [0, 1]; campaign level */
    uxo_quantity
        detection;  /* D_j: P(a dud on searched ground is found and removed); one draw per task and realisation */
    double area_ha; /* of its polygon on the grid */
} uxo_clearance_task;

typedef struct uxo_surface_kind {
    uint32_t ground;                 /* class */
    uint32_t first_task, task_count; /* in uxo_surface.task_of_kind */
} uxo_surface_kind;

/* One tile. Weights are in 255ths; those of a cell add up to 255. */
typedef struct uxo_surface_tile {
    uint32_t kind_count;   /* 1: the whole tile is of kind[0], and there are no weights */
    const uint32_t *kind;  /* [kind_count] ascending */
    const uint8_t *weight; /* [kind_count][UXO_TILE_CELLS] */
} uxo_surface_tile;

typedef struct uxo_surface {
    bool given; /* a ground or a clearance layer; else nothing of the rest is */
    uxo_ground_class *ground;
    uint32_t ground_count;
    uint32_t reference; /* class */
    uxo_clearance_task *task;
    uint32_t task_count;
    uxo_surface_kind *kind; /* kind 0: the reference class, no task */
    uint32_t kind_count;
    uint32_t *task_of_kind;
    uxo_surface_tile *tile; /* [tile_count]; owns its arrays */
    size_t tile_count;
} uxo_surface;

void uxo_surface_free(uxo_surface *self);

/* What of a strike's submunitions remains unexploded on a kind of surface: share of them, [0, 1].
 *
 * rate      the strike's (or carrier's) failure rate on the reference class
 * day       of the strike; UXO_NO_DATE counts as before every clearance
 * campaign  values of this realisation: log odds, coverage and detection are campaign quantities
 */
double uxo_surface_share(const uxo_surface *self, uint32_t kind, double rate, int32_t day, const double *campaign);

/* The largest of all exp(beta_g) of this realisation, at least 1, and a rate with its odds raised so: no kind leaves more of
 * a strike's submunitions than that, since clearance only takes away. */
double uxo_surface_largest_odds(const uxo_surface *self, const double *campaign);
double uxo_surface_most(double rate, double odds);

/* The class of the largest share of a cell, the first of those that tie. */
uint32_t uxo_surface_ground_at(const uxo_surface *self, size_t tile, uint32_t cell);

#endif
