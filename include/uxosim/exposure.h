/* exposure.h - from a dud to the chance of an accident with it. Pure functions of the draws of one realisation.
 *
 * Model   docs/model.md, "From density to risk". Of n duds in a place with rho residents per m2 in reach, accidents up to time T after people's
 *         return are
 *             n K,  K = h [1 - exp(-rho c W(T))],   c = q s r sum over activities of participation x ground,
 *             W(T) = integral from 0 to T of f exp(-t/fast) + (1 - f) exp(-t/slow)
 * Source  the exposure model of OECert and of MacDonald, Small and Morgan (2009, ES&T 43:259), with saturation: a dud has one accident at most.
 *         Values: docs/sources.md, "From contact to accident"
 */
#ifndef UXOSIM_EXPOSURE_H
#define UXOSIM_EXPOSURE_H

#include "uxosim/people.h"

/* Times after people's return that are looked at, in years: the first is the one that accidents are drawn for. */
enum { UXO_EXPOSURE_YEARS = 2 };

/* What is in force in one realisation. */
typedef struct uxo_exposure_draw {
    double hazardous;                           /* h: share of the duds that can go off at all */
    double contact_m2[UXO_MOST_GROUND_CLASSES]; /* c: m2 per year and resident, by ground class */
    double years[UXO_EXPOSURE_YEARS];           /* W(1), W(2): years at the rate of the first days */
    double casualties;                          /* per accident */
    double deaths;                              /* per casualty */
} uxo_exposure_draw;

/* W(T) [years]; fast and slow are times in years, all of them > 0. */
double uxo_exposure_years(double fast_share, double fast_years, double slow_years, double years);

/* K: P(accident) of one dud that expects `contacts` detonating contacts, >= 0, if it is hazardous, with the probability `hazardous`. */
double uxo_exposure_accident(double hazardous, double contacts);

/* The draws of a realisation, from its campaign vector. */
void uxo_exposure_of(const uxo_people *people, const double *campaign, uxo_exposure_draw *out);

/* K divided by the residents per m2, on the knots of their logarithmic scale, by ground class and for each of the times:
 * value[class][knot][year]. Linear between knots, which is high by at most (1/32)^2/8 = 1.3e-4 of K. */
typedef struct uxo_exposure_table {
    double *value;
    double *density;     /* [knots] residents per m2 */
    uint32_t first_knot; /* those before are not filled: nobody is there */
    uint32_t class_count;
} uxo_exposure_table;

bool uxo_exposure_table_init(uxo_exposure_table *self, const uxo_people *people);
void uxo_exposure_table_free(uxo_exposure_table *self);
void uxo_exposure_table_fill(uxo_exposure_table *self, const uxo_exposure_draw *draw);

/* One knot, added `weight` times to what the table holds there: for means over realisations. */
void uxo_exposure_table_add(uxo_exposure_table *self, const uxo_exposure_draw *draw, uint32_t knot, double weight);

static inline double *uxo_exposure_entry(const uxo_exposure_table *self, uint32_t ground, uint32_t knot)
{
    return self->value + ((size_t)ground * UXO_DENSITY_KNOTS + knot) * UXO_EXPOSURE_YEARS;
}

/* K of a dud, up to the first (year 0) or second (year 1) of the times. */
static inline double uxo_exposure_share(const uxo_exposure_table *self, uint32_t ground, uxo_density at, uint32_t year)
{
    const double *const entry = uxo_exposure_entry(self, ground, at.knot) + year;
    const double per_resident = entry[0] + (double)at.fraction * (entry[UXO_EXPOSURE_YEARS] - entry[0]);
    return (double)at.residents_per_m2 * per_resident;
}

#endif
