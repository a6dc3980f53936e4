/* signals.h - how a run is asked to end: INT, TERM, HUP, and USR1, by which batch systems warn before they kill. */
#ifndef UXOSIM_TOOLS_SIGNALS_H
#define UXOSIM_TOOLS_SIGNALS_H

#include <signal.h>

/* From now on the first signal asks for a clean end, the second one is obeyed at once. Returns the number of the signal that came, 0 as long as none
 * did. A signal that whoever called us has ignored (nohup) stays ignored. */
const volatile sig_atomic_t *signals_catch(void);

#endif
