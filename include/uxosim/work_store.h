/* work_store.h - where a run keeps work that is done, so that it need not be done again: after an interruption, or when parts of a run are
 * put together.
 *
 * The engine asks, whoever runs it answers (checkpoint.h); of files the engine knows nothing. A unit of work has a kind and two numbers, and
 * gives bytes that depend on the scenario alone: not on threads, on parts, or on where a run was interrupted. Numbers in them are as in
 * memory: a store is read by the program that wrote it, on a machine of the same byte order.
 *
 * The realisations come first. Their state is written anew as a whole, between `begin` and `commit`; what was kept before is then gone. After
 * the last of these states chunks of the map are added one by one. Not here: what the bytes mean, which is said where they are made.
 */
#ifndef UXOSIM_WORK_STORE_H
#define UXOSIM_WORK_STORE_H

#include "uxosim/error.h"

/* Kinds of units, with their numbers a and b. Stored: never renumber. */
typedef enum uxo_work_kind {
    UXO_WORK_ROWS = 1,  /* a: table of rows, b: 0 (work_rows.c) */
    UXO_WORK_SUMS = 2,  /* a: table of sums over realisations, b: 0 */
    UXO_WORK_TALLY = 3, /* a: tile, b: 0: what fell there */
    UXO_WORK_STATE =
        4, /* a, b: 0: how far the realisations are; the last record of a state, without which it is none */
    UXO_WORK_CHUNK = 5,   /* a: chunk of the map, row-major from the north-west; b: 0 (expected_record.c) */
    UXO_WORK_MAPS = 6,    /* a: realisations, b: 0: errors of the maps that `until` has measured (until.c) */
    UXO_WORK_END = 0xFFFF /* nothing follows: of the store itself */
} uxo_work_kind;

typedef struct uxo_work_store {
    void *user;
    /* This run does part `part`, from 0, of `parts`; 0 of 1: everything. A part is for the store alone: nothing follows from it. */
    bool is_part;
    uint32_t part, parts;
    /* Everything has been done elsewhere: a unit that is not found is an error, none is computed. Then `keep`, `due`, `begin` and `commit`
     * are not called. */
    bool complete;
    /* Maps that are estimated to take less than this are not kept [s]: keeping would cost more than it saves. Of a part everything is kept. */
    double spare_s;
    /* Gives a unit that was kept: *bytes is the caller's, to be freed; NULL: there is none. `index`: of those with this kind and these
     * numbers (several parts may each have one), from 0. Any thread, many at a time. */
    uxo_status (*find)(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index, void **bytes,
                       size_t *size, uxo_report *report);
    /* Is there such a unit? As `find`, without its bytes. */
    bool (*has)(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index);
    /* Keeps a unit; one thread at a time. The store sees to it itself that bytes reach the disk often enough. */
    uxo_status (*keep)(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, const void *bytes, size_t size,
                       uxo_report *report);
    /* Is it time to keep the state of the realisations? Any thread. */
    bool (*due)(void *user);
    /* What is kept between these takes the place of all that was kept before, as a whole or not at all. */
    uxo_status (*begin)(void *user, uxo_report *report);
    uxo_status (*commit)(void *user, uxo_report *report);
} uxo_work_store;

/* Does this run do a part only, which is put together with others later? store: may be NULL. */
static inline bool uxo_work_is_part(const uxo_work_store *store)
{
    return store != NULL && store->is_part;
}

/* First of `count` units in a row that are of a part; the end of one part is the first of the next. */
static inline uint32_t uxo_work_first(uint32_t count, uint32_t part, uint32_t parts)
{
    return (uint32_t)((uint64_t)count * part / parts);
}

#endif
