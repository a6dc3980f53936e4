/* arguments.h - what the argument parsers of several sub-commands share: the one positional argument, the list of --set, --threads. */
#ifndef UXOSIM_TOOLS_ARGUMENTS_H
#define UXOSIM_TOOLS_ARGUMENTS_H

#include <argp.h>
#include <stddef.h>

enum { ARGUMENTS_OPTION_SET = 0x200, ARGUMENTS_MAX_SETS = 256 };

/* --set PATH.TO.KEY=VALUE, in the order given. */
typedef struct set_list {
    const char *item[ARGUMENTS_MAX_SETS];
    size_t count;
} set_list;

#define ARGUMENTS_SET_OPTION                                                                                        \
    {                                                                                                               \
        "set", ARGUMENTS_OPTION_SET, "PATH.TO.KEY=VALUE", 0, "override a value of the scenario; can be repeated", 0 \
    }

/* For the default branch of a parser: takes exactly one positional argument into *slot ("scenario", "result") and, where `sets` is not
 * NULL, --set. Everything else is unknown. */
error_t arguments_parse(int key, char *value, struct argp_state *state, const char *what, const char **slot,
                        set_list *sets);

/* The value of --threads, a whole number from 1 to 1024; ends the program on any other. */
int arguments_threads(const char *value, const struct argp_state *state);

#endif
