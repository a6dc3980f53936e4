/* people_fixture.h - people and what contacts come to, for scenarios built in memory. */
#ifndef UXOSIM_TESTS_PEOPLE_FIXTURE_H
#define UXOSIM_TESTS_PEOPLE_FIXTURE_H

#include "model_fixture.h"

/* Residents of a cell. */
typedef double people_paint(uint32_t ix, uint32_t iy, const void *user);

/* Gives the scenario people as painted, within 50 m of their home: hazardous 0.5, W(1) = 1 and W(2) = 2 (no decline), one activity on all
 * ground with a contact of 10 m2 that goes off for each resident: K = 0.5 (1 - exp(-10 x residents per m2)) in the first year. Two casualties
 * an accident, a quarter of them dead. Constants; any may be changed before the run. Free with people_end. */
void people_begin(model_fixture *fixture, people_paint *paint, const void *user);
void people_end(model_fixture *fixture);

/* The same number everywhere: user points to residents per m2. */
double people_everywhere(uint32_t ix, uint32_t iy, const void *user);

/* Moves one of the quantities to the campaign level. */
void people_share(model_fixture *fixture, uxo_people_quantity quantity, uxo_quantity value);

#endif
