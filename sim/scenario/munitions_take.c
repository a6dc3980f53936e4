/* munitions_take.c - entries of a catalogue that was read before. Not here: reading them (munitions.c). */
#include "munitions_private.h"

bool munitions_take_entry(uxo_catalogue *before, const char *id, uxo_munition *out)
{
    const int32_t found = before != NULL ? uxo_catalogue_find(before, id) : -1;
    if (found < 0 || !before->item[found].as_in_catalogue) {
        return false;
    }
    uxo_munition *const item = &before->item[found];
    uxo_quantity *const quantity[] = {&out->submunitions_per_carrier, &out->dud_rate,         &out->concentration,
                                      &out->carrier_failure,          &out->spread_along_m,   &out->spread_across_m,
                                      &out->pattern_along_m,          &out->pattern_across_m, &out->pattern_width};
    *out = *item;
    out->shifted_rate = 0.0;
    for (size_t i = 0; i < sizeof quantity / sizeof *quantity; i++) {
        quantity[i]->campaign_index = -1;
    }
    for (int k = 0; k < UXO_SOURCE_COUNT; k++) {
        item->source[k] = item->origin[k] = item->text[k] = NULL;
    }
    item->as_in_catalogue = false;
    return true;
}
