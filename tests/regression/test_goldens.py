#!/usr/bin/python3
"""Regression: whole runs against small text goldens, tests/regression/<case>/expected.txt.

A case is a folder with case.json {"scenario": path from the source tree, "set": [...], "needs": path} and expected.txt.
    test_goldens.py [--update] [CASE...]      default: all cases that need no data from elsewhere; the others have a script of their own
A case whose data is absent says SKIPPED; exit code 77 if that is true of all. --update rewrites the goldens; the difference belongs into
CHANGELOG.md under "Results change".
"""
# ctest-timeout: 300
import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy

SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
PROGRAM = os.environ.get("UXOSIM", SOURCE / "build" / "dev" / "uxosim")
COLUMNS = ["district", "area_ha", "population", "duds_mean", "duds_sd", "duds_p05", "duds_p50", "duds_p95", "rank_duds", "duds_mean_se",
           "affected_ha_mean", "affected_ha_p05", "affected_ha_p95", "people_affected_mean", "p_top1", "p_top3", "affected_ha_mean_se",
           "people_affected_mean_se", "accidents_year1_mean", "accidents_year1_p05", "accidents_year1_p50", "accidents_year1_p95",
           "casualties_year1_mean", "deaths_year1_mean", "rank_accidents", "rank_accidents_per_affected_ha", "accidents_year1_mean_se",
           "casualties_year1_mean_se", "p_top1_se", "p_top3_se"]
SKIPPED = 77  # SKIP_RETURN_CODE in tests/CMakeLists.txt
LAYERS = ["dud_density", "dud_probability", "dud_density_sd", "dud_count_sd", "dud_density_quantile", "exceedance_probability",
          "dud_containment", "dud_density_standard_error", "dud_probability_standard_error", "accident_density", "population"]
TABLES = ["dud_expectation", "affected_ha", "accidents", "accident_expectation"]  # of each realisation


def number(text):
    return "-" if text == "" else f"{float(text):.7g}"


def describe(result):
    """The district table to seven digits, sums of the tables of realisations, then sum and maximum of every plane of every layer."""
    table = subprocess.run([PROGRAM, "districts", result, "--format", "csv"], check=True, capture_output=True, text=True).stdout
    lines = [" ".join(COLUMNS)]
    for row in csv.DictReader(io.StringIO(table.lstrip("\ufeff"))):
        lines.append(" | ".join([row["district"]] + [number(row.get(c, "")) for c in COLUMNS[1:]]))
    with h5py.File(result) as file:
        lines.append(f"duds in the first realisations: {file['districts/dud_count'][:3].tolist()}")
        lines.append(f"maps: {file.attrs['map_method']}")
        for table in TABLES:
            if table in file["districts"]:
                sums = numpy.nansum(file["districts"][table][:].astype(numpy.float64), axis=0)
                lines.append(f"{table}: sums over realisations {[float(f'{value:.7g}') for value in sums]}")
        for layer in LAYERS:
            if layer in file:
                values = file[layer][:].astype(numpy.float64)
                planes = values if values.ndim == 3 else [values]
                found = ", ".join(f"sum {numpy.nansum(plane):.7g} max {numpy.nanmax(plane):.7g}" for plane in planes)
                lines.append(f"{layer}: {values.shape} {found}")
    return "\n".join(lines) + "\n"


def run_case(folder, update):
    """True or False: as expected or not; None: skipped."""
    case = json.loads((folder / "case.json").read_text())
    needs = SOURCE / case["needs"] if "needs" in case else SOURCE
    if not needs.exists():
        print(f"{folder.name}: SKIPPED, {case['needs']} is not here")
        return None
    sets = [word for value in case.get("set", []) for word in ("--set", value)]
    with tempfile.TemporaryDirectory() as scratch:
        result = pathlib.Path(scratch) / f"{folder.name}.nc"
        subprocess.run([PROGRAM, "run", SOURCE / case["scenario"], "-o", result, "--quiet", *sets], check=True)
        found = describe(result)
    golden = folder / "expected.txt"
    if update:
        golden.write_text(found)
        return True
    if not golden.exists() or golden.read_text() != found:
        print(f"{folder.name}: differs from {golden}\n--- found\n{found}")
        return False
    print(f"{folder.name}: as expected")
    return True


def main(arguments):
    folders = sorted(path.parent for path in pathlib.Path(__file__).parent.glob("*/case.json"))
    names = [argument for argument in arguments if argument != "--update"]
    if names:
        folders = [folder for folder in folders if folder.name in names]
    else:
        folders = [folder for folder in folders if "needs" not in json.loads((folder / "case.json").read_text())]
    results = [run_case(folder, "--update" in arguments) for folder in folders]
    if not results or len(folders) < len(names) or False in results:
        sys.exit(1)
    sys.exit(0 if True in results else SKIPPED)


if __name__ == "__main__":
    main(sys.argv[1:])
