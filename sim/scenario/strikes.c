/* strikes.c - the strike list from file to strikes: the order of the steps.
 *
 * Not here: the steps themselves (strikes_*.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "strikes_private.h"

/* In the order of their enums. */
const char *const strikes_evidence_words[] = {
#define X(id, word) word,
    UXO_EVIDENCE_LIST(X)
#undef X
};
const char *const strikes_status_words[] = {
#define X(id, word) word,
    UXO_STRIKE_STATUS_LIST(X)
#undef X
};

_Static_assert(sizeof strikes_evidence_words / sizeof strikes_evidence_words[0] == STRIKES_EVIDENCE_WORDS,
               "one word each");
_Static_assert(sizeof strikes_status_words / sizeof strikes_status_words[0] == STRIKES_STATUS_WORDS, "one word each");

const char *uxo_evidence_word(uxo_evidence evidence)
{
    return strikes_evidence_words[evidence];
}

const char *uxo_strike_status_word(uxo_strike_status status)
{
    return strikes_status_words[status];
}

static void warn_undated(const uxo_strikes *self, strikes_reader *reader)
{
    enum { SHOWN = 5 };
    char list[512] = "";
    uint32_t shown = 0;
    for (uint32_t s = 0; s < self->count && shown < SHOWN; s++) {
        const uxo_strike *const strike = &self->item[s];
        for (uint32_t i = 0; strike->day == UXO_NO_DATE && i < strike->site_count && shown < SHOWN; i++) {
            const size_t used = strlen(list);
            snprintf(list + used, sizeof list - used, "%s%s", shown++ > 0 ? ", " : "",
                     self->site[strike->first_site + i].id);
        }
    }
    if (self->undated > 0) {
        const uxo_place place = {.file = reader->source->file};
        uxo_report_add(
            reader->report, UXO_WARNING, &place,
            "%u of %u reports have no date: %s%s; whether clearance came before or after them cannot be said",
            (unsigned)self->undated, (unsigned)self->site_count, list, self->undated > shown ? ", ..." : "");
    }
}

static uxo_status read_rows(strikes_reader *reader, const char *text, size_t length)
{
    const size_t errors = reader->report->error_count;
    const uxo_status defaults = strikes_read_defaults(reader);
    const uxo_status rows = text != NULL ? strikes_read_csv(reader, text, length) : strikes_read_features(reader);
    if (reader->too_many) {
        return uxo_fail(reader->report, UXO_ERR_DATA, &reader->source->place,
                        "the strike list has more than %d rows; split it", STRIKES_MAX_ROWS);
    }
    UXO_TRY(defaults == UXO_ERR_DATA ? UXO_OK : defaults);
    UXO_TRY(rows == UXO_ERR_DATA ? UXO_OK : rows);
    return uxo_report_status(reader->report, errors);
}

static uxo_status read_strikes(uxo_strikes *self, strikes_reader *reader, const char *text, size_t length)
{
    strikes_events events = {0};
    const uxo_status rows = read_rows(reader, text, length);
    uxo_status status = rows == UXO_OK || rows == UXO_ERR_DATA ? strikes_events_read(&events, reader) : rows;
    status = rows != UXO_OK ? rows : status; /* ids are checked after bad rows too, so that all errors come at once */
    if (status == UXO_OK) {
        strikes_read_displacement(self, reader);
        status = strikes_build(self, reader, &events);
    }
    strikes_events_free(&events);
    UXO_TRY(status);
    if (self->count == 0) {
        const uxo_place place = {.file = reader->source->file};
        uxo_report_add(reader->report, UXO_WARNING, &place,
                       "the strike list has no rows: the hazard is zero everywhere");
    }
    warn_undated(self, reader);
    strikes_find_lookalikes(self, reader);
    return strikes_keep_reaching(self, reader);
}

static uxo_status read_all(uxo_strikes *self, strikes_reader *reader, const char *text, size_t length)
{
    char *rows = NULL;
    size_t rows_length = 0;
    memset(self, 0, sizeof *self);
    self->newest_day = UXO_NO_DATE;
    reader->rows = open_memstream(&rows, &rows_length);
    if (reader->rows == NULL) {
        return uxo_fail(reader->report, UXO_ERR_MEMORY, &reader->source->place, "out of memory");
    }
    strikes_copy_header(reader->rows);
    uxo_status status = read_strikes(self, reader, text, length);
    const bool copied = ferror(reader->rows) == 0;
    if ((fclose(reader->rows) != 0 || !copied) && status == UXO_OK) {
        status = uxo_fail(reader->report, UXO_ERR_MEMORY, &reader->source->place, "out of memory");
    }
    self->rows = rows;
    for (uint32_t i = 0; i < reader->count; i++) {
        free(reader->item[i].site.source);
        strikes_given_free(&reader->item[i].given);
    }
    free(reader->item);
    free(reader->place_text);
    strikes_given_free(&reader->defaults);
    csv_free(&reader->csv);
    if (status != UXO_OK) {
        uxo_strikes_free(self);
    }
    return status;
}

uxo_status uxo_strikes_read_text(uxo_strikes *self, const uxo_strikes_source *source, const char *text, size_t length,
                                 const uxo_crs *crs, const uxo_grid *grid, const uxo_catalogue *catalogue,
                                 uxo_report *report)
{
    strikes_reader reader = {.source = source, .crs = crs, .grid = grid, .catalogue = catalogue, .report = report};
    return read_all(self, &reader, text, length);
}

bool uxo_strikes_is_csv(const char *path)
{
    static const char *const endings[] = {".csv", ".tsv", ".txt"};
    const size_t length = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (length >= 4 && strcasecmp(path + length - 4, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The whole file. Regular files only: reading a pipe or a folder would hang or fail late. */
static uxo_status load(const uxo_strikes_source *source, char **text, size_t *length, uxo_report *report)
{
    struct stat information;
    FILE *const file = fopen(source->file, "rb");
    if (file == NULL || fstat(fileno(file), &information) != 0) {
        const int reason = errno;
        if (file != NULL) {
            fclose(file);
        }
        return uxo_fail(report, UXO_ERR_NOINPUT, &source->place, "cannot open '%s': %s", source->file,
                        strerror(reason));
    }
    if (!S_ISREG(information.st_mode) || information.st_size > STRIKES_MAX_BYTES) {
        fclose(file);
        return uxo_fail(report, UXO_ERR_DATA, &source->place, "'%s' is not a file of at most %d MiB", source->file,
                        STRIKES_MAX_BYTES >> 20);
    }
    *length = (size_t)information.st_size;
    *text = malloc(*length + 1);
    const bool read = *text != NULL && fread(*text, 1, *length, file) == *length;
    fclose(file);
    if (!read) {
        return uxo_fail(report, *text == NULL ? UXO_ERR_MEMORY : UXO_ERR_IO, &source->place, "cannot read '%s'",
                        source->file);
    }
    (*text)[*length] = '\0';
    return UXO_OK;
}

uxo_status uxo_strikes_read(uxo_strikes *self, const uxo_strikes_source *source, const uxo_crs *crs,
                            const uxo_grid *grid, const uxo_catalogue *catalogue, uxo_report *report)
{
    char *text = NULL;
    size_t length = 0;
    memset(self, 0, sizeof *self);
    if (!uxo_strikes_is_csv(source->file)) {
        strikes_reader reader = {.source = source, .crs = crs, .grid = grid, .catalogue = catalogue, .report = report};
        return read_all(self, &reader, NULL, 0);
    }
    uxo_status status = load(source, &text, &length, report);
    if (status == UXO_OK) {
        status = uxo_strikes_read_text(self, source, text, length, crs, grid, catalogue, report);
    }
    free(text);
    return status;
}

void uxo_strikes_free(uxo_strikes *self)
{
    for (uint32_t i = 0; i < self->site_count; i++) {
        free(self->site[i].source);
    }
    free(self->item);
    free(self->site);
    free(self->out_of_reach);
    free(self->rows);
    memset(self, 0, sizeof *self);
}
