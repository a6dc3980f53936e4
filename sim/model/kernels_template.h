/* kernels_template.h - the kernels, written once for every width. Included by kernels_sse2.c, kernels_avx2.c and
 * kernels_avx512.c, which define the types and operations (capital letters) for their instruction set; it has no
 * include guard on purpose.
 *
 * Source  Philox4x32-10: Salmon et al. 2011; normals: Box and Muller 1958
 */

/* 32 x 32 -> 64 bit products of all lanes, as high and low words. Only even lanes can be multiplied at once. */
static inline void multiply(INTEGERS a, INTEGERS m, INTEGERS *high, INTEGERS *low)
{
    const INTEGERS even = MULTIPLY_EVEN(a, m);
    const INTEGERS odd = MULTIPLY_EVEN(SHIFT_RIGHT_64(a, 32), m);
    const INTEGERS low_words = SET_64(0xFFFFFFFF);
    *low = OR(AND(even, low_words), SHIFT_LEFT_64(odd, 32));
    *high = OR(SHIFT_RIGHT_64(even, 32), AND_NOT(low_words, odd));
}

static inline void philox(INTEGERS word[4], INTEGERS key0, INTEGERS key1)
{
    const INTEGERS m0 = SET_32((int)0xD2511F53u), m1 = SET_32((int)0xCD9E8D57u);
    const INTEGERS w0 = SET_32((int)0x9E3779B9u), w1 = SET_32((int)0xBB67AE85u);
    for (int round = 0; round < 10; round++) {
        INTEGERS high0, low0, high1, low1;
        multiply(word[0], m0, &high0, &low0);
        multiply(word[2], m1, &high1, &low1);
        word[0] = XOR(XOR(high1, word[1]), key0);
        word[1] = low1;
        word[2] = XOR(XOR(high0, word[3]), key1);
        word[3] = low0;
        key0 = ADD(key0, w0);
        key1 = ADD(key1, w1);
    }
}

static inline void normal_pairs(INTEGERS radius_words, INTEGERS angle_words, float *first, float *second)
{
    const FLOATS whole = TO_FLOATS(SHIFT_RIGHT_32(radius_words, 1));
    const FLOATS u = MULTIPLY(PLUS(whole, SET_FLOAT(0.5f)), SET_FLOAT(0x1p-31f));
    const FLOATS radius = SQUARE_ROOT(MULTIPLY(SET_FLOAT(-2.0f), LOGARITHM(u)));
    const FLOAT_PAIR direction = SINE_COSINE(MULTIPLY(TO_FLOATS(angle_words), SET_FLOAT(0x1p-31f)));
    STORE_FLOATS(first, MULTIPLY(radius, direction.y));
    STORE_FLOATS(second, MULTIPLY(radius, direction.x));
}

static void scatter(const uxo_lanes *lanes, size_t count, uint32_t realisation)
{
    for (size_t i = 0; i < count; i += WIDTH) {
        INTEGERS word[4] = {LOAD(lanes->block + i), SET_32(UXO_PURPOSE_SCATTER), LOAD(lanes->carrier + i),
                            SET_32((int)realisation)};
        philox(word, LOAD(lanes->key0 + i), LOAD(lanes->key1 + i));
        normal_pairs(word[0], word[1], lanes->z[0] + i, lanes->z[1] + i);
        normal_pairs(word[2], word[3], lanes->z[2] + i, lanes->z[3] + i);
    }
}

static void draws(const uxo_lanes *lanes, size_t count, uint32_t realisation)
{
    for (size_t i = 0; i < count; i += WIDTH) {
        INTEGERS word[4] = {LOAD(lanes->block + i), LOAD(lanes->purpose + i), LOAD(lanes->carrier + i),
                            SET_32((int)realisation)};
        philox(word, LOAD(lanes->key0 + i), LOAD(lanes->key1 + i));
        normal_pairs(word[0], word[1], lanes->z[0] + i, lanes->z[1] + i);
        STORE(lanes->word[0] + i, word[2]);
        STORE(lanes->word[1] + i, word[3]);
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

static void cells(const double place[6], double nx, double ny, const float *z0, const float *z1, size_t count,
                  uint32_t *column, uint32_t *row)
{
    enum { LANES = 8 };
    for (size_t i = 0; i < count; i += LANES) {
        for (size_t j = i; j < i + LANES; j++) {
            uxo_kernels_cell(place, nx, ny, z0[j], z1[j], &column[j], &row[j]);
        }
    }
}

const uxo_kernels KERNELS = {NAME, scatter, draws, counts, cells};
