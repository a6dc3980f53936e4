/* checkpoint_begin.h - how a run takes hold of its checkpoint. */
#ifndef UXOSIM_RESULT_CHECKPOINT_BEGIN_H
#define UXOSIM_RESULT_CHECKPOINT_BEGIN_H

#include "uxosim/checkpoint.h"

/* Locks the file at self->path, which is made where there is none, and opens what it holds. may_resume: as `resume` of the plan. Status: as of
 * uxo_checkpoint_begin. */
UXO_MUST_USE uxo_status uxo_checkpoint_take(uxo_checkpoint *self, bool may_resume, uxo_report *report);

#endif
