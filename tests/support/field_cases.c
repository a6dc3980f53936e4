/* field_cases.c - see field_cases.h. */
#include "field_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 20261124 };

const uint32_t FIELD_COUNTS[FIELD_COUNTS_TRIED] = {1, 2, 3, 7, 64, 500, 4096, 40000};

uxo_stream field_stream(uint32_t number)
{
    return uxo_stream_at(uxo_key_make(SEED, UXO_LEVEL_STRIKE, "fields"), number, 0, UXO_PURPOSE_CAMPAIGN_VALUE);
}

double field_between(uxo_stream *stream, double low, double high)
{
    return low + (high - low) * uxo_stream_uniform(stream);
}

field_case field_random(uxo_stream *stream, double narrowest, double widest, double most_ratio)
{
    const double minor = narrowest * exp(field_between(stream, 0.0, log(widest / narrowest)));
    const double ratio = exp(field_between(stream, 0.0, log(most_ratio)));
    const double major = minor * ratio, turn = field_between(stream, 0.0, M_PI);
    const double s = sin(turn), c = cos(turn);
    field_case out = {.xx = major * major * c * c + minor * minor * s * s,
                      .xy = (major * major - minor * minor) * s * c,
                      .yy = major * major * s * s + minor * minor * c * c,
                      .weight = exp(field_between(stream, -9.0, 2.0)),
                      .ratio = ratio};
    out.determinant = major * major * minor * minor;
    const double along = major * field_between(stream, -5.5, 5.5), across = minor * field_between(stream, -5.5, 5.5);
    /* In the first columns and rows places have more digits than differences of them keep. */
    const bool near = uxo_stream_uniform(stream) < 0.5;
    out.column = near ? 0.0f : (float)(UXO_STRIP * (int)field_between(stream, 0.0, 40.0));
    out.row = near ? 0.0f : (float)(int)field_between(stream, 0.0, 300.0);
    out.rows = 1 + (uint32_t)field_between(stream, 0.0, 63.99);
    out.x = (double)(float)((double)out.column + 7.5 + along * c - across * s);
    out.y = (double)(float)((double)out.row + 0.5 * out.rows + along * s + across * c);
    return out;
}

uxo_gaussian field_gaussian(const field_case *self)
{
    return uxo_gaussian_make(self->x, self->y, self->xx, self->xy, self->yy, self->weight);
}

void remain_fill(remain_memory *self, uint32_t number)
{
    uxo_stream stream = field_stream(number);
    memset(self, 0, sizeof *self);
    for (size_t i = 0; i < STRIP_POINTS; i++) {
        const double first = field_between(&stream, 0.0, 1.0), second = field_between(&stream, 0.0, 1.0 - first);
        self->own[i] = i % 13 == 0 ? 0.0f : (float)exp(field_between(&stream, -16.0, 2.5));
        self->weight[i] = (float)first;
        self->weight[STRIP_POINTS + i] = (float)second;
        self->weight[2 * STRIP_POINTS + i] = (float)(1.0 - first - second);
        self->values[i] = self->values_alone[i] = 0.25f;
        self->loss[i] = 0.5f;
    }
    for (int k = 0; k < KINDS; k++) {
        self->share[k] = (float)field_between(&stream, 0.0, 1.6);
    }
}

void remain_over(const uxo_field_kernels *kernels, remain_memory *self)
{
    kernels->remain(self->own, self->weight, self->share, KINDS, (float)REMAIN_LOAD, self->values, self->loss,
                    STRIP_POINTS);
    kernels->remain(self->own, self->weight, self->share, KINDS, 1.0f, self->values_alone, NULL, STRIP_POINTS);
}

void sums_fill(sums_memory *self, uint32_t number)
{
    uxo_stream stream = field_stream(number);
    memset(self, 0, sizeof *self);
    for (size_t i = 0; i < STRIP_POINTS; i++) {
        self->values[i] = (float)exp(field_between(&stream, -20.0, 3.0));
        self->shift[i] = self->values[i] * (float)field_between(&stream, 0.5, 1.5);
        self->loss[i] = i % 11 == 0 ? 0.0f : (float)exp(field_between(&stream, -20.0, 3.7));
    }
}

void sums_accumulate(const uxo_field_kernels *kernels, sums_memory *self)
{
    const uxo_strip_sums sums = {self->d, self->dd, self->q, self->qq};
    kernels->accumulate(self->values, self->loss, self->shift, &sums, STRIP_POINTS);
}

static float some_value(uxo_stream *stream, uint32_t kind)
{
    const double u = uxo_stream_uniform(stream);
    switch (kind) {
    case 0:
        return (float)exp(-40.0 * u);
    case 1:
        return (float)floor(5.0 * u);
    case 2:
        return u < 0.7 ? 0.0f : (float)u;
    case 3:
        return 0.125f;
    case 4:
        return u < 0.5 ? 1e-38f : 1e38f;
    default:
        return (float)u * 1e-41f;
    }
}

float *field_columns(uint32_t count, uint32_t number)
{
    uxo_stream stream = field_stream(number);
    float *const values = calloc((size_t)count * SELECT_STRIDE, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        for (uint32_t column = 0; column < SELECT_STRIDE; column++) {
            values[i * SELECT_STRIDE + column] = some_value(&stream, column % 6);
        }
    }
    return values;
}

void field_ranks(uint32_t count, uint32_t rank[RANKS])
{
    const double share[RANKS] = {0.0, 0.05, 0.25, 0.5, 0.5, 0.95, 1.0};
    for (int r = 0; r < RANKS; r++) {
        rank[r] = 1 + (uint32_t)(share[r] * (count - 1));
    }
}
