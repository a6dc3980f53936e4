/* progress.h - how far a run is, on stderr: one line that renews itself on a terminal, a plain line every tenth
 * otherwise. */
#ifndef UXOSIM_TOOLS_PROGRESS_H
#define UXOSIM_TOOLS_PROGRESS_H

#include <stdbool.h>

#include "uxosim/engine.h"

#include "uxosim/engine.h"

typedef struct progress_line {
    bool terminal;
    bool shown;     /* something stands on the terminal's line */
    bool with_duds; /* their rate says how fast the run is */
    int tenths;     /* last printed, not on a terminal */
} progress_line;

progress_line progress_start(bool quiet, bool with_duds);
void progress_show(const uxo_progress_state *state, void *line);
/* Clears the terminal's line. */
void progress_end(progress_line *line);

#endif
