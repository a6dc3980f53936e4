/* stages.h - the realisations of a run, one kind of work after the other: points, unreported strikes, squares, pairs for shares of variance; and
 * where they are kept on the way. */
#ifndef UXOSIM_ENGINE_STAGES_H
#define UXOSIM_ENGINE_STAGES_H

#include "points.h"

/* All that the run, or its part, has to do of them, less what the store holds. */
UXO_MUST_USE uxo_status uxo_stages_run(uxo_points *points, uxo_report *report);

#endif
