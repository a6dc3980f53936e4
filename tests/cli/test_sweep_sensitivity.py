#!/usr/bin/python3
"""test_sweep_sensitivity.py - `uxosim sweep sensitivity` on real sweeps whose answers are known in closed form: duds = carriers x load x rate with
independent axes, so V = prod(1 + c) - 1 with c the squared coefficients of variation; without noise, and with carriers that fail at random; grids, lists,
latin hypercubes against their formulas; paired differences from the baseline against the realisations of ordinary runs; maps; figures; refusals.

    test_sweep_sensitivity.py [UXOSIM]      default $UXOSIM
ctest-timeout: 600
ctest-label: once
"""
import csv
import io
import json
import math
import os
import pathlib
import sys
import tempfile

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import call, expect
from sensitivity_sweep import MUNITIONS, SCENARIO, X, Y, AXES, ask, near, numbers, said, sweep

# Squared coefficients of variation of uniform(0.1, 0.3) and of whole numbers from 1 to 4 and from 50 to 150.
CV2 = np.array([0.04 / 12 / 0.04, 1.25 / 6.25, (101 ** 2 - 1) / 12 / 1e4])
NAMES = ["rate", "carriers", "load"]


def check_closed_form(found, tolerance, what):
    """First order and total of the total row: within the tolerance, and of twice their intervals, which 2 in 1000 miss (coverage as such:
    tests/statistics/test_sensitivity.c)."""
    whole = np.prod(1 + CV2) - 1
    total = found["districts"][-1]
    for index, name in enumerate(NAMES):
        first, all_of_it = numbers(total, "first_order")[name], numbers(total, "total")[name]
        for one, truth in ((first, CV2[index] / whole), (all_of_it, CV2[index] * np.prod(1 + np.delete(CV2, index)) / whole)):
            print(f"  {what}, {name}: {one['value']:.4f} ({one['low']:.4f} to {one['high']:.4f}) against {truth:.4f}")
            near(one["value"], truth, tolerance, f"{what}: index of {name}")
            expect(abs(one["value"] - truth) <= one["high"] - one["low"], f"{what}: the interval of {name} is far from {truth}: {one}")


def check_formula(found):
    """The scenarios are what the design says, their duds the product, and the indices those of numpy by the same formulas."""
    with h5py.File("sure.nc") as file:
        y = file["districts/dud_expectation_mean"][:, -1]
        np.testing.assert_allclose(y, file["parameters/number"][:].prod(axis=1), rtol=1e-6)
    y = y.reshape(-1, 5)
    a, b, ab = y[:, 0] - y[:, :2].mean(), y[:, 1] - y[:, :2].mean(), y[:, 2:] - y[:, :2].mean()
    variance = (a @ a + b @ b) / (2 * len(y))
    for index, name in enumerate(NAMES):
        near(numbers(found["districts"][-1], "first_order")[name]["value"], (b * (ab[:, index] - a)).mean() / variance, 1e-5, "numpy, first")
        near(numbers(found["districts"][-1], "total")[name]["value"], ((a - ab[:, index]) ** 2).mean() / 2 / variance, 1e-5, "numpy, total")


def check_sobol():
    sweep("sure", "{sobol: 256}", baseline="layers: [dud_density]\n", base="wide_scenario.yaml")
    found = ask("sure")
    check_formula(found)
    check_closed_form(found, 0.1, "without noise")
    near(found["districts"][-1]["noise_share"], 0.0, 1e-9, "noise where there is none")
    near(found["districts"][-1]["mean"], 0.2 * 2.5 * 100, 2.0, "mean")
    sweep("noisy", "{sobol: 64, second_order: true}", base="noisy_scenario.yaml")
    found = ask("noisy")
    check_closed_form(found, 0.3, "carriers that fail")
    pair = numbers(found["districts"][-1], "second_order")["carriers x load"]
    expect(pair["low"] < CV2[1] * CV2[2] / (np.prod(1 + CV2) - 1) < pair["high"], f"a pair: {pair}")
    expect(found["paired"] and 0.0002 < found["districts"][-1]["noise_share"] < 0.1, f"noise: {found['districts'][-1]['noise_share']}")
    expect(ask("noisy", "--of", "duds_mean")["districts"][-1]["noise_share"] is None, "noise of a column without blocks")
    text = " ".join(call("sweep", "sensitivity", "noisy.nc").split())
    for words in ("Sobol' indices of dud_expectation_mean", "NOT CONVERGED", "base rows would bring it", "has been taken off",
                  "Modelled, not surveyed"):
        expect(words in text, f"the table does not say '{words}':\n{text}")
    rows = list(csv.DictReader(io.StringIO(call("sweep", "sensitivity", "noisy.nc", "-f", "csv"))))
    expect(len([row for row in rows if row["district"] == "total"]) == 3 + 3 + 3, "rows of the csv")


def check_replicates():
    """256 rows are 8 nets of 32 unless the sweep file says otherwise; the interval is the jackknife over them, by numpy."""
    total = ask("sure")["districts"][-1]
    expect(total["replicates"] == 8 and total["intervals"] == "replicates", f"replicates: {total}")
    expect("Student's over 8 replicates" in " ".join(call("sweep", "sensitivity", "sure.nc").split()), "how intervals are made")
    with h5py.File("sure.nc") as file:
        expect(file.attrs["design_replicates"][0] == 8, "replicates in the file")
        y = file["districts/dud_expectation_mean"][:, -1].reshape(8, 32, 5)
    centre = y[:, :, :2].mean()
    def totals(part):
        a, b, ab = part[..., 0].ravel() - centre, part[..., 1].ravel() - centre, part[..., 2].ravel() - centre
        return ((a - ab) ** 2).mean() / 2 / ((a @ a + b @ b) / (2 * len(a)) - ((a + b) / 2).mean() ** 2)
    without = np.array([totals(np.delete(y, r, axis=0)) for r in range(8)])
    half = 2.364624 * math.sqrt(7 / 8 * ((without - without.mean()) ** 2).sum())
    rate = numbers(total, "total")["rate"]
    near((rate["high"] - rate["low"]) / 2, half, 1e-4, "interval by replicates")
    sweep("one_net", "{sobol: 16, replicates: 1}")
    total = ask("one_net")["districts"][-1]
    expect(total["replicates"] == 0 and total["intervals"] == "bootstrap", f"one net: {total}")
    expect("as if base rows were independent" in " ".join(call("sweep", "sensitivity", "one_net.nc").split()), "a bootstrap is not said")


def check_maps():
    """Where the density is that of one strike alone it is the same product: indices of every such cell are those of the total. The strike lies where two
    chunks of 256 columns meet, which are read one after the other where there are so many scenarios."""
    call("sweep", "sensitivity", "sure.nc", "--map", "dud_density", "-o", "map.nc")
    total = ask("sure")["districts"][-1]
    with h5py.File("map.nc") as file, h5py.File("sure.nc") as collected:
        lit = collected["dud_density"][0] > 0.01
        expect(lit[:, :256].sum() > 5 and lit[:, 256:].sum() > 5 and lit.sum() > 20, f"too few cells: {lit[:, :256].sum()}, {lit[:, 256:].sum()}")
        for name in NAMES:
            # float32 cells; the place of a strike is drawn alike in every scenario
            np.testing.assert_allclose(file[f"first_order_{name}"][:][lit], numbers(total, "first_order")[name]["value"], atol=2e-3)
            np.testing.assert_allclose(file[f"total_{name}"][:][lit], numbers(total, "total")[name]["value"], atol=2e-3)
            half = (numbers(total, "total")[name]["high"] - numbers(total, "total")[name]["low"]) / 2 / 2.364624  # Student, 7 degrees
            np.testing.assert_allclose(file[f"total_{name}_standard_error"][:][lit], half, rtol=0.15)
        expect(np.isnan(file["total_rate"][:][collected["dud_density"][:].max(axis=0) == 0]).all(), "an index where nothing varies")
    call("export", "map.nc", "--layer", "total_rate", "-o", "map.tif")


def middle_ranks(values):
    """Ranks, the same for what ties."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2.0)[which]


def check_values_of_hypercubes():
    """Coefficients are of the values and not of where the sweep file lists them: a product of one axis is explained whole. Two values that are no numbers
    are compared, the second with the first; more have no order, no coefficient, and no part in what is explained."""
    rate = "axes:\n  rate: {key: override.m.dud_rate, values: [%s]}\n"
    sweep("levels", "{latin_hypercube: 24}", rate % "0.5, 0.1, 0.9")
    total = ask("levels")["districts"][-1]
    near(numbers(total, "rank_coefficient")["rate"]["value"], 1.0, 1e-9, "coefficient of values out of their order")
    near(total["determination"], 1.0, 1e-9, "determination of values out of their order")
    loads = "  carriers: {key: strikes.defaults.carriers, values: [%s]}\n"
    sweep("levels_text", "{latin_hypercube: 24}", rate % "0.2, 0.1" + loads % "{range: [6, 8]}, 1")
    total = ask("levels_text")["districts"][-1]
    coefficient = numbers(total, "rank_coefficient")
    expect(coefficient["carriers"]["value"] < -0.7 and coefficient["rate"]["value"] > 0.2 and ask("levels_text")["axes_without_order"] == [], f"{total}")
    expect("carriers: the coefficient is that of 1 against {range: [6, 8]}." in said("levels_text"), said("levels_text"))
    sweep("no_order", "{latin_hypercube: 24}", rate % "0.1, 0.2" + loads % "{range: [6, 8]}, 1, {range: [2, 3]}")
    found = ask("no_order")
    coefficient = numbers(found["districts"][-1], "rank_coefficient")
    expect(coefficient["carriers"]["value"] is None and found["axes_without_order"] == ["carriers"], f"{found}")
    near(coefficient["rate"]["value"] ** 2, found["districts"][-1]["determination"], 1e-9, "what the rate explains alone")
    expect("carriers: NO COEFFICIENT, its values are not all numbers" in said("no_order"), said("no_order"))


def check_hypercube():
    """Rank coefficients of a product of positive factors: near those of its logarithm's shares; R^2 high, and no index anywhere."""
    sweep("cube", "{latin_hypercube: 150}")
    found = ask("cube")
    total = found["districts"][-1]
    coefficient = numbers(total, "rank_coefficient")
    with h5py.File("cube.nc") as file:
        y = file["districts/dud_expectation_mean"][:, -1]
        x = file["parameters/number"][:]
    rank = np.column_stack([middle_ranks(v) for v in (*x.T, y)])
    rank = (rank - rank.mean(axis=0)) / rank.std(axis=0)
    solution, *_ = np.linalg.lstsq(rank[:, :3], rank[:, 3], rcond=None)
    for index, name in enumerate(NAMES):
        near(coefficient[name]["value"], solution[index], 1e-9, f"coefficient of {name}")
    residual = rank[:, 3] - rank[:, :3] @ solution
    near(total["determination"], 1 - (residual ** 2).mean(), 1e-9, "determination")
    expect(not numbers(total, "first_order") and "No Sobol' indices" in " ".join(call("sweep", "sensitivity", "cube.nc").split()), "a hypercube gives no indices")


LEVELS = """axes:
  rate: {key: override.m.dud_rate, values: [0.1, 0.2, 0.4]}
  load: {key: override.m.submunitions_per_carrier, values: [80, 120]}
"""


def check_grid():
    sweep("grid", "{grid: true}", LEVELS, "baseline: {rate: 0.2, load: 100}\n", base="noisy_scenario.yaml")
    total = ask("grid")["districts"][-1]
    effect = numbers(total, "effect")
    with h5py.File("grid.nc") as file:
        y = file["districts/dud_expectation_mean"][:6, -1].reshape(3, 2)
    for index, value in enumerate(("0.1", "0.2", "0.4")):
        near(effect[f"rate = {value}"]["value"], y[index].mean() - y.mean(), 1e-4, f"effect of {value}")
    near(effect["load = 120"]["value"], y[:, 1].mean() - y.mean(), 1e-4, "effect of the load")
    expect(effect["load = 120"]["low"] < effect["load = 120"]["value"] < effect["load = 120"]["high"], "interval of an effect")
    with h5py.File("grid.nc") as file:
        blocks = file["paired/duds"][:6, :, -1].astype(float).reshape(3, 2, 20, 5).mean(axis=3) # equal blocks, 20 batches
    pull = (blocks[:, 1] - blocks[:, 0]).mean(axis=0) / 2
    near((effect["load = 120"]["high"] - effect["load = 120"]["low"]) / 2, 2.093024 * pull.std(ddof=1) / math.sqrt(20), 1e-4, "Student's interval of 20 batches")
    # Differences from the baseline against ordinary runs, realisation by realisation.
    difference = [one for one in ask("grid", "--differences")["districts"][-1]["numbers"] if one["scenario"] == 6][0]
    call("run", "noisy_scenario.yaml", "-o", "a.nc", "--quiet")
    call("run", "noisy_scenario.yaml", "-o", "b.nc", "--quiet", "--set", "override.m.dud_rate=0.4", "--set", "override.m.submunitions_per_carrier=120")
    compared = json.loads(call("compare", "a.nc", "b.nc", "-f", "json"))["districts"][-1]["dud_expectation_mean"]
    near(difference["value"], compared["difference"], 1e-3, "difference from the baseline")
    half = (difference["high"] - difference["low"]) / 3.92
    expect(0.5 < half / compared["difference_se"] < 1.7, f"paired error {half} by 20 batches against {compared['difference_se']} by realisations")
    expect(compared["unpaired_se"] > 1.2 * compared["difference_se"], "pairing does not help")


def check_list():
    axes = """axes:
  rate: {key: override.m.dud_rate, values: [0.3, 0.2, 0.3]}
  load: {key: override.m.submunitions_per_carrier, values: [100, 120, 120]}
"""
    sweep("list", "{list: true}", axes, "baseline: {rate: 0.2, load: 100}\n")
    found = numbers(ask("list")["districts"][-1], "difference")
    near(found["rate = 0.3"]["value"], 2 * 100 * 0.1, 1e-3, "rate alone")
    near(found["load = 120"]["value"], 2 * 20 * 0.2, 1e-3, "load alone")
    near(found["scenario 3"]["value"], 2 * (120 * 0.3 - 100 * 0.2), 1e-3, "both")
    sweep("plain", "{list: true}", axes)
    expect("scenario 1, because there is no baseline" in " ".join(call("sweep", "sensitivity", "plain.nc").split()), "the reference is not said")


def check_missing():
    """A base row with a hole is left out whole, and that is said; too few are refused."""
    axes = "axes:\n" + "".join(line + "\n" for line in AXES.splitlines()[1:3])
    for name, last in (("holes", 39), ("few", 28)):
        pathlib.Path(f"{name}.yaml").write_text(
            f"format: 1\ntitle: {name}\nbase: scenario.yaml\nseed: 3\ndesign: {{sobol: 16}}\n{axes}layers: [dud_density]\noutput: {name}\n")
        call("sweep", "plan", f"{name}.yaml")
        call("sweep", "run", name, "--task", f"1-{last}")
        call("sweep", "collect", name, "-o", f"{name}.nc", "--allow-missing")
    found = ask("holes", "--map", "dud_density", "-o", "holes_map.nc")
    total = found["districts"][-1]
    expect(found["missing_scenarios"] == 25 and total["base_rows"] == 9 and total["base_rows_missing"] == 7, f"{total}")
    with h5py.File("holes_map.nc") as file, h5py.File("holes.nc") as collected:
        lit = collected["dud_density"][0] > 0.01
        np.testing.assert_allclose(file["total_rate"][:][lit], numbers(total, "total")["rate"]["value"], atol=2e-3)
    refused(65, "7 of 16 base rows are complete, and indices need at least 8", "few.nc")
    refused(65, "7 of 16 base rows are complete, and indices need at least 8", "few.nc", "--map", "dud_density", "-o", "no.nc")


def check_grid_with_holes():
    """duds = 2 x load x rate, without the scenario of the highest rate and load. The load's effect comes from the two rates that have both loads,
    +-2 x 20 x 0.15; a mean over the scenarios with load 120 less a mean over all, 36 - 36.8, would have the wrong sign."""
    sweep("hole", "{grid: true}", LEVELS, "baseline: {rate: 0.2, load: 100}\n", tasks=["1-5", "7"])
    total = ask("hole")["districts"][-1]
    effect = numbers(total, "effect")
    near(effect["load = 120"]["value"], 6.0, 1e-4, "effect of the load without one scenario")
    near(effect["load = 80"]["value"], -6.0, 1e-4, "effect of the other load")
    expect((effect["load = 80"]["sets"], effect["load = 80"]["sets_of"]) == (2, 3), "sets of the load")
    for value in (0.1, 0.2, 0.4):
        near(effect[f"rate = {value}"]["value"], 160 * (value - 0.7 / 3), 1e-4, f"effect of rate {value} at load 80")
    expect(effect["rate = 0.1"]["sets"] == 1 and total["reference"] is None, f"sets of the rate: {total}")
    text = said("hole")
    for words in ("1 of them MISSING (6)", "rate: from the 1 of 2 combinations of the other axes at which all of its values are there, and about these only",
                  "load: from the 2 of 3 combinations"):
        expect(words in text, f"the table does not say '{words}': {text}")
    row = [one for one in csv.DictReader(io.StringIO(call("sweep", "sensitivity", "hole.nc", "-f", "csv"))) if one["of"] == "load = 120"][-1]
    expect((row["sets"], row["sets_of"]) == ("2", "3"), f"sets in the csv: {row}")
    near([one for one in ask("hole", "--differences")["districts"][-1]["numbers"] if one["scenario"] == 5][0]["value"], 2 * 80 * 0.4 - 40, 1e-4, "a difference")
    call("sweep", "sensitivity", "hole.nc", "--figures", "figures_hole")
    expect("1 of them MISSING" in pathlib.Path("figures_hole/chart-sensitivity.svg").read_text(encoding="utf-8"), "holes in a chart")
    sweep("one_axis", "{grid: true}", LEVELS, tasks=["1-3"])
    effect = numbers(ask("one_axis")["districts"][-1], "effect")
    expect(effect["rate = 0.1"]["value"] is None and effect["rate = 0.1"]["sets"] == 0, "an effect without a complete combination")
    near(effect["load = 120"]["value"], 4.0, 1e-4, "the load at the one rate that has both")
    expect("rate: no effects, 0 of 2 combinations" in said("one_axis"), "an axis without effects")
    sweep("no_axis", "{grid: true}", LEVELS, "baseline: {rate: 0.2, load: 100}\n", tasks=["1", "4"])
    refused(65, "no axis has all of its values at any combination of the others; missing scenarios: 2, 3, 5, 6, 7", "no_axis.nc")
    sweep("no_baseline", "{grid: true}", LEVELS, "baseline: {rate: 0.2, load: 100}\n", tasks=["1-6"])
    refused(65, "the baseline, scenario 7, is missing", "no_baseline.nc", "--differences")
    axes = "axes:\n  rate: {key: override.m.dud_rate, values: [0.1, 0.2, 0.3]}\n"
    sweep("no_reference", "{list: true}", axes, tasks=["2-3"])
    refused(65, "the scenario that all others are compared with is missing, or all others; missing scenarios: 1", "no_reference.nc")


def check_maps_of_effects():
    """Weighted sums of the scenarios' maps; their sum over all cells is the effect in the table, with and without holes. Errors only with their layer."""
    layers = "baseline: {rate: 0.2, load: 100}\nlayers: [dud_density, dud_density_standard_error]\n"
    for name, tasks in (("grid_maps", None), ("hole_maps", ["1-5", "7"])):
        sweep(name, "{grid: true}", LEVELS, layers, base="noisy_scenario.yaml", tasks=tasks)
        effect = numbers(ask(name, "--map", "dud_density", "-o", f"{name}_map.nc")["districts"][-1], "effect")
        with h5py.File(f"{name}_map.nc") as file, h5py.File(f"{name}.nc") as collected:
            found = sorted(key for key in file if key.startswith("effect_"))
            expect(len(found) == 2 * 5, f"{name}: layers {found}")
            for axis, values in (("rate", ("0.1", "0.2", "0.4")), ("load", ("80", "120"))):
                for index, value in enumerate(values):
                    near(file[f"effect_{axis}_{index + 1}"][:].sum(dtype=float), effect[f"{axis} = {value}"]["value"], 2e-3, f"{name}: sum of a map")
            expect(file["effect_load_2"].attrs["units"] == collected["dud_density"].attrs["units"], "units of an effect")
            y = collected["dud_density"][:6].reshape(3, 2, 20, 30).astype(float)
            error = collected["dud_density_standard_error"][:6].reshape(3, 2, 20, 30).astype(float)
            kept = slice(0, 2) if tasks else slice(0, 3)
            np.testing.assert_allclose(file["effect_load_2"][:], (y[kept, 1] - y[kept, 0]).mean(axis=0) / 2, atol=1e-6)
            count = 2 if tasks else 3
            np.testing.assert_allclose(file["effect_load_2_standard_error"][:], np.sqrt((error[kept] ** 2).sum(axis=(0, 1))) / 2 / count, atol=1e-6)
            level = slice(0, 1) if tasks else slice(0, 2)
            np.testing.assert_allclose(file["effect_rate_3"][:], (y[2, level] - y[:, level].mean(axis=0)).mean(axis=0), atol=1e-6)
    call("sweep", "sensitivity", "grid_maps.nc", "--differences", "--map", "dud_density", "-o", "differences.nc")
    call("export", "differences.nc", "--layer", "difference_6", "-o", "difference.tif")
    with h5py.File("differences.nc") as file, h5py.File("grid_maps.nc") as collected:
        y = collected["dud_density"][:].astype(float)
        for k in range(6):
            np.testing.assert_allclose(file[f"difference_{k + 1}"][:], y[k] - y[6], atol=1e-6)
    axes = "axes:\n  place: {key: strikes.defaults.location_error.r95_m, values: [100, 300, 500]}\n"
    sweep("list_maps", "{list: true}", axes, "layers: [dud_density]\n")
    call("sweep", "sensitivity", "list_maps.nc", "--map", "dud_density", "-o", "list_map.nc")
    with h5py.File("list_map.nc") as file, h5py.File("list_maps.nc") as collected:
        found = sorted(key for key in file if key.startswith("difference"))
        expect(found == ["difference_2", "difference_3"], f"layers of a list without errors: {found}")
        np.testing.assert_allclose(file["difference_2"][:], collected["dud_density"][1] - collected["dud_density"][0], atol=1e-6)
    sweep("cube_maps", "{latin_hypercube: 12}", baseline="layers: [dud_density]\n")


def check_what_does_not_vary():
    """The location error moves duds between districts and changes no total: no index, no coefficient, no chart of the total; of the district, yes."""
    axes = "axes:\n  place: {key: strikes.defaults.location_error.r95_m, uniform: [500, 1500]}\n"
    sweep("still", "{sobol: 64}", axes, "baseline: {place: 1000}\nlayers: [dud_density]\n")
    total = ask("still")["districts"][-1]
    expect(numbers(total, "total")["place"]["value"] is None and not total["converged"], f"an index of nothing: {total}")
    text = said("still")
    expect("The total is the same in all scenarios: there are no indices." in text and "nan" not in text and "CONVERGED" not in text, text)
    refused(65, "does not vary between scenarios, or by noise alone", "still.nc", "--figures", ".")
    expect(abs(numbers(ask("still")["districts"][0], "total")["place"]["value"] - 1.0) < 0.2, "the district varies")
    call("sweep", "sensitivity", "still.nc", "--figures", "figures_still", "--district", "West")
    sweep("still_cube", "{latin_hypercube: 20}", axes)
    text = said("still_cube")
    expect("there are no coefficients" in text and "nan" not in text and "They explain" not in text, text)
    for name in ("sure", "cube"):
        expect("nan" not in said(name, "--of", "duds_mean"), "nan")
    ranks = said("cube", "--of", "rank_duds")
    expect("Not in the table, because too few scenarios have a number there" in ranks and "The column has no number for the total." in ranks
           and "They explain" not in ranks, ranks)


def check_figures():
    for name in ("sure", "cube", "grid", "list"):
        call("sweep", "sensitivity", f"{name}.nc", "--figures", f"figures_{name}")
        files = sorted(os.listdir(f"figures_{name}"))
        expect(files == ["chart-sensitivity.pdf", "chart-sensitivity.png", "chart-sensitivity.svg"], f"{files}")
        drawn = pathlib.Path(f"figures_{name}/chart-sensitivity.svg").read_text(encoding="utf-8")
        expect("Modelled, not surveyed" in drawn, "the sentence")
        expect("No cells and no strikes are shown." in drawn and "cells of at least" not in drawn, f"{name}: the foot speaks of cells")
        call("sweep", "sensitivity", f"{name}.nc", "--figures", f"district_{name}", "--district", "West")
        files = sorted(os.listdir(f"district_{name}"))
        expect(files == ["chart-sensitivity-1.pdf", "chart-sensitivity-1.png", "chart-sensitivity-1.svg"], f"{files}")
        expect("West" in pathlib.Path(f"district_{name}/chart-sensitivity-1.svg").read_text(encoding="utf-8"), "the district's name")


def refused(code, words, *arguments):
    before = sorted(os.listdir("."))
    said = call("sweep", "sensitivity", *arguments, code=code)
    expect(words in said, f"{arguments}: said {said!r}, not {words!r}")
    expect(sorted(os.listdir(".")) == before, f"{arguments}: left something")


def check_refusals():
    refused(64, "the file has no column 'hazard'; it has area_ha", "sure.nc", "--of", "hazard")
    refused(64, "--map LAYER and -o OUT.nc go together", "sure.nc", "--map", "dud_density")
    refused(64, "a latin hypercube gives no maps: cells that many", "cube_maps.nc", "--map", "dud_density", "-o", "no.nc")
    refused(64, "the file has no layer 'dud_density'; the sweep file asked for none", "grid.nc", "--map", "dud_density", "-o", "no.nc")
    refused(64, "more than 100 values or differences", "still.nc", "--map", "dud_density", "-o", "no.nc", "--differences")
    refused(64, "the file has no layer 'dud_probability'; it has dud_density", "sure.nc", "--map", "dud_probability", "-o", "no.nc")
    refused(64, "the table has no row 'East'; it has West, ", "sure.nc", "--figures", "no", "--district", "East")
    refused(64, "--district NAME goes with --figures DIR", "sure.nc", "--district", "West")
    refused(64, "the sweep has no baseline", "plain.nc", "--differences")
    refused(64, "the sweep has no baseline", "cube_maps.nc", "--differences", "--map", "dud_density", "-o", "no.nc")
    refused(65, "holds the result of one run; this command reads the collected results of a sweep", "a.nc")
    refused(66, "cannot open", "none.nc")
    refused(73, "missing/no.nc", "sure.nc", "--map", "dud_density", "-o", "missing/no.nc")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    box = [[[X + 200, Y + 200], [X + 1800, Y + 200], [X + 1800, Y + 1800], [X + 200, Y + 1800], [X + 200, Y + 200]]]
    system = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}
    pathlib.Path("districts.geojson").write_text(json.dumps({"type": "FeatureCollection", "crs": system, "features": [
        {"type": "Feature", "properties": {"NAME": "West"}, "geometry": {"type": "Polygon", "coordinates": box}}]}))
    pathlib.Path("munitions.yaml").write_text(MUNITIONS)
    pathlib.Path("failing.yaml").write_text(MUNITIONS.replace("carrier_failure: 0.0", "carrier_failure: 0.2"))
    pathlib.Path("strikes.csv").write_text(f"id,x_m,y_m,date\na,{X + 1500},{Y + 1000},2022-03-01\n")
    pathlib.Path("scenario.yaml").write_text(SCENARIO)
    pathlib.Path("wide_scenario.yaml").write_text(SCENARIO.replace("bounds_m: [300000,", "bounds_m: [276000,").replace("realisations: 100", "realisations: 40").replace("303000, 5542000", "306000, 5542000"))
    pathlib.Path("noisy_scenario.yaml").write_text(SCENARIO.replace("munitions.yaml", "failing.yaml").replace("realisations: 100", "realisations: 200"))
    check_sobol()
    check_replicates()
    check_maps()
    check_hypercube()
    check_values_of_hypercubes()
    check_grid()
    check_list()
    check_missing()
    check_grid_with_holes()
    check_maps_of_effects()
    check_what_does_not_vary()
    check_figures()
    check_refusals()
print("ok")
