/* library_versions.c - see library_versions.h. */
#include "uxosim/library_versions.h"

#include <gsl/gsl_version.h>
#include <sleef.h>

#include "hdf5_output.h"
#include "result_pack.h"
#include "uxosim/layers.h"

static uxo_library_version *add(uxo_library_version *version, uint32_t *count, const char *name)
{
    uxo_library_version *const next = &version[(*count)++];
    next->name = name;
    return next;
}

uint32_t uxo_library_versions(uxo_library_version version[UXO_LIBRARIES_MOST])
{
    uint32_t count = 0;
    unsigned major = 0, minor = 0, release = 0;
    const h5_silence silence =
        h5_silence_begin(); /* it may be the first use of HDF5, which is told then what to leave at the end */
    H5get_libversion(&major, &minor, &release);
    h5_silence_end(silence);
    uxo_library_version *next =
        add(version, &count, "libdeflate"); /* compressed chunks are part of the result's bytes */
    snprintf(next->text, sizeof next->text, "%s", result_pack_version());
    next = add(version, &count, "HDF5");
    snprintf(next->text, sizeof next->text, "%u.%u.%u", major, minor, release);
    next = add(version, &count, "GSL");
    snprintf(next->text, sizeof next->text, "%s", gsl_version);
    next = add(version, &count, "SLEEF");
    snprintf(next->text, sizeof next->text, "%d.%d.%d", SLEEF_VERSION_MAJOR, SLEEF_VERSION_MINOR,
             SLEEF_VERSION_PATCHLEVEL);
    next = add(version, &count, "PROJ");
    snprintf(next->text, sizeof next->text, "%s", uxo_layers_proj_version());
    next = add(version, &count, "GDAL");
    count -= !uxo_layers_gdal_version(next->text, sizeof next->text);
    return count;
}
