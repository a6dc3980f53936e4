/* rng.h - addressed random numbers: every draw is a pure function of an address, and of nothing else.
 *
 * address  seed, level, item id, realisation, carrier, purpose
 * block    Philox4x32-10
 *          Source  Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11, doi 10.1145/2063384.2063405
 * key      64 bits hashed from (seed, level, item id)
 * counter  (block, purpose, carrier, realisation)
 *
 * Nothing here depends on row order, threads or tiles, and no libm value is used: log, exp, sin and cos come from
 * SLEEF's `cinz` family, which gives the same bits with and without FMA and on every instruction set.
 * Not here: which quantity is drawn at which level (sim/model).
 */
#ifndef UXOSIM_RNG_H
#define UXOSIM_RNG_H

#include <stdint.h>

/* What is shared by everything ... what belongs to one item. Append only: the numbers are part of every result. */
typedef enum uxo_level {
    UXO_LEVEL_CAMPAIGN = 1,
    UXO_LEVEL_STRIKE = 2,
    UXO_LEVEL_BACKGROUND = 3,
    UXO_LEVEL_DESIGN = 4 /* of a sweep: which scenarios, and their resampling; the item id names the kind */
} uxo_level;

/* What a draw is for. Append only: the numbers are part of every result. */
typedef enum uxo_purpose {
    UXO_PURPOSE_CAMPAIGN_VALUE = 1, /* one campaign-level quantity; the item id names it */
    UXO_PURPOSE_EXISTENCE = 2,      /* strike: was it a cluster strike */
    UXO_PURPOSE_MUNITION = 3,       /* strike: which munition of its mixture */
    UXO_PURPOSE_CARRIERS = 4,       /* strike: number of carriers */
    UXO_PURPOSE_HEADING = 5,        /* strike: error of the heading by a normal, an unknown heading by the words */
    UXO_PURPOSE_HEADING_VALUE = 6,  /* strike: the reported heading itself, where it is a distribution */
    UXO_PURPOSE_HEADING_SD = 7,
    UXO_PURPOSE_LOCATION = 8,      /* report; carrier word = index of the report within its strike */
    UXO_PURPOSE_LOCATION_SIZE = 9, /* report: size of its location error, where it is a distribution */
    UXO_PURPOSE_PLACES = 10,       /* strike: order in which carriers are spread over the reported places */
    UXO_PURPOSE_CONFIDENCE = 11,   /* strike: the confidence itself, where it is a distribution */
    UXO_PURPOSE_MEAN_RATE = 12,    /* mean failure rate where it varies per strike or per carrier */
    UXO_PURPOSE_CONCENTRATION = 13,
    UXO_PURPOSE_STRIKE_RATE = 14, /* strike: Beta about the mean rate; carrier word 0, 1: gammas, 2, 3: their boosts */
    UXO_PURPOSE_CARRIER_FAILURE = 15,
    UXO_PURPOSE_OPENED = 16,
    UXO_PURPOSE_LOAD = 17,         /* submunitions in a carrier */
    UXO_PURPOSE_SPREAD_ALONG = 18, /* sizes of the carrier spread */
    UXO_PURPOSE_SPREAD_ACROSS = 19,
    UXO_PURPOSE_PATTERN_ALONG = 20, /* sizes of the pattern */
    UXO_PURPOSE_PATTERN_ACROSS = 21,
    UXO_PURPOSE_CARRIER = 22,       /* carrier: release point by the normals, number of duds by the words */
    UXO_PURPOSE_DUD_COUNT = 23,     /* carrier: number of duds where it is too large for inversion */
    UXO_PURPOSE_SCATTER = 24,       /* carrier: where its duds lie */
    UXO_PURPOSE_INDEPENDENT = 25,   /* totals as if failure rates were independent: carrier word = campaign index */
    UXO_PURPOSE_PATTERN_WIDTH = 26, /* of a ring */
    UXO_PURPOSE_DISPLACEMENT_ALONG =
        27, /* report: what was found lies off the release point; carrier word as LOCATION */
    UXO_PURPOSE_DISPLACEMENT_ACROSS = 28,
    UXO_PURPOSE_SURFACE = 29,          /* carrier: whether a candidate remains a dud where it lies */
    UXO_PURPOSE_ACCIDENT = 30,         /* carrier: of which of its duds there is an accident, a word each */
    UXO_PURPOSE_BACKGROUND_COUNT = 32, /* number of unreported strikes */
    UXO_PURPOSE_BACKGROUND_PLACE = 33, /* unreported strike: where it was */
    UXO_PURPOSE_DESIGN_ORDER = 34,     /* design: order of the strata of a dimension, which is the carrier word */
    UXO_PURPOSE_DESIGN_PLACE =
        35, /* design: place within a stratum; realisation word = row, carrier word = dimension */
    UXO_PURPOSE_DESIGN_SHIFT = 36, /* design: digital shift of a dimension of a sequence */
    UXO_PURPOSE_RESAMPLE = 37      /* design: rows of a bootstrap sample; realisation word = which sample */
} uxo_purpose;

/* Draws that do not depend on each other, in groups: so that one can ask what each contributes to the spread of a result, by drawing
 * one group anew and keeping the others. */
#define UXO_DRAW_GROUPS(X)                                                                               \
    X(CAMPAIGN_RATES, "campaign rates", "mean failure rates of types, shifts, ground, clearance")        \
    X(STRIKE_RATES, "strike rates", "what differs from strike to strike in failure rates")               \
    X(CARRIERS, "carriers and types", "munition, number of carriers, loads, carriers that did not open") \
    X(PLACES, "place and heading", "true place, heading, release points, sizes of spread and pattern")   \
    X(CONFIDENCE, "confidence", "whether a report was of a strike with submunitions")                    \
    X(EXPOSURE, "exposure", "who uses the ground, how much and how soon, and what an accident does")     \
    X(DETONATION, "detonation", "detonation on contact, and the share of duds that are hazardous")       \
    X(SCATTER, "scatter", "which submunitions failed, and where each came to lie")

typedef enum uxo_draw_group {
#define X(id, name, sentence) UXO_GROUP_##id,
    UXO_DRAW_GROUPS(X)
#undef X
        UXO_GROUP_COUNT
} uxo_draw_group;

/* Which realisation the draws are from: `realisation`, but for the groups in the set `other_groups` (bit g: group g), which are from
 * `other`. */
typedef struct uxo_draw_source {
    uint32_t realisation, other;
    uint32_t other_groups;
} uxo_draw_source;

static inline uxo_draw_source uxo_draw_from(uint32_t realisation)
{
    return (uxo_draw_source){realisation, realisation, 0};
}

/* The group that a draw belongs to. Of carriers' blocks the normals, which are places; their words are SCATTER. */
static inline uxo_draw_group uxo_draw_group_of(uxo_purpose purpose)
{
    switch (purpose) {
    case UXO_PURPOSE_EXISTENCE:
    case UXO_PURPOSE_BACKGROUND_COUNT:
    case UXO_PURPOSE_CONFIDENCE:
        return UXO_GROUP_CONFIDENCE;
    case UXO_PURPOSE_MUNITION:
    case UXO_PURPOSE_CARRIERS:
    case UXO_PURPOSE_CARRIER_FAILURE:
    case UXO_PURPOSE_OPENED:
    case UXO_PURPOSE_LOAD:
        return UXO_GROUP_CARRIERS;
    case UXO_PURPOSE_MEAN_RATE:
    case UXO_PURPOSE_CONCENTRATION:
    case UXO_PURPOSE_STRIKE_RATE:
        return UXO_GROUP_STRIKE_RATES;
    case UXO_PURPOSE_DUD_COUNT:
    case UXO_PURPOSE_SCATTER:
    case UXO_PURPOSE_SURFACE:
    case UXO_PURPOSE_ACCIDENT:
        return UXO_GROUP_SCATTER;
    case UXO_PURPOSE_CAMPAIGN_VALUE:
    case UXO_PURPOSE_INDEPENDENT:
        return UXO_GROUP_CAMPAIGN_RATES;
    default:
        return UXO_GROUP_PLACES;
    }
}

static inline uint32_t uxo_draw_number_of_group(uxo_draw_source from, uxo_draw_group group)
{
    return (from.other_groups >> group & 1) != 0 ? from.other : from.realisation;
}

static inline uint32_t uxo_draw_number(uxo_draw_source from, uxo_purpose purpose)
{
    return uxo_draw_number_of_group(from, uxo_draw_group_of(purpose));
}

typedef struct uxo_key {
    uint32_t word[2];
} uxo_key;

/* One stream: the blocks of one address, read word by word. A plain value; copy it to read it again. */
typedef struct uxo_stream {
    uxo_key key;
    uint32_t purpose;
    uint32_t carrier;
    uint32_t realisation;
    uint32_t block;     /* next block to compute */
    uint32_t buffer[4]; /* words of the last block */
    uint32_t left;      /* of them not yet handed out */
} uxo_stream;

/* The block function: ten rounds of Philox4x32.
 * Source: Salmon et al. 2011, fig. 2 and table 2 (Crush-resistant 10 rounds). */
void uxo_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* Key of one item. 64-bit FNV-1a of (level, id), then one Philox block under the seed: close seeds and ids give
 * unrelated keys. Two items of one run may not share a key; the scenario checks that when it is assembled. */
uxo_key uxo_key_make(uint64_t seed, uxo_level level, const char *id);

uxo_stream uxo_stream_at(uxo_key key, uint32_t realisation, uint32_t carrier, uxo_purpose purpose);

uint32_t uxo_stream_word(uxo_stream *self);

/* Uniform on the open interval (0,1), 52 bits of two words: (k + 1/2) 2^-52.
 * So every value is exact and below 1. */
double uxo_stream_uniform(uxo_stream *self);

/* Uniform on 0 .. n - 1, n >= 1, exactly: words that would favour some are drawn again.
 * Source: Lemire 2019, ACM Trans. Model. Comput. Simul. 29:3. */
uint32_t uxo_stream_below(uxo_stream *self, uint32_t n);

/* Standard normal by Box and Muller (1958), both values of a pair: z[0], z[1] independent. Two uniforms. */
void uxo_stream_normal_pair(uxo_stream *self, double z[2]);

/* Gamma(shape, 1), shape > 0; shape < 1 by the boost u^(1/shape).
 * Source: Marsaglia and Tsang (2000), ACM TOMS 26:363. */
double uxo_stream_gamma(uxo_stream *self, double shape);

/* Beta(a, b), a, b > 0, as a ratio of gammas; for small a and b in logarithms so that it is never 0/0. */
double uxo_stream_beta(uxo_stream *self, double a, double b);

/* Binomial(n, p), exact for 0 <= p <= 1: sequential inversion for n min(p, 1-p) < 10, else BTRS.
 * Source: Hoermann 1993, J. Stat. Comput. Simul. 46:101. */
uint32_t uxo_stream_binomial(uxo_stream *self, uint32_t n, double p);

/* Poisson(mean), mean >= 0: inversion below 10, else PTRS.
 * Source: Hoermann 1993, Insurance Math. Econ. 12:39. */
uint32_t uxo_stream_poisson(uxo_stream *self, double mean);

#endif
