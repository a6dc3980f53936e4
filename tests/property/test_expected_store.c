/* test_expected_store.c - maps of `expected-value` by way of a work store are those of a plain run, to the last bit: whatever the store has already,
 * in however many parts they were made, in whatever order, by however many threads, with however little memory; and what is missing or does not
 * belong there is noticed. Scenarios are drawn at random from printed seeds. ctest-timeout: 300 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../sim/engine/until.h"
#include "arbitrary_fixture.h"
#include "map_run.h"
#include "surface_fixture.h"
#include "work_memory.h"

/* Beside the arbitrary ones: ground and clearance. */
enum { SURFACE = ARBITRARY_KINDS, KINDS, CHUNKS = 6, DAY = 19000 };

static const char *name_of(int what)
{
    return what == SURFACE ? "ground and clearance" : arbitrary_name((arbitrary_kind)what);
}

static void prepare(model_fixture *fixture, uint64_t seed, int what)
{
    const double reach_m = 600.0;
    arbitrary_init(fixture, seed, what == SURFACE ? ARBITRARY_SAMPLED : (arbitrary_kind)what);
    for (uint32_t i = 0; i < fixture->scenario.strikes.count; i++) {
        fixture->strike[i].reach_m = reach_m;
    }
    for (int i = 0; i < 3; i++) { /* so that there are points enough to compare the map with */
        fixture->munition[i].submunitions_per_carrier = quantity_range(2000.0, 6000.0);
    }
    if (what == SURFACE) {
        fixture_halves(fixture);
        surface_patchwork(fixture, DAY);
    }
    printf("  %s, seed %llu\n", name_of(what), (unsigned long long)seed);
}

/* The points of a whole run, and its maps by way of a store; what went wrong. */
static uxo_status try_maps(map_run *self, const model_fixture *fixture, uxo_engine_options options,
                           const uxo_work_store *store, uxo_report *report)
{
    self->grid = &fixture->scenario.grid;
    map_capture_init(&self->capture, &fixture->scenario);
    const uxo_map_sink sink = map_capture_sink(&self->capture);
    assert_int_equal(
        uxo_engine_run(&fixture->scenario, &(uxo_engine_options){.threads = options.threads}, &self->outcome, report),
        UXO_OK);
    options.store = store;
    const uxo_status status = uxo_engine_maps(&fixture->scenario, &options, &self->outcome, &sink, report);
    assert_int_equal(self->capture.broken, 0);
    return status;
}

static void make_maps(map_run *self, const model_fixture *fixture, uxo_engine_options options,
                      const uxo_work_store *store)
{
    uxo_report report;
    uxo_report_init(&report);
    const uxo_status status = try_maps(self, fixture, options, store, &report);
    uxo_report_print(&report, 0, 10, stderr);
    uxo_report_free(&report);
    assert_int_equal(status, UXO_OK);
}

static void assert_equal_runs(const map_run *a, const map_run *b)
{
    assert_int_equal(map_run_differences(a, b), 0);
    assert_memory_equal(a->outcome.map_column, b->outcome.map_column, a->outcome.columns * sizeof(double));
    assert_int_equal(a->outcome.map_check.cells, b->outcome.map_check.cells);
    assert_int_equal(a->outcome.map_check.beyond, b->outcome.map_check.beyond);
    assert_memory_equal(&a->outcome.map_check.largest, &b->outcome.map_check.largest, sizeof(double));
}

/* Maps by way of this store are the reference's; returns how many chunks were made. */
static int assert_same_maps(const map_run *reference, const model_fixture *fixture, work_memory *memory, bool complete,
                            uxo_engine_options options)
{
    map_run run;
    const int before = memory->keeps;
    const uxo_work_store store = work_memory_store(memory, 0, 1, complete);
    make_maps(&run, fixture, options, &store);
    assert_equal_runs(reference, &run);
    map_run_free(&run);
    return memory->keeps - before;
}

static void what_is_stored_is_not_made_again(void **state)
{
    static const unsigned subsets[] = {0x00, 0x15, 0x08, 0x30, 0x3f}; /* of chunks that are missing, a bit for each */
    (void)state;
    for (int what = 0; what < KINDS; what++) {
        static model_fixture fixture;
        map_run reference;
        work_memory memory;
        prepare(&fixture, 131 + (uint64_t)what, what);
        map_run_make(&reference, &fixture, &(uxo_engine_options){.threads = 2});
        assert_true(reference.outcome.map_check.cells > 0);
        work_memory_init(&memory);
        assert_int_equal(assert_same_maps(&reference, &fixture, &memory, false, (uxo_engine_options){.threads = 2}),
                         CHUNKS);
        for (size_t i = 0; i < sizeof subsets / sizeof subsets[0]; i++) {
            const unsigned missing = subsets[i];
            int lost = 0;
            for (uint32_t chunk = 0; chunk < CHUNKS; chunk++) {
                if ((missing >> chunk & 1u) != 0) {
                    work_memory_drop(&memory, UXO_WORK_CHUNK, chunk, 0);
                    lost++;
                }
            }
            const uxo_engine_options options = {.threads = 1 + (int)(i % 3), .table_bytes = i % 2 == 0 ? 1e5 : 0.0};
            assert_int_equal(assert_same_maps(&reference, &fixture, &memory, false, options), lost);
        }
        assert_int_equal(assert_same_maps(&reference, &fixture, &memory, true, (uxo_engine_options){.threads = 2}), 0);
        work_memory_free(&memory);
        map_run_free(&reference);
        surface_fixture_free(&fixture);
    }
}

/* Every part by itself, with threads and memory of its own; it gives nothing to the sink, and needs no points. */
static int make_part(const model_fixture *fixture, uint32_t part, uint32_t parts, work_memory *out)
{
    static const double bytes[] = {0.0, 1e5, 2e4, 1.0};
    map_run run;
    const uxo_engine_options options = {.threads = 1 + (int)(part % 3), .table_bytes = bytes[(part + parts) % 4]};
    const uxo_work_store store = work_memory_store(out, part, parts, false);
    run.grid = &fixture->scenario.grid;
    map_capture_init(&run.capture, &fixture->scenario);
    const uxo_map_sink sink = map_capture_sink(&run.capture);
    uxo_report report;
    uxo_report_init(&report);
    fixture_run(fixture, 2, &run.outcome);
    memset(run.outcome.sample_count, 0, run.outcome.tile_count * UXO_SAMPLE_CELLS * sizeof *run.outcome.sample_count);
    memset(run.outcome.given_mean, 0, run.outcome.realisations * sizeof *run.outcome.given_mean);
    const uxo_engine_options with_store = {
        .threads = options.threads, .table_bytes = options.table_bytes, .store = &store};
    assert_int_equal(uxo_engine_maps(&fixture->scenario, &with_store, &run.outcome, &sink, &report), UXO_OK);
    assert_int_equal(report.count, 0);
    assert_int_equal(run.capture.stores, 0);
    assert_false(run.capture.opened[UXO_LAYER_DUD_CONTAINMENT]);
    uxo_report_free(&report);
    map_run_free(&run);
    return out->keeps;
}

static void parts_in_any_order_are_the_whole(void **state)
{
    static const uint32_t counts[] = {2, 5, 9};
    (void)state;
    for (int what = 0; what < KINDS; what++) {
        static model_fixture fixture;
        map_run reference;
        prepare(&fixture, 141 + (uint64_t)what, what);
        map_run_make(&reference, &fixture, &(uxo_engine_options){.threads = 2});
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            work_memory part[9], all;
            int made = 0;
            work_memory_init(&all);
            for (uint32_t p = 0; p < counts[i]; p++) {
                work_memory_init(&part[p]);
                made += make_part(&fixture, p, counts[i], &part[p]);
            }
            for (uint32_t p = 0; p < counts[i]; p++) {
                const uint32_t turn = (2 * p + 1 + (uint32_t)what) % counts[i];
                work_memory_add(&all, &part[counts[i] % 2 == 1 ? turn : counts[i] - 1 - p]);
            }
            printf("    %u parts: %d chunks\n", counts[i], made);
            assert_int_equal(made, CHUNKS);
            assert_int_equal(
                assert_same_maps(&reference, &fixture, &all, true, (uxo_engine_options){.threads = 1 + (int)i}), 0);
            for (uint32_t p = 0; p < counts[i]; p++) {
                work_memory_free(&part[p]);
            }
            work_memory_free(&all);
        }
        map_run_free(&reference);
        surface_fixture_free(&fixture);
    }
}

/* Stopped after so many chunks, gone on from there. */
static void an_interrupted_run_goes_on(void **state)
{
    (void)state;
    for (int what = 0; what < KINDS; what++) {
        static model_fixture fixture;
        map_run reference;
        prepare(&fixture, 151 + (uint64_t)what, what);
        map_run_make(&reference, &fixture, &(uxo_engine_options){.threads = 2});
        for (int after = 1; after < CHUNKS; after += 2) {
            work_memory memory;
            map_run run;
            uxo_report report;
            uxo_report_init(&report);
            work_memory_init(&memory);
            memory.stop_after = after;
            const uxo_work_store store = work_memory_store(&memory, 0, 1, false);
            const uxo_engine_options options = {.threads = 1 + after % 4, .stop = &memory.stop, .table_bytes = 3e5};
            const uxo_status status = try_maps(&run, &fixture, options, &store, &report);
            map_run_free(&run);
            uxo_report_free(&report);
            memory.stop_after = 0;
            memory.stop = 0;
            const int before = memory.keeps;
            assert_true(before >= after && before <= CHUNKS);
            assert_true(status == UXO_ERR_INTERRUPTED || (status == UXO_OK && before == CHUNKS));
            const int rest = assert_same_maps(&reference, &fixture, &memory, false, (uxo_engine_options){.threads = 2});
            assert_int_equal(before + rest, CHUNKS);
            work_memory_free(&memory);
        }
        map_run_free(&reference);
        surface_fixture_free(&fixture);
    }
}

/* A store that is given up on: nothing is lost that was kept before. */
static void a_store_without_room_ends_the_run(void **state)
{
    static model_fixture fixture;
    map_run reference, run;
    work_memory memory;
    uxo_report report;
    (void)state;
    prepare(&fixture, 161, ARBITRARY_SAMPLED);
    map_run_make(&reference, &fixture, &(uxo_engine_options){.threads = 2});
    work_memory_init(&memory);
    uxo_report_init(&report);
    memory.fail_keep = 4;
    const uxo_work_store store = work_memory_store(&memory, 0, 1, false);
    assert_int_equal(try_maps(&run, &fixture, (uxo_engine_options){.threads = 3}, &store, &report), UXO_ERR_IO);
    assert_int_equal(report.count, 1);
    assert_int_equal(memory.count, 3);
    map_run_free(&run);
    uxo_report_free(&report);
    assert_int_equal(assert_same_maps(&reference, &fixture, &memory, false, (uxo_engine_options){.threads = 2}),
                     CHUNKS - 3);
    work_memory_free(&memory);
    map_run_free(&reference);
    surface_fixture_free(&fixture);
}

/* The store ought to have everything, but something is wrong: said, with the words that a message has to hold. */
static void assert_refused(const model_fixture *fixture, work_memory *memory, const char *words)
{
    map_run run;
    uxo_report report;
    uxo_report_init(&report);
    const uxo_work_store store = work_memory_store(memory, 0, 1, true);
    assert_int_equal(try_maps(&run, fixture, (uxo_engine_options){.threads = 2}, &store, &report), UXO_ERR_DATA);
    assert_int_equal(report.count, 1);
    printf("    %s\n", report.item[0].text);
    assert_non_null(strstr(report.item[0].text, words));
    map_run_free(&run);
    uxo_report_free(&report);
}

static void damage(work_memory *memory, uint32_t chunk, int how)
{
    work_unit *const unit = work_memory_at(memory, UXO_WORK_CHUNK, chunk, 0);
    work_unit *const other = work_memory_at(memory, UXO_WORK_CHUNK, (chunk + 1) % CHUNKS, 0);
    const work_unit was = *unit;
    switch (how) {
    case 0: /* the record of another chunk */
        unit->bytes = other->bytes;
        unit->size = other->size;
        other->bytes = was.bytes;
        other->size = was.size;
        break;
    case 1: /* its end is missing */
        unit->size -= 1;
        break;
    case 2: /* something is behind it */
        unit->bytes = realloc(unit->bytes, unit->size + 1);
        ((char *)unit->bytes)[unit->size++] = 0;
        break;
    default: /* hardly anything is left */
        unit->size = (size_t)how - 3;
        break;
    }
}

static void what_is_missing_or_foreign_is_noticed(void **state)
{
    (void)state;
    for (int what = 0; what < KINDS; what++) {
        static model_fixture fixture;
        map_run run;
        work_memory whole;
        prepare(&fixture, 171 + (uint64_t)what, what);
        work_memory_init(&whole);
        const uxo_work_store store = work_memory_store(&whole, 0, 1, false);
        make_maps(&run, &fixture, (uxo_engine_options){.threads = 2}, &store);
        map_run_free(&run);
        for (int how = 0; how < 6; how++) {
            work_memory memory;
            work_memory_init(&memory);
            work_memory_add(&memory, &whole);
            damage(&memory, (uint32_t)(how + what) % CHUNKS, how);
            assert_refused(&fixture, &memory, "is not of this chunk of this map");
            work_memory_free(&memory);
        }
        fixture.scenario.realisations += 1;
        assert_refused(&fixture, &whole, "is not of this chunk of this map");
        fixture.scenario.realisations -= 1;
        work_memory_drop(&whole, UXO_WORK_CHUNK, 4, 0);
        assert_refused(&fixture, &whole, "chunk 4 of the map (column 0, row 2, from the north-west) is missing");
        work_memory_free(&whole);
        surface_fixture_free(&fixture);
    }
}

static void measure(const model_fixture *fixture, work_memory *memory, uxo_outcome *outcome)
{
    uxo_report report;
    uxo_report_init(&report);
    const uxo_work_store store = work_memory_store(memory, 0, 1, false);
    const uxo_engine_options options = {.threads = 2, .store = &store};
    outcome->until = (uxo_until_errors){.maps_at = 0};
    assert_int_equal(uxo_until_measure(&fixture->scenario, &options, outcome, &report), UXO_OK);
    uxo_report_free(&report);
}

/* The maps that `until` looks at are no chunks of the final ones; their errors are measured once. */
static void errors_of_the_maps_are_measured_once(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    work_memory memory;
    (void)state;
    prepare(&fixture, 181, ARBITRARY_SAMPLED);
    fixture.scenario.until = (uxo_until){.given = true, .relative_error = 1e-6, .min_density_per_ha = 0.01};
    fixture_run(&fixture, 2, &outcome);
    const uxo_until_errors plain = outcome.until;
    assert_true(plain.density > 0.0 && plain.probability > 0.0);
    work_memory_init(&memory);
    measure(&fixture, &memory, &outcome);
    assert_true(outcome.until.density == plain.density && outcome.until.probability == plain.probability);
    assert_null(work_memory_at(&memory, UXO_WORK_CHUNK, 0, 0));
    assert_non_null(work_memory_at(&memory, UXO_WORK_STATE, 0, 0));
    work_unit *const unit = work_memory_at(&memory, UXO_WORK_MAPS, fixture.scenario.realisations, 0);
    assert_non_null(unit);
    *(double *)unit->bytes = 2.0 * plain.density; /* so that one sees where it comes from */
    const int keeps = memory.keeps;
    measure(&fixture, &memory, &outcome);
    assert_true(outcome.until.density == 2.0 * plain.density && outcome.until.probability == plain.probability);
    assert_int_equal(outcome.until.maps_at, fixture.scenario.realisations);
    assert_int_equal(memory.keeps, keeps);
    work_memory_free(&memory);
    uxo_outcome_free(&outcome);
    surface_fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_stored_is_not_made_again),
        cmocka_unit_test(parts_in_any_order_are_the_whole),
        cmocka_unit_test(an_interrupted_run_goes_on),
        cmocka_unit_test(a_store_without_room_ends_the_run),
        cmocka_unit_test(what_is_missing_or_foreign_is_noticed),
        cmocka_unit_test(errors_of_the_maps_are_measured_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
