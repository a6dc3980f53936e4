/* calendar.h - days as numbers: the day of an ISO 8601 date counted from 1970-01-01. */
#ifndef UXOSIM_CALENDAR_H
#define UXOSIM_CALENDAR_H

#include <stdint.h>

/* Not dated. */
#define UXO_NO_DATE INT32_MIN

enum { UXO_DAY_SIZE = 48 };

/* "2023-12-31"; "" for UXO_NO_DATE and for years outside 0 .. 9999. */
void uxo_day_text(int32_t day, char text[UXO_DAY_SIZE]);

#endif
