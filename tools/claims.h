/* claims.h - private to tools: what a result lets one say in public, sentence by sentence, and the check of a number that others published. */
#ifndef UXOSIM_TOOLS_CLAIMS_H
#define UXOSIM_TOOLS_CLAIMS_H

#include <stdio.h>

#include "json_output.h"
#include "uxosim/claim.h"
#include "uxosim/result.h"

/* One result, ready to be spoken of. */
typedef struct claims {
    uxo_result *result; /* borrowed */
    const char *zones;  /* the set of zones that is spoken of; NULL: the districts */
    uxo_district_table table;
    uxo_result_evidence evidence; /* of the districts' rows */
    char *condition;              /* "if the 43 listed strikes ...": what every figure hangs on; owned */
    char *left_out;               /* what no figure includes; owned */
    bool has_cleared;             /* a listed clearance is taken off */
    bool is_public;               /* a redacted copy */
} claims;

/* zones: a set of zones, borrowed, or NULL. UXO_ERR_DATA where strikes are undated (which ones), or where the file does not say how they are attested. */
UXO_MUST_USE uxo_status claims_read(claims *self, uxo_result *result, const char *zones, uxo_report *report);
void claims_free(claims *self);

/* The conditions of every figure of a result (claims_condition.c). NULL: out of memory. To be freed. */
char *claims_condition(uxo_result *result, bool is_public);

/* What the width of a row's interval comes from. */
typedef enum claims_spread {
    SPREAD_NOT_COMPUTED,
    SPREAD_NONE,    /* the number does not vary */
    SPREAD_UNCLEAR, /* no group of draws stands out from its error */
    SPREAD_KNOWN
} claims_spread;
typedef struct claims_group {
    const char *name;
    double share, share_se; /* first-order */
} claims_group;
typedef struct claims_origin {
    claims_spread spread;
    claims_group first, second; /* second.name NULL: the first is ahead of all others */
} claims_origin;
/* `of`: of what the variance is, as /variance has it: "duds", or "log_accidents", the logarithm of expected accidents. Of zones it is not
 * computed. */
claims_origin claims_origin_of(const claims *self, uint32_t row, const char *of);
/* "how many duds ..." in plain words; the name itself where it is a new one. */
const char *claims_group_words(const char *name);

/* Sentences about a row, to be freed; NULL: there is none to say (or out of memory). `line`: fit for a line of a terminal. */
char *claims_headline(const claims *self, uint32_t row, bool line);
/* More than half of the duds of the row come from strikes that are only alleged, or may do so: which strikes the duds of a zone come from
 * no file says. */
bool claims_is_alleged(const claims *self, uint32_t row);
/* Share of the duds of the row that come from alleged strikes; NaN: not known. */
double claims_alleged_share(const claims *self, uint32_t row);
/* Why there is no headline; NULL where there is one. */
char *claims_refusal(const claims *self, uint32_t row, bool line);
char *claims_people(const claims *self, uint32_t row);
char *claims_origin_sentence(const claims *self, uint32_t row);
char *claims_accidents(const claims *self, uint32_t row);
char *claims_accident_origin_sentence(const claims *self, uint32_t row);

/* A claim as it is published: "carriers=45 submunitions=650 rate=0.05 concentration=20 duds=1700". All errors together, as
 * UXO_ERR_USAGE. */
UXO_MUST_USE uxo_status claims_check_parse(const char *text, uxo_claim *claim, uxo_report *report);
typedef struct claims_checked {
    uxo_claim claim;
    uxo_claim_law fixed, spread;
} claims_checked;
void claims_check_print(const claims_checked *self, FILE *out);
void claims_check_json(const claims_checked *self, json_output *json);

#endif
