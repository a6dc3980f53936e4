#!/usr/bin/env bash
# bundles.sh FOLDER SECONDS TASKS: divides tasks of a sweep's plan into bundles that take about so long each; prints one line per bundle,
#   LIST SECONDS MIB    tasks as `uxosim sweep run --task` takes them, estimated time of all on one thread, memory of the largest
# TASKS: which, as `uxosim sweep status --unfinished` prints them ("1,4,7-9"); @FILE: the list is in there; -: on standard input, since one
# argument may have 128 KiB. For the same reason a bundle ends where its list gets too long for `--task`.
# Not here: who runs them (submit.sh, local.sh).
set -euo pipefail
# Numbers of the plan have decimal points: some awks read and write them as the user's locale has it.
export LC_ALL=C
if [ $# -ne 3 ]; then
    echo "bundles.sh: needs FOLDER SECONDS TASKS" >&2
    exit 64
fi
plan=$1/plan.csv target=$2 tasks=$3
case $tasks in
@*) [ -r "${tasks#@}" ] || { echo "bundles.sh: cannot read the list of tasks '${tasks#@}'" >&2 && exit 66; } ;;
esac
if [ ! -r "$plan" ]; then
    echo "bundles.sh: cannot read '$plan'; 'uxosim sweep plan' writes it" >&2
    exit 66
fi

# The list of tasks as it was given.
print_tasks() {
    case $tasks in
    -) cat ;;
    @*) cat -- "${tasks#@}" ;;
    *) printf '%s\n' "$tasks" ;;
    esac
}

# The tasks' ranges, line by line, an empty line, the plan.
ranges_and_plan() {
    print_tasks | tr ',' '\n'
    printf '\n\n'
    cat <"$plan"
}

# Columns: the task first, what it costs at the end; between them values, which may be quoted and hold commas.
ranges_and_plan | awk -v target="$target" -v longest=60000 '
function split_csv(line, fields,    n, i, c, quoted, field) {
    n = 0; field = ""; quoted = 0
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") { quoted = !quoted }
        else if (c == "," && !quoted) { fields[++n] = field; field = "" }
        else { field = field c }
    }
    fields[++n] = field
    return n
}
function end_range() {
    if (first) { list = list (list == "" ? "" : ",") (first == last ? first : first "-" last) }
    first = 0
}
function end_bundle() {
    end_range()
    if (list != "") { printf "%s %.3f %d\n", list, seconds, mib }
    list = ""; seconds = 0; mib = 0
}
BEGIN { at = 1; ranges = 0; header = 1 }
{ sub(/\r$/, "") }
!in_plan && $0 == "" { in_plan = 1; next }
!in_plan {
    if ($0 !~ /^[1-9][0-9]*(-[1-9][0-9]*)?$/) {
        print "bundles.sh: TASKS are numbers from 1 and ranges, such as 1,4,7-9; \047" $0 "\047 is neither" > "/dev/stderr"
        failed = 64
        exit failed
    }
    ends = split($0, end, "-")
    from[++ranges] = end[1] + 0; to[ranges] = end[ends] + 0
    next
}
$0 == "" { next }
header {
    header = 0
    columns = split_csv($0, name)
    if (name[1] != "task" || name[columns - 2] != "seconds" || name[columns - 1] != "mib") {
        print "bundles.sh: plan.csv does not begin with task, or does not end with seconds, mib, mb" > "/dev/stderr"
        failed = 65
        exit failed
    }
    next
}
{
    task = $0 + 0
    while (at <= ranges && task > to[at]) { at++ }
    if (at > ranges || task < from[at]) { next }
    n = split_csv($0, value)
    cost = value[n - 2] + 0; memory = value[n - 1] + 0
    if (seconds > 0 && (seconds + cost > target || length(list) > longest)) { end_bundle() }
    if (first && task != last + 1) { end_range() }
    if (!first) { first = task }
    last = task; seconds += cost
    if (memory > mib) { mib = memory == int(memory) ? memory : int(memory) + 1 }
}
END { if (!failed) { end_bundle() } exit failed }
'
