#!/usr/bin/python3
"""test_parts.py - a run in 1, 2, 3 and 7 parts, put together in any order, has the bytes of the run that was not divided: by both estimators, with any
number of threads, with every part of the model.

    test_parts.py [UXOSIM]      default $UXOSIM
ctest-timeout: 300
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import everything

UXOSIM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.environ.get("UXOSIM", "uxosim")
# Without ground, clearance and people, with rates of each strike: the maps have a closed form.
CLOSED = """format: 1
title: closed form
run: {as_of: 2022-12-31, seed: 12, realisations: 101, estimator: expected-value}
grid: {crs: "EPSG:32637", cell_size_m: 10, bounds_m: [300000, 5540000, 306000, 5543300]}
munitions: closed-munitions.yaml
strikes: {file: strikes.csv, defaults: {munition: m, carriers: 3, location_error: {r95_m: 200}, heading_deg: 20}}
"""
CLOSED_MUNITIONS = """munitions:
  m:
    name: A closed form
    submunitions_per_carrier: 80
    dud_rate: {uniform: [0.1, 0.3], per: strike}
    pattern: {shape: gaussian, along_m: 70, across_m: 40}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", pattern: "ASSUMED: a test"}
"""


def call(*arguments):
    done = subprocess.run([UXOSIM, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=200)
    if done.returncode != 0:
        sys.exit(f"FAILED: {arguments}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout + done.stderr


def check(scenario, name, chance, *options):
    whole = pathlib.Path(f"{name}.nc")
    call("run", scenario, *options, "-q", "-o", whole)
    for parts in (1, 2, 3, 7):
        files = [pathlib.Path(f"{name}-{i}.part") for i in range(1, parts + 1)]
        for i in chance.sample(range(parts), parts):
            call("run", scenario, *options, "-q", "--threads", chance.choice((1, 2, 8)), "--part", f"{i + 1}/{parts}", "-o", files[i])
        merged = pathlib.Path("merged.nc")
        call("merge", *chance.sample(files, parts), "-q", "--threads", chance.choice((1, 2, 8)), "-o", merged)
        if merged.read_bytes() != whole.read_bytes():
            sys.exit(f"FAILED: {name}: {parts} parts give other bytes than the whole run")
        for file in files:
            file.unlink()
    left = sorted(path.name for path in pathlib.Path(".").iterdir() if "checkpoint" in path.name or "tmp" in path.name)
    if left:
        sys.exit(f"FAILED: {name}: left behind: {left}")
    print(f"{name}: 1, 2, 3 and 7 parts give the bytes of the whole run, {whole.stat().st_size} of them")


def main():
    seed = 20260311
    chance = random.Random(seed)
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for estimator in ("analog", "expected-value"):
            scenario = everything.make(folder, estimator).rename(f"{estimator}.yaml")
            check(scenario, estimator, chance, "--set", "output.variance_realisations=17")
        # More parts than realisations: some have none.
        check("expected-value.yaml", "few", chance, "--set", "run.realisations=5")
        pathlib.Path("closed.yaml").write_text(CLOSED)
        pathlib.Path("closed-munitions.yaml").write_text(CLOSED_MUNITIONS)
        check("closed.yaml", "closed form", chance)
        os.chdir("/")


main()
