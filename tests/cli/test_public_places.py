#!/usr/bin/python3
"""test_public_places.py - what public maps tell of single strikes: never where one was better than its report does (docs/report.md).

For each length of a public cell: the middle of the highest cell of every peak, and the centre of mass about it, as guesses of the reported places
that lie alone (no other within 800 m); then, with true places drawn from each report's own error, how far these guesses and the reports themselves
are from the strikes. An estimate of what somebody can do who tries a little, not of the most that can be done.

    test_public_places.py UXOSIM [RESULT.nc...]      default: a run of configs/stepanakert; RESULT: full results, not public copies
ctest-timeout: 300
"""
import os
import pathlib
import subprocess
import sys
import tempfile

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # h5py is the distribution's package

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import expect

SOURCE = os.environ.get("UXOSIM_SOURCE_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

BLOCKS_M = (100, 200, 400, 800)
ALONE_M = 800
REACH_M = 300
DRAWS = 2000


def coarse(density, factor):
    ny, nx = (-(-side // factor) for side in density.shape)
    padded = np.zeros((ny * factor, nx * factor))
    padded[:density.shape[0], :density.shape[1]] = density
    return padded.reshape(ny, factor, nx, factor).mean(axis=(1, 3))


def peaks_of(cells):
    """Cells above all eight neighbours, of at least 2 % of the largest."""
    ny, nx = cells.shape
    padded = np.pad(cells, 1, constant_values=-1)
    around = np.max([padded[1 + dy:1 + dy + ny, 1 + dx:1 + dx + nx] for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx], axis=0)
    return np.argwhere((cells > around) & (cells > 0.02 * cells.max()))


def centre_of_mass(cells, x, y, row, column, reach):
    rows, columns = (slice(max(0, at - reach), at + reach + 1) for at in (row, column))
    weight = np.clip(cells[rows, columns] - np.percentile(cells[rows, columns], 20), 0, None)
    return (weight * x[None, columns]).sum() / weight.sum(), (weight * y[rows, None]).sum() / weight.sum()


def true_offsets(texts, random):
    """Draws of (true place - reported place), [draw][report][2]."""
    offsets = np.empty((DRAWS, len(texts), 2))
    for i, text in enumerate(texts):
        kind, radius = text.strip("{}").split(": ")
        if kind == "disc_m":
            turn, far = 2 * np.pi * random.random(DRAWS), float(radius) * np.sqrt(random.random(DRAWS))
            offsets[:, i] = np.column_stack([far * np.cos(turn), far * np.sin(turn)])
        else:
            offsets[:, i] = random.normal(0, float(radius) / np.sqrt(-2 * np.log(0.05)), (DRAWS, 2))
    return offsets


def nearest(places, guesses):
    far = np.hypot(*(places[:, None] - guesses[None]).transpose(2, 0, 1))
    return guesses[far.argmin(axis=1)], far.min(axis=1)


def measure(path):
    random = np.random.default_rng(1)
    with h5py.File(path) as file:
        x, y, density = file["x"][:], file["y"][:], file["dud_density"][:].astype(float)
        places = np.column_stack([file["strikes/site_x"][:], file["strikes/site_y"][:]])
        errors = list(file["strikes/site_location_error"].asstr()[:])
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + np.diag(np.full(len(places), np.inf))
    alone = np.array([np.min(row) > ALONE_M for row in apart])
    places = places[alone]
    offsets = true_offsets([error for error, one in zip(errors, alone) if one], random)
    cell = abs(x[1] - x[0])
    by_report = np.median(np.hypot(*offsets.transpose(2, 0, 1)))
    found = {}
    print(f"{path}: {alone.sum()} of {alone.size} reported places lie alone; error of place {sorted(set(errors))}; "
          f"report to strike: median {by_report:.0f} m")
    for block in BLOCKS_M:
        factor = int(round(block / cell))
        cells = coarse(density, factor)
        across = x[0] - cell / 2 + block * (np.arange(cells.shape[1]) + 0.5)
        down = y[0] + cell / 2 - block * (np.arange(cells.shape[0]) + 0.5)
        peaks = peaks_of(cells)
        guesses = {"highest cell": np.array([[across[column], down[row]] for row, column in peaks]),
                   "centre of mass": np.array([centre_of_mass(cells, across, down, row, column, max(2, round(REACH_M / block))) for row, column in peaks])}
        for name, guess in guesses.items():
            chosen, far = nearest(places, guess)
            to_strike = np.hypot(*(places + offsets - chosen).transpose(2, 0, 1))
            found[block, name] = np.median(far), np.median(to_strike)
            print(f"  {block:4d} m, {name:14s}: to the report {np.median(far):4.0f} m (largest {far.max():.0f}), to the strike {np.median(to_strike):4.0f} m")
    return by_report, found


def main():
    uxosim = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.environ["UXOSIM"]
    if len(sys.argv) > 2:
        for path in sys.argv[2:]:
            measure(path)
        return
    with tempfile.TemporaryDirectory(dir=".") as folder:
        path = os.path.join(folder, "stepanakert.nc")
        subprocess.run([uxosim, "run", os.path.join(SOURCE, "configs/stepanakert/scenario.yaml"), "-o", path, "--quiet"], check=True)
        by_report, found = measure(path)
    expect(len(found) == 2 * len(BLOCKS_M), "every cell length was tried")
    for (block, name), (to_report, to_strike) in found.items():
        expect(to_strike > 0.95 * by_report, f"{name} of cells of {block} m: {to_strike} m from the strikes, the reports {by_report} m")
    expect(found[100, "highest cell"][0] > 20, "the highest cell of 100 m is a guess, not a place")
    expect(found[100, "centre of mass"][0] < 20 < found[800, "centre of mass"][0], "larger cells hide reported places, those of 100 m do not")


main()
