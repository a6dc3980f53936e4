/* test_gdal_library.c - GDAL is there, with every function that is called, and not before it is asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "uxosim/gdal_library.h"
#include "uxosim/layers.h"

static bool gdal_is_loaded(void)
{
    char line[4096];
    bool found = false;
    FILE *const maps = fopen("/proc/self/maps", "r");
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        found = found || strstr(line, "/libgdal.so") != NULL;
    }
    fclose(maps);
    return found;
}

static void it_is_loaded_when_it_is_asked_for(void **state)
{
    (void)state;
    uxo_report report;
    uxo_crs *crs = NULL;
    uxo_gdal gdal, again;
    uxo_report_init(&report);
    assert_int_equal(uxo_crs_open(&crs, "EPSG:32637", NULL, &report), UXO_OK);
    uxo_crs_free(crs);
    assert_false(gdal_is_loaded()); /* a grid does not need it */
    assert_null(uxo_gdal_handler_data());
    assert_int_equal(uxo_gdal_open(&gdal, NULL, &report), UXO_OK);
    assert_true(gdal_is_loaded());
    assert_int_equal(uxo_gdal_open(&again, NULL, &report), UXO_OK);
    assert_memory_equal(&gdal, &again, sizeof gdal);
    uxo_report_free(&report);
}

/* The names of the struct and of the library go together. */
static void functions_are_those_of_their_names(void **state)
{
    (void)state;
    uxo_report report;
    uxo_gdal gdal;
    uxo_report_init(&report);
    assert_int_equal(uxo_gdal_open(&gdal, NULL, &report), UXO_OK);
    OGRGeometryH point = gdal.OGR_G_CreateGeometry(wkbPoint);
    gdal.OGR_G_SetPoint_2D(point, 0, 3.0, 4.0);
    assert_true(gdal.OGR_G_GetX(point, 0) == 3.0 && gdal.OGR_G_GetY(point, 0) == 4.0);
    assert_int_equal(gdal.OGR_GT_Flatten(wkbPoint25D), wkbPoint);
    gdal.OGR_G_DestroyGeometry(point);
    uxo_report_free(&report);
}

static void CPL_STDCALL count(CPLErr severity, CPLErrorNum number, const char *text)
{
    (void)severity;
    (void)number;
    (void)text;
    int *const counter = uxo_gdal_handler_data();
    ++*counter;
}

static void a_handler_finds_what_was_pushed_with_it(void **state)
{
    (void)state;
    uxo_report report;
    uxo_gdal gdal;
    int counter = 0;
    uxo_report_init(&report);
    assert_int_equal(uxo_gdal_open(&gdal, NULL, &report), UXO_OK);
    gdal.CPLPushErrorHandlerEx(count, &counter);
    OGRSpatialReferenceH srs = gdal.OSRNewSpatialReference(NULL);
    assert_int_not_equal(gdal.OSRImportFromEPSG(srs, 99999), OGRERR_NONE);
    gdal.OSRRelease(srs);
    gdal.CPLPopErrorHandler();
    assert_true(counter > 0);
    uxo_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_loaded_when_it_is_asked_for),
        cmocka_unit_test(functions_are_those_of_their_names),
        cmocka_unit_test(a_handler_finds_what_was_pushed_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
