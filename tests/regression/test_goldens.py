#!/usr/bin/python3
"""Regression: whole runs against small text goldens, tests/regression/<case>/expected.txt.

A case is a folder with case.json {"scenario": path from the source tree, "set": [...], "needs": path} and expected.txt. A case whose
data is absent is skipped with a message. `test_goldens.py --update` rewrites the goldens; the difference belongs into CHANGELOG.md under
"Results change".
"""
# ctest-timeout: 300
import csv
import io
import json
import os
import pathlib
import subprocess
import sys

import h5py
import numpy

SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
PROGRAM = os.environ.get("UXOSIM", SOURCE / "build" / "dev" / "uxosim")
COLUMNS = ["district", "area_ha", "population", "duds_mean", "duds_sd", "duds_p05", "duds_p50", "duds_p95", "rank_duds", "duds_mean_se"]
LAYERS = ["dud_density", "dud_probability", "dud_count_sd", "dud_containment", "dud_density_standard_error",
          "dud_probability_standard_error", "population"]


def number(text):
    return "-" if text == "" else f"{float(text):.7g}"


def describe(result):
    """The district table to seven digits, then sum and maximum of every layer."""
    table = subprocess.run([PROGRAM, "districts", result, "--format", "csv"], check=True, capture_output=True, text=True).stdout
    lines = [" ".join(COLUMNS)]
    for row in csv.DictReader(io.StringIO(table.lstrip("\ufeff"))):
        lines.append(" | ".join([row["district"]] + [number(row[c]) for c in COLUMNS[1:]]))
    with h5py.File(result) as file:
        lines.append(f"duds in the first realisations: {file['districts/dud_count'][:3].tolist()}")
        for layer in LAYERS:
            if layer in file:
                values = file[layer][:].astype(numpy.float64)
                lines.append(f"{layer}: {values.shape} sum {numpy.nansum(values):.7g} max {numpy.nanmax(values):.7g}")
    return "\n".join(lines) + "\n"


def run_case(folder, update):
    case = json.loads((folder / "case.json").read_text())
    needs = SOURCE / case["needs"] if "needs" in case else SOURCE
    if not needs.exists():
        print(f"{folder.name}: skipped, {case['needs']} is not here")
        return True
    result = pathlib.Path.cwd() / f"{folder.name}.nc"
    sets = [word for value in case.get("set", []) for word in ("--set", value)]
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


def main():
    update = "--update" in sys.argv[1:]
    folders = sorted(path.parent for path in pathlib.Path(__file__).parent.glob("*/case.json"))
    results = [run_case(folder, update) for folder in folders]
    sys.exit(0 if results and all(results) else 1)


if __name__ == "__main__":
    main()
