#!/usr/bin/python3
"""test_tools.py - districts, export, info and redact on results with difficult names, without districts, without strikes, of one cell.

    test_tools.py [UXOSIM]      default $UXOSIM
ctest-timeout: 300
"""
import csv
import io
import json
import os
import pathlib
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import UXOSIM, call, expect
from catalogue import one_munition

NAMES = ['Харків, "північ"', "<b>bold</b> & brave", "منطقة الشمال", "=1+1; 'quoted'", "back\\slash\u00a0and\u2028more", "大阪市"]
SENTENCE = "Modelled, not surveyed."
COLUMNS = ("district,area_ha,population,duds_mean,duds_sd,duds_p05,duds_p50,duds_p95,duds_per_ha,affected_ha_mean,affected_ha_p05,"
           "affected_ha_p95,people_affected_mean,accidents_year1_mean,accidents_year1_p05,accidents_year1_p50,accidents_year1_p95,"
           "casualties_year1_mean,deaths_year1_mean,rank_duds,rank_accidents,rank_accidents_per_affected_ha,p_top1,p_top3").split(",")
LAST = ["outside every district", "outside the grid", "total"]
MUNITIONS = one_munition(0.5, 200, 100)
CASES = {"usual": (20, 120, 50, True, True), "bare": (20, 120, 50, False, True), "quiet": (20, 120, 50, True, False),
         "one": (2000, 1, 1, False, True), "one_quiet": (2000, 1, 1, False, False)}


def make(case):
    """Districts are vertical stripes over the first nine tenths of the grid."""
    cell, nx, ny, districts, strikes = CASES[case]
    xmin, ymin, width, height = 300000, 5540000, cell * nx, cell * ny
    features = []
    for i, name in enumerate(NAMES):
        x0, x1 = (xmin + 0.9 * width * k / len(NAMES) for k in (i, i + 1))
        ring = [[x0, ymin], [x0, ymin + height], [x1, ymin + height], [x1, ymin], [x0, ymin]]
        features.append({"type": "Feature", "properties": {"NAME": name, "N": 1000 + i},
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})
    with open("districts.geojson", "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features,
                   "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}}, file)
    with open(f"{case}.csv", "w", encoding="utf-8") as file:
        file.write("id,date,x_m,y_m,source\n")
        if strikes:
            file.write(f'secret-1,2022-03-01,{xmin + width / 3},{ymin + height / 2},"a ""secret"" source, with commas"\n')
            file.write(f"secret-2,2022-03-02,{xmin + width},{ymin + height},\n")
    with open("munitions.yaml", "w", encoding="utf-8") as file:
        file.write(MUNITIONS)
    with open(f"{case}.yaml", "w", encoding="utf-8") as file:
        file.write(f"""format: 1
title: "{case}: <i>'quotes'</i> & Ґанок"
run: {{as_of: 2022-12-31, seed: 18446744073709551557, realisations: 300}}
grid: {{crs: "EPSG:32637", cell_size_m: {cell}, bounds_m: [{xmin}, {ymin}, {xmin + width}, {ymin + height}]}}
munitions: munitions.yaml
strikes: {{file: {case}.csv, defaults: {{munition: m, carriers: {{range: [1, 3]}}, location_error: {{r95_m: 50}}, heading_deg: unknown, confidence: 0.9}}}}
""" + ("layers: {districts: {file: districts.geojson, name: NAME, population: N}}\n" if districts else ""))
    call("run", f"{case}.yaml", "-o", f"{case}.nc", "--quiet")
    return f"{case}.nc", NAMES if districts else []


def read_csv(text):
    rows = list(csv.reader(io.StringIO(text)))
    expect(rows[0][:len(COLUMNS)] == COLUMNS, "csv: columns of the contract")
    expect(all(name.endswith("_se") for name in rows[0][len(COLUMNS):]), "csv: then the standard errors")
    expect(all(len(row) == len(rows[0]) for row in rows), "csv: as many cells in every row")
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def columns_wide(text):
    return sum(0 if unicodedata.category(c) in ("Mn", "Cf", "Cc") else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def check_districts(result, names):
    rows = read_csv(call("districts", result, "--format", "csv"))
    expect([row["district"] for row in rows] == names + LAST, f"{result}: names and last rows")
    duds = [float(row["duds_mean"]) for row in rows]
    expect(abs(sum(duds[:-1]) - duds[-1]) <= 1e-9 * max(duds[-1], 1), f"{result}: rows add up")
    expect(not names or [row["population"] for row in rows[:2]] == ["1000", "1001"], f"{result}: persons")
    data = json.loads(call("districts", result, "-f", "json"))
    expect([row["district"] for row in data["rows"]] == names + LAST and data["summary"].startswith(SENTENCE), f"{result}: json")
    expect([row["duds_mean"] for row in data["rows"]] == duds, f"{result}: json and csv have the same numbers")
    expect(data["seed"] == 18446744073709551557, f"{result}: the seed is exact")
    table = call("districts", result)
    expect(SENTENCE in table and "\x1b" not in table, f"{result}: table")
    lines = [line for line in table.split("\n")[2:] if line][:len(names) + 7]
    widths = {columns_wide(line) for line in lines[:len(names) + 3]}
    expect(len(widths) == 1, f"{result}: lines of the table are {widths} wide")
    return duds


def check_geodata(result, names, duds):
    call("districts", result, "-f", "geojson", "-o", "out.geojson")
    with open("out.geojson", encoding="utf-8") as file:
        data = json.load(file)
    expect("crs" not in data and len(data["features"]) == len(names), f"{result}: GeoJSON of RFC 7946")
    for feature, mean in zip(data["features"], duds):
        polygon = feature["geometry"]["coordinates"]
        ring = polygon[0] if feature["geometry"]["type"] == "Polygon" else polygon[0][0]
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))
        expect(area > 0 and all(36 < x < 37 and 49.5 < y < 50.5 for x, y in ring), f"{result}: counter-clockwise degrees")
        expect(feature["properties"]["duds_mean"] == mean, f"{result}: GeoJSON values")
        expect(all(len(key) <= 10 and key.isascii() for key in feature["properties"]), f"{result}: short names")
    expect([row["district"] for row in data["uxosim"]["other_rows"]] == LAST, f"{result}: GeoJSON has the other rows")
    for path in ("a.gpkg", "b.gpkg"):
        call("districts", result, "-f", "gpkg", "-o", path)
    with open("a.gpkg", "rb") as a, open("b.gpkg", "rb") as b:
        expect(a.read() == b.read(), f"{result}: equal GeoPackages")
    base = sqlite3.connect("a.gpkg")
    expect([row[0] for row in base.execute("select district from districts order by fid")] == names, f"{result}: GeoPackage names")
    expect([row[0] for row in base.execute("select district from other_rows order by fid")] == LAST, f"{result}: other rows")
    expect(base.execute("select srs_id from gpkg_geometry_columns").fetchall() == [(4326,)], f"{result}: WGS 84")
    base.close()
    layers = subprocess.run(["ogrinfo", "-so", "-al", "a.gpkg"], capture_output=True, text=True, check=True).stdout
    expect(f"Feature Count: {len(names)}" in layers and SENTENCE in layers, f"{result}: ogrinfo")


def check_export(result):
    for layer in ("dud_density", "dud_containment"):
        for path in ("a.tif", "b.tif"):
            call("export", result, "--layer", layer, "-o", path)
        with open("a.tif", "rb") as a, open("b.tif", "rb") as b:
            expect(a.read() == b.read(), f"{result}: equal GeoTIFFs")
    call("export", result, "--layer", "dud_probability")
    expect(os.path.exists("dud_probability.tif"), f"{result}: default name")
    os.remove("dud_probability.tif")
    message = call("export", result, "--layer", "duds", code=64)
    expect("no layer 'duds'" in message and "dud_density_standard_error" in message, f"{result}: lists the layers")
    expect("--layer" in call("export", result, code=64), f"{result}: asks for a layer")


def check_info(result, strikes):
    text = call("info", result)
    for word in ("realisations   300", "seed           18446744073709551557", "self-check", "hectare-1", "munitions.yaml", SENTENCE):
        expect(word in text, f"{result}: info says {word}")
    text = call("info", "--assumptions", result)
    for word in ("[given]", "[default]", SENTENCE, *(("munitions.m.dud_rate", "ASSUMED: a test") if strikes else ())):
        expect(word in text, f"{result}: --assumptions says {word}")


def check_redact(result, names, duds):
    call("redact", result, "-o", "public.nc")
    rows = read_csv(call("districts", "public.nc", "-f", "csv"))
    expect([float(row["duds_mean"]) for row in rows] == duds and [row["district"] for row in rows] == names + LAST,
           f"{result}: the table of districts stays")
    with open("public.nc", "rb") as file:
        public = file.read()
    for word in (b"secret", b"strikes.defaults", b"18446744073709551557", f"{result[:-3]}.csv".encode()):
        expect(word not in public, f"{result}: public copy holds {word}")
    call("redact", "public.nc", "-o", "again.nc", "--block-m", "5000")
    call("info", "again.nc")
    check_geodata("again.nc", names, duds)
    expect("would replace" in call("redact", result, "-o", result, code=64), f"{result}: not onto itself")
    expect("--block-m" in call("redact", result, "-o", "x.nc", "--block-m", "50", code=64), f"{result}: least block")


def check_full_disk(result):
    """No room for more than 1 KiB: exit code 74, a message, nothing left behind."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    before = sorted(os.listdir("."))
    for command in (["districts", result, "-f", "csv"], ["districts", result, "-f", "geojson"], ["districts", result, "-f", "gpkg"],
                    ["districts", result, "-f", "xlsx"], ["claims", result],
                    ["export", result, "-l", "dud_density"], ["redact", result]):
        done = subprocess.run([UXOSIM, *command, "-o", "full.out"], capture_output=True, preexec_fn=limit, check=False)
        expect(done.returncode == 74 and b"cannot write" in done.stderr, f"{command}: full disk, {done}")
    expect(sorted(os.listdir(".")) == before, "a full disk leaves nothing behind")


def check_refusals(result):
    expect("keys are: district, area_ha" in call("districts", result, "--sort", "size", code=64), "unknown key")
    expect("-o FILE.xlsx" in call("districts", result, "--format", "xlsx", code=64), "xlsx")
    call("districts", result, "--format", "gpkg", code=64)
    call("districts", code=64)
    call("districts", "nothing.nc", code=66)
    call("districts", "munitions.yaml", code=65)
    call("districts", result, "-f", "csv", "-o", "no/such/folder/x.csv", code=73)
    call("districts", result, "-f", "csv", "-o", "/dev/null", code=73)
    with open("/dev/full", "wb") as full:
        done = subprocess.run([UXOSIM, "districts", result], stdout=full, stderr=subprocess.PIPE, check=False)
    expect(done.returncode == 74 and b"No space left" in done.stderr, "a full disk behind standard output")
    check_full_disk(result)
    for command in ("districts", "export", "info", "redact"):
        expect("Usage" in call(command, "--help"), f"{command} --help")
    expect("still shows as a peak" in " ".join(call("redact", "--help").split()), "redact --help says what it cannot hide")


def check_sort(result):
    rows = read_csv(call("districts", result, "-f", "csv", "--sort", "duds_mean"))
    duds = [float(row["duds_mean"]) for row in rows]
    expect(duds[:-3] == sorted(duds[:-3], reverse=True) and [row["district"] for row in rows[-3:]] == LAST, "sorted by duds")
    rows = read_csv(call("districts", result, "-f", "csv", "--sort", "district"))
    expect([row["district"] for row in rows[:-3]] == sorted(NAMES, key=lambda name: name.encode()), "sorted by name")
    ranks = [float(row["rank_duds"]) for row in read_csv(call("districts", result, "-f", "csv", "--sort", "rank_duds"))[:-3]]
    expect(ranks == sorted(ranks), "sorted by rank")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for case in CASES:
            result, names = make(case)
            duds = check_districts(result, names)
            check_geodata(result, names, duds)
            check_export(result)
            check_info(result, CASES[case][4])
            check_redact(result, names, duds)
            expect(not [name for name in os.listdir(".") if name.startswith(".tmp-")], f"{case}: nothing is left behind")
            print(f"{case}: {len(names)} districts, {duds[-1]:.1f} duds: ok")
        check_sort("usual.nc")
        check_refusals("usual.nc")
        os.chdir("/")


if __name__ == "__main__":
    main()
