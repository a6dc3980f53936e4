#!/usr/bin/env bash
# requeue.sh COMMAND [ARGUMENT...]: runs a command inside a Slurm job so that its work outlives the job's time limit.
# The batch script has to `exec` it: only the batch shell gets the signal that `#SBATCH --signal=B:USR1@60` asks for.
#   USR1 (time is nearly up) is passed on; the command saves what it has and ends with 75; the job goes back into the queue.
#   TERM (the job is cancelled, or requeued by others) is passed on too, but the job ends: what was cancelled must not come back.
#   75 without a signal from here means the same as with one; so does an end by USR1 itself, which came before the command was ready
#   for it: what was saved before is still there. Every other code is the job's own.
# UXOSIM_MAX_RESTARTS (default 50): after so many the job ends with 75 and says so, instead of going round for ever.
# Not here: what is run (array.sbatch, parts.sbatch), how a run is resumed (uxosim).
set -uo pipefail

readonly resumable=75 by_usr1=138
readonly max_restarts=${UXOSIM_MAX_RESTARTS:-50}
job=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID:-}}
job=${job:-${SLURM_JOB_ID:-}}
restarts=${SLURM_RESTART_COUNT:-0}

say() { printf '%s job %s: %s\n' "$(date +%Y-%m-%dT%H:%M:%S)" "${job:-none}" "$*" >&2; }

if [ $# -eq 0 ]; then
    say "requeue.sh needs a command"
    exit 64
fi

child=
interrupted=
ended_by=

# pass_on SIGNAL: to the command; a signal that comes before the command runs is kept for it.
# shellcheck disable=SC2317  # called by traps
pass_on() {
    interrupted=yes
    ended_by=$1
    say "SIG$1, passed on"
    if [ -n "$child" ]; then
        kill -s "$1" "$child" 2>/dev/null
    fi
}
trap 'pass_on USR1' USR1
trap 'pass_on TERM' TERM

# As many threads as the job was given; OpenMP would take the whole node.
export OMP_NUM_THREADS="${SLURM_CPUS_PER_TASK:-1}"
say "start $((restarts + 1)) on $(hostname), $OMP_NUM_THREADS threads: $*"
"$@" &
child=$!
if [ -n "$ended_by" ]; then
    kill -s "$ended_by" "$child" 2>/dev/null
fi

# A signal ends `wait` before the command has ended: wait again, until it was the command.
while :; do
    interrupted=
    wait "$child"
    code=$?
    [ -n "$interrupted" ] || break
done

if [ "$code" -eq "$by_usr1" ] && [ "$ended_by" = USR1 ]; then
    code=$resumable
fi
if [ "$code" -ne "$resumable" ]; then
    say "ended with $code"
    exit "$code"
fi
if [ "$ended_by" = TERM ]; then
    say "ended by TERM; resumable: starts again if others requeue it, else submit it again"
    exit "$code"
fi
if [ "$restarts" -ge "$max_restarts" ]; then
    say "resumable, but was restarted $restarts times already (UXOSIM_MAX_RESTARTS): not again"
    exit "$code"
fi
if ! scontrol requeue "$job"; then
    say "resumable, but Slurm does not requeue it: submit it again"
    exit "$code"
fi
say "resumable, back into the queue"
exit "$code"
