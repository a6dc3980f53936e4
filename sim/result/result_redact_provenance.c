/* result_redact_provenance.c - what a public copy may say about its making: a list of what stays, by key and by role of
 * a file. */
#include <stdlib.h>
#include <string.h>

#include "result_redact.h"

static const char *const KEPT_KEYS[] = {"format", "title",    "run",      "grid", "layers", "munitions",
                                        "ground", "campaign", "exposure", "risk", "output", "background"};
static const char *const KEPT_ROLES[] = {"munitions", "districts", "population", "zones", "ground"};

/* Is the first part of a dotted path in the list? The seed is below `run`, but stays out (result_redact.c says why). */
static bool is_kept(const char *text, const char *const *list, size_t count)
{
    if (strcmp(text, "run.seed") == 0) {
        return false;
    }
    const size_t length = strcspn(text, ".");
    for (size_t i = 0; i < count; i++) {
        if (strlen(list[i]) == length && strncmp(list[i], text, length) == 0) {
            return true;
        }
    }
    return false;
}

typedef struct public_table {
    const char *const *column; /* names of text tables; the first decides */
    size_t columns;
    const char *dimension;
    const char *const *list; /* NULL: every row */
    size_t list_count;
} public_table;

static void copy_column(const redaction *self, hid_t group, const char *path, const char *name, const bool *keep,
                        size_t count, const h5_dimension *dimension)
{
    size_t there = 0;
    const char *const *const texts = uxo_result_strings(self->source, path, &there);
    const char **const kept = calloc(count + 1, sizeof *kept);
    size_t next = 0;
    for (size_t i = 0; kept != NULL && texts != NULL && i < count && i < there; i++) {
        if (keep[i]) {
            kept[next++] = texts[i];
        }
    }
    if (kept == NULL) {
        self->out->status = uxo_fail(self->out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else if (next == dimension->length) {
        const hid_t dataset = h5_texts(self->out, group, name, kept, dimension);
        h5_text(self->out, dataset, "long_name", uxo_result_text(self->source, path, "long_name"));
        h5_close_dataset(dataset);
    }
    free(kept);
}

static void copy_table(const redaction *self, hid_t group, const public_table *table)
{
    char path[RESULT_NAME_SIZE];
    size_t count = 0;
    size_t length = 0;
    snprintf(path, sizeof path, "/provenance/%s", table->column[0]);
    const char *const *const first = uxo_result_strings(self->source, path, &count);
    bool *const keep = calloc(count + 1, sizeof *keep);
    for (size_t i = 0; keep != NULL && i < count; i++) {
        keep[i] = table->list == NULL || is_kept(first[i], table->list, table->list_count);
        length += keep[i];
    }
    if (keep != NULL && length > 0) {
        h5_dimension dimension = h5_plain_dimension(self->out, group, table->dimension, length);
        for (size_t c = 0; c < table->columns; c++) {
            snprintf(path, sizeof path, "/provenance/%s", table->column[c]);
            copy_column(self, group, path, table->column[c], keep, count, &dimension);
        }
        h5_close_dimension(&dimension);
    }
    free(keep);
}

void redaction_write_provenance(const redaction *self)
{
    static const char *const versions[] = {"uxosim_version", "uxosim_commit", "gsl_version",       "hdf5_version",
                                           "gdal_version",   "sleef_version", "libdeflate_version"};
    static const char *const used[] = {"used_path", "used_value", "used_mark", "used_source"};
    static const char *const input[] = {"input_role", "input_name", "input_sha256"};
    static const char *const source[] = {"source_munition", "source_number", "source_text", "source_origin"};
    const public_table table[] = {{used, 4, "used", KEPT_KEYS, sizeof KEPT_KEYS / sizeof *KEPT_KEYS},
                                  {input, 3, "input", KEPT_ROLES, sizeof KEPT_ROLES / sizeof *KEPT_ROLES},
                                  {source, 4, "source", NULL, 0}};
    const hid_t group = h5_group(self->out, "provenance");
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        const char *const text = uxo_result_text(self->source, "/provenance", versions[i]);
        if (text != NULL) {
            h5_text(self->out, group, versions[i], text);
        }
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        copy_table(self, group, &table[i]);
    }
    h5_close_group(group);
}
