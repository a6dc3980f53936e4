/* result_surface_read.c - /surface read back, every number checked before it is an index. Not here: writing it (result_surface.c).
 */
#include <stdlib.h>
#include <string.h>

#include "result_file.h"
#include "result_surface.h"

static bool unpack_quantity(const double *in, uxo_quantity *out)
{
    *out = uxo_quantity_constant(0.0);
    if (!(in[0] >= 0.0 && in[0] <= (double)UXO_FORM_CHOICE && in[1] >= 0.0 && in[1] <= (double)UXO_PER_CARRIER &&
          in[8] >= 0.0 && in[8] <= (double)UXO_MAX_CHOICES)) {
        return false;
    }
    out->form = (uxo_form)in[0];
    out->per = (uxo_per)in[1];
    out->integer = in[2] > 0.5;
    out->lower = in[3];
    out->upper = in[4];
    memcpy(out->p, in + 5, sizeof out->p);
    out->choices = (uint32_t)in[8];
    memcpy(out->value, in + 9, sizeof out->value);
    memcpy(out->weight, in + 9 + UXO_MAX_CHOICES, sizeof out->weight);
    return true;
}

/* A table while it is being read back: whole numbers below a bound. */
typedef struct word_table {
    const double *value;
    size_t count;
} word_table;

static bool read_words(uxo_result *file, const char *name, double below, word_table *out)
{
    char path[RESULT_NAME_SIZE];
    snprintf(path, sizeof path, "/surface/%s", name);
    out->value = uxo_result_numbers(file, path, &out->count);
    for (size_t i = 0; i < out->count; i++) {
        if (!(out->value[i] >= 0.0 && out->value[i] < below)) {
            return false;
        }
    }
    return true;
}

/* The quantities of a table; false when there are not so many. */
static bool read_quantities(uxo_result *file, const char *path, size_t count, void *first, size_t stride)
{
    size_t rows = 0, columns = 0;
    const double *const table = uxo_result_table(file, path, &rows, &columns);
    bool good = rows == count && (count == 0 || columns == SURFACE_QUANTITY_NUMBERS);
    for (size_t i = 0; good && i < count; i++) {
        good =
            unpack_quantity(table + i * SURFACE_QUANTITY_NUMBERS, (uxo_quantity *)(void *)((char *)first + i * stride));
    }
    return good;
}

static bool read_classes(uxo_result *file, uxo_surface *out)
{
    size_t count = 0;
    const char *const *const name = uxo_result_strings(file, "/surface/ground_name", &count);
    const double reference = uxo_result_number(file, "/surface", "reference");
    out->ground = calloc(count + 1, sizeof *out->ground);
    if (name == NULL || out->ground == NULL || !(reference >= 0.0 && reference < (double)count)) {
        return false;
    }
    out->reference = (uint32_t)reference;
    out->ground_count = (uint32_t)count;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        out->ground[i].name = strdup(name[i]);
        good = good && out->ground[i].name != NULL;
    }
    return good &&
           read_quantities(file, "/surface/ground_log_odds", count, &out->ground->log_odds, sizeof *out->ground);
}

static bool read_tasks(uxo_result *file, uxo_surface *out)
{
    size_t count = 0;
    word_table day;
    const char *const *const name = uxo_result_strings(file, "/surface/task_name", &count);
    out->task = calloc(count + 1, sizeof *out->task);
    if (out->task == NULL || !read_words(file, "task_day", 4294967296.0, &day) || day.count != count) {
        return false;
    }
    out->task_count = (uint32_t)count;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        out->task[i].name = strdup(name[i]);
        out->task[i].day = (int32_t)(uint32_t)day.value[i];
        good = good && out->task[i].name != NULL;
    }
    return good && read_quantities(file, "/surface/task_coverage", count, &out->task->coverage, sizeof *out->task) &&
           read_quantities(file, "/surface/task_detection", count, &out->task->detection, sizeof *out->task);
}

static bool read_kinds(uxo_result *file, uxo_surface *out)
{
    word_table ground, tasks, task;
    if (!read_words(file, "kind_ground", out->ground_count, &ground) ||
        !read_words(file, "kind_tasks", (double)out->task_count + 1.0, &tasks) ||
        !read_words(file, "kind_task_of", out->task_count, &task) || tasks.count != ground.count || ground.count == 0) {
        return false;
    }
    out->kind = calloc(ground.count, sizeof *out->kind);
    out->task_of_kind = calloc(task.count + 1, sizeof *out->task_of_kind);
    size_t next = 0;
    for (size_t i = 0; out->kind != NULL && i < ground.count; i++) {
        out->kind[i] = (uxo_surface_kind){(uint32_t)ground.value[i], (uint32_t)next, (uint32_t)tasks.value[i]};
        next += (size_t)tasks.value[i];
    }
    for (size_t i = 0; out->task_of_kind != NULL && i < task.count; i++) {
        out->task_of_kind[i] = (uint32_t)task.value[i];
    }
    out->kind_count = (uint32_t)ground.count;
    return out->kind != NULL && out->task_of_kind != NULL && next == task.count;
}

/* Bytes of /surface/tile_weight; to be freed. NULL: not as many as wanted. */
static uint8_t *read_weights(const uxo_result *file, size_t wanted)
{
    uint8_t *const weight = calloc(wanted + 1, 1);
    const h5_silence silence = h5_silence_begin();
    const bool there = wanted > 0 && result_has(file, "/surface/tile_weight");
    const hid_t dataset = there ? H5Dopen2(file->file, "/surface/tile_weight", H5P_DEFAULT) : H5I_INVALID_HID;
    const hid_t space = dataset >= 0 ? H5Dget_space(dataset) : H5I_INVALID_HID;
    const bool fits = space >= 0 && H5Sget_simple_extent_npoints(space) == (hssize_t)wanted;
    const bool read = wanted == 0 || (fits && weight != NULL &&
                                      H5Dread(dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, weight) >= 0);
    if (space >= 0) {
        H5Sclose(space);
    }
    h5_close_dataset(dataset);
    h5_silence_end(silence);
    if (!read) {
        free(weight);
        return NULL;
    }
    return weight;
}

/* One tile from what all have; false when memory runs out. */
static bool take_tile(uxo_surface_tile *tile, uint32_t kinds, const double *kind, const uint8_t *weight)
{
    uint32_t *const own = calloc(kinds, sizeof *own);
    uint8_t *const own_weight = kinds > 1 ? malloc((size_t)kinds * UXO_TILE_CELLS) : NULL;
    for (uint32_t k = 0; own != NULL && k < kinds; k++) {
        own[k] = (uint32_t)kind[k];
    }
    if (own_weight != NULL) {
        memcpy(own_weight, weight, (size_t)kinds * UXO_TILE_CELLS);
    }
    *tile = (uxo_surface_tile){kinds, own, own_weight};
    return own != NULL && (kinds == 1 || own_weight != NULL);
}

static bool read_tiles(uxo_result *file, uxo_surface *out)
{
    word_table kinds, kind;
    size_t wanted = 0, all = 0, next = 0, at = 0;
    if (!read_words(file, "tile_kinds", (double)out->kind_count + 1.0, &kinds) ||
        !read_words(file, "tile_kind_of", out->kind_count, &kind) || kinds.count != uxo_grid_tile_count(&file->grid)) {
        return false;
    }
    for (size_t t = 0; t < kinds.count; t++) {
        all += (size_t)kinds.value[t];
        wanted += kinds.value[t] > 1.0 ? (size_t)kinds.value[t] * UXO_TILE_CELLS : 0;
        if (kinds.value[t] < 1.0) {
            return false;
        }
    }
    uint8_t *const weight = all == kind.count ? read_weights(file, wanted) : NULL;
    out->tile = weight != NULL ? calloc(kinds.count, sizeof *out->tile) : NULL;
    out->tile_count = out->tile != NULL ? kinds.count : 0;
    bool good = out->tile != NULL;
    for (size_t t = 0; good && t < kinds.count; t++) {
        const uint32_t count = (uint32_t)kinds.value[t];
        good = take_tile(&out->tile[t], count, kind.value + next, weight + at);
        next += count;
        at += count > 1 ? (size_t)count * UXO_TILE_CELLS : 0;
    }
    free(weight);
    return good;
}

bool result_has_surface(const uxo_result *self)
{
    const h5_silence silence = h5_silence_begin();
    const bool has = result_has(self, "/surface");
    h5_silence_end(silence);
    return has;
}

uxo_status result_read_surface(uxo_result *self, uxo_surface *out, uxo_report *report)
{
    memset(out, 0, sizeof *out);
    if (uxo_result_number(self, "/surface", "kept") < 0.5) {
        return uxo_fail(
            report, UXO_ERR_DATA, NULL,
            "'%s' does not hold its ground and clearance cell by cell, which would take more than 256 MiB: its "
            "realisations cannot be drawn again; larger cells would do",
            self->path);
    }
    out->given = true;
    if (read_classes(self, out) && read_tasks(self, out) && read_kinds(self, out) && read_tiles(self, out)) {
        return UXO_OK;
    }
    uxo_surface_free(out);
    return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' has a table /surface that this program cannot read", self->path);
}
