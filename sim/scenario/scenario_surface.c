/* scenario_surface.c - the sections layers.ground, layers.cleared and ground: which classes there are, what they and
 * clearance do, and whether their dates go with those of the strikes. The files are read by layers_surface.c.
 */
#include <stdlib.h>
#include <string.h>

#include "scenario_private.h"
#include "uxosim/distribution.h"

/* Published nowhere; a wide prior after domain knowledge that soft ground raises duds. ASSUMED. */
#define DEFAULT_LOG_ODDS_MEAN 0.3
#define DEFAULT_LOG_ODDS_SD 0.4

/* What the section layers.ground says, in arrays that the layer reader wants. */
typedef struct ground_text {
    const char *value[UXO_MAX_GROUND_CLASSES];
    uint32_t class_of[UXO_MAX_GROUND_CLASSES];
    uint32_t count;
} ground_text;

static void refuse(assembly *self, const uxo_place *place, const char *text)
{
    uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_DATA, place, "%s", text));
}

/* CF's flag_meanings are words of these characters. */
static bool is_class_name(const char *name)
{
    return name[0] != '\0' && strlen(name) < UXO_ID_SIZE &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.+@") == strlen(name);
}

static bool add_class(uxo_surface *self, const char *name)
{
    uxo_ground_class *const larger = realloc(self->ground, (self->ground_count + (size_t)1) * sizeof *larger);
    char *const copy = strdup(name);
    self->ground = larger != NULL ? larger : self->ground;
    if (larger == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    larger[self->ground_count++] = (uxo_ground_class){.name = copy, .log_odds = uxo_quantity_constant(0.0)};
    return true;
}

static int32_t find_class(const uxo_surface *self, const char *name)
{
    for (uint32_t i = 0; i < self->ground_count; i++) {
        if (strcmp(self->ground[i].name, name) == 0) {
            return (int32_t)i;
        }
    }
    return -1;
}

/* The values of the file and their classes; the reference is class 0, the others come in the order of the scenario. */
static bool read_classes(assembly *self, const uxo_node *classes, const uxo_node *reference, ground_text *out)
{
    uxo_surface *const surface = &self->out->surface;
    bool memory = add_class(surface, reference->text), good = true;
    bool is_there = false;
    for (const uxo_node *node = classes->first; memory && node != NULL; node = node->next) {
        if (!is_class_name(node->text)) {
            uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_DATA, &node->place,
                                             "layers.ground.classes: '%.80s' cannot be the name of a class; it takes "
                                             "letters, digits and _ - . + @, at most %d of them",
                                             node->text, UXO_ID_SIZE - 1));
            good = false;
            continue;
        }
        if (out->count == UXO_MAX_GROUND_CLASSES) {
            refuse(self, &node->place, "layers.ground.classes names more than 200 values");
            return false;
        }
        memory = find_class(surface, node->text) >= 0 || add_class(surface, node->text);
        is_there = is_there || strcmp(node->text, reference->text) == 0;
        out->value[out->count] = node->key;
        out->class_of[out->count++] = (uint32_t)find_class(surface, node->text);
    }
    if (memory && !is_there) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_DATA, &reference->place,
                                         "layers.ground.reference: '%.60s' is none of the classes of this layer",
                                         reference->text));
    }
    if (!memory) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory"));
    }
    return memory && good && is_there;
}

static uxo_quantity default_log_odds(const uxo_key_row *row)
{
    uxo_quantity quantity = uxo_quantity_constant(0.0);
    quantity.form = UXO_FORM_NORMAL;
    quantity.per = UXO_PER_CAMPAIGN;
    quantity.p[0] = DEFAULT_LOG_ODDS_MEAN;
    quantity.p[1] = DEFAULT_LOG_ODDS_SD;
    quantity.lower = row->minimum;
    quantity.upper = row->maximum;
    return quantity;
}

/* Log odds by class: as given, else the default. */
static void read_log_odds(assembly *self)
{
    uxo_surface *const surface = &self->out->surface;
    const uxo_key_row *const row = uxo_schema_find(UXO_DOCUMENT_SCENARIO, "ground.dud_rate_log_odds.*");
    const uxo_node *const given = uxo_node_at(self->root, "ground.dud_rate_log_odds");
    for (uint32_t i = 1; i < surface->ground_count; i++) {
        surface->ground[i].log_odds = default_log_odds(row);
    }
    const bool sound = given != NULL && given->kind == UXO_NODE_MAPPING;
    for (const uxo_node *node = sound ? given->first : NULL; node != NULL; node = node->next) {
        const int32_t class = find_class(surface, node->key);
        if (class < 0) {
            uxo_assembly_note(
                self, uxo_fail(self->report, UXO_ERR_DATA, &node->key_place,
                               "ground.dud_rate_log_odds: '%.60s' is none of the classes of layers.ground", node->key));
        } else if ((uint32_t) class == surface->reference) {
            uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_DATA, &node->key_place,
                                             "ground.dud_rate_log_odds: '%.60s' is the reference class, on which the "
                                             "catalogue's rates hold; leave it out",
                                             node->key));
        } else {
            uxo_report scratch; /* what is wrong with it has been reported already */
            uxo_report_init(&scratch);
            (void)!uxo_distribution_read(node, row, &surface->ground[class].log_odds, &scratch);
            uxo_report_free(&scratch);
        }
    }
}

/* A quantity of the layer cleared: the name of a field, or one value for all tasks. */
static const char *read_cleared_quantity(assembly *self, const char *path, uxo_quantity *out)
{
    const uxo_key_row *const row = uxo_schema_find(UXO_DOCUMENT_SCENARIO, path);
    const uxo_node *const node = uxo_assembly_node(self, path);
    uxo_yaml yaml = {0};
    *out = uxo_quantity_constant(1.0);
    if (node != NULL && uxo_schema_names_field(node)) {
        return node->text;
    }
    if (node != NULL) {
        uxo_assembly_note(self, uxo_distribution_read(node, row, out, self->report));
        return NULL;
    }
    const char *const text = row->default_text;
    uxo_status status = uxo_yaml_read_text(&yaml, path, text, strlen(text), 1, 1, self->report);
    if (status == UXO_OK) {
        status = uxo_distribution_read(yaml.root, row, out, self->report);
    }
    uxo_assembly_note(self, status);
    uxo_yaml_free(&yaml);
    return NULL;
}

static const uxo_node *ground_node(const assembly *self, const char *key)
{
    char path[64];
    snprintf(path, sizeof path, "layers.ground.%s", key);
    return uxo_assembly_node(self, path);
}

/* Reads both layers in one pass over the grid. */
static void read_layers(assembly *self, const char *ground_path, const char *cleared_path)
{
    uxo_scenario *const out = self->out;
    ground_text text = {.count = 0};
    uxo_ground_source ground = {.file = ground_path};
    uxo_cleared_source cleared = {.file = cleared_path, .as_of_day = out->as_of_day, .today = uxo_assembly_today()};
    uxo_quantity coverage, detection;
    bool good = true;
    if (ground_path != NULL) {
        const uxo_node *const classes = ground_node(self, "classes"), *const reference = ground_node(self, "reference");
        good = classes != NULL && reference != NULL && read_classes(self, classes, reference, &text);
        ground.field = uxo_assembly_text(self, "layers.ground.field");
        ground.place = ground_node(self, "file")->place;
        ground.value = text.value;
        ground.class_of = text.class_of;
        ground.value_count = text.count;
    } else if (!add_class(&out->surface, "everywhere")) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory"));
        return;
    }
    if (good) {
        read_log_odds(self);
    }
    if (cleared_path != NULL) {
        cleared.date_field = uxo_assembly_text(self, "layers.cleared.date");
        cleared.name_field = uxo_assembly_text(self, "layers.cleared.name");
        cleared.coverage_field = read_cleared_quantity(self, "layers.cleared.coverage", &coverage);
        cleared.detection_field = read_cleared_quantity(self, "layers.cleared.detection", &detection);
        cleared.coverage = &coverage;
        cleared.detection = &detection;
        cleared.place = uxo_assembly_node(self, "layers.cleared.file")->place;
        good = good && cleared.date_field != NULL;
    }
    if (good) {
        uxo_assembly_note(self,
                          uxo_surface_read(&out->surface, out->crs, &out->grid, ground_path != NULL ? &ground : NULL,
                                           cleared_path != NULL ? &cleared : NULL, self->report));
    }
}

/* Dates of clearance against those of the strikes. */
static void compare_dates(assembly *self)
{
    const uxo_scenario *const out = self->out;
    const uxo_surface *const surface = &out->surface;
    int32_t oldest = INT32_MAX;
    uint32_t undated = 0, early = 0, off_grid = 0;
    for (uint32_t i = 0; i < out->strikes.count; i++) {
        const int32_t day = out->strikes.item[i].day;
        undated += day == UXO_NO_DATE;
        oldest = day != UXO_NO_DATE && day < oldest ? day : oldest;
    }
    for (uint32_t i = 0; i < surface->task_count; i++) {
        early += undated == 0 && out->strikes.count > 0 && surface->task[i].day <= oldest;
        off_grid += !(surface->task[i].area_ha > 0.0);
    }
    const uxo_place place = uxo_assembly_node(self, "layers.cleared.file")->place;
    if (undated > 0) {
        uxo_report_add(self->report, UXO_WARNING, &place,
                       "%u of %u strikes are not dated; they count as before every clearance", (unsigned)undated,
                       (unsigned)out->strikes.count);
    }
    if (early > 0) {
        uxo_report_add(self->report, UXO_WARNING, &place,
                       "%u of %u clearance tasks are not later than the oldest strike and remove nothing",
                       (unsigned)early, (unsigned)surface->task_count);
    }
    if (off_grid > 0) {
        uxo_report_add(self->report, UXO_WARNING, &place,
                       "%u of %u clearance tasks lie off the grid and remove nothing", (unsigned)off_grid,
                       (unsigned)surface->task_count);
    }
}

/* run.as_of, where it is not given, is the newest date of all inputs. */
static void extend_as_of(assembly *self)
{
    uxo_scenario *const out = self->out;
    if (uxo_assembly_node(self, "run.as_of") != NULL) {
        return;
    }
    for (uint32_t i = 0; i < out->surface.task_count; i++) {
        const int32_t day = out->surface.task[i].day;
        out->as_of_day = out->as_of_day == UXO_NO_DATE || day > out->as_of_day ? day : out->as_of_day;
    }
}

void uxo_assembly_surface(assembly *self)
{
    const uxo_node *const layers = uxo_node_at(self->root, "layers");
    const bool has_ground = uxo_node_get(layers, "ground") != NULL,
               has_cleared = uxo_node_get(layers, "cleared") != NULL;
    const uxo_node *const effects = uxo_node_get(self->root, "ground");
    if (effects != NULL && !has_ground) {
        refuse(self, &effects->key_place,
               "ground: there are no classes to speak of; give layers.ground, or leave it out");
    }
    if (!has_ground && !has_cleared) {
        return;
    }
    char *const ground = has_ground ? uxo_assembly_input(self, "layers.ground.file", self->data_folder) : NULL;
    char *const cleared = has_cleared ? uxo_assembly_input(self, "layers.cleared.file", self->data_folder) : NULL;
    const int32_t given_as_of =
        uxo_assembly_node(self, "run.as_of") != NULL ? self->out->as_of_day : (int32_t)UXO_NO_DATE;
    const int32_t newest = self->out->as_of_day;
    self->out->as_of_day = given_as_of; /* a default is no limit */
    if ((ground != NULL || !has_ground) && (cleared != NULL || !has_cleared)) {
        read_layers(self, ground, cleared);
    }
    self->out->as_of_day = newest;
    if (self->out->surface.given && has_cleared) {
        extend_as_of(self);
        compare_dates(self);
    }
    free(ground);
    free(cleared);
}
