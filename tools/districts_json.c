/* districts_json.c - the table of districts as JSON with what one needs to read it. Not here: geometries
 * (districts_geo.c). */
#include <math.h>
#include <string.h>

#include "districts.h"
#include "districts_json.h"

const char *districts_short_name(uxo_district_column column)
{
    static const char *const name[UXO_COLUMN_CSV_COUNT] = {
        [UXO_COLUMN_AREA_HA] = "area_ha",
        [UXO_COLUMN_POPULATION] = "population",
        [UXO_COLUMN_DUDS_MEAN] = "duds_mean",
        [UXO_COLUMN_DUDS_SD] = "duds_sd",
        [UXO_COLUMN_DUDS_P05] = "duds_p05",
        [UXO_COLUMN_DUDS_P50] = "duds_p50",
        [UXO_COLUMN_DUDS_P95] = "duds_p95",
        [UXO_COLUMN_DUDS_PER_HA] = "duds_ha",
        [UXO_COLUMN_AFFECTED_HA_MEAN] = "aff_ha",
        [UXO_COLUMN_AFFECTED_HA_P05] = "aff_ha_p05",
        [UXO_COLUMN_AFFECTED_HA_P95] = "aff_ha_p95",
        [UXO_COLUMN_PEOPLE_AFFECTED_MEAN] = "people_aff",
        [UXO_COLUMN_ACCIDENTS_MEAN] = "acc_mean",
        [UXO_COLUMN_ACCIDENTS_P05] = "acc_p05",
        [UXO_COLUMN_ACCIDENTS_P50] = "acc_p50",
        [UXO_COLUMN_ACCIDENTS_P95] = "acc_p95",
        [UXO_COLUMN_CASUALTIES_MEAN] = "casualties",
        [UXO_COLUMN_DEATHS_MEAN] = "deaths",
        [UXO_COLUMN_RANK_DUDS] = "rank_duds",
        [UXO_COLUMN_RANK_ACCIDENTS] = "rank_acc",
        [UXO_COLUMN_RANK_ACCIDENTS_PER_HA] = "rank_acc_h",
        [UXO_COLUMN_P_TOP1] = "p_top1",
        [UXO_COLUMN_P_TOP3] = "p_top3",
        [UXO_COLUMN_DUDS_MEAN_SE] = "duds_mn_se",
        [UXO_COLUMN_DUDS_SD_SE] = "duds_sd_se",
        [UXO_COLUMN_DUDS_P05_SE] = "duds_05_se",
        [UXO_COLUMN_DUDS_P50_SE] = "duds_50_se",
        [UXO_COLUMN_DUDS_P95_SE] = "duds_95_se",
        [UXO_COLUMN_DUDS_PER_HA_SE] = "duds_ha_se",
        [UXO_COLUMN_AFFECTED_HA_MEAN_SE] = "aff_ha_se",
        [UXO_COLUMN_AFFECTED_HA_P05_SE] = "aff_05_se",
        [UXO_COLUMN_AFFECTED_HA_P95_SE] = "aff_95_se",
        [UXO_COLUMN_PEOPLE_AFFECTED_MEAN_SE] = "ppl_aff_se",
        [UXO_COLUMN_ACCIDENTS_MEAN_SE] = "acc_mn_se",
        [UXO_COLUMN_ACCIDENTS_P05_SE] = "acc_05_se",
        [UXO_COLUMN_ACCIDENTS_P50_SE] = "acc_50_se",
        [UXO_COLUMN_ACCIDENTS_P95_SE] = "acc_95_se",
        [UXO_COLUMN_CASUALTIES_MEAN_SE] = "casualt_se",
        [UXO_COLUMN_DEATHS_MEAN_SE] = "deaths_se",
        [UXO_COLUMN_P_TOP1_SE] = "p_top1_se",
        [UXO_COLUMN_P_TOP3_SE] = "p_top3_se",
    };
    return name[column];
}

static void write_number_text(json_output *json, const uxo_result *result, const char *attribute)
{
    const char *const text = uxo_result_text(result, "/", attribute);
    if (text != NULL) {
        json_raw(json, attribute, text);
    }
}

void districts_json_header(json_output *json, const uxo_result *result)
{
    static const char *const texts[] = {"title",     "summary",    "source",     "as_of",
                                        "estimator", "map_method", "self_check", "redacted"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *const text = uxo_result_text(result, "/", texts[i]);
        if (text != NULL) {
            json_text(json, texts[i], text);
        }
    }
    write_number_text(json, result, "realisations");
    write_number_text(json, result, "seed");
    json_number(json, "expected_duds", uxo_result_number(result, "/", "expected_duds"));
    json_number(json, "simulated_duds_mean", uxo_result_number(result, "/", "simulated_duds_mean"));
}

void districts_json_columns(json_output *json, const uxo_district_table *table, bool short_names)
{
    json_open(json, "columns", '{');
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT; column++) {
        if (uxo_district_table_has(table, column)) {
            char sentence[UXO_SENTENCE_SIZE];
            const uxo_column_info *const info = uxo_column(column);
            json_open_inline(json, short_names ? districts_short_name(column) : info->name, '{');
            if (short_names) {
                json_text(json, "column", info->name);
            }
            json_text(json, "unit", info->unit);
            uxo_column_sentence(column, districts_noun(table), sentence, sizeof sentence);
            json_text(json, "meaning", sentence);
            json_close(json, '}');
        }
    }
    json_close(json, '}');
}

void districts_json_row(json_output *json, const uxo_district_table *table, uint32_t row, bool short_names)
{
    json_text(json, "kind", districts_row_kind(table, row));
    json_text(json, districts_noun(table), table->name[row]);
    if (table->status != NULL) {
        json_text(json, "status", table->status[row]);
    }
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT; column++) {
        if (uxo_district_table_has(table, column)) {
            json_number(json, short_names ? districts_short_name(column) : uxo_column(column)->name,
                        table->value[column][row]);
        }
    }
}

void districts_json_zones(json_output *json, const char *zones)
{
    if (zones != NULL) {
        json_text(json, "zones", zones);
        json_text(json, "note",
                  "zones may overlap: rows do not add up to the total, which is that of the districts; a cell counts "
                  "by the share "
                  "of its area, in 255ths");
    }
}

void districts_write_json(const uxo_result *result, const char *zones, const uxo_district_table *table,
                          const uint32_t *order, FILE *out)
{
    json_output json;
    json_init(&json, out);
    json_open(&json, NULL, '{');
    json_text(&json, "format", zones != NULL ? "uxosim-zones" : "uxosim-districts");
    json_raw(&json, "format_version", "1");
    districts_json_zones(&json, zones);
    districts_json_header(&json, result);
    districts_json_columns(&json, table, false);
    json_open(&json, "rows", '[');
    for (uint32_t i = 0; i < table->rows; i++) {
        json_open(&json, NULL, '{');
        districts_json_row(&json, table, i + DISTRICTS_SPECIAL_ROWS < table->rows ? order[i] : i, false);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
}
