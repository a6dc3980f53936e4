/* slabs.c - memory by the 2 MB, from the C library, with large pages where the system gives them on request. */
#include "slabs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void uxo_slabs_free(uxo_slabs *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->slab[i]);
    }
    free(self->slab);
    memset(self, 0, sizeof *self);
}

void uxo_slabs_clear(uxo_slabs *self)
{
    self->used = 0;
}

static int add_slab(uxo_slabs *self)
{
    if (self->count == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 16 : 2 * self->capacity;
        char **const larger = realloc(self->slab, capacity * sizeof *larger);
        if (larger == NULL) {
            return 0;
        }
        self->slab = larger;
        self->capacity = capacity;
    }
    char *const slab = aligned_alloc(UXO_SLAB_BYTES, UXO_SLAB_BYTES);
    if (slab == NULL) {
        return 0;
    }
#ifdef MADV_HUGEPAGE
    /* A wish: where it is not granted, the memory is as good but slower. */
    (void)madvise(slab, UXO_SLAB_BYTES, MADV_HUGEPAGE);
#endif
    self->slab[self->count++] = slab;
    return 1;
}

void *uxo_slabs_take(uxo_slabs *self, size_t bytes)
{
    const size_t index = self->used / UXO_SLAB_BYTES;
    if (index == self->count && !add_slab(self)) {
        return NULL;
    }
    void *const piece = self->slab[index] + self->used % UXO_SLAB_BYTES;
    self->used += bytes;
    return piece;
}
