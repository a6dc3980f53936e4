#!/usr/bin/python3
"""test_qgis.py - QGIS itself (PyQGIS, offscreen) opens the result, an exported layer with its style and the districts: right place, right colours.

Skipped where python3-qgis is not installed, which brings several hundred packages.

    test_qgis.py [UXOSIM]      the program: default $UXOSIM
ctest-label: slow
ctest-timeout: 300
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # the readers are the distribution's packages

os.environ["QT_QPA_PLATFORM"] = "offscreen"
try:
    from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsRasterLayer, QgsVectorLayer
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor
except ImportError:
    print("python3-qgis is not installed")
    sys.exit(77)

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import town


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")


def expect(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


def check_place(layer, what):
    box = layer.extent()
    wanted = (town.XMIN, town.YMIN, town.XMIN + town.CELL_M * town.COLUMNS, town.YMIN + town.CELL_M * town.ROWS)
    found = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
    expect(layer.isValid() and layer.crs().authid() == "EPSG:32637", f"{what}: opened with its reference system")
    expect(np.allclose(found, wanted), f"{what}: {found}, not {wanted}")


def rendered(layer):
    """A dot for each cell: rows, columns, red green blue."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setOutputSize(QSize(town.COLUMNS, town.ROWS))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage().convertToFormat(4)  # RGB32
    data = image.constBits()
    data.setsize(image.sizeInBytes())
    dots = np.frombuffer(data, np.uint8).reshape(town.ROWS, image.bytesPerLine() // 4, 4)
    return dots[:, :town.COLUMNS, 2::-1].copy()


def check_colours(path, folder):
    layer = QgsRasterLayer(str(folder / "dud_density.tif"), "density")
    check_place(layer, "GeoTIFF")
    items = list(ElementTree.parse(folder / "dud_density.qml").getroot().iter("item"))
    upper = np.array([float(item.get("value")) for item in items[1:]])
    colours = np.array([tuple(bytes.fromhex(item.get("color")[1:])) for item in items[1:]], np.uint8)
    with h5py.File(path) as file:
        cells = file["dud_density"][:].astype(float)
    wanted = np.where((cells > 0)[:, :, None], colours[np.searchsorted(upper, cells)], 255)
    wrong = np.any(rendered(layer) != wanted, axis=2)
    expect(wrong.mean() < 1e-3, f"{wrong.sum()} of {wrong.size} cells in another colour than the style's")
    print(f"colours of {wrong.size} cells: {wrong.sum()} differ")


def check_districts(folder):
    layer = QgsVectorLayer(str(folder / "d.gpkg") + "|layername=districts", "districts", "ogr")
    expect(layer.isValid() and layer.crs().authid() == "EPSG:4326", "GeoPackage: opened, in WGS 84")
    expect([feature["district"] for feature in layer.getFeatures()] == town.NAMES, "names of districts")
    fields = QgsVectorLayer(str(folder / "d.gpkg") + "|layername=uxosim_fields", "fields", "ogr")
    expect(fields.isValid() and fields.featureCount() > 10, "the table of fields")
    kinds = QgsRasterLayer(str(folder / "district.tif"), "district")
    expect([kind.label for kind in kinds.renderer().classes()] == town.NAMES, "names of districts in the style")


def main():
    uxosim = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.environ["UXOSIM"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.environ["XDG_RUNTIME_DIR"] = os.environ["HOME"] = name  # QGIS keeps a profile
        path = town.make(uxosim, folder)
        for layer in ("dud_density", "district"):
            run(uxosim, "export", path, "--layer", layer, "-o", folder / f"{layer}.tif")
        run(uxosim, "districts", path, "--format", "gpkg", "-o", folder / "d.gpkg")
        application = QgsApplication([], False)
        application.initQgis()
        check_place(QgsRasterLayer(f'NETCDF:"{path}":dud_density', "result"), "result file")
        check_colours(path, folder)
        check_districts(folder)
        application.exitQgis()
    print("QGIS: ok")


if __name__ == "__main__":
    main()
