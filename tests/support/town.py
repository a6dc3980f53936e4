"""town.py - a small result for tests of what people look at: four districts whose names are Latin, Cyrillic, Arabic and full of markup, two
strikes, people on half of the cells. Nothing in it is real.

    path = make(uxosim, folder)      folder/town.nc, beside its inputs
"""
import json
import pathlib
import subprocess
import sys

import numpy as np

from catalogue import one_munition

CELL_M, COLUMNS, ROWS = 20, 203, 161  # no whole number of blocks of 100 m
XMIN, YMIN = 300000, 5540000
NAMES = ["Riverside", "Київський район", "حي الزهور", "<b>Old & \"New\"</b>"]
SCENARIO = """format: 1
title: "A town: <i>test</i> & nothing more"
run: {as_of: 2022-12-31, seed: 7, realisations: 300, estimator: expected-value}
grid: {crs: "EPSG:32637", cell_size_m: %d, bounds_m: [%d, %d, %d, %d]}
munitions: munitions.yaml
layers:
  districts: {file: districts.geojson, name: NAME}
  population: {file: people.tif}
strikes:
  file: secret_strikes.csv
  defaults: {munition: m, carriers: {range: [1, 3]}, location_error: {r95_m: 150}, heading_deg: unknown, confidence: 0.9}
"""
MUNITIONS = one_munition("{beta: {mean: 0.2, concentration: 20}, per: strike}", 80, 60, spread_m=50)
STRIKES = ("id,x_m,y_m,date\n"
           f"first,{XMIN + 1000},{YMIN + 2200},2022-03-01\n"
           f"second,{XMIN + 2900},{YMIN + 1100},2022-04-02\n")


def square(x0, y0, x1, y1):
    return [[[XMIN + x, YMIN + y] for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))]]


def districts():
    places = [(100, 1700, 2000, 3100), (2000, 1700, 3900, 3100), (2000, 100, 3900, 1700), (100, 100, 2000, 1700)]
    features = [{"type": "Feature", "properties": {"NAME": name}, "geometry": {"type": "Polygon", "coordinates": square(*place)}}
                for name, place in zip(NAMES, places)]
    system = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}
    return {"type": "FeatureCollection", "crs": system, "features": features}


def write_people(path):
    from osgeo import gdal, osr
    gdal.UseExceptions()
    raster = gdal.GetDriverByName("GTiff").Create(str(path), 42, 34, 1, gdal.GDT_Float32)
    raster.SetGeoTransform([XMIN, 100, 0, YMIN + 3400, 0, -100])
    system = osr.SpatialReference()
    system.ImportFromEPSG(32637)
    raster.SetProjection(system.ExportToWkt())
    people = np.zeros((34, 42), np.float32)
    people[:, :21] = 20
    raster.GetRasterBand(1).WriteArray(people)


def make(uxosim, folder, strikes=STRIKES, name="town.nc"):
    folder = pathlib.Path(folder)
    (folder / "scenario.yaml").write_text(
        SCENARIO % (CELL_M, XMIN, YMIN, XMIN + CELL_M * COLUMNS, YMIN + CELL_M * ROWS), encoding="utf-8")
    (folder / "munitions.yaml").write_text(MUNITIONS)
    (folder / "secret_strikes.csv").write_text(strikes)
    (folder / "districts.geojson").write_text(json.dumps(districts(), ensure_ascii=False), encoding="utf-8")
    write_people(folder / "people.tif")
    done = subprocess.run([uxosim, "run", str(folder / "scenario.yaml"), "-o", str(folder / name), "--quiet"], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"uxosim run: exit code {done.returncode}\n{done.stderr}")
    return folder / name
