/* canvas_private.h - what canvas.c and canvas_text.c share. */
#ifndef UXOSIM_TOOLS_CANVAS_PRIVATE_H
#define UXOSIM_TOOLS_CANVAS_PRIVATE_H

#include "canvas.h"

void canvas_bytes_add(canvas_bytes *self, const void *data, size_t size);
void canvas_bytes_print(canvas_bytes *self, const char *format, ...) UXO_PRINTF(2, 3);
/* Text for XML; control characters become spaces. */
void canvas_bytes_escape(canvas_bytes *self, const char *text);

#endif
