/* districts_json.h - private to tools: parts of the districts as JSON that GeoJSON shares. */
#ifndef UXOSIM_TOOLS_DISTRICTS_JSON_H
#define UXOSIM_TOOLS_DISTRICTS_JSON_H

#include "json_output.h"
#include "uxosim/result.h"

void districts_json_header(json_output *json, const uxo_result *result);
/* The set of zones and what it means for the rows; nothing for districts (NULL). */
void districts_json_zones(json_output *json, const char *zones);
/* Unit and meaning of the columns that were computed. */
void districts_json_columns(json_output *json, const uxo_district_table *table, bool short_names);
/* Kind, name, of zones their status, and computed columns of a row. */
void districts_json_row(json_output *json, const uxo_district_table *table, uint32_t row, bool short_names);

#endif
