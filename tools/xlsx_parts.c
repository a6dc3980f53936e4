/* xlsx_parts.c - see xlsx_parts.h. A ZIP archive as the library writes it: no comment, sizes below 4 GiB, deflated or stored.
 * Source: PKWARE, .ZIP File Format Specification 6.3.10, 4.3.7, 4.3.12, 4.3.16. */
#include "xlsx_parts.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { LOCAL_SIZE = 30, ENTRY_SIZE = 46, END_SIZE = 22, STORED = 0, DEFLATED = 8 };

typedef struct archive {
    unsigned char *bytes; /* owned */
    size_t size;
} archive;

static uint32_t number(const unsigned char *at, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++) {
        value |= (uint32_t)at[i] << (8 * i);
    }
    return value;
}

static bool archive_read(archive *self, const char *path)
{
    FILE *const in = fopen(path, "rb");
    *self = (archive){NULL, 0};
    if (in == NULL) {
        return false;
    }
    long size = -1;
    if (fseek(in, 0, SEEK_END) == 0) {
        size = ftell(in);
        rewind(in);
    }
    self->bytes = size > END_SIZE ? malloc((size_t)size) : NULL;
    self->size = self->bytes != NULL ? fread(self->bytes, 1, (size_t)size, in) : 0;
    const bool good = self->bytes != NULL && self->size == (size_t)size;
    fclose(in);
    return good;
}

/* The text of a part, zero-terminated, to be freed; NULL: not what its entry says. */
static char *unpack(unsigned char *data, size_t packed, uint32_t method, size_t size, uint32_t sum)
{
    char *const text = malloc(size + 1);
    z_stream stream = {.next_in = data, .avail_in = (uInt)packed};
    bool good = text != NULL && (method == DEFLATED || (method == STORED && packed == size));
    if (good && method == STORED) {
        memcpy(text, data, size);
    } else if (good && inflateInit2(&stream, -MAX_WBITS) == Z_OK) {
        stream.next_out = (Bytef *)text;
        stream.avail_out = (uInt)size;
        good = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out == size;
        inflateEnd(&stream);
    } else {
        good = false;
    }
    if (!good || crc32(0L, (const Bytef *)text, (uInt)size) != sum) {
        free(text);
        return NULL;
    }
    text[size] = '\0';
    return text;
}

/* "<?xml ...?>\n<name ...> ... </name>" or "<name .../>". */
static bool is_closed(const char *text)
{
    const char *root = strstr(text, "?>");
    root = root != NULL ? strchr(root, '<') : NULL;
    if (root == NULL) {
        return false;
    }
    const size_t length = strcspn(root + 1, " \t\r\n/>");
    size_t all = strlen(text);
    while (text[all - 1] == '\n') { /* there is a '<' before */
        all--;
    }
    const char *const end = all > length + 3 ? text + all - (length + 3) : root;
    const bool closed = strncmp(end, "</", 2) == 0 && strncmp(end + 2, root + 1, length) == 0 && text[all - 1] == '>';
    return closed || (strchr(root + 1, '<') == NULL && all > 2 && strncmp(text + all - 2, "/>", 2) == 0);
}

static bool is_whole_entry(const archive *self, const unsigned char *entry)
{
    const size_t packed = number(entry + 20, 4), size = number(entry + 24, 4), at = number(entry + 42, 4);
    if (at + LOCAL_SIZE > self->size) {
        return false;
    }
    unsigned char *const local = self->bytes + at;
    const size_t data = at + LOCAL_SIZE + number(local + 26, 2) + number(local + 28, 2);
    if (number(local, 4) != 0x04034b50 || data > self->size || packed > self->size - data) {
        return false;
    }
    char *const text = unpack(self->bytes + data, packed, number(entry + 10, 2), size, number(entry + 16, 4));
    const bool whole = text != NULL && strlen(text) == size && is_closed(text);
    free(text);
    return whole;
}

static bool is_whole_archive(const archive *self)
{
    const unsigned char *const end = self->bytes + self->size - END_SIZE;
    const uint32_t entries = number(end + 10, 2);
    size_t at = number(end + 16, 4);
    bool whole = number(end, 4) == 0x06054b50 && entries > 0;
    for (uint32_t i = 0; whole && i < entries; i++) {
        const unsigned char *const entry = self->bytes + at;
        whole = at + ENTRY_SIZE <= self->size && number(entry, 4) == 0x02014b50 && is_whole_entry(self, entry);
        at += whole ? ENTRY_SIZE + number(entry + 28, 2) + number(entry + 30, 2) + number(entry + 32, 2) : 0;
    }
    return whole;
}

bool xlsx_is_whole(const char *path)
{
    archive file;
    const bool whole = archive_read(&file, path) && is_whole_archive(&file);
    free(file.bytes);
    return whole;
}
