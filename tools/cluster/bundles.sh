#!/usr/bin/env bash
# bundles.sh FOLDER SECONDS: divides the tasks of a sweep's plan into bundles that take about so long each; prints one line per bundle,
#   FIRST LAST SECONDS MIB    tasks FIRST to LAST in their order, estimated time of all on one thread, memory of the largest
# Not here: who runs them (submit.sh, local.sh).
set -euo pipefail
if [ $# -ne 2 ]; then
    echo "bundles.sh: needs FOLDER SECONDS" >&2
    exit 64
fi
plan=$1/plan.csv target=$2
if [ ! -r "$plan" ]; then
    echo "bundles.sh: cannot read '$plan'; 'uxosim sweep plan' writes it" >&2
    exit 66
fi

# Columns by name; a field may be quoted and hold commas (values of parameters do), so the line is taken apart by character.
awk -v target="$target" '
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
function flush_bundle() {
    if (count > 0) { printf "%d %d %.3f %d\n", first, last, seconds, mib }
    count = 0; seconds = 0; mib = 0
}
{ sub(/\r$/, "") }
NR == 1 {
    n = split_csv($0, name)
    for (i = 1; i <= n; i++) { column[name[i]] = i }
    if (!("task" in column) || !("seconds" in column) || !("mib" in column)) {
        print "bundles.sh: plan.csv lacks a column task, seconds or mib" > "/dev/stderr"
        failed = 65
        exit failed
    }
    next
}
$0 == "" { next }
{
    split_csv($0, value)
    task = value[column["task"]] + 0; cost = value[column["seconds"]] + 0; memory = value[column["mib"]] + 0
    if (count > 0 && (seconds + cost > target || task != last + 1)) { flush_bundle() }
    if (count == 0) { first = task }
    last = task; count++; seconds += cost
    if (memory > mib) { mib = memory == int(memory) ? memory : int(memory) + 1 }
}
END { if (!failed) { flush_bundle() } exit failed }
' "$plan"
