#!/usr/bin/env bash
# submit_parts.sh SCENARIO.yaml -o OUT.nc --parts N [OPTION...] [-- SBATCH-OPTION...]: runs one big scenario on Slurm in N parts, and a job
# that merges them. May be called again after failures: parts that are there are passed over, others go on from their checkpoints.
set -euo pipefail
tools=$(dirname "$(realpath -- "$0")")
# shellcheck source=tools/cluster/common.sh
. "$tools/common.sh"

usage() {
    cat <<'TEXT'
submit_parts.sh SCENARIO.yaml -o OUT.nc --parts N [OPTION...] [-- SBATCH-OPTION...]
  -o OUT.nc         the result; parts and their checkpoints lie beside it
  --parts N         jobs
  --set KEY=VALUE   as of `uxosim run`; can be repeated
  --cpus N          threads of a job; default 4
  --minutes N       time limit of a job; default 120. A part that needs longer saves itself and is requeued
  --memory-mib N    of a job; default: from `uxosim check`
  --at-most N       jobs that run at a time
  --uxosim PATH     the program; default: $UXOSIM, else by PATH
TEXT
}

scenario='' out='' parts='' cpus=4 minutes=120 memory='' at_most='' uxosim='' run_options=() site_options=()
while [ $# -gt 0 ]; do
    case $1 in
    -o | --output | --parts | --set | --cpus | --minutes | --memory-mib | --at-most | --uxosim)
        [ $# -ge 2 ] || fail 64 "$1 needs a value"
        case $1 in
        -o | --output) out=$2 ;;
        --parts) parts=$2 ;;
        --set) run_options+=(--set "$2") ;;
        --cpus) cpus=$2 ;;
        --minutes) minutes=$2 ;;
        --memory-mib) memory=$2 ;;
        --at-most) at_most=$2 ;;
        --uxosim) uxosim=$2 ;;
        esac
        shift
        ;;
    --help) usage && exit 0 ;;
    --)
        shift
        site_options=("$@")
        break
        ;;
    -*) fail 64 "unknown option $1 (--help lists them)" ;;
    *)
        [ -z "$scenario" ] || fail 64 "one scenario at a time: '$scenario' and '$1'"
        scenario=$1
        ;;
    esac
    shift
done
if [ -z "$scenario" ] || [ -z "$out" ] || [ -z "$parts" ]; then
    usage >&2
    exit 64
fi
whole_number --parts "$parts"
whole_number --cpus "$cpus"
whole_number --minutes "$minutes"
[ -z "$memory" ] || whole_number --memory-mib "$memory"
[ -z "$at_most" ] || whole_number --at-most "$at_most"
[ -r "$scenario" ] || fail 66 "cannot read '$scenario'"
uxosim=$(find_uxosim "$uxosim")
scenario=$(realpath -- "$scenario")
out=$(realpath -m -- "$out")
folder=$(dirname "$out")
[ -d "$folder" ] || fail 73 "there is no folder '$folder' for the result"
size=$(max_array_size)
[ "$parts" -lt "$size" ] || fail 64 "$parts parts are more than an array may have here ($((size - 1)))"

# Errors of the scenario are for now, not for N logs.
checked=$("$uxosim" check "${run_options[@]}" "$scenario") || fail 65 "the scenario has errors, see above"
if [ -z "$memory" ]; then
    estimate=$(sed -n 's/^a run takes about \([0-9.e+]*\) MB of memory.*/\1/p' <<<"$checked")
    [ -n "$estimate" ] || fail 70 "'uxosim check' states no memory here; give --memory-mib"
    memory=$(memory_for "$estimate")
fi

common=(--time="$minutes" --mem="$memory" "${site_options[@]}")
job=$(submit --array="1-$parts${at_most:+%$at_most}" --cpus-per-task="$cpus" \
    --output="$(log_pattern "${out%.nc}" "-%a-of-$parts-%A.log")" "${common[@]}" \
    "$tools/parts.sbatch" "$tools" "$uxosim" "$parts" "$out" "$scenario" "${run_options[@]}")
printf 'array %s: %d parts, each %d min, %d MiB, %d threads\n' "$job" "$parts" "$minutes" "$memory" "$cpus"
job=$(submit --dependency="afterany:$job" --cpus-per-task="$cpus" --output="$(log_pattern "${out%.nc}" "-merge-%j.log")" "${common[@]}" \
    "$tools/merge.sbatch" "$tools" "$uxosim" "$parts" "$out")
printf 'merge %s: %s\n' "$job" "$out"
