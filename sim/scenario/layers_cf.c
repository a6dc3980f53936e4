/* layers_cf.c - the reference system as CF-1.8 grid mapping attributes.
 *
 * Source: CF conventions 1.8, appendix F. A projection that CF does not have (or has with other formulas: the double
 * stereographic of EPSG:28992) gets no grid_mapping_name; crs_wkt says all of it to every reader.
 */
#include "layers_private.h"

#include <math.h>
#include <string.h>

/* name in GDAL's old WKT -> attribute of CF; "" ends a list. */
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

#define EASTING                               \
    {                                         \
        SRS_PP_FALSE_EASTING, "false_easting" \
    }
#define NORTHING                                \
    {                                           \
        SRS_PP_FALSE_NORTHING, "false_northing" \
    }

static const cf_projection projections[] = {
    {SRS_PT_TRANSVERSE_MERCATOR,
     "transverse_mercator",
     {{SRS_PP_CENTRAL_MERIDIAN, "longitude_of_central_meridian"},
      {SRS_PP_LATITUDE_OF_ORIGIN, "latitude_of_projection_origin"},
      {SRS_PP_SCALE_FACTOR, "scale_factor_at_central_meridian"},
      EASTING,
      NORTHING}},
    {SRS_PT_LAMBERT_CONFORMAL_CONIC_2SP,
     "lambert_conformal_conic",
     {{SRS_PP_CENTRAL_MERIDIAN, "longitude_of_central_meridian"},
      {SRS_PP_LATITUDE_OF_ORIGIN, "latitude_of_projection_origin"},
      {SRS_PP_STANDARD_PARALLEL_1, "standard_parallel"},
      EASTING,
      NORTHING}},
    {SRS_PT_ALBERS_CONIC_EQUAL_AREA,
     "albers_conical_equal_area",
     {{SRS_PP_LONGITUDE_OF_CENTER, "longitude_of_central_meridian"},
      {SRS_PP_LATITUDE_OF_CENTER, "latitude_of_projection_origin"},
      {SRS_PP_STANDARD_PARALLEL_1, "standard_parallel"},
      EASTING,
      NORTHING}},
    {SRS_PT_LAMBERT_AZIMUTHAL_EQUAL_AREA,
     "lambert_azimuthal_equal_area",
     {{SRS_PP_LONGITUDE_OF_CENTER, "longitude_of_projection_origin"},
      {SRS_PP_LATITUDE_OF_CENTER, "latitude_of_projection_origin"},
      EASTING,
      NORTHING}},
    {SRS_PT_STEREOGRAPHIC,
     "stereographic",
     {{SRS_PP_CENTRAL_MERIDIAN, "longitude_of_projection_origin"},
      {SRS_PP_LATITUDE_OF_ORIGIN, "latitude_of_projection_origin"},
      {SRS_PP_SCALE_FACTOR, "scale_factor_at_projection_origin"},
      EASTING,
      NORTHING}},
    {SRS_PT_POLAR_STEREOGRAPHIC,
     "polar_stereographic",
     {{SRS_PP_CENTRAL_MERIDIAN, "straight_vertical_longitude_from_pole"}, EASTING, NORTHING}},
    {SRS_PT_MERCATOR_1SP,
     "mercator",
     {{SRS_PP_CENTRAL_MERIDIAN, "longitude_of_projection_origin"},
      {SRS_PP_SCALE_FACTOR, "scale_factor_at_projection_origin"},
      EASTING,
      NORTHING}},
    {SRS_PT_MERCATOR_2SP,
     "mercator",
     {{SRS_PP_CENTRAL_MERIDIAN, "longitude_of_projection_origin"},
      {SRS_PP_STANDARD_PARALLEL_1, "standard_parallel"},
      EASTING,
      NORTHING}},
};

static void visit_number(uxo_crs_visit *visit, void *user, const char *key, double value)
{
    visit(key, NULL, &value, 1, user);
}

/* Polar stereographic: either a scale factor at the pole, or a parallel of true scale, which GDAL keeps as the origin.
 */
static void visit_polar(OGRSpatialReferenceH srs, uxo_crs_visit *visit, void *user)
{
    const double latitude = OSRGetNormProjParm(srs, SRS_PP_LATITUDE_OF_ORIGIN, 90.0, NULL);
    visit_number(visit, user, "latitude_of_projection_origin", latitude < 0.0 ? -90.0 : 90.0);
    if (fabs(latitude) < 90.0) {
        visit_number(visit, user, "standard_parallel", latitude);
    } else {
        visit_number(visit, user, "scale_factor_at_projection_origin",
                     OSRGetNormProjParm(srs, SRS_PP_SCALE_FACTOR, 1.0, NULL));
    }
}

static void visit_projection(OGRSpatialReferenceH srs, const cf_projection *projection, uxo_crs_visit *visit,
                             void *user)
{
    visit("grid_mapping_name", projection->cf, NULL, 0, user);
    if (strcmp(projection->cf, "polar_stereographic") == 0) {
        visit_polar(srs, visit, user);
    }
    for (int i = 0; i < CF_PARAMETERS && projection->parameter[i].wkt != NULL; i++) {
        const cf_parameter *const parameter = &projection->parameter[i];
        const double first = OSRGetNormProjParm(srs, parameter->wkt, 0.0, NULL);
        const double second = OSRGetNormProjParm(srs, SRS_PP_STANDARD_PARALLEL_2, NAN, NULL);
        const double numbers[2] = {first, second};
        const bool two = strcmp(parameter->cf, "standard_parallel") == 0 && !isnan(second) && second != first;
        visit(parameter->cf, NULL, numbers, two ? 2 : 1, user);
    }
}

static void visit_name(OGRSpatialReferenceH srs, const char *node, const char *key, uxo_crs_visit *visit, void *user)
{
    const char *const name = OSRGetAttrValue(srs, node, 0);
    if (name != NULL) {
        visit(key, name, NULL, 0, user);
    }
}

void uxo_crs_cf_parameters(const uxo_crs *self, uxo_crs_visit *visit, void *user)
{
    layers_gdal gdal;
    layers_gdal_begin(&gdal, NULL, NULL);
    OGRSpatialReferenceH srs = OSRClone(layers_crs_srs(self));
    const char *name = OSRGetAttrValue(srs, "PROJECTION", 0);
    if (name != NULL && strcmp(name, SRS_PT_LAMBERT_CONFORMAL_CONIC_1SP) == 0) {
        /* CF has no scale factor here: the two parallels that mean the same */
        OGRSpatialReferenceH two = OSRConvertToOtherProjection(srs, SRS_PT_LAMBERT_CONFORMAL_CONIC_2SP, NULL);
        if (two != NULL) {
            OSRRelease(srs);
            srs = two;
            name = OSRGetAttrValue(srs, "PROJECTION", 0);
        }
    }
    if (OSRGetAttrValue(srs, "EXTENSION", 0) != NULL) {
        name = NULL; /* web Mercator: the formulas of a sphere under an ellipsoid's name */
    }
    for (size_t i = 0; name != NULL && i < sizeof projections / sizeof projections[0]; i++) {
        if (strcmp(projections[i].wkt, name) == 0) {
            visit_projection(srs, &projections[i], visit, user);
        }
    }
    visit_number(visit, user, "semi_major_axis", OSRGetSemiMajor(srs, NULL));
    visit_number(visit, user, "inverse_flattening", OSRGetInvFlattening(srs, NULL));
    visit_number(visit, user, "longitude_of_prime_meridian", OSRGetPrimeMeridian(srs, NULL));
    visit_name(srs, "SPHEROID", "reference_ellipsoid_name", visit, user);
    visit_name(srs, "PRIMEM", "prime_meridian_name", visit, user);
    visit_name(srs, "DATUM", "horizontal_datum_name", visit, user);
    visit_name(srs, "GEOGCS", "geographic_crs_name", visit, user);
    visit("projected_crs_name", uxo_crs_name(self), NULL, 0, user);
    visit("crs_wkt", uxo_crs_wkt2(self), NULL, 0, user);
    OSRRelease(srs);
    layers_gdal_end(&gdal);
}
