#!/usr/bin/python3
"""test_sweep_names.py - names of files and long texts with any character: a plan of them can be read back, run and collected.

    test_sweep_names.py [UXOSIM]       the program: default $UXOSIM
"""
import json
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from calling import call, expect

SOURCE = pathlib.Path(__file__).resolve().parents[2]
STRANGE = ["a\tb", "a b", "a\nb", "a\rb", "a\x01b", "a\x7fb", "a\u0085b", "a\u2028b", "a\ufeffb", 'a"b', "a\\tb", "aéb"]


def check(base, what, title, values):
    """A sweep of these files of residents; json.dumps writes escapes that YAML has, too."""
    folder = base / what
    (base / "sweep.yaml").write_text(
        f"format: 1\ntitle: {json.dumps(title, ensure_ascii=False)}\nbase: stepanakert/scenario.yaml\ndesign: {{list: true}}\n"
        f"axes: {{people: {{key: layers.population.file, values: {json.dumps(values)}}}}}\nbaseline: {{}}\n", encoding="utf-8")
    call("sweep", "plan", base / "sweep.yaml", "-o", folder)
    call("sweep", "run", folder, "-q")
    call("sweep", "status", folder)
    call("sweep", "collect", folder, "-o", base / f"{what}.nc")
    paths = [entry["path"] for entry in json.loads((folder / "plan.json").read_text(encoding="utf-8"))["inputs"]]
    for value in values:
        expect(f"stepanakert/{value}" in paths, f"{what}: {value!r} is not among {paths}")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        base = pathlib.Path(scratch)
        shutil.copytree(SOURCE / "configs/stepanakert", base / "stepanakert")
        shutil.copy(SOURCE / "configs/munitions.yaml", base)
        scenario = base / "stepanakert/scenario.yaml"
        before = scenario.read_text(encoding="utf-8")
        for name in STRANGE:
            shutil.copy(base / "stepanakert/SYNTHETIC_stepanakert_population.tif", base / "stepanakert" / f"{name}.tif")
        check(base, "axis", "any", [f"{name}.tif" for name in STRANGE])
        for i, name in enumerate(STRANGE):
            text = before.replace("SYNTHETIC_stepanakert_population.tif", json.dumps(f"{name}.tif"))
            expect(text != before, "the base scenario has no file of residents")
            scenario.write_text(text, encoding="utf-8")
            check(base, f"base-{i}", "é" * 60 if i % 2 else "a" + "é" * 60, ["SYNTHETIC_stepanakert_population.tif"])
        print(f"{len(STRANGE)} names of files, as values of an axis and in the base scenario: planned, run, collected")


main()
