/* gdal_loading.c - see gdal_loading.h. Not here: GDAL's functions (gdal_library.c). */
#include "uxosim/gdal_loading.h"

#include <dlfcn.h>
#include <signal.h>

static void *load(void *unused)
{
    (void)unused;
    return dlopen(UXOSIM_GDAL_LIBRARY, RTLD_LAZY | RTLD_LOCAL); /* never closed: GDAL cannot be */
}

void uxo_gdal_loading_begin(uxo_gdal_loading *self)
{
    sigset_t all, before;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the thread that began */
    self->running = pthread_create(&self->thread, NULL, load, NULL) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void uxo_gdal_loading_end(uxo_gdal_loading *self)
{
    if (self->running) {
        (void)pthread_join(self->thread, NULL);
    }
    self->running = false;
}
