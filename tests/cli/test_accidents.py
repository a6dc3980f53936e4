#!/usr/bin/python3
"""test_accidents.py - accidents as a user meets them: check, table, file, map, ledger, public copy; with and without people.

ctest-timeout: 300
"""
import csv
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import h5py
import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import UXOSIM, expect, write

COLUMNS = ("accidents_year1_mean", "accidents_year1_p05", "accidents_year1_p50", "accidents_year1_p95", "casualties_year1_mean",
           "deaths_year1_mean", "rank_accidents", "rank_accidents_per_affected_ha")
MUNITIONS = """munitions:
  m: {name: A pattern for tests, submunitions_per_carrier: 200, dud_rate: {uniform: [0.2, 0.4], per: campaign},
      pattern: {along_m: 150, across_m: 100},
      sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", pattern: "ASSUMED: a test"}}
"""
DISTRICTS = """{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}},
"features": [%s]}"""
SCENARIO = """format: 1
run: {as_of: 2022-12-31, seed: 5, realisations: 1000, estimator: %s}
grid: {crs: "EPSG:32637", cell_size_m: 20, bounds_m: [300000, 5540000, 302000, 5542000]}
munitions: munitions.yaml
layers: {districts: {file: districts.geojson, name: NAME}%s}
strikes: {file: strikes.csv, defaults: {munition: m, carriers: {range: [1, 3]}, location_error: {r95_m: 50}, heading_deg: unknown}}
"""
PROJECTION = ('PROJCS["WGS 84 / UTM zone 37N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],'
              'PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",39],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]')
POPULATION = ", population: {file: people.asc}"


def call(*arguments, code=0):
    done = subprocess.run([UXOSIM, *arguments], capture_output=True, text=True, check=False)
    expect(done.returncode == code, f"uxosim {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
    return done


def prepare():
    halves = []
    for name, x in (("West", 300000), ("East", 301000)):
        ring = [[x, 5540000], [x + 1000, 5540000], [x + 1000, 5542000], [x, 5542000], [x, 5540000]]
        halves.append(f'{{"type": "Feature", "properties": {{"NAME": "{name}"}}, "geometry": {{"type": "Polygon", "coordinates": [{ring}]}}}}')
    write("districts.geojson", DISTRICTS % ", ".join(halves))
    write("munitions.yaml", MUNITIONS)
    write("strikes.csv", "id,date,x_m,y_m\na,2022-03-01,300700,5541000\nb,2022-03-02,301300,5541000\n")
    rows = "\n".join(" ".join("10" if column < 10 else "50" for column in range(20)) for _ in range(20))
    write("people.asc", f"ncols 20\nnrows 20\nxllcorner 300000\nyllcorner 5540000\ncellsize 100\n{rows}\n")
    write("people.prj", PROJECTION)
    for estimator in ("expected-value", "analog"):
        write(f"{estimator}.yaml", SCENARIO % (estimator, POPULATION))
    write("nobody.yaml", SCENARIO % ("expected-value", ""))


def table(result):
    return {row["district"]: row for row in csv.DictReader(io.StringIO(call("districts", result, "-f", "csv").stdout))}


def check_check():
    text = call("check", "expected-value.yaml").stdout
    expect(re.search(r"casualties per 1,000 duds in the first year, implied by exposure and risk: [0-9.]+ \(90 % interval", text), "implied")
    expect("observed: 0.2 to 10 (Lebanon 0.2-0.5, Kosovo 3.5-7.5, Afghanistan 2.3-10)" in text, "observed")
    few = "exposure.activities={walking: {participation: 1, ground_m2_per_person_year: 0.01}}"
    many = "exposure.activities={walking: {participation: 1, ground_m2_per_person_year: 100000}}"
    for change in (few, many):
        done = call("check", "expected-value.yaml", "--set", change)
        expect("warning: exposure and risk imply" in done.stderr and "0.2 to 10 were observed" in done.stderr, f"warned of {change}")
    done = call("check", "nobody.yaml", "--set", "risk.hazardous_share=0.4")
    expect("accidents              not computed: there is no layers.population" in done.stdout, "check without people")
    expect("'risk' is of no use without layers.population" in done.stderr, "a section without people")


def check_table(result, expected_value):
    rows = table(result)
    with h5py.File(result) as file:
        districts = file["districts"]
        accidents = districts["accidents"][:].astype(float)
        expect(numpy.allclose(accidents.mean(axis=0)[:2], [float(rows[name]["accidents_year1_mean"]) for name in ("West", "East")]), "means")
        expect(abs(accidents.sum(axis=1).mean() - float(rows["total"]["accidents_year1_mean"])) < 1e-9, "total")
        expect((accidents <= districts["dud_count"][:]).all(), "a dud has one accident at most")
        expect((accidents[:, -1] == 0).all() and rows["outside the grid"]["accidents_year1_mean"] == "", "nobody outside the grid")
        names = [name.decode() for name in file["draws/campaign_name"][:]]
        harm = file["draws/campaign"][:][:, names.index("risk.casualties_per_accident")]
        casualties = (accidents.sum(axis=1) * harm).mean()
        expect(abs(casualties / float(rows["total"]["casualties_year1_mean"]) - 1) < 1e-9, "casualties")
        expect(0 < file.attrs["accidents_year2_mean"] < float(rows["total"]["accidents_year1_mean"]), "second year")
        density = file["accident_density"][:]
        expect(file["accident_density"].attrs["units"] == b"hectare-1" and numpy.isfinite(density).all() and (density >= 0).all(), "map")
        if expected_value:
            expectation = districts["accident_expectation"][:]
            expect(numpy.isnan(expectation[:, -1]).all(), "expectation outside the grid")
            # mean of a product of independent draws against the product of their means: equal but for sampling
            ratio = density.sum() * 0.04 / expectation[:, :-1].sum(axis=1).mean()
            expect(abs(ratio - 1) < 0.1, f"map against districts: {ratio}")
            expect(float(rows["East"]["p_top1"]) > 0.9 and rows["East"]["rank_accidents"] == "1", "five times the people")
            expect(rows["East"]["rank_accidents_per_affected_ha"] == "1", "rank per affected hectare")
    expect(float(rows["East"]["accidents_year1_mean"]) > 2 * float(rows["West"]["accidents_year1_mean"]) > 0, "people count")
    expect("in the first year after people's return" in call("info", result).stdout, "info")


def check_formats(result):
    call("districts", result, "-f", "geojson", "-o", "out.geojson")
    with open("out.geojson", encoding="utf-8") as file:
        rows = {feature["properties"]["district"]: feature["properties"] for feature in json.load(file)["features"]}
    expect(all(len(key) <= 10 for key in rows["East"]), "short names")
    for short, column in (("acc_mean", "accidents_year1_mean"), ("acc_mn_se", "accidents_year1_mean_se"), ("deaths_se", "deaths_year1_mean_se")):
        expect(rows["East"][short] == float(table(result)["East"][column]), f"GeoJSON {short}")
    call("districts", result, "-f", "gpkg", "-o", "out.gpkg")
    call("export", result, "--layer", "accident_density", "-o", "out.tif")


def check_ledger(result):
    text = " ".join(call("info", "--assumptions", result).stdout.split())
    for word in ("exposure.return_share = {uniform: [0.5, 1]} [default] built-in default: ASSUMED", "exposure.range_m = 300 [default]",
                 "exposure.activities.gardening.participation = {interval90: [0.05, 0.3]} [default]",
                 "risk.hazardous_share = 0.4 [override] --set"):
        expect(word in text, f"--assumptions says {word}")


def check_public(result):
    call("redact", result, "-o", "public.nc")
    with h5py.File("public.nc") as file, h5py.File(result) as source:
        expect("accidents" not in file["districts"] and "accident_expectation" not in file["districts"], "no realisations in public")
        factor = source["accident_density"].shape[0] // file["accident_density"].shape[0]
        sums = source["accident_density"][:].sum() / factor ** 2, file["accident_density"][:].sum()
        expect(abs(sums[0] / sums[1] - 1) < 1e-5, "the map of a public copy adds up")
    expect(table("public.nc")["East"]["accidents_year1_mean"] == table(result)["East"]["accidents_year1_mean"], "table in public")


def check_nobody():
    call("run", "nobody.yaml", "-o", "nobody.nc", "-q")
    rows = table("nobody.nc")
    expect(all(row.get(column, "") == "" for row in rows.values() for column in COLUMNS), "no accidents without people, not zeros")
    expect(rows["East"]["p_top1"] != "", "places by duds without people")
    with h5py.File("nobody.nc") as file:
        expect("accident_density" not in file and not set(COLUMNS) & set(file["districts"]), "nothing of accidents in the file")
        expect("accidents_year2_mean" not in file.attrs, "no second year")
        alone = file["districts/dud_count"][:]
    with h5py.File("expected-value.nc") as file:
        expect((file["districts/dud_count"][:] == alone).all(), "duds do not depend on who is there")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        prepare()
        check_check()
        for estimator in ("expected-value", "analog"):
            call("run", f"{estimator}.yaml", "-o", f"{estimator}.nc", "-q", "--set", "risk.hazardous_share=0.4")
            check_table(f"{estimator}.nc", estimator == "expected-value")
            check_ledger(f"{estimator}.nc")
            check_formats(f"{estimator}.nc")
            check_public(f"{estimator}.nc")
        with h5py.File("expected-value.nc") as one, h5py.File("analog.nc") as other:
            expect((one["districts/accidents"][:] == other["districts/accidents"][:]).all(), "the same accidents with either estimator")
        check_nobody()
        os.chdir("/")
    print("accidents: ok")


main()
