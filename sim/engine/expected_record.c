/* expected_record.c - see expected_record.h.
 *
 * Layout: the head; then, if anything lies on the chunk, the bytes of each plane with their number before them, the sums by district, and of each
 * tile with anything on it the sample cells and what is kept for containment. */
#include "expected_record.h"

#include <stdlib.h>
#include <string.h>

static const uint32_t MARK = 0x4b4e4843; /* "CHNK" */

/* Says what the bytes are of; without gaps, so that two can be compared. */
typedef struct record_head {
    uint32_t mark;
    uint32_t x, y; /* chunk of the map */
    uint32_t realisations;
    uint32_t planes;
    uint32_t columns; /* of sums by district; 0: none */
    uint32_t kept;    /* 1: with what is kept for containment */
    uint32_t any;     /* 1: something lies on the chunk */
} record_head;

static record_head head_of(const uxo_chunk_plan *plan, uint32_t chunk_x, uint32_t chunk_y, bool any)
{
    return (record_head){.mark = MARK,
                         .x = chunk_x,
                         .y = chunk_y,
                         .realisations = plan->outcome->realisations,
                         .planes = plan->plane_count,
                         .columns = plan->scenario->surface.given ? plan->outcome->columns : 0,
                         .kept = plan->keeps_means,
                         .any = any};
}

static uint32_t count_tiles(uint32_t tiles)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < UXO_TILES_OF_CHUNK; i++) {
        count += tiles >> i & 1u;
    }
    return count;
}

static size_t size_of(const uxo_made_chunk *chunk, const record_head *head)
{
    size_t size = sizeof *head;
    if (chunk == NULL) {
        return size;
    }
    for (uint32_t i = 0; i < head->planes; i++) {
        size += sizeof(uint64_t) + chunk->plane[i].size;
    }
    const size_t of_tile = 2 * UXO_SAMPLE_CELLS * sizeof(double) + head->kept * UXO_TILE_CELLS * sizeof(float);
    return size + sizeof(double) + head->columns * sizeof(double) + sizeof(uint32_t) +
           count_tiles(chunk->means.tiles) * of_tile;
}

static void put(unsigned char **at, const void *bytes, size_t size)
{
    if (size > 0) {
        memcpy(*at, bytes, size);
    }
    *at += size;
}

static void put_means(unsigned char **at, const uxo_chunk_means *means, const record_head *head)
{
    const uint32_t tiles = means->tiles;
    put(at, &means->total, sizeof means->total);
    put(at, means->column, head->columns * sizeof *means->column);
    put(at, &tiles, sizeof tiles);
    for (uint32_t i = 0; i < UXO_TILES_OF_CHUNK; i++) {
        if ((tiles >> i & 1u) != 0) {
            put(at, means->sample + (size_t)i * 2 * UXO_SAMPLE_CELLS, 2 * UXO_SAMPLE_CELLS * sizeof *means->sample);
            put(at, means->kept[i], head->kept * UXO_TILE_CELLS * sizeof *means->kept[i]);
        }
    }
}

void *uxo_chunk_record_make(const uxo_made_chunk *chunk, const uxo_chunk_plan *plan, uint32_t chunk_x, uint32_t chunk_y,
                            size_t *size)
{
    const record_head head = head_of(plan, chunk_x, chunk_y, chunk != NULL);
    *size = size_of(chunk, &head);
    unsigned char *const record = malloc(*size);
    unsigned char *at = record;
    if (record == NULL) {
        return NULL;
    }
    put(&at, &head, sizeof head);
    for (uint32_t i = 0; chunk != NULL && i < head.planes; i++) {
        const uint64_t bytes = chunk->plane[i].size;
        put(&at, &bytes, sizeof bytes);
        put(&at, chunk->plane[i].bytes, chunk->plane[i].size);
    }
    if (chunk != NULL) {
        put_means(&at, &chunk->means, &head);
    }
    return record;
}

/* Do all these tiles of the chunk lie on the grid? */
static bool lie_on_grid(const uxo_grid *grid, uint32_t chunk_x, uint32_t chunk_y, uint32_t tiles)
{
    bool inside = tiles >> UXO_TILES_OF_CHUNK == 0;
    for (uint32_t i = 0; i < UXO_TILES_OF_CHUNK; i++) {
        inside =
            inside && ((tiles >> i & 1u) == 0 || (chunk_x * UXO_CHUNK_TILES + i % UXO_CHUNK_TILES < grid->tiles_x &&
                                                  chunk_y * UXO_CHUNK_TILES + i / UXO_CHUNK_TILES < grid->tiles_y));
    }
    return inside;
}

/* What is left of a record. */
typedef struct reader {
    const unsigned char *at;
    size_t left;
    uxo_status status;
} reader;

static void get(reader *self, void *out, size_t size)
{
    if (self->status == UXO_OK && self->left < size) {
        self->status = UXO_ERR_DATA;
    }
    if (self->status == UXO_OK && size > 0) {
        memcpy(out, self->at, size);
        self->at += size;
        self->left -= size;
    }
}

/* Memory for so many bytes of it; NULL: there are not so many, or no memory, or none are wanted. */
static void *get_owned(reader *self, size_t size)
{
    if (self->status == UXO_OK && self->left < size) {
        self->status = UXO_ERR_DATA;
    }
    if (self->status != UXO_OK || size == 0) {
        return NULL;
    }
    void *const out = malloc(size);
    if (out == NULL) {
        self->status = UXO_ERR_MEMORY;
        return NULL;
    }
    get(self, out, size);
    return out;
}

static void get_means(reader *self, const record_head *head, const uxo_grid *grid, uxo_chunk_means *means)
{
    const size_t of_tile = (size_t)2 * UXO_SAMPLE_CELLS;
    uint32_t tiles = 0;
    get(self, &means->total, sizeof means->total);
    means->column = get_owned(self, head->columns * sizeof *means->column);
    get(self, &tiles, sizeof tiles);
    means->sample = malloc(UXO_TILES_OF_CHUNK * of_tile * sizeof *means->sample);
    if (self->status == UXO_OK && means->sample == NULL) {
        self->status = UXO_ERR_MEMORY;
    }
    if (self->status == UXO_OK && !lie_on_grid(grid, head->x, head->y, tiles)) {
        self->status = UXO_ERR_DATA;
    }
    for (uint32_t i = 0; i < UXO_TILES_OF_CHUNK && self->status == UXO_OK; i++) {
        if ((tiles >> i & 1u) != 0) {
            get(self, means->sample + i * of_tile, of_tile * sizeof *means->sample);
            means->kept[i] = get_owned(self, head->kept * UXO_TILE_CELLS * sizeof *means->kept[i]);
        }
    }
    means->tiles = (uint16_t)tiles;
}

uxo_status uxo_chunk_record_read(const void *bytes, size_t size, const uxo_chunk_plan *plan, uint32_t chunk_x,
                                 uint32_t chunk_y, uxo_made_chunk **out)
{
    reader self = {bytes, size, UXO_OK};
    record_head head = {0};
    *out = NULL;
    get(&self, &head, sizeof head);
    const record_head expected = head_of(plan, chunk_x, chunk_y, head.any != 0);
    if (self.status != UXO_OK || memcmp(&head, &expected, sizeof head) != 0) {
        return UXO_ERR_DATA;
    }
    if (head.any == 0) {
        return self.left == 0 ? UXO_OK : UXO_ERR_DATA;
    }
    uxo_made_chunk *const chunk = calloc(1, sizeof *chunk);
    uxo_packed *const plane = calloc((size_t)head.planes + 1, sizeof *plane);
    if (chunk == NULL || plane == NULL) {
        free(chunk);
        free(plane);
        return UXO_ERR_MEMORY;
    }
    chunk->plane = plane;
    for (uint32_t i = 0; i < head.planes; i++) {
        uint64_t packed = 0;
        get(&self, &packed, sizeof packed);
        plane[i].bytes = get_owned(&self, packed);
        plane[i].size = packed;
    }
    get_means(&self, &head, &plan->scenario->grid, &chunk->means);
    if (self.status == UXO_OK && self.left != 0) {
        self.status = UXO_ERR_DATA;
    }
    if (self.status != UXO_OK) {
        uxo_made_chunk_free(chunk, plan);
        return self.status;
    }
    *out = chunk;
    return UXO_OK;
}
