/* sweep_commands.h - the sub-commands of `uxosim sweep`, as those of uxosim (commands.h); argv[0] is "uxosim sweep <command>". */
#ifndef UXOSIM_TOOLS_SWEEP_COMMANDS_H
#define UXOSIM_TOOLS_SWEEP_COMMANDS_H

int sweep_plan(int argc, char **argv);
int sweep_run(int argc, char **argv);
int sweep_status(int argc, char **argv);
int sweep_collect(int argc, char **argv);
int sweep_sensitivity(int argc, char **argv);

#endif
