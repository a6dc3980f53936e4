/* canvas_library.c - see canvas_library.h. */
#include "canvas_library.h"

#include <dlfcn.h>
#include <string.h>

/* The name of the ABI that all of 1.x has; it brings cairo, Pango and GObject. */
#define LIBRARY "libpangocairo-1.0.so.0"

uxo_status canvas_library_open(canvas_library *self, uxo_report *report)
{
    static const char *const names[] = {
#define X(name) #name,
        CANVAS_FUNCTIONS(X)
#undef X
    };
    enum { COUNT = sizeof names / sizeof *names };
    _Static_assert(sizeof(canvas_library) == COUNT * sizeof(void *), "the struct holds one pointer for each name");
    void *address[COUNT];
    void *const library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL); /* never closed: GLib cannot be */
    if (library == NULL) {
        return uxo_fail(report, UXO_ERR_IO, NULL, "figures need cairo and Pango, which cannot be loaded: %s",
                        dlerror());
    }
    for (size_t i = 0; i < COUNT; i++) {
        address[i] = dlsym(library, names[i]);
        if (address[i] == NULL) {
            return uxo_fail(report, UXO_ERR_IO, NULL, "cairo and Pango cannot be used: %s", dlerror());
        }
    }
    memcpy(self, address, sizeof *self); /* POSIX: a pointer to a function is one to an object */
    return UXO_OK;
}
