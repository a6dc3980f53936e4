#!/usr/bin/python3
"""test_spatstat.py - the program's duds against R's spatstat: a scenario that is a Thomas process (many improbable strikes, Poisson loads, round
gaussian patterns), counts in quadrats of three sizes against those of rThomas: means, variances, covariances of neighbours, the distribution.

    test_spatstat.py [UXOSIM]      default $UXOSIM; needs Rscript and r-cran-spatstat.random, r-cran-spatstat.explore of Debian, else it is skipped

Seeds are fixed. A figure fails by chance in 7e-6 of all runs (|z| > 4.5), a distribution in 1e-5.
ctest-label: slow
ctest-timeout: 1200
"""
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np

SKIPPED = 77
SIGMA_M, MU, DISC_M, STRIKES, CONFIDENCE = 50.0, 8.0, 600.0, 400, 0.025
REALISATIONS, SIMULATIONS = 100000, 20000
SCRIPT = """
suppressPackageStartupMessages({library(spatstat.random); library(spatstat.explore)})
set.seed(20261122)
a <- as.numeric(commandArgs(TRUE)[1]); n <- as.integer(commandArgs(TRUE)[2])
window <- owin(c(-1.5 * a, 1.5 * a), c(-1.5 * a, 1.5 * a))
for (i in 1:n) {
  points <- rThomas(kappa = %(kappa).17g, scale = %(sigma).17g, mu = %(mu).17g, win = window)
  column <- pmin(floor((points$x + 1.5 * a) / a), 2); row <- pmin(floor((points$y + 1.5 * a) / a), 2)
  cat(sum(column == 1 & row == 1), sum(column == 2 & row == 1), "\\n")
}
""" % {"kappa": STRIKES * CONFIDENCE / (math.pi * DISC_M ** 2), "sigma": SIGMA_M, "mu": MU}
MUNITIONS = {"munitions": {"m": {
    "name": "a cluster", "submunitions_per_carrier": {"poisson": 80, "per": "strike"}, "dud_rate": 0.1, "carrier_failure": 0,
    "carrier_spread_m": {"along": 0, "across": 0}, "pattern": {"shape": "gaussian", "along_m": SIGMA_M, "across_m": SIGMA_M},
    "sources": {key: "ASSUMED: a test" for key in ("submunitions_per_carrier", "dud_rate", "carrier_failure", "carrier_spread_m", "pattern")}}}}


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def program_counts(program, folder, a):
    """Of the middle quadrat and its eastern neighbour."""
    features = []
    for i in range(9):
        x, y = 500000 + a * (i % 3 - 1.5), 5500000 + a * (i // 3 - 1.5)
        features.append({"type": "Feature", "properties": {"NAME": str(i)}, "geometry": {
            "type": "Polygon", "coordinates": [[[x, y], [x + a, y], [x + a, y + a], [x, y + a], [x, y]]]}})
    (folder / "districts.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features, "crs": {
        "type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}}))
    (folder / "munitions.yaml").write_text(json.dumps(MUNITIONS))
    (folder / "strikes.csv").write_text("id,x_m,y_m,date\n" + "".join(f"s{i},500000,5500000,2020-01-01\n" for i in range(STRIKES)))
    bounds = [500000 - 1.5 * a, 5500000 - 1.5 * a, 500000 + 1.5 * a, 5500000 + 1.5 * a]
    (folder / "scenario.yaml").write_text(json.dumps({
        "format": 1, "run": {"seed": 20261122, "realisations": REALISATIONS, "estimator": "analog"},
        "grid": {"crs": "EPSG:32637", "cell_size_m": a, "bounds_m": bounds},
        "layers": {"districts": {"file": "districts.geojson", "name": "NAME"}}, "munitions": "munitions.yaml",
        "strikes": {"file": "strikes.csv", "defaults": {"munition": "m", "carriers": 1, "confidence": CONFIDENCE,
                                                        "location_error": {"disc_m": DISC_M}}},
        "output": {"variance_realisations": 0}}))
    done = subprocess.run([program, "run", str(folder / "scenario.yaml"), "-o", str(folder / "a.nc"), "--quiet"], capture_output=True,
                          text=True, check=False)
    expect(done.returncode == 0, done.stderr)
    with h5py.File(folder / "a.nc") as f:
        counts = f["districts/dud_count"][:]
    return counts[:, [4, 5]].astype(float)


def judge(name, a, a_error, b, b_error):
    z = (a - b) / math.hypot(a_error, b_error)
    print(f"  {name:<28} {a:.5g} +- {a_error:.2g} and {b:.5g} +- {b_error:.2g}, |z| = {abs(z):.2f}")
    return abs(z) <= 4.5


def with_error(values):
    return values.mean(), values.std(ddof=1) / math.sqrt(len(values))


def judge_distribution(ours, theirs):
    """Two samples of counts, tail classes joined so that each has 30 at least."""
    top = int(max(ours.max(), theirs.max())) + 1
    n, m = (np.bincount(x.astype(int), minlength=top).astype(float) for x in (ours, theirs))
    while len(m) > 2 and m[-1] < 30:
        n, m = (np.append(x[:-2], x[-2] + x[-1]) for x in (n, m))
    both = (n + m) / (n.sum() + m.sum())
    square = sum(((x - x.sum() * both) ** 2 / (x.sum() * both)).sum() for x in (n, m))
    freedom = len(m) - 1
    z = ((square / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))  # Wilson and Hilferty
    print(f"  {'distribution':<28} chi-square {square:.1f} of {freedom}, z = {z:.2f}")
    return z <= 4.3


def main():
    program = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.environ.get("UXOSIM", "uxosim")
    library = 'suppressPackageStartupMessages({library(spatstat.random); library(spatstat.explore)})'
    if shutil.which("Rscript") is None or subprocess.run(["Rscript", "-e", library], capture_output=True, check=False).returncode != 0:
        print("SKIPPED: no Rscript with spatstat.random and spatstat.explore")
        sys.exit(SKIPPED)
    good = True
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "thomas.R").write_text(SCRIPT)
        for a in (50.0, 100.0, 200.0):
            print(f"quadrats of {a:g} m: the program, spatstat")
            ours = program_counts(program, folder, a)
            done = subprocess.run(["Rscript", str(folder / "thomas.R"), str(a), str(SIMULATIONS)], capture_output=True, text=True, check=True)
            theirs = np.array([[float(x) for x in line.split()] for line in done.stdout.splitlines()])
            centred = [x - x.mean(axis=0) for x in (ours, theirs)]
            good = judge("mean", *with_error(ours[:, 0]), *with_error(theirs[:, 0])) and good
            # a binomial number of strikes instead of a Poisson one takes n (c mu q)^2 from the variance
            lacking = STRIKES * (CONFIDENCE * MU * a * a / (math.pi * DISC_M ** 2)) ** 2
            ours_variance, ours_error = with_error(centred[0][:, 0] ** 2)
            good = judge("variance", ours_variance + lacking, ours_error, *with_error(centred[1][:, 0] ** 2)) and good
            covariance, error = with_error(centred[0][:, 0] * centred[0][:, 1])
            good = judge("covariance of neighbours", covariance + lacking, error, *with_error(centred[1][:, 0] * centred[1][:, 1])) and good
            good = judge_distribution(ours[:, 0], theirs[:, 0]) and good
    expect(good, "the program's clusters are not those of spatstat")


if __name__ == "__main__":
    main()
