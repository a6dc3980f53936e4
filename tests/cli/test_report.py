#!/usr/bin/python3
"""test_report.py - the page of `uxosim report` without a browser: what is in it against the result, what must not be, what is refused.

How it looks and works in a browser: test_report_browser.py.

    test_report.py [UXOSIM]      default $UXOSIM
ctest-timeout: 300
"""
import base64
import hashlib
import html.parser
import json
import os
import re
import sys
import tempfile

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # h5py is the distribution's package

import h5py
import numpy as np

from report_case import CELL, NAMES, STATUS, ZONES, NX, NY, SECRETS, TITLE, call, cells_of, data_of, expect, make

SOURCE = os.environ.get("UXOSIM_SOURCE_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SENTENCE = "Modelled, not surveyed. Unreported strikes and older contamination are not included. Not grounds to cancel, reduce or declare land safe (IMAS 07.11)."
MOST_EMPTY_BYTES = 1_500_000
BLOCK = 5  # cells of 20 m in one of 100 m


class Page(html.parser.HTMLParser):
    """Elements of a page with their attributes, and the texts of scripts, title and styles."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self.inside = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.inside = tag
        self.texts.append([tag, ""])

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.texts[-1][1] += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def text_of(self, tag):
        return [text for name, text in self.texts if name == tag]


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def check_page(text, internal):
    page = Page(text)
    expect(text.startswith("<!doctype html>"), "not a page")
    scripts = page.all("script")
    expect([each.get("type") for each in scripts] == ["application/json", None], f"scripts: {scripts}")
    run = page.text_of("script")[1]
    digest = base64.b64encode(hashlib.sha256(run.encode()).digest()).decode()
    policy = [each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    wanted = f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    expect(policy == [wanted], f"policy {policy}, wanted {wanted}")
    for tag, attributes in page.elements:
        expect(tag not in ("link", "iframe", "img", "object", "embed", "base", "form", "b", "i"), f"an element {tag}")
        for name in ("src", "href", "srcset", "action", "data"):
            expect(attributes.get(name, "#").startswith("#"), f"{tag} refers to {attributes.get(name)}")
        expect(not any(name.startswith("on") for name in attributes), f"{tag} with a handler")
    expect(not re.search(r"url\((?!['\"]?(data:|#))", page.text_of("style")[0]), "a style that loads")
    title = TITLE.replace('\\"', '"')
    expect(page.text_of("title") == [("INTERNAL - " if internal else "") + title], f"title {page.text_of('title')}")
    expect(any(SENTENCE in each for each in page.text_of("p")), "no sentence")
    licences = page.text_of("pre")[0]
    for name in json.loads(read(os.path.join(SOURCE, "tools/report/package.json")))["dependencies"]:
        expect(re.search(rf"^{re.escape(name)} \d", licences, re.M), f"no licence of {name}")
    return data_of(text)


def close(values, wanted):
    """Within what a byte can say: half a step of the logarithm; below the scale, "at most the least"."""
    expect(values.shape == wanted.shape, f"shape {values.shape}, not {wanted.shape}")
    expect(np.array_equal(np.isnan(values), np.isnan(wanted)), "no value elsewhere")
    known = ~np.isnan(wanted)
    values, wanted = values[known], wanted[known]
    expect(np.array_equal(values > 0, wanted > 0), "zero elsewhere")
    scale = wanted > wanted.max(initial=0.0) * 1.05e-5
    error = np.abs(values[scale] / wanted[scale] - 1.0)
    expect(error.max(initial=0.0) < 0.0232, f"off by {error.max(initial=0.0)}")
    low = (wanted > 0) & ~scale
    expect(np.all(values[low] <= wanted.max(initial=0.0) * 1.05e-5), "above the least")


def containment_of(density, outside, cell_ha):
    """Share inside the smallest area that contains the cell; equal cells together."""
    total = density.sum() + outside / cell_ha
    ordered = np.sort(density.ravel())[::-1]
    sums = np.cumsum(ordered)
    last = np.searchsorted(-ordered, -density.ravel(), side="right") - 1
    share = (sums[last] / total).reshape(density.shape)
    return np.where(density > 0, share, 1.0)


def check_share(values, wanted):
    for share in (0.5, 0.8, 0.95):
        differ = (values <= share + 1e-9) != (wanted <= share)
        near = np.abs(wanted - share) < 2e-6
        expect(not np.any(differ & ~near), f"containment at {share}")


def layer_of(data, name, plane=""):
    found = [each for each in data["layers"] if each["layer"] == name and each["plane"] == plane]
    expect(len(found) == 1, f"{len(found)} layers {name} {plane}")
    return found[0]


def blocks_of(cells, reduce):
    """Numbers of blocks of 100 m; what lies beyond the grid is zero."""
    ny, nx = -(-NY // BLOCK), -(-NX // BLOCK)
    padded = np.zeros((ny * BLOCK, nx * BLOCK))
    padded[:NY, :NX] = cells
    return reduce(padded.reshape(ny, BLOCK, nx, BLOCK), axis=(1, 3)).astype(np.float32).astype(float)


def check_zones(data, file):
    expect([each["zones"] for each in data["zones"]] == ["tasks"], "sets of zones")
    tasks = data["zones"][0]
    expect([row["zone"] for row in tasks["rows"][:3]] == ZONES and [row["status"] for row in tasks["rows"][:3]] == [status or "" for status in STATUS], "zones and their status")
    expect([row["duds_mean"] for row in tasks["rows"]] == list(file["zones/tasks/duds_mean"][:]), "duds of zones")
    expect([len(rings) for rings in tasks["shapes"]] == [1, 1, 1] and "do not add up" in tasks["note"], "outlines of zones")


def check_public(text, file):
    data = check_page(text, False)
    for secret in [*SECRETS, "18446744073709551557", "usual.csv"]:
        expect(secret not in text, f"{secret} is on the public page")
    for key in ("strikes", "seed"):
        expect(key not in data, f"{key} is on the public page")
    expect(data["internal"] is False and data["grid"]["cell_size_m"] == 100 and data["grid"]["computed_cell_size_m"] == CELL, f"grid {data['grid']}")
    expect(data["left_out"] == ["dud_density_quantile"], f"left out {data['left_out']}")
    for name, reduce, words in (("dud_density", np.mean, "Means"), ("dud_probability", np.max, "That of the block is higher"), ("dud_density_sd", np.mean, "at most this"),
                                ("dud_density_standard_error", np.mean, "at most this"), ("dud_probability_standard_error", np.max, "largest number of any")):
        layer = layer_of(data, name)
        close(cells_of(data, layer), blocks_of(file[name][:], reduce))
        expect(words in layer["blocks"], f"{name} of blocks is said to be: {layer['blocks']}")
    thresholds = file["threshold"][:]
    for plane, threshold in enumerate(thresholds):
        close(cells_of(data, layer_of(data, "exceedance_probability", f"threshold {threshold:g}")), blocks_of(file["exceedance_probability"][plane], np.max))
    expect({each["layer"] for each in data["layers"]} == {"dud_density", "dud_probability", "dud_density_sd", "dud_density_standard_error", "dud_probability_standard_error",
                                                          "exceedance_probability", "dud_containment"}, f"layers {[each['layer'] for each in data['layers']]}")
    coarse = blocks_of(file["dud_density"][:], np.mean)
    outside = file["districts/duds_mean"][len(NAMES) + 1]
    check_share(cells_of(data, layer_of(data, "dud_containment")), containment_of(coarse, outside, 1.0))
    expect(not any(each["path"].startswith(("strikes", "run.seed")) for each in data["assumptions"]), "assumptions of strikes")
    expect([each["role"] for each in data["provenance"]["inputs"]].count("strikes") == 0, "a hash of the strikes")
    expect(all(data["variance"]["meaning"]), "a group of draws without a meaning")
    return data


def check_internal(text, file):
    data = check_page(text, True)
    expect(data["internal"] is True and data["grid"]["nx"] == NX and data["grid"]["ny"] == NY, "not the full resolution")
    expect([each["id"] for each in data["strikes"]] == SECRETS[:2], f"strikes {data['strikes']}")
    expect(np.allclose([each["x_m"] for each in data["strikes"]], file["strikes/site_x"][:]) and data["strikes"][0]["radius_m"] == 50, "places of strikes")
    expect(data["left_out"] == [], f"left out {data['left_out']}")
    expect(re.search(r'"seed": 18446744073709551557', text), "the seed")
    for layer in data["layers"]:
        name, values = layer["layer"], cells_of(data, layer)
        wanted = file[name][:].astype(float)
        if wanted.ndim == 3:
            axis = file["quantile" if layer["plane"].startswith("quantile") else "threshold"][:]
            wanted = wanted[int(np.argmin(np.abs(axis - float(layer["plane"].split()[1]))))]
        if layer["scale"] == "share":
            check_share(values, wanted)
        else:
            close(values, wanted)
    expect({each["layer"] for each in data["layers"]} == {name for name in file if isinstance(file[name], h5py.Dataset) and file[name].ndim > 1} - {"population", "district", "ground"}, "layers")


def check_tables(data, file):
    districts = file["districts"]
    expect([row["district"] for row in data["rows"]] == list(districts["name"].asstr()), "names of the rows")
    for column in ("duds_mean", "duds_p05", "duds_p95", "p_top1"):
        mine = np.array([np.nan if row[column] is None else row[column] for row in data["rows"]])
        expect(np.array_equal(mine, districts[column][:], equal_nan=True), f"column {column}")
    counts = districts["dud_count"][:].astype(float)
    counts = np.column_stack([counts, counts.sum(axis=1)])
    expect(len(data["curves"]["duds"]) == len(data["rows"]), "curves")
    for column, curve in enumerate(data["curves"]["duds"]):
        wanted = [round(float(np.mean(counts[:, column] >= n)), 4) for n in curve["at_least"]]
        expect(np.allclose(curve["probability"], wanted, atol=1.01e-4), f"curve of row {column}: {curve['probability']}, not {wanted}")
        expect(curve["probability"][0] == 1 and min(curve["probability"]) >= 0.01, "ends of a curve")
    expect(np.array_equal(data["variance"]["duds_first_order"], file["variance/duds_first_order"][:]) or
           np.allclose(np.array(data["variance"]["duds_first_order"], float), file["variance/duds_first_order"][:], equal_nan=True), "shares")
    expect(data["ranking"]["name"] == NAMES and np.allclose(data["ranking"]["criterion"][0]["before"], file["ranking/duds_before"][:]), "ranks")
    shapes = data["shapes"]
    expect([len(rings) for rings in shapes] == [3] + [1] * (len(NAMES) - 1), f"outlines {[len(rings) for rings in shapes]}")
    east = max(shapes[-1][0][::2]) * data["shape_step_m"]
    expect(abs(east - 0.9 * CELL * NX) <= data["shape_step_m"], f"the last district ends {east} m east")
    lattice = data["grid"]["lattice_side"]
    expect(len(data["grid"]["lon_deg"]) == lattice**2 and abs(data["grid"]["lat_deg"][0] - 49.9) < 0.3 and abs(data["grid"]["lon_deg"][0] - 36.2) < 0.3, "degrees")


def check_refusals():
    make("undated", dates=("2022-03-01", ""))
    before = sorted(os.listdir("."))
    for extra in ([], ["--internal"]):
        message = call("report", "undated.nc", "-o", "undated.html", *extra, code=65)
        expect("undated" in message and "secret-2" in message and "secret-1" not in message, f"which one is undated? {message}")
    expect(sorted(os.listdir(".")) == before, "a page in spite of undated strikes")
    call("redact", "undated.nc", "-o", "undated-public.nc")
    call("report", "undated-public.nc", code=65)
    call("report", "missing.nc", code=66)
    call("report", "usual.nc", "-o", "usual.nc", code=64)
    call("report", "usual.nc", "-o", "no/such/folder.html", code=73)
    expect("public copy" in call("report", "public.nc", "--internal", code=65), "an internal page of a public copy")


def check_redacted(public):
    """A public copy gives the public page of the original, but for what it does not hold."""
    call("redact", "usual.nc", "-o", "public.nc")
    call("report", "public.nc", "-o", "of-public.html")
    data = check_page(read("of-public.html"), False)
    for key in ("rows", "zones", "shapes", "variance", "ranking", "assumptions", "provenance"):
        expect(data[key] == public[key], f"{key} of the public copy differs")
    expect({each["layer"] for each in data["layers"]} == {"dud_density", "dud_containment"}, "layers of the public copy")
    expect(all(each["cells"] == layer_of(public, each["layer"])["cells"] for each in data["layers"]), "maps of the public copy differ")
    expect(data["curves"] == {}, "curves without realisations")


def check_other_grids():
    make("coarse", cell=250, status="alleged")
    call("report", "coarse.nc")
    data = check_page(read("coarse.html"), False)
    expect(data["grid"]["cell_size_m"] == 250 and len(data["layers"]) > 6 and data["left_out"] == [], "cells that are large already")
    expect(data["mostly_alleged"] is True, "alleged strikes")


def main():
    folder = tempfile.TemporaryDirectory(dir=".")
    os.chdir(folder.name)
    make("usual")
    os.mkdir("temporary")
    call("report", "usual.nc", "-o", "first.html", environment={"TMPDIR": os.path.abspath("temporary")})
    call("report", "usual.nc")
    expect(os.listdir("temporary") == [], "something is left in the temporary folder")
    expect(read("first.html") == read("usual.html"), "two pages of one result differ")
    expect(call("report", "usual.nc", "-o", "-").decode() == read("usual.html"), "standard output differs")
    call("report", "usual.nc", "--internal", "-o", "internal.html")
    text = read("usual.html")
    block = re.search(r'id="data">(.*?)</script>', text, re.S).group(1)
    expect(len(text.encode()) - len(block.encode()) < MOST_EMPTY_BYTES, f"{len(text.encode()) - len(block.encode())} bytes without data")
    with h5py.File("usual.nc") as file:
        public = check_public(text, file)
        check_tables(public, file)
        check_zones(public, file)
        check_internal(read("internal.html"), file)
    check_redacted(public)
    check_refusals()
    check_other_grids()
    print(f"{len(text.encode()) - len(block.encode())} bytes without data, {len(text.encode())} with; all well")


main()
