/* strikes_displacement.c - how far from their release point parts of carriers are found, by evidence. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strikes_private.h"

static void read_part(strikes_reader *reader, const uxo_node *map, const char *word, const char *key, uxo_quantity *out)
{
    char path[80];
    snprintf(path, sizeof path, "strikes.displacement.%s.%s", word, key);
    const uxo_node *const node = uxo_node_get(map, key);
    uxo_quantity *const read =
        node != NULL ? strikes_read_quantity(reader, node, uxo_schema_find(UXO_DOCUMENT_SCENARIO, path)) : NULL;
    *out = read != NULL ? *read : uxo_quantity_constant(0.0);
    free(read);
}

void strikes_read_displacement(uxo_strikes *self, strikes_reader *reader)
{
    static const uxo_evidence parts[] = {UXO_EVIDENCE_MOTOR, UXO_EVIDENCE_CARGO};
    memset(self->displacement, 0, sizeof self->displacement);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uxo_displacement *const out = &self->displacement[parts[i]];
        const char *const word = uxo_evidence_word(parts[i]);
        const uxo_node *const map = uxo_node_get(reader->source->displacement, word);
        if (map != NULL) {
            out->given = true;
            read_part(reader, map, word, "along_m", &out->along_m);
            read_part(reader, map, word, "across_m", &out->across_m);
        }
    }
}

double uxo_displacement_high_m(const uxo_displacement *self, double tail)
{
    const uxo_quantity *const part[] = {&self->along_m, &self->across_m};
    double farthest[2];
    for (int i = 0; self->given && i < 2; i++) {
        farthest[i] =
            fmax(fabs(uxo_quantity_quantile(part[i], tail)), fabs(uxo_quantity_quantile(part[i], 1.0 - tail)));
    }
    return self->given ? sqrt(farthest[0] * farthest[0] + farthest[1] * farthest[1]) : 0.0;
}
