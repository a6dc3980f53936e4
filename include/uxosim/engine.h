/* engine.h - all draws and their tallies: the loops, and the only OpenMP.
 *
 * The estimator `analog`: every dud is a point. Blocks of realisations write points into per-tile buckets, the owner of
 * a tile tallies them; integers only, so the bytes do not depend on the number of threads. Not here: files.
 */
#ifndef UXOSIM_ENGINE_H
#define UXOSIM_ENGINE_H

#include <signal.h>

#include "uxosim/exposure.h"
#include "uxosim/maps.h"
#include "uxosim/ranking.h"
#include "uxosim/stopping.h"
#include "uxosim/variance.h"
#include "uxosim/work_store.h"

/* How far a run is. */
typedef struct uxo_progress_state {
    const char *unit; /* what is counted: "realisations", then "parts of the map" */
    uint64_t done, all;
    uint64_t duds;  /* placed so far; 0 where none are */
    double seconds; /* since this unit began */
} uxo_progress_state;

/* Called from one thread at a time, at most about ten times a second and at the end of each unit. */
typedef void uxo_progress(const uxo_progress_state *state, void *user);

typedef struct uxo_engine_options {
    int threads;                       /* 0: as many as OpenMP gives */
    const char *kernel;                /* kernels by name, NULL: the widest there are; the results are the same */
    const volatile sig_atomic_t *stop; /* not NULL and not 0: end soon with UXO_ERR_INTERRUPTED */
    uxo_progress *progress;            /* may be NULL */
    void *progress_user;
    double table_bytes; /* for the carriers that maps of `expected-value` are made of at a time; 0: the default. The
                           results are the same */
    const uxo_work_store *
        store; /* of work that is done, and of what this run is to do of it; NULL: all is done here and now. The results
                                    are the same */
} uxo_engine_options;

/* Tally of one tile over all realisations, c the count in a cell and realisation. Exact. */
typedef struct uxo_tile_tally {
    uint64_t sum[UXO_TILE_CELLS];     /* of c */
    uint64_t pairs[UXO_TILE_CELLS];   /* of c (c - 1) / 2 */
    uint64_t repeats[UXO_TILE_CELLS]; /* of c - 1 where c > 0: the sum less the realisations with at least one dud */
} uxo_tile_tally;

enum { UXO_SELF_CHECK_SIZE = 1024 };

/* Of an accident: what the chances of single duds are added up as, so that the order of threads cannot be seen. There is room for 8 million
 * in a cell. */
#define UXO_ACCIDENT_PARTS 0x1p40

/* One cell in 64 has its points counted by `expected-value` too, so that the two estimators can be compared. */
enum { UXO_SAMPLE_CELLS = 64 };
static inline bool uxo_is_sample_cell(uint32_t cell_in_tile)
{
    const uint32_t row = cell_in_tile / UXO_TILE, column = cell_in_tile % UXO_TILE;
    return row % 8 == 3 && column % 8 == 5;
}
static inline uint32_t uxo_sample_index(uint32_t cell_in_tile)
{
    return cell_in_tile / UXO_TILE / 8 * 8 + cell_in_tile % UXO_TILE / 8;
}

/* Points against the maps of `expected-value` on the sample of cells. z: (points - expected) / its standard deviation. */
typedef struct uxo_map_check {
    uint64_t cells;  /* compared: that expect enough points */
    double squares;  /* sum of z^2 over them */
    double largest;  /* |z| */
    uint64_t beyond; /* cells beyond their bound, */
    double bound;    /* which is this |z| */
} uxo_map_check;

/* Where `enough` points are expected in a cell (expected_planes.c) it is exceeded in less than 1e-9 of cells; a closed form's z is not of
 * independent trials and has longer tails. */
static inline double uxo_map_check_bound(bool closed_form)
{
    return closed_form ? 9.0 : 7.0;
}

/* What a run has found in the zones: columns of all sets, one set after another. Of "outside the grid" the tables of the districts say all
 * there is to say. */
typedef struct uxo_zone_outcome {
    uint32_t columns;    /* 0: no zones, nothing of the rest */
    uint64_t *dud_parts; /* [realisations][columns] duds, in 255ths: a dud counts by the share of its cell */
    uint64_t *carrier_parts,
        *submunition_parts; /* [columns] carriers that did not open, likewise, by the release point; summed */
    /* Where there are people, else NULL: */
    uint64_t *accident_parts; /* [realisations][columns] drawn accidents, likewise */
    double *accident_chance;  /* [realisations][columns] expected of the duds that were drawn */
    /* `expected-value` only, else NULL; as of the districts */
    double *conditional, *affected_ha, *people_affected; /* [realisations][columns] */
    double *accident_expectation;                        /* [realisations][columns]; where there are people */
    double *mixed,
        *beyond; /* [columns] of what was expected on squares that lie partly in the zone: in it and out of it, summed */
} uxo_zone_outcome;

/* Relative standard errors that a run with `until` has come to. */
typedef struct uxo_until_errors {
    double district;             /* largest of the mean counts */
    double density, probability; /* medians over the cells that count; as of maps_at realisations */
    uint32_t maps_at;            /* 0: not measured */
    bool reached;
} uxo_until_errors;

/* What a run, or its part, has done: the realisations from the first on, one kind of work after the other, each without gaps. */
typedef struct uxo_work_done {
    uint32_t first;             /* realisation of this part */
    uint32_t points;            /* behind the last that was drawn as points; ... */
    uint32_t background;        /* ... whose unreported strikes were; ... */
    uint32_t blocks;            /* ... that was added up on squares, with `expected-value` */
    uint32_t first_pair, pairs; /* of realisations, for shares of variance: likewise */
    uint32_t stages;            /* 1: there are as many realisations as there will be */
} uxo_work_done;

/* What was counted of pairs of realisations (variance_pairs.c). */
typedef struct uxo_pair_rows {
    uint32_t count; /* pairs of the whole run; 0: none, or not yet known */
    void *row;      /* [count] */
} uxo_pair_rows;

/* Everything that a run has found out. Owned. */
typedef struct uxo_outcome {
    uint32_t realisations;
    uint32_t columns;             /* districts + 2 */
    uint32_t *dud_count;          /* [realisations][columns] */
    double *campaign;             /* [realisations][campaign_count] */
    uint32_t *background_count;   /* [realisations][columns] duds of unreported strikes; NULL: none are modelled */
    double *given_mean;           /* [realisations] expected duds given all draws but the last: sum of load x rate */
    double *given_variance;       /* [realisations] and their variance then: sum of load x rate (1 - rate) */
    uint64_t *strike_duds;        /* [strikes][columns], summed over realisations */
    uint64_t *strike_carriers;    /* [strikes], likewise; opened or not */
    uint64_t intact_carriers;     /* did not open, summed over realisations */
    uint64_t intact_submunitions; /* their loads */
    uint64_t *column_carriers, *column_submunitions; /* [columns] the same by district of the release point */
    uint64_t total_duds;                             /* all simulated duds of all realisations */
    /* With a surface only, else NULL and 0. The two above are then of candidates: of so many duds as there would be if all
     * lay where most remain. */
    double *kept_mean, *kept_variance; /* [realisations] duds expected of the candidates where they lie */
    uint64_t removed_candidates;       /* that are no duds, of all realisations */
    uxo_tile_tally **tile;             /* [tiles]; NULL: no dud ever fell there */
    size_t tile_count;
    uint64_t *contained_sum; /* distinct sums per cell, ascending ... */
    double *contained_share; /* ... and the share of all duds in cells with at least that sum */
    size_t contained_count;
    uint32_t largest_count; /* most duds in one cell and realisation */
    double duds_per_hit;    /* mean number of duds in a cell where there are any */
    /* Where there are people, else NULL; nothing is known of them outside the grid, whose column is 0: */
    uint32_t *accidents; /* [realisations][columns] in the first year, drawn dud by dud */
    double
        *accident_chance; /* [realisations][columns] expected of the duds that were drawn: the sum of their chances */
    double *second_year;  /* [realisations] expected of them in the second year */
    uxo_exposure_table chance; /* of a dud's accident, the mean over realisations; with the maps */
    /* With `analog`, where activities keep to ground classes: */
    uint64_t **
        accident_parts; /* [tiles] of several kinds of surface: parts of accidents expected of the duds in each cell, over all
                                  realisations; NULL: other tiles, or not wanted */
    /* `expected-value` only, else NULL: */
    double *accident_expectation; /* [realisations][columns] given all draws but the last; where there are people */
    double *accident_mixed;       /* [realisations] of that, what lay on squares that several columns share */
    double *conditional;          /* [realisations][columns] duds expected given all draws but the last */
    double *affected_ha;          /* [realisations][columns] area of blocks of 100 m that expect at least 0.05 duds */
    double *people_affected;      /* [realisations][columns] who live there */
    uint64_t *sample_count;       /* [tiles][UXO_SAMPLE_CELLS] points, summed over realisations */
    double *mixed;     /* [columns] of `conditional`, what lay on squares that several districts share, summed */
    double *accounted; /* [realisations] share of what the draws make certain that `conditional` holds, as if nothing
                                were known of the ground */
    double *
        between_kinds; /* [columns] what `conditional` may be off by, as squares have several kinds of surface; summed */
    double *map_column;      /* [columns] expected duds on the map by district; with a surface only */
    bool closed_form;        /* maps of mean, sd and P are not sampled */
    const char *why_sampled; /* else: what stands in the way */
    uxo_zone_outcome zones;
    bool mapped;      /* the maps have been computed: what follows is known, and is compared with the rest */
    double map_total; /* expected duds on the map */
    uxo_map_check map_check;
    uxo_variance variance;
    uxo_ranking ranking[UXO_RANKING_COUNT]; /* `expected-value` only */
    uxo_until_errors until;
    uxo_work_done done;
    bool is_kept; /* the store holds the realisations as they are here */
    uxo_pair_rows pairs;
    uint64_t *
        shared_parts; /* `expected-value` only: what mixed, between_kinds and those of the zones are made of (expected_blocks.c) */
    char self_check[UXO_SELF_CHECK_SIZE]; /* what the run has verified of itself, one line */
    double seconds;                       /* that the run took, and ... */
    double maps_seconds;                  /* ... its maps, packing and storing included */
    int threads;
    const char *kernel;
} uxo_outcome;

/* Runs a scenario with its estimator. Progress and interruption as in the options. With a store: what it holds is not done again, and what is
 * done is kept there from time to time, at an interruption and at the end. A part of a run has its own realisations only, and no more is
 * found out from them: it is for the store. */
UXO_MUST_USE uxo_status uxo_engine_run(const uxo_scenario *scenario, const uxo_engine_options *options,
                                       uxo_outcome *out, uxo_report *report);
/* After uxo_engine_run, where what follows was interrupted: keeps the realisations unless that has been done. Nothing without a store. */
UXO_MUST_USE uxo_status uxo_engine_keep(const uxo_scenario *scenario, const uxo_engine_options *options,
                                        uxo_outcome *outcome, uxo_report *report);
void uxo_outcome_free(uxo_outcome *self);

/* The run's self-check, after its maps (of a run without maps all that does not need them): rows against the total, cells against rows (exact), total against its closed
 * form (z); with `expected-value` the two estimators against each other, district by district, cell by cell and in all.
 * Fails with UXO_ERR_SELFCHECK. What it found is outcome->self_check. */
UXO_MUST_USE uxo_status uxo_engine_self_check(const uxo_scenario *scenario, uxo_outcome *outcome, uxo_report *report);

/* Totals only, without places: duds of each of the first `count` realisations, as the run would have them.
 * `independent`: mean failure rates are drawn per strike instead of per campaign, to show what that assumption does to
 * the interval. As if all ground were of the reference class and nothing cleared. */
UXO_MUST_USE uxo_status uxo_engine_totals(const uxo_scenario *scenario, uint32_t count, bool independent,
                                          double *totals, uxo_report *report);

/* What the first `count` realisations imply: duds expected on the grid and casualties expected of them in the first year, given all draws but
 * the last. Duds are taken at the four corners one standard deviation from each release point. There are people. */
typedef struct uxo_implied {
    uint32_t count;
    double *duds, *casualties; /* [count], owned */
} uxo_implied;

UXO_MUST_USE uxo_status uxo_engine_implied(const uxo_scenario *scenario, uint32_t count, uxo_implied *out,
                                           uxo_report *report);
void uxo_implied_free(uxo_implied *self);

/* Bytes of memory and seconds (one thread) that a run of this scenario is expected to take. */
void uxo_engine_cost(const uxo_scenario *scenario, double *bytes, double *seconds);
/* The same of a run without maps and shares of variance, as in a sweep. */
void uxo_engine_cost_without_maps(const uxo_scenario *scenario, double *bytes, double *seconds);

/* Computes the maps of the scenario's estimator and gives them to the sink; containment last. With a store, chunks that are there are not
 * computed, others are kept there, and a part of a run keeps its own and gives none to the sink: of its outcome only the campaign draws have to be
 * those of all realisations. Memory: a few chunks a thread. Errors: what the sink says, UXO_ERR_INTERRUPTED, UXO_ERR_MEMORY. */
UXO_MUST_USE uxo_status uxo_engine_maps(const uxo_scenario *scenario, const uxo_engine_options *options,
                                        uxo_outcome *outcome, const uxo_map_sink *sink, uxo_report *report);

/* Values of one layer on one tile, [UXO_TILE_CELLS]; cells beyond the grid's edge get the layer's empty value. */
void uxo_outcome_tile(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_layer layer, size_t tile,
                      float *values);
/* The value of a cell in which no dud ever fell: 0, a bound for standard errors, the whole share for containment. */
float uxo_outcome_empty_value(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_layer layer);

#endif
