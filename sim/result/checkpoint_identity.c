/* checkpoint_identity.c - what a run is known by: the program, every value that it uses, its inputs. */
#include <stdlib.h>
#include <string.h>

#include "result_pack.h"
#include "uxosim/checkpoint.h"
#include "uxosim/digest.h"
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

static bool add_digest(FILE *out, const char *name, const char *text)
{
    char digest[UXO_DIGEST_SIZE];
    const bool good = uxo_digest_bytes(text, strlen(text), digest);
    add_line(out, name, digest);
    return good;
}

static bool write_identity(FILE *out, const uxo_scenario *scenario, const char *version, const char *commit)
{
    char line[512];
    snprintf(line, sizeof line, "%s (%s)", version, commit);
    add_line(out, "uxosim", line);
    snprintf(line, sizeof line, "%d", UXO_RESULT_FORMAT_VERSION);
    add_line(out, "result format", line);
    snprintf(line, sizeof line, "%d", UXO_CHECKPOINT_FORMAT_VERSION);
    add_line(out, "checkpoint format", line);
    add_line(out, "libdeflate", result_pack_version()); /* compressed chunks are part of the result's bytes */
    for (uint32_t i = 0; i < scenario->used_count; i++) {
        add_line(out, scenario->used[i].path, scenario->used[i].value);
    }
    for (uint32_t i = 0; i < scenario->input_count; i++) {
        snprintf(line, sizeof line, "input %s: %s", scenario->input[i].role, scenario->input[i].name);
        add_line(out, line, scenario->input[i].sha256);
    }
    return add_digest(out, "text of the scenario", scenario->scenario_text) &&
           add_digest(out, "text of --set", scenario->overrides_text);
}

char *uxo_checkpoint_identity(const uxo_scenario *scenario, const char *version, const char *commit)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    if (out == NULL) {
        return NULL;
    }
    const bool good = write_identity(out, scenario, version, commit);
    if (fclose(out) != 0 || !good) {
        free(text);
        return NULL;
    }
    return text;
}
