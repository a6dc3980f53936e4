#!/usr/bin/python3
"""test_sweep_collect.py - what `uxosim sweep collect` writes and where: columns do not hang on which scenario comes first or is missing, and the two
outputs are two files, whatever they are called. Memory and reading: tests/unit/test_result_sweep.c.

    test_sweep_collect.py [UXOSIM]       the program: default $UXOSIM
ctest-timeout: 300
"""
import csv
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # the readers are the distribution's packages

import h5py
import numpy as np

UXOSIM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
RANK = "rank_accidents_per_affected_ha"


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def run(*words, code=0, folder=None):
    done = subprocess.run([UXOSIM, *map(str, words)], capture_output=True, text=True, check=False, cwd=folder, timeout=120)
    expect(done.returncode == code, f"{words}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done


def sweep_of(scratch, name, confidence, tasks=""):
    """The folder of a sweep over the confidence of reports, a list; those tasks are run, "": all."""
    base = scratch / name
    base.mkdir()
    (base / "sweep.yaml").write_text(
        f"format: 1\ntitle: A test\nbase: {scratch}/stepanakert/scenario.yaml\ndesign: {{list: true}}\naxes:\n"
        f"  sure: {{key: strikes.defaults.confidence, values: {confidence}}}\n",
        encoding="utf-8",
    )
    run("sweep", "plan", base / "sweep.yaml", "-o", base / "folder")
    run("sweep", "run", base / "folder", "-q", *(["--task", tasks] if tasks else []))
    return base / "folder"


def columns(path):
    with h5py.File(path) as file:
        return {name: file["districts"][name][:] for name in file["districts"] if file["districts"][name].dtype == np.float64}


def the_first_scenario_does_not_decide(scratch):
    """Without strikes nothing is affected, and there is no rank by affected area; with them there is: whichever comes first, or is missing."""
    found = {}
    for name, confidence, tasks in (("none_first", "[0.0, 0.9]", ""), ("none_last", "[0.9, 0.0]", ""), ("hole_first", "[0.5, 0.0, 0.9]", "2-3"),
                                    ("hole_last", "[0.0, 0.9, 0.5]", "1-2")):
        path = scratch / f"{name}.nc"
        run("sweep", "collect", sweep_of(scratch, name, confidence, tasks), "-o", path, "--allow-missing")
        found[name] = columns(path)
    names = set(found["none_last"])
    expect(RANK in names and len(names) > 30, f"columns: {sorted(names)}")
    for name, table in found.items():
        expect(set(table) == names, f"{name} has not {sorted(names - set(table))}, and has {sorted(set(table) - names)}")
    expect(np.isnan(found["none_first"][RANK][0]).all() and np.isfinite(found["none_first"][RANK][1]).any(), "ranks where something is affected")
    for column in names:
        expect(np.array_equal(found["none_first"][column], found["none_last"][column][::-1], equal_nan=True), f"{column} in the other order")
        expect(np.array_equal(found["none_first"][column], found["hole_first"][column][1:], equal_nan=True), f"{column} with a hole before")
        expect(np.isnan(found["hole_last"][column][2]).all(), f"{column} of a hole")


def outputs_are_two_files(scratch):
    folder = scratch / "none_last" / "folder"
    place = scratch / "outputs"
    (place / "below").mkdir(parents=True)
    (place / "again").symlink_to("below")
    (place / "later.csv").symlink_to("x.nc")  # leads nowhere yet
    for name in ("x.nc", "./x.nc", "below/../x.nc", place / "x.nc"):
        refused = run("sweep", "collect", folder, "-o", "x.nc", "--csv", name, code=64, folder=place)
        expect("two outputs name one file" in refused.stderr and not (place / "x.nc").exists(), f"{name}: {refused.stderr}")
    run("sweep", "collect", folder, "-o", "below/x.nc", "--csv", "again/x.nc", code=64, folder=place)
    expect(not list((place / "below").iterdir()), "nothing was written")
    refused = run("sweep", "collect", folder, "-o", "x.nc", "--csv", "later.csv", code=64, folder=place)
    expect("two outputs name one file" in refused.stderr, refused.stderr)
    whole = (place / "x.nc").read_bytes()
    expect(whole[:4] == b"\x89HDF" and RANK in columns(place / "x.nc"), "the result is not replaced by the table")
    (place / "hard.csv").hardlink_to(place / "x.nc")
    run("sweep", "collect", folder, "-o", "x.nc", "--csv", "hard.csv", code=64, folder=place)
    expect((place / "x.nc").read_bytes() == whole, "nor through another name")
    (place / "hard.csv").unlink()
    run("sweep", "collect", folder, "-o", "x.nc", "--csv", "below/x.nc", folder=place)  # one name, two folders
    run("sweep", "collect", folder, "-o", "x.nc", "--csv", "below/x.nc", folder=place)
    expect((place / "x.nc").read_bytes() == whole and (place / "below" / "x.nc").read_bytes()[:5] == b"task,", "both are replaced")
    plan = (folder / "plan.csv").read_bytes()
    run("sweep", "collect", folder, "-o", "x.nc", "--csv", folder / "plan.csv", code=64, folder=place)
    expect((folder / "plan.csv").read_bytes() == plan, "the plan is not replaced")
    shown = run("sweep", "collect", folder, "-o", "x.nc", "--csv", "-", folder=place)
    rows = list(csv.reader(io.StringIO(shown.stdout)))
    expect(shown.stdout.encode() == (place / "below" / "x.nc").read_bytes() and len({len(row) for row in rows}) == 1, "on standard output the table alone")


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        shutil.copytree(SOURCE / "configs" / "stepanakert", scratch / "stepanakert")
        shutil.copy(SOURCE / "configs" / "munitions.yaml", scratch)
        path = scratch / "stepanakert" / "scenario.yaml"
        text = path.read_text(encoding="utf-8").replace("realisations: 2000", "realisations: 50").replace("cell_size_m: 10 ", "cell_size_m: 25 ")
        path.write_text(text, encoding="utf-8")
        the_first_scenario_does_not_decide(scratch)
        outputs_are_two_files(scratch)
    print("collected sweeps are as described")


main()
