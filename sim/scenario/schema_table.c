/* schema_table.c - every key of a scenario, of a catalogue and of a sweep file: type, unit, range, default, meaning, example. The rows are data, in files by
 * section; here they are put one after another.
 *
 * Ranges are wide bounds against slips of the pen (a kilometre typed for a metre), not physics; each is ASSUMED.
 */
#include "schema_private.h"

static const uxo_schema_part *const scenario_parts[] = {
    &uxo_schema_run,        &uxo_schema_layers, &uxo_schema_strikes, &uxo_schema_campaign,
    &uxo_schema_background, &uxo_schema_risk,   &uxo_schema_output};
static const uxo_schema_part *const catalogue_parts[] = {&uxo_schema_catalogue};

static const uxo_schema_part *const sweep_parts[] = {&uxo_schema_sweep};

static size_t parts_of(uxo_document document, const uxo_schema_part *const **parts)
{
    const bool scenario = document == UXO_DOCUMENT_SCENARIO;
    *parts = scenario ? scenario_parts : document == UXO_DOCUMENT_CATALOGUE ? catalogue_parts : sweep_parts;
    return scenario ? sizeof scenario_parts / sizeof *scenario_parts : 1;
}

size_t uxo_schema_row_count(uxo_document document)
{
    const uxo_schema_part *const *parts;
    const size_t part_count = parts_of(document, &parts);
    size_t rows = 0;
    for (size_t i = 0; i < part_count; i++) {
        rows += parts[i]->count;
    }
    return rows;
}

const uxo_key_row *uxo_schema_row(uxo_document document, size_t index)
{
    const uxo_schema_part *const *parts;
    const size_t part_count = parts_of(document, &parts);
    for (size_t i = 0; i < part_count; i++) {
        if (index < parts[i]->count) {
            return &parts[i]->row[index];
        }
        index -= parts[i]->count;
    }
    return NULL;
}
