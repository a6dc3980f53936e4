/* number_text.h - numbers as text that reads back as the same number, whatever the locale of the process. */
#ifndef UXOSIM_NUMBER_TEXT_H
#define UXOSIM_NUMBER_TEXT_H

enum { UXO_NUMBER_SIZE = 32 };

/* Shortest decimal text that reads back as the same double (at most 17 digits), with a point whatever the locale says;
 * "" for NaN, "inf" and "-inf" for infinities. Returns text. */
const char *uxo_number_text(char text[UXO_NUMBER_SIZE], double value);

#endif
