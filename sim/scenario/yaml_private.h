/* yaml_private.h - what the parts of the YAML reader share: memory, lines, the event reader. Not for other modules. */
#ifndef UXOSIM_YAML_PRIVATE_H
#define UXOSIM_YAML_PRIVATE_H

#include "uxosim/yaml.h"

/* Memory of one document, freed at once. */
typedef struct yaml_block {
    struct yaml_block *next;
    size_t used, size;
    char bytes[];
} yaml_block;

struct uxo_yaml_memory {
    yaml_block *block;
};

/* Lines of a text for excerpts. first_line, first_column: where its first character stands in the input. */
typedef struct yaml_lines {
    const char *name;
    const char **line;
    uint32_t count;
    uint32_t first_line, first_column;
    bool override;
} yaml_lines;

/* Zeroed memory that lives as long as the document; NULL when there is none left. */
void *uxo_yaml_allocate(uxo_yaml *self, size_t size);
char *uxo_yaml_copy(uxo_yaml *self, const char *text, size_t length);

/* Refuses what is not a text (UTF-8, no NUL, no control characters) and splits it into lines. */
uxo_status uxo_yaml_split(uxo_yaml *self, const char *text, size_t length, yaml_lines *lines, uxo_report *report);

/* Place of a character, counting line and column from 0. */
uxo_place uxo_yaml_place(const yaml_lines *lines, size_t line, size_t column, size_t width);

/* Reads one document from `text` into *root (NULL after an error). */
uxo_status uxo_yaml_parse(uxo_yaml *self, const char *text, size_t length, const yaml_lines *lines, uxo_node **root,
                          uxo_report *report);

#endif
