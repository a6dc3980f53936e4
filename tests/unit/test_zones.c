/* test_zones.c - shares of cells by hand: lists that are kept once, what lies outside, points by zone, squares of `expected-value` that are split by
 * the same shares, the table of a set. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../sim/engine/agreement.h"
#include "../../sim/engine/expected_squares.h"
#include "../../sim/engine/zone_tally.h"
#include "../../sim/scenario/zones_map.h"
#include "judge.h"
#include "model_fixture.h"
#include "uxosim/summary.h"
#include "zones_fixture.h"

enum { SETS = 2, ZONES = 3 };

/* Stripes that overlap, with slopes: zone 0 everything, zone 1 more and more to the east, zone 2 every fifth row; in the second set by columns. */
static uint32_t stripes(uint32_t set, uint32_t zone, uint32_t ix, uint32_t iy)
{
    const uint32_t along = set == 0 ? ix : iy, across = set == 0 ? iy : ix;
    return zone == 0 ? 255 : zone == 1 ? (along * 7) % 256 : across % 5 == 0 ? 100 : 0;
}

static void lists_of_shares_are_kept_once(void **state)
{
    static model_fixture fixture;
    (void)state;
    fixture_init(&fixture, 0.0, 0.0, 10.0, 100, 90, 1, 1);
    zones_fixture_add(&fixture.scenario, 1, ZONES, stripes);
    const uxo_zones *const zones = &fixture.scenario.zones;
    /* 100 different weights of zone 1 with and without zone 2 (less zone 1 where it has none), nothing, and cells beyond the edge. */
    assert_true(zones->mix_count >= 200 && zones->mix_count <= 203);
    for (uint32_t a = 0; a < zones->mix_count; a++) {
        for (uint32_t b = 0; b < a; b++) {
            uint32_t of_a, of_b;
            const uxo_zone_share *const first = uxo_zones_shares(zones, a, &of_a);
            const uxo_zone_share *const second = uxo_zones_shares(zones, b, &of_b);
            assert_true(of_a != of_b || memcmp(first, second, of_a * sizeof *first) != 0);
        }
    }
    uxo_zones_free(&fixture.scenario.zones);
    fixture_free(&fixture);
}

/* Of a cell that several share and none has whole, what is outside needs what they cover together; within what their shares allow. */
static void outside_is_what_is_left(void **state)
{
    static uint8_t a[UXO_TILE_CELLS], b[UXO_TILE_CELLS], together[UXO_TILE_CELLS], outside[UXO_TILE_CELLS];
    zone_covers covers = {NULL, 0, 0};
    (void)state;
    a[0] = 100;                               /* alone */
    a[1] = 100, b[1] = 60, together[1] = 130; /* overlap in part */
    a[2] = 100, b[2] = 60, together[2] = 162; /* rounded up: no more than the sum */
    a[3] = 100, b[3] = 60, together[3] = 99;  /* rounded down: no less than the largest */
    a[4] = 255, b[4] = 60;                    /* whole */
    assert_true(zone_covers_add(&covers, 0, a));
    assert_false(zone_covers_need_union(&covers)); /* one alone */
    assert_true(zone_covers_add(&covers, 1, b));
    assert_true(zone_covers_need_union(&covers));
    assert_true(zone_covers_outside(&covers, together, outside));
    const uint8_t want[] = {155, 125, 95, 155, 0, 255};
    assert_memory_equal(outside, want, sizeof want);
    assert_true(zone_covers_add(&covers, 2, NULL)); /* the whole tile */
    assert_false(zone_covers_need_union(&covers));
    assert_false(zone_covers_outside(&covers, together, outside));
    zone_covers_free(&covers);
}

static void points_count_by_share(void **state)
{
    enum { POINTS = 5000, COLUMNS = SETS * (ZONES + 2) };
    static model_fixture fixture;
    static uint32_t tile[POINTS], entry[POINTS];
    uint64_t parts[COLUMNS] = {0}, want[COLUMNS] = {0};
    uint32_t seed = 7;
    (void)state;
    fixture_init(&fixture, 0.0, 0.0, 10.0, 150, 90, 1, 1);
    zones_fixture_add(&fixture.scenario, SETS, ZONES, stripes);
    for (uint32_t i = 0; i < POINTS; i++) {
        seed = seed * 1664525u + 1013904223u;
        const uint32_t ix = (seed >> 8) % 150, iy = (seed >> 16) % 90;
        tile[i] = (uint32_t)uxo_grid_tile_of(&fixture.scenario.grid, ix, iy);
        entry[i] = 0x5000u | uxo_grid_cell_in_tile(ix, iy); /* high bits are of the realisation */
        if (i % 11 == 0) {
            tile[i] = 77; /* outside the grid */
            continue;
        }
        for (uint32_t s = 0; s < SETS; s++) {
            uint32_t most = 0;
            for (uint32_t z = 0; z < ZONES; z++) {
                want[s * (ZONES + 2) + z] += stripes(s, z, ix, iy);
                most = stripes(s, z, ix, iy) > most ? stripes(s, z, ix, iy) : most;
            }
            want[s * (ZONES + 2) + ZONES] += 255 - most;
        }
    }
    uxo_zone_tally_add(&fixture.scenario.zones, tile, entry, POINTS, 77, parts);
    uxo_zone_tally_outside(&fixture.scenario.zones, 455, parts);
    want[ZONES + 1] = want[2 * ZONES + 3] = (uint64_t)455 * 255;
    assert_memory_equal(parts, want, sizeof want);
    uxo_zones_free(&fixture.scenario.zones);
    fixture_free(&fixture);
}

/* Areas and people of all squares of a column are those of the cells' shares, on grids that fit the squares and on grids that do not. */
static void squares_have_the_shares_of_cells(void **state)
{
    static const double shape[][3] = {
        {1000.0, 20.0, 1000.0}, {1013.0, 7.0, 30.0}, {-555.5, 30.0, 20.0}, {99.0, 333.3, 40.0}};
    (void)state;
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++) {
        enum { COLUMNS = SETS * (ZONES + 2), NX = 37, NY = 29 };
        static model_fixture fixture;
        double share_ha[COLUMNS] = {0.0}, people[COLUMNS] = {0.0};
        uint64_t parts[COLUMNS];
        uxo_squares squares;
        fixture_init(&fixture, shape[i][0], -shape[i][0], shape[i][1], NX, NY, 1, 1);
        zones_fixture_add(&fixture.scenario, SETS, ZONES, stripes);
        assert_true(uxo_population_init(&fixture.scenario.population, &fixture.scenario.grid));
        for (uint32_t cell = 0; cell < NX * NY; cell++) {
            assert_true(uxo_population_add(&fixture.scenario.population, &fixture.scenario.grid, cell % NX, cell / NX,
                                           0.25 * (cell % 37)));
        }
        assert_true(uxo_squares_init(&squares, &fixture.scenario, shape[i][2]));
        for (uint32_t p = 0; p < squares.pieces_x * squares.pieces_y; p++) {
            const uxo_zone_piece *const zones = uxo_squares_piece(&squares, p)->zones;
            for (uint32_t c = 0; c < zones->column_count; c++) {
                const uxo_zone_column *const column = &zones->column[c];
                assert_true(c == 0 || column->column > zones->column[c - 1].column);
                const uint32_t blocks = UXO_PIECE / squares.per_side * (UXO_PIECE / squares.per_side);
                const double square_ha = uxo_grid_cell_ha(&squares.grid);
                share_ha[column->column] += (column->count == 0 ? UXO_PIECE_SQUARES : column->whole) * square_ha;
                for (uint32_t k = 0; column->count == 0 && k < blocks; k++) {
                    people[column->column] += zones->block_people[k];
                }
                for (uint32_t k = 0; k < column->count; k++) {
                    people[column->column] += zones->people[column->first + k];
                    share_ha[column->column] +=
                        k < column->whole ? 0.0 : zones->share[column->first_share + k - column->whole] * square_ha;
                }
            }
        }
        assert_true(uxo_zones_count_people(&fixture.scenario.zones, &fixture.scenario.population));
        uxo_zones_measure(&fixture.scenario.zones, &fixture.scenario.grid, parts);
        for (uint32_t c = 0; c < COLUMNS; c++) {
            const uxo_zone_set *const set = &fixture.scenario.zones.set[c / (ZONES + 2)];
            const uint32_t row = c % (ZONES + 2);
            const double area_ha = (double)parts[c] / 255.0 * uxo_grid_cell_ha(&fixture.scenario.grid);
            const double live = row < ZONES ? set->item[row].population : row == ZONES ? set->population_outside : 0.0;
            assert_near(share_ha[c], area_ha, 1e-9 * (area_ha + 1.0));
            assert_near(people[c], live, 1e-6 * (live + 1.0));
        }
        uxo_squares_free(&squares);
        uxo_population_free(&fixture.scenario.population);
        uxo_zones_free(&fixture.scenario.zones);
        fixture_free(&fixture);
    }
}

/* A set's rows by hand; the last two are those of the districts, whatever the zones have. */
static void the_table_has_rows_of_zones_and_the_total_of_districts(void **state)
{
    enum { R = 3, COLUMNS = ZONES + 2, ROWS = ZONES + 3 };
    static model_fixture fixture;
    uint32_t dud_count[R * 2] = {9, 1, 0, 0, 3, 2}; /* outside every district, outside the grid */
    double conditional[R * 2] = {8.0, 1.5, 1.0, 0.5, 2.0, 2.0}, affected[R * 2] = {4.0, NAN, 0.0, NAN, 2.0, NAN};
    uint64_t parts[R * COLUMNS] = {255, 510, 51, 765, 255, 0, 0, 0, 0, 0, 765, 255, 102, 0, 510};
    double expected[R * COLUMNS] = {1.0, 2.0, 0.1, 5.0, 1.5, 0.0, 0.0, 0.0, 1.0, 0.5, 2.0, 2.0, 1.0, 0.0, 2.0};
    double hectares[R * COLUMNS] = {1.0, 2.0, 0.5, 3.0, NAN, 0.0, 0.0, 0.0, 0.0, NAN, 2.0, 1.0, 1.0, 0.0, NAN};
    uxo_district_table districts, table;
    uxo_report report;
    (void)state;
    uxo_report_init(&report);
    fixture_init(&fixture, 0.0, 0.0, 100.0, 10, 10, R, 1);
    zones_fixture_add(&fixture.scenario, 1, ZONES, stripes);
    const uxo_outcome outcome = {.realisations = R,
                                 .columns = 2,
                                 .dud_count = dud_count,
                                 .conditional = conditional,
                                 .affected_ha = affected,
                                 .people_affected = affected,
                                 .zones = {.columns = COLUMNS,
                                           .dud_parts = parts,
                                           .conditional = expected,
                                           .affected_ha = hectares,
                                           .people_affected = hectares}};
    assert_int_equal(uxo_district_table_init(&districts, 0, &report), UXO_OK);
    assert_int_equal(uxo_district_table_fill(&districts, &fixture.scenario, &outcome, NULL, &report), UXO_OK);
    assert_int_equal(uxo_district_table_init(&table, ZONES, &report), UXO_OK);
    assert_int_equal(uxo_zone_table_fill(&table, &fixture.scenario, &fixture.scenario.zones.set[0], &outcome,
                                         &districts, NULL, &report),
                     UXO_OK);
    const double duds[ROWS] = {4.0 / 3.0, 1.0, 0.6 / 3.0, 1.0, 1.0, 5.0};
    const double area[ROWS] = {1.0, 1.0, 0.5, 1.0, NAN, 2.0};
    const double top[ROWS] = {0.5 / 3.0, 1.5 / 3.0, 0.0, NAN, NAN, NAN}; /* nobody expects anything in the second */
    const char *const name[ROWS] = {"zone 0", "zone 1", "zone 2", "outside every zone", "outside the grid", "total"};
    for (uint32_t row = 0; row < ROWS; row++) {
        assert_string_equal(table.name[row], name[row]);
        assert_string_equal(table.status[row], row == 0 || row == 2 ? "SHA" : "");
        assert_near(table.value[UXO_COLUMN_DUDS_MEAN][row], duds[row], 1e-12);
        assert_true(isnan(area[row]) ? isnan(table.value[UXO_COLUMN_AFFECTED_HA_MEAN][row])
                                     : fabs(table.value[UXO_COLUMN_AFFECTED_HA_MEAN][row] - area[row]) < 1e-12);
        assert_true(isnan(top[row]) ? isnan(table.value[UXO_COLUMN_P_TOP1][row])
                                    : fabs(table.value[UXO_COLUMN_P_TOP1][row] - top[row]) < 1e-12);
    }
    assert_near(table.value[UXO_COLUMN_RANK_DUDS][1], 1.0, 0.0);
    assert_near(table.value[UXO_COLUMN_AREA_HA][0], 100.0, 1e-9);
    assert_near(table.value[UXO_COLUMN_DUDS_PER_HA][0], 4.0 / 300.0, 1e-12);
    uxo_district_table_free(&table);
    uxo_district_table_free(&districts);
    uxo_zones_free(&fixture.scenario.zones);
    fixture_free(&fixture);
    uxo_report_free(&report);
}

/* What a run checks of its zones: it passes as it is and with one number changed it does not. */
static void a_run_sees_what_is_wrong_with_zones(void **state)
{
    enum { R = 400 };
    static model_fixture fixture;
    (void)state;
    for (int damage = 0; damage < 5; damage++) {
        uxo_outcome outcome;
        uxo_zone_agreement found;
        fixture_init(&fixture, -200.0, -200.0, 20.0, 20, 20, R, 11);
        fixture.scenario.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
        fixture_strike(&fixture, "a", 0.0, 0.0);
        zones_fixture_add(&fixture.scenario, 1, ZONES, stripes);
        fixture_run(&fixture, 2, &outcome);
        uint64_t *const parts = outcome.zones.dud_parts;
        double *const expected = outcome.zones.conditional;
        for (size_t r = 0; r < R; r++) {
            const size_t row = r * outcome.zones.columns;
            parts[row] += damage == 1 && r == 7;                                    /* more than all there are */
            expected[row] *= damage == 2 ? 0.9 : damage == 3 ? 1.1 : 1.0;           /* expected too seldom, too often */
            parts[row] -= damage == 4 && r == 7 && parts[row] > 0 ? parts[row] : 0; /* a realisation that is lost */
        }
        uxo_agreement_of_zones(&fixture.scenario, &outcome, &found);
        assert_int_equal(found.held, damage != 1 && damage != 4);
        assert_int_equal(found.expected, damage != 2 && damage != 3);
        assert_true(found.accidents);
        uxo_outcome_free(&outcome);
        uxo_zones_free(&fixture.scenario.zones);
        fixture_free(&fixture);
    }
}

static void sentences_speak_of_zones(void **state)
{
    char text[UXO_SENTENCE_SIZE];
    (void)state;
    uxo_column_sentence(UXO_COLUMN_AREA_HA, "zone", text, sizeof text);
    assert_string_equal(text, "area of the zone's cells on the grid");
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_COUNT; column++) {
        uxo_column_sentence(column, "district", text, sizeof text);
        assert_string_equal(text, uxo_column(column)->sentence);
        uxo_column_sentence(column, "zone", text, sizeof text);
        assert_null(strstr(text, "district"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_shares_are_kept_once),
        cmocka_unit_test(outside_is_what_is_left),
        cmocka_unit_test(points_count_by_share),
        cmocka_unit_test(squares_have_the_shares_of_cells),
        cmocka_unit_test(the_table_has_rows_of_zones_and_the_total_of_districts),
        cmocka_unit_test(a_run_sees_what_is_wrong_with_zones),
        cmocka_unit_test(sentences_speak_of_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
