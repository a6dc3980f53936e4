#!/usr/bin/python3
"""test_figures.py - `uxosim report --figures`: every map and chart as PNG, SVG and PDF.

The cells of each map are read back out of its SVG and compared, one by one, with classes computed here from the result file; the colours of
the classes are those of the QGIS styles. Texts are looked for in the PDF (pdftotext) and the SVG; what is public holds no strikes.

    test_figures.py [UXOSIM]      the program: default $UXOSIM
ctest-timeout: 300
ctest-label: once
"""
import base64
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ElementTree

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # the readers are the distribution's packages

import h5py
import numpy as np
from osgeo import gdal

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import expect
import town

gdal.UseExceptions()
MAPS = {"map-dud-density": "dud_density", "map-dud-probability": "dud_probability", "map-containment": "dud_containment",
        "map-accident-density": "accident_density", "map-dud-density-spread": "dud_density_sd", "map-dud-density-error": "dud_density_standard_error",
        "map-dud-probability-error": "dud_probability_standard_error", "map-exceedance-1": "exceedance_probability",
        "map-exceedance-10": "exceedance_probability"}
# What the note below the title says of blocks.
BLOCKS = {"dud_density": "Means over blocks of 100 m", "dud_probability": "That of the block is higher", "dud_density_sd": "that of the block is at most this",
          "dud_density_standard_error": "Where no realisation had a dud, a bound", "exceedance_probability": "the largest number of any of its cells"}
FEWEST_CLASSES = {"dud_density_standard_error": 2, "dud_probability_standard_error": 2, "exceedance_probability": 3}
CHARTS = ["chart-district-duds", "chart-district-accidents", "chart-exceedance-duds", "chart-exceedance-accidents", "chart-variance",
          "chart-ranking-duds", "chart-ranking-accidents"]
SENTENCE = "Modelled, not surveyed. Unreported strikes and older contamination are not included."
SVG = "{http://www.w3.org/2000/svg}"
PAPER = (255, 255, 255)


def run(*command, code=0):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def classes_of_style(path):
    """Upper ends and colours of a QGIS style, without the item for zero."""
    items = ElementTree.parse(path).getroot().iter("item")
    pairs = [(float(item.get("value")), tuple(bytes.fromhex(item.get("color")[1:]))) for item in items]
    expect(pairs[0][0] == 0.0, f"{path}: the first class is zero")
    return np.array([value for value, _ in pairs[1:]]), np.array([colour for _, colour in pairs[1:]], np.uint8)


def blocks(cells, factor, how):
    ny, nx = (-(-side // factor) for side in cells.shape)
    padded = np.full((ny * factor, nx * factor), np.nan)
    padded[:cells.shape[0], :cells.shape[1]] = cells
    boxes = padded.reshape(ny, factor, nx, factor)
    return np.nansum(boxes, axis=(1, 3)) / factor**2 if how == "mean" else np.nanmax(boxes, axis=(1, 3))


def containment(density, cell_ha, outside):
    flat = np.sort(density.ravel())[::-1]
    sums = np.cumsum(flat) * cell_ha
    last = np.searchsorted(-flat, -density.ravel(), side="right") - 1  # equal ones together
    return (sums[last] / (sums[-1] + outside)).reshape(density.shape)


def expected_cells(file, figure, layer, factor):
    stored = file[layer]
    if stored.ndim == 3:
        stored = stored[int(np.argmin(np.abs(file["threshold"][:] - float(figure.rsplit("-", 1)[1]))))]
    if factor == 1:
        return stored[:].astype(float)
    if layer == "dud_containment":
        density = blocks(file["dud_density"][:].astype(float), factor, "mean")
        return containment(density.astype(np.float32).astype(float), (town.CELL_M * factor) ** 2 / 1e4, file["districts/duds_mean"][-2])
    return blocks(stored[:].astype(float), factor, "largest" if "probability" in layer else "mean")


def image_of(svg):
    """Pixels of the one image of an SVG: rows, columns, three colours."""
    images = [element for element in svg.iter(SVG + "image")]
    expect(len(images) == 1, "one image in a map")
    expect("pixelated" in images[0].get("style", ""), "cells are drawn as squares")
    data = base64.b64decode(images[0].get("{http://www.w3.org/1999/xlink}href").split(",")[1])
    gdal.FileFromMemBuffer("/vsimem/map.png", data)
    pixels = gdal.Open("/vsimem/map.png").ReadAsArray()
    return np.moveaxis(pixels, 0, -1)[:, :, :3]


def check_map(file, folder, figure, layer, factor, style):
    upper, colours = classes_of_style(style)
    cells = expected_cells(file, figure, layer, factor)
    wanted = np.where((cells > 0)[:, :, None], colours[np.minimum(np.searchsorted(upper, cells), len(upper) - 1)], PAPER)
    # Cells in the middle of a class: not those within rounding of its ends.
    near = np.min(np.abs(cells[:, :, None] / np.where(np.isinf(upper), 1e30, upper) - 1), axis=2) < 1e-5
    drawn = image_of(ElementTree.parse(folder / f"{figure}.svg").getroot())
    expect(drawn.shape == wanted.shape, f"{figure}: {drawn.shape[:2]} cells, not {wanted.shape[:2]}")
    wrong = np.any(drawn != wanted, axis=2) & ~near
    expect(not wrong.any(), f"{figure}: {wrong.sum()} of {wrong.size} cells in a wrong colour, first {np.argwhere(wrong)[:3].tolist()}")
    found = {tuple(colour) for colour in drawn.reshape(-1, 3)}
    fewest = FEWEST_CLASSES.get(layer, 4)
    expect(len(found) >= fewest, f"{figure} shows at least {fewest} classes, not {len(found)}")


def check_png(path):
    data = path.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    where = data.index(b"pHYs")
    expect(struct.unpack(">IIB", data[where + 4:where + 13]) == (11811, 11811, 1), f"{path.name}: 300 dots per inch")
    expect(width == 2480, f"{path.name}: {width} dots wide, A4 has 2480")
    pixels = gdal.Open(str(path)).ReadAsArray()
    expect(pixels.shape[1:] == (height, width), f"{path.name} can be read")
    edges = np.concatenate([pixels[:, 0].ravel(), pixels[:, -1].ravel(), pixels[:, :, 0].ravel(), pixels[:, :, -1].ravel()])
    expect((edges == 255).all(), f"{path.name}: paper up to the edges")
    expect((pixels < 128).mean() > 0.002, f"{path.name}: something is drawn")
    red, green, blue = pixels[:3].astype(int)
    expect(not ((red > green + 60) & (red > blue + 60)).any(), f"{path.name}: no red and no orange")


def letters(text):
    """Letters and digits alone, in one form: PDF readers order and join right-to-left letters as they like."""
    return "".join(sorted(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()))


def pdf_text(path):
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout


def svg_texts(path):
    return [element.text or "" for element in ElementTree.parse(path).getroot().iter(SVG + "text")]


def check_texts(folder, figure, internal, wanted):
    pdf = re.sub(r"\s+", " ", pdf_text(folder / f"{figure}.pdf"))
    svg = re.sub(r"\s+", " ", " ".join(svg_texts(folder / f"{figure}.svg")))
    for text, kind in ((pdf, "pdf"), (svg, "svg")):
        for part in wanted + [SENTENCE, "up to 2022-12-31", "A town: <i>test</i> & nothing more"]:
            expect(part in text, f"{figure}.{kind} says '{part}': {text}")
        of = "scenario" if internal else "public copy"
        expect(re.search(rf"uxosim \d+\.\d+\.\d+.* {of} SHA-256 [0-9a-f]{{16}}", text), f"{figure}.{kind}: version, and what it is of")
        expect(internal or "scenario SHA" not in text, f"{figure}.{kind}: a hash of the scenario is not public")
        expect(("INTERNAL" in text) == internal, f"{figure}.{kind}: who may see it")
        expect(("secret_strikes" in text) == internal, f"{figure}.{kind}: name of the strike list")
    fonts = run("pdffonts", folder / f"{figure}.pdf")
    expect("DejaVuSans" in fonts and re.search(r"yes yes yes", fonts), f"{figure}.pdf: embedded fonts with letters\n{fonts}")
    root = ElementTree.parse(folder / f"{figure}.svg").getroot()
    expect(SENTENCE in root.find(SVG + "desc").text and root.find(SVG + "title").text, f"{figure}.svg: title and description")


def check_names(folder):
    """In every script, with markup as text, right-to-left names marked as such."""
    texts = svg_texts(folder / "chart-district-duds.svg")
    for name in town.NAMES:
        expect(name in texts, f"'{name}' in {texts}")
    words = pdf_text(folder / "chart-district-duds.pdf")
    for name in (town.NAMES[1], town.NAMES[3]):
        expect(name in words, f"'{name}' is text of the PDF")
    arabic = "".join(c for c in unicodedata.normalize("NFKC", words) if "\u0600" <= c <= "\u06ff")
    expect(letters(arabic) == letters(town.NAMES[2]), f"the letters of '{town.NAMES[2]}' in the PDF: '{arabic}'")
    right_to_left = [element for element in ElementTree.parse(folder / "map-dud-density.svg").getroot().iter(SVG + "text")
                     if element.get("direction") == "rtl"]
    expect([element.text for element in right_to_left] == [town.NAMES[2]], "the right-to-left name on the map")


def check_numbers(file, folder):
    """Numbers on charts are those of the file."""
    texts = svg_texts(folder / "chart-district-duds.svg")
    names = list(file["districts/name"].asstr()[:])
    for name in (town.NAMES[0], "total"):
        row = names.index(name)
        low, middle, high = (file[f"districts/duds_{which}"][row] for which in ("p05", "p50", "p95"))
        number = next(text for text in texts[texts.index(name):] if " to " in text)
        shown = [float(part.replace(",", "")) for part in re.findall(r"[\d.,]+", number)]
        expect(np.allclose(shown, [middle, low, high], rtol=0.06), f"{name}: '{number}', not {middle} ({low} to {high})")
    order = [text for text in texts if text in town.NAMES]
    medians = [file["districts/duds_p50"][names.index(name)] for name in order]
    expect(medians == sorted(medians, reverse=True), "districts are sorted by median")
    counts = file["districts/dud_count"][:].astype(float).sum(axis=1)
    said = " ".join(svg_texts(folder / "chart-exceedance-duds.svg"))
    expect("the largest" not in said.replace("the largest medians", "") and "Curves end at 0.01" in said, f"single draws are not public: {said}")
    expect(f"P(none) {np.mean(counts == 0):.2f}" in said, f"P(none) of the total is {np.mean(counts == 0)}: {said}")


def check_folder(uxosim, file, folder, styles, internal):
    names = sorted(path.name for path in folder.iterdir())
    wanted = sorted(f"{figure}.{kind}" for figure in [*MAPS, *CHARTS] for kind in ("pdf", "png", "svg"))
    expect(names == wanted, f"{names} are {wanted}")
    for figure, layer in MAPS.items():
        check_map(file, folder, figure, layer, 1 if internal else 5, styles[layer])
        extra = ["WGS 84 / UTM zone 37N (EPSG:32637)", "no data", "true north", "1 km", "not the same as safe"]
        check_texts(folder, figure, internal, extra + ([BLOCKS[layer]] if layer in BLOCKS and not internal else []))
    for figure in CHARTS:
        check_texts(folder, figure, internal, [])
    for figure in [*MAPS, *CHARTS]:
        check_png(folder / f"{figure}.png")
    crosses = [len(re.findall("reported strike and", " ".join(svg_texts(folder / f"{figure}.svg")))) for figure in MAPS]
    expect(all((count > 0) == internal for count in crosses), "strikes stand in the legend of internal maps only")


def check_refusals(uxosim, folder, path):
    undated = town.make(uxosim, folder, town.STRIKES.replace("2022-04-02", ""), "undated.nc")
    said = run(uxosim, "report", undated, "--figures", folder / "none", code=65)
    expect("no date" in said or "undated" in said, f"undated strikes are refused: {said}")
    expect(not (folder / "none").exists(), "nothing is written then")
    run(uxosim, "redact", path, "-o", folder / "public.nc")
    said = run(uxosim, "report", folder / "public.nc", "--figures", folder / "none", "--internal", code=65)
    expect("public copy" in said, f"a public copy has nothing internal: {said}")
    run(uxosim, "report", folder / "public.nc", "--figures", folder / "of_public")
    digest = re.search(r"^SHA-256 +([0-9a-f]{64})$", run(uxosim, "info", folder / "public.nc"), re.M).group(1)
    for made in ("of_public", "public"):
        said = " ".join(svg_texts(folder / made / "chart-district-duds.svg"))
        expect(f"public copy SHA-256 {digest[:16]}" in said, f"figures are named after the public copy {digest}: {said}")
    for figure in ("map-dud-density", "map-containment"):
        same = image_of(ElementTree.parse(folder / "of_public" / f"{figure}.svg").getroot())
        expect(np.array_equal(same, image_of(ElementTree.parse(folder / "public" / f"{figure}.svg").getroot())),
               f"{figure} of a public copy is that of the file itself")
    expect(not (folder / "of_public/map-dud-probability.svg").exists(), "a public copy has no probabilities of blocks")
    (folder / "file").write_text("")
    run(uxosim, "report", path, "--figures", folder / "file", code=73)


def main():
    uxosim = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.environ["UXOSIM"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path = town.make(uxosim, folder)
        styles = {}
        for layer in set(MAPS.values()):
            run(uxosim, "export", path, "--layer", layer, "-o", folder / f"{layer}.tif")
            styles[layer] = folder / f"{layer}.qml"
        for kind, options in (("public", []), ("internal", ["--internal"]), ("again", [])):
            run(uxosim, "report", path, "--figures", folder / kind, *options)
        with h5py.File(path) as file:
            check_folder(uxosim, file, folder / "public", styles, False)
            check_folder(uxosim, file, folder / "internal", styles, True)
            check_numbers(file, folder / "public")
        check_names(folder / "public")
        for one in (folder / "public").iterdir():
            expect(one.read_bytes() == (folder / "again" / one.name).read_bytes(), f"{one.name}: the same bytes from run to run")
        check_refusals(uxosim, folder, path)
    print(f"{len(MAPS)} maps and {len(CHARTS)} charts, public and internal: ok")


if __name__ == "__main__":
    main()
