#!/usr/bin/python3
"""test_readers.py - real readers see a result with the right reference system, the right way up and with the right values.

Strikes with a pattern of 10 cm stand at known longitudes and latitudes, so that all their duds lie in one cell; gdaltransform's library
says which. Grids: not square, offset, one cell, one row; two reference systems, both sides of a central meridian.
Readers: gdalinfo, gdallocationinfo, ncdump, ncks, xarray (netcdf4, h5netcdf), h5py. A missing reader is an error, not a skipped test.

    test_readers.py [UXOSIM [RESULT.nc]]       the program: default $UXOSIM; with a result: only the checks that need no known strike
ctest-timeout: 300
ctest-label: once
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # the readers are the distribution's packages

import h5py
import numpy as np
import xarray as xr
from osgeo import osr

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import expect

osr.UseExceptions()
ESTIMATORS = ("analog", "expected-value")
# Those with planes: test_planes.py.
LAYERS = ["dud_density", "dud_probability", "dud_count_sd", "dud_density_sd", "dud_containment", "dud_density_standard_error",
          "dud_probability_standard_error"]
DUDS = 100 * 0.5  # submunitions x rate of the munition below

MUNITIONS = """munitions:
  point:
    name: A pattern of 10 cm, for tests
    submunitions_per_carrier: 100
    dud_rate: 0.5
    carrier_failure: 0.0
    carrier_spread_m: {along: 0, across: 0}
    pattern: {shape: gaussian, along_m: 0.1, across_m: 0.1}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", carrier_failure: "ASSUMED: a test",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
"""

# name, system, lower left corner, cell size, columns, rows, cells (column, row from the north) that are struck in their centre
GRIDS = [
    ("west", "EPSG:32637", 303217.0, 5541111.0, 20.0, 70, 33, [(0, 0), (69, 0), (0, 32), (12, 5), (69, 32)]),
    ("east", "EPSG:32638", 641003.5, 4407001.25, 12.5, 300, 290, [(3, 270), (299, 1), (256, 256), (255, 255)]),
    ("single", "EPSG:32637", 600010.0, 5500030.0, 1000.0, 1, 1, [(0, 0)]),
    ("row", "EPSG:32638", 399990.0, 4399990.0, 50.0, 9, 1, [(7, 0)]),
    ("column", "EPSG:32638", 399990.0, 4399990.0, 50.0, 1, 9, [(0, 2)]),
]


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def to_degrees(system, x, y):
    source, target = osr.SpatialReference(), osr.SpatialReference()
    source.SetFromUserInput(system)
    target.ImportFromEPSG(4326)
    for reference in (source, target):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    lon, lat, _ = osr.CoordinateTransformation(source, target).TransformPoint(x, y)
    return lon, lat


def make(uxosim, folder, grid, estimator):
    """Runs the scenario of one grid by one estimator; returns the result's path and the struck cells with their centres."""
    name, system, xmin, ymin, cell, nx, ny, struck = grid
    places = []
    for column, row in struck:
        x, y = xmin + (column + 0.5) * cell, ymin + (ny - row - 0.5) * cell
        places.append((column, row, x, y, *to_degrees(system, x, y)))
    with open(f"{folder}/munitions.yaml", "w", encoding="utf-8") as file:
        file.write(MUNITIONS)
    with open(f"{folder}/{name}.csv", "w", encoding="utf-8") as file:
        file.write("id,date,lon,lat\n")
        file.writelines(f"S{i},2022-03-0{i + 1},{lon:.12f},{lat:.12f}\n" for i, (_, _, _, _, lon, lat) in enumerate(places))
    with open(f"{folder}/{name}.yaml", "w", encoding="utf-8") as file:
        file.write(f"""format: 1
title: "Readers: {name}"
run: {{as_of: 2022-12-31, seed: 7, realisations: 200, estimator: {estimator}}}
grid: {{crs: "{system}", cell_size_m: {cell}, bounds_m: [{xmin}, {ymin}, {xmin + nx * cell}, {ymin + ny * cell}]}}
munitions: munitions.yaml
strikes:
  file: {name}.csv
  defaults: {{munition: point, carriers: 1, location_error: {{r95_m: 0.01}}, heading_deg: 0, confidence: 1}}
""")
    run(uxosim, "run", f"{folder}/{name}.yaml", "-o", f"{folder}/{name}.nc", "--quiet")
    return f"{folder}/{name}.nc", places


def truth(path):
    """The grid and all layers by h5py, the reader nearest to the bytes."""
    with h5py.File(path) as file:
        expect(isinstance(file.attrs["title"], str) and file.attrs["format"] == "uxosim-result", "h5py reads texts")
        expect(file.attrs["complete"][0] == 1, "complete")
        grid = {key: float(file.attrs[key][0]) for key in ("xmin_m", "ymin_m", "cell_size_m")}
        grid.update(x=file["x"][:], y=file["y"][:], wkt=file["crs"].attrs["crs_wkt"].decode())
        for axis, dataset in enumerate(("y", "x")):
            expect(file["dud_density"].dims[axis][0] == file[dataset], f"dimension scale {dataset}")
        layers = {name: file[name][:] for name in LAYERS if name in file}
        names = file["districts/name"].asstr()[:]
        expect(list(names[-3:]) == ["outside every district", "outside the grid", "total"], "last rows of the districts")
    half = grid["cell_size_m"] / 2
    expect(abs(grid["x"][0] - half - grid["xmin_m"]) < 1e-6 and abs(grid["y"][-1] - half - grid["ymin_m"]) < 1e-6, "axes")
    expect(np.all(np.diff(grid["x"]) > 0) and np.all(np.diff(grid["y"]) < 0), "x ascends, y descends")
    return grid, layers


def check_gdal(path, grid, layers):
    epsg = osr.SpatialReference(wkt=grid["wkt"]).GetAuthorityCode(None)
    for name, cells in layers.items():
        info = json.loads(run("gdalinfo", "-json", f"NETCDF:{path}:{name}"))
        found = osr.SpatialReference(wkt=info["coordinateSystem"]["wkt"])
        expect(found.GetAuthorityCode(None) == epsg, f"gdalinfo: {name} in EPSG:{epsg}")
        step = grid["cell_size_m"]
        corner = [grid["xmin_m"], step, 0, grid["ymin_m"] + step * len(grid["y"]), 0, -step]
        expect(np.allclose(info["geoTransform"], corner, rtol=0, atol=1e-6), f"gdalinfo: {info['geoTransform']} is not {corner}")
        expect(info["size"] == list(cells.shape[::-1]), f"gdalinfo: size of {name}")
        expect(info["bands"][0]["unit"] in ("hectare-1", "1"), f"gdalinfo: unit of {name}")
    containers = run("gdalinfo", path)
    expect(len(layers) == 1 or "SUBDATASET_1_NAME" in containers, "gdalinfo lists the layers")


def gdal_value(path, layer, lon, lat):
    text = run("gdallocationinfo", "-wgs84", "-valonly", f"NETCDF:{path}:{layer}", repr(lon), repr(lat))
    return float(text) if text.strip() else None


def check_netcdf_tools(path, layers):
    header = run("ncdump", "-h", path)
    expect('title = "' in header and ':Conventions = "CF-1.8"' in header, "ncdump: attributes")
    expect("group: districts {" in header and "string name(row)" in header, "ncdump: tables")
    rows, columns = next(iter(layers.values())).shape
    for name, cells in layers.items():
        expect(f"float {name}(y, x) ;" in header, f"ncdump: {name}(y, x)")
        for row, column in ((0, 0), (0, columns - 1), (rows - 1, 0), (rows // 2, columns // 2)):
            text = run("ncks", "-H", "-C", "-s", "%.9g\\n", "-v", name, "-d", f"y,{row}", "-d", f"x,{column}", path)
            number = re.search(r"[-+0-9.e]+|nan|_", text, re.I).group(0)
            value = float("nan") if number == "_" else float(number)
            expect(np.isclose(value, cells[row, column], rtol=1e-7, equal_nan=True), f"ncks: {name} {row} {column}: {text}")


def check_xarray(path, grid, layers):
    for engine in ("netcdf4", "h5netcdf"):
        with xr.open_dataset(path, engine=engine) as data:
            expect(data["dud_density"].attrs["grid_mapping"] == "crs", f"{engine}: grid mapping")
            expect(data["crs"].attrs["crs_wkt"] == grid["wkt"], f"{engine}: crs_wkt")
            for name, cells in layers.items():
                expect(data[name].dims == ("y", "x"), f"{engine}: dimensions of {name}")
                expect(np.array_equal(data[name].values, cells, equal_nan=True), f"{engine}: values of {name}")
            expect(np.array_equal(data["x"], grid["x"]) and np.array_equal(data["y"], grid["y"]), f"{engine}: axes")
        for group in ("districts", "strikes", "draws", "provenance"):
            with xr.open_dataset(path, engine=engine, group=group) as data:
                data.load()
                if group == "districts":
                    expect(data["name"].values[-1] == "total", f"{engine}: names are text")


def check_known(path, places, layers, cell_size, estimator):
    """All duds of a strike lie in its cell: values and neighbours, by column and row and by longitude and latitude."""
    density = layers["dud_density"]
    sampled = estimator == "analog"
    struck = np.zeros(density.shape, bool)
    for column, row, x, y, lon, lat in places:
        struck[row, column] = True
        expected = DUDS / (cell_size**2 / 1e4)
        # the mean of 200 draws of Binomial(100, 0.5): sd 5 / sqrt(200) = 0.35 duds, five of them; in closed form nothing is drawn
        tolerance = 5 * 0.3536 / DUDS if sampled else 1e-3
        expect(abs(density[row, column] - expected) < expected * tolerance, f"density at {column}, {row}: {density[row, column]}")
        expect(abs(layers["dud_probability"][row, column] - 1) <= (0 if sampled else 1e-3), f"probability at {column}, {row}")
        value = gdal_value(path, "dud_density", lon, lat)
        expect(np.isclose(value, density[row, column], rtol=1e-5), f"gdallocationinfo at {lon}, {lat}: {value}")
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            where = column + dx, row + dy
            if 0 <= where[0] < density.shape[1] and 0 <= where[1] < density.shape[0] and where not in [p[:2] for p in places]:
                expect(density[where[1], where[0]] == 0, f"neighbour {where} of {column}, {row}")
        with xr.open_dataset(path) as data:
            near = data["dud_density"].sel(x=x, y=y, method="nearest").item()
            expect(near == density[row, column], "xarray: nearest cell")
    expect(np.all(density[~struck] == 0) and np.all(layers["dud_probability"][~struck] == 0), "nothing elsewhere")
    expect(not sampled or np.all(layers["dud_density_standard_error"] > 0), "no hit gives a bound, never 0")
    total = layers["dud_density"].astype(float).sum() * cell_size**2 / 1e4
    with h5py.File(path) as file:
        simulated = file.attrs["simulated_duds_mean"][0]
        expect(np.isclose(total, simulated if sampled else file.attrs["expected_duds"][0], rtol=1e-6 if sampled else 1e-3), "sum of the map")
        expect(np.allclose(file["strikes/duds_mean"][:].sum(), simulated, rtol=1e-6), "sum of the strikes")
        expect(np.allclose(file["strikes/x"][:], [place[2] for place in places], rtol=0, atol=1e-2), "places of the strikes")
        expect(np.allclose(file["strikes/expected_duds"][:], DUDS), "closed form of the strikes")


def check_exports(uxosim, folder, path, layers, cell_size, places):
    """The GeoTIFF has the same values, and a public copy the same sum."""
    tif = f"{folder}/layer.tif"
    run(uxosim, "export", path, "--layer", "dud_density", "-o", tif)
    info = json.loads(run("gdalinfo", "-json", tif))
    expect(info["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"] == "COG", "export: a COG")
    expect(info["bands"][0]["description"] == "dud_density" and info["bands"][0]["unit"] == "hectare-1", "export: description")
    for column, row, _, _, lon, lat in places:
        value = float(run("gdallocationinfo", "-wgs84", "-valonly", tif, repr(lon), repr(lat)))
        expect(np.isclose(value, layers["dud_density"][row, column], rtol=1e-5), "export: value")
    public = f"{folder}/public.nc"
    run(uxosim, "redact", path, "-o", public)
    with h5py.File(public) as file:
        coarse = file["dud_density"][:].astype(float).sum() * float(file.attrs["cell_size_m"][0]) ** 2
        expect("strikes" not in file and "draws" not in file and "seed" not in file.attrs, "redact: no strikes")
    expect(np.isclose(coarse, layers["dud_density"].astype(float).sum() * cell_size**2, rtol=1e-6), "redact: sum")
    grid, kept = truth(public)
    check_gdal(public, grid, kept)


def check(path):
    grid, layers = truth(path)
    check_gdal(path, grid, layers)
    check_netcdf_tools(path, layers)
    check_xarray(path, grid, layers)
    return grid, layers


def main():
    uxosim = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.environ["UXOSIM"]
    if len(sys.argv) > 2:
        check(sys.argv[2])
        return
    with tempfile.TemporaryDirectory() as folder:
        for grid, estimator in ((grid, estimator) for estimator in ESTIMATORS for grid in GRIDS):
            path, places = make(uxosim, folder, grid, estimator)
            found, layers = check(path)
            check_known(path, places, layers, found["cell_size_m"], estimator)
            check_exports(uxosim, folder, path, layers, found["cell_size_m"], places)
            print(f"{estimator}, {grid[0]}: {found['x'].size} x {found['y'].size} cells of {found['cell_size_m']} m, {len(places)} strikes: ok")


if __name__ == "__main__":
    main()
