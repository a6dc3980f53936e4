/* schema_print_json.c - configs/scenario.schema.json from the table of keys: JSON Schema draft-07 for editors. It knows
 * less than the check (order of numbers, sums, files), so it accepts more.
 */
#include <string.h>

#include "schema_private.h"

enum { STEP = 2 };

static void text(FILE *out, const char *value)
{
    fputc('"', out);
    for (; *value != '\0'; value++) {
        if (*value == '"' || *value == '\\') {
            fputc('\\', out);
        }
        fputc(*value, out);
    }
    fputc('"', out);
}

/* "a|b|c" as "a", "b", "c". */
static void words(FILE *out, const char *list)
{
    fputc('"', out);
    for (; *list != '\0'; list++) {
        fputs(*list == '|' ? "\", \"" : (const char[]){*list, '\0'}, out);
    }
    fputc('"', out);
}

static void bounds(FILE *out, const uxo_key_row *row)
{
    fprintf(out, "\"%s\": %.15g, \"%s\": ", row->minimum_open ? "exclusiveMinimum" : "minimum", row->minimum,
            row->maximum_open ? "exclusiveMaximum" : "maximum");
    if (row->maximum > 1e19) {
        fputs("18446744073709551615", out);
    } else {
        fprintf(out, "%.15g", row->maximum);
    }
}

static void quantity(FILE *out, const uxo_key_row *row)
{
    fprintf(out, "\"anyOf\": [{\"type\": \"%s\", ", row->type == UXO_TYPE_COUNT ? "integer" : "number");
    bounds(out, row);
    fputs("}, ", out);
    if (row->type == UXO_TYPE_HEADING) {
        fputs("{\"const\": \"unknown\"}, ", out);
    }
    fputs(row->or_field ? "{\"type\": \"string\"}, " : "", out);
    fprintf(out, "{\"allOf\": [{\"$ref\": \"#/definitions/%s\"}, {\"properties\": {\"per\": {\"enum\": [",
            row->type == UXO_TYPE_RATE ? "rate" : "quantity");
    words(out, row->per_allowed);
    fprintf(out, "]}}%s}]}]", row->must_say_per ? ", \"required\": [\"per\"]" : "");
}

static void simple_type(FILE *out, const uxo_key_row *row)
{
    uint32_t least, most;
    switch (row->type) {
    case UXO_TYPE_BOOL:
        fputs("\"type\": \"boolean\"", out);
        break;
    case UXO_TYPE_INTEGER:
    case UXO_TYPE_NUMBER:
        fprintf(out, "\"type\": \"%s\", ", row->type == UXO_TYPE_INTEGER ? "integer" : "number");
        bounds(out, row);
        break;
    case UXO_TYPE_DATE:
        fputs("\"type\": \"string\", \"pattern\": \"^[0-9]{4}-[0-9]{2}-[0-9]{2}$\"", out);
        break;
    case UXO_TYPE_ENUM:
        fputs("\"enum\": [", out);
        words(out, row->allowed);
        fputs("]", out);
        break;
    case UXO_TYPE_NUMBERS:
        fputs("\"type\": \"array\", \"items\": {\"type\": \"number\", ", out);
        bounds(out, row);
        fputs("}", out);
        if (uxo_schema_list_length(row, &least, &most)) {
            fprintf(out, ", \"minItems\": %u, \"maxItems\": %u", (unsigned)least, (unsigned)most);
        }
        break;
    case UXO_TYPE_STRINGS:
        fputs("\"anyOf\": [{\"type\": \"array\", \"minItems\": 1, \"items\": ", out);
        fputs(row->items != NULL ? "{\"enum\": [" : "{\"type\": [\"string\", \"number\"]", out);
        if (row->items != NULL) {
            words(out, row->items);
            fputs("]", out);
        }
        fputs("}", out);
        if (row->allowed != NULL) {
            fputs("}, {\"const\": ", out);
            text(out, row->allowed);
        }
        fputs("}]", out);
        break;
    case UXO_TYPE_MIXTURE:
        fputs("\"$ref\": \"#/definitions/mixture\"", out);
        break;
    case UXO_TYPE_RATE:
    case UXO_TYPE_POSITIVE:
    case UXO_TYPE_REAL:
    case UXO_TYPE_COUNT:
    case UXO_TYPE_HEADING:
        quantity(out, row);
        break;
    default:
        fputs("\"type\": [\"string\", \"number\"]", out);
    }
}

static void print_object(FILE *out, uxo_document document, const char *parent, bool partial, int columns);

/* The inside of a key's schema, without braces. */
static void print_type(FILE *out, uxo_document document, const uxo_key_row *row, bool partial, int columns)
{
    char items[UXO_SCHEMA_TEXT];
    if (row->later != NULL && row->later_words == NULL) {
        fputs("\"not\": {}", out);
        return;
    }
    if (row->same_as != NULL) {
        fputs("\"$ref\": \"#/definitions/munition_part\"", out);
        return;
    }
    if (row->type == UXO_TYPE_OPEN) {
        snprintf(items, sizeof items, "%s.*", row->path);
        fputs("\"type\": \"object\", \"additionalProperties\": {", out);
        print_type(out, document, uxo_schema_find(document, items), partial, columns + STEP);
        fputs("}", out);
        return;
    }
    if (row->type != UXO_TYPE_SECTION && row->type != UXO_TYPE_LOCATION) {
        simple_type(out, row);
        return;
    }
    if (row->type == UXO_TYPE_SECTION && row->allowed != NULL) {
        fputs("\"anyOf\": [{\"type\": \"array\", \"items\": {\"type\": [\"string\", \"number\"]}}, {", out);
    }
    print_object(out, document, row->path, partial, columns);
    if (row->type == UXO_TYPE_SECTION && row->allowed != NULL) {
        fputs("}]", out);
    }
    fputs(row->type == UXO_TYPE_LOCATION ? ", \"minProperties\": 1, \"maxProperties\": 1" : "", out);
    if (strcmp(row->path, "grid") == 0) {
        fputs(", \"oneOf\": [{\"required\": [\"bounds_m\"]}, {\"required\": [\"around\"]}]", out);
    } else if (strcmp(row->path, "run") == 0) {
        fputs(", \"oneOf\": [{\"required\": [\"realisations\"]}, {\"required\": [\"until\"]}]", out);
    }
}

/* "type": "object" and the keys below `parent`. */
static void print_object(FILE *out, uxo_document document, const char *parent, bool partial, int columns)
{
    const size_t count = uxo_schema_row_count(document);
    const char *separator = "";
    fputs("\"type\": \"object\", \"additionalProperties\": false, \"properties\": {", out);
    for (size_t i = 0; i < count; i++) {
        const uxo_key_row *const row = uxo_schema_row(document, i);
        if (uxo_schema_is_child(row->path, parent)) {
            fprintf(out, "%s\n%*s\"%s\": {\"description\": ", separator, columns + STEP, "",
                    uxo_schema_last(row->path));
            text(out, row->meaning);
            fputs(", ", out);
            print_type(out, document, row, partial, columns + STEP); /* as deep as the table */
            fputs("}", out);
            separator = ",";
        }
    }
    fputs("}", out);
    separator = ", \"required\": [";
    for (size_t i = 0; i < count && !partial; i++) {
        const uxo_key_row *const row = uxo_schema_row(document, i);
        if (row->required && uxo_schema_is_child(row->path, parent)) {
            fprintf(out, "%s\"%s\"", separator, uxo_schema_last(row->path));
            separator = ", ";
        }
    }
    fputs(strcmp(separator, ", ") == 0 ? "]" : "", out);
}

static void print_distribution(FILE *out, const char *name, bool rate)
{
    static const char *const form[] = {
        "\"uniform\": {\"$ref\": \"#/definitions/pair\"}", "\"interval90\": {\"$ref\": \"#/definitions/pair\"}",
        "\"triangular\": {\"$ref\": \"#/definitions/triple\"}",
        "\"choice\": {\"type\": \"object\", \"additionalProperties\": {\"type\": \"number\", \"minimum\": 0}}"};
    fprintf(out,
            "    \"%s\": {\"type\": \"object\", \"additionalProperties\": false, \"minProperties\": 1, "
            "\"maxProperties\": 2, "
            "\"properties\": {\n      \"per\": {\"enum\": [\"campaign\", \"strike\", \"carrier\"]}",
            name);
    for (size_t i = 0; i < sizeof form / sizeof *form; i++) {
        fprintf(out, ",\n      %s", form[i]);
    }
    fputs(rate
              ? ",\n      \"beta\": {\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"mean\", "
                "\"concentration\"],\n"
                "        \"properties\": {\"mean\": {\"type\": \"number\"}, \"concentration\": {\"type\": \"number\"}}}"
              : ",\n      \"range\": {\"$ref\": \"#/definitions/pair\"},\n      \"poisson\": {\"type\": \"number\"},\n"
                "      \"normal\": {\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"mean\", "
                "\"sd\"],\n"
                "        \"properties\": {\"mean\": {\"type\": \"number\"}, \"sd\": {\"type\": \"number\", "
                "\"minimum\": 0}}}",
          out);
    fputs("}},\n", out);
}

void uxo_schema_print_json(FILE *out)
{
    fputs("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n  \"$comment\": \"Generated by "
          "uxosim_schema_print json from the "
          "schema table; do not edit.\",\n  \"title\": \"uxosim scenario\",\n  ",
          out);
    print_object(out, UXO_DOCUMENT_SCENARIO, "", false, STEP);
    fputs(
        ",\n  \"definitions\": {\n    \"pair\": {\"type\": \"array\", \"items\": {\"type\": \"number\"}, "
        "\"minItems\": 2, \"maxItems\": 2},\n"
        "    \"triple\": {\"type\": \"array\", \"items\": {\"type\": \"number\"}, \"minItems\": 3, \"maxItems\": 3},\n"
        "    \"mixture\": {\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"object\", \"additionalProperties\": "
        "{\"type\": \"number\", "
        "\"minimum\": 0}},\n      {\"type\": \"object\", \"required\": [\"choice\"], \"additionalProperties\": "
        "false, \"properties\": {"
        "\"per\": {\"const\": \"strike\"},\n        \"choice\": {\"type\": \"object\", \"additionalProperties\": "
        "{\"type\": \"number\", "
        "\"minimum\": 0}}}}]},\n",
        out);
    print_distribution(out, "rate", true);
    print_distribution(out, "quantity", false);
    fputs("    \"munition_part\": {", out);
    print_object(out, UXO_DOCUMENT_CATALOGUE, "munitions.*", true, 2 * STEP);
    fputs("},\n    \"munition\": {", out);
    print_object(out, UXO_DOCUMENT_CATALOGUE, "munitions.*", false, 2 * STEP);
    fputs("},\n    \"catalogue\": {\"type\": \"object\", \"additionalProperties\": false, \"required\": "
          "[\"munitions\"], \"properties\": {\n"
          "      \"munitions\": {\"type\": \"object\", \"additionalProperties\": {\"$ref\": "
          "\"#/definitions/munition\"}}}}\n  }\n}\n",
          out);
}
