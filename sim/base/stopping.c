/* stopping.c - see stopping.h. */
#include "uxosim/stopping.h"

#include <stddef.h>

bool uxo_is_stopped(const volatile sig_atomic_t *stop)
{
    return stop != NULL && *stop != 0;
}
