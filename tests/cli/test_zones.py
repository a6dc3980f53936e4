#!/usr/bin/python3
"""test_zones.py - sets of zones from scenario to every output: overlaps, holes, another system, off the grid; a zone that is the grid, zones that are the
districts; the same bytes from any number of threads; a thousand zones.

    test_zones.py [UXOSIM]      default $UXOSIM
ctest-timeout: 300
"""
import csv
import io
import json
import math
import os
import pathlib
import resource
import sqlite3
import subprocess
import sys
import tempfile
import zipfile

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import UXOSIM, call, expect
from catalogue import one_munition

XMIN, YMIN, CELL, NX, NY = 300000, 5540000, 20, 130, 70
WIDTH, HEIGHT = CELL * NX, CELL * NY
MUNITIONS = one_munition(0.3, 150, 80)
PROJECTION = ('PROJCS["WGS 84 / UTM zone 37N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
              'UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",39],'
              'PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]')
UTM = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}
STATUS = ["SHA", 'CHA; "odd", with commas', None, "підозра"]


def box(x0, y0, x1, y1):
    return [[XMIN + x, YMIN + y] for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))]


def circle(x, y, radius, turn=1):
    points = [[XMIN + x + radius * math.cos(2 * math.pi * turn * k / 48), YMIN + y + radius * math.sin(2 * math.pi * turn * k / 48)]
              for k in range(48)]
    return points + points[:1]


def write(name, areas):
    features = [{"type": "Feature", "properties": {"NAME": label, "STATUS": status, "N": 11 * i},
                 "geometry": {"type": "Polygon", "coordinates": rings}} for i, (label, status, rings) in enumerate(areas)]
    with open(name, "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features, "crs": UTM}, file)


def scenario(name, zones, cell=CELL, realisations=300):
    lines = "".join(f"    {key}: {{file: {file}, name: NAME, status: STATUS, population: N}}\n" for key, file in zones.items())
    with open(name, "w", encoding="utf-8") as file:
        file.write(f"""format: 1
run: {{as_of: 2022-12-31, seed: 20260312, realisations: {realisations}}}
grid: {{crs: "EPSG:32637", cell_size_m: {cell}, bounds_m: [{XMIN}, {YMIN}, {XMIN + WIDTH}, {YMIN + HEIGHT}]}}
munitions: munitions.yaml
strikes: {{file: s.csv, defaults: {{munition: m, carriers: {{range: [1, 3]}}, location_error: {{r95_m: 60}}, heading_deg: unknown, confidence: 0.9}}}}
layers:
  districts: {{file: districts.geojson, name: NAME, population: N}}
""" + ("  zones:\n" + lines if zones else ""))


def make():
    with open("munitions.yaml", "w", encoding="utf-8") as file:
        file.write(MUNITIONS)
    with open("s.csv", "w", encoding="utf-8") as file:
        file.write(f"id,date,x_m,y_m\na,2022-03-01,{XMIN + WIDTH / 3},{YMIN + HEIGHT / 2}\nb,2022-03-02,{XMIN + WIDTH},{YMIN + HEIGHT / 3}\n")
    districts = [(f"district {i}", None, [box(520 * i, 0, 520 * (i + 1), HEIGHT)]) for i in range(4)]  # whole cells; the last 26 columns are nobody's
    tasks = [("disc", STATUS[0], [circle(820, 640, 333.3)]), ("ring", STATUS[1], [circle(900, 700, 410), circle(900, 700, 150, -1)]),
             ("ditch", STATUS[2], [[[XMIN + x, YMIN + y] for x, y in ((3, 7), (2591, 1377), (2591, 1380), (3, 10), (3, 7))]]),
             ("far", STATUS[3], [box(WIDTH + 10, 0, WIDTH + 90, 90)])]
    write("districts.geojson", districts)
    write("tasks.geojson", tasks)
    write("whole.geojson", [("whole", "", [box(-100, -100, WIDTH + 100, HEIGHT + 100)])])
    subprocess.run(["ogr2ogr", "-t_srs", "EPSG:4326", "degrees.gpkg", "tasks.geojson"], check=True)
    scenario("s.yaml", {"tasks": "tasks.geojson", "whole": "whole.geojson", "same": "districts.geojson", "degrees": "degrees.gpkg"})


def check_realisations(name, expected):
    """A zone that is the grid has all that is on it; zones that are districts have what those have."""
    with h5py.File(name) as file:
        of_districts, zones = file["districts"], file["zones"]
        expect(zones.attrs["sets"] == "tasks, whole, same, degrees", f"{name}: names of sets")
        counts = of_districts["dud_count"][:].astype(float)
        whole, same, tasks = (zones[key]["dud_count"][:].astype(float) for key in ("whole", "same", "tasks"))
        expect(np.array_equal(whole[:, 0], counts[:, :-1].sum(axis=1)), f"{name}: the grid as a zone")
        expect(np.array_equal(same, counts), f"{name}: districts as zones")
        expect(all(np.array_equal(zones[key]["dud_count"][:, -1], counts[:, -1]) for key in zones), f"{name}: outside the grid")
        expect(np.all(tasks[:, :-1].sum(axis=1) >= counts[:, :-1].sum(axis=1) - 1e-3), f"{name}: no dud is lost")
        expect(np.any(tasks[:, :-1].sum(axis=1) > counts[:, :-1].sum(axis=1) + 1), f"{name}: zones overlap")
        expect(np.allclose(tasks * 255, np.round(tasks * 255), atol=1e-2), f"{name}: whole 255ths")
        expect([text.decode() for text in zones["tasks"]["status"][:4]] == [status or "" for status in STATUS], f"{name}: status as it stands")
        if expected:
            for table in ("dud_expectation", "affected_ha"):
                expect(np.allclose(zones["same"][table][:], of_districts[table][:], rtol=1e-5, atol=1e-6, equal_nan=True), f"{name}: {table}")
            all_of_it = of_districts["dud_expectation"][:, :-1].sum(axis=1)
            expect(np.allclose(zones["whole"]["dud_expectation"][:, 0], all_of_it, rtol=1e-5), f"{name}: all that is expected")
        else:
            expect("dud_expectation" not in zones["tasks"], f"{name}: no expectations of points")
        return tasks


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def check_tables(name):
    districts = rows(call("districts", name, "-f", "csv"))
    same, whole, tasks, degrees = (rows(call("districts", name, "--zones", key, "-f", "csv")) for key in ("same", "whole", "tasks", "degrees"))
    expect([row["zone"] for row in tasks] == ["disc", "ring", "ditch", "far", "outside every zone", "outside the grid", "total"], "rows")
    expect([row["status"] for row in tasks] == [status or "" for status in STATUS] + [""] * 3, "status")
    for mine, theirs in zip(same, districts):
        # errors of quantiles are distances between neighbours in order, which the last digit of an area can exchange
        keys = [key for key in theirs if key != "district" and not key.startswith("affected_ha_p")]
        wrong = [key for key in keys if mine[key] != theirs[key]
                 and not abs(float(mine[key]) - float(theirs[key])) <= 1e-6 * abs(float(theirs[key]))]
        expect(not wrong, f"zones that are districts: {wrong} of {mine['zone']}")
    for row, key in ((0, "duds_mean"), (0, "affected_ha_mean"), (0, "area_ha")):
        on_grid = sum(float(line[key]) for line in districts[:-2])
        expect(abs(float(whole[row][key]) - on_grid) <= 1e-6 * on_grid, f"the grid as a zone: {key}")
    expect(float(whole[1]["area_ha"]) == 0 and float(whole[1]["duds_mean"]) == 0, "nothing is outside the grid as a zone")
    for table in (same, whole, tasks, degrees):
        expect([table[-1][key] for key in ("area_ha", "duds_mean", "duds_p95")] == [districts[-1][key] for key in ("area_ha", "duds_mean", "duds_p95")],
               "the total is that of the districts")
    exact = math.pi * 333.3**2 / 1e4 * (48 / (2 * math.pi)) * math.sin(2 * math.pi / 48)
    expect(abs(float(tasks[0]["area_ha"]) - exact) < 0.01, "area of a disc")
    ditch = 3 * 2588 / 1e4
    expect(abs(float(tasks[2]["area_ha"]) - ditch) < 0.03 * ditch, "a ditch narrower than a cell")
    expect(float(tasks[3]["area_ha"]) == 0 and float(tasks[3]["duds_mean"]) == 0, "a zone off the grid stays empty")
    for mine, theirs in zip(degrees, tasks):
        expect(abs(float(mine["area_ha"] or 0) - float(theirs["area_ha"] or 0)) <= 0.02, f"in degrees: {mine['zone']}")
        expect(abs(float(mine["duds_mean"]) - float(theirs["duds_mean"])) <= 0.01 * float(theirs["duds_mean"]) + 0.02, f"in degrees: {mine['zone']}")
    return tasks


def check_formats(name, tasks):
    data = json.loads(call("districts", name, "-z", "tasks", "-f", "json"))
    expect(data["format"] == "uxosim-zones" and data["zones"] == "tasks" and "do not add up" in data["note"], "json says what rows are")
    expect([row["zone"] for row in data["rows"]] == [row["zone"] for row in tasks] and data["rows"][1]["status"] == STATUS[1], "json")
    expect([row["kind"] for row in data["rows"]][3:6] == ["zone", "outside_every_zone", "outside_the_grid"], "json: kinds")
    expect(not any("district" in column["meaning"] for column in data["columns"].values()), "json: meanings are of zones")
    call("districts", name, "-z", "tasks", "-f", "geojson", "-o", "out.geojson")
    with open("out.geojson", encoding="utf-8") as file:
        data = json.load(file)
    expect([f["properties"]["status"] for f in data["features"]] == [status or "" for status in STATUS], "geojson: status")
    expect(len(data["features"][1]["geometry"]["coordinates"][0]) == 2, "geojson: the hole")
    call("districts", name, "-z", "tasks", "-f", "xlsx", "-o", "out.xlsx")
    with zipfile.ZipFile("out.xlsx") as book:
        expect("підозра" in book.read("xl/sharedStrings.xml").decode(), "xlsx: status")
    call("districts", name, "-z", "tasks", "-f", "gpkg", "-o", "out.gpkg")
    with sqlite3.connect("out.gpkg") as base:
        found = base.execute("select zone, status, duds_mean from tasks order by fid").fetchall()
    expect([row[:2] for row in found] == [(row["zone"], row["status"]) for row in tasks[:4]], "gpkg")
    expect([row[2] for row in found] == [float(row["duds_mean"]) for row in tasks[:4]], "gpkg: numbers")
    table = call("districts", name, "--zones", "tasks", "--sort", "zone")
    expect("Zones may overlap: rows do not add up to the total" in table and "Status" in table, "table: foot")
    places = [table.index(f"\n{row} ") for row in ("disc", "ditch", "far", "ring")]
    expect(places == sorted(places), "table: sorted by name")
    expect("has no zones 'task'; it has tasks, whole, same, degrees" in call("districts", name, "--zones", "task", code=64), "an unknown set")
    expect("of districts, not of zones" in call("districts", name, "--zones", "tasks", "--ranking", code=64), "no ranking of zones")
    expect(f"uxosim districts {name} --zones whole" in call("districts", name), "the table of districts mentions sets")
    expect("zones          tasks: 4\n               whole: 1\n" in call("info", name), "info lists sets")


def check_public_copy(name, tasks):
    done = subprocess.run([UXOSIM, "redact", name, "-o", "public.nc"], capture_output=True, check=True)
    expect("1 of 4 zones of 'tasks' are smaller than a block" in done.stderr.decode(), "redact warns of small zones")
    done = subprocess.run([UXOSIM, "report", name, "-o", "page.html"], capture_output=True, check=True)
    expect("1 of 4 zones of 'tasks' are smaller than a block" in done.stderr.decode(), "report warns of small zones")
    expect(rows(call("districts", "public.nc", "--zones", "tasks", "-f", "csv")) == tasks, "redact keeps the rows of zones")
    with h5py.File("public.nc") as file:
        expect("dud_count" not in file["zones/tasks"] and "geometry_wkb" in file["zones/tasks"], "redact leaves counts out")
        roles = [text.decode() for text in file["provenance/input_role"][:]]
        expect("zones.tasks" in roles, "redact keeps the name of the file of zones")


def check_threads():
    for estimator in ("expected-value", "analog"):
        made = []
        for threads in ("1", "2", "8"):
            call("run", "s.yaml", "-o", f"{threads}.nc", "-q", "--threads", threads, "--set", f"run.estimator={estimator}")
            with open(f"{threads}.nc", "rb") as file:
                made.append(file.read())
        expect(made[0] == made[1] == made[2], f"{estimator}: the same bytes from 1, 2 and 8 threads")
        yield check_realisations("2.nc", estimator == "expected-value")


def check_what_is_said():
    text = call("check", "s.yaml")
    line = next(line for line in text.split("\n") if line.startswith("zones "))
    expect(line.startswith("zones          tasks: 4, 81.") and line.endswith("ha without overlaps"), f"check: {line}")
    expect("               whole: 1, 364 ha on the grid, 364 ha without overlaps" in text, "check: the grid")
    done = subprocess.run([UXOSIM, "run", "s.yaml", "-o", "s.nc"], capture_output=True, check=True)
    expect("zones hold them all, each near what is expected of it" in done.stderr.decode() and "zones hold them all" in done.stderr.decode(), "the self-check has zones")
    expect("1 of 4 zones lie wholly off the grid and stay empty in every table: 'far'" in done.stderr.decode(), "a zone off the grid")
    with h5py.File("s.nc") as file:
        used = dict(zip((text.decode() for text in file["provenance/used_path"][:]), (text.decode() for text in file["provenance/used_value"][:])))
        expect(used["layers.zones.tasks.status"] == "STATUS" and used["layers.zones.degrees.file"] == "degrees.gpkg", "values used")


def check_people():
    """Accidents, casualties, intact carriers and ground by zone: a zone that is the grid has the total, zones that are districts have theirs."""
    with open("people.asc", "w", encoding="utf-8") as file:
        persons = "\n".join(" ".join(str((7 * x + 3 * y) % 40) for x in range(13)) for y in range(7))
        file.write(f"ncols 13\nnrows 7\nxllcorner {XMIN}\nyllcorner {YMIN}\ncellsize 200\n{persons}\n")
    with open("people.prj", "w", encoding="utf-8") as file:
        file.write(PROJECTION)
    write("soft.geojson", [("soil", None, [circle(900, 700, 300)]), ("paved", None, [box(0, 0, 300, 300)])])
    scenario("people.yaml", {"tasks": "tasks.geojson", "whole": "whole.geojson", "same": "districts.geojson"}, realisations=400)
    with open("people.yaml", "a", encoding="utf-8") as file:
        file.write("  population: {file: people.asc}\n  ground: {file: soft.geojson, field: NAME, classes: {soil: soil, paved: paved}, reference: paved}\n"
                   "override: {m: {carrier_failure: 0.1, sources: {carrier_failure: \"ASSUMED: a test\"}}}\n")
    drawn = []
    for estimator in ("expected-value", "analog"):
        call("run", "people.yaml", "-o", "people.nc", "-q", "--set", f"run.estimator={estimator}")
        with h5py.File("people.nc") as file:
            tables = ["accidents"] + (["accident_expectation"] if estimator == "expected-value" else [])
            for table in tables:
                mine = file["districts"][table][:].astype(float)
                same, whole = file["zones/same"][table][:], file["zones/whole"][table][:, 0]
                expect(np.allclose(same, mine, rtol=1e-5, atol=1e-7, equal_nan=True), f"{estimator}: {table} of districts as zones")
                expect(np.allclose(whole, mine[:, :-1].sum(axis=1), rtol=1e-5, atol=1e-7), f"{estimator}: {table} of the grid as a zone")
                expect(whole.sum() > 0, f"{estimator}: some {table}")
            drawn.append(file["zones/tasks/accidents"][:])
            for column in ("intact_carriers_mean", "intact_submunitions_mean"):
                mine = file["districts"][column][:]
                expect(np.allclose(file["zones/same"][column][:], mine) and mine[-1] > 0, f"{estimator}: {column} of districts as zones")
                expect(abs(file["zones/whole"][column][0] - mine[:-2].sum()) < 1e-9, f"{estimator}: {column} of the grid as a zone")
        districts, same = rows(call("districts", "people.nc", "-f", "csv")), rows(call("districts", "people.nc", "-z", "same", "-f", "csv"))
        for mine, theirs in zip(same, districts):
            for key in ("population", "accidents_year1_mean", "accidents_year1_p95", "casualties_year1_mean", "deaths_year1_mean", "rank_accidents",
                        "rank_accidents_per_affected_ha", "p_top1", "people_affected_mean"):
                expect(mine[key] == theirs[key] or abs(float(mine[key]) - float(theirs[key])) <= 1e-6 * abs(float(theirs[key])) + 1e-12,
                       f"{estimator}: {key} of {mine['zone']}")
    expect(np.array_equal(drawn[0], drawn[1]), "both estimators draw the same accidents")


def check_nothing_changes():
    """A run without zones is what it was: the tables of districts do not see them."""
    scenario("bare.yaml", {})
    call("run", "bare.yaml", "-o", "bare.nc", "-q")
    expect(call("districts", "bare.nc", "-f", "csv") == call("districts", "s.nc", "-f", "csv"), "districts with and without zones")
    expect("'bare.nc' has no zones" in call("districts", "bare.nc", "--zones", "tasks", code=64), "a file without zones")
    with h5py.File("bare.nc") as file:
        expect("zones" not in file, "no group without zones")


def cpu_s(*arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    call(*arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def check_a_thousand():
    """Discs that overlap their neighbours."""
    write("many.geojson", [(f"z{i}", "SHA", [circle(40 + 65 * (i % 40), 30 + 53 * (i // 40), 45)]) for i in range(1000)])
    scenario("many.yaml", {"many": "many.geojson"}, cell=5)
    scenario("none.yaml", {}, cell=5)
    slow, fast = cpu_s("run", "many.yaml", "-o", "many.nc", "-q"), cpu_s("run", "none.yaml", "-o", "none.nc", "-q")
    print(f"  a thousand zones: {slow:.2f} s of processor time, {fast:.2f} s without them")
    expect(slow < 3 * fast + 2, "a thousand zones take too long")
    expect(len(rows(call("districts", "many.nc", "-z", "many", "-f", "csv"))) == 1003, "a thousand rows")


def main():
    with tempfile.TemporaryDirectory(prefix="uxosim-zones-") as folder:
        os.chdir(folder)
        make()
        check_what_is_said()
        tasks = check_tables("s.nc")
        check_formats("s.nc", tasks)
        check_public_copy("s.nc", tasks)
        points = list(check_threads())
        expect(np.array_equal(points[0], points[1]), "both estimators have the same points")
        check_people()
        check_nothing_changes()
        check_a_thousand()
    print("ok")


main()
