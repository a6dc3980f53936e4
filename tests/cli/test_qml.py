#!/usr/bin/python3
"""test_qml.py - what a GIS gets: the style beside every exported layer, and the fields of districts.

    test_qml.py [UXOSIM]      the program: default $UXOSIM
"""
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # the readers are the distribution's packages

import h5py

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import expect
import town


def run(*command, code=0):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def lightness(colour):
    red, green, blue = bytes.fromhex(colour[1:])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def check_classes(layer, root):
    shader = root.find("pipe/rasterrenderer/rastershader/colorrampshader")
    expect(shader.get("colorRampType") == "DISCRETE", f"{layer}: classes, not a ramp")
    items = list(shader)
    upper = [float(item.get("value")) for item in items]
    expect(upper == sorted(set(upper)), f"{layer}: ends of classes ascend: {upper}")
    expect(upper[0] == 0.0 and items[0].get("alpha") == "0", f"{layer}: zero has no colour")
    expect("not the same as safe" in items[0].get("label"), f"{layer}: zero is not safe")
    for item, least in zip(items[1:], upper):
        expect(item.get("label").startswith(f"more than {least:.9f}".rstrip("0").rstrip(".")), f"{layer}: '{item.get('label')}' begins at {least}")
    shown = [lightness(item.get("color")) for item in items[1:] if item.get("alpha") == "255"]
    steps = [b - a for a, b in zip(shown, shown[1:])]
    expect(all(step < -8 for step in steps) or layer == "dud_containment" and all(step > 8 for step in steps),
           f"{layer}: each class is darker than the one below: {shown}")


def check_page(layer, root):
    """The page has the same classes and colours: tools/report/src/colours.json."""
    source = pathlib.Path(__file__).resolve().parent.parent.parent / "tools/report/src/colours.json"
    colours = json.loads(source.read_text(encoding="utf-8"))
    scale = colours["scales"][colours["layers"][layer]]
    items = list(root.iter("item"))
    found = {"upper": [None if item.get("value") == "inf" else float(item.get("value")) for item in items[1:]],
             "rgb": [item.get("color") for item in items[1:]]}
    expect(found == scale, f"{layer}: {found} in the style, {scale} on the page")
    expect(items[0].get("color") == colours["paper"] and items[0].get("label") == colours["zero_note"], f"{layer}: zero")
    expect(root.find("pipe/rasterrenderer").get("nodataColor") == colours["no_data"], f"{layer}: no data")


def check_kinds(layer, root, names):
    entries = root.findall("pipe/rasterrenderer/colorPalette/paletteEntry")
    expect([entry.get("label") for entry in entries] == names, f"{layer}: names of all kinds")
    expect([entry.get("value") for entry in entries] == [str(i) for i in range(len(names))], f"{layer}: their numbers")


def check_styles(uxosim, folder, path):
    with h5py.File(path) as file:
        layers = [name for name, item in file.items() if isinstance(item, h5py.Dataset) and item.ndim >= 2]
    for layer in layers:
        run(uxosim, "export", path, "--layer", layer, "-o", folder / f"{layer}.map.tif")
        root = ElementTree.parse(folder / f"{layer}.map.qml").getroot()
        expect(root.tag == "qgis", f"{layer}: a style of QGIS")
        if layer == "district":
            check_kinds(layer, root, town.NAMES)
        else:
            check_classes(layer, root)
            check_page(layer, root)
    expect(len(layers) >= 10, f"layers: {layers}")
    (folder / "sub").mkdir()
    run(uxosim, "export", path, "--layer", "dud_density", "-o", folder / "sub/name")
    expect(sorted(p.name for p in (folder / "sub").iterdir()) == ["name", "name.qml"], "a raster without extension")
    said = run(uxosim, "export", path, "--layer", "dud_density", "-o", folder / "x.qml", code=64)
    expect(".tif" in said and not (folder / "x.qml").exists(), "a raster may not take the style's name")
    odd = folder / "result.qml"
    odd.write_bytes(path.read_bytes())
    said = run(uxosim, "export", odd, "--layer", "dud_density", "-o", folder / "result.tif", code=64)
    expect("would replace" in said and odd.read_bytes() == path.read_bytes() and not (folder / "result.tif").exists(), f"a style does not replace the result: {said}")


def check_fields(uxosim, folder, path):
    run(uxosim, "districts", path, "--format", "gpkg", "-o", folder / "d.gpkg")
    with sqlite3.connect(folder / "d.gpkg") as table:
        fields = {row[0]: row[1:] for row in table.execute("select field, alias, unit, meaning from uxosim_fields")}
        columns = [row[1] for row in table.execute("pragma table_info(districts)")]
        names = [row[0] for row in table.execute("select district from districts order by fid")]
    expect(names == town.NAMES, f"names of districts: {names}")
    header = run(uxosim, "districts", path, "--format", "csv").splitlines()[0].split(",")
    expect(set(columns) - set(fields) == {"fid", "geom", "kind", "district"}, f"every field is explained: {set(columns) - set(fields)}")
    for field, (alias, unit, meaning) in fields.items():
        expect(re.fullmatch("[a-z][a-z0-9_]{1,9}", field), f"'{field}' is short and plain")
        expect(alias in header and unit and len(meaning) > 10, f"{field}: {alias}, {unit}, {meaning}")
    collection = json.loads(run(uxosim, "districts", path, "--format", "geojson"))
    explained = {name: column["column"] for name, column in collection["uxosim"]["columns"].items()}
    expect(explained == {field: alias for field, (alias, _, _) in fields.items()}, "GeoJSON and GeoPackage agree")
    properties = set(collection["features"][0]["properties"])
    expect(properties == set(fields) | {"kind", "district"}, f"fields of GeoJSON: {properties}")


def main():
    uxosim = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.environ["UXOSIM"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path = town.make(uxosim, folder)
        check_styles(uxosim, folder, path)
        check_fields(uxosim, folder, path)
    print("styles of every layer, fields of districts: ok")


if __name__ == "__main__":
    main()
