/* kernels_field_template.h - the kernels of fields, written once for every width. Included by kernels_field_*.c, which
 * define WIDTH, KERNELS, NAME and the elementary functions (capital letters); it has no include guard on purpose.
 */

typedef float lanes __attribute__((vector_size(WIDTH * sizeof(float))));
typedef int32_t masks __attribute__((vector_size(WIDTH * sizeof(int32_t))));

static inline lanes load_lanes(const float *from)
{
    lanes out;
    memcpy(&out, from, sizeof out);
    return out;
}

static inline void store_lanes(float *to, lanes values)
{
    memcpy(to, &values, sizeof values);
}

static inline lanes where(masks mask, lanes values)
{
    return (lanes)((masks)values & mask);
}

static inline lanes spread(float value)
{
    return (lanes){0} + value;
}

/* Distances of columns from .. from + WIDTH - 1 to x. Columns are whole numbers, so each distance is rounded once,
 * whatever the width. */
static inline lanes distances(float from, float x)
{
    static const float steps[UXO_STRIP] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return (spread(from) + load_lanes(steps)) - x;
}

/* exp(x), -87 < x < 88: x = n ln 2 + r, a polynomial of degree 7 in r (the coefficients of Cephes' expf), n into the
 * exponent. Within 2e-7 relative. Not SLEEF's, whose call costs more than its work; the same operations for every width. */
static inline lanes exponential_of(lanes x)
{
    const lanes whole = spread(0x1.8p23f); /* what is added to it is rounded to an integer */
    const lanes shifted = x * 0x1.715476p+0f + whole;
    const lanes n = shifted - whole;
    const lanes r = (x - n * 0x1.63p-1f) + n * 0x1.bd0106p-13f; /* ln 2 in two parts, the first exact in n */
    lanes p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = (p * r * r + r) + 1.0f;
    return (lanes)((masks)p + (((masks)shifted - (masks)whole) << 23));
}

/* f = exp(-q/2) on a row, and what the next row has of it, to the south (step 1) or to the north (step -1). */
static inline void start(const uxo_gaussian *gaussian, lanes dx, float dy, float step, lanes *f, lanes *ratio)
{
    const lanes off = dy - gaussian->lean * dx; /* the ridge */
    const lanes half_q = 0.5f * (gaussian->g * dx * dx + gaussian->c * off * off);
    const lanes slope = step * gaussian->c * off + 0.5f * gaussian->c;
    const masks near = half_q < spread(field_dead(gaussian));
    const masks gentle = near & (slope < spread(FIELD_STEEP)) & (slope > spread(-FIELD_STEEP));
    *f = where(near, exponential_of(where(near, -half_q)));
    *ratio = where(gentle, exponential_of(where(gentle, -slope)));
}

/* A stretch of rows, outwards from where the gaussian is high: `from` is the first of `count` rows. */
typedef struct stretch {
    uint32_t from, count;
    float step; /* 1: to the south, -1: to the north */
} stretch;

/* Cuts rows into stretches that lead away from the ridge in this strip; lanes that are dead where a stretch begins are
 * out of reach all along it. Returns how many there are. */
static inline uint32_t cut_rows(const uxo_gaussian *gaussian, float column, float row, uint32_t rows,
                                stretch out[FIELD_STRETCHES])
{
    const uint32_t longest = field_longest(gaussian);
    const float middle = column + 0.5f * (float)(UXO_STRIP - 1) - gaussian->x;
    const float ridge = gaussian->y + gaussian->lean * middle - row + 0.5f;
    const uint32_t top = !(ridge > 0.0f) ? 0 : ridge < (float)rows ? (uint32_t)ridge : rows;
    uint32_t count = 0;
    for (uint32_t from = top; from < rows; from += longest) {
        out[count++] = (stretch){from, rows - from < longest ? rows - from : longest, 1.0f};
    }
    for (uint32_t end = top; end > 0; end -= end < longest ? end : longest) {
        out[count++] = (stretch){end - 1, end < longest ? end : longest, -1.0f};
    }
    return count;
}

/* n (x^2/2 + x^3/3) with x = value / n. */
static inline lanes excess_series(lanes value, float inverse_load)
{
    const lanes x = value * inverse_load;
    return value * x * (0.5f + x * 0x1.555556p-2f);
}

/* Both ways to add: excess NULL adds values alone. Inlined, so that the choice costs nothing. */
__attribute__((always_inline)) static inline void add_rows(const uxo_gaussian *gaussian, float inverse_load,
                                                           float column, float row, uint32_t rows, float *values,
                                                           float *excess, size_t pitch)
{
    const lanes threshold = spread(field_threshold(gaussian));
    stretch part[FIELD_STRETCHES];
    const uint32_t parts = cut_rows(gaussian, column, row, rows, part);
    for (uint32_t p = 0; p < parts; p++) {
        const ptrdiff_t next = part[p].step > 0.0f ? (ptrdiff_t)pitch : -(ptrdiff_t)pitch;
        for (uint32_t lane = 0; lane < UXO_STRIP; lane += WIDTH) {
            lanes f, ratio;
            start(gaussian, distances(column + (float)lane, gaussian->x), row + (float)part[p].from - gaussian->y,
                  part[p].step, &f, &ratio);
            ptrdiff_t at = (ptrdiff_t)(part[p].from * pitch + lane);
            for (uint32_t i = 0; i < part[p].count; i++, at += next) {
                const lanes value = where(f > threshold, gaussian->weight * f);
                store_lanes(values + at, load_lanes(values + at) + value);
                if (excess != NULL) {
                    store_lanes(excess + at, load_lanes(excess + at) + excess_series(value, inverse_load));
                }
                f *= ratio;
                ratio *= gaussian->decay;
            }
        }
    }
}

static void add(const uxo_gaussian *gaussian, float column, float row, uint32_t rows, float *values, size_t pitch)
{
    add_rows(gaussian, 0.0f, column, row, rows, values, NULL, pitch);
}

static void add_excess(const uxo_gaussian *gaussian, float load, float column, float row, uint32_t rows, float *values,
                       float *excess, size_t pitch)
{
    add_rows(gaussian, 1.0f / load, column, row, rows, values, excess, pitch);
}

/* -n ln(1 - value / n) - value, exactly; a probability of 1 counts as 1 - 2^-24. */
static void add_excess_of(const float *values, float load, float *excess, size_t count)
{
    const float inverse_load = 1.0f / load;
    const lanes most = spread(0x1.fffffep-1f);
    for (size_t i = 0; i < count; i += WIDTH) {
        const lanes value = load_lanes(values + i);
        lanes x = value * inverse_load;
        const masks too_large = x > most;
        x = where(too_large, most) + where(~too_large, x);
        store_lanes(excess + i, load_lanes(excess + i) - (load * LOGARITHM_1P(-x) + value));
    }
}

/* Series or exact, lane by lane, so the width does not matter. */
static inline lanes excess_of(lanes value, float load, float inverse_load)
{
    const masks large = value > FIELD_SERIES_SHARE * load;
    lanes out = excess_series(value, inverse_load);
    int32_t any = 0;
    for (int lane = 0; lane < WIDTH; lane++) {
        any |= large[lane];
    }
    if (any != 0) {
        const lanes most = spread(0x1.fffffep-1f), x = value * inverse_load;
        const masks too_large = x > most;
        const lanes exact = -(load * LOGARITHM_1P(-(where(too_large, most) + where(~too_large, x))) + value);
        out = where(large, exact) + where(~large, out);
    }
    return out;
}

static void remain(const float *own, const float *weight, const float *share, uint32_t kinds, float load, float *values,
                   float *excess, size_t count)
{
    const float inverse_load = excess != NULL ? 1.0f / load : 0.0f;
    for (size_t i = 0; i < count; i += WIDTH) {
        lanes of_kinds = {0};
        for (uint32_t k = 0; k < kinds; k++) {
            of_kinds += load_lanes(weight + k * count + i) * share[k];
        }
        const lanes value = load_lanes(own + i) * of_kinds;
        store_lanes(values + i, load_lanes(values + i) + value);
        if (excess != NULL) {
            store_lanes(excess + i, load_lanes(excess + i) + excess_of(value, load, inverse_load));
        }
    }
}

/* 1 - exp(-x). Nearly always x is small; both ways are taken lane by lane, so the width does not matter. */
static inline lanes chance_of(lanes x)
{
    const lanes most = spread(0x1p-3f);
    const masks large = x > most;
    const lanes last = 0x1.111112p-7f - x * 0x1.6c16c2p-10f;
    lanes out = x * (1.0f - x * (0.5f - x * (0x1.555556p-3f - x * (0x1.555556p-5f - x * last))));
    int32_t any = 0;
    for (int lane = 0; lane < WIDTH; lane++) {
        any |= large[lane];
    }
    if (any != 0) {
        out = where(large, -EXPONENTIAL_M1(-x)) + where(~large, out);
    }
    return out;
}

static void accumulate(const float *values, const float *excess, const float *shift, const uxo_strip_sums *sums,
                       size_t count)
{
    for (size_t i = 0; i < count; i += WIDTH) {
        const lanes value = load_lanes(values + i);
        const lanes d = value - load_lanes(shift + i);
        const lanes q = chance_of(value + load_lanes(excess + i));
        store_lanes(sums->d + i, load_lanes(sums->d + i) + d);
        store_lanes(sums->dd + i, load_lanes(sums->dd + i) + d * d);
        store_lanes(sums->q + i, load_lanes(sums->q + i) + q);
        store_lanes(sums->qq + i, load_lanes(sums->qq + i) + q * q);
    }
}

/* Search for one order statistic in every lane. Floats that are not negative order as their bits do. At most `low`: too
 * few values, below_low of them; at most `high`: enough, below_high. */
typedef struct search {
    masks low, high, below_low, below_high;
    masks wanted;
} search;

static inline masks choose(masks mask, masks yes, masks no)
{
    return (yes & mask) | (no & ~mask);
}

static inline masks load_bits(const float *from)
{
    masks out;
    memcpy(&out, from, sizeof out);
    return out;
}

__attribute__((always_inline)) static inline void begin(const float *values, size_t count, size_t stride,
                                                        const uint32_t *rank, uint32_t ranks, search *all)
{
    masks smallest = load_bits(values), largest = smallest;
    for (size_t i = 1; i < count; i++) {
        const masks bits = load_bits(values + i * stride);
        smallest = choose(bits < smallest, bits, smallest);
        largest = choose(bits > largest, bits, largest);
    }
    for (uint32_t r = 0; r < ranks; r++) {
        all[r] =
            (search){smallest - 1, largest, (masks){0}, (masks){0} + (int32_t)count, (masks){0} + (int32_t)rank[r]};
    }
}

/* One value is left between the two, or the two have met. */
static inline masks is_done(const search *self)
{
    return (self->below_high == self->wanted) | (self->below_low == self->wanted - 1) |
           (self->high - self->low <= (masks){0} + 1);
}

/* Where to look next: by the share of values still wanted, every third time in the middle. */
static inline masks guess(const search *self, int step)
{
    const masks width = self->high - self->low;
    const lanes share = (__builtin_convertvector(self->wanted - self->below_low, lanes) - 0.5f) /
                        __builtin_convertvector(self->below_high - self->below_low, lanes);
    const lanes offset = __builtin_convertvector(width, lanes) * share;
    masks ahead = step % 3 == 2 ? width >> 1 : __builtin_convertvector(offset, masks);
    ahead = choose(ahead > 0, ahead, (masks){0} + 1);
    ahead = choose(ahead < width, ahead, width - 1);
    return self->low + ahead;
}

__attribute__((always_inline)) static inline void count_below(const float *values, size_t count, size_t stride,
                                                              uint32_t ranks, const masks *middle, masks *below)
{
    for (uint32_t r = 0; r < ranks; r++) {
        below[r] = (masks){0};
    }
    for (size_t i = 0; i < count; i++) {
        const masks bits = load_bits(values + i * stride);
        for (uint32_t r = 0; r < ranks; r++) {
            below[r] -= bits <= middle[r];
        }
    }
}

/* The largest value up to `high` where all up to it are just enough, else the smallest above `low`. */
static inline masks pick(const float *values, size_t count, size_t stride, const search *self)
{
    masks up_to = self->low, above = self->high;
    for (size_t i = 0; i < count; i++) {
        const masks bits = load_bits(values + i * stride);
        up_to = choose((bits <= self->high) & (bits > up_to), bits, up_to);
        above = choose((bits > self->low) & (bits < above), bits, above);
    }
    return choose(self->below_high == self->wanted, up_to, above);
}

__attribute__((always_inline)) static inline void search_lanes(const float *values, size_t count, size_t stride,
                                                               const uint32_t *rank, uint32_t ranks, float *out)
{
    search all[FIELD_RANKS];
    masks middle[FIELD_RANKS], below[FIELD_RANKS];
    begin(values, count, stride, rank, ranks, all);
    for (int step = 0; step < FIELD_STEPS; step++) {
        masks open = {0};
        for (uint32_t r = 0; r < ranks; r++) {
            open |= ~is_done(&all[r]);
            middle[r] = guess(&all[r], step);
        }
        int32_t any = 0;
        for (int lane = 0; lane < WIDTH; lane++) {
            any |= open[lane];
        }
        if (any == 0) {
            break;
        }
        count_below(values, count, stride, ranks, middle, below);
        for (uint32_t r = 0; r < ranks; r++) {
            const masks busy = ~is_done(&all[r]), enough = below[r] >= all[r].wanted;
            all[r].high = choose(busy & enough, middle[r], all[r].high);
            all[r].below_high = choose(busy & enough, below[r], all[r].below_high);
            all[r].low = choose(busy & ~enough, middle[r], all[r].low);
            all[r].below_low = choose(busy & ~enough, below[r], all[r].below_low);
        }
    }
    for (uint32_t r = 0; r < ranks; r++) {
        const masks found = pick(values, count, stride, &all[r]);
        memcpy(out + (size_t)r * UXO_STRIP, &found, sizeof found);
    }
}

static void order_statistics(const float *values, size_t count, size_t stride, const uint32_t *rank, uint32_t ranks,
                             float *out)
{
    for (uint32_t r = 0; r < ranks; r += FIELD_RANKS) {
        const uint32_t together = ranks - r < FIELD_RANKS ? ranks - r : FIELD_RANKS;
        for (uint32_t lane = 0; lane < UXO_STRIP; lane += WIDTH) {
            float *const to = out + (size_t)r * UXO_STRIP + lane;
            switch (together) { /* constants that the compiler unrolls by */
            case 1:
                search_lanes(values + lane, count, stride, rank + r, 1, to);
                break;
            case 2:
                search_lanes(values + lane, count, stride, rank + r, 2, to);
                break;
            default:
                search_lanes(values + lane, count, stride, rank + r, FIELD_RANKS, to);
            }
        }
    }
}

const uxo_field_kernels KERNELS = {NAME, add, add_excess, add_excess_of, remain, accumulate, order_statistics};
