#!/usr/bin/python3
"""test_sweep.py - sweeps as users meet them: plan, run in any order and bundling, status, collect; tasks that die, fail, are damaged or foreign; what
is collected against single runs; paired differences.

    test_sweep.py [UXOSIM]       the program: default $UXOSIM
ctest-timeout: 600
"""
import csv
import fcntl
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # the readers are the distribution's packages

import h5py
import numpy as np

UXOSIM = sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SWEEP = """format: 1
title: A test
base: stepanakert/scenario.yaml
seed: 3
design: {design}
axes:
{axes}
{rest}
"""
GRID = "  rate: {key: override.lar-160-m095.dud_rate, values: [0.1, 0.12, 0.2]}\n  carriers: {key: strikes.defaults.carriers, values: [2, {range: [1, 4]}]}"


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def run(*words, code=0):
    done = subprocess.run([UXOSIM, *map(str, words)], capture_output=True, text=True, check=False)
    expect(done.returncode == code, f"{words}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done


def project(folder, sweep, seed=20201003, realisations=200):
    """A folder with the demonstration's inputs and a sweep file."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(SOURCE / "configs" / "stepanakert", folder / "stepanakert", dirs_exist_ok=True)
    shutil.copy(SOURCE / "configs" / "munitions.yaml", folder)
    path = folder / "stepanakert" / "scenario.yaml"
    text = path.read_text(encoding="utf-8").replace("realisations: 2000", f"realisations: {realisations}").replace("seed: 20201003", f"seed: {seed}")
    path.write_text(text.replace("cell_size_m: 10 ", "cell_size_m: 25 "), encoding="utf-8")
    (folder / "sweep.yaml").write_text(sweep, encoding="utf-8")
    return folder


def status(folder, code=0):
    """Counts by word."""
    lines = run("sweep", "status", folder, code=code).stdout.splitlines()
    return {line.split()[0]: int(line.split()[1].rstrip(":")) for line in lines if line.split()[0] in ("tasks", "done", "running", "failed", "died", "damaged", "missing")}


def bytes_of(path):
    return pathlib.Path(path).read_bytes()


def any_order_and_bundling(scratch):
    base = project(scratch / "order", SWEEP.format(design="{grid: true}", axes=GRID, rest="baseline: {rate: 0.15}\nlayers: [dud_density, dud_probability]"))
    one, two = base / "one", base / "two"
    run("sweep", "plan", base / "sweep.yaml", "-o", one)
    run("sweep", "plan", base / "sweep.yaml", "-o", one)  # again: the same plan
    with open(one / "plan.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    expect([row["task"] for row in rows] == [str(i + 1) for i in range(7)], "plan.csv numbers tasks from 1")
    expect(rows[1]["carriers"] == "{range: [1, 4]}" and rows[6]["rate"] == "0.15" and rows[6]["carriers"] == "", "values of the axes, baseline last")
    expect(all(float(row["seconds"]) > 0 and float(row["mib"]) > 10 and float(row["mb"]) > 0 for row in rows), "estimates")
    expect(status(one) == {"tasks": 7, "done": 0, "running": 0, "failed": 0, "died": 0, "damaged": 0, "missing": 7}, "nothing has been done")
    run("sweep", "collect", one, "-o", base / "none.nc", code=65)

    run("sweep", "run", one, "--task", "1-3,6", "-q")
    expect(status(one)["done"] == 4, "four of seven")
    refused = run("sweep", "collect", one, "-o", base / "holes.nc", code=65)
    expect("3 of 7 tasks are not done: 4-5,7;" in refused.stderr and not (base / "holes.nc").exists(), f"holes are refused by name: {refused.stderr}")
    expect(run("sweep", "status", one, "--unfinished").stdout == "4-5,7\n", "numbers for --task")
    run("sweep", "collect", one, "-o", base / "holes.nc", "--allow-missing", "--csv", base / "holes.csv")
    with h5py.File(base / "holes.nc") as file:
        expect(list(file["missing"][:]) == [0, 0, 0, 1, 1, 0, 1] and file.attrs["missing_scenarios"][0] == 3, "holes are marked")
        values = file["districts/duds_mean"][:]
        expect(np.isnan(values[3]).all() and not np.isnan(values[2]).any(), "holes are NaN")
        expect(np.isnan(file["dud_density"][4]).all() and np.isfinite(file["dud_density"][5]).all(), "maps, too")
        expect(np.isnan(file["paired/duds"][6]).all(), "and what is paired")
    with open(base / "holes.csv", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    expect({row["missing"] for row in table if row["task"] == "4"} == {"1"} and all(row["duds_mean"] == "" for row in table if row["task"] == "4"), "csv marks them")

    again = run("sweep", "run", one, "--task", "1-7")
    expect("3 done, 4 were done before, 0 failed" in again.stderr, f"what is done is passed over: {again.stderr}")
    run("sweep", "plan", base / "sweep.yaml", "-o", two)
    for task in (7, 2, 5, 1, 6, 4, 3):
        run("sweep", "run", two, "--task", task, "-q", "--threads", 2)
    run("sweep", "run", two, "--task", "2-4", "-q")
    for folder in (one, two):
        run("sweep", "collect", folder, "-o", base / f"{folder.name}.nc", "--csv", base / f"{folder.name}.csv")
    expect(bytes_of(base / "one.nc") == bytes_of(base / "two.nc"), "order, bundling and threads show in the collected file")
    expect(bytes_of(base / "one.csv") == bytes_of(base / "two.csv"), "or in the table")
    return base


def as_single_runs(base):
    """Every number of a scenario is that of `uxosim run` with the same --set."""
    single = base / "single.nc"
    sets = ["--set", "override.lar-160-m095.dud_rate=0.12", "--set", "strikes.defaults.carriers={range: [1, 4]}"]
    run("run", base / "stepanakert" / "scenario.yaml", "-o", single, "-q", *sets)
    with h5py.File(base / "one.nc") as many, h5py.File(single) as one:
        columns = [name for name in one["districts"] if name in many["districts"] and one["districts"][name].dtype == np.float64]
        expect(len(columns) > 30, f"columns in both: {len(columns)}")
        for name in columns:
            expect(np.array_equal(many["districts"][name][3], one["districts"][name][:], equal_nan=True), f"{name} differs from a single run")
        for layer in ("dud_density", "dud_probability"):
            expect(np.array_equal(many[layer][3], one[layer][:]), f"{layer} differs from a single run")
        expectation = one["districts/dud_expectation"][:].astype(float)
        expect(np.allclose(many["districts/dud_expectation_mean"][3][:-1], expectation.mean(axis=0), rtol=1e-6), "mean expectation")
        expect(np.allclose(many["districts/dud_expectation_mean_se"][3][:-1], expectation.std(axis=0, ddof=1) / math.sqrt(len(expectation)), rtol=1e-5), "its error")
        blocks = many["paired/duds"][3]
        expect(blocks.shape[0] == 100 and np.allclose(blocks[7][:-1], expectation[14:16].mean(axis=0), rtol=1e-5), "blocks of realisations")
        expect(np.allclose(blocks[:, -1], blocks[:, :-1].sum(axis=1), rtol=1e-5), "the total is there, too")
        expect(np.array_equal(many["parameters/number"][3], [0.12, np.nan], equal_nan=True), "parameters as numbers")
        expect(many["parameters/value"].asstr()[3].tolist() == ["0.12", "{range: [1, 4]}"], "parameters as text")
        expect(many.attrs["baseline"][0] == 6 and many.attrs["design"] in (b"grid", "grid"), "the design")


def killed(base):
    """SIGKILL in the middle: nothing is taken for complete; the same call ends in the same bytes."""
    folder = base / "killed"
    run("sweep", "plan", base / "sweep.yaml", "-o", folder)
    deaths = 0
    for _ in range(40):
        process = subprocess.Popen([UXOSIM, "sweep", "run", str(folder), "--task", "1-7", "-q"], stderr=subprocess.DEVNULL)
        time.sleep(0.03 + 0.02 * (deaths % 7))
        process.send_signal(signal.SIGKILL)
        deaths += process.wait() == -signal.SIGKILL
        if status(folder)["done"] == 7:
            break
    expect(deaths >= 3, f"only {deaths} calls were killed")
    counts = status(folder)
    expect(counts["running"] == 0, "nobody runs what was killed")
    run("sweep", "run", folder, "-q")
    run("sweep", "collect", folder, "-o", base / "killed.nc")
    expect(bytes_of(base / "killed.nc") == bytes_of(base / "one.nc"), "other bytes after being killed")

    folder = base / "stopped"
    run("sweep", "plan", base / "sweep.yaml", "-o", folder)
    process = subprocess.Popen([UXOSIM, "sweep", "run", str(folder)], stderr=subprocess.PIPE, text=True)
    process.stderr.readline()
    process.send_signal(signal.SIGUSR1)
    process.communicate()
    expect(process.returncode == 75 and 1 <= status(folder)["done"] < 7, f"USR1: exit code {process.returncode}, {status(folder)}")


def damaged_and_foreign(base):
    folder = base / "damaged"
    shutil.copytree(base / "one", folder)
    files = sorted((folder / "tasks" / "0000").iterdir())
    expect([file.name for file in files] == ["0000001-0000003.tasks", "0000001-0000007.tasks", "0000006-0000006.tasks"], f"files: {files}")
    content = bytearray(files[0].read_bytes())
    content[len(content) - 1000] ^= 1
    files[0].write_bytes(content)
    seen = run("sweep", "status", folder, code=65)
    expect("is not whole from byte" in seen.stderr and status(folder, code=65)["done"] == 6, f"a changed byte is found: {seen.stderr}")
    refused = run("sweep", "collect", folder, "-o", base / "damaged.nc", code=65)
    expect("1 of 7 tasks are not done: 3;" in refused.stderr, refused.stderr)
    run("sweep", "run", folder, "-q")
    run("sweep", "collect", folder, "-o", base / "damaged.nc")
    expect(bytes_of(base / "damaged.nc") == bytes_of(base / "one.nc"), "repaired by running again")

    other = project(base / "other", SWEEP.format(design="{grid: true}", axes=GRID, rest="baseline: {rate: 0.15}\nlayers: [dud_density, dud_probability]"), seed=7)
    run("sweep", "plan", other / "sweep.yaml", "-o", other / "folder")
    run("sweep", "run", other / "folder", "--task", "1-3", "-q")
    shutil.copy(other / "folder" / "tasks" / "0000" / "0000001-0000003.tasks", folder / "tasks" / "0000" / "0000002-0000003.tasks")
    refused = run("sweep", "collect", folder, "-o", base / "foreign.nc", code=65)
    expect("0000002-0000003.tasks" in refused.stderr and not (base / "foreign.nc").exists(), f"a foreign file is refused by name: {refused.stderr}")
    refused = run("sweep", "plan", other / "sweep.yaml", "-o", folder, code=73)
    expect("holds tasks of another plan" in refused.stderr, refused.stderr)

    strikes = next((other / "stepanakert").glob("*strikes.csv"))
    strikes.write_text(strikes.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    refused = run("sweep", "run", other / "folder", "--task", 5, code=65)
    expect(strikes.name in refused.stderr and "has changed since the sweep was planned" in refused.stderr, refused.stderr)
    seen = run("sweep", "status", other / "folder", code=65)
    expect("has changed since the sweep was planned" in seen.stderr and "done       3" in seen.stdout, f"status notices it, and counts all the same: {seen.stdout}{seen.stderr}")
    run("sweep", "run", base / "one", "--task", "8", code=64)
    run("sweep", "run", base / "one", "--task", "3-1", code=64)
    run("sweep", "run", base / "nowhere", code=66)


def locked(base):
    folder = base / "locked"
    run("sweep", "plan", base / "sweep.yaml", "-o", folder)
    run("sweep", "run", folder, "--task", "1-2", "-q")
    shutil.copytree(folder, base / "locked_before")
    path = folder / "tasks" / "0000" / "0000003-0000004.tasks"
    with open(path, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        refused = run("sweep", "run", folder, "--task", "3-4", code=75)
        expect("another process runs these tasks" in refused.stderr, refused.stderr)
        expect(status(folder)["missing"] == 5, "a file that was only begun says nothing")
        run("sweep", "run", folder, "--task", "3-4", "-q", "--no-lock")
    expect(status(folder)["done"] == 4, "without locks")


def failing(scratch):
    """A scenario that is unsound and was not among those that `plan` reads: its task fails, the others go on, and it says why. Seed 11 makes two."""
    axes = "  far: {key: strikes.defaults.location_error, uniform: [50000, 100050], as: {r95_m: {uniform: [0, value]}}}"
    for seed in range(11, 200):
        sweep = SWEEP.format(design="{latin_hypercube: 1200}", axes=axes, rest="").replace("seed: 3", f"seed: {seed}")
        base = project(scratch / "failing", sweep, realisations=1)
        done = subprocess.run([UXOSIM, "sweep", "plan", base / "sweep.yaml", "-o", base / "folder"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            continue
        with open(base / "folder" / "plan.csv", encoding="utf-8") as file:
            bad = [int(row["task"]) for row in csv.DictReader(file) if float(row["far"]) > 100000]
        if bad:
            break
    else:
        sys.exit("FAILED: no seed makes a task that fails")
    task = bad[0]
    good = task - 1 if task > 1 else task + 1
    done = run("sweep", "run", base / "folder", "--task", f"{task},{good}", code=65)
    expect(f"task {task} failed:" in done.stderr and "100000" in done.stderr, done.stderr)
    seen = run("sweep", "status", base / "folder", code=65)
    counts = status(base / "folder", code=65)
    expect(counts["failed"] == 1 and counts["done"] == 1 and f"task {task} failed:" in seen.stdout, seen.stdout)
    refused = run("sweep", "collect", base / "folder", "-o", base / "out.nc", code=65)
    expect(f"(failed: {task})" in refused.stderr, refused.stderr)


def paired(scratch):
    """Common random numbers: a paired difference is known far better than that of runs with seeds of their own, and its stated error is right."""
    axes = "  rate: {key: override.lar-160-m095.dud_rate, values: [0.10, 0.11]}"
    differences, errors, unpaired = [], [], []
    for seed in range(1, 21):
        base = project(scratch / f"paired{seed}", SWEEP.format(design="{grid: true}", axes=axes, rest=""), seed=seed)
        run("sweep", "plan", base / "sweep.yaml", "-o", base / "folder")
        run("sweep", "run", base / "folder", "-q")
        run("sweep", "collect", base / "folder", "-o", base / "out.nc")
        with h5py.File(base / "out.nc") as file:
            mean, se = file["districts/dud_expectation_mean"][:, -1], file["districts/dud_expectation_mean_se"][:, -1]
            blocks, size = file["paired/duds"][:, :, -1].astype(float), file["paired/realisations"][:]
        d = blocks[1] - blocks[0]
        share = size / size.sum()
        errors.append(math.sqrt(len(d) / (len(d) - 1) * (share**2 * (d - (mean[1] - mean[0])) ** 2).sum()))
        differences.append(mean[1] - mean[0])
        unpaired.append(math.hypot(se[0], se[1]))
    spread, stated, apart = np.std(differences, ddof=1), np.sqrt(np.mean(np.square(errors))), np.sqrt(np.mean(np.square(unpaired)))
    print(f"paired difference: spread over seeds {spread:.3g}, stated error {stated:.3g}; with seeds of their own {apart:.3g}; variance {(apart / spread) ** 2:.0f} times")
    expect(0.5 < spread / stated < 1.6, f"stated error {stated}, spread over 20 seeds {spread}")
    expect(spread < apart / 5, f"paired {spread}, unpaired {apart}")


def other_designs(scratch):
    axes = "  rate: {key: override.lar-160-m095.dud_rate, interval90: [0.05, 0.2]}\n  back: {key: exposure.return_share, uniform: [0.5, 1]}"
    base = project(scratch / "sobol", SWEEP.format(design="{sobol: 4, second_order: true}", axes=axes, rest=""), realisations=50)
    planned = run("sweep", "plan", base / "sweep.yaml", "--probe", "-o", base / "folder")
    expect("24 scenarios" in planned.stdout and "by a probe on this machine" in planned.stdout, planned.stdout)
    expect(json.loads((base / "folder" / "plan.json").read_text(encoding="utf-8"))["estimate"]["probed"] is True, "plan.json")
    run("sweep", "run", base / "folder", "-q")
    run("sweep", "collect", base / "folder", "-o", base / "out.nc")
    with h5py.File(base / "out.nc") as file:
        points, numbers = file["unit_point"][:], file["parameters/number"][:]
        expect(points.shape == (24, 2) and ((points > 0) & (points < 1)).all(), "points")
        expect(np.allclose(numbers[:, 1], 0.5 + 0.5 * points[:, 1], rtol=1e-9), "a uniform axis is its point, stretched")
        expect(file.attrs["second_order"][0] == 1 and file.attrs["design_rows"][0] == 4, "the design")
        total = file["districts/dud_expectation_mean"][:, -1]
        order = np.argsort(numbers[:, 0])
        expect(np.corrcoef(np.argsort(order), np.argsort(np.argsort(total)))[0, 1] > 0.99, "more duds with a higher rate")


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        base = any_order_and_bundling(scratch)
        as_single_runs(base)
        killed(base)
        damaged_and_foreign(base)
        locked(base)
        other_designs(scratch)
        paired(scratch)
        failing(scratch)
    print("sweeps are as described")


main()
