#!/usr/bin/python3
"""test_until.py - run.until as users meet it: twice as many realisations each time until the errors are small enough, what was reached in the
log and in the file, a warning where it was not. The errors are computed anew from the file's tables and layers.

    test_until.py [UXOSIM]       the program: default $UXOSIM
ctest-timeout: 300
"""
import os
import pathlib
import subprocess
import sys
import tempfile

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # the readers are the distribution's packages

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import expect
from catalogue import one_munition

SCENARIO = """format: 1
title: Until
run: {{as_of: 2022-12-31, seed: 7, estimator: {estimator}, {until}}}
grid: {{crs: "EPSG:32637", cell_size_m: 25, bounds_m: [300000, 5540000, 302000, 5541500]}}
munitions: munitions.yaml
strikes:
  file: strikes.csv
  defaults: {{munition: m, carriers: {{range: [1, 3]}}, location_error: {location}, heading_deg: unknown, confidence: 0.9}}
"""
MUNITIONS = one_munition("{beta: {mean: 0.2, concentration: 20}, per: strike}", 120, 60, load=200, spread_m=50)
STRIKES = "id,x_m,y_m\na,300700,5540700\nb,301300,5540900\n"


def run(uxosim, folder, name, *sets, until="until: {relative_error: 0.03}", estimator="expected-value", location="{disc_m: 60}"):
    with open(f"{folder}/scenario.yaml", "w", encoding="utf-8") as file:
        file.write(SCENARIO.format(until=until, estimator=estimator, location=location))
    path = f"{folder}/{name}.nc"
    words = [str(uxosim), "run", f"{folder}/scenario.yaml", "-o", path, *(word for value in sets for word in ("--set", value))]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return path, done.stderr


def errors(file):
    """Largest relative error of a district's mean (here: of all that lies on the grid), medians of density and probability."""
    counts = file["districts/dud_count"][:, 0].astype(float)
    district = counts.std(ddof=1) / np.sqrt(len(counts)) / counts.mean()
    density = file["dud_density"][...]
    found = [district]
    for name in ("dud_density", "dud_probability"):
        value, error = file[name][...], file[name + "_standard_error"][...]
        counted = (density >= 0.01 * density.max()) & (value > 0)
        ratio = np.sort((error[counted] / value[counted]).astype(float))
        found.append(ratio[(len(ratio) - 1) // 2])
    return found


def check(uxosim, folder, wanted, **options):
    path, log = run(uxosim, folder, "u", until=f"until: {{relative_error: {wanted}}}", **options)
    with h5py.File(path) as file:
        realisations = int(file.attrs["realisations"])
        stated = [float(file.attrs[f"until_{name}_error"]) for name in ("district", "density", "probability")]
        expect(np.allclose(stated, errors(file), rtol=1e-4), f"errors as the file has them: {stated}, {errors(file)}")
        expect(int(file.attrs["until_reached"]) == 1 and max(stated) <= wanted, f"reached: {stated}")
        expect(realisations % 1000 == 0 and realisations // 1000 & (realisations // 1000 - 1) == 0, f"{realisations} realisations")
        if realisations > 1000:
            expect(max(stated) > wanted / np.sqrt(2) * 0.9, f"half as many would not have done: {stated}")
        counts = file["districts/dud_count"][...]
    expect("relative errors: districts" in log, log)
    plain, _ = run(uxosim, folder, "p", until=f"realisations: {realisations}", **options)
    with h5py.File(plain) as file:
        expect(np.array_equal(file["districts/dud_count"][...], counts), "the same realisations as without until")
    return realisations


def main():
    uxosim = sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("munitions.yaml", MUNITIONS), ("strikes.csv", STRIKES)):
            with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
        print("sampled:", check(uxosim, folder, 0.03), "realisations")
        print("closed form:", check(uxosim, folder, 0.02, location="{r95_m: 100}"), "realisations")
        print("analog:", check(uxosim, folder, 0.2, estimator="analog"), "realisations")
        path, log = run(uxosim, folder, "few", until="until: {relative_error: 0.0001, max_realisations: 1500}")
        with h5py.File(path) as file:
            expect(int(file.attrs["until_reached"]) == 0 and int(file.attrs["realisations"]) == 1500, "ends at max_realisations")
        expect("was not reached with max_realisations, 1500" in log, log)


if __name__ == "__main__":
    main()
