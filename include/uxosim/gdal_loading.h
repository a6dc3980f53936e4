/* gdal_loading.h - GDAL being loaded by a thread of its own while a scenario is read.
 *
 * Loading takes longer than anything else that is done before a run with layers begins, and depends on nothing. The thread
 * does nothing else: whoever opens GDAL meanwhile (gdal_library.h) waits for it, and what cannot be loaded is for them to
 * report.
 */
#ifndef UXOSIM_GDAL_LOADING_H
#define UXOSIM_GDAL_LOADING_H

#include <pthread.h>
#include <stdbool.h>

typedef struct uxo_gdal_loading {
    pthread_t thread;
    bool running;
} uxo_gdal_loading;

/* Where no thread can be had, GDAL is loaded when it is opened. */
void uxo_gdal_loading_begin(uxo_gdal_loading *self);
/* Waits for it. May be called twice, and on zeros. */
void uxo_gdal_loading_end(uxo_gdal_loading *self);

#endif
