/* result_pack.c - compresses chunks by libdeflate, in zlib's format. Not here: where they go (result_raster.c). */
#include "result_pack.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_ITEM = 4, LARGEST_CHUNK = UXO_CHUNK_CELLS * LARGEST_ITEM };

typedef struct result_packer {
    struct libdeflate_compressor *compressor;
    size_t capacity;
    unsigned char *packed; /* [capacity] */
    unsigned char values[LARGEST_CHUNK];
} result_packer;

static void free_packer(result_packer *self)
{
    if (self != NULL) {
        libdeflate_free_compressor(self->compressor);
        free(self->packed);
        free(self);
    }
}

static result_packer *make_packer(void)
{
    result_packer *const self = malloc(sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->compressor = libdeflate_alloc_compressor(RESULT_DEFLATE_LEVEL);
    self->capacity = self->compressor != NULL ? libdeflate_zlib_compress_bound(self->compressor, LARGEST_CHUNK) : 0;
    self->packed = malloc(self->capacity + 1);
    if (self->compressor == NULL || self->packed == NULL) {
        free_packer(self);
        return NULL;
    }
    return self;
}

static result_packer *take_packer(result_packers *self)
{
    for (int i = 0; i < RESULT_IDLE_PACKERS; i++) {
        result_packer *const found = atomic_exchange(&self->idle[i], NULL);
        if (found != NULL) {
            return found;
        }
    }
    return make_packer();
}

static void put_packer(result_packers *self, result_packer *packer)
{
    for (int i = 0; i < RESULT_IDLE_PACKERS; i++) {
        result_packer *none = NULL;
        if (atomic_compare_exchange_strong(&self->idle[i], &none, packer)) {
            return;
        }
    }
    free_packer(packer);
}

void result_packers_free(result_packers *self)
{
    for (int i = 0; i < RESULT_IDLE_PACKERS; i++) {
        free_packer(atomic_exchange(&self->idle[i], NULL));
    }
}

static const unsigned char *row_of(const result_form *form, const void *values, uint32_t row)
{
    return (const unsigned char *)values + (size_t)row * UXO_CHUNK * form->item_bytes;
}

static bool is_empty(const result_form *form, const void *values)
{
    for (uint32_t row = 0; row < form->height; row++) {
        const unsigned char *const cells = row_of(form, values, row);
        for (size_t i = 0; i < form->width; i++) {
            if (memcmp(cells + i * form->item_bytes, &form->empty, form->item_bytes) != 0) {
                return false;
            }
        }
    }
    return true;
}

static bool compress_chunk(result_packer *packer, const result_form *form, const void *values, uxo_packed *out)
{
    const size_t row_bytes = form->width * form->item_bytes;
    for (uint32_t row = 0; row < form->height; row++) {
        memcpy(packer->values + row * row_bytes, row_of(form, values, row), row_bytes);
    }
    const size_t size = libdeflate_zlib_compress(packer->compressor, packer->values, form->height * row_bytes,
                                                 packer->packed, packer->capacity);
    out->bytes = malloc(size + 1);
    if (out->bytes == NULL) {
        return false;
    }
    memcpy(out->bytes, packer->packed, size);
    out->size = size;
    return true;
}

bool result_pack(result_packers *self, const result_form *form, const void *values, uxo_packed *out)
{
    *out = (uxo_packed){NULL, 0};
    if (is_empty(form, values)) {
        return true;
    }
    result_packer *const packer = take_packer(self);
    if (packer == NULL) {
        return false;
    }
    const bool packed = compress_chunk(packer, form, values, out);
    put_packer(self, packer);
    return packed;
}
