/* schema_text.c - what people are told: what a key allows, what is wrong with a value, what to write instead. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "schema_private.h"

void uxo_schema_refuse(const uxo_node *node, const uxo_key_row *row, uxo_report *report, const char *format, ...)
{
    char text[4 * UXO_SCHEMA_TEXT];
    const char *const star = strstr(row->path, "*.");
    const bool own_name = row->path[strlen(row->path) - 1] == '*'; /* a key of the user's choice */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (node->key == NULL ||
        row->path[strlen(row->path) - 1] == '*') { /* an item of a list, a key of the user's choice */
        uxo_report_add(report, UXO_ERROR, &node->place, "%s", text);
    } else {
        uxo_report_add(report, UXO_ERROR, &node->place, "%.60s: %s",
                       own_name       ? node->key
                       : star != NULL ? star + 2
                                      : row->path,
                       text);
    }
}

const char *uxo_schema_last(const char *path)
{
    const char *const dot = strrchr(path, '.');
    return dot != NULL ? dot + 1 : path;
}

bool uxo_schema_is_child(const char *path, const char *parent)
{
    const size_t length = strlen(parent);
    const char *const last = uxo_schema_last(path);
    if (length == 0) {
        return last == path;
    }
    return last == path + length + 1 && strncmp(path, parent, length) == 0;
}

void uxo_schema_bounds(const uxo_key_row *row, char *text, size_t size)
{
    const bool has_unit = row->unit != NULL && row->unit[0] != '\0' && strcmp(row->unit, "1") != 0;
    const char *const space = has_unit ? " " : "", *const unit = has_unit ? row->unit : "";
    if (row->minimum == row->maximum) {
        snprintf(text, size, "%.15g", row->minimum);
    } else if (row->maximum > 1e19) {
        snprintf(text, size, "from %.15g to 2^64 - 1", row->minimum);
    } else if (row->minimum_open) {
        snprintf(text, size, "greater than %.15g, %s %.15g%s%s", row->minimum,
                 row->maximum_open ? "less than" : "at most", row->maximum, space, unit);
    } else {
        snprintf(text, size, "from %.15g to %.15g%s%s", row->minimum, row->maximum, space, unit);
    }
}

void uxo_schema_list_words(const char *words, char *text, size_t size)
{
    size_t used = 0;
    for (const char *at = words; *at != '\0' && used + 5 < size; at++) {
        if (*at != '|') {
            text[used++] = *at;
            continue;
        }
        const char *const joint = strchr(at + 1, '|') != NULL ? ", " : " or ";
        memcpy(text + used, joint, strlen(joint));
        used += strlen(joint);
    }
    text[used] = '\0';
}

static const char *basic_description(uxo_type type)
{
    switch (type) {
    case UXO_TYPE_SECTION:
    case UXO_TYPE_OPEN:
        return "`key: value` lines";
    case UXO_TYPE_STRING:
        return "a text";
    case UXO_TYPE_PATH:
        return "the name of a file";
    case UXO_TYPE_BOOL:
        return "true or false";
    case UXO_TYPE_DATE:
        return "a date like 2023-12-31";
    case UXO_TYPE_INTEGER:
        return "a whole number";
    case UXO_TYPE_COUNT:
        return "a whole number or a distribution";
    case UXO_TYPE_NUMBER:
        return "a number";
    case UXO_TYPE_RATE:
    case UXO_TYPE_POSITIVE:
    case UXO_TYPE_REAL:
        return "a number or a distribution";
    case UXO_TYPE_HEADING:
        return "unknown, a number or a distribution";
    case UXO_TYPE_LOCATION:
        return "{r95_m: radius} or {disc_m: radius}";
    case UXO_TYPE_MIXTURE:
        return "a munition, or weights {a: 0.6, b: 0.4}";
    case UXO_TYPE_ANY:
        return "what the key of the scenario takes";
    default:
        return "";
    }
}

void uxo_schema_describe(const uxo_key_row *row, char *text, size_t size)
{
    char detail[UXO_SCHEMA_TEXT];
    switch (row->type) {
    case UXO_TYPE_ENUM:
        uxo_schema_list_words(row->allowed, detail, sizeof detail);
        snprintf(text, size, "%s%s", strchr(row->allowed, '|') != NULL ? "one of " : "the word ", detail);
        return;
    case UXO_TYPE_STRINGS:
        snprintf(text, size, "a list of names%s%s", row->allowed != NULL ? " or the word " : "",
                 row->allowed != NULL ? row->allowed : "");
        return;
    case UXO_TYPE_NUMBERS:
        snprintf(text, size, "a list of %s%snumbers", row->allowed != NULL ? row->allowed : "",
                 row->allowed != NULL ? " " : "");
        return;
    case UXO_TYPE_INTEGER:
    case UXO_TYPE_COUNT:
    case UXO_TYPE_NUMBER:
    case UXO_TYPE_RATE:
    case UXO_TYPE_POSITIVE:
    case UXO_TYPE_REAL:
    case UXO_TYPE_HEADING:
        uxo_schema_bounds(row, detail, sizeof detail);
        snprintf(text, size, "%s%s %s%s", basic_description(row->type),
                 strstr(basic_description(row->type), " or ") != NULL ? "," : "", detail,
                 row->or_field ? ", or the name of a field" : "");
        return;
    default:
        snprintf(text, size, "%s", basic_description(row->type));
    }
}

/* What to write instead of "16 %", "2 km" or "0,16". */
static void hint(const char *text, const uxo_key_row *row, char *out, size_t size)
{
    static const struct {
        const char *suffix, *unit;
        double factor;
    } known[] = {{"%", "1", 0.01},    {"m", "m", 1.0},        {"km", "m", 1000.0},        {"cm", "m", 0.01},
                 {"ft", "m", 0.3048}, {"deg", "degree", 1.0}, {"degrees", "degree", 1.0}, {"\xC2\xB0", "degree", 1.0}};
    const size_t length = uxo_schema_number_length(text);
    const char *const rest = text + length + strspn(text + length, " ");
    double decimals = 0.0;
    out[0] = '\0';
    if (length == 0) {
        return;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(rest, known[i].suffix) == 0 && row->unit != NULL && strcmp(row->unit, known[i].unit) == 0) {
            snprintf(out, size, ": write %.12g", strtod(text, NULL) * known[i].factor);
            return;
        }
    }
    const size_t digits = *rest == ',' ? strspn(rest + 1, "0123456789") : 0;
    if (digits > 0 && rest[1 + digits] == '\0' && digits < 12 && strspn(text, "0123456789+-") == length) {
        char point[64];
        snprintf(point, sizeof point, "%.*s.%s", (int)(length < 40 ? length : 40), text, rest + 1);
        decimals = strtod(point, NULL);
        snprintf(out, size, ": write %.12g", decimals);
    }
}

bool uxo_schema_in_bounds(const uxo_node *node, const uxo_key_row *row, double value, uxo_report *report)
{
    const bool low = value < row->minimum || (row->minimum_open && value <= row->minimum);
    if (low || value > row->maximum || (row->maximum_open && value >= row->maximum)) {
        char bounds[UXO_SCHEMA_TEXT];
        uxo_schema_bounds(row, bounds, sizeof bounds);
        uxo_schema_refuse(node, row, report, "%s is outside what is allowed: %s",
                          node->kind == UXO_NODE_SCALAR ? node->text : "it", bounds);
        return false;
    }
    return true;
}

bool uxo_schema_read_number(const uxo_node *node, const uxo_key_row *row, double *value, uxo_report *report)
{
    const bool whole = row->type == UXO_TYPE_INTEGER || row->type == UXO_TYPE_COUNT;
    char wanted[UXO_SCHEMA_TEXT], instead[64];
    const char *why = NULL;
    uxo_key_row one = *row;
    one.type = row->type == UXO_TYPE_NUMBERS ? UXO_TYPE_NUMBER : row->type; /* an item of a list */
    uxo_schema_describe(&one, wanted, sizeof wanted);
    *value = 0.0;
    if (node->kind != UXO_NODE_SCALAR) {
        uxo_schema_refuse(node, row, report, "%s is wanted, not a %s", wanted,
                          node->kind == UXO_NODE_SEQUENCE ? "list" : "mapping");
        return false;
    }
    if (node->quoted) {
        uxo_schema_refuse(node, row, report, "\"%.60s\" is a quoted text; leave the quotes out", node->text);
        return false;
    }
    if (node->text[0] == '\0') {
        uxo_schema_refuse(node, row, report, "there is no value. Allowed: %s", wanted);
        return false;
    }
    if (!uxo_schema_number(node->text, value, &why)) {
        hint(node->text, row, instead, sizeof instead);
        uxo_schema_refuse(node, row, report, "'%.60s' %s%s. Allowed: %s", node->text, why, instead, wanted);
        return false;
    }
    if (whole && *value != floor(*value)) {
        uxo_schema_refuse(node, row, report, "%.60s is not a whole number. Allowed: %s", node->text, wanted);
        return false;
    }
    return uxo_schema_in_bounds(node, row, *value, report);
}

static void check_word(const uxo_node *node, const uxo_key_row *row, const char *words, uxo_report *report)
{
    char buffer[2 * UXO_SCHEMA_TEXT], wanted[2 * UXO_SCHEMA_TEXT];
    if (uxo_schema_is_word(node->text, words)) {
        return;
    }
    if (row->later_words != NULL && uxo_schema_is_word(node->text, row->later_words)) {
        uxo_schema_refuse(node, row, report, "'%s': %s", node->text, row->later);
        return;
    }
    const char *const nearest = uxo_schema_nearest_word(node->text, words, buffer, sizeof buffer);
    uxo_schema_list_words(words, wanted, sizeof wanted);
    if (nearest != NULL) {
        uxo_schema_refuse(node, row, report, "'%.60s' is not known; did you mean '%s'? Allowed: %s", node->text,
                          nearest, wanted);
    } else {
        uxo_schema_refuse(node, row, report, "'%.60s' is not known. Allowed: %s", node->text, wanted);
    }
}

static void check_date(const uxo_node *node, const uxo_key_row *row, uxo_report *report)
{
    int32_t day;
    if (uxo_schema_date(node->text, &day)) {
        return;
    }
    const bool shaped = strlen(node->text) == 10 && strspn(node->text, "0123456789-") == 10 && node->text[4] == '-' &&
                        node->text[7] == '-';
    uxo_schema_refuse(
        node, row, report,
        shaped ? "'%.60s' is not a day of the calendar (from 1900 on); year-month-day is wanted, like 2023-12-31"
               : "'%.60s' is not a date; write it as year-month-day, like 2023-12-31",
        node->text);
}

static void check_integer(const uxo_node *node, const uxo_key_row *row, uxo_report *report)
{
    double value;
    uint64_t exact;
    if (!uxo_schema_read_number(node, row, &value, report) || row->minimum < 0) {
        return;
    }
    if (!uxo_schema_unsigned(node->text + (node->text[0] == '+'), &exact)) {
        uxo_schema_refuse(node, row, report, "'%.60s' must be written in plain digits, and be at most 2^64 - 1",
                          node->text);
    }
}

void uxo_schema_check_scalar(const uxo_node *node, const uxo_key_row *row, uxo_report *report)
{
    char wanted[2 * UXO_SCHEMA_TEXT];
    double value;
    uxo_schema_describe(row, wanted, sizeof wanted);
    if (node->kind != UXO_NODE_SCALAR) {
        uxo_schema_refuse(node, row, report, "%s is wanted, not a %s", wanted,
                          node->kind == UXO_NODE_SEQUENCE ? "list" : "mapping");
        return;
    }
    const bool null = !node->quoted && (strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
    if (node->text[0] == '\0' || null) {
        uxo_schema_refuse(node, row, report, "there is no value. Allowed: %s", wanted);
        return;
    }
    switch (row->type) {
    case UXO_TYPE_BOOL:
        if (node->quoted || !uxo_schema_is_word(node->text, "true|false")) {
            uxo_schema_refuse(node, row, report, "'%.60s' is neither true nor false", node->text);
        }
        break;
    case UXO_TYPE_INTEGER:
        check_integer(node, row, report);
        break;
    case UXO_TYPE_NUMBER:
        (void)uxo_schema_read_number(node, row, &value, report);
        break;
    case UXO_TYPE_DATE:
        check_date(node, row, report);
        break;
    case UXO_TYPE_ENUM:
        check_word(node, row, row->allowed, report);
        break;
    case UXO_TYPE_STRINGS: /* one item of the list, or the word instead of it */
        if (row->items != NULL) {
            check_word(node, row, node->key != NULL ? row->allowed : row->items, report);
        }
        break;
    default:
        break;
    }
}
