/* people.h - who uses the ground, and what a contact with a dud may come to, as the scenario says it: quantities, activities, and how many
 * people live within reach of each place.
 *
 * Model   docs/model.md, "From density to risk": what is done with them is in exposure.h
 * Source  docs/sources.md, "From contact to accident"
 */
#ifndef UXOSIM_PEOPLE_H
#define UXOSIM_PEOPLE_H

#include "uxosim/layers.h"
#include "uxosim/munitions.h"
#include "uxosim/quantity.h"

/* All campaign level. id, key, group of draws, meaning of the symbol in docs/model.md */
#define UXO_PEOPLE_QUANTITIES(X)                                       \
    X(RETURN_SHARE, "exposure.return_share", EXPOSURE)                 \
    X(ACCESSIBLE_SHARE, "exposure.accessible_share", EXPOSURE) /* s */ \
    X(FAST_SHARE, "exposure.decline.fast_share", EXPOSURE)     /* f */ \
    X(FAST_YEARS, "exposure.decline.fast_years", EXPOSURE)             \
    X(SLOW_YEARS, "exposure.decline.slow_years", EXPOSURE)             \
    X(HAZARDOUS_SHARE, "risk.hazardous_share", DETONATION)   /* h */   \
    X(DETONATION, "risk.detonation_per_contact", DETONATION) /* q */   \
    X(CASUALTIES, "risk.casualties_per_accident", EXPOSURE)            \
    X(DEATHS, "risk.deaths_per_casualty", EXPOSURE)

typedef enum uxo_people_quantity {
#define X(id, key, group) UXO_PEOPLE_##id,
    UXO_PEOPLE_QUANTITIES(X)
#undef X
        UXO_PEOPLE_QUANTITY_COUNT
} uxo_people_quantity;

/* Key of one of them in the scenario. */
const char *uxo_people_key(uxo_people_quantity quantity);

/* Ground classes that activities can tell apart. */
enum { UXO_MOST_GROUND_CLASSES = 64 };

typedef struct uxo_activity {
    char name[UXO_ID_SIZE];
    uxo_quantity participation;             /* share of the people there, [0, 1] */
    uxo_quantity ground_m2_per_person_year; /* a: contacted by one who takes part, at the rate of the first days */
    uint64_t classes;                       /* bit g: done on ground class g */
} uxo_activity;

/* Residents per square metre on a logarithmic scale of UXO_DENSITY_STEPS knots to a factor of e, of which knot 0 is 14 such factors below the
 * densest place: what lies below is taken at knot 0. */
enum { UXO_DENSITY_STEPS = 32, UXO_DENSITY_KNOTS = 14 * UXO_DENSITY_STEPS + 2 };
typedef struct uxo_density {
    float residents_per_m2;
    float fraction; /* of the way from `knot` to the next */
    uint16_t knot;
} uxo_density;

/* How many live within reach, on squares ("blocks") whose sides lie on multiples of their length: 100 m, or as many times that as it takes to
 * hold a cell and to have at most 2^24 of them. */
typedef struct uxo_people_map {
    uxo_grid blocks;
    uxo_density *density; /* [blocks], row-major, row 0 north */
    double lowest_log;    /* ln of the density of knot 0 */
    uint32_t first_knot;  /* below it there are no people */
    double steepest;      /* largest difference between neighbouring blocks [residents per m2] */
    bool cells_fit;       /* no cell lies in two blocks */
    double first_column, first_row, blocks_per_cell; /* block of a cell's centre, see uxo_people_block_of_cell */
} uxo_people_map;

typedef struct uxo_people {
    bool given; /* there is a population; else nothing of the rest is */
    double range_m;
    uxo_quantity quantity[UXO_PEOPLE_QUANTITY_COUNT];
    uxo_activity *activity;
    uint32_t activity_count;
    uint32_t class_count; /* of the ground; 1 where there is none */
    bool by_class;        /* some activity is done on some classes only */
    uxo_people_map map;
} uxo_people;

/* Adds up the population on blocks and spreads every resident evenly over the square about their block's centre with sides of twice range_m (a
 * block at least). What lives beyond the grid is not known and is nobody. False: out of memory.
 *
 * Errors  none but memory. Sums are whole numbers of 2^-20 persons, so they are exact and equal everywhere
 */
UXO_MUST_USE bool uxo_people_map_init(uxo_people_map *self, const uxo_grid *grid, const uxo_population *population,
                                      double range_m);
void uxo_people_map_free(uxo_people_map *self);
void uxo_people_free(uxo_people *self);

/* Block of the centre of a cell of the grid. */
static inline uint32_t uxo_people_block_of_cell(const uxo_people_map *self, uint32_t ix, uint32_t iy)
{
    const uint32_t column = (uint32_t)(self->first_column + ((double)ix + 0.5) * self->blocks_per_cell);
    const uint32_t row = (uint32_t)(self->first_row + ((double)iy + 0.5) * self->blocks_per_cell);
    return row * self->blocks.nx + column;
}

/* Block of a point in metres; the nearest one of points beyond the grid. */
uint32_t uxo_people_block_at(const uxo_people_map *self, double x_m, double y_m);

#endif
