/* draws_rate.c - failure rates of strikes, Beta about their mean, from blocks. */
#include "draws_private.h"
#include "uxosim/portable_math.h"

/* Carrier words of the purpose STRIKE_RATE: the two gammas, and their boosts where a shape is below one. */
enum { GAMMA_A = 0, GAMMA_B = 1, BOOSTS = 2 };

/* Gamma(shape, 1) for shape >= 1: Marsaglia and Tsang (2000), ACM TOMS 26:363, with their squeeze. A block has two
 * attempts: a normal and a word each. `first` is block 0 of (key, realisation, which). */
static double gamma_above_one(uxo_key key, uint32_t realisation, uint32_t which, double shape, const uxo_block *first)
{
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / sqrt(9.0 * d);
    uxo_block block = *first;
    for (uint32_t next = 1;; next++) {
        for (int i = 0; i < 2; i++) {
            const double z = (double)block.z[i];
            const double u = uxo_uniform_of_word(block.word[i]);
            const double root = 1.0 + c * z;
            const double v = root * root * root;
            const double square = z * z;
            if (root > 0.0 &&
                (u < 1.0 - 0.0331 * square * square || uxo_log(u) < 0.5 * square + d - d * v + d * uxo_log(v))) {
                return d * v;
            }
        }
        block = uxo_block_at(key, realisation, which, UXO_PURPOSE_STRIKE_RATE, next);
    }
}

/* log of a Gamma(shape, 1): below one by the boost gamma(shape + 1) u^(1/shape), which underflows only as a number. */
static double log_gamma(uxo_key key, uint32_t realisation, uint32_t which, double shape, const uxo_block *first)
{
    if (shape >= 1.0) {
        return uxo_log(gamma_above_one(key, realisation, which, shape, first));
    }
    const uxo_block boost = uxo_block_at(key, realisation, BOOSTS + which, UXO_PURPOSE_STRIKE_RATE, 0);
    const double u = uxo_uniform_of_words(boost.word[0], boost.word[1]);
    return uxo_log(gamma_above_one(key, realisation, which, shape + 1.0, first)) + uxo_log(u) / shape;
}

double draw_beta(uxo_key key, uint32_t realisation, double a, double b, const uxo_block *first_a,
                 const uxo_block *first_b)
{
    if (a >= 1.0 && b >= 1.0) {
        const double x = gamma_above_one(key, realisation, GAMMA_A, a, first_a);
        const double y = gamma_above_one(key, realisation, GAMMA_B, b, first_b);
        return x / (x + y);
    }
    const double log_x = log_gamma(key, realisation, GAMMA_A, a, first_a);
    const double log_y = log_gamma(key, realisation, GAMMA_B, b, first_b);
    return 1.0 / (1.0 + uxo_exp(log_y - log_x));
}
