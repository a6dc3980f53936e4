"""The committed SYNTHETIC inputs are what their generator makes of its facts, and they say what they are.

Not here: whether they make sense as a town; they are invented.
"""
import csv
import json
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
CONFIGS = SOURCE / "configs"
GENERATOR = CONFIGS / "stepanakert/generate_synthetic.py"


def problems():
    done = subprocess.run(["/usr/bin/python3", str(GENERATOR), "--check"], capture_output=True, text=True)
    print(done.stdout, end="")
    if done.returncode:
        yield done.stderr
    places = json.loads((CONFIGS / "stepanakert/synthetic_facts.json").read_text(encoding="utf-8"))["places"]
    for name, place in places.items():
        folder = CONFIGS / name
        for path in folder.iterdir():
            if path.suffix in (".geojson", ".tif", ".csv") and not path.name.startswith("SYNTHETIC_"):
                yield f"{path.name} does not say SYNTHETIC"
        zones = json.loads((folder / f"SYNTHETIC_{name}_zones.geojson").read_text(encoding="utf-8"))
        if not zones["name"].startswith("SYNTHETIC_"):
            yield f"{name}: the layer of zones does not say SYNTHETIC"
        for zone in zones["features"]:
            if not zone["properties"]["NAME"].startswith("SYNTHETIC zone "):
                yield f"{name}: {zone['properties']['NAME']} does not say SYNTHETIC"
        residents = sum(zone["properties"]["POPULATION"] for zone in zones["features"])
        if residents != place["population"]:
            yield f"{name}: {residents} residents in the zones, {place['population']} in the facts"
        with open(folder / f"SYNTHETIC_{name}_strikes.csv", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if "SYNTHETIC" not in row["source"]:
                    yield f"{name}: {row['id']} does not say that its position is SYNTHETIC"
        if "title: SYNTHETIC " not in (folder / "scenario.yaml").read_text(encoding="utf-8"):
            yield f"{name}: the scenario's title does not say SYNTHETIC"


found = list(problems())
for problem in found:
    print(problem)
sys.exit(1 if found else 0)
