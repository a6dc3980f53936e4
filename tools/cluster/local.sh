#!/usr/bin/env bash
# local.sh FOLDER [OPTION...]: runs a planned sweep on this machine by GNU parallel, for those without Slurm, or inside one allocation.
# FOLDER is that of `uxosim sweep plan`. A job log is kept: called again, it goes on with what is left and tries again what failed.
# Nothing is collected: `uxosim sweep collect` does that.
set -euo pipefail
tools=$(dirname "$(realpath -- "$0")")
# shellcheck source=tools/cluster/common.sh
. "$tools/common.sh"

usage() {
    cat <<'TEXT'
local.sh FOLDER [OPTION...]
  --jobs N       at a time, one thread each; default: as many as processors and free memory allow
  --seconds N    bundle short tasks into jobs of about N seconds; default 60
  --uxosim PATH  the program; default: $UXOSIM, else by PATH
Exit code 0: everything done; else how many jobs failed (101: more than 100). TERM lets running jobs end and starts no more.
TEXT
}

folder='' jobs='' seconds=60 uxosim=''
while [ $# -gt 0 ]; do
    case $1 in
    --jobs | --seconds | --uxosim)
        [ $# -ge 2 ] || fail 64 "$1 needs a value"
        case $1 in
        --jobs) jobs=$2 ;;
        --seconds) seconds=$2 ;;
        --uxosim) uxosim=$2 ;;
        esac
        shift
        ;;
    --help) usage && exit 0 ;;
    -*) fail 64 "unknown option $1 (--help lists them)" ;;
    *)
        [ -z "$folder" ] || fail 64 "one folder at a time: '$folder' and '$1'"
        folder=$1
        ;;
    esac
    shift
done
[ -n "$folder" ] || { usage >&2 && exit 64; }
whole_number --seconds "$seconds"
[ -z "$jobs" ] || whole_number --jobs "$jobs"
command -v parallel >/dev/null || fail 69 "GNU parallel is not installed (Debian: parallel)"
[ -r "$folder/plan.csv" ] || fail 66 "'$folder' has no plan.csv; 'uxosim sweep plan' writes it"
folder=$(realpath -- "$folder")
uxosim=$(find_uxosim "$uxosim")
mkdir -p "$folder/log"

# All tasks, in the same bundles every time: the job log counts them. What is done is passed over quickly.
tasks=$(($(grep -c '^[0-9]' "$folder/plan.csv")))
bundles=$("$tools/bundles.sh" "$folder" "$seconds" "1-$tasks")
[ -n "$bundles" ] || fail 65 "the plan of '$folder' has no tasks"
if [ -z "$jobs" ]; then
    mib=$(awk '$3 > m { m = $3 } END { print m + 0 }' <<<"$bundles")
    free_mib=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo)
    by_memory=$((free_mib / $(memory_for "$mib")))
    jobs=$(nproc)
    [ "$by_memory" -ge "$jobs" ] || jobs=$by_memory
    [ "$jobs" -ge 1 ] || fail 69 "one task needs about $mib MiB, free are $free_mib; --jobs 1 tries it all the same"
fi

# The job log counts lines of this list: another plan or another bundling has another log.
mark=$({ cat "$folder/plan.csv" && echo "$bundles"; } | sha256sum | cut -c 1-12)
log=$folder/log/parallel-$mark.joblog
export OMP_NUM_THREADS=1
code=0
cut -d ' ' -f 1 <<<"$bundles" |
    parallel --quote --jobs "$jobs" --joblog "$log" --resume-failed \
        "$uxosim" sweep run "$folder" --task '{}' --threads 1 || code=$?
[ "$code" -eq 0 ] || printf 'local.sh: %s; call it again to go on; what happened: %s\n' "exit code $code" "$log" >&2
exit "$code"
