/* kernels_template.h - the kernels, written once for every width. Included by kernels_sse2.c, kernels_avx2.c and
 * kernels_avx512.c, which define WIDTH and those operations (capital letters) that are not the compiler's own; it has no
 * include guard on purpose. One lane of it is in kernels_private.h, the same operations in the same order.
 *
 * Source  Philox4x32-10: Salmon et al. 2011; normals: Box and Muller 1958
 */
typedef uint32_t words __attribute__((vector_size(4 * WIDTH)));
typedef int32_t whole __attribute__((vector_size(4 * WIDTH)));
typedef uint64_t long_words __attribute__((vector_size(4 * WIDTH)));
typedef float floats __attribute__((vector_size(4 * WIDTH)));

static inline words load_words(const uint32_t *from)
{
    words value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline void store_words(uint32_t *to, words value)
{
    memcpy(to, &value, sizeof value);
}

static inline words all(uint32_t value)
{
    return value - (words){0};
}

/* All bits of a lane set where its sign is. */
static inline words negative(words value)
{
    return (words)((whole)value >> 31);
}

#ifndef FLOOR
/* Truncation, less one where that rounded up. */
static inline whole floor_of(floats value)
{
    const whole truncated = __builtin_convertvector(value, whole);
    return truncated + (whole)(__builtin_convertvector(truncated, floats) > value);
}
#define FLOOR(a) floor_of(a)
#endif

/* 32 x 32 -> 64 bit products of all lanes, as high and low words. Only even lanes can be multiplied at once. */
static inline void multiply(words a, words m, words *high, words *low)
{
    const long_words even = (long_words)MULTIPLY_EVEN(a, m);
    const long_words odd = (long_words)MULTIPLY_EVEN((long_words)a >> 32, m);
    const long_words low_words = UINT64_C(0xFFFFFFFF) - (long_words){0};
    *low = (words)((even & low_words) | (odd << 32));
    *high = (words)((even >> 32) | (odd & ~low_words));
}

static inline void philox(words word[4], words key0, words key1)
{
    const words m0 = all(UINT32_C(0xD2511F53)), m1 = all(UINT32_C(0xCD9E8D57));
    for (int round = 0; round < 10; round++) {
        words high0, low0, high1, low1;
        multiply(word[0], m0, &high0, &low0);
        multiply(word[2], m1, &high1, &low1);
        word[0] = high1 ^ word[1] ^ key0;
        word[1] = low1;
        word[2] = high0 ^ word[3] ^ key1;
        word[3] = low0;
        key0 += UINT32_C(0x9E3779B9);
        key1 += UINT32_C(0xBB67AE85);
    }
}

static inline floats minus_two_log(floats u)
{
    const whole above = (whole)u - ROOT_HALF_BITS;
    const floats exponent = __builtin_convertvector(above >> EXPONENT_SHIFT, floats);
    const floats f = (floats)((above & MANTISSA_BITS) + ROOT_HALF_BITS) - 1.0f;
    const floats square = f * f;
    floats p = LOG_P0 * f + LOG_P1;
    p = p * f + LOG_P2;
    p = p * f + LOG_P3;
    p = p * f + LOG_P4;
    p = p * f + LOG_P5;
    p = p * f + LOG_P6;
    p = p * f + LOG_P7;
    p = p * f + LOG_P8;
    const floats small = (p * f) * square + exponent * LN2_LOW;
    return ((small - 0.5f * square) + f + exponent * LN2_HIGH) * -2.0f;
}

static inline void normal_pairs(words radius_words, words angle_words, floats *first, floats *second)
{
    const floats u = (__builtin_convertvector((whole)(radius_words >> 1), floats) + 0.5f) * 0x1p-31f;
    const floats f = __builtin_convertvector((whole)(angle_words << 2), floats) * 0x1p-33f;
    const floats square = f * f;
    const floats sine = (((SIN_7 * square + SIN_5) * square + SIN_3) * square + SIN_1) * f;
    const floats cosine = ((COS_6 * square + COS_4) * square + COS_2) * square + 1.0f;
    const words sign = (angle_words << 1) & UINT32_C(0x80000000);
    const floats radius = (floats)((words)SQUARE_ROOT(minus_two_log(u)) ^ sign);
    *first = radius * BY_SIGN(angle_words, sine, cosine);
    *second = radius * BY_SIGN(angle_words, cosine, sine);
}

/* Where the carriers of a group of lanes let go, and how far their patterns reach. */
typedef struct group_place {
    whole column, row;
    floats x, y, xa, xc, ya, yc;
} group_place;

static inline whole floor_within(floats cells)
{
    const floats farthest = (float)UXO_FARTHEST_CELL - (floats){0};
    return FLOOR(MINIMUM(MAXIMUM(cells, -farthest), farthest));
}

/* Tiles and cells of one dud a lane. */
static inline void place_duds(const group_place *at, floats along, floats across, const uxo_cell_grid *grid,
                              uint32_t mark, uint32_t *tile, uint32_t *cell)
{
    const whole column = at->column + floor_within(at->x + (at->xa * along + at->xc * across));
    const whole row = at->row + floor_within(at->y + (at->ya * along + at->yc * across));
    const words inside = (words)((column > -1) & (column < grid->columns) & (row > -1) & (row < grid->rows));
    const words ix = (words)column, iy = (words)(grid->rows - 1 - row);
    words high, tiles;
    multiply(iy / UXO_TILE, all(grid->tiles_x), &high, &tiles);
    tiles += ix / UXO_TILE;
    store_words(tile, (tiles & inside) | (grid->outside & ~inside));
    store_words(cell, (iy % UXO_TILE * UXO_TILE + ix % UXO_TILE) | mark);
}

static void scatter(const uxo_scatter_jobs *jobs, const uint32_t *job, size_t count, uint32_t realisation,
                    const uxo_cell_grid *grid, uint32_t mark, uint32_t *const tile[2], uint32_t *const cell[2])
{
    words lane = {0};
    for (uint32_t i = 0; i < WIDTH; i++) {
        lane[i] = i;
    }
    for (size_t i = 0; i < count; i += WIDTH, lane += WIDTH) {
        const words of = load_words(job + i);
        const group_place at = {TAKE(whole, jobs->column, of), TAKE(whole, jobs->row, of), TAKE(floats, jobs->x, of),
                                TAKE(floats, jobs->y, of),     TAKE(floats, jobs->xa, of), TAKE(floats, jobs->xc, of),
                                TAKE(floats, jobs->ya, of),    TAKE(floats, jobs->yc, of)};
        words word[4] = {lane - TAKE(words, jobs->first, of), all(UXO_PURPOSE_SCATTER), TAKE(words, jobs->carrier, of),
                         all(realisation)};
        floats along, across;
        philox(word, TAKE(words, jobs->key0, of), TAKE(words, jobs->key1, of));
        normal_pairs(word[0], word[1], &along, &across);
        place_duds(&at, along, across, grid, mark, tile[0] + i, cell[0] + i);
        normal_pairs(word[2], word[3], &along, &across);
        place_duds(&at, along, across, grid, mark, tile[1] + i, cell[1] + i);
    }
}

static void draws(const uxo_lanes *lanes, size_t count, uint32_t realisation)
{
    for (size_t i = 0; i < count; i += WIDTH) {
        words word[4] = {load_words(lanes->block + i), load_words(lanes->purpose + i), load_words(lanes->carrier + i),
                         all(realisation)};
        floats first, second;
        philox(word, load_words(lanes->key0 + i), load_words(lanes->key1 + i));
        normal_pairs(word[0], word[1], &first, &second);
        memcpy(lanes->z[0] + i, &first, sizeof first);
        memcpy(lanes->z[1] + i, &second, sizeof second);
        store_words(lanes->word[0] + i, word[2]);
        store_words(lanes->word[1] + i, word[3]);
    }
}

/* Eight counts at a time, whatever the width: the compiler splits the vectors where the processor is narrower. */
typedef double eight __attribute__((vector_size(64)));
typedef int64_t eight_masks __attribute__((vector_size(64)));

static void counts(const double *u, const double *none, const double *ratio, const double *odds, uint32_t *out,
                   size_t count)
{
    enum { LANES = 8, STRIDE = 4 };
    for (size_t i = 0; i < count; i += LANES) {
        eight left, mass, r, o;
        eight_masks k = {0}, active = {0};
        memcpy(&left, u + i, sizeof left);
        memcpy(&mass, none + i, sizeof mass);
        memcpy(&r, ratio + i, sizeof r);
        memcpy(&o, odds + i, sizeof o);
        int64_t any = 1;
        for (int step = 0; any != 0 && step < UXO_INVERSION_STEPS; step += STRIDE) {
            for (int s = step + 1; s <= step + STRIDE; s++) {
                active = left > mass; /* all bits set where true; a lane that stopped stays below its mass for ever */
                left -= (eight)((eight_masks)mass & active);
                k -= active;
                const eight next = mass * (r * uxo_kernels_inverse[s] - o);
                mass = (eight)(((eight_masks)next & active) | ((eight_masks)mass & ~active));
            }
            any = active[0] | active[1] | active[2] | active[3] | active[4] | active[5] | active[6] | active[7];
        }
        for (size_t lane = 0; lane < LANES; lane++) {
            out[i + lane] = (uint32_t)k[lane];
        }
    }
}

const uxo_kernels KERNELS = {NAME, scatter, draws, counts};
