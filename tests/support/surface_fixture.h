/* surface_fixture.h - ground classes and clearance for scenarios built in memory, painted cell by cell. */
#ifndef UXOSIM_TESTS_SURFACE_FIXTURE_H
#define UXOSIM_TESTS_SURFACE_FIXTURE_H

#include "model_fixture.h"

/* The scenario gets a surface of the reference class alone; free both with surface_fixture_free. */
void surface_begin(model_fixture *fixture);

/* The surface, and what fixture_free frees. */
void surface_fixture_free(model_fixture *fixture);

/* Each returns its index. A quantity that is no constant is to be shared first (surface_share). */
uint32_t surface_class(model_fixture *fixture, const char *name, uxo_quantity log_odds);
uint32_t surface_task(model_fixture *fixture, const char *name, int32_t day, uxo_quantity coverage,
                      uxo_quantity detection);
uint32_t surface_kind(model_fixture *fixture, uint32_t ground, const uint32_t *tasks, uint32_t count);

/* A quantity at the campaign level, as fixture_share. */
uxo_quantity surface_share(model_fixture *fixture, uxo_quantity quantity, const char *name);

/* Says what a cell is made of: weight[kinds] in 255ths, all 0 before. */
typedef void surface_paint(uint32_t ix, uint32_t iy, uint8_t *weight, const void *user);

/* Covers the grid; what was there before is gone. Cells beyond its edge are of kind 0. */
void surface_cover(model_fixture *fixture, surface_paint *paint, const void *user);

/* A patchwork: every cell is of two of four classes, and most were cleared on that day, by one of two tasks. Log odds and
 * detection are campaign quantities. */
void surface_patchwork(model_fixture *fixture, int32_t day);

#endif
