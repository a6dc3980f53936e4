/* result_redact_variance.c - /variance and /ranking of a public copy: as they are, since they tell of districts and of types, not of strikes. */
#include <math.h>
#include <stdio.h>

#include "result_redact.h"

enum { NONE = -1, MOST_AXES = 3 };

/* A table with the axes that it has, by index. */
typedef struct copied_table {
    const char *name;
    int axis[2];
} copied_table;

/* A group: its axes, each with the texts that say how long it is, and its tables. */
typedef struct copied_group {
    const char *path, *name;
    const char *axis[MOST_AXES], *axis_texts[MOST_AXES];
    const char *first_meaning; /* texts about the first axis; NULL: none */
    const copied_table *table;
    size_t table_count;
} copied_group;

static void copy_text_attribute(const redaction *self, hid_t target, const char *path, const char *attribute)
{
    const char *const text = uxo_result_text(self->source, path, attribute);
    if (text != NULL) {
        h5_text(self->out, target, attribute, text);
    }
}

static void copy_numbers(const redaction *self, hid_t group, const copied_group *from, const copied_table *table,
                         const h5_dimension axes[MOST_AXES])
{
    char path[96];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/%s", from->path, table->name);
    const double *const values = uxo_result_numbers(self->source, path, &count);
    const unsigned rank = table->axis[1] == NONE ? 1 : 2;
    const h5_dimension mine[2] = {axes[table->axis[0]], axes[rank == 2 ? table->axis[1] : table->axis[0]]};
    const hsize_t wanted = mine[0].length * (rank == 2 ? mine[1].length : 1);
    if (values == NULL || wanted == 0 || count != wanted) {
        return;
    }
    const hid_t dataset = h5_table(self->out, group, table->name, H5T_NATIVE_DOUBLE, values, mine, rank);
    if (!isnan(uxo_result_number(self->source, path, "_FillValue")) ||
        uxo_result_text(self->source, path, "_FillValue") != NULL) {
        h5_number(self->out, dataset, "_FillValue", (double)NAN);
    }
    copy_text_attribute(self, dataset, path, "long_name");
    h5_word(self->out, dataset, "units", "1");
    h5_close_dataset(dataset);
}

static void copy_meaning(const redaction *self, hid_t group, const copied_group *from, const h5_dimension *axis)
{
    char path[96];
    size_t count = 0;
    if (from->first_meaning != NULL) {
        snprintf(path, sizeof path, "%s/%s", from->path, from->first_meaning);
        const char *const *const texts = uxo_result_strings(self->source, path, &count);
        if (texts != NULL && count == axis->length) {
            h5_close_dataset(h5_texts(self->out, group, from->first_meaning, texts, axis));
        }
    }
}

static void copy_group(const redaction *self, const copied_group *from)
{
    const char *const *texts[MOST_AXES] = {NULL};
    size_t length[MOST_AXES] = {0};
    h5_dimension axes[MOST_AXES];
    char path[96];
    for (int i = 0; i < MOST_AXES && from->axis[i] != NULL; i++) {
        snprintf(path, sizeof path, "%s/%s", from->path, from->axis_texts[i]);
        texts[i] = uxo_result_strings(self->source, path, &length[i]);
    }
    if (texts[0] == NULL || length[0] == 0) {
        return;
    }
    const hid_t group = h5_group(self->out, from->name);
    copy_text_attribute(self, group, from->path, "long_name");
    const double pairs = uxo_result_number(self->source, from->path, "pairs");
    const double least = uxo_result_number(self->source, from->path, "least_accidents");
    if (!isnan(pairs)) {
        h5_integer(self->out, group, "pairs", (int32_t)pairs);
    }
    if (!isnan(least)) {
        h5_number(self->out, group, "least_accidents", least);
    }
    for (int i = 0; i < MOST_AXES && from->axis[i] != NULL; i++) {
        axes[i] = (h5_dimension){H5I_INVALID_HID, 0};
        if (texts[i] != NULL && length[i] > 0) {
            axes[i] = h5_plain_dimension(self->out, group, from->axis[i], length[i]);
            h5_close_dataset(h5_texts(self->out, group, from->axis_texts[i], texts[i], &axes[i]));
        }
    }
    copy_meaning(self, group, from, &axes[0]);
    for (size_t i = 0; i < from->table_count; i++) {
        copy_numbers(self, group, from, &from->table[i], axes);
    }
    for (int i = 0; i < MOST_AXES && from->axis[i] != NULL; i++) {
        h5_close_dimension(&axes[i]);
    }
    h5_close_group(group);
}

void redaction_write_variance(const redaction *self)
{
    static const copied_table shares[] = {
        {"duds_first_order", {0, 1}},
        {"duds_first_order_se", {0, 1}},
        {"duds_total", {0, 1}},
        {"duds_total_se", {0, 1}},
        {"independent_duds_sd", {1, NONE}},
        {"independent_duds_p05", {1, NONE}},
        {"independent_duds_p50", {1, NONE}},
        {"independent_duds_p95", {1, NONE}},
        {"item_duds_share", {2, NONE}},
        {"item_duds_share_se", {2, NONE}},
        {"log_accidents_first_order", {0, 1}},
        {"log_accidents_first_order_se", {0, 1}},
        {"log_accidents_total", {0, 1}},
        {"log_accidents_total_se", {0, 1}},
        {"item_log_accidents_share", {2, NONE}},
        {"item_log_accidents_share_se", {2, NONE}},
    };
    static const copied_table ranks[] = {{"duds_expected_rank", {0, NONE}},
                                         {"duds_rank_p05", {0, NONE}},
                                         {"duds_rank_p95", {0, NONE}},
                                         {"duds_before", {0, 0}},
                                         {"accidents_expected_rank", {0, NONE}},
                                         {"accidents_rank_p05", {0, NONE}},
                                         {"accidents_rank_p95", {0, NONE}},
                                         {"accidents_before", {0, 0}},
                                         {"accidents_per_affected_ha_expected_rank", {0, NONE}},
                                         {"accidents_per_affected_ha_rank_p05", {0, NONE}},
                                         {"accidents_per_affected_ha_rank_p95", {0, NONE}},
                                         {"accidents_per_affected_ha_before", {0, 0}}};
    static const copied_group groups[] = {
        {"/variance",
         "variance",
         {"draw_group", "variance_row", "campaign_item"},
         {"group_name", "row_name", "item_name"},
         "group_meaning",
         shares,
         sizeof shares / sizeof *shares},
        {"/ranking",
         "ranking",
         {"ranked_district", NULL, NULL},
         {"name", NULL, NULL},
         NULL,
         ranks,
         sizeof ranks / sizeof *ranks},
    };
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        copy_group(self, &groups[i]);
    }
}
