/* error.h - how anything in uxosim that can fail because of the world says so.
 *
 * A function that can fail returns a uxo_status and adds messages to a caller-owned uxo_report. Kernels cannot fail.
 * Nothing below tools/main.c prints or exits. A report holds every message of a pass over the input, not the first one:
 * whoever reads input goes on after an error as long as what follows still has a meaning.
 */
#ifndef UXOSIM_ERROR_H
#define UXOSIM_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* name, exit code (sysexits.h), meaning */
#define UXO_STATUS_LIST(X)                                    \
    X(UXO_OK, 0, "done")                                      \
    X(UXO_ERR_USAGE, 64, "wrong use of the command line")     \
    X(UXO_ERR_DATA, 65, "bad scenario or data")               \
    X(UXO_ERR_NOINPUT, 66, "input missing or unreadable")     \
    X(UXO_ERR_SELFCHECK, 70, "the run failed its self-check") \
    X(UXO_ERR_MEMORY, 71, "out of memory")                    \
    X(UXO_ERR_CANTCREATE, 73, "output cannot be created")     \
    X(UXO_ERR_IO, 74, "input or output error")                \
    X(UXO_ERR_RESUMABLE, 75, "interrupted, can be resumed")   \
    X(UXO_ERR_INTERRUPTED, 130, "interrupted, nothing written")

typedef enum uxo_status {
#define X(name, code, text) name,
    UXO_STATUS_LIST(X)
#undef X
        UXO_STATUS_END
} uxo_status;

int uxo_status_exit_code(uxo_status status);

/* Returns from the calling function when `call` does not give UXO_OK. */
#define UXO_TRY(call)                              \
    do {                                           \
        const uxo_status uxo_try_status_ = (call); \
        if (uxo_try_status_ != UXO_OK) {           \
            return uxo_try_status_;                \
        }                                          \
    } while (0)

#define UXO_MUST_USE __attribute__((warn_unused_result))
#define UXO_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

typedef enum uxo_severity { UXO_NOTE, UXO_WARNING, UXO_ERROR } uxo_severity;

/* Where in the input. All borrowed: the report copies what it needs. */
typedef struct uxo_place {
    const char *file;
    uint32_t line;       /* from 1; 0: unknown */
    uint32_t column;     /* from 1, in characters; 0: unknown */
    uint32_t width;      /* characters to underline, 0: none */
    const char *excerpt; /* the text of that line where it is at hand, else NULL */
} uxo_place;

typedef struct uxo_message {
    uxo_severity severity;
    uxo_place place;          /* owned copies here; the excerpt is cut about the column */
    uint32_t excerpt_skipped; /* characters of the line before the excerpt */
    char *text;
} uxo_message;

typedef struct uxo_report {
    uxo_message *item;
    size_t count;
    size_t capacity;
    size_t error_count;
    size_t warning_count;
} uxo_report;

void uxo_report_init(uxo_report *self);
void uxo_report_free(uxo_report *self);

/* Adds one message. `place` may be NULL. Never fails: when memory runs out the counts still grow. */
void uxo_report_add(uxo_report *self, uxo_severity severity, const uxo_place *place, const char *format, ...)
    UXO_PRINTF(4, 5);

/* Adds an error and returns `status`, so that `return uxo_fail(...)` is the one way out with an error. */
uxo_status uxo_fail(uxo_report *self, uxo_status status, const uxo_place *place, const char *format, ...)
    UXO_PRINTF(4, 5);

/* Prints messages from index `first` on in the order of the input (files as they came up, line, column), as
 *     file:line:column: error: text
 *         8 |     dud_rate: 16 %
 *           |               ^~~~
 * and at most `limit` errors and `limit` warnings, then how many more there are; the same text about the same place
 * once. Returns the number printed. */
size_t uxo_report_print(const uxo_report *self, size_t first, size_t limit, FILE *out);

/* UXO_OK when no error was added since `errors_before`, else UXO_ERR_DATA. */
uxo_status uxo_report_status(const uxo_report *self, size_t errors_before);

#endif
