/* result_sweep_read.c - see result_sweep.h: a collected sweep, read back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_file.h"
#include "sweep_blocks.h"
#include "uxosim/result_sweep.h"
#include "uxosim/sweep_task.h"

struct uxo_sweep_result {
    uxo_result *file;
    uxo_sweep_facts facts;
    const char *const *parameter, *const *key, *const *value, *const *row_name;
    const double *number, *point, *row_kind, *block_size;
    uint8_t *missing;
    const double *column[UXO_SWEEP_COLUMN_COUNT];
    int held[UXO_SWEEP_COLUMN_COUNT]; /* columns that are in the file */
    size_t held_count;
    sweep_blocks paired[UXO_SWEEP_PAIRED_COUNT]; /* open from when they are first asked for */
};

static uxo_status refuse(const uxo_sweep_result *self, uxo_report *report, const char *what)
{
    return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' is no collected sweep that this program can read: %s",
                    self->file->path, what);
}

/* A whole number of the root; false: there is none between 0 and `most`. */
static bool whole(const uxo_sweep_result *self, const char *name, double most, uint32_t *out)
{
    const double value = uxo_result_number(self->file, "/", name);
    *out = value >= 0.0 && value <= most ? (uint32_t)value : 0;
    return value >= 0.0 && value <= most;
}

static bool read_seed(const uxo_sweep_result *self, const char *name, uint64_t *out)
{
    const char *const text = uxo_result_text(self->file, "/", name);
    *out = text != NULL ? strtoull(text, NULL, 10) : 0;
    return text != NULL;
}

static uxo_status read_facts(uxo_sweep_result *self, uxo_report *report)
{
    uxo_sweep_facts *const facts = &self->facts;
    uint32_t second = 0;
    facts->title = uxo_result_text(self->file, "/", "title");
    facts->estimator = uxo_result_text(self->file, "/", "estimator");
    facts->design = uxo_result_text(self->file, "/", "design");
    facts->baseline = (int64_t)uxo_result_number(self->file, "/", "baseline");
    facts->paired_duds = uxo_result_text(self->file, "/paired/duds", "of");
    facts->paired_accidents = uxo_result_text(self->file, "/paired/accidents", "of");
    const bool numbers = whole(self, "realisations", 1e9, &facts->realisations) &&
                         whole(self, "design_rows", 1e9, &facts->design_rows) &&
                         whole(self, "design_scenarios", 1e9, &facts->design_scenarios) &&
                         whole(self, "missing_scenarios", 1e9, &facts->missing) &&
                         whole(self, "second_order", 1.0, &second) && read_seed(self, "seed", &facts->seed) &&
                         read_seed(self, "design_seed", &facts->design_seed);
    facts->second_order = second == 1;
    if (isnan(uxo_result_number(self->file, "/", "design_replicates"))) {
        facts->replicates = 1; /* a file from before there were any */
    } else if (!whole(self, "design_replicates", UXO_DESIGN_MOST_REPLICATES, &facts->replicates) ||
               facts->replicates == 0 || facts->design_rows % facts->replicates != 0) {
        return refuse(self, report, "its replicates do not fit its design");
    }
    return numbers && facts->title != NULL && facts->estimator != NULL && facts->design != NULL &&
                   facts->paired_duds != NULL
               ? UXO_OK
               : refuse(self, report, "an attribute of its root is missing");
}

static bool read_missing(uxo_sweep_result *self)
{
    size_t count;
    const double *const missing = uxo_result_numbers(self->file, "/missing", &count);
    self->facts.scenarios = (uint32_t)count;
    self->missing = missing != NULL ? malloc(count + 1) : NULL;
    for (size_t i = 0; self->missing != NULL && i < count; i++) {
        self->missing[i] = (uint8_t)missing[i];
    }
    return self->missing != NULL && count > 0 && self->facts.design_scenarios <= count &&
           self->facts.baseline < (int64_t)count;
}

static uxo_status read_tables(uxo_sweep_result *self, uxo_report *report)
{
    uxo_sweep_facts *const facts = &self->facts;
    size_t parameters, keys, values, rows, kinds, blocks, extent[4];
    self->parameter = uxo_result_strings(self->file, "/parameters/name", &parameters);
    self->key = uxo_result_strings(self->file, "/parameters/key", &keys);
    self->value = uxo_result_strings(self->file, "/parameters/value", &values);
    self->number = uxo_result_table(self->file, "/parameters/number", &extent[0], &extent[1]);
    self->point = uxo_result_table(self->file, "/unit_point", &extent[2], &extent[3]);
    self->row_name = uxo_result_strings(self->file, "/districts/name", &rows);
    self->row_kind = uxo_result_numbers(self->file, "/districts/row_kind", &kinds);
    self->block_size = uxo_result_numbers(self->file, "/paired/realisations", &blocks);
    if (!read_missing(self)) {
        return refuse(self, report, "/missing");
    }
    facts->parameters = (uint32_t)parameters;
    facts->rows = (uint32_t)rows;
    facts->blocks = (uint32_t)blocks;
    const size_t scenarios = facts->scenarios;
    if (parameters == 0 || keys != parameters || values != parameters * scenarios || extent[0] != scenarios ||
        extent[1] != parameters || extent[2] != scenarios || extent[3] != parameters) {
        return refuse(self, report, "its parameters do not fit its scenarios");
    }
    return rows > 0 && kinds == rows && blocks > 0 ? UXO_OK : refuse(self, report, "its rows do not fit");
}

static void find_columns(uxo_sweep_result *self)
{
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        char path[RESULT_NAME_SIZE];
        snprintf(path, sizeof path, "/districts/%s", uxo_sweep_column_info(c).name);
        if (result_has(self->file, path)) {
            self->held[self->held_count++] = c;
        }
    }
}

/* Rasters with a grid mapping and a first axis of scenarios. */
static herr_t visit_map(hid_t group, const char *name, const H5L_info_t *info, void *user)
{
    uxo_sweep_result *const self = user;
    uxo_result *const file = self->file;
    hsize_t size[H5S_MAX_RANK] = {0};
    char path[RESULT_NAME_SIZE + 1];
    if (info->type != H5L_TYPE_HARD || strlen(name) >= RESULT_NAME_SIZE || file->layer_count == RESULT_MAX_LAYERS) {
        return 0;
    }
    snprintf(path, sizeof path, "/%s", name);
    const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    const bool dataset = object >= 0 && H5Iget_type(object) == H5I_DATASET;
    const hid_t space = dataset ? H5Dget_space(object) : H5I_INVALID_HID;
    if (space >= 0 && H5Sget_simple_extent_dims(space, size, NULL) == 3 && size[0] == self->facts.scenarios &&
        size[1] == file->grid.ny && size[2] == file->grid.nx) {
        result_layer *const layer = &file->layer[file->layer_count++];
        *layer = (result_layer){.planes = self->facts.scenarios, .missing = NAN, .axis = UXO_AXIS_QUANTILE};
        snprintf(layer->name, sizeof layer->name, "%s", name);
        layer->unit = uxo_result_text(file, path, "units");
        layer->sentence = uxo_result_text(file, path, "long_name");
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    if (object >= 0) {
        H5Oclose(object);
    }
    return 0;
}

static uxo_status read_all(uxo_sweep_result *self, uxo_report *report)
{
    UXO_TRY(read_facts(self, report));
    UXO_TRY(read_tables(self, report));
    find_columns(self);
    self->file->layer_count = 0; /* opening took those for layers that have one plane */
    const h5_silence silence = h5_silence_begin();
    const bool listed = self->file->grid.nx == 0 ||
                        H5Literate(self->file->file, H5_INDEX_NAME, H5_ITER_INC, NULL, visit_map, self) >= 0;
    h5_silence_end(silence);
    return listed ? UXO_OK : refuse(self, report, "it cannot be listed");
}

uxo_status uxo_result_sweep_open(uxo_sweep_result **self, const char *path, uxo_report *report)
{
    const result_kind kind = {"uxosim-sweep", UXO_SWEEP_FORMAT_VERSION,
                              "is an HDF5 file, but not a collected sweep of uxosim", true, NULL};
    *self = NULL;
    uxo_sweep_result *const result = calloc(1, sizeof *result);
    if (result == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    uxo_status status = result_open_kind(&result->file, path, &kind, report);
    if (status == UXO_OK) {
        status = read_all(result, report);
    }
    if (status != UXO_OK) {
        uxo_result_sweep_close(result);
        return status;
    }
    *self = result;
    return UXO_OK;
}

void uxo_result_sweep_close(uxo_sweep_result *self)
{
    if (self != NULL) {
        for (int k = 0; k < UXO_SWEEP_PAIRED_COUNT; k++) {
            sweep_blocks_close(&self->paired[k]);
        }
        uxo_result_close(self->file);
        free(self->missing);
        free(self);
    }
}

uxo_result *uxo_result_sweep_file(const uxo_sweep_result *self)
{
    return self->file;
}

const uxo_sweep_facts *uxo_result_sweep_facts(const uxo_sweep_result *self)
{
    return &self->facts;
}

const char *uxo_result_sweep_parameter(const uxo_sweep_result *self, uint32_t parameter)
{
    return self->parameter[parameter];
}

const char *uxo_result_sweep_key(const uxo_sweep_result *self, uint32_t parameter)
{
    return self->key[parameter];
}

const char *uxo_result_sweep_value(const uxo_sweep_result *self, uint32_t scenario, uint32_t parameter)
{
    return self->value[(size_t)scenario * self->facts.parameters + parameter];
}

double uxo_result_sweep_number(const uxo_sweep_result *self, uint32_t scenario, uint32_t parameter)
{
    return self->number[(size_t)scenario * self->facts.parameters + parameter];
}

const double *uxo_result_sweep_points(const uxo_sweep_result *self)
{
    return self->point;
}

const uint8_t *uxo_result_sweep_missing(const uxo_sweep_result *self)
{
    return self->missing;
}

const char *uxo_result_sweep_row_name(const uxo_sweep_result *self, uint32_t row)
{
    return self->row_name[row];
}

int uxo_result_sweep_row_kind(const uxo_sweep_result *self, uint32_t row)
{
    return (int)self->row_kind[row];
}

const double *uxo_result_sweep_column(uxo_sweep_result *self, const char *column)
{
    char path[RESULT_NAME_SIZE];
    size_t scenarios, rows;
    for (size_t i = 0; i < self->held_count; i++) {
        const int c = self->held[i];
        if (strcmp(uxo_sweep_column_info(c).name, column) == 0) {
            snprintf(path, sizeof path, "/districts/%s", column);
            if (self->column[c] == NULL) {
                const double *const table = uxo_result_table(self->file, path, &scenarios, &rows);
                self->column[c] = scenarios == self->facts.scenarios && rows == self->facts.rows ? table : NULL;
            }
            return self->column[c];
        }
    }
    return NULL;
}

size_t uxo_result_sweep_column_count(const uxo_sweep_result *self)
{
    return self->held_count;
}

const char *uxo_result_sweep_column_name(const uxo_sweep_result *self, size_t index)
{
    return uxo_sweep_column_info(self->held[index]).name;
}

const double *uxo_result_sweep_block_sizes(const uxo_sweep_result *self)
{
    return self->block_size;
}

/* The dataset of what is paired, open, and of the file's extents; NULL: it is neither. */
static sweep_blocks *open_paired(uxo_sweep_result *self, uxo_sweep_paired which, const char *path)
{
    sweep_blocks *const blocks = &self->paired[which];
    const uxo_sweep_facts *const facts = &self->facts;
    if (!blocks->open && !sweep_blocks_open(blocks, self->file->file, path)) {
        return NULL;
    }
    return blocks->extent[0] == facts->scenarios && blocks->extent[1] == facts->blocks &&
                   blocks->extent[2] == facts->rows
               ? blocks
               : NULL;
}

uxo_status uxo_result_sweep_block_rows(uxo_sweep_result *self, const char *what, uint32_t scenario, uint32_t first_row,
                                       uint32_t rows, float *out, uxo_report *report)
{
    static const char *const path[UXO_SWEEP_PAIRED_COUNT] = {"/paired/duds", "/paired/accidents"};
    const uxo_sweep_paired which = strcmp(what, "duds") == 0 ? UXO_SWEEP_DUDS : UXO_SWEEP_ACCIDENTS;
    if ((which != UXO_SWEEP_DUDS && strcmp(what, "accidents") != 0) || !result_has(self->file, path[which])) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL, "'%s' holds no paired means of '%s'", self->file->path, what);
    }
    const h5_silence silence = h5_silence_begin();
    sweep_blocks *const blocks = open_paired(self, which, path[which]);
    const bool good = blocks != NULL && sweep_blocks_read(blocks, scenario, first_row, rows, out);
    h5_silence_end(silence);
    return good ? UXO_OK
                : uxo_fail(report, UXO_ERR_IO, NULL, "cannot read '%s' of '%s'", path[which], self->file->path);
}

uxo_status uxo_result_sweep_blocks(uxo_sweep_result *self, const char *what, uint32_t scenario, float *out,
                                   uxo_report *report)
{
    return uxo_result_sweep_block_rows(self, what, scenario, 0, self->facts.rows, out, report);
}

const uxo_grid *uxo_result_sweep_grid(const uxo_sweep_result *self)
{
    return self->file->grid.nx > 0 ? &self->file->grid : NULL;
}

const char *uxo_result_sweep_crs_wkt(const uxo_sweep_result *self)
{
    return self->file->crs_wkt;
}

size_t uxo_result_sweep_layer_count(const uxo_sweep_result *self)
{
    return self->file->layer_count;
}

const char *uxo_result_sweep_layer_name(const uxo_sweep_result *self, size_t index)
{
    return uxo_result_layer_name(self->file, index);
}

uxo_status uxo_result_sweep_rows(uxo_sweep_result *self, const char *layer, uint32_t scenario, uint32_t first_row,
                                 uint32_t rows, float *out, uxo_report *report)
{
    return uxo_result_read_rows(self->file, layer, scenario, first_row, rows, out, report);
}
