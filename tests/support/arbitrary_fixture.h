/* arbitrary_fixture.h - scenarios of `expected-value` drawn at random, one for each way in which its maps are made. */
#ifndef UXOSIM_TESTS_ARBITRARY_FIXTURE_H
#define UXOSIM_TESTS_ARBITRARY_FIXTURE_H

#include "model_fixture.h"

enum { ARBITRARY_STRIKES = 10 };

/* Sampled: sizes, rates and places of every kind, patterns narrower than two cells among them. Closed: what has a closed
 * form. Coarse: wide patterns, quantiles on a coarser lattice. Shapes: a mixture of gaussians, ovals and rings. */
typedef enum arbitrary_kind {
    ARBITRARY_SAMPLED,
    ARBITRARY_CLOSED,
    ARBITRARY_COARSE,
    ARBITRARY_SHAPES,
    ARBITRARY_KINDS
} arbitrary_kind;

const char *arbitrary_name(arbitrary_kind what);

/* Three rows of two chunks of cells of 20 m, not filled, an origin that is no multiple of 100 m. Three quantiles, two thresholds. */
void arbitrary_init(model_fixture *fixture, uint64_t seed, arbitrary_kind what);

#endif
