/* signals.h - how a run is asked to end: INT, TERM, HUP, and USR1, by which batch systems warn before they kill. */
#ifndef UXOSIM_TOOLS_SIGNALS_H
#define UXOSIM_TOOLS_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* From now on a signal asks for a clean end. A second INT, by somebody at a keyboard, is obeyed at once; the others may come twice and still ask, since
 * batch systems send them to all processes of a job, and the script that waits for us passes on what it gets: whoever is in earnest sends KILL.
 * Returns the number of the first signal that came, 0 as long as none did. One that whoever called us has ignored (nohup) stays ignored. */
const volatile sig_atomic_t *signals_catch(void);

/* Work goes on when nobody reads its messages any more (`2>&1 | head`): PIPE is ignored. Was it obeyed before? */
bool signals_outlive_readers(void);
/* The work is done, what follows is for readers: PIPE is obeyed again where it was so. */
void signals_end_with_readers(bool was_so);

#endif
