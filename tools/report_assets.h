/* report_assets.h - private to tools: the files of the page that are built into the program (cmake/uxosim_report.cmake). */
#ifndef UXOSIM_TOOLS_REPORT_ASSETS_H
#define UXOSIM_TOOLS_REPORT_ASSETS_H

#include <stddef.h>

typedef struct report_asset {
    const char *name;          /* as in the template: "style" */
    const unsigned char *byte; /* [count] */
    size_t count;
} report_asset;

/* The template, and what goes into it: "page", "style", "script", "licences". NULL: there is no such asset. */
const report_asset *report_asset_find(const char *name);

#endif
