/* slabs.h - memory by the 2 MB, handed out in pieces, kept until all of it is freed. Such memory may get large pages: what is touched all over
 * again and again would else spend its time on looking up addresses. */
#ifndef UXOSIM_ENGINE_SLABS_H
#define UXOSIM_ENGINE_SLABS_H

#include <stddef.h>

enum { UXO_SLAB_BYTES = 2 * 1024 * 1024 };

typedef struct uxo_slabs {
    char **slab; /* each UXO_SLAB_BYTES, aligned to that, never moved */
    size_t count, capacity;
    size_t used; /* bytes handed out since the last clear */
} uxo_slabs;

void uxo_slabs_free(uxo_slabs *self);
/* All pieces are free again; the memory stays. */
void uxo_slabs_clear(uxo_slabs *self);

/* A piece of `bytes`, a power of two up to UXO_SLAB_BYTES and the same for all pieces, aligned to that; what is in it is not said. NULL: out
 * of memory. */
void *uxo_slabs_take(uxo_slabs *self, size_t bytes);

#endif
