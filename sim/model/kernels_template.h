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
    *low = LOW_WORDS(even, odd);
    *high = HIGH_WORDS(even, odd);
}

static inline void philox(words word[4], words key0, words key1)
{
    const words m0 = all(UINT32_C(0xD2511F53)), m1 = all(UINT32_C(0xCD9E8D57));
    const words w0 = all(UINT32_C(0x9E3779B9)), w1 = all(UINT32_C(0xBB67AE85));
    for (int round = 0; round < 10; round++) {
        words high0, low0, high1, low1;
        multiply(word[0], m0, &high0, &low0);
        multiply(word[2], m1, &high1, &low1);
        word[0] = high1 ^ word[1] ^ key0;
        word[1] = low1;
        word[2] = high0 ^ word[3] ^ key1;
        word[3] = low0;
        key0 += w0;
        key1 += w1;
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

static inline floats uniforms(words radius_words)
{
    return (__builtin_convertvector((whole)(radius_words >> 1), floats) + 0.5f) * 0x1p-31f;
}

static inline void points_at(floats radius_squares, words angle_words, floats *first, floats *second)
{
    const floats f = __builtin_convertvector((whole)(angle_words << 2), floats) * 0x1p-33f;
    const floats square = f * f;
    const floats sine = (((SIN_7 * square + SIN_5) * square + SIN_3) * square + SIN_1) * f;
    const floats cosine = ((COS_6 * square + COS_4) * square + COS_2) * square + 1.0f;
    const words sign = (angle_words << 1) & UINT32_C(0x80000000);
    const floats radius = (floats)((words)SQUARE_ROOT(radius_squares) ^ sign);
    *first = radius * BY_SIGN(angle_words, sine, cosine);
    *second = radius * BY_SIGN(angle_words, cosine, sine);
}

static inline void normal_pairs(words radius_words, words angle_words, floats *first, floats *second)
{
    points_at(minus_two_log(uniforms(radius_words)), angle_words, first, second);
}

/* Lanes that go through the stages of a kernel together. Each stage is a loop of its own: one behind the other they are a longer chain than a
 * processor looks ahead, and nothing would overlap. */
enum { STAGE_LANES = 128 };

static inline void job_blocks(const uxo_scatter_jobs *jobs, const uint32_t *job, uint32_t first_lane, size_t count,
                              uint32_t realisation, uint32_t out[4][STAGE_LANES])
{
    words lane = {0};
    for (uint32_t i = 0; i < WIDTH; i++) {
        lane[i] = first_lane + i;
    }
    for (size_t i = 0; i < count; i += WIDTH, lane += WIDTH) {
        const words of = load_words(job + i);
        words word[4] = {lane - TAKE(words, jobs->first, of), all(UXO_PURPOSE_SCATTER), TAKE(words, jobs->carrier, of),
                         all(realisation)};
        philox(word, TAKE(words, jobs->key0, of), TAKE(words, jobs->key1, of));
        for (int k = 0; k < 4; k++) {
            store_words(out[k] + i, word[k]);
        }
    }
}

static inline void normals(const uint32_t *radius_words, const uint32_t *angle_words, size_t count, float *first,
                           float *second)
{
    for (size_t i = 0; i < count; i += WIDTH) {
        floats a, b;
        normal_pairs(load_words(radius_words + i), load_words(angle_words + i), &a, &b);
        memcpy(first + i, &a, sizeof a);
        memcpy(second + i, &b, sizeof b);
    }
}

/* In the place of normals, where jobs may be ovals. */
static inline void shape_points(const uxo_scatter_jobs *jobs, const uint32_t *job, const uint32_t *radius_words,
                                const uint32_t *angle_words, size_t count, float *first, float *second)
{
    for (size_t i = 0; i < count; i += WIDTH) {
        const words of = load_words(job + i);
        const floats u = uniforms(load_words(radius_words + i)), rest = TAKE(floats, jobs->rest, of);
        const words is_oval = (words)(rest > 0.0f);
        const words oval = (words)(TAKE(floats, jobs->hole, of) + rest * u), normal = (words)minus_two_log(u);
        floats a, b;
        points_at((floats)((oval & is_oval) | (normal & ~is_oval)), load_words(angle_words + i), &a, &b);
        memcpy(first + i, &a, sizeof a);
        memcpy(second + i, &b, sizeof b);
    }
}

static inline whole floor_within(floats cells)
{
    const floats farthest = (float)UXO_FARTHEST_CELL - (floats){0};
    return FLOOR(MINIMUM(MAXIMUM(cells, -farthest), farthest));
}

/* Tiles and cells of one dud a lane. True: all are inside the grid. */
static inline bool place_duds(const uxo_scatter_jobs *jobs, const uint32_t *job, const float *z0, const float *z1,
                              size_t count, const uxo_cell_grid *grid, uint32_t mark, uint32_t *tile, uint32_t *cell)
{
    words all_inside = all(UINT32_MAX);
    for (size_t i = 0; i < count; i += WIDTH) {
        const words of = load_words(job + i);
        floats along, across;
        memcpy(&along, z0 + i, sizeof along);
        memcpy(&across, z1 + i, sizeof across);
        const floats x =
            TAKE(floats, jobs->x, of) + (TAKE(floats, jobs->xa, of) * along + TAKE(floats, jobs->xc, of) * across);
        const floats y =
            TAKE(floats, jobs->y, of) + (TAKE(floats, jobs->ya, of) * along + TAKE(floats, jobs->yc, of) * across);
        const whole column = TAKE(whole, jobs->column, of) + floor_within(x);
        const whole row = TAKE(whole, jobs->row, of) + floor_within(y);
        const words inside = (words)((column > -1) & (column < grid->columns) & (row > -1) & (row < grid->rows));
        const words ix = (words)column, iy = (words)(grid->rows - 1 - row);
        words high, tiles;
        multiply(iy / UXO_TILE, all(grid->tiles_x), &high, &tiles);
        tiles += ix / UXO_TILE;
        store_words(tile + i, (tiles & inside) | (grid->outside & ~inside));
        store_words(cell + i, (iy % UXO_TILE * UXO_TILE + ix % UXO_TILE) | mark);
        all_inside &= inside;
    }
    bool inside = true;
    for (size_t i = 0; i < WIDTH; i++) {
        inside = inside && all_inside[i] != 0;
    }
    return inside;
}

static bool scatter(const uxo_scatter_jobs *jobs, const uint32_t *job, size_t count, uint32_t realisation,
                    const uxo_cell_grid *grid, uint32_t mark, uint32_t *const tile[2], uint32_t *const cell[2])
{
    _Alignas(64) uint32_t word[4][STAGE_LANES];
    _Alignas(64) float z[2][STAGE_LANES];
    bool all_inside = true;
    for (size_t first = 0; first < count; first += STAGE_LANES) {
        const size_t lanes = count - first < STAGE_LANES ? count - first : STAGE_LANES;
        job_blocks(jobs, job + first, (uint32_t)first, lanes, realisation, word);
        for (int half = 0; half < 2; half++) {
            normals(word[2 * half], word[2 * half + 1], lanes, z[0], z[1]);
            all_inside &=
                place_duds(jobs, job + first, z[0], z[1], lanes, grid, mark, tile[half] + first, cell[half] + first);
        }
    }
    return all_inside;
}

static bool scatter_shapes(const uxo_scatter_jobs *jobs, const uint32_t *job, size_t count, uint32_t realisation,
                           const uxo_cell_grid *grid, uint32_t mark, uint32_t *const tile[2], uint32_t *const cell[2])
{
    _Alignas(64) uint32_t word[4][STAGE_LANES];
    _Alignas(64) float z[2][STAGE_LANES];
    bool all_inside = true;
    for (size_t first = 0; first < count; first += STAGE_LANES) {
        const size_t lanes = count - first < STAGE_LANES ? count - first : STAGE_LANES;
        job_blocks(jobs, job + first, (uint32_t)first, lanes, realisation, word);
        for (int half = 0; half < 2; half++) {
            shape_points(jobs, job + first, word[2 * half], word[2 * half + 1], lanes, z[0], z[1]);
            all_inside &=
                place_duds(jobs, job + first, z[0], z[1], lanes, grid, mark, tile[half] + first, cell[half] + first);
        }
    }
    return all_inside;
}

static void draws(const uxo_lanes *lanes, size_t count, uint32_t realisation)
{
    _Alignas(64) uint32_t word[2][STAGE_LANES];
    for (size_t first = 0; first < count; first += STAGE_LANES) {
        const size_t end = count - first < STAGE_LANES ? count : first + STAGE_LANES;
        for (size_t i = first; i < end; i += WIDTH) {
            words of[4] = {load_words(lanes->block + i), load_words(lanes->purpose + i), load_words(lanes->carrier + i),
                           all(realisation)};
            philox(of, load_words(lanes->key0 + i), load_words(lanes->key1 + i));
            store_words(word[0] + (i - first), of[0]);
            store_words(word[1] + (i - first), of[1]);
            store_words(lanes->word[0] + i, of[2]);
            store_words(lanes->word[1] + i, of[3]);
        }
        normals(word[0], word[1], end - first, lanes->z[0] + first, lanes->z[1] + first);
    }
}

typedef double doubles __attribute__((vector_size(4 * WIDTH)));
typedef int64_t long_whole __attribute__((vector_size(4 * WIDTH)));

static inline doubles load_doubles(const double *from)
{
    doubles value;
    memcpy(&value, from, sizeof value);
    return value;
}

/* Two vectors at a time, since each step has to wait for the one before it. A lane that has its count goes on without
 * counting: see uxo_count_by_inversion. */
static void counts(const double *u, const double *none, const double *ratio, const double *odds, uint32_t *out,
                   size_t count)
{
    enum { LANES = WIDTH / 2, VECTORS = 2, STRIDE = 4 };
    for (size_t i = 0; i < count; i += VECTORS * LANES) {
        doubles mass[VECTORS], below[VECTORS];
        long_whole k[VECTORS] = {{0}}, above[VECTORS];
        int64_t any = 1;
        for (size_t v = 0; v < VECTORS; v++) {
            mass[v] = below[v] = load_doubles(none + i + v * LANES);
        }
        for (int step = 0; any != 0 && step < UXO_INVERSION_STEPS; step += STRIDE) {
            for (int s = step + 1; s <= step + STRIDE; s++) {
                for (size_t v = 0; v < VECTORS; v++) {
                    above[v] = load_doubles(u + i + v * LANES) > below[v];
                    k[v] -= above[v];
                    mass[v] *= load_doubles(ratio + i + v * LANES) * uxo_kernels_inverse[s] -
                               load_doubles(odds + i + v * LANES);
                    below[v] += mass[v];
                }
            }
            any = 0;
            for (size_t lane = 0; lane < LANES; lane++) {
                any |= above[0][lane] | above[1][lane];
            }
        }
        for (size_t lane = 0; lane < LANES; lane++) {
            out[i + lane] = (uint32_t)k[0][lane];
            out[i + LANES + lane] = (uint32_t)k[1][lane];
        }
    }
}

const uxo_kernels KERNELS = {NAME, scatter, scatter_shapes, draws, counts};
