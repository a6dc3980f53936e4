#!/usr/bin/python3
"""test_background.py - unreported strikes from scenario to result: apart from all that is said of the listed ones.

    test_background.py [UXOSIM]      default $UXOSIM
ctest-timeout: 120
"""
import os
import pathlib
import sys
import tempfile

import h5py
import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import call, expect, write

X, Y = 300000, 5540000
CATALOGUE = "munitions:\n" + "".join(f"""  {name}:
    name: A pattern for tests
    submunitions_per_carrier: 100
    dud_rate: {rate}
    pattern: {{shape: gaussian, along_m: 40, across_m: 30}}
    sources: {{submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", pattern: "ASSUMED: a test"}}
""" for name, rate in (("m", "0.5"), ("other", "{uniform: [0.1, 0.3], per: campaign}")))
BACKGROUND = "background: {density_per_km2: {uniform: [0, 4]}, munition: {m: 0.5, other: 0.5}, carriers: {range: [1, 3], per: campaign}}\n"


def scenario(name, estimator, background):
    write(f"{name}.yaml", f"""format: 1
title: {name}
run: {{as_of: 2022-12-31, seed: 3, realisations: 1500, estimator: {estimator}}}
grid: {{crs: "EPSG:32637", cell_size_m: 20, bounds_m: [{X}, {Y}, {X + 3000}, {Y + 2000}]}}
munitions: catalogue.yaml
strikes: {{file: strikes.csv, defaults: {{munition: m, carriers: 1, location_error: {{r95_m: 100}}, confidence: 0.5}}}}
{background}""")
    call("run", f"{name}.yaml", "-o", f"{name}.nc", "--quiet")
    return h5py.File(f"{name}.nc", "r")


def check(estimator):
    with scenario("with", estimator, BACKGROUND) as file, scenario("without", estimator, "") as plain:
        for name, data in plain.items():
            if isinstance(data, h5py.Dataset) and data.ndim > 1:
                expect(numpy.array_equal(data[...], file[name][...], equal_nan=True), f"{estimator}: {name} does not notice")
        expect((file["districts/dud_count"][...] == plain["districts/dud_count"][...]).all(), f"{estimator}: counts do not notice")
        expect("background_density" not in plain and "background_count" not in plain["districts"], "nothing without a background")
        density = file["background_density"][...]
        duds_per_strike = 2 * (0.5 * 50 + 0.5 * 20)
        expect(numpy.allclose(density, 2 * duds_per_strike / 100, rtol=1e-6), f"{estimator}: density {density.min()} {density.max()}")
        counts = file["districts/background_count"][...].astype(float)
        expect(counts.shape == (1500, 2), f"{estimator}: rows and columns")
        mean, error = counts[:, 0].mean(), counts[:, 0].std() / 1500 ** 0.5
        expect(abs(mean - 2 * duds_per_strike * 6) < 4.5 * error, f"{estimator}: {mean} duds on 6 km2, error {error}")
        expect(counts[:, 1].mean() > 0, "some fall beyond the edge")
        expect(abs(file.attrs["simulated_background_duds_mean"] - mean) < 1e-9 * mean, "mean")
        expect(abs(file.attrs["expected_background_duds"] - 2 * duds_per_strike * 6) < 1e-6, "expected")
        names = [text.decode() for text in file["draws/campaign_name"][...]]
        expect(names == ["other.dud_rate", "background.density_per_km2", "background.carriers"], f"shared: {names}")
        used = [text.decode() for text in file["provenance/used_path"][...]]
        expect("background.density_per_km2" in used and "munitions.other.dud_rate" in used, "provenance")
        return counts


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    write("catalogue.yaml", CATALOGUE)
    write("strikes.csv", f"id,date,x_m,y_m\na,2022-03-01,{X + 500},{Y + 300}\n")
    expect((check("analog") == check("expected-value")).all(), "the same points with either estimator")
    text = call("check", "with.yaml")
    expect("background of unreported strikes, apart from all above" in text and "expected duds on the grid: 840" in text, text)
    expect("840 more on the grid from strikes that nobody reported" in call("info", "with.nc"), call("info", "with.nc"))
    write("path.geojson", '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[36.21,49.975],[36.22,49.98]]}}')
    call("walk", "with.nc", "--line", "path.geojson", "--width-m", "1")
    call("redact", "with.nc", "-o", "public.nc")
    with h5py.File("public.nc", "r") as file:
        expect(numpy.allclose(file["background_density"][...], 1.4, rtol=1e-6), "redacted: the same everywhere tells nothing")
        expect("background_count" not in file["districts"], "redacted: no realisations")
print("background: ok")
