/* work_tables.c - see work_tables.h. */
#include "work_tables.h"

#include <stdlib.h>
#include <string.h>

#include "variance_pairs.h"

/* Those that points fill. */
static size_t tables_of_points(const uxo_scenario *scenario, const uxo_outcome *outcome, const uxo_work_done *done,
                               uxo_work_table *out)
{
    const uxo_zone_outcome *const zones = &outcome->zones;
    const size_t columns = outcome->columns, zone_columns = zones->columns, real = sizeof(double);
    const uint32_t first = done->first, end = done->points;
    const uxo_work_table table[] = {
        {outcome->dud_count, columns * sizeof *outcome->dud_count, first, end},
        {outcome->campaign, scenario->campaign_count * real, first, end},
        {outcome->given_mean, real, first, end},
        {outcome->given_variance, real, first, end},
        {outcome->kept_mean, real, first, end},
        {outcome->kept_variance, real, first, end},
        {outcome->accidents, columns * sizeof *outcome->accidents, first, end},
        {outcome->accident_chance, columns * real, first, end},
        {outcome->second_year, real, first, end},
        {zones->dud_parts, zone_columns * sizeof *zones->dud_parts, first, end},
        {zones->accident_parts, zone_columns * sizeof *zones->accident_parts, first, end},
        {zones->accident_chance, zone_columns * real, first, end},
    };
    memcpy(out, table, sizeof table);
    return sizeof table / sizeof *table;
}

/* Those that `expected-value` fills. */
static size_t tables_of_blocks(const uxo_outcome *outcome, const uxo_work_done *done, uxo_work_table *out)
{
    const uxo_zone_outcome *const zones = &outcome->zones;
    const size_t row = outcome->columns * sizeof(double), zone_row = zones->columns * sizeof(double);
    const uint32_t first = done->first, end = done->blocks;
    const uxo_work_table table[] = {
        {outcome->conditional, row, first, end},          {outcome->affected_ha, row, first, end},
        {outcome->people_affected, row, first, end},      {outcome->accounted, sizeof(double), first, end},
        {outcome->accident_expectation, row, first, end}, {outcome->accident_mixed, sizeof(double), first, end},
        {zones->conditional, zone_row, first, end},       {zones->affected_ha, zone_row, first, end},
        {zones->people_affected, zone_row, first, end},   {zones->accident_expectation, zone_row, first, end},
    };
    memcpy(out, table, sizeof table);
    return sizeof table / sizeof *table;
}

void uxo_work_tables_of(const uxo_scenario *scenario, const uxo_outcome *outcome, const uxo_work_done *done,
                        uxo_work_table out[UXO_WORK_TABLES])
{
    memset(out, 0, UXO_WORK_TABLES * sizeof *out);
    size_t count = tables_of_points(scenario, outcome, done, out);
    count += tables_of_blocks(outcome, done, out + count);
    out[count++] = (uxo_work_table){outcome->background_count, outcome->columns * sizeof *outcome->background_count,
                                    done->first, done->background};
    out[count] = (uxo_work_table){outcome->pairs.row, uxo_variance_row_bytes(outcome), done->first_pair, done->pairs};
}

void uxo_work_sums_of(const uxo_scenario *scenario, uxo_outcome *outcome, uxo_work_sum out[UXO_WORK_SUMS_COUNT])
{
    const size_t strikes = scenario->strikes.count, columns = outcome->columns;
    uxo_zone_outcome *const zones = &outcome->zones;
    const uxo_work_sum sum[] = {
        {outcome->strike_duds, strikes * columns},
        {outcome->strike_carriers, strikes},
        {outcome->column_carriers, columns},
        {outcome->column_submunitions, columns},
        {&outcome->intact_carriers, 1},
        {&outcome->intact_submunitions, 1},
        {&outcome->total_duds, 1},
        {&outcome->removed_candidates, 1},
        {zones->carrier_parts, zones->columns},
        {zones->submunition_parts, zones->columns},
        {outcome->sample_count, outcome->tile_count * UXO_SAMPLE_CELLS},
        {outcome->shared_parts, 2 * (columns + zones->columns)},
    };
    memset(out, 0, UXO_WORK_SUMS_COUNT * sizeof *out);
    memcpy(out, sum, sizeof sum);
}

static size_t packed_size(uint64_t number)
{
    size_t size = 1;
    while (number >= 0x80) {
        number >>= 7;
        size++;
    }
    return size;
}

void *uxo_work_pack(const uint64_t *number, size_t count, size_t *size)
{
    *size = 0;
    for (size_t i = 0; i < count; i++) {
        *size += packed_size(number[i]);
    }
    unsigned char *const bytes = malloc(*size + 1);
    unsigned char *to = bytes;
    for (size_t i = 0; bytes != NULL && i < count; i++) {
        uint64_t rest = number[i];
        for (; rest >= 0x80; rest >>= 7) {
            *to++ = (unsigned char)(rest | 0x80);
        }
        *to++ = (unsigned char)rest;
    }
    return bytes;
}

bool uxo_work_unpack(const void *bytes, size_t size, uint64_t *to, size_t count)
{
    const unsigned char *from = bytes;
    const unsigned char *const end = from + size;
    for (size_t i = 0; i < count; i++) {
        uint64_t number = 0;
        unsigned shift = 0;
        while (from < end && *from >= 0x80 && shift < 63) {
            number |= (uint64_t)(*from++ & 0x7F) << shift;
            shift += 7;
        }
        if (from == end) {
            return false;
        }
        to[i] += number | (uint64_t)*from++ << shift;
    }
    return from == end;
}
