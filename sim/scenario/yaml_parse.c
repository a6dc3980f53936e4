/* yaml_parse.c - libyaml's events to a tree. What a scenario must not hold (anchors, aliases, tags, merge keys, several
 * documents, deep nesting, keys that are not plain words) is refused here; reading goes on where what follows still has
 * a meaning.
 */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "yaml_private.h"

typedef struct level {
    uxo_node *node;
    uxo_node *last;
    bool in_key;     /* a mapping whose next event is a key */
    const char *key; /* of the value that comes next */
    uxo_place key_place;
} level;

typedef struct reader {
    uxo_yaml *yaml;
    const yaml_lines *lines;
    uxo_report *report;
    uxo_node *root;
    level stack[UXO_YAML_MAX_DEPTH];
    size_t depth;
    size_t skipping; /* depth within a key that is itself a list or a mapping */
    bool out_of_memory;
    bool stopped;
} reader;

static uxo_place place_of(const reader *self, const yaml_event_t *event)
{
    const bool one_line = event->start_mark.line == event->end_mark.line;
    const size_t width = one_line ? event->end_mark.column - event->start_mark.column : 1;
    return uxo_yaml_place(self->lines, event->start_mark.line, event->start_mark.column, width);
}

static void refuse(reader *self, const yaml_event_t *event, const char *what)
{
    const uxo_place place = place_of(self, event);
    uxo_report_add(self->report, UXO_ERROR, &place, "%s", what);
}

static uxo_node *new_node(reader *self, const yaml_event_t *event, uxo_node_kind kind)
{
    uxo_node *const node = uxo_yaml_allocate(self->yaml, sizeof *node);
    if (node == NULL) {
        self->out_of_memory = true;
        return NULL;
    }
    node->kind = kind;
    node->override = self->lines->override;
    node->place = place_of(self, event);
    return node;
}

/* Hangs a finished scalar, or a list or mapping that begins, into its parent. */
static void attach(reader *self, uxo_node *node)
{
    if (self->depth == 0) {
        self->root = node;
        return;
    }
    level *const top = &self->stack[self->depth - 1];
    if (top->node->kind == UXO_NODE_MAPPING) {
        node->key = top->key;
        node->key_place = top->key_place;
        top->in_key = true;
    }
    if (top->last == NULL) {
        top->node->first = node;
    } else {
        top->last->next = node;
    }
    top->last = node;
    top->node->count++;
}

static bool expects_key(const reader *self)
{
    return self->depth > 0 && self->stack[self->depth - 1].node->kind == UXO_NODE_MAPPING &&
           self->stack[self->depth - 1].in_key;
}

static void take_key(reader *self, const yaml_event_t *event)
{
    level *const top = &self->stack[self->depth - 1];
    top->key = uxo_yaml_copy(self->yaml, (const char *)event->data.scalar.value, event->data.scalar.length);
    top->key_place = place_of(self, event);
    top->in_key = false;
    self->out_of_memory = self->out_of_memory || top->key == NULL;
    if (event->data.scalar.length == 0) {
        refuse(self, event, "a key is missing before the colon");
    } else if (strcmp((const char *)event->data.scalar.value, "<<") == 0) {
        refuse(self, event, "merge keys (<<) are not part of the scenario format; write the keys out");
    }
}

static void take_scalar(reader *self, const yaml_event_t *event)
{
    if (event->data.scalar.anchor != NULL) {
        refuse(self, event, "anchors (&name) are not part of the scenario format; write the value where it is needed");
    }
    if (event->data.scalar.tag != NULL) {
        refuse(self, event, "tags (!name) are not part of the scenario format; leave it out");
    }
    if (memchr(event->data.scalar.value, '\0', event->data.scalar.length) != NULL) {
        refuse(self, event, "a text must not hold the character NUL");
    }
    if (expects_key(self)) {
        take_key(self, event);
        return;
    }
    uxo_node *const node = new_node(self, event, UXO_NODE_SCALAR);
    if (node != NULL) {
        node->text = uxo_yaml_copy(self->yaml, (const char *)event->data.scalar.value, event->data.scalar.length);
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        self->out_of_memory = self->out_of_memory || node->text == NULL;
        attach(self, node);
    }
}

static void take_alias(reader *self, const yaml_event_t *event)
{
    refuse(self, event, "aliases (*name) are not part of the scenario format; write the value out");
    if (expects_key(self)) {
        level *const top = &self->stack[self->depth - 1];
        top->key = "*";
        top->key_place = place_of(self, event);
        top->in_key = false;
        return;
    }
    uxo_node *const node = new_node(self, event, UXO_NODE_SCALAR);
    if (node != NULL) {
        node->text = "*";
        attach(self, node);
    }
}

static void open_collection(reader *self, const yaml_event_t *event)
{
    const bool mapping = event->type == YAML_MAPPING_START_EVENT;
    const yaml_char_t *const anchor = mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *const tag = mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    if (anchor != NULL) {
        refuse(self, event, "anchors (&name) are not part of the scenario format; write the value where it is needed");
    }
    if (tag != NULL) {
        refuse(self, event, "tags (!name) are not part of the scenario format; leave it out");
    }
    if (expects_key(self)) {
        refuse(self, event, "a key must be a word, not a list or a mapping");
        self->skipping = 1;
        return;
    }
    if (self->depth == UXO_YAML_MAX_DEPTH) {
        refuse(self, event, "nested more than 32 levels deep");
        self->stopped = true;
        return;
    }
    uxo_node *const node = new_node(self, event, mapping ? UXO_NODE_MAPPING : UXO_NODE_SEQUENCE);
    if (node != NULL) {
        attach(self, node);
        self->stack[self->depth++] = (level){.node = node, .in_key = mapping};
    }
}

static int compare_keys(const void *left, const void *right)
{
    const uxo_node *const a = *(const uxo_node *const *)left;
    const uxo_node *const b = *(const uxo_node *const *)right;
    const int order = strcmp(a->key, b->key);
    const uxo_place *const p = &a->key_place;
    const uxo_place *const q = &b->key_place;
    return order != 0           ? order
           : p->line != q->line ? (p->line < q->line ? -1 : 1)
                                : (p->column > q->column) - (p->column < q->column);
}

/* Sorted, because a broken file can hold tens of thousands of keys. */
static void refuse_duplicates(reader *self, const uxo_node *map)
{
    if (map->count < 2) {
        return;
    }
    const uxo_node **const sorted = malloc(map->count * sizeof *sorted);
    if (sorted == NULL) {
        self->out_of_memory = true;
        return;
    }
    uint32_t count = 0;
    for (const uxo_node *child = map->first; child != NULL; child = child->next) {
        sorted[count++] = child;
    }
    qsort(sorted, count, sizeof *sorted, compare_keys);
    for (uint32_t i = 1; i < count; i++) {
        if (strcmp(sorted[i]->key, sorted[i - 1]->key) == 0 && strcmp(sorted[i]->key, "<<") != 0) {
            uxo_report_add(self->report, UXO_ERROR, &sorted[i]->key_place,
                           "the key '%.60s' is given twice (first on line %u); keep one of them", sorted[i]->key,
                           (unsigned)sorted[i - 1]->key_place.line);
        }
    }
    free(sorted);
}

static void close_collection(reader *self)
{
    if (self->depth > 0) {
        const uxo_node *const node = self->stack[--self->depth].node;
        if (node->kind == UXO_NODE_MAPPING) {
            refuse_duplicates(self, node);
        }
    }
}

/* Inside a key that is a list or a mapping nothing counts. Returns true when the event was eaten. */
static bool skip(reader *self, const yaml_event_t *event)
{
    if (self->skipping == 0) {
        return false;
    }
    if (event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT) {
        self->skipping++;
    } else if (event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT) {
        self->skipping--;
        if (self->skipping == 0) {
            level *const top = &self->stack[self->depth - 1];
            top->key = "?";
            top->key_place = place_of(self, event);
            top->in_key = false;
        }
    }
    if (self->skipping > UXO_YAML_MAX_DEPTH) {
        refuse(self, event, "nested more than 32 levels deep");
        self->stopped = true;
    }
    return true;
}

static void take_event(reader *self, const yaml_event_t *event)
{
    if (skip(self, event)) {
        return;
    }
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end) {
            refuse(self, event, "%TAG lines are not part of the scenario format; leave them out");
        }
        if (self->root != NULL) {
            refuse(self, event, "a second document begins here; a file holds one (remove the `---`)");
            self->stopped = true;
        }
        break;
    case YAML_SCALAR_EVENT:
        take_scalar(self, event);
        break;
    case YAML_ALIAS_EVENT:
        take_alias(self, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        open_collection(self, event);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_collection(self);
        break;
    default:
        break;
    }
}

/* libyaml's reasons in the words of people who do not know its grammar. */
static const char *explain(const char *problem)
{
    static const char *const known[][2] = {
        {"found character that cannot start any token",
         "this character cannot stand here; indent with spaces, not tabs, and quote texts "
         "that begin with @, ` or %"},
        {"found a tab character that violates indentation", "a tab; indent with spaces"},
        {"found a tab character where an indentation space is expected", "a tab; indent with spaces"},
        {"mapping values are not allowed in this context", "a colon cannot stand here; check the indentation of this "
                                                           "line and the one before, and quote texts that hold `: `"},
        {"did not find expected key", "a key was expected here; check the indentation of this line and the one before"},
        {"did not find expected ',' or '}'", "a comma or the closing } is missing"},
        {"did not find expected ',' or ']'", "a comma or the closing ] is missing"},
        {"could not find expected ':'", "a colon and a space are missing after a key"},
        {"found unexpected end of stream", "the closing quote is missing"},
        {"did not find expected '-' indicator", "a list item beginning with `- ` was expected; check the indentation"},
        {"found incompatible YAML document", "only YAML 1.1 and 1.2 are read"},
        {"found undefined tag handle", "tags (!name) are not part of the scenario format; leave it out"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(problem, known[i][0]) == 0) {
            return known[i][1];
        }
    }
    return problem;
}

/* Place of a mark; what is missing at the end of the text is missing behind its last line that holds something. */
static uxo_place place_at(const reader *self, const yaml_mark_t *mark)
{
    size_t line = mark->line, column = mark->column;
    while (line > 0 && (line >= self->lines->count || self->lines->line[line][0] == '\0')) {
        line--;
    }
    if (line < mark->line) {
        column = 0;
        for (const char *at = self->lines->line[line]; *at != '\0'; at++) {
            column += ((unsigned char)*at & 0xC0) != 0x80;
        }
        column -= line == 0 ? self->lines->first_column - 1 : 0;
    }
    return uxo_yaml_place(self->lines, line, column, 1);
}

static void report_syntax(const reader *self, const yaml_parser_t *parser)
{
    const char *const problem = parser->problem != NULL ? parser->problem : "not YAML";
    const yaml_mark_t *const mark = &parser->problem_mark;
    const yaml_mark_t *const context = &parser->context_mark;
    const uxo_place place = place_at(self, mark);
    uxo_report_add(self->report, UXO_ERROR, &place, "%s", explain(problem));
    if (parser->context != NULL && context->line != mark->line) {
        const uxo_place start = uxo_yaml_place(self->lines, context->line, context->column, 1);
        uxo_report_add(self->report, UXO_NOTE, &start, "what the error below is about begins here");
    }
}

static void read_events(reader *self, yaml_parser_t *parser)
{
    for (bool done = false; !done && !self->stopped && !self->out_of_memory;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            self->out_of_memory = parser->error == YAML_MEMORY_ERROR;
            if (!self->out_of_memory) {
                report_syntax(self, parser);
            }
            return;
        }
        done = event.type == YAML_STREAM_END_EVENT;
        take_event(self, &event);
        yaml_event_delete(&event);
    }
}

uxo_status uxo_yaml_parse(uxo_yaml *self, const char *text, size_t length, const yaml_lines *lines, uxo_node **root,
                          uxo_report *report)
{
    reader state = {.yaml = self, .lines = lines, .report = report};
    const size_t errors_before = report->error_count;
    yaml_parser_t parser;
    *root = NULL;
    if (!yaml_parser_initialize(&parser)) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory while reading %s", lines->name);
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    read_events(&state, &parser);
    yaml_parser_delete(&parser);
    if (state.out_of_memory) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory while reading %s", lines->name);
    }
    UXO_TRY(uxo_report_status(report, errors_before));
    if (state.root == NULL) {
        const uxo_place whole = {.file = lines->name, .line = lines->first_line};
        return uxo_fail(report, UXO_ERR_DATA, &whole, "there is nothing in it");
    }
    *root = state.root;
    return UXO_OK;
}
