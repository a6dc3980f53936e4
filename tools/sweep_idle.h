/* sweep_idle.h - axes of a sweep that cannot matter: whatever their value, all that is simulated is the same. */
#ifndef UXOSIM_TOOLS_SWEEP_IDLE_H
#define UXOSIM_TOOLS_SWEEP_IDLE_H

#include "sweep_job.h"

/* Warns, at its place in the sweep file, of each axis of which no value that is looked at changes what is simulated, and says why where that is known.
 * Reads scenarios: two for an axis that matters, some tens for one that does not. A scenario that cannot be read says nothing. UXO_ERR_MEMORY,
 * UXO_ERR_INTERRUPTED. */
UXO_MUST_USE uxo_status sweep_idle_warn(sweep_job *job, uxo_report *report);

#endif
