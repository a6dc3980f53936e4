/* expected_pieces.c - the chunks of a band, shared out among threads piece by piece: who finishes the last piece of a
 * chunk packs it. Chunks are stored in order; those that a store has are taken from there at their turn.
 *
 * Some chunks that follow each other are worked on together, the heaviest pieces first, so that threads end at about the
 * same time. Pieces are taken in the order of these groups: no more chunks are open than a group has, and one more for
 * each thread that is still at an earlier group. */
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "expected_maps.h"

/* One chunk of the band. */
typedef struct band_chunk {
    uint32_t left;        /* pieces that are not done yet; 0 from the beginning: nothing lies on it */
    size_t last;          /* its last piece among all */
    uxo_maps_slot *slot;  /* where it is put together; NULL: not begun, or done */
    uxo_made_chunk *made; /* when it is done and has anything on it */
} band_chunk;

typedef struct band_loop {
    uxo_maps_run *maps;
    uxo_report *report;
    uxo_chunk_piece *piece; /* [pieces] chunk by chunk */
    size_t pieces;
    band_chunk *chunk; /* [chunks_down][chunks_across] */
    size_t chunks;
    size_t stored;   /* chunks that have been, or had nothing to be stored */
    omp_lock_t lock; /* of the chunks' left and slot, and of the slots' being busy */
} band_loop;

static uint32_t chunk_x(const uxo_maps_run *self, size_t chunk)
{
    return self->first_chunk_x + (uint32_t)(chunk % self->chunks_across);
}

static uint32_t chunk_y(const uxo_maps_run *self, size_t chunk)
{
    return self->first_chunk_y + (uint32_t)(chunk / self->chunks_across);
}

/* Where a chunk is put together; the first of its pieces begins it. */
static uxo_open_chunk *open_chunk(band_loop *self, size_t index)
{
    band_chunk *const chunk = &self->chunk[index];
    omp_set_lock(&self->lock);
    if (chunk->slot == NULL) {
        uxo_maps_slot *slot = self->maps->slot;
        while (slot->busy) {
            slot++;
        }
        slot->busy = true;
        chunk->slot = slot;
        uxo_open_chunk_begin(&slot->chunk, chunk_x(self->maps, index), chunk_y(self->maps, index));
    }
    omp_unset_lock(&self->lock);
    return &chunk->slot->chunk;
}

static bool is_last_done(band_loop *self, band_chunk *chunk)
{
    omp_set_lock(&self->lock);
    const bool last = --chunk->left == 0;
    omp_unset_lock(&self->lock);
    return last;
}

static void release(band_loop *self, band_chunk *chunk)
{
    omp_set_lock(&self->lock);
    chunk->slot->busy = false;
    omp_unset_lock(&self->lock);
}

static uxo_status make_piece(void *user, int thread, size_t index, void **result)
{
    band_loop *const self = user;
    const uxo_chunk_plan *const plan = &self->maps->plan;
    const uxo_chunk_piece *const piece = &self->piece[index];
    band_chunk *const chunk = &self->chunk[piece->chunk];
    *result = NULL; /* the chunk keeps it: see store_piece */
    if (uxo_maps_stopped(self->maps)) {
        return UXO_ERR_INTERRUPTED;
    }
    uxo_open_chunk *const open = open_chunk(self, piece->chunk);
    uxo_status status = uxo_chunk_piece_make(plan, &self->maps->worker[thread], piece, open);
    if (status == UXO_OK && uxo_maps_stopped(self->maps)) {
        return UXO_ERR_INTERRUPTED; /* what was gathered may be half */
    }
    if (status == UXO_OK && is_last_done(self, chunk)) {
        status = uxo_open_chunk_close(open, plan, &chunk->made);
        release(self, chunk);
    }
    return status;
}

/* Called by one thread at a time, after each chunk. */
static void report_progress(uxo_maps_run *self, uint32_t x, uint32_t y)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    const uint64_t done = (uint64_t)y * uxo_chunks_x(grid) + x + 1,
                   all = (uint64_t)uxo_chunks_x(grid) * uxo_chunks_y(grid);
    const double now = omp_get_wtime();
    if (self->options->progress != NULL && (done == all || now - self->last_progress > 0.1)) {
        const uxo_progress_state state = {"parts of the map", done, all, 0, now - self->started};
        self->last_progress = now;
        self->options->progress(&state, self->options->progress_user);
    }
}

/* To the sink; NULL: nothing lies on the chunk. */
static uxo_status deliver_chunk(uxo_maps_run *self, uint32_t x, uint32_t y, uxo_made_chunk *chunk)
{
    const uxo_chunk_plan *const plan = &self->plan;
    uxo_status status = UXO_OK;
    if (chunk == NULL) {
        return UXO_OK;
    }
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_DUD_CONTAINMENT; layer++) {
        for (uint32_t i = 0; i < plan->planes[layer] && status == UXO_OK; i++) {
            const uxo_packed *const packed = &chunk->plane[plan->first[layer] + i];
            status = packed->size > 0 ? plan->sink->store(plan->sink->user, layer, i, x, y, packed) : UXO_OK;
        }
    }
    uxo_chunk_means_add(&chunk->means, plan, x, y, self->outcome);
    return status;
}

/* Into the store and to the sink, or from the one to the other. */
static uxo_status finish_chunk(band_loop *self, size_t index)
{
    uxo_maps_run *const maps = self->maps;
    const uint32_t x = chunk_x(maps, index), y = chunk_y(maps, index);
    const uxo_chunk_state state = uxo_maps_state(maps, x, y);
    uxo_made_chunk *made = self->chunk[index].made;
    uxo_status status = UXO_OK;
    self->chunk[index].made = NULL;
    if (state == UXO_CHUNK_TO_MAKE && maps->store != NULL) {
        status = uxo_maps_keep(maps, x, y, made, self->report);
    } else if (state == UXO_CHUNK_KEPT && maps->delivers) {
        status = uxo_maps_stopped(maps) ? UXO_ERR_INTERRUPTED : uxo_maps_find(maps, x, y, &made, self->report);
    }
    if (status == UXO_OK && maps->delivers) {
        status = deliver_chunk(maps, x, y, made);
    }
    uxo_made_chunk_free(made, &maps->plan);
    return status;
}

/* Every chunk whose last piece is not beyond this one: done with all before it. */
static uxo_status finish_chunks(band_loop *self, size_t last)
{
    uxo_status status = UXO_OK;
    while (status == UXO_OK && self->stored < self->chunks && self->chunk[self->stored].last <= last) {
        const size_t at = self->stored++;
        if (at + 1 < self->chunks) {
            report_progress(self->maps, chunk_x(self->maps, at), chunk_y(self->maps, at));
        }
        status = finish_chunk(self, at);
    }
    return status;
}

/* Pieces come here in ascending order and when all before them are done. */
static uxo_status store_piece(void *user, size_t index, void *result)
{
    (void)result;
    return finish_chunks(user, index);
}

/* Chunks that were made when the run was interrupted, but had others before them that were not. */
static uxo_status keep_made(band_loop *self)
{
    uxo_status status = UXO_OK;
    for (size_t c = 0; c < self->chunks && status == UXO_OK; c++) {
        if (self->chunk[c].made != NULL) {
            status = uxo_maps_keep(self->maps, chunk_x(self->maps, c), chunk_y(self->maps, c), self->chunk[c].made,
                                   self->report);
        }
    }
    return status;
}

/* What is left over is in the chunks, not here. */
static void discard(void *user, void *result)
{
    (void)user;
    (void)result;
}

/* The heaviest first; no two are equal. */
static int compare_pieces(const void *left, const void *right)
{
    const uxo_chunk_piece *const a = left, *const b = right;
    if (a->weight != b->weight) {
        return a->weight > b->weight ? -1 : 1;
    }
    if (a->chunk != b->chunk) {
        return a->chunk < b->chunk ? -1 : 1;
    }
    return a->is_unit != b->is_unit ? (int)b->is_unit - (int)a->is_unit : (int)a->at - (int)b->at;
}

static bool make_room(band_loop *self, size_t *capacity)
{
    if (self->pieces + UXO_MOST_PIECES <= *capacity) {
        return true;
    }
    *capacity = 2 * *capacity + UXO_MOST_PIECES;
    uxo_chunk_piece *const grown = realloc(self->piece, *capacity * sizeof *grown);
    self->piece = grown != NULL ? grown : self->piece;
    return grown != NULL;
}

static bool list_pieces(band_loop *self)
{
    const uxo_maps_run *const maps = self->maps;
    size_t capacity = 0, group = 0; /* first piece of the group */
    uint32_t in_group = 0;
    for (size_t c = 0; c < self->chunks; c++) {
        if (!make_room(self, &capacity)) {
            return false;
        }
        uxo_chunk_piece *const piece = self->piece + self->pieces;
        const uint32_t x = chunk_x(maps, c), y = chunk_y(maps, c);
        const bool to_make = uxo_maps_state(maps, x, y) == UXO_CHUNK_TO_MAKE;
        const uint32_t count = to_make ? uxo_chunk_pieces(&maps->plan, x, y, piece) : 0;
        for (uint32_t i = 0; i < count; i++) {
            piece[i].chunk = (uint32_t)c;
        }
        self->pieces += count;
        self->chunk[c].left = count;
        in_group += count > 0;
        if (in_group == UXO_MAPS_GROUP || c + 1 == self->chunks) {
            qsort(self->piece + group, self->pieces - group, sizeof *self->piece, compare_pieces);
            group = self->pieces;
            in_group = 0;
        }
    }
    for (size_t i = 0; i < self->pieces; i++) {
        self->chunk[self->piece[i].chunk].last = i;
    }
    return true;
}

uxo_status uxo_maps_chunks(uxo_maps_run *self, uxo_report *report)
{
    band_loop band = {.maps = self, .report = report, .chunks = (size_t)self->chunks_across * self->chunks_down};
    const uxo_ordered_loop loop = {&band, make_piece, store_piece, discard};
    uxo_status status = UXO_ERR_MEMORY;
    for (int i = 0; self->slot != NULL && i < uxo_maps_slots(self); i++) {
        self->slot[i].busy = false;
    }
    band.chunk = calloc(band.chunks, sizeof *band.chunk);
    if (band.chunk != NULL && list_pieces(&band)) {
        omp_init_lock(&band.lock);
        status = uxo_ordered_run(&loop, band.pieces, self->threads);
        omp_destroy_lock(&band.lock);
        status = status == UXO_OK ? finish_chunks(&band, SIZE_MAX) : status;
    }
    if (status == UXO_ERR_INTERRUPTED && self->store != NULL) {
        const uxo_status kept = keep_made(&band);
        status = kept == UXO_OK ? status : kept;
    }
    for (size_t c = 0; band.chunk != NULL && c < band.chunks; c++) {
        uxo_made_chunk_free(band.chunk[c].made, &self->plan);
    }
    if (status == UXO_OK) {
        report_progress(self, chunk_x(self, band.chunks - 1), chunk_y(self, band.chunks - 1));
    }
    free(band.chunk);
    free(band.piece);
    return status;
}
