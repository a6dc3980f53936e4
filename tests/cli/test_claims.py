#!/usr/bin/python3
"""test_claims.py - claims: sentences against the numbers of the file, what is refused, public copies, and --check against draws by numpy.

    test_claims.py [UXOSIM]      default $UXOSIM
ctest-timeout: 300
"""
import csv
import io
import json
import math
import os
import pathlib
import re
import sys
import tempfile

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import call, expect, write
from catalogue import one_munition

MUNITIONS = one_munition("{interval90: [0.05, 0.20], per: campaign}", 20, 20, carrier_failure=0.1)
SCENARIO = """format: 1
title: A test of claims
run: {as_of: 2020-02-01, realisations: 2000, seed: 7}
grid: {crs: EPSG:32637, cell_size_m: 20, bounds_m: [500000, 5500000, 503000, 5501000]}
layers:
  districts: {file: districts.geojson, name: NAME, population: N}
  zones: {tasks: {file: tasks.geojson, name: NAME, status: STATUS, population: N}}
munitions: munitions.yaml
strikes: {file: strikes.csv, defaults: {munition: m, carriers: {range: [1, 3]}, confidence: 0.9}}
"""
NAMES = ['West, "old"', "East <b>", "منطقة الشمال"]
STRIKES = [f"w{i},{500500 + 10 * i},5500500,2020-01-0{i + 1},confirmed" for i in range(4)] + ["e,501500,5500500,2020-01-09,alleged"]
HEAD = "id,x_m,y_m,date,status\n"


def run(name, rows, *more):
    write("strikes.csv", HEAD + "".join(row + "\n" for row in rows))
    call("run", "scenario.yaml", "-o", name, "--quiet", *more)


def make():
    features = [{"type": "Feature", "properties": {"NAME": name, "N": 1234 * i + 1000}, "geometry": {"type": "Polygon", "coordinates": [
        [[x, 5500000], [x + 1000, 5500000], [x + 1000, 5501000], [x, 5501000], [x, 5500000]]]}}
        for i, (name, x) in enumerate(zip(NAMES, (500000, 501000, 502000)))]
    write("districts.geojson", json.dumps({"type": "FeatureCollection", "features": features, "crs": {
        "type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}}))
    tasks = [{"type": "Feature", "properties": {"NAME": name, "N": 77, "STATUS": status}, "geometry": {"type": "Polygon", "coordinates": [
        [[x, 5500300], [x + 700, 5500300], [x + 700, 5500700], [x, 5500700], [x, 5500300]]]}}
        for name, status, x in (("task 1", "SHA; <i>old</i>", 500200), ("задача 2", None, 500600))]
    write("tasks.geojson", json.dumps({"type": "FeatureCollection", "features": tasks, "crs": {
        "type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}}))
    write("munitions.yaml", MUNITIONS)
    write("scenario.yaml", SCENARIO)


def about(value):
    """Two significant figures, thousands with commas; whole numbers below 100 as they are: written apart from the program's own."""
    value = float(value)
    if value < 100 and value == int(value):
        return str(int(value))
    digits = 1 - math.floor(math.log10(value))
    return f"{round(value, digits):,.{max(digits, 0)}f}"


def flat(text):
    return re.sub(r"\s+", " ", text).replace("\u200e", "")


def check_sentences():
    rows = {row["district"]: row for row in csv.DictReader(io.StringIO(call("districts", "a.nc", "-f", "csv")))}
    text = flat(call("claims", "a.nc"))
    data = json.loads(call("claims", "a.nc", "--format", "json"))
    said = {row["district"]: row for row in data["claims"]}
    expect(data["format"] == "uxosim-claims" and list(said) == ["total", *NAMES], f"{list(said)}")
    for name, place in (("total", "where the listed strikes came down"), (NAMES[0], f"in {NAMES[0]}")):
        row = rows[name]
        wanted = (f"Modelled, not surveyed: about {about(row['duds_mean'])} (90 % interval {about(row['duds_p05'])} to "
                  f"{about(row['duds_p95'])}) unexploded submunitions may lie {place} as of 2020-02-01, if the 5 listed strikes (5 reports)")
        expect(wanted in text and said[name]["headline"].startswith(wanted), f"{wanted}\nnot in\n{text}")
        expect(said[name]["duds_mean"] == float(row["duds_mean"]), "exact in JSON")
        for part in ("with a probability of 0.9", "about 9 carriers", "5 to 20 % (90 % interval, the same for all strikes) for m",
                     "Strikes that nobody listed and older contamination are not included."):
            expect(part in said[name]["headline"], f"{part} is not in {said[name]['headline']}")
    expect(said[NAMES[0]]["people"] == "About 1,000 people live there by districts.geojson.", said[NAMES[0]]["people"])
    expect(f"none of 2,000 draws put an unexploded submunition in {NAMES[2]}" in text and "does not say that there are none" in text, "a zero")
    shares = [row for row in csv.DictReader(io.StringIO(call("districts", "a.nc", "--variance", "-f", "csv"))) if row["district"] == "total"]
    first = max(shares, key=lambda row: float(row["first_order"]))
    expect(first["group"] == said["total"]["hangs_on_first"]["group"] and said["total"]["hangs_on"].startswith("The interval hangs most on"),
           f"{said['total']}")
    expect("carriers that did not open" in text.lower(), "carriers that did not open")
    expect("accidents" not in text, "accidents where there is no population layer")
    for words in (text, json.dumps([data["claims"], data["condition"], data["left_out"]])):
        expect("at least" not in words.lower(), "words for what was counted")


def check_accidents():
    """The shipped demonstration has a population, so accidents are part of its file."""
    scenario = os.path.join(os.environ["UXOSIM_SOURCE_DIR"], "configs", "stepanakert", "scenario.yaml")
    call("run", scenario, "-o", "people.nc", "--quiet", "--set", "run.realisations=300")
    total = list(csv.DictReader(io.StringIO(call("districts", "people.nc", "-f", "csv"))))[-1]
    mean, low, high = (float(total[f"accidents_year1_{name}"]) for name in ("mean", "p05", "p95"))
    front = "about" if mean >= 1 else "on average"
    wanted = f"{front} {about(mean)} (90 % interval {about(low)} to {about(high)}) accidents may happen in the first year"
    expect(mean > 0 and wanted in flat(call("claims", "people.nc")), f"{wanted}")
    data = json.loads(call("claims", "people.nc", "-f", "json"))["claims"]
    expect(data[0]["accidents_year1_mean"] == mean and "live on the mapped ground by SYNTHETIC" in data[0]["people"], f"{data[0]}")
    shares = [row for row in csv.DictReader(io.StringIO(call("districts", "people.nc", "--variance", "-f", "csv")))
              if row["district"] == "total" and row["quantity"] == "log_accidents"]
    largest = max((row for row in shares if row["first_order"]), key=lambda row: float(row["first_order"]))
    expect(data[0]["accidents_hang_on_first"]["group"] == largest["group"], f"{data[0]} is not {largest}")
    expect(data[0]["accidents_hang_on"].startswith("How many accidents are to be expected hangs most on"), f"{data[0]['accidents_hang_on']}")
    expect(all((row["accidents"] is None) == (row["accidents_year1_mean"] == 0) for row in data), "no sentence about none")


def check_alleged():
    data = {row["district"]: row for row in json.loads(call("claims", "a.nc", "-f", "json"))["claims"]}
    east = data["East <b>"]
    expect(east["headline"] is None and east["alleged_share"] == 1.0 and "only alleged" in east["no_headline"], f"{east}")
    expect(not any(key.startswith("duds") for key in east), "no figures without a headline")
    expect(0.1 < data["total"]["alleged_share"] < 0.4 and data["total"]["headline"], "a fifth alleged is said, with a headline")
    expect("No headline for what may lie in East <b>: 100 % of the modelled duds" in flat(call("claims", "a.nc")), "said in words")


def check_public():
    call("redact", "a.nc", "-o", "public.nc")
    data = {row["district"]: row for row in json.loads(call("claims", "public.nc", "-f", "json"))["claims"]}
    expect("whose list is not in it" in data["total"]["headline"] and "5 to 20 %" in data["total"]["headline"], "conditions of a public copy")
    expect(data["total"]["hangs_on"].startswith("The interval hangs most on"), "shares of variance are public")
    expect(data["East <b>"]["headline"] is None and "more than half" in data["East <b>"]["no_headline"], "alleged there, too")
    call("redact", "public.nc", "-o", "again.nc")
    expect(call("claims", "again.nc") == call("claims", "public.nc"), "a copy of a copy")


def check_refusals():
    rows = [row.replace("2020-01-03", "").replace("2020-01-09", "") for row in STRIKES]
    run("undated.nc", rows)
    message = call("claims", "undated.nc", code=65)
    expect("2 without a date: e, w2" in message, message)
    call("redact", "undated.nc", "-o", "undated_public.nc")
    message = call("claims", "undated_public.nc", code=65)
    expect("2 without a date: which ones is not in this public copy" in message and "w2" not in message, message)
    run("empty.nc", [])
    text = call("claims", "empty.nc")
    expect("no listed strike reaches this ground" in flat(text) and "may lie" not in text, text)
    run("few.nc", STRIKES, "--set", "output.variance_realisations=0", "--set", "strikes.defaults.confidence=1")
    text = flat(call("claims", "few.nc"))
    call("redact", "few.nc", "-o", "few_public.nc")
    expect("is not in this public copy" in flat(call("claims", "few_public.nc")), "what a public copy does not hold")
    expect("was not computed (output.variance_realisations)" in text and "each with submunitions for certain" in text, text)
    run("shifted.nc", STRIKES, "--set", "campaign.dud_rate_log_odds_shift={normal: {mean: 0, sd: 0.3}, per: campaign}",
        "--set", "campaign.reliability.alleged=0.5")
    text = flat(call("claims", "shifted.nc"))
    expect("their log odds shifted by {normal" in text and "if of alleged reports a share of 0.5 was reliable" in text, text)
    for arguments in ([], ["a.nc", "b.nc"], ["a.nc", "-f", "csv"]):
        call("claims", *arguments, code=64)
    call("claims", "nothing.nc", code=66)
    call("claims", "scenario.yaml", code=65)


def checked(claim):
    return json.loads(call("claims", "--check", claim, "-f", "json"))["check"]


def check_published():
    small = checked("carriers=1 submunitions=650 rate=0.05 duds=38")
    expect(abs(small["fixed_rate"]["probability_that_many_or_more"] - 0.18256049) < 1e-7 and small["rate_of_its_own"] is None, f"{small}")
    large = checked("carriers=45 submunitions=650 rate=0.05 concentration=20 duds=1700")
    expect(abs(large["fixed_rate"]["probability_that_many_or_more"] / 2.65397713e-10 - 1) < 1e-7, f"{large}")
    expect(large["fixed_rate"]["verdict"] == "not consistent" and large["rate_of_its_own"]["verdict"] == "consistent", f"{large}")
    text = call("claims", "--check", "carriers=45 submunitions=650 rate=0.05 concentration=20 duds=1700")
    for part in ("1,700 duds of 29,250 submunitions", "2.7e-10", "0.13", "1,132 to 1,824", "not consistent", "P(1,700 or more)"):
        expect(part in text, f"{part} is not in\n{text}")
    expect("unlikely" in call("claims", "--check", "carriers=1 submunitions=650 rate=0.05 duds=45"), "between the two")
    both = call("claims", "a.nc", "--check", "carriers=1 submunitions=650 rate=0.05 duds=38")
    expect("A test of claims" in both and "P(38 or more)" in both, "both forms at once")


def check_zones():
    """Of confirmed strikes; where one is alleged, which zone's duds are its is not known."""
    run("zones.nc", STRIKES[:4])
    rows = {row["zone"]: row for row in csv.DictReader(io.StringIO(call("districts", "zones.nc", "-z", "tasks", "-f", "csv")))}
    text = flat(call("claims", "zones.nc", "--zones", "tasks"))
    data = json.loads(call("claims", "zones.nc", "--zones", "tasks", "-f", "json"))
    expect(data["zones"] == "tasks" and [row["zone"] for row in data["claims"]] == ["total", "task 1", "задача 2"], f"{data['claims']}")
    first = rows["task 1"]
    wanted = (f"about {about(first['duds_mean'])} (90 % interval {about(first['duds_p05'])} to {about(first['duds_p95'])}) unexploded submunitions may lie in "
              "zone task 1 (status as given: SHA; <i>old</i>) as of")
    expect(wanted in text, f"{wanted}\nnot in\n{text}")
    expect(data["claims"][1]["hangs_on"] is None and data["claims"][0]["hangs_on"], "what zones hang on is not computed")
    expect("Zones may overlap" in text and "Rows add up" not in text, "what rows of zones do not do")
    expect("has no zones 'task'" in call("claims", "zones.nc", "--zones", "task", code=64), "an unknown set")
    call("claims", "--zones", "tasks", "--check", "carriers=1 submunitions=650 rate=0.05 duds=38", code=64)
    for name, refused in (("a.nc", True), ("zones.nc", False)):
        call("redact", name, "-o", "zones-public.nc")
        for file in (name, "zones-public.nc"):
            data = json.loads(call("claims", file, "--zones", "tasks", "-f", "json"))
            expect(all((row["headline"] is None) == refused for row in data["claims"][1:]), f"{file}: headlines of zones")
            expect(data["claims"][0]["headline"] is not None, f"{file}: the total")
            expect(not refused or "of zones it is not known" in data["claims"][1]["no_headline"], f"{file}: why not")


def check_draws():
    """Strikes whose carriers share a rate, unequal numbers of them: 14 carriers of 3 strikes are 5, 5 and 4."""
    rng = numpy.random.default_rng(5)
    draws = 200_000
    duds = sum(rng.binomial(80 * n, rng.beta(0.1 * 10, 0.9 * 10, draws)) for n in (5, 5, 4))
    for claimed in (30, 112, 260):
        law = checked(f"carriers=14 strikes=3 submunitions=80 rate=0.1 concentration=10 duds={claimed}")["rate_of_its_own"]
        for name, found in (("more", numpy.mean(duds >= claimed)), ("fewer", numpy.mean(duds <= claimed))):
            p = law[f"probability_that_many_or_{name}"]
            expect(abs(found - p) < 4.5 * math.sqrt(p * (1 - p) / draws), f"P({claimed} or {name}) {p}, drawn {found}")
        expect(abs(law["mean"] - 112) < 1e-9 and abs(law["sd"] / duds.std() - 1) < 0.01, f"{law}")
        expect(abs(law["p05"] - numpy.quantile(duds, 0.05)) <= 1 and abs(law["p95"] - numpy.quantile(duds, 0.95)) <= 2, f"{law}")


def check_bad_claims():
    message = call("claims", "--check", "carriers=0 submunitons=650 rate=5 duds=1,700 duds=3 foo concentration=nan", code=64)
    for part in ("carriers=0: a whole number from 1", "unknown key 'submunitons', did you mean 'submunitions'", "5 % is 0.05",
                 "duds=1,700: a plain number", "duds is there twice", "'foo' is not of the form", "concentration=nan", "submunitions is missing"):
        expect(part in message, f"{part} is not in\n{message}")
    for claim, part in (("carriers=10 submunitions=10 rate=0.1 duds=101", "no more than 100 submunitions"),
                        ("carriers=100000 submunitions=100 rate=0.1 duds=5", "10,000,000 submunitions in all"),
                        ("carriers=3 submunitions=10 rate=0.1 duds=1 concentration=5 strikes=4", "there are 3"),
                        ("carriers=3 submunitions=10 rate=0.1 duds=1 strikes=2", "strikes goes with concentration"),
                        ("carriers=2.5 submunitions=10 rate=0x1p-3 duds=1", "a whole number"),
                        ("carriers=2 submunitions=10 rate=1 duds=1", "rate=1"), ("", "carriers is missing")):
        expect(part in call("claims", "--check", claim, code=64), f"{claim}: {part}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make()
        run("a.nc", STRIKES)
        check_sentences()
        check_accidents()
        check_alleged()
        check_zones()
        check_public()
        check_refusals()
        check_published()
        check_draws()
        check_bad_claims()
    print("claims are as they should be")


if __name__ == "__main__":
    main()
