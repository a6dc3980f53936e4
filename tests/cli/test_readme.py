#!/usr/bin/python3
"""README's own city: the scenario and the strike list printed there run as they stand, with a district layer made here."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["UXOSIM_SOURCE_DIR"])
PROGRAM = os.environ["UXOSIM"]
SQUARE = [[36.15, 49.96], [36.40, 49.96], [36.40, 50.06], [36.15, 50.06], [36.15, 49.96]]
DISTRICTS = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"NAME": "Centre"}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}]}


def block(text, kind):
    return re.search(rf"```{kind}\n(.*?)```", text, re.S).group(1)


def main():
    readme = (SOURCE / "README.md").read_text()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "scenario.yaml").write_text(block(readme, "yaml"))
        (folder / "strikes.csv").write_text(block(readme, "csv"))
        (folder / "districts.geojson").write_text(json.dumps(DISTRICTS))
        shutil.copy(SOURCE / "configs" / "munitions.yaml", folder)
        done = subprocess.run([PROGRAM, "run", "scenario.yaml", "-o", "out.nc"], cwd=folder, capture_output=True, text=True)
        print(done.stdout, done.stderr)
        if done.returncode != 0 or "warning" in done.stderr or "Centre" not in done.stdout:
            sys.exit("README's scenario does not run without a warning")


if __name__ == "__main__":
    main()
