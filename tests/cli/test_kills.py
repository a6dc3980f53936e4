#!/usr/bin/python3
"""test_kills.py - SIGKILL at 50 random moments of runs by both estimators, with every part of the model: gone on with, each ends in the same bytes.

    test_kills.py [UXOSIM]      default $UXOSIM
ctest-label: slow
ctest-timeout: 1200
"""
import os
import pathlib
import random
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import everything
from resuming import kill_often


def main():
    seed = 20260312
    chance = random.Random(seed)
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for estimator in ("analog", "expected-value"):
            kill_often(everything.make(folder, estimator).rename(f"{folder}/{estimator}.yaml"), 25, chance)
        os.chdir("/")


main()
