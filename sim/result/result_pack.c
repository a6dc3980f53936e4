/* result_pack.c - compresses chunks by libdeflate, in zlib's format. Not here: where they go (result_raster.c).
 *
 * Of shuffled values the low bytes come first, and those of smooth maps are as good as random: a compressor takes most of
 * its time to find that out. They begin the stream as they are (deflate_bytes.c), and what the compressor makes of the
 * other bytes follows. */
#include "result_pack.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "deflate_bytes.h"

enum { LARGEST_ITEM = 4, LARGEST_CHUNK = UXO_CHUNK_CELLS * LARGEST_ITEM };

typedef struct result_packer {
    struct libdeflate_compressor *compressor[RESULT_LEVELS]; /* made when first needed */
    size_t capacity;
    unsigned char *packed; /* [capacity] */
    unsigned char values[LARGEST_CHUNK];
} result_packer;

const char *result_pack_version(void)
{
    return LIBDEFLATE_VERSION_STRING;
}

static void free_packer(result_packer *self)
{
    for (int level = 0; self != NULL && level < RESULT_LEVELS; level++) {
        libdeflate_free_compressor(self->compressor[level]);
    }
    if (self != NULL) {
        free(self->packed);
        free(self);
    }
}

static result_packer *make_packer(void)
{
    result_packer *const self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    /* NULL: the bound of any level. */
    self->capacity = libdeflate_zlib_compress_bound(NULL, LARGEST_CHUNK) + deflate_bytes_bound(LARGEST_CHUNK);
    self->packed = malloc(self->capacity);
    if (self->packed == NULL) {
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

/* A row all of whose values equal its first: it is the same as itself one value further on. */
static bool is_empty(const result_form *form, const void *values)
{
    const size_t others = (form->width - 1) * form->item_bytes;
    for (uint32_t row = 0; row < form->height; row++) {
        const unsigned char *const cells = row_of(form, values, row);
        if (memcmp(cells, &form->empty, form->item_bytes) != 0 ||
            memcmp(cells, cells + form->item_bytes, others) != 0) {
            return false;
        }
    }
    return true;
}

/* Byte b of item i goes to place b * count + i. */
static void gather_shuffled(const result_form *form, const void *values, unsigned char *out)
{
    const size_t count = (size_t)form->width * form->height;
    const size_t step = form->item_bytes;
    for (size_t byte = 0; byte + 1 < step; byte += 2) {
        for (uint32_t row = 0; row < form->height; row++) {
            const unsigned char *restrict const cells = row_of(form, values, row) + byte;
            unsigned char *restrict const low = out + byte * count + (size_t)row * form->width;
            unsigned char *restrict const high = low + count;
            for (size_t column = 0; column < form->width; column++) {
                low[column] = cells[column * step];
                high[column] = cells[column * step + 1];
            }
        }
    }
}

static void gather(const result_form *form, const void *values, unsigned char *out)
{
    const size_t row_bytes = form->width * form->item_bytes;
    for (uint32_t row = 0; row < form->height; row++) {
        memcpy(out + row * row_bytes, row_of(form, values, row), row_bytes);
    }
}

/* A stream of zlib (RFC 1950): header, stored low bytes, the rest compressed, check of all. Returns its size. */
static size_t compress_shuffled(result_packer *packer, const result_form *form, size_t count)
{
    static const unsigned char header[2] = {0x78, 0x01};
    const size_t bytes = count * form->item_bytes;
    size_t stored = 0;
    while (stored + 1 < form->item_bytes && deflate_looks_random(packer->values + stored * count, count)) {
        stored++;
    }
    unsigned char *const out = packer->packed;
    memcpy(out, header, sizeof header);
    size_t size = sizeof header;
    for (size_t plane = 0; plane < stored; plane++) {
        size += deflate_bytes(packer->values + plane * count, count, out + size);
    }
    size += libdeflate_deflate_compress(packer->compressor[form->level], packer->values + stored * count,
                                        bytes - stored * count, out + size, packer->capacity - size);
    const uint32_t check = libdeflate_adler32(1, packer->values, bytes);
    for (int i = 3; i >= 0; i--) {
        out[size++] = (unsigned char)(check >> 8 * i & 0xFF);
    }
    return size;
}

static bool compress_chunk(result_packer *packer, const result_form *form, const void *values, uxo_packed *out)
{
    const size_t count = (size_t)form->width * form->height;
    size_t size;
    if (form->shuffled) {
        gather_shuffled(form, values, packer->values);
        size = compress_shuffled(packer, form, count);
    } else {
        gather(form, values, packer->values);
        size = libdeflate_zlib_compress(packer->compressor[form->level], packer->values, count * form->item_bytes,
                                        packer->packed, packer->capacity);
    }
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
    struct libdeflate_compressor **const compressor = &packer->compressor[form->level];
    *compressor = *compressor != NULL ? *compressor : libdeflate_alloc_compressor(form->level);
    const bool packed = *compressor != NULL && compress_chunk(packer, form, values, out);
    put_packer(self, packer);
    return packed;
}
