/* districts_geo_fields.c - see districts_geo_fields.h. Not here: the fields themselves (districts_geo.c). */
#include "districts_geo_fields.h"

#include "districts.h"

static bool add_row(const uxo_gdal *gdal, OGRLayerH layer, const char *const *texts, int count)
{
    OGRFeatureH feature = gdal->OGR_F_Create(gdal->OGR_L_GetLayerDefn(layer));
    for (int i = 0; i < count; i++) {
        gdal->OGR_F_SetFieldString(feature, i, texts[i]);
    }
    const bool good = gdal->OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
    gdal->OGR_F_Destroy(feature);
    return good;
}

bool districts_geo_write_fields(const uxo_gdal *gdal, GDALDatasetH dataset, const uxo_district_table *table)
{
    static const char *const names[] = {"field", "alias", "unit", "meaning"};
    enum { FIELDS = sizeof names / sizeof *names };
    char identifier[] = "IDENTIFIER=uxosim_fields";
    char *list[] = {identifier, NULL};
    OGRLayerH layer = gdal->GDALDatasetCreateLayer(dataset, "uxosim_fields", NULL, wkbNone, list);
    bool good = layer != NULL;
    for (int i = 0; i < FIELDS && good; i++) {
        OGRFieldDefnH field = gdal->OGR_Fld_Create(names[i], OFTString);
        good = gdal->OGR_L_CreateField(layer, field, true) == OGRERR_NONE;
        gdal->OGR_Fld_Destroy(field);
    }
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT && good; column++) {
        if (uxo_district_table_has(table, column)) {
            const uxo_column_info *const info = uxo_column(column);
            char sentence[UXO_SENTENCE_SIZE];
            uxo_column_sentence(column, districts_noun(table), sentence, sizeof sentence);
            const char *const texts[FIELDS] = {districts_short_name(column), info->name, info->unit, sentence};
            good = add_row(gdal, layer, texts, FIELDS);
        }
    }
    return good;
}
