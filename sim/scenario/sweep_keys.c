/* sweep_keys.c - which keys of a scenario the axes of a sweep may set, and why not the others. */
#include <string.h>

#include "sweep_private.h"

#define REPORTED                                                                                          \
    "it is what was reported: places, headings and munitions vary only inside their stated uncertainty, " \
    "which every realisation draws from (strikes.defaults.location_error, heading_sd_deg, weights of munitions)"
#define SHARED "the scenarios of a sweep share it, so that their draws are the same and differences have small errors"
#define ROWS "the table of a sweep has the same rows in every scenario"
#define NOT_MODEL "it says what is written or what a thing is called, and changes no number"

/* A key, with all below it, and the reason. */
static const struct {
    const char *path, *reason;
} REFUSED[] = {{"strikes.file", REPORTED},
               {"strikes.events", REPORTED},
               {"strikes.displacement", REPORTED},
               {"strikes.defaults.heading_deg", REPORTED},
               {"strikes.defaults.munition", REPORTED},
               {"background", "what nobody reported has tables and a map of its own, which are not among what a sweep "
                              "keeps, and changes no other number"},
               {"munitions", "another catalogue may mean other munitions; vary single numbers by override.ID.KEY"},
               {"run.seed", SHARED},
               {"run.realisations", SHARED},
               {"run.until", SHARED},
               {"run.estimator", SHARED},
               {"layers.districts", ROWS},
               {"layers.zones", "zones are not among what a sweep keeps"},
               {"output", NOT_MODEL},
               {"title", NOT_MODEL},
               {"format", NOT_MODEL},
               {"data_dir", "name the one input that varies by its own key, such as layers.population.file"}};

/* Is `path` the key `parent` or below it? */
static bool is_at_or_below(const char *path, const char *parent)
{
    const size_t length = strlen(parent);
    return strncmp(path, parent, length) == 0 && (path[length] == '\0' || path[length] == '.');
}

/* The path with words that hold dots, which stand in double quotes, as "x": they are names of the user's choice. False: a quote is not closed, or
 * a word is missing. */
static bool plain_path(const char *key, char *path, size_t size)
{
    size_t used = 0;
    for (const char *at = key; used + 2 < size;) {
        size_t length = strcspn(at, ".");
        if (*at == '"') {
            const char *const end = strchr(at + 1, '"');
            if (end == NULL || (end[1] != '.' && end[1] != '\0')) {
                return false;
            }
            path[used++] = 'x';
            length = (size_t)(end - at) + 1;
        } else if (length > 0 && used + length + 1 < size && strcspn(at, "=\" ") >= length) {
            memcpy(path + used, at, length);
            used += length;
        } else {
            return false;
        }
        at += length;
        if (*at == '\0') {
            path[used] = '\0';
            return true;
        }
        path[used++] = '.';
        at++;
    }
    return false;
}

static bool is_section(const uxo_key_row *row)
{
    return row->type == UXO_TYPE_SECTION || row->type == UXO_TYPE_OPEN;
}

/* The row of the path, or of what it is a part of. */
static const uxo_key_row *find_row(sweep_target *out)
{
    out->row = uxo_schema_find(out->document, out->path);
    while (out->row == NULL) {
        char *const dot = strrchr(out->path, '.');
        if (dot == NULL) {
            return NULL;
        }
        *dot = '\0';
        out->inside = true;
        out->row = uxo_schema_find(out->document, out->path);
    }
    return out->inside && is_section(out->row) ? NULL : out->row;
}

static void refuse_unknown(const uxo_node *key, const char *path, const sweep_target *target, uxo_report *report)
{
    enum { MOST = 256 };
    const char *name[MOST];
    const bool of_override = target->document == UXO_DOCUMENT_CATALOGUE;
    const char *const word = of_override ? strchr(strchr(path, '.') + 1, '.') + 1 : path;
    size_t known = 0;
    const size_t count = uxo_schema_row_count(target->document);
    for (size_t i = 0; i < count && known < MOST; i++) {
        const uxo_key_row *const row = uxo_schema_row(target->document, i);
        if (!is_section(row) && (!of_override || strlen(row->path) > strlen("munitions.*."))) {
            name[known++] = of_override ? row->path + strlen("munitions.*.") : row->path;
        }
    }
    const char *const nearest = uxo_schema_nearest(word, name, known);
    uxo_report_add(report, UXO_ERROR, &key->place, "key: there is no key '%.100s' in a scenario%s%s%s%s", key->text,
                   nearest != NULL ? "; did you mean '" : "; docs/scenario_reference.md lists them",
                   nearest != NULL && of_override ? "override.ID." : "", nearest != NULL ? nearest : "",
                   nearest != NULL ? "'?" : "");
}

bool sweep_find_target(const uxo_node *key, sweep_target *out, uxo_report *report)
{
    char path[SWEEP_PATH];
    *out = (sweep_target){.document = UXO_DOCUMENT_SCENARIO};
    if (!plain_path(key->text, path, sizeof path)) {
        uxo_report_add(report, UXO_ERROR, &key->place,
                       "key: '%.100s' is not a key; write path.to.key, and a word that holds dots in double quotes",
                       key->text);
        return false;
    }
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        if (is_at_or_below(path, REFUSED[i].path)) {
            uxo_report_add(report, UXO_ERROR, &key->place, "key: '%.100s' cannot be an axis: %s", key->text,
                           REFUSED[i].reason);
            return false;
        }
    }
    const char *const entry = strncmp(path, "override.", 9) == 0 ? strchr(path + 9, '.') : NULL;
    out->document = entry != NULL ? UXO_DOCUMENT_CATALOGUE : UXO_DOCUMENT_SCENARIO;
    snprintf(out->path, sizeof out->path, "%s%s", entry != NULL ? "munitions.*" : "", entry != NULL ? entry : path);
    if (find_row(out) == NULL) {
        refuse_unknown(key, path, out, report);
        return false;
    }
    if (is_section(out->row)) {
        uxo_report_add(report, UXO_ERROR, &key->place, "key: '%.100s' is a section; name one of the keys in it",
                       key->text);
        return false;
    }
    if (entry != NULL && out->row->type == UXO_TYPE_STRING) {
        uxo_report_add(report, UXO_ERROR, &key->place, "key: '%.100s' cannot be an axis: " NOT_MODEL, key->text);
        return false;
    }
    return true;
}
