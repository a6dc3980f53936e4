/* rng.c - Philox4x32-10 and the samplers on top of it. The kernels by the lane are in sim/model/kernels*;
 * these here serve what is drawn now and then. */
#include "uxosim/rng.h"

#include <math.h>
#include <stddef.h>

#include "uxosim/portable_math.h"

void uxo_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        const uint64_t product0 = (uint64_t)c0 * UINT32_C(0xD2511F53);
        const uint64_t product1 = (uint64_t)c2 * UINT32_C(0xCD9E8D57);
        c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product1;
        c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product0;
        k0 += UINT32_C(0x9E3779B9);
        k1 += UINT32_C(0xBB67AE85);
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

uxo_key uxo_key_make(uint64_t seed, uxo_level level, const char *id)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    hash = (hash ^ (uint64_t)level) * UINT64_C(0x100000001B3);
    for (const char *c = id; *c != '\0'; c++) {
        hash = (hash ^ (uint64_t)(unsigned char)*c) * UINT64_C(0x100000001B3);
    }
    const uint32_t counter[4] = {(uint32_t)hash, (uint32_t)(hash >> 32), (uint32_t)level, 0};
    const uint32_t seed_words[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t out[4];
    uxo_philox(counter, seed_words, out);
    return (uxo_key){{out[0], out[1]}};
}

uxo_stream uxo_stream_at(uxo_key key, uint32_t realisation, uint32_t carrier, uxo_purpose purpose)
{
    return (uxo_stream){.key = key, .purpose = (uint32_t)purpose, .carrier = carrier, .realisation = realisation};
}

uint32_t uxo_stream_word(uxo_stream *self)
{
    if (self->left == 0) {
        const uint32_t counter[4] = {self->block++, self->purpose, self->carrier, self->realisation};
        uxo_philox(counter, self->key.word, self->buffer);
        self->left = 4;
    }
    return self->buffer[4 - self->left--];
}

double uxo_stream_uniform(uxo_stream *self)
{
    const uint64_t high = uxo_stream_word(self);
    const uint64_t low = uxo_stream_word(self);
    const uint64_t bits = ((high << 32) | low) >> 12;
    return ((double)bits + 0.5) * 0x1p-52;
}

uint32_t uxo_stream_below(uxo_stream *self, uint32_t n)
{
    const uint32_t refused = (uint32_t)(0 - n) % n; /* 2^32 modulo n */
    uint64_t product = (uint64_t)uxo_stream_word(self) * n;
    while ((uint32_t)product < refused) {
        product = (uint64_t)uxo_stream_word(self) * n;
    }
    return (uint32_t)(product >> 32);
}

void uxo_stream_normal_pair(uxo_stream *self, double z[2])
{
    const double radius = sqrt(-2.0 * uxo_log(uxo_stream_uniform(self)));
    double sine, cosine;
    uxo_sincospi(2.0 * uxo_stream_uniform(self), &sine, &cosine);
    z[0] = radius * cosine;
    z[1] = radius * sine;
}

/* Marsaglia and Tsang 2000, for shape >= 1. */
static double gamma_above_one(uxo_stream *stream, double shape)
{
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        double z[2];
        uxo_stream_normal_pair(stream, z);
        for (int i = 0; i < 2; i++) {
            const double u = uxo_stream_uniform(stream);
            const double root = 1.0 + c * z[i];
            if (root <= 0.0) {
                continue;
            }
            const double v = root * root * root;
            if (uxo_log(u) < 0.5 * z[i] * z[i] + d - d * v + d * uxo_log(v)) {
                return d * v;
            }
        }
    }
}

/* Logarithm of a Gamma(shape, 1) variate: below one by the boost gamma(shape + 1) u^(1/shape), which underflows only as
 * a number, not as a logarithm. */
static double log_gamma_variate(uxo_stream *stream, double shape)
{
    if (shape >= 1.0) {
        return uxo_log(gamma_above_one(stream, shape));
    }
    const double whole = uxo_log(gamma_above_one(stream, shape + 1.0));
    return whole + uxo_log(uxo_stream_uniform(stream)) / shape;
}

double uxo_stream_gamma(uxo_stream *self, double shape)
{
    return shape >= 1.0 ? gamma_above_one(self, shape) : uxo_exp(log_gamma_variate(self, shape));
}

double uxo_stream_beta(uxo_stream *self, double a, double b)
{
    if (a >= 1.0 && b >= 1.0) {
        const double x = gamma_above_one(self, a);
        const double y = gamma_above_one(self, b);
        return x / (x + y);
    }
    const double log_x = log_gamma_variate(self, a);
    const double log_y = log_gamma_variate(self, b);
    return 1.0 / (1.0 + uxo_exp(log_y - log_x));
}

/* log(k!): exact product below 16, Stirling's series above (error below 1/(1680 * 17^7) = 1.5e-12). */
static double log_factorial(double k)
{
    if (k < 16.0) {
        double product = 1.0;
        for (double i = 2.0; i <= k; i += 1.0) {
            product *= i;
        }
        return uxo_log(product);
    }
    const double x = k + 1.0;
    const double inverse = 1.0 / x;
    const double square = inverse * inverse;
    const double half_log_two_pi = 0.91893853320467274178;
    return (x - 0.5) * uxo_log(x) - x + half_log_two_pi +
           inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square / 1260.0));
}

/* Walks up from zero; mean below 10, so a dozen steps. */
static uint32_t binomial_by_inversion(uxo_stream *stream, uint32_t n, double p)
{
    const double odds = p / (1.0 - p);
    const double scaled = ((double)n + 1.0) * odds;
    double mass = uxo_exp((double)n * uxo_log1p(-p));
    double u = uxo_stream_uniform(stream);
    uint32_t k = 0;
    while (u > mass && k < n) {
        u -= mass;
        k++;
        mass *= scaled / (double)k - odds;
    }
    return k;
}

/* Algorithm BTRS of Hoermann 1993 with its constants; n p >= 10, p <= 1/2. */
static uint32_t binomial_by_rejection(uxo_stream *stream, uint32_t n, double p)
{
    const double size = (double)n;
    const double sd = sqrt(size * p * (1.0 - p));
    const double b = 1.15 + 2.53 * sd;
    const double a = -0.0873 + 0.0248 * b + 0.01 * p;
    const double centre = size * p + 0.5;
    const double quick = 0.92 - 4.2 / b;
    const double alpha = (2.83 + 5.1 / b) * sd;
    const double log_odds = uxo_log(p / (1.0 - p));
    const double mode = floor((size + 1.0) * p);
    const double peak = log_factorial(mode) + log_factorial(size - mode);
    for (;;) {
        const double u = uxo_stream_uniform(stream) - 0.5;
        const double v = uxo_stream_uniform(stream);
        const double us = 0.5 - fabs(u);
        const double k = floor((2.0 * a / us + b) * u + centre);
        if (k < 0.0 || k > size) {
            continue;
        }
        if (us >= 0.07 && v <= quick) {
            return (uint32_t)k;
        }
        const double accept = uxo_log(v * alpha / (a / (us * us) + b));
        if (accept <= peak - log_factorial(k) - log_factorial(size - k) + (k - mode) * log_odds) {
            return (uint32_t)k;
        }
    }
}

uint32_t uxo_stream_binomial(uxo_stream *self, uint32_t n, double p)
{
    if (n == 0 || p <= 0.0) {
        return 0;
    }
    if (p >= 1.0) {
        return n;
    }
    const double small = p <= 0.5 ? p : 1.0 - p;
    const uint32_t k =
        (double)n * small < 10.0 ? binomial_by_inversion(self, n, small) : binomial_by_rejection(self, n, small);
    return p <= 0.5 ? k : n - k;
}

/* Algorithm PTRS of Hoermann 1993 with its constants; mean >= 10. */
static uint32_t poisson_by_rejection(uxo_stream *stream, double mean)
{
    const double b = 0.931 + 2.53 * sqrt(mean);
    const double a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    const double quick = 0.9277 - 3.6224 / (b - 2.0);
    const double log_mean = uxo_log(mean);
    for (;;) {
        const double u = uxo_stream_uniform(stream) - 0.5;
        const double v = uxo_stream_uniform(stream);
        const double us = 0.5 - fabs(u);
        const double k = floor((2.0 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= quick) {
            return (uint32_t)k;
        }
        if (k < 0.0 || (us < 0.013 && v > us) || k > 4294967295.0) {
            continue;
        }
        if (uxo_log(v * inverse_alpha / (a / (us * us) + b)) <= k * log_mean - mean - log_factorial(k)) {
            return (uint32_t)k;
        }
    }
}

uint32_t uxo_stream_poisson(uxo_stream *self, double mean)
{
    if (!(mean > 0.0)) {
        return 0;
    }
    if (mean >= 10.0) {
        return poisson_by_rejection(self, mean);
    }
    double mass = uxo_exp(-mean);
    double u = uxo_stream_uniform(self);
    uint32_t k = 0;
    while (u > mass && k < 1000) {
        u -= mass;
        k++;
        mass *= mean / (double)k;
    }
    return k;
}
