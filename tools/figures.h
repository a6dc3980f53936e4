/* figures.h - figures for print: every map and chart of a result as PNG (300 dpi), SVG and PDF. */
#ifndef UXOSIM_TOOLS_FIGURES_H
#define UXOSIM_TOOLS_FIGURES_H

#include "uxosim/result.h"

/* Who may see the figures. */
typedef struct figures_audience {
    bool internal;
    double block_m;            /* least length of a cell for the public */
    const char *public_sha256; /* of the public copy with such cells, which names public figures */
} figures_audience;

/* Writes <folder>/<figure>.png, .svg and .pdf for every figure whose data the result holds; makes the folder. What is left
 * out, and why, becomes a note of the report.
 *
 * internal  false: for the public, cells of at least block_m, no strikes, no hash of what is not public.
 *           true: cells as they are, with the reported places of strikes and their error; every figure says so.
 *
 * Equal results give equal files. UXO_ERR_DATA: internal figures of a public copy; strikes without a date. */
UXO_MUST_USE uxo_status figures_write(uxo_result *result, const char *folder, const figures_audience *audience,
                                      uxo_report *report);

#endif
