/* test_result_sweep.c - collected sweeps of tasks made here: which columns there are, tasks that do not fit, blocks read back in parts and in any
 * order, how often the file is read for that, and the memory of many tasks and of their differences. Sweeps of real runs: tests/cli/test_sweep.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "scenario_fixture.h"
#include "scratch.h"
#include "uxosim/result_sweep.h"
#include "uxosim/sweep_sensitivity.h"
#include "uxosim/sweep_task.h"

static const char IDENTITY[] = "plan\t0000\n";

/* A store with tasks, and what is collected of it. */
typedef struct fixture {
    scenario_fixture base;
    uxo_sweep sweep;
    uint32_t rows, tasks;
    uxo_sweep_writer writer;
} fixture;

/* A latin hypercube of so many tasks, with a baseline one less; of so many rows, which is three more than there are districts. */
static void begin(fixture *self, uint32_t tasks, uint32_t rows, const char *rest)
{
    const uint32_t points = strstr(rest, "baseline") != NULL ? tasks - 1 : tasks;
    char text[512];
    scenario_fixture_init(&self->base);
    scenario_fixture_must_read(&self->base, HEAD GRID REST STRIKES, NULL, 0);
    snprintf(text, sizeof text,
             "format: 1\nbase: s.yaml\ndesign: {latin_hypercube: %u}\naxes:\n"
             "  a: {key: exposure.return_share, uniform: [0.5, 1]}\n%s",
             points, rest);
    scenario_fixture_write(&self->base, "sweep.yaml", text);
    char path[160];
    snprintf(path, sizeof path, "%s/sweep.yaml", self->base.folder);
    assert_int_equal(uxo_sweep_read(&self->sweep, path, &self->base.report), UXO_OK);
    uxo_districts *const districts = &self->base.scenario.districts;
    assert_int_equal(districts->count, 0);
    self->rows = rows;
    self->tasks = tasks;
    districts->count = rows - 3;
    districts->item = calloc(rows, sizeof *districts->item);
    for (uint32_t i = 0; i < districts->count; i++) {
        districts->item[i].name = strdup("somewhere");
    }
    assert_int_equal(
        uxo_sweep_writer_open(&self->writer, self->base.folder, 1, tasks, IDENTITY, true, &self->base.report), UXO_OK);
}

/* What block b of row i holds in a task. */
static float value_of(uint32_t task, int which, uint32_t block, uint32_t row)
{
    return (float)((task * 131 + block * 17 + row * 3) % 1009) + 0.25F * (float)which;
}

/* A task whose only column that is known in `row` 0 is `column`; with or without accidents in blocks. */
static void make_task(uxo_sweep_task *out, uint32_t number, uint32_t rows, int column, bool accidents)
{
    *out = (uxo_sweep_task){.rows = rows, .blocks = 100};
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        out->column[c] = malloc(rows * sizeof **out->column);
        for (uint32_t i = 0; i < rows; i++) {
            out->column[c][i] = c == column || column < 0 ? (double)number : (double)NAN;
        }
    }
    for (int k = 0; k < (accidents ? 2 : 1); k++) {
        out->paired[k] = malloc((size_t)rows * out->blocks * sizeof **out->paired);
        for (uint32_t i = 0; i < rows * out->blocks; i++) {
            out->paired[k][i] = value_of(number, k, i / rows, i % rows);
        }
    }
}

static void keep(fixture *self, uint32_t number, uxo_sweep_task *task, const void *maps, size_t map_size)
{
    void *bytes = NULL;
    size_t size = 0;
    assert_int_equal(uxo_sweep_task_pack(task, &bytes, &size, &self->base.report), UXO_OK);
    assert_int_equal(uxo_sweep_writer_keep(&self->writer, number, bytes, size, maps, map_size, &self->base.report),
                     UXO_OK);
    free(bytes);
    uxo_sweep_task_free(task);
}

static uxo_status collect(fixture *self, const char *path)
{
    uxo_sweep_store store;
    uxo_report *const report = &self->base.report;
    assert_int_equal(uxo_sweep_writer_close(&self->writer, report), UXO_OK);
    assert_int_equal(
        uxo_sweep_store_scan(&store, self->base.folder, 1, self->tasks, IDENTITY, UXO_SWEEP_SCAN_ALL, report), UXO_OK);
    const uxo_sweep_collection collection = {
        .sweep = &self->sweep, .scenario = &self->base.scenario, .store = &store, .identity = "0000", .version = "0"};
    const uxo_status status = uxo_result_sweep_write(path, &collection, report);
    uxo_sweep_store_free(&store);
    return status;
}

static uxo_sweep_result *collected(fixture *self, const char *path)
{
    uxo_sweep_result *result = NULL;
    const uxo_status written = collect(self, path);
    const uxo_status opened =
        written == UXO_OK ? uxo_result_sweep_open(&result, path, &self->base.report) : UXO_ERR_DATA;
    uxo_report_print(&self->base.report, 0, 9, stderr);
    assert_int_equal(written, UXO_OK);
    assert_int_equal(opened, UXO_OK);
    return result;
}

static void end(fixture *self)
{
    char path[160];
    snprintf(path, sizeof path, "%s/tasks/0000/0000001-%07u.tasks", self->base.folder, self->tasks);
    assert_int_equal(remove(path), 0);
    snprintf(path, sizeof path, "%s/tasks/0000", self->base.folder);
    assert_int_equal(remove(path), 0);
    snprintf(path, sizeof path, "%s/tasks", self->base.folder);
    assert_int_equal(remove(path), 0);
    scenario_fixture_remove(&self->base, "sweep.yaml");
    uxo_sweep_free(&self->sweep);
    scenario_fixture_free(&self->base);
}

/* A column, and what is paired, that only one scenario knows: in the file, whichever scenario that is. */
static void columns_of_any_scenario_are_kept(void **state)
{
    (void)state;
    const char *const first = uxo_sweep_column_info(0).name, *const second = uxo_sweep_column_info(5).name;
    for (uint32_t odd = 1; odd <= 4; odd++) {
        fixture self;
        begin(&self, 4, 5, "");
        for (uint32_t t = 1; t <= 4; t++) {
            uxo_sweep_task task;
            make_task(&task, t, 5, t == odd ? 5 : 0, t == odd);
            if (t != odd % 4 + 1) { /* the one behind it is missing */
                keep(&self, t, &task, NULL, 0);
            }
            uxo_sweep_task_free(&task);
        }
        uxo_sweep_result *const result = collected(&self, "columns.nc");
        const double *const a = uxo_result_sweep_column(result, first), *const b =
                                                                            uxo_result_sweep_column(result, second);
        assert_int_equal(uxo_result_sweep_column_count(result), 2);
        assert_non_null(a);
        assert_non_null(b);
        for (uint32_t t = 1; t <= 4; t++) {
            const bool missing = t == odd % 4 + 1;
            float block[500];
            assert_true(t == odd || missing ? isnan(a[5 * (t - 1)]) : (uint32_t)a[5 * (t - 1)] == t);
            assert_true(t == odd ? (uint32_t)b[5 * (t - 1)] == t : isnan(b[5 * (t - 1)]));
            assert_int_equal(uxo_result_sweep_blocks(result, "accidents", t - 1, block, &self.base.report), UXO_OK);
            assert_true(isnan(block[7]) == (t != odd));
        }
        assert_string_equal(uxo_result_sweep_facts(result)->paired_accidents, "accident_expectation");
        uxo_result_sweep_close(result);
        assert_int_equal(remove("columns.nc"), 0);
        end(&self);
    }
}

/* A task with other rows ends it, also where maps follow that are whole; nothing is left. */
static void other_districts_are_refused(void **state)
{
    (void)state;
    static const unsigned char maps[20] = {1}; /* a layer whose cells are all 0 */
    struct stat about;
    fixture self;
    begin(&self, 3, 4, "layers: [dud_density]\n");
    for (uint32_t t = 1; t <= 3; t++) {
        uxo_sweep_task task;
        make_task(&task, t, t == 2 ? 5 : 4, -1, true);
        keep(&self, t, &task, maps, sizeof maps);
    }
    assert_int_equal(collect(&self, "other.nc"), UXO_ERR_DATA);
    assert_non_null(strstr(self.base.report.item[0].text, "the districts differ"));
    assert_true(stat("other.nc", &about) != 0);
    end(&self);
}

static void assert_blocks(fixture *self, uxo_sweep_result *result, uint32_t scenario, int which, uint32_t first,
                          uint32_t rows)
{
    static const char *const name[] = {"duds", "accidents"};
    float *const block = malloc((size_t)100 * rows * sizeof *block);
    assert_int_equal(uxo_result_sweep_block_rows(result, name[which], scenario, first, rows, block, &self->base.report),
                     UXO_OK);
    for (uint32_t i = 0; i < 100 * rows; i++) {
        assert_true(!(fabsf(block[i] - value_of(scenario + 1, which, i / rows, first + i % rows)) > 0.0F));
    }
    free(block);
}

/* Bytes that this process has read so far, by whatever call. */
static uint64_t bytes_read(void)
{
    char line[128];
    unsigned long long bytes = 0;
    FILE *const file = fopen("/proc/self/io", "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_int_equal(sscanf(line, "rchar: %llu", &bytes), 1);
    fclose(file);
    return bytes;
}

/* What every other scenario in its order, then all rows, one after the other, of all scenarios reads: the file a few times, not once for each. */
static void blocks_are_read_in_slabs(void **state)
{
    (void)state;
    enum { TASKS = 300, ROWS = 20 };
    struct stat about;
    fixture self;
    begin(&self, TASKS, ROWS, "");
    for (uint32_t t = 1; t <= TASKS; t++) {
        uxo_sweep_task task;
        make_task(&task, t, ROWS, 0, true);
        keep(&self, t, &task, NULL, 0);
    }
    uxo_sweep_result *const result = collected(&self, "blocks.nc");
    assert_int_equal(stat("blocks.nc", &about), 0);
    const uint64_t before = bytes_read();
    for (uint32_t s = 0; s < TASKS; s++) {
        assert_blocks(&self, result, s, s % 2, 0, ROWS);
    }
    const uint64_t in_order = bytes_read();
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t s = 0; s < TASKS; s++) {
            assert_blocks(&self, result, s, 0, row, 1);
        }
    }
    const uint64_t by_rows = bytes_read();
    print_message("%lld bytes; read %llu in order, %llu row by row\n", (long long)about.st_size,
                  (unsigned long long)(in_order - before), (unsigned long long)(by_rows - in_order));
    assert_true(in_order - before < 2 * (uint64_t)about.st_size);
    assert_true(by_rows - in_order < 4 * (uint64_t)about.st_size);
    for (uint32_t i = 0; i < 40; i++) { /* forth and back, and parts of rows */
        assert_blocks(&self, result, i * 193 % TASKS, i % 2, i % 7, 1 + i % 13);
    }
    float none[100 * ROWS];
    uxo_report *const report = &self.base.report;
    assert_int_equal(uxo_result_sweep_block_rows(result, "duds", TASKS, 0, 1, none, report), UXO_ERR_IO);
    assert_int_equal(uxo_result_sweep_block_rows(result, "duds", 0, ROWS, 1, none, report), UXO_ERR_IO);
    assert_int_equal(uxo_result_sweep_block_rows(result, "duds", 0, 1, ROWS, none, report), UXO_ERR_IO);
    assert_int_equal(uxo_result_sweep_blocks(result, "people", 0, none, report), UXO_ERR_USAGE);
    uxo_result_sweep_close(result);
    assert_int_equal(remove("blocks.nc"), 0);
    end(&self);
}

/* Peak of this process so far. */
static double peak_mib(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return (double)usage.ru_maxrss / 1024.0;
}

static void collect_many(uint32_t tasks)
{
    fixture self;
    begin(&self, tasks, 8, "");
    for (uint32_t t = 1; t <= tasks; t++) {
        uxo_sweep_task task;
        make_task(&task, t, 8, -1, true);
        keep(&self, t, &task, NULL, 0);
    }
    assert_int_equal(collect(&self, "many.nc"), UXO_OK);
    assert_int_equal(remove("many.nc"), 0);
    end(&self);
}

/* Ten times the scenarios take less than 1 kB more for each. */
static void memory_does_not_grow_with_scenarios(void **state)
{
    (void)state;
    enum { FEW = 600, MANY = 6000 };
#ifdef __SANITIZE_ADDRESS__
    skip(); /* it keeps what was freed */
#endif
    collect_many(FEW);
    const double few = peak_mib();
    collect_many(MANY);
    print_message("%d scenarios: %.1f MiB, %d: %.1f MiB\n", FEW, few, MANY, peak_mib());
    assert_true(peak_mib() - few < 1e-3 * (MANY - FEW));
}

/* What is allocated now. */
static double held_mib(void)
{
    const struct mallinfo2 now = mallinfo2();
    return (double)(now.uordblks + now.hblkhd) / 1048576.0;
}

/* Differences from the baseline are made row by row: those of 2000 scenarios in 400 rows would be 37 MiB at once. Only the first row and the total have
 * numbers, so that nothing else takes time. */
static void differences_take_the_memory_of_a_row(void **state)
{
    (void)state;
    enum { TASKS = 2001, DESIGN = TASKS - 1, ROWS = 400 };
#ifdef __SANITIZE_ADDRESS__
    skip(); /* it keeps what was freed */
#endif
    fixture self;
    begin(&self, TASKS, ROWS, "baseline: {a: 0.75}\n");
    for (uint32_t t = 1; t <= TASKS; t++) {
        uxo_sweep_task task;
        make_task(&task, t, ROWS, 0, false);
        for (uint32_t i = 1; i + 1 < ROWS; i++) {
            task.column[0][i] = (double)NAN;
        }
        keep(&self, t, &task, NULL, 0);
    }
    uxo_sweep_result *const result = collected(&self, "differences.nc");
    const char *const column = uxo_sweep_column_info(0).name;
    assert_non_null(uxo_result_sweep_column(result, column));
    const double before = held_mib();
    uxo_sweep_sensitivity found;
    assert_int_equal(uxo_sweep_sensitivity_make(&found, result, column, &self.base.report), UXO_OK);
    assert_int_equal(found.baselines, DESIGN);
    for (uint32_t row = 0; row < ROWS; row += ROWS - 1) {
        assert_int_equal(uxo_sweep_sensitivity_differences(&found, row, &self.base.report), UXO_OK);
        assert_true(fabs(found.difference[6].difference - (7.0 - TASKS)) < 1e-9);
    }
    print_message("differences of %d scenarios in %d rows: %.1f MiB\n", DESIGN, ROWS, held_mib() - before);
    assert_true(held_mib() - before < 2.0);
    uxo_sweep_sensitivity_free(&found);
    uxo_result_sweep_close(result);
    assert_int_equal(remove("differences.nc"), 0);
    end(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_of_any_scenario_are_kept), cmocka_unit_test(other_districts_are_refused),
        cmocka_unit_test(memory_does_not_grow_with_scenarios), cmocka_unit_test(blocks_are_read_in_slabs),
        cmocka_unit_test(differences_take_the_memory_of_a_row)};
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
