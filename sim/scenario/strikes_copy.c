/* strikes_copy.c - the strike list as it was used, as a CSV: so that a result can hold it and strikes can be made of it again. Columns that
 * are not uxosim's stay out: they may name people. So does who reported: nothing is drawn from it.
 *
 * Not here: reading rows (strikes_rows.c).
 */
#include <string.h>

#include "strikes_private.h"
#include "uxosim/number_text.h"

static bool is_copied(strikes_column column)
{
    return column != COLUMN_LON && column != COLUMN_LAT && column != COLUMN_SOURCE;
}

static void write_cell(FILE *out, const char *text)
{
    if (strpbrk(text, "\",;\t\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *p = text; *p != '\0'; p++) {
        fputs(*p == '"' ? "\"\"" : (const char[]){*p, '\0'}, out);
    }
    fputc('"', out);
}

void strikes_copy_header(FILE *out)
{
    const char *separator = "";
    for (int column = 0; column < STRIKES_COLUMNS; column++) {
        if (is_copied((strikes_column)column)) {
            fprintf(out, "%s%s", separator, strikes_column_name((strikes_column)column));
            separator = ",";
        }
    }
    fputc('\n', out);
}

/* Places are given as they were projected, to the last bit. */
void strikes_copy_row(FILE *out, const strikes_row *row, const uxo_site *site)
{
    const char *separator = "";
    for (int column = 0; column < STRIKES_COLUMNS; column++) {
        if (!is_copied((strikes_column)column)) {
            continue;
        }
        fputs(separator, out);
        if (column == COLUMN_X_M || column == COLUMN_Y_M) {
            char text[UXO_NUMBER_SIZE];
            fputs(uxo_number_text(text, column == COLUMN_X_M ? site->x_m : site->y_m), out);
        } else if (row->text[column] != NULL) {
            write_cell(out, row->text[column]);
        }
        separator = ",";
    }
    fputc('\n', out);
}
