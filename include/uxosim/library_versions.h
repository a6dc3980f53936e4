/* library_versions.h - libraries that numbers or bytes of a result come from, in the versions that are loaded now. Work that is put together from
 * several processes has to come from the same ones. Not here: what a result keeps of them (its provenance). */
#ifndef UXOSIM_LIBRARY_VERSIONS_H
#define UXOSIM_LIBRARY_VERSIONS_H

#include "uxosim/error.h"

enum { UXO_LIBRARIES_MOST = 6 };

typedef struct uxo_library_version {
    const char *name;
    char text[64];
} uxo_library_version;

/* How many there are, in a fixed order. GDAL is among them where it is loaded: it is not for a scenario that does not need it, so this is asked
 * after the scenario was read. SLEEF does not tell at run time: the version that was compiled with. */
uint32_t uxo_library_versions(uxo_library_version version[UXO_LIBRARIES_MOST]);

#endif
