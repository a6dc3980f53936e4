"""Speed on the same work: engine, plain GSL, NumPy, R in turns; agreement of the maps; two threads. Not a program; see run.py."""
import shutil
import sys

import maps
import measure

PEER_REALISATIONS_PER_ENGINE = 10  # a peer is given fewer realisations than the engine by this factor, to take a comparable time


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
        "engine": (measure.engine_command(arguments.engine, folder, scratch / "engine.nc", 1), facts["realisations"]),
        "plain_gsl": (measure.peer_command(gsl, folder, facts, scratch / "gsl", few), few),
        "engine_two_threads": (measure.engine_command(arguments.engine, folder, scratch / "engine2.nc", 2), facts["realisations"]),
        "plain_gsl_fail_first": (measure.peer_command(gsl, folder, facts, scratch / "first", few) + ["fail-first"], few),
        "plain_gsl_two_threads": (measure.peer_command(gsl, folder, facts, scratch / "gsl2", few, threads=2), few),
        "engine_two_realisations": (measure.engine_command(arguments.engine, folder, scratch / "one.nc", 1, ["run.realisations=2"]), 2),
    }
    if "numpy" in arguments.peers:
        program = ["/usr/bin/python3", measure.BENCH / "peers" / "plain_numpy.py"]
        every["numpy"] = (measure.peer_command(program, folder, facts, scratch / "numpy", few), few)
    if "r" in arguments.peers:
        if shutil.which("Rscript") is None:
            sys.exit("bench: no Rscript (Debian: r-base-core); --peers numpy leaves R out")
        every["r"] = (measure.peer_command(["Rscript", measure.BENCH / "peers" / "plain_r.R"], folder, facts, scratch / "r", few), few)
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


def scaling(arguments, scratch, contestants):
    """One thread against two, whole command. The plain program shares nothing between its threads, so what it reaches says whether two
    cores were there to be had; it gets the engine's seconds, and all take turns."""
    folder = scratch / "expected"
    measure.workload(folder, realisations=1000, estimator="expected-value")
    commands = {"plain_gsl": contestants["plain_gsl"][0], "plain_gsl_two_threads": contestants["plain_gsl_two_threads"][0]}
    for name, where, sets in (("analog", scratch / "w1", ["run.realisations=40000"]), ("expected-value", folder, [])):
        for threads, suffix in ((1, ""), (2, "_two_threads")):
            commands[name + suffix] = measure.engine_command(arguments.engine, where, scratch / f"{name}{threads}.nc", threads, sets)
    runs = measure.take_turns(commands, arguments.repeats)
    result = {}
    for name in ("plain_gsl", "analog", "expected-value"):
        one, two = (measure.summarise(runs[name + suffix]) for suffix in ("", "_two_threads"))
        # Best against best besides the medians: a core that is lent to somebody else for a moment spoils a median, not a best time.
        best = min(run["wall"] for run in runs[name]) / min(run["wall"] for run in runs[name + "_two_threads"])
        result[name] = {"one_thread_seconds": one["wall_seconds"], "two_threads_seconds": two["wall_seconds"],
                        "ratio": round(one["wall_seconds"] / two["wall_seconds"], 3), "ratio_of_best": round(best, 3)}
    return result


def compare(arguments, scratch):
    folder = scratch / "w1"
    facts = measure.workload(folder, realisations=arguments.realisations, strikes=arguments.strikes, side=arguments.side)
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
    report["scaling_one_to_two_threads"] = scaling(arguments, scratch, contestants)
    report["agreement"] = check_agreement(contestants, facts, scratch)
    return report
