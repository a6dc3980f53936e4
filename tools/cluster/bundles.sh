#!/usr/bin/env bash
# bundles.sh FOLDER SECONDS TASKS: divides tasks of a sweep's plan into bundles that take about so long each; prints one line per bundle,
#   LIST SECONDS MIB    tasks as `uxosim sweep run --task` takes them, estimated time of all on one thread, memory of the largest
# TASKS: which, as `uxosim sweep status --unfinished` prints them ("1,4,7-9").
# Not here: who runs them (submit.sh, local.sh).
set -euo pipefail
if [ $# -ne 3 ]; then
    echo "bundles.sh: needs FOLDER SECONDS TASKS" >&2
    exit 64
fi
plan=$1/plan.csv target=$2 tasks=$3
if [ ! -r "$plan" ]; then
    echo "bundles.sh: cannot read '$plan'; 'uxosim sweep plan' writes it" >&2
    exit 66
fi

# Columns: the task first, what it costs at the end; between them values, which may be quoted and hold commas.
awk -v target="$target" -v tasks="$tasks" '
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
BEGIN {
    ranges = split(tasks, range, ",")
    for (i = 1; i <= ranges; i++) {
        ends = split(range[i], end, "-")
        from[i] = end[1] + 0; to[i] = end[ends] + 0
    }
    at = 1
}
{ sub(/\r$/, "") }
NR == 1 {
    columns = split_csv($0, name)
    if (name[1] != "task" || name[columns - 2] != "seconds" || name[columns - 1] != "mib") {
        print "bundles.sh: plan.csv does not begin with task, or does not end with seconds, mib, mb" > "/dev/stderr"
        failed = 65
        exit failed
    }
    next
}
$0 == "" { next }
{
    task = $0 + 0
    while (at <= ranges && task > to[at]) { at++ }
    if (at > ranges || task < from[at]) { next }
    n = split_csv($0, value)
    cost = value[n - 2] + 0; memory = value[n - 1] + 0
    if (seconds > 0 && seconds + cost > target) { end_bundle() }
    if (first && task != last + 1) { end_range() }
    if (!first) { first = task }
    last = task; seconds += cost
    if (memory > mib) { mib = memory == int(memory) ? memory : int(memory) + 1 }
}
END { if (!failed) { end_bundle() } exit failed }
' "$plan"
