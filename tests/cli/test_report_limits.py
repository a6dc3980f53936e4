#!/usr/bin/python3
"""test_report_limits.py - pages, figures and claims at the ends of what they can be of: no strikes, no districts, one cell, four million cells, strikes
outside the grid, counts of single draws instead of expectations, a background.

    test_report_limits.py [UXOSIM]      default $UXOSIM
ctest-timeout: 600
ctest-label: once
"""
import os
import subprocess
import sys
import tempfile

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # numpy and h5py are the distribution's packages

import h5py
import numpy as np

from report_case import UXOSIM, call, cells_of, data_of, expect
from report_limits import CASES, MILLIONS, TOO_MANY, make_case

WITHOUT_DISTRICTS = ["outside every district", "outside the grid", "total"]


def page_of(path, *options):
    call("report", path, "-o", "page.html", *options)
    with open("page.html", encoding="utf-8", newline="") as file:
        return data_of(file.read())


def layers_of(data):
    return {each["layer"]: each for each in data["layers"]}


def check_all(name, path):
    """What holds of all of them."""
    for options in ([], ["--internal"]):
        data = page_of(path, *options)
        expect([row["district"] for row in data["rows"]] == WITHOUT_DISTRICTS, f"{name}: rows without districts")
        expect(data["shapes"] == [] and data["zones"] == [], f"{name}: outlines of what is not there")
        call("report", path, "--figures", f"{name}-figures", *options)
    names = sorted(os.listdir(f"{name}-figures"))
    expect(len(names) % 3 == 0 and "map-dud-density.pdf" in names and "chart-district-duds.png" in names, f"{name}: figures {names}")
    return page_of(path), layers_of(page_of(path)), names, call("claims", path).decode()


def check_no_strikes(path):
    data, layers, names, said = check_all("no-strikes", path)
    expect(data["rows"][-1]["duds_mean"] == 0 and not np.any(cells_of(data, layers["dud_density"])), "no strikes: something expected")
    expect("chart-variance.pdf" not in names, "no strikes: a chart of what varies")
    expect("No headline: no listed strike" in said and "none" in said, f"no strikes: {said}")


def check_beside(path):
    """Most duds lie outside the grid: all of it holds less than half of them."""
    data, _, _, said = check_all("beside", path)
    inside, outside = (data["rows"][row]["duds_mean"] for row in (0, 1))
    expect(outside > 2 * inside > 0, "beside: duds are outside the grid")
    for options in ([], ["--internal"]):
        shown = page_of(path, *options)
        layers = layers_of(shown)
        shares = cells_of(shown, layers["dud_containment"])[cells_of(shown, layers["dud_density"]) > 0]
        expect(abs(shares.max() - inside / (inside + outside)) < 0.02, f"beside: the grid holds {shares.max()}, not {inside / (inside + outside)}")
    expect("Modelled, not surveyed" in said, f"beside: {said}")


def check_one_cell(path):
    data, layers, _, _ = check_all("one-cell", path)
    expect(data["grid"]["nx"] == data["grid"]["ny"] == 1 and cells_of(data, layers["dud_density"]).shape == (1, 1), "one cell")


def check_analog(path):
    data, layers, names, _ = check_all("analog", path)
    expect("map-dud-count-spread.svg" in names and "map-dud-density-spread.svg" not in names, f"analog: figures {names}")
    expect("sum over its cells" in layers["dud_count_sd"]["blocks"], f"analog: {layers['dud_count_sd']['blocks']}")
    with h5py.File(path) as file:
        sums = file["dud_count_sd"][:].astype(float).reshape(8, 5, 12, 5).sum(axis=(1, 3))
    found = cells_of(data, layers["dud_count_sd"])
    large = sums > sums.max() * 1e-4
    expect(np.all(np.abs(found[large] / sums[large] - 1) < 0.0232), "analog: sums of spreads")


def check_background(path):
    data, layers, names, _ = check_all("background", path)
    expect("map-background.svg" in names, f"background: figures {names}")
    with h5py.File(path) as file:
        density = float(file["background_density"][0, 0])
    expect(density > 0 and np.allclose(cells_of(data, layers["background_density"]), density, rtol=0.0232), "background: its density")
    with open("background-figures/map-background.svg", encoding="utf-8") as file:
        text = file.read()
    expect("in no other figure" in text and "strikes that nobody reported" in text, "background: what the figure says of itself")


def check_millions():
    path = make_case("millions", *MILLIONS)
    for options, side in (([], 400), (["--internal"], 2000)):
        data = page_of(path, *options)
        expect(data["grid"]["nx"] == side and cells_of(data, layers_of(data)["dud_density"]).shape == (side, side), f"four million cells: {side}")
        expect(os.path.getsize("page.html") < 8_000_000, f"four million cells: {os.path.getsize('page.html')} bytes")
    path = make_case("more", *TOO_MANY)
    expect(page_of(path)["grid"]["nx"] == 401, "more than four million cells, for the public")
    os.remove("page.html")
    expect("too many for a page" in call("report", path, "--internal", "-o", "page.html", code=65), "more than four million cells")
    expect(not os.path.exists("page.html"), "a page in spite of too many cells")
    data = page_of(path, "--block-m", "1000")
    expect(data["grid"]["cell_size_m"] == 1000 and data["grid"]["nx"] == 41, "larger blocks")
    call("report", path, "--block-m", "99", code=64)


def check_peaks(path):
    """Places that are better known than a block are spoken of."""
    make_case("known", *CASES["no-districts"])
    with open("known.yaml", encoding="utf-8") as file:
        text = file.read().replace("r95_m: 150", "r95_m: 20")
    with open("known.yaml", "w", encoding="utf-8") as file:
        file.write(text)
    call("run", "known.yaml", "-o", "known.nc", "--quiet")
    for name, words in (("known.nc", True), (path, False)):
        said = errors_of("report", name, "-o", "page.html")
        expect(("1 of 1 reported places are known to less than 100 m" in said) == words, f"{name}: {said}")
        expect("reported places" not in errors_of("report", name, "--internal", "-o", "page.html"), f"{name}, internal")


def errors_of(*arguments):
    done = subprocess.run([UXOSIM, *arguments], capture_output=True, check=True)
    return done.stderr.decode()


def main():
    with tempfile.TemporaryDirectory(dir=".") as folder:
        os.chdir(folder)
        paths = {name: make_case(name, *case) for name, case in CASES.items()}
        check_no_strikes(paths["no-strikes"])
        check_all("no-districts", paths["no-districts"])
        check_one_cell(paths["one-cell"])
        check_analog(paths["analog"])
        check_background(paths["background"])
        check_beside(paths["beside"])
        check_peaks(paths["no-districts"])
        check_millions()
        os.chdir("..")
    print(f"{len(CASES) + 3} limits: all well")


main()
