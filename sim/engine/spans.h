/* spans.h - stretches of a row or column of cells, of side 1: how much of them is common, which cells they touch. */
#ifndef UXOSIM_ENGINE_SPANS_H
#define UXOSIM_ENGINE_SPANS_H

#include <math.h>
#include <stdint.h>

typedef struct uxo_span {
    double from, to;
} uxo_span;

static inline double uxo_span_overlap(uxo_span a, uxo_span b)
{
    return fmax(0.0, fmin(a.to, b.to) - fmax(a.from, b.from));
}

static inline uxo_span uxo_span_of_cell(uint32_t index)
{
    return (uxo_span){(double)index, (double)index + 1.0};
}

/* Cells *first .. *end - 1 of a row or column that a span touches; `length` cells of side 1. */
static inline void uxo_span_touched(uxo_span cells, uint32_t length, uint32_t *first, uint32_t *end)
{
    *first = cells.from <= 0.0 ? 0 : cells.from < (double)length ? (uint32_t)cells.from : length;
    *end = cells.to <= 0.0 ? 0 : cells.to < (double)length ? (uint32_t)ceil(cells.to) : length;
    *first = *first < *end ? *first : *end;
}

#endif
