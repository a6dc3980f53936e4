/* stopping.h - how work that takes long is told to end early. */
#ifndef UXOSIM_STOPPING_H
#define UXOSIM_STOPPING_H

#include <signal.h>
#include <stdbool.h>

/* Is an end wanted? stop: the number of a signal, or 0; NULL: nobody can ask for one. Once true it stays true: who asks within a loop and leaves
 * it asks again behind it, so that nothing that is half done is taken for whole. A function of its own, not inline: tests put theirs in its
 * place, to ask for an end at each of the moments when it can be noticed. */
bool uxo_is_stopped(const volatile sig_atomic_t *stop);

#endif
