/* arguments.c - the shared part of the sub-commands' argument parsers. argp_error ends the program with exit code 64. */
#include "arguments.h"

#include <stdlib.h>

enum { MAX_THREADS = 1024 };

static void add_set(set_list *sets, const char *value, const struct argp_state *state)
{
    if (sets->count == ARGUMENTS_MAX_SETS) {
        argp_error(state, "more than %d --set", ARGUMENTS_MAX_SETS);
    }
    sets->item[sets->count++] = value;
}

error_t arguments_parse(int key, char *value, struct argp_state *state, const char *what, const char **slot,
                        set_list *sets)
{
    switch (key) {
    case ARGUMENTS_OPTION_SET:
        if (sets == NULL) {
            return ARGP_ERR_UNKNOWN;
        }
        add_set(sets, value, state);
        return 0;
    case ARGP_KEY_ARG:
        if (*slot != NULL) {
            argp_error(state, "one %s at a time; '%s' is too much", what, value);
        }
        *slot = value;
        return 0;
    case ARGP_KEY_END:
        if (*slot == NULL) {
            argp_error(state, "which %s?", what);
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int arguments_threads(const char *value, const struct argp_state *state)
{
    char *end = NULL;
    const long threads = strtol(value, &end, 10);
    if (*value == '\0' || *end != '\0' || threads < 1 || threads > MAX_THREADS) {
        argp_error(state, "--threads takes a whole number from 1 to %d, not '%s'", MAX_THREADS, value);
    }
    return (int)threads;
}
