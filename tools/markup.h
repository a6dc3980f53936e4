/* markup.h - text within XML and HTML. */
#ifndef UXOSIM_TOOLS_MARKUP_H
#define UXOSIM_TOOLS_MARKUP_H

#include <stdio.h>

/* What stands for a letter in text of an element or of a quoted attribute; NULL: itself. */
const char *markup_entity(char letter);
/* The same for XML, which must not hold control characters: they become spaces. */
const char *markup_xml_entity(char letter);

/* Writes a text with what stands for its letters, by one of the two above. */
void markup_write(const char *text, const char *(*entity)(char letter), FILE *out);

#endif
