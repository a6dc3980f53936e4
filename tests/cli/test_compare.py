#!/usr/bin/python3
"""test_compare.py - `uxosim compare`: differences and errors recomputed from the files' realisations, pairing and what prevents it, errors that fit the
differences of many seeds, ranks, maps, what differs in the scenarios, refusals without a trace. Seeded defects: realisations that are shifted against each
other, and errors as of independent runs.

    test_compare.py [UXOSIM]      default $UXOSIM
ctest-timeout: 400
ctest-label: once
"""
import csv
import hashlib
import io
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import UXOSIM, call, expect
import town

SEEDS = 60
HIGHER = ("--set", "override.m.submunitions_per_carrier=120")


def run(name, *sets):
    call("run", "scenario.yaml", "-o", name, "--quiet", *sets)


def compare(first, second):
    return json.loads(call("compare", first, second, "-f", "json"))


def table(path, name):
    """Realisations of the districts, and the total."""
    with h5py.File(path) as file:
        rows = file["districts"][name][:].astype(float)
    return np.column_stack([rows, np.nansum(rows, axis=1)])


def reseal(path, change):
    """A file with other contents and a seal that fits."""
    data = pathlib.Path(path).read_bytes()
    pathlib.Path(path).write_bytes(data[:data.rindex(b"\nuxosim-sha256 ")])
    with h5py.File(path, "r+") as file:
        change(file)
    data = pathlib.Path(path).read_bytes()
    pathlib.Path(path).write_bytes(data + b"\nuxosim-sha256 " + hashlib.sha256(data).hexdigest().encode() + b"\n")


def near(a, b, what, tolerance=1e-9):
    expect(a is not None and abs(a - b) <= tolerance * max(1.0, abs(b)), f"{what}: {a} is not {b}")


def check_numbers():
    """Every paired column against numpy."""
    found = compare("a.nc", "b.nc")
    expect(found["paired"] and "seed 7 and 300 realisations" in found["pairing"], found["pairing"])
    checked = 0
    for column, name in (("duds_mean", "dud_count"), ("dud_expectation_mean", "dud_expectation"), ("accidents_year1_mean", "accidents"),
                         ("accident_expectation_mean", "accident_expectation"), ("affected_ha_mean", "affected_ha")):
        a, b = table("a.nc", name), table("b.nc", name)
        for index, row in enumerate(found["districts"]):
            one = row[column]
            if np.isnan(a[0, index]) or (index == 5 and one["first"] is None):
                expect(one["difference"] is None, f"{column}: a difference of what is unknown")
                continue
            expect(one["paired"], f"{column} is not paired")
            difference = b[:, index] - a[:, index]
            near(one["difference"], difference.mean(), f"{column} of row {index}", 1e-6)
            near(one["difference_se"], difference.std(ddof=1) / math.sqrt(300), f"error of {column}", 1e-6)
            near(one["unpaired_se"], math.sqrt((a[:, index].var(ddof=1) + b[:, index].var(ddof=1)) / 300), f"unpaired error of {column}", 1e-6)
            checked += 1
    expect(checked >= 25, f"only {checked} numbers were compared")
    total = found["districts"][-1]["dud_expectation_mean"]
    expect(total["unpaired_se"] > 3 * total["difference_se"], "common random numbers do not help")
    keys = {value["key"]: (value["first"], value["second"]) for value in found["scenario_differences"]}
    expect(any("submunitions_per_carrier" in key for key in keys), f"what differs is not said: {keys}")
    expect("seed" not in keys and "realisations" not in keys, "what is the same is said to differ")


def check_itself():
    found = compare("a.nc", "a.nc")
    for row in found["districts"]:
        for name, one in row.items():
            if name.startswith("rank_"):
                expect(one["first"] is None or one["change"] == 0 and one["confidence"] in (1, None) and one["change_p05"] in (0, None), f"{name}: {one}")
            elif name != "district" and one["first"] is not None:
                expect(one["difference"] == 0, f"{name}: {one}")
                expect(not one["paired"] or one["difference_se"] == 0, f"{name}: {one}")
    expect(found["scenario_differences"] == [], "a file differs from itself")


def check_unpaired():
    found = compare("a.nc", "other_seed.nc")
    expect(not found["paired"] and "the seeds differ" in found["pairing"], found["pairing"])
    one = found["districts"][-1]["duds_mean"]
    near(one["difference_se"], one["unpaired_se"], "error without pairing")
    expect("the numbers of realisations differ" in compare("a.nc", "fewer.nc")["pairing"], "other realisations")
    call("redact", "b.nc", "-o", "public.nc")
    expect("does not say its seed" in compare("a.nc", "public.nc")["pairing"], "a public copy")


def check_few():
    """Intervals are Student's of as many realisations as there are, and so few are said."""
    few = ("--set", "run.realisations=4")
    run("few_a.nc", *few)
    run("few_b.nc", *few, *HIGHER)
    found = compare("few_a.nc", "few_b.nc")
    expect(found["paired"] and found["degrees_of_freedom"] == 3, f"degrees: {found['degrees_of_freedom']}")
    text = " ".join(call("compare", "few_a.nc", "few_b.nc").split())
    expect("FEW REALISATIONS: about 4 tell the errors" in text and "more than 5.8 standard errors" in text, text)
    total = found["districts"][-1]["duds_mean"]
    row = re.search(r"total .*?(-?[\d,.]+) \((-?[\d,.]+) to (-?[\d,.]+)\)", text)
    low, high = (float(part.replace(",", "")) for part in row.groups()[1:])
    near((high - low) / 2, 2.353363 * total["difference_se"], f"half an interval by Student's quantile of 3 degrees: {row.group(0)}", 0.1)
    text = " ".join(call("compare", "a.nc", "b.nc").split())
    expect("FEW" not in text and "more than 2.6 standard errors" in text, text)


def check_weights():
    """Of two files with weights of their own; their table of districts fits, or there is no pairing of that column."""
    generator = np.random.default_rng(5)
    weight = {name: generator.uniform(0.2, 3.0, 300) for name in ("wa.nc", "wb.nc")}

    def weigh(name):
        def change(file):
            file["realisation_weight"][:] = weight[name]
            rows = table("a.nc" if name == "wa.nc" else "b.nc", "dud_count")
            file["districts/duds_mean"][:] = weight[name] @ rows / weight[name].sum()
        return change

    for name, source in (("wa.nc", "a.nc"), ("wb.nc", "b.nc")):
        pathlib.Path(name).write_bytes(pathlib.Path(source).read_bytes())
        reseal(name, weigh(name))
    a, b = table("a.nc", "dud_count")[:, -1], table("b.nc", "dud_count")[:, -1]
    wa, wb = weight["wa.nc"] / weight["wa.nc"].sum(), weight["wb.nc"] / weight["wb.nc"].sum()
    pull = wb * (b - wb @ b) - wa * (a - wa @ a)
    total = compare("wa.nc", "wb.nc")["districts"][-1]
    near(total["duds_mean"]["difference"], wb @ b - wa @ a, "weighted difference")
    near(total["duds_mean"]["difference_se"], math.sqrt((pull ** 2).sum() * 300 / 299), "error of a weighted difference")
    expect(total["duds_mean"]["paired"] and not total["accidents_year1_mean"]["paired"],
           "a column whose realisations do not give its mean must not be paired")


def check_errors_over_seeds():
    """Differences of 60 pairs of runs about their mean, in units of the errors that are said of them: a chi-square with 59 degrees of freedom lies in
    (20, 125) but for 1e-6 on either side. With errors as of independent runs, or realisations shifted by one against each other, it must not."""
    differences, errors, unpaired, shifted = [], [], [], []
    for seed in range(SEEDS):
        sets = ("--set", f"run.seed={seed}", "--set", "run.realisations=100", "--set", "output.variance_realisations=0")
        run("s1.nc", *sets)
        run("s2.nc", *sets, *HIGHER)
        one = compare("s1.nc", "s2.nc")["districts"][-1]["dud_expectation_mean"]
        differences.append(one["difference"])
        errors.append(one["difference_se"])
        unpaired.append(one["unpaired_se"])
        a, b = table("s1.nc", "dud_expectation")[:, -1], table("s2.nc", "dud_expectation")[:, -1]
        shifted.append((b - np.roll(a, 1)).std(ddof=1) / 10)
    differences = np.array(differences)
    mean = np.average(differences)
    chi = [float((((differences - mean) / np.array(e)) ** 2).sum()) for e in (errors, unpaired, shifted)]
    print(f"  chi-square of 59: {chi[0]:.1f} paired, {chi[1]:.1f} as if independent, {chi[2]:.1f} with realisations shifted")
    expect(20 < chi[0] < 125, f"errors of paired differences do not fit: {chi[0]}")
    expect(chi[1] < 20 and chi[2] < 20, "the seeded defects are not seen")


def check_ranks():
    """A district that was second by far is not, when its strike is moved."""
    found = compare("a.nc", "b.nc")
    for row in found["districts"][:4]:
        rank = row["rank_duds"]
        expect(rank["change"] == rank["second"] - rank["first"] and 0 <= rank["confidence"] <= 1, f"{rank}")
        expect(rank["change_p05"] <= rank["change_p95"], f"{rank}")
    swapped = compare("a.nc", "moved.nc")
    changes = [row["rank_duds"] for row in swapped["districts"][:4]]
    sure = [rank for rank in changes if rank["change"] != 0]
    expect(len(sure) >= 2 and all(rank["confidence"] > 0.9 for rank in sure), f"a change for sure: {changes}")


def check_maps():
    call("compare", "a.nc", "b.nc", "-o", "diff.nc", "-f", "csv")
    again = pathlib.Path("diff.nc").read_bytes()
    call("compare", "a.nc", "b.nc", "-o", "diff.nc")
    expect(pathlib.Path("diff.nc").read_bytes() == again, "the same comparison gives other bytes")
    with h5py.File("diff.nc") as diff, h5py.File("a.nc") as a, h5py.File("b.nc") as b:
        for name in ("dud_density", "dud_probability", "accident_density"):
            np.testing.assert_allclose(diff[f"{name}_difference"][:], b[name][:].astype(float) - a[name][:], rtol=1e-6, atol=1e-9)
        error = np.sqrt(a["dud_density_standard_error"][:].astype(float) ** 2 + b["dud_density_standard_error"][:].astype(float) ** 2)
        np.testing.assert_allclose(diff["dud_density_difference_standard_error"][:], error, rtol=1e-6)
        expect(diff.attrs["format"] == "uxosim-maps" and diff.attrs["kind"] == "difference" and diff.attrs["complete"] == 1, "marks")
        np.testing.assert_allclose(diff["rows/duds_mean_difference"][:], b["districts/duds_mean"][:] - a["districts/duds_mean"][:])
        expect(diff["rows/name"].asstr()[-1] == "total", "names of rows")
    call("export", "diff.nc", "--layer", "dud_density_difference", "-o", "diff.tif")
    said = subprocess.run(["gdalinfo", "diff.tif"], capture_output=True, text=True, check=True).stdout
    expect("LAYOUT=COG" in said and "hectare-1" in said, said)
    expect("holds maps that were computed from results; this command reads the result of one run" in call("districts", "diff.nc", code=65),
           "a file of maps is no result")


def check_formats():
    rows = list(csv.DictReader(io.StringIO(call("compare", "a.nc", "b.nc", "-f", "csv"))))
    expect({row["quantity"] for row in rows} >= {"duds_mean", "accidents_year1_mean", "rank_duds", "rank_accidents", "p_top1"}, "quantities")
    expect([row["district"] for row in rows if row["quantity"] == "duds_mean"][:4] == town.NAMES, "districts")
    text = call("compare", "a.nc", "b.nc")
    for words in ("Paired by realisation", "Expected duds", "Ranks by expected accidents", "What differs in the scenarios", "submunitions_per_carrier",
                  "Modelled, not surveyed"):
        expect(words in text, f"the table does not say '{words}'")


def refused(code, words, *arguments):
    before = sorted(os.listdir("."))
    said = call("compare", *arguments, code=code)
    for word in words:
        expect(word in said, f"{arguments}: said {said!r}, not {word!r}")
    expect(sorted(os.listdir(".")) == before, f"{arguments}: left something")


def check_refusals():
    refused(64, ["needs two results"], "a.nc")
    refused(64, ["is a third"], "a.nc", "b.nc", "a.nc")
    refused(64, ["formats are table, csv, json"], "a.nc", "b.nc", "-f", "xml")
    refused(66, ["cannot open"], "a.nc", "none.nc")
    refused(65, ["differ in the size of their cells: 20 m and 40 m", "differ in their extent: 203 x 161 and"], "a.nc", "coarse.nc", "-o", "no.nc")
    refused(73, ["missing/no.nc"], "a.nc", "b.nc", "-o", "missing/no.nc")
    call("compare", "a.nc", "coarse.nc")  # tables can be compared


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    town.make(UXOSIM, pathlib.Path("."))
    run("a.nc")
    run("b.nc", *HIGHER)
    run("other_seed.nc", "--set", "run.seed=8")
    run("fewer.nc", "--set", "run.realisations=200")
    run("coarse.nc", "--set", "grid.cell_size_m=40", "--set", "grid.bounds_m=[300000, 5540000, 304080, 5543240]")
    strikes = pathlib.Path("secret_strikes.csv").read_text(encoding="utf-8")
    pathlib.Path("secret_strikes.csv").write_text(strikes.replace("second,302900,5541100", "second,302900,5542300"), encoding="utf-8")
    run("moved.nc")
    pathlib.Path("secret_strikes.csv").write_text(strikes, encoding="utf-8")
    check_numbers()
    check_itself()
    check_unpaired()
    check_few()
    check_weights()
    check_ranks()
    check_maps()
    check_formats()
    check_refusals()
    check_errors_over_seeds()
print("ok")
