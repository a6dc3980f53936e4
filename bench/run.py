#!/usr/bin/python3
"""Measures uxosim against plain programs on the same work, in turns; prints JSON. bench/README.md says what the numbers mean.

  run.py compare   speed, memory, two threads, agreement of the maps: engine, plain GSL, NumPy, R
  run.py accuracy  time to a stated accuracy: a candidate map against a reference map, the plain program extrapolated
  run.py sweep     the engine over sizes of grid and numbers of strikes

Not here: what the work is (workloads/w1.py), the peers (peers/), profiles (README.md has the commands).
"""
import argparse
import json
import pathlib
import shutil
import sys
import tempfile

import maps
import measure

BENCH = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH / "workloads"))
import w1  # noqa: E402

PEER_REALISATIONS_PER_ENGINE = 10  # a peer is given fewer realisations than the engine by this factor, to take a comparable time


def workload(folder, **options):
    words = [str(folder)]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), str(value)]
    w1.main(words)
    return json.loads((folder / "workload.json").read_text())


def engine_command(engine, folder, output, threads, sets=()):
    words = [word for value in sets for word in ("--set", value)]
    return [engine, "run", folder / "scenario.yaml", "-o", output, "--threads", threads, "--quiet", *words]


def peer_command(program, folder, facts, output, realisations, threads=1, seed=12345):
    return [*program, realisations, threads, seed, folder / "strikes.csv", output, facts["xmin"], facts["ymin"], facts["side"], facts["cell_m"]]


def rates(summary, submunitions):
    summary["submunitions_per_second"] = round(submunitions / summary["wall_seconds"])
    summary["submunitions_per_cpu_second"] = round(submunitions / summary["cpu_seconds"])
    return summary


def ratio_of(results, first, second):
    """How many times the first is as fast as the second, by wall clock and by processor time."""
    return {"wall": round(results[first]["submunitions_per_second"] / results[second]["submunitions_per_second"], 2),
            "cpu": round(results[first]["submunitions_per_cpu_second"] / results[second]["submunitions_per_cpu_second"], 2)}


def contestants_of(arguments, folder, facts, scratch):
    """{name: (command, realisations)}"""
    gsl = [measure.build_peer(scratch)]
    few = arguments.peer_realisations or max(facts["realisations"] // PEER_REALISATIONS_PER_ENGINE, 2)
    every = {
        "engine": (engine_command(arguments.engine, folder, scratch / "engine.nc", 1), facts["realisations"]),
        "plain_gsl": (peer_command(gsl, folder, facts, scratch / "gsl", few), few),
        "engine_two_threads": (engine_command(arguments.engine, folder, scratch / "engine2.nc", 2), facts["realisations"]),
        "plain_gsl_fail_first": (peer_command(gsl, folder, facts, scratch / "first", few) + ["fail-first"], few),
        "plain_gsl_two_threads": (peer_command(gsl, folder, facts, scratch / "gsl2", few, threads=2), few),
        "engine_two_realisations": (engine_command(arguments.engine, folder, scratch / "one.nc", 1, ["run.realisations=2"]), 2),
    }
    if "numpy" in arguments.peers:
        every["numpy"] = (peer_command(["/usr/bin/python3", BENCH / "peers" / "plain_numpy.py"], folder, facts, scratch / "numpy", few), few)
    if "r" in arguments.peers:
        if shutil.which("Rscript") is None:
            sys.exit("bench: no Rscript (Debian: r-base-core); --peers numpy leaves R out")
        every["r"] = (peer_command(["Rscript", BENCH / "peers" / "plain_r.R"], folder, facts, scratch / "r", few), few)
    return every


def check_agreement(contestants, facts, scratch):
    """Every map against the C peer's: a comparison of speeds means something only between programs that compute the same."""
    n = contestants["plain_gsl"][1]
    found = {"engine": maps.agreement(maps.engine_map(scratch / "engine.nc", facts["cell_m"]), facts["realisations"], scratch / "gsl", n)}
    for name in ("numpy", "r"):
        if name in contestants:
            found[name] = maps.agreement(maps.peer_map(scratch / name, facts["side"]), contestants[name][1], scratch / "gsl", n)
    first = (scratch / "engine.nc").read_bytes() == (scratch / "engine2.nc").read_bytes()
    return {"against_plain_gsl": found, "same_bytes_with_two_threads": first}


def compare(arguments, scratch):
    folder = scratch / "w1"
    facts = workload(folder, realisations=arguments.realisations, strikes=arguments.strikes, side=arguments.side)
    contestants = contestants_of(arguments, folder, facts, scratch)
    report = {"what": "compare", "machine": measure.machine(arguments.engine), "workload": facts,
              "commands": {name: measure.shown(command) for name, (command, _) in contestants.items()}}
    runs = measure.take_turns({name: command for name, (command, _) in contestants.items()}, arguments.repeats)
    results = {name: rates(measure.summarise(runs[name]), facts["submunitions_per_realisation"] * contestants[name][1])
               for name in contestants}
    del results["engine_two_realisations"]["submunitions_per_second"], results["engine_two_realisations"]["submunitions_per_cpu_second"]
    report["results"] = results
    report["ratios"] = {f"engine_to_{name}": ratio_of(results, "engine", name)
                        for name in ("plain_gsl", "plain_gsl_fail_first", "numpy", "r") if name in results}
    # The plain program shares nothing between its threads: what it reaches says whether two cores were there to be had.
    report["scaling_one_to_two_threads"] = {name: round(results[name]["wall_seconds"] / results[f"{name}_two_threads"]["wall_seconds"], 3)
                                            for name in ("engine", "plain_gsl")}
    report["agreement"] = check_agreement(contestants, facts, scratch)
    return report


def plain_reference(arguments, folder, facts, scratch):
    """The plain program's variance per cell, and its seconds per realisation on one thread (median of the repeats)."""
    program = [measure.build_peer(scratch)]
    n = arguments.peer_realisations or 2000
    runs = measure.take_turns({"plain_gsl": peer_command(program, folder, facts, scratch / "gsl", n)}, arguments.repeats)["plain_gsl"]
    summary = measure.summarise(runs)
    return maps.peer_map(scratch / "gsl", facts["side"])["variance"], n, summary


def accuracy(arguments, scratch):
    folder = scratch / "w1"
    facts = workload(folder, realisations=arguments.realisations, estimator=arguments.estimator)
    candidate_path, candidate_time = arguments.candidate, {"wall_seconds": arguments.candidate_seconds}
    command = None
    if candidate_path is None:
        candidate_path = scratch / "candidate.nc"
        command = engine_command(arguments.engine, folder, candidate_path, 1, arguments.set)
        candidate_time = measure.summarise(measure.take_turns({"candidate": command}, arguments.repeats)["candidate"])
    reference = maps.engine_map(arguments.reference, facts["cell_m"])
    variance, n, plain = plain_reference(arguments, folder, facts, scratch)
    needed = maps.realisations_needed(reference, variance, arguments.target)
    errors = maps.relative_errors(reference, maps.engine_map(candidate_path, facts["cell_m"]))
    reached = max(error["equivalent_relative_standard_error"] for error in errors.values())
    plain_seconds = {name: value * plain["wall_seconds"] / n for name, value in needed.items()}
    report = {"what": "accuracy", "machine": measure.machine(arguments.engine), "workload": facts, "target_relative_standard_error": arguments.target,
              "candidate": {"command": measure.shown(command) if command else None, **candidate_time, "errors": errors,
                            "target_reached": reached <= arguments.target},
              "plain_gsl": {"measured_realisations": n, **plain, "variance_by_mean": round(maps.dispersion(reference, variance), 5),
                            "realisations_needed": {k: round(v) for k, v in needed.items()},
                            "seconds_needed": {k: round(v, 1) for k, v in plain_seconds.items()}}}
    seconds = candidate_time["wall_seconds"]
    if seconds:
        # Both maps have to be reached, so the plain program needs the longer of its two times.
        longest = max(plain_seconds.values())
        report["ratio_at_target"] = round(longest / seconds, 1) if reached <= arguments.target else None
        # What the plain program would need for the very error that the candidate has, map by map; the smaller of the two ratios.
        report["ratio_at_same_error"] = round(min(
            plain_seconds[name] * (arguments.target / errors[name]["equivalent_relative_standard_error"]) ** 2 / seconds for name in errors), 1)
    return report


def sweep(arguments, scratch):
    report = {"what": "sweep", "machine": measure.machine(arguments.engine), "threads": arguments.threads, "rows": []}
    cases = [(side, 100) for side in arguments.sides] + [(1000, strikes) for strikes in arguments.strike_counts if strikes != 100]
    for side, strikes in cases:
        folder = scratch / f"{side}_{strikes}"
        realisations = max(2, min(arguments.realisations, arguments.realisations * 100 // strikes))
        facts = workload(folder, side=side, strikes=strikes, realisations=realisations, estimator=arguments.estimator)
        output = scratch / "sweep.nc"
        runs = measure.take_turns({f"{side} x {side}, {strikes} strikes": engine_command(arguments.engine, folder, output, arguments.threads, arguments.set)},
                                  arguments.repeats)
        summary = measure.summarise(next(iter(runs.values())))
        report["rows"].append({"cells": side * side, "strikes": strikes, "realisations": realisations, **rates(
            summary, facts["submunitions_per_realisation"] * realisations), "file_mb": round(output.stat().st_size / 1e6, 2)})
        output.unlink()
    return report


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", type=pathlib.Path, default=BENCH.parent / "build" / "release" / "uxosim")
    parser.add_argument("--repeats", type=int, default=5, help="after one warm-up (default 5)")
    parser.add_argument("--folder", type=pathlib.Path, help="keep all files here (default: a temporary folder)")
    modes = parser.add_subparsers(dest="mode", required=True)
    one = modes.add_parser("compare")
    one.add_argument("--realisations", type=int, default=10000, help="of the engine (default 10000)")
    one.add_argument("--peer-realisations", type=int, help="of the peers (default: a tenth of the engine's)")
    one.add_argument("--strikes", type=int, default=100)
    one.add_argument("--side", type=int, default=1000)
    one.add_argument("--peers", nargs="*", default=["numpy", "r"], choices=["numpy", "r"], help="besides plain GSL")
    two = modes.add_parser("accuracy")
    two.add_argument("--reference", type=pathlib.Path, required=True, help="result file of W1 (list seed 1) with an error far below the target")
    two.add_argument("--candidate", type=pathlib.Path, help="result file; default: run the engine")
    two.add_argument("--candidate-seconds", type=float, help="what the candidate took")
    two.add_argument("--estimator", default="analog")
    two.add_argument("--realisations", type=int, default=2000)
    two.add_argument("--set", action="append", default=[], help="as in uxosim run")
    two.add_argument("--target", type=float, default=0.01, help="median relative standard error (default 0.01)")
    two.add_argument("--peer-realisations", type=int)
    three = modes.add_parser("sweep")
    three.add_argument("--sides", type=int, nargs="*", default=[100, 316, 1000, 3162, 10000, 20000])
    three.add_argument("--strike-counts", type=int, nargs="*", default=[1, 10, 100, 1000, 10000, 100000])
    three.add_argument("--realisations", type=int, default=2000, help="for 100 strikes; fewer for more (default 2000)")
    three.add_argument("--estimator", default="analog")
    three.add_argument("--threads", type=int, default=1)
    three.add_argument("--set", action="append", default=[], help="as in uxosim run")
    return parser.parse_args()


def main():
    arguments = parse()
    if not arguments.engine.exists():
        sys.exit(f"bench: no engine at {arguments.engine}; cmake --workflow --preset release")
    work = {"compare": compare, "accuracy": accuracy, "sweep": sweep}[arguments.mode]
    if arguments.folder is not None:
        arguments.folder.mkdir(parents=True, exist_ok=True)
        report = work(arguments, arguments.folder)
    else:
        with tempfile.TemporaryDirectory(prefix="uxosim-bench-") as folder:
            report = work(arguments, pathlib.Path(folder))
    print(json.dumps(report, indent=1))
    agreement = report.get("agreement")
    if agreement and not all(one["agree"] for one in agreement["against_plain_gsl"].values()):
        sys.exit("bench: the maps do not agree; the speeds are not of the same work")


if __name__ == "__main__":
    main()
