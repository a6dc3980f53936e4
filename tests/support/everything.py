"""everything.py - one small scenario with every part of the model at once: districts, sets of zones, people, ground classes that activities keep to,
clearance, unreported strikes, shared rates. Nothing in it is real.

    everything.make(folder)      scenario.yaml in the folder, with its inputs
"""
import json
import pathlib
import sys

import numpy as np

XMIN, YMIN, WIDTH, HEIGHT = 300000, 5540000, 6000, 3300
SCENARIO = """format: 1
title: everything at once
run: {as_of: 2022-12-31, seed: 11, realisations: 203, estimator: ESTIMATOR}
grid: {crs: "EPSG:32637", cell_size_m: 10, bounds_m: [300000, 5540000, 306000, 5543300]}
layers:
  districts: {file: districts.geojson, name: NAME}
  population: {file: people.tif}
  ground: {file: ground.geojson, field: C, classes: {1: paved, 2: soil}, reference: paved}
  cleared: {file: cleared.geojson, date: DATE, coverage: 0.9, detection: {uniform: [0.6, 0.9]}}
  zones:
    tasks: {file: zones.geojson, name: NAME}
    thirds: {file: districts.geojson, name: NAME}
ground: {dud_rate_log_odds: {soil: {uniform: [0.2, 1.0]}}}
exposure:
  activities:
    walking: {participation: 1, ground_m2_per_person_year: {interval90: [10, 180]}}
    digging: {participation: {interval90: [0.05, 0.3]}, ground_m2_per_person_year: 300, classes: [soil]}
background: {density_per_km2: {uniform: [0, 2]}, munition: {shared: 0.5, ring: 0.5}, carriers: {range: [1, 3], per: campaign}}
munitions: munitions.yaml
strikes:
  file: strikes.csv
  defaults: {munition: {shared: 0.6, ring: 0.4}, carriers: {range: [1, 4]}, location_error: {r95_m: 200}, heading_deg: unknown, confidence: 0.8}
"""
MAPS = "output: {quantiles: [0.1, 0.5, 0.95], density_thresholds_per_ha: [0.5, 5]}\n"
MUNITIONS = """munitions:
  shared:
    name: A rate that all strikes share
    submunitions_per_carrier: {range: [60, 100]}
    dud_rate: {interval90: [0.05, 0.3], per: campaign}
    carrier_failure: 0.15
    carrier_spread_m: {along: 80, across: 40}
    pattern: {shape: gaussian, along_m: {triangular: [40, 60, 90]}, across_m: 40}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", carrier_failure: "ASSUMED: a test",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
  ring:
    name: A ring
    submunitions_per_carrier: 200
    dud_rate: {uniform: [0.02, 0.4], per: strike}
    carrier_failure: 0.05
    carrier_spread_m: {along: 50, across: 20}
    pattern: {shape: ring, along_m: 90, across_m: 70, width: 0.5}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", carrier_failure: "ASSUMED: a test",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
"""


def area(x0, y0, x1, y1, **properties):
    ring = [[XMIN + x, YMIN + y] for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write_layer(path, features):
    system = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, "crs": system}), encoding="utf-8")


def write_people(path):
    from osgeo import gdal, osr
    gdal.UseExceptions()
    raster = gdal.GetDriverByName("GTiff").Create(str(path), WIDTH // 100, HEIGHT // 100, 1, gdal.GDT_Float32)
    raster.SetGeoTransform([XMIN, 100, 0, YMIN + HEIGHT, 0, -100])
    system = osr.SpatialReference()
    system.ImportFromEPSG(32637)
    raster.SetProjection(system.ExportToWkt())
    people = np.zeros((HEIGHT // 100, WIDTH // 100), np.float32)
    people[5:25, 10:50] = 30
    raster.GetRasterBand(1).WriteArray(people)


def make(folder, estimator="expected-value"):
    """Returns the path of the scenario."""
    if sys.executable != "/usr/bin/python3":
        raise RuntimeError("the distribution's python3 has the libraries")
    folder = pathlib.Path(folder)
    third = WIDTH / 3
    write_layer(folder / "districts.geojson", [area(third * i + 5, 7, third * (i + 1) + 5, HEIGHT - 400, NAME=f"third {i}") for i in range(3)])
    write_layer(folder / "ground.geojson", [area(0, 0, 2711, HEIGHT, C=1), area(2711, 0, WIDTH, HEIGHT, C=2)])
    write_layer(folder / "cleared.geojson", [area(3305, 613, 4404, 2222, DATE="2022-06-01")])
    write_layer(folder / "zones.geojson", [area(503, 303, 2907, 1909, NAME="one"), area(1501, 1201, 4107, 3103, NAME="two")])
    write_people(folder / "people.tif")
    rows = "".join(f"s{i},2022-03-{1 + i:02d},{XMIN + 700 + 523 * i},{YMIN + 600 + 271 * (i * 7 % 9)}\n" for i in range(10))
    (folder / "strikes.csv").write_text("id,date,x_m,y_m\n" + rows)
    (folder / "munitions.yaml").write_text(MUNITIONS)
    (folder / "scenario.yaml").write_text(SCENARIO.replace("ESTIMATOR", estimator) + (MAPS if estimator == "expected-value" else ""))
    return folder / "scenario.yaml"
