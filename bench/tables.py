#!/usr/bin/python3
"""tables.py ALL.json [PAGE.md] - the tables of docs/performance.md from what `run.py all` printed. Without a page they go to standard
output; in a page they take the place of what stands between <!-- table NAME --> and <!-- end -->."""
import json
import pathlib
import re
import sys

ORDER = ["machine", "compare", "scaling", "accuracy", "sweep", "linearity", "start", "roofline"]


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(value) for value in row) + " |" for row in rows])


def number(value, digits=3):
    """Significant digits, thousands set apart."""
    if value is None:
        return "-"
    value = float(f"{value:.{digits}g}")
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:g}"


def percent(value):
    return f"{100 * value:.2g} %"


def machine_of(report):
    one = report["compare"]["machine"]
    versions = [line for line in one["engine"] if line.startswith(("uxosim", "compiler", "flags", "libdeflate"))]
    return table(["", ""], [["Date", one["date"][:10]], ["Processor", f"{one['processor']}, {one['cores']} cores"],
                            ["Memory", f"{one['memory_mb'] // 1024} GiB"], ["System", one["system"]], ["Engine", "; ".join(" ".join(line.split()) for line in versions)],
                            ["Plain program", one["peer_flags"]],
                            ["Load before each part", ", ".join(f"{name} {part['machine']['load_before'][0]:g}" for name, part in report.items())]])


def compare_of(report):
    part = report["compare"]
    names = {"engine": "engine, `analog`", "plain_gsl": "plain GSL (C)", "plain_gsl_fail_first": "plain GSL, failures first", "numpy": "NumPy", "r": "R"}
    rows = []
    for name, shown in names.items():
        if name in part["results"]:
            one, ratio = part["results"][name], part["ratios"].get(f"engine_to_{name}")
            rows.append([shown, number(one["submunitions_per_second"] / 1e6), number(one["submunitions_per_cpu_second"] / 1e6), number(one["peak_mb"]),
                         f"{ratio['wall']} / {ratio['cpu']}" if ratio else "1", f"{one['wall_spread']:.2f} / {one['cpu_spread']:.2f}"])
    return table(["one thread", "million submunitions / s", "per cpu second", "MB", "engine is faster by (wall / cpu)", "spread (wall / cpu)"], rows)


def scaling_of(report):
    rows = [[name, one["one_thread_seconds"], one["two_threads_seconds"], one["ratio"], one["ratio_of_best"]]
            for name, one in report["compare"]["scaling_one_to_two_threads"].items()]
    return table(["whole command", "one thread, s", "two threads, s", "ratio", "ratio of the best times"], rows)


def accuracy_of(report):
    part, rows = report["accuracy"], []
    for case in part["cases"]:
        errors, ratio, merit = case["errors"], case["ratio_at_target"], case["figure_of_merit"]
        rows.append([{"w1": "W1", "disc": "places to 50 m"}[case["workload"]], case["case"], f"{case['realisations']:,}", case["wall_seconds"], case["cpu_seconds"],
                     " / ".join(percent(errors[name]["equivalent_relative_standard_error"]) for name in ("density", "probability")),
                     " / ".join(percent(errors[name]["less_reference"]) for name in ("density", "probability")), percent(case["stated_relative_error"]),
                     number(case["plain_gsl_seconds_needed"]), f"{number(ratio['wall'])} / {number(ratio['cpu'])}" if ratio else "not reached",
                     f"{number(merit['wall'])} / {number(merit['cpu'])}"])
    return table(["work", "estimator", "realisations", "wall, s", "cpu, s", "error found (density / P)", "less the reference's", "stated", "plain GSL to 1 %, s",
                  "faster to 1 % (wall / cpu)", "1 / (variance x time), plain GSL = 1"], rows)


def sweep_of(report):
    rows = [[one["estimator"], f"{one['cells']:,}", f"{one['strikes']:,}", f"{one['realisations']:,}", one["wall_seconds"], one["cpu_seconds"], number(one["peak_mb"]),
             number(one["file_mb"]), f"{one['reached_cells']:,}"] for one in report["sweep"]["rows"]]
    return table(["estimator", "cells", "strikes", "realisations", "wall, s", "cpu, s", "MB", "file, MB", "cells reached"], rows)


def linearity_of(report):
    rows = []
    for estimator, series in report["linearity"]["series"].items():
        for key, one in series.items():
            rows.append([estimator, key.replace("_", " "), ", ".join(f"{row[key]:,}: {row['cpu_seconds']:.3g}" for row in one["rows"]),
                         ", ".join(f"{value:.2e}" for value in one["cpu_seconds_per_unit"])])
    return table(["estimator", "of", "cpu seconds", "more per unit, s"], rows)


def start_of(report):
    part = report["start"]
    rows = [["smallest: 64 x 64 cells, 1 strike, 2 realisations", 1, part["smallest"]["wall_seconds"], part["smallest"]["cpu_seconds"], part["smallest"]["repeats"]]]
    for name, one in (part["kharkiv"] or {}).items():
        rows.append(["Kharkiv: 20 m cells, 2000 realisations, all layers", name[-1], one["wall_seconds"], one["cpu_seconds"], one["repeats"]])
    return table(["scenario", "threads", "wall, s", "cpu, s", "runs"], rows)


def roofline_of(report):
    text = []
    for run in report["roofline"]["runs"]:
        rows = [[row["part"], f"{100 * row['share']:.1f} %", number(row["milliseconds"]), f"{row['ns_per_unit']:g} ns per {row['unit']}" if "unit" in row else "",
                 row.get("limit", "")] for row in run["rows"] if row["share"] >= 0.003]
        text.append(f"**{run['name']}** ({run['cpu_seconds']} s of processor, {run['samples']} samples)\n\n" + table(["part", "share", "ms", "cost", "limit, ns"], rows))
    return "\n\n".join(text)


def main():
    report = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    made = {name: globals()[name + "_of"](report) for name in ORDER}
    if len(sys.argv) < 3:
        print("\n\n".join(f"## {name}\n{text}" for name, text in made.items()))
        return
    page = pathlib.Path(sys.argv[2])
    text = page.read_text(encoding="utf-8")
    for name, content in made.items():
        text, count = re.subn(rf"(<!-- table {name} -->\n).*?(<!-- end -->)", lambda match: match.group(1) + content + "\n" + match.group(2), text, flags=re.S)
        if count != 1:
            sys.exit(f"tables: {page} has {count} places for the table {name}")
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
