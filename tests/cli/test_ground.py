#!/usr/bin/python3
"""test_ground.py - ground classes, clearance and carriers that did not open from files to files: what remains by district, the same bytes for any
number of threads and any kernels, the note below the table, the public copy.

Usage: test_ground.py [UXOSIM]   (default: $UXOSIM)
"""
import json
import os
import pathlib
import sys
import tempfile

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # the readers are the distribution's packages

import h5py

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import call, expect
from catalogue import one_munition

XMIN, YMIN, WIDTH, HEIGHT = 300000, 5540000, 2400, 1000
SCENARIO = """format: 1
title: ground
run: {as_of: 2022-12-31, seed: 5, realisations: 400}
grid: {crs: "EPSG:32637", cell_size_m: 25, bounds_m: [300000, 5540000, 302400, 5541000]}
layers:
  districts: {file: districts.geojson, name: NAME}
  ground: {file: ground.geojson, field: C, classes: {1: paved, 2: soil}, reference: paved}
  cleared: {file: cleared.geojson, date: DATE, coverage: 1.0, detection: 0.8}
ground: {dud_rate_log_odds: {soil: 1.0}}
munitions: munitions.yaml
strikes: {file: strikes.csv, defaults: {munition: m, carriers: 4, heading_deg: 90}}
"""
MUNITIONS = one_munition(0.2, 60, 40, carrier_failure=0.25)


def stripe(first, last, **properties):
    """Thirds of the grid, from the west."""
    x0, x1 = XMIN + WIDTH * first / 3, XMIN + WIDTH * last / 3
    ring = [[x0, YMIN], [x1, YMIN], [x1, YMIN + HEIGHT], [x0, YMIN + HEIGHT], [x0, YMIN]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write_layer(name, features):
    with open(name, "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features,
                   "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}}, file)


def write_inputs():
    """West: paved. Middle: soil. East: soil, cleared. A strike in the middle of each."""
    write_layer("districts.geojson", [stripe(0, 1, NAME="west"), stripe(1, 2, NAME="middle"), stripe(2, 3, NAME="east")])
    write_layer("ground.geojson", [stripe(0, 1, C=1), stripe(1, 3, C=2)])
    write_layer("cleared.geojson", [stripe(2, 3, DATE="2022-06-01")])
    with open("strikes.csv", "w", encoding="utf-8") as file:
        file.write("id,date,x_m,y_m\n")
        for i in range(3):
            file.write(f"s{i},2022-03-0{i + 1},{XMIN + WIDTH * (2 * i + 1) // 6},{YMIN + HEIGHT // 2}\n")
    for name, text in (("scenario.yaml", SCENARIO), ("munitions.yaml", MUNITIONS)):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)


def check_districts(result):
    soil = 1 / (1 + (1 - 0.2) / 0.2 * 2.718281828459045 ** -1.0)
    with h5py.File(result) as file:
        duds = file["districts/duds_mean"][:3]
        carriers = file["districts/intact_carriers_mean"][:]
        loads = file["districts/intact_submunitions_mean"][:]
    for found, share in zip(duds, (0.2, soil, 0.2 * soil)):
        expect(abs(found / (300 * share) - 1) < 0.06, f"{result}: {found} duds, not {300 * share}")
    expect(abs(carriers[:5].sum() - carriers[5]) < 1e-12 and carriers[3] == carriers[4] == 0, "intact carriers lie where they would have opened")
    expect(all(abs(mean - 1) < 0.2 for mean in carriers[:3]) and all(abs(loads - 100 * carriers) < 1e-9), f"{result}: intact carriers {carriers}")


def read_bytes(name):
    with open(name, "rb") as file:
        return file.read()


def check_bytes(estimator):
    name = f"{estimator}.nc"
    words = ["run", "scenario.yaml", "--set", f"run.estimator={estimator}", "--quiet", "-o"]
    call(*words, name, "--threads", "1")
    for options in (["--threads", "2"], ["--threads", "8"], ["--kernel", "portable"], ["--kernel", "sse2"]):
        call(*words, "other.nc", *options)
        expect(read_bytes(name) == read_bytes("other.nc"), f"{estimator}: other bytes with {options}")
    return name


def check_note(result):
    note = " ".join(call("districts", result).split())
    expect("Carriers that did not open lie whole and are not among the duds: 3" in note, "note on carriers")
    expect("by where they would have opened: " in note and "west" in note.split("would have opened")[1], "note on their districts")
    call("redact", result, "-o", "public.nc")
    expect("Carriers that did not open" in call("districts", "public.nc"), "the note is in the public copy, too")
    call("run", "scenario.yaml", "--set", "override.m.carrier_failure=0", "--set", "override.m.sources.carrier_failure=\"ASSUMED: a test\"", "--quiet", "-o",
         "open.nc")
    expect("did not open" not in call("districts", "open.nc"), "no note where all open")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write_inputs()
        for estimator in ("analog", "expected-value"):
            check_districts(check_bytes(estimator))
        with h5py.File("analog.nc") as points, h5py.File("expected-value.nc") as expected:
            expect((points["districts/dud_count"][:] == expected["districts/dud_count"][:]).all(), "the same points with both estimators")
            expect("ground classes or clearance" in str(expected.attrs["map_method"]), "why maps are sampled")
        check_note("expected-value.nc")
        print("ground, clearance and intact carriers: ok")
        os.chdir("/")


if __name__ == "__main__":
    main()
