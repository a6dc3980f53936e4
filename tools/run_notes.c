/* run_notes.c - see run_notes.h. */
#include "run_notes.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_LINE = 1 << 16 };

char *run_notes_checkpoint(const char *output)
{
    const size_t size = strlen(output) + sizeof ".checkpoint";
    char *const path = malloc(size);
    if (path != NULL) {
        snprintf(path, size, "%s.checkpoint", output);
    }
    return path;
}

/* Folder of a path with its slash, "./" where none is said. The caller's. */
static char *folder_of(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash != NULL ? strndup(path, (size_t)(slash - path) + 1) : strdup("./");
}

/* How `to` is reached from the folder `from`; both absolute and without links. */
static void write_way(FILE *out, const char *from, const char *to)
{
    size_t common = 0;
    for (size_t i = 0; from[i] != '\0' && from[i] == to[i]; i++) {
        common = from[i] == '/' ? i + 1 : common;
    }
    const size_t length = strlen(from);
    if (strncmp(from, to, length) == 0 && to[length] == '/') {
        common = length + 1;
    }
    for (const char *c = from + (common < length ? common : length); *c != '\0';
         c = *c == '/' ? c + 1 : c + strcspn(c, "/")) {
        if (*c != '/') {
            fputs("../", out);
        }
    }
    fputs(to + common, out);
}

static void write_notes(FILE *out, const run_job *job)
{
    char *const folder = folder_of(job->output);
    char *const from = folder != NULL ? realpath(folder, NULL) : NULL;
    char *const to = realpath(job->scenario, NULL);
    if (from != NULL && to != NULL) {
        fputs("scenario\t", out);
        write_way(out, strcmp(from, "/") == 0 ? "" : from, to);
        fputc('\n', out);
    }
    for (size_t i = 0; i < job->set_count; i++) {
        fprintf(out, "set %zu\t%s\n", i, job->set[i]);
    }
    free(folder);
    free(from);
    free(to);
}

char *run_notes_make(const run_job *job)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    if (out == NULL) {
        return NULL;
    }
    write_notes(out, job);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static bool read_scenario(run_notes *self, const uxo_records *part)
{
    char *const folder = folder_of(part->path);
    char *const line = malloc(LONGEST_LINE);
    bool complete = folder != NULL && line != NULL;
    if (complete && uxo_records_value(part->notes, "scenario", line, LONGEST_LINE)) {
        const size_t size = strlen(folder) + strlen(line) + 1;
        self->scenario = malloc(size);
        complete = self->scenario != NULL;
        if (complete) {
            snprintf(self->scenario, size, "%s%s", folder, line);
        }
    }
    free(folder);
    free(line);
    return complete;
}

bool run_notes_read(run_notes *self, const uxo_records *part)
{
    char name[32];
    size_t used = 0;
    const size_t room = strlen(part->notes) + ARGUMENTS_MAX_SETS + 1;
    memset(self, 0, sizeof *self);
    self->text = malloc(room);
    if (self->text == NULL || !read_scenario(self, part)) {
        return false;
    }
    for (size_t i = 0; i < ARGUMENTS_MAX_SETS; i++) {
        snprintf(name, sizeof name, "set %zu", i);
        if (!uxo_records_value(part->notes, name, self->text + used, room - used)) {
            break;
        }
        self->sets.item[self->sets.count++] = self->text + used;
        used += strlen(self->text + used) + 1;
    }
    return true;
}

void run_notes_free(run_notes *self)
{
    free(self->scenario);
    free(self->text);
    memset(self, 0, sizeof *self);
}
