/* result_sweep_write.c - a collected sweep from beginning to end, a slab of scenarios at a time. Not here: its design and provenance
 * (result_sweep_design.c), its maps (result_sweep_maps.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_sweep_parts.h"
#include "result_whole.h"

/* What the scenarios that are there hold, taken together: a column that any of them knows is a column of the file. */
typedef struct table_content {
    uint32_t rows, blocks; /* of all alike */
    bool column[UXO_SWEEP_COLUMN_COUNT];
    bool paired[UXO_SWEEP_PAIRED_COUNT];
} table_content;

/* Tables of one slab, in the order of the scenarios. */
typedef struct table_slab {
    double *column[UXO_SWEEP_COLUMN_COUNT];
    float *paired[UXO_SWEEP_PAIRED_COUNT];
} table_slab;

/* Scenarios that are held at a time: the tables of their blocks take 16 MB at most, so that the chunks, which are as long, are neither too small
 * to compress nor too large to read. */
static uint32_t choose_slab(uint32_t scenarios, const table_content *content)
{
    const double bytes = (double)content->blocks * (double)content->rows * sizeof(float), most = 16e6;
    const double fit = fmin(256.0, floor(most / bytes));
    const uint32_t slab = fit < 1.0 ? 1 : (uint32_t)fit;
    return slab < scenarios ? slab : scenarios;
}

static uxo_status read_task(sweep_output *self, uint32_t scenario, uxo_sweep_task *task)
{
    uxo_sweep_store *const store = self->from->store;
    const uxo_task_entry *const entry = uxo_sweep_store_entry(store, scenario + 1);
    void *bytes = NULL;
    memset(task, 0, sizeof *task);
    uxo_status status = uxo_sweep_store_read(store, entry->file, &entry->record, &bytes, self->out->report);
    if (status == UXO_OK) {
        status = uxo_sweep_task_unpack(task, bytes, (size_t)entry->record.size, self->out->report);
    }
    free(bytes);
    return status;
}

static void take_maps(sweep_output *self, uint32_t scenario)
{
    uxo_sweep_store *const store = self->from->store;
    const uxo_task_entry *const entry = uxo_sweep_store_entry(store, scenario + 1);
    void *bytes = NULL;
    if (self->from->sweep->layer_count == 0 || h5_output_stopped(self->out)) {
        return;
    }
    if (entry->state == UXO_TASK_DONE) {
        self->out->status = uxo_sweep_store_read(store, entry->file, &entry->maps, &bytes, self->out->report);
    }
    if (self->out->status == UXO_OK) {
        sweep_write_maps(self, scenario, bytes, (size_t)entry->maps.size);
    }
    free(bytes);
}

static void open_columns(sweep_output *self, hid_t group, const table_content *content)
{
    const h5_dimension axes[2] = {self->scenario, self->row};
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        const uxo_column_info info = uxo_sweep_column_info(c);
        if (content->column[c]) {
            self->column[c] = h5_series_open(self->out, group, info.name, H5T_NATIVE_DOUBLE, axes, 2, self->slab);
            h5_text(self->out, self->column[c].dataset, "long_name", info.sentence);
            h5_word(self->out, self->column[c].dataset, "units", info.unit);
        }
    }
}

static void write_rows(sweep_output *self, hid_t group, const table_content *content)
{
    const uxo_districts *const districts = &self->from->scenario->districts;
    const char **const name = calloc(content->rows, sizeof *name);
    uint8_t *const kind = calloc(content->rows, sizeof *kind);
    static const char *const others[] = {"outside every district", "outside the grid", "total"};
    for (uint32_t i = 0; name != NULL && kind != NULL && i < content->rows; i++) {
        const bool district = i < districts->count;
        name[i] = district ? districts->item[i].name : others[i - districts->count];
        kind[i] = (uint8_t)(district ? 0 : i - districts->count + 1);
    }
    if (name == NULL || kind == NULL) {
        self->out->status = uxo_fail(self->out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else {
        h5_close_dataset(h5_texts(self->out, group, "name", name, &self->row));
        const hid_t dataset = h5_table(self->out, group, "row_kind", H5T_NATIVE_UINT8, kind, &self->row, 1);
        h5_text(self->out, dataset, "long_name",
                "0: district, 1: outside every district, 2: outside the grid, 3: total");
        h5_close_dataset(dataset);
    }
    free(name);
    free(kind);
}

static void write_block_sizes(sweep_output *self, hid_t group, uint32_t blocks)
{
    const uint32_t realisations = self->from->scenario->realisations;
    double size[UXO_SWEEP_MOST_BLOCKS];
    for (uint32_t b = 0; b < blocks; b++) {
        size[b] = (double)(uxo_sweep_block_start(realisations, b + 1) - uxo_sweep_block_start(realisations, b));
    }
    const hid_t dataset = h5_table(self->out, group, "realisations", H5T_NATIVE_DOUBLE, size, &self->block, 1);
    h5_text(self->out, dataset, "long_name", "realisations in the block");
    h5_close_dataset(dataset);
}

static void open_paired(sweep_output *self, const table_content *content)
{
    static const char *const name[UXO_SWEEP_PAIRED_COUNT] = {"duds", "accidents"};
    const bool expected = self->from->scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE;
    const char *const of[UXO_SWEEP_PAIRED_COUNT] = {expected ? "dud_expectation" : "dud_count",
                                                    expected ? "accident_expectation" : "accident_chance"};
    const hid_t group = h5_group(self->out, "paired");
    self->block = h5_plain_dimension(self->out, self->out->file, "block", content->blocks);
    write_block_sizes(self, group, content->blocks);
    const h5_dimension axes[3] = {self->scenario, self->block, self->row};
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        if (content->paired[k]) {
            self->paired[k] = h5_series_open(self->out, group, name[k], H5T_NATIVE_FLOAT, axes, 3, self->slab);
            h5_text(self->out, self->paired[k].dataset, "long_name",
                    "mean over a block of realisations, which have the same draws in every scenario");
            h5_word(self->out, self->paired[k].dataset, "of", of[k]);
            h5_word(self->out, self->paired[k].dataset, "units", "1");
        }
    }
    h5_close_group(group);
}

static bool allocate_slab(const sweep_output *self, table_slab *slab, const table_content *content)
{
    const size_t rows = (size_t)self->slab * content->rows;
    bool whole = true;
    memset(slab, 0, sizeof *slab);
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        slab->column[c] = malloc(rows * sizeof(double));
        whole = whole && slab->column[c] != NULL;
    }
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        slab->paired[k] = malloc(rows * content->blocks * sizeof(float));
        whole = whole && slab->paired[k] != NULL;
    }
    return whole;
}

static void free_slab(table_slab *slab)
{
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        free(slab->column[c]);
    }
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        free(slab->paired[k]);
    }
}

/* One scenario into the slab, NaN where it is missing. */
static void place_task(sweep_output *self, table_slab *slab, uint32_t at, const uxo_sweep_task *task,
                       const table_content *content)
{
    const size_t rows = content->rows, cells = rows * content->blocks;
    const bool there = task->rows == content->rows && task->blocks == content->blocks;
    if (task->rows != 0 && !there && self->out->status == UXO_OK) {
        self->out->status = uxo_fail(self->out->report, UXO_ERR_DATA, NULL,
                                     "a scenario has %u rows in its table, another one %u: the districts differ",
                                     task->rows, content->rows);
    }
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        for (size_t i = 0; i < rows; i++) {
            slab->column[c][at * rows + i] = there ? task->column[c][i] : NAN;
        }
    }
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        for (size_t i = 0; i < cells; i++) {
            slab->paired[k][at * cells + i] = there && task->paired[k] != NULL ? task->paired[k][i] : NAN;
        }
    }
}

static void write_scenarios(sweep_output *self, const table_content *content)
{
    h5_output *const out = self->out;
    table_slab slab;
    if (!allocate_slab(self, &slab, content)) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (uint32_t first = 0; first < self->scenarios && !h5_output_stopped(out); first += self->slab) {
        const uint32_t left = self->scenarios - first, count = left < self->slab ? left : self->slab;
        for (uint32_t i = 0; i < count && !h5_output_stopped(out); i++) {
            uxo_sweep_task task = {.rows = 0};
            if (uxo_sweep_store_entry(self->from->store, first + i + 1)->state == UXO_TASK_DONE) {
                out->status = read_task(self, first + i, &task);
            }
            if (out->status == UXO_OK) {
                place_task(self, &slab, i, &task, content);
            }
            take_maps(self, first + i);
            uxo_sweep_task_free(&task);
        }
        for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
            h5_series_write(out, &self->column[c], first, count, slab.column[c]);
        }
        for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
            h5_series_write(out, &self->paired[k], first, count, slab.paired[k]);
        }
    }
    free_slab(&slab);
}

static void close_all(sweep_output *self)
{
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        h5_series_close(&self->column[c]);
    }
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        h5_series_close(&self->paired[k]);
    }
    sweep_close_maps(self);
    h5_close_dimension(&self->scenario);
    h5_close_dimension(&self->parameter);
    h5_close_dimension(&self->row);
    h5_close_dimension(&self->block);
}

/* What is to be written, and what is known of it before. */
typedef struct collected {
    sweep_output output;
    table_content content;
} collected;

static void write_parts(h5_output *out, void *user)
{
    collected *const all = user;
    sweep_output *const self = &all->output;
    const table_content *const content = &all->content;
    self->out = out;
    sweep_write_design(self);
    self->row = h5_plain_dimension(out, out->file, "row", content->rows);
    const hid_t group = h5_group(out, "districts");
    write_rows(self, group, content);
    open_columns(self, group, content);
    open_paired(self, content);
    sweep_open_maps(self);
    write_scenarios(self, content);
    sweep_write_provenance(self);
    close_all(self);
    h5_close_group(group);
    h5_integer(out, out->file, "complete", 1);
}

/* One more scenario; true when nothing is left to learn. */
static bool add_content(table_content *self, const uxo_sweep_task *task)
{
    bool whole = true;
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        for (uint32_t i = 0; i < task->rows && !self->column[c]; i++) {
            self->column[c] = !isnan(task->column[c][i]);
        }
        whole = whole && self->column[c];
    }
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        self->paired[k] = self->paired[k] || task->paired[k] != NULL;
        whole = whole && self->paired[k];
    }
    return whole;
}

/* Scenarios may differ in what they know: a rank by affected area, say, where only some have an area. So all are asked, until every column is
 * known to be there. */
static uxo_status find_content(sweep_output *self, table_content *out)
{
    bool whole = false;
    *out = (table_content){.rows = 0};
    for (uint32_t s = 0; s < self->scenarios && !whole && !h5_output_stopped(self->out); s++) {
        if (uxo_sweep_store_entry(self->from->store, s + 1)->state == UXO_TASK_DONE) {
            uxo_sweep_task task;
            const uxo_status status = read_task(self, s, &task);
            if (status == UXO_OK && out->rows == 0) {
                out->rows = task.rows;
                out->blocks = task.blocks;
            }
            whole = status == UXO_OK && add_content(out, &task);
            uxo_sweep_task_free(&task);
            UXO_TRY(status);
        }
    }
    if (h5_output_stopped(self->out)) {
        return self->out->status;
    }
    if (out->rows == 0) {
        return uxo_fail(self->out->report, UXO_ERR_DATA, NULL,
                        "no scenario of the sweep is done: there is nothing to collect");
    }
    return out->rows == self->from->scenario->districts.count + 3
               ? UXO_OK
               : uxo_fail(self->out->report, UXO_ERR_DATA, NULL, "the tasks are of other districts");
}

static sweep_output prepare(h5_output *out, const uxo_sweep_collection *collection)
{
    sweep_output self = {.out = out, .from = collection, .scenarios = uxo_sweep_scenarios(collection->sweep)};
    self.scenario.scale = self.parameter.scale = self.row.scale = self.block.scale = H5I_INVALID_HID;
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        self.column[c].dataset = H5I_INVALID_HID;
    }
    for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
        self.paired[k].dataset = H5I_INVALID_HID;
    }
    return self;
}

uxo_status uxo_result_sweep_write(const char *path, const uxo_sweep_collection *collection, uxo_report *report)
{
    collected all;
    h5_output none = {
        .path = path, .stop = collection->stop, .report = report, .status = UXO_OK}; /* nothing is open yet */
    all.output = prepare(&none, collection);
    UXO_TRY(find_content(&all.output, &all.content));
    all.output.slab = choose_slab(all.output.scenarios, &all.content);
    return result_write_whole(path, collection->stop, write_parts, &all, report);
}
