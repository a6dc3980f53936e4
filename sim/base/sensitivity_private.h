/* sensitivity_private.h - what the parts of sensitivity share: seeded bootstrap samples. */
#ifndef UXOSIM_BASE_SENSITIVITY_PRIVATE_H
#define UXOSIM_BASE_SENSITIVITY_PRIVATE_H

#include "uxosim/sensitivity.h"

/* How often each of `rows` rows is in bootstrap sample number `sample`: rows draws with replacement, a function of (seed, sample, rows). */
void uxo_sensitivity_sample(uint64_t seed, uint32_t sample, uint32_t rows, uint32_t *count);

#endif
