"""sensitivity_sweep.py - small sweeps for tests of `uxosim sweep sensitivity`, in the current folder, and what the program says of them."""
import json
import pathlib

from calling import call, expect
from catalogue import one_munition

X, Y = 300000, 5540000
SCENARIO = """format: 1
title: "Sweeps: a test"
run: {as_of: 2022-12-31, seed: 7, realisations: 100, estimator: expected-value}
grid: {crs: "EPSG:32637", cell_size_m: 100, bounds_m: [300000, 5540000, 303000, 5542000]}
munitions: munitions.yaml
layers: {districts: {file: districts.geojson, name: NAME}}
strikes:
  file: strikes.csv
  defaults: {munition: m, carriers: 2, location_error: {r95_m: 100}, heading_deg: 0, confidence: 1}
"""
MUNITIONS = one_munition(0.2, 60, 60)
AXES = """axes:
  rate: {key: override.m.dud_rate, uniform: [0.1, 0.3]}
  carriers: {key: strikes.defaults.carriers, range: [1, 4]}
  load: {key: override.m.submunitions_per_carrier, range: [50, 150]}
"""


def sweep(name, design, axes=AXES, baseline="", base="scenario.yaml", tasks=None):
    """tasks: those that are run; None: all."""
    pathlib.Path(f"{name}.yaml").write_text(f"format: 1\ntitle: {name}\nbase: {base}\nseed: 3\ndesign: {design}\n{axes}{baseline}output: {name}\n")
    call("sweep", "plan", f"{name}.yaml")
    for task in tasks or [None]:
        call("sweep", "run", name, *(["--task", task] if task else []))
    call("sweep", "collect", name, "-o", f"{name}.nc", *(["--allow-missing"] if tasks else []))


def said(name, *arguments):
    return " ".join(call("sweep", "sensitivity", f"{name}.nc", *arguments).split())


def ask(name, *arguments):
    return json.loads(call("sweep", "sensitivity", f"{name}.nc", "-f", "json", *arguments))


def numbers(row, quantity):
    return {one["of"]: one for one in row["numbers"] if one["quantity"] == quantity}


def near(a, b, tolerance, what):
    expect(abs(a - b) <= tolerance, f"{what}: {a} is not {b}")
