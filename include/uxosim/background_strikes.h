/* background_strikes.h - the strikes that nobody reported, realisation by realisation.
 *
 * Model   docs/model.md, "A background of unreported strikes"
 */
#ifndef UXOSIM_BACKGROUND_STRIKES_H
#define UXOSIM_BACKGROUND_STRIKES_H

#include "uxosim/engine.h"

/* A scenario that lists the unreported strikes of one realisation, so that whatever can be asked of listed strikes can be asked of them. */
typedef struct uxo_background_strikes {
    uxo_scenario scenario; /* all is borrowed but strikes.item and strikes.site */
    uint32_t capacity;     /* of strikes: more are drawn in less than 1e-9 of all realisations, and left out */
} uxo_background_strikes;

/* Of a scenario with a background, which has to live on. The list begins as long as it may become, so that scratch memory can be made for it.
 * False: out of memory; free anyhow. */
bool uxo_background_strikes_init(uxo_background_strikes *self, const uxo_scenario *scenario);
void uxo_background_strikes_free(uxo_background_strikes *self);

/* Lists those of one realisation. campaign: its vector. */
void uxo_background_strikes_draw(uxo_background_strikes *self, uxo_draw_source from, const double *campaign);

/* Duds that they leave on the ground by column, in realisations *done .. end - 1: outcome->background_count. Of fewer where it
 * is time to keep what is known or to stop; *done is then behind the last. */
UXO_MUST_USE uxo_status uxo_background_run(const uxo_scenario *scenario, const uxo_engine_options *options,
                                           uxo_outcome *outcome, uint32_t *done, uint32_t end, uxo_report *report);

/* Expected duds of theirs per hectare, the same everywhere on the grid. Closed form. */
double uxo_background_density_per_ha(const uxo_scenario *scenario);

#endif
