/* munitions_private.h - what the parts of the reader of catalogues share. Not for other modules. */
#ifndef UXOSIM_MUNITIONS_PRIVATE_H
#define UXOSIM_MUNITIONS_PRIVATE_H

#include "uxosim/munitions.h"

/* Takes an entry out of a catalogue that was read before, as it was when it had been read: levels of draws are given to it later. False: `before` is
 * NULL, or has no such entry that nothing of was overridden. */
bool munitions_take_entry(uxo_catalogue *before, const char *id, uxo_munition *out);

#endif
