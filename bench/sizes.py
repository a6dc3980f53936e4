"""Sizes of work and what they cost: sweep, linearity, start-up. Not a program; see run.py."""
import json

import maps
import measure

LARGEST_REALISATIONS = 1000
STRIKE_REALISATIONS = 10**6  # at most so many strikes x realisations: fewer realisations where there are more strikes
SHORT_SECONDS = 5.0          # what takes longer is run once


def sweep_cases(arguments):
    cases = [(side, 100) for side in arguments.sides]
    cases += [(1000, strikes) for strikes in arguments.strike_counts if strikes != 100]
    return cases + [(20000, 1000)] * (max(arguments.sides) >= 20000)


def measured(arguments, scratch, threads, repeats, **options):
    """One row: times, memory, file, cells that were reached."""
    folder, output = scratch / "size", scratch / "size.nc"
    facts = measure.workload(folder, **options)
    command = measure.engine_command(arguments.engine, folder, output, threads)
    runs = [measure.run_child(command)]
    if runs[0]["wall"] < SHORT_SECONDS:
        runs = [measure.run_child(command) for _ in range(repeats)]
    row = {"estimator": facts["estimator"], "cells": facts["side"] ** 2, "cell_m": facts["cell_m"], "strikes": facts["strikes"],
           "realisations": facts["realisations"], "threads": threads, **measure.summarise(runs),
           "file_mb": round(output.stat().st_size / 1e6, 2), "reached_cells": maps.reached_cells(output)}
    output.unlink()
    print("bench:", json.dumps(row), file=measure.LOG)
    return row


def sweep(arguments, scratch):
    report = {"what": "sweep", "machine": measure.machine(arguments.engine), "rows": []}
    for estimator in arguments.estimators:
        for side, strikes in sweep_cases(arguments):
            realisations = max(2, min(LARGEST_REALISATIONS, STRIKE_REALISATIONS // strikes))
            report["rows"].append(measured(arguments, scratch, arguments.threads, min(arguments.repeats, 3), side=side, strikes=strikes,
                                           realisations=realisations, estimator=estimator))
    return report


def series_of(key, rows):
    """Processor time per unit between neighbouring rows: constant where the work is linear."""
    steps = []
    for before, after in zip(rows, rows[1:]):
        units = after[key] - before[key]
        steps.append(float(f"{(after['cpu_seconds'] - before['cpu_seconds']) / units:.3g}"))
    return {"rows": [{key: row[key], "cpu_seconds": row["cpu_seconds"]} for row in rows], "cpu_seconds_per_unit": steps}


def linearity(arguments, scratch):
    """W1 with one thing changed at a time, one thread. Cells: the same ground in finer cells."""
    changed = {"strikes": [{"strikes": n} for n in (50, 100, 200, 400)],
               "realisations": [{"realisations": n} for n in (500, 1000, 2000, 4000)],
               "reached_cells": [{"side": 5000 // metres, "cell_m": metres} for metres in (10, 5, 2)]}
    report = {"what": "linearity", "machine": measure.machine(arguments.engine), "series": {}}
    for estimator, factor in (("expected-value", 1), ("analog", 20)):
        for key, settings in changed.items():
            rows = []
            for setting in settings:
                options = {"realisations": 1000, **setting, "estimator": estimator}
                options["realisations"] *= factor
                rows.append(measured(arguments, scratch, 1, min(arguments.repeats, 3), **options))
            report["series"].setdefault(estimator, {})[key] = series_of(key, rows)
    return report


def start(arguments, scratch):
    """The smallest scenario, and Kharkiv where its data are at hand."""
    folder = scratch / "smallest"
    measure.workload(folder, side=64, strikes=1, realisations=2, estimator="expected-value")
    command = measure.engine_command(arguments.engine, folder, scratch / "smallest.nc", 1)[:-3] + ["--quiet"]
    runs = [measure.run_child(command) for _ in range(31)][1:]
    report = {"what": "start", "machine": measure.machine(arguments.engine), "smallest": {**measure.summarise(runs), "command": measure.shown(command)}}
    scenario = measure.BENCH.parent / "configs" / "kharkiv" / "scenario.yaml"
    data = arguments.kharkiv_data or (scenario.parent / "../../../shared/data/kharkiv").resolve()
    if not data.exists():
        report["kharkiv"] = None
        return report
    commands = {f"kharkiv_{threads}": [arguments.engine, "run", scenario, "--set", f"data_dir={data.resolve()}", "-o", scratch / "kharkiv.nc",
                                       "--threads", threads, "--quiet"] for threads in (1, 2)}
    turns = measure.take_turns(commands, min(arguments.repeats, 5))
    report["kharkiv"] = {name: {**measure.summarise(turns[name]), "command": measure.shown(commands[name])} for name in commands}
    return report
