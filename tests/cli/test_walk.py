#!/usr/bin/python3
"""test_walk.py - `uxosim walk`: numbers of a closed form from the result alone, factors, formats, and what it refuses.

    test_walk.py [UXOSIM]      default $UXOSIM
ctest-timeout: 120
"""
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import UXOSIM, call, expect, write

SENTENCE = "Modelled, not surveyed. Unreported strikes and older contamination are not included."
X, Y = 300000, 5540000
CATALOGUE = """munitions:
  m:
    name: A pattern for tests
    submunitions_per_carrier: 100
    dud_rate: 0.5
    pattern: {shape: gaussian, along_m: 40, across_m: 40}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", pattern: "ASSUMED: a test"}
"""


def write_line(name, points, kind="LineString"):
    write(name, json.dumps({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}},
                            "features": [{"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": points}}]}))


def run(name, rows, confidence=1, layers=""):
    write(f"{name}.csv", "id,date,x_m,y_m\n" + rows)
    write(f"{name}.yaml", f"""format: 1
title: {name}
run: {{as_of: 2022-12-31, seed: 3, realisations: 400}}
grid: {{crs: "EPSG:32637", cell_size_m: 20, bounds_m: [{X}, {Y}, {X + 1000}, {Y + 600}]}}
munitions: catalogue.yaml
strikes: {{file: {name}.csv, defaults: {{munition: m, carriers: 1, location_error: {{r95_m: 0}}, heading_deg: 0, confidence: {confidence}}}}}
{layers}""")
    call("run", f"{name}.yaml", "-o", f"{name}.nc", "--quiet")
    os.remove(f"{name}.csv")
    os.remove(f"{name}.yaml")


def walk(result, line, *arguments):
    return json.loads(call("walk", result, "--line", line, "-f", "json", *arguments))


def phi(low, high, sd):
    return 0.5 * (math.erf(high / sd / math.sqrt(2)) - math.erf(low / sd / math.sqrt(2)))


def near(value, expected, tolerance, what):
    expect(abs(value - expected) <= tolerance * abs(expected), f"{what}: {value}, not {expected}")


def check_numbers():
    contacts = 50 * phi(-100, 100, 40) * phi(-0.25, 0.25, 40)
    sure = walk("sure.nc", "path.geojson", "--width-m", "0.5")
    near(sure["expected"], contacts, 1e-6, "closed form")
    near(sure["probability"], 1 - math.exp(-contacts), 1e-6, "probability")
    expect(sure["probability_p05"] == sure["probability_p95"] and sure["probability_se"] < 1e-15, "nothing is uncertain")
    expect(sure["note"].startswith(SENTENCE) and sure["realisations"] == 400 and sure["length_m"] == 200, "what it is of")
    maybe = walk("maybe.nc", "path.geojson", "--width-m", "0.5")
    share = maybe["expected"] / contacts  # of the realisations in which there was a strike
    near(share * 400, round(share * 400), 1e-6, "a whole number of realisations")
    near(maybe["probability"], share * (1 - math.exp(-contacts)), 1e-6, "mean of probabilities, not probability of the mean")
    near(maybe["expected_se"], contacts * math.sqrt(share * (1 - share) / 399), 1e-6, "standard error")
    expect(maybe["probability_p05"] == 0 and maybe["probability_p95"] == sure["probability_p95"], f"interval over realisations: {maybe} {sure}")
    factors = walk("sure.nc", "path.geojson", "--width-m", "0.5", "--accessible-share", "0.4", "--hazardous-share", "0.5", "--detonation", "0.26")
    near(factors["expected"], contacts * 0.4 * 0.13, 1e-6, "factors")
    near(factors["probability"], 1 - math.exp(-contacts * 0.4 * 0.13), 1e-6, "factors of a probability")
    few = walk("maybe.nc", "path.geojson", "--width-m", "0.5", "--realisations", "100", "--threads", "1")
    expect(few["realisations"] == 100, "the first realisations only")
    expect(walk("maybe.nc", "path.geojson", "--width-m", "0.5", "--threads", "3") == maybe, "threads do not show")


def check_table():
    table = call("walk", "maybe.nc", "--line", "path.geojson", "--width-m", "0.5")
    for text in ("P(at least one contact)", "standard error", "400 realisations", "200 m on a strip 0.5 m wide, 100 m2"):
        expect(text in table, f"table: {text}\n{table}")
    expect(SENTENCE in " ".join(table.split()), "table: sentence")
    table = call("walk", "maybe.nc", "--line", "path.geojson", "--width-m", "0.5", "--detonation", "0.2")
    expect("P(at least one detonation)" in table and "= 0.2." in table, "table: detonations")


def check_drawn():
    """With people: the shares of each realisation, from the file, times its contacts."""
    plain = walk("people.nc", "path.geojson", "--width-m", "0.5")
    drawn = walk("people.nc", "path.geojson", "--width-m", "0.5", "--as-drawn")
    with h5py.File("people.nc", "r") as file:
        names = [text.decode() for text in file["draws/campaign_name"][...]]
        share = numpy.prod([file["draws/campaign"][:, names.index(name)] for name in (
            "exposure.accessible_share", "risk.hazardous_share", "risk.detonation_per_contact")], axis=0)
    near(drawn["expected"], plain["expected"] * share.mean(), 1e-9, "mean of the drawn shares")
    near(drawn["probability"], (1 - numpy.exp(-plain["expected"] * share)).mean(), 1e-9, "mean of probabilities")
    expect(drawn["event"] == "detonation" and plain["event"] == "contact" and drawn["shares"] == "drawn", "what of")
    expect(drawn["probability_p95"] > 2 * drawn["probability_p05"], "shares are uncertain")
    expect("by the shares drawn in the run" in " ".join(call("walk", "people.nc", "--line", "path.geojson", "--width-m", "1",
                                                             "--as-drawn").split()), "table: drawn")


def check_edges():
    warned = subprocess.run([UXOSIM, "walk", "sure.nc", "--line", "leaves.geojson", "--width-m", "1", "-f", "json"],
                            capture_output=True, text=True, check=True)
    data = json.loads(warned.stdout)
    expect(data["length_outside_grid_m"] == 300 and data["length_m"] == 500, "part of the line is off the grid")
    expect(warned.stderr == "leaves.geojson: warning: 300 of 800 m lie off the grid, where nothing is known, and are left out: the risk of the "
                            "whole line is larger\n", warned.stderr)
    none = subprocess.run([UXOSIM, "walk", "none.nc", "--line", "path.geojson", "--width-m", "1", "-f", "json"], capture_output=True,
                          text=True, check=True)
    expect("warning: no strike of the list reaches the grid: the hazard is zero everywhere" in none.stderr, none.stderr)
    data = json.loads(none.stdout)
    expect(data["probability"] == 0 and data["probability_se"] == 0, "no strikes, no hazard")
    far = walk("sure.nc", "far.geojson", "--width-m", "1")
    expect(far["probability"] == 0 and far["probability_se"] > 0, "nothing met in all realisations is no proof of nothing")


def refused(code, message, *arguments):
    said = call("walk", *arguments, code=code)
    expect(message in said, f"{arguments}: said {said!r}, not {message!r}")


def check_refusals():
    line = ("--line", "path.geojson")
    refused(64, "--width-m is 0; allowed is a width above 0 and at most 100 metres", "sure.nc", *line, "--width-m", "0")
    refused(64, "--width-m: '2 m' ", "sure.nc", *line, "--width-m", "2 m")
    refused(64, "--width-m is 101; allowed", "sure.nc", *line, "--width-m", "101")
    refused(64, "how wide is the strip", "sure.nc", *line)
    refused(64, "which path?", "sure.nc", "--width-m", "1")
    refused(64, "--detonation is 1.5; allowed is a share above 0 and at most 1", "sure.nc", *line, "--width-m", "1", "--detonation", "1.5")
    refused(64, "--realisations is 2.5; allowed is a whole number of at least 1", "sure.nc", *line, "--width-m", "1", "--realisations", "2.5")
    refused(64, "formats are table, json", "sure.nc", *line, "--width-m", "1", "-f", "csv")
    refused(65, "the line lies off the grid, where nothing is known", "sure.nc", "--line", "away.geojson", "--width-m", "1")
    for name in ("beyond.geojson", "lost.geojson"):
        refused(65, "a vertex of the line has coordinates that are no place on Earth", "sure.nc", "--line", name, "--width-m", "1")
    refused(65, "a walk is a line, this is POINT", "sure.nc", "--line", "point.geojson", "--width-m", "1")
    refused(66, "nowhere.geojson", "sure.nc", "--line", "nowhere.geojson", "--width-m", "1")
    refused(66, "nowhere.nc", "nowhere.nc", *line, "--width-m", "1")
    refused(64, "path.geojson", "sure.nc", *line, "--width-m", "1", "-o", "path.geojson")
    refused(64, "--as-drawn takes the shares of the run", "people.nc", *line, "--width-m", "1", "--as-drawn", "--detonation", "0.1")
    refused(65, "'sure.nc' knows no shares: its scenario has no layers.population", "sure.nc", *line, "--width-m", "1", "--as-drawn")
    call("redact", "sure.nc", "-o", "public.nc")
    refused(65, "'public.nc' is a public copy: it does not hold the strikes, from which realisations could be drawn again; use the result that "
                "it was made of", "public.nc", *line, "--width-m", "1")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    write("catalogue.yaml", CATALOGUE)
    run("sure", f"a,2022-03-01,{X + 500},{Y + 300}\n")
    run("maybe", f"a,2022-03-01,{X + 500},{Y + 300}\n", confidence=0.3)
    run("none", "")
    write("population.asc", f"ncols 10\nnrows 6\nxllcorner {X}\nyllcorner {Y}\ncellsize 100\n" + ("7 " * 10 + "\n") * 6)
    subprocess.run(["gdal_translate", "-q", "-a_srs", "EPSG:32637", "population.asc", "population.tif"], check=True)
    run("people", f"a,2022-03-01,{X + 500},{Y + 300}\n", layers="layers: {population: {file: population.tif}}\n")
    os.remove("population.tif")
    os.remove("catalogue.yaml")
    write_line("path.geojson", [[X + 400, Y + 300], [X + 600, Y + 300]])
    write_line("leaves.geojson", [[X + 500, Y + 300], [X + 1300, Y + 300]])
    write_line("far.geojson", [[X + 950, Y + 10], [X + 990, Y + 10]])
    write_line("away.geojson", [[X - 500, Y + 300], [X - 300, Y + 300]])
    write_line("beyond.geojson", [[X + 400, 1e308], [X + 600, Y + 300]])
    write_line("lost.geojson", [[X + 400, Y + 300], [math.nan, Y + 300], [X + 600, Y + 300]])
    write_line("point.geojson", [X + 500, Y + 300], "Point")
    check_numbers()
    check_table()
    check_drawn()
    check_edges()
    check_refusals()
print("walk: ok")
