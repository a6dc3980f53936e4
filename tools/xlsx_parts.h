/* xlsx_parts.h - private to tools: is a spreadsheet file whole? */
#ifndef UXOSIM_TOOLS_XLSX_PARTS_H
#define UXOSIM_TOOLS_XLSX_PARTS_H

#include <stdbool.h>

/* libxlsxwriter assembles a file from temporary ones, whose write errors it does not look at: on a full disk parts end in the middle
 * without a word. True if every part unpacks to its size and check sum and ends with the end of its outermost element. */
bool xlsx_is_whole(const char *path);

#endif
