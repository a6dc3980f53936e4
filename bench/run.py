#!/usr/bin/python3
"""Measures uxosim against plain programs on the same work, in turns; prints JSON. bench/README.md says what the numbers mean.

  run.py compare    speed, memory, two threads, agreement of the maps: engine, plain GSL, NumPy, R
  run.py accuracy   time to a stated accuracy: maps of both estimators against a reference map, the plain program extrapolated
  run.py sweep      the engine over sizes of grid and numbers of strikes
  run.py linearity  what a strike, a realisation, a reached cell costs
  run.py start      the smallest scenario, and Kharkiv where its data are at hand
  run.py roofline   where the time goes, and how far each part is from its limit (perf; needs a build with debug information)
  run.py all        all of them, one after the other: the figures of docs/performance.md (tables.py)
"""
import argparse
import json
import pathlib
import sys
import tempfile

import accuracy
import compare
import measure
import roofline
import sizes

MODES = {"compare": compare.compare, "accuracy": accuracy.accuracy, "sweep": sizes.sweep, "linearity": sizes.linearity, "start": sizes.start,
         "roofline": roofline.roofline}
BUILD = measure.BENCH.parent / "build"


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=[*MODES, "all"])
    parser.add_argument("--engine", type=pathlib.Path, default=BUILD / "release" / "uxosim")
    parser.add_argument("--repeats", type=int, default=5, help="after one warm-up (default 5; long runs fewer)")
    parser.add_argument("--folder", type=pathlib.Path, help="keep all files here (default: a temporary folder)")
    parser.add_argument("--output", type=pathlib.Path, help="JSON goes here (default: standard output)")
    parser.add_argument("--peer-realisations", type=int, help="of the peers (default: a tenth of the engine's; accuracy: 2000)")
    one = parser.add_argument_group("compare")
    one.add_argument("--realisations", type=int, default=10000, help="of the engine (default 10000)")
    one.add_argument("--strikes", type=int, default=100)
    one.add_argument("--side", type=int, default=1000)
    one.add_argument("--peers", nargs="*", default=["numpy", "r"], choices=["numpy", "r"], help="besides plain GSL")
    two = parser.add_argument_group("accuracy")
    two.add_argument("--references", type=pathlib.Path, default=BUILD / "references", help="folder in which reference maps are kept")
    two.add_argument("--reference-realisations", type=int, default=1000000)
    two.add_argument("--target", type=float, default=0.01, help="median relative standard error (default 0.01)")
    three = parser.add_argument_group("sweep")
    three.add_argument("--sides", type=int, nargs="*", default=[100, 316, 1000, 3162, 10000, 20000])
    three.add_argument("--strike-counts", type=int, nargs="*", default=[1, 10, 100, 1000, 10000, 100000])
    three.add_argument("--estimators", nargs="*", default=["expected-value", "analog"])
    three.add_argument("--threads", type=int, default=2)
    parser.add_argument_group("start").add_argument("--kharkiv-data", type=pathlib.Path, help="default: the scenario's own data_dir")
    parser.add_argument_group("roofline").add_argument("--profiled", type=pathlib.Path, default=BUILD / "perf" / "uxosim",
                                                       help="an engine with debug information")
    return parser.parse_args()


def run(arguments, scratch):
    if arguments.mode != "all":
        return MODES[arguments.mode](arguments, scratch)
    report = {}
    for name, work in MODES.items():
        folder = scratch / name
        folder.mkdir(exist_ok=True)
        report[name] = work(arguments, folder)
    return report


def main():
    arguments = parse()
    measure.launcher()
    if not arguments.engine.exists():
        sys.exit(f"bench: no engine at {arguments.engine}; cmake --workflow --preset release")
    if arguments.folder is not None:
        arguments.folder.mkdir(parents=True, exist_ok=True)
        report = run(arguments, arguments.folder)
    else:
        with tempfile.TemporaryDirectory(prefix="uxosim-bench-") as folder:
            report = run(arguments, pathlib.Path(folder))
    text = json.dumps(report, indent=1)
    if arguments.output is not None:
        arguments.output.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    agreement = report.get("compare", report).get("agreement")
    if agreement and not all(one["agree"] for one in agreement["against_plain_gsl"].values()):
        sys.exit("bench: the maps do not agree; the speeds are not of the same work")


if __name__ == "__main__":
    main()
