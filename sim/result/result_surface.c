/* result_surface.c - /surface: ground classes and clearance as the engine saw them, cell by cell, so that realisations can be drawn again:
 * written. Not here: reading it back (result_surface_read.c), the raster /ground for people (result_inputs.c).
 */
#include "result_surface.h"

#include <stdlib.h>
#include <string.h>

/* Above this the cells are left out: 256 MiB, as of all tables. */
static const size_t MOST_BYTES = (size_t)256 * 1024 * 1024;

static void pack_quantity(const uxo_quantity *quantity, double *out)
{
    const double head[] = {(double)quantity->form, (double)quantity->per, quantity->integer ? 1.0 : 0.0,
                           quantity->lower,        quantity->upper,       quantity->p[0],
                           quantity->p[1],         quantity->p[2],        (double)quantity->choices};
    memcpy(out, head, sizeof head);
    memcpy(out + 9, quantity->value, sizeof quantity->value);
    memcpy(out + 9 + UXO_MAX_CHOICES, quantity->weight, sizeof quantity->weight);
}

/* Where the tables go, with scratch that is large enough for any of them. */
typedef struct surface_writer {
    h5_output *out;
    hid_t group;
    const uxo_surface *surface;
    const char **texts;
    double *numbers;
    uint32_t *words;
} surface_writer;

static void write_words(const surface_writer *self, const char *name, const char *sentence,
                        const h5_dimension *dimension)
{
    const hid_t dataset = h5_table(self->out, self->group, name, H5T_NATIVE_UINT32, self->words, dimension, 1);
    h5_text(self->out, dataset, "long_name", sentence);
    h5_word(self->out, dataset, "units", "1");
    h5_close_dataset(dataset);
}

static void write_quantities(const surface_writer *self, const char *name, const char *sentence,
                             const h5_dimension dimensions[2])
{
    const hid_t dataset = h5_table(self->out, self->group, name, H5T_NATIVE_DOUBLE, self->numbers, dimensions, 2);
    h5_text(self->out, dataset, "long_name", sentence);
    h5_close_dataset(dataset);
}

static void write_classes(const surface_writer *self, const h5_dimension *number)
{
    const uxo_surface *const surface = self->surface;
    h5_dimension axes[2] = {h5_plain_dimension(self->out, self->group, "ground_class", surface->ground_count), *number};
    for (uint32_t i = 0; i < surface->ground_count; i++) {
        self->texts[i] = surface->ground[i].name;
        pack_quantity(&surface->ground[i].log_odds, self->numbers + (size_t)i * SURFACE_QUANTITY_NUMBERS);
    }
    const hid_t names = h5_texts(self->out, self->group, "ground_name", self->texts, &axes[0]);
    h5_text(self->out, names, "long_name", "ground class");
    h5_close_dataset(names);
    write_quantities(
        self, "ground_log_odds",
        "log odds of failure against the reference class: form, level, whole, least, most, three parameters, "
        "number of choices, their values, their weights",
        axes);
    h5_close_dimension(&axes[0]);
}

static void write_tasks(const surface_writer *self, const h5_dimension *number)
{
    const uxo_surface *const surface = self->surface;
    h5_dimension axes[2] = {h5_plain_dimension(self->out, self->group, "task", surface->task_count), *number};
    for (uint32_t i = 0; i < surface->task_count; i++) {
        self->texts[i] = surface->task[i].name;
        self->words[i] = (uint32_t)surface->task[i].day;
        pack_quantity(&surface->task[i].coverage, self->numbers + (size_t)i * SURFACE_QUANTITY_NUMBERS);
    }
    const hid_t names = h5_texts(self->out, self->group, "task_name", self->texts, &axes[0]);
    h5_text(self->out, names, "long_name", "clearance task");
    h5_close_dataset(names);
    write_words(self, "task_day", "days since 1970-01-01", &axes[0]);
    write_quantities(self, "task_coverage", "share of the ground that was searched; numbers as of ground_log_odds",
                     axes);
    for (uint32_t i = 0; i < surface->task_count; i++) {
        pack_quantity(&surface->task[i].detection, self->numbers + (size_t)i * SURFACE_QUANTITY_NUMBERS);
    }
    write_quantities(self, "task_detection", "P(found and removed | searched); numbers as of ground_log_odds", axes);
    h5_close_dimension(&axes[0]);
}

static void write_kinds(const surface_writer *self)
{
    const uxo_surface *const surface = self->surface;
    uint32_t tasks = 0;
    h5_dimension kind = h5_plain_dimension(self->out, self->group, "kind", surface->kind_count);
    for (uint32_t i = 0; i < surface->kind_count; i++) {
        self->words[i] = surface->kind[i].ground;
    }
    write_words(self, "kind_ground", "kind of surface: its ground class", &kind);
    for (uint32_t i = 0; i < surface->kind_count; i++) {
        self->words[i] = surface->kind[i].task_count;
        tasks += surface->kind[i].task_count;
    }
    write_words(self, "kind_tasks", "how many tasks cover it", &kind);
    h5_close_dimension(&kind);
    h5_dimension task = h5_plain_dimension(self->out, self->group, "kind_task", tasks);
    uint32_t next = 0;
    for (uint32_t i = 0; i < surface->kind_count; i++) {
        for (uint32_t k = 0; k < surface->kind[i].task_count; k++) {
            self->words[next++] = surface->task_of_kind[surface->kind[i].first_task + k];
        }
    }
    write_words(self, "kind_task_of", "tasks of each kind, one kind after the other", &task);
    h5_close_dimension(&task);
}

static size_t weight_bytes(const uxo_surface *surface)
{
    size_t bytes = 0;
    for (size_t t = 0; t < surface->tile_count; t++) {
        bytes += surface->tile[t].kind_count > 1 ? (size_t)surface->tile[t].kind_count * UXO_TILE_CELLS : 0;
    }
    return bytes;
}

static void write_weights(const surface_writer *self, size_t bytes)
{
    const uxo_surface *const surface = self->surface;
    uint8_t *const weight = malloc(bytes + 1);
    size_t next = 0;
    if (weight == NULL) {
        self->out->status = uxo_fail(self->out->report, UXO_ERR_MEMORY, NULL, "out of memory for the surface");
        return;
    }
    for (size_t t = 0; t < surface->tile_count; t++) {
        const uxo_surface_tile *const tile = &surface->tile[t];
        const size_t size = tile->kind_count > 1 ? (size_t)tile->kind_count * UXO_TILE_CELLS : 0;
        if (size > 0) {
            memcpy(weight + next, tile->weight, size);
        }
        next += size;
    }
    h5_dimension dimension = h5_plain_dimension(self->out, self->group, "weight", bytes);
    const hid_t dataset = h5_table(self->out, self->group, "tile_weight", H5T_NATIVE_UINT8, weight, &dimension, 1);
    h5_text(self->out, dataset, "long_name", "255ths of each cell, kind by kind, of the tiles that have several");
    h5_close_dataset(dataset);
    h5_close_dimension(&dimension);
    free(weight);
}

static void write_tiles(const surface_writer *self, uint32_t kinds)
{
    const uxo_surface *const surface = self->surface;
    h5_dimension tile = h5_plain_dimension(self->out, self->group, "tile", surface->tile_count);
    for (size_t t = 0; t < surface->tile_count; t++) {
        self->words[t] = surface->tile[t].kind_count;
    }
    write_words(self, "tile_kinds", "how many kinds the tiles of 64 x 64 cells have, row by row from the north-west",
                &tile);
    h5_close_dimension(&tile);
    h5_dimension kind = h5_plain_dimension(self->out, self->group, "tile_kind", kinds);
    uint32_t next = 0;
    for (size_t t = 0; t < surface->tile_count; t++) {
        for (uint32_t k = 0; k < surface->tile[t].kind_count; k++) {
            self->words[next++] = surface->tile[t].kind[k];
        }
    }
    write_words(self, "tile_kind_of", "kinds of each tile, one tile after the other", &kind);
    h5_close_dimension(&kind);
    write_weights(self, weight_bytes(surface));
}

void result_write_surface(h5_output *out, const uxo_scenario *scenario)
{
    const uxo_surface *const surface = &scenario->surface;
    size_t tasks = 0, kinds = 0;
    if (!surface->given || h5_output_stopped(out)) {
        return;
    }
    const bool kept = weight_bytes(surface) <= MOST_BYTES;
    for (uint32_t i = 0; i < surface->kind_count; i++) {
        tasks += surface->kind[i].task_count;
    }
    for (size_t t = 0; t < surface->tile_count; t++) {
        kinds += surface->tile[t].kind_count;
    }
    const size_t most =
        tasks + kinds + surface->tile_count + surface->kind_count + surface->task_count + surface->ground_count + 1;
    const size_t rows = (size_t)surface->task_count + surface->ground_count;
    surface_writer self = {.out = out,
                           .group = h5_group(out, "surface"),
                           .surface = surface,
                           .texts = calloc(rows + 1, sizeof *self.texts),
                           .numbers = calloc((rows + 1) * SURFACE_QUANTITY_NUMBERS, sizeof *self.numbers),
                           .words = calloc(most, sizeof *self.words)};
    if (self.texts == NULL || self.numbers == NULL || self.words == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory for the surface");
    } else {
        h5_text(out, self.group, "long_name", "ground and clearance as they were used, for drawing realisations again");
        h5_integer(out, self.group, "kept", kept ? 1 : 0);
    }
    if (kept && out->status == UXO_OK) {
        h5_integer(out, self.group, "reference", (int32_t)surface->reference);
        h5_dimension number = h5_plain_dimension(out, self.group, "quantity_number", SURFACE_QUANTITY_NUMBERS);
        write_classes(&self, &number);
        write_tasks(&self, &number);
        write_kinds(&self);
        write_tiles(&self, (uint32_t)kinds);
        h5_close_dimension(&number);
    }
    h5_close_group(self.group);
    free(self.texts);
    free(self.numbers);
    free(self.words);
}
