/* gdal_library.c - see gdal_library.h. */
#include "uxosim/gdal_library.h"

#include <dlfcn.h>
#include <string.h>

static const char *const names[] = {
#define X(name) #name,
    UXO_GDAL_FUNCTIONS(X)
#undef X
};

enum { COUNT = sizeof names / sizeof *names };

_Static_assert(sizeof(uxo_gdal) == COUNT * sizeof(void *), "the struct holds one pointer for each name");

/* A function of the library that is loaded; NULL: it is not. */
static void *find_loaded(const char *name)
{
    void *const library = dlopen(UXOSIM_GDAL_LIBRARY, RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD);
    void *const address = library != NULL ? dlsym(library, name) : NULL;
    if (library != NULL) {
        dlclose(library); /* one use fewer; it stays loaded */
    }
    return address;
}

void *uxo_gdal_handler_data(void)
{
    void *(*get)(void) = NULL;
    void *const address = find_loaded("CPLGetErrorHandlerUserData");
    memcpy(&get, &address, sizeof get);
    return get != NULL ? get() : NULL;
}

bool uxo_gdal_loaded_version(char *text, size_t size)
{
    __typeof__(GDALVersionInfo) *get = NULL;
    void *const address = find_loaded("GDALVersionInfo");
    memcpy(&get, &address, sizeof get);
    if (get != NULL) {
        snprintf(text, size, "%s", get("RELEASE_NAME"));
    }
    return get != NULL;
}

uxo_status uxo_gdal_open(uxo_gdal *self, const uxo_place *place, uxo_report *report)
{
    void *address[COUNT];
    void *const library = dlopen(UXOSIM_GDAL_LIBRARY, RTLD_LAZY | RTLD_LOCAL); /* never closed: GDAL cannot be */
    if (library == NULL) {
        return uxo_fail(report, UXO_ERR_IO, place, "GDAL cannot be loaded: %s", dlerror());
    }
    for (size_t i = 0; i < COUNT; i++) {
        address[i] = dlsym(library, names[i]);
        if (address[i] == NULL) {
            return uxo_fail(report, UXO_ERR_IO, place, "GDAL cannot be used: %s", dlerror());
        }
    }
    memcpy(self, address, sizeof *self); /* POSIX: a pointer to a function is one to an object */
    return UXO_OK;
}
