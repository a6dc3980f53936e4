/* commands.h - the sub-commands of uxosim: one function each, called by main with the arguments behind the command's
 * name.
 *
 * argv[0] is "uxosim <command>". Each returns an exit code of sysexits.h. Results go to stdout, everything else to
 * stderr.
 */
#ifndef UXOSIM_TOOLS_COMMANDS_H
#define UXOSIM_TOOLS_COMMANDS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "uxosim/error.h"

int cmd_run(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_districts(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_redact(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_walk(int argc, char **argv);
int cmd_claims(int argc, char **argv);
int cmd_munitions(int argc, char **argv);
int cmd_sweep(int argc, char **argv);

/* Commands that belong together, COMMANDS_MOST at the most. */
typedef struct command_entry {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help; /* one line */
} command_entry;
typedef struct command_list {
    const char *program; /* what stands before the command's name: "uxosim", "uxosim sweep" */
    const command_entry *item;
    size_t count;
} command_list;
enum { COMMANDS_MOST = 32 };

/* Runs the command that argv[1] names, and gives its exit code; there must be an argv[1]. One that there is not: EX_USAGE, and on stderr
 * the name that may be meant. */
int commands_run(const command_list *list, int argc, char **argv);
/* A line for each: its name and what it does. */
void commands_print(const command_list *list, FILE *out);
/* Whether a word in a command's place asks for help. */
bool commands_wants_help(const char *word);

/* Messages of each kind that are printed before "... more". */
enum { UXO_MESSAGES_SHOWN = 100 };

/* Prints the report from `first` on to stderr and returns the exit code of `status`. */
int command_end(uxo_status status, const uxo_report *report, size_t first);

#endif
