/* schema_values.c - single values: numbers, dates, words. What is said when they are not what is wanted is in
 * schema_text.c. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema_private.h"

size_t uxo_schema_number_length(const char *text)
{
    const char *at = text + (*text == '+' || *text == '-');
    const size_t whole = strspn(at, "0123456789");
    const size_t point = at[whole] == '.';
    const size_t fraction = point > 0 ? strspn(at + whole + 1, "0123456789") : 0;
    if (whole + fraction == 0) {
        return 0;
    }
    at += whole + point + fraction;
    if (*at == 'e' || *at == 'E') {
        const char *const digits = at + 1 + (at[1] == '+' || at[1] == '-');
        const size_t exponent = strspn(digits, "0123456789");
        at = exponent > 0 ? digits + exponent : at;
    }
    return (size_t)(at - text);
}

static bool has_leading_zero(const char *text)
{
    const char *const at = text + (*text == '+' || *text == '-');
    return at[0] == '0' && at[1] >= '0' && at[1] <= '9';
}

bool uxo_schema_number(const char *text, double *value, const char **why)
{
    const size_t length = uxo_schema_number_length(text);
    const char *const rest = text + length;
    const char *const word = text + strspn(text, "+-.");
    *why = NULL;
    if (length > 0 && *rest == '\0' && !has_leading_zero(text)) {
        *value = strtod(text, NULL);
        *why = isfinite(*value) ? NULL : "is too large for a number";
        return isfinite(*value);
    }
    const bool hex = length > 0 && (*rest == 'x' || *rest == 'X');
    *why = strncasecmp(word, "nan", 3) == 0   ? "is not a number; leave the key out where nothing is known"
           : strncasecmp(word, "inf", 3) == 0 ? "is not finite"
           : length == 0                      ? "is not a number"
           : *rest == '\0'                    ? "begins with 0, which may mean an octal number; leave the zeros out"
           : hex                              ? "is a hexadecimal number; write it in decimal digits"
           : *rest == ',' ? "holds a comma; decimals are written with a point, and thousands without a separator"
           : *rest == '_' || *rest == '\'' ? "holds a separator; write the digits without it"
           : strchr(rest, '%') != NULL     ? "holds a per cent sign; rates are shares from 0 to 1"
                                           : "is more than a number, and units are part of the key";
    return false;
}

bool uxo_schema_unsigned(const char *text, uint64_t *value)
{
    const size_t length = strlen(text);
    if (length == 0 || length > 20 || strspn(text, "0123456789") != length || has_leading_zero(text)) {
        return false;
    }
    errno = 0;
    const uintmax_t number = strtoumax(text, NULL, 10);
    *value = (uint64_t)number;
    return errno == 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool uxo_schema_date(const char *text, int32_t *day)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof form; i++) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !digit : text[i] != form[i]) {
            return false;
        }
    }
    const int year = (int)strtol(text, NULL, 10), month = (int)strtol(text + 5, NULL, 10),
              date = (int)strtol(text + 8, NULL, 10);
    if (year < 1900 || month < 1 || month > 12 || date < 1 || date > days_in_month(year, month)) {
        return false;
    }
    int32_t days = date - 1;
    for (int m = 1; m < month; m++) {
        days += days_in_month(year, m);
    }
    const int before = year - 1; /* whole years since year 1; 719162 days lie between 0001-01-01 and 1970-01-01 */
    *day = days + 365 * before + before / 4 - before / 100 + before / 400 - 719162;
    return true;
}

bool uxo_schema_stored_date(const char *text, int32_t *day)
{
    enum { DAY_LENGTH = 10 };
    static const char *const midnights[] = {"", " 00:00:00", "T00:00:00", " 00:00:00+00", "T00:00:00Z"};
    char iso[DAY_LENGTH + 1];
    if (strlen(text) < DAY_LENGTH) {
        return false;
    }
    memcpy(iso, text, DAY_LENGTH);
    iso[DAY_LENGTH] = '\0';
    if (iso[4] == '/' && iso[7] == '/') {
        iso[4] = iso[7] = '-';
    }
    for (size_t i = 0; i < sizeof midnights / sizeof midnights[0]; i++) {
        if (strcmp(text + DAY_LENGTH, midnights[i]) == 0) {
            return uxo_schema_date(iso, day);
        }
    }
    return false;
}

bool uxo_schema_names_field(const uxo_node *node)
{
    return node->kind == UXO_NODE_SCALAR && node->text[0] != '\0' && strchr("0123456789+-.", node->text[0]) == NULL;
}

bool uxo_schema_is_word(const char *word, const char *words)
{
    const size_t length = strlen(word);
    for (const char *at = words; length > 0 && at != NULL; at = strchr(at, '|') != NULL ? strchr(at, '|') + 1 : NULL) {
        if (strncmp(at, word, length) == 0 && (at[length] == '|' || at[length] == '\0') && strchr(word, '|') == NULL) {
            return true;
        }
    }
    return false;
}

/* Optimal string alignment distance: insertion, deletion, substitution, swap of neighbours. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    enum { LONGEST = 64 };
    size_t row[3][LONGEST + 1];
    for (size_t j = 0; j <= m; j++) {
        row[1][j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        size_t *const now = row[(i + 1) % 3], *const last = row[i % 3], *const before = row[(i + 2) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            now[j] = best;
        }
    }
    return row[(n + 1) % 3][m];
}

const char *uxo_schema_nearest(const char *word, const char *const *names, size_t count)
{
    const size_t length = strlen(word);
    size_t limit = length / 3 > 2 ? length / 3 : length > 3 ? 2 : 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < count && length <= 64; i++) {
        const size_t other = strlen(names[i]);
        if (other <= 64 && other <= length + limit && length <= other + limit) {
            const size_t steps = distance(word, length, names[i], other);
            if (steps < limit || (steps == limit && nearest == NULL)) {
                limit = steps;
                nearest = names[i];
            }
        }
    }
    return nearest;
}

const char *uxo_schema_nearest_word(const char *word, const char *words, char *buffer, size_t size)
{
    enum { MOST = 16 };
    const char *name[MOST];
    size_t count = 0;
    snprintf(buffer, size, "%s", words);
    for (char *at = buffer; at != NULL && count < MOST;) {
        char *const end = strchr(at, '|');
        name[count++] = at;
        if (end != NULL) {
            *end = '\0';
        }
        at = end != NULL ? end + 1 : NULL;
    }
    return uxo_schema_nearest(word, name, count);
}

bool uxo_schema_list_length(const uxo_key_row *row, uint32_t *least, uint32_t *most)
{
    if (row->type != UXO_TYPE_NUMBERS || row->allowed == NULL) {
        return false;
    }
    const char *const last = strrchr(row->allowed, ' ');
    *least = (uint32_t)strtoul(row->allowed, NULL, 10);
    *most = last != NULL ? (uint32_t)strtoul(last + 1, NULL, 10) : *least;
    return true;
}
