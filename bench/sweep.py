#!/usr/bin/python3
"""Measures a sweep of many small scenarios: how much of the processor time is not simulating, how good the plan's estimate was, what is on disk,
what collecting takes; prints JSON.

    sweep.py [--engine UXOSIM] [--scenarios 1000] [--realisations 2000] [--processes 2] [--folder FOLDER]
"""
import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[1]
SUMMARY = re.compile(r"(\d+) done, .* ([0-9.]+) s of them simulating; ([0-9.]+) s since the start")


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", type=pathlib.Path, default=SOURCE / "build" / "release" / "uxosim")
    parser.add_argument("--scenarios", type=int, default=1000)
    parser.add_argument("--realisations", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=pathlib.Path, help="keep all files here (default: a temporary folder)")
    return parser.parse_args()


def prepare(arguments, folder):
    """The demonstration's inputs, with so many realisations and scenarios."""
    shutil.copytree(SOURCE / "configs" / "stepanakert", folder / "stepanakert", dirs_exist_ok=True)
    shutil.copy(SOURCE / "configs" / "munitions.yaml", folder)
    for name, pattern, value in (("scenario.yaml", r"realisations: \d+", f"realisations: {arguments.realisations}"),
                                 ("sweep.yaml", r"latin_hypercube: \d+", f"latin_hypercube: {arguments.scenarios}")):
        path = folder / "stepanakert" / name
        path.write_text(re.sub(pattern, value, path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    return folder / "stepanakert" / "sweep.yaml"


def timed(words):
    """Seconds of processor time and of the clock, MiB at most, of one command."""
    begin = time.monotonic()
    process = subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{words}: status {status}")
    return {"processor_s": usage.ru_utime + usage.ru_stime, "clock_s": time.monotonic() - begin, "mib": usage.ru_maxrss / 1024}


def run_all(arguments, plan, tasks):
    """All tasks, divided among processes; what they say at their end."""
    share = -(-tasks // arguments.processes)
    begin = time.monotonic()
    running = [subprocess.Popen([str(arguments.engine), "sweep", "run", str(plan), "--task", f"{first}-{min(first + share - 1, tasks)}"],
                                stderr=subprocess.PIPE, text=True) for first in range(1, tasks + 1, share)]
    ends = [SUMMARY.search(process.communicate()[1]) for process in running]
    if any(process.returncode for process in running) or not all(ends):
        raise SystemExit("a process failed")
    simulating, whole = sum(float(end[2]) for end in ends), sum(float(end[3]) for end in ends)
    return {"tasks": sum(int(end[1]) for end in ends), "simulating_s": simulating, "processor_s": whole, "overhead": 1 - simulating / whole,
            "clock_s": time.monotonic() - begin, "mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def measure(arguments, folder):
    sweep = prepare(arguments, folder)
    plan = folder / "plan"
    report = {"plan": timed([arguments.engine, "sweep", "plan", sweep, "-o", plan])}
    estimate = json.loads((plan / "plan.json").read_text(encoding="utf-8"))
    probed = folder / "probed"
    report["plan_probe"] = timed([arguments.engine, "sweep", "plan", sweep, "-o", probed, "--probe"])
    by_probe = json.loads((probed / "plan.json").read_text(encoding="utf-8"))
    report["run"] = run_all(arguments, plan, estimate["tasks"])
    seconds = report["run"]["processor_s"]
    report["estimate_over_measured"] = {"plain": estimate["estimate"]["seconds"] / seconds, "probe": by_probe["estimate"]["seconds"] / seconds,
                                        "memory": estimate["estimate"]["largest_mib"] / report["run"]["mib"]}
    files = [path for path in (plan / "tasks").rglob("*") if path.is_file()]
    report["disk"] = {"files": len(files), "bytes": sum(path.stat().st_size for path in files), "estimate_mb": estimate["estimate"]["disk_mb"]}
    report["status"] = timed([arguments.engine, "sweep", "status", plan])
    report["collect"] = timed([arguments.engine, "sweep", "collect", plan, "-o", folder / "out.nc"])
    report["collect"]["bytes"] = (folder / "out.nc").stat().st_size
    return report


def main():
    arguments = parse()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        print(json.dumps(measure(arguments, folder), indent=1))


main()
