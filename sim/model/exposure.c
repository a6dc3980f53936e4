/* exposure.c - see exposure.h. */
#include "uxosim/exposure.h"

#include <stdlib.h>
#include <string.h>

#include "uxosim/portable_math.h"

/* 1 - exp(-x) for x >= 0, without cancellation: the series is right to 1e-16 where it is used. */
static double complement_of_exp(double x)
{
    return x < 1e-5 ? x * (1.0 - x * (0.5 - x / 6.0)) : 1.0 - uxo_exp(-x);
}

double uxo_exposure_years(double fast_share, double fast_years, double slow_years, double years)
{
    return fast_share * fast_years * complement_of_exp(years / fast_years) +
           (1.0 - fast_share) * slow_years * complement_of_exp(years / slow_years);
}

double uxo_exposure_accident(double hazardous, double contacts)
{
    return hazardous * complement_of_exp(contacts);
}

/* A campaign quantity: its draw, or the constant that it is. */
static double value_of(const uxo_quantity *quantity, const double *campaign)
{
    return quantity->campaign_index >= 0 ? campaign[quantity->campaign_index] : quantity->p[0];
}

void uxo_exposure_of(const uxo_people *people, const double *campaign, uxo_exposure_draw *out)
{
    double value[UXO_PEOPLE_QUANTITY_COUNT];
    for (int i = 0; i < UXO_PEOPLE_QUANTITY_COUNT; i++) {
        value[i] = value_of(&people->quantity[i], campaign);
    }
    memset(out, 0, sizeof *out);
    out->hazardous = value[UXO_PEOPLE_HAZARDOUS_SHARE];
    out->casualties = value[UXO_PEOPLE_CASUALTIES];
    out->deaths = value[UXO_PEOPLE_DEATHS];
    for (int i = 0; i < UXO_EXPOSURE_YEARS; i++) {
        out->years[i] = uxo_exposure_years(value[UXO_PEOPLE_FAST_SHARE], value[UXO_PEOPLE_FAST_YEARS],
                                           value[UXO_PEOPLE_SLOW_YEARS], (double)(i + 1));
    }
    const double per_m2 =
        value[UXO_PEOPLE_DETONATION] * value[UXO_PEOPLE_ACCESSIBLE_SHARE] * value[UXO_PEOPLE_RETURN_SHARE];
    for (uint32_t i = 0; i < people->activity_count; i++) {
        const uxo_activity *const activity = &people->activity[i];
        const double ground_m2 =
            value_of(&activity->participation, campaign) * value_of(&activity->ground_m2_per_person_year, campaign);
        for (uint32_t g = 0; g < people->class_count && g < UXO_MOST_GROUND_CLASSES; g++) {
            out->contact_m2[g] += (activity->classes >> g & 1) != 0 ? per_m2 * ground_m2 : 0.0;
        }
    }
}

bool uxo_exposure_table_init(uxo_exposure_table *self, const uxo_people *people)
{
    self->class_count = people->by_class ? people->class_count : 1;
    self->first_knot = people->map.first_knot;
    self->value = calloc((size_t)self->class_count * UXO_DENSITY_KNOTS * UXO_EXPOSURE_YEARS, sizeof *self->value);
    self->density = malloc(UXO_DENSITY_KNOTS * sizeof *self->density);
    for (uint32_t knot = 0; self->density != NULL && knot < UXO_DENSITY_KNOTS; knot++) {
        self->density[knot] = uxo_exp(people->map.lowest_log + (double)knot / UXO_DENSITY_STEPS);
    }
    return self->value != NULL && self->density != NULL;
}

void uxo_exposure_table_free(uxo_exposure_table *self)
{
    free(self->value);
    free(self->density);
    self->value = NULL;
    self->density = NULL;
}

void uxo_exposure_table_add(uxo_exposure_table *self, const uxo_exposure_draw *draw, uint32_t knot, double weight)
{
    const double density = self->density[knot];
    for (uint32_t g = 0; g < self->class_count; g++) {
        double *const entry = uxo_exposure_entry(self, g, knot);
        for (uint32_t year = 0; year < UXO_EXPOSURE_YEARS; year++) {
            const double contacts = density * draw->contact_m2[g] * draw->years[year];
            entry[year] += weight * (uxo_exposure_accident(draw->hazardous, contacts) / density);
        }
    }
}

void uxo_exposure_table_fill(uxo_exposure_table *self, const uxo_exposure_draw *draw)
{
    memset(self->value, 0, (size_t)self->class_count * UXO_DENSITY_KNOTS * UXO_EXPOSURE_YEARS * sizeof *self->value);
    for (uint32_t knot = self->first_knot; knot < UXO_DENSITY_KNOTS; knot++) {
        uxo_exposure_table_add(self, draw, knot, 1.0);
    }
}
