/* schema_print.c - prints what is generated from the schema table: configs/reference.yaml, configs/scenario.schema.json
 * and docs/scenario_reference.md. A tool of developers, not installed. */
#include <stdio.h>
#include <string.h>

#include "uxosim/schema.h"

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*print)(FILE *out);
    } kind[] = {
        {"yaml", uxo_schema_print_yaml}, {"json", uxo_schema_print_json}, {"markdown", uxo_schema_print_markdown}};
    for (size_t i = 0; argc == 2 && i < sizeof kind / sizeof *kind; i++) {
        if (strcmp(argv[1], kind[i].name) == 0) {
            kind[i].print(stdout);
            return fflush(stdout) == 0 ? 0 : 74;
        }
    }
    fputs("usage: uxosim_schema_print yaml|json|markdown\n", stderr);
    return 64;
}
