/* layers_cf.c - the reference system as CF-1.8 grid mapping attributes.
 *
 * Source: CF conventions 1.8, appendix F. A projection that CF does not have (or has with other formulas: the double
 * stereographic of EPSG:28992) gets no grid_mapping_name; crs_wkt says all of it to every reader.
 * CF's names of projections, parameters and datums come from the old WKT, so they are read from there.
 */
#include <math.h>
#include <proj_experimental.h>
#include <stdlib.h>
#include <string.h>

#include "layers_crs.h"

/* name in the old WKT -> attribute of CF */
typedef struct cf_parameter {
    const char *wkt;
    const char *cf;
} cf_parameter;

enum { CF_PARAMETERS = 6 };

typedef struct cf_projection {
    const char *wkt;
    const char *cf;
    cf_parameter parameter[CF_PARAMETERS];
} cf_projection;

#define EASTING                          \
    {                                    \
        "false_easting", "false_easting" \
    }
#define NORTHING                           \
    {                                      \
        "false_northing", "false_northing" \
    }

static const cf_projection projections[] = {
    {"Transverse_Mercator",
     "transverse_mercator",
     {{"central_meridian", "longitude_of_central_meridian"},
      {"latitude_of_origin", "latitude_of_projection_origin"},
      {"scale_factor", "scale_factor_at_central_meridian"},
      EASTING,
      NORTHING}},
    {"Lambert_Conformal_Conic_2SP",
     "lambert_conformal_conic",
     {{"central_meridian", "longitude_of_central_meridian"},
      {"latitude_of_origin", "latitude_of_projection_origin"},
      {"standard_parallel_1", "standard_parallel"},
      EASTING,
      NORTHING}},
    {"Albers_Conic_Equal_Area",
     "albers_conical_equal_area",
     {{"longitude_of_center", "longitude_of_central_meridian"},
      {"latitude_of_center", "latitude_of_projection_origin"},
      {"standard_parallel_1", "standard_parallel"},
      EASTING,
      NORTHING}},
    {"Lambert_Azimuthal_Equal_Area",
     "lambert_azimuthal_equal_area",
     {{"longitude_of_center", "longitude_of_projection_origin"},
      {"latitude_of_center", "latitude_of_projection_origin"},
      EASTING,
      NORTHING}},
    {"Stereographic",
     "stereographic",
     {{"central_meridian", "longitude_of_projection_origin"},
      {"latitude_of_origin", "latitude_of_projection_origin"},
      {"scale_factor", "scale_factor_at_projection_origin"},
      EASTING,
      NORTHING}},
    {"Polar_Stereographic",
     "polar_stereographic",
     {{"central_meridian", "straight_vertical_longitude_from_pole"}, EASTING, NORTHING}},
    {"Mercator_1SP",
     "mercator",
     {{"central_meridian", "longitude_of_projection_origin"},
      {"scale_factor", "scale_factor_at_projection_origin"},
      EASTING,
      NORTHING}},
    {"Mercator_2SP",
     "mercator",
     {{"central_meridian", "longitude_of_projection_origin"},
      {"standard_parallel_1", "standard_parallel"},
      EASTING,
      NORTHING}},
};

enum { TEXT = 256 };
static const double RADIANS_PER_DEGREE = 3.14159265358979323846 / 180.0;

/* What a system says of itself, on its way to the visitor. */
typedef struct cf_source {
    PJ_CONTEXT *context;
    const char *wkt;       /* the old one */
    double angle_unit_deg; /* of its parameters */
    uxo_crs_visit *visit;
    void *user;
} cf_source;

/* The first text of a node of the old WKT, as in DATUM["WGS_1984",...]; false when there is no such node. */
static bool node_text(const char *wkt, const char *node, char text[TEXT])
{
    char mark[TEXT];
    snprintf(mark, sizeof mark, "%s[\"", node);
    const char *const at = strstr(wkt, mark);
    if (at == NULL) {
        return false;
    }
    const char *const begin = at + strlen(mark), *const end = strchr(begin, '"');
    snprintf(text, TEXT, "%.*s", end != NULL ? (int)(end - begin) : 0, begin);
    return end != NULL;
}

/* PARAMETER["name",number] of the old WKT, in degrees, metres or 1. */
static double parameter(const cf_source *self, const char *name, double otherwise)
{
    char mark[TEXT];
    snprintf(mark, sizeof mark, "PARAMETER[\"%s\",", name);
    const char *const at = strstr(self->wkt, mark);
    if (at == NULL) {
        return otherwise;
    }
    const bool angle = strncmp(name, "false_", 6) != 0 && strcmp(name, "scale_factor") != 0;
    return strtod(at + strlen(mark), NULL) * (angle ? self->angle_unit_deg : 1.0);
}

static void visit_number(const cf_source *self, const char *key, double value)
{
    self->visit(key, NULL, &value, 1, self->user);
}

/* Polar stereographic: either a scale factor at the pole, or a parallel of true scale, which the old WKT has as the
 * origin. */
static void visit_polar(const cf_source *self)
{
    const double latitude = parameter(self, "latitude_of_origin", 90.0);
    visit_number(self, "latitude_of_projection_origin", latitude < 0.0 ? -90.0 : 90.0);
    if (fabs(latitude) < 90.0) {
        visit_number(self, "standard_parallel", latitude);
    } else {
        visit_number(self, "scale_factor_at_projection_origin", parameter(self, "scale_factor", 1.0));
    }
}

static void visit_projection(const cf_source *self, const cf_projection *projection)
{
    self->visit("grid_mapping_name", projection->cf, NULL, 0, self->user);
    if (strcmp(projection->cf, "polar_stereographic") == 0) {
        visit_polar(self);
    }
    for (int i = 0; i < CF_PARAMETERS && projection->parameter[i].wkt != NULL; i++) {
        const cf_parameter *const row = &projection->parameter[i];
        const double first = parameter(self, row->wkt, 0.0);
        const double second = parameter(self, "standard_parallel_2", NAN);
        const double numbers[2] = {first, second};
        const bool two = strcmp(row->cf, "standard_parallel") == 0 && !isnan(second) && second != first;
        self->visit(row->cf, NULL, numbers, two ? 2 : 1, self->user);
    }
}

static void visit_projections(const cf_source *self)
{
    char name[TEXT], extension[TEXT];
    if (!node_text(self->wkt, "PROJECTION", name) || node_text(self->wkt, "EXTENSION", extension)) {
        return; /* an extension: web Mercator, the formulas of a sphere under an ellipsoid's name */
    }
    for (size_t i = 0; i < sizeof projections / sizeof projections[0]; i++) {
        if (strcmp(projections[i].wkt, name) == 0) {
            visit_projection(self, &projections[i]);
        }
    }
}

/* CF has no scale factor for the conic with one parallel: the two parallels that mean the same. A copy elsewhere. */
static PJ *with_two_parallels(PJ_CONTEXT *context, const PJ *crs)
{
    enum { TWO_PARALLELS = 9802 }; /* EPSG's code of the method */
    PJ *const conversion = proj_crs_get_coordoperation(context, crs);
    const char *code = NULL;
    const bool one_parallel = conversion != NULL &&
                              proj_coordoperation_get_method_info(context, conversion, NULL, NULL, &code) &&
                              code != NULL && strcmp(code, "9801") == 0;
    PJ *const two =
        one_parallel ? proj_convert_conversion_to_other_method(context, conversion, TWO_PARALLELS, NULL) : NULL;
    PJ *const geodetic = proj_crs_get_geodetic_crs(context, crs);
    PJ *const axes = proj_crs_get_coordinate_system(context, crs);
    PJ *const made = two != NULL && geodetic != NULL && axes != NULL
                         ? proj_create_projected_crs(context, proj_get_name(crs), geodetic, two, axes)
                         : NULL;
    proj_destroy(axes);
    proj_destroy(geodetic);
    proj_destroy(two);
    proj_destroy(conversion);
    return made != NULL ? made : proj_clone(context, crs);
}

static void visit_ellipsoid(const cf_source *self, const PJ *crs)
{
    double axis_m = 0.0, inverse_flattening = 0.0, meridian = 0.0, unit_rad = RADIANS_PER_DEGREE;
    const char *unit = "degree";
    PJ *const ellipsoid = proj_get_ellipsoid(self->context, crs);
    PJ *const prime = proj_get_prime_meridian(self->context, crs);
    if (ellipsoid != NULL) {
        proj_ellipsoid_get_parameters(self->context, ellipsoid, &axis_m, NULL, NULL, &inverse_flattening);
    }
    if (prime != NULL) {
        proj_prime_meridian_get_parameters(self->context, prime, &meridian, &unit_rad, &unit);
    }
    visit_number(self, "semi_major_axis", axis_m);
    visit_number(self, "inverse_flattening", inverse_flattening);
    visit_number(self, "longitude_of_prime_meridian",
                 strcmp(unit, "degree") == 0 ? meridian : meridian * unit_rad / RADIANS_PER_DEGREE);
    proj_destroy(ellipsoid);
    proj_destroy(prime);
}

static void visit_names(const cf_source *self)
{
    static const char *const names[][2] = {{"SPHEROID", "reference_ellipsoid_name"},
                                           {"PRIMEM", "prime_meridian_name"},
                                           {"DATUM", "horizontal_datum_name"},
                                           {"GEOGCS", "geographic_crs_name"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[TEXT];
        if (node_text(self->wkt, names[i][0], text)) {
            self->visit(names[i][1], text, NULL, 0, self->user);
        }
    }
}

/* The unit of angles in the old WKT: UNIT["grad",0.0157...] inside its GEOGCS, in degrees. */
static double angle_unit_deg(const char *wkt)
{
    const char *const geographic = strstr(wkt, "GEOGCS[");
    const char *const unit = geographic != NULL ? strstr(geographic, "UNIT[\"") : NULL;
    const char *const comma = unit != NULL ? strchr(unit, ',') : NULL;
    const double degrees = comma != NULL ? strtod(comma + 1, NULL) / RADIANS_PER_DEGREE : 1.0;
    const double usual[] = {1.0, 0.9}; /* degrees and grads, without the last digits of their written radians */
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (fabs(degrees - usual[i]) < 1e-12) {
            return usual[i];
        }
    }
    return degrees;
}

void uxo_crs_cf_parameters(const uxo_crs *self, uxo_crs_visit *visit, void *user)
{
    static const char *const one_line[] = {"MULTILINE=NO", NULL};
    PJ *const bound =
        proj_get_type(self->crs) == PJ_TYPE_BOUND_CRS ? proj_get_source_crs(self->context, self->crs) : NULL;
    PJ *const crs = with_two_parallels(self->context, bound != NULL ? bound : self->crs);
    const char *const wkt = crs != NULL ? proj_as_wkt(self->context, crs, PJ_WKT1_GDAL, one_line) : NULL;
    char *const text = strdup(wkt != NULL ? wkt : ""); /* "": a method that the old WKT does not have */
    if (text != NULL) {
        const cf_source source = {self->context, text, angle_unit_deg(text), visit, user};
        visit_projections(&source);
        visit_ellipsoid(&source, crs);
        visit_names(&source);
    }
    visit("projected_crs_name", self->name, NULL, 0, user);
    visit("crs_wkt", self->wkt2, NULL, 0, user);
    free(text);
    proj_destroy(crs);
    proj_destroy(bound);
}
