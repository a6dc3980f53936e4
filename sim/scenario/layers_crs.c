/* layers_crs.c - the grid's reference system: opening it by PROJ, what is refused.
 *
 * PROJ and not GDAL: a scenario without layers then needs nothing of GDAL, whose hundred libraries take longer to load
 * than a small run takes. Not here: points (layers_crs_points.c), CF attributes (layers_cf.c).
 */
#include "layers_crs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ALLOWED "allowed is a projected system in metres, for example EPSG:32637 (WGS 84 / UTM zone 37N)"

/* PROJ writes to stderr unless told otherwise. */
static void keep_first(void *user, int level, const char *text)
{
    uxo_crs *const self = user;
    if (level == PJ_LOG_ERROR && self->failure[0] == '\0') {
        snprintf(self->failure, sizeof self->failure, "%s", text);
    }
}

/* PROJ would also take the nearest name that it knows, and GDAL read a file or fetch a page of that name: a grid has to
 * be said exactly. */
static bool is_definition(const char *text)
{
    const size_t word = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
    const bool code = word > 0 && text[word] == ':';
    const bool wkt = word > 0 && (text[word] == '[' || text[word] == '(');
    const bool resource = strstr(text, "://") != NULL || access(text, F_OK) == 0;
    return !resource && (code || wkt || text[0] == '+' || text[0] == '{');
}

/* The system of a definition; a string of PROJ is one of a system only if it says so. */
static PJ *create(uxo_crs *self, const char *definition)
{
    const size_t room = strlen(definition) + sizeof " +type=crs";
    char *const text = malloc(room);
    if (text == NULL || !is_definition(definition)) {
        free(text);
        return NULL;
    }
    const bool add_type = definition[0] == '+' && strstr(definition, "type=crs") == NULL;
    snprintf(text, room, "%s%s", definition, add_type ? " +type=crs" : "");
    PJ *const crs = proj_create(self->context, text);
    free(text);
    return crs;
}

/* The horizontal part of a system that is bound to a transformation, or compound. To be destroyed. */
static PJ *horizontal(PJ_CONTEXT *context, const PJ *crs)
{
    const PJ_TYPE type = proj_get_type(crs);
    if (type != PJ_TYPE_BOUND_CRS && type != PJ_TYPE_COMPOUND_CRS) {
        return proj_clone(context, crs);
    }
    PJ *const part =
        type == PJ_TYPE_BOUND_CRS ? proj_get_source_crs(context, crs) : proj_crs_get_sub_crs(context, crs, 0);
    PJ *const inner = part != NULL ? horizontal(context, part) : NULL;
    proj_destroy(part);
    return inner;
}

static bool is_compound(PJ_CONTEXT *context, const PJ *crs)
{
    if (proj_get_type(crs) != PJ_TYPE_BOUND_CRS) {
        return proj_get_type(crs) == PJ_TYPE_COMPOUND_CRS;
    }
    PJ *const part = proj_get_source_crs(context, crs);
    const bool compound = part != NULL && is_compound(context, part);
    proj_destroy(part);
    return compound;
}

/* What is wrong with the axes of a projected system; NULL: nothing. */
static const char *why_not_axes(PJ_CONTEXT *context, const PJ *projected, char *text, size_t size)
{
    PJ *const axes = proj_crs_get_coordinate_system(context, projected);
    const char *why = axes == NULL ? "has no axes" : NULL;
    for (int i = 0; i < 2 && why == NULL; i++) {
        const char *direction = "", *unit = NULL;
        double metres = 0.0;
        if (!proj_cs_get_axis_info(context, axes, i, NULL, NULL, &direction, &metres, &unit, NULL, NULL)) {
            why = "has fewer than two axes";
        } else if (metres != 1.0) {
            snprintf(text, size, "is in units of %.9g m (%s)", metres, unit != NULL ? unit : "unnamed");
            why = text;
        } else if (strcmp(direction, "west") == 0) {
            why = "counts its axes to the west and south";
        }
    }
    proj_destroy(axes);
    return why;
}

static const char *why_not(PJ_CONTEXT *context, const PJ *crs, char *text, size_t size)
{
    PJ *const part = horizontal(context, crs);
    const PJ_TYPE type = part != NULL ? proj_get_type(part) : PJ_TYPE_UNKNOWN;
    const char *const why = type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS
                                ? "is geographic (degrees)"
                            : is_compound(context, crs)     ? "has a vertical part"
                            : type != PJ_TYPE_PROJECTED_CRS ? "is not projected"
                                                            : why_not_axes(context, part, text, size);
    proj_destroy(part);
    return why;
}

static char *copy(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

static bool copy_texts(uxo_crs *self, const char *definition)
{
    static const char *const one_line[] = {"MULTILINE=NO", NULL};
    const char *const authority = proj_get_id_auth_name(self->crs, 0), *const code = proj_get_id_code(self->crs, 0);
    if (authority != NULL && code != NULL) {
        const size_t room = strlen(authority) + strlen(code) + 2;
        self->identifier = malloc(room);
        if (self->identifier == NULL) {
            return false;
        }
        snprintf(self->identifier, room, "%s:%s", authority, code);
    }
    self->definition = strdup(definition);
    self->name = strdup(proj_get_name(self->crs) != NULL ? proj_get_name(self->crs) : "unnamed");
    self->wkt2 = copy(proj_as_wkt(self->context, self->crs, PJ_WKT2_2019, one_line));
    return self->definition != NULL && self->name != NULL && self->wkt2 != NULL;
}

static bool open_transformation(uxo_crs *self)
{
    PJ *const wgs84 = proj_create(self->context, "EPSG:4326");
    PJ *const as_given =
        wgs84 != NULL ? proj_create_crs_to_crs_from_pj(self->context, wgs84, self->crs, NULL, NULL) : NULL;
    self->from_wgs84 = as_given != NULL ? proj_normalize_for_visualization(self->context, as_given) : NULL;
    proj_destroy(as_given);
    proj_destroy(wgs84);
    return self->from_wgs84 != NULL;
}

static uxo_status set_up(uxo_crs *self, const char *definition, const uxo_place *place, uxo_report *report)
{
    char text[200];
    proj_log_func(self->context, self, keep_first);
    proj_context_set_enable_network(self->context, 0); /* the same grids, hence coordinates, with and without one */
    self->crs = create(self, definition);
    if (self->crs == NULL) {
        const bool broken = strstr(self->failure, "proj.db") != NULL; /* not the definition's fault */
        return uxo_fail(report, UXO_ERR_DATA, place, "unknown reference system '%s'%s%s; " ALLOWED, definition,
                        broken ? ": " : "", broken ? self->failure : "");
    }
    const char *const why = why_not(self->context, self->crs, text, sizeof text);
    if (why != NULL) {
        const char *const name = proj_get_name(self->crs);
        return uxo_fail(report, UXO_ERR_DATA, place, "reference system '%s' (%s) %s; " ALLOWED, definition,
                        name != NULL ? name : "unnamed", why);
    }
    if (proj_is_deprecated(self->crs)) {
        uxo_report_add(report, UXO_WARNING, place, "reference system '%s' (%s) is deprecated; it is taken as it stands",
                       definition, proj_get_name(self->crs));
    }
    if (!copy_texts(self, definition)) {
        return uxo_fail(report, UXO_ERR_MEMORY, place, "out of memory");
    }
    if (!open_transformation(self)) {
        return uxo_fail(report, UXO_ERR_DATA, place, "no transformation from WGS 84 to '%s': %s", definition,
                        self->failure);
    }
    return UXO_OK;
}

uxo_status uxo_crs_open(uxo_crs **self, const char *definition, const uxo_place *place, uxo_report *report)
{
    *self = calloc(1, sizeof **self);
    if (*self != NULL) {
        (*self)->context = proj_context_create();
    }
    const uxo_status status = *self != NULL && (*self)->context != NULL
                                  ? set_up(*self, definition, place, report)
                                  : uxo_fail(report, UXO_ERR_MEMORY, place, "out of memory");
    if (status != UXO_OK) {
        uxo_crs_free(*self);
        *self = NULL;
    }
    return status;
}

void uxo_crs_free(uxo_crs *self)
{
    if (self == NULL) {
        return;
    }
    proj_destroy(self->from_wgs84);
    proj_destroy(self->crs);
    if (self->context != NULL) {
        proj_context_destroy(self->context);
    }
    free(self->definition);
    free(self->identifier);
    free(self->name);
    free(self->wkt2);
    free(self);
}

const char *uxo_crs_name(const uxo_crs *self)
{
    return self->name;
}

const char *uxo_crs_wkt2(const uxo_crs *self)
{
    return self->wkt2;
}

const char *uxo_layers_proj_version(void)
{
    return proj_info().version;
}
