/* markup.c - see markup.h. Not here: what is XML (qml.c, canvas_text.c) and what is HTML (report_page.c). */
#include "markup.h"

#include <stddef.h>

const char *markup_entity(char letter)
{
    switch (letter) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

const char *markup_xml_entity(char letter)
{
    return (unsigned char)letter < 0x20 ? " " : markup_entity(letter);
}

void markup_write(const char *text, const char *(*entity)(char letter), FILE *out)
{
    for (const char *c = text; *c != '\0'; c++) {
        const char *const other = entity(*c);
        if (other != NULL) {
            fputs(other, out);
        } else {
            fputc(*c, out);
        }
    }
}
