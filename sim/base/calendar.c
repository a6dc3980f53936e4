/* calendar.c - days as text. Reading dates is the scenario's (schema). */
#include "uxosim/calendar.h"

#include <stdio.h>

/* Civil date from days since 1970-01-01: Howard Hinnant, "chrono-compatible low-level date algorithms",
 * civil_from_days. */
void uxo_day_text(int32_t day, char text[UXO_DAY_SIZE])
{
    text[0] = '\0';
    if (day == UXO_NO_DATE) {
        return;
    }
    const int64_t shifted = (int64_t)day + 719468;
    const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const int64_t of_era = shifted - era * 146097;
    const int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month_from_march = (5 * of_year + 2) / 153;
    const int month_day = (int)(of_year - (153 * month_from_march + 2) / 5 + 1);
    const int month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    const int year = (int)(year_of_era + era * 400 + (month <= 2));
    if (year >= 0 && year <= 9999) {
        snprintf(text, UXO_DAY_SIZE, "%04d-%02d-%02d", year, month, month_day);
    }
}
