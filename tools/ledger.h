/* ledger.h - private to tools: every value that a result rests on, with its source, how sure that is, whether it was left at its default,
 * and what share it has in the spread of the total. */
#ifndef UXOSIM_TOOLS_LEDGER_H
#define UXOSIM_TOOLS_LEDGER_H

#include "json_output.h"
#include "uxosim/result.h"

/* How sure a value is, by the tags in the sentence of its source; a sentence may bear several. */
enum {
    LEDGER_PUBLISHED = 1, /* [V], [V2]: read in the source, or in a text that quotes it */
    LEDGER_DERIVED = 2,   /* [D]: arithmetic on published numbers */
    LEDGER_ASSUMED = 4,   /* ASSUMED */
    LEDGER_UNVERIFIED = 8 /* "unverified": remembered, not checked */
};

/* What its share in the variance is of. */
typedef enum ledger_spread {
    LEDGER_NO_NUMBER, /* says where, when, or how much is computed */
    LEDGER_FIXED,     /* a number without spread: what it may be wrong by is in no interval */
    LEDGER_OWN,       /* drawn once per realisation; the share is its own */
    LEDGER_GROUP      /* drawn for each strike or carrier; the share is that of all draws of its group together */
} ledger_spread;

/* One line. Texts belong to the result. */
typedef struct ledger_row {
    const char *path, *value, *mark, *source;
    unsigned certainty; /* of LEDGER_* */
    ledger_spread spread;
    const char *group;                        /* of draws; NULL: none */
    double share, share_se;                   /* of the variance of the total number of duds; NaN: not known */
    double accident_share, accident_share_se; /* likewise, of the logarithm of expected accidents */
} ledger_row;

typedef struct ledger {
    ledger_row *row; /* [count], owned */
    size_t count;
} ledger;

UXO_MUST_USE uxo_status ledger_read(ledger *self, uxo_result *result, uxo_report *report);
void ledger_free(ledger *self);

/* "published, derived; assumed in part"; "" where the source says nothing of it. */
const char *ledger_certainty_text(unsigned certainty, char *text, size_t size);
/* "41 +- 3 % of the variance of the total"; "" for what is no number of the model. */
const char *ledger_share_text(const ledger_row *row, char *text, size_t size);

void ledger_write_csv(const ledger *self, FILE *out);
void ledger_write_json(const ledger *self, FILE *out);
/* As the member "assumptions" of an object that is open. */
void ledger_write_rows(const ledger *self, json_output *json);

#endif
