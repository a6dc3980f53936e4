/* map_capture.h - a sink that keeps maps in memory as they come from the engine, and sees that the rules of maps.h are
 * kept. */
#ifndef UXOSIM_TESTS_MAP_CAPTURE_H
#define UXOSIM_TESTS_MAP_CAPTURE_H

#include <stdatomic.h>

#include "uxosim/maps.h"

enum { MAP_CAPTURE_PLANES = 8 };

typedef struct map_capture {
    const uxo_grid *grid;
    uxo_layer_facts facts[UXO_LAYER_COUNT];
    bool opened[UXO_LAYER_COUNT];
    float *plane[UXO_LAYER_COUNT][MAP_CAPTURE_PLANES]; /* [ny][nx], full of the empty value where nothing came */
    uint32_t planes[UXO_LAYER_COUNT];
    uint64_t last; /* chunk, layer and plane of the last store, for their order */
    int stores;
    atomic_int packs;
    int fail_open, fail_pack, fail_store; /* the first is 1; 0: never */
    int opens;
    int broken; /* rules seen broken: stores come from threads that cannot fail a test */
} map_capture;

void map_capture_init(map_capture *self, const uxo_scenario *scenario);
void map_capture_free(map_capture *self);
uxo_map_sink map_capture_sink(map_capture *self);

#endif
