/* sweep_origin.c - see sweep_origin.h. */
#include "sweep_origin.h"

#include <stdlib.h>
#include <string.h>

#include "uxosim/digest.h"
#include "uxosim/records.h"

/* Lines stand in the head of every file of tasks, and in plan.json: ASSUMED sizes that keep them small. What is shown of a value and what is shown
 * of its digest fit into a message of uxo_records_check. */
enum { MOST_LINES = 150, MOST_NAME = 160, MOST_VALUE = 76, BEGINNING = 44, DIGEST_SHOWN = 16, MOST_DIFFERENCES = 10 };

typedef struct origin {
    FILE *out;
    const char *what;
    uint32_t lines;
    FILE *rest; /* what there is no line for */
    bool whole;
} origin;

/* What fits of a text, cut behind a whole character: half a one would be read back from plan.json as another. */
static void put_plain(FILE *out, const char *text, size_t most)
{
    size_t length = strnlen(text, most);
    while (length > 0 && ((unsigned char)text[length] & 0xC0U) == 0x80) {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        fputc((unsigned char)text[i] < ' ' || text[i] == 0x7F ? ' ' : text[i], out);
    }
}

static void put_value(origin *self, FILE *out, const char *text)
{
    char digest[UXO_DIGEST_SIZE];
    const size_t length = strlen(text);
    put_plain(out, text, length <= MOST_VALUE ? length : BEGINNING);
    if (length > MOST_VALUE) {
        self->whole = uxo_digest_bytes(text, length, digest) && self->whole;
        fprintf(out, "... (SHA-256 %.*s)", DIGEST_SHOWN, digest);
    }
}

static void put_leaf(origin *self, const char *name, const uxo_node *node)
{
    char *const text = uxo_node_print(node);
    self->whole = self->whole && text != NULL;
    if (text != NULL && self->lines++ < MOST_LINES) {
        fprintf(self->out, "%s ", self->what);
        put_plain(self->out, name, MOST_NAME);
        fputc('\t', self->out);
        put_value(self, self->out, text);
        fputc('\n', self->out);
    } else if (text != NULL) {
        fprintf(self->rest, "%s\t%s\n", name, text);
    }
    free(text);
}

/* Is it a mapping of sections rather than one value, such as a distribution? Values end where a line can hold them. */
static bool is_section(const uxo_node *node, const char *name)
{
    char *const text = node->kind == UXO_NODE_MAPPING && node->count > 0 ? uxo_node_print(node) : NULL;
    const bool section = text != NULL && (name[0] == '\0' || strchr(name, '.') == NULL || strlen(text) > MOST_VALUE);
    free(text);
    return section;
}

static void put_node(origin *self, const char *name, const uxo_node *node)
{
    if (!is_section(node, name) || strlen(name) > MOST_NAME / 2) {
        put_leaf(self, name, node);
        return;
    }
    for (const uxo_node *child = node->first; child != NULL; child = child->next) {
        char below[MOST_NAME];
        const int length = snprintf(below, sizeof below, "%s%s%s", name, name[0] == '\0' ? "" : ".", child->key);
        if (length < (int)sizeof below) {
            put_node(self, below, child);
        } else {
            put_leaf(self, name, node); /* of a name this long, all that is in it */
            return;
        }
    }
}

bool sweep_origin_write(FILE *out, const char *what, const uxo_node *root)
{
    char *rest = NULL;
    size_t length = 0;
    origin self = {.out = out, .what = what, .rest = open_memstream(&rest, &length), .whole = true};
    if (self.rest == NULL) {
        return false;
    }
    put_node(&self, "", root);
    self.whole = fclose(self.rest) == 0 && self.whole;
    if (self.whole && length > 0) {
        char digest[UXO_DIGEST_SIZE];
        self.whole = uxo_digest_bytes(rest, length, digest);
        fprintf(out, "%s and %u more keys\tSHA-256 %.*s\n", what, self.lines - MOST_LINES, DIGEST_SHOWN, digest);
    }
    free(rest);
    return self.whole;
}

/* The value of the line of that name as a text to be freed; NULL: there is none. */
static char *value_of(const char *lines, const char *name)
{
    char value[MOST_VALUE + 64];
    return uxo_records_value(lines, name, value, sizeof value) ? strdup(value) : NULL;
}

/* One line of one text against the other one. `back`: the line is of what is there now; both-sided differences were told already. */
static bool compare_line(const char *path, const char *name, size_t skip, const char *lines, const char *others,
                         bool back, uxo_report *report)
{
    char *const mine = value_of(lines, name), *const other = value_of(others, name);
    const bool differs = mine != NULL && (other == NULL || (!back && strcmp(mine, other) != 0));
    if (differs && other != NULL) {
        uxo_report_add(report, UXO_ERROR, NULL, "'%s': %s was %s, is %s", path, name + skip, mine, other);
    } else if (differs) {
        uxo_report_add(report, UXO_ERROR, NULL, back ? "'%s': %s is new: %s" : "'%s': %s is gone, was %s", path,
                       name + skip, mine);
    }
    free(mine);
    free(other);
    return differs;
}

static size_t compare_lines(const char *path, const char *what, const char *lines, const char *others, bool back,
                            uxo_report *report)
{
    const size_t skip = strlen(what) + 1;
    size_t count = 0;
    for (const char *at = lines; *at != '\0' && count < MOST_DIFFERENCES;) {
        char name[MOST_NAME + 64];
        const size_t length = strcspn(at, "\t\n");
        if (strncmp(at, what, skip - 1) == 0 && at[skip - 1] == ' ' && length < sizeof name) {
            snprintf(name, sizeof name, "%.*s", (int)length, at);
            count += compare_line(path, name, skip, lines, others, back, report);
        }
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    return count;
}

size_t sweep_origin_compare(const char *path, const char *what, const char *then, const char *now, uxo_report *report)
{
    return compare_lines(path, what, then, now, false, report) + compare_lines(path, what, now, then, true, report);
}
