/* records.c - see records.h. */
#include "uxosim/records.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "uxosim/digest.h"
#include "uxosim/file_bytes.h"

/* A file: magic, lengths of identity and notes (8 bytes each), both texts, SHA-256 of all of this. A record: its head and its bytes. A head: kind,
 * a, b, nothing (4 bytes each), size (8), SHA-256 of the bytes, SHA-256 of the head so far. */
enum {
    MAGIC_SIZE = 8,
    START_SIZE = MAGIC_SIZE + 16,
    HEX = UXO_DIGEST_SIZE - 1,
    NUMBERS = 24,
    HEAD_SIZE = NUMBERS + 2 * HEX
};
/* Longer texts are no texts of ours: a damaged length must not be asked of the memory. */
enum { LONGEST_TEXT = 1 << 26 };

static void put(unsigned char *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        to[i] = (unsigned char)(value >> (8 * i));
    }
}

static uint64_t get(const unsigned char *from, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
        value = value << 8 | from[i];
    }
    return value;
}

static uxo_status cannot(const uxo_records *self, const char *what, uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_IO, NULL, "cannot %s '%s': %s", what, self->path, strerror(errno));
}

static uxo_status out_of_memory(uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a file of records");
}

static void head_of(const uxo_record_place *record, const char *digest, unsigned char head[HEAD_SIZE])
{
    char own[UXO_DIGEST_SIZE];
    put(head, record->kind, 4);
    put(head + 4, record->a, 4);
    put(head + 8, record->b, 4);
    put(head + 12, 0, 4);
    put(head + 16, record->size, 8);
    memcpy(head + NUMBERS, digest, HEX);
    memset(head + NUMBERS + HEX, 0, HEX);
    if (uxo_digest_bytes(head, NUMBERS + HEX, own)) {
        memcpy(head + NUMBERS + HEX, own, HEX);
    }
}

static bool has_digest(const void *bytes, size_t size, const unsigned char *digest)
{
    char found[UXO_DIGEST_SIZE];
    return uxo_digest_bytes(bytes, size, found) && memcmp(found, digest, HEX) == 0;
}

static uxo_status write_start(uxo_records *self, const uxo_records_head *head, uxo_report *report)
{
    const size_t identity = strlen(head->identity), notes = strlen(head->notes), size = START_SIZE + identity + notes;
    char digest[UXO_DIGEST_SIZE];
    unsigned char *const start = malloc(size + HEX + 1);
    if (start == NULL) {
        return out_of_memory(report);
    }
    memcpy(start, UXO_RECORDS_MAGIC, MAGIC_SIZE);
    put(start + MAGIC_SIZE, identity, 8);
    put(start + MAGIC_SIZE + 8, notes, 8);
    memcpy(start + START_SIZE, head->identity, identity);
    memcpy(start + START_SIZE + identity, head->notes, notes);
    const bool known = uxo_digest_bytes(start, size, digest);
    memcpy(start + size, digest, HEX);
    const bool good = known && uxo_file_write_at(self->file, start, size + HEX, 0);
    free(start);
    self->end = self->size = size + HEX;
    return good ? UXO_OK : known ? cannot(self, "write", report) : out_of_memory(report);
}

uxo_status uxo_records_create(uxo_records *out, const char *path, const uxo_records_head *head, uxo_report *report)
{
    memset(out, 0, sizeof *out);
    out->file = open(path, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0666);
    if (out->file < 0) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot create '%s': %s", path, strerror(errno));
    }
    out->path = strdup(path);
    out->identity = strdup(head->identity);
    out->notes = strdup(head->notes);
    const bool complete = out->path != NULL && out->identity != NULL && out->notes != NULL;
    const uxo_status status = complete ? write_start(out, head, report) : out_of_memory(report);
    if (status != UXO_OK) {
        uxo_records_close(out);
    }
    return status;
}

static uxo_status not_ours(const uxo_records *self, const char *why, uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' is not a checkpoint or part of a run that can be read: %s",
                    self->path, why);
}

/* Magic, texts and their checksum. */
static uxo_status read_start(uxo_records *self, uxo_report *report)
{
    unsigned char start[START_SIZE];
    if (!uxo_file_read_at(self->file, start, sizeof start, 0)) {
        return errno != 0 ? cannot(self, "read", report)
                          : not_ours(self, "it is too short to be one; remove it to start anew", report);
    }
    const uint64_t identity = get(start + MAGIC_SIZE, 8), notes = get(start + MAGIC_SIZE + 8, 8);
    if (memcmp(start, UXO_RECORDS_MAGIC, MAGIC_SIZE) != 0) {
        return not_ours(self, "it does not begin as one, or is of another version", report);
    }
    if (identity > LONGEST_TEXT || notes > LONGEST_TEXT) {
        return not_ours(self, "its head is damaged", report);
    }
    const size_t size = START_SIZE + (size_t)identity + (size_t)notes;
    unsigned char *const all = malloc(size + HEX);
    self->identity = calloc(1, (size_t)identity + 1);
    self->notes = calloc(1, (size_t)notes + 1);
    uxo_status status = UXO_OK;
    if (all == NULL || self->identity == NULL || self->notes == NULL) {
        status = out_of_memory(report);
    } else if (!uxo_file_read_at(self->file, all, size + HEX, 0) || !has_digest(all, size, all + size)) {
        status = not_ours(self, "its head is damaged", report);
    } else {
        memcpy(self->identity, all + START_SIZE, (size_t)identity);
        memcpy(self->notes, all + START_SIZE + identity, (size_t)notes);
        self->end = size + HEX;
    }
    free(all);
    return status;
}

static bool add_place(uxo_records *self, const uxo_record_place *place)
{
    if (self->found == self->capacity) {
        const size_t capacity = 2 * self->capacity + 64;
        uxo_record_place *const larger = realloc(self->record, capacity * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        self->record = larger;
        self->capacity = capacity;
    }
    self->record[self->found++] = *place;
    self->count++;
    return true;
}

/* Head of the record that begins at `place`: false where there is none that is whole. */
static bool read_head(const uxo_records *self, uint64_t place, uxo_record_place *record, unsigned char head[HEAD_SIZE])
{
    if (place + HEAD_SIZE > self->size || !uxo_file_read_at(self->file, head, HEAD_SIZE, place) ||
        !has_digest(head, NUMBERS + HEX, head + NUMBERS + HEX)) {
        return false;
    }
    *record = (uxo_record_place){.kind = (uint32_t)get(head, 4),
                                 .a = (uint32_t)get(head + 4, 4),
                                 .b = (uint32_t)get(head + 8, 4),
                                 .offset = place + HEAD_SIZE,
                                 .size = get(head + 16, 8)};
    return record->size <= self->size - record->offset;
}

/* Is what lies behind the last record a part of one, whose head says, as far as it is there, that it was to be longer? */
static bool is_torn(const uxo_records *self)
{
    unsigned char head[HEAD_SIZE];
    uxo_record_place record = {.size = 0};
    return self->size > self->end && (self->size - self->end < HEAD_SIZE ||
                                      (!read_head(self, self->end, &record, head) && record.offset > self->end));
}

/* Bytes of a record against its head. */
static bool read_bytes(const uxo_records *self, const uxo_record_place *record, const unsigned char *digest, void **out)
{
    const size_t size = (size_t)record->size;
    *out = malloc(size + 1);
    const bool good =
        *out != NULL && uxo_file_read_at(self->file, *out, size, record->offset) && has_digest(*out, size, digest);
    if (!good) {
        free(*out);
        *out = NULL;
    }
    return good;
}

/* All records up to the end, or to the first that is not whole; of a kind that is given heads only. False: out of memory. */
static bool read_records(uxo_records *self, const uint32_t *untested)
{
    unsigned char head[HEAD_SIZE];
    uxo_record_place record;
    void *bytes = NULL;
    while (!self->complete && read_head(self, self->end, &record, head) &&
           ((untested != NULL && record.kind == *untested) || read_bytes(self, &record, head + NUMBERS, &bytes))) {
        const bool last = record.kind == UXO_RECORDS_END;
        self->complete = last && record.size == 8 && get(bytes, 8) == self->count;
        free(bytes);
        bytes = NULL;
        if (last && !self->complete) {
            break;
        }
        if (!last && !add_place(self, &record)) {
            return false;
        }
        self->end = record.offset + record.size;
    }
    return true;
}

static int compare_places(const void *left, const void *right)
{
    const uxo_record_place *const a = left, *const b = right;
    const uint64_t key[2][4] = {{a->kind, a->a, a->b, a->offset}, {b->kind, b->a, b->b, b->offset}};
    int i = 0;
    while (i < 3 && key[0][i] == key[1][i]) {
        i++;
    }
    return key[0][i] < key[1][i] ? -1 : key[0][i] > key[1][i];
}

static uxo_status read_file(uxo_records *self, bool to_append, const uint32_t *untested, uxo_report *report)
{
    struct stat status;
    if (self->path == NULL) {
        return out_of_memory(report);
    }
    if (fstat(self->file, &status) != 0) {
        return cannot(self, "read", report);
    }
    if (!S_ISREG(status.st_mode)) {
        return not_ours(self, "it is no regular file", report);
    }
    self->size = (uint64_t)status.st_size;
    UXO_TRY(read_start(self, report));
    if (!read_records(self, untested)) {
        return out_of_memory(report);
    }
    self->torn = is_torn(self);
    if (self->found > 0) {
        qsort(self->record, self->found, sizeof *self->record, compare_places);
    }
    if (to_append && self->end < self->size && ftruncate(self->file, (off_t)self->end) != 0) {
        return cannot(self, "shorten", report);
    }
    return UXO_OK;
}

static uxo_status open_file(uxo_records *out, const char *path, bool to_append, const uint32_t *untested,
                            uxo_report *report)
{
    memset(out, 0, sizeof *out);
    out->file = open(path, (to_append ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (out->file < 0) {
        return uxo_fail(report, UXO_ERR_NOINPUT, NULL, "cannot open '%s': %s", path, strerror(errno));
    }
    out->path = strdup(path);
    const uxo_status status = read_file(out, to_append, untested, report);
    if (status != UXO_OK) {
        uxo_records_close(out);
    }
    return status;
}

uxo_status uxo_records_open(uxo_records *out, const char *path, bool to_append, uxo_report *report)
{
    return open_file(out, path, to_append, NULL, report);
}

uxo_status uxo_records_survey(uxo_records *out, const char *path, uint32_t untested, uxo_report *report)
{
    return open_file(out, path, false, &untested, report);
}

static uxo_status read_open(const uxo_records *self, const uxo_record_place *place, void **bytes, uxo_report *report)
{
    unsigned char head[HEAD_SIZE];
    uxo_record_place found;
    if (!read_head(self, place->offset - HEAD_SIZE, &found, head) || !read_bytes(self, &found, head + NUMBERS, bytes)) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' is damaged at byte %llu", self->path,
                        (unsigned long long)place->offset);
    }
    return UXO_OK;
}

uxo_status uxo_records_read(const uxo_records *self, const uxo_record_place *place, void **bytes, uxo_report *report)
{
    *bytes = NULL;
    if (self->file >= 0) {
        return read_open(self, place, bytes, report);
    }
    uxo_records again = *self; /* any thread: nothing of it is changed */
    again.file = open(self->path, O_RDONLY | O_CLOEXEC);
    if (again.file < 0) {
        return cannot(self, "read", report);
    }
    const uxo_status status = read_open(&again, place, bytes, report);
    close(again.file);
    return status;
}

static uxo_status append(uxo_records *self, const uxo_record_place *record, const void *bytes, uxo_report *report)
{
    char digest[UXO_DIGEST_SIZE];
    unsigned char head[HEAD_SIZE];
    if (!uxo_digest_bytes(bytes, (size_t)record->size, digest)) {
        return out_of_memory(report);
    }
    head_of(record, digest, head);
    if (!uxo_file_write_at(self->file, head, HEAD_SIZE, self->end) ||
        !uxo_file_write_at(self->file, bytes, (size_t)record->size, record->offset)) {
        const int why = errno;
        (void)!ftruncate(self->file, (off_t)self->end); /* gives back what a full disk may need */
        errno = why;
        return cannot(self, "write", report);
    }
    self->end = self->size = record->offset + record->size;
    return UXO_OK;
}

uxo_status uxo_records_append(uxo_records *self, uint32_t kind, uint32_t a, uint32_t b, const void *bytes, size_t size,
                              uxo_report *report)
{
    const uxo_record_place record = {.kind = kind, .a = a, .b = b, .offset = self->end + HEAD_SIZE, .size = size};
    UXO_TRY(append(self, &record, bytes, report));
    self->count++;
    return UXO_OK;
}

uxo_status uxo_records_finish(uxo_records *self, uxo_report *report)
{
    unsigned char count[8];
    const uxo_record_place record = {.kind = UXO_RECORDS_END, .offset = self->end + HEAD_SIZE, .size = sizeof count};
    put(count, self->count, 8);
    UXO_TRY(append(self, &record, count, report));
    self->complete = true;
    return UXO_OK;
}

uxo_status uxo_records_sync(const uxo_records *self, uxo_report *report)
{
    return uxo_file_sync(self->file) ? UXO_OK : cannot(self, "write", report);
}

bool uxo_records_renamed(uxo_records *self, const char *path)
{
    char *const copy = strdup(path);
    if (copy != NULL) {
        free(self->path);
        self->path = copy;
    }
    return copy != NULL;
}

void uxo_records_park(uxo_records *self)
{
    if (self->path != NULL && self->file >= 0) {
        close(self->file);
        self->file = -1;
    }
}

void uxo_records_close(uxo_records *self)
{
    if (self->path != NULL ? self->file >= 0 : self->file > 0) {
        close(self->file);
    }
    free(self->path);
    free(self->identity);
    free(self->notes);
    free(self->record);
    memset(self, 0, sizeof *self);
}
