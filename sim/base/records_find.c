/* records_find.c - a record by its numbers, among those that are in ascending order. */
#include "uxosim/records.h"

static int compare(const uxo_record_place *record, uint32_t kind, uint32_t a, uint32_t b)
{
    const uint32_t found[3] = {record->kind, record->a, record->b}, wanted[3] = {kind, a, b};
    int i = 0;
    while (i < 2 && found[i] == wanted[i]) {
        i++;
    }
    return found[i] < wanted[i] ? -1 : found[i] > wanted[i];
}

const uxo_record_place *uxo_records_find(const uxo_records *self, uint32_t kind, uint32_t a, uint32_t b, uint32_t index)
{
    size_t low = 0, high = self->found;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(&self->record[middle], kind, a, b) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low += index;
    return low < self->found && compare(&self->record[low], kind, a, b) == 0 ? &self->record[low] : NULL;
}
