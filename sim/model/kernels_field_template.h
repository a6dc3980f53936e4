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

static inline lanes counted_up(float from)
{
    static const float steps[UXO_STRIP] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return spread(from) + load_lanes(steps);
}

/* f = exp(-q/2) at the first row and the ratio to the next one. Lanes so far out that they cannot come back within the
 * rows before the next start are 0: with at most RESTART_SIGMAS standard deviations between starts, from 8 to no less
 * than 6, beyond the cut at 5.3. */
static inline void start(const uxo_gaussian *gaussian, lanes dx, float dy, lanes *f, lanes *ratio)
{
    const lanes half_q = 0.5f * (gaussian->a * dx * dx + gaussian->c * dy * dy) + gaussian->b * dx * dy;
    const lanes slope = gaussian->b * dx + gaussian->c * dy + 0.5f * gaussian->c;
    const masks near = half_q < spread(FIELD_DEAD);
    *f = where(near, EXPONENTIAL(where(near, -half_q)));
    *ratio = where(near, EXPONENTIAL(where(near, -slope)));
}

static void add(const uxo_gaussian *gaussian, float column, float row, uint32_t rows, float *values, size_t pitch)
{
    const lanes threshold = spread(FIELD_THRESHOLD);
    const uint32_t stretch = field_restart(gaussian);
    for (uint32_t first = 0; first < rows; first += stretch) {
        const uint32_t end = rows - first < stretch ? rows : first + stretch;
        for (uint32_t lane = 0; lane < UXO_STRIP; lane += WIDTH) {
            lanes f, ratio;
            start(gaussian, counted_up(column + (float)lane - gaussian->x), row + (float)first - gaussian->y, &f,
                  &ratio);
            float *at = values + first * pitch + lane;
            for (uint32_t i = first; i < end; i++, at += pitch) {
                store_lanes(at, load_lanes(at) + where(f > threshold, gaussian->weight * f));
                f *= ratio;
                ratio *= gaussian->decay;
            }
        }
    }
}

/* n (x + x^2/2 + x^3/3) with x = value / n. */
static inline lanes loss_series(lanes value, float inverse_load)
{
    const lanes x = value * inverse_load;
    return value + value * x * (0.5f + x * 0x1.555556p-2f);
}

static void add_loss(const uxo_gaussian *gaussian, float load, float column, float row, uint32_t rows, float *values,
                     float *loss, size_t pitch)
{
    const lanes threshold = spread(FIELD_THRESHOLD);
    const float inverse_load = 1.0f / load;
    const uint32_t stretch = field_restart(gaussian);
    for (uint32_t first = 0; first < rows; first += stretch) {
        const uint32_t end = rows - first < stretch ? rows : first + stretch;
        for (uint32_t lane = 0; lane < UXO_STRIP; lane += WIDTH) {
            lanes f, ratio;
            start(gaussian, counted_up(column + (float)lane - gaussian->x), row + (float)first - gaussian->y, &f,
                  &ratio);
            size_t at = first * pitch + lane;
            for (uint32_t i = first; i < end; i++, at += pitch) {
                const lanes value = where(f > threshold, gaussian->weight * f);
                store_lanes(values + at, load_lanes(values + at) + value);
                store_lanes(loss + at, load_lanes(loss + at) + loss_series(value, inverse_load));
                f *= ratio;
                ratio *= gaussian->decay;
            }
        }
    }
}

/* -n ln(1 - value / n), exactly; a probability of 1 counts as 1 - 2^-24. */
static void add_loss_of(const float *values, float load, float *loss, size_t count)
{
    const float inverse_load = 1.0f / load;
    const lanes most = spread(0x1.fffffep-1f);
    for (size_t i = 0; i < count; i += WIDTH) {
        lanes x = load_lanes(values + i) * inverse_load;
        const masks too_large = x > most;
        x = where(too_large, most) + where(~too_large, x);
        store_lanes(loss + i, load_lanes(loss + i) - load * LOGARITHM_1P(-x));
    }
}

static void accumulate(const float *values, const float *loss, const float *shift, const uxo_strip_sums *sums,
                       size_t count)
{
    for (size_t i = 0; i < count; i += WIDTH) {
        const lanes d = load_lanes(values + i) - load_lanes(shift + i);
        const lanes q = -EXPONENTIAL_M1(-load_lanes(loss + i));
        store_lanes(sums->d + i, load_lanes(sums->d + i) + d);
        store_lanes(sums->dd + i, load_lanes(sums->dd + i) + d * d);
        store_lanes(sums->q + i, load_lanes(sums->q + i) + q);
        store_lanes(sums->qq + i, load_lanes(sums->qq + i) + q * q);
    }
}

/* Floats that are not negative order as their bits do: bisection on bits, all columns at once, until the smallest value
 * is found that at least `rank` values do not exceed. */
static inline masks bisect(const float *values, size_t count, size_t stride, uint32_t rank)
{
    masks low = (masks){0} - 1, high = (masks){0}; /* low: too few lie at or below; high: enough do */
    for (size_t i = 0; i < count; i++) {
        masks bits;
        memcpy(&bits, values + i * stride, sizeof bits);
        const masks larger = bits > high;
        high = (bits & larger) | (high & ~larger);
    }
    const masks wanted = (masks){0} + (int32_t)rank;
    for (int step = 0; step < 32; step++) {
        const masks middle = low + ((high - low) >> 1);
        masks below = {0};
        for (size_t i = 0; i < count; i++) {
            masks bits;
            memcpy(&bits, values + i * stride, sizeof bits);
            below -= bits <= middle;
        }
        const masks enough = below >= wanted;
        high = (middle & enough) | (high & ~enough);
        low = (low & enough) | (middle & ~enough);
        int32_t open = 0;
        const masks distance = high - low;
        for (int lane = 0; lane < WIDTH; lane++) {
            open |= distance[lane] > 1;
        }
        if (!open) {
            break;
        }
    }
    return high;
}

static void order_statistics(const float *values, size_t count, size_t stride, const uint32_t *rank, uint32_t ranks,
                             float *out)
{
    for (uint32_t r = 0; r < ranks; r++) {
        for (uint32_t lane = 0; lane < UXO_STRIP; lane += WIDTH) {
            const masks found = bisect(values + lane, count, stride, rank[r]);
            memcpy(out + (size_t)r * UXO_STRIP + lane, &found, sizeof found);
        }
    }
}

const uxo_field_kernels KERNELS = {NAME, add, add_loss, add_loss_of, accumulate, order_statistics};
