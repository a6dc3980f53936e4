/* expected_gather.c - see expected_gather.h. */
#include "expected_gather.h"

/* Duds in a block from which on it counts as affected: the contract of affected_ha. */
static const double AFFECTED_DUDS = 0.05;

static void add_conditional(const uxo_square_piece *piece, const float *value, const uxo_gather_rows *to)
{
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        if (piece->column[i] != UXO_MIXED_SQUARE && piece->area_ha[i] > 0.0) {
            to->conditional[piece->column[i]] += (double)value[i];
        }
    }
    for (uint32_t i = 0; i < piece->mixed_count; i++) {
        const uxo_square_share *const part = &piece->mixed[i];
        const double duds = (double)value[part->square] * part->share;
        to->conditional[part->column] += duds;
        to->mixed[part->column] += (int64_t)(duds * UXO_DUD_PARTS + 0.5);
    }
}

/* Area and people of the affected blocks of a piece that is whole and of one column. */
static void add_uniform(const uxo_square_piece *piece, const double *block, uint32_t per_side,
                        const uxo_gather_rows *to)
{
    const uint32_t across = UXO_PIECE / per_side;
    double people = 0.0;
    uint32_t affected = 0;
    for (uint32_t i = 0; i < across * across; i++) {
        if (block[i] >= AFFECTED_DUDS) {
            people += piece->block_people[i];
            affected++;
        }
    }
    to->affected_ha[piece->column[0]] += (double)(affected * per_side * per_side) * piece->area_ha[0];
    to->people[piece->column[0]] += people;
}

/* Area and people of the affected blocks of a piece; `affected` by square. */
static void add_affected(const uxo_square_piece *piece, const bool *affected, const uxo_gather_rows *to)
{
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        if (affected[i] && piece->column[i] != UXO_MIXED_SQUARE) {
            to->affected_ha[piece->column[i]] += piece->area_ha[i];
            to->people[piece->column[i]] += piece->people[i];
        }
    }
    for (uint32_t i = 0; i < piece->mixed_count; i++) {
        const uxo_square_share *const part = &piece->mixed[i];
        if (affected[part->square]) {
            to->affected_ha[part->column] += part->area_ha;
            to->people[part->column] += part->people;
        }
    }
}

/* Duds in each block of a piece; returns those of the piece. Columns first, then groups of them: so that the compiler
 * adds sixteen at a time, always in the same order. */
static double add_blocks(const float *value, uint32_t per_side, double *block)
{
    const uint32_t across = UXO_PIECE / per_side;
    double all = 0.0;
    for (uint32_t band = 0; band < across; band++) {
        double column[UXO_PIECE] = {0.0};
        for (uint32_t row = band * per_side; row < (band + 1) * per_side; row++) {
            for (uint32_t x = 0; x < UXO_PIECE; x++) {
                column[x] += (double)value[row * UXO_PIECE + x];
            }
        }
        for (uint32_t x = 0; x < across; x++) {
            double duds = 0.0;
            for (uint32_t i = x * per_side; i < (x + 1) * per_side; i++) {
                duds += column[i];
            }
            block[band * across + x] = duds;
            all += duds;
        }
    }
    return all;
}

static bool find_affected(const double *block, uint32_t per_side, bool *affected)
{
    const uint32_t across = UXO_PIECE / per_side;
    bool any = false;
    for (uint32_t i = 0; i < across * across; i++) {
        any = any || block[i] >= AFFECTED_DUDS;
    }
    for (uint32_t i = 0; any && i < UXO_PIECE_SQUARES; i++) {
        affected[i] = block[i / UXO_PIECE / per_side * across + i % UXO_PIECE / per_side] >= AFFECTED_DUDS;
    }
    return any;
}

/* Accidents of the duds of a piece that is whole and of one column. */
static void add_accidents_uniform(const uxo_square_piece *piece, const double *block, uint32_t per_side,
                                  const uxo_gather_rows *to)
{
    const uint32_t across = UXO_PIECE / per_side;
    double accidents = 0.0;
    for (uint32_t i = 0; i < across * across; i++) {
        accidents += block[i] > 0.0 ? block[i] * uxo_exposure_share(to->chance, 0, piece->density[i], 0) : 0.0;
    }
    to->accidents[piece->column[0]] += accidents;
}

/* Accidents of each square of a piece, from its duds: a block has one chance. */
static void find_accidents(const uxo_square_piece *piece, const float *value, uint32_t per_side,
                           const uxo_gather_rows *to, float *accidents)
{
    const uint32_t across = UXO_PIECE / per_side;
    for (uint32_t band = 0; band < across; band++) {
        float chance[UXO_PIECE];
        for (uint32_t x = 0; x < across; x++) {
            const float here = (float)uxo_exposure_share(to->chance, 0, piece->density[band * across + x], 0);
            for (uint32_t i = x * per_side; i < (x + 1) * per_side; i++) {
                chance[i] = here;
            }
        }
        for (uint32_t row = band * per_side; row < (band + 1) * per_side; row++) {
            for (uint32_t i = 0; i < UXO_PIECE; i++) {
                accidents[row * UXO_PIECE + i] = value[row * UXO_PIECE + i] * chance[i];
            }
        }
    }
}

/* Beyond the grid nobody is known to live. */
static void add_accidents(const uxo_square_piece *piece, const float *accidents, const uxo_gather_rows *to)
{
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        if (piece->column[i] != UXO_MIXED_SQUARE && piece->area_ha[i] > 0.0) {
            to->accidents[piece->column[i]] += (double)accidents[i];
        }
    }
    for (uint32_t i = 0; i < piece->mixed_count; i++) {
        const uxo_square_share *const part = &piece->mixed[i];
        const double here = (double)accidents[part->square] * part->share;
        to->accidents[part->column] += here;
        *to->accident_mixed += here;
    }
}

/* Zones on a piece; value, block, duds: of the piece. */
static void add_zones(const uxo_squares *squares, const uxo_square_piece *piece, const float *value,
                      const double *block, double duds, const uxo_gather_rows *to)
{
    const uint32_t side = squares->per_side;
    const double square_ha = uxo_grid_cell_ha(&squares->grid);
    uxo_piece_finds finds = {.value = value,
                             .duds = duds,
                             .block = block,
                             .blocks = UXO_PIECE / side * (UXO_PIECE / side),
                             .per_side = side,
                             .least = AFFECTED_DUDS,
                             .square_ha = square_ha,
                             .block_ha = square_ha * (double)(side * side),
                             .parts_per_dud = UXO_DUD_PARTS};
    for (uint32_t i = 0; i < finds.blocks; i++) {
        finds.any = finds.any || block[i] >= AFFECTED_DUDS;
    }
    uxo_zone_piece_add(piece->zones, &finds, &to->zones);
}

/* Accidents of a piece; block: its duds by block. */
static void gather_accidents(const uxo_square_piece *piece, uint32_t slot, const float *value, const double *block,
                             uint32_t per_side, const uxo_gather_rows *to)
{
    float found[UXO_PIECE_SQUARES];
    const float *accidents = found;
    const bool by_class = to->by_class != NULL, uniform = piece->uniform && !by_class;
    if (by_class) {
        accidents = to->by_class->value + (size_t)slot * UXO_PIECE_SQUARES;
    } else if (!uniform || piece->zones != NULL) {
        find_accidents(piece, value, per_side, to, found);
    }
    if (uniform) {
        add_accidents_uniform(piece, block, per_side, to);
    } else {
        add_accidents(piece, accidents, to);
    }
    if (piece->zones != NULL) {
        uxo_zone_piece_accidents(piece->zones, accidents, &to->zones);
    }
}

void uxo_gather_piece(const uxo_squares *squares, const uxo_square_piece *piece, uint32_t slot, const float *value,
                      const uxo_gather_rows *to)
{
    bool affected[UXO_PIECE_SQUARES];
    double block[UXO_PIECE_SQUARES];
    const double duds = add_blocks(value, squares->per_side, block);
    if (piece->zones != NULL) {
        add_zones(squares, piece, value, block, duds, to);
    }
    if (to->accidents != NULL) {
        gather_accidents(piece, slot, value, block, squares->per_side, to);
    }
    if (piece->uniform) {
        to->conditional[piece->column[0]] += duds;
        add_uniform(piece, block, squares->per_side, to);
        return;
    }
    add_conditional(piece, value, to);
    if (find_affected(block, squares->per_side, affected)) {
        add_affected(piece, affected, to);
    }
}
