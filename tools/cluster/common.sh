#!/usr/bin/env bash
# common.sh: what submit.sh, submit_parts.sh and local.sh share. To be sourced; does nothing by itself, but for the locale.

# Numbers have decimal points, and 0-9 are ten characters: awk, sort and patterns otherwise go by the user's locale.
export LC_ALL=C

# fail CODE WORDS...: says why and ends.
fail() {
    local code=$1
    shift
    printf '%s: error: %s\n' "$(basename "$0")" "$*" >&2
    exit "$code"
}

# whole_number NAME VALUE: ends unless the value is a whole number from 1.
whole_number() {
    case $2 in
    '' | *[!0-9]* | 0*) fail 64 "$1 takes a whole number from 1, not '$2'" ;;
    esac
}

# find_uxosim GIVEN: the program's absolute path: as given, else $UXOSIM, else by PATH. A job may have another folder and another PATH.
find_uxosim() {
    local wanted=${1:-${UXOSIM:-uxosim}} found
    found=$(command -v -- "$wanted") || fail 66 "there is no program '$wanted'; --uxosim PATH or \$UXOSIM says where it is"
    realpath -- "$found"
}

# minutes_for SECONDS: minutes to ask for: twice the estimate (it is a guide, a factor of two either way) and five for the start.
minutes_for() { awk -v s="$1" 'BEGIN { m = int(s * 2 / 60) + 6; print m }'; }

# memory_for MIB: MiB to ask for: twice the estimate, and some for libraries.
memory_for() { awk -v m="$1" 'BEGIN { print int(m * 2) + 200 }'; }

# log_pattern PATH PATTERN: where a job's log goes, for sbatch --output; a percent sign of the path is not one of the pattern.
log_pattern() { printf '%s' "${1//%/%%}$2"; }

# max_array_size: indices of an array are below this.
max_array_size() {
    local size
    size=$(scontrol show config | awk '$1 == "MaxArraySize" { print $3 }')
    case $size in
    '' | *[!0-9]* | 0 | 1) fail 69 "Slurm here has no job arrays (MaxArraySize is '$size')" ;;
    esac
    printf '%s' "$size"
}

# submit OPTION... SCRIPT ARGUMENT...: sbatch; prints the job's number only.
submit() {
    local answer
    answer=$(sbatch --parsable "$@") || fail 69 "sbatch refused: sbatch $*"
    # On a federation: number;cluster.
    printf '%s' "${answer%%;*}"
}
