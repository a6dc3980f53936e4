#!/usr/bin/python3
"""test_report_bundle.py - tools/report/dist is what esbuild makes of tools/report/src with the packages of the lock file, byte for byte.

Skipped where npm or its packages cannot be had.
ctest-label: slow
ctest-timeout: 300
"""
import os
import subprocess
import sys
import tempfile

from report_node import SOURCE, npm_folder

NAMES = ["LICENCES.txt", "report.css", "report.js"]


def main():
    with tempfile.TemporaryDirectory(dir=".") as folder:
        source = npm_folder(os.path.join(folder, "report"))
        subprocess.run(["node", "build.mjs", "made"], cwd=source, check=True)
        dist = os.path.join(SOURCE, "tools", "report", "dist")
        made = os.path.join(source, "made")
        if sorted(os.listdir(dist)) != NAMES or sorted(os.listdir(made)) != NAMES:
            sys.exit(f"FAILED: files {os.listdir(dist)}, made {os.listdir(made)}, wanted {NAMES}")
        for name in NAMES:
            with open(os.path.join(dist, name), "rb") as there, open(os.path.join(made, name), "rb") as here:
                if there.read() != here.read():
                    sys.exit(f"FAILED: tools/report/dist/{name} is not what tools/report/src gives; npm ci && npm run build there")
    print(f"{len(NAMES)} files as built")


main()
