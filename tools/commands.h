/* commands.h - the sub-commands of uxosim: one function each, called by main with the arguments behind the command's
 * name.
 *
 * argv[0] is "uxosim <command>". Each returns an exit code of sysexits.h. Results go to stdout, everything else to
 * stderr.
 */
#ifndef UXOSIM_TOOLS_COMMANDS_H
#define UXOSIM_TOOLS_COMMANDS_H

#include <signal.h>

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

/* Messages of each kind that are printed before "... more". */
enum { UXO_MESSAGES_SHOWN = 100 };

/* Prints the report from `first` on to stderr and returns the exit code of `status`. */
int command_end(uxo_status status, const uxo_report *report, size_t first);

#endif
