/* layers_cleared.c - clearance tasks: polygons with the day on which they were done, and how well. */
#include "layers_surface.h"

#include <stdlib.h>
#include <string.h>

#include "uxosim/distribution.h"
#include "uxosim/munitions.h"

enum { FIELD_DATE, FIELD_NAME, FIELD_COVERAGE, FIELD_DETECTION, FIELDS };

typedef struct cleared_reader {
    layers_vector vector;
    const uxo_cleared_source *source;
    int field[FIELDS]; /* -1: not given */
    uxo_surface *surface;
    layers_shapes *shapes;
    uxo_report *report;
} cleared_reader;

static bool find_fields(cleared_reader *self)
{
    const uxo_cleared_source *const source = self->source;
    const char *const name[FIELDS] = {source->date_field, source->name_field, source->coverage_field,
                                      source->detection_field};
    static const char *const key[FIELDS] = {"date", "name", "coverage", "detection"};
    bool good = true;
    for (int i = 0; i < FIELDS; i++) {
        self->field[i] = name[i] != NULL ? layers_vector_field(&self->vector, name[i], key[i], self->report) : -1;
        good = good && (name[i] == NULL || self->field[i] >= 0);
    }
    return good;
}

/* A quantity as a cell of a table holds it: a number, or a distribution in YAML flow style. */
static bool read_quantity(const cleared_reader *self, const char *text, const char *key, const uxo_place *place,
                          uxo_quantity *out)
{
    uxo_yaml yaml;
    uxo_report inner;
    char path[64];
    snprintf(path, sizeof path, "layers.cleared.%s", key);
    uxo_report_init(&inner);
    uxo_status status = uxo_yaml_read_text(&yaml, place->file, text, strlen(text), 1, 1, &inner);
    if (status == UXO_OK) {
        yaml.root->key = key;
        status = uxo_distribution_read(yaml.root, uxo_schema_find(UXO_DOCUMENT_SCENARIO, path), out, &inner);
    }
    for (size_t i = 0; status != UXO_OK && i < inner.count; i++) {
        if (inner.item[i].severity == UXO_ERROR) {
            uxo_report_add(self->report, UXO_ERROR, place, "'%s': %s", text, inner.item[i].text);
        }
    }
    uxo_report_free(&inner);
    uxo_yaml_free(&yaml);
    return status == UXO_OK;
}

/* What the field of one task says, or else what holds for all. */
static void take_quantity(const cleared_reader *self, OGRFeatureH feature, int field, const uxo_quantity *otherwise,
                          const uxo_place *place, uxo_quantity *out)
{
    *out = *otherwise;
    if (self->field[field] < 0) {
        return;
    }
    const char *const key = field == FIELD_COVERAGE ? "coverage" : "detection";
    char *const text = layers_field_text(&self->vector.gdal.api, feature, self->field[field]);
    if (text == NULL) {
        uxo_report_add(self->report, UXO_ERROR, place, "the task has no %s", key);
    } else {
        (void)read_quantity(self, text, key, place, out);
    }
    free(text);
}

static void take_day(const cleared_reader *self, OGRFeatureH feature, const uxo_place *place, int32_t *day)
{
    const uxo_cleared_source *const source = self->source;
    char *const text = layers_field_text(&self->vector.gdal.api, feature, self->field[FIELD_DATE]);
    *day = UXO_NO_DATE;
    if (text == NULL || text[0] == '\0') {
        uxo_report_add(self->report, UXO_ERROR, place,
                       "the task has no date; clearance counts against strikes before it, so it needs one");
    } else if (!uxo_schema_stored_date(text, day)) {
        uxo_report_add(self->report, UXO_ERROR, place, "the date is '%s'; allowed is a day that exists, as 2022-02-25",
                       text);
    } else if (*day > source->today) {
        uxo_report_add(self->report, UXO_ERROR, place,
                       "the date %s is in the future; only clearance that has happened is modelled", text);
    } else if (source->as_of_day != UXO_NO_DATE && *day > source->as_of_day) {
        uxo_report_add(self->report, UXO_ERROR, place,
                       "the date %s is after run.as_of; leave the task out or set run.as_of to a later day", text);
    }
    free(text);
}

static char *take_name(const cleared_reader *self, OGRFeatureH feature, int64_t fid, const uxo_place *place)
{
    char number[32];
    snprintf(number, sizeof number, "%lld", (long long)fid);
    if (self->field[FIELD_NAME] < 0) {
        return strdup(number);
    }
    char *const text = layers_field_text(&self->vector.gdal.api, feature, self->field[FIELD_NAME]);
    char *name = layers_read_name(text != NULL ? text : "", "task", place, self->report);
    free(text);
    if (name != NULL && strlen(name) >= UXO_ID_SIZE) {
        uxo_report_add(self->report, UXO_ERROR, place, "the name has %zu bytes, at most %d are allowed", strlen(name),
                       UXO_ID_SIZE - 1);
        free(name);
        name = NULL;
    }
    return name;
}

static bool add_task(uxo_surface *self, const uxo_clearance_task *task)
{
    const uint32_t count = self->task_count;
    if ((count & (count - 1)) == 0) {
        uxo_clearance_task *const larger = realloc(self->task, (count == 0 ? 1 : 2 * (size_t)count) * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        self->task = larger;
    }
    self->task[self->task_count++] = *task;
    return true;
}

static uxo_status read_feature(cleared_reader *self, OGRFeatureH feature)
{
    const uxo_gdal *const api = &self->vector.gdal.api;
    char text[4096];
    const int64_t fid = api->OGR_F_GetFID(feature);
    const uxo_place place = layers_feature_place(text, sizeof text, self->vector.shown, fid);
    uxo_clearance_task task = {.name = take_name(self, feature, fid, &place)};
    take_day(self, feature, &place, &task.day);
    take_quantity(self, feature, FIELD_COVERAGE, self->source->coverage, &place, &task.coverage);
    take_quantity(self, feature, FIELD_DETECTION, self->source->detection, &place, &task.detection);
    OGRGeometryH geometry =
        layers_polygon(&self->vector, feature, task.name != NULL ? task.name : "", &place, self->report);
    if (task.name == NULL || geometry == NULL) {
        free(task.name);
        api->OGR_G_DestroyGeometry(geometry);
        return UXO_OK; /* reported */
    }
    const bool room = layers_shapes_add(self->shapes, api, geometry, fid, self->surface->task_count) &&
                      add_task(self->surface, &task);
    api->OGR_G_DestroyGeometry(geometry);
    if (!room) {
        free(task.name);
        return uxo_fail(self->report, UXO_ERR_MEMORY, &place, "out of memory");
    }
    return UXO_OK;
}

static void check_task_names(const cleared_reader *self)
{
    const uxo_surface *const surface = self->surface;
    const char **const name = malloc((surface->task_count + (size_t)1) * sizeof *name);
    int64_t *const fid = malloc((surface->task_count + (size_t)1) * sizeof *fid);
    for (uint32_t i = 0; name != NULL && fid != NULL && i < surface->task_count; i++) {
        name[i] = surface->task[i].name;
        fid[i] = self->shapes->item[i].fid;
    }
    if (name != NULL && fid != NULL) {
        layers_check_names(&self->vector, name, fid, surface->task_count, self->report);
    }
    free(name);
    free(fid);
}

static uxo_status read_features(cleared_reader *self)
{
    const uxo_gdal *const api = &self->vector.gdal.api;
    const size_t errors = self->report->error_count;
    uxo_status status = UXO_OK;
    if (!find_fields(self)) {
        return UXO_ERR_DATA;
    }
    OGRFeatureH feature;
    api->OGR_L_ResetReading(self->vector.layer);
    layers_gdal_clear(&self->vector.gdal);
    while (status == UXO_OK && (feature = api->OGR_L_GetNextFeature(self->vector.layer)) != NULL) {
        status = read_feature(self, feature);
        api->OGR_F_Destroy(feature);
    }
    UXO_TRY(status);
    if (self->vector.gdal.failures > 0) {
        return uxo_fail(self->report, UXO_ERR_DATA, &self->source->place, "'%s' breaks off: %s", self->source->file,
                        self->vector.gdal.failure);
    }
    check_task_names(self);
    return uxo_report_status(self->report, errors);
}

uxo_status layers_cleared_read(uxo_surface *self, layers_shapes *shapes, const uxo_crs *crs,
                               const uxo_cleared_source *source, uxo_report *report)
{
    cleared_reader reader = {.source = source, .surface = self, .shapes = shapes, .report = report};
    uxo_status status = layers_vector_open(&reader.vector, crs, source->file, &source->place, report);
    if (status == UXO_OK) {
        reader.vector.things = "cleared areas";
        status = read_features(&reader);
    }
    layers_vector_close(&reader.vector);
    return status;
}
