/* work_state.c - see work_state.h. */
#include "work_state.h"

#include <stdlib.h>
#include <string.h>

#include "outcome.h"
#include "variance_pairs.h"
#include "work_tables.h"

/* The last record of a state. */
typedef struct state {
    uxo_work_done done;
    uint32_t realisations; /* of this stage: rows that there is room for */
    uint32_t largest_count;
    uint32_t pairs; /* of all parts; 0: not known yet */
    uint32_t nothing;
    uxo_until_errors until;
} state;

static uxo_status out_of_memory(uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for what is known of the realisations");
}

static uxo_status keep_packed(const uxo_work_store *store, uxo_work_kind kind, uint32_t a, uint32_t b,
                              const uint64_t *number, size_t count, uxo_report *report)
{
    size_t size;
    void *const bytes = uxo_work_pack(number, count, &size);
    const uxo_status status =
        bytes != NULL ? store->keep(store->user, kind, a, b, bytes, size, report) : out_of_memory(report);
    free(bytes);
    return status;
}

static uxo_status save_tables(const uxo_scenario *scenario, const uxo_work_store *store, uxo_outcome *outcome,
                              uxo_report *report)
{
    uxo_work_table table[UXO_WORK_TABLES];
    uxo_work_sum sum[UXO_WORK_SUMS_COUNT];
    uxo_work_tables_of(scenario, outcome, &outcome->done, table);
    uxo_work_sums_of(scenario, outcome, sum);
    for (uint32_t i = 0; i < UXO_WORK_TABLES; i++) {
        const uxo_work_table *const rows = &table[i];
        const size_t from = rows->first * rows->row_bytes, size = (rows->end - rows->first) * rows->row_bytes;
        if (rows->rows != NULL) {
            UXO_TRY(store->keep(store->user, UXO_WORK_ROWS, i, 0, (const char *)rows->rows + from, size, report));
        }
    }
    for (uint32_t i = 0; i < UXO_WORK_SUMS_COUNT; i++) {
        if (sum[i].sum != NULL) {
            UXO_TRY(keep_packed(store, UXO_WORK_SUMS, i, 0, sum[i].sum, sum[i].count, report));
        }
    }
    return UXO_OK;
}

/* A tally is three arrays of integers without gaps. */
enum { TALLY_NUMBERS = 3 * UXO_TILE_CELLS };
_Static_assert(sizeof(uxo_tile_tally) == TALLY_NUMBERS * sizeof(uint64_t), "a tally has nothing but its numbers");

static uxo_status save_tiles(const uxo_work_store *store, const uxo_outcome *outcome, uxo_report *report)
{
    for (uint32_t t = 0; t < outcome->tile_count; t++) {
        if (outcome->tile[t] != NULL) {
            UXO_TRY(keep_packed(store, UXO_WORK_TALLY, t, 0, outcome->tile[t]->sum, TALLY_NUMBERS, report));
        }
        if (outcome->accident_parts != NULL && outcome->accident_parts[t] != NULL) {
            UXO_TRY(keep_packed(store, UXO_WORK_TALLY, t, 1, outcome->accident_parts[t], UXO_TILE_CELLS, report));
        }
    }
    return UXO_OK;
}

uxo_status uxo_work_save(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                         uxo_report *report)
{
    const uxo_work_store *const store = options->store;
    state last;
    memset(&last, 0, sizeof last);
    last.done = outcome->done;
    last.realisations = outcome->realisations;
    last.largest_count = outcome->largest_count;
    last.pairs = outcome->pairs.count;
    last.until = outcome->until;
    UXO_TRY(store->begin(store->user, report));
    UXO_TRY(save_tables(scenario, store, outcome, report));
    UXO_TRY(save_tiles(store, outcome, report));
    UXO_TRY(store->keep(store->user, UXO_WORK_STATE, 0, 0, &last, sizeof last, report));
    UXO_TRY(store->commit(store->user, report));
    outcome->is_kept = true;
    return UXO_OK;
}

static uxo_status does_not_fit(uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_DATA, NULL, "what was kept of the realisations does not fit this scenario");
}

/* *bytes NULL: the store has none. */
static uxo_status find(const uxo_work_store *store, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index,
                       void **bytes, size_t *size, uxo_report *report)
{
    *bytes = NULL;
    *size = 0;
    return store->find(store->user, kind, a, b, index, bytes, size, report);
}

static uxo_status load_rows(const uxo_work_store *store, const uxo_work_table *to, uint32_t number, uint32_t index,
                            uxo_report *report)
{
    const size_t from = to->first * to->row_bytes, wanted = (to->end - to->first) * to->row_bytes;
    void *bytes;
    size_t size;
    UXO_TRY(find(store, UXO_WORK_ROWS, number, 0, index, &bytes, &size, report));
    const bool fits = bytes != NULL && size == wanted;
    if (fits) {
        memcpy((char *)to->rows + from, bytes, size);
    }
    free(bytes);
    return fits ? UXO_OK : does_not_fit(report);
}

/* Adds numbers; *any: the store has some. */
static uxo_status load_packed(const uxo_work_store *store, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index,
                              uint64_t *to, size_t count, bool *any, uxo_report *report)
{
    void *bytes;
    size_t size;
    UXO_TRY(find(store, kind, a, b, index, &bytes, &size, report));
    *any = bytes != NULL;
    const bool fits = bytes == NULL || uxo_work_unpack(bytes, size, to, count);
    free(bytes);
    return fits ? UXO_OK : does_not_fit(report);
}

static uxo_status load_tables(const uxo_scenario *scenario, const uxo_work_store *store, const uxo_work_done *done,
                              uint32_t index, uxo_outcome *outcome, uxo_report *report)
{
    uxo_work_table table[UXO_WORK_TABLES];
    uxo_work_sum sum[UXO_WORK_SUMS_COUNT];
    bool any = true;
    uxo_work_tables_of(scenario, outcome, done, table);
    uxo_work_sums_of(scenario, outcome, sum);
    for (uint32_t i = 0; i < UXO_WORK_TABLES; i++) {
        if (table[i].rows != NULL) {
            UXO_TRY(load_rows(store, &table[i], i, index, report));
        }
    }
    for (uint32_t i = 0; i < UXO_WORK_SUMS_COUNT && any; i++) {
        if (sum[i].sum != NULL) {
            UXO_TRY(load_packed(store, UXO_WORK_SUMS, i, 0, index, sum[i].sum, sum[i].count, &any, report));
        }
    }
    return any ? UXO_OK : does_not_fit(report);
}

/* Of a tile, from all parts: `b` as in save_tiles. */
static uxo_status load_tile(const uxo_work_store *store, uint32_t tile, uint32_t b, uint64_t *to, size_t count,
                            uxo_report *report)
{
    bool any = true;
    for (uint32_t index = 0; any; index++) {
        UXO_TRY(load_packed(store, UXO_WORK_TALLY, tile, b, index, to, count, &any, report));
    }
    return UXO_OK;
}

static uxo_status load_tiles(const uxo_work_store *store, uxo_outcome *outcome, uxo_report *report)
{
    for (uint32_t t = 0; t < outcome->tile_count; t++) {
        if (store->has(store->user, UXO_WORK_TALLY, t, 0, 0)) {
            outcome->tile[t] = calloc(1, sizeof *outcome->tile[t]);
            if (outcome->tile[t] == NULL) {
                return out_of_memory(report);
            }
            UXO_TRY(load_tile(store, t, 0, outcome->tile[t]->sum, TALLY_NUMBERS, report));
        }
        if (outcome->accident_parts != NULL && outcome->accident_parts[t] != NULL) {
            UXO_TRY(load_tile(store, t, 1, outcome->accident_parts[t], UXO_TILE_CELLS, report));
        }
    }
    return UXO_OK;
}

/* *any: there is a state with this index. */
static uxo_status load_state(const uxo_work_store *store, uint32_t index, state *out, bool *any, uxo_report *report)
{
    void *bytes;
    size_t size;
    UXO_TRY(find(store, UXO_WORK_STATE, 0, 0, index, &bytes, &size, report));
    *any = bytes != NULL;
    const bool fits = size == sizeof *out;
    if (*any && fits) {
        memcpy(out, bytes, sizeof *out);
    }
    free(bytes);
    return !*any || fits ? UXO_OK : does_not_fit(report);
}

/* Room for rows as there was when the state was kept, and the state's own numbers. */
static uxo_status make_room(const uxo_scenario *scenario, const state *last, uxo_outcome *outcome, uxo_report *report)
{
    const uxo_work_done *const done = &last->done;
    const uint32_t most = last->realisations;
    if (most > scenario->realisations || (outcome->realisations > 0 && outcome->realisations != most) ||
        done->first > done->points || done->points > most || done->first > done->background ||
        done->background > most || done->first > done->blocks || done->blocks > most ||
        done->first_pair > done->pairs || done->pairs > last->pairs) {
        return does_not_fit(report);
    }
    if (outcome->realisations == 0) {
        UXO_TRY(uxo_outcome_grow(outcome, scenario, most, report));
        outcome->done = *done;
        outcome->until = last->until;
    }
    if (last->pairs > 0 && outcome->pairs.row == NULL) {
        UXO_TRY(uxo_variance_make_room(outcome, last->pairs, report));
    }
    if (last->largest_count > outcome->largest_count) {
        outcome->largest_count = last->largest_count;
    }
    return outcome->pairs.count == last->pairs ? UXO_OK : does_not_fit(report);
}

/* A part, to those before it: it has to begin where they end. */
static uxo_status join(const uxo_work_done *part, uxo_work_done *all, uxo_report *report)
{
    if (part->first != all->points || part->first != all->background || part->first != all->blocks ||
        part->first_pair != all->pairs) {
        return does_not_fit(report);
    }
    *all = (uxo_work_done){.first = all->first,
                           .points = part->points,
                           .background = part->background,
                           .blocks = part->blocks,
                           .first_pair = all->first_pair,
                           .pairs = part->pairs,
                           .stages = part->stages};
    return UXO_OK;
}

uxo_status uxo_work_load(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                         uxo_report *report)
{
    const uxo_work_store *const store = options->store;
    state last = {.nothing = 0};
    bool any = store != NULL;
    uint32_t index = 0;
    while (any) {
        UXO_TRY(load_state(store, index, &last, &any, report));
        if (any) {
            UXO_TRY(make_room(scenario, &last, outcome, report));
            UXO_TRY(load_tables(scenario, store, &last.done, index, outcome, report));
            UXO_TRY(index > 0 ? join(&last.done, &outcome->done, report) : UXO_OK);
            index++;
        }
    }
    if (index > 0) {
        UXO_TRY(load_tiles(store, outcome, report));
        outcome->is_kept = true;
    }
    return UXO_OK;
}
