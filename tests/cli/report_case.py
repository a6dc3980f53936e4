"""A small case with difficult names, and a reader of the page of `uxosim report`, for its tests. Not a test itself."""
import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import zlib

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import UXOSIM, expect, write

NAMES = ["Харків, \"північ\"", "<b>bold</b> & </script><script>window.ran = 1</script>", "منطقة الشمال", "=1+1; 'quoted'", "<img src=x onerror=window.ran=1>", "大阪市"]
ZONES = ["task <b>1</b>", "مهمة ٢", "задача 3"]
STATUS = ["SHA", "CHA & <i>more</i>", None]
TITLE = "<i>Ґанок</i> </script><script>window.ran = 1</script> & 'quoted' \\\"x\\\""
SECRETS = ["secret-1", "secret-2", "a secret source"]
MUNITIONS = """munitions:
  m:
    name: A pattern for tests
    submunitions_per_carrier: 100
    dud_rate: {interval90: [0.05, 0.20], per: campaign}
    carrier_failure: 0.1
    carrier_spread_m: {along: 0, across: 0}
    pattern: {shape: gaussian, along_m: 200, across_m: 100}
    sources: {submunitions_per_carrier: "ASSUMED: <b>a test</b>", dud_rate: "ASSUMED: a test", carrier_failure: "ASSUMED: a test",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
"""
CELL, NX, NY, XMIN, YMIN = 20, 121, 53, 300000, 5540000
STEPS, SHARE_STEPS = 253, 200


def call(*arguments, code=0, environment=None):
    done = subprocess.run([UXOSIM, *arguments], capture_output=True, check=False, env={**os.environ, **(environment or {})})
    expect(done.returncode == code, f"uxosim {' '.join(arguments)}: exit code {done.returncode}, not {code}\n{done.stderr.decode()}")
    expect(code == 0 or not done.stdout, f"{arguments}: output with an error")
    return done.stdout if code == 0 else done.stderr.decode()


def square(x0, x1, y0, y1):
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]


def make(name, cell=CELL, dates=("2022-03-01", "2022-03-02"), status="confirmed"):
    """Runs a case into NAME.nc. Districts are stripes over nine tenths of the grid, the first with a hole and an island."""
    width, height = CELL * NX, CELL * NY
    if cell != CELL:
        width, height = cell * 12, cell * 8
    features = []
    for i, district in enumerate(NAMES):
        x0, x1 = (XMIN + 0.9 * width * k / len(NAMES) for k in (i, i + 1))
        polygons = [[square(x0, x1, YMIN, YMIN + 0.8 * height)]]
        if i == 0:
            polygons[0].append(square(x0 + 0.4 * (x1 - x0), x0 + 0.6 * (x1 - x0), YMIN + 0.3 * height, YMIN + 0.5 * height)[::-1])
            polygons.append([square(x0, x1, YMIN + 0.9 * height, YMIN + height)])
        features.append({"type": "Feature", "properties": {"NAME": district, "N": 1000 + i}, "geometry": {"type": "MultiPolygon", "coordinates": polygons}})
    zones = [{"type": "Feature", "properties": {"ID": zone, "STATUS": status}, "geometry": {"type": "Polygon", "coordinates": [
        square(XMIN + (0.2 + 0.15 * i) * width, XMIN + (0.5 + 0.15 * i) * width, YMIN + 0.2 * height, YMIN + 0.7 * height)]}}
        for i, (zone, status) in enumerate(zip(ZONES, STATUS))]
    system = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}
    write(f"{name}.geojson", json.dumps({"type": "FeatureCollection", "features": features, "crs": system}))
    write("tasks.geojson" if cell == CELL else "coarse-tasks.geojson", json.dumps({"type": "FeatureCollection", "features": zones, "crs": system}))
    write("munitions.yaml", MUNITIONS)
    write(f"{name}.csv", f"id,date,x_m,y_m,status,source\nsecret-1,{dates[0]},{XMIN + width / 3},{YMIN + height / 2},{status},a secret source\n"
          f"secret-2,{dates[1]},{XMIN + 0.8 * width},{YMIN + height / 3},{status},\n")
    write(f"{name}.yaml", f"""format: 1
title: "{TITLE}"
run: {{as_of: 2022-12-31, seed: 18446744073709551557, realisations: 400}}
grid: {{crs: "EPSG:32637", cell_size_m: {cell}, bounds_m: [{XMIN}, {YMIN}, {XMIN + width}, {YMIN + height}]}}
layers:
  districts: {{file: {name}.geojson, name: NAME, population: N}}
  zones: {{tasks: {{file: {"tasks" if cell == CELL else "coarse-tasks"}.geojson, name: ID, status: STATUS}}}}
munitions: munitions.yaml
strikes: {{file: {name}.csv, defaults: {{munition: m, carriers: {{range: [1, 3]}}, location_error: {{r95_m: 50}}, heading_deg: unknown, confidence: 0.9}}}}
""")
    call("run", f"{name}.yaml", "-o", f"{name}.nc", "--quiet")


def data_of(page):
    """The block of JSON of a page (its text)."""
    blocks = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    expect(len(blocks) == 1, f"{len(blocks)} blocks of data")
    return json.loads(blocks[0])


def cells_of(data, layer):
    """Values of a layer as the page's script reads them: tools/report_layers.c says how they are stored."""
    grid = data["grid"]
    level = np.frombuffer(zlib.decompress(base64.b64decode(layer["cells"]), -15), np.uint8).reshape(grid["ny"], grid["nx"]).copy()
    level[:, 0] = np.cumsum(level[:, 0], dtype=np.uint8)
    level = np.cumsum(level, axis=1, dtype=np.uint8).astype(float)
    values = level / SHARE_STEPS if layer["scale"] == "share" else layer["max"] * 10 ** ((level - 254) * data["decades"] / STEPS)
    values[level == 0] = 0.0
    values[level == 255] = np.nan
    return values
