#!/usr/bin/env bash
# submit.sh FOLDER [OPTION...] [-- SBATCH-OPTION...]: runs a planned sweep on Slurm: arrays of jobs, and a job that collects.
# FOLDER is that of `uxosim sweep plan`. May be called again after failures: what is done is passed over. Time and memory of a job are
# those of the plan. Sites differ: what is after -- goes to every sbatch as it stands (--partition, --account, ...).
set -euo pipefail
tools=$(dirname "$(realpath -- "$0")")
# shellcheck source=tools/cluster/common.sh
. "$tools/common.sh"

usage() {
    cat <<'TEXT'
submit.sh FOLDER [OPTION...] [-- SBATCH-OPTION...]
  --output OUT.nc   what the results are collected into; default: FOLDER/sweep.nc
  --csv FILE        the same as a table
  --seconds N       bundle short tasks into jobs of about N seconds; default 900
  --cpus N          threads of a job; default 1, which wastes least
  --at-most N       jobs that run at a time; default: as many as the cluster lets run
  --no-lock         for file systems without locks: `uxosim sweep run --no-lock`
  --allow-missing   collect a sweep that has holes, and mark them
  --uxosim PATH     the program; default: $UXOSIM, else by PATH
  --dry-run         say what would be submitted
TEXT
}

folder='' out='' target=900 cpus=1 at_most='' uxosim='' dry_run='' run_options=() collect_options=() site_options=()
while [ $# -gt 0 ]; do
    case $1 in
    --output | --csv | --seconds | --cpus | --at-most | --uxosim)
        [ $# -ge 2 ] || fail 64 "$1 needs a value"
        case $1 in
        --output) out=$2 ;;
        --csv) collect_options+=(--csv "$(realpath -m -- "$2")") ;;
        --seconds) target=$2 ;;
        --cpus) cpus=$2 ;;
        --at-most) at_most=$2 ;;
        --uxosim) uxosim=$2 ;;
        esac
        shift
        ;;
    --no-lock) run_options+=(--no-lock) ;;
    --allow-missing) collect_options+=(--allow-missing) ;;
    --dry-run) dry_run=yes ;;
    --help) usage && exit 0 ;;
    --)
        shift
        site_options=("$@")
        break
        ;;
    -*) fail 64 "unknown option $1 (--help lists them)" ;;
    *)
        [ -z "$folder" ] || fail 64 "one folder at a time: '$folder' and '$1'"
        folder=$1
        ;;
    esac
    shift
done
[ -n "$folder" ] || { usage >&2 && exit 64; }
whole_number --seconds "$target"
whole_number --cpus "$cpus"
[ -z "$at_most" ] || whole_number --at-most "$at_most"
[ -r "$folder/plan.csv" ] || fail 66 "'$folder' has no plan.csv; 'uxosim sweep plan' writes it"
folder=$(realpath -- "$folder")
out=$(realpath -m -- "${out:-$folder/sweep.nc}")
uxosim=$(find_uxosim "$uxosim")

mkdir -p "$folder/log"
unfinished=$("$uxosim" sweep status "$folder" --unfinished)
list=$(mktemp "$folder/log/bundles.XXXXXX")
"$tools/bundles.sh" "$folder" "$target" - >"$list" <<<"$unfinished"
jobs=$(wc -l <"$list")
read -r seconds mib < <(awk '$2 > s { s = $2 } $3 > m { m = $3 } END { print s + 0, m + 0 }' "$list")
time_minutes=$(minutes_for "$seconds")
memory=$(memory_for "$mib")
size=$(max_array_size)
arrays=$(((jobs + size - 1) / size))
# Slurm limits each array by itself.
throttle=${at_most:+%$(((at_most + arrays - 1) / arrays))}

# As much of the list as is of use to somebody who reads it.
shown=${unfinished:0:200}
[ "$shown" = "$unfinished" ] || shown="${shown%,*},..."
printf '%s: %d jobs in %d arrays, each %d min, %d MiB, %d threads; unfinished tasks: %s\n' "$folder" "$jobs" "$arrays" "$time_minutes" \
    "$memory" "$cpus" "${shown:-none}"
if [ -n "$dry_run" ]; then
    rm -f "$list"
    exit 0
fi

common=(--cpus-per-task="$cpus" "${site_options[@]}")
dependency=''
for ((offset = 0; offset < jobs; offset += size)); do
    count=$((jobs - offset < size ? jobs - offset : size))
    job=$(submit --array="0-$((count - 1))$throttle" --time="$time_minutes" --mem="$memory" \
        --output="$(log_pattern "$folder/log/" "slurm-%A_%a.log")" "${common[@]}" \
        "$tools/array.sbatch" "$tools" "$uxosim" "$folder" "$list" "$offset" "${run_options[@]}")
    printf 'array %s: %d jobs\n' "$job" "$count"
    dependency=${dependency:---dependency=afterany}:$job
done
job=$(submit ${dependency:+"$dependency"} --output="$(log_pattern "$folder/log/" "collect-%j.log")" "${common[@]}" \
    "$tools/collect.sbatch" "$tools" "$uxosim" "$folder" "$out" "${collect_options[@]}")
printf 'collect %s: %s\n' "$job" "$out"
printf 'state: squeue --me; %s sweep status %q; logs: %s\n' "$(basename "$uxosim")" "$folder" "$folder/log"
