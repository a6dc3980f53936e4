/* layers_crs.h - a reference system as PROJ has it. Private to sim/scenario/layers_c*.c; the contract is
 * include/uxosim/layers.h. */
#ifndef UXOSIM_LAYERS_CRS_H
#define UXOSIM_LAYERS_CRS_H

#include <proj.h>

#include "uxosim/layers.h"

struct uxo_crs {
    PJ_CONTEXT *context;
    PJ *crs;
    PJ *from_wgs84; /* longitude, latitude [degrees] -> grid */
    char *definition;
    char *name;
    char *wkt2;
    char *identifier;  /* "EPSG:32637"; NULL: none */
    char failure[256]; /* what PROJ said first */
};

/* What PROJ and GEOS computed, without the last bits, which differ between processors: metres to 2^-10; degrees to 2^-24,
 * 6.6 mm on the ground: the step nearest to 2^-30 rad that is exact in degrees. NaN stays NaN. */
double layers_round_m(double value);
double layers_round_deg(double value);

#endif
