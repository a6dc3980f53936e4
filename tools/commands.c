/* commands.c - lists of commands: which one is meant, and one line about each. Not here: the lists (main.c, cmd_sweep.c). */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "uxosim/schema.h"

static int unknown_command(const command_list *list, const char *name)
{
    const char *names[COMMANDS_MOST];
    for (size_t i = 0; i < list->count; i++) {
        names[i] = list->item[i].name;
    }
    const char *const nearest = uxo_schema_nearest(name, names, list->count);
    fprintf(stderr, "%s: there is no command '%s'", list->program, name);
    if (nearest != NULL) {
        fprintf(stderr, "; did you mean '%s'?", nearest);
    }
    fprintf(stderr, "\nTry `%s --help`.\n", list->program);
    return EX_USAGE;
}

int commands_run(const command_list *list, int argc, char **argv)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(argv[1], list->item[i].name) == 0) {
            char name[64];
            snprintf(name, sizeof name, "%s %s", list->program, list->item[i].name);
            argv[1] = name;
            return list->item[i].run(argc - 1, argv + 1);
        }
    }
    return unknown_command(list, argv[1]);
}

void commands_print(const command_list *list, FILE *out)
{
    for (size_t i = 0; i < list->count; i++) {
        fprintf(out, "  %-11s %s\n", list->item[i].name, list->item[i].help);
    }
}

bool commands_wants_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0 || strcmp(word, "help") == 0;
}
