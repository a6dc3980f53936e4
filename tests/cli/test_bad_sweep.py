#!/usr/bin/python3
"""Broken sweep files: `uxosim sweep plan` says exactly what is wrong, and leaves nothing behind (see run_cases.py)."""
import os
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
sys.exit(subprocess.call([sys.executable, here / "run_cases.py", os.environ["UXOSIM"], here / "bad_sweep", *sys.argv[1:]]))
