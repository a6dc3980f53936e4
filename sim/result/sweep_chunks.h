/* sweep_chunks.h - private to sim/result: how the maps of a scenario lie in their block of bytes. */
#ifndef UXOSIM_RESULT_SWEEP_CHUNKS_H
#define UXOSIM_RESULT_SWEEP_CHUNKS_H

#include "result_pack.h"

/* Begins a piece of the block: SWEEP_LAYER with `empty`, the bits of what cells of chunks hold that are not there; SWEEP_CHUNK with its bytes
 * behind it. Numbers of 4 bytes, the lowest first. */
enum { SWEEP_LAYER = 1, SWEEP_CHUNK = 2, SWEEP_PIECE_NUMBERS = 5 };

typedef struct sweep_piece {
    uint32_t kind, layer; /* uxo_layer */
    uint32_t chunk_x, chunk_y;
    uint32_t size; /* of the bytes; of a layer the bits of `empty` */
    const unsigned char *bytes;
} sweep_piece;

/* The next piece from *at on; false at the end, or where the block is cut short. */
bool sweep_next_piece(const unsigned char *block, size_t size, size_t *at, sweep_piece *out);

/* How chunks of any layer are packed. */
result_form sweep_form(const uxo_grid *grid);

#endif
