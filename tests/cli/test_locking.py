#!/usr/bin/python3
"""test_locking.py - a file that cannot be locked: the message says so, and what helps on file systems without locks helps.

    test_locking.py [UXOSIM]      default $UXOSIM
"""
import fcntl
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import everything
from resuming import UXOSIM, call, expect


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        call("run", everything.make(folder, "analog"), "-q", "-o", "out.nc", "--set", "run.realisations=5")
        call("info", "out.nc")
        with open("out.nc", "rb") as file:  # to the program it is all the same why there is no lock
            fcntl.flock(file, fcntl.LOCK_EX)
            said = call("info", "out.nc", code=65)
            expect("out.nc" in said and "HDF5_USE_FILE_LOCKING=FALSE" in said, f"no way out is told: {said}")
            done = subprocess.run([UXOSIM, "info", "out.nc"], capture_output=True, text=True, check=False,
                                  env={**os.environ, "HDF5_USE_FILE_LOCKING": "FALSE"})
            expect(done.returncode == 0, f"without locking: {done.returncode} {done.stderr}")
        print(said.strip())
        os.chdir("/")


main()
