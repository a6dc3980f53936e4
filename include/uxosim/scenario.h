/* scenario.h - everything that is known before the first draw: assembled, validated, const from then on. */
#ifndef UXOSIM_SCENARIO_H
#define UXOSIM_SCENARIO_H

#include "uxosim/background.h"
#include "uxosim/digest.h"
#include "uxosim/grid.h"
#include "uxosim/layers.h"
#include "uxosim/munitions.h"
#include "uxosim/people.h"
#include "uxosim/strikes.h"
#include "uxosim/surface.h"
#include "uxosim/zones.h"

typedef enum uxo_estimator { UXO_ESTIMATOR_ANALOG, UXO_ESTIMATOR_EXPECTED_VALUE } uxo_estimator;

const char *uxo_estimator_word(uxo_estimator estimator); /* as the scenario says it */

/* run.until: R = 1000 x 2^k realisations, until the relative standard errors are small enough. */
typedef struct uxo_until {
    bool given;
    double relative_error;     /* 0: not given */
    double min_density_per_ha; /* of the cells that count; NaN: 1 % of the largest value */
} uxo_until;

/* One quantity that is drawn once per realisation and shared by all strikes. */
typedef struct uxo_campaign_item {
    char name[2 * UXO_ID_SIZE]; /* "lar-160-m095.dud_rate", "defaults.confidence" */
    uxo_quantity quantity;
    uxo_key key;
    uxo_draw_group group;
    bool background_only; /* no listed strike depends on it */
    bool is_failure_rate; /* `check` also draws these independently per strike, for comparison */
} uxo_campaign_item;

/* One line of the record of what was used. All owned. */
typedef struct uxo_used_value {
    char *path;  /* "grid.cell_size_m", "munitions.lar-160-m095.dud_rate" */
    char *value; /* YAML text */
    uxo_mark mark;
    char *source; /* "scenario.yaml:12", the catalogue's source sentence, "built-in default: ..." */
} uxo_used_value;

/* One input file. Owned. */
typedef struct uxo_input_file {
    char *role; /* "scenario", "munitions", "strikes", "districts", "zones.tasks", "population", "ground", "cleared" */
    char *name; /* as the scenario names it; no absolute paths, so that equal inputs give equal results anywhere */
    char *path; /* where it is here and now; in no result */
    uint64_t bytes;
    char sha256[65];
    uxo_file_stamp stamp; /* when it was digested; in no result */
} uxo_input_file;

/* What the section `campaign` says: shared by all strikes, whatever their munition. */
typedef struct uxo_theatre {
    bool shifts;                                       /* there is a shift of failure rates */
    uxo_quantity rate_shift;                           /* added to the log odds of every type's mean failure rate */
    bool discounts;                                    /* some class of reports is not fully reliable */
    uxo_quantity reliability[UXO_STRIKE_STATUS_COUNT]; /* by status: factor of the confidence */
} uxo_theatre;

#define UXO_VARIANCE_AUTO UINT32_MAX

typedef struct uxo_scenario {
    char *title;
    char *scenario_text;  /* as read, before --set */
    char *overrides_text; /* the --set arguments, one a line; "" */
    char *
        given_text; /* what both say: lines of key, tab, value, in an order of its own, so that scenarios with equal text mean the same however they
                         are written; NULL: not read from a file */
    uint64_t seed;
    uint32_t realisations; /* with `until`: the most there may be */
    uxo_until until;
    uxo_estimator estimator;
    int32_t as_of_day; /* UXO_NO_DATE: no dated input */
    uxo_crs *crs;
    char *crs_text; /* as given */
    uxo_grid grid;
    uxo_catalogue catalogue;
    uxo_strikes strikes;
    bool has_districts;
    uxo_districts districts;
    uxo_zones zones;
    uxo_population population;
    uxo_surface surface;
    uxo_people people;
    uxo_theatre theatre;
    uxo_background background;
    double quantile[3]; /* of the district tables: 0.05, 0.5, 0.95 */
    char **layer;       /* output.layers; NULL: all */
    uint32_t layer_count;
    double *map_quantile; /* output.quantiles, ascending, in (0, 1) */
    uint32_t map_quantile_count;
    double *threshold_per_ha; /* output.density_thresholds_per_ha, ascending, > 0 */
    uint32_t threshold_count;
    uint32_t
        variance_realisations; /* pairs of realisations for shares of variance; UXO_VARIANCE_AUTO: by the realisations */
    uxo_campaign_item *campaign;
    uint32_t campaign_count;
    uxo_used_value *used;
    uint32_t used_count;
    uxo_input_file *input;
    uint32_t input_count;
    char *layers_key; /* what the scenario says of grid, districts, zones and population: uxo_scenario_read_next */
} uxo_scenario;

/* Reads and validates a scenario with everything it names. `sets`: the --set arguments in order. All errors of all
 * files are in the report; warnings stay there after success. Free also after an error. */
UXO_MUST_USE uxo_status uxo_scenario_read(uxo_scenario *self, const char *path, const char *const *sets,
                                          size_t set_count, uxo_report *report);
/* The same where many scenarios are read one after another: what they say alike of the grid, districts, zones, population and munitions is
 * taken over from `previous`, which was read without an error, rather than read again; of it only uxo_scenario_free may be called
 * afterwards. NULL: nothing is. Files are taken to be as they were. The scenario is the same, but for warnings about what was taken over. */
UXO_MUST_USE uxo_status uxo_scenario_read_next(uxo_scenario *self, uxo_scenario *previous, const char *path,
                                               const char *const *sets, size_t set_count, uxo_report *report);
void uxo_scenario_free(uxo_scenario *self);

/* What a result keeps of a scenario, so that its realisations can be drawn again without any other file. Borrowed. */
typedef struct uxo_scenario_kept {
    const char *scenario, *overrides; /* uxo_scenario.scenario_text, overrides_text */
    const char *catalogue, *strikes;  /* uxo_catalogue.text, uxo_strikes.rows */
    const char *crs;                  /* definition of the grid's system, WKT */
    uxo_grid grid;
    uxo_surface surface; /* the scenario takes it and the population over */
    uxo_population population;
} uxo_scenario_kept;

/* The same strikes, munitions, campaign quantities and random keys again; districts, inputs and the record of
 * values are left out. Free also after an error. */
UXO_MUST_USE uxo_status uxo_scenario_rebuild(uxo_scenario *self, uxo_scenario_kept *kept, uxo_report *report);

/* The input that lies at `path`, under whatever name; NULL: none does. */
const uxo_input_file *uxo_scenario_input_at(const uxo_scenario *self, const char *path);

/* Is anything that listed strikes depend on drawn once per realisation and shared by all of them? */
bool uxo_scenario_has_shared_draws(const uxo_scenario *self);

/* SHA-256 of all that a simulation of listed strikes takes from a scenario, districts and zones left out: two scenarios with the same files of districts
 * and zones that have one digest give the same numbers, but for those of the background, whatever they say elsewhere. False: out of memory. */
bool uxo_scenario_digest(const uxo_scenario *self, char hex[UXO_DIGEST_SIZE]);

/* May a strike, listed or not, have used this munition? And a listed one? */
bool uxo_scenario_uses_munition(const uxo_scenario *self, uint32_t munition);
bool uxo_scenario_lists_munition(const uxo_scenario *self, uint32_t munition);

/* Columns of the district tables: districts, then "outside every district", then "outside the grid". */
static inline uint32_t uxo_scenario_column_count(const uxo_scenario *self)
{
    return self->districts.count + 2;
}

#endif
