/* layers_names.c - names of areas: what people see in every table has to be there, to be text and to be told apart. */
#include <stdlib.h>
#include <string.h>

#include "layers_private.h"

/* Leading and trailing blanks, the no-break space of spreadsheets included. */
static char *trimmed(const char *text)
{
    const char *end;
    while (*text == ' ' || (*text >= '\t' && *text <= '\r') || strncmp(text, "\xC2\xA0", 2) == 0) {
        text += *text == '\xC2' ? 2 : 1;
    }
    for (end = text + strlen(text); end > text;) {
        if (end[-1] == ' ' || (end[-1] >= '\t' && end[-1] <= '\r')) {
            end--;
        } else if (end - text >= 2 && end[-2] == '\xC2' && end[-1] == '\xA0') {
            end -= 2;
        } else {
            break;
        }
    }
    return strndup(text, (size_t)(end - text));
}

/* Shape of UTF-8: lead bytes and their continuations. */
bool layers_is_utf8(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != 0;) {
        const int more = *p < 0x80                 ? 0
                         : *p >= 0xC2 && *p < 0xE0 ? 1
                         : *p >= 0xE0 && *p < 0xF0 ? 2
                         : *p >= 0xF0 && *p < 0xF5 ? 3
                                                   : -1;
        if (more < 0) {
            return false;
        }
        p++;
        for (int i = 0; i < more; i++, p++) {
            if ((*p & 0xC0) != 0x80) {
                return false;
            }
        }
    }
    return true;
}

static bool is_reserved(const char *name, const char *thing)
{
    char outside[64];
    snprintf(outside, sizeof outside, UXO_ROW_OUTSIDE_EVERY "%s", thing);
    return strcmp(name, outside) == 0 || strcmp(name, UXO_ROW_OUTSIDE_GRID) == 0 || strcmp(name, UXO_ROW_TOTAL) == 0;
}

/* Control characters of ASCII and of Latin-1 (U+0080 to U+009F). */
static bool has_control(const char *name)
{
    for (const unsigned char *c = (const unsigned char *)name; *c != '\0'; c++) {
        const bool latin1 = c[0] == 0xC2 && c[1] < 0xA0;
        if (*c < 0x20 || *c == 0x7F || latin1) {
            return true;
        }
    }
    return false;
}

/* Invisible characters that turn the direction of what follows, so that a row reads as something else: U+061C, U+200E,
 * U+200F, U+202A to U+202E, U+2066 to U+2069. */
static bool turns_text(const char *name)
{
    for (const unsigned char *c = (const unsigned char *)name; *c != '\0'; c++) {
        const bool general =
            c[0] == 0xE2 && c[1] == 0x80 && (c[2] == 0x8E || c[2] == 0x8F || (c[2] >= 0xAA && c[2] <= 0xAE));
        const bool isolate = c[0] == 0xE2 && c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9;
        if (general || isolate || (c[0] == 0xD8 && c[1] == 0x9C)) {
            return true;
        }
    }
    return false;
}

char *layers_read_name(const char *text, const char *thing, const uxo_place *place, uxo_report *report)
{
    char *const name = trimmed(text);
    char missing[128], reserved[192];
    const char *wrong = NULL;
    snprintf(missing, sizeof missing, "the %s has no name; every one needs a name of its own", thing);
    if (name == NULL) {
        wrong = "out of memory";
    } else if (name[0] == '\0') {
        wrong = missing;
    } else if (!layers_is_utf8(name)) {
        wrong = "the name is not UTF-8; for a shapefile, a .cpg file says the encoding";
    } else if (has_control(name)) {
        wrong = "the name holds a control character or a line break";
    } else if (turns_text(name)) {
        wrong = "the name holds an invisible character that turns the direction of text; take it out";
    } else if (is_reserved(name, thing)) {
        snprintf(reserved, sizeof reserved,
                 "the name is that of a row of every table ('" UXO_ROW_OUTSIDE_EVERY "%s', '" UXO_ROW_OUTSIDE_GRID
                 "', '" UXO_ROW_TOTAL "')",
                 thing);
        wrong = reserved;
    }
    if (wrong != NULL) {
        uxo_report_add(report, UXO_ERROR, place, "%s", wrong);
        free(name);
        return NULL;
    }
    return name;
}

typedef struct named {
    const char *name;
    uint32_t index;
} named;

static int compare_names(const void *left, const void *right)
{
    const named *const a = left;
    const named *const b = right;
    const int order = strcmp(a->name, b->name);
    return order != 0 ? order : a->index < b->index ? -1 : a->index > b->index;
}

void layers_check_names(const layers_vector *vector, const char *const *name, const int64_t *fid, uint32_t count,
                        uxo_report *report)
{
    named *const order = malloc((count > 0 ? count : 1) * sizeof *order);
    for (uint32_t i = 0; order != NULL && i < count; i++) {
        order[i] = (named){name[i], i};
    }
    if (order != NULL) {
        qsort(order, count, sizeof *order, compare_names);
    }
    for (uint32_t i = 1; order != NULL && i < count; i++) {
        if (strcmp(order[i].name, order[i - 1].name) == 0) {
            char text[4096];
            const uxo_place place = layers_feature_place(text, sizeof text, vector->shown, fid[order[i].index]);
            uxo_report_add(report, UXO_ERROR, &place,
                           "the name '%s' is that of feature %lld already; merge the two or name them apart",
                           order[i].name, (long long)fid[order[i - 1].index]);
        }
    }
    free(order);
}
