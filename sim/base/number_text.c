/* number_text.c - shortest round-trip text of a double. Not here: rounding for people. */
#include "uxosim/number_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *uxo_number_text(char text[UXO_NUMBER_SIZE], double value)
{
    if (isnan(value)) {
        text[0] = '\0';
        return text;
    }
    if (isinf(value)) {
        return strcpy(text, value > 0.0 ? "inf" : "-inf");
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, UXO_NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    char *const comma = strchr(text, ',');
    if (comma != NULL) {
        *comma = '.'; /* a program that links the library may have called setlocale */
    }
    return text;
}
