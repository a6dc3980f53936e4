#!/usr/bin/python3
"""test_planes.py - layers with planes (quantiles, thresholds) as users meet them: real readers, export, info, public copies.

Readers: h5py, gdalinfo, gdallocationinfo, ncdump, ncks, xarray (netcdf4, h5netcdf). Two grids: several chunks, and one cell.
What is the same for all layers is in test_readers.py.

    test_planes.py [UXOSIM]       the program: default $UXOSIM
ctest-timeout: 300
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

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import expect
from catalogue import one_munition

AXES = {"quantile": [0.05, 0.5, 0.9, 0.95], "threshold": [0.5, 20.0]}
PLANES = {"dud_density_quantile": "quantile", "exceedance_probability": "threshold"}
CLOSED = ["dud_density", "dud_probability"]
# name, cell size [m], columns, rows
GRIDS = [("chunks", 20, 300, 270), ("single", 500, 1, 1)]
SCENARIO = """format: 1
title: Planes
run: {{as_of: 2022-12-31, seed: 7, realisations: 200, estimator: expected-value}}
grid: {{crs: "EPSG:32637", cell_size_m: {cell}, bounds_m: [300000, 5540000, {xmax}, {ymax}]}}
munitions: munitions.yaml
strikes:
  file: strikes.csv
  defaults: {{munition: m, carriers: {{range: [1, 3]}}, location_error: {{r95_m: 100}}, heading_deg: unknown, confidence: 0.9}}
output: {{quantiles: [0.05, 0.5, 0.9, 0.95], density_thresholds_per_ha: [0.5, 20]}}
"""
MUNITIONS = one_munition("{beta: {mean: 0.2, concentration: 20}, per: strike}", 120, 60, load=200, spread_m=50)


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout, done.stderr


def make(uxosim, folder, name, cell, columns, rows):
    """Strikes in the middle and at the corner of the grid; two runs with other thread counts have to be equal."""
    path = f"{folder}/{name}.nc"
    with open(f"{folder}/munitions.yaml", "w", encoding="utf-8") as file:
        file.write(MUNITIONS)
    with open(f"{folder}/strikes.csv", "w", encoding="utf-8") as file:
        file.write("id,date,x_m,y_m\n")
        for i, (along, up) in enumerate(((0.5, 0.5), (0.52, 0.45), (1.0, 1.0))):
            file.write(f"S{i},2022-03-0{i + 1},{300000 + along * cell * columns},{5540000 + up * cell * rows}\n")
    with open(f"{folder}/{name}.yaml", "w", encoding="utf-8") as file:
        file.write(SCENARIO.format(cell=cell, xmax=300000 + cell * columns, ymax=5540000 + cell * rows))
    run(uxosim, "run", f"{folder}/{name}.yaml", "-o", path, "--quiet", "--threads", 1)
    run(uxosim, "run", f"{folder}/{name}.yaml", "-o", f"{folder}/again.nc", "--quiet", "--threads", 3)
    with open(path, "rb") as first, open(f"{folder}/again.nc", "rb") as second:
        expect(first.read() == second.read(), f"{name}: one thread and three give the same bytes")
    return path


def truth(path):
    """All planes by h5py, the reader nearest to the bytes, and what holds between them."""
    with h5py.File(path) as file:
        for axis, values in AXES.items():
            expect(np.array_equal(file[axis][:], values) and file[axis].attrs["units"] in (b"1", b"hectare-1"), f"axis {axis}")
        for name, axis in PLANES.items():
            for index, scale in enumerate((axis, "y", "x")):
                expect(file[name].dims[index][0] == file[scale], f"dimension scale {scale} of {name}")
            expect(file[name].chunks[0] == 1, f"{name}: planes are chunks of their own")
            expect("not that no" in file[name].attrs["comment"], f"{name}: zero does not mean safe")
        layers = {name: file[name][:] for name in PLANES}
        for name in CLOSED:
            bound = file[name].attrs.get("numerical_error_bound")
            expect(bound is None or bound[0] > 0 and "numerical_error_bound" in file[name].attrs["comment"], f"bound of {name}")
        density = file["dud_density"][:]
    quantiles, shares = layers["dud_density_quantile"], layers["exceedance_probability"]
    expect(np.all(np.diff(quantiles, axis=0) >= 0) and quantiles.max() > 0, "quantiles ascend")
    expect(np.all(np.diff(shares, axis=0) <= 0) and 0 <= shares.min() and shares.max() <= 1 and shares.max() > 0, "exceedance falls")
    expect(np.all(quantiles[-1][density > 20] > 0), "the upper quantile is above 0 where duds are many")
    return layers


def check_gdal(path, layers):
    for name, planes in layers.items():
        info = json.loads(run("gdalinfo", "-json", f"NETCDF:{path}:{name}")[0])
        axis = PLANES[name]
        found = [float(band["metadata"][""][f"NETCDF_DIM_{axis}"]) for band in info["bands"]]
        expect(np.allclose(found, AXES[axis]), f"gdalinfo: bands of {name}: {found}")
        expect("32637" in info["coordinateSystem"]["wkt"] and info["geoTransform"][0] == 300000, f"gdalinfo: place of {name}")
        row, column = np.unravel_index(np.argmax(planes.sum(axis=0)), planes.shape[1:])
        text = run("gdallocationinfo", "-valonly", f"NETCDF:{path}:{name}", column, row)[0]
        expect(np.allclose([float(word) for word in text.split()], planes[:, row, column], rtol=1e-6), f"gdallocationinfo: {name}")


def check_netcdf_tools(path, layers):
    header = run("ncdump", "-h", path)[0]
    for name, planes in layers.items():
        axis = PLANES[name]
        expect(f"float {name}({axis}, y, x) ;" in header and f"double {axis}({axis}) ;" in header, f"ncdump: {name}")
        row, column = np.unravel_index(np.argmax(planes[0]), planes.shape[1:])
        for index in range(len(planes)):
            text = run("ncks", "-H", "-C", "-s", "%.9g\\n", "-v", name, "-d", f"{axis},{index}", "-d", f"y,{row}", "-d", f"x,{column}", path)[0]
            value = float(re.search(r"[-+0-9.e]+", text).group(0))
            expect(np.isclose(value, planes[index, row, column], rtol=1e-7), f"ncks: {name} {index}: {text}")


def check_xarray(path, layers):
    for engine in ("netcdf4", "h5netcdf"):
        with xr.open_dataset(path, engine=engine) as data:
            for name, planes in layers.items():
                axis = PLANES[name]
                expect(data[name].dims == (axis, "y", "x"), f"{engine}: dimensions of {name}")
                for index, value in enumerate(AXES[axis]):
                    plane = data[name].sel({axis: value}).values
                    expect(np.array_equal(plane, planes[index]), f"{engine}: {name} at {axis} {value}")


def check_tools(uxosim, folder, path, layers, cell):
    listed = run(uxosim, "info", path)[0]
    for name, planes in layers.items():
        axis = PLANES[name]
        words = [f"{axis} {value:g}" for value in AXES[axis]]
        expect(all(re.search(rf"^ +{re.escape(word)} *$", listed, re.M) for word in words), f"info lists the planes of {name}")
        tif = f"{folder}/{name}.tif"
        run(uxosim, "export", path, "--layer", name, "-o", tif)
        info = json.loads(run("gdalinfo", "-json", tif)[0])
        expect([band["description"] for band in info["bands"]] == words, f"export: bands of {name}")
        expect(info["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"] == "COG", "export: a COG")
        row, column = np.unravel_index(np.argmax(planes[0]), planes.shape[1:])
        text = run("gdallocationinfo", "-valonly", tif, column, row)[0]
        expect(np.allclose([float(word) for word in text.split()], planes[:, row, column], rtol=1e-6), f"export: values of {name}")
    public = f"{folder}/public.nc"
    said = run(uxosim, "redact", path, "-o", public, "--block-m", 100)[1]
    with h5py.File(public) as file:
        kept = cell >= 100
        for name, planes in layers.items():
            expect((name in file) == kept and (PLANES[name] in file) == kept, f"redact: {name} of blocks cannot be had")
            expect(kept or f"layer '{name}' is left out" in said, f"redact says that {name} is left out")
            expect(not kept or np.array_equal(file[name][:], planes), f"redact: {name} as it was")
        expect("dud_density" in file, "redact: density")


def main():
    uxosim = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.environ["UXOSIM"]
    with tempfile.TemporaryDirectory() as folder:
        for name, cell, columns, rows in GRIDS:
            path = make(uxosim, folder, name, cell, columns, rows)
            layers = truth(path)
            check_gdal(path, layers)
            check_netcdf_tools(path, layers)
            check_xarray(path, layers)
            check_tools(uxosim, folder, path, layers, cell)
            print(f"{name}: {columns} x {rows} cells of {cell} m: ok")


if __name__ == "__main__":
    main()
