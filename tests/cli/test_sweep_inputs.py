#!/usr/bin/python3
"""test_sweep_inputs.py - an input that is edited while a sweep runs: what is read after that is not of this plan, and is not kept as if it were.

    test_sweep_inputs.py [UXOSIM]       the program: default $UXOSIM
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from calling import UXOSIM, call, expect

SOURCE = pathlib.Path(__file__).resolve().parents[2]
TASKS = 12
SWEEP = f"""format: 1
base: stepanakert/scenario.yaml
design: {{list: true}}
axes: {{confidence: {{key: strikes.defaults.confidence, values: {[round(0.5 + 0.04 * i, 2) for i in range(TASKS)]}}}}}
"""


def run_and_edit(folder, path, text):
    """What a run of all tasks says while the file gets this text after the first ones. A duds table of any task is that of the old text."""
    with subprocess.Popen([UXOSIM, "sweep", "run", folder], stderr=subprocess.PIPE, text=True) as process:
        said = ""
        for line in process.stderr:
            said += line
            if "task 2 done" in line:
                path.write_text(text, encoding="utf-8")
        return process.wait(), said


def means(folder, out, *options):
    call("sweep", "collect", folder, "-o", out, *options)
    with h5py.File(out) as file:
        return file["districts/duds_mean"][:]


def check(base, name, old, new):
    path = (base / "stepanakert" / name).resolve()
    before = path.read_text(encoding="utf-8")
    expect(old in before, f"'{old}' in {name}")
    folder = base / f"sweep-{path.name}"
    call("sweep", "plan", base / "sweep.yaml", "-o", folder)
    call("sweep", "plan", base / "sweep.yaml", "-o", base / "reference")
    call("sweep", "run", base / "reference", "-q")
    wanted = means(base / "reference", base / "reference.nc")
    code, said = run_and_edit(folder, path, before.replace(old, new))
    path.write_text(before, encoding="utf-8")
    expect(code != 0 and path.name in said and "failed" in said, f"{name}: exit code {code}\n{said}")
    found = means(folder, base / "holes.nc", "--allow-missing")
    holes = np.isnan(found).all(axis=1)
    expect(0 < holes.sum() <= TASKS - 2, f"{name}: {holes.sum()} holes\n{said}")
    expect((found[~holes] == wanted[~holes]).all(), f"{name}: numbers of the edited file were kept")
    shutil.rmtree(base / "reference")
    print(f"{name}: edited after 2 of {TASKS} tasks: {TASKS - holes.sum()} are of the plan, {holes.sum()} were refused")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        base = pathlib.Path(scratch)
        shutil.copytree(SOURCE / "configs/stepanakert", base / "stepanakert")
        shutil.copy(SOURCE / "configs/munitions.yaml", base)
        (base / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
        check(base, "SYNTHETIC_stepanakert_strikes.csv", "39.81266", "39.81366")
        check(base, "../munitions.yaml", "submunitions_per_carrier: 104", "submunitions_per_carrier: 109")


main()
