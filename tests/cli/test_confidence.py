#!/usr/bin/python3
"""test_confidence.py - where the spread comes from, how sure the order is, what rests on which assumption: districts --variance, --ranking,
info --assumptions, on a scenario of two districts whose shares are known, and on files that hold none.

    test_confidence.py [UXOSIM]      default $UXOSIM
"""
import csv
import io
import json
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import call, expect, write

SENTENCE = "Modelled, not surveyed."
MUNITIONS = """munitions:
  m:
    name: A pattern for tests
    submunitions_per_carrier: 100
    dud_rate: {uniform: [0.05, 0.25], per: campaign}
    carrier_failure: 0.0
    carrier_spread_m: {along: 0, across: 0}
    pattern: {shape: gaussian, along_m: 20, across_m: 20}
    sources: {submunitions_per_carrier: "Read somewhere [V].", dud_rate: "ASSUMED: a test [D].", carrier_failure: "unverified",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
"""
PROJECTION = (
    'PROJCS["WGS 84 / UTM zone 37N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",39],'
    'PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]')
SCENARIO = """format: 1
run: {as_of: 2020-02-01, realisations: 2000, seed: 7}
grid: {crs: EPSG:32637, cell_size_m: 20, bounds_m: [500000, 5500000, 502000, 5501000]}
layers: {districts: {file: districts.geojson, name: NAME}, population: {file: population.asc}}
munitions: munitions.yaml
strikes: {file: strikes.csv, defaults: {munition: m, carriers: {range: [1, 3]}, confidence: 0.9}}
"""


def make():
    features = [{"type": "Feature", "properties": {"NAME": name}, "geometry": {"type": "Polygon", "coordinates": [
        [[x, 5500000], [x + 1000, 5500000], [x + 1000, 5501000], [x, 5501000], [x, 5500000]]]}}
        for name, x in (('West, "old"', 500000), ("East <b>", 501000))]
    write("districts.geojson", json.dumps({"type": "FeatureCollection", "features": features, "crs": {
        "type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}}))
    write("munitions.yaml", MUNITIONS)
    write("population.asc", "ncols 20\nnrows 10\nxllcorner 500000\nyllcorner 5500000\ncellsize 100\n" + ("50 " * 20 + "\n") * 10)
    write("population.prj", PROJECTION)
    write("scenario.yaml", SCENARIO)
    rows = [f"w{i},{500500 + 10 * i},5500500,2020-01-0{i + 1}" for i in range(4)] + ["e,501500,5500500,2020-01-09"]
    write("strikes.csv", "id,x_m,y_m,date\n" + "\n".join(rows) + "\n")


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def check_variance():
    rows = table(call("districts", "a.nc", "--variance", "--format", "csv"))
    total = {row["group"]: row for row in rows if row["district"] == "total" and row["quantity"] == "duds"}
    accidents = {row["group"]: row for row in rows if row["district"] == "total" and row["quantity"] == "log_accidents"}
    # given m each strike: confidence 0.9, carriers 1..3 of 100 submunitions
    m, var_m, c, k, kk, n = 0.15, 0.04 / 12, 0.9, 2.0, 14 / 3, 100.0
    mm = m * m + var_m
    one = c * (kk * n * n * mm + k * n * (m - mm)) - c * c * k * k * n * n * mm
    between = 25 * c * c * k * k * n * n * var_m
    share = between / (5 * one + between)
    found, error = float(total["campaign rates"]["first_order"]), float(total["campaign rates"]["first_order_se"])
    expect(abs(found - share) < 4.5 * error and 0.0 < error < 0.1, f"campaign rates {found} +- {error}, expected {share}")
    expect(float(total["exposure"]["total"]) == 0.0 and float(total["strike rates"]["total"]) == 0.0, "groups without draws have a share")
    sums = [sum(float(row["first_order"]) for row in table.values()) for table in (total, accidents)]
    expect(all(0.5 < x < 1.2 for x in sums), f"first-order shares add up to {sums}")
    expect(float(accidents["detonation"]["first_order"]) > 0.1 and float(accidents["exposure"]["first_order"]) > 0.1, "what accidents hang on")
    outside = [row for row in rows if row["district"] == "outside the grid"]
    expect(outside and all(row["first_order"] == "" for row in outside), "a share where nothing varies")
    text = call("districts", "a.nc", "--variance")
    expect(SENTENCE in text and "as if strikes were independent" in text and "campaign rates" in text, "the table of shares")
    expect("exposure" not in text.split("logarithm")[0] and "exposure" in text, "a column of nothing")
    content = json.loads(call("districts", "a.nc", "--variance", "--format", "json"))
    expect([d["district"] for d in content["districts"]][:2] == ['West, "old"', "East <b>"], "names in JSON")
    low, high = (content["districts"][-1][f"independent_duds_p{q}"] for q in ("05", "95"))
    hazard = table(call("districts", "a.nc", "--format", "csv"))[-1]
    expect(high - low < float(hazard["duds_p95"]) - float(hazard["duds_p05"]), "independence is not narrower")


def check_ranking():
    rows = table(call("districts", "a.nc", "--ranking", "--format", "csv"))
    expect([row["ranked_by"] for row in rows] == 2 * ["duds"] + 2 * ["accidents"] + 2 * ["accidents_per_affected_ha"], "three orders")
    expect([row["district"] for row in rows][:2] == ['West, "old"', "East <b>"], "order by expected rank")
    expect(float(rows[0]["expected_rank"]) < 1.1 and rows[0]["not_separated_from"] == "", "four strikes are more than one")
    expect(abs(float(rows[0]["expected_rank"]) + float(rows[1]["expected_rank"]) - 3.0) < 1e-9, "ranks of two add up to 3")
    content = json.loads(call("districts", "a.nc", "--ranking", "--format", "json"))
    before = content["duds"][0]["before"]
    expect(before["East <b>"] > 0.9 and before['West, "old"'] == 0.5, "comparisons two by two")
    expect("not told apart from" in call("districts", "a.nc", "--ranking"), "the table of ranks")


def check_ledger():
    rows = {row["path"]: row for row in table(call("info", "a.nc", "--assumptions", "--format", "csv"))}
    rate = rows["munitions.m.dud_rate"]
    expect(rate["spread"] == "own" and rate["certainty"] == "derived, assumed" and float(rate["variance_share"]) > 0.3, f"{rate}")
    q = rows["risk.detonation_per_contact"]
    expect(q["spread"] == "own" and q["mark"] == "default" and "published" in q["certainty"] and float(q["accident_variance_share"]) > 0.1
           and abs(float(q["variance_share"])) < 0.05, f"{q}")
    load = rows["munitions.m.submunitions_per_carrier"]
    expect(load["spread"] == "fixed" and load["certainty"] == "published" and load["variance_share"] == "", f"{load}")
    expect(rows["munitions.m.carrier_failure"]["certainty"] == "unverified", "an unverified number")
    expect(rows["strikes.defaults.carriers"]["group"] == "carriers and types", "carriers belong to a group")
    expect(rows["strikes.defaults.confidence"]["spread"] == "group" and rows["grid.cell_size_m"]["spread"] == "", "what is a number of the model")
    text = call("info", "a.nc", "--assumptions")
    expect("certainty: derived, assumed" in text and "share of the variance of the total" in text and SENTENCE in text, "the ledger")
    content = json.loads(call("info", "a.nc", "--assumptions", "-f", "json"))
    expect(len(content["assumptions"]) == len(rows), "the ledger in JSON")


def check_public_copy():
    call("redact", "a.nc", "-o", "public.nc")
    for view in (["--variance"], ["--ranking"]):
        for form in ("csv", "json", "table"):
            expect(call("districts", "a.nc", *view, "--format", form) == call("districts", "public.nc", *view, "--format", form),
                   f"{view} of the public copy, {form}")
    expect("share of the variance" in call("info", "public.nc", "--assumptions"), "the ledger of the public copy")


def check_absence():
    call("run", "scenario.yaml", "-o", "none.nc", "--quiet", "--set", "output.variance_realisations=0", "--set", "run.estimator=analog")
    expect("output.variance_realisations" in call("districts", "none.nc", "--variance", code=65), "no shares in the file")
    expect("expected-value" in call("districts", "none.nc", "--ranking", code=65), "no ranks in the file")
    expect("not computed" in call("info", "none.nc", "--assumptions"), "shares that nobody computed")
    for arguments in (["--variance", "--ranking"], ["--variance", "--sort", "duds_mean"], ["--ranking", "--format", "geojson"]):
        call("districts", "a.nc", *arguments, code=64)
    call("info", "a.nc", "--format", "csv", code=64)
    call("run", "scenario.yaml", "-o", "few.nc", "--quiet", "--set", "run.realisations=5")
    expect("output.variance_realisations" in call("districts", "few.nc", "--variance", code=65), "five realisations have no shares")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make()
        call("run", "scenario.yaml", "-o", "a.nc", "--quiet")
        check_variance()
        check_ranking()
        check_ledger()
        check_public_copy()
        check_absence()
        call("run", "scenario.yaml", "-o", "b.nc", "--quiet", "--threads", "3")
        with open("a.nc", "rb") as a, open("b.nc", "rb") as b:
            expect(a.read() == b.read(), "other bytes with other threads")
    print("shares, ranks and ledger are as they should be")


if __name__ == "__main__":
    main()
