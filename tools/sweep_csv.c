/* sweep_csv.c - see sweep_csv.h. */
#include "sweep_csv.h"

#include <string.h>

#include "uxosim/number_text.h"

void sweep_csv_text(FILE *out, const char *text, int first)
{
    if (!first) {
        fputc(',', out);
    }
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            fputc('"', out);
        }
        fputc(*text, out);
    }
    fputc('"', out);
}

void sweep_csv_number(FILE *out, double value)
{
    char text[UXO_NUMBER_SIZE];
    fprintf(out, ",%s", uxo_number_text(text, value));
}
