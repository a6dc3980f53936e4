/* checkpoint_identity.c - what a run is known by: the program and its libraries, every value that it uses, its inputs. What a scenario looks like is left out (comments,
 * the order of keys and of --set): the result keeps it, but as it is when the result is written. */
#include <stdlib.h>
#include <string.h>

#include "uxosim/checkpoint.h"
#include "uxosim/library_versions.h"
#include "uxosim/result.h"

/* A line: what would end it early becomes a space. */
static void add_line(FILE *out, const char *name, const char *value)
{
    const char *const text[2] = {name, value};
    for (int i = 0; i < 2; i++) {
        for (const char *c = text[i]; *c != '\0'; c++) {
            fputc(*c == '\n' || *c == '\t' || *c == '\r' ? ' ' : *c, out);
        }
        fputc(i == 0 ? '\t' : '\n', out);
    }
}

/* Does the scenario itself give this value, or the values that it is made of? */
static bool is_given(const char *given, const char *path)
{
    const size_t length = strlen(path);
    for (const char *line = given; *line != '\0';) {
        if (strncmp(line, path, length) == 0 && (line[length] == '\t' || line[length] == '.')) {
            return true;
        }
        const size_t size = strcspn(line, "\n");
        line += size + (line[size] == '\n');
    }
    return false;
}

/* The same program computes and writes with whatever is installed where it runs. */
static void add_libraries(FILE *out)
{
    uxo_library_version version[UXO_LIBRARIES_MOST];
    const uint32_t count = uxo_library_versions(version);
    for (uint32_t i = 0; i < count; i++) {
        add_line(out, version[i].name, version[i].text);
    }
}

static void write_identity(FILE *out, const uxo_scenario *scenario, const char *version, const char *commit)
{
    char line[512];
    snprintf(line, sizeof line, "%s (commit %s)", version, commit);
    add_line(out, "version of uxosim", line);
    snprintf(line, sizeof line, "%d", UXO_RESULT_FORMAT_VERSION);
    add_line(out, "result format", line);
    snprintf(line, sizeof line, "%d", UXO_CHECKPOINT_FORMAT_VERSION);
    add_line(out, "checkpoint format", line);
    add_libraries(out);
    fputs(scenario->given_text, out);
    for (uint32_t i = 0; i < scenario->used_count; i++) {
        if (!is_given(scenario->given_text, scenario->used[i].path)) {
            add_line(out, scenario->used[i].path, scenario->used[i].value);
        }
    }
    for (uint32_t i = 0; i < scenario->input_count; i++) {
        const uxo_input_file *const input = &scenario->input[i];
        if (strcmp(input->role, "scenario") != 0) { /* its values are above */
            snprintf(line, sizeof line, "input %s: %s", input->role, input->name);
            add_line(out, line, input->sha256);
        }
    }
}

char *uxo_checkpoint_identity(const uxo_scenario *scenario, const char *version, const char *commit)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    if (out == NULL) {
        return NULL;
    }
    write_identity(out, scenario, version, commit);
    const bool good = ferror(out) == 0;
    if (fclose(out) != 0 || !good) {
        free(text);
        return NULL;
    }
    return text;
}
