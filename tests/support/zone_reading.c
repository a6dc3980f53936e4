/* zone_reading.c - see zone_reading.h. */
#include "zone_reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reported.h"

int zone_reading_open(void **state)
{
    zone_reading *const self = calloc(1, sizeof *self);
    uxo_report_init(&self->report);
    assert_int_equal(uxo_crs_open(&self->crs, "EPSG:32637", NULL, &self->report), UXO_OK);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 20.0, 100, 70); /* two tiles by two, cut short */
    *state = self;
    return 0;
}

int zone_reading_close(void **state)
{
    zone_reading *const self = *state;
    uxo_zones_free(&self->zones);
    uxo_zones_free(&self->zones); /* twice does no harm */
    uxo_report_free(&self->report);
    uxo_crs_free(self->crs);
    free(self);
    return 0;
}

uxo_status zone_read_files(zone_reading *self, const char *const *file, uint32_t count)
{
    uxo_zone_source source[4];
    memset(source, 0, sizeof source);
    uxo_zones_free(&self->zones); /* of an earlier reading */
    for (uint32_t i = 0; i < count; i++) {
        source[i].id = i == 0 ? "tasks" : "villages";
        source[i].area = (uxo_area_source){.file = file[i],
                                           .name_field = "NAME",
                                           .population_field = "N",
                                           .status_field = "STATUS",
                                           .place = {.file = "scenario.yaml", .line = 9 + i}};
    }
    return uxo_zones_read(&self->zones, self->crs, &self->grid, source, count, &self->report);
}

uxo_status zone_read_text(zone_reading *self, const char *text)
{
    const char *const file = "tasks.geojson";
    write_text(file, text);
    return zone_read_files(self, &file, 1);
}

uint32_t zone_parts(const zone_reading *self, uint32_t ix, uint32_t iy, uint32_t column)
{
    uint32_t count, parts = 0;
    const uint32_t mix =
        uxo_zones_mix(&self->zones, uxo_grid_tile_of(&self->grid, ix, iy), uxo_grid_cell_in_tile(ix, iy));
    const uxo_zone_share *const share = uxo_zones_shares(&self->zones, mix, &count);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(i == 0 || share[i].column > share[i - 1].column); /* ascending, each once */
        parts = share[i].column == column ? share[i].parts : parts;
    }
    return parts;
}
